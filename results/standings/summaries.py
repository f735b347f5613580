"""Heads of tables for other pages: of a season and a series, around an event, of one driver or team, of a session."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import reduce
from operator import or_
from typing import Any

from django.db.models import Exists, OuterRef, Q

from results.models import (
    Competitor,
    Computation,
    Driver,
    Event,
    Manufacturer,
    PointsAward,
    Season,
    Session,
    Standing,
    Team,
)
from results.schedule import venue_today
from results.standings.competitors import Competitors, Seen
from results.standings.rounds import events_of, rounds_of
from results.standings.shown import (
    Leading,
    ShownChampionship,
    ShownLine,
    championships_of,
    leading_lines,
    stored_rounds,
)
from results.statistics import Career

LEADING = 5
AROUND = 10
SUBJECTS: Mapping[type[Any], tuple[str, ...]] = {
    Driver: ("driver", "crew"), Team: ("team",), Manufacturer: ("manufacturer",),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class SeasonStandings:
    """The public championships of a season: those with a table, and those in which nothing is scored yet."""

    tables: Sequence[Leading]
    empty: Sequence[ShownChampionship]

    def __bool__(self) -> bool:
        return bool(self.tables or self.empty)


def standings_of_season(season: Season, *, limit: int = LEADING) -> SeasonStandings:
    """The first lines of the newest table of every public championship."""
    found = championships_of(season)
    newest = [(one, last) for one in found if (last := one.rounds.last) is not None]
    return SeasonStandings(leading_lines(newest, limit=limit), [one for one in found if one.rounds.last is None])


# ------------------------------------------------------------------ around an event


@dataclass(frozen=True, slots=True)
class Move:
    """A line after an event with the one before: `up` places won, negative ones lost; None for who is new."""

    line: ShownLine
    before: Standing | None

    @property
    def up(self) -> int | None:
        now = self.line.standing.position
        if self.before is None or self.before.position is None or now is None:
            return None
        return self.before.position - now

    @property
    def down(self) -> int | None:
        return -self.up if self.up is not None else None


@dataclass(frozen=True, slots=True)
class AroundEvent:
    """A championship at an event: the table after it with the moves, or before it as long as nothing of it is scored."""

    leading: Leading
    is_after: bool
    has_before: bool
    moves: Sequence[Move]
    before_number: int | None


def standings_around(event: Event) -> list[AroundEvent]:
    """The tables before and after an event, championship by championship; nothing for an event that is no round."""
    pages, before = [], []
    for one in championships_of(event.season):
        here = one.rounds.of_event(event.pk)
        if here is None:
            continue
        earlier = one.rounds.before(here)
        if here.is_scored:
            pages.append((one, here))
            before.append(earlier)
        elif earlier is not None:
            pages.append((one, earlier))
            before.append(None)
    tables = leading_lines(pages, limit=AROUND)
    former = _former([(table, earlier.stored if earlier else 0) for table, earlier in zip(tables, before, strict=True)])
    found = []
    for table, earlier in zip(tables, before, strict=True):
        moves = [Move(line, former.get(line.competitor.pk)) for line in table.lines]
        is_after = table.after.event.pk == event.pk
        found.append(AroundEvent(table, is_after, earlier is not None, moves, earlier.number if earlier else None))
    return found


def _former(tables: Sequence[tuple[Leading, int]]) -> dict[int, Standing]:
    """The earlier lines of those who lead now, by competitor; one query."""
    wanted = [
        Q(competitor__in=[line.competitor.pk for line in table.lines], round=number)
        for table, number in tables
        if number
    ]
    return {one.competitor_id: one for one in Standing.objects.filter(reduce(or_, wanted))} if wanted else {}


# ------------------------------------------------------------------ one driver, team or maker


@dataclass(frozen=True, slots=True)
class OwnStanding:
    """Where somebody stands in a championship, in the newest table that readers see; `is_running`: events are to come."""

    shown: ShownChampionship
    competitor: Seen
    standing: Standing
    is_running: bool

    @property
    def ledger_address(self) -> str:
        return self.shown.ledger_address(self.competitor)


def standings_of_thing(thing: Driver | Team | Manufacturer, career: Career) -> list[OwnStanding]:
    """The standings of somebody in every season he took part in, newest first."""
    seasons = [Q(slug=one.season_slug, series__slug=one.series_slug) for one in career.seasons]
    if not seasons:
        return []
    mine = _with_running(reduce(or_, seasons))
    public = Computation.objects.public().filter(
        championship__season__in=list(mine), championship__subject__in=SUBJECTS[type(thing)]
    )
    rows = list(
        Competitor.objects.filter(computation__in=public, things__contains=[thing.pk]).select_related(
            "computation__championship__season__series", "computation__championship__racing_class"
        )
    )
    if not rows:
        return []
    lines = _newest_lines(rows)
    competitors = Competitors((row.computation.championship, row) for row in rows)
    found = []
    for row in rows:
        seen, standing = competitors.get(row.pk), lines.get(row.pk)
        if seen is not None and standing is not None:
            shown = ShownChampionship(row.computation.championship, row.computation, rounds_of([], {}))
            found.append(OwnStanding(shown, seen, standing, mine[shown.championship.season_id]))
    order = {(one.series_slug, one.season_slug): number for number, one in enumerate(career.seasons)}
    return sorted(found, key=lambda one: (_order(one, order), one.shown.championship.sequence))


def _with_running(seasons: Q) -> dict[int, bool]:
    """The seasons by key, and whether an event of them is still to come or on."""
    coming = Event.objects.public().filter(season=OuterRef("pk"), ends_on__gte=venue_today("time_zone"))
    return dict(Season.objects.filter(seasons).annotate(is_running=Exists(coming)).values_list("pk", "is_running"))


def _order(one: OwnStanding, order: Mapping[tuple[str, str], int]) -> int:
    return order.get((one.shown.season.series.slug, one.shown.season.slug), len(order))


def _newest_lines(rows: Sequence[Competitor]) -> dict[int, Standing]:
    """The line of each competitor in the newest table of his computation, if he stands in it; two queries."""
    stored = stored_rounds([row.computation for row in rows])
    wanted = [
        Q(competitor=row.pk, round=max(rounds.values())) for row in rows if (rounds := stored[row.computation_id])
    ]
    lines = Standing.objects.filter(reduce(or_, wanted)).select_related("event") if wanted else ()
    return {one.competitor_id: one for one in lines}


# ------------------------------------------------------------------ a session


def championships_with_points(session: Session) -> list[ShownChampionship]:
    """The public championships whose tables hold points of a session."""
    awards = PointsAward.objects.filter(session=session, competitor__computation=OuterRef("pk"))
    season = session.event.season
    public = Computation.objects.public().filter(Exists(awards), championship__season=season)
    found = list(
        public.select_related("championship__racing_class").order_by("championship__sequence", "championship__key")
    )
    if not found:
        return []
    events, stored = events_of(season), stored_rounds(found)
    for one in found:
        one.championship.season = season
    return [ShownChampionship(one.championship, one, rounds_of(events, stored[one.pk])) for one in found]
