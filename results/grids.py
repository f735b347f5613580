"""What follows for the starting grid when a qualifying changes: the same rule that gave the grid gives the next one."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, replace

from results.chain_lines import as_line, as_rows, rows_of_version, rulings_of
from results.differences import CellChange, compare_lines
from results.models import Classification, ClassificationRow, Decision, Session, SessionKind
from results.rulings import Line, compute


@dataclass(frozen=True, slots=True)
class GridProposal:
    """The next version of a starting grid; `rows` are unsaved lines in their order."""

    current: Classification
    rows: Sequence[ClassificationRow]
    changes: tuple[CellChange, ...]

    @property
    def fingerprint(self) -> str:
        """A word for exactly this grid."""
        seen = (self.current.pk, [(row.session_entry_id, row.position) for row in self.rows])
        return hashlib.sha256(repr(seen).encode()).hexdigest()[:16]


def follow(qualifying: Classification, rows: Sequence[ClassificationRow]) -> GridProposal | None:
    """The grid that follows from new lines of a qualifying; None where no grid follows from it.

    A grid follows from a qualifying if the order of the qualifying and the penalties for the grid give exactly the grid
    that is stored, and no race has been run from it yet. Anything else a person has to set.
    """
    if qualifying.session.kind != SessionKind.QUALIFYING or qualifying.checkpoint:
        return None
    for grid in _grids_after(qualifying.session):
        before = rows_of_version(grid)
        decisions = [one for one in _penalties(grid.session) if one.session_entry_id]
        old = _order(rows_of_version(qualifying), before, decisions)
        if old is None or old != [row.session_entry_id for row in before if row.position]:
            continue
        new = _order(rows, before, decisions)
        if new is None or new == old:
            continue
        return _proposed(grid, before, new)
    return None


def _grids_after(session: Session) -> list[Classification]:
    grids = Classification.objects.filter(
        session__event=session.event_id, session__kind=SessionKind.GRID, session__sequence__gte=session.sequence,
        is_current=True, checkpoint="",
    ).select_related("session__event")  # fmt: skip
    return [grid for grid in grids.order_by("session__sequence", "pk") if not _has_started(grid.session)]


def _has_started(grid: Session) -> bool:
    """Whether a race after this grid has a result: a grid that was started from no longer changes."""
    races = Session.objects.filter(
        event=grid.event_id, kind__in=[SessionKind.RACE, SessionKind.SPRINT], sequence__gte=grid.sequence
    ).order_by("sequence", "pk")
    first = races.first()
    return first is not None and Classification.objects.filter(session=first, is_current=True).exists()


def _penalties(grid: Session) -> list[Decision]:
    """The decisions that stand in the grid now."""
    return list(
        Decision.objects.filter(
            applied__classification__session=grid, applied__classification__is_current=True, kind=Decision.Kind.GRID
        )
    )


def _order(
    rows: Sequence[ClassificationRow], grid: Sequence[ClassificationRow], decisions: Sequence[Decision]
) -> list[int] | None:
    """The cars of the grid, as keys of its own session entries, in the order of the qualifying with the penalties.

    None where the two do not hold the same cars.
    """
    cars = {row.session_entry.entry_id: row.session_entry_id for row in grid if row.position}
    ranked = sorted((row for row in rows if row.position), key=lambda row: row.position or 0)
    order = [cars.get(row.session_entry.entry_id) for row in ranked]
    if None in order or len(order) != len(cars):
        return None
    lines = [Line(car=car or 0, line=1, label="", position=place) for place, car in enumerate(order, start=1)]
    outcome = compute(lines, rulings_of(decisions), timed=True)
    return [line.car for line in outcome.lines]


def _proposed(grid: Classification, before: Sequence[ClassificationRow], order: Sequence[int]) -> GridProposal:
    at = {car: place for place, car in enumerate(order, start=1)}
    lines = [as_line(row) for row in before]
    counters: dict[str, int] = {}
    moved = []
    for line in sorted(lines, key=lambda one: (one.car not in at, at.get(one.car, 0))):
        in_class = None
        if line.class_position is not None:
            in_class = counters[line.racing_class] = counters.get(line.racing_class, 0) + 1
        moved.append(_placed(line, at.get(line.car), in_class))
    version = Classification(
        session=grid.session, checkpoint="", is_complete=grid.is_complete, part_names=grid.part_names
    )
    rows = as_rows(moved, before, version)
    labelled = [{(row.session_entry.entry.label, row.line): row for row in listed} for listed in (before, rows)]
    return GridProposal(grid, rows, tuple(compare_lines(*labelled)))


def _placed(line: Line, position: int | None, class_position: int | None) -> Line:
    return replace(line, position=position, class_position=class_position) if position else line
