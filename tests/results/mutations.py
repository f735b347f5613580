"""Files damaged at random, for parsers that must name the damage or refuse the file, and nothing else."""

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from results.importers.records import FileRefused, ParsedFile

JUNK = (
    b";",
    b",",
    b"\n",
    b"\r",
    b'"',
    b"'",
    b":",
    b"1:60.000",
    b"-",
    b"\x00",
    b"\x81",
    b"\xc3",
    b"99999999999",
    b"B",
    b" ",
)
HOSTILE = (b"<" * 100_000, b"1:" * 50_000, b" " * 100_000 + b"x", b'"' * 100_001, b";" * 100_000, b"," * 100_000, b"a" * 100_000, "Ã¼".encode() * 25_000)  # fmt: skip

_place = st.floats(0, 1, exclude_max=True)
_change = st.one_of(
    st.tuples(st.just("put"), _place, st.sampled_from(JUNK)),
    st.tuples(st.just("replace"), _place, st.binary(min_size=1, max_size=1)),
    st.tuples(st.just("cut"), _place, st.integers(1, 60)),
    st.tuples(st.just("copy"), _place, _place),
)
changes = st.lists(_change, min_size=1, max_size=6)


def damaged(source: bytes, wanted: list) -> bytes:
    data = bytearray(source)
    for kind, where, what in wanted:
        place = int(where * len(data))
        if kind == "cut":
            del data[place : place + what]
        elif kind == "copy":
            start = int(what * len(data))
            data[place:place] = data[start : start + 60]
        else:
            data[place : place + (kind == "replace")] = what
    return bytes(data)


def survives(parser, sources, *, examples=400):
    """Whether `parser.parse` gives a ParsedFile or raises FileRefused for whatever becomes of these files."""

    @settings(max_examples=examples, deadline=None, database=None, suppress_health_check=list(HealthCheck))
    @given(st.sampled_from(sources), changes)
    def run(source, wanted):
        data = damaged(source, wanted)
        try:
            parser.recognises(data.decode("cp1252", "replace"))
            assert isinstance(parser.parse(data), ParsedFile)
        except FileRefused as refused:
            assert str(refused)  # noqa: PT017 - either outcome is right

    run()
