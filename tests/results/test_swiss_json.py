import copy
import datetime as dt
import json
import time
import tracemalloc
from pathlib import Path

import pytest

from results.importers import sniff, swiss_json
from results.importers.document import MAX_VALUES, load
from results.importers.one_name import split_name
from results.importers.records import (
    DeletionRecord,
    DriverRecord,
    FileRefused,
    LapRecord,
    MessageRecord,
    ParsedFile,
    RowRecord,
)
from results.importers.swiss_session import key_of_session, read_moment
from results.notation import NotationError
from tests.results.mutation import mutants
from tests.shared import SHARED, needs_shared

FILE = Path(__file__).parent.parent / "data" / "swiss" / "session.json"
SESSION = FILE.read_bytes()
REAL = sorted((SHARED / "data" / "gtwc_sro").glob("*.json"))


def changed(change):
    document = json.loads(SESSION)
    change(document)
    return swiss_json.parse(json.dumps(document).encode())


def test_the_screen_names_session_meeting_and_track_and_is_provisional():
    parsed = swiss_json.parse(SESSION)
    session = parsed.sessions[0]
    assert (parsed.series, parsed.event, parsed.season, parsed.circuit, parsed.time_zone, parsed.proposes) == (
        "GTMusterEU Endurance Cup", "24 Stunden von Muster", "2026", "Spa GT3", "Europe/Brussels", True,
    )  # fmt: skip
    assert (session.key, session.name, session.kind, session.state) == (
        "SP3",
        "Superpole 3",
        "qualifying",
        "provisional",
    )
    assert (session.date, session.time, session.complete) == (dt.date(2026, 6, 26), None, True)
    assert (parsed.rows_read, parsed.rejected) == (3 + 5 + 5, ())


def test_a_car_without_a_time_stands_in_the_list_and_has_no_place():
    rows = swiss_json.parse(SESSION).sessions[0].classification
    assert rows == (
        RowRecord(
            "51", "classified", 1, "Pro Cup", 1, "Muster Racing", car="Muster GT3 EVO", manufacturer="Muster", laps=4,
            best_lap_ms=138_971, best_lap_number=2, line=1,
            drivers=(DriverRecord("Alessio", "Muster", "ITA", seat=1), DriverRecord("Ugo", "De Wilde", "BEL", seat=2)),
        ),
        RowRecord(
            "007", "classified", 2, "Gold Cup", 1, "Muster Racing", car="Muster GT3 EVO", manufacturer="Muster", laps=3,
            gap_ms=188, best_lap_ms=139_159, line=2, drivers=(DriverRecord("Anna", "van der Beispiel", "GER", seat=1),),
        ),
        RowRecord(
            "12", "nc", None, "Gold Cup", None, "Muster Racing", car="Muster GT3 EVO", manufacturer="Muster", laps=1,
            line=3, drivers=(DriverRecord("", "'SELV'", seat=1),),
        ),
    )  # fmt: skip


def test_laps_carry_seat_and_sectors_and_who_was_faster_than_his_best_does_not_count():
    assert swiss_json.parse(SESSION).sessions[0].laps == (
        LapRecord("51", 1, 133_332, seat=1, valid=False, line=1, sectors_ms=(29_984, 67_028, 36_320)),
        LapRecord("51", 2, 138_971, seat=1, line=1, sectors_ms=(39_784, 63_749, 35_438)),
        LapRecord("51", 4, 155_975, seat=2, line=1, sectors_ms=(39_801, 74_221, 41_953)),
        LapRecord("007", 2, 139_159, seat=1, line=2, sectors_ms=(39_882, 64_073, 35_204)),
        LapRecord("007", 3, 139_453, line=2),
    )


def test_what_is_odd_about_the_laps_is_said_once_for_each_oddity():
    assert [doubt.reason for doubt in swiss_json.parse(SESSION).doubts] == [
        "Welche Rundenzeit ist gemeint? „CAR 51 LAP TIME REINSTATED“ streicht keine.",
        "Runden, deren Sektoren nicht die Rundenzeit ergeben: 1. Die Sektoren bleiben leer.",
        "Runden, die schneller sind als die gewertete beste des Autos: 1. Sie zählen nicht (gestrichen oder aus der Box).",
        "Autos, deren beste Runde unter ihrer Nummer nicht in den Runden steht: 1. Die Nummer bleibt leer.",
        "Runden eines Fahrers, der beim Auto nicht genannt ist: 1. Der Fahrer bleibt offen.",
    ]


def test_messages_are_instants_and_deletions_have_car_corner_and_clock():
    session = swiss_json.parse(SESSION).sessions[0]
    assert session.messages[0] == MessageRecord(
        "PIT EXIT IS OPEN", dt.datetime(2026, 6, 26, 13, 36, 0, 391_000, dt.UTC), 56_160_391, 1
    )
    assert session.deletions == (
        DeletionRecord(
            "51", day_ms=56_278_000, corner="T17", source="message", line=2,
            text="CAR 51 CANCELLATION OF CURRENT LAP TIME TRACK LIMIT T17 AT 15:37:58",
        ),
        DeletionRecord(
            "007", day_ms=56_351_000, corner="T4", source="message", line=3,
            text="CAR 007 (BEISPIEL) LAP TIME DELETED - TRACK LIMITS T4 - 15:39:11",
        ),
    )  # fmt: skip


def test_a_deletion_of_a_car_that_is_not_there_is_a_doubt():
    text = "CAR 177 LAP TIME DELETED T4"
    parsed = changed(lambda document: document["vm"]["announcements"][1].update(text=text))
    assert [deletion.number for deletion in parsed.sessions[0].deletions] == ["007"]
    assert (parsed.doubts[0].line, parsed.doubts[0].column) == (2, "text")
    assert "Startnummer 177, die nicht dabei ist" in parsed.doubts[0].reason


def test_on_a_track_nobody_knows_the_clock_stands_in_for_the_instant():
    parsed = changed(lambda document: document["vm"]["session"].update(trackName="Musterring"))
    assert parsed.time_zone is None
    assert [(message.at, message.day_ms) for message in parsed.sessions[0].messages[:1]] == [(None, 56_160_391)]


def test_messages_go_on_past_midnight_of_the_first_day():
    def night(document):
        document["vm"]["session"]["startTime"] = "25.06.2026 23:00:00.000"
        document["vm"]["announcements"][1].update(
            dt="26.06.2026 00:00:20.000", text="CAR 51 LAP TIME DELETED T1 23:59:59"
        )

        document["vm"]["announcements"][2].update(dt="24.06.2026 23:00:00.000")

    session = changed(night).sessions[0]
    assert session.messages[2].day_ms is None
    assert (session.date, session.time) == (dt.date(2026, 6, 25), dt.time(23, 0))
    assert (session.messages[1].day_ms, session.deletions[0].day_ms) == (86_420_000, 86_399_000)


def test_while_the_session_runs_it_is_an_excerpt_and_says_so():
    parsed = changed(lambda document: document["vm"]["announcements"].pop())
    assert (parsed.sessions[0].complete, parsed.sessions[0].state) == (False, "provisional")
    assert parsed.doubts[0].reason.startswith("Welche Rundenzeit")
    assert "Die Session lief noch" in parsed.doubts[1].reason


def test_the_chequered_flag_on_the_screen_ends_it_too():
    def flag(document):
        document["vm"]["announcements"].pop()
        document["vm"]["session"]["flag"] = "Chequered"

    assert changed(flag).sessions[0].complete


def test_in_a_race_laps_place_a_car_and_a_word_in_place_of_the_gap_is_passed_over():
    def race(document):
        document["vm"]["session"]["sessionName"] = "Main Race"
        cars = document["vm"]["cars"]
        cars[1]["gap"], cars[1]["laps"] = "1 LAP", 3
        cars[2]["gap"], cars[2]["laps"] = "IN PIT", 0

    session = changed(race).sessions[0]
    assert (session.key, session.kind) == ("R", "race")
    assert [(row.status, row.position, row.gap_laps) for row in session.classification] == [
        ("classified", 1, None), ("classified", 2, 1), ("nc", None, None),
    ]  # fmt: skip


@pytest.mark.parametrize(("laps", "gap"), [(3, "+2.500"), (2, "1 LAP")])
def test_a_picture_of_cars_on_both_sides_of_the_line_keeps_no_gap(laps, gap):
    def race(document):
        document["vm"]["session"]["sessionName"] = "Main Race"
        document["vm"]["cars"][1].update(laps=laps, gap=gap)

    parsed = changed(race)
    row = parsed.sessions[0].classification[1]
    assert (parsed.rejected, row.laps, row.gap_ms, row.gap_laps) == ((), laps, None, None)
    assert "Autos, deren Rückstand nicht zu ihren Runden passt: 1" in parsed.doubts[1].reason


@pytest.mark.parametrize(
    ("change", "line", "column"),
    [
        (lambda car: car.update(nr="4 4"), 2, "nr"),
        (lambda car: car.update(pos="x"), 2, "pos"),
        (lambda car: car.update(gap="-0.385"), 2, "gap"),
        (lambda car: car.update(gap="+0.189"), 2, "gap"),
        (lambda car: car.update(nr="51"), 2, "nr"),
        (lambda car: car.update(team="\u202eabc"), 2, "team"),
        (lambda car: car["bestLap"].update(ms=-1), 2, "ms"),
        (lambda car: car.update(drivers={}), 2, "drivers"),
    ],
)  # fmt: skip
def test_a_wrong_value_of_a_car_is_rejected_with_its_place_in_the_list(change, line, column):
    problems = changed(lambda document: change(document["vm"]["cars"][1])).rejected
    assert [(problem.line, problem.column) for problem in problems] == [(line, column)]


@pytest.mark.parametrize(
    "change",
    [
        {"lapNr": 0}, {"lapNr": "2"}, {"lapNr": True}, {"lapNr": 40_000}, {"lapNr": 3}, {"lapTime": {"ms": -5}},
        {"lapTime": {"ms": "1"}}, {"sectors": {"S1": {"ms": True}}},
    ],
)  # fmt: skip
def test_a_wrong_lap_is_rejected_with_its_car(change):
    problems = changed(lambda document: document["carsDetail"][1]["lapHistory"][0].update(change)).rejected
    assert [problem.reason.startswith("Startnummer 007: ") for problem in problems] == [True]


@pytest.mark.parametrize(
    "data",
    [
        b'{"carsDetail": []}', b'{"carsDetail": [], "vm": []}', b'{"carsDetail": [], "vm": {"cars": []}}',
        SESSION[: len(SESSION) // 2], b'{"lapHistory": ' + b"[" * 100_000, b'{"lapHistory": [NaN]}',
    ],
)  # fmt: skip
def test_what_is_no_session_is_recognised_and_refused(data):
    with pytest.raises(FileRefused):
        sniff.parse(data)


def test_a_document_of_millions_of_values_is_refused_before_it_fills_the_memory():
    data = b'{"lapHistory": [' + b"1," * 1_700_000 + b"1]}"
    tracemalloc.start()
    with pytest.raises(FileRefused, match="mehr als 1600000 Werte"):
        swiss_json.parse(data)
    assert tracemalloc.get_traced_memory()[1] < 50 * 2**20
    tracemalloc.stop()


def test_dropped_keys_are_gone_on_every_level_and_doubled_ones_refused_all_the_same():
    assert load('{"a": 1, "b": {"a": 2, "c": [{"a": 3}]}}', without={"a"}) == {"b": {"c": [{}]}}
    with pytest.raises(FileRefused, match="zweimal"):
        load('{"a": 1, "a": 2}', without={"a"})
    with pytest.raises(FileRefused, match=f"mehr als {MAX_VALUES} Werte"):
        load("[" * (MAX_VALUES + 1))


def test_24_hours_of_70_cars_are_read_in_seconds():
    document = json.loads(SESSION)
    car = document["vm"]["cars"][0]
    history = [dict(car["lapHistory"][1], lapNr=lap) for lap in range(1, 287)]  # 20,020 laps, each of them twice
    car.update(lapHistory=history, laps=286)
    document["vm"]["cars"] = [
        dict(copy.copy(car), nr=str(nr), pos=nr, classPos=nr, gap="-" if nr == 1 else "+0.000") for nr in range(1, 71)
    ]
    document["carsDetail"] = [{"nr": str(nr), "lapHistory": history} for nr in range(1, 71)]
    document["vm"]["cars"] = [
        dict(one, pos=1, classPos=1) if one["nr"] == "1" else one for one in document["vm"]["cars"]
    ]
    data = json.dumps(document).encode()
    began = time.process_time()
    parsed = swiss_json.parse(data)
    assert (len(parsed.sessions[0].laps), parsed.rejected) == (70 * 286, ())
    assert time.process_time() - began < 4  # under one second on an idle machine


@pytest.mark.parametrize(
    ("name", "short", "split"),
    [
        ("Alessio Rovera", "ROV", ("Alessio", "Rovera")),
        ("Ugo De Wilde", "DEW", ("Ugo", "De Wilde")),
        ("Robert De Haan", "DEH", ("Robert", "De Haan")),
        ("Kelvin van der Linde", "VDL", ("Kelvin", "van der Linde")),
        ("Jean Luc Beaubelique", "BEA", ("Jean Luc", "Beaubelique")),
        ("Juan Manuel Correa López", "COR", ("Juan Manuel", "Correa López")),
        ("Markus Müller", "MUE", ("Markus", "Müller")),
        ("Anna van der Garde", "", ("Anna", "van der Garde")),
        ("Martin Truex Jr", "", ("Martin", "Truex Jr")),
        ("Robert Downey", "", ("Robert", "Downey")),
        ("SELV", "SEL", ("", "SELV")),
        ("", "", ("", "")),
    ],
)
def test_a_name_is_split_where_the_short_name_begins(name, short, split):
    assert split_name(name, short) == split


@pytest.mark.parametrize(
    ("name", "key"),
    [
        ("Free Practice 1", "FP1"), ("Practice", "FP"), ("Pre-Qualifying", "PQ"), ("Pre Qualifying 2", "PQ2"),
        ("Qualifying 3", "Q3"), ("Superpole 3", "SP3"), ("Super Pole", "SP"), ("Warm Up", "WU"), ("Warm-Up", "WU"),
        ("Main Race", "R"), ("Race 2", "R2"), ("Bronze Test", "Bronze Test"), ("", ""),
    ],
)  # fmt: skip
def test_the_key_of_a_session_follows_from_its_name(name, key):
    assert key_of_session(name) == key


@pytest.mark.parametrize("text", ["", "2026-04-10", "31.02.2026 10:00:00", "10.04.2026 25:00:00", "10.04.0026 10:00:00", "1" * 10_000])  # fmt: skip
def test_a_moment_that_is_none_is_refused(text):
    with pytest.raises(NotationError):
        read_moment(text)


def test_a_mutated_file_is_parsed_or_refused_and_nothing_else():
    for data in mutants([SESSION], each=2_000, seed=4):
        try:
            assert isinstance(swiss_json.parse(data), ParsedFile)
        except FileRefused as refused:
            assert str(refused)  # noqa: PT017 - either outcome is right


@needs_shared
@pytest.mark.parametrize("path", REAL, ids=lambda path: path.name[:19])
def test_every_real_session_is_read_without_a_rejection_and_every_time_agrees(path):
    document = json.loads(path.read_bytes())
    parsed = swiss_json.parse(path.read_bytes())
    session = parsed.sessions[0]
    cars = document["vm"]["cars"]
    assert (parsed.rejected, len(session.classification)) == ((), document["carCount"])
    assert [(row.number, row.position, row.best_lap_ms) for row in session.classification] == [
        (car["nr"], car["pos"], car["bestLap"]["ms"]) for car in cars
    ]
    assert {(lap.number, lap.lap): lap.time_ms for lap in session.laps} == {
        (car["nr"], lap["lapNr"]): lap["lapTime"]["ms"] for car in document["carsDetail"] for lap in car["lapHistory"]
    }
    assert all(sum(lap.sectors_ms) == lap.time_ms for lap in session.laps if lap.sectors_ms)
    assert all(lap.seat for lap in session.laps)
    best = {row.number: row.best_lap_ms for row in session.classification}
    assert all(lap.time_ms >= best[lap.number] for lap in session.laps if lap.valid)
    assert (session.complete, session.state, len(session.messages)) == (True, "provisional", len(document["vm"]["announcements"]))  # fmt: skip
