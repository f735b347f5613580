"""What the arithmetic of championships reads: scored sessions and their lines. Keys may be anything hashable."""

from __future__ import annotations

from collections.abc import Hashable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

Key = Hashable


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a classification. `position` is None without a place; `drivers` in the order of their seats.

    `share` tells lines of one car apart, as a car had that several drivers took over in turn. `seconds` are each
    driver's time at the wheel, `driven` his laps and `ratings` his grade, where they are known, `seats` where each sits,
    empty where that says nothing. `led` are the laps that the car led, of all and of its class. `constructor` is who built
    chassis and engine together, where a championship counts that and not the brand. `best_ms` is the best lap. `number` is
    the car's. `is_ahead`: imagined, of a scoring to come; its ratings are those of the car and say of nobody what he is.
    """

    car: Key
    drivers: tuple[Key, ...] = ()
    position: int | None = None
    class_position: int | None = None
    racing_class: str = ""
    status: str = "classified"
    has_started: bool = True
    share: int = 1
    laps: int | None = None
    grid: int | None = None
    team: Key | None = None
    entrant: Key | None = None
    manufacturer: Key | None = None
    constructor: Key | None = None
    cups: frozenset[str] = frozenset()
    is_guest: bool = False
    seconds: tuple[int | None, ...] = ()
    ratings: tuple[str, ...] = ()
    best_ms: int | None = None
    driven: tuple[int | None, ...] = ()
    seats: tuple[int, ...] = ()
    led: tuple[int, int] = (0, 0)
    is_ahead: bool = False
    number: str = ""


@dataclass(frozen=True, slots=True)
class Scoring:
    """A session, or a checkpoint of one, that a championship may count. Lines are in printed order.

    `round` counts the events of the season. `share` is how much of the planned distance was run, None for all of it.
    `fastest` are the lines with the fastest lap of all (several if level), as indices. `tags` say what kind of race it was in
    the words of the rules ("8h", "lemans"). `table` and `factor` stand for those of the rules where somebody decided so
    for this scoring.
    """

    key: Key
    round: int
    kind: str
    lines: tuple[Line, ...]
    checkpoint: str = ""
    share: Decimal | None = None
    fastest: tuple[int, ...] = ()
    tags: frozenset[str] = frozenset()
    is_provisional: bool = False
    table: tuple[Decimal, ...] | None = None
    factor: Fraction | None = None
    starters: Mapping[str, int] | None = None


@dataclass(frozen=True, slots=True)
class Award:
    """Points of one competitor for one cause in one scoring: a row of the ledger.

    `base` is what the table gives, `points` what counts after factor, sharing and rounding. `place` is the place that
    earned them, empty for a bonus, `car` whose line it was. `is_dropped`: it counts for nothing but a tie.
    """

    competitor: Key
    scoring: Key
    round: int
    cause: str
    base: Decimal
    points: Decimal
    factor: str = "1"
    place: int | None = None
    reason: str = ""
    is_dropped: bool = False
    car: Key | None = None
