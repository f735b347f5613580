import subprocess
import sys
from collections import Counter
from pathlib import Path

import pytest

from results.importers import sniff
from results.importers.records import FileRefused
from tests.shared import SHARED, needs_shared

DATA = Path(__file__).parent.parent / "data"


def test_formats_are_found_by_convention():
    found = [format_.FORMAT for format_ in sniff.formats()]
    assert {"exchange", "ical", "tabular", "wige"} <= set(found)
    assert found[-1] == "tabular"  # who knows a table better is asked first


def test_no_django_is_needed_to_read_a_file():
    code = "import sys; from results.importers import sniff; sniff.formats(); print([n for n in sys.modules if n.startswith(('django', 'psycopg'))])"
    ran = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=DATA.parent.parent
    )
    assert ran.stdout == "[]\n"


@pytest.mark.parametrize(
    ("path", "key"),
    [
        ("wige/result_race.csv", "wige"),
        ("wige/result_qualifying.csv", "wige"),
        ("wige/laps_race.csv", "wige"),
        ("exchange/weekend.json", "exchange"),
        ("tabular/rennen.csv", "tabular"),
        ("tabular/training.xlsx", "tabular"),
        ("tabular/training.ods", "tabular"),
        ("ical/season.ics", "ical"),
    ],
)
@pytest.mark.parametrize("name", ["", "a.json", "a.csv", "../a.exe"])
def test_the_content_decides_and_never_the_name(path, key, name):
    assert sniff.parse((DATA / path).read_bytes(), name=name).format == key


@pytest.mark.parametrize(
    "data",
    [
        b"{}",
        b'{"races": []}',
        b'[{"sessions": []}]',
        b"<html>",
        b"Ein Text.",
        b"x" * 100_000,
        b"{" * 100_000,
    ],
)
def test_an_unknown_format_is_refused_with_the_known_ones(data):
    with pytest.raises(FileRefused, match=r"nicht bekannt.*Austauschformat.*wige"):
        sniff.parse(data)


@pytest.mark.parametrize("data", [b"", b"\x89PNG\r\n\x1a\n\x00\x00", b"PK\x03\x04\x00\x00", b"\x00" * 1_000])
def test_a_file_that_is_no_text_is_refused(data):
    with pytest.raises(FileRefused):
        sniff.parse(data)


@needs_shared
def test_the_real_files_are_read_or_refused_in_a_sentence_and_nothing_crashes():
    read, rejected = Counter(), []
    for path in sorted((SHARED / "data").rglob("*")):
        if path.is_file() and path.stat().st_size < 2**22:
            try:
                parsed = sniff.parse(path.read_bytes(), name=path.name)
                read[parsed.format] += 1
                rejected += [path.name] if parsed.rejected and parsed.format in {"wige", "exchange", "ical"} else []
            except FileRefused as refused:
                assert str(refused).endswith((".", "?"))  # noqa: PT017 - either outcome is right
    assert (read["wige"], read["ical"], rejected) == (12, 3, [])
