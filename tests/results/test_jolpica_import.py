import json
from collections import Counter
from pathlib import Path

import pytest

from results.importers import jolpica_import, sniff
from results.importers.records import (
    DeletionRecord,
    DriverRecord,
    FileRefused,
    LapRecord,
    ParsedFile,
    RowRecord,
)
from tests.results.mutation import mutants
from tests.shared import SHARED, needs_shared

DATA = Path(__file__).parent.parent / "data" / "ergast"
RACE = (DATA / "import_race.json").read_bytes()
ENTRIES = (DATA / "import_entries.json").read_bytes()
REAL = [
    *sorted((SHARED / "data" / "fia_pdf_parsed").glob("*.json")),
    *sorted((SHARED / "data" / "jolpica").glob("jolpica_*_tests_fixtures_*.json")),
]


def parse(*items):
    return jolpica_import.parse(json.dumps(items).encode())


def entry(session="R", number=1, **values):
    return {
        "object_type": "SessionEntry",
        "foreign_keys": {"year": 2023, "round": 9, "session": session, "car_number": number},
        "objects": [values],
    }


def test_a_race_is_read_with_gaps_that_follow_from_laps_and_totals():
    parsed = jolpica_import.parse(RACE)
    session = parsed.sessions[0]
    assert (parsed.series, parsed.event, parsed.season, parsed.extra) == (None, None, "2023", {"round": "9"})
    assert (session.key, session.name, session.kind) == ("R", "Rennen", "race")
    assert session.classification == (
        RowRecord("1", "classified", 1, laps=56, total_ms=5_721_362, grid=1, line=1),
        RowRecord("16", "classified", 2, laps=55, gap_laps=1, line=2),
        RowRecord("4", "dnf", laps=10, total_ms=1_059_564, line=3),
        RowRecord("44", "dsq", laps=56, total_ms=5_723_587, line=4),
    )
    assert (parsed.rows_read, parsed.rejected, parsed.key_source) == (8, (), "ergast")


def test_a_fraction_of_a_millisecond_stays_open_and_is_named():
    assert [(doubt.line, doubt.column, doubt.reason) for doubt in jolpica_import.parse(RACE).doubts] == [
        (
            2,
            "time",
            (
                "Werte mit Bruchteilen einer Millisekunde: 1, zuerst 5731362.5. Ob gerundet oder abgeschnitten wird, "
                "sagt die Datei nicht; sie bleiben leer."
            ),
        )
    ]


def test_laps_know_their_stops_and_whether_they_were_deleted():
    session = jolpica_import.parse(RACE).sessions[0]
    assert session.laps == (
        LapRecord("1", 1, 105_537, elapsed_ms=105_537, seat=1, line=5),
        LapRecord("1", 2, 103_009, elapsed_ms=208_546, seat=1, valid=False, in_pit=True, line=5),
        LapRecord("1", 3, 120_000, elapsed_ms=328_546, seat=1, pit_ms=22_666, line=5),
    )
    assert session.deletions == (DeletionRecord("1", 2, 103_009, source="flag", line=5),)


def test_an_entry_list_names_drivers_by_their_keys():
    parsed = jolpica_import.parse(ENTRIES)
    session = parsed.sessions[0]
    assert (session.key, session.kind, session.is_entry_list, session.classification) == ("R", "race", True, None)
    assert session.entries == (
        RowRecord(
            "1", "", team="Red Muster", drivers=(DriverRecord("Max", "Muster", seat=1, key="max_muster"),), line=1
        ),
        RowRecord("16", "", team="Team U", drivers=(DriverRecord("", "Beispiel", seat=1, key="beispiel"),), line=2),
    )
    assert "nur mit ihren Schlüsseln" in parsed.doubts[0].reason


@pytest.mark.parametrize(
    ("values", "status", "position"),
    [
        ({"position": 1, "status": 0}, "classified", 1),
        ({"position": 1}, "classified", 1),
        ({"position": 1, "status": 1, "is_classified": None}, "classified", 1),
        ({"position": 1, "status": 11, "is_classified": True}, "classified", 1),  # stopped after 90 % of the race
        ({"position": 1, "status": 10, "is_classified": False}, "dnf", None),
        ({"position": 1, "status": 0, "is_classified": False}, "nc", None),
        ({"position": 1, "status": 20, "is_classified": True}, "dsq", None),
        ({"status": 30}, "dns", None),
        ({"status": 40}, "dnq", None),
        ({"status": 41}, "dnq", None),
        ({}, "nc", None),
    ],
)
def test_the_status_is_more_than_a_place(values, status, position):
    row = parse(entry(**values)).sessions[0].classification[0]
    assert (row.status, row.position) == (status, position)


def test_the_parts_of_a_qualifying_are_sessions_in_the_order_of_the_weekend():
    parsed = parse(entry("R", position=1), entry("Q2", position=1), entry("Q1", position=1), entry("FP1", position=1))
    assert [(session.key, session.kind) for session in parsed.sessions] == [
        ("FP1", "practice"), ("Q1", "qualifying"), ("Q2", "qualifying"), ("R", "race"),
    ]  # fmt: skip


def test_stops_without_laps_give_the_laps_they_touched():
    stop = json.loads(RACE)[-1]
    parsed = parse(stop)
    assert parsed.sessions[0].laps == (
        LapRecord("1", 2, None, seat=1, in_pit=True), LapRecord("1", 3, None, seat=1, pit_ms=22_666),
    )  # fmt: skip
    assert "keine Rundenzeiten" in parsed.doubts[0].reason


@pytest.mark.parametrize(
    ("item", "column"),
    [
        (entry(status=99), "status"), (entry(number="4 4", position=1), "car_number"), (entry("X9", position=1), "session"),
        (entry(position=0), "position"), (entry(position="1"), "position"), (entry(time={"milliseconds": -1}), "time"),
        (entry(time={"milliseconds": "5"}), "time"), (entry(time={"milliseconds": True}), "time"), (entry(laps_completed=-1), "laps_completed"),
        ({"object_type": "Unknown", "foreign_keys": {}, "objects": []}, "object_type"), ({"objects": [{}]}, "object_type"),
        ({"object_type": "Lap", "foreign_keys": {"session": "R", "car_number": 1}, "objects": [{}]}, "number"),
        ({"object_type": "PitStop", "foreign_keys": {"session": "R", "car_number": 1}, "objects": [{}]}, "lap"),
        (5, None),
    ],
)  # fmt: skip
def test_a_wrong_value_is_rejected_with_its_place_in_the_list(item, column):
    parsed = parse(entry(number=7, position=1), item)
    assert next((problem.line, problem.column) for problem in parsed.rejected) == (2, column)


def test_a_lap_a_number_and_a_place_given_twice_are_rejected():
    laps = json.loads(RACE)[4]
    assert len(parse(laps, laps).rejected) == 3
    car = json.loads(ENTRIES)[0]
    assert [problem.column for problem in parse(car, car).rejected] == ["car_number"]
    both = parse(entry(number=1, position=1, laps_completed=5), entry(number=2, position=1, laps_completed=4))
    assert [problem.column for problem in both.rejected] == ["position"]


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b'[{"object_type": "Lap"', "gültiges JSON"),
        (b'[{"object_type": ' + b"[" * 100_000, "zu tief"),
        (b'[{"object_type": 1e9}]', "Exponent"),
        (json.dumps([entry(position=1), entry(position=1) | {"foreign_keys": {"year": 2024, "round": 1, "session": "R", "car_number": 1}}]).encode(), "mehrere Rennwochenenden"),
        (b'[{"object_type": ""}' + b",{}" * 100_001 + b"]", "100002 Einträge"),
        (b'["object_type":' + b",1" * 2_000_000, "Werte"),
    ],
)  # fmt: skip
def test_what_cannot_be_read_is_recognised_and_refused(data, reason):
    with pytest.raises(FileRefused, match=reason):
        sniff.parse(data)


def test_a_mutated_file_is_parsed_or_refused_and_nothing_else():
    for data in mutants([RACE, ENTRIES], each=1_000, seed=6):
        try:
            assert isinstance(jolpica_import.parse(data), ParsedFile)
        except FileRefused as refused:
            assert str(refused)  # noqa: PT017 - either outcome is right


@needs_shared
@pytest.mark.parametrize("path", REAL, ids=lambda path: path.stem[-30:])
def test_every_real_file_is_read_without_a_rejection(path):
    document = json.loads(path.read_bytes())
    parsed = sniff.parse(path.read_bytes())
    assert (parsed.format, parsed.rejected) == ("jolpica_import", ())
    assert parsed.rows_read == sum(len(item["objects"]) for item in document)


@needs_shared
def test_in_the_real_race_of_austin_two_were_disqualified_though_the_file_calls_them_classified():
    path = SHARED / "data" / "jolpica" / "jolpica_formula_one_tests_fixtures_2023_18_race_classification.json"
    rows = jolpica_import.parse(path.read_bytes()).sessions[0].classification
    assert Counter(row.status for row in rows) == {"classified": 15, "dnf": 3, "dsq": 2}
    assert [row.number for row in rows if row.status == "dsq"] == ["44", "16"]
    assert [(row.gap_ms, row.gap_laps) for row in rows[11:14]] == [(98_601, None), (None, 1), (None, 1)]


@needs_shared
def test_the_real_laps_of_austin_add_up_to_the_totals_but_for_one_penalty():
    base = "jolpica_formula_one_tests_fixtures_2023_18_race_"
    result, laps = (
        jolpica_import.parse((SHARED / "data" / "jolpica" / f"{base}{name}.json").read_bytes()).sessions[0]
        for name in ("classification", "lap_times")
    )
    end = {lap.number: (lap.lap, lap.elapsed_ms) for lap in laps.laps}
    assert [row.number for row in result.classification if end[row.number] != (row.laps, row.total_ms)] == ["23"]
    assert end["23"] == (56, 5_808_076 - 5_000)


def test_a_missing_lap_ends_the_count():
    times = {1: 90_000, 2: 80_000, 4: 81_000}
    laps = {
        "object_type": "Lap",
        "foreign_keys": {"year": 2023, "round": 9, "session": "R", "car_number": 1},
        "objects": [{"number": lap, "time": {"milliseconds": time}} for lap, time in times.items()],
    }
    assert [lap.elapsed_ms for lap in parse(laps).sessions[0].laps] == [90_000, 170_000, None]
    laps["foreign_keys"]["session"] = "FP1"
    assert [lap.elapsed_ms for lap in parse(laps).sessions[0].laps] == [None, None, None]
