"""Two cars lap by lap: who was faster, and how far apart they were. Pure."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Driven:
    """A lap of one car. `clock_ms` is the time of day at its end; times in ms, None where nobody knows."""

    number: int
    time_ms: int | None
    clock_ms: int | None = None
    in_pit: bool = False
    counts: bool = True


@dataclass(frozen=True, slots=True)
class Round:
    """A lap of both. Differences in ms, negative where the first car was faster or ahead; None where not known."""

    number: int
    first: Driven | None
    second: Driven | None
    difference_ms: int | None
    gap_ms: int | None


@dataclass(frozen=True, slots=True)
class Duel:
    """`faster` and `ahead` count laps for the first and the second car; laps into the pits count for neither."""

    rounds: tuple[Round, ...]
    faster: tuple[int, int]
    ahead: tuple[int, int]


def duel(first: list[Driven], second: list[Driven]) -> Duel:
    """Compares two cars.

    The gap at the end of a lap is the difference of the clocks; without clocks that of the times since the start, as
    long as no lap of either is missing.
    """
    ours, theirs = ({lap.number: lap for lap in laps} for laps in (first, second))
    totals = _totals(ours), _totals(theirs)
    rounds = tuple(
        Round(
            number,
            ours.get(number),
            theirs.get(number),
            _difference(ours.get(number), theirs.get(number)),
            _gap(number, ours, theirs, totals),
        )
        for number in sorted(ours.keys() | theirs.keys())
    )
    fair = [one.difference_ms for one in rounds if one.difference_ms is not None and not _in_pit(one)]
    gaps = [one.gap_ms for one in rounds if one.gap_ms is not None]
    return Duel(rounds, _signs(fair), _signs(gaps))


def _difference(ours: Driven | None, theirs: Driven | None) -> int | None:
    if ours is None or theirs is None or ours.time_ms is None or theirs.time_ms is None:
        return None
    return ours.time_ms - theirs.time_ms


def _gap(
    number: int, ours: dict[int, Driven], theirs: dict[int, Driven], totals: tuple[dict[int, int], dict[int, int]]
) -> int | None:
    if number not in ours or number not in theirs:
        return None
    clocks = ours[number].clock_ms, theirs[number].clock_ms
    if clocks[0] is not None and clocks[1] is not None:
        return clocks[0] - clocks[1]
    if number in totals[0] and number in totals[1]:
        return totals[0][number] - totals[1][number]
    return None


def _totals(laps: dict[int, Driven]) -> dict[int, int]:
    """The time since the start at the end of each lap, up to the first lap without a time."""
    totals: dict[int, int] = {}
    total, number = 0, 1
    while number in laps and (time := laps[number].time_ms) is not None:
        total += time
        totals[number] = total
        number += 1
    return totals


def _in_pit(one: Round) -> bool:
    return any(lap is not None and lap.in_pit for lap in (one.first, one.second))


def _signs(values: list[int]) -> tuple[int, int]:
    return sum(value < 0 for value in values), sum(value > 0 for value in values)
