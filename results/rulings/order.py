"""In which order the cars stand once some of them were punished: only those move, the others keep the printed order.

A printed order follows rules that times alone do not tell (lapped cars without a time, countback, who set a time first).
So nothing is sorted anew: a punished car walks past its neighbours, one by one, as long as the data say that it must.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cmp_to_key

from results.rulings.lines import Line


@dataclass(frozen=True, slots=True)
class Distance:
    """How far a car came. `laps` counts down from the best (or is the distance itself), `ms` is the time it took.

    In a timed session `laps` is the last part of a qualifying that the car reached and `ms` its time there; no time is
    the last place of that part.
    """

    laps: int | None
    ms: int | None
    is_timed: bool = False


def distances_of(lines: Sequence[Line], *, timed: bool) -> dict[int, Distance]:
    """By car; `lines` in printed order. A race measures in laps and total time, both as far as the lines say."""
    if timed:
        return {line.car: _timed(line) for line in reversed(lines)}
    ranked = [line for line in lines if line.is_ranked]
    leader = ranked[0] if ranked else None
    by_gap = any(line.laps is None for line in ranked)
    from_leader = leader is not None and leader.total_ms is None
    return {line.car: _run(line, leader, by_gap=by_gap, from_leader=from_leader) for line in reversed(lines)}


def distance_beside(line: Line, ranked: Sequence[Line], *, timed: bool) -> Distance:
    """How far a car came that is not ranked, measured as the `ranked` lines are; they are in the order of places."""
    if timed:
        return _timed(line)
    leader = ranked[0] if ranked else None
    by_gap = any(one.laps is None for one in ranked)
    from_leader = leader is not None and leader.total_ms is None
    return _run(line, leader, by_gap=by_gap, from_leader=from_leader)


def _timed(line: Line) -> Distance:
    parts = line.part_times_ms or ()
    reached = max((place for place, time in enumerate(parts) if time), default=-1)
    return Distance(reached, parts[reached] if reached >= 0 else line.best_lap_ms, is_timed=True)


def _run(line: Line, leader: Line | None, *, by_gap: bool, from_leader: bool) -> Distance:
    laps = -(line.gap_laps or 0) if by_gap else line.laps
    if by_gap and not line.is_ranked and leader is not None:
        # A struck car has lost its gap, not its laps.
        laps = line.laps - leader.laps if line.laps is not None and leader.laps is not None else None
    if from_leader:
        return Distance(laps, 0 if line is leader else line.gap_ms)
    if line.total_ms is None and line.gap_ms is not None and leader is not None and leader.total_ms is not None:
        return Distance(laps, leader.total_ms + line.gap_ms)
    return Distance(laps, line.total_ms)


def beats(one: Distance, other: Distance) -> bool | None:
    """Whether the first came further or was faster; None where the data do not tell."""
    if one.laps is not None and other.laps is not None and one.laps != other.laps:
        return one.laps > other.laps
    if one.is_timed:
        return (one.ms is None, one.ms or 0) < (other.ms is None, other.ms or 0)
    if one.ms is None or other.ms is None or (one.laps is None) != (other.laps is None):
        return None
    return one.ms < other.ms


@dataclass(frozen=True, slots=True)
class Order:
    """Cars from the first to the last, and those whose place the data leave open."""

    cars: list[int]
    open: list[int]


def reordered(
    before: Sequence[int], moving: Iterable[int], distances: Mapping[int, Distance], *, gone: Iterable[int] = ()
) -> Order:
    """The order after the `moving` cars have found their places among the others; `gone` are out of it.

    A moving car that is not in `before` comes back in: it starts behind the last one.
    """
    at = {car: place for place, car in enumerate(before)}
    out = set(gone)
    movers = [car for car in moving if car not in out]
    resting = [car for car in before if car not in out and car not in set(movers)]
    slots: dict[int, list[int]] = {}
    undecided = []
    for car in movers:
        start = sum(at[other] < at.get(car, len(at)) for other in resting)
        slot, is_certain = _walk(car, resting, start, distances)
        if not is_certain:
            undecided.append(car)
        slots.setdefault(slot, []).append(car)

    def compare(one: int, other: int) -> int:
        if beats(distances[one], distances[other]):
            return -1
        if beats(distances[other], distances[one]):
            return 1
        return at.get(one, len(at) + one) - at.get(other, len(at) + other)

    cars: list[int] = []
    for place in range(len(resting) + 1):
        cars += sorted(slots.get(place, ()), key=cmp_to_key(compare))
        cars += resting[place : place + 1]
    return Order(cars, sorted(undecided, key=cars.index))


def _walk(car: int, resting: Sequence[int], start: int, distances: Mapping[int, Distance]) -> tuple[int, bool]:
    """Where the car ends up between the resting ones, and whether the data told."""
    mine, slot, certain = distances[car], start, True
    while slot < len(resting):
        faster = beats(distances[resting[slot]], mine)
        if not faster:
            certain = certain and faster is not None
            break
        slot += 1
    while slot > 0:
        faster = beats(mine, distances[resting[slot - 1]])
        if not faster:
            certain = certain and faster is not None
            break
        slot -= 1
    return slot, certain


def dropped(order: Sequence[int], places: Mapping[int, int]) -> list[int]:
    """The order after some cars went back by places (forward, where the number is negative).

    A car takes the place it was sent to, the others fill what is left; two sent to one place stand there in their old
    order, and nobody falls further than to the end.
    """
    sent = [(max(0, index + places[car]), index, car) for index, car in enumerate(order) if places.get(car)]
    taken: dict[int, int] = {}
    last = -1
    for wished, _index, car in sorted(sent):
        last = max(wished, last + 1)
        taken[last] = car
    # Whoever was sent beyond the end stands at the end.
    free = len(order) - 1
    placed: dict[int, int] = {}
    for wished in sorted(taken, reverse=True):
        free = min(free, wished)
        placed[free] = taken[wished]
        free -= 1
    others = iter([car for car in order if not places.get(car)])
    return [placed[place] if place in placed else next(others) for place in range(len(order))]
