"""What runs, what is over and what comes next, by the database clock."""

import datetime as dt
from dataclasses import dataclass
from itertools import groupby
from typing import TYPE_CHECKING, TypedDict

from django.db.models import DateField, DateTimeField, Exists, F, Func, OuterRef, Q, QuerySet
from django.db.models.expressions import Combinable
from django.db.models.functions import Cast, Coalesce, Now
from django_stubs_ext import WithAnnotations

from results.models import CalendarStatus, Classification, Event, Series, Session


class Clock(TypedDict):
    """How a session stands now, by the database clock."""

    has_result: bool
    is_live: bool
    is_over: bool


if TYPE_CHECKING:
    ClockedSession = WithAnnotations[Session, Clock]
else:
    ClockedSession = Session  # the type cannot be built at run time


@dataclass(frozen=True, slots=True)
class Day:
    """The sessions of one day at the venue; `date` is None where no day is known yet."""

    date: dt.date | None
    sessions: list[ClockedSession]


@dataclass(frozen=True, slots=True)
class Upcoming:
    """The event that runs or comes next, with its sessions as `with_clock` gives them."""

    event: Event
    sessions: list[ClockedSession]


def venue_today(time_zone: str) -> Combinable:
    """Today at the venue whose zone is in that column."""
    local = Func(F(time_zone), Now(), function="timezone", output_field=DateTimeField())
    return Cast(local, DateField())


def has_result() -> Exists:
    """Whether a session has a released classification at the finish that still counts."""
    released = Classification.objects.public().filter(session=OuterRef("pk"), checkpoint="")
    return Exists(released.exclude(state=Classification.State.ANNULLED))


def with_clock(sessions: QuerySet[Session]) -> QuerySet[ClockedSession]:
    """Adds `has_result` (a released, standing classification at the finish), `is_live` and `is_over`."""
    return sessions.annotate(
        has_result=has_result(),
        is_live=Q(
            status=CalendarStatus.SCHEDULED,
            event__status=CalendarStatus.SCHEDULED,
            starts_at__lte=Now(),
            ends_at__gt=Now(),
            has_result=False,
        ),
        is_over=Q(ends_at__lte=Now()) | Q(starts_at__isnull=True, local_date__lt=venue_today("event__time_zone")),
    )


def sessions_of(event: Event, *, broadcasts: bool = True) -> list[ClockedSession]:
    """The public sessions of an event in the order of the programme, with clock; one query, and one for broadcasts."""
    sessions = with_clock(Session.objects.public().filter(event=event))
    if broadcasts:
        sessions = sessions.prefetch_related("broadcasts")
    # A session without a day of its own stands where its event begins, before those that have one.
    day = Coalesce("local_date", F("event__starts_on"))
    listed = list(
        sessions.order_by(
            day.asc(nulls_last=True), F("local_date").asc(nulls_first=True), "starts_at", "sequence", "pk"
        )
    )
    for session in listed:
        session.event = event
    return listed


def with_result(sessions: list[ClockedSession]) -> list[ClockedSession]:
    """Those of `sessions_of` that have a released result."""
    return [session for session in sessions if session.has_result]


def by_day(sessions: list[ClockedSession]) -> list[Day]:
    """Sessions grouped by their day at the venue, in the order given."""
    return [Day(date, list(group)) for date, group in groupby(sessions, key=lambda session: session.local_date)]


def upcoming_events(series: Series | None = None) -> QuerySet[Event]:
    """Public events that run or lie ahead, soonest first.

    An event is over with its last session that takes place; while the programme does not reach the last day yet,
    with that day at the venue.
    """
    today = venue_today("event__time_zone")
    sessions = Session.objects.public().filter(event=OuterRef("pk"), status=CalendarStatus.SCHEDULED)
    ahead = sessions.filter(Q(ends_at__gt=Now()) | Q(starts_at__isnull=True, local_date__gte=today))
    reaches_last_day = sessions.filter(local_date__gte=OuterRef("ends_on"))
    day_not_over = Q(ends_on__gte=venue_today("time_zone")) & ~Exists(reaches_last_day)
    events = Event.objects.public().filter(Exists(ahead) | day_not_over, status=CalendarStatus.SCHEDULED)
    if series is not None:
        events = events.filter(season__series=series)
    return events.select_related("season__series", "circuit").order_by(F("starts_on").asc(nulls_last=True), "pk")


def next_event(series: Series | None = None, *, broadcasts: bool = True) -> Upcoming | None:
    """The event for the "Nächstes Event" box, of one series or of all; at most three queries, two without broadcasts."""
    event = upcoming_events(series).first()
    return Upcoming(event, sessions_of(event, broadcasts=broadcasts)) if event else None


def next_programme(series: Series) -> Upcoming | None:
    """The next event of a series in one query; None where it has no public session yet."""
    coming = upcoming_events(series).order_by(F("starts_on").asc(nulls_last=True), "pk").values("pk")[:1]
    sessions = with_clock(Session.objects.public().filter(event=coming))
    day = Coalesce("local_date", F("event__starts_on"))
    listed = list(
        sessions.select_related("event__season__series", "event__circuit").order_by(
            day.asc(nulls_last=True), F("local_date").asc(nulls_first=True), "starts_at", "sequence", "pk"
        )
    )
    return Upcoming(listed[0].event, listed) if listed else None
