"""The rounds of a season as readers count them: events they may see, in order, whether scored yet or to come."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from django.db.models import Exists, OuterRef, Q

from results.models import CalendarStatus, Classification, Computation, Event, Season, Session, Standing
from results.standings.schedule import RACES


@dataclass(frozen=True, slots=True)
class Round:
    """An event that counts. `number` is the readers' own: an event they do not know of leaves no gap in it.

    `stored` is the number in ledger and tables, 0 as long as nothing of the event is scored.
    """

    number: int
    event: Event
    stored: int = 0

    @property
    def is_scored(self) -> bool:
        return self.stored > 0


@dataclass(frozen=True, slots=True)
class Rounds:
    """The rounds of one championship, in order."""

    every: Sequence[Round]

    @property
    def scored(self) -> list[Round]:
        return [one for one in self.every if one.is_scored]

    @property
    def coming(self) -> list[Round]:
        return [one for one in self.every if not one.is_scored]

    @property
    def last(self) -> Round | None:
        """The newest one that was scored."""
        return self.scored[-1] if self.scored else None

    def numbered(self, number: int) -> Round | None:
        """The scored round of that number."""
        return next((one for one in self.scored if one.number == number), None)

    def of_event(self, event: int) -> Round | None:
        return next((one for one in self.every if one.event.pk == event), None)

    def before(self, one: Round) -> Round | None:
        """The scored round before it."""
        earlier = [other for other in self.scored if other.number < one.number]
        return earlier[-1] if earlier else None

    def stored_as(self, stored: int) -> Round | None:
        """The round that ledger and tables count under that number."""
        return next((one for one in self.scored if one.stored == stored), None)

    def since(self, stored: int) -> Round | None:
        """The first scored round whose table stands on what the ledger counts under that number."""
        return next((one for one in self.scored if one.stored >= stored), None)

    def numbers(self, stored: Iterable[int]) -> list[int]:
        """The readers' numbers of these rounds of the ledger."""
        known = {one.stored: one.number for one in self.scored}
        return sorted(known[one] for one in stored if one in known)


def events_of(season: Season) -> list[Event]:
    """The events that are rounds for readers, in order: public, held, and with a race or no sessions yet. One query.

    An event after which readers see a table is a round too, though its race be hidden: of points in qualifying. The
    desk's own count is `schedule.calendar_of`; both agree as soon as nothing is hidden.
    """
    results = Classification.objects.public()
    raced = Exists(results.filter(session=OuterRef("pk")))
    seen = Computation.objects.public().filter(championship__season=season)
    tables = Standing.objects.filter(competitor__computation__in=seen.values("pk"), event=OuterRef("pk"))
    sessions = Session.objects.public().filter(raced | ~Q(status=CalendarStatus.CANCELLED), event=OuterRef("pk"))
    found = (
        Event.objects.public()
        .filter(season=season)
        .annotate(
            is_raced=Exists(results.filter(session__event=OuterRef("pk"))),
            has_sessions=Exists(sessions),
            has_race=Exists(sessions.filter(kind__in=RACES)),
            has_table=Exists(tables),
        )
    )
    events = sorted(found, key=lambda one: (one.starts_on is None, one.starts_on or dt.date.min, one.pk))
    for event in events:
        event.season = season
    return [event for event in events if _is_round(event)]


def _is_round(event: Event) -> bool:
    said = event.__dict__  # annotated
    is_held = said["is_raced"] or event.status != CalendarStatus.CANCELLED
    return bool(is_held and (said["has_race"] or said["has_table"] or not said["has_sessions"]))


def rounds_of(events: Sequence[Event], stored: Mapping[int, int]) -> Rounds:
    """The rounds of a championship among these events; `stored` are the numbers of its tables by event."""
    return Rounds([Round(number, event, stored.get(event.pk, 0)) for number, event in enumerate(events, start=1)])
