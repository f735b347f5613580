"""Files that move dates, and undoing them: whose links they are, and that the same file again changes nothing."""

import datetime as dt

import pytest

from results.former import former_times_of
from results.importers.undo import undo
from results.models import Event, ImportRun, ScheduleChange, Session
from results.rescheduling import Act, move
from results.signals import schedule_changed
from tests.factories import UserFactory
from tests.results.made import calendar, load, parsed, race, session

pytestmark = pytest.mark.django_db(transaction=True)

DAY = dt.timedelta(days=1)
SATURDAY = dt.date(2099, 5, 16)
SEASON = {"series": "Langstrecken-Cup", "season": "2099", "event": None, "circuit": None}


@pytest.fixture
def told():
    heard = []

    def hear(sender, change, **_signal):
        heard.append((sender, change.sequence))

    schedule_changed.connect(hear)
    yield heard
    schedule_changed.disconnect(hear)


def weekend(day=SATURDAY, hour=12, **values):
    return parsed(race(date=day, time=dt.time(hour, 0), **values), start=day, end=day)


def dates(day=SATURDAY, status=None, sessions=(), **values):
    """A calendar of the season alone."""
    return parsed(calendar=(calendar("Waldrennen", day, day, status=status, sessions=sessions, **values),), **SEASON)


def in_the_programme(day=SATURDAY, **values):
    return session("R", name="Rennen", kind="race", date=day, time=dt.time(12, 0), **values)


def the_race():
    return Session.objects.select_related("event").get()


def test_a_file_that_moves_a_session_is_named_in_its_chain_and_tells_it_once(told):
    load(weekend())
    announced = the_race().starts_at
    person = UserFactory()
    load(weekend(hour=15), by=person, reason="Bulletin 7", content=b"neu")

    link = ScheduleChange.objects.get(session__isnull=False)
    run = ImportRun.objects.latest("pk")
    assert (link.import_run, link.document, link.by, link.reason) == (run, run.document, person, "Bulletin 7")
    assert told == [(Session, 1)]
    assert (the_race().moved_from, link.before_starts_at) == (announced, announced)
    assert load(weekend(hour=15), content=b"neu").plan.is_empty


@pytest.mark.parametrize(("before", "after"), [(12, 15), (15, 12)], ids=["later", "earlier"])
def test_undone_the_session_stands_where_it_stood_in_one_change(before, after, told):
    load(weekend(hour=before))
    stood = Session.objects.values("starts_at", "ends_at", "end_estimated", "local_date", "status").get()
    load(weekend(hour=after), content=b"neu")
    undo(ImportRun.objects.latest("pk"), by=UserFactory(), reason="falsche Datei")

    assert Session.objects.values("starts_at", "ends_at", "end_estimated", "local_date", "status").get() == stood
    assert told == [(Session, 1), (Session, 2)]
    assert ScheduleChange.objects.latest("pk").reason == "falsche Datei"
    assert the_race().former_times == []


def test_a_date_that_the_desk_has_moved_since_stays_when_the_file_is_undone():
    load(weekend())
    load(weekend(hour=15), content=b"neu")
    moved = the_race().starts_at + DAY
    move(the_race(), Act(by=UserFactory(), reason="Bulletin 8"), starts_at=moved)
    undone = undo(ImportRun.objects.latest("pk"), by=UserFactory(), reason="falsche Datei")

    assert the_race().starts_at == moved
    assert any("bleibt, er wurde seither geändert" in line for line in undone.facts)


def test_an_undone_file_takes_its_session_along_unless_the_desk_has_moved_it():
    load(weekend())
    load(weekend(hour=15), content=b"neu")
    first, second = ImportRun.objects.order_by("pk")
    undo(second, by=UserFactory(), reason="falsch")
    undo(first, by=UserFactory(), reason="falsch")
    assert not Session.objects.exists()
    assert not ScheduleChange.objects.filter(session__isnull=False).exists()

    load(weekend(), content=b"drei")
    move(the_race(), Act(by=UserFactory(), reason="Regen"), starts_at=the_race().starts_at + DAY)
    undo(ImportRun.objects.latest("pk"), by=UserFactory(), reason="falsch")
    assert the_race().moved_from is not None


def test_a_postponed_session_has_no_date_and_the_file_that_says_so_again_changes_nothing():
    load(weekend())
    postponed = weekend(status="postponed")
    load(postponed, content=b"zwei")
    one = the_race()
    assert (one.status, one.starts_at, one.local_date, former_times_of(one)[0].on) == (
        "postponed", None, None, SATURDAY,
    )  # fmt: skip
    assert load(postponed, content=b"zwei").plan.is_empty

    load(weekend(day=SATURDAY + 7 * DAY), content=b"drei")
    one = the_race()
    assert (one.status, one.local_date, one.moved_from.date()) == ("scheduled", SATURDAY + 7 * DAY, SATURDAY)


def test_an_old_file_does_not_put_a_postponed_session_back():
    load(weekend())
    load(weekend(status="postponed"), content=b"zwei")
    load(weekend(), content=b"drei")
    assert (the_race().status, the_race().local_date) == ("postponed", None)

    undo(ImportRun.objects.order_by("-pk")[0], by=UserFactory(), reason="falsch")
    assert (the_race().status, the_race().local_date) == ("scheduled", SATURDAY)


def test_a_calendar_moves_cancels_and_reinstates_an_event(told):
    load(dates(sessions=(in_the_programme(),)))
    load(dates(SATURDAY + 7 * DAY, sessions=(in_the_programme(SATURDAY + 7 * DAY),)), content=b"zwei")
    event = Event.objects.get()
    assert (event.starts_on, event.moved_from) == (SATURDAY + 7 * DAY, SATURDAY)

    load(dates(SATURDAY + 7 * DAY, status="cancelled"), content=b"drei")
    assert Event.objects.get().status == "cancelled"
    load(
        dates(SATURDAY + 7 * DAY, sessions=(in_the_programme(SATURDAY + 7 * DAY, status="scheduled"),)), content=b"vier"
    )

    event = Event.objects.get()
    assert (event.status, event.starts_on, event.moved_from) == ("scheduled", SATURDAY + 7 * DAY, SATURDAY)
    assert [sender for sender, _sequence in told] == [Event, Session, Event, Event]


def test_a_calendar_postpones_an_event_with_its_sessions_and_dates_both_again():
    load(dates(sessions=(in_the_programme(),)))
    postponed = dates(status="postponed", sessions=(in_the_programme(),))
    load(postponed, content=b"zwei")
    assert (Event.objects.get().starts_on, the_race().status, the_race().local_date) == (None, "postponed", None)
    assert load(postponed, content=b"zwei").plan.is_empty

    later = SATURDAY + 70 * DAY
    load(dates(later, sessions=(in_the_programme(later),)), content=b"drei")
    event, one = Event.objects.get(), the_race()
    assert (event.status, event.starts_on, event.moved_from) == ("scheduled", later, SATURDAY)
    assert (one.status, one.local_date, one.moved_from.date()) == ("scheduled", later, SATURDAY)
