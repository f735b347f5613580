"""What a change would do to a table: found out by doing it and taking it back, so that it is what saving will do."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from decimal import Decimal

import structlog
from django.db import transaction
from django.utils.translation import gettext as _

from results.models import Championship, Computation, Season
from results.points.facts import Key
from results.points.rank import Standing
from results.standings.acts import ActRefused
from results.standings.compute import NotComputed, Outcome, SeasonWork, by_itself, forget, its_own_fault
from results.standings.reading import Names

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Cell:
    """Where somebody stands: the place (or what is printed for it), the line of the table, and the points."""

    place: str
    order: int
    points: Decimal


@dataclass(frozen=True, slots=True)
class Move:
    """One competitor in the table now and as it would be; None where he is not listed. Tables after the last result."""

    name: str
    before: Cell | None
    after: Cell | None

    @property
    def is_changed(self) -> bool:
        if self.before is None or self.after is None:
            return True
        return (self.before.place, self.before.points) != (self.after.place, self.after.points)

    @property
    def direction(self) -> str:
        """`up`, `down`, `in`, `out`; empty for who keeps his place."""
        if self.before is None:
            return "in"
        if self.after is None:
            return "out"
        if self.before.place == self.after.place:
            return ""
        return "up" if self.after.order < self.before.order else "down"


@dataclass(frozen=True, slots=True)
class Effect:
    """The table as it would be, in its order, who falls out of it last. `rounds` are those scored before and after."""

    moves: tuple[Move, ...]
    rounds: tuple[int, int]
    scorings: tuple[int, int]

    @property
    def changed(self) -> Sequence[Move]:
        return [one for one in self.moves if one.is_changed]

    @property
    def is_empty(self) -> bool:
        return not self.changed and self.scorings[0] == self.scorings[1]


@dataclass(frozen=True, slots=True)
class _Table:
    lines: Sequence[Standing]
    names: Names
    rounds: int
    scorings: int
    rules: object = None
    is_broken: bool = False


@transaction.atomic
def effect_of(championship: Championship, change: Callable[[], object]) -> Effect:
    """What `change` would do to the table that the desk works on. What it raises is raised, and nothing is written.

    Raises ActRefused where the tables could not be stored: all that saving would write is written and taken back. Only
    who mends something else in a championship that is broken already may go on.
    """
    lock_season(championship)
    with by_itself():
        before = _table(championship)
        with transaction.atomic():
            change()
            after = _table(championship, stores=True)
            transaction.set_rollback(True)
        if after.is_broken and not (before.is_broken and before.rules == after.rules):
            raise ActRefused(
                _(
                    "With this the table cannot be computed: a sum is too large, or somebody is named twice. Nothing is saved."
                )
            )
    transaction.set_rollback(True)  # scorings that the calendar asks for are no business of a look
    return _compared(before, after)


def lock_season(championship: Championship) -> None:
    """Whoever releases a result of the season waits until this transaction is over."""
    Season.objects.select_for_update(no_key=True, of=("self",)).filter(pk=championship.season_id).first()


def _table(championship: Championship, *, stores: bool = False) -> _Table:
    season = Season.objects.select_related("series").get(pk=championship.season_id)
    work = SeasonWork(season)
    mine = next((one for one in work.championships if one.pk == championship.pk), None)
    keys = work.current(mine) if mine is not None else ()
    if mine is None or not keys:
        return _Table((), Names(championship, ()), 0, 0)
    try:
        outcome = _stored(work, mine, keys) if stores else _looked_at(work, mine, keys)
    except NotComputed:
        log.exception("championship_not_computed", championship=mine.pk)
        return _Table((), Names(mine, ()), 0, 0, rules=mine.rules, is_broken=True)
    last = outcome.tables[max(outcome.tables)] if outcome.tables else ()
    return _Table(
        last, Names.of(mine, [line.competitor for line in last]), len(outcome.tables), len(outcome.scorings), mine.rules
    )


def _stored(work: SeasonWork, championship: Championship, keys: tuple[int, ...]) -> Outcome:
    """The outcome on these versions, once all of them are stored as saving would. Raises NotComputed."""
    forget(championship.season_id, championship=championship.pk)
    return next(one for one in work.store(championship) if one.versions == keys)


def _looked_at(work: SeasonWork, championship: Championship, keys: tuple[int, ...]) -> Outcome:
    """The outcome on these versions. Raises NotComputed, also where it is not stored: then it could not be."""
    if not Computation.objects.filter(championship=championship, versions=list(keys)).exists():
        raise NotComputed(str(championship))
    with its_own_fault(championship):
        return work.outcome(championship, keys)


def _compared(before: _Table, after: _Table) -> Effect:
    old, new = _cells(before), _cells(after)
    keys = [*new, *(key for key in old if key not in new)]
    moves = [Move((after if key in new else before).names.name_of(key), old.get(key), new.get(key)) for key in keys]
    return Effect(tuple(moves), (before.rounds, after.rounds), (before.scorings, after.scorings))


def _cells(table: _Table) -> dict[Key, Cell]:
    return {
        line.competitor: Cell(str(line.position or line.printed), order, line.points)
        for order, line in enumerate(table.lines)
    }
