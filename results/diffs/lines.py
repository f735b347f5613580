"""Lines of two versions of a result side by side, and the decisions between them. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from django.utils.translation import gettext as _

from results.importers.status import CLASSIFIED, STATUSES
from results.notation import Gap, format_gap

LineKey = tuple[int, int]  # key of the session entry, line of that car

GAPS = frozenset({"gap_ms", "gap_laps"})
PLACES = frozenset({"position", "class_position", "status"})
# The cells of a line that are compared, in the order of a table.
CELLS = (
    "position", "status", "class_position", "laps", "total_ms", "gap_ms", "gap_laps", "best_lap_ms", "best_lap_number",
    "grid", "penalty_ms", "penalty_laps", "part_times_ms",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class DiffLine:
    """One line of a version. Times in ms; `crew` are surnames, `team` stands in where nobody is named."""

    key: LineKey
    number: str
    crew: tuple[str, ...] = ()
    team: str = ""
    class_name: str = ""
    position: int | None = None
    class_position: int | None = None
    status: str = CLASSIFIED
    laps: int | None = None
    total_ms: int | None = None
    gap_ms: int | None = None
    gap_laps: int | None = None
    best_lap_ms: int | None = None
    best_lap_number: int | None = None
    grid: int | None = None
    penalty_ms: int = 0
    penalty_laps: int = 0
    part_times_ms: tuple[int | None, ...] | None = None

    @property
    def name(self) -> str:
        """`#7 Conway/Kobayashi`."""
        return f"#{self.number} {'/'.join(self.crew) or self.team}".strip()


@dataclass(frozen=True, slots=True)
class Ground:
    """A decision that came to stand between the versions, or fell. `car` is the key of the session entry it is about."""

    key: int
    car: int
    what: str
    number: str = ""
    falls: bool = False

    def __str__(self) -> str:
        document = _("decision %(number)s") % {"number": self.number} if self.number else ""
        if self.falls:
            return _("no longer stands: %(what)s") % {"what": ", ".join(filter(None, (self.what, document)))}
        return ", ".join(filter(None, (self.what, document)))


@dataclass(frozen=True, slots=True)
class Sentence:
    """One change in words, with the keys of the decisions that it follows from, and whether the words name them."""

    text: str
    decisions: tuple[int, ...] = ()
    names_them: bool = False

    def __str__(self) -> str:
        return self.text


@dataclass(frozen=True, slots=True)
class Pair:
    """One line before and after; `cells` are the names of those that differ."""

    before: DiffLine | None
    after: DiffLine | None
    grounds: tuple[Ground, ...]
    decisions: tuple[int, ...]
    cells: frozenset[str] = field(default=frozenset())

    @property
    def line(self) -> DiffLine:
        found = self.after or self.before
        assert found is not None  # noqa: S101 - a pair has at least one line
        return found

    @property
    def rank(self) -> tuple[int, int]:
        """The better of both places, then the former one."""
        places = [one.position for one in (self.before, self.after) if one and one.position]
        former = self.before.position if self.before else None
        return min(places, default=1 << 20), former or 1 << 20


def changed_cells(before: DiffLine | None, after: DiffLine | None) -> frozenset[str]:
    """The names of the cells that differ; all that hold something for a line that has come or gone."""
    if before is None or after is None:
        line = before or after
        return frozenset(name for name in CELLS if getattr(line, name) not in (None, 0, (), ""))
    return frozenset(name for name in CELLS if getattr(before, name) != getattr(after, name))


def pairs_of(
    before: Sequence[DiffLine],
    after: Sequence[DiffLine],
    grounds: tuple[Ground, ...],
    effects: Mapping[LineKey, tuple[int, ...]],
) -> list[Pair]:
    """The lines that differ or were decided about, in their new order, those that have gone last."""
    was, now = {line.key: line for line in before}, {line.key: line for line in after}
    pairs = []
    for key in (*now, *(key for key in was if key not in now)):
        old, new = was.get(key), now.get(key)
        mine = tuple(one for one in grounds if one.car == key[0])
        moved_by = tuple(dict.fromkeys((*(one.key for one in mine), *effects.get(key, ()))))
        cells = changed_cells(old, new)
        if cells or mine:
            pairs.append(Pair(old, new, mine, moved_by, cells))
    return pairs


def place_of(line: DiffLine) -> str:
    """`Platz 3`, `ausgefallen`, `gewertet` for a classified car of which only the class place is known."""
    if line.status == CLASSIFIED and line.position:
        return _("place %(place)s") % {"place": line.position}
    return STATUSES[line.status].german


def gap_in_words(line: DiffLine | None) -> str:
    """`+1:02,345`, `+2 Rd.`; empty for the leader and where none is known."""
    if line is None or not (line.gap_laps or line.gap_ms):
        return ""
    return format_gap(Gap(laps=line.gap_laps) if line.gap_laps else Gap(ms=line.gap_ms))
