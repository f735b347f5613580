"""What follows from the order of a car's laps, whatever format they came from: a clock through midnight, gaps, the kind."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from itertools import pairwise
from statistics import median_low

from results.importers.records import LapRecord
from results.notation import DAY, HOUR

WRAP = 12 * HOUR  # how much later than the lap before a car may pass when the clock went through midnight

Reject = Callable[[LapRecord], None]


def in_order(laps: Iterable[LapRecord]) -> list[LapRecord]:
    return sorted(laps, key=lambda lap: lap.lap)


def neighbours(laps: list[LapRecord]) -> Iterator[tuple[LapRecord, LapRecord, int]]:
    """Laps in succession with the time the clock shows between them."""
    for before, lap in pairwise(laps):
        if lap.lap == before.lap + 1 and lap.day_ms is not None and before.day_ms is not None:
            yield before, lap, lap.day_ms - before.day_ms


def missing_before(laps: list[LapRecord]) -> Iterator[tuple[LapRecord, str]]:
    """Laps before which others are missing, and the sentence. The first ones are missing where a transponder failed."""
    for before, lap in pairwise(laps):
        if lap.lap > before.lap + 1:
            yield lap, f"Vor Runde {lap.lap} von Startnummer {lap.number} fehlen Runden ab {before.lap + 1}."


def through_midnight(rounds: list[list[LapRecord]], turns_back: Reject) -> list[list[LapRecord]]:
    """The same laps with clocks that go on past 24 h; `turns_back` hears of a clock that turns back otherwise."""
    starts = [laps[0].day_ms for laps in rounds if laps[0].day_ms is not None]
    usual = median_low(starts) if starts else 0
    return [_of_one_car(laps, usual, turns_back) for laps in rounds]


def _of_one_car(laps: list[LapRecord], usual: int, turns_back: Reject) -> list[LapRecord]:
    """`usual` is when the cars passed first: who joined after midnight has a clock far smaller."""
    later, last = 0, None
    clocked = []
    for lap in laps:
        if lap.day_ms is None:
            clocked.append(lap)
            continue
        if last is None:
            later = DAY if lap.day_ms < usual - WRAP else 0
        elif lap.day_ms + later < last:
            later += DAY
            if lap.day_ms + later - last > WRAP + (lap.time_ms or 0):
                turns_back(lap)
                break
        last = lap.day_ms + later
        clocked.append(replace(lap, day_ms=last) if later else lap)
    return clocked
