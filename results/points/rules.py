"""The rules of a championship as values. What a rule file may say is in `packs`."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, replace
from decimal import ROUND_CEILING, ROUND_FLOOR, ROUND_HALF_EVEN, ROUND_HALF_UP, Decimal
from fractions import Fraction
from functools import lru_cache
from typing import Literal

from results.points.facts import Key

Subject = Literal["driver", "crew", "team", "entrant", "manufacturer", "constructor"]
Sharing = Literal["each", "split", "none"]
Cause = Literal["fastest_lap", "pole", "laps_led", "most_led"]
ROUNDINGS = {"half_up": ROUND_HALF_UP, "half_even": ROUND_HALF_EVEN, "up": ROUND_CEILING, "down": ROUND_FLOOR}


@dataclass(frozen=True, slots=True)
class Rounding:
    """To the next multiple of `step`, by one of ROUNDINGS."""

    step: Decimal
    how: str = "half_up"

    def of(self, exact: Fraction) -> Decimal:
        """The rounded value, as exact decimal."""
        return _rounded(self.step, self.how, exact)


@lru_cache(maxsize=2_048)
def _rounded(step: Decimal, how: str, exact: Fraction) -> Decimal:
    """A season rounds the same few values a thousand times, and fractions are slow."""
    steps = exact / Fraction(step)
    # A fraction of steps is compared with whole and half ones exactly, never by its decimals.
    whole = steps.numerator // steps.denominator
    rest = steps - whole
    up = {
        "half_up": rest >= Fraction(1, 2),
        "half_even": rest > Fraction(1, 2) or (rest == Fraction(1, 2) and whole % 2 == 1),
        "up": rest > 0,
        "down": False,
    }[how]
    return (whole + int(up)) * step


THOUSANDTHS = Rounding(Decimal("0.001"))


@dataclass(frozen=True, slots=True)
class Table:
    """Points by place; `rest` for every further classified car."""

    points: tuple[Decimal, ...]
    rest: Decimal = Decimal(0)

    def at(self, place: int) -> Decimal:
        return self.points[place - 1] if place <= len(self.points) else self.rest


@dataclass(frozen=True, slots=True)
class ByStarters:
    """Points that depend on how many cars started in the class.

    `shift`: with fewer starters than places in the table the winner gets what the first place so many places further
    back is worth. `proportional`: `full` times the part of the class that was beaten, half of oneself counted in:
    full x (2n - 2p + 1) / 2n for place p of n starters.
    """

    how: Literal["shift", "proportional"]
    full: Decimal = Decimal(10)

    def at(self, table: Table, place: int, starters: int) -> Fraction:
        if self.how == "shift":
            return Fraction(table.at(place + max(0, len(table.points) - starters)))
        if place > starters:
            return Fraction(0)
        return Fraction(self.full) * Fraction(2 * starters - 2 * place + 1, 2 * starters)


@dataclass(frozen=True, slots=True)
class Selection:
    """Which scorings a rule means; an empty word means all. Rounds by number, tags by name."""

    kinds: frozenset[str] = frozenset({"race"})
    checkpoint: str = ""
    rounds: frozenset[int] = frozenset()
    without: frozenset[int] = frozenset()
    tags: frozenset[str] = frozenset()

    def holds(self, *, kind: str, checkpoint: str, number: int, tags: Collection[str]) -> bool:
        return (
            kind in self.kinds
            and checkpoint == self.checkpoint
            and (not self.rounds or number in self.rounds)
            and number not in self.without
            and self.tags <= frozenset(tags)
        )


@dataclass(frozen=True, slots=True)
class ScoreRule:
    """What a place is worth where `where` holds. Of several rules that hold the last one counts."""

    where: Selection
    table: Table
    factor: Fraction = Fraction(1)
    rounding: Rounding = THOUSANDTHS
    by_starters: ByStarters | None = None


@dataclass(frozen=True, slots=True)
class Bonus:
    """Points beside the place: for the fastest lap, the pole, a lap led, or most of them.

    `within`: only who is classified at this place or better. `is_split`: who was level shares them.
    """

    cause: Cause
    points: Decimal
    where: Selection
    within: int | None = None
    is_split: bool = False


@dataclass(frozen=True, slots=True)
class Drop:
    """Only the best `best` rounds from `first` to `last` count; `last` None is the end of the season.

    `if_started`: nothing drops for who started in fewer rounds than that.
    """

    best: int
    first: int = 1
    last: int | None = None
    if_started: int | None = None

    def holds(self, number: int) -> bool:
        return number >= self.first and (self.last is None or number <= self.last)


@dataclass(frozen=True, slots=True)
class Shortened:
    """A race of which less than `below` of the planned distance was run gives `factor` of the points."""

    below: Fraction
    factor: Fraction


@dataclass(frozen=True, slots=True)
class Pairing:
    """The factor of a car whose drivers have exactly these ratings, in any order."""

    ratings: tuple[str, ...]
    factor: Fraction


@dataclass(frozen=True, slots=True)
class Exclusion:
    """A competitor out of the table, or without what was won until `until`; `printed` stands for the place."""

    competitor: Key
    printed: str = ""
    until: int | None = None
    since: int = 1
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Adjustment:
    """Points added or taken by a decision after a round; `key` tells decisions apart where they have one."""

    competitor: Key
    points: Decimal
    after: int
    reason: str = ""
    key: Key = None


@dataclass(frozen=True, slots=True)
class Championship:
    """Everything that decides who is ahead in one championship of one season.

    `scope` says among whom places are counted: all, or the cars of `racing_class`. `classes` and `cup`: only cars of these
    classes, entered for this cup, with places counted among them. `by_car`: each car of an entrant counts for itself. `cars`:
    how many cars of a competitor count in a session, None for all; `cars_move_up`: the others take no place from those behind.
    `graded`: only drivers of these ratings score, `least_seconds`: only after so long at the wheel, `least_part`: after that part
    of the car's laps, each where that is known. `seats`: only drivers who sit there are in it. `sharing`: what drivers get who
    took over a car in turn. `ineligible` are
    (round, car or competitor) that score for nobody while their place stays theirs, or, with `moves_up`, goes on.
    `fastest`: drivers to whom the organiser gave the fastest lap of a round, where the times say otherwise.
    """

    key: str
    subject: Subject
    scores: tuple[ScoreRule, ...]
    bonuses: tuple[Bonus, ...] = ()
    drops: tuple[Drop, ...] = ()
    ties: tuple[str, ...] = ("countback",)
    racing_class: str = ""
    scope: Literal["overall", "class"] = "overall"
    classes: tuple[str, ...] = ()
    cup: str = ""
    by_car: bool = False
    cars: int | None = None
    cars_move_up: bool = False
    least_seconds: int | None = None
    graded: tuple[str, ...] = ()
    least_part: Fraction | None = None
    seats: frozenset[int] = frozenset()
    pairings: tuple[Pairing, ...] = ()
    shortened: tuple[Shortened, ...] = ()
    sharing: Sharing = "each"
    split_rounding: Rounding = THOUSANDTHS
    shares: tuple[tuple[int, Fraction], ...] = ()
    ineligible: frozenset[tuple[int, Key]] = frozenset()
    fastest: tuple[tuple[int, tuple[Key, ...]], ...] = ()
    moves_up: bool = True
    exclusions: tuple[Exclusion, ...] = ()
    adjustments: tuple[Adjustment, ...] = ()
    lists: Literal["scorers", "finishers", "starters"] = "scorers"
    rounds: int | None = None

    def rule_for(self, *, kind: str, checkpoint: str, number: int, tags: Collection[str]) -> ScoreRule | None:
        """The rule by which a scoring counts; None where it does not."""
        found = [
            rule for rule in self.scores if rule.where.holds(kind=kind, checkpoint=checkpoint, number=number, tags=tags)
        ]
        return found[-1] if found else None

    def known_after(self, number: int) -> Championship:
        """The rules as they could be known after a round: no later decision, no race that will be cut short."""
        return replace(
            self,
            shares=tuple(one for one in self.shares if one[0] <= number),
            ineligible=frozenset(one for one in self.ineligible if one[0] <= number),
            fastest=tuple(one for one in self.fastest if one[0] <= number),
            exclusions=tuple(one for one in self.exclusions if one.since <= max(number, 1)),
            adjustments=tuple(one for one in self.adjustments if one.after <= number),
        )
