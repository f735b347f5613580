"""Damaged copies of sample files, the same ones in every run."""

import io
import random
import zipfile
import zlib

from results.importers.records import FileRefused, ParsedFile

WORDS = [
    b"\x00", b"\xff\xfe", b"\xef\xbb\xbf", b"\xed\xa0\x80", b"\xe2\x80\xae", b'"', b"'", b";", b",", b"\t", b"\r", b"\n", b"<", b">", b"&x;", b"{", b"}", b"[", b"]", b":",
    b"-1", b"0", b"99999999999999999999", b"1e309", b"NaN", b"null", b"true", b'"a"', b"1:60.000", b"+", b"T260000", b"\\u0000", b"=1+1", b"\xc3", "Ä".encode(), "١".encode(),
]  # fmt: skip
MOST = 20_000  # bytes of a sample that are mutated; the rest of a long one repeats it


def outcome(parser, data):
    """Either a refusal in a sentence or a parsed file; anything else is a fault of the parser."""
    try:
        parsed = parser.parse(data, name="probe")
    except FileRefused as refusal:
        assert len(str(refusal)) > 10  # noqa: PT017 - either outcome is right
        return "refused"
    assert isinstance(parsed, ParsedFile)
    return "rejected" if parsed.rejected else "read"


def flooded(sample, flood):
    """A sample with an endless repetition in its middle; without a sample the repetition alone."""
    if not sample or sample[:2] == b"PK":
        return flood.encode()
    middle = len(sample) // 2
    return sample[:middle] + flood.encode() + sample[middle:]


def mutate(sample, dice):
    """A copy with one to four damages; of a workbook the sheets inside, or the container itself."""
    if sample[:2] == b"PK" and dice.random() < 0.7:
        return _repacked(sample, dice)
    data = bytearray(sample)
    for _turn in range(dice.randint(1, 4)):
        _damage(data, dice)
    return bytes(data)


def _damage(data, dice):
    place = dice.randrange(len(data) + 1)
    end = min(len(data), place + dice.choice([1, 1, 2, 5, 20, 200]))
    match dice.randrange(7):
        case 0:
            data[place:end] = bytes(dice.randrange(256) for _place in range(end - place))
        case 1:
            del data[place:end]
        case 2:
            data[place:place] = data[place:end] * dice.choice([1, 2, 50])
        case 3:
            data[place:place] = dice.choice(WORDS)
        case 4:
            data[place:end] = dice.choice(WORDS)
        case 5:
            del data[place:]
        case 6:
            lines = bytes(data).split(b"\n")
            dice.shuffle(lines)
            data[:] = b"\n".join(lines)


def _repacked(sample, dice):
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(sample)) as before, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as after:
        names = before.namelist()
        chosen = dice.choice(
            [name for name in names if "sheet" in name or "content" in name or "Strings" in name] or names
        )
        for name in names:
            content = bytearray(before.read(name))
            if name == chosen:
                _damage(content, dice)
            after.writestr(name, bytes(content))
    return out.getvalue()


def dice_for(name):
    return random.Random(zlib.crc32(name.encode()))
