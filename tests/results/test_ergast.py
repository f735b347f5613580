import datetime as dt
import json
import time
import zoneinfo
from decimal import Decimal
from pathlib import Path

import pytest

from results.importers import ergast, sniff, zones
from results.importers.records import (
    DriverRecord,
    FileRefused,
    LapRecord,
    ParsedFile,
    Problem,
    RowRecord,
    StandingRecord,
    StandingRowRecord,
)
from tests.results.mutation import mutants
from tests.shared import SHARED, needs_shared

DATA = Path(__file__).parent.parent / "data" / "ergast"
REAL = SHARED / "data" / "jolpica"
ANNA = DriverRecord("Anna", "Muster", "German", seat=1, birth_date="1990-01-02", key="anna_muster")
BERT = DriverRecord("Bert", "Beispiel", "Dutch", seat=1, birth_date="1985-03", key="beispiel")


def answer(name):
    return json.loads((DATA / f"{name}.json").read_bytes())


def merged(*names):
    return ergast.parse(json.dumps([answer(name) for name in names]).encode())


def race_of(document):
    return document["MRData"]["RaceTable"]["Races"][0]


def changed(name, change):
    document = answer(name)
    change(race_of(document))
    return ergast.parse(json.dumps(document).encode())


def test_a_result_names_its_race_and_is_local_to_the_track():
    parsed = ergast.parse((DATA / "results.json").read_bytes())
    session = parsed.sessions[0]
    assert (parsed.series, parsed.season, parsed.event, parsed.circuit, parsed.time_zone) == (
        "Formel 1", "2023", "Austrian Grand Prix", "Red Bull Ring", "Europe/Vienna",
    )  # fmt: skip
    assert (parsed.key_source, parsed.proposes, parsed.extra) == ("ergast", True, {"round": "9"})
    assert (session.key, session.name, session.kind) == ("R", "Rennen", "race")
    assert (session.date, session.time, session.complete) == (dt.date(2023, 7, 2), dt.time(15, 0), True)
    assert (parsed.rows_read, parsed.rejected, parsed.doubts) == (4, (), ())


def test_cut_zeros_are_padded_and_a_lapped_car_is_behind_by_laps_whatever_time_is_printed():
    rows = ergast.parse((DATA / "results.json").read_bytes()).sessions[0].classification
    assert rows[0] == RowRecord(
        "1", "classified", 1, team="Team T", drivers=(ANNA,), laps=71, total_ms=5_133_600, best_lap_ms=67_012,
        best_lap_number=3, grid=1, line=1,
    )  # fmt: skip
    assert rows[1] == RowRecord(
        "16", "classified", 2, team="Team U", drivers=(BERT,), laps=71, total_ms=5_138_700, gap_ms=5_100,
        best_lap_ms=68_820, best_lap_number=3, grid=None, line=2,
    )  # fmt: skip
    assert (rows[2].total_ms, rows[2].gap_ms, rows[2].gap_laps) == (5_135_000, None, 1)
    assert (rows[3].number, rows[3].status, rows[3].position, rows[3].printed_status) == (
        "007",
        "dnf",
        None,
        "Accident",
    )


@pytest.mark.parametrize(
    ("text", "printed", "status"),
    [
        ("R", "Engine", "dnf"), ("R", "Retired", "dnf"), ("D", "Disqualified", "dsq"), ("D", "Underweight", "dsq"),
        ("W", "Withdrew", "withdrawn"), ("W", "Did not start", "dns"), ("E", "Excluded", "excluded"),
        ("F", "Did not qualify", "dnq"), ("F", "Did not prequalify", "dnq"), ("F", "107% Rule", "dnq"),
        ("N", "Not classified", "nc"), ("N", "+20 Laps", "nc"), ("R", "Not classified", "nc"), ("R", "Finished", "dnf"),
    ],
)  # fmt: skip
def test_position_text_says_what_became_of_a_car(text, printed, status):
    parsed = changed("results", lambda race: race["Results"][3].update(positionText=text, status=printed))
    row = parsed.sessions[0].classification[3]
    assert (parsed.rejected, row.status, row.position) == ((), status, None)


def test_a_car_may_be_classified_though_it_stopped():
    parsed = changed("results", lambda race: race["Results"][2].update(status="Accident"))
    row = parsed.sessions[0].classification[2]
    assert (row.status, row.position, row.printed_status) == ("classified", 3, "Accident")


def test_a_gap_that_is_not_the_difference_of_the_totals_is_a_doubt_and_the_totals_count():
    parsed = changed("results", lambda race: race["Results"][1]["Time"].update(time="+5.2"))
    assert parsed.sessions[0].classification[1].gap_ms == 5_100
    assert [doubt.reason for doubt in parsed.doubts] == [
        "Rennen: Startnummer 16 hat +5,200 Rückstand, aus den Gesamtzeiten folgt +5,100."
    ]


def test_a_number_twice_is_a_shared_car_in_one_team_and_another_car_in_two():
    def twice(race):
        race["Results"][2].update(number="1", position="1", positionText="1", laps="71")
        race["Results"][3].update(number="1", position="3", positionText="R")

    rows = changed("results", twice).sessions[0].classification
    assert [(row.number, row.team, row.share, row.entry_line) for row in rows] == [
        ("1", "Team T", 1, 1), ("16", "Team U", 1, 1), ("1", "Team T", 2, 1), ("1", "Team U", 1, 2),
    ]  # fmt: skip


def test_a_qualifying_keeps_the_times_of_its_parts_and_compares_only_who_went_equally_far():
    parsed = ergast.parse((DATA / "qualifying.json").read_bytes())
    session = parsed.sessions[0]
    assert (session.key, session.date, session.time) == ("Q", dt.date(2023, 6, 30), dt.time(17, 0))
    assert session.part_names == ("Q1", "Q2", "Q3")
    assert [(row.number, row.position, row.best_lap_ms, row.part_times_ms) for row in session.classification] == [
        ("1", 1, 64_391, (65_500, 64_951, 64_391)),
        ("16", 2, 64_439, (65_577, 65_087, 64_439)),
        ("4", 3, 64_300, (65_673, 64_300, None)),
        ("007", 4, None, None),
    ]
    assert (parsed.rejected, parsed.doubts) == ((), ())


def test_who_was_faster_in_the_same_part_and_stands_behind_is_a_doubt():
    parsed = changed("qualifying", lambda race: race["QualifyingResults"][1].update(Q3="1:04.000"))
    assert [doubt.reason for doubt in parsed.doubts] == ["Qualifying: Startnummer 16 war schneller als 1 davor."]


def test_without_a_timetable_nobody_knows_when_the_qualifying_was():
    session = changed("qualifying", lambda race: race.pop("Qualifying")).sessions[0]
    assert (session.date, session.time) == (None, None)


def test_a_sprint_is_a_session_of_its_own():
    parsed = merged("results", "sprint", "qualifying")
    assert [(one.key, one.kind, one.date.day, len(one.classification)) for one in parsed.sessions] == [
        ("Q", "qualifying", 30, 4), ("SR", "sprint", 1, 2), ("R", "race", 2, 4),
    ]  # fmt: skip
    assert parsed.sessions[1].classification[1].status == "dsq"


def test_pages_of_laps_join_the_results_that_know_the_car_numbers():
    parsed = merged("laps_page2", "results", "laps_page1", "pitstops")
    assert parsed.sessions[0].laps == (
        LapRecord("1", 1, 75_100, elapsed_ms=75_100, seat=1, line=3),
        LapRecord("1", 2, 70_500, elapsed_ms=145_600, seat=1, line=5, in_pit=True),
        LapRecord("1", 3, 90_000, elapsed_ms=235_600, seat=1, line=2, pit_ms=25_600),
        LapRecord("16", 1, 76_250, elapsed_ms=76_250, seat=1, line=4),
        LapRecord("16", 2, 71_000, elapsed_ms=147_250, seat=1, line=1),
    )
    assert (parsed.rows_read, parsed.rejected, parsed.doubts) == (4 + 5 + 1, (), ())


def test_a_page_given_twice_adds_nothing_and_a_missing_one_is_a_doubt():
    parsed = merged("results", "laps_page1", "laps_page1")
    assert len(parsed.sessions[0].laps) == 3
    alone = merged("results", "laps_page1")
    assert [doubt.reason for doubt in alone.doubts] == [
        "Von 5 Runden sind 3 in der Datei: Es fehlen Seiten der Antwort."
    ]


def test_pit_stops_without_times_give_the_laps_they_touched():
    parsed = merged("results", "pitstops")
    assert parsed.sessions[0].laps == (
        LapRecord("1", 2, None, seat=1, in_pit=True), LapRecord("1", 3, None, seat=1, pit_ms=25_600),
    )  # fmt: skip
    assert "keine Rundenzeiten" in parsed.doubts[0].reason


def test_a_result_that_ends_before_its_last_page_is_incomplete():
    document = answer("results")
    document["MRData"]["total"] = "20"
    parsed = ergast.parse(json.dumps(document).encode())
    assert not parsed.sessions[0].complete
    assert parsed.doubts == (
        Problem(None, None, "Rennen: Von 20 Zeilen sind 4 in der Datei, als unvollständig gespeichert."),
    )


@pytest.mark.parametrize(
    ("names", "reason"),
    [
        (["laps_page1"], "Die Runden nennen nur Fahrer und keine Startnummern.*results.json"),
        (["pitstops"], "Die Boxenstopps nennen nur Fahrer und keine Startnummern"),
        (["empty"], "Die Antwort ist leer: Zu Saison 2023, Lauf 99 hat die Schnittstelle keine Daten"),
    ],
)
def test_an_answer_of_which_nothing_can_be_kept_is_refused_with_what_is_missing(names, reason):
    with pytest.raises(FileRefused, match=reason):
        merged(*names)


def test_several_races_in_one_file_are_refused():
    other = answer("results")
    race_of(other)["round"] = "10"
    with pytest.raises(FileRefused, match=r"mehrere Rennen .*Lauf 9 und .*Lauf 10"):
        ergast.parse(json.dumps([answer("results"), other]).encode())


def test_a_calendar_is_refused():
    document = answer("results")
    race_of(document).pop("Results")
    with pytest.raises(FileRefused, match="Kalender"):
        ergast.parse(json.dumps(document).encode())


def test_standings_are_tables_after_a_round_or_after_the_race_where_the_file_names_it():
    table = StandingRecord(
        "DriverStandings",
        "Fahrerwertung",
        (StandingRowRecord(1, "Anna Muster", Decimal("229.5")), StandingRowRecord(None, "Bert Beispiel", Decimal(0))),
        after="Lauf 9",
    )
    parsed = ergast.parse((DATA / "standings.json").read_bytes())
    assert (parsed.series, parsed.season, parsed.sessions, parsed.standings) == ("Formel 1", "2023", (), (table,))
    assert merged("results", "standings").standings[0].after == "Austrian Grand Prix"


def test_on_a_circuit_nobody_knows_the_time_stays_open_and_a_doubt_says_so():
    parsed = changed("results", lambda race: race["Circuit"].update(circuitId="mond"))
    assert (parsed.time_zone, parsed.sessions[0].date, parsed.sessions[0].time) == (None, dt.date(2023, 7, 2), None)
    assert "Zeitzone „mond“" in parsed.doubts[0].reason


def test_a_night_race_is_on_the_day_before_at_its_track():
    def vegas(race):
        race["Circuit"]["circuitId"] = "vegas"
        race.update(date="2023-11-19", time="06:00:00Z")

    session = changed("results", vegas).sessions[0]
    assert (session.date, session.time) == (dt.date(2023, 11, 18), dt.time(22, 0))


def test_every_zone_of_the_table_exists():
    table = zones._table()
    assert set(table) == {"ergast", "tracks"}
    assert {zone for of_source in table.values() for zone in of_source.values()} <= zoneinfo.available_timezones()


@pytest.mark.parametrize(
    ("track", "zone"),
    [("Spa GT3", "Europe/Brussels"), ("SPA", "Europe/Brussels"), ("Paul  Ricard Short", "Europe/Paris"), ("Spanien", None), ("", None)],
)  # fmt: skip
def test_a_track_is_known_by_its_first_words(track, zone):
    assert zones.zone_of_track(track) == zone


@pytest.mark.parametrize(
    ("change", "column"),
    [
        ({"number": ""}, "number"), ({"number": "4 4"}, "number"), ({"positionText": "X"}, "positionText"),
        ({"positionText": "3"}, "positionText"), ({"laps": "-1"}, "laps"), ({"laps": "1e9"}, "laps"),
        ({"Time": {"millis": "51387o0"}}, "millis"), ({"Time": {"time": "+1:60.000"}}, "Time"),
        ({"Time": {"time": "+-5"}}, "Time"), ({"FastestLap": {"Time": {"time": "١:٢٠.٠٠٠"}}}, "time"),
        ({"Driver": {"givenName": "A"}}, "familyName"),
    ],
)  # fmt: skip
def test_a_wrong_value_is_rejected_with_row_and_column(change, column):
    parsed = changed("results", lambda race: race["Results"][1].update(change))
    assert column in {problem.column for problem in parsed.rejected}
    assert {problem.line for problem in parsed.rejected} == {2}


def test_a_lap_of_a_driver_who_is_not_in_the_result_is_rejected():
    laps = answer("laps_page1")
    race_of(laps)["Laps"][0]["Timings"][0]["driverId"] = "nobody"
    parsed = ergast.parse(json.dumps([answer("results"), laps]).encode())
    assert [(problem.line, problem.column) for problem in parsed.rejected] == [(1, "driverId")]


def test_one_lap_with_two_times_is_rejected():
    laps = answer("laps_page1")
    race_of(laps)["Laps"][0]["Timings"][0]["time"] = "1:15.200"
    parsed = ergast.parse(json.dumps([answer("results"), answer("laps_page1"), laps]).encode())
    assert [problem.reason for problem in parsed.rejected] == ["Runden: Runde 1 von Startnummer 1 kommt mit zwei Zeiten vor."]  # fmt: skip


@pytest.mark.parametrize(
    "data",
    [
        b'{"MRData": []}', b'{"MRData": {}}', b'[{"MRData": {}}, 5]', b'{"MRData": ' + b"[" * 100_000, b'{"MRData": {"a": NaN}}',
        (DATA / "results.json").read_bytes()[:500], b'{"MRData": {"RaceTable": {"Races": [{}]}}}',
    ],
)  # fmt: skip
def test_what_is_no_answer_is_recognised_and_refused(data):
    with pytest.raises(FileRefused) as refused:
        sniff.parse(data)
    assert "nicht bekannt" not in str(refused.value)


def test_millions_of_values_are_refused_at_once():
    began = time.process_time()
    with pytest.raises(FileRefused, match="Werte"):
        ergast.parse(b'{"MRData": [' + b"1," * 2_000_000 + b"1]}")
    assert time.process_time() - began < 1


def test_a_mutated_file_is_parsed_or_refused_and_nothing_else():
    sources = [(DATA / f"{name}.json").read_bytes() for name in ("results", "qualifying", "standings")]
    sources.append(json.dumps([answer("results"), answer("laps_page1"), answer("pitstops")]).encode())
    for data in mutants(sources, each=500, seed=5):
        try:
            assert isinstance(ergast.parse(data), ParsedFile)
        except FileRefused as refused:
            assert str(refused)  # noqa: PT017 - either outcome is right


@needs_shared
def test_the_real_result_is_read_whole():
    parsed = ergast.parse((REAL / "ergast_2023_9_results.json").read_bytes())
    rows = parsed.sessions[0].classification
    assert (parsed.rejected, parsed.doubts, len(rows)) == ((), (), 20)
    assert [row.position for row in rows] == [*range(1, 20), None]
    assert [row.gap_laps for row in rows] == [None] * 11 + [1] * 8 + [None]
    assert (rows[0].total_ms, rows[1].gap_ms, rows[19].status) == (5_133_607, 5_155, "dnf")


@needs_shared
def test_the_real_pages_of_laps_and_stops_are_read_with_the_drivers_of_their_race():
    """The folder has no result of that race; one is made of the drivers that the pages name."""
    pages = [json.loads((REAL / name).read_bytes()) for name in ("ergast_2023_18_laps.json_offset_45", "ergast_2023_18_pitstops.json")]  # fmt: skip
    named = [timing["driverId"] for lap in race_of(pages[0])["Laps"] for timing in lap["Timings"]]
    named += [stop["driverId"] for stop in race_of(pages[1])["PitStops"]]
    result = answer("results")
    race_of(result)["round"] = "18"
    race_of(result)["Results"] = [
        race_of(answer("results"))["Results"][3]
        | {"number": str(place), "Driver": {"driverId": driver, "familyName": driver}}
        for place, driver in enumerate(dict.fromkeys(named), start=1)
    ]
    parsed = ergast.parse(json.dumps([result, *pages]).encode())
    assert (parsed.rejected, len(parsed.sessions[0].laps)) == ((), 30)


@needs_shared
def test_the_real_standings_and_empty_answers():
    parsed = ergast.parse((REAL / "ergast_2023_22_driverstandings.json").read_bytes())
    assert (parsed.rejected, len(parsed.standings[0].rows)) == ((), 22)
    assert parsed.standings[0].rows[0] == StandingRowRecord(1, "Max Verstappen", Decimal(575))
    for name in ("ergast_2023_99_results.json", "ergast_2023_99_qualifying.json"):
        with pytest.raises(FileRefused, match="keine Daten"):
            ergast.parse((REAL / name).read_bytes())
