"""Verbs for the date of one session: move, postpone, cancel, reinstate. Each writes once, and the chain follows.

What a plain form may do besides is `settle`d by the same rules. Whole events: `results.shifting`.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from django.contrib.auth.models import AbstractBaseUser
from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from results.former import FormerTime, former_times_of
from results.models import Broadcast, CalendarStatus, Event, ScheduleChange, Session, SessionKind
from results.models.calendar import USUAL_LENGTH
from results.release import database_now
from results.schedule_record import recorded

DATED = ("starts_at", "ends_at", "end_estimated", "local_date", "status")
SCHEDULED, POSTPONED, CANCELLED = CalendarStatus.SCHEDULED, CalendarStatus.POSTPONED, CalendarStatus.CANCELLED


class RescheduleRefused(Exception):  # noqa: N818 - reads as the sentence it stands for
    """Nothing was changed; the message is one sentence for a person."""


class Overtaken(RescheduleRefused):
    """Somebody else has changed the date since the person looked; `changes` are those links of the chain."""

    def __init__(self, changes: Iterable[ScheduleChange]) -> None:
        super().__init__(
            _("Nothing was saved: somebody else has changed the date meanwhile. Look at it, and save again.")
        )
        self.changes = list(changes)


@dataclass(frozen=True, slots=True)
class Act:
    """Who changes a date and why. `reason` stays at the desk, `note` is for readers.

    `seen` is what `chain_of` gave when the person looked; None where nobody looked. `is_correction`: the former date
    was a typing error, and readers are not told of it.
    """

    by: AbstractBaseUser | None
    reason: str = ""
    note: str = ""
    seen: int | None = None
    is_correction: bool = False


def chain_of(thing: Session | Event) -> int:
    """How far the chain goes, as one number that any change raises; of an event those of its sessions, too."""
    newest = _links(thing).order_by("-pk").values_list("pk", flat=True).first()
    return newest or 0


def refuse_overtaken(thing: Session | Event, seen: int | None) -> None:
    """Raises Overtaken; called under the lock of the row."""
    if seen is not None and seen != chain_of(thing):
        raise Overtaken(_links(thing).filter(pk__gt=seen).select_related("by", "session", "event").order_by("pk"))


def _links(thing: Session | Event) -> QuerySet[ScheduleChange]:
    own = Q(session=thing) if isinstance(thing, Session) else Q(event=thing) | Q(session__event=thing)
    return ScheduleChange.objects.filter(own)


# ------------------------------------------------------------------ verbs


def move(session: Session, act: Act, *, starts_at: dt.datetime | None = None, day: dt.date | None = None) -> Session:
    """Another start, or another day at the venue while the hour is open. It keeps its length.

    Raises RescheduleRefused for a cancelled session, and where it stands there already.
    """
    with _locked(session, act) as own:
        if own.status == CANCELLED:
            raise RescheduleRefused(_("This session is cancelled. Reinstate it, then it may have another time."))
        return _put(own, starts_at=starts_at, day=day)


def postpone(session: Session, act: Act) -> Session:
    """Takes the date away; a new one is open."""
    with _locked(session, act) as own:
        if own.status == POSTPONED and own.local_date is None:
            raise RescheduleRefused(_("This session is postponed already."))
        own.status, own.starts_at, own.local_date = POSTPONED, None, None
        return _write(own)


def cancel(session: Session, act: Act) -> Session:
    """It does not take place; its time stays to be shown struck through."""
    with _locked(session, act) as own:
        if own.status == CANCELLED:
            raise RescheduleRefused(_("This session is cancelled already."))
        own.status = CANCELLED
        return _write(own)


def reinstate(
    session: Session, act: Act, *, starts_at: dt.datetime | None = None, day: dt.date | None = None
) -> Session:
    """It takes place after all, at the time it had or at another one."""
    with _locked(session, act) as own:
        if own.status == SCHEDULED:
            raise RescheduleRefused(_("This session takes place as it is."))
        if starts_at is None and day is None:
            starts_at, day = last_known(own)
        return _put(own, starts_at=starts_at, day=day)


def mark_correction(change: ScheduleChange, *, by: AbstractBaseUser, is_correction: bool) -> ScheduleChange:
    """Says that the former date of this change was a typing error, or that it was none: what readers see follows."""
    with transaction.atomic():
        list(Session.objects.select_for_update(no_key=True).filter(schedule_changes=change))
        list(Event.objects.select_for_update(no_key=True).filter(schedule_changes=change))
        own = ScheduleChange.objects.get(pk=change.pk)
        if own.is_correction != is_correction:
            own.is_correction, own.corrected_by_id, own.corrected_at = is_correction, by.pk, database_now()
            own.save(update_fields=["is_correction", "corrected_by", "corrected_at"])
        return own


def settle(status: str, *, was: str, is_redated: bool, has_date: bool) -> tuple[str, bool]:
    """The state a plain edit means, and whether its date becomes unknown.

    Postponed means that the new date is open: whoever gives one has scheduled it, and the old one goes.
    """
    if status != POSTPONED:
        return status, False
    if has_date and is_redated:
        return SCHEDULED, False
    return status, was != POSTPONED


def last_known(session: Session) -> tuple[dt.datetime | None, dt.date | None]:
    """Start and day that stand, else those that were told last; twice None where nobody was told any."""
    if session.local_date is not None:
        return session.starts_at, session.local_date
    told: FormerTime | None = next(reversed(former_times_of(session)), None)
    return (told.at, told.on) if told else (None, None)


def length_of(session: Session) -> dt.timedelta | None:
    """How long it lasts, as somebody has said; None where that is only estimated from its kind."""
    start, end = session.starts_at, session.ends_at
    if session.end_estimated:
        return None
    if start is None or end is None:
        link = ScheduleChange.objects.of(session).filter(before_starts_at__isnull=False).last()
        start, end = (link.before_starts_at, link.before_ends_at) if link else (None, None)
        if start and end and end - start == USUAL_LENGTH[SessionKind(session.kind)]:
            return None
    return end - start if start and end else None


# ------------------------------------------------------------------ writing


@contextmanager
def _locked(session: Session, act: Act) -> Iterator[Session]:
    """The session as it stands now, nobody else's until the end; whatever is said of the act goes into the chain."""
    with recorded(by=act.by, reason=act.reason, note=act.note, is_correction=act.is_correction):
        own = Session.objects.select_for_update(of=("self",), no_key=True).select_related("event").get(pk=session.pk)
        refuse_overtaken(own, act.seen)
        yield own


def _put(session: Session, *, starts_at: dt.datetime | None, day: dt.date | None) -> Session:
    """It takes place then."""
    if starts_at is None and day is None:
        raise RescheduleRefused(_("The new date is missing."))
    if session.status == SCHEDULED and session.starts_at == starts_at and starts_at is not None:
        raise RescheduleRefused(_("It stands at this date already."))
    if session.status == SCHEDULED and starts_at is None and (session.starts_at, session.local_date) == (None, day):
        raise RescheduleRefused(_("It stands at this date already."))
    length, before = length_of(session), last_known(session)[0]
    session.status, session.starts_at, session.local_date = SCHEDULED, starts_at, day
    session.ends_at = starts_at + length if starts_at is not None and length is not None else None
    session.end_estimated = length is None
    _write(session)
    if starts_at is not None and before is not None:
        _shift_broadcasts(session, before, starts_at)
    return session


def _shift_broadcasts(session: Session, before: dt.datetime, after: dt.datetime) -> None:
    """On another day it is on air at another time; within a day a broadcast begins when it is printed."""
    zone = session.event.zone
    if before.astimezone(zone).date() == after.astimezone(zone).date():
        return
    shown = list(session.broadcasts.filter(starts_at__isnull=False).order_by("starts_at", "pk"))
    for broadcast in reversed(shown) if after > before else shown:  # none may stand on another's place
        put_on_air(broadcast, after - before)


def put_on_air(broadcast: Broadcast, step: dt.timedelta) -> None:
    """It begins that much later."""
    if broadcast.starts_at is not None and step:
        broadcast.starts_at += step
        broadcast.save(update_fields=["starts_at"])


def _write(session: Session) -> Session:
    session.save(update_fields=list(DATED))
    session.refresh_from_db()
    return session
