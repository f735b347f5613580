"""The parser of F1DB's folder, on an extract (CC BY 4.0) and on damaged copies of it."""

import datetime as dt
from decimal import Decimal
from pathlib import Path

import pytest

from results.importers.f1db import parse
from results.importers.f1db_names import car_name, circuit, constructor_name, driver_name
from results.importers.records import DriverRecord, FileRefused, StandingRowRecord

EXTRACT = Path(__file__).parent.parent / "data" / "f1db"


def files(**replaced):
    """The extract, with texts of some files replaced: `results=lambda text: …`."""
    found = {path.name: path.read_text("utf-8") for path in EXTRACT.glob("*.csv")}
    for name, change in replaced.items():
        found[f"{name}.csv"] = change(found[f"{name}.csv"])
    return {name: text.encode() for name, text in found.items()}


def weekend(year, round_):
    (season,) = parse(files(), years=range(year, year + 1)).seasons
    return next(one for one in season.weekends if one.round == round_)


def lines(year, round_, key):
    return next(session for session in weekend(year, round_).sessions if session.key == key).classification


def faults(**replaced):
    return [str(fault) for fault in parse(files(**replaced)).rejected]


def test_every_row_of_the_folder_is_read_and_none_is_rejected():
    archive = parse(files())

    assert archive.rejected == archive.doubts == ()
    assert [(season.year, len(season.weekends)) for season in archive.seasons] == [(1951, 2), (2024, 1)]
    assert archive.rows_read == 3 + 91 + 65 + 22 + 19 + 37
    assert sum(season.rows for season in archive.seasons) == 91 + 65 + 19 + 37


def test_drivers_who_shared_a_car_are_shares_of_one_car_with_its_place():
    winners = [
        (line.number, line.entry_line, line.share, line.position, line.drivers[0].last_name, line.laps)
        for line in lines(1951, 4, "R")[:2]
    ]

    assert winners == [("8", 1, 1, 1, "Fagioli", 77), ("8", 1, 2, 1, "Fangio", None)]


def test_a_number_that_is_taken_without_being_shared_is_another_car():
    cars = [(line.entry_line, line.share, line.drivers[0].key) for line in lines(1951, 7, "R") if line.number == "32"]

    assert cars == [(1, 1, "ken-richardson"), (2, 1, "hans-stuck")]


def test_a_driver_in_two_cars_of_one_race_has_a_line_in_each_and_his_best_lap_where_he_drove_it():
    fangio = [
        (line.number, line.share, line.best_lap_ms, line.best_lap_number)
        for line in lines(1951, 4, "R")
        if line.drivers[0].key == "juan-manuel-fangio"
    ]

    assert fangio == [("8", 2, None, None), ("4", 1, 147_800, 32)]


def test_a_gap_is_in_time_or_in_laps_and_the_leader_has_none():
    gaps = [(line.total_ms, line.gap_ms, line.gap_laps) for line in lines(1951, 4, "R") if line.share == 1][:3]

    assert gaps == [(12_131_000, None, None), (12_189_200, 58_200, None), (None, None, 3)]


def test_a_retirement_keeps_its_printed_reason():
    claes = next(line for line in lines(1951, 7, "R") if line.number == "26")

    assert (claes.position, claes.status, claes.printed_status, claes.laps, claes.grid) == (
        None,
        "dnf",
        "Oil pump",
        4,
        21,
    )


def test_qualifying_in_parts_has_a_time_for_each_and_the_shortest_as_best_lap():
    record = next(session for session in weekend(2024, 5).sessions if session.key == "Q")
    pole, last = record.classification[0], record.classification[-1]

    assert record.part_names == ("Q1", "Q2", "Q3")
    assert (pole.part_times_ms, pole.best_lap_ms) == ((94_742, 93_794, 93_660), 93_660)
    assert last.part_times_ms[1:] == (None, None)
    assert pole.drivers == (DriverRecord("Max", "Verstappen", key="max-verstappen"),)
    assert (pole.team, pole.car, pole.manufacturer) == ("Red Bull", "Red Bull-Honda RBPT", "Red Bull")


def test_times_of_a_sprint_weekend_are_those_of_the_venue_in_the_order_of_the_weekend():
    china = weekend(2024, 5)

    assert (china.name, china.slug, china.circuit.zone.key) == ("Großer Preis von China", "china", "Asia/Shanghai")
    assert [(session.key, session.date.day, session.time) for session in china.sessions] == [
        ("FP1", 19, dt.time(11, 30)),
        ("SQ", 19, dt.time(15, 30)),
        ("SR", 20, dt.time(11, 0)),
        ("Q", 20, dt.time(15, 0)),
        ("R", 21, dt.time(15, 0)),
    ]
    assert (china.start, china.end) == (dt.date(2024, 4, 19), dt.date(2024, 4, 21))


def test_a_race_late_in_an_american_evening_is_on_the_day_before_that_of_utc():
    night = files(
        races=lambda text: text.replace("shanghai,", "las-vegas,").replace("SHOOTOUT,07:00", "SHOOTOUT,06:00")
    )
    vegas = parse(night, years=range(2024, 2025)).seasons[0].weekends[0]

    assert (vegas.sessions[-1].date, vegas.sessions[-1].time) == (dt.date(2024, 4, 20), dt.time(23, 0))


def test_a_night_race_without_a_time_is_on_the_day_before_its_date():
    night = files(
        races=lambda text: text.replace("shanghai,", "las-vegas,").replace("SPRINT_SHOOTOUT,07:00", "SPRINT_SHOOTOUT,")
    )
    vegas = parse(night, years=range(2024, 2025)).seasons[0].weekends[0]

    race = next(session for session in vegas.sessions if session.key == "R")
    assert (race.date, race.time) == (dt.date(2024, 4, 20), None)


def test_tables_stand_after_each_race_and_at_the_end():
    season = parse(files(), years=range(1951, 1952)).seasons[0]
    after, final = season.weekends[0].standings[0], season.standings[0]

    assert (after.name, after.after, after.final) == ("Fahrer-Weltmeisterschaft", "Großer Preis von Frankreich", False)
    assert (final.after, final.final, len(final.rows)) == ("", True, 19)
    assert final.rows[0] == StandingRowRecord(1, "Juan Manuel Fangio", Decimal(31))
    assert final.rows[1].points == Decimal(25)


def test_the_table_of_a_season_that_still_runs_is_left_to_its_last_race():
    archive = parse(files(results=lambda text: "\n".join(row for row in text.split("\n") if "1951,07" not in row),
                          fastest_laps=lambda text: "\n".join(row for row in text.split("\n") if "1951,07" not in row)))  # fmt: skip

    assert archive.rejected == ()
    assert archive.seasons[0].standings == ()
    assert [str(doubt) for doubt in archive.doubts] == [
        "season_standings.csv, Zeile 2: Die Saison 1951 läuft noch: es bleibt bei den Tabellen nach den Rennen."
    ]


def test_four_laps_of_qualifying_are_a_total_and_no_lap():
    indy = files(races=lambda text: text.replace("TWO_SESSION", "FOUR_LAPS"))
    session = next(one for one in parse(indy).seasons[0].weekends[0].sessions if one.key == "Q")

    assert session.classification[0].total_ms == 145_700
    assert session.classification[0].best_lap_ms is None


@pytest.mark.parametrize(
    ("key", "name"),
    [
        ("nino-farina", "Nino Farina"),
        ("elio-de-angelis", "Elio de Angelis"),
        ("wolfgang-von-trips", "Wolfgang von Trips"),
        ("eric-van-de-poele", "Eric van de Poele"),
        ("bruce-mclaren", "Bruce McLaren"),
        ("nico-hulkenberg", "Nico Hülkenberg"),
        ("kimi-raikkonen", "Kimi Räikkönen"),
        ("sergio-perez", "Sergio Pérez"),
        ("jerome-dambrosio", "Jérôme d’Ambrosio"),
        ("juan-manuel-fangio", "Juan Manuel Fangio"),
        ("nelson-piquet-jr", "Nelson Piquet jr."),
        ("heinz-harald-frentzen", "Heinz-Harald Frentzen"),
    ],
)
def test_an_id_becomes_the_name_people_know(key, name):
    assert " ".join(driver_name(key)) == name


def test_chassis_and_engine_make_the_car():
    assert [car_name("cooper", "climax"), car_name("ferrari", "ferrari"), car_name("brm", "")] == [
        "Cooper-Climax",
        "Ferrari",
        "BRM",
    ]
    assert constructor_name("kurtis-kraft") == "Kurtis Kraft"


def test_a_circuit_has_town_country_and_zone():
    spa = circuit("spa-francorchamps")

    assert (spa.town, spa.country, spa.zone.key) == ("Stavelot", "BE", "Europe/Brussels")
    assert circuit("nowhere") is None


def test_all_faults_of_all_files_are_named_at_once():
    assert faults(
        results=lambda text: text.replace("3:22:11.000", "3:22:61.000").replace("DNF,26,", "XYZ,26,"),
        season_standings=lambda text: text.replace("driver,1,1,", "driver,1,erster,"),
    ) == [
        "results.csv, Zeile 2, Spalte time: „3:22:61.000“ ist keine Zeit: hinter Minuten gehen die Sekunden nur bis 59.",
        (
            "results.csv, Zeile 45, Spalte position: Der Status „XYZ“ ist unbekannt. Bekannt sind unter anderem: "
            "CLA, NC, DNF, DNS, DNQ, DSQ, EX, WD."
        ),
        "season_standings.csv, Zeile 2, Spalte position: „erster“ ist keine Zahl von 1 bis 32767.",
    ]


@pytest.mark.parametrize(
    ("name", "change", "fault"),
    [
        ("races", lambda text: text.replace(",reims,", ",mond,"),
         "races.csv, Zeile 2, Spalte circuitId: Die Strecke „mond“ steht nicht in f1db_circuits.toml."),
        ("races", lambda text: text.replace("1951-07-01", "1951-02-30"),
         "races.csv, Zeile 2, Spalte date: „1951-02-30“ ist kein Datum. Erwartet wird 1950-05-13."),
        ("races", lambda text: text.replace("1951,france", "1951,italy"),
         "races.csv, Zeile 3, Spalte slug: „italy“ gibt es in der Saison 1951 zweimal."),
        ("results", lambda text: text.replace("1951,04,race,1,1,8,", "1951,05,race,1,1,8,"),
         "results.csv, Zeile 2, Spalte round: Ein 5. Rennen der Saison 1951 steht nicht in races.csv."),
        ("results", lambda text: text.replace("luigi-fagioli,alfa-romeo,alfa-romeo,pirelli,77", "luigi-fagioli,77"),
         "results.csv, Zeile 2: 17 Zellen statt 20."),
        ("results", lambda text: text.replace("luigi-fagioli", "Luigi Fagioli"),
         "results.csv, Zeile 2, Spalte driverId: „Luigi Fagioli“ ist keine Kennung aus Kleinbuchstaben, Ziffern und Bindestrichen."),
        ("fastest_laps", lambda text: text.replace("juan-manuel-fangio", "niemand", 1),
         "fastest_laps.csv, Zeile 2, Spalte driverId: Wer diese schnellste Runde fuhr, steht nicht im Ergebnis des Rennens."),
        ("season_standings", lambda text: text.replace("driver,1,1,juan-manuel-fangio,31", "driver,1,1,juan-manuel-fangio,viele"),
         "season_standings.csv, Zeile 2, Spalte points: „viele“ ist keine Punktzahl."),
    ],
)  # fmt: skip
def test_a_bad_cell_is_a_fault_that_names_it(name, change, fault):
    assert fault in faults(**{name: change})


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        (lambda found: found.pop("races.csv"), "Es fehlen Dateien: races.csv."),
        (lambda found: found.update({"races.csv": b""}), "races.csv: Die Datei ist leer."),
        (lambda found: found.update({"races.csv": b"year,slug\n1950,x\n"}), "races.csv: Es fehlen die Spalten round"),
        (lambda found: found.update({"races.csv": b'year,"slug\n1950,x\n'}), "races.csv: keine lesbare CSV-Datei"),
    ],
)
def test_a_folder_that_is_no_archive_is_refused(change, sentence):
    found = files()
    change(found)

    with pytest.raises(FileRefused, match=sentence):
        parse(found)
