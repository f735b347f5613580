"""Programmes beside a story: the schedule of an event, and the event of a series that runs or comes next."""

import datetime as dt
from collections.abc import Iterable, Sequence
from typing import Any

from django.db.models import BooleanField, ExpressionWrapper, F, Q, QuerySet

from articles.models import SidebarItem
from articles.sidebar.spec import BoxSpec
from results.models import Event, Session
from results.schedule import Upcoming, upcoming_events, with_clock


def programmes_of(specs: Sequence[BoxSpec]) -> dict[BoxSpec, Upcoming]:
    """The event and sessions each box shows; a box is missing where nothing is public. At most two queries."""
    schedules = {spec.event_id for spec in specs if spec.kind == SidebarItem.Kind.SCHEDULE and spec.event_id}
    series = {spec.series_id for spec in specs if spec.kind == SidebarItem.Kind.NEXT_EVENT and spec.series_id}
    if not schedules and not series:
        return {}
    of_event, of_series = _load(schedules, series)
    found = {}
    for spec in specs:
        if spec.kind == SidebarItem.Kind.SCHEDULE and spec.event_id in of_event:
            found[spec] = of_event[spec.event_id]
        elif spec.kind == SidebarItem.Kind.NEXT_EVENT and spec.series_id in of_series:
            found[spec] = of_series[spec.series_id]
    return found


def _next_events(series: Iterable[int]) -> QuerySet[Event]:
    """The next event of each of these series."""
    soonest = F("starts_on").asc(nulls_last=True)
    events = upcoming_events().filter(season__series__in=series)
    return events.order_by("season__series_id", soonest, "pk").distinct("season__series_id")


def _load(schedules: set[int], series: set[int]) -> tuple[dict[int, Upcoming], dict[int, Upcoming]]:
    """Programmes by event, and next events by series."""
    is_next = ExpressionWrapper(Q(event__in=_next_events(series).values("pk")), output_field=BooleanField())
    sessions = (
        with_clock(Session.objects.public())
        .annotate(is_next=is_next)
        .filter(Q(event__in=schedules) | Q(is_next=True))
        .select_related("event__season__series", "event__circuit")
        .order_by("local_date", "starts_at", "sequence", "pk")
    )
    of_event: dict[int, Upcoming] = {}
    of_series: dict[int, Upcoming] = {}
    for session in sessions:
        programme = of_event.setdefault(session.event_id, Upcoming(session.event, []))
        programme.sessions.append(session)
        if session.is_next:
            of_series[session.event.season.series_id] = programme
    missing = series - of_series.keys()
    if missing:  # an event whose programme is not out yet, or no event at all
        of_series |= {event.season.series_id: Upcoming(event, []) for event in _next_events(missing)}
    return of_event, of_series


def shown(programme: Upcoming) -> dict[str, Any]:
    """What stood there: instants in ISO 8601, days as dates at the venue."""
    event = programme.event
    return {
        "event": event.name,
        "event_id": event.pk,
        "series": event.season.series.label,
        "circuit": event.circuit.name if event.circuit else "",
        "starts_on": _iso(event.starts_on),
        "ends_on": _iso(event.ends_on),
        "time_zone": event.time_zone,
        "status": event.status,
        "moved_from": _iso(event.moved_from),
        "sessions": [
            {
                "session_id": session.pk,
                "name": session.name,
                "kind": session.kind,
                "status": session.status,
                "local_date": _iso(session.local_date),
                "starts_at": _iso(session.starts_at),
                "ends_at": _iso(session.ends_at),
                "end_estimated": session.end_estimated,
                "moved_from": _iso(session.moved_from),
            }
            for session in programme.sessions
        ],
    }


def _iso(value: dt.date | dt.datetime | None) -> str | None:
    return value.isoformat() if value else None
