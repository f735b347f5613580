"""The chain of changed dates: what a trigger writes, what readers are shown of it, and what never was theirs to see."""

import datetime as dt
import random

import pytest
from django.core import management
from django.db import IntegrityError, connection, transaction
from django.utils import timezone

from results.former import former_times_of
from results.models import DeletedFacts, Event, ScheduleChange, Session
from results.recovery import keep_and_delete, put_back
from results.rescheduling import mark_correction
from tests.factories import CircuitFactory, EventFactory, SessionFactory, UserFactory

# Each step is a transaction of its own: what only one of them has seen, readers have not.
pytestmark = pytest.mark.django_db(transaction=True)

HOUR = dt.timedelta(hours=1)
DAY = dt.timedelta(days=1)
NOON = (timezone.now() + 30 * DAY).replace(hour=11, minute=0, second=0, microsecond=0)


def ahead(**values):
    return SessionFactory(starts_at=NOON, event__starts_on=NOON.date(), event__ends_on=NOON.date(), **values)


def put(session, start, **values):
    """As SQL by hand would do it, its end along."""
    end = None if start is None else start + 6 * HOUR
    day = None if start is None else start.date()
    Session.objects.filter(pk=session.pk).update(starts_at=start, ends_at=end, local_date=day, **values)


def told(session):
    session.refresh_from_db()
    return [one.at for one in former_times_of(session)]


def test_a_rain_delay_and_then_a_longer_one_tell_the_last_announced_time_and_keep_the_first():
    session = ahead()
    put(session, NOON + HOUR / 2)
    put(session, NOON + 2 * HOUR)

    assert told(session) == [NOON, NOON + HOUR / 2]
    assert session.moved_from == NOON + HOUR / 2
    links = list(ScheduleChange.objects.of(session).values_list("sequence", "before_starts_at", "after_starts_at"))
    assert links == [(1, NOON, NOON + HOUR / 2), (2, NOON + HOUR / 2, NOON + 2 * HOUR)]


def test_back_at_an_announced_time_it_was_never_moved_from_there():
    session = ahead()
    put(session, NOON + HOUR)
    put(session, NOON + 2 * HOUR)
    put(session, NOON + HOUR)
    assert told(session) == [NOON]
    put(session, NOON)
    assert (told(session), session.moved_from) == ([], None)


def test_two_changes_in_one_transaction_are_two_links_and_one_move():
    session = ahead()
    with transaction.atomic():
        put(session, NOON + HOUR)
        put(session, NOON + 2 * HOUR)

    assert told(session) == [NOON]
    assert list(ScheduleChange.objects.of(session).values_list("was_public", flat=True)) == [True, False]


def test_a_state_that_changes_first_does_not_hide_the_move_of_the_same_transaction():
    session = ahead(status="cancelled")
    with transaction.atomic():
        Session.objects.filter(pk=session.pk).update(status="scheduled")
        put(session, NOON + HOUR)

    assert told(session) == [NOON]


@pytest.mark.parametrize("which", ["session", "event"])
@pytest.mark.parametrize("public_from", [None, timezone.now() + DAY], ids=["desk", "embargo"])
def test_a_date_that_nobody_could_see_is_no_move(which, public_from):
    session = ahead(**{"public_from" if which == "session" else "event__public_from": public_from})
    put(session, NOON + HOUR)

    assert told(session) == []
    assert [link.was_public for link in ScheduleChange.objects.of(session)] == [False]


@pytest.mark.parametrize("which", ["session", "event"])
def test_what_is_opened_and_moved_in_one_transaction_was_never_seen_at_its_former_date(which):
    session = ahead(**{"public_from" if which == "session" else "event__public_from": None})
    with transaction.atomic():
        (Session if which == "session" else Event).objects.update(public_from=timezone.now() - HOUR)
        put(session, NOON + HOUR)

    assert told(session) == []


def test_a_date_of_the_past_is_corrected_and_not_moved():
    session = SessionFactory()
    put(session, session.starts_at + HOUR)

    assert told(session) == []
    assert ScheduleChange.objects.of(session).count() == 1


def test_a_race_that_should_have_begun_a_quarter_of_an_hour_ago_is_moved_all_the_same():
    start = timezone.now() - HOUR / 4
    session = SessionFactory(starts_at=start)
    put(session, start + HOUR)

    assert told(session) == [start]


def test_an_hour_for_a_known_day_is_no_move_and_another_day_is():
    session, other = (SessionFactory(starts_at=None, local_date=NOON.date()) for _count in range(2))
    put(session, NOON)
    assert told(session) == []

    Session.objects.filter(pk=other.pk).update(local_date=NOON.date() + DAY)
    other.refresh_from_db()
    assert [(one.at, one.on) for one in former_times_of(other)] == [(None, NOON.date())]
    assert other.moved_from is None


def test_postponed_without_a_date_and_then_dated_it_was_moved_from_the_date_that_was_told():
    session = ahead()
    put(session, None, status="postponed")
    assert (told(session), session.moved_from) == ([NOON], NOON)
    put(session, NOON + 7 * DAY, status="scheduled")

    assert told(session) == [NOON]


def test_a_corrected_slip_is_not_told_and_may_be_told_again():
    session = ahead()
    put(session, NOON + HOUR)
    before = session.calendar_changed_at
    link, person = ScheduleChange.objects.get(), UserFactory()

    mark_correction(link, by=person, is_correction=True)
    assert (told(session), session.moved_from) == ([], None)
    assert session.calendar_changed_at > before
    link.refresh_from_db()
    assert (link.corrected_by, link.corrected_at is not None) == (person, True)

    mark_correction(link, by=person, is_correction=False)
    assert told(session) == [NOON]


def test_an_event_that_moves_to_another_month_and_circuit_tells_both():
    event = EventFactory(starts_on=NOON.date(), ends_on=NOON.date() + DAY, circuit__name="Ring Ost")
    later = NOON.date() + 150 * DAY
    Event.objects.update(starts_on=later, ends_on=later + DAY, circuit=CircuitFactory(name="Ring West"))
    event.refresh_from_db()

    assert [(one.on, one.until, one.circuit) for one in former_times_of(event)] == [
        (NOON.date(), NOON.date() + DAY, "Ring Ost")
    ]
    assert event.moved_from == NOON.date()


def test_an_event_that_only_changes_its_place_was_moved_from_no_day():
    event = EventFactory(starts_on=NOON.date(), ends_on=NOON.date(), circuit__name="Ring Ost")
    Event.objects.update(circuit=CircuitFactory())
    event.refresh_from_db()

    assert ([one.circuit for one in former_times_of(event)], event.moved_from) == (["Ring Ost"], None)


def test_an_event_that_grows_by_a_day_or_loses_its_days_was_not_moved_or_was():
    event = EventFactory(starts_on=NOON.date(), ends_on=NOON.date() + DAY)
    Event.objects.update(starts_on=NOON.date() - DAY)
    event.refresh_from_db()
    assert event.former_times == []

    Event.objects.update(starts_on=None, ends_on=None, status="postponed")
    event.refresh_from_db()
    assert event.moved_from == NOON.date() - DAY


def test_a_stale_copy_writes_no_former_date_by_hand():
    session = ahead()
    session.moved_from = NOON - DAY
    session.former_times = [{"at": "2020-01-01T00:00:00+00:00"}]
    session.save()

    assert (told(session), session.moved_from) == ([], None)


def test_a_link_is_history():
    session = ahead()
    put(session, NOON + HOUR)
    with pytest.raises(IntegrityError, match="is history and cannot be changed"):
        ScheduleChange.objects.update(reason="anders")
    with pytest.raises(IntegrityError, match="is history and cannot be deleted"):
        ScheduleChange.objects.all().delete()
    assert ScheduleChange.objects.count() == 1


def test_a_deleted_session_takes_its_chain_along_and_brings_it_back():
    session = ahead()
    put(session, NOON + HOUR)
    session.refresh_from_db()
    before = rows()
    keep_and_delete([session], by=UserFactory())
    assert not ScheduleChange.objects.exists()

    put_back(DeletedFacts.objects.get())

    assert rows() == before


def rows():
    """The session and its link as they are stored; the bin keeps instants to the millisecond."""
    both = Session.objects.values().get() | ScheduleChange.objects.values().get()
    instants = {name: value.replace(microsecond=0) for name, value in both.items() if isinstance(value, dt.datetime)}
    return both | instants


def slow_former_times(links):
    """The rule once more, as one would tell it: of all that was told, what has not been returned to."""
    told = []
    for link in links:
        if link.was_public and not link.is_correction and link.before_starts_at:
            told.append(link.before_starts_at)
        if link.after_starts_at in told:
            told = told[: told.index(link.after_starts_at)]
    return told


@pytest.mark.parametrize("seed", range(6))
def test_whatever_happens_readers_are_told_what_the_slow_rule_tells(seed):
    chance, session = random.Random(seed), ahead()
    for _step in range(14):
        now = chance.choice([None, *(NOON + hours * HOUR for hours in range(4))])
        open_ = chance.choice([timezone.now() - DAY, timezone.now() - DAY, None])
        Session.objects.update(public_from=open_)
        put(session, now, status="scheduled" if now else "postponed")
        if chance.random() < 0.2 and (link := ScheduleChange.objects.order_by("?").first()):
            mark_correction(link, by=UserFactory(), is_correction=chance.random() < 0.5)
        assert told(session) == slow_former_times(ScheduleChange.objects.of(session))


def test_the_migration_keeps_what_was_told_before_and_goes_back():
    session, event = ahead(), EventFactory(starts_on=NOON.date(), ends_on=NOON.date(), moved_from=NOON.date() - 7 * DAY)
    management.call_command("migrate", "results", "0012", verbosity=0)
    try:
        with connection.cursor() as cursor:
            cursor.execute("UPDATE results_session SET moved_from = %s", [NOON - HOUR])
            cursor.execute("SELECT calendar_changed_at, calendar_sequence FROM results_session")
            before = cursor.fetchone()
    finally:
        management.call_command("migrate", verbosity=0)  # articles stand on results and went back with them

    assert told(session) == [NOON - HOUR]
    assert (session.calendar_changed_at, session.calendar_sequence) == before
    event.refresh_from_db()
    assert [one.on for one in former_times_of(event)] == [NOON.date() - 7 * DAY]
