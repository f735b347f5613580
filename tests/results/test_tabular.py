import csv
from decimal import Decimal
from pathlib import Path

import pytest

from results.importers import sniff, tabular
from results.importers.mapping import Mapping
from results.importers.records import DriverRecord, FileRefused, LapRecord, Problem, RowRecord, StandingRowRecord
from results.importers.tabular.names import split_crew, split_name
from tests.shared import SHARED, needs_shared

FILES = Path(__file__).parent.parent / "data" / "tabular"
LEMANS = SHARED / "data" / "lemans24"
HEAD = "pos;nr;fahrer;team;runden;zeit;abstand\n"


def parse(text, **values):
    return tabular.parse(text.encode(), **values)


def rows(text, **values):
    parsed = parse(text, **values)
    assert parsed.rejected == ()
    return parsed.sessions[0].classification


def reasons(text):
    return [(problem.line, problem.column, problem.reason) for problem in parse(text).rejected]


def test_a_race_is_read_with_places_crews_times_gaps_reasons_and_footnotes():
    parsed = tabular.parse((FILES / "rennen.csv").read_bytes())
    assert (parsed.rejected, parsed.rows_read, parsed.encoding) == ((), 5, "utf-8")
    session = parsed.sessions[0]
    assert (session.key, session.kind, session.complete) == ("", "race", True)
    assert session.classification == (
        RowRecord(
            number="7", status="classified", position=1, class_name="Pro", team="Größe & Söhne", car="Heide GT3",
            drivers=(DriverRecord("Ada", "Eins", nationality="GER", seat=1), DriverRecord("Bea", "Zwei", nationality="AUT", seat=2)),
            laps=30, total_ms=2_712_345, best_lap_ms=88_123, line=5,
        ),
        RowRecord(
            number="007", status="classified", position=2, class_name="Pro", team='Team "Moor"', car="Heide GT3",
            drivers=(DriverRecord("Cleo", "von der Heide", nationality="SUI", seat=1),),
            laps=30, gap_ms=2_345, best_lap_ms=88_400, line=6,
        ),
        RowRecord(
            number="21B", status="classified", position=3, class_name="Am", team="Küste", car="Moor GT4",
            drivers=(DriverRecord("Dora", "Drei", seat=1), DriverRecord("Emil", "Vier", seat=2), DriverRecord("Fritz", "Fünf", seat=3)),
            laps=29, gap_laps=1, best_lap_ms=95_000, line=7,
        ),
        RowRecord(
            number="5", status="dnf", class_name="Am", team="Küste", car="Moor GT4", drivers=(DriverRecord("Gerd", "Sechs", seat=1),),
            laps=12, best_lap_ms=96_500, printed_status="Getriebe", line=8,
        ),
        RowRecord(
            number="8", status="dsq", class_name="Am", team="Sand", car="Moor GT4", drivers=(DriverRecord("Hans", "Sieben", seat=1),),
            laps=29, best_lap_ms=94_900, printed_status="DSQ", line=9,
        ),
    )  # fmt: skip
    assert [doubt.reason for doubt in parsed.doubts] == [
        "Fußnotenzeichen sind weggelassen: ‡ (zuerst Zeile 5). Bitte die Fußnote beachten.",
        "Nicht übernommen werden die Spalten: Reifen.",
        "Ohne Status, mit Grund „Getriebe“: wird als ausgefallen übernommen.",
    ]


@pytest.mark.parametrize("name", ["training.tsv", "training.xlsx", "training.ods"])
def test_a_timed_session_is_the_same_in_every_kind_of_file(name):
    parsed = sniff.parse((FILES / name).read_bytes())
    session = parsed.sessions[0]
    assert (parsed.format, parsed.rejected, parsed.doubts, session.kind) == ("tabular", (), (), None)
    assert [(row.number, row.position, row.best_lap_ms, row.gap_ms, row.drivers[0].last_name) for row in session.classification] == [
        ("7", 1, 106_250, None, "Eins"), ("8", 2, 106_540, 290, "Zwei"), ("9", 3, 107_250, 1_000, "'SELV'"),
    ]  # fmt: skip


def test_laps_pass_midnight_and_drivers_sit_in_the_order_in_which_they_drove():
    session = tabular.parse((FILES / "runden.csv").read_bytes()).sessions[0]
    assert session.laps[2] == LapRecord(
        number="7", lap=3, time_ms=89_500, day_ms=86_489_000, seat=2, line=4, sectors_ms=(39_500, 50_000)
    )
    assert session.laps[4] == LapRecord(number="8", lap=2, time_ms=None, seat=1, line=6)
    assert [(entry.number, [one.last_name for one in entry.drivers]) for entry in session.entries] == [
        ("7", ["Eins", "Zwei"]), ("8", ["Drei"]),
    ]  # fmt: skip
    assert session.classification is None


def test_a_lap_that_stands_twice_is_rejected():
    assert reasons("Nr;Runde;Rundenzeit\n7;1;1:30.000\n7;1;1:31.000\n7;0;1:31.000\n") == [
        (3, "Runde", "Runde 1 von Startnummer 7 steht schon in Zeile 2. (Datenzeile 2)"),
        (4, "Runde", "Die Nummer der Runde fehlt oder ist 0. (Datenzeile 3)"),
    ]


def test_an_entry_list_says_who_drives_what():
    session = tabular.parse((FILES / "starter.csv").read_bytes()).sessions[0]
    assert session.is_entry_list
    assert [(entry.number, [one.last_name for one in entry.drivers]) for entry in session.entries] == [
        ("7", ["Eins", "Zwei"]), ("8", ["van der Moor"]),
    ]  # fmt: skip


def test_a_table_of_points_adds_up():
    (table,) = tabular.parse((FILES / "punkte.csv").read_bytes()).standings
    assert (table.name, table.rows[0]) == ("Fahrerwertung", StandingRowRecord(1, "Ada Eins", Decimal("43.5")))


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("pos;fahrer;punkte_r1;punkte_r2;gesamt\n1;Müller;25;18;44\n", "Die Punkte gehen nicht auf: 25 + 18 = 43, gedruckt ist 44."),
        ("pos;team;punkte\n1;A;25\n2;B;26\n", "Platz 2 hat mehr Punkte (26) als Platz 1 (25)."),
        ("pos;fahrer;punkte\n1;A;viel\n", "„viel“ ist keine Punktzahl: erwartet wird zum Beispiel 25 oder 12,5."),
        ("pos;fahrer;punkte\n1;;25\n", "Wem die Punkte gehören, fehlt."),
    ],
)  # fmt: skip
def test_points_that_contradict_themselves_are_rejected(text, said):
    (problem,) = parse(text).rejected
    assert problem.reason.startswith(said)


@pytest.mark.parametrize(
    ("cell", "names"),
    [
        ("Ada Eins", ["Ada Eins"]),
        ("Hamilton/Verstappen", ["Hamilton", "Verstappen"]),
        ("Ada Eins | Bea Zwei", ["Ada Eins", "Bea Zwei"]),
        ("Ada Eins, Bea Zwei und Cleo Drei", ["Ada Eins", "Bea Zwei", "Cleo Drei"]),
        ("Ada Eins, Bea Zwei, Cleo Drei", ["Ada Eins", "Bea Zwei", "Cleo Drei"]),
        ("Ada Eins & Bea Zwei", ["Ada Eins", "Bea Zwei"]),
        ("Ada Eins and Bea Zwei", ["Ada Eins", "Bea Zwei"]),
        ("Ada Eins\nBea Zwei", ["Ada Eins", "Bea Zwei"]),
        ("Eins, Ada", ["Eins, Ada"]),
        ("van der Moor, Jan", ["van der Moor, Jan"]),
        ("Eins, Ada / Zwei, Bea", ["Eins, Ada", "Zwei, Bea"]),
        ("=cmd|'/C calc'!A0", ["=cmd|'/C calc'!A0"]),
        ("", []),
    ],
)
def test_crews_in_one_cell_are_parted_and_last_name_first_is_one(cell, names):
    assert split_crew(cell) == names


@pytest.mark.parametrize(
    ("full", "first", "last"),
    [
        ("Ada Eins", "Ada", "Eins"),
        ("Eins, Ada", "Ada", "Eins"),
        ("Jan van der Moor", "Jan", "van der Moor"),
        ("Renger VAN DER ZANDE", "Renger", "van der Zande"),
        ("Will STEVENS", "Will", "Stevens"),
        ("Alessandro Pier Guidi", "Alessandro Pier", "Guidi"),
        ("SELV", "", "SELV"),
        ("'SELV'", "", "'SELV'"),
    ],
)
def test_full_names_are_parted_into_first_and_last(full, first, last):
    assert split_name(full) == (first, last)


@pytest.mark.parametrize(
    "time", ["1:60.000", "-1:20.000", "NaN", "1e9", "999999999:00:00.000", "1:20.1234567", "١:٢٠.٠٠٠"]
)
def test_what_is_no_time_is_rejected_with_row_and_column(time):
    ((line, column, reason),) = reasons(f"{HEAD}1;44;Müller;A;57;{time};\n")
    assert (line, column) == (2, "zeit")
    assert "ist keine Zeit" in reason


def test_a_comma_is_a_decimal_point():
    assert rows(f"{HEAD}1;44;Müller;A;57;1:20,123;\n")[0].total_ms == 80_123


@pytest.mark.parametrize(
    ("line", "column", "said"),
    [
        ("2;7;B;T;57;;-2.345", "abstand", "negativ"),
        ("1;7;B;T;56;;+1 Rd.", "pos", "Platz 1 ist an 44 und 7 vergeben"),
        ("2;44;B;T;57;;+2.0", "nr", "steht schon in Zeile 2"),
        ("2;7;B;T;60;;+2.0", "runden", "mehr als der Sieger"),
        ("2;7;B;T;zehn;;", "runden", "keine ganze Zahl"),
        ("2;Ä7;B;T;57;;", "nr", "keine Startnummer"),
        ("2;;B;T;57;;", "nr", "fehlt"),
        ("0;7;B;T;57;;", "pos", "kein Platz"),
        ("kaputt;7;B;T;57;;", "pos", "Der Status „kaputt“ ist unbekannt"),
        ("2;7;a\u202eb;T;57;;", "fahrer", "Schreibrichtung"),
        ("2;7;" + "A" * 81 + ";T;57;;", "fahrer", "länger als 80"),
    ],
)
def test_rows_that_cannot_be_are_rejected_with_row_column_and_reason(line, column, said):
    problem = parse(f"{HEAD}1;44;A;T;57;1:32:15.123;\n{line}\n").rejected[0]
    assert (problem.line, problem.column) == (3, column)
    assert said in problem.reason


def test_a_hole_in_the_places_is_a_doubt_and_the_result_an_excerpt():
    parsed = parse(f"{HEAD}1;44;A;T;57;;\n3;7;B;T;57;;+2.0\n")
    assert parsed.sessions[0].complete is False
    assert "Es fehlt Platz 2" in parsed.doubts[0].reason


def test_formulas_in_names_are_text_and_in_a_gap_nothing():
    found = rows(f"{HEAD}1;5;=cmd|'/C calc'!A0;@SUM(1+1);56;;\n2;6;+49 170;-1+2;56;;\t=1\n")
    assert [(row.drivers[0].first_name, row.drivers[0].last_name, row.team) for row in found] == [
        ("=cmd|'/C", "calc'!A0", "@SUM(1+1)"), ("+49", "170", "-1+2"),
    ]  # fmt: skip
    assert found[1].gap_ms is None


def test_cells_that_an_export_neutralised_are_read_as_they_were():
    found = rows(f"{HEAD}1;5;'=HYPERLINK;'@Team;56;;\n2;6;'SELV';'-Team;56;;'+2.5\n")
    assert [(row.drivers[0].last_name, row.team, row.gap_ms) for row in found] == [
        ("=HYPERLINK", "@Team", None), ("'SELV'", "-Team", 2_500),
    ]  # fmt: skip


def test_a_confirmed_mapping_is_followed_and_another_tables_is_refused():
    text = "alpha;beta;gamma\n1;7;Ada\n2;8;Bea\n3;9;Cleo\n"
    assert parse(text).rejected == (Problem(1, None, "Es ist nicht zu erkennen, was für eine Tabelle das ist."),)
    mapping = Mapping("classification", ("alpha", "beta", "gamma"), ("position", "number", "driver"), certain=True)
    assert [(row.position, row.number) for row in rows(text, mapping=mapping)] == [(1, "7"), (2, "8"), (3, "9")]
    with pytest.raises(FileRefused, match="zu einer anderen Tabelle"):
        parse("a;b;c\n1;2;3\n2;3;4\n3;4;5\n", mapping=mapping)


def test_an_uncertain_table_says_how_every_column_was_understood():
    parsed = parse("Xyz;Nr;Fahrer;Status;Öl\n1;7;Ada;OK;a\n2;8;Bea;OK;b\n3;9;Cleo;OK;c\n")
    assert parsed.extra["certain"] == "0"
    assert [(doubt.column, doubt.reason) for doubt in parsed.doubts] == [
        ("Xyz", "Die Spalte ist verstanden als: Platz, nach den Werten."),
        ("Nr", "Die Spalte ist verstanden als: Startnummer."),
        ("Fahrer", "Die Spalte ist verstanden als: Fahrer (ganzer Name, auch mehrere)."),
        ("Status", "Die Spalte ist verstanden als: Status."),
        (None, "Nicht übernommen werden die Spalten: Öl."),
    ]


def test_a_table_of_several_years_asks_for_one_and_gives_that():
    data = (FILES / "jahre.csv").read_bytes()
    whole = tabular.parse(data)
    assert (whole.sessions, whole.extra["parts"], whole.rejected[0].reason) == (
        (), "1923|1924", "Die Tabelle hält 2 Jahre (1923, 1924). Bitte eines davon wählen.",
    )  # fmt: skip
    year = tabular.parse(data, part="1923")
    assert (year.season, year.rows_read, year.rejected) == ("1923", 2, ())
    retired = year.sessions[0].classification[1]
    assert (retired.status, retired.printed_status, retired.total_ms) == ("dnf", "Engine", None)
    assert "nicht in der Tabelle" in tabular.parse(data, part="1999").rejected[0].reason


def test_a_number_that_a_car_gave_up_before_the_start_is_two_entries():
    year = tabular.parse((FILES / "jahre.csv").read_bytes(), part="1924")
    assert (year.rejected, [(row.number, row.entry_line, row.status) for row in year.sessions[0].classification]) == (
        (), [("9", 1, "classified"), ("4", 1, "classified"), ("4", 2, "dns")],
    )  # fmt: skip


def test_rows_in_another_order_are_the_same_result():
    lines = ["1;44;A;T;57;1:32:15.123;", "2;7;B;T;57;;+2.345", "3;9;C;T;56;;+1 Rd."]

    def facts(order):
        return {
            (row.number, row.position, row.total_ms, row.gap_ms, row.gap_laps)
            for row in rows(HEAD + "\n".join(order) + "\n")
        }

    assert facts(lines) == facts(reversed(lines))


# ------------------------------------------------------------------ real files


@needs_shared
def test_every_year_of_le_mans_is_read_and_only_a_real_contradiction_rejected():
    data = (LEMANS / "results_in.csv").read_bytes()
    years = tabular.parse(data).extra["parts"].split("|")
    chosen = [years[0], "1955", "1966", "1994", "2025", years[-1]]
    by_hand = list(csv.DictReader(data.decode("utf-8").splitlines(), delimiter=";"))
    for year in chosen:
        parsed = tabular.parse(data, part=year)
        printed = [row for row in by_hand if row["Year"] == year]
        assert [problem.line for problem in parsed.rejected] == ([5415] if year == "2025" else []), year
        found = parsed.sessions[0].classification
        assert [(row.number, len(row.drivers), str(row.laps or 0)) for row in found] == [
            (row["No"], len(row["Drivers"].split("|")) if row["Drivers"] else 0, row["Laps"] or "0") for row in printed
        ], year


@needs_shared
def test_the_table_with_footnotes_and_two_encodings_is_read_whole():
    parsed = tabular.parse((LEMANS / "stevenrossi_le-mans-2023-results.csv").read_bytes())
    found = {row.number: row for row in parsed.sessions[0].classification}
    assert (parsed.rejected, len(found), parsed.encoding) == ((), 62, "mac-roman")
    assert (found["51"].total_ms, found["8"].gap_ms, found["2"].gap_laps) == (86_418_099, 81_793, 1)
    assert (found["77"].team, found["4"].status, found["4"].printed_status) == (
        "Dempsey – Proton Racing",
        "dnf",
        "Engine",
    )
    assert found["8"].drivers[0].first_name == "Sébastien"
    assert [doubt.reason[:24] for doubt in parsed.doubts[:2]] == [
        "Fußnotenzeichen sind weg",
        "Die Datei mischt Zeichen",
    ]


@needs_shared
@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("circuits.csv", "nicht zu erkennen, was für eine Tabelle"),
        ("races.csv", "Keine Spalte nennt die Veranstaltung"),
    ],
)
def test_tables_that_hold_no_results_are_refused_in_a_sentence(name, said):
    assert said in tabular.parse((LEMANS / name).read_bytes()).rejected[0].reason
