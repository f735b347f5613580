"""What somebody would have in all if he won this and that besides: points alone, with what the rules drop of them."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from results.points.award import DECISION
from results.points.facts import Award, Key
from results.points.rank import annulments
from results.points.rules import Championship, Drop

NOTHING = Decimal(0)


@dataclass(frozen=True, slots=True)
class _Had:
    """What stands already: points by round, those of decisions, rounds started, the last round that is annulled."""

    rounds: Mapping[int, Decimal]
    decided: Decimal
    started: frozenset[int]
    annulled_until: int


class Totals:
    """Totals of a championship's competitors; the same figures as `rank.standings` gives, without its tables."""

    def __init__(
        self, championship: Championship, awards: Mapping[Key, Sequence[Award]], started: Mapping[Key, Collection[int]]
    ) -> None:
        self._championship = championship
        self._awards, self._started = awards, started
        self._had: dict[Key, _Had] = {}

    def total(self, competitor: Key, further: Mapping[int, Decimal], started: Collection[int]) -> Decimal:
        """His points with `further` by round, if he starts in these rounds besides; decisions never drop."""
        had = self._of(competitor)
        rounds = dict(had.rounds)
        for number, points in further.items():
            if number > had.annulled_until:
                rounds[number] = rounds.get(number, NOTHING) + points
        dropped = self._dropped(rounds, len(had.started.union(started)))
        return had.decided + sum((points for number, points in rounds.items() if number not in dropped), NOTHING)

    def _dropped(self, rounds: Mapping[int, Decimal], started: int) -> set[int]:
        found: set[int] = set()
        for drop in self._championship.drops:
            if drop.if_started is None or started >= drop.if_started:
                found |= _worst(rounds, drop)
        return found

    def _of(self, competitor: Key) -> _Had:
        known = self._had.get(competitor)
        if known is None:
            known = self._had[competitor] = self._read(competitor)
        return known

    def _read(self, competitor: Key) -> _Had:
        rounds: dict[int, Decimal] = {}
        decided = NOTHING
        for award in self._awards.get(competitor, ()):
            if award.cause == DECISION:
                decided += award.points
            else:
                rounds[award.round] = rounds.get(award.round, NOTHING) + award.points
        started = frozenset(self._started.get(competitor, ()))
        until = max((until for until, _since in annulments(self._championship, competitor)), default=-1)
        return _Had(rounds, decided, started, until)


def _worst(rounds: Mapping[int, Decimal], drop: Drop) -> set[int]:
    """The rounds that a rule drops: of equal ones the earlier one counts."""
    mine = sorted((number for number in rounds if drop.holds(number)), key=lambda number: (-rounds[number], number))
    return set(mine[drop.best :])
