"""Moving, postponing, cancelling and reinstating sessions and whole events: what stands there then, and who is told."""

import contextlib
import datetime as dt
import zoneinfo

import pytest
from django.db import transaction
from django.utils import timezone

from results import rescheduling, shifting
from results.former import former_times_of, history, words_of
from results.models import Broadcast, Event, ScheduleChange, Session
from results.rescheduling import Act, Overtaken, RescheduleRefused, chain_of
from results.schedule_record import recorded
from results.shifting import plan_shift
from results.signals import schedule_changed
from tests.factories import BroadcastFactory, CircuitFactory, EventFactory, SessionFactory, UserFactory

pytestmark = pytest.mark.django_db(transaction=True)

BERLIN = zoneinfo.ZoneInfo("Europe/Berlin")
HOUR, DAY = dt.timedelta(hours=1), dt.timedelta(days=1)
SATURDAY = timezone.localdate() + dt.timedelta(days=30)
SATURDAY += dt.timedelta(days=(5 - SATURDAY.weekday()) % 7)


def at(day, hour, minute=0, zone=BERLIN):
    return dt.datetime.combine(day, dt.time(hour, minute), zone)


@pytest.fixture
def person():
    return UserFactory(username="ergebnisse", role="results")


@pytest.fixture
def act(person):
    return Act(by=person, reason="Rennleitung, Bulletin 3", note="Nebel")


@pytest.fixture
def told():
    """Every signal: whose change, and which link."""
    heard = []

    def hear(sender, change, **_signal):
        heard.append((sender, change.sequence, change.session_id or change.event_id))

    schedule_changed.connect(hear)
    yield heard
    schedule_changed.disconnect(hear)


@pytest.fixture
def weekend():
    event = EventFactory(starts_on=SATURDAY, ends_on=SATURDAY + DAY, circuit__name="Ring Ost")
    qualifying = SessionFactory(event=event, key="Q", name="Qualifying", kind="qualifying", starts_at=at(SATURDAY, 14))
    start = at(SATURDAY + DAY, 13)
    race = SessionFactory(event=event, key="R", starts_at=start, ends_at=start + 6 * HOUR)
    return event, qualifying, race


def again(thing):
    thing.refresh_from_db()
    return thing


def test_a_rain_delay_of_half_an_hour_and_then_of_two_hours(weekend, act, told, person):
    _event, _qualifying, race = weekend
    start = race.starts_at
    rescheduling.move(race, act, starts_at=start + HOUR / 2)
    rescheduling.move(race, Act(by=person, reason="Bulletin 4"), starts_at=start + 2 * HOUR)

    again(race)
    assert (race.starts_at, race.ends_at - race.starts_at, race.moved_from) == (
        start + 2 * HOUR, 6 * HOUR, start + HOUR / 2,
    )  # fmt: skip
    assert told == [(Session, 1, race.pk), (Session, 2, race.pk)]
    first, second = ScheduleChange.objects.of(race)
    assert (first.by, first.reason, first.note, second.reason) == (
        person, "Rennleitung, Bulletin 3", "Nebel", "Bulletin 4",
    )  # fmt: skip
    assert history(race).startswith("Ursprünglich Sonntag")
    assert "13:00 Uhr (Nebel), dann" in history(race)
    assert race.calendar_sequence == 2


def test_a_race_that_moves_to_another_day_takes_what_is_on_air_along(weekend, act):
    event, _qualifying, race = weekend
    show = BroadcastFactory(event=event, session=race, starts_at=race.starts_at - HOUR / 3)
    rescheduling.move(race, act, starts_at=race.starts_at + DAY + HOUR)

    show.refresh_from_db()
    assert show.starts_at == again(race).starts_at - HOUR / 3


def test_a_cancelled_session_keeps_its_time_and_is_reinstated_at_another(weekend, act, told):
    _event, _qualifying, race = weekend
    start = race.starts_at
    rescheduling.cancel(race, act)
    assert (again(race).status, race.starts_at, race.moved_from) == ("cancelled", start, None)
    with pytest.raises(RescheduleRefused, match="abgesagt"):
        rescheduling.move(race, act, starts_at=start + DAY)

    rescheduling.reinstate(race, act, starts_at=start + 3 * HOUR)

    assert (again(race).status, race.starts_at, race.moved_from) == ("scheduled", start + 3 * HOUR, start)
    assert len(told) == 2


def test_reinstated_without_a_date_it_stands_where_it_stood(weekend, act):
    _event, _qualifying, race = weekend
    start, end = race.starts_at, race.ends_at
    rescheduling.postpone(race, act)
    assert (again(race).status, race.starts_at, race.ends_at, race.local_date) == ("postponed", None, None, None)
    rescheduling.reinstate(race, act)

    assert (again(race).starts_at, race.ends_at, race.status, race.moved_from) == (start, end, "scheduled", None)


def test_postponed_without_a_date_and_then_dated(weekend, act):
    _event, _qualifying, race = weekend
    start = race.starts_at
    rescheduling.postpone(race, act)
    assert words_of(again(race))[-1].endswith("13:00 Uhr (Nebel)")
    rescheduling.move(race, act, starts_at=start + 7 * DAY)

    assert (again(race).status, race.starts_at, race.ends_at - race.starts_at, race.moved_from) == (
        "scheduled", start + 7 * DAY, 6 * HOUR, start,
    )  # fmt: skip


def test_what_changes_nothing_is_refused_and_leaves_no_link(weekend, act):
    _event, _qualifying, race = weekend
    with pytest.raises(RescheduleRefused):
        rescheduling.move(race, act, starts_at=race.starts_at)
    with pytest.raises(RescheduleRefused):
        rescheduling.reinstate(race, act)
    assert not ScheduleChange.objects.exists()


def test_a_slip_is_marked_with_the_act_itself(weekend, person):
    _event, _qualifying, race = weekend
    act = Act(by=person, reason="Zahlendreher", is_correction=True)
    rescheduling.move(race, act, starts_at=race.starts_at + HOUR)

    assert (again(race).moved_from, race.former_times) == (None, [])
    assert ScheduleChange.objects.get().is_correction


def test_two_editors_and_one_session_the_second_is_told_by_whom(weekend, person):
    _event, _qualifying, race = weekend
    seen, start = chain_of(race), race.starts_at
    rescheduling.move(race, Act(by=person, reason="Bulletin 3", seen=seen), starts_at=start + HOUR)

    with pytest.raises(Overtaken) as overtaken:
        rescheduling.move(race, Act(by=person, reason="Bulletin 4", seen=seen), starts_at=start + 2 * HOUR)

    assert [change.reason for change in overtaken.value.changes] == ["Bulletin 3"]
    assert again(race).starts_at == start + HOUR


# whole events


def test_an_event_moves_to_october_and_another_circuit_with_all_of_its_sessions(weekend, act, told):
    event, qualifying, race = weekend
    show = BroadcastFactory(event=event, session=race, starts_at=race.starts_at - HOUR / 3)
    later, circuit = SATURDAY + 7 * 22 * DAY, CircuitFactory(name="Ring West", time_zone="Asia/Tokyo")
    shifting.move_event(event, act, starts_on=later, circuit=circuit)

    tokyo = zoneinfo.ZoneInfo("Asia/Tokyo")
    again(event)
    assert (event.starts_on, event.ends_on, event.circuit, event.time_zone, event.layout) == (
        later, later + DAY, circuit, "Asia/Tokyo", None,
    )  # fmt: skip
    assert again(qualifying).starts_at == at(later, 14, zone=tokyo)
    assert (again(race).starts_at, race.ends_at) == (at(later + DAY, 13, zone=tokyo), at(later + DAY, 19, zone=tokyo))
    assert (event.moved_from, words_of(event)[0][-18:]) == (SATURDAY, "(Ring Ost) (Nebel)")
    show.refresh_from_db()
    assert show.starts_at == race.starts_at - HOUR / 3
    assert sorted(told, key=str) == sorted(
        [(Event, 1, event.pk), (Session, 1, qualifying.pk), (Session, 1, race.pk)], key=str
    )


def test_an_event_is_postponed_with_its_sessions_and_dated_with_them(weekend, act):
    event, qualifying, race = weekend
    shifting.postpone_event(event, act)
    assert (again(event).status, event.starts_on) == ("postponed", None)
    assert {(one.status, one.starts_at, one.local_date) for one in event.sessions.all()} == {("postponed", None, None)}

    shifting.move_event(event, act, starts_on=SATURDAY + 70 * DAY)

    assert (again(event).status, event.starts_on, event.moved_from) == ("scheduled", SATURDAY + 70 * DAY, SATURDAY)
    assert again(race).starts_at.astimezone(BERLIN).timetz().replace(tzinfo=None) == dt.time(13)
    assert (race.local_date, race.ends_at - race.starts_at) == (SATURDAY + 71 * DAY, 6 * HOUR)
    assert (again(qualifying).status, qualifying.end_estimated) == ("scheduled", True)


def test_an_event_is_cancelled_and_reinstated_on_the_same_days(weekend, act):
    event, _qualifying, race = weekend
    before = (race.starts_at, race.ends_at, race.status)
    shifting.cancel_event(event, act)
    assert not Session.objects.running().exists()
    assert (again(event).status, event.starts_on, again(race).status) == ("cancelled", SATURDAY, "scheduled")

    shifting.reinstate_event(event, act)

    assert (again(event).status, event.starts_on, event.former_times) == ("scheduled", SATURDAY, [])
    assert (again(race).starts_at, race.ends_at, race.status) == before
    assert ScheduleChange.objects.of(race).count() == 0


def test_a_session_cancelled_or_postponed_by_itself_stays_so_when_the_event_moves(weekend, act):
    event, qualifying, race = weekend
    rescheduling.cancel(qualifying, act)
    rescheduling.postpone(race, act)
    shifting.move_event(event, act, starts_on=SATURDAY + 7 * DAY)

    assert (again(qualifying).status, qualifying.local_date) == ("cancelled", SATURDAY + 7 * DAY)
    assert (again(race).status, race.local_date) == ("postponed", None)


def clock_changes(month):
    """The night of the clocks in a coming year, as the Sunday."""
    year = timezone.now().year + 1
    last = dt.date(year, month, 31)
    return last - dt.timedelta(days=(last.weekday() - 6) % 7)


def a_night_race(sunday, hour, minute=30, length=2 * HOUR):
    """A race at that hour of the Sunday three weeks before the clocks change."""
    before = sunday - 21 * DAY
    event = EventFactory(starts_on=before, ends_on=before)
    start = at(before, hour, minute)
    return event, SessionFactory(event=event, starts_at=start, ends_at=start + length)


def test_a_start_in_the_hour_that_the_clocks_skip_refuses_the_whole_move(act):
    sunday = clock_changes(3)
    event, race = a_night_race(sunday, 2)
    with pytest.raises(RescheduleRefused, match="Rennen"):
        shifting.move_event(event, act, starts_on=sunday)

    assert again(event).starts_on == sunday - 21 * DAY
    assert [one.fault for one in plan_shift(event, sunday).sessions] == ["skipped"]
    assert not ScheduleChange.objects.exists()
    assert again(race).local_date == sunday - 21 * DAY


@pytest.mark.parametrize(("which", "fold", "lasts"), [("first", 0, 3), ("second", 1, 2)])
def test_a_start_in_the_hour_that_comes_twice_asks_which(act, which, fold, lasts):
    sunday = clock_changes(10)
    event, race = a_night_race(sunday, 2)
    with pytest.raises(RescheduleRefused, match="zweimal"):
        shifting.move_event(event, act, starts_on=sunday)
    shifting.move_event(event, act, starts_on=sunday, which=which)

    assert again(race).starts_at == at(sunday, 2, 30).replace(fold=fold).astimezone(dt.UTC)
    assert (race.ends_at - race.starts_at, race.ends_at) == (lasts * HOUR, at(sunday, 4, 30))


def test_a_race_from_afternoon_to_afternoon_lasts_25_hours_over_the_october_change(act):
    sunday = clock_changes(10)
    event, race = a_night_race(sunday - DAY, 16, 0, length=24 * HOUR)
    shift = plan_shift(event, sunday - DAY)
    shifting.move_event(event, act, starts_on=sunday - DAY)

    assert (again(race).starts_at, race.ends_at) == (at(sunday - DAY, 16), at(sunday, 16))
    assert [one.longer for one in shift.sessions] == [HOUR]


def test_a_stale_look_at_an_event_is_told_of_its_sessions_too(weekend, person):
    event, _qualifying, race = weekend
    seen = chain_of(event)
    rescheduling.move(race, Act(by=person, reason="Regen"), starts_at=race.starts_at + HOUR)
    with pytest.raises(Overtaken):
        shifting.cancel_event(event, Act(by=person, reason="Sturm", seen=seen))
    assert again(event).status == "scheduled"


# the signal


def test_a_change_is_told_once_however_deep_it_is_recorded(weekend, person, told):
    _event, qualifying, race = weekend
    with recorded(by=person, reason="außen"):
        Session.objects.filter(pk=race.pk).update(status="cancelled")
        with recorded(by=person, reason="innen"):
            Session.objects.filter(pk=qualifying.pk).update(status="cancelled")
        Session.objects.filter(pk=race.pk).update(status="scheduled")

    assert told == [(Session, 1, race.pk), (Session, 1, qualifying.pk), (Session, 2, race.pk)]
    assert list(ScheduleChange.objects.values_list("reason", flat=True)) == ["außen", "innen", "außen"]


def test_what_is_rolled_back_is_told_with_nothing_left_behind(weekend, person, told):
    _event, _qualifying, race = weekend
    with contextlib.suppress(ZeroDivisionError), recorded(by=person):
        Session.objects.filter(pk=race.pk).update(status="cancelled")
        raise ZeroDivisionError
    Session.objects.filter(pk=race.pk).update(status="cancelled")

    assert told == []
    assert ScheduleChange.objects.get().by is None


def test_a_receiver_that_raises_stops_the_change(weekend, act):
    _event, _qualifying, race = weekend

    def refuse(**_signal):
        raise ZeroDivisionError

    schedule_changed.connect(refuse)
    try:
        with pytest.raises(ZeroDivisionError):
            rescheduling.cancel(race, act)
    finally:
        schedule_changed.disconnect(refuse)
    assert again(race).status == "scheduled"


def test_a_receiver_that_changes_a_date_is_told_of_its_own(weekend, act, person, told):
    _event, qualifying, race = weekend

    def follow(change, **_signal):
        if change.session_id == race.pk:
            with recorded(by=person, reason="folgt"):
                Session.objects.filter(pk=qualifying.pk).update(status="cancelled")

    schedule_changed.connect(follow)
    try:
        with transaction.atomic():
            rescheduling.cancel(race, act)
    finally:
        schedule_changed.disconnect(follow)
    assert told == [(Session, 1, race.pk), (Session, 1, qualifying.pk)]
    assert Broadcast.objects.count() == 0
    assert former_times_of(again(race)) == []
