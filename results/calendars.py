"""The calendar for machines (RFC 5545): a VEVENT a session, and one for an event whose programme is not out yet.

UIDs stay for ever. SEQUENCE rises with every change of a date, place or state, LAST-MODIFIED and DTSTAMP with every
change at all; both are kept by a trigger (migration `0011`), so the same facts are the same bytes.
"""

import datetime as dt
from collections.abc import Iterable, Iterator
from functools import lru_cache
from typing import TypeVar
from urllib.parse import urlsplit

from django.conf import settings
from django.db.models import DateField, Exists, F, OuterRef, Prefetch, Q, QuerySet, Subquery
from django.db.models.expressions import Combinable
from django.db.models.fields.json import KeyTextTransform, KeyTransform
from django.db.models.functions import Cast, Coalesce, Least, Now
from django.urls import reverse
from django.utils.translation import gettext as _
from icalendar import Calendar, Timezone
from icalendar import Event as VEvent

from results.former import FormerTime, former_times_of, standing_of, words_of
from results.models import Broadcast, CalendarStatus, Event, Series, Session, SessionKind
from results.models.calendar import USUAL_LENGTH
from results.venue_time import GERMANY, clock, in_germany, weekday, zone_name

M = TypeVar("M", Session, Event)

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
    """Public sessions with a day, be it the one they are postponed from, oldest first; two queries with broadcasts."""
    sessions = _announced(Session.objects.public(), "local_date", _since(series))
    if series is not None:
        sessions = sessions.filter(event__season__series=series)
    shows = Prefetch("broadcasts", Broadcast.objects.order_by("starts_at", "channel", "pk"))
    related = sessions.select_related("event__season__series", "event__circuit").prefetch_related(shows)
    return related.order_by(Coalesce("local_date", "told"), F("starts_at").asc(nulls_last=True), "sequence", "pk")[
        :LIMIT
    ]


def bare_events(series: Series | None) -> QuerySet[Event]:
    """Public events with days, be it those they are postponed from, and without any public session that has one."""
    dated = Session.objects.public().filter(
        Q(local_date__isnull=False) | Q(status=CalendarStatus.POSTPONED) & ~Q(former_times=[]), event=OuterRef("pk")
    )
    events = _announced(Event.objects.public(), "starts_on", _since(series)).filter(~Exists(dated))
    if series is not None:
        events = events.filter(season__series=series)
    return events.select_related("season__series", "circuit").order_by(Coalesce("starts_on", "told"), "pk")[:LIMIT]


def _announced(things: QuerySet[M], day: str, since: Combinable) -> QuerySet[M]:
    """Those of a day, and those postponed from one: they stay in the calendar that told it until a new one is known."""
    told = Cast(KeyTextTransform("on", KeyTransform("-1", "former_times")), DateField())
    is_open = Q(**{f"{day}__isnull": True}, status=CalendarStatus.POSTPONED, told__gte=since)
    return things.annotate(told=told).filter(Q(**{f"{day}__gte": since}) | is_open)


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
    used: dict[str, set[int]] = {}
    for session in sessions:
        told = [one for one in former_times_of(session)[-1:] if one.at] if session.local_date is None else []
        days = [session.local_date] if session.starts_at and session.local_date else [one.on for one in told]
        for day in days:
            used.setdefault(session.event.time_zone, set()).add(day.year)
    years = set().union(*used.values())
    for name in sorted(used.keys() - {"UTC"}):
        yield _zone(name, min(years) - 1, max(years) + 2)


@lru_cache(maxsize=256)
def _zone(name: str, first: int, last: int) -> Timezone:
    zone = Timezone.from_tzid(name, first_date=dt.date(first, 1, 1), last_date=dt.date(last, 1, 1))
    zone.pop("COMMENT", None)
    return zone


def _session(session: Session) -> VEvent:
    event = session.event
    status = standing_of(session)
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
    elif told := former_times_of(session):
        _add_former(entry, session, told[-1])
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
        words=[event.note, *_moved(event), _("The programme is not out yet.")],
    )
    told = former_times_of(event)
    if event.starts_on and event.ends_on:
        entry.add("dtstart", event.starts_on)
        entry.add("dtend", event.ends_on + dt.timedelta(days=1))
    elif told:
        entry.add("dtstart", told[-1].on)
        entry.add("dtend", (told[-1].until or told[-1].on) + dt.timedelta(days=1))
    return entry


def _add_former(entry: VEvent, session: Session, told: FormerTime) -> None:
    """Where it stood before it was postponed; its length is not told any more."""
    if told.at is None:
        entry.add("dtstart", told.on)
        entry.add("dtend", told.on + dt.timedelta(days=1))
    else:
        entry.add("dtstart", _local(told.at, session.event))
        entry.add("dtend", _local(told.at + USUAL_LENGTH[SessionKind(session.kind)], session.event))


def _moved(thing: Session | Event) -> Iterator[str]:
    """What was told before."""
    told = words_of(thing)
    if told and standing_of(thing) == CalendarStatus.POSTPONED:
        yield _("Postponed, new date open (so far %(before)s).") % {"before": told[-1]}
    elif told:
        yield _("Moved from %(before)s.") % {"before": told[-1]}


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
    if session.starts_at is None and standing_of(session) == CalendarStatus.SCHEDULED:
        yield _("The time has not been announced yet.")
    elif session.starts_at is not None and (german := in_germany(session.starts_at, event.zone)):
        yield _("In Germany: %(time)s") % {"time": german}
    if session.end_estimated:
        yield _("The end is estimated.")
    yield from _moved(session)
    for show in session.broadcasts.all() if standing_of(session) == CalendarStatus.SCHEDULED else ():
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
