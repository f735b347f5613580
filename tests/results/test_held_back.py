"""What waits with a draft or a hidden session: crews, tables and laps; and what going back or undoing leaves as it was."""

import datetime as dt
from dataclasses import replace

import pytest
from django.contrib.auth.models import User

from results.importers.records import DeletionRecord, LapRecord
from results.importers.undo import undo
from results.models import Classification, Driver, Entry, ImportRun, LapSet, PrintedStanding, Session, Stint
from results.release import go_back, release_draft
from tests.factories import UserFactory
from tests.results.made import laps, load, parsed, race, row, session, standing
from tests.results.pages import words

pytestmark = pytest.mark.django_db
FREE = {"accept": True, "reason": "Nachtrag"}


def public_drivers():
    return sorted(driver.full_name for driver in Driver.objects.public())


def test_a_driver_of_a_draft_alone_is_not_public_until_it_is_released():
    load(parsed(session(rows=(row("7", 1),))))
    load(parsed(race(rows=(row("7", 1, crew=("Ada Eins", "Cleo Drei")),), released=False)))
    assert public_drivers() == ["Ada Eins"]

    release_draft(Classification.objects.get(session__key="R"), by=User.objects.create(), reason="")

    assert public_drivers() == ["Ada Eins", "Cleo Drei"]
    assert [one.driver.full_name for one in Entry.objects.get().crew.all()] == ["Ada Eins"]


def test_a_draft_beside_a_released_result_changes_no_crew_that_readers_see():
    load(parsed(race(rows=(row("7", 1),))))
    load(parsed(race(rows=(row("7", 1, crew=("Geheim Fahrer",)),), released=False)))

    assert public_drivers() == ["Ada Eins"]


BOTH = ("Ada Eins", "Bea Zwei")


def driven(*names):
    """A lap of each of them in car 7, with the seats of the sheet."""
    by_seat = tuple(LapRecord("7", seat, 100_000, seat=seat) for seat in range(1, len(names) + 1))
    return race(laps=by_seat, entries=(row("7", status="", crew=names),))


def lap_page(client):
    return words(client.get(f"{Session.objects.get(key='R').get_absolute_url()}runden/"))


def test_laps_beside_a_draft_name_nobody_and_show_all_once_it_is_released(client):
    load(parsed(session(rows=(row("7", 1),))))
    load(parsed(race(rows=(row("7", 1),), released=False)))
    file = parsed(driven("Bea Zwei", "Ada Eins"))

    load(file)

    assert public_drivers() == ["Ada Eins"]
    assert [one.driver.full_name for one in Entry.objects.get().crew.all()] == ["Ada Eins"]
    assert load(file).plan.is_empty
    drove = Stint.objects.order_by("first_lap").values_list("driver__last_name", flat=True)
    assert list(drove) == ["Zwei", "Eins"]

    release_draft(Classification.objects.get(session__key="R"), by=User.objects.create(), reason="")

    assert public_drivers() == ["Ada Eins", "Bea Zwei"]
    assert "Bea Zwei" in lap_page(client)
    load(file)
    assert [one.driver.full_name for one in Entry.objects.get().crew.all()] == ["Ada Eins", "Bea Zwei"]
    assert list(drove.all()) == ["Zwei", "Eins"]


def test_laps_and_a_draft_in_one_file_name_nobody():
    load(parsed(session(rows=(row("7", 1),))))
    load(parsed(replace(driven(*BOTH), classification=(row("7", 1),), released=False)))

    assert public_drivers() == ["Ada Eins"]
    assert list(Stint.objects.order_by("first_lap").values_list("driver__last_name", flat=True)) == ["Eins", "Zwei"]


def test_laps_beside_a_released_result_name_their_drivers_at_once():
    load(parsed(race(rows=(row("7", 1),))))
    load(parsed(driven(*BOTH)))

    assert public_drivers() == ["Ada Eins", "Bea Zwei"]
    assert [one.driver.full_name for one in Entry.objects.get().crew.all()] == ["Ada Eins", "Bea Zwei"]


def test_laps_beside_an_annulled_result_name_nobody():
    load(parsed(session(rows=(row("7", 1),))))
    load(parsed(race(rows=(row("7", 1),), state="annulled")))
    load(parsed(driven(*BOTH)))

    assert not LapSet.objects.public().exists()
    assert [one.driver.full_name for one in Entry.objects.get().crew.all()] == ["Ada Eins"]


def test_the_released_file_seats_whom_only_the_draft_could_name():
    load(parsed(session(rows=(row("7", 1),))))
    load(parsed(race(rows=(row("7", 1, crew=BOTH),), released=False)))

    load(parsed(race(rows=(row("7", 1, crew=BOTH),))))

    assert [one.driver.full_name for one in Entry.objects.get().crew.all()] == list(BOTH)


def test_printed_tables_wait_for_the_result_of_their_file():
    file = parsed(race(rows=(row("7", 1),), released=False), standings=(standing((1, "Ada Eins", "25")),))

    report = load(file)
    assert not PrintedStanding.objects.exists()
    assert any("Tabellenstände" in doubt.reason for doubt in report.plan.doubts)

    load(replace(file, sessions=(replace(file.sessions[0], released=True),)))
    assert PrintedStanding.objects.count() == 1


def test_going_back_keeps_the_names_of_the_parts():
    first = session(rows=(row("7", 1, part_times_ms=(90_000, 89_000)),), part_names=("Q1", "Q2"))
    load(parsed(first))
    load(parsed(replace(first, classification=(row("7", 1, part_times_ms=(90_000, 88_000)),))), **FREE)

    again = go_back(Classification.objects.get(version=1), by=User.objects.create(), reason="Irrtum")

    assert again.part_names == ["Q1", "Q2"]


def test_laps_that_only_a_draft_held_back_stay_back_when_it_is_undone():
    load(parsed(race(rows=(row("7", 1, laps=2),), released=False)))
    draft = ImportRun.objects.get()
    load(parsed(race(laps=laps(100_000, 100_000))))
    assert not LapSet.objects.public().exists()

    undo(draft, by=UserFactory(), reason="Falsche Datei")

    assert not Session.objects.get().classifications.exists()
    assert not LapSet.objects.public().exists()


def test_a_crew_that_a_later_result_confirmed_outlives_the_import_that_brought_it():
    load(parsed(session(rows=(row("7", 1),))))
    both = ("Ada Eins", "Bea Zwei")
    load(parsed(session("Q2", rows=(row("7", 1, crew=both),), name="Zweites Qualifying")))
    second = ImportRun.objects.latest("pk")
    load(parsed(race(rows=(row("7", 1, crew=both),))))

    undo(second, by=UserFactory(), reason="Falsche Datei")

    assert "Bea Zwei" in public_drivers()
    assert [one.driver.full_name for one in Entry.objects.get().crew.all()] == list(both)


def test_a_deletion_that_the_desk_took_back_is_not_brought_back_by_a_file():
    file = parsed(race(laps=laps(100_000, 99_000), deletions=(DeletionRecord(number="7", lap=2),)))
    load(file)
    deletion = Session.objects.get().lap_deletions.get()
    type(deletion).objects.update(reversed_at=dt.datetime(2026, 5, 17, tzinfo=dt.UTC), reversed_by=UserFactory())

    report = load(file)

    deletion.refresh_from_db()
    assert deletion.reversed_at is not None
    assert any("zurückgenommen" in doubt.reason for doubt in report.plan.doubts)
