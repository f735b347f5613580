import subprocess
import sys
from collections import Counter
from contextlib import suppress
from pathlib import Path

import pytest

from results.importers import sniff
from results.importers.encoding import decode
from results.importers.records import FileRefused, ParsedFile
from tests.shared import SHARED, needs_shared

DATA = Path(__file__).parent.parent / "data"


def test_formats_are_found_by_convention():
    found = [format_.FORMAT for format_ in sniff.formats()]
    assert set(found) >= {
        "alkamel_analysis", "alkamel_results", "alkamel_weather", "ergast", "exchange", "ical", "jolpica_import",
        "motorsportstats", "swiss_json", "swiss_xml", "tabular", "wige", "wige_sectors",
    }  # fmt: skip
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
        ("wige/sectors_race.csv", "wige_sectors"),
        ("alkamel/analysis_wec.csv", "alkamel_analysis"),
        ("alkamel/practice_imsa.csv", "alkamel_analysis"),
        ("alkamel/results_race_imsa.csv", "alkamel_results"),
        ("alkamel/results_practice_imsa.csv", "alkamel_results"),
        ("alkamel/classification_wec.csv", "alkamel_results"),
        ("alkamel/classification_ecm.csv", "alkamel_results"),
        ("alkamel/weather_imsa.csv", "alkamel_weather"),
        ("alkamel/weather_wec.csv", "alkamel_weather"),
        ("exchange/weekend.json", "exchange"),
        ("swiss/entry_list.xml", "swiss_xml"),
        ("swiss/result_race.xml", "swiss_xml"),
        ("swiss/session.json", "swiss_json"),
        ("ergast/results.json", "ergast"),
        ("ergast/standings.json", "ergast"),
        ("ergast/import_race.json", "jolpica_import"),
        ("motorsportstats/classifications.json", "motorsportstats"),
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


READ = {"nls_wige": 18, "wec_alkamel": 4, "imsa_alkamel": 206, "gtwc_sro": 8}  # every file there is


@needs_shared
def test_the_real_files_are_read_or_refused_with_a_sentence_and_no_format_takes_another_ones():
    read = Counter()
    for path in sorted((SHARED / "data").rglob("*")):
        if path.is_file() and path.stat().st_size < 2**22:
            try:
                parsed = sniff.parse(path.read_bytes(), name=path.name)
                read[path.relative_to(SHARED / "data").parts[0]] += isinstance(parsed, ParsedFile)
            except FileRefused as refused:
                assert str(refused).endswith((".", "?"))  # noqa: PT017 - either outcome is right
    assert {folder: read[folder] for folder in READ} == READ


@needs_shared
def test_no_real_file_is_recognised_by_two_formats():
    for path in sorted((SHARED / "data").rglob("*")):
        if path.is_file() and path.stat().st_size < 2**22:
            with suppress(FileRefused):
                text = decode(path.read_bytes(), repair=True).text
                *formats, _any_table = sniff.formats()
                assert len([format_.FORMAT for format_ in formats if format_.recognises(text)]) <= 1, path
