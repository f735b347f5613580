"""A link of a chain of dates in words, for the desk: what stood there, what stands there since, who did it and why."""

import datetime as dt
import zoneinfo
from dataclasses import dataclass

from django.utils.timezone import localtime
from django.utils.translation import pgettext

from results import venue_time
from results.models import CalendarStatus, Event, ScheduleChange, Session


@dataclass(frozen=True, slots=True)
class Line:
    """One line of the history of a date."""

    key: int
    changed_at: dt.datetime
    subject: str
    before: str
    after: str
    who: str
    source: str
    reason: str
    note: str
    was_public: bool
    is_correction: bool
    is_move: bool


def line_of(link: ScheduleChange) -> Line:
    """`link` with its session or event, person and document."""
    thing = link.session or link.event
    return Line(
        key=link.pk,
        changed_at=localtime(link.changed_at),
        subject=thing.name if thing else "",
        before=date_words(link, "before"),
        after=date_words(link, "after"),
        who=(link.by.get_full_name() or link.by.get_username()) if link.by else "–",
        source=link.document.name if link.document else "",
        reason=link.reason,
        note=link.note,
        was_public=link.was_public,
        is_correction=link.is_correction,
        is_move=link.is_move,
    )


def standing_words(thing: Session | Event) -> str:
    """What stands there now, in the words of the history."""
    if isinstance(thing, Session):
        now = ScheduleChange(
            after_starts_at=thing.starts_at, after_ends_at=thing.ends_at, after_date=thing.local_date,
            after_status=thing.status, after_zone=thing.event.time_zone,
        )  # fmt: skip
    else:
        now = ScheduleChange(
            after_date=thing.starts_on, after_last_date=thing.ends_on, after_status=thing.status,
            after_zone=thing.time_zone, after_circuit=thing.circuit.name if thing.circuit else "",
        )  # fmt: skip
    return date_words(now, "after")


def date_words(link: ScheduleChange, side: str) -> str:
    """`Sa. 24.10.2026, 13:00 Uhr (MESZ)–19:00 Uhr`, `24.–25. Oktober 2026, Ring Ost`, `offen, verschoben`."""

    def column(name: str) -> object:
        return getattr(link, f"{side}_{name}")

    status, zone = CalendarStatus(str(column("status"))), zoneinfo.ZoneInfo(str(column("zone")))
    parts = [_when(column("starts_at"), column("ends_at"), column("date"), column("last_date"), zone)]
    parts += [str(column("circuit"))]
    parts += [str(status.label)] if status != CalendarStatus.SCHEDULED else []
    return ", ".join(filter(None, parts))


def _when(start: object, end: object, day: object, last: object, zone: zoneinfo.ZoneInfo) -> str:
    if isinstance(start, dt.datetime):
        local = start.astimezone(zone)
        words = f"{venue_time.weekday(local.date())} {local:%d.%m.%Y}, {venue_time.clock(local)}"
        until = f"–{venue_time.clock(end.astimezone(zone))}" if isinstance(end, dt.datetime) else ""
        return f"{words}{until} ({venue_time.zone_name(local, zone)})"
    if not isinstance(day, dt.date):
        return pgettext("date", "open")
    if isinstance(last, dt.date):
        return venue_time.days(day, last)
    return f"{venue_time.weekday(day)} {day:%d.%m.%Y}"
