"""What readers were told of a date before: read from `former_times`, put into words."""

from __future__ import annotations

import datetime as dt
import zoneinfo
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from results import venue_time
from results.models import CalendarStatus, Event, ScheduleChange, Session


@dataclass(frozen=True, slots=True)
class FormerTime:
    """A date that readers knew: the day at the venue and, of a session, the instant, if the hour was known.

    Of an event `until` is the last day and `circuit` the place. `note` says why the date was given up.
    """

    at: dt.datetime | None
    on: dt.date
    until: dt.date | None
    zone: str
    circuit: str
    note: str

    def of_session(self) -> str:
        """`Samstag, 6. November 2021, 12:00 Uhr`, the day alone where the hour was open."""
        if self.at is None:
            return venue_time.long_day(self.on)
        local = self.at.astimezone(zoneinfo.ZoneInfo(self.zone))
        return f"{venue_time.long_day(local.date())}, {venue_time.clock(local)}"

    def of_event(self, now: Event) -> str:
        """`4.–6. November 2021`, with the place where it is another one now."""
        days = venue_time.days(self.on, self.until)
        here = now.circuit.name if now.circuit else ""
        return f"{days} ({self.circuit})" if self.circuit and here and self.circuit != here else days


def former_times_of(thing: Session | Event) -> list[FormerTime]:
    """Oldest first; the last one is what a changed date is told against. No query."""
    return [_read(one) for one in thing.former_times]


def _read(one: dict[str, Any]) -> FormerTime:
    return FormerTime(
        at=dt.datetime.fromisoformat(one["at"]) if one["at"] else None,
        on=dt.date.fromisoformat(one["on"]),
        until=dt.date.fromisoformat(one["until"]) if one["until"] else None,
        zone=one["zone"],
        circuit=one["circuit"],
        note=one["note"],
    )


def words_of(thing: Session | Event) -> list[str]:
    """All that readers were told before, oldest first, and why each was given up."""
    told = former_times_of(thing)
    words = [one.of_session() if isinstance(thing, Session) else one.of_event(thing) for one in told]
    return [f"{word} ({one.note})" if one.note else word for one, word in zip(told, words, strict=True)]


def short_words(session: Session) -> str:
    """The date told last beside the one of now: `13:00 Uhr` on the same day, `Sa. 13:00 Uhr`, `Sa. 24.10., 13:00 Uhr`.

    Empty where the session stands where it always stood.
    """
    told = former_times_of(session)
    if not told:
        return ""
    last, day = told[-1], session.local_date
    clock = venue_time.clock(last.at.astimezone(zoneinfo.ZoneInfo(last.zone))) if last.at else ""
    if day == last.on and clock:
        return clock
    weekday = venue_time.weekday(last.on)
    if day is not None and clock and abs(day - last.on) < dt.timedelta(days=6):
        return f"{weekday} {clock}"
    return ", ".join(filter(None, (f"{weekday} {last.on:%d.%m.}", clock)))


def history(thing: Session | Event) -> str:
    """`Ursprünglich Samstag, …, 13:00 Uhr (Nebel), dann Samstag, …, 13:30 Uhr.`; empty for less than two."""
    words = words_of(thing)
    if len(words) < 2:  # noqa: PLR2004 - "moved from" says a single one
        return ""
    first, *further = words
    return _("Originally %(first)s, then %(then)s.") % {"first": first, "then": _(", then ").join(further)}


def note_on(thing: Session | Event) -> str:
    """What readers were told of why it is off, by the last change that says so; empty where it takes place."""
    standing = standing_of(thing)
    if standing == CalendarStatus.SCHEDULED:
        return ""
    off = thing if thing.status == standing or isinstance(thing, Event) else thing.event
    # Only the change that put it off says why; a later one may have moved something else.
    told = ScheduleChange.objects.of(off).filter(after_status=standing).exclude(before_status=standing)
    note = told.values_list("note", flat=True).last()
    return note or ""


def standing_of(thing: Session | Event) -> CalendarStatus:
    """What has become of it; what becomes of an event becomes of its sessions."""
    own = CalendarStatus(thing.status)
    if isinstance(thing, Event):
        return own
    whole = CalendarStatus(thing.event.status)
    if whole == CalendarStatus.CANCELLED or own == CalendarStatus.SCHEDULED:
        return whole
    return own
