import csv
import io
import time
from collections import Counter
from contextlib import suppress
from pathlib import Path

import pytest

from results.importers import alkamel_results, sniff
from results.importers.crew_names import split_name, spoken
from results.importers.records import DriverRecord, FileRefused, RowRecord
from tests.results.damage import HOSTILE, moved_fields, survives
from tests.shared import SHARED, needs_shared

FILES = Path(__file__).parent.parent / "data" / "alkamel"
RACE = (FILES / "results_race_imsa.csv").read_bytes()
PRACTICE = (FILES / "results_practice_imsa.csv").read_bytes()
WEC = (FILES / "classification_wec.csv").read_bytes()
ECM = (FILES / "classification_ecm.csv").read_bytes()
REAL = sorted((SHARED / "data" / "imsa_alkamel" / "results").glob("*.csv"))
GARBLED = "Zürich".encode().decode("cp1252").encode()


def only_session(data):
    parsed = alkamel_results.parse(data)
    assert (parsed.rejected, parsed.doubts) == ((), ())
    return parsed.sessions[0]


def cars(data):
    return {row.number: row for row in only_session(data).classification}


def with_cell(data, line, column, value):
    """The file with one cell replaced; lines count from 1."""
    lines = data.decode("utf-8-sig").replace("\r\n", "\n").split("\n")
    separator = ";" if ";" in lines[0] else ","
    place = [name.strip() for name in lines[0].split(separator)].index(column)
    fields = next(csv.reader([lines[line - 1]], delimiter=separator))
    fields[place] = value
    lines[line - 1] = separator.join(f'"{cell}"' if separator in cell else cell for cell in fields)
    return "\n".join(lines).encode()


def without_line(data, line):
    lines = data.split(b"\n")
    return b"\n".join(lines[: line - 1] + lines[line:])


def test_a_race_is_read_by_its_column_names():
    parsed = alkamel_results.parse(RACE)
    assert (parsed.format, parsed.encoding, parsed.rows_read, parsed.extra, parsed.rejected, parsed.doubts) == (
        "alkamel_results", "utf-8-sig", 5, {"kind": "result"}, (), (),
    )  # fmt: skip
    session = parsed.sessions[0]
    assert (session.key, session.kind, session.complete, session.laps) == ("", "race", True, None)
    assert session.classification[0] == RowRecord(
        number="01", status="classified", printed_status="Classified", position=1, class_name="GTP", class_position=1,
        team="Kranich Racing", car="Kranich V-Series.R", laps=40, total_ms=3_662_853, best_lap_ms=86_841, best_lap_number=38,
        drivers=(
            DriverRecord("Filip", "Albrecht", "GBR", "Bedford, United Kingdom", seat=1, grade="platinum"),
            DriverRecord("Renger", "van der Sande", "NLD", "Amsterdam, NL", seat=2, grade="gold"),
            DriverRecord("Juan Pablo", "Montaña", "BRA", "São Paulo", seat=3, grade="silver"),
        ),
        line=2,
    )  # fmt: skip


def test_gaps_are_time_or_laps():
    assert [(row.gap_ms, row.gap_laps) for row in only_session(RACE).classification] == [
        (None, None), (1_435, None), (None, 2), (None, 40), (None, None),
    ]  # fmt: skip


def test_class_positions_are_counted_down_the_positions_of_a_whole_sheet():
    assert {number: row.class_position for number, row in cars(RACE).items()} == {
        "01": 1,
        "5": 2,
        "021": 1,
        "57": 2,
        "80": None,
    }


def test_an_incomplete_sheet_counts_no_class_positions():
    parsed = alkamel_results.parse(without_line(RACE, 3))
    session = parsed.sessions[0]
    assert (parsed.rejected, session.complete) == ((), False)
    assert {row.class_position for row in session.classification} == {None}
    assert "fehlt Platz 2" in parsed.doubts[0].reason


def test_a_car_without_a_lap_keeps_the_position_that_is_printed_and_one_that_never_started_has_none():
    rows = cars(RACE)
    assert [(rows[n].status, rows[n].position, rows[n].laps, rows[n].total_ms) for n in ("57", "80")] == [
        ("classified", 4, 0, None),
        ("dns", None, 0, None),
    ]


def test_a_practice_has_best_laps_and_no_totals_and_may_be_a_qualifying():
    session = only_session(PRACTICE)
    assert (session.kind, session.complete) == (None, True)
    assert [
        (row.position, row.class_position, row.best_lap_ms, row.best_lap_number, row.laps, row.gap_ms, row.total_ms)
        for row in session.classification
    ] == [
        (1, 1, 86_091, 6, 7, None, None),
        (2, 2, 86_116, 3, 6, 25, None),
        (3, 1, 91_522, 4, 5, 5_431, None),
        (4, 2, None, None, 1, None, None),
    ]


def test_ratings_towns_countries_and_names_are_those_of_the_driver():
    drivers = [driver for row in only_session(PRACTICE).classification for driver in row.drivers]
    assert [(driver.last_name, driver.grade, driver.town, driver.nationality) for driver in drivers] == [
        ("Lüdke", "platinum", "Ottawa, ON", "CAN"), ("Bäche", "silver", "Genf", "SWI"),
        ("Albrecht", "platinum", "Bedford, United Kingdom", "GBR"), ("van der Sande", "gold", "Amsterdam, NL", "NLD"), ("Montaña", "silver", "São Paulo", "BRA"),
        ("Sheen", "bronze", "", "USA"), ("O'Wahr", "gold", "", "?"), ("Berlo", "silver", "Zürich", "SWZ"),
        ("Wart", "silver", "", "USA"),
    ]  # fmt: skip


def test_a_group_is_a_cup_and_a_hybrid_is_none():
    assert [row.cups for row in only_session(RACE).classification] == [(), (), ("B",), (), ()]
    assert [row.cups for row in only_session(ECM).classification] == [(), (), ()]


def test_the_fifth_driver_stands_behind_everything_else_and_minutes_have_an_apostrophe():
    session = only_session(WEC)
    assert [(row.total_ms, row.best_lap_ms, row.gap_ms, row.gap_laps) for row in session.classification] == [
        (20_681_101, 118_056, None, None), (20_741_202, 118_906, 60_101, None), (20_699_000, 128_906, None, 8),
        (10_800_000, 129_906, None, 100),
    ]  # fmt: skip
    assert [(d.seat, d.first_name, d.last_name) for d in session.classification[1].drivers] == [
        (1, "Kees", "van der Brück"), (2, "Harro", "Tinknagel"), (3, "Ada", "Eins"), (4, "Zoë", "McAleer"), (5, "Tom", "van Rompe"),
    ]  # fmt: skip
    assert [len(row.drivers) for row in session.classification] == [3, 5, 1, 1]
    assert [(row.status, row.position) for row in session.classification][3] == ("nc", None)


def test_semicolons_and_columns_of_another_series_change_nothing():
    rows = cars(ECM)
    assert [(rows[n].status, rows[n].position, rows[n].gap_laps, rows[n].laps) for n in ("007", "12", "21")] == [
        ("classified", 1, None, 200), ("classified", 2, 1, 199), ("dsq", None, None, 150),
    ]  # fmt: skip
    assert [(d.first_name, d.last_name, d.grade) for d in rows["21"].drivers] == [("Zoë", "McAleer", "gold")]


def test_one_driver_may_stand_in_columns_without_a_number():
    lines = ECM.decode().replace("DRIVER1_", "DRIVER_").split("\r\n")
    single = "\r\n".join(
        [lines[0].split("DRIVER2_")[0], *(";".join(line.split(";")[:37]) + ";" for line in lines[1:4])]
    )
    assert [[d.last_name for d in row.drivers] for row in only_session(single.encode()).classification] == [
        ["Tinknagel"], ["Steffens"], ["McAleer"],
    ]  # fmt: skip


@pytest.mark.parametrize("data", [RACE, PRACTICE])
def test_position_and_total_go_by_either_name(data):
    text = data.decode("utf-8-sig")
    turned = (
        text.replace("POSITION,", "POS,", 1).replace("TOTAL_TIME", "TIME", 1)
        if data is RACE
        else text.replace("POS,", "POSITION,", 1)
    )
    assert alkamel_results.parse(turned.encode()).sessions == alkamel_results.parse(data).sessions


@pytest.mark.parametrize("rewrite", [
    lambda text: text.replace("\n", "\r\n").encode(),
    lambda text: text.replace("\n", "\r").encode(),
    lambda text: text.encode("utf-16"),
    lambda text: text.encode("cp1252"),
])  # fmt: skip
@pytest.mark.parametrize("data", [RACE, PRACTICE])
def test_newlines_and_encoding_change_nothing(data, rewrite):
    assert alkamel_results.parse(rewrite(data.decode("utf-8-sig"))).sessions == alkamel_results.parse(data).sessions


def test_towns_garbled_by_the_organiser_are_put_right_and_a_person_hears_of_it():
    parsed = alkamel_results.parse(PRACTICE.replace("Zürich".encode(), GARBLED))
    assert parsed.sessions == alkamel_results.parse(PRACTICE).sessions
    assert [(problem.line, problem.reason) for problem in parsed.doubts] == [
        (4, "„ZÃ¼rich“ ist verstümmelt und wird als „Zürich“ gelesen."),
    ]  # fmt: skip


@pytest.mark.parametrize("garbled", ["ZÃ\u00a0rich\ufffd", "ZÃ¼ricÃhä", "Z\u00c3\u00bc\u00c3 "])
def test_what_cannot_be_put_right_without_a_choice_is_refused(garbled):
    with pytest.raises(FileRefused, match=r"verstümmelt|Ersatzzeichen"):
        alkamel_results.parse(PRACTICE.replace("Zürich".encode(), garbled.encode()))


@pytest.mark.parametrize(("data", "line", "column", "value", "reason"), [
    (RACE, 3, "TOTAL_TIME", "1:01:60.288", "Sekunden nur bis 59"),
    (RACE, 3, "GAP_FIRST", "-1.435", "negativ"),
    (RACE, 3, "GAP_FIRST", "+1.436", "aus den Zeiten folgt +1,435"),
    (RACE, 4, "GAP_FIRST", "3 Laps", "2 Runden zurück"),
    (RACE, 3, "STATUS", "Verdunstet", "ist unbekannt"),
    (RACE, 3, "POSITION", "", "gewertet, hat aber keinen Platz"),
    (RACE, 3, "POSITION", "0", "beginnt bei 1"),
    (RACE, 3, "POSITION", "1", "Platz 1 ist an 01 und 5 vergeben"),
    (RACE, 3, "LAPS", "41", "mehr als der Sieger"),
    (RACE, 3, "NUMBER", "01", "steht schon in Zeile 2"),
    (RACE, 3, "NUMBER", "", "fehlt"),
    (RACE, 3, "FL_LAPNUM", "x", "keine ganze Zahl"),
    (RACE, 3, "DRIVER1_HOMETOWN", "x" * 81, "länger als 80"),
    (PRACTICE, 3, "GAP_FIRST", "+0.026", "aus den Zeiten folgt +0,025"),
    (WEC, 3, "FL_TIME", "1'60.000", "Sekunden nur bis 59"),
])  # fmt: skip
def test_a_doctored_cell_is_named_with_line_column_and_reason(data, line, column, value, reason):
    rejected = alkamel_results.parse(with_cell(data, line, column, value)).rejected
    assert any((problem.line, problem.column) == (line, column) and reason in problem.reason for problem in rejected), (
        rejected
    )


def test_a_rating_nobody_knows_or_that_is_contradicted_is_a_doubt():
    unknown = alkamel_results.parse(with_cell(RACE, 2, "DRIVER1_LICENSE", "Diamond"))
    assert (unknown.rejected, unknown.sessions[0].classification[0].drivers[0].grade) == ((), "")
    assert "„Diamond“ ist nicht bekannt" in unknown.doubts[0].reason
    contradicted = alkamel_results.parse(with_cell(RACE, 2, "DRIVER1_IMSA_DriverRatingLong", "Gold"))
    assert contradicted.sessions[0].classification[0].drivers[0].grade == "platinum"
    assert "laut Lizenz „Platinum“, laut Stammdaten „Gold“" in contradicted.doubts[0].reason


def test_a_place_of_whoever_is_not_classified_is_dropped_with_a_doubt():
    parsed = alkamel_results.parse(with_cell(RACE, 5, "STATUS", "Disqualified"))
    row = parsed.sessions[0].classification[3]
    assert (row.status, row.position) == ("dsq", None)
    assert any("trägt aber Platz 4" in problem.reason for problem in parsed.doubts)


@pytest.mark.slow
@pytest.mark.parametrize(("data", "line"), [(RACE, 3), (PRACTICE, 3)])
def test_fields_that_moved_in_front_of_the_crew_are_rejected_or_doubted_or_change_nothing(data, line):
    sound = alkamel_results.parse(data).sessions
    columns = data.decode("utf-8-sig").split("DRIVER1")[0].count(",")
    for move, moved in moved_fields(data, "utf-8-sig", ",", line, columns):
        parsed = alkamel_results.parse(moved)
        assert parsed.rejected or parsed.doubts or parsed.sessions == sound, move


@pytest.mark.parametrize(("column", "value", "reason"), [
    ("CLASS", "", "„CLASS“ ist leer"),
    ("TIRES", "", "„TIRES“ ist leer"),
    ("TOTAL_TIME", "", "ist gewertet, hat aber keine Gesamtzeit"),
    ("FL_KPH", "", "Nummer, Zeit und Geschwindigkeit"),
    ("FL_LAPNUM", "0", "Nummer, Zeit und Geschwindigkeit"),
    ("DRIVER1_FIRSTNAME", "", "Fahrer 1 hat nur einen Namen: Albrecht"),
])  # fmt: skip
def test_what_a_line_lacks_and_others_have_is_a_doubt(column, value, reason):
    parsed = alkamel_results.parse(with_cell(RACE, 2, column, value))
    assert parsed.rejected == ()
    assert [problem.line for problem in parsed.doubts if reason in problem.reason] == [2]


@pytest.mark.parametrize(("column", "value"), [
    ("FL_KPH", "1:26.841"), ("GAP_PREVIOUS", "Mazda"), ("DRIVER2_HOMETOWN", "Gold"), ("DRIVER2_COUNTRY", "Amsterdam, NL"),
])  # fmt: skip
def test_what_stands_in_a_column_it_does_not_belong_to_is_rejected(column, value):
    rejected = alkamel_results.parse(with_cell(RACE, 2, column, value)).rejected
    assert [(problem.line, problem.column) for problem in rejected] == [(2, column)]


def one_field_less(line):
    return line.replace(",M,,", ",M,", 1)


def one_field_more(line):
    return line.replace(",M,", ",M,,", 1)


def moved_crew(line):
    return line.replace(",M,,,,,,", ",M,", 1)


@pytest.mark.parametrize("shift", [one_field_less, one_field_more, moved_crew])
@pytest.mark.parametrize("line", [2, 3, 4, 5])
def test_a_shifted_line_is_named_although_lines_are_shorter_than_the_header(line, shift):
    lines = RACE.decode("utf-8-sig").split("\n")
    assert shift(lines[line - 1]) != lines[line - 1]
    lines[line - 1] = shift(lines[line - 1])
    assert line in {problem.line for problem in alkamel_results.parse("\n".join(lines).encode()).rejected}


def test_a_line_that_breaks_off_anywhere_behind_its_team_is_named():
    text = RACE.decode("utf-8-sig")
    lines = text.split("\n")
    for cut in range(lines[3].index("Reiher"), len(lines[3]) - 1):
        parsed = alkamel_results.parse("\n".join([*lines[:3], lines[3][:cut]]).encode())
        assert 4 in {problem.line for problem in parsed.rejected}, lines[3][:cut]


@pytest.mark.parametrize(("lost", "sentence"), [
    (b"NUMBER,", "Der Kopfzeile fehlt die Spalte NUMBER."),
    (b"FL_TIME,", "Der Kopfzeile fehlt die Spalte FL_TIME."),
    (b"POSITION,", "Der Kopfzeile fehlt die Spalte POSITION oder POS."),
])  # fmt: skip
def test_a_header_that_lost_a_column_is_recognised_and_refused(lost, sentence):
    data = RACE.replace(lost, b"", 1)
    assert sniff.sniff(data).FORMAT == "alkamel_results"
    with pytest.raises(FileRefused, match=sentence):
        sniff.parse(data)


def test_a_result_without_drivers_is_refused():
    with pytest.raises(FileRefused, match="fehlen die Fahrer"):
        alkamel_results.parse(RACE.replace(b"DRIVER", b"PILOT"))


@pytest.mark.parametrize("line", HOSTILE)
def test_a_hostile_line_costs_nothing(line):
    began = time.perf_counter()
    for source in (RACE, WEC):
        with suppress(FileRefused):
            alkamel_results.parse(source + b"\n".join([line] * 20))
    assert time.perf_counter() - began < 2


@pytest.mark.slow
def test_a_damaged_file_is_parsed_or_refused_and_nothing_else():
    survives(alkamel_results, [RACE, PRACTICE, WEC, ECM])


# ------------------------------------------------------------------ the real files


def milliseconds(text):
    total = 0
    *larger, seconds = text.split(":")
    for part in larger:
        total = (total + int(part)) * 60
    whole, _, fraction = seconds.partition(".")
    return (total + int(whole)) * 1000 + int(fraction.ljust(3, "0"))


def independently(path):
    """Rows by column name, read by a standard reader and nothing of ours."""
    head, *rows = csv.reader(io.StringIO(path.read_bytes().decode("utf-8-sig")))
    names = [name.strip() for name in head]
    assert all(5 <= len(names) - len(row) <= 25 for row in rows)
    return [dict(zip(names, row, strict=False)) for row in rows]


def unchanged(text):
    return "Ã" not in text


@needs_shared
def test_there_are_194_real_results():
    assert len(REAL) == 194


@needs_shared
def test_every_column_of_every_real_row_is_where_an_independent_reader_finds_it():
    """6,791 rows of 2021, 2023 and 2025; seven files hold the same four garbled towns."""
    read, drivers, repaired = 0, 0, 0
    for path in REAL:
        parsed, rows = sniff.parse(path.read_bytes()), independently(path)
        session = parsed.sessions[0]
        race = "POSITION" in rows[0]
        assert (parsed.format, parsed.rejected, session.complete) == ("alkamel_results", (), True)
        assert session.kind == ("race" if race else None)
        assert parsed.rows_read == len(rows) == len(session.classification)
        read += len(rows)
        for row, ours in zip(rows, session.classification, strict=True):
            best, total = row["FL_TIME" if race else "TIME"], row.get("TOTAL_TIME", "")
            assert (ours.number, ours.class_name, ours.team) == (row["NUMBER"], row["CLASS"], row["TEAM"])
            assert (ours.car, ours.laps) == (" ".join(row["VEHICLE"].split()), int(row["LAPS"]))
            assert ours.position == (
                int(row["POSITION" if race else "POS"]) if row["POSITION" if race else "POS"] else None
            )
            assert ours.best_lap_ms == (milliseconds(best) if best else None)
            assert ours.total_ms == (milliseconds(total) if total else None)
            assert ours.status == ("dns" if row.get("STATUS") == "Not started" else "classified")
            gap = row["GAP_FIRST"]
            assert ours.gap_laps == (int(gap.split()[0]) if "Lap" in gap else None)
            assert ours.gap_ms == (milliseconds(gap[1:]) if gap.startswith("+") else None)
            crew = [n for n in range(1, 7) if row.get(f"DRIVER{n}_SECONDNAME")]
            assert [driver.seat for driver in ours.drivers] == crew
            for driver, n in zip(ours.drivers, crew, strict=True):
                printed = [
                    row[f"DRIVER{n}_{name}"] for name in ("FIRSTNAME", "SECONDNAME", "HOMETOWN", "COUNTRY", "LICENSE")
                ]
                first, last, town, country, licence = (" ".join(text.split()) for text in printed)
                drivers, repaired = drivers + 1, repaired + (not unchanged(town))
                assert (driver.first_name, driver.last_name, driver.nationality) == (first, spoken(last), country)
                assert driver.town == (town if unchanged(town) else town.encode("cp1252").decode())
                assert driver.grade == licence.lower().replace("platinium", "platinum") or not licence
    assert (read, repaired) == (6_791, 28)
    assert drivers == 19_268


@needs_shared
def test_of_the_real_names_two_are_split_otherwise_than_their_bearers_do():
    names = {
        (row[f"DRIVER{n}_FIRSTNAME"].strip(), row[f"DRIVER{n}_SECONDNAME"].strip())
        for path in REAL
        for row in independently(path)
        for n in range(1, 5)
        if row.get(f"DRIVER{n}_SECONDNAME")
    }
    assert [name for name in sorted(names) if split_name(" ".join(name)) != (name[0], spoken(name[1]))] == [
        ("Antonio", "Felix da Costa"),
        ("David Heinemeier", "Hansson"),
    ]


@needs_shared
def test_the_real_results_and_laps_of_a_session_agree_on_cars_crews_and_laps():
    """Best laps agree in every race; in three other sessions ten cars had laps that did not count, which laps do not say."""
    sessions, deleted = Counter(), Counter()
    for path in sorted((SHARED / "data" / "imsa_alkamel" / "laps").glob("*.csv")):
        laps = sniff.parse(path.read_bytes()).sessions[0]
        printed = path.parent.parent / "results" / path.name.replace("-laps.csv", "-results.csv")
        rows = {row.number: row for row in sniff.parse(printed.read_bytes()).sessions[0].classification}
        driven = Counter(lap.number for lap in laps.laps)
        best = {lap.number: lap.time_ms for lap in sorted(laps.laps, key=lambda lap: -lap.time_ms)}
        sessions[laps.kind] += 1
        for car in laps.entries:
            row = rows[car.number]
            assert (car.class_name, car.team, car.cups, driven[car.number]) == (
                row.class_name,
                row.team,
                row.cups,
                row.laps,
            )
            crew = {driver.seat: (driver.first_name, driver.last_name) for driver in row.drivers}
            for driver in car.drivers:
                full, ours = " ".join(crew[driver.seat]), f"{driver.first_name} {driver.last_name}"
                assert full.casefold() == ours.casefold()
            deleted[laps.kind] += best[car.number] != row.best_lap_ms
    assert (sessions, deleted) == ({"race": 4, None: 4}, {"race": 0, None: 10})
