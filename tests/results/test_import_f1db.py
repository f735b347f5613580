"""The command that imports the history of Formula 1, on an extract of F1DB (CC BY 4.0) and on the whole archive."""

import csv
import json
import shutil
import signal
import subprocess
import sys
from collections import Counter
from io import StringIO
from pathlib import Path

import pytest
from django.conf import settings
from django.core.management import CommandError, call_command
from django.db import connection
from django.db.models import Count

from results.models import (
    Circuit,
    Classification,
    ClassificationRow,
    CrewMember,
    Driver,
    DriverKey,
    Entry,
    Event,
    ImportRun,
    Layout,
    PrintedStanding,
    PrintedStandingRow,
    Season,
    Session,
    SessionCrewMember,
    SourceDocument,
)
from tests.factories import LONG_AGO, CircuitFactory, CrewMemberFactory, DriverFactory, EventFactory, SessionFactory
from tests.results.test_f1db import EXTRACT
from tests.results.test_import_atomic import own_environment, wait_until_quiet
from tests.shared import SHARED, needs_shared

ARCHIVE = SHARED / "data" / "f1db"
# Who drove each line of a current race result (or qualifying): the session's own crew where there is one.
DRIVEN = """
SELECT key.key, count(*) FROM results_classificationrow line
JOIN results_classification version ON version.id = line.classification_id AND version.is_current
JOIN results_session session ON session.id = version.session_id AND session.kind = %s
JOIN results_sessionentry car ON car.id = line.session_entry_id
JOIN LATERAL (
  SELECT driver_id FROM results_sessioncrewmember own WHERE own.session_entry_id = car.id AND own.line = line.line
  UNION ALL
  SELECT driver_id FROM results_crewmember crew WHERE crew.entry_id = car.entry_id
    AND NOT EXISTS (SELECT 1 FROM results_sessioncrewmember own WHERE own.session_entry_id = car.id)
) seat ON true
JOIN results_driverkey key ON key.driver_id = seat.driver_id AND key.source = 'f1db'
WHERE line.position = 1 GROUP BY 1
"""


def run(folder=EXTRACT, **options):
    """What the command answers and what it says on the way."""
    out, err = StringIO(), StringIO()
    call_command("import_f1db", str(folder), stdout=out, stderr=err, **options)
    return out.getvalue(), err.getvalue()


def answer(folder=EXTRACT, **options):
    return json.loads(run(folder, json=True, **options)[0])


def copy_of(tmp_path, name, change):
    folder = tmp_path / "f1db"
    shutil.copytree(EXTRACT, folder)
    path = folder / name
    path.write_text(change(path.read_text("utf-8")), "utf-8")
    return folder


def stored():
    models = (Season, Event, Session, Classification, ClassificationRow, PrintedStandingRow, Entry, Driver, DriverKey,
              SessionCrewMember, Circuit, Layout, ImportRun, SourceDocument)  # fmt: skip
    return {model.__name__: model.objects.count() for model in models}


@pytest.mark.django_db
def test_the_folder_becomes_seasons_weekends_and_released_results():
    told, progress = run()

    assert told == "2 Saisons, 3 Rennen: 212 Zeilen, 212 neu.\n"
    assert [line.split(":")[0] for line in progress.splitlines()] == ["1951", "2024"]
    assert "100 %" in progress.splitlines()[-1]
    assert ClassificationRow.objects.filter(classification__in=Classification.objects.public()).count() == 91 + 65
    assert PrintedStanding.objects.public().count() == 3
    assert set(Event.objects.public().values_list("season__label", "slug")) == {
        ("1951", "france"), ("1951", "italy"), ("2024", "china")
    }  # fmt: skip


@pytest.mark.django_db
def test_a_shared_win_belongs_to_both_drivers():
    run()
    with connection.cursor() as cursor:
        cursor.execute(DRIVEN, ["race"])
        wins = dict(cursor.fetchall())

    assert wins == {"luigi-fagioli": 1, "juan-manuel-fangio": 1, "alberto-ascari": 1, "max-verstappen": 1}


@pytest.mark.django_db
def test_only_a_car_with_several_drivers_has_crews_of_sessions():
    run(seasons="1951")
    eight = Entry.objects.get(event__slug="france", number="8")

    assert list(eight.crew.values_list("driver__last_name", flat=True)) == ["Fagioli", "Fangio"]
    assert list(
        SessionCrewMember.objects.filter(session_entry__entry=eight).order_by("session_entry__session__key", "line")
        .values_list("session_entry__session__key", "line", "driver__last_name")
    ) == [("Q", 1, "Fagioli"), ("R", 1, "Fagioli"), ("R", 2, "Fangio")]  # fmt: skip
    ten = Entry.objects.get(event__slug="france", number="10")
    assert [member.driver.full_name for member in ten.crew.all()] == ["Luigi Villoresi"]
    assert not SessionCrewMember.objects.filter(session_entry__entry=ten).exists()


@pytest.mark.django_db
def test_a_number_given_twice_makes_two_entries():
    run(seasons="1951")

    cars = Entry.objects.filter(event__slug="italy", number="32").order_by("line")
    assert [(car.line, car.crew.get().driver.last_name) for car in cars] == [(1, "Richardson"), (2, "Stuck")]


@pytest.mark.django_db
def test_a_sprint_weekend_has_its_sessions_in_order_with_their_instants():
    run(seasons="2024")

    sessions = Session.objects.filter(event__slug="china").order_by("sequence")
    assert [(one.key, one.kind, f"{one.starts_at:%d. %H:%M}") for one in sessions] == [
        ("FP1", "practice", "19. 03:30"),
        ("SQ", "qualifying", "19. 07:30"),
        ("SR", "sprint", "20. 03:00"),
        ("Q", "qualifying", "20. 07:00"),
        ("R", "race", "21. 07:00"),
    ]
    assert Classification.objects.get(session__key="Q").part_names == ["Q1", "Q2", "Q3"]


@pytest.mark.django_db
def test_circuit_and_layout_carry_what_the_archive_knows():
    run(seasons="1951")

    event = Event.objects.select_related("circuit", "layout").get(slug="france")
    assert event.name == "Großer Preis von Frankreich"
    assert (event.circuit.name, event.circuit.country, event.time_zone) == ("Reims-Gueux", "FR", "Europe/Paris")
    assert (event.layout.name, event.layout.length_m) == ("Variante 1 (7,815 km)", 7815)


@pytest.mark.django_db
def test_a_table_knows_the_race_after_which_it_stood():
    run(seasons="1951")

    tables = PrintedStanding.objects.order_by("is_final").values_list("after", "after_event__slug", "is_final")
    assert list(tables) == [
        ("Großer Preis von Frankreich", "france", False),
        ("Großer Preis von Italien", "italy", False),
        ("", "italy", True),
    ]


@pytest.mark.django_db
def test_every_season_is_an_import_and_every_file_is_kept_once():
    run()

    assert list(ImportRun.objects.order_by("pk").values_list("report__season", "created")) == [
        ("1951", 152),
        ("2024", 60),
    ]
    assert SourceDocument.objects.count() == 6
    documents = Classification.objects.values_list("session__key", "document__name").distinct()
    source = "F1DB (CC BY 4.0)"  # readers see it: the licence asks for the name
    assert set(documents) == {
        ("Q", f"{source}: qualifying.csv"), ("R", f"{source}: results.csv"), ("SR", f"{source}: results.csv"),
    }  # fmt: skip


@pytest.mark.django_db
def test_the_same_folder_again_changes_nothing_and_says_so():
    run()
    before = stored()

    told, progress = run()

    assert told == "2 Saisons, 3 Rennen: 212 Zeilen, 0 neu.\n"
    assert progress.count("0 neu") == 2
    assert stored() == before


@pytest.mark.django_db
def test_a_later_archive_adds_what_is_missing(tmp_path):
    def without_italy(text):
        return "\n".join(row for row in text.split("\n") if not row.startswith("1951,07") and ",italy," not in row)

    folder = copy_of(tmp_path, "races.csv", without_italy)
    for name in ("results.csv", "qualifying.csv", "fastest_laps.csv", "standings_after_round.csv"):
        (folder / name).write_text(without_italy((folder / name).read_text("utf-8")), "utf-8")
    run(folder, seasons="1951")
    assert [event.slug for event in Event.objects.all()] == ["france"]

    report = answer(seasons="1951")

    assert {event.slug for event in Event.objects.all()} == {"france", "italy"}
    assert report["rows"]["created"] > 0
    assert Driver.objects.filter(last_name="Fangio").count() == 1
    assert answer(seasons="1951")["rows"]["created"] == 0


@pytest.mark.django_db
def test_a_session_that_is_not_public_is_left_to_the_desk():
    france = EventFactory(
        season__label="1951", season__series__name="Formel 1", name="Großer Preis von Frankreich", slug="france"
    )
    race = SessionFactory(event=france, key="R", name="Rennen", kind="race", public_from=None)

    report = answer(seasons="1951")

    assert not Classification.objects.filter(session=race).exists()
    assert any("Rennen: Die Session ist nicht öffentlich" in doubt for doubt in report["seasons"][0]["doubts"])
    Session.objects.filter(pk=race.pk).update(public_from=LONG_AGO)
    assert answer(seasons="1951")["rows"]["created"] > 0
    assert Classification.objects.filter(session=race).exists()


@pytest.mark.django_db
def test_a_released_result_that_differs_is_named_and_never_changed(tmp_path):
    run()
    folder = copy_of(tmp_path, "results.csv", lambda text: text.replace("3:23:09.200", "3:23:09.300"))

    report = answer(folder, seasons="1951")

    assert report["rows"]["created"] == 0
    assert report["seasons"][0]["doubts"] == [
        "Großer Preis von Frankreich, Rennen: 1 Zeilen sind anders gespeichert; sie bleiben, wie sie sind."
    ]
    assert ClassificationRow.objects.filter(total_ms=12_189_200).count() == 1


@pytest.mark.django_db
def test_a_dry_run_says_what_would_be_new_and_writes_nothing():
    told, progress = run(dry_run=True)

    assert told == "2 Saisons, 3 Rennen: 212 Zeilen, 212 wären neu.\n"
    assert "Probelauf" in progress
    assert set(stored().values()) == {0}


@pytest.mark.django_db
def test_the_answer_as_json_has_the_keys_of_the_other_imports():
    report = answer(seasons="1951")

    assert report["format"] == "f1db"
    assert report["rows"] == {"read": 152, "created": 152, "changed": 0, "rejected": []}
    assert report["seasons"][0]["facts"]["event"] == 2


@pytest.mark.django_db
def test_a_fault_anywhere_means_that_nothing_is_stored(tmp_path):
    folder = copy_of(tmp_path, "qualifying.csv", lambda text: text.replace("1:33.660", "1:33.66O"))

    with pytest.raises(CommandError, match=r"qualifying\.csv, Zeile 47, Spalte q3: „1:33.66O“ ist keine Zeit"):
        run(folder)

    assert set(stored().values()) == {0}


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("folder", "seasons", "sentence"),
    [
        ("/nirgends", "", "Den Ordner /nirgends gibt es nicht."),
        (EXTRACT, "1960-1950", "„1960-1950“ sind keine Saisons. Erwartet wird 1950 oder 1950-1960."),
        (EXTRACT, "1999", "Die Dateien enthalten keine dieser Saisons."),
        (EXTRACT.parent / "wige", "", "Es fehlen Dateien: races.csv, results.csv"),
    ],
)
def test_a_wrong_call_is_refused_in_german(folder, seasons, sentence):
    with pytest.raises(CommandError, match=sentence):
        run(folder, seasons=seasons)


@pytest.mark.django_db
def test_a_driver_stored_under_that_name_is_taken_with_a_doubt():
    fangio = DriverFactory(first_name="Juan Manuel", last_name="Fangio")

    report = answer(seasons="1951")

    assert DriverKey.objects.get(key="juan-manuel-fangio").driver == fangio
    assert report["seasons"][0]["doubts"] == [
        "„Juan Manuel Fangio“ (juan-manuel-fangio) wird für den schon gespeicherten Fahrer gehalten."
    ]


@pytest.mark.django_db
def test_a_namesake_of_another_age_stays_another_person():
    young = DriverFactory(first_name="Peter", last_name="Whitehead", birth_date="1999")
    of_today = CrewMemberFactory(
        driver=DriverFactory(first_name="Alberto", last_name="Ascari"), entry__event=EventFactory()
    )

    report = answer(seasons="1951")

    assert DriverKey.objects.get(key="peter-whitehead").driver != young
    assert DriverKey.objects.get(key="alberto-ascari").driver != of_today.driver
    assert len(report["seasons"][0]["doubts"]) == 2


@pytest.mark.django_db
def test_two_stored_namesakes_are_not_decided_between():
    DriverFactory.create_batch(2, first_name="Alberto", last_name="Ascari")

    run(seasons="1951")

    assert Driver.objects.filter(folded="alberto ascari").count() == 3


@pytest.mark.django_db
def test_a_circuit_known_by_another_name_is_the_same_circuit():
    spa = CircuitFactory(name="Monza")

    run(seasons="1951")

    assert Event.objects.get(slug="italy").circuit == spa


@pytest.mark.django_db(transaction=True)
def test_a_season_that_fails_leaves_the_one_before_whole():
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE results_season ADD CONSTRAINT no_2024 CHECK (label <> '2024')")
    try:
        with pytest.raises(CommandError, match=r"Saison 2024: .*no_2024.* Von dieser Saison ist nichts gespeichert"):
            run()
    finally:
        with connection.cursor() as cursor:
            cursor.execute("ALTER TABLE results_season DROP CONSTRAINT no_2024")

    assert [season.label for season in Season.objects.all()] == ["1951"]
    assert ClassificationRow.objects.count() + PrintedStandingRow.objects.count() == 152
    assert answer()["rows"]["created"] == 60


def start(folder):
    command = [sys.executable, "manage.py", "import_f1db", str(folder)]
    return subprocess.Popen(
        command, cwd=Path(settings.BASE_DIR), env=own_environment(), stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE, text=True,
    )  # fmt: skip


@needs_shared
@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_an_import_killed_in_the_middle_leaves_whole_seasons_and_goes_on(tmp_path):
    victim = start(ARCHIVE)
    for _season in range(4):  # 1950 to 1953 are told as done; the kill falls into 1954
        victim.stderr.readline()
    victim.send_signal(signal.SIGKILL)
    victim.communicate(timeout=60)
    wait_until_quiet()

    labels = sorted(Season.objects.values_list("label", flat=True))
    assert labels[:4] == ["1950", "1951", "1952", "1953"]
    assert rows_by_season() == {label: rows for label, rows in rows_of_files().items() if label in labels}
    assert ImportRun.objects.count() == len(labels)

    _told, progress = run(ARCHIVE, seasons="1950-1956")

    assert progress.count("0 neu") == len(labels)
    assert sorted(rows_by_season()) == [str(year) for year in range(1950, 1957)]


@needs_shared
@pytest.mark.slow
@pytest.mark.django_db
def test_seventeen_real_seasons_give_the_counts_wins_and_poles_of_their_own_files():
    """Those with shared cars and Indianapolis; `bench/f1db.py` compares all seasons in the same way."""
    report = answer(ARCHIVE, seasons="1950-1966")

    assert report["rows"]["rejected"] == []
    assert rows_by_season() == {year: rows for year, rows in rows_of_files().items() if year <= "1966"}
    assert set(Classification.objects.values_list("state", "version")) == {("final", 1)}
    for kind, name in (("race", "results.csv"), ("qualifying", "qualifying.csv")):
        first = Counter(row["driverId"] for row in lines(name) if row["position"] == "1" and row["year"] <= "1966")
        with connection.cursor() as cursor:
            cursor.execute(DRIVEN, [kind])
            assert dict(cursor.fetchall()) == first
    assert Driver.objects.count() == DriverKey.objects.count()
    assert not CrewMember.objects.values("entry", "driver").annotate(seats=Count("pk")).filter(seats__gt=1).exists()


def lines(name):
    with (ARCHIVE / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def rows_of_files():
    return dict(Counter(row["year"] for name in ("results.csv", "qualifying.csv") for row in lines(name)))


def rows_by_season():
    labels = dict(Session.objects.values_list("pk", "event__season__label"))
    versions = ClassificationRow.objects.order_by().values_list("classification__session").annotate(rows=Count("pk"))
    seasons = Counter()
    for session, rows in versions:
        seasons[labels[session]] += rows
    return dict(seasons)
