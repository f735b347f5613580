"""The exchange format, and through it the plausibility of a classification."""

import copy
import datetime as dt
import json
import random
import time
from decimal import Decimal
from pathlib import Path

import pytest

from results.importers import exchange
from results.importers.records import (
    BroadcastRecord,
    CalendarRecord,
    DriverRecord,
    FileRefused,
    LapRecord,
    ParsedFile,
    RowRecord,
    SessionRecord,
    StandingRecord,
    StandingRowRecord,
)
from tests.shared import SHARED, needs_shared

WEEKEND = Path(__file__).parent.parent / "data" / "exchange" / "weekend.json"
GOLD = sorted((SHARED / "gold" / "claims").glob("*.json"))
GONE = object()


@pytest.fixture
def weekend():
    return json.loads(WEEKEND.read_text("utf-8"))


def parse(document):
    return exchange.parse(json.dumps(document, ensure_ascii=False).encode())


def row(number="1", pos=1, **values):
    return {
        "pos": pos,
        "number": number,
        "status": "classified",
        "drivers": [{"first": "Ute", "last": f"Fahrer {number}"}],
    } | values


def race(*rows, kind="race", **session):
    """A document of one session."""
    session = {"id": "R", "name": "Rennen", "kind": kind, "date": "2031-05-10", "classification": list(rows)} | session
    return {"series": "A", "season": "2031", "event": "B", "timezone": "Europe/Berlin", "sessions": [session]}


def reasons(document):
    return [problem.reason for problem in parse(document).rejected]


def doubts(document):
    return [problem.reason for problem in parse(document).doubts]


def test_a_weekend_is_read_whole(weekend):
    parsed = parse(weekend)
    assert (parsed.rejected, parsed.doubts, parsed.rows_read) == ((), (), 12)
    assert (parsed.series, parsed.season, parsed.event, parsed.circuit, parsed.layout, parsed.time_zone) == (
        "Adler-Cup", "2031", "Sechs Stunden von Möhrendorf", "Möhrenring", "Langstrecke", "Europe/Berlin",
    )  # fmt: skip
    assert (parsed.start, parsed.end) == (None, None)  # not stated: the days of the sessions are taken at the desk
    qualifying, main, second = parsed.sessions
    assert qualifying.classification[1] == RowRecord(
        number="7", status="classified", position=2, class_name="GT4", class_position=1, team="Grünwald Racing", car="Adler Cayo",
        drivers=(DriverRecord("Jörn", "Schüring", "GER", "Weeze", seat=2),), laps=6, gap_ms=290, best_lap_ms=106_540,
        guest=True, cups=("Junior",), line=2,
    )  # fmt: skip
    assert (qualifying.classification[2].status, qualifying.classification[2].printed_status) == ("nc", "no time")
    assert qualifying.broadcasts == (
        BroadcastRecord("Adler-TV", "stream", dt.datetime(2031, 5, 9, 16, 15), "https://tv.example/adler"),  # noqa: DTZ001
    )
    assert (main.state, main.released, main.complete, main.parent) == ("provisional", True, True, "Q")
    assert [
        (item.gap_ms, item.gap_laps, item.total_ms, item.penalty_ms, item.penalty_laps)
        for item in main.classification[:2]
    ] == [
        (None, None, 329_700, 0, 0),
        (None, 1, 340_000, 155_306, 1),
    ]
    assert second == SessionRecord(key="R2", name="Rennen 2", kind="race", date=dt.date(2031, 5, 11), classification=())
    assert parsed.standings == (
        StandingRecord("F", "Fahrerwertung", (StandingRowRecord(1, "Estrée/'SELV'", Decimal("37.5")), StandingRowRecord(2, "Weiß", Decimal(18))), "GT3", "Möhrendorf"),
    )  # fmt: skip
    assert parsed.calendar == (
        CalendarRecord(
            "Vier Stunden von Suzuka", "Suzuka", dt.date(2031, 6, 6), dt.date(2031, 6, 8), "Asia/Tokyo",
            (SessionRecord("Rennen", "Rennen", "race", dt.date(2031, 6, 8), dt.time(2, 30)),),
        ),
    )  # fmt: skip


def test_laps_keep_seat_pit_and_deletion_and_go_on_past_midnight(weekend):
    assert parse(weekend).sessions[1].laps == (
        LapRecord("007", 1, 111_300, 86_211_300, 111_300, seat=1, line=1),
        LapRecord("007", 2, 108_100, 86_319_400, 219_400, seat=1, valid=False, line=2),
        LapRecord("007", 3, 110_300, 86_429_700, 329_700, seat=1, in_pit=True, line=3),
        LapRecord("21B", 1, None, line=4),
    )


@needs_shared
@pytest.mark.parametrize("path", GOLD, ids=lambda path: path.stem)
def test_a_gold_case_loads_without_a_rejected_row(path):
    case = json.loads(path.read_text("utf-8"))
    whole, bare = exchange.parse(path.read_bytes()), parse(case["data"])
    assert whole.rejected == ()
    assert whole.sessions == bare.sessions
    assert [len(session.classification) for session in whole.sessions] == [
        len(s["classification"]) for s in case["data"]["sessions"]
    ]
    assert all("unvollständig" in doubt.reason for doubt in whole.doubts)


@needs_shared
def test_the_gold_cases_are_read_to_the_last_value():
    rows = [
        (printed, read)
        for path in GOLD
        for session, record in zip(json.loads(path.read_text("utf-8"))["data"]["sessions"], exchange.parse(path.read_bytes()).sessions, strict=True)
        for printed, read in zip(session["classification"], record.classification, strict=True)
    ]  # fmt: skip
    assert len(rows) == 143
    for printed, read in rows:
        assert (read.position, read.class_name, read.class_position, read.number) == (
            printed["pos"],
            printed["class"],
            printed["pos_in_class"],
            printed["number"],
        )
        assert (read.team, read.car, read.laps) == (printed["team"], printed["car"], printed["laps"])
        assert [(d.first_name, d.last_name, d.nationality) for d in read.drivers] == [
            (d["first"], d["last"], d["nationality"]) for d in printed["drivers"]
        ]
        assert (read.best_lap_ms is None, read.total_ms is None) == (
            printed["best_lap"] is None,
            printed["time"] is None,
        )
        assert (read.gap_ms is None and read.gap_laps is None) == (printed["gap"] is None)


def test_the_same_rows_in_another_order_say_the_same(weekend):
    turned = copy.deepcopy(weekend)
    for session in turned["sessions"]:
        session["classification"].reverse()
    parsed = parse(turned)
    assert (parsed.rejected, parsed.doubts) == ((), ())


@pytest.mark.parametrize(
    ("path", "value", "column", "reason"),
    [
        ("series", GONE, "series", "„series“ fehlt."),
        ("season", 2031, "season", "muss Text"),
        ("event", "MÃ¼ller", "event", None),
        ("event", "abc\u202edef", "event", "Schreibrichtung"),
        ("event", "x" * 161, "event", "länger als 160"),
        ("event", "\ud800", "event", "Surrogat"),
        ("event", "a\u0000b", "event", "Steuerzeichen"),
        ("timezone", "Europe/Bärlin", "timezone", "ist keine Zeitzone"),
        ("timezone", "../etc/passwd", "timezone", "ist keine Zeitzone"),
        ("sessions.0.kind", "quali", "kind", "nicht bekannt. Möglich sind: practice, warmup, qualifying, grid, sprint, race, stage, rally"),
        ("sessions.0.state", "offiziell", "state", "nicht bekannt"),
        ("sessions.0.date", "2031-02-30", "date", "gibt es nicht"),
        ("sessions.0.date", "09.05.2031", "date", "ist kein Datum"),
        ("sessions.0.date", "2031-05-09T16:30+02:00", "date", "in Ortszeit"),
        ("sessions.0.date", "2031-03-30T02:30", "date", "Die Uhren werden vorgestellt"),
        ("sessions.0.date", "1031-05-09", "date", "Das Jahr 1031"),
        ("sessions.0.date", "0001-01-01T00:00", "date", "Das Jahr 1 "),
        ("sessions.0.date", "9999-12-31T23:59", "date", "Das Jahr 9999"),
        ("sessions.0.released", "ja", "released", "true oder false"),
        ("sessions.1.id", "q", "id", "kommt zweimal vor"),
        ("sessions.1.parent", "Q9", "parent", "die es hier nicht gibt"),
        ("sessions.0.classification", {}, "classification", "muss eine Liste sein"),
        ("sessions.0.classification.0", 5, None, "muss ein Objekt stehen"),
        ("sessions.0.classification.0.number", 7, "number", "Startnummern sind Text"),
        ("sessions.0.classification.0.number", "Nr. 7", "number", "ist keine Startnummer"),
        ("sessions.0.classification.0.number", "٧", "number", "ist keine Startnummer"),
        ("sessions.0.classification.0.pos", "1", "pos", "ganze Zahl"),
        ("sessions.0.classification.0.pos", True, "pos", "ganze Zahl"),
        ("sessions.0.classification.0.pos", 0, "pos", "zwischen 1 und"),
        ("sessions.0.classification.0.laps", 1.5, "laps", "ganze Zahl"),
        ("sessions.0.classification.0.best_lap", "1:60.000", "best_lap", "Sekunden nur bis 59"),
        ("sessions.0.classification.0.best_lap", 106.25, "best_lap", "muss Text sein"),
        ("sessions.0.classification.0.best_lap", "NaN", "best_lap", "ist keine Zeit"),
        ("sessions.0.classification.1.gap", "-0.290", "gap", "negativ"),
        ("sessions.0.classification.0.status", "geplatzt", "status", "ist unbekannt"),
        ("sessions.0.classification.0.status", GONE, "status", "„status“ fehlt"),
        ("sessions.0.classification.0.status", "DNF", "pos", "kann also keinen Platz haben"),
        ("sessions.0.classification.2.status", "classified", "pos", "hat aber keinen Platz"),
        ("sessions.0.classification.0.drivers.0.last", "", "last", "„last“ fehlt"),
        ("sessions.0.classification.0.drivers.1", {"first": "Zoë", "last": "Estrée"}, "drivers", "steht zweimal in einem Auto"),
        ("sessions.0.classification.0.drivers.1.seat", 1, "seat", "doppelt vergeben"),
        ("sessions.0.classification.1.cups", [5], "cups", "muss Text"),
        ("sessions.0.broadcasts.0.url", "javascript:alert(1)", "url", "https://"),
        ("sessions.0.broadcasts.0.starts_at", "2031-05-09", "starts_at", "fehlt die Uhrzeit"),
        ("sessions.1.laps.0.lap", 0, "lap", "zwischen 1 und"),
        ("sessions.1.laps.1.lap", 1, "lap", "kommt zweimal vor"),
        ("sessions.1.laps.0.number", "99", "number", "steht nicht in der Wertung"),
        ("sessions.1.laps.1.elapsed", "3:39.401", "elapsed", "folgt eine andere Zeit (1:48,101)"),
        ("sessions.1.laps.0.clock", "25:00:00", "clock", "ein Tag hat 24 Stunden"),
        ("standings.0.rows.0.points", "37.5", "points", "keine Zahl"),
        ("standings.0.rows.0.points", True, "points", "keine Zahl"),
        ("standings.0.rows.0.points", 17, "points", "mehr Punkte als Platz 1"),
        ("standings.0.rows.0.points", 37.5001, "points", "drei Nachkommastellen"),
        ("standings.0.rows.1.pos", 1, "pos", "verschiedenen Punkten"),
        ("standings.0.rows.1.entrant", "Estrée/'SELV'", "entrant", "steht zweimal"),
        ("calendar.0.end", "2031-06-05", "end", "liegt vor dem Anfang"),
        ("calendar.0.start", None, "start", "„start“ fehlt"),
    ],
)  # fmt: skip
def test_a_wrong_value_is_rejected_with_column_and_reason(weekend, path, value, column, reason):
    *way, last = [int(step) if step.isdigit() else step for step in path.split(".")]
    place = weekend
    for step in way:
        place = place[step]
    if value is GONE:
        del place[last]
    else:
        place[last] = value
    data = json.dumps(weekend).encode()  # escapes carry what UTF-8 cannot
    problems = exchange.parse(data).rejected
    assert any(problem.column == column and (reason or "") in problem.reason for problem in problems), problems


def test_every_bad_row_is_named_with_its_number():
    document = race(row("1", 1, best_lap="1:60.000"), row("2", 2), row("3", 3, laps="x"), row("4", 4, gap="1e9"))
    assert [(problem.line, problem.column) for problem in parse(document).rejected] == [
        (1, "best_lap"),
        (3, "laps"),
        (4, "gap"),
    ]
    assert all(reason.startswith("Session „R“: ") for reason in reasons(document))


@pytest.mark.parametrize(
    ("document", "reason"),
    [
        (race(row("1", 1), row("1", 2)), "Die Startnummer 1 steht schon in Zeile 1"),
        (race(row("1", 1), row("2", 1, time="5:00.000")), "Platz 1 ist an 1 und 2 vergeben"),
        (race(row("1", 1, laps=20), row("2", 2, laps=21)), "mehr als der Sieger (20)"),
        (race(row("1", 1, laps=20), row("2", 2, laps=18, gap="+1 lap")), "2 Runden zurück, nicht +1 Rd."),
        (race(row("1", 1, laps=20), row("2", 2, laps=19, gap="+1.000")), "Rückstand in Zeit, liegt aber 1 Runde zurück"),
        (race(row("1", 1, time="5:00.000"), row("2", 2, time="5:01.000", gap="+1.001")), "+1,001 Rückstand, aus den Zeiten folgt +1,000"),
        (race(row("1", 1, best_lap="1:46.250"), row("2", 2, best_lap="1:46.540", gap="+0.300"), kind="qualifying"), "folgt +0,290"),
        (race(row("1", 1, gap="+0.100"), row("2", 2)), "Der Erste kann keinen Rückstand haben"),
        (race(row("1", 1, **{"class": "A", "pos_in_class": 1}), row("2", 2, **{"class": "A", "pos_in_class": 3})), "nach den Plätzen davor wäre es 2"),
        (race(row("1", 1, **{"class": "A", "pos_in_class": 1}), row("2", 5, **{"class": "A", "pos_in_class": 6})), "das passt nicht zu den Plätzen davor"),
    ],
)  # fmt: skip
def test_rows_that_contradict_each_other_are_rejected(document, reason):
    assert any(reason in said for said in reasons(document)), reasons(document)


@pytest.mark.parametrize(
    ("document", "doubt"),
    [
        (race(row("1", 1), row("2", 2), row("5", 5)), "Es fehlen die Plätze 3 bis 4. Die Wertung wird als unvollständig gespeichert"),
        (race(row("2", 2), complete=True), "Es fehlt Platz 1. Laut Datei ist die Wertung vollständig"),
        (race(row("1", 1, time="5:00.000"), row("2", 1, time="5:00.000")), "Totes Rennen?"),
        (race(row("1", 1, laps=20, time="5:10.000"), row("2", 2, laps=20, time="5:09.000")), "war schneller als 1 einen Platz davor"),
        (race(row("1", 1), row("2", 2), starters=1), "Aufgeführt sind 2 gestartete Autos, die Starterzahl ist 1"),
        (race(row("1", 1), starters=30), "Aufgeführt sind 1 von 30"),
        (race(row("1", 1), row("22", None, pos_in_class=1)), "Gewertet, aber ohne Platz: 22"),
        (race(row("1", 1)) | {"start": "2031-05-11", "end": "2031-05-12"}, "Nicht alle Sessions liegen"),
        (race(row("1", 1, reifen="Regen"), row("2", 2, reifen="Slick")), "„reifen“ ist in einer Zeile der Wertung nicht bekannt und wird nicht übernommen (2-mal)"),
        ({"wetter": "Regen", **race(row("1", 1))}, "„wetter“ ist auf oberster Ebene nicht bekannt"),
    ],
)  # fmt: skip
def test_what_is_odd_but_happens_is_a_doubt(document, doubt):
    assert reasons(document) == []
    assert any(doubt in said for said in doubts(document)), doubts(document)


def test_a_hole_makes_the_classification_incomplete_unless_the_file_says_otherwise():
    holes = [row("1", 1), row("5", 5)]
    assert parse(race(*holes)).sessions[0].complete is False
    excerpt = parse(race(*holes, complete=False))
    assert (excerpt.sessions[0].complete, excerpt.doubts) == (False, ())
    assert parse(race(*holes, complete=True)).sessions[0].complete is True


def test_the_place_behind_a_dead_heat_stays_free_and_nothing_is_missing():
    heat = [row("1", 1), row("2", 2, time="5:00.000"), row("3", 2, time="5:00.000"), row("4", 4), row("5", 5)]
    parsed = parse(race(*heat))
    assert parsed.sessions[0].complete is True
    assert doubts(race(*heat)) == ["Session „R“: Platz 2 ist an 2 und 3 vergeben. Totes Rennen?"]


def test_the_next_place_behind_a_dead_heat_may_be_given_too():
    parsed = parse(race(row("1", 1), row("2", 1), row("3", 2)))
    assert (parsed.sessions[0].complete, parsed.rejected) == (True, ())


def test_a_hole_behind_a_dead_heat_is_a_hole():
    assert parse(race(row("1", 1), row("2", 1), row("3", 4))).sessions[0].complete is False


def test_a_car_whose_class_nobody_names_makes_no_class_place_wrong():
    of_class = [
        row("1", 1),
        row("2", 2, **{"class": "A", "pos_in_class": 2}),
        row("3", 3, **{"class": "A", "pos_in_class": 3}),
    ]
    assert reasons(race(*of_class)) == []


def test_guests_may_be_passed_over_in_class():
    of_class = [
        row("1", 1, **{"class": "A", "pos_in_class": 1}),
        row("2", 2, guest=True, **{"class": "A"}),
        row("3", 3, **{"class": "A", "pos_in_class": 2}),
    ]
    assert reasons(race(*of_class)) == []


def test_a_session_may_be_scored_at_a_checkpoint_and_at_the_finish():
    document = race(row("1", 1))
    document["sessions"].append(document["sessions"][0] | {"checkpoint": "6h"})
    assert [(session.key, session.checkpoint) for session in parse(document).sessions] == [("R", ""), ("R", "6h")]
    assert reasons(document) == []


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ('{"sessions": [', "Zeile 1, Spalte 15: Das ist kein gültiges JSON."),
        ('{"sessions": ' + "[" * 200_000, "zu tief verschachtelt"),
        ('{"sessions": ' + '{"a":' * 200_000, "zu tief verschachtelt"),
        ('{"sessions": [], "sessions": []}', "„sessions“ steht zweimal"),
        ('{"sessions": [NaN]}', "NaN ist keine Zahl"),
        ('{"sessions": [-Infinity]}', "-Infinity ist keine Zahl"),
        ('{"sessions": [' + "9" * 5_000 + "]}", "ist zu lang"),
        ('{"sessions": [1e999999999]}', "Exponentenschreibweise"),
        ('{"sessions": "\x00"}', "NUL"),
        ('[{"pos":1,"fahrer":"\\ud800"}]', "ist ein JSON-Objekt"),
        ('{"data": {"series": "A"}}', "fehlt die Liste „sessions“"),
        ('{"sessions": [' + "{}," * 1_100_000 + "{}]}", "mehr als 1000000 Werte"),
        ('{"sessions": [], ' + ",".join(f'"{key}": 1' for key in range(101)) + "}", "102 Schlüssel, erlaubt sind 100"),
        ("5", "ist ein JSON-Objekt"),
        ("", "ist leer"),
    ],
)
def test_hostile_json_is_refused_in_german(text, sentence):
    began = time.perf_counter()
    with pytest.raises(FileRefused) as caught:
        exchange.parse(text.encode())
    assert sentence in str(caught.value)
    assert time.perf_counter() - began < 2


def test_of_very_many_unknown_keys_the_first_are_named():
    rows = [row(str(number), number, **{f"x{number}-{key}": 1 for key in range(10)}) for number in range(1, 31)]
    said = doubts(race(*rows))
    assert (len(said), said[-1]) == (101, "200 weitere unbekannte Schlüssel werden nicht übernommen.")


def test_a_wrong_document_full_of_rows_is_read_in_linear_time():
    document = race(*[row("7" * 9, 1, x=1) for _ in range(2_000)], laps=[{"number": 1, "lap": "x"}] * 20_000)
    began = time.perf_counter()
    parsed = parse(document)
    assert time.perf_counter() - began < 3
    assert len(parsed.rejected) == 2_000 + 2 * 20_000


def test_a_mutated_file_is_parsed_or_refused_and_nothing_else():
    source, dice = WEEKEND.read_bytes(), random.Random(2)
    for _ in range(2_000):
        data = bytearray(source)
        for _ in range(dice.randint(1, 4)):
            place, end = dice.randrange(len(data)), dice.randrange(len(data))
            change = dice.randrange(4)
            if change == 0:
                data[place] = dice.randrange(256)
            elif change == 1:
                del data[place : place + dice.randint(1, 40)]
            elif change == 2:
                data[place:place] = data[end : end + 60]
            else:
                data[place : place + 1] = dice.choice(
                    [b"null", b"-1", b"[]", b"{}", b'"', b"1e9", b"true", b"\xff", b"\\ud800", b"99999999999999999999"]
                )
        try:
            assert isinstance(exchange.parse(bytes(data)), ParsedFile)
        except FileRefused as refused:
            assert str(refused)  # noqa: PT017 - either outcome is right


# parts, shared drives, stops and what is known of drivers


def test_parts_of_a_qualifying_belong_to_the_names_of_the_session():
    first = row("1", best_lap="1:28.000", parts=["1:30.000", "1:29.000", "1:28.000"])
    second = row("2", 2, best_lap="1:29.500", parts=["1:31.000", "1:29.500", None])
    session = parse(race(first, second, kind="qualifying", parts=["Q1", "Q2", "Q3"])).sessions[0]

    assert session.part_names == ("Q1", "Q2", "Q3")
    assert [one.part_times_ms for one in session.classification] == [(90_000, 89_000, 88_000), (91_000, 89_500, None)]


def test_a_row_with_other_parts_than_the_session_is_rejected():
    assert reasons(race(row(parts=["1:30.000"]), kind="qualifying", parts=["Q1", "Q2"])) == [
        "Session „R“: Die Session hat 2 Abschnitte, die Zeile 1 Zeiten dazu."
    ]


@pytest.mark.parametrize("parts", [["Q1", "Q1"], ["Q" * 21], [1]])
def test_parts_are_different_names(parts):
    assert "„parts“ sind verschiedene Namen" in reasons(race(row(), parts=parts))[0]


def test_a_shared_drive_is_two_lines_of_one_number():
    rows = parse(race(row("1"), row("1", 1, share=2))).sessions[0].classification

    assert [(one.number, one.share) for one in rows] == [("1", 1), ("1", 2)]


def test_birth_date_and_rating_of_a_driver_are_read():
    driver = {"first": "Ute", "last": "Muster", "birth_date": "1997-09", "grade": "gold"}
    found = parse(race(row(drivers=[driver]))).sessions[0].classification[0].drivers[0]

    assert (found.birth_date, found.grade) == ("1997-09", "gold")


def test_a_birth_date_that_is_none_is_rejected():
    assert "ist kein Datum" in reasons(race(row(drivers=[{"last": "Muster", "birth_date": "1997-13"}])))[0]


def test_stops_and_sectors_of_laps_are_read():
    document = race(
        row(), laps=[{"number": "1", "lap": 1, "time": "1:46.250", "pit": "1:02.500", "sectors": ["30.000", None]}]
    )
    lap = parse(document).sessions[0].laps[0]

    assert (lap.pit_ms, lap.sectors_ms) == (62_500, (30_000, None))


def test_an_entry_list_has_cars_and_nothing_measured():
    cars = [
        {
            "number": "007",
            "team": "Nord",
            "car": "Wagen",
            "class": "GT3",
            "drivers": [{"last": "Muster"}],
            "guest": True,
        }
    ]
    session = parse(race(entries=cars, classification=[])).sessions[0]

    assert session.is_entry_list
    assert [(one.number, one.team, one.class_name, one.guest, one.status) for one in session.entries] == [
        ("007", "Nord", "GT3", True, "")
    ]


def test_a_car_is_entered_once():
    assert reasons(race(entries=[{"number": "7"}, {"number": "7"}], classification=[])) == [
        "Session „R“: Startnummer 7 ist zweimal genannt."
    ]
