"""Files damaged at random, for parsers that must name the damage or refuse the file, and nothing else."""

import csv

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


def survives(parser, sources, *, examples=1_000):
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


def moved_fields(source: bytes, encoding: str, separator: str, line: int, columns: int):
    """The file with one field of a line taken out and an empty one put in elsewhere, in every way that changes the line.

    The number of fields stays what it is, so only their content can betray them. `columns` are those that are tried.
    """
    lines = source.decode(encoding).replace("\r\n", "\n").rstrip("\n").split("\n")
    fields = next(csv.reader([lines[line - 1]], delimiter=separator))
    for lost in range(columns):
        for gained in range(columns):
            moved = fields[:lost] + fields[lost + 1 :]
            moved.insert(gained, "")
            if lost != gained and moved != fields:
                cells = separator.join(f'"{cell}"' if separator in cell else cell for cell in moved)
                yield (lost, gained), "\n".join([*lines[: line - 1], cells, *lines[line:]]).encode()
