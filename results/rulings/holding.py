"""Which rulings the lines of a new file hold already, found by rule and never guessed. Pure.

A file that replaces a result may have been printed before or after a decision. What it holds must not be worked in a
second time, and what it does not hold must not be forgotten. Where the lines leave it open, the answer is no: then a
person looks.
"""

from __future__ import annotations

from collections.abc import Collection, Hashable, Iterable, Mapping
from itertools import combinations

from results.rulings.lines import DROPS, STRIKES, Line, Ruling

MOST_SUMS = 6  # penalties of one kind to one car whose parts are tried


def held(
    rulings: Collection[Ruling],
    new: Iterable[Line],
    *,
    ruled: Mapping[int, Line],
    bare: Mapping[int, Line] | None = None,
    is_complete: bool = True,
) -> frozenset[Hashable]:
    """The keys of those rulings that the `new` lines hold.

    `ruled` are the lines by car as they read with all these rulings, `bare` as they read without them, None where that
    is not known any more. Of a shared drive the first line counts. `is_complete`: a car that is not in the new lines is
    out of the result.
    """
    cars: dict[int, Line] = {}
    for line in new:
        cars.setdefault(line.car, line)
    by_car: dict[int, list[Ruling]] = {}
    for ruling in rulings:
        by_car.setdefault(ruling.car, []).append(ruling)
    found: set[Hashable] = set()
    for car, own in by_car.items():
        if car not in cars:
            found |= {one.key for one in own if one.kind in STRIKES and is_complete}
        elif car in ruled:
            found |= _held_by(own, cars[car], ruled[car], bare.get(car) if bare is not None else None)
    return frozenset(found)


def _held_by(rulings: list[Ruling], line: Line, ruled: Line, bare: Line | None) -> set[Hashable]:
    found: set[Hashable] = set()
    for kind in dict.fromkeys(one.kind for one in rulings):
        same = [one for one in rulings if one.kind == kind]
        if kind == "time":
            found |= _sums(
                same, line.penalty_ms - (bare.penalty_ms if bare else 0), is_all=_same_time(line, ruled, bare)
            )
        elif kind == "laps":
            known = line.laps is not None and (bare is None or bare.laps != ruled.laps)
            is_all = known and line.laps == ruled.laps
            found |= _sums(same, line.penalty_laps - (bare.penalty_laps if bare else 0), is_all=is_all)
        else:
            found |= {one.key for one in same if _is_held(one, line, ruled, bare)}
    return found


def _same_time(line: Line, ruled: Line, bare: Line | None) -> bool:
    """Whether the total is the one with the penalties, and tells it from the one without; else whether the gap is."""
    for cell in ("total_ms", "gap_ms"):
        with_it, without = getattr(ruled, cell), getattr(bare, cell) if bare else None
        if with_it is not None and with_it != without:
            return bool(getattr(line, cell) == with_it and line.status == ruled.status)
    return False


def _sums(rulings: list[Ruling], shown: int, *, is_all: bool) -> set[Hashable]:
    """Which of several penalties the shown sum holds: all of them, or the only choice that adds up to it."""
    amounts = [one.amount or 0 for one in rulings]
    if is_all or shown >= sum(amounts):
        return {one.key for one in rulings}
    if len(rulings) > MOST_SUMS or shown <= 0:
        return set()
    choices = [
        choice
        for size in range(1, len(rulings))
        for choice in combinations(rulings, size)
        if sum(one.amount or 0 for one in choice) == shown
    ]
    return {one.key for one in choices[0]} if len(choices) == 1 else set()


def _is_held(ruling: Ruling, line: Line, ruled: Line, bare: Line | None) -> bool:
    if ruling.kind in STRIKES:
        return line.status in STRIKES.values()
    if ruling.kind == "reinstated":
        return line.status not in STRIKES.values()
    if ruling.kind in DROPS:
        return line.is_ranked and line.position == ruled.position
    if ruling.kind == "lap_deleted":
        return _lap_is_gone(ruling, line, ruled, bare)
    return False


def _lap_is_gone(ruling: Ruling, line: Line, ruled: Line, bare: Line | None) -> bool:
    gone = ruling.deleted_ms
    if gone is not None:
        return line.best_lap_ms != gone and gone not in (line.part_times_ms or ())
    if bare is not None and line.best_lap_ms == bare.best_lap_ms != ruled.best_lap_ms:
        return False
    return line.best_lap_ms == ruled.best_lap_ms
