"""What follows from the laps of a session: stints, stops, shares, best laps, positions and gaps by lap. Pure.

Laps come as sequences by car, in order of their numbers. Times are milliseconds; a value nobody knows is None and
nothing is put in its place.
"""

from __future__ import annotations

import math
from bisect import bisect_left
from collections.abc import Callable, Collection, Hashable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from itertools import accumulate, takewhile, zip_longest
from typing import Generic, NamedTuple, TypeVar

Car = TypeVar("Car", bound=Hashable)
Key = TypeVar("Key", bound=Hashable)


class DrivenLap(NamedTuple):
    """One lap; a tuple, for a day-long race has 24,000 of them and a frozen dataclass takes six times as long to make.

    `day_ms` is the time of day at its end, `in_pit` marks the in-lap, `pit_ms` is the stop before this lap.
    """

    number: int
    seat: int | None = None
    time_ms: int | None = None
    day_ms: int | None = None
    in_pit: bool = False
    valid: bool = True
    pit_ms: int | None = None


@dataclass(frozen=True, slots=True)
class DrivenStint:
    """Laps of one driver up to a stop or a change of seat.

    `drive_ms` is the sum of the lap times, None if one is unknown or a lap is missing in between. `pit_ms` is the stop
    after it where the source says how long it took.
    """

    seat: int | None
    first_lap: int
    last_lap: int
    laps: int
    drive_ms: int | None
    best: DrivenLap | None
    ends_in_pit: bool
    pit_ms: int | None


@dataclass(frozen=True, slots=True)
class PitStop:
    """A stop at the end of a lap, `pit_ms` long where the source says so."""

    lap: int
    pit_ms: int | None


@dataclass(frozen=True, slots=True)
class Share:
    """What one seat of the crew drove."""

    seat: int | None
    laps: int
    drive_ms: int | None
    best: DrivenLap | None


@dataclass(frozen=True, slots=True)
class Trace:
    """The laps of a car as arrays from lap 1: place and gap to the leader at the end of each lap, and its time.

    `pit_laps` are the in-laps, `deleted_laps` those that do not count.
    """

    positions: tuple[int | None, ...]
    gaps_ms: tuple[int | None, ...]
    times_ms: tuple[int | None, ...]
    pit_laps: tuple[int, ...]
    deleted_laps: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class BestLap(Generic[Car]):
    car: Car
    lap: DrivenLap


# ------------------------------------------------------------------ one car


def stints_of(laps: Sequence[DrivenLap], deleted: Collection[int] = frozenset()) -> tuple[DrivenStint, ...]:
    """The stints of a car. A stint ends with the in-lap, before a lap that follows a stop, or when the seat changes.

    Al Kamel marks the in-lap with `B` and prints the stop on the next row; either is enough, for one may be missing.
    """
    stints: list[DrivenStint] = []
    current: list[DrivenLap] = []
    for lap, following in zip_longest(laps, laps[1:]):
        current.append(lap)
        if following is None or lap.in_pit or following.pit_ms is not None or following.seat != lap.seat:
            stints.append(_stint(current, following, deleted))
            current = []
    return tuple(stints)


def _stint(laps: Sequence[DrivenLap], following: DrivenLap | None, deleted: Collection[int]) -> DrivenStint:
    first, last = laps[0].number, laps[-1].number
    follows_at_once = following is not None and following.number == last + 1
    pit_ms = following.pit_ms if following is not None and follows_at_once else None
    without_holes = last - first + 1 == len(laps)
    return DrivenStint(
        seat=laps[0].seat,
        first_lap=first,
        last_lap=last,
        laps=len(laps),
        drive_ms=_sum([lap.time_ms for lap in laps]) if without_holes else None,
        best=best_of(laps, deleted),
        ends_in_pit=laps[-1].in_pit or pit_ms is not None,
        pit_ms=pit_ms,
    )


def stops_of(stints: Sequence[DrivenStint]) -> tuple[PitStop, ...]:
    """The stops of a car, the one in which its race ended included."""
    return tuple(PitStop(stint.last_lap, stint.pit_ms) for stint in stints if stint.ends_in_pit)


def shares_of(stints: Sequence[DrivenStint]) -> tuple[Share, ...]:
    """What each seat drove, in order of the seats, unknown drivers last; time in the pits counts to the lap it is in."""
    by_seat: dict[int | None, list[DrivenStint]] = {}
    for stint in stints:
        by_seat.setdefault(stint.seat, []).append(stint)
    return tuple(
        Share(
            seat=seat,
            laps=sum(stint.laps for stint in driven),
            drive_ms=_sum([stint.drive_ms for stint in driven]),
            best=min((stint.best for stint in driven if stint.best is not None), key=_by_time, default=None),
        )
        for seat, driven in sorted(by_seat.items(), key=lambda item: (item[0] is None, item[0] or 0))
    )


def best_of(laps: Sequence[DrivenLap], deleted: Collection[int] = frozenset()) -> DrivenLap | None:
    """The fastest lap that counts; of equal ones the first."""
    counting = (lap for lap in laps if lap.valid and lap.time_ms is not None and lap.number not in deleted)
    return min(counting, key=_by_time, default=None)


def _by_time(lap: DrivenLap) -> tuple[int, int]:
    return lap.time_ms or 0, lap.number


def _sum(values: Sequence[int | None]) -> int | None:
    """The sum, or None if a value is unknown."""
    known = [value for value in values if value is not None]
    return sum(known) if len(known) == len(values) else None


# ------------------------------------------------------------------ the field


def best_laps(
    cars: Mapping[Car, Sequence[DrivenLap]],
    deleted: Mapping[Car, AbstractSet[int]],
    *,
    group: Callable[[Car, DrivenLap], Key],
) -> dict[Key, BestLap[Car]]:
    """The fastest lap that counts in each group, such as a class, a driver or the whole session.

    Of equal times the one that was driven first counts, as in every series.
    """
    bests: dict[Key, tuple[tuple[int, float, int], BestLap[Car]]] = {}
    for car, laps in cars.items():
        gone = deleted.get(car, frozenset())
        for lap in laps:
            if lap.time_ms is None or not lap.valid or lap.number in gone:
                continue
            rank = (lap.time_ms, math.inf if lap.day_ms is None else lap.day_ms, lap.number)
            key = group(car, lap)
            if key not in bests or rank < bests[key][0]:
                bests[key] = (rank, BestLap(car, lap))
    return {key: best for key, (_rank, best) in bests.items()}


def traces_of(
    cars: Mapping[Car, Sequence[DrivenLap]],
    deleted: Mapping[Car, AbstractSet[int]] | None = None,
    *,
    race: bool = True,
) -> dict[Car, Trace]:
    """The arrays of every car. The order at the end of lap n is that of the cars which completed lap n, by the clock.

    Without any clock in the session the sums of the lap times stand in for it, as far as they are complete. Where the
    moment of a car is not known, every place it could take away is unknown too. Outside of races there is no order by
    lap, so positions and gaps are empty.
    """
    ahead = [_counted_ahead(laps, _first_crossing(cars.values())) if race else 0 for laps in cars.values()]
    driven = [
        [lap._replace(number=lap.number - extra) for lap in laps] if extra else laps
        for laps, extra in zip(cars.values(), ahead, strict=True)
    ]
    order = _Order(driven, race=race)
    return {
        car: Trace(
            tuple(order.positions[place]),
            tuple(order.gaps[place]),
            tuple(_by_lap(driven[place], order.lengths[place], "time_ms")),
            tuple(lap.number for lap in driven[place] if lap.in_pit and lap.number > 0),
            tuple(sorted(lap - ahead[place] for lap in (deleted or {}).get(car, ()) if lap > ahead[place])),
        )
        for place, car in enumerate(cars)
    }


def _first_crossing(cars: Collection[Sequence[DrivenLap]]) -> int | None:
    """When the first car ended lap 1."""
    ends = (lap.day_ms for laps in cars for lap in laps[:2] if lap.number == 1 and lap.day_ms is not None)
    return min(ends, default=None)


def _counted_ahead(laps: Sequence[DrivenLap], first_crossing: int | None) -> int:
    """By how many laps a source counts a car ahead of the others.

    NLS files give a first lap the number 2 where the loop in the pits counted the car before the start. It is a missing
    lap only if somebody could have driven one: a lap that began before any car had ended lap 1 is its first.
    """
    if first_crossing is None or not laps or laps[0].number < 2:  # noqa: PLR2004 - lap 1 is where counting begins
        return 0
    first = laps[0]
    began = None if first.day_ms is None or first.time_ms is None else first.day_ms - first.time_ms
    return first.number - 1 if began is not None and began < first_crossing else 0


Moments = list[int | None]  # by lap, from lap 1: when it ended


class _Order:
    """Places and gaps of a whole field, by car and lap."""

    def __init__(self, cars: Sequence[Sequence[DrivenLap]], *, race: bool) -> None:
        self.lengths = [max(laps[-1].number, 0) if laps else 0 for laps in cars]
        self.positions: list[list[int | None]] = [[None] * length for length in self.lengths]
        self.gaps: list[list[int | None]] = [[None] * length for length in self.lengths]
        if race:
            self._ends = _ends(cars, self.lengths)
            self._bounds = {place: _bounds(ends) for place, ends in enumerate(self._ends) if None in ends}
            for lap in range(max(self.lengths, default=0)):
                self._take(lap)

    def _take(self, lap: int) -> None:
        """The order at the end of one lap."""
        running = [place for place, length in enumerate(self.lengths) if length > lap]
        known = sorted((end, place) for place in running if (end := self._ends[place][lap]) is not None)
        open_ = [self._bounds[place][lap] for place in running if self._ends[place][lap] is None]
        moments = [end for end, _place in known]
        leads = bool(moments) and all(moments[0] < earliest for earliest, _latest in open_)
        position: int | None = None
        for rank, (end, place) in enumerate(known):
            if not rank or end != moments[rank - 1]:
                position = _position(end, moments, open_) if open_ else rank + 1
            self.positions[place][lap] = position
            if leads:
                self.gaps[place][lap] = end - moments[0]


def _by_lap(laps: Sequence[DrivenLap], length: int, name: str) -> Moments:
    values: Moments = [None] * length
    cell = DrivenLap._fields.index(name)
    for lap in laps:
        if lap.number > 0:
            values[lap.number - 1] = lap[cell]
    return values


def _ends(cars: Sequence[Sequence[DrivenLap]], lengths: Sequence[int]) -> list[Moments]:
    """When each lap of each car ended: by the clock, or since the start where the session has no clock at all."""
    clocks = [_by_lap(laps, length, "day_ms") for laps, length in zip(cars, lengths, strict=True)]
    times = [_by_lap(laps, length, "time_ms") for laps, length in zip(cars, lengths, strict=True)]
    if all(end is None for ends in clocks for end in ends):
        return [_cumulated(of_car) for of_car in times]
    return [_completed(ends, of_car) if None in ends else ends for ends, of_car in zip(clocks, times, strict=True)]


def _completed(ends: Moments, times: Moments) -> Moments:
    """Moments that the clock of a neighbour and a lap time give: in a race a lap begins when the one before ends."""
    ends = list(ends)
    for lap in range(1, len(ends)):
        before, time = ends[lap - 1], times[lap]
        if ends[lap] is None and before is not None and time is not None:
            ends[lap] = before + time
    for lap in range(len(ends) - 1, 0, -1):
        end, time = ends[lap], times[lap]
        if ends[lap - 1] is None and end is not None and time is not None:
            ends[lap - 1] = end - time
    return ends


def _cumulated(times: Moments) -> Moments:
    """Sums of the times so far, up to the first unknown one."""
    known = list(takewhile(lambda time: time is not None, times))
    sums = accumulate(time for time in known if time is not None)
    return [*sums, *[None] * (len(times) - len(known))]


def _bounds(ends: Moments) -> list[tuple[float, float]]:
    """After and before which moment each lap ended, as far as the laps around it tell."""
    before, after = -math.inf, math.inf
    earliest, latest = [], []
    for end, from_behind in zip(ends, reversed(ends), strict=True):
        before = before if end is None else end
        after = after if from_behind is None else from_behind
        earliest.append(before)
        latest.append(after)
    return list(zip(earliest, reversed(latest), strict=True))


def _position(end: int, moments: Sequence[int], open_: Sequence[tuple[float, float]]) -> int | None:
    """The place of who ended the lap then; None where a car of unknown moment may have been before or behind."""
    if any(earliest <= end <= latest for earliest, latest in open_):
        return None
    return 1 + bisect_left(moments, end) + sum(latest < end for _earliest, latest in open_)
