"""Undoing an import: former facts come back, what the import alone needs goes, later work is not broken."""

import json

import pytest
from django.urls import reverse

from results.importers import sniff
from results.importers.load import commit
from results.importers.plan import ImportTarget, Upload
from results.importers.undo import UndoRefused, plan_undo, undo
from results.models import (
    Classification,
    Driver,
    Entry,
    Event,
    ImportRun,
    Lap,
    LapSet,
    PrintedStanding,
    Series,
    Session,
    SessionEntry,
    Team,
)
from tests.factories import UserFactory
from tests.results.made import changed, load, parsed, race, row, session, standing, two_cars

pytestmark = pytest.mark.django_db


@pytest.fixture
def person():
    return UserFactory(username="ergebnisse", role="results")


def wige(*times, number="7"):
    """A small file of wige laps that is read from its bytes, as undoing reads it again."""
    head = "STNR;FAHRER1_NAME;FAHRER1_VORNAME;FAHRZEUG;BEWERBER;KLASSE;RUNDE;RUNDENZEIT;RUNDENZEIT_SEKUNDEN;TAGESZEIT;DRIVERID"
    lines, clock = [head], 12 * 3600 * 1000
    for lap, time in enumerate(times, start=1):
        clock += time
        seconds, ms = divmod(time, 1000)
        day, rest = divmod(clock, 1000)
        hours, minutes = day // 3600, day // 60 % 60
        lines.append(
            f"{number};Eins;Ada;Porsche;Team 7;SP9;{lap};{seconds // 60}:{seconds % 60:02d}.{ms:03d};{seconds},{ms:03d};"
            f"{hours:02d}:{minutes:02d}:{day % 60:02d}.{rest:03d};1"
        )
    return "\n".join(lines).encode()


def import_laps(content, **options):
    event = Event.objects.get()
    upload = Upload("laps.csv", content)
    target = ImportTarget(event=event, session="R")
    return commit(sniff.parse(content), upload, target=target, by=None, **options).run


def facts():
    """What there is now, all that an undo may touch."""
    return {
        "current": sorted(
            (
                one.session.key,
                [(line.session_entry.entry.number, line.position, line.best_lap_ms) for line in one.rows.all()],
            )
            for one in Classification.objects.current()
        ),
        "laps": list(Lap.objects.order_by("session_entry", "number").values_list("number", "time_ms")),
        "entries": sorted(
            (one.number, str(one.team), [str(seat.driver) for seat in one.crew.order_by("seat")])
            for one in Entry.objects.all()
        ),
    }


def test_undoing_a_correction_makes_the_former_version_current_again_as_a_new_one(person):
    file = parsed(session(rows=two_cars()))
    load(file)
    before = facts()
    run = load(changed(file, "8", best_lap_ms=106_600), content=b"corrected", accept=True, reason="Runde weg").run
    assert facts() != before

    undone = undo(run, by=person, reason="Falsche Datei")

    assert undone.results == ("Qualifying: Fassung 1 gilt wieder, als Fassung 3.",)
    assert facts() == before
    current = Classification.objects.current().get()
    assert (current.version, current.reason, current.created_by) == (3, "Falsche Datei", person)
    assert Classification.objects.public().get() == current
    run.refresh_from_db()
    assert (run.undone_by, run.undone_at is not None, run.report["undo"]["reason"]) == (person, True, "Falsche Datei")


def test_undoing_the_first_result_takes_it_out_of_sight_and_keeps_it_as_history(person):
    run = load(parsed(session(rows=two_cars()))).run

    undone = undo(run, by=person, reason="Falsches Rennen")

    version = Classification.objects.get()
    assert not Classification.objects.public().exists()
    assert (version.is_current, version.public_until is not None, version.rows.count()) == (False, True, 2)
    assert undone.removed == ()
    assert any(one.startswith("Fahrer: ") and "Ada Eins" in one for one in undone.stays)
    assert Driver.objects.count() == 3, "the history keeps its names"


def test_an_undone_file_can_be_imported_again(person):
    file = parsed(session(rows=two_cars()))
    undo(load(file).run, by=person, reason="Probe")

    again = load(file)

    assert again.run is not None
    assert Classification.objects.public().get().version == 2
    assert Driver.objects.count() == 3


def test_undoing_laps_removes_them_with_the_car_and_driver_nobody_else_needs(person):
    load(parsed(race(rows=(row("8", 1, crew=("Cleo Drei",)),))))
    before = facts()
    run = import_laps(wige(106_250, 106_300, 106_400))
    assert (Lap.objects.count(), Driver.objects.count()) == (3, 2)

    undone = undo(run, by=person, reason="Andere Session")

    assert facts() == before
    assert undone.laps == ("Rennen: Die Runden werden entfernt.",)
    assert "1 Fahrer" in undone.removed
    assert not LapSet.objects.exists()
    assert [car.entry.number for car in SessionEntry.objects.all()] == ["8"]
    assert not Team.objects.filter(name="Team 7").exists()


def test_undoing_replaced_laps_reads_the_former_source_again(person):
    load(parsed(race(rows=(row("7", 1, crew=("Ada Eins",)),))))
    import_laps(wige(106_250, 106_300))
    before, source = facts(), LapSet.objects.get().document
    run = import_laps(wige(106_250, 106_900, 107_000), accept=True, reason="Neue Zeiten")

    undone = undo(run, by=person, reason="Doch die alten")

    assert facts() == before
    assert undone.laps == ("Rennen: wieder die 2 Runden aus „laps.csv“.",)
    assert LapSet.objects.get().document == source


def test_later_work_is_named_and_nothing_is_undone(person):
    file = parsed(session(rows=two_cars()))
    first = load(file).run
    load(changed(file, "8", best_lap_ms=106_600), content=b"corrected", accept=True, reason="Runde weg")
    before = facts()

    with pytest.raises(UndoRefused, match=r"spätere Fassung.*v2"):
        undo(first, by=person, reason="Zu spät")

    assert facts() == before
    first.refresh_from_db()
    assert first.undone_at is None


def test_laps_of_a_later_import_are_named(person):
    load(parsed(race(rows=(row("7", 1, crew=("Ada Eins",)),))))
    first = import_laps(wige(106_250, 106_300))
    import_laps(wige(106_250, 106_900), accept=True, reason="Neue Zeiten")

    with pytest.raises(UndoRefused, match="stehen Runden eines späteren"):
        undo(first, by=person, reason="Zu spät")


def test_imports_are_undone_one_after_the_other_back_to_nothing(person):
    file = parsed(session(rows=two_cars()))
    first = load(file).run
    second = load(changed(file, "8", best_lap_ms=106_600), content=b"corrected", accept=True, reason="Runde weg").run

    undo(second, by=person, reason="Zurück")
    undo(first, by=person, reason="Ganz zurück")

    assert not Classification.objects.current().exists()
    assert not Classification.objects.public().exists()


def test_a_changed_crew_and_team_come_back(person):
    file = parsed(session(rows=two_cars()))
    load(file)
    before = facts()
    other = parsed(
        session(
            rows=(row("7", 1, best_lap_ms=106_250, crew=("Ada Eins", "Dora Vier"), team="Neues Team"), two_cars()[1])
        )
    )
    run = load(other, content=b"crew", accept=True, reason="Besatzung").run
    assert facts() != before

    undo(run, by=person, reason="Doch nicht")

    assert facts() == before
    assert not Driver.objects.filter(last_name="Vier").exists()
    assert not Team.objects.filter(name="Neues Team").exists()


def test_what_was_edited_since_stays_and_is_named(person):
    file = parsed(session(rows=two_cars()))
    load(file)
    moved = parsed(session(rows=two_cars(), name="Zeittraining"))
    run = load(moved, content=b"moved", accept=True, reason="Name").run
    Session.objects.update(name="Von Hand")

    undone = undo(run, by=person, reason="Doch nicht")

    assert Session.objects.get().name == "Von Hand"
    assert any("wurde seither geändert" in one for one in undone.facts)


def test_what_somebody_added_to_a_new_car_keeps_it(person):
    load(parsed(race(rows=(row("8", 1, crew=("Cleo Drei",)),))))
    run = import_laps(wige(106_250))
    driver = Driver.objects.get(last_name="Eins")
    driver.aliases.create(name="A. Eins")

    undone = undo(run, by=person, reason="Andere Session")

    assert Driver.objects.filter(pk=driver.pk).exists()
    assert "Fahrer: Ada Eins" in undone.stays


def test_a_calendar_is_removed_whole(person):
    run = load(parsed(session("Q", rows=None))).run
    assert Event.objects.exists()

    undo(run, by=person, reason="Falsche Serie")

    assert not Series.objects.exists()
    assert not Session.objects.exists()


def test_a_printed_table_is_removed_or_read_again(person):
    run = load(parsed(session(rows=two_cars()), standings=(standing((1, "Ada Eins", "25")),))).run

    undone = undo(run, by=person, reason="Falsch")

    assert not PrintedStanding.objects.exists()
    assert undone.tables == ("Langstrecken-Cup 2026 · Fahrer: entfernt; sie liegt im Papierkorb.",)


def test_undoing_needs_a_reason_and_happens_once(person):
    run = load(parsed(session(rows=two_cars()))).run
    with pytest.raises(UndoRefused, match="braucht es einen Grund"):
        undo(run, by=person, reason=" ")
    undo(run, by=person, reason="Einmal")

    with pytest.raises(UndoRefused, match="schon rückgängig"):
        undo(run, by=person, reason="Zweimal")


def test_looking_at_what_undoing_would_do_changes_nothing(person):
    run = load(parsed(session(rows=two_cars()))).run
    before = facts()

    planned = plan_undo(run, by=person)

    assert facts() == before
    assert planned == undo(run, by=person, reason="Jetzt")


def test_the_page_lists_what_happens_and_asks_for_the_reason(client, person):
    run = load(parsed(session(rows=two_cars()))).run
    client.force_login(person)
    address = reverse("admin:results_importrun_undo", args=[run.pk])

    page = client.get(address).content.decode()
    assert "kein Ergebnis mehr; Fassung 1 bleibt" in page
    assert "braucht es einen Grund" in client.post(address, {"reason": ""}).content.decode()
    done = client.post(address, {"reason": "Falsch <b>"}, follow=True)

    assert "Der Import ist rückgängig gemacht." in done.content.decode()
    assert "Falsch &lt;b&gt;" in done.content.decode()
    assert ImportRun.objects.get().undone_by == person
    again = client.get(address).content.decode()
    assert "schon rückgängig gemacht" in again
    assert '<form method="post" novalidate' not in again


@pytest.mark.parametrize("role", ["reporter", "editor", "chief", "pictures"])
def test_others_do_not_undo(client, role):
    run = load(parsed(session(rows=two_cars()))).run
    client.force_login(UserFactory(role=role))

    assert client.get(reverse("admin:results_importrun_undo", args=[run.pk])).status_code == 403
    assert client.post(reverse("admin:results_importrun_undo", args=[run.pk]), {"reason": "x"}).status_code == 403
    assert "undo/" not in client.get(reverse("admin:results_importrun_change", args=[run.pk])).content.decode()


def test_an_import_that_kept_no_list_still_takes_back_its_result(person):
    run = load(parsed(session(rows=two_cars()))).run
    ImportRun.objects.update(report=json.loads("{}"))

    undone = undo(run, by=person, reason="Alt")

    assert not Classification.objects.public().exists()
    assert undone.stays == ("Fahrer, Teams und Nennungen dieses Imports: Er hat keine Liste von ihnen geführt.",)
