import csv
import io
import re
import time
from contextlib import suppress
from functools import cache
from itertools import groupby, pairwise
from operator import attrgetter
from pathlib import Path

import pytest

from results.importers import alkamel_analysis, sniff
from results.importers.records import DriverRecord, FileRefused, LapRecord, RowRecord
from results.notation import DAY
from tests.results.damage import HOSTILE, moved_fields, survives
from tests.shared import SHARED, needs_shared

FILES = Path(__file__).parent.parent / "data" / "alkamel"
WEC = (FILES / "analysis_wec.csv").read_bytes()
PRACTICE = (FILES / "practice_imsa.csv").read_bytes()
REAL_WEC = sorted((SHARED / "data" / "wec_alkamel").glob("*.csv"))
REAL_IMSA = sorted((SHARED / "data" / "imsa_alkamel" / "laps").glob("*.csv"))


def only_session(data):
    parsed = alkamel_analysis.parse(data)
    assert (parsed.rejected, parsed.doubts) == ((), ())
    return parsed.sessions[0]


def laps_of(data, number):
    return [lap for lap in only_session(data).laps if lap.number == number]


def with_cell(data, line, column, value, separator=";"):
    """The file with one cell replaced; lines count from 1."""
    lines = data.decode("utf-8-sig").split("\r\n" if separator == ";" else "\n")
    place = [name.strip() for name in lines[0].split(separator)].index(column)
    fields = next(csv.reader([lines[line - 1]], delimiter=separator))
    fields[place] = value
    lines[line - 1] = separator.join(f'"{cell}"' if separator in cell else cell for cell in fields)
    return "\n".join(lines).encode()


def test_a_lap_is_read_by_its_column_names():
    parsed = alkamel_analysis.parse(WEC)
    assert (parsed.format, parsed.encoding, parsed.rows_read, parsed.extra) == (
        "alkamel_analysis", "utf-8-sig", 17, {"kind": "laps"},
    )  # fmt: skip
    assert parsed.sessions[0].laps[0] == LapRecord(
        "007", 1, 94_764, day_ms=86_134_764, elapsed_ms=94_764, seat=1, line=2, sectors_ms=(20_759, 43_845, 30_160),
    )  # fmt: skip


def test_cars_come_from_their_laps_and_no_result_is_invented():
    session = only_session(WEC)
    assert (session.key, session.kind, session.classification) == ("", "race", None)
    assert session.entries[0] == RowRecord(
        number="007", status="", class_name="HYPERCAR", team="Möwe Thor Team", manufacturer="Möwe",
        drivers=(DriverRecord("Harro", "Tinknagel", seat=1), DriverRecord("Kees", "van der Brück", seat=2)), line=2,
    )  # fmt: skip


def test_names_of_imsa_are_split_without_the_help_of_capitals():
    assert [[(d.first_name, d.last_name) for d in car.drivers] for car in only_session(PRACTICE).entries] == [
        [("Mona", "Sheen"), ("Stevan", "McAllister")],
        [("Renger", "van der Sande"), ("Jose Maria", "Lopes")],
    ]


def test_the_stop_belongs_to_the_lap_after_the_one_into_the_pits():
    laps = laps_of(WEC, "007")
    assert [lap.lap for lap in laps if lap.in_pit] == [3]
    assert [(lap.lap, lap.seat) for lap in laps if lap.pit_ms] == [(4, 2)]
    assert 62_000 <= laps[3].pit_ms <= 65_000


def test_waiting_for_the_green_light_is_no_stop_and_makes_no_race():
    session = only_session(PRACTICE)
    assert session.kind is None
    assert [(lap.number, lap.lap) for lap in session.laps if lap.pit_ms] == [("021", 3), ("01", 2), ("01", 4)]


def test_a_cup_is_a_group_but_a_hybrid_is_none():
    assert {car.number: car.cups for car in only_session(WEC).entries} == {"007": (), "12": (), "21": ()}
    assert {car.number: car.cups for car in only_session(PRACTICE).entries} == {"021": ("B",), "01": ()}


def test_the_clock_goes_on_past_midnight_like_the_time_since_the_start():
    laps = laps_of(WEC, "12")
    assert [after.day_ms - before.day_ms for before, after in pairwise(laps)] == [lap.time_ms for lap in laps[1:]]
    assert laps[-1].day_ms > DAY
    assert {lap.day_ms - lap.elapsed_ms for lap in laps} == {laps[0].day_ms - laps[0].time_ms}


def test_a_sector_that_was_not_measured_is_empty():
    assert laps_of(WEC, "21")[4].sectors_ms[1:] == (None, None)


def test_a_team_with_the_separator_in_its_name_shifts_nothing():
    assert [car.team for car in only_session(PRACTICE).entries] == ["Triarchi, Grün & Co.", "Kranich Racing"]


@pytest.mark.parametrize("rewrite", [
    lambda text: text.replace("\r\n", "\n").encode(),
    lambda text: text.replace("\r\n", "\r").encode(),
    lambda text: text.encode("utf-16"),
    lambda text: text.encode("cp1252"),
    lambda text: text.replace("; ", ";").encode(),
    lambda text: text.replace(";\r\n", "\r\n").encode(),
    lambda text: re.sub(";\r\n(?!\\Z|NUMBER)", "\r\n", text).replace("S3_SECONDS", "S3_SECONDS;", 1).encode(),
    lambda text: ("\r\n".join(";".join(reversed(line.removesuffix(";").split(";"))) for line in text.split("\r\n"))).encode(),
])  # fmt: skip
def test_newlines_encoding_blanks_order_and_closing_separators_change_nothing(rewrite):
    assert alkamel_analysis.parse(rewrite(WEC.decode("utf-8-sig"))).sessions == alkamel_analysis.parse(WEC).sessions


def test_without_the_seconds_of_the_newer_files_the_laps_are_the_same():
    lines = [line.rstrip(";").split(";") for line in WEC.decode("utf-8-sig").rstrip().split("\r\n")]
    older = "\n".join(";".join(line[:25]) + ";" for line in lines)
    assert alkamel_analysis.parse(older.encode()).sessions == alkamel_analysis.parse(WEC).sessions


@pytest.mark.parametrize(("column", "value", "reason"), [
    ("LAP_TIME", "1:60.000", "Sekunden nur bis 59"),
    ("S2", "NaN", "keine Zeit"),
    ("ELAPSED", "-3:09.571", "nicht negativ"),
    ("HOUR", "25:00:00.000", "24 Stunden"),
    ("PIT_TIME", "lang", "keine Zeit"),
    ("LAP_NUMBER", "0", "fehlt oder ist 0"),
    ("LAP_NUMBER", "1", "steht schon in Zeile 2"),
    ("DRIVER_NUMBER", "x", "keine ganze Zahl"),
    ("CROSSING_FINISH_LINE_IN_PIT", "C", "„B“ oder nichts"),
    ("NUMBER", "0 7", "keine Startnummer"),
    ("DRIVER_NAME", "x\u202ey", None),
    ("HOUR", "23:50:09.571", "läuft die Uhr von Startnummer 007 zurück"),
])  # fmt: skip
def test_a_doctored_cell_is_named_with_line_column_and_reason(column, value, reason):
    rejected = alkamel_analysis.parse(with_cell(WEC, 3, column, value)).rejected
    if reason is None:  # a name already known is not read again
        assert rejected == ()
    else:
        assert [
            problem.reason
            for problem in rejected
            if (problem.line, problem.column) == (3, column) and reason in problem.reason
        ]


@pytest.mark.parametrize(("column", "value", "named", "reason"), [
    ("S1", "20.822", "S1", "die Sektoren ergeben 1:34,808"),
    ("S1_LARGE", "0:20.822", "S1_LARGE", "In „S1“ steht 20.821, in „S1_LARGE“ 0:20.822."),
    ("S3_SECONDS", "30.604", "S1_LARGE", "In „S3“ steht 30.603, in „S3_SECONDS“ 30.604."),
    ("ELAPSED", "3:09.572", "ELAPSED", "die Gesamtzeit wächst um 1:34,808"),
    ("HOUR", "23:57:09.572", "HOUR", "die Uhr geht weiter um 1:34,808"),
    ("PIT_TIME", "0:01:02.000", "PIT_TIME", "die Runde davor kein „B“"),
    ("TEAM", "Amsel", "NUMBER", "ab hier andere als davor"),
    ("DRIVER_NAME", "Otto ANDERS", "DRIVER_NAME", "sitzt Harro TINKNAGEL, hier aber Otto ANDERS"),
    ("DRIVER_NAME", "", "DRIVER_NAME", "Wer diese Runde fuhr"),
])  # fmt: skip
def test_figures_that_contradict_each_other_are_a_doubt_and_reject_nothing(column, value, named, reason):
    parsed = alkamel_analysis.parse(with_cell(WEC, 3, column, value))
    assert parsed.rejected == ()
    assert any(
        (problem.line, problem.column) == (3, named) and reason in problem.reason for problem in parsed.doubts
    ), parsed.doubts


def test_seconds_beyond_a_minute_are_the_same_sector():
    lines = [line for line in WEC.decode("utf-8-sig").split("\r\n") if ";1:03.483;" in line]
    assert len(lines) == 1
    assert ";63.483;" in lines[0]


def test_of_very_many_doubts_the_first_are_named_and_the_rest_counted():
    lines = WEC.decode("utf-8-sig").rstrip().split("\r\n")
    laps = [lines[1].replace("007;1;1;1:34.764;", f"007;1;{lap};1:34.764;") for lap in range(1, 41)]
    about_elapsed = [
        p for p in alkamel_analysis.parse("\n".join([lines[0], *laps]).encode()).doubts if p.column == "ELAPSED"
    ]
    assert len(about_elapsed) == 13
    assert about_elapsed[-1].reason == "Dazu 27 weitere Runden, die nicht zur Gesamtzeit passen."


def test_a_missing_lap_is_a_doubt():
    lines = WEC.split(b"\r\n")
    parsed = alkamel_analysis.parse(b"\r\n".join([*lines[:2], *lines[3:]]))
    assert [problem.reason for problem in parsed.doubts] == ["Vor Runde 3 von Startnummer 007 fehlen Runden ab 2."]


def test_a_shifted_a_cut_and_a_badly_quoted_line_are_named():
    lines = WEC.decode("utf-8-sig").rstrip().split("\r\n")
    lines[2] = ";" + lines[2]
    lines[4] = lines[4].replace(";0;", ";", 1)
    lines[6] = lines[6].replace("Möwe Thor Team", '"Möwe Thor Team')
    lines[17] = lines[17][:90]
    assert [(problem.line, problem.reason[:44]) for problem in alkamel_analysis.parse("\n".join(lines).encode()).rejected] == [
        (3, "Die Zeile hat 31 Felder, die Kopfzeile 30. D"),
        (5, "Die Zeile hat 29 Felder, die Kopfzeile 30. D"),
        (7, "Die Anführungszeichen der Zeile gehen nicht "),
        (18, "Die Datei bricht in dieser Zeile ab: nach 20"),
    ]  # fmt: skip


@pytest.mark.parametrize(("lost", "sentence"), [
    (b" ELAPSED;", "Der Kopfzeile fehlt die Spalte ELAPSED."),
    (b"TEAM;", "Der Kopfzeile fehlt die Spalte TEAM."),
])  # fmt: skip
def test_a_header_that_lost_a_column_is_recognised_and_refused(lost, sentence):
    data = WEC.replace(lost, b"", 1)
    assert sniff.sniff(data).FORMAT == "alkamel_analysis"
    with pytest.raises(FileRefused, match=sentence):
        sniff.parse(data)


@pytest.mark.slow
@pytest.mark.parametrize(("data", "separator", "line"), [(WEC, ";", 6), (PRACTICE, ",", 3)])
def test_fields_that_moved_within_a_line_are_rejected_or_doubted_or_change_nothing(data, separator, line):
    sound = alkamel_analysis.parse(data).sessions
    columns = data.split(b"\n")[0].count(separator.encode())
    for move, moved in moved_fields(data, "utf-8-sig", separator, line, columns):
        parsed = alkamel_analysis.parse(moved)
        assert parsed.rejected or parsed.doubts or parsed.sessions == sound, move


@pytest.mark.parametrize(("column", "value", "reason"), [
    ("LAP_TIME", "", "hat keine Rundenzeit"),
    ("ELAPSED", "", "hat keine Gesamtzeit"),
])  # fmt: skip
def test_a_lap_without_a_time_is_a_doubt(column, value, reason):
    parsed = alkamel_analysis.parse(with_cell(WEC, 3, column, value))
    assert parsed.rejected == ()
    assert [problem.line for problem in parsed.doubts if reason in problem.reason] == [3]


@pytest.mark.parametrize("line", HOSTILE)
def test_a_hostile_line_costs_nothing(line):
    began = time.perf_counter()
    with suppress(FileRefused):
        alkamel_analysis.parse(WEC + b"\n".join([line] * 20))
    sniff.formats()[0].recognises(line.decode())
    assert time.perf_counter() - began < 2


@pytest.mark.slow
def test_a_damaged_file_is_parsed_or_refused_and_nothing_else():
    survives(alkamel_analysis, [WEC, PRACTICE])


def test_20_000_laps_are_read_quickly():
    head, *lines = WEC.decode("utf-8-sig").rstrip().split("\r\n")
    many = [
        head,
        *(f"{copy}{line}" for copy in range(100, 1277) for line in lines if line.startswith(("12", "21", "007"))),
    ]
    data = "\n".join(many).encode()
    assert len(many) > 20_000
    began = time.process_time()
    parsed = alkamel_analysis.parse(data)
    took = time.process_time() - began
    assert (parsed.rejected, len(parsed.sessions[0].laps)) == ((), len(many) - 1)
    assert took < 1.5  # half a second on an idle machine


# ------------------------------------------------------------------ the real files


def milliseconds(text):
    """By hand and with nothing of ours: `1:23.456` to 83,456."""
    total = 0
    *larger, seconds = text.split(":")
    for part in larger:
        total = (total + int(part)) * 60
    whole, _, fraction = seconds.partition(".")
    return (total + int(whole)) * 1000 + int(fraction.ljust(3, "0"))


@cache
def parsed_once(path):
    return sniff.parse(path.read_bytes())


def independently(path):
    text = path.read_bytes().decode("utf-8-sig").replace("\r\n", "\n")
    separator = ";" if ";" in text.split("\n")[0] else ","
    head, *rows = csv.reader(io.StringIO(text), delimiter=separator)
    names = [name.strip() for name in head]
    return [dict(zip(names, row, strict=True)) for row in rows]


@needs_shared
@pytest.mark.parametrize("path", REAL_WEC + REAL_IMSA, ids=lambda path: path.stem[-40:])
def test_every_column_of_every_real_lap_is_where_an_independent_reader_finds_it(path):
    parsed = parsed_once(path)
    session = parsed.sessions[0]
    assert (parsed.format, parsed.rejected, parsed.doubts) == ("alkamel_analysis", (), ())
    assert session.kind == (None if "practice" in path.stem or "qualifying" in path.stem else "race")
    cars = {car.number: car for car in session.entries}
    ours = {(lap.number, lap.lap): lap for lap in session.laps}
    rows = independently(path)
    assert parsed.rows_read == len(rows) == len(ours)
    for row in rows:
        lap, car = ours[row["NUMBER"], int(row["LAP_NUMBER"])], cars[row["NUMBER"]]
        assert (lap.time_ms, lap.elapsed_ms) == (milliseconds(row["LAP_TIME"]), milliseconds(row["ELAPSED"]))
        assert lap.day_ms % DAY == milliseconds(row["HOUR"])
        assert (lap.sectors_ms or (None,) * 3) == tuple(
            milliseconds(row[s]) if row[s] else None for s in ("S1", "S2", "S3")
        )
        assert (lap.seat, lap.in_pit) == (int(row["DRIVER_NUMBER"]), row["CROSSING_FINISH_LINE_IN_PIT"] == "B")
        if lap.lap > 1:
            assert lap.pit_ms == (milliseconds(row["PIT_TIME"]) if row["PIT_TIME"] else None)
        assert (car.class_name, car.team, car.manufacturer) == (row["CLASS"], row["TEAM"], row["MANUFACTURER"])
        driver = next(driver for driver in car.drivers if driver.seat == lap.seat)
        assert f"{driver.first_name} {driver.last_name}".casefold() == row["DRIVER_NAME"].casefold()


@needs_shared
def test_sectors_and_elapsed_agree_in_every_real_race_lap():
    """48,399 laps of eight races, four of them of the WEC; the counts in racing.md come from more files than these."""
    sums, grown, races = 0, 0, {"wec": 0, "imsa": 0}
    for path in REAL_WEC + REAL_IMSA:
        session = parsed_once(path).sessions[0]
        if session.kind == "race":
            races["wec" if path in REAL_WEC else "imsa"] += len(session.laps)
            sums += sum(
                sum(lap.sectors_ms) == lap.time_ms
                for lap in session.laps
                if lap.sectors_ms and None not in lap.sectors_ms
            )
            for _, of_car in groupby(session.laps, key=attrgetter("number")):
                laps = list(of_car)
                assert laps[0].elapsed_ms == laps[0].time_ms
                grown += sum(lap.elapsed_ms - before.elapsed_ms == lap.time_ms for before, lap in pairwise(laps))
    assert races == {"wec": 22_599, "imsa": 25_800}
    assert (sums, grown) == (48_259, 48_105)  # 140 laps without all their sectors, 294 first laps


@needs_shared
def test_no_stop_is_without_its_lap_into_the_pits():
    for path in REAL_WEC + REAL_IMSA:
        laps = {(lap.number, lap.lap): lap for lap in parsed_once(path).sessions[0].laps}
        stops = [key for key, lap in laps.items() if lap.pit_ms is not None]
        assert [key for key in stops if not laps[key[0], key[1] - 1].in_pit] == []
        assert stops
