import time
from collections import Counter
from contextlib import suppress
from dataclasses import replace
from pathlib import Path

import pytest

from results.importers import sniff, wige, wige_sectors
from results.importers.records import DeletionRecord, DriverRecord, FileRefused, LapRecord, RowRecord
from results.notation import DAY
from tests.results.damage import HOSTILE, survives
from tests.shared import SHARED, needs_shared

FILES = Path(__file__).parent.parent / "data" / "wige"
RACE = (FILES / "sectors_race.csv").read_bytes()
REAL = sorted((SHARED / "data" / "nls_wige").glob("*SEKTORZEITEN.CSV"))


def only_session(data):
    parsed = wige_sectors.parse(data)
    assert (parsed.rejected, parsed.doubts) == ((), ())
    return parsed.sessions[0]


def laps_of(data, number):
    return {lap.lap: lap for lap in only_session(data).laps if lap.number == number}


def with_cell(data, line, column, value):
    lines = data.decode("cp1252").split("\n")
    place = [name.strip() for name in lines[0].split(";")].index(column)
    fields = lines[line - 1].split(";")
    fields[place] = value
    lines[line - 1] = ";".join(fields)
    return "\n".join(lines).encode("cp1252")


def test_laps_carry_clock_seat_and_the_sectors_the_circuit_has():
    parsed = wige_sectors.parse(RACE)
    assert (parsed.format, parsed.encoding, parsed.rows_read, parsed.extra, parsed.rejected, parsed.doubts) == (
        "wige_sectors", "cp1252", 15, {"kind": "sectors"}, (), (),
    )  # fmt: skip
    session = parsed.sessions[0]
    assert (session.key, session.kind, session.classification, len(session.laps)) == ("", "race", None, 15)
    assert session.laps[0] == LapRecord(
        "3", 1, 569_769, day_ms=85_769_769, seat=1, line=2, sectors_ms=(88_898, 74_854, 137_229, 214_273, 54_515),
    )  # fmt: skip


def test_cars_and_crews_are_those_of_the_other_lists():
    assert only_session(RACE).entries[2] == RowRecord(
        number="21B", status="", class_name="CUP3", team="Grünwald Racing", car="Adler Cup", cups=("A(Cup3)",),
        drivers=(DriverRecord("Zoë", "Estrée", town="Besançon", seat=1), DriverRecord("Jörn", "Brück", town="Ulm", seat=2)), line=12,
    )  # fmt: skip
    assert only_session(RACE).entries[0].drivers[1] == DriverRecord("Kees", "Van", town="Weeze", seat=2)


def test_the_stop_is_moved_from_the_in_lap_to_the_lap_it_begins():
    laps = laps_of(RACE, "3")
    assert [number for number, lap in laps.items() if lap.in_pit] == [2]
    assert [(number, lap.seat) for number, lap in laps.items() if lap.pit_ms] == [(3, 2)]
    assert laps[3].pit_ms < laps[3].sectors_ms[0]


def test_an_in_lap_has_no_last_sector_and_a_dead_loop_leaves_a_hole():
    assert [time is None for time in laps_of(RACE, "3")[2].sectors_ms] == [False] * 4 + [True]
    assert [time is None for time in laps_of(RACE, "007")[3].sectors_ms] == [False, False, True, True, False]


def test_a_cancelled_lap_time_is_a_deletion():
    lap = laps_of(RACE, "007")[4]
    assert (lap.valid, [lap for lap in only_session(RACE).laps if not lap.valid]) == (False, [lap])
    assert only_session(RACE).deletions == (
        DeletionRecord("007", 4, lap_ms=lap.time_ms, day_ms=lap.day_ms, line=lap.line),
    )


def test_the_clock_goes_on_past_midnight():
    assert [lap.day_ms > DAY for lap in laps_of(RACE, "007").values()] == [False, False, True, True, True]


def test_the_lists_of_laps_and_sectors_are_told_apart_by_their_content():
    assert sniff.sniff(RACE).FORMAT == "wige_sectors"
    assert sniff.sniff((FILES / "laps_race.csv").read_bytes()).FORMAT == "wige"
    assert sniff.sniff((FILES / "result_race.csv").read_bytes()).FORMAT == "wige"


@pytest.mark.parametrize(("column", "value", "reason"), [
    ("RUNDENZEIT", "9:60.000", "Sekunden nur bis 59"),
    ("RUNDENZEIT_IN_SEKUNDEN", "582,001", "widersprechen sich"),
    ("SEKTOR4_ZEIT", "NaN", "keine Zeit"),
    ("INPIT", "X", "Möglich sind: N, A, J"),
    ("CANCELLED", "7", "Möglich sind: 0, N, 1, J"),
    ("RUNDE_NR", "1", "steht schon in Zeile 2"),
    ("PITSTOPDURATION", "lang", "keine Zeit"),
    ("TAGESZEIT", "23:00:00.000", "läuft die Uhr von Startnummer 3 zurück"),
    ("FAHRER_NR", "eins", "keine ganze Zahl"),
])  # fmt: skip
def test_a_doctored_cell_is_named_with_line_column_and_reason(column, value, reason):
    rejected = wige_sectors.parse(with_cell(RACE, 3, column, value)).rejected
    assert any((problem.line, problem.column) == (3, column) and reason in problem.reason for problem in rejected), (
        rejected
    )


@pytest.mark.parametrize(("line", "column", "value", "doubts"), [
    (2, "SEKTOR1_ZEIT", "1:28.904", 1),  # 6 ms more than the lap
    (2, "SEKTOR1_ZEIT", "1:28.892", 1),
    (2, "SEKTOR1_ZEIT", "1:28.903", 0),
    (9, "SEKTOR1_ZEIT", "9:28.892", 1),  # two sectors are missing, what is left is more than the lap
    (9, "SEKTOR1_ZEIT", "1:10.000", 0),
    (2, "FAHRER_NR", "5", 1),
])  # fmt: skip
def test_sectors_that_do_not_fit_are_a_doubt_and_reject_nothing(line, column, value, doubts):
    parsed = wige_sectors.parse(with_cell(RACE, line, column, value))
    assert (parsed.rejected, len(parsed.doubts)) == ((), doubts)


def test_of_many_laps_with_odd_sectors_the_first_are_named():
    data = RACE
    for line in range(2, 17):
        data = with_cell(data, line, "SEKTOR1_ZEIT", "15:00.000")
    assert [problem.reason for problem in wige_sectors.parse(data).doubts][-1] == (
        "Dazu 3 weitere Runden, deren Sektoren um mehr als 5 ms nicht zur Rundenzeit passen."
    )


@pytest.mark.parametrize("lost", ["INPIT", "RUNDE_NR", "TAGESZEIT", "FAHRER_NR"])
def test_a_header_that_lost_a_column_is_recognised_and_refused(lost):
    data = RACE.replace(f";{lost}".encode(), f";VERLOREN_{lost}".encode(), 1)
    assert sniff.sniff(data).FORMAT == "wige_sectors"
    with pytest.raises(FileRefused, match=f"fehlt die Spalte {lost}"):
        sniff.parse(data)


@pytest.mark.parametrize("line", HOSTILE)
def test_a_hostile_line_costs_nothing(line):
    began = time.perf_counter()
    with suppress(FileRefused):
        wige_sectors.parse(RACE + b"\n".join([line] * 20))
    assert time.perf_counter() - began < 2


@pytest.mark.slow
def test_a_damaged_file_is_parsed_or_refused_and_nothing_else():
    survives(wige_sectors, [RACE])


# ------------------------------------------------------------------ the real files


def independently(path):
    """Rows by column name, split by hand."""
    head, *lines = path.read_bytes().decode("cp1252").rstrip("\r\n").replace("\r\n", "\n").split("\n")
    names = [name.strip() for name in head.split(";")]
    assert {line.count(";") for line in lines} == {len(names) - 1}
    return [dict(zip(names, (field.strip() for field in line.split(";")), strict=True)) for line in lines]


def milliseconds(text):
    total = 0
    *larger, seconds = text.split(":")
    for part in larger:
        total = (total + int(part)) * 60
    whole, _, fraction = seconds.partition(".")
    return (total + int(whole)) * 1000 + int(fraction)


@needs_shared
def test_every_column_of_every_real_lap_is_where_an_independent_reader_finds_it():
    """11,841 laps of six files. Where all five sectors were measured they add up to the lap, to the millisecond."""
    read, whole, stops, seen = 0, 0, 0, Counter()
    for path in REAL:
        parsed, rows = sniff.parse(path.read_bytes()), independently(path)
        session = parsed.sessions[0]
        assert (parsed.format, parsed.rejected, session.deletions) == ("wige_sectors", (), ())
        assert {problem.column for problem in parsed.doubts} <= {"FAHRER_NR"}
        assert session.kind == ("race" if "RENNEN" in path.stem else "qualifying")
        ours = {(lap.number, lap.lap): lap for lap in session.laps}
        assert parsed.rows_read == len(rows) == len(ours)
        printed = {(row["STNR"], int(row["RUNDE_NR"])): row for row in rows}
        for (number, count), row in printed.items():
            lap = ours[number, count]
            sectors = tuple(
                milliseconds(row[f"SEKTOR{n}_ZEIT"]) if row[f"SEKTOR{n}_ZEIT"] else None for n in range(1, 6)
            )
            before = printed.get((number, count - 1), {}).get("PITSTOPDURATION", "")
            assert lap.time_ms == milliseconds(row["RUNDENZEIT"]) == int(row["RUNDENZEIT_IN_SEKUNDEN"].replace(",", ""))
            assert (lap.day_ms % DAY, lap.seat) == (milliseconds(row["TAGESZEIT"]), int(row["FAHRER_NR"]))
            assert (lap.sectors_ms or (None,) * 5) == sectors
            assert lap.in_pit == row["RUNDE_NR_TEXT"].endswith("p") == (row["INPIT"] == "J")
            assert (lap.pit_ms or 0) == (milliseconds(before) if before else 0)
            whole += None not in sectors and sum(sectors) == lap.time_ms
            seen[row["CANCELLED"], None in sectors, lap.in_pit] += 1
        read, stops = read + len(rows), stops + sum(lap.pit_ms is not None for lap in session.laps)
    assert (len(REAL), read, whole, stops) == (6, 11_841, 10_379, 1_307)
    assert seen == {("0", False, False): 10_379, ("0", True, True): 1_427, ("0", True, False): 35}


@needs_shared
def test_the_real_lists_of_laps_and_of_sectors_tell_the_same_laps():
    """Eleven laps of NLS7 name another driver in the list of sectors."""
    seats = 0
    for path in REAL:
        of_sectors = wige_sectors.parse(path.read_bytes()).sessions[0]
        of_laps = wige.parse(path.with_name(path.name.replace("SEKTORZEITEN", "LAPS")).read_bytes()).sessions[0]
        key = {(lap.number, lap.lap): lap for lap in of_sectors.laps}
        assert len(key) == len(of_laps.laps)
        for lap in of_laps.laps:
            other = key[lap.number, lap.lap]
            seats += other.seat != lap.seat
            assert (other.time_ms, other.day_ms) == (lap.time_ms, lap.day_ms)
        assert {replace(car, line=None) for car in of_sectors.entries} == {
            replace(car, line=None) for car in of_laps.entries
        }
    assert seats == 11
