"""How long a car had been racing at the end of each lap, where the source prints lap times alone; pure.

In Formula 1 the first lap is timed from the start, so the laps add up to the total, but for penalties added later
(Austin 2023: all 20 cars, to the millisecond). A practice has no common start, and its laps add up to nothing.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace

from results.importers.records import LapRecord


def with_elapsed(laps: Iterable[LapRecord]) -> Iterator[LapRecord]:
    """The laps of a race, ordered by car and lap, with `elapsed_ms` from lap 1 to the first one that is missing."""
    number, last, elapsed = "", 0, 0
    for lap in laps:
        if lap.number != number:
            number, last, elapsed = lap.number, 0, 0
        if lap.lap != last + 1 or lap.time_ms is None:
            yield lap
            continue
        last, elapsed = lap.lap, elapsed + lap.time_ms
        yield replace(lap, elapsed_ms=elapsed)
