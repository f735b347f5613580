"""One car on a Swiss Timing screen: its line of the classification, its crew and its laps."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field, replace

from results.importers.one_name import split_name
from results.importers.printed import Printed
from results.importers.records import DriverRecord, LapRecord, RowRecord
from results.importers.status import CLASSIFIED, NC
from results.importers.table import MAX_COUNT
from results.notation import MAX_MS, Gap, NotationError, parse_gap, shown

MAX_CREW = 12
MAX_LAPS = 5_000
MAX_SECTORS = 20
# Where the car is now, and what its last lap was: nothing that lasts.
PASSING = (
    "posChange", "activeDriverId", "activeDriverName", "fastestDriverId", "interval", "isOnOutLap", "lastLap", "pitTime",
    "pitCount", "inPit", "stintTime", "tlw", "sectors", "classBestLap",
)  # fmt: skip


@dataclass(slots=True)
class Car:
    """`odd` counts what is strange about its laps, by kind."""

    row: RowRecord
    laps: tuple[LapRecord, ...] = ()
    odd: Counter[str] = field(default_factory=Counter)


def read_car(fields: Printed, history: list[object] | None, *, timed: bool) -> Car | None:
    """A car of the list; None where a value of it was rejected.

    `history` are its laps where the file lists them apart; `timed` says that best laps decide, as in a qualifying.
    """
    seats: dict[str, int] = {}
    car = Car(replace(_row(fields, timed=timed), drivers=_crew(fields, seats)))
    fields.where = f"Startnummer {car.row.number}: "
    own = fields.items("lapHistory", MAX_LAPS)
    laps = _laps(fields, own if history is None else history, seats, car)
    for key in PASSING:
        fields.get(key)
    fields.finish()
    if fields.bad:
        return None
    car.laps = tuple(laps[lap] for lap in sorted(laps))
    _compare(car, laps)
    return car


def _row(fields: Printed, *, timed: bool) -> RowRecord:
    """Its line. Who has no time, or in a race no lap, stands in the list with a place and is not classified."""
    best_ms = fields.part("bestLap", "in „bestLap“").ms("ms")
    laps, position, class_position = fields.figure("laps"), fields.figure("pos"), fields.figure("classPos")
    best_lap = fields.figure("bestLapNr")
    gap = _gap(fields)
    placed = bool(position and (best_ms if timed else laps))
    return RowRecord(
        number=fields.car_number("nr"),
        status=CLASSIFIED if placed else NC,
        position=position if placed else None,
        class_name=fields.text("className", 60),
        class_position=(class_position or None) if placed else None,
        team=fields.text("team"),
        car=fields.text("vehicle"),
        manufacturer=fields.text("manufacturer", 80),
        laps=laps,
        gap_ms=gap.ms if gap and placed else None,
        gap_laps=gap.laps if gap and placed else None,
        best_lap_ms=best_ms,
        best_lap_number=(best_lap or None) if best_ms else None,
        line=fields.line,
    )


def _gap(fields: Printed) -> Gap | None:
    """The distance to the leader; a word in its place (`IN PIT`) says where the car is and is passed over."""
    printed = fields.plain("gap", 60)
    if not printed or not any(sign.isdigit() for sign in printed):
        return None
    try:
        return parse_gap(printed)
    except NotationError as error:
        fields.reject("gap", str(error))
        return None


# ------------------------------------------------------------------ the crew


def _crew(car: Printed, seats: dict[str, int]) -> tuple[DriverRecord, ...]:
    """The drivers in the order of their seats; fills `seats` by the ids that the laps use.

    The screen numbers a crew of three from 2 in some meetings, from 1 in others: the place in the list is the seat.
    """
    crew = []
    for seat, item in enumerate(car.items("drivers", MAX_CREW), start=1):
        fields = Printed(item, car.report, level="bei einem Fahrer", where=car.where, line=car.line)
        name, short = fields.text("name", 160) or "", fields.text("short", 10) or ""
        nationality = fields.text("country", 40) or ""
        seats[fields.plain("id", 20)] = seat
        for key in ("sourceId", "seatIndex"):
            fields.get(key)
        fields.finish()
        car.bad = car.bad or fields.bad
        if name:
            first, last = split_name(name, short)
            crew.append(DriverRecord(first, last, nationality, seat=seat))
    return tuple(crew)


# ------------------------------------------------------------------ the laps


def _laps(fields: Printed, history: list[object], seats: dict[str, int], car: Car) -> dict[int, LapRecord]:
    laps: dict[int, LapRecord] = {}
    for item in history:
        lap = _lap(fields, item, seats, car)
        if lap is not None and laps.setdefault(lap.lap, lap) is not lap:
            fields.reject("lapNr", f"Runde {lap.lap} kommt zweimal vor.")
    return laps


def _lap(fields: Printed, item: object, seats: dict[str, int], car: Car) -> LapRecord | None:
    """One lap, read without ceremony: there are tens of thousands."""
    values = item if isinstance(item, dict) else {}
    lap, time_ms = values.get("lapNr"), _ms(values.get("lapTime"))
    if not isinstance(lap, int) or isinstance(lap, bool) or not 0 < lap <= MAX_COUNT:
        fields.reject("lapNr", f"„{shown(str(lap))}“ ist keine Rundenzahl.")
        return None
    sectors = values.get("sectors")
    sectors_ms = tuple(_ms(sector) for sector in sectors.values()) if isinstance(sectors, dict) else ()
    if WRONG in {time_ms, *sectors_ms} or len(sectors_ms) > MAX_SECTORS:
        fields.reject("lapTime", f"In Runde {lap} ist eine Zeit keine ganze Zahl von Millisekunden.")
        return None
    driver = str(values.get("driverId") or "")
    car.odd["driver"] += bool(driver) and driver not in seats
    if sectors_ms and None not in sectors_ms and sum(sector or 0 for sector in sectors_ms) != time_ms:
        car.odd["sectors"] += 1
        sectors_ms = ()
    return LapRecord(
        number=car.row.number,
        lap=lap,
        time_ms=time_ms,
        seat=seats.get(driver),
        valid=not (time_ms and car.row.best_lap_ms and time_ms < car.row.best_lap_ms),
        line=fields.line,
        sectors_ms=sectors_ms if any(sectors_ms) else None,
    )


WRONG = -1


def _ms(value: object) -> int | None:
    """The milliseconds of `{"ms": 105459}`; None for nothing or 0, WRONG for anything else."""
    if value is None:
        return None
    ms = value.get("ms") if isinstance(value, dict) else value
    if ms is None:
        return None
    return (ms or None) if isinstance(ms, int) and not isinstance(ms, bool) and 0 <= ms <= MAX_MS else WRONG


def _compare(car: Car, laps: dict[int, LapRecord]) -> None:
    """The line against the laps: counts what disagrees, and drops the number of a best lap that was another."""
    row = car.row
    car.odd["faster"] += sum(not lap.valid for lap in car.laps)
    car.odd["laps"] += bool(laps) and row.laps is not None and max(laps) > row.laps
    named = laps.get(row.best_lap_number or 0)
    if laps and row.best_lap_number and (named is None or named.time_ms != row.best_lap_ms):
        car.odd["best"] += 1
        car.row = replace(row, best_lap_number=None)
