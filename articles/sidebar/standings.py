"""Championship tables beside a story: as readers see them now, or as they stood when the story was published.

The same few queries for any number of tables. Whom nothing public names stands in no row.
"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Q
from django.urls import NoReverseMatch, reverse

from articles.sidebar.spec import BoxSpec
from results.models import Classification, Computation, Standing
from results.models.classification import OPENED
from results.names import fold
from results.standings.competitors import Competitors
from results.standings.shown import ShownLine, shown_lines
from results.title_game import in_figures


@dataclass(frozen=True, slots=True)
class StandingRow:
    """A line of a table in words. `place` is a number or what is printed instead, `is_meant` whom the box is around."""

    place: str
    is_tied: bool
    name: str
    points: str
    gap: str
    is_meant: bool

    @property
    def words(self) -> str:
        """`1. Max Verstappen: 395,5 Punkte`, without the unit."""
        place = f"{self.place}." if self.place.isdecimal() else self.place
        return f"{place} {self.name}: {self.points}".strip()


@dataclass(frozen=True, slots=True)
class BoxStanding:
    """Rows of a table with what its source line says: after which event, since when readers can see it."""

    championship: str
    series_label: str
    season_label: str
    accent: int
    address: str
    event: str
    event_id: int
    as_of: dt.datetime
    is_provisional: bool
    rows: tuple[StandingRow, ...]
    is_overtaken: bool = False  # told as it stood, and a correction has changed these rows since

    def shown(self) -> dict[str, Any]:
        """What stood there, as `from_shown` reads it."""
        plain = (
            "championship",
            "series_label",
            "season_label",
            "accent",
            "address",
            "event",
            "event_id",
            "is_provisional",
        )
        return {
            **{name: getattr(self, name) for name in plain},
            "as_of": self.as_of.isoformat(),
            "rows": [{name: getattr(row, name) for name in StandingRow.__slots__} for row in self.rows],
        }

    @classmethod
    def from_shown(cls, shown: Mapping[str, Any], *, now: BoxStanding | None) -> BoxStanding:
        """What a publication kept, beside what the table after the same event shows `now`."""
        rows = tuple(StandingRow(**row) for row in shown["rows"])
        return cls(
            **{**shown, "rows": rows, "as_of": dt.datetime.fromisoformat(shown["as_of"])},
            is_overtaken=now is not None and now.rows != rows,
        )


def standings_of(specs: Sequence[BoxSpec]) -> dict[BoxSpec, BoxStanding]:
    """The table each box shows now; a box is missing where readers see no such table. No query without a box."""
    asked = [spec for spec in specs if spec.season_id and spec.table]
    if not asked:
        return {}
    tables = _Tables(asked)
    return {spec: found for spec in asked if (found := tables.box(spec)) is not None}


def still_seen(tables: Iterable[tuple[int, str]]) -> set[tuple[int, str]]:
    """Of tables, each told by its event and the key of its championship, those that readers see now. At most one query."""
    wanted = Q()
    for event, key in tables:
        wanted |= Q(event=event, competitor__computation__championship__key=key)
    if not wanted:
        return set()
    rows = Standing.objects.filter(wanted, competitor__computation__in=Computation.objects.public()).order_by()
    return set(rows.values_list("event", "competitor__computation__championship__key").distinct())


class _Tables:
    """The public tables that boxes ask for, with the names of who stands in them."""

    def __init__(self, specs: Sequence[BoxSpec]) -> None:
        wanted = Q()
        for spec in specs:
            wanted |= Q(championship__season=spec.season_id, championship__key=spec.table)
        found = Computation.objects.public().filter(wanted).select_related("championship__season__series")
        self._computations = {(one.championship.season_id, one.championship.key): one for one in found}
        self._rounds = self._rounds_of(one.pk for one in self._computations.values())
        rows = Q()
        for spec in specs:
            at = self._at(spec)
            rows |= Q(competitor__computation=at[0], round=at[1]) if at else Q()
        self._rows: dict[tuple[int, int], list[Standing]] = defaultdict(list)
        if rows:
            lines = Standing.objects.filter(rows).select_related("competitor").order_by("display_order")
            for line in lines:
                self._rows[line.competitor.computation_id, line.round].append(line)
        championships = {one.pk: one.championship for one in self._computations.values()}
        self._competitors = Competitors(
            (championships[computation], line.competitor)
            for (computation, _round), lines in self._rows.items()
            for line in lines
        )
        versions = {pk for one in self._computations.values() for pk in one.versions}
        opened = Classification.objects.filter(pk__in=versions).values_list("pk", "session__event", OPENED)
        self._opened: dict[int, tuple[int, dt.datetime]] = {pk: (event, moment) for pk, event, moment in opened}

    def _rounds_of(self, computations: Iterable[int]) -> dict[int, dict[int, tuple[int, str]]]:
        """By computation its rounds, each with the event and its name."""
        lines = Standing.objects.filter(competitor__computation__in=list(computations)).order_by()
        found: dict[int, dict[int, tuple[int, str]]] = defaultdict(dict)
        for pk, number, event, name in lines.values_list(
            "competitor__computation", "round", "event", "event__name"
        ).distinct():
            found[pk][number] = event, name
        return found

    def _at(self, spec: BoxSpec) -> tuple[int, int] | None:
        """Computation and round that a box asks for."""
        computation = self._computations.get((spec.season_id or 0, spec.table))
        rounds = self._rounds.get(computation.pk, {}) if computation else {}
        numbers = [number for number, (event, _name) in rounds.items() if spec.event_id in {None, event}]
        return (computation.pk, max(numbers)) if computation and numbers else None

    def box(self, spec: BoxSpec) -> BoxStanding | None:
        at = self._at(spec)
        computation = self._computations.get((spec.season_id or 0, spec.table))
        if at is None or computation is None:
            return None
        championship = computation.championship
        rows = [_row(line, spec) for line in shown_lines(self._rows[at], self._competitors)]
        season = championship.season
        return BoxStanding(
            championship=championship.name,
            series_label=season.series.label,
            season_label=season.label,
            accent=season.series.accent,
            address=address_of("standing", season.series.slug, season.slug, championship.key),
            event=self._rounds[at[0]][at[1]][1],
            event_id=self._rounds[at[0]][at[1]][0],
            as_of=self._seen_since(computation, at[1]),
            is_provisional=any(line.is_provisional for line in self._rows[at]),
            rows=tuple(_part(rows, spec.limit)),
        )

    def _seen_since(self, computation: Computation, number: int) -> dt.datetime:
        """Since when readers see the last of the results on which the table after a round stands."""
        rounds = {event: at for at, (event, _name) in self._rounds[computation.pk].items()}
        found = (self._opened[pk] for pk in computation.versions if pk in self._opened)
        return max(moment for event, moment in found if rounds.get(event, 0) <= number)


def _row(line: ShownLine, spec: BoxSpec) -> StandingRow:
    standing, competitor, asked = line.standing, line.competitor, fold(spec.competitor)
    is_named = asked in fold(competitor.name) or any(one.slug == spec.competitor for one in competitor.things)
    return StandingRow(
        place=str(standing.position) if standing.position is not None else standing.printed,
        is_tied=standing.is_tied,
        name=competitor.name,
        points=in_figures(standing.points),
        gap=in_figures(line.gap) if line.gap else "",
        is_meant=bool(asked) and is_named,
    )


def _part(rows: Sequence[StandingRow], limit: int) -> Sequence[StandingRow]:
    """The first rows, or as many around the one that is meant."""
    meant = next((at for at, row in enumerate(rows) if row.is_meant), None)
    if meant is None:
        return rows[:limit]
    start = max(0, min(meant - limit // 2, len(rows) - limit))
    return rows[start : start + limit]


def address_of(name: str, *args: str) -> str:
    """The page of a table or title; empty where the site has none."""
    try:
        return reverse(f"results:{name}", args=args)
    except NoReverseMatch:
        return ""
