"""What undoing cannot know it refuses or leaves alone, in words; crews of sessions and summaries follow it back."""

import pytest
from django.urls import reverse

from results.importers.records import DeletionRecord, LapRecord
from results.importers.undo import UndoRefused, undo
from results.models import (
    CarTrace,
    Driver,
    DriverShare,
    Entry,
    ImportRun,
    Lap,
    LapSet,
    PrintedStanding,
    SessionCrewMember,
    Stint,
    Team,
)
from tests.factories import UserFactory
from tests.results.made import load, parsed, race, row, session, standing, two_cars
from tests.results.test_undo import facts, import_laps, wige

pytestmark = pytest.mark.django_db
FREE = {"accept": True, "reason": "Nachtrag"}
TRAIL = ("made", "altered", "emptied", "removed", "laps_of", "laps_over", "tables_of", "tables_over")


@pytest.fixture
def person():
    return UserFactory(username="ergebnisse", role="results")


def forget(run, *keys):
    """As if the import had been made before imports noted this."""
    run.refresh_from_db()
    run.report = {key: value for key, value in run.report.items() if key not in (keys or TRAIL)}
    run.save(update_fields=["report"])


def laps_twice(*, second_notes=True):
    """Laps of an import that kept no list, replaced by another one."""
    load(parsed(race(rows=(row("7", 1),))))
    forget(import_laps(wige(106_250, 106_300)))
    run = import_laps(wige(106_250, 106_900), accept=True, reason="Neue Zeiten")
    if not second_notes:
        forget(run, "laps_over", "tables_over")
    return run


@pytest.mark.parametrize("second_notes", [True, False])
def test_laps_that_replaced_those_of_an_import_without_a_list_are_not_removed(person, second_notes):
    run = laps_twice(second_notes=second_notes)
    before = facts()

    with pytest.raises(UndoRefused, match=r"Rennen hatte schon vor diesem Import Runden.* noch einmal"):
        undo(run, by=person, reason="Doch die alten")

    assert facts() == before
    run.refresh_from_db()
    assert run.undone_at is None


def test_the_page_says_why_laps_cannot_come_back(client, person):
    run = laps_twice()
    client.force_login(person)

    page = client.get(reverse("admin:results_importrun_undo", args=[run.pk]))

    assert "Rennen hatte schon vor diesem Import Runden" in page.content.decode()


def test_a_chain_of_laps_that_begins_with_an_import_without_a_list_is_not_read_again(person):
    laps_twice()
    last = import_laps(wige(106_250, 107_500), accept=True, reason="Noch einmal")

    with pytest.raises(UndoRefused, match="hatte schon vor diesem Import Runden"):
        undo(last, by=person, reason="Zurück")


def test_first_laps_go_beside_imports_without_a_list_that_held_none(person):
    forget(load(parsed(race(rows=(row("7", 1),)))).run)
    run = import_laps(wige(106_250, 106_300))

    undo(run, by=person, reason="Falsche Datei")

    assert not LapSet.objects.exists()


def test_a_table_that_stood_before_is_left_alone(person):
    load(parsed(session(rows=two_cars()), standings=(standing((1, "Ada Eins", "25")),)))
    forget(ImportRun.objects.get())
    other = parsed(session(rows=two_cars()), standings=(standing((1, "Ada Eins", "26")),))
    runs = [load(other, content=b"second", **FREE).run]
    forget(runs[0], "tables_over", "laps_over")

    undone = undo(runs[0], by=person, reason="Falsch")

    assert PrintedStanding.objects.count() == 1
    assert undone.tables == (
        "Langstrecken-Cup 2026 · Fahrer bleibt, wie es ist: Was vorher dort stand, ist nicht vermerkt.",
    )


def test_an_import_without_a_list_leaves_its_laps_and_tables_and_says_so(person):
    load(parsed(race(rows=(row("7", 1),))))
    run = import_laps(wige(106_250, 106_300))
    forget(run)

    undone = undo(run, by=person, reason="Alt")

    assert Lap.objects.count() == 2
    assert "Rennen: die Runden, denn was vorher dort stand, ist nicht vermerkt." in undone.stays


def test_former_laps_of_a_renamed_driver_make_no_second_one(person):
    load(parsed(race(rows=(row("7", 1),))))
    import_laps(wige(106_250, 106_300))
    run = import_laps(wige(106_250, 106_900), accept=True, reason="Neue Zeiten")
    Driver.objects.filter(last_name="Eins").update(last_name="Neuname", folded="ada neuname")
    before = facts()

    with pytest.raises(UndoRefused, match=r"nicht mehr unter diesem Namen.*Ada Eins"):
        undo(run, by=person, reason="Doch die alten")

    assert facts() == before
    Driver.objects.get(last_name="Neuname").aliases.create(name="Ada Eins")
    undo(run, by=person, reason="Doch die alten")
    assert Driver.objects.count() == 1
    assert sorted(Lap.objects.values_list("time_ms", flat=True)) == [106_250, 106_300]


def test_a_former_team_that_is_gone_cannot_come_back(person):
    load(parsed(session(rows=(row("7", 1),))))
    run = load(parsed(session(rows=(row("7", 1, team="Neuteam"),))), content=b"second", **FREE).run
    Team.objects.get(name="Team 7").delete()

    undone = undo(run, by=person, reason="Doch nicht")

    assert "Nennung #7, Team: Der frühere Wert kann nicht wiederkommen." in undone.facts
    assert Entry.objects.get().team.name == "Neuteam"


def test_a_former_driver_who_is_gone_is_not_seated_again(person):
    load(parsed(session(rows=(row("7", 1),))))
    run = load(parsed(session(rows=(row("7", 1, crew=("Dora Vier",)),))), content=b"second", **FREE).run
    Driver.objects.get(last_name="Eins").delete()

    undone = undo(run, by=person, reason="Doch nicht")

    assert "#7: Der frühere Wert kann nicht zurückkommen." in undone.facts


# what follows


def seats():
    of_session = SessionCrewMember.objects.order_by("session_entry__session__key", "seat")
    return [(one.session_entry.session.key, one.seat, one.driver.full_name) for one in of_session]


def driven():
    """Who drove which laps, how many and how fast, and which of them are deleted."""
    return (
        list(Stint.objects.order_by("session_entry", "sequence").values_list("driver__last_name", "first_lap", "laps")),
        sorted(DriverShare.objects.values_list("driver__last_name", "laps", "best_lap_ms")),
        list(CarTrace.objects.order_by("session_entry").values_list("times_ms", "deleted_laps")),
    )


def two_stints():
    return tuple(LapRecord("7", lap, 100_000 - lap, seat=seat) for lap, seat in enumerate((1, 1, 2), start=1))


def test_a_crew_of_one_session_comes_back_as_it_was_and_its_stints_with_it(person):
    load(parsed(session(rows=(row("7", 1, crew=("Ada Eins", "Bea Zwei")),))))
    other = ("Cleo Drei", "Dora Vier")
    load(parsed(race(rows=(row("7", 1, crew=other),))))
    load(parsed(race(laps=two_stints(), entries=(row("7", status="", crew=other),))))
    before = (seats(), driven())
    assert [name for _session, _seat, name in seats()] == list(other)

    third = ("Cleo Drei", "Emma Fünf")
    run = load(parsed(race(rows=(row("7", 1, crew=third),))), content=b"second", **FREE).run
    assert [name for _session, _seat, name in seats()] == list(third)
    assert driven() != before[1]

    undo(run, by=person, reason="Doch nicht")

    assert (seats(), driven()) == before
    assert not Driver.objects.public().filter(last_name="Fünf").exists()


def test_a_crew_seated_anew_comes_back_with_its_stints(person):
    both = ("Ada Eins", "Bea Zwei")
    load(parsed(race(rows=(row("7", 1, crew=both),))))
    load(parsed(race(laps=two_stints(), entries=(row("7", status="", crew=both),))))
    before = driven()
    run = load(parsed(race(rows=(row("7", 1, crew=("Ada Eins", "Dora Vier")),))), content=b"second", **FREE).run
    assert driven() != before

    undo(run, by=person, reason="Doch nicht")

    assert driven() == before
    assert [one.driver.full_name for one in Entry.objects.get().crew.order_by("seat")] == list(both)


def test_deleted_laps_of_an_undone_import_count_again_in_every_summary(person):
    both = ("Ada Eins", "Bea Zwei")
    load(parsed(race(laps=two_stints(), entries=(row("7", status="", crew=both),))))
    before = driven()
    run = load(parsed(race(deletions=(DeletionRecord(number="7", lap=3),))), content=b"second").run
    assert driven() != before

    undo(run, by=person, reason="Falsche Runde")

    assert driven() == before


def test_a_class_taken_back_returns_with_the_undone_import(person):
    load(parsed(race(rows=(row("7", 1, cups=("Junior",)),), released=False)))
    run = load(parsed(session(rows=(row("7", 1, class_name=None),))), content=b"second").run
    entry = Entry.objects.get()
    assert (entry.racing_class, entry.cups.count()) == (None, 0)

    undo(run, by=person, reason="Falsche Datei")

    entry.refresh_from_db()
    assert (entry.racing_class.name, [cup.name for cup in entry.cups.all()]) == ("SP9", ["Junior"])
