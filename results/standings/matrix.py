"""The matrix of a championship: everybody's points in every round, as they count in the table after one of them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from results.models import PointsAward
from results.standings.rounds import Round
from results.standings.shown import ShownChampionship, ShownLine


@dataclass(frozen=True, slots=True)
class Cell:
    """What somebody won in a round. A round counts whole or not at all."""

    points: Decimal
    counts: bool = True
    is_void: bool = False


@dataclass(frozen=True, slots=True)
class MatrixLine:
    """A line of the table with a cell for each round, None without points there. `decided`: added or taken by decisions.

    The cells that count and `decided` add up to the points of the line.
    """

    line: ShownLine
    cells: Sequence[Cell | None]
    decided: Decimal


@dataclass(frozen=True, slots=True)
class Matrix:
    """`rounds` are those scored up to the one the matrix is of."""

    rounds: Sequence[Round]
    lines: Sequence[MatrixLine]


def matrix_of(shown: ShownChampionship, after: Round) -> Matrix:
    """The matrix after a round; the ledger is one query whatever its length."""
    rounds = [one for one in shown.rounds.scored if one.number <= after.number]
    sums, decided = _sums(shown, after)
    lines = []
    for line in shown.lines(after):
        mine = sums[line.competitor.pk]
        cells = [mine.get(one.stored) for one in rounds]
        lines.append(MatrixLine(line, cells, decided[line.competitor.pk]))
    return Matrix(rounds, lines)


def _sums(shown: ShownChampionship, after: Round) -> tuple[Mapping[int, Mapping[int, Cell]], Mapping[int, Decimal]]:
    """By competitor the cells by stored round, and what decisions gave him."""
    cells: dict[int, dict[int, Cell]] = defaultdict(dict)
    decided: dict[int, Decimal] = defaultdict(Decimal)
    last = after.stored
    awards = PointsAward.objects.filter(competitor__computation=shown.computation, round__lte=last)
    columns = ("competitor", "round", "cause", "points", "dropped_after", "void_since")
    for competitor, number, cause, points, dropped, void in awards.order_by().values_list(*columns):
        is_void = void is not None and void <= last
        if cause == PointsAward.Cause.DECISION:
            decided[competitor] += 0 if is_void or last in dropped else points
            continue
        before = cells[competitor].get(number)
        total = points + before.points if before else points
        cells[competitor][number] = Cell(total, not is_void and last not in dropped, is_void)
    return cells, decided
