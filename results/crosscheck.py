"""A result beside the laps of the same session: does each cell follow from what was driven? Pure.

Two views of one car, filled from records of a file (`of_rows`, `of_laps`) or from stored rows by `results.checking`;
`crosscheck` names every disagreement. It never says who is right.

Durations are integer milliseconds. Deleted laps count as driven and give no best lap. Where a file leaves the laps
before the first crossing of the line untimed (a start from the pits), laps are counted from the first timed one.
"""

from __future__ import annotations

from bisect import bisect_right
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Literal

from results.importers.records import LapRecord, RowRecord, SessionRecord
from results.importers.status import CLASSIFIED
from results.names import fold
from results.notation import format_lap_time

Check = Literal["car", "best_lap", "best_lap_number", "laps", "crew", "order", "total"]
CHECKS: tuple[Check, ...] = ("car", "best_lap", "best_lap_number", "laps", "crew", "order", "total")
# Whoever is taken out of the result often loses laps and time in print, though he drove them.
STRUCK = frozenset({"dsq", "excluded"})
TIMED_BY_LAP = frozenset({"practice", "qualifying", "warmup"})  # places follow from the best lap
WHOLE_SECONDS = 1000


@dataclass(frozen=True, slots=True)
class CarResult:
    """One line of a classification. `crew` are folded names by seat; `total_ms` holds penalties already."""

    number: str
    status: str
    position: int | None = None
    laps: int | None = None
    total_ms: int | None = None
    penalty_ms: int = 0
    penalty_laps: int = 0
    best_lap_ms: int | None = None
    best_lap_number: int | None = None
    crew: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class DrivenLap:
    """One lap; `time_ms` None where none was taken."""

    lap: int
    time_ms: int | None
    seat: int | None = None
    valid: bool = True


@dataclass(frozen=True, slots=True)
class CarLaps:
    """All laps of one car in their order. `crew` are folded names, empty where the file names nobody."""

    number: str
    laps: tuple[DrivenLap, ...]
    crew: tuple[str, ...] = ()

    @property
    def untimed(self) -> int:
        """Laps before the first one in the file."""
        return max(self.laps[0].lap - 1, 0)

    @property
    def best(self) -> DrivenLap | None:
        timed = [lap for lap in self.laps if lap.valid and lap.time_ms]
        return min(timed, key=lambda lap: (lap.time_ms or 0, lap.lap), default=None)

    @property
    def total_ms(self) -> int | None:
        """The sum of all laps; None where a lap is missing or has no time."""
        times = [lap.time_ms for lap in self.laps if lap.time_ms]
        whole = len(times) == len(self.laps) == self.laps[-1].lap
        return sum(times) if whole else None


@dataclass(frozen=True, slots=True)
class Disagreement:
    """What the result says and what the laps say of one car. `penalty`: whole seconds more than driven, as a penalty is."""

    number: str
    check: Check
    result: str
    laps: str
    penalty: bool = False


@dataclass(frozen=True, slots=True)
class CrossCheck:
    """The outcome: how many cars could be compared in what, and all disagreements in the order of the result."""

    cars: int
    compared: dict[str, int]
    disagreements: tuple[Disagreement, ...]
    named: int = 0  # cars whose laps name the crew; of others only the seats that were used are known

    @property
    def crews(self) -> int:
        """Cars whose crews were compared, by name or by seat."""
        return self.compared.get("crew", 0)

    @property
    def agrees(self) -> bool:
        return not self.disagreements


def crosscheck(results: Sequence[CarResult], driven: Iterable[CarLaps], *, kind: str) -> CrossCheck:
    """Compares every car; `kind` is that of the session, for a race is ordered otherwise than a qualifying."""
    laps = {car.number: car for car in driven if car.laps}
    found: list[Disagreement] = []
    compared: Counter[str] = Counter()
    for row in results:
        car = laps.get(row.number)
        if car is None:
            found += _missing(row)
            continue
        for check, said, seen, penalty in _cells(row, car):
            compared[check] += 1
            if said != seen:
                found.append(Disagreement(row.number, check, said, seen, penalty=penalty))
    places, moved = _order(results, laps, kind)
    compared["order"] = places
    named = sum(bool(row.crew and row.number in laps and laps[row.number].crew) for row in results)
    known = {row.number for row in results}
    strangers = [
        Disagreement(number, "car", "–", str(len(car.laps))) for number, car in laps.items() if number not in known
    ]
    rank = {row.number: place for place, row in enumerate(results)}
    ordered = sorted([*found, *moved], key=lambda one: (rank[one.number], CHECKS.index(one.check)))
    return CrossCheck(len(known & laps.keys()), dict(compared), (*ordered, *strangers), named)


def of_rows(session: SessionRecord) -> list[CarResult]:
    """The classification of a file; drivers' further lines of one car are left to the first."""
    return [
        CarResult(
            row.number, row.status, row.position, row.laps, row.total_ms, row.penalty_ms, row.penalty_laps,
            row.best_lap_ms, row.best_lap_number, names_of(row),
        )
        for row in session.classification or ()
        if row.share == 1 and row.entry_line == 1
    ]  # fmt: skip


def of_laps(session: SessionRecord) -> list[CarLaps]:
    """The laps of a file by car."""
    crews = {row.number: names_of(row) for row in session.entries}
    by_car: dict[str, list[LapRecord]] = defaultdict(list)
    for lap in session.laps or ():
        by_car[lap.number].append(lap)
    return [
        CarLaps(
            number,
            tuple(
                DrivenLap(lap.lap, lap.time_ms, lap.seat, lap.valid) for lap in sorted(laps, key=lambda lap: lap.lap)
            ),
            crews.get(number, ()),
        )
        for number, laps in by_car.items()
    ]


def names_of(row: RowRecord) -> tuple[str, ...]:
    return tuple(fold(f"{driver.first_name} {driver.last_name}") for driver in row.drivers)


def _missing(row: CarResult) -> list[Disagreement]:
    """A car without laps is a disagreement only if the result says that it drove some."""
    return [Disagreement(row.number, "car", str(row.laps), "–")] if row.laps else []


def _cells(row: CarResult, car: CarLaps) -> Iterable[tuple[Check, str, str, bool]]:
    """Check, what the result says, what follows from the laps, and whether it looks like a penalty."""
    struck = row.status in STRUCK
    best = car.best
    if row.best_lap_ms is not None or (best is not None and not struck):
        yield "best_lap", _time(row.best_lap_ms), _time(best.time_ms if best else None), False
    if row.best_lap_number is not None and best is not None and best.time_ms == row.best_lap_ms:
        # The same time twice is rare and no disagreement.
        same = {lap.lap for lap in car.laps if lap.time_ms == best.time_ms and lap.valid}
        counted = same | {lap - car.untimed for lap in same}
        seen = row.best_lap_number if row.best_lap_number in counted else best.lap
        yield "best_lap_number", str(row.best_lap_number), str(seen), False
    if row.laps is not None and not (struck and not row.laps):
        driven = len(car.laps) - row.penalty_laps
        yield "laps", str(row.laps), str(row.laps if row.laps == car.laps[-1].lap else driven), False
    if row.crew:
        yield from _crew(row, car)
    total = car.total_ms
    if row.total_ms is not None and total is not None and not struck and row.laps == len(car.laps):
        said = row.total_ms - row.penalty_ms
        yield "total", _time(said), _time(total), said > total and (said - total) % WHOLE_SECONDS == 0


def _crew(row: CarResult, car: CarLaps) -> Iterable[tuple[Check, str, str, bool]]:
    """Names where the laps have some; else only that nobody sat in a seat the result does not know."""
    if car.crew:
        yield "crew", ", ".join(sorted(row.crew)), ", ".join(sorted(car.crew)), False
        return
    seats = {lap.seat for lap in car.laps if lap.seat}
    if seats:
        used = max(seats)
        yield "crew", str(len(row.crew)), str(max(used, len(row.crew))), False


def _order(results: Sequence[CarResult], laps: dict[str, CarLaps], kind: str) -> tuple[int, list[Disagreement]]:
    """How many places could be compared, and the fewest cars that have to move for both orders to agree."""
    placed = [row for row in results if row.position is not None and row.status == CLASSIFIED and row.number in laps]
    placed.sort(key=lambda row: row.position or 0)
    keys = {row.number: key for row in placed if (key := _place_key(row, laps[row.number], kind)) is not None}
    placed = [row for row in placed if row.number in keys]
    driven = sorted(placed, key=lambda row: (keys[row.number], row.position or 0))
    place = {row.number: order for order, row in enumerate(driven, start=1)}
    staying = _longest_rise([place[row.number] for row in placed])
    moved = [
        Disagreement(row.number, "order", str(row.position), str(placed[place[row.number] - 1].position))
        for row in placed
        if place[row.number] not in staying
    ]
    return len(placed), moved


def _place_key(row: CarResult, car: CarLaps, kind: str) -> tuple[int, int] | None:
    """By best lap, or in a race by distance and time with the penalties; None for a car whose sum is not known.

    The clock of the last crossing would not do: the field of the NLS starts in groups. A car whose total disagrees is
    listed with it and left out here.
    """
    if kind in TIMED_BY_LAP:
        return (0, car.best.time_ms or 0) if car.best else None
    total = car.total_ms
    if total is None or (row.total_ms is not None and row.total_ms - row.penalty_ms != total):
        return None
    return (row.penalty_laps - len(car.laps), total + row.penalty_ms)


def _longest_rise(places: list[int]) -> set[int]:
    """The members of a longest rising row of these numbers."""
    ends: list[int] = []
    chain: dict[int, int | None] = {}
    for place in places:
        at = bisect_right(ends, place)
        chain[place] = ends[at - 1] if at else None
        ends[at : at + 1] = [place]
    rise: set[int] = set()
    last = ends[-1] if ends else None
    while last is not None:
        rise.add(last)
        last = chain[last]
    return rise


def _time(value: int | None) -> str:
    return format_lap_time(value) if value else "–"
