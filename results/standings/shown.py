"""The championships of a season as readers see them: their tables after any round, on released results alone."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property, reduce
from operator import or_

from django.http import Http404
from django.urls import reverse

from results.models import Championship, Classification, Competitor, Computation, Season, Standing
from results.standings.competitors import Competitors, Seen
from results.standings.feed import PROVISIONAL
from results.standings.rounds import Round, Rounds, events_of, rounds_of


@dataclass(frozen=True, slots=True)
class ShownLine:
    """A line of a table. What is missing to the first (`gap`) and to the line before (`ahead`) is None for the first and
    for who has no place.
    """

    competitor: Seen
    standing: Standing
    gap: Decimal | None = None
    ahead: Decimal | None = None


@dataclass
class Places:
    """Where the pages and files of a public championship stand; it comes with season and series."""

    championship: Championship

    @property
    def season(self) -> Season:
        return self.championship.season

    def address(self, page: str = "standing", *more: str) -> str:
        season = self.season
        return reverse(f"results:{page}", args=[season.series.slug, season.slug, self.championship.key, *more])

    @property
    def table_address(self) -> str:
        return self.address()

    @property
    def matrix_address(self) -> str:
        return self.address("standing-matrix")

    @property
    def matrix_export_address(self) -> str:
        return f"{self.matrix_address.rstrip('/')}."

    @property
    def export_address(self) -> str:
        """The address of the files of the table without their ending."""
        return f"{self.address().rstrip('/')}."

    @property
    def title_address(self) -> str:
        return self.address("title")

    def ledger_address(self, competitor: Seen) -> str:
        return self.address("points-ledger", competitor.key)


@dataclass
class ShownChampionship(Places):
    """A public championship with what readers see of it; `computation` is None as long as nothing that counts is out."""

    computation: Computation | None
    rounds: Rounds

    @cached_property
    def competitors(self) -> Competitors:
        """Everybody in the tables whom readers may know."""
        found = Competitor.objects.filter(computation=self.computation) if self.computation else ()
        return Competitors((self.championship, row) for row in found)

    @cached_property
    def results(self) -> list[Classification]:
        """The versions the tables stand on, in the order of the calendar."""
        if self.computation is None:
            return []
        found = Classification.objects.public().filter(pk__in=self.computation.versions)
        rounds = {one.event.pk: one.number for one in self.rounds.every}
        versions = list(found.select_related("session").order_by("session__sequence", "session__starts_at", "pk"))
        return sorted(versions, key=lambda one: rounds.get(one.session.event_id, 0))

    def lines(self, after: Round) -> list[ShownLine]:
        """The table after a scored round, in order."""
        rows = Standing.objects.filter(competitor__computation=self.computation, round=after.stored)
        return shown_lines(rows.order_by("display_order"), self.competitors)

    def counted(self, after: Round) -> list[Classification]:
        """The results up to a round, with their events at hand."""
        events = {one.event.pk: one.event for one in self.rounds.scored if one.number <= after.number}
        found = [one for one in self.results if one.session.event_id in events]
        for one in found:
            one.session.event = events[one.session.event_id]
        return found

    def provisional(self, after: Round) -> list[Classification]:
        """The results up to a round that may still change: why the table is provisional."""
        return [one for one in self.counted(after) if one.state in PROVISIONAL]


def shown_lines(rows: Iterable[Standing], competitors: Competitors) -> list[ShownLine]:
    """Lines in order, without those of competitors whom readers may not know."""
    lines: list[ShownLine] = []
    for row in rows:
        competitor = competitors.get(row.competitor_id)
        if competitor is None:
            continue
        if lines and row.position is not None:
            first, before = lines[0].standing, lines[-1].standing
            lines.append(ShownLine(competitor, row, first.points - row.points, before.points - row.points))
        else:
            lines.append(ShownLine(competitor, row))
    return lines


def championship_seen(season: Season, key: str) -> ShownChampionship:
    """One public championship of a public season; Http404 without. Four queries."""
    championship = Championship.objects.public().filter(season=season, key=key).select_related("racing_class").first()
    if championship is None:
        raise Http404
    championship.season = season
    computation = Computation.objects.public().filter(championship=championship).first()
    stored = stored_rounds([computation] if computation else [])
    rounds = rounds_of(events_of(season), stored[computation.pk] if computation else {})
    return ShownChampionship(championship, computation, rounds)


def championships_of(season: Season) -> list[ShownChampionship]:
    """All public championships of a public season, in their order. Four queries, one for a season without any."""
    found = list(
        Championship.objects.public().filter(season=season).select_related("racing_class").order_by("sequence", "key")
    )
    if not found:
        return []
    for one in found:
        one.season = season
    computations = {one.championship_id: one for one in Computation.objects.public().filter(championship__in=found)}
    stored = stored_rounds(computations.values())
    events = events_of(season)
    shown = []
    for one in found:
        computation = computations.get(one.pk)
        shown.append(
            ShownChampionship(one, computation, rounds_of(events, stored[computation.pk] if computation else {}))
        )
    return shown


def stored_rounds(computations: Iterable[Computation]) -> dict[int, dict[int, int]]:
    """By computation the numbers of its tables by event."""
    found: dict[int, dict[int, int]] = defaultdict(dict)
    keys = [one.pk for one in computations]
    if keys:
        first = Standing.objects.filter(competitor__computation__in=keys, display_order=1).order_by("round")
        for computation, event, number in first.values_list("competitor__computation", "event", "round"):
            found[computation][event] = number
    return found


@dataclass(frozen=True, slots=True)
class Leading:
    """The head of a championship's table after a round."""

    shown: ShownChampionship
    after: Round
    lines: list[ShownLine]

    @property
    def is_provisional(self) -> bool:
        return any(line.standing.is_provisional for line in self.lines)


def leading_lines(pages: Sequence[tuple[ShownChampionship, Round]], *, limit: int) -> list[Leading]:
    """The first lines of many tables; the number of queries does not depend on how many."""
    wanted = {(one.computation.pk, after.stored): (one, after) for one, after in pages if one.computation}
    rows = _rows_of(wanted, display_order__lte=limit)
    competitors = Competitors(
        (wanted[row.competitor.computation_id, row.round][0].championship, row.competitor) for row in rows
    )
    by_table: dict[tuple[int, int], list[Standing]] = defaultdict(list)
    for row in rows:
        by_table[row.competitor.computation_id, row.round].append(row)
    return [Leading(*wanted[key], shown_lines(by_table[key], competitors)) for key in wanted]


def _rows_of(tables: Iterable[tuple[int, int]], **further: int) -> list[Standing]:
    by_round: dict[int, list[int]] = defaultdict(list)
    for computation, number in tables:
        by_round[number].append(computation)
    if not by_round:
        return []
    one, *others = [
        Standing.objects.filter(competitor__computation__in=keys, round=number, **further)
        for number, keys in sorted(by_round.items(), key=lambda found: found[0])
    ]
    rows = reduce(or_, others, one)
    return list(rows.select_related("competitor").order_by("display_order", "pk"))
