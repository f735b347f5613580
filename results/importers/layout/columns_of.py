"""Where one column of a printed table ends and the next begins. Pure.

Rules drawn between columns say it outright. Without them it is told by the rivers: strips from top to bottom in which no
row has a letter. Names of the head are then given to what lies between two rivers; a strip with rows and without a name
(the places in most timing files) is a column of its own.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from results.importers.layout.head import Head, Name
from results.importers.layout.page import Line, Page, Word

RIVER = 0.4  # em
SLACK = 25  # of so many rows one may write into a river
RULED = 0.5  # share of the table's height that a rule must have
NEAR = 1.5  # em from a name to the column it stands beside
HALF = 0.5


@dataclass(frozen=True, slots=True)
class Column:
    """`x0` to `x1` is where its cells stand, `name` what its head says, empty without one."""

    name: str
    x0: float
    x1: float


@dataclass(frozen=True, slots=True)
class Columns:
    """`edges` lie between neighbours; `rivers` is how wide the empty strip around each edge is."""

    columns: tuple[Column, ...]
    edges: tuple[float, ...]
    rivers: tuple[float, ...]

    def place(self, word: Word) -> int:
        return bisect_right(self.edges, word.centre)

    def crossings(self, line: Line) -> int:
        """How many edges a line writes across, as prose does: with a word, or with no more than a blank around it."""
        count = 0
        for before, word in zip((None, *line.words), line.words, strict=False):
            count += bisect_right(self.edges, word.x1 - HALF * line.em) - bisect_right(
                self.edges, word.x0 + HALF * line.em
            )
            if before is not None:
                between = range(bisect_right(self.edges, before.centre), bisect_right(self.edges, word.centre))
                count += any(word.x0 - before.x1 < 0.7 * min(self.rivers[edge], line.em) for edge in between)
        return count


def columns_of(head: Head, rows: Sequence[Line], pages: Sequence[Page]) -> Columns:
    """The columns under a head. `rows` are lines that are surely rows, of all `pages` with the table."""
    em = min((line.em for line in rows), default=1.0)
    words = [word for line in rows for word in line.words]
    rules = _rules(head, rows, pages)
    strips = _strips(words, len(rows), em)
    if len(rules) >= max(3, len(head.names) // 2):
        strips = _between_rules(strips, rules)
    columns: list[Column] = []
    for strip, names in _named(head.names, strips, em):
        columns += _divided(strip, names, words)
    columns.sort(key=lambda column: column.x0)
    edges, rivers = [], []
    for left, right in pairwise(columns):
        within = [rule for rule in rules if left.x1 - em < rule < right.x0 + em]
        edges.append(within[0] if len(within) == 1 else (left.x1 + right.x0) / 2)
        rivers.append(max(0.0, right.x0 - left.x1))
    return Columns(tuple(columns), tuple(edges), tuple(rivers))


def _rules(head: Head, rows: Sequence[Line], pages: Sequence[Page]) -> list[float]:
    """Where rules part the columns on every page that has any."""
    found: list[float] = []
    for place in dict.fromkeys(line.page for line in rows):
        lines = [line for line in rows if line.page == place]
        top, bottom = lines[0].words[0].top, lines[-1].words[0].bottom
        drawn: dict[float, float] = {}
        for x, above, below in pages[place].upright_rules:
            length = min(below, bottom) - max(above, top)
            near = next((known for known in drawn if abs(known - x) < 1.5), x)  # noqa: PLR2004 - points, both sides of a stroke
            if length > 0:
                drawn[near] = drawn.get(near, 0.0) + length
        long = sorted(x for x, length in drawn.items() if length >= RULED * (bottom - top))
        if len(long) > len(found):
            found = long
    return found


def _strips(words: Sequence[Word], rows: int, em: float) -> list[tuple[float, float]]:
    """What lies between the rivers."""
    ends = sorted([(word.x0, 1) for word in words] + [(word.x1, -1) for word in words])
    slack, over = rows // SLACK, 0
    runs: list[tuple[float, float]] = []
    begin = None
    for x, step in ends:
        before, over = over, over + step
        if before <= slack < over:
            begin = x
        elif over <= slack < before and begin is not None:
            if runs and begin - runs[-1][1] < RIVER * em:
                runs[-1] = (runs[-1][0], x)
            else:
                runs.append((begin, x))
            begin = None
    return runs


def _between_rules(strips: list[tuple[float, float]], rules: list[float]) -> list[tuple[float, float]]:
    """What rules enclose is one column, whatever rivers run through it."""
    found: dict[int, tuple[float, float]] = {}
    for x0, x1 in strips:
        first, last = bisect_right(rules, x0 + 1), bisect_right(rules, x1 - 1)
        for cell in range(first, last + 1):
            left = max(x0, rules[cell - 1]) if cell else x0
            right = min(x1, rules[cell]) if cell < len(rules) else x1
            known = found.get(cell, (left, right))
            found[cell] = (min(known[0], left), max(known[1], right))
    return [found[cell] for cell in sorted(found)]


def _named(
    names: Sequence[Name], strips: list[tuple[float, float]], em: float
) -> list[tuple[tuple[float, float], list[Name]]]:
    """Every strip with the names over it; a name over nothing has an empty column."""
    taken: dict[int, list[Name]] = {place: [] for place in range(len(strips))}
    alone = []
    for name in names:
        place = _strip_of(name, strips, taken, em)
        if place is None:
            alone.append(name)
        else:
            taken[place].append(name)
    found = [(strips[place], held) for place, held in taken.items()]
    return found + [((name.x0, name.x1), [name]) for name in alone]


def _strip_of(name: Name, strips: list[tuple[float, float]], taken: dict[int, list[Name]], em: float) -> int | None:
    shared = [min(name.x1, x1) - max(name.x0, x0) for x0, x1 in strips]
    most = max(shared, default=-1.0)
    if most > 0:  # a name over two columns is that of the first, unless that has one
        over = [place for place, width in enumerate(shared) if width >= HALF * most]
        return next((place for place in over if not taken[place]), shared.index(most))
    free = [place for place in taken if not taken[place] and shared[place] >= -NEAR * em]
    return max(free, key=lambda place: shared[place], default=None)


def _divided(strip: tuple[float, float], names: list[Name], words: Sequence[Word]) -> list[Column]:
    """A strip with several names is cut between them where the fewest words are in the way."""
    x0, x1 = strip
    columns = []
    for left, right in pairwise(names):
        near, far = _cut(left, right, [word for word in words if x0 <= word.centre <= x1])
        columns.append(Column(left.text, x0, max(near, x0)))
        x0 = min(far, x1)
    return [*columns, Column(names[-1].text if names else "", x0, x1)]


def _cut(left: Name, right: Name, words: Sequence[Word]) -> tuple[float, float]:
    """The ends of a gap between two names: which the fewest words cross, with words on both sides, the widest."""
    low, high = left.centre, right.centre
    inside = [word for word in words if word.x1 > low and word.x0 < high]
    marks = sorted({low, high, *(x for word in inside for x in (word.x0, word.x1) if low < x < high)})
    gaps = []
    for near, far in pairwise(marks):
        middle = (near + far) / 2
        crossed = sum(word.x0 < middle < word.x1 for word in inside)
        parts = any(word.x1 < middle for word in words) and any(word.x0 > middle for word in inside)
        gaps.append((-crossed, parts, far - near, near, far))
    return max(gaps)[3:] if gaps else (low, high)
