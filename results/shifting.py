"""Verbs for the date of an event as a whole: its sessions go with it, by the same number of days at the venue's clock.

What moving would do is planned first (`plan_shift`), to be shown; the verb plans again under its lock.
"""

from __future__ import annotations

import datetime as dt
import zoneinfo
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from django.db.models import F
from django.utils.translation import gettext as _

from results.former import former_times_of
from results.models import CalendarStatus, Circuit, Event, ScheduleChange, Session
from results.rescheduling import (
    CANCELLED,
    DATED,
    POSTPONED,
    SCHEDULED,
    Act,
    RescheduleRefused,
    last_known,
    length_of,
    put_on_air,
    refuse_overtaken,
)
from results.schedule_record import recorded
from results.schedule_words import date_words, standing_words
from results.wall_clock import Skipped, Twice, instant_at, shown_at

EVENT_DATED = ("starts_on", "ends_on", "around", "circuit", "layout", "time_zone", "status")


@dataclass(frozen=True, slots=True)
class Shifted:
    """Where one session goes from `before`, the start that stood or was told last: `starts_at` and `ends_at` are None where the hour is open, `day` where the day is.

    `fault` is empty, `skipped` or `twice`: what the clocks do to its start that night. `longer` is by how much it lasts
    longer than before, because the clocks change under it.
    """

    session: Session
    zone: zoneinfo.ZoneInfo
    before: dt.datetime | None
    starts_at: dt.datetime | None
    ends_at: dt.datetime | None
    day: dt.date | None
    fault: str = ""
    longer: dt.timedelta = dt.timedelta()

    @property
    def gets_longer(self) -> bool:
        return self.longer > dt.timedelta()

    @property
    def before_words(self) -> str:
        return standing_words(self.session)

    @property
    def after_words(self) -> str:
        """In the words of the history, by the clock of the place where it goes."""
        zone = self.zone.key
        return date_words(
            ScheduleChange(
                after_starts_at=self.starts_at, after_ends_at=self.ends_at, after_date=self.day,
                after_status=self.status, after_zone=zone,
            ),
            "after",
        )  # fmt: skip

    @property
    def status(self) -> CalendarStatus:
        """A cancelled session stays cancelled; one without any day stays what it is."""
        own = CalendarStatus(self.session.status)
        return own if own == CANCELLED or self.day is None else SCHEDULED


@dataclass(frozen=True, slots=True)
class Shift:
    """What moving an event would do. `days` is None where nobody knows from when it is moved."""

    starts_on: dt.date
    ends_on: dt.date
    zone: str
    days: int | None
    sessions: tuple[Shifted, ...]

    @property
    def skipped(self) -> list[Session]:
        return [one.session for one in self.sessions if one.fault == "skipped"]

    @property
    def is_ambiguous(self) -> bool:
        return any(one.fault == "twice" for one in self.sessions)


def plan_shift(event: Event, starts_on: dt.date, *, circuit: Circuit | None = None, which: str = "") -> Shift:
    """What moving the event to that first day would do, at another circuit by the clocks there. Writes nothing.

    While the days of the event stand, a session that is postponed by itself stays so.
    """
    first, last = _known_days(event)
    days = (starts_on - first).days if first is not None else None
    length = last - first if first is not None and last is not None else dt.timedelta()
    zone = (circuit.time_zone if circuit is not None else "") or event.time_zone
    sessions = list(event.sessions.order_by(F("starts_at").asc(nulls_last=True), "sequence", "pk"))
    for session in sessions:
        session.event = event
    if days is None:
        return Shift(starts_on, starts_on + length, zone, None, ())
    goes = [one for one in sessions if event.starts_on is None or one.status != POSTPONED]
    moved = tuple(_shifted(one, days, zoneinfo.ZoneInfo(zone), which) for one in goes)
    return Shift(starts_on, starts_on + length, zone, days, moved)


def _known_days(event: Event) -> tuple[dt.date | None, dt.date | None]:
    """First and last day that stand, else those told last."""
    if event.starts_on is not None:
        return event.starts_on, event.ends_on
    told = former_times_of(event)
    return (told[-1].on, told[-1].until) if told else (None, None)


def _shifted(session: Session, days: int, zone: zoneinfo.ZoneInfo, which: str) -> Shifted:
    start, day = last_known(session)
    step = dt.timedelta(days=days)
    if start is None or day is None:
        return Shifted(session, zone, start, None, None, day + step if day is not None else None)
    wall, length = shown_at(start, session.event.zone), length_of(session)
    try:
        at = instant_at(wall + step, zone, which or _same_of_two(start, session.event.zone, days))
    except Skipped:
        return Shifted(session, zone, start, None, None, day + step, "skipped")
    except Twice:
        return Shifted(session, zone, start, None, None, day + step, "twice")
    if length is None:
        return Shifted(session, zone, start, at, None, day + step)
    ends = _end(start + length, step, session.event.zone, zone) or at + length
    ends = ends if ends > at else at + length
    return Shifted(session, zone, start, at, ends, day + step, longer=(ends - at) - length)


def _same_of_two(start: dt.datetime, zone: zoneinfo.ZoneInfo, days: int) -> str:
    """A session that stays on its day stays in its hour, be it the second of that name."""
    return ("second" if start.astimezone(zone).fold else "first") if days == 0 else ""


def _end(
    end: dt.datetime, step: dt.timedelta, former: zoneinfo.ZoneInfo, zone: zoneinfo.ZoneInfo
) -> dt.datetime | None:
    """When the clock shows the same at the end; None in the hour that is not there or comes twice."""
    try:
        return instant_at(shown_at(end, former) + step, zone)
    except (Skipped, Twice):
        return None


# ------------------------------------------------------------------ verbs


def move_event(event: Event, act: Act, *, starts_on: dt.date, circuit: Circuit | None = None, which: str = "") -> Event:
    """Another first day, with all sessions and what is on air; `circuit` where it is another one, with its clocks.

    Raises RescheduleRefused for a cancelled event, for a session in an hour that the clocks skip, and without `which`
    for one in an hour that comes twice.
    """
    with _locked(event, act) as own:
        if own.status == CANCELLED:
            raise RescheduleRefused(_("This event is cancelled. Reinstate it, then it may have another date."))
        return _put(own, starts_on=starts_on, circuit=circuit, which=which)


def postpone_event(event: Event, act: Act) -> Event:
    """Takes the days away, and the times of all sessions that were to take place; new ones are open."""
    with _locked(event, act) as own:
        if own.status == POSTPONED and own.starts_on is None:
            raise RescheduleRefused(_("This event is postponed already."))
        own.status, own.starts_on, own.ends_on = POSTPONED, None, None
        own.save(update_fields=list(EVENT_DATED))
        postpone_sessions(own)
        return own


def postpone_sessions(event: Event) -> None:
    """The sessions of a postponed event have no date either; inside `recorded`."""
    for session in event.sessions.select_for_update(of=("self",), no_key=True).filter(status=SCHEDULED).order_by("pk"):
        session.event = event
        session.status, session.starts_at, session.local_date = POSTPONED, None, None
        session.save(update_fields=list(DATED))


def cancel_event(event: Event, act: Act) -> Event:
    """It does not take place, and none of its sessions does; days and times stay to be shown struck through."""
    with _locked(event, act) as own:
        if own.status == CANCELLED:
            raise RescheduleRefused(_("This event is cancelled already."))
        own.status = CANCELLED
        own.save(update_fields=list(EVENT_DATED))
        return own


def reinstate_event(
    event: Event, act: Act, *, starts_on: dt.date | None = None, circuit: Circuit | None = None, which: str = ""
) -> Event:
    """It takes place after all, on the days it had or on others; sessions that were cancelled one by one stay so."""
    with _locked(event, act) as own:
        if own.status == SCHEDULED:
            raise RescheduleRefused(_("This event takes place as it is."))
        first = starts_on or _known_days(own)[0]
        if first is not None:
            return _put(own, starts_on=first, circuit=circuit, which=which)
        own.status = SCHEDULED
        own.save(update_fields=list(EVENT_DATED))
        return own


@contextmanager
def _locked(event: Event, act: Act) -> Iterator[Event]:
    with recorded(by=act.by, reason=act.reason, note=act.note, is_correction=act.is_correction):
        rows = Event.objects.select_for_update(of=("self",), no_key=True).select_related("season__series", "circuit")
        own = rows.get(pk=event.pk)
        list(own.sessions.select_for_update(no_key=True).order_by("pk"))
        refuse_overtaken(own, act.seen)
        yield own


def _put(event: Event, *, starts_on: dt.date, circuit: Circuit | None, which: str) -> Event:
    shift = plan_shift(event, starts_on, circuit=circuit, which=which)
    is_elsewhere = circuit is not None and circuit.pk != event.circuit_id
    if shift.skipped:
        named = ", ".join(session.name for session in shift.skipped)
        raise RescheduleRefused(
            _("The clocks go forward over the start that night: %(sessions)s.") % {"sessions": named}
        )
    if shift.is_ambiguous:
        raise RescheduleRefused(_("The clocks go back that night, and a start is shown twice. Which one is meant?"))
    if event.starts_on == starts_on and event.status == SCHEDULED and not is_elsewhere:
        raise RescheduleRefused(_("It stands at this date already."))
    if is_elsewhere:
        event.circuit, event.layout = circuit, None
    event.starts_on, event.ends_on, event.around = shift.starts_on, shift.ends_on, ""
    event.time_zone, event.status = shift.zone, SCHEDULED
    event.save(update_fields=list(EVENT_DATED))
    for one in shift.sessions:
        _place(one, event)
    _shift_broadcasts(event, shift)
    return event


def _shift_broadcasts(event: Event, shift: Shift) -> None:
    """What is on air goes with its session, or with the days of the event."""
    by_session = {one.session.pk: one for one in shift.sessions}
    whole = dt.timedelta(days=shift.days or 0)
    shown = list(event.broadcasts.filter(starts_at__isnull=False).order_by("starts_at", "pk"))
    for broadcast in reversed(shown) if whole > dt.timedelta() else shown:  # none may stand on another's place
        one = by_session.get(broadcast.session_id or 0)
        if broadcast.session_id is not None and one is None:
            continue  # its session stays postponed
        step = one.starts_at - one.before if one and one.starts_at and one.before else whole
        put_on_air(broadcast, step)


def _place(one: Shifted, event: Event) -> None:
    session = one.session
    session.event, session.status = event, one.status
    session.starts_at, session.local_date = one.starts_at, one.day
    session.ends_at, session.end_estimated = one.ends_at, one.ends_at is None
    session.save(update_fields=list(DATED))
