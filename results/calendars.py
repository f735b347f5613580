"""The calendar for machines (RFC 5545): a VEVENT a session, and one for an event whose programme is not out yet.

UIDs stay for ever. SEQUENCE rises with every change of a date, place or state, LAST-MODIFIED and DTSTAMP with every
change at all; both are kept by a trigger (migration `0011`), so the same facts are the same bytes.
"""

import datetime as dt
from collections.abc import Iterable, Iterator
from functools import lru_cache
from urllib.parse import urlsplit

from django.conf import settings
from django.db.models import DateField, Exists, F, OuterRef, Prefetch, QuerySet, Subquery
from django.db.models.expressions import Combinable
from django.db.models.functions import Cast, Least, Now
from django.urls import reverse
from django.utils.translation import gettext as _
from icalendar import Calendar, Timezone
from icalendar import Event as VEvent

from results.models import Broadcast, CalendarStatus, Event, Series, Session
from results.venue_time import GERMANY, clock, in_germany, long_day, weekday, zone_name

# How far back a subscriber sees, from today or from the last date of a series that rests; and how many dates at most.
BACK = dt.timedelta(days=400)
LIMIT = 5_000
REFRESH = dt.timedelta(hours=1)
STATES = {
    CalendarStatus.SCHEDULED: "CONFIRMED",
    CalendarStatus.POSTPONED: "TENTATIVE",
    CalendarStatus.CANCELLED: "CANCELLED",
}


def write(series: Series | None, *, address: str) -> bytes:
    """The calendar of a series or of all; `address` is its own path."""
    sessions, events = list(sessions_of(series)), list(bare_events(series))
    calendar = _head(series, address)
    for zone in _zones(sessions):
        calendar.add_component(zone)
    for session in sessions:
        calendar.add_component(_session(session))
    for event in events:
        calendar.add_component(_event(event))
    written: bytes = calendar.to_ical()
    return written


def sessions_of(series: Series | None) -> QuerySet[Session]:
    """Public sessions with a day, oldest first; two queries with their broadcasts."""
    sessions = Session.objects.public().filter(local_date__gte=_since(series))
    if series is not None:
        sessions = sessions.filter(event__season__series=series)
    shows = Prefetch("broadcasts", Broadcast.objects.order_by("starts_at", "channel", "pk"))
    related = sessions.select_related("event__season__series", "event__circuit").prefetch_related(shows)
    return related.order_by("local_date", F("starts_at").asc(nulls_last=True), "sequence", "pk")[:LIMIT]


def bare_events(series: Series | None) -> QuerySet[Event]:
    """Public events with days and without any public session that has one."""
    dated = Session.objects.public().filter(event=OuterRef("pk"), local_date__isnull=False)
    events = Event.objects.public().filter(~Exists(dated), starts_on__gte=_since(series))
    if series is not None:
        events = events.filter(season__series=series)
    return events.select_related("season__series", "circuit").order_by("starts_on", "pk")[:LIMIT]


def _since(series: Series | None) -> Combinable:
    if series is None:
        return Now() - BACK
    dated = Event.objects.public().filter(season__series=series, starts_on__isnull=False)
    return Least(Cast(Now(), DateField()), Subquery(dated.order_by("-starts_on").values("starts_on")[:1])) - BACK


def _head(series: Series | None, address: str) -> Calendar:
    name = f"{settings.SITE_NAME} · {series.name}" if series else f"{settings.SITE_NAME} · {_('All series')}"
    calendar = Calendar()
    calendar.add("prodid", "-//racedesk//racedesk//DE")
    calendar.add("version", "2.0")
    calendar.add("calscale", "GREGORIAN")
    calendar.add("name", name)
    calendar.add("x-wr-calname", name)
    calendar.add("refresh-interval", REFRESH, parameters={"VALUE": "DURATION"})
    calendar.add("x-published-ttl", "PT1H")
    calendar.add("source", settings.SITE_URL + address, parameters={"VALUE": "URI"})
    return calendar


def _zones(sessions: Iterable[Session]) -> Iterator[Timezone]:
    """A VTIMEZONE for each zone in use, over the years in which it is used."""
    instants = [session for session in sessions if session.starts_at]
    if not instants:
        return
    years = [session.local_date.year for session in instants if session.local_date]
    for name in sorted({session.event.time_zone for session in instants} - {"UTC"}):
        yield _zone(name, min(years) - 1, max(years) + 2)


@lru_cache(maxsize=256)
def _zone(name: str, first: int, last: int) -> Timezone:
    zone = Timezone.from_tzid(name, first_date=dt.date(first, 1, 1), last_date=dt.date(last, 1, 1))
    zone.pop("COMMENT", None)
    return zone


def _session(session: Session) -> VEvent:
    event = session.event
    status = CalendarStatus.CANCELLED if event.status == CalendarStatus.CANCELLED else CalendarStatus(session.status)
    if event.status == CalendarStatus.POSTPONED and status == CalendarStatus.SCHEDULED:
        status = CalendarStatus.POSTPONED
    entry = _entry(
        f"session-{session.pk}",
        title=f"{event.season.series.label}: {event.name}, {session.name}",
        event=event,
        status=status,
        changed_at=max(session.calendar_changed_at, event.calendar_changed_at),
        sequence=session.calendar_sequence + event.calendar_sequence,
        path=session.get_absolute_url(),
        words=list(_words(session)),
    )
    if session.starts_at and session.ends_at:
        entry.add("dtstart", _local(session.starts_at, event))
        entry.add("dtend", _local(session.ends_at, event))
    elif session.local_date:
        entry.add("dtstart", session.local_date)
        entry.add("dtend", session.local_date + dt.timedelta(days=1))
    if session.starts_at is None and status == CalendarStatus.SCHEDULED:
        entry["status"] = "TENTATIVE"  # the day stands, the hour does not
    return entry


def _event(event: Event) -> VEvent:
    entry = _entry(
        f"event-{event.pk}",
        title=f"{event.season.series.label}: {event.name}",
        event=event,
        status=CalendarStatus(event.status),
        changed_at=event.calendar_changed_at,
        sequence=event.calendar_sequence,
        path=event.get_absolute_url(),
        words=[event.note, _("The programme is not out yet.")],
    )
    if event.starts_on and event.ends_on:
        entry.add("dtstart", event.starts_on)
        entry.add("dtend", event.ends_on + dt.timedelta(days=1))
    return entry


def _entry(
    uid: str,
    *,
    title: str,
    event: Event,
    status: CalendarStatus,
    changed_at: dt.datetime,
    sequence: int,
    path: str,
    words: list[str],
) -> VEvent:
    entry = VEvent()
    changed = changed_at.astimezone(dt.UTC).replace(microsecond=0)
    entry.add("uid", f"{uid}@{settings.UID_DOMAIN or urlsplit(settings.SITE_URL).hostname}")
    entry.add("dtstamp", changed)
    entry.add("last-modified", changed)
    entry.add("sequence", sequence)
    entry.add("status", STATES[status])
    entry.add("summary", _titled(title, status))
    entry.add("description", "\n".join(filter(None, words)))
    if event.circuit:
        entry.add("location", ", ".join(filter(None, (event.circuit.name, event.circuit.town))))
    entry.add("categories", [event.season.series.label])
    entry.add("url", settings.SITE_URL + path)
    entry.add("transp", "TRANSPARENT")  # to watch a race is no appointment
    return entry


def _titled(title: str, status: CalendarStatus) -> str:
    """Not every program shows STATUS, so the title says it too."""
    if status == CalendarStatus.CANCELLED:
        return _("CANCELLED: %(title)s") % {"title": title}
    if status == CalendarStatus.POSTPONED:
        return _("POSTPONED: %(title)s") % {"title": title}
    return title


def _words(session: Session) -> Iterator[str]:
    """What a reader should know besides, a sentence a line."""
    event = session.event
    if event.note:
        yield event.note
    if session.starts_at is None:
        yield _("The time has not been announced yet.")
    elif german := in_germany(session.starts_at, event.zone):
        yield _("In Germany: %(time)s") % {"time": german}
    if session.end_estimated:
        yield _("The end is estimated.")
    if session.moved_from:
        before = session.moved_from.astimezone(event.zone)
        yield _("Moved from %(before)s.") % {"before": f"{long_day(before.date())}, {clock(before)}"}
    for show in session.broadcasts.all():
        start = show.starts_at.astimezone(GERMANY) if show.starts_at else None
        when = f", {weekday(start.date())} {clock(start)} {zone_name(start, GERMANY)}" if start else ""
        yield f"{show.get_kind_display()}: {show.channel}{when}"


def _local(instant: dt.datetime, event: Event) -> dt.datetime:
    """The instant at the venue; in UTC in the hour that the clock shows twice, for there RFC 5545 means the first."""
    local = instant.astimezone(event.zone)
    return instant.astimezone(dt.UTC) if local.fold or event.time_zone == "UTC" else local


def subscription(series: str | None) -> dict[str, str]:
    """The address of a calendar for a download, and for a program that keeps it up to date."""
    path = reverse("results:series-calendar-ics", args=[series]) if series else reverse("results:calendar-ics")
    _scheme, _separator, rest = settings.SITE_URL.partition("://")
    return {"path": path, "webcal": f"webcal://{rest}{path}"}
