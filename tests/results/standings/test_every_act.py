"""Whatever moves a fact on which tables stand moves the tables in the same transaction, signal or none."""

import datetime as dt

import pytest

from results.amending import apply_decisions
from results.grid_forming import form_grid
from results.identity.merging import merge
from results.identity.splitting import split
from results.identity.undoing import undo as undo_identity
from results.importers import sniff
from results.importers.load import commit as import_file
from results.importers.plan import ImportTarget, Upload
from results.importers.undo import undo
from results.models import (
    CarModel,
    Championship,
    Cup,
    DeletedFacts,
    Entry,
    Event,
    ImportRun,
    Season,
    SeriesAlias,
    SessionCrewMember,
    SessionEntry,
)
from results.recovery import keep_and_delete, put_back
from results.release import annul, discard_draft, go_back, release_draft, restate
from results.rescheduling import Act
from results.shifting import cancel_event
from tests import factories as make
from tests.results.standings.made import desk, drivers, race, result, season, stands, stored

pytestmark = pytest.mark.django_db


@pytest.fixture
def formula():
    return season()


@pytest.fixture
def people():
    return drivers("Ada", "Bea", "Cleo")


@pytest.fixture
def chief():
    return make.UserFactory(role="chief")


def cup(of, **rules):
    """A championship of our own beside those of Formula 1: `key` cup, ten, six and three points."""
    subject = rules.pop("subject", "driver")
    said = {"scores": [{"table": ["10", "6", "3"]}], **rules}
    return Championship.objects.create(season=of, key="cup", name="Cup", subject=subject, is_by_hand=True, rules=said)


def car(driver, number=None):
    found = Entry.objects.filter(crew__driver=driver)
    return found.get(event=number) if number else found.order_by("pk").last()


# ------------------------------------------------------------------ the chain of versions


def test_annulling_going_back_and_another_state(formula, people, chief):
    ada, bea, cleo = people
    session = race(formula, 1)
    first = result(session, [ada, bea, cleo], state="provisional")
    restate(session, by=chief, state="final", reason="Frist vorbei")
    stands(formula)
    assert desk() == {"Ada": "25", "Bea": "18", "Cleo": "15"}

    annul(session, by=chief, reason="Berufung")
    stands(formula)
    assert desk() == {}

    go_back(first, by=chief, reason="Berufung verworfen", state="amended")
    stands(formula)
    assert desk() == {"Ada": "25", "Bea": "18", "Cleo": "15"}


def test_a_draft_that_is_laid_aside_moves_nothing(formula, people, chief):
    ada, bea, cleo = people
    session = race(formula, 1)
    result(session, [ada, bea, cleo])
    draft = result(session, [cleo, bea, ada], release=False)
    before = stored(formula)

    discard_draft(draft, by=chief)

    assert stands(formula) == before


def test_the_grid_that_is_formed_gives_no_points(formula, people, chief):
    ada, bea, cleo = people
    session = race(formula, 1, sequence=2)
    qualifying = make.SessionFactory(event=session.event, kind="qualifying", sequence=1)
    result(race(formula, 2), [ada, bea, cleo])
    before = stored(formula)

    result(qualifying, [cleo, bea, ada])
    assert stands(formula) == before
    form_grid(qualifying, race=session, by=chief)

    assert stands(formula) == before


def test_decisions_of_the_stewards(formula, people, chief):
    ada, bea, cleo = people
    session = race(formula, 1)
    result(session, [ada, bea, cleo])
    struck = SessionEntry.objects.get(session=session, entry=car(ada))
    make.DecisionFactory(session=session, session_entry=struck, kind="disqualified", amount=None)

    apply_decisions(session, by=chief, reason="Unterboden")

    stands(formula)
    assert desk() == {"Bea": "25", "Cleo": "18"}


# ------------------------------------------------------------------ cars and people


def test_a_car_that_is_entered_for_a_cup(formula, people):
    ada, bea, cleo = people
    cup(formula, cup="Junior")
    result(race(formula, 1), [ada, bea, cleo])
    junior = Cup.objects.create(series=formula.series, name="Junior", slug="junior", folded="junior")
    assert not desk(key="cup")

    car(bea).cups.add(junior)
    stands(formula)
    assert desk(key="cup") == {"Bea": "10"}

    junior.entries.add(car(cleo))
    stands(formula)
    assert desk(key="cup") == {"Bea": "10", "Cleo": "6"}

    car(bea).cups.clear()
    stands(formula)
    assert desk(key="cup") == {"Cleo": "10"}


def test_a_car_that_turns_out_to_be_of_another_maker(formula, people):
    ada, bea, cleo = people
    cup(formula, subject="manufacturer")
    session = race(formula, 1)
    one, other = make.ManufacturerFactory(name="Eins"), make.ManufacturerFactory(name="Zwei")
    model = make.CarModelFactory(manufacturer=one)
    make.EntryFactory(event=session.event, crew=[ada], car_model=model)
    result(session, [ada, bea, cleo])
    assert desk(key="cup")["Eins"] == "10"

    model = CarModel.objects.get(pk=model.pk)
    model.manufacturer = other
    model.save()

    stands(formula)
    assert desk(key="cup")["Zwei"] == "10"
    assert "Eins" not in desk(key="cup")


def test_a_team_by_another_name_is_another_entrant(formula, people):
    ada, bea, cleo = people
    cup(formula, subject="entrant")
    session = race(formula, 1)
    team = make.TeamFactory(name="Team Alt")
    make.EntryFactory(event=session.event, crew=[ada], team=team, entrant="")
    result(session, [ada, bea, cleo])
    assert desk(key="cup")["Team Alt"] == "10"

    team.name = "Team Neu"
    team.save()

    stands(formula)
    assert desk(key="cup")["Team Neu"] == "10"


def test_who_sat_in_the_car_in_one_session_only(formula, people):
    ada, bea, cleo = people
    session = race(formula, 1)
    result(session, [ada, bea])

    seat = SessionCrewMember.objects.create(
        session_entry=SessionEntry.objects.get(entry=car(ada)), driver=cleo, seat=1, line=1
    )
    stands(formula)
    assert desk() == {"Cleo": "25", "Bea": "18"}

    seat.delete()
    stands(formula)
    assert desk() == {"Ada": "25", "Bea": "18"}


def test_two_who_are_one_and_two_again(formula, people, chief):
    ada, bea, again = people
    result(race(formula, 1), [ada, bea])
    result(race(formula, 2), [again, bea])
    before = stored(formula)

    change = merge(ada, again, by=chief)
    stands(formula)
    assert desk() == {"Ada": "50", "Bea": "36"}

    undo_identity(change, by=chief)
    assert stands(formula).keys() == before.keys()
    assert desk() == {"Bea": "36", "Ada": "25", "Cleo": "25"}


def test_one_who_is_two(formula, people, chief):
    ada, bea, _cleo = people
    result(race(formula, 1), [ada, bea])
    result(race(formula, 2), [ada, bea])
    second = car(ada)

    split(ada, columns={"first_name": "", "last_name": "Ida"}, entries=[second.pk], by=chief)

    stands(formula)
    assert desk() == {"Bea": "36", "Ada": "25", "Ida": "25"}


def test_two_teams_that_are_one(formula, people, chief):
    ada, bea, _cleo = people
    cup(formula, subject="team")
    session = race(formula, 1)
    teams = [make.TeamFactory(name="Eins"), make.TeamFactory(name="Zwei")]
    for driver, team in zip((ada, bea), teams, strict=True):
        make.EntryFactory(event=session.event, crew=[driver], team=team)
    result(session, [ada, bea])

    merge(*teams, by=chief)

    stands(formula)
    assert desk(key="cup") == {"Eins": "16"}


# ------------------------------------------------------------------ the calendar


def test_an_event_that_is_cancelled_and_one_that_changes_places(formula, people, chief):
    ada, bea, cleo = people
    session = race(formula, 1)
    result(session, [ada, bea, cleo])
    off, later = race(formula, 2), race(formula, 3)
    result(later, [bea, ada, cleo])

    cancel_event(off.event, Act(by=chief, reason="Regen"))
    stands(formula)
    assert desk(after=2) == {"Ada": "43", "Bea": "43", "Cleo": "30"}

    event = Event.objects.get(pk=later.event_id)
    event.starts_on = event.ends_on = dt.date(2021, 10, 1)
    event.save()
    stands(formula)
    assert desk(after=1) == {"Bea": "25", "Ada": "18", "Cleo": "15"}


ICS = """BEGIN:VCALENDAR
VERSION:2.0
PRODID:x
BEGIN:VEVENT
UID:1@x
DTSTAMP:20211101T000000Z
SUMMARY:{name} - Rennen
DTSTART:202111{day:02}T120000Z
DTEND:202111{day:02}T140000Z
STATUS:{status}
END:VEVENT
END:VCALENDAR
"""


def calendar(formula, session, chief, status="CONFIRMED", **day):
    text = ICS.format(name=session.event.name, status=status, day=day.get("day", session.event.starts_on.day))
    target = ImportTarget(series=formula.series.name, season=formula.label)
    upload = Upload("kalender.ics", text.replace("\n", "\r\n").encode())
    return import_file(sniff.parse(upload.content), upload, target=target, by=chief, accept=True, reason="neu")


def test_a_calendar_that_cancels_an_event_and_its_undoing(formula, people, chief):
    ada, bea, cleo = people
    off = race(formula, 1, key="R", name="Rennen")
    result(race(formula, 20), [ada, bea, cleo])
    before = stands(formula)
    assert desk(after=2) == {"Ada": "25", "Bea": "18", "Cleo": "15"}

    calendar(formula, off, chief, status="CANCELLED")
    assert Event.objects.get(pk=off.event_id).status == "cancelled"
    assert {line[2][0] for _ledger, lines in stands(formula).values() for line in lines} == {1}

    undo(ImportRun.objects.latest("pk"), by=chief, reason="falsche Datei")
    assert stands(formula) == before


def test_a_calendar_that_moves_an_event_before_another(formula, people, chief):
    ada, bea, cleo = people
    result(race(formula, 2), [ada, bea, cleo])
    moved = race(formula, 20, key="R", name="Rennen")
    result(moved, [bea, ada, cleo])

    calendar(formula, moved, chief, day=1)

    assert Event.objects.get(pk=moved.event_id).starts_on == dt.date(2021, 11, 1)
    stands(formula)
    assert desk(after=1) == {"Bea": "25", "Ada": "18", "Cleo": "15"}


def test_a_round_that_is_deleted_and_put_back(formula, people, chief):
    ada, bea, cleo = people
    empty = make.EventFactory(season=formula, starts_on=dt.date(2021, 11, 1), ends_on=dt.date(2021, 11, 1))
    result(race(formula, 2), [ada, bea, cleo])
    before = stands(formula)

    keep_and_delete([empty], by=chief)
    assert {line[2][0] for _ledger, lines in stands(formula).values() for line in lines} == {1}

    put_back(DeletedFacts.objects.get())
    assert stands(formula) == before


# ------------------------------------------------------------------ which rules


def test_another_year_in_the_label_is_another_rule(formula, people):
    result(race(formula, 1), people)
    assert desk() == {"Ada": "25", "Bea": "18", "Cleo": "15"}

    formula.label = "1995"
    formula.save()

    stands(formula)
    assert desk() == {"Ada": "10", "Bea": "6", "Cleo": "4"}


def test_a_series_that_gets_the_name_of_a_rule_file(people):
    unknown = season(name="Königsklasse", slug="koenigsklasse")
    result(race(unknown, 1), people)
    assert not stored(unknown)

    alias = SeriesAlias.objects.create(series=unknown.series, name="Formula 1", folded="formula 1")
    stands(unknown)
    assert desk() == {"Ada": "25", "Bea": "18", "Cleo": "15"}
    alias.delete()

    other = season(name="Sportwagen", slug="sportwagen", label="2021")
    result(race(other, 1), people)
    other.series.name = "Formula One"
    other.series.save()
    assert Season.objects.get(pk=other.pk).championships.filter(key="driver").exists()


def test_half_points_and_negative_totals(formula, people):
    """Half of what the table says, in thousandths; and who loses more than he won stands below zero, last."""
    ada, bea, cleo = people
    own = cup(formula, lists="starters")
    session = race(formula, 1)
    result(session, [ada, bea, cleo])
    counted = own.scoring_events.get()
    counted.share, counted.is_by_hand = "0.5", True
    counted.save()
    own.rules = own.rules | {"shortened": [{"below": "3/4", "factor": "1/2"}], "scores": [{"table": ["10", "6", "3"]}]}
    own.save()
    own.decisions.create(kind="points", driver=bea, points="-4.25", event=session.event, reason="Strafe")

    stands(formula)
    assert desk(key="cup") == {"Ada": "5", "Cleo": "1.5", "Bea": "-1.25"}


def test_a_driver_in_two_cars_has_the_points_of_both_unless_the_rules_say_one(formula, people):
    ada, bea, _cleo = people
    own = cup(formula)
    session = race(formula, 1)
    make.EntryFactory(event=session.event, crew=[ada], number="1")
    second = make.EntryFactory(event=session.event, crew=[ada, bea], number="2")
    rows = [
        {"session_entry": SessionEntry.objects.create(session=session, entry=entry), "position": place}
        for place, entry in enumerate([*session.event.entries.order_by("number")], start=1)
    ]
    release_draft(make.ClassificationFactory(session=session, hidden=True, rows=rows), by=None)
    assert second.pk
    stands(formula)
    assert desk(key="cup") == {"Ada": "16", "Bea": "6"}

    own.rules = own.rules | {"cars": 1}
    own.save()

    stands(formula)
    assert desk(key="cup") == {"Ada": "10", "Bea": "6"}


def test_level_to_the_last_rule_shares_the_place(formula, people):
    ada, bea, cleo = people
    cup(formula, ties=["countback", "latest", "earliest"])
    session = race(formula, 1)
    entry = make.EntryFactory(event=session.event, crew=[ada, bea])
    result(session, [ada, cleo])

    assert entry.pk
    lines = sorted(
        (line[2][3], line[2][5]) for line in stands(formula)[next(k for k in stored(formula) if k[0] == "cup")][1]
    )
    assert lines == [(1, True), (1, True), (3, False)]
