"""What lies ahead of a championship, and what can be said of its title: the values that the title arithmetic speaks in."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from fractions import Fraction

from results.points.facts import Key

NOWHERE = 0  # instead of a place: did not score


@dataclass(frozen=True, slots=True)
class Coming:
    """A scoring that lies ahead. `cars` is how many can take places in it, `starters` how many by class, where that is known."""

    key: Key
    round: int
    kind: str = "race"
    checkpoint: str = ""
    tags: frozenset[str] = frozenset()
    cars: int = 60
    table: tuple[Decimal, ...] | None = None
    factor: Fraction | None = None
    starters: Mapping[str, int] = field(default_factory=dict, hash=False)


@dataclass(frozen=True, slots=True)
class Margin:
    """Points between a contender and a rival: `lead` is negative behind him; the most that each can still score."""

    lead: Decimal
    own: Decimal
    its: Decimal


@dataclass(frozen=True, slots=True)
class Contender:
    """Somebody who can still be champion.

    `alone` is the worst place in the next scoring that secures the title whatever others do, None where none does.
    `against`: by rival, for each place of his in the next scoring (NOWHERE for no points) the worst place that keeps
    him ahead if nothing else comes; None where none does, NOWHERE where none is needed. Empty unless it is the last one.
    `unpaid` is the first place that gives no points, None where every car gets some. `margins`: by rival, where no places
    can say what is enough: before any but the last scoring, and against several cars. `is_last`: the next scoring is the
    last one. `is_known`: false where the rules do not let it be told what is enough.
    """

    competitor: Key
    alone: int | None
    against: Mapping[Key, Mapping[int, int | None]]
    unpaid: int | None = None
    margins: Mapping[Key, Margin] = field(default_factory=dict)
    is_last: bool = False
    is_known: bool = True


@dataclass(frozen=True, slots=True)
class Title:
    """How a championship stands. `champion` is None while it is open, `contenders` then are those who can win it.

    Of drivers who shared every car the first stands for all; `crews` has them by him.
    """

    champion: Key | None
    contenders: tuple[Contender, ...]
    crews: Mapping[Key, tuple[Key, ...]] = field(default_factory=dict)

    @property
    def is_decided(self) -> bool:
        return self.champion is not None
