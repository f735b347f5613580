import random
import time
import tracemalloc
from collections import Counter
from itertools import pairwise
from pathlib import Path

import pytest

from results.importers import wige
from results.importers.encoding import decode, split_lines
from results.importers.records import DriverRecord, FileRefused, LapRecord, ParsedFile, RowRecord
from results.importers.table import read_table
from results.notation import DAY
from tests.shared import SHARED, needs_shared

FILES = Path(__file__).parent.parent / "data" / "wige"
RACE = (FILES / "result_race.csv").read_bytes()
QUALIFYING = (FILES / "result_qualifying.csv").read_bytes()
LAPS = (FILES / "laps_race.csv").read_bytes()
REAL = sorted((SHARED / "data" / "nls_wige").glob("*.CSV"))
REAL_RESULTS = [path for path in REAL if path.stem.endswith("RESULT")]
REAL_LAPS = [path for path in REAL if path.stem.endswith("LAPS")]


def only_session(data):
    parsed = wige.parse(data)
    assert parsed.rejected == ()
    return parsed.sessions[0]


def cars(data):
    return {row.number: row for row in only_session(data).classification}


def with_cell(data, line, column, value):
    """The file with one cell replaced; lines count from 1."""
    lines = data.decode("cp1252").split("\n")
    place = lines[0].split(";").index(column)
    fields = lines[line - 1].split(";")
    fields[place] = value
    lines[line - 1] = ";".join(fields)
    return "\n".join(lines).encode("cp1252")


def problems(data):
    return [(problem.line, problem.column) for problem in wige.parse(data).rejected]


def test_a_race_result_is_read_by_its_column_names():
    parsed = wige.parse(RACE)
    assert (parsed.format, parsed.extra, parsed.encoding, parsed.rows_read, parsed.doubts) == (
        "wige",
        {"kind": "result"},
        "cp1252",
        9,
        (),
    )
    assert (parsed.series, parsed.season, parsed.event, parsed.time_zone) == (None, None, None, None)
    session = parsed.sessions[0]
    assert (session.key, session.kind, session.complete, session.laps) == ("", "race", True, None)
    assert session.classification[2] == RowRecord(
        number="911", status="classified", position=3, class_name="SP9 PRO", class_position=2, team="Grünwald Racing", car="Adler GT3", manufacturer="Adler",
        drivers=(DriverRecord("Zoë", "Estrée", town="Besançon", seat=1), DriverRecord("André", "Negrão", town="São Paulo", seat=2), DriverRecord("", "'Jim Beispiel'", town="Ulm", seat=3)),
        laps=6, total_ms=3_095_936, gap_ms=44_936, best_lap_ms=485_408, best_lap_number=1, penalty_ms=30_000, line=4,
    )  # fmt: skip


def test_gaps_are_time_or_laps():
    assert [(row.gap_ms, row.gap_laps) for row in only_session(RACE).classification] == [
        (None, None), (7_927, None), (44_936, None), (108_120, None), (None, 1), (None, 1), (None, 3), (None, None), (None, None),
    ]  # fmt: skip


def test_numbers_are_text_and_quotes_are_stripped_after_splitting():
    car = cars(RACE)["007"]
    assert car.team == "Größe & Söhne e.V."
    assert [(driver.first_name, driver.last_name) for driver in car.drivers] == [
        ("", "'SELV'"),
        ("Kees", "Van der Brück"),
    ]


def test_whoever_did_not_finish_has_a_status_and_no_place():
    rows = cars(RACE)
    assert [
        (rows[n].status, rows[n].printed_status, rows[n].position, rows[n].laps, rows[n].total_ms)
        for n in ("15", "929", "808")
    ] == [
        ("dnf", "DNF", None, 3, 1_453_727),
        ("dsq", "DSQ", None, 0, None),
        ("dns", "DNS", None, 0, None),
    ]


def test_guests_and_subclasses_are_kept():
    rows = cars(RACE)
    assert [rows[number].guest for number in ("300", "3")] == [True, False]
    assert rows["21B"].cups == ("A(Cup3)",)


def test_a_qualifying_result_has_best_laps_and_no_totals():
    session = only_session(QUALIFYING)
    assert session.kind == "qualifying"
    assert {(row.total_ms, row.best_lap_number) for row in session.classification} == {(None, None)}
    assert [(row.best_lap_ms, row.gap_ms) for row in session.classification[:2]] == [(482_186, None), (483_614, 1_428)]


def test_a_car_without_a_time_in_qualifying_is_not_classified():
    data = QUALIFYING
    for column, value in [
        ("RANG", ""),
        ("KLASSENRANG", ""),
        ("RUECKSTAND", ""),
        ("SCHNELLSTE RUNDE", "00.000"),
        ("GESAMTZEIT", "00.000"),
    ]:
        data = with_cell(data, 10, column, value)
    parsed = wige.parse(data)
    row = parsed.sessions[0].classification[8]
    assert (row.status, row.position, row.best_lap_ms, parsed.rejected, parsed.doubts) == ("nc", None, None, (), ())


def test_neither_licence_numbers_nor_nations_guessed_from_them_leave_the_file():
    assert {
        (driver.licence, driver.nationality) for row in only_session(RACE).classification for driver in row.drivers
    } == {("", "")}


def test_laps_carry_clock_and_seat_and_invent_no_result():
    parsed = wige.parse(LAPS)
    session = parsed.sessions[0]
    assert (parsed.rejected, parsed.doubts, parsed.extra) == ((), (), {"kind": "laps"})
    assert (session.kind, session.classification, len(session.laps), len(session.entries)) == ("race", None, 42, 8)
    assert session.laps[3] == LapRecord("3", 4, 621_791, day_ms=87_279_035, seat=2, line=5)
    assert {(entry.status, entry.position, entry.laps) for entry in session.entries} == {("", None, None)}
    assert session.entries[0].drivers[0] == DriverRecord("Sven", "Körber", town="Möglingen", seat=1)


def test_the_clock_goes_on_past_midnight():
    laps = [lap for lap in only_session(LAPS).laps if lap.number == "3"]
    assert [after.day_ms - before.day_ms for before, after in pairwise(laps)] == [lap.time_ms for lap in laps[1:]]
    assert laps[-1].day_ms > DAY


def test_a_car_that_joins_after_midnight_is_of_the_next_day_too():
    late = b"\n".join(line for line in LAPS.split(b"\n") if not (line.startswith(b"15;") and b";23:" in line))
    laps = [lap for lap in only_session(late).laps if lap.number == "15"]
    assert [lap.day_ms > DAY for lap in laps] == [True]


@pytest.mark.parametrize("rewrite", [
    lambda text: text.replace("\n", "\r").encode("cp1252"),
    lambda text: text.replace("\n", "\r\n").encode("cp1252"),
    lambda text: text.encode("utf-8"),
    lambda text: text.encode("utf-8-sig"),
    lambda text: text.encode("utf-16"),
    lambda text: text.rstrip("\n").encode("cp1252"),
    lambda text: (text + "\n\n").encode("cp1252"),
])  # fmt: skip
@pytest.mark.parametrize("data", [RACE, LAPS])
def test_newlines_and_encoding_change_nothing(data, rewrite):
    assert wige.parse(rewrite(data.decode("cp1252"))).sessions == wige.parse(data).sessions


def test_columns_in_another_order_change_nothing():
    rows = [line.split(";") for line in RACE.decode("cp1252").rstrip("\n").split("\n")]
    turned = "\n".join(";".join(reversed(row)) for row in rows)
    assert wige.parse(turned.encode("cp1252")).sessions == wige.parse(RACE).sessions


@pytest.mark.parametrize(
    ("data", "line", "column", "reason"),
    [
        (with_cell(RACE, 3, "GESAMTZEIT", "1:60.000"), 3, "GESAMTZEIT", "Sekunden nur bis 59"),
        (with_cell(RACE, 3, "GESAMTZEIT", "50:58.928"), 3, "RUECKSTAND", "aus den Zeiten folgt +7,928"),
        (with_cell(RACE, 3, "RUECKSTAND", "-07.927"), 3, "RUECKSTAND", "negativ"),
        (with_cell(RACE, 3, "RUECKSTAND", "1 Runde"), 3, "RUECKSTAND", "0 Runden zurück, nicht +1 Rd."),
        (with_cell(RACE, 3, "STNR", "3"), 3, "STNR", "steht schon in Zeile 2"),
        (with_cell(RACE, 3, "STNR", ""), 3, "STNR", "fehlt"),
        (with_cell(RACE, 3, "RANG", "1"), 3, "RANG", "Platz 1 ist an 3 und 007 vergeben"),
        (with_cell(RACE, 3, "RANG", "zwei"), 3, "RANG", "ist keine ganze Zahl"),
        (with_cell(RACE, 3, "RUNDEN", "9"), 3, "RUNDEN", "mehr als der Sieger"),
        (with_cell(RACE, 4, "KLASSENRANG", "1"), 4, "KLASSENRANG", "nach den Plätzen davor wäre es 2"),
        (with_cell(RACE, 8, "STATUS", "PUFF"), 8, "STATUS", "ist unbekannt"),
        (with_cell(RACE, 5, "FAHRER1_NAME", "x" * 81), 5, "FAHRER1_NAME", "länger als 80"),
        (with_cell(with_cell(RACE, 5, "FAHRER1_NAME", ""), 5, "FAHRER1_VORNAME", ""), 5, "FAHRER1_NAME", "Startnummer 21B hat keinen Fahrer"),
        (with_cell(QUALIFYING, 3, "GESAMTZEIT", "8:03.615"), 3, "GESAMTZEIT", "schnellste Runde"),
        (with_cell(LAPS, 3, "RUNDENZEIT", "8:03.472"), 3, "RUNDENZEIT_SEKUNDEN", "(8:03.472) und ihre Sekunden (483,471) widersprechen sich"),
        (with_cell(LAPS, 3, "RUNDE", "1"), 3, "RUNDE", "Runde 1 von Startnummer 3 steht schon in Zeile 2"),
        (with_cell(LAPS, 3, "RUNDE", "0"), 3, "RUNDE", "fehlt oder ist 0"),
        (with_cell(LAPS, 3, "TAGESZEIT", "24:00:00.000"), 3, "TAGESZEIT", "ein Tag hat 24 Stunden"),
        (with_cell(LAPS, 3, "TAGESZEIT", "22:56:09.776"), 3, "TAGESZEIT", "läuft die Uhr von Startnummer 3 zurück"),
    ],
)  # fmt: skip
def test_a_doctored_cell_is_named_with_line_column_and_reason(data, line, column, reason):
    rejected = wige.parse(data).rejected
    assert any((problem.line, problem.column) == (line, column) and reason in problem.reason for problem in rejected), (
        rejected
    )


def test_a_shifted_or_truncated_line_is_named():
    lines = RACE.split(b"\n")
    lines[2] = b"x;" + lines[2]
    assert "161 Felder, die Kopfzeile 160" in wige.parse(b"\n".join(lines)).rejected[0].reason
    cut = wige.parse(RACE[:-40])
    assert [(problem.line, problem.column) for problem in cut.rejected] == [(10, None)]
    assert "bricht in dieser Zeile ab" in cut.rejected[0].reason


def test_every_bad_line_is_collected():
    data = with_cell(with_cell(with_cell(LAPS, 3, "RUNDENZEIT", "NaN"), 5, "RUNDE", "x"), 20, "TAGESZEIT", "gestern")
    assert problems(data) == [(3, "RUNDENZEIT"), (5, "RUNDE"), (20, "TAGESZEIT")]


@pytest.mark.parametrize(
    ("data", "doubt"),
    [
        (with_cell(RACE, 8, "STATUS", ""), "Ohne Rang und ohne Status"),
        (with_cell(RACE, 8, "RANG", "7"), "ausgefallen, trägt aber Rang 7"),
        (with_cell(LAPS, 3, "DRIVERID", "5"), "Fahrer 5 fuhr 1 Runde, ist aber nicht genannt"),
        (with_cell(LAPS, 3, "FAHRER1_NAME", "Anders"), "ab hier andere als davor"),
        (with_cell(LAPS, 3, "TAGESZEIT", "23:56:09.777"), "Uhr und Rundenzeit widersprechen sich"),
        (b"\n".join(line for number, line in enumerate(LAPS.split(b"\n")) if number != 3), "fehlen Runden ab 3"),
    ],
)
def test_what_is_odd_but_happens_is_a_doubt(data, doubt):
    parsed = wige.parse(data)
    assert parsed.rejected == ()
    assert any(doubt in problem.reason for problem in parsed.doubts), parsed.doubts


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        (RACE.replace(b";RANG;", b";PLATZ;", 1), "Der Kopfzeile fehlt die Spalte RANG."),
        (
            LAPS.replace(b";RUNDE;", b";R;", 1).replace(b";DRIVERID", b";D", 1),
            "Der Kopfzeile fehlen die Spalten RUNDE, DRIVERID.",
        ),
        (RACE.replace(b";RANG;", b";STNR;", 1), "nennt eine Spalte doppelt: STNR"),
        (RACE.split(b"\n")[0], "aber keine Zeile darunter"),
        (RACE.split(b"\n")[0] + b";" * 400, "erlaubt sind 400"),
        (b"", "Die Datei ist leer"),
    ],
)
def test_a_file_with_a_wrong_header_is_refused(data, sentence):
    with pytest.raises(FileRefused) as caught:
        wige.parse(data)
    assert sentence in str(caught.value)


@needs_shared
def test_there_are_twelve_real_result_and_lap_files():
    assert (len(REAL_RESULTS), len(REAL_LAPS)) == (6, 6)


@needs_shared
@pytest.mark.parametrize("path", REAL_RESULTS + REAL_LAPS, ids=lambda path: path.stem)
def test_a_real_file_loads_without_a_rejected_row(path):
    parsed = wige.parse(path.read_bytes())
    session = parsed.sessions[0]
    lines = len(split_lines(path.read_bytes().decode("cp1252"))) - 1
    assert (parsed.rejected, parsed.encoding) == ((), "cp1252")
    assert parsed.rows_read == len(session.classification or session.laps) == lines
    assert session.kind == ("qualifying" if "ZEITTRAINING" in path.stem else "race")
    assert {problem.column for problem in parsed.doubts} <= {"DRIVERID"}


def test_a_file_of_line_breaks_is_refused_before_it_is_split():
    tracemalloc.start()
    with pytest.raises(FileRefused, match="mehr als 100000 Zeilen"):
        read_table(LAPS.decode("cp1252") + "\n" * 5_000_000)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 10 * 2**20


def test_a_file_of_faults_names_those_a_person_could_read():
    head = LAPS.decode("cp1252").split("\n")[0]
    problems = read_table("\n".join([head, *["x"] * 60_000])).problems
    assert (len(problems), problems[-1].reason) == (50_001, "Ab hier werden weitere Fehler nicht mehr aufgeführt.")


def test_a_large_file_takes_memory_like_its_own_text_and_no_more():
    head, *lines = LAPS.decode("cp1252").rstrip("\n").split("\n")
    wide = f"{head};" + ";".join(f"WEITERES{column}" for column in range(120))
    line = lines[0] + ";abc" * 120
    text = "\n".join([wide, *[line] * 20_000])
    tracemalloc.start()
    table = read_table(text)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()

    assert len(table.lines) == 20_000
    assert peak < 3 * len(text)


@needs_shared
def test_every_column_of_every_real_result_row_is_aligned():
    rows = 0
    for path in REAL_RESULTS:
        table = read_table(decode(path.read_bytes()).text)
        index = table.index
        assert (len(index), table.problems) == (160, [])
        for number, cells in enumerate(table.rows(), start=1):
            rows, fields = rows + 1, cells.fields
            assert fields[index["INDEX"]] == f"{number:04d}"
            assert fields[index["GAST"]] in {"0", "1"}
            assert fields[index["SPEZIAL"]] == "0"  # the last column
            assert fields[index["KLASSESORT"]].strip() == f"0000{fields[index['KLASSE']].strip()}"
            assert fields[index["KLASSE"]].startswith(fields[index["KLASSE_NR"]])
    assert rows == 735


@needs_shared
def test_every_real_lap_equals_its_own_seconds_column():
    """11,841 laps, and with them as many times of day."""
    laps = 0
    for path in REAL_LAPS:
        table = read_table(decode(path.read_bytes()).text)
        session = wige.parse(path.read_bytes()).sessions[0]
        seconds = {
            (cells.raw("STNR"), int(cells.raw("RUNDE"))): cells.raw("RUNDENZEIT_SEKUNDEN") for cells in table.rows()
        }
        assert {key: int(printed.replace(",", "")) for key, printed in seconds.items()} == {
            (lap.number, lap.lap): lap.time_ms for lap in session.laps
        }
        laps += len(session.laps)
    assert laps == 11_841


@needs_shared
def test_the_real_statuses_and_best_laps_agree_with_the_laps():
    base = SHARED / "data" / "nls_wige"
    result = wige.parse((base / "NLS1__RENNEN_RESULT.CSV").read_bytes()).sessions[0]
    laps = wige.parse((base / "NLS1__RENNEN_LAPS.CSV").read_bytes()).sessions[0].laps
    best = {}
    for lap in laps:
        best[lap.number] = min(lap.time_ms, best.get(lap.number, lap.time_ms))
    assert Counter(row.status for row in result.classification) == {"classified": 88, "dnf": 19, "dsq": 7, "dns": 2}
    assert [
        row.number for row in result.classification if row.number in best and best[row.number] != row.best_lap_ms
    ] == []


def test_20_000_laps_are_read_quickly():
    head, *lines = LAPS.rstrip(b"\n").split(b"\n")
    many = [head, *(b"%d%s" % (copy, line) for copy in range(100, 577) for line in lines)]
    data = b"\n".join(many)
    assert len(many) > 20_000
    began = time.process_time()
    parsed = wige.parse(data)
    took = time.process_time() - began
    assert (parsed.rejected, len(parsed.sessions[0].laps)) == ((), len(many) - 1)
    assert took < 1.5  # a third of a second on an idle machine


@pytest.mark.parametrize("line", [b";" * 100_000, b"1:" * 100_000, b'"' * 100_000, b" " * 100_000 + b"x"])
def test_a_hostile_line_costs_nothing(line):
    began = time.perf_counter()
    parsed = wige.parse(RACE + b"\n".join([line] * 20))
    assert len(parsed.rejected) == 20
    assert time.perf_counter() - began < 2


def test_a_mutated_file_is_parsed_or_refused_and_nothing_else():
    dice = random.Random(10)
    for source in (RACE, LAPS):
        for _ in range(1_000):
            data = bytearray(source)
            for _ in range(dice.randint(1, 5)):
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
                        [b";", b"\n", b'"', b"1:60.000", b"\x00", b"\x81", b"-", b"99999999999", b"\r"]
                    )
            try:
                assert isinstance(wige.parse(bytes(data)), ParsedFile)
            except FileRefused as refused:
                assert str(refused)  # noqa: PT017 - either outcome is right
