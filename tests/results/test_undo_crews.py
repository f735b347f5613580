"""Undoing an import that brought laps and a crew: the former crew sits in the car again, and in its own laps."""

import json

import pytest
from django.utils import timezone

from results.importers import sniff
from results.importers.load import commit
from results.importers.plan import ImportTarget, Upload
from results.importers.records import LapRecord
from results.importers.undo import UndoRefused, undo
from results.models import CrewMember, Driver, Event, Lap, LapSet, Session, SessionCrewMember, Stint
from tests.factories import UserFactory
from tests.results.made import load, parsed, race, row, session
from tests.results.pages import words

pytestmark = pytest.mark.django_db
FREE = {"accept": True, "reason": "Nachtrag"}
ADA_AND_BEA = ("Ada Eins", "Bea Zwei")
ADA_AND_WIM = ("Ada Eins", "Wim Neu")


@pytest.fixture
def person():
    return UserFactory(username="ergebnisse", role="results")


def wige_laps():
    """A file of wige laps of both that is read from its bytes, as undoing reads it again; Bea drives the third."""
    head = (
        "STNR;FAHRER1_NAME;FAHRER1_VORNAME;FAHRER2_NAME;FAHRER2_VORNAME;FAHRZEUG;BEWERBER;KLASSE;"
        "RUNDE;RUNDENZEIT;RUNDENZEIT_SEKUNDEN;TAGESZEIT;DRIVERID"
    )
    lines = [head] + [
        f"7;Eins;Ada;Zwei;Bea;Porsche;Team 7;SP9;{lap};1:40.000;100,000;12:0{lap}:00.000;{seat}"
        for lap, seat in ((1, 1), (2, 1), (3, 2))
    ]
    content = "\n".join(lines).encode()
    target = ImportTarget(event=Event.objects.get(), session="R")
    return commit(sniff.parse(content), Upload("laps.csv", content), target=target, by=None).run


def another_crew_and_laps():
    """Another result of the race with another crew, and laps of both, in one file."""
    driven = tuple(LapRecord("7", lap, 99_000, seat=seat) for lap, seat in ((1, 1), (2, 2)))
    file = parsed(
        race(rows=(row("7", 1, crew=ADA_AND_WIM),), laps=driven, entries=(row("7", status="", crew=ADA_AND_WIM),))
    )
    return load(file, content=b"second", **FREE).run


def seats():
    entered = [("", one.seat, one.driver.full_name) for one in CrewMember.objects.order_by("seat")]
    own = SessionCrewMember.objects.order_by("session_entry__session__key", "seat")
    return entered + [(one.session_entry.session.key, one.seat, one.driver.full_name) for one in own]


def driven():
    stints = Stint.objects.order_by("session_entry", "sequence").values_list("driver__last_name", "first_lap", "laps")
    return list(stints), list(Lap.objects.order_by("number").values_list("number", "seat", "time_ms"))


@pytest.mark.parametrize("first", ["with both", "with Ada", "without a result"])
@pytest.mark.parametrize("hidden", [False, True])
def test_the_former_crew_and_its_laps_come_back_together(client, person, first, hidden):
    load(parsed(session(rows=(row("8", 1, crew=("Cleo Drei",)),)), race(rows=())))
    if hidden:
        Session.objects.filter(key="R").update(public_from=None)
    if first != "without a result":
        load(parsed(race(rows=(row("7", 1, crew=ADA_AND_BEA if first == "with both" else ADA_AND_BEA[:1]),))))
    wige_laps()
    before = (seats(), driven())
    assert before[1][0] == [("Eins", 1, 2), ("Zwei", 3, 1)]
    run = another_crew_and_laps()
    assert (seats(), driven()) != before

    undo(run, by=person, reason="Falsche Datei")

    assert (seats(), driven()) == before
    assert not Driver.objects.public().filter(last_name="Neu").exists()
    if first == "without a result":
        return  # the result that was taken back holds the laps back
    Session.objects.update(public_from=timezone.now())
    page = words(client.get(f"{Session.objects.get(key='R').get_absolute_url()}runden/"))
    assert "Bea Zwei" in page
    assert "Wim Neu" not in page


def test_laps_of_somebody_whom_the_desk_took_out_of_the_car_since_are_not_put_back(person):
    load(parsed(race(rows=(row("7", 1),))))
    wige_laps()
    driven_again = tuple(LapRecord("7", lap, 99_000, seat=1) for lap in (1, 2))
    file = parsed(race(laps=driven_again, entries=(row("7", status=""),)))
    run = load(file, content=json.dumps("second").encode(), **FREE).run
    CrewMember.objects.filter(driver__last_name="Zwei").delete()
    before = (seats(), driven())

    with pytest.raises(UndoRefused, match=r"nicht mehr in ihrem Auto.*#7 Bea Zwei"):
        undo(run, by=person, reason="Doch die alten")

    assert (seats(), driven()) == before
    assert LapSet.objects.get().import_run == run
