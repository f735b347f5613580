import datetime as dt
import time
from collections import Counter
from pathlib import Path

import pytest

from results.importers import sniff, swiss_xml
from results.importers.records import DriverRecord, FileRefused, ParsedFile, Problem, RowRecord
from tests.results.mutation import mutants
from tests.shared import SHARED, needs_shared

DATA = Path(__file__).parent.parent / "data" / "swiss"
ENTRIES = (DATA / "entry_list.xml").read_bytes()
PRACTICE = (DATA / "result_practice.xml").read_bytes()
RACE = (DATA / "result_race.xml").read_bytes()
REAL = SHARED / "data" / "gtwc_sro"


def result(*cars):
    rows = "".join(f"<RES>{''.join(f'<{tag}>{value}</{tag}>' for tag, value in car.items())}</RES>" for car in cars)
    return f'<?xml version="1.0"?><FILE>{rows}</FILE>'.encode()


def test_an_entry_list_names_session_and_place_and_who_drives_what():
    parsed = swiss_xml.parse(ENTRIES)
    session = parsed.sessions[0]
    assert (parsed.series, parsed.event, parsed.season, parsed.circuit, parsed.time_zone, parsed.proposes) == (
        "GTMusterEU pwrd by Muster Endurance Cup",
        "GT MusterEU pwrd by Muster Endurance Cup Round 1",
        "2026",
        "Spa GT3",
        "Europe/Brussels",
        True,
    )
    assert (session.key, session.name, session.kind) == ("FP1", "Free Practice 1", "practice")
    assert (session.date, session.time) == (dt.date(2026, 4, 10), dt.time(14, 25))
    assert (session.is_entry_list, session.classification) == (True, None)
    assert session.entries == (
        RowRecord(
            "007", "", class_name="Gold Cup", team="Muster Racing", car="Muster GT3 EVO", line=10,
            drivers=(
                DriverRecord("Jürgen", "De Muster", "BEL", seat=1),
                DriverRecord("Ola", "Nordmann", "UAE", seat=2),
            ),
        ),
        RowRecord(
            "7", "", class_name="Pro Cup", team="Beispiel & Söhne", car="Beispiel R8", line=37,
            drivers=(DriverRecord("", "'SELV'", "?", seat=1),),
        ),
    )  # fmt: skip
    assert (parsed.rows_read, parsed.rejected, parsed.doubts) == (2, (), ())


def test_a_car_without_a_rank_is_no_leader_though_its_gap_is_0():
    session = swiss_xml.parse(PRACTICE).sessions[0]
    assert session.classification[3] == RowRecord("50", "nc", laps=2, line=45)
    assert [(row.number, row.position, row.gap_ms) for row in session.classification] == [
        ("3", 1, None), ("84", 2, 64), ("007", 3, 402), ("50", None, None),
    ]  # fmt: skip


def test_where_the_total_is_the_best_lap_it_is_not_kept_and_only_the_caller_knows_which_training_it_was():
    parsed = swiss_xml.parse(PRACTICE)
    session = parsed.sessions[0]
    assert (session.key, session.kind, session.state) == ("", None, "provisional")
    assert session.classification[1] == RowRecord(
        "84", "classified", 2, laps=37, gap_ms=64, best_lap_ms=114_754, best_lap_number=4, line=17
    )
    assert (parsed.series, parsed.rejected, parsed.doubts) == (None, (), ())


def test_in_a_race_a_lapped_car_is_behind_by_laps():
    parsed = swiss_xml.parse(RACE)
    rows = parsed.sessions[0].classification
    assert parsed.sessions[0].kind == "race"
    assert [(row.position, row.total_ms, row.gap_ms, row.gap_laps, row.grid) for row in rows] == [
        (1, 6_900_000, None, None, 2), (2, 6_901_500, 1_500, None, 1), (3, 6_902_000, None, 1, 3), (None, 1_400_000, None, None, 4),
    ]  # fmt: skip
    assert [doubt.reason for doubt in parsed.doubts] == ["Startnummer 50 hat weder Rang noch Status: nicht gewertet."]


def test_wrong_values_are_named_with_line_and_column_all_of_them():
    parsed = swiss_xml.parse(
        b"<FILE>\n<RES>\n<Bib>4 4</Bib><Rank>1</Rank><Time>1:20</Time><BestTime>80000</BestTime></RES>\n"
        b"<RES><Bib>5</Bib><Rank>-1</Rank><Time>80100</Time><BestTime>80100</BestTime><Gap>x</Gap></RES>\n</FILE>"
    )
    assert [(problem.line, problem.column) for problem in parsed.rejected] == [
        (2, "Bib"), (2, "Time"), (4, "Rank"), (4, "Gap"),
    ]  # fmt: skip
    assert parsed.rejected[1].reason == "„1:20“ ist keine ganze Zahl von 0 bis 2147483647."


def test_what_contradicts_itself_is_rejected():
    twice = swiss_xml.parse(ENTRIES.replace(b"<Bib>7</Bib>", b"<Bib>007</Bib>"))
    assert twice.rejected == (Problem(37, "Bib", "Die Startnummer 007 steht schon in Zeile 10."),)
    gap = swiss_xml.parse(PRACTICE.replace(b"<Gap>64</Gap>", b"<Gap>65</Gap>"))
    assert [(problem.line, problem.column) for problem in gap.rejected] == [(17, "Gap")]
    tags = swiss_xml.parse(result({"Bib": "1", "Rank": "1", "Time": "80000", "BestTime": "80000"})[:-13] + b"<Bib>2</Bib></RES></FILE>")  # fmt: skip
    assert [problem.reason for problem in tags.rejected] == ["„Bib“ steht zweimal in einem Eintrag. Welches gilt?"]


def test_an_unknown_tag_is_a_doubt():
    parsed = swiss_xml.parse(PRACTICE.replace(b"<Pos>1</Pos>", b"<Pos>1</Pos><Ballast>10</Ballast>"))
    assert [doubt.column for doubt in parsed.doubts] == ["Ballast"]


BOMB = b'<!DOCTYPE l [<!ENTITY a "ha">' + b"".join(
    b'<!ENTITY %c "%s">' % (98 + depth, b"&%c;" % (97 + depth) * 10) for depth in range(9)
)


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (BOMB + b"]><FILE><RES><Bib>&j;</Bib></RES></FILE>", "DTD"),
        (b'<!DOCTYPE l [<!ENTITY a "%s">]><FILE><RES>%s</RES></FILE>' % (b"A" * 50_000, b"&a;" * 50_000), "DTD"),
        (b'<!DOCTYPE r [<!ENTITY x SYSTEM "file:///etc/hostname">]><FILE><RES><Bib>&x;</Bib></RES></FILE>', "DTD"),
        (b'<!DOCTYPE r SYSTEM "http://127.0.0.1:9/canary"><FILE><RES></RES></FILE>', "DTD"),
        (b"<!DOCTYPE FILE><FILE><RES></RES></FILE>", "DTD"),
        (b"<FILE><RES>" + b"<a>" * 200_000 + b"</a>" * 200_000 + b"</RES></FILE>", "tiefer als 12 Ebenen"),
        (b"<FILE><RES>" + b"<a/>" * 300_000 + b"</RES></FILE>", "mehr als 200000 Elemente"),
        (
            b'<FILE xmlns:xi="http://www.w3.org/2001/XInclude"><RES><xi:include href="file:///etc/hostname" parse="text"/></RES></FILE>',
            "XInclude",
        ),
        (b"<FILE><RES><Bib>1</RES></FILE>", "Zeile 1, Spalte 20: Das ist kein gültiges XML"),
        (b"<FILE><RES><Bib>&unknown;</Bib></RES></FILE>", "kein gültiges XML"),
        (b"<FILE><SESS><Session>Race</Session></SESS></FILE>", "weder ein genanntes Auto"),
        (b"<FILE>" + b"<RES/>" * 2_001 + b"</FILE>", "mehr als 2000 Autos"),
        (PRACTICE[: len(PRACTICE) // 2], "kein gültiges XML"),
    ],
)
def test_hostile_and_broken_xml_is_refused_at_once_in_german(data, reason):
    began = time.process_time()
    with pytest.raises(FileRefused, match=reason):
        sniff.parse(data)
    assert time.process_time() - began < 3


def test_windows_1252_is_read_and_a_file_of_damaged_encoding_refused():
    declared = ENTRIES.decode().replace('version="1.0"', 'version="1.0" encoding="windows-1252"').encode("cp1252")
    assert swiss_xml.parse(declared).sessions[0].entries[0].drivers[0].first_name == "Jürgen"
    with pytest.raises(FileRefused, match="verstümmelt"):
        swiss_xml.parse(ENTRIES.replace("ü".encode(), "Ã¼".encode()))


def test_a_damaged_file_is_recognised_all_the_same():
    assert sniff.sniff(PRACTICE[:400]).FORMAT == "swiss_xml"
    assert sniff.sniff(b"<RES id='1'>").FORMAT == "swiss_xml"


def test_a_mutated_file_is_parsed_or_refused_and_nothing_else():
    for data in mutants([ENTRIES, PRACTICE, RACE], each=700, seed=3):
        try:
            assert isinstance(swiss_xml.parse(data), ParsedFile)
        except FileRefused as refused:
            assert str(refused)  # noqa: PT017 - either outcome is right


@needs_shared
def test_the_real_entry_list_is_read_whole():
    parsed = swiss_xml.parse((REAL / "ENTRY_LIST_V_3.XML").read_bytes())
    session = parsed.sessions[0]
    assert (parsed.rejected, parsed.doubts, parsed.time_zone) == ((), (), "Europe/Paris")
    assert Counter(entry.class_name for entry in session.entries) == {
        "Bronze Cup": 17, "Pro Cup": 17, "Silver Cup": 15, "Gold Cup": 9,
    }  # fmt: skip
    assert Counter(len(entry.drivers) for entry in session.entries) == {3: 58}


@needs_shared
def test_the_real_result_list_is_read_whole():
    parsed = swiss_xml.parse((REAL / "RESULT_LIST_V_1069.XML").read_bytes())
    rows = parsed.sessions[0].classification
    assert (parsed.rejected, parsed.doubts, len(rows)) == ((), (), 56)
    assert [row.position for row in rows] == list(range(1, 57))
    assert all(row.gap_ms == row.best_lap_ms - rows[0].best_lap_ms for row in rows[1:])
