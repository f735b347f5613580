"""The parts of a fact sheet: drivers, cars, rows, sessions, tables, later events. Frozen; they ask nobody."""

from __future__ import annotations

import datetime as dt
import re
from collections import Counter
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property, lru_cache
from itertools import pairwise

from results.names import fold, strip_marks
from results.notation import HOUR

BEST_LAP_KINDS = frozenset({"qualifying", "practice", "warmup"})
RACE_KINDS = frozenset({"race", "sprint", "rally"})
CLASSIFIED = "classified"
_LONG_RACE = 8 * HOUR
_RALLY_DAYS = 5

_WORD = re.compile(r"[^\W_]+(?:['’][^\W\d_]+)*")


@lru_cache(maxsize=65_536)
def fold_words(name: str) -> tuple[str, ...]:
    """The words of a name without case and accents."""
    plain = name if name.isascii() else strip_marks(name).replace("’", "'")
    return tuple(_WORD.findall(plain.lower()))


@dataclass(frozen=True, slots=True)
class Driver:
    """One person as a sheet names him."""

    first: str
    last: str
    nation: str = ""

    @property
    def name(self) -> str:
        return f"{self.first} {self.last}".strip()

    @property
    def key(self) -> str:
        return fold(self.name)


@dataclass(frozen=True, slots=True)
class Row:
    """What one car achieved in one session; `behind_ms` and `behind_laps` count from the session's leader."""

    number: str
    position: int | None
    class_name: str
    class_position: int | None
    team: str
    car: str
    drivers: tuple[Driver, ...]
    laps: int | None
    time_ms: int | None
    best_lap_ms: int | None
    behind_ms: int | None
    behind_laps: int | None
    status: str
    laps_ms: tuple[int, ...] = ()  # what else it drove: parts of a qualifying, single laps, deleted ones


@dataclass(frozen=True, eq=False)
class Session:
    """A session, run or still to come (then without rows). Compared by identity, so that it can be a key."""

    key: str
    name: str
    kind: str
    day: dt.date | None
    clock: str
    rows: tuple[Row, ...]
    starters: int | None = None
    finishers: int | None = None
    home_day: dt.date | None = None  # the same start on the newsroom's clock, where that is another one
    home_clock: str = ""

    @property
    def is_run(self) -> bool:
        return bool(self.rows)

    @property
    def is_race(self) -> bool:
        return self.kind in RACE_KINDS

    @cached_property
    def days(self) -> frozenset[dt.date]:
        """The day it starts on, and the next for a race that ran through the night, or of unknown length."""
        if self.day is None:
            return frozenset()
        leader = self.by_position.get(1)
        if self.kind == "rally":  # the whole event: which of its days it ended on is not stored
            return frozenset(self.day + dt.timedelta(days=step) for step in range(_RALLY_DAYS))
        is_long = self.is_race and leader is not None and (leader.time_ms or _LONG_RACE + 1) > _LONG_RACE
        days = {self.day, self.home_day or self.day}
        return frozenset(days | {self.day + dt.timedelta(days=1)} if is_long else days)

    @cached_property
    def by_number(self) -> dict[str, Row]:
        return {row.number: row for row in self.rows}

    @cached_property
    def by_position(self) -> dict[int, Row]:
        return {row.position: row for row in self.rows if row.position is not None}

    @cached_property
    def by_class_position(self) -> dict[tuple[str, int], Row]:
        return {(row.class_name, row.class_position): row for row in self.rows if row.class_position is not None}

    @cached_property
    def class_reach(self) -> dict[str, int]:
        """How far places in each class go: its cars, or the last place stored of it, for an excerpt has holes."""
        sizes = Counter(row.class_name for row in self.rows)
        for row in self.rows:
            sizes[row.class_name] = max(sizes[row.class_name], row.class_position or 0)
        return dict(sizes)

    @cached_property
    def by_distance(self) -> list[tuple[int, str]]:
        """How far every car is behind the leader, in order."""
        return sorted((row.behind_ms, row.number) for row in self.rows if row.behind_ms is not None)

    @cached_property
    def by_best_lap(self) -> list[tuple[int, str]]:
        return sorted((row.best_lap_ms, row.number) for row in self.rows if row.best_lap_ms is not None)

    @cached_property
    def by_time(self) -> list[tuple[int, str]]:
        return sorted((row.time_ms, row.number) for row in self.rows if row.time_ms is not None)

    @cached_property
    def told_gaps(self) -> list[int]:
        """What a report may tell of a car: how far it was behind the winner, the best of its class, the one ahead; in order."""
        found: set[int] = set()
        for one, other in pairwise(self.by_distance):
            best = self.class_leader(self.by_number[other[1]].class_name)
            found |= {other[0], other[0] - one[0], other[0] - ((best.behind_ms if best else 0) or 0)}
        return sorted(found)

    @cached_property
    def lap_counts(self) -> frozenset[int]:
        return frozenset(row.laps for row in self.rows if row.laps is not None)

    @property
    def leader_laps(self) -> int:
        leader = self.by_position.get(1)
        return (leader.laps if leader else None) or 0

    def class_leader(self, class_name: str) -> Row | None:
        return self.by_class_position.get((class_name, 1))


@dataclass(frozen=True, slots=True)
class TableRow:
    """One line of a printed standings table."""

    position: int
    entrant: str
    points: Decimal


@dataclass(frozen=True, eq=False)
class Table:
    """A championship after a round; `final` only after the last one."""

    key: str
    name: str
    after: str
    is_final: bool
    rows: tuple[TableRow, ...]


@dataclass(frozen=True, slots=True)
class Later:
    """An event of the calendar, and when its sessions start (name, day and clock)."""

    name: str
    circuit: str
    start: dt.date
    end: dt.date
    clocks: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Car:
    """A car over the whole event: everybody any session has seen in it."""

    number: str
    class_name: str
    team: str
    model: str
    drivers: tuple[Driver, ...]
