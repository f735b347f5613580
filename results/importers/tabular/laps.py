"""Laps out of a plain table: one line a lap, cars and crews with them, no classification invented."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import replace

from results.importers.records import DriverRecord, LapRecord, RowRecord, SessionRecord
from results.importers.tabular.classification import car
from results.importers.tabular.lines import Line, Reading
from results.notation import DAY, parse_clock, parse_duration


class _Car:
    """A car as its laps describe it."""

    def __init__(self, row: RowRecord) -> None:
        self.row, self.laps = row, {}  # type: RowRecord, dict[int, LapRecord]
        self.crew: list[DriverRecord] = list(row.drivers)
        self.last_clock, self.midnights = -1, 0

    def seat_of(self, driver: DriverRecord) -> int:
        """Drivers sit in the order in which they first drove."""
        for known in self.crew:
            if (known.first_name, known.last_name) == (driver.first_name, driver.last_name):
                return known.seat or 1
        self.crew.append(replace(driver, seat=len(self.crew) + 1))
        return len(self.crew)

    def clock(self, time_of_day: int | None) -> int | None:
        """The clock, going on past 24 h."""
        if time_of_day is None:
            return None
        if time_of_day < self.last_clock:
            self.midnights += 1
        self.last_clock = time_of_day
        return time_of_day + self.midnights * DAY


def read_laps(reading: Reading) -> SessionRecord:
    """Laps in the order of cars and laps; a lap that stands twice is rejected."""
    cars: dict[str, _Car] = {}
    names_seat = reading.mapping.place("seat") is not None
    for line in reading.lines():
        described = car(line)
        if line.bad:
            continue
        of_car = cars.setdefault(described.number, _Car(described))
        lap = _lap(line, of_car, described, names_seat=names_seat)
        other = of_car.laps.setdefault(lap.lap, lap) if lap else lap
        if other is not lap and other:
            line.reject("lap", f"Runde {other.lap} von Startnummer {other.number} steht schon in Zeile {other.line}.")
    laps = [of_car.laps[number] for of_car in cars.values() for number in sorted(of_car.laps)]
    entries = [replace(of_car.row, drivers=tuple(of_car.crew)) for of_car in cars.values()]
    return SessionRecord(key="", laps=tuple(laps), entries=tuple(entries))


def _lap(line: Line, of_car: _Car, described: RowRecord, *, names_seat: bool) -> LapRecord | None:
    number = line.count("lap")
    if not number:
        line.reject("lap", "Die Nummer der Runde fehlt oder ist 0.")
        return None
    sectors = tuple(line.read("sector", parse_duration, value) or None for value in line.raws("sector"))
    seat = line.count("seat") or None
    if not names_seat and len(described.drivers) == 1:
        seat = of_car.seat_of(described.drivers[0])
    lap = LapRecord(
        number=described.number,
        lap=number,
        time_ms=line.read("lap_time", parse_duration) or None,
        day_ms=of_car.clock(line.read("clock", parse_clock)),
        elapsed_ms=line.read("elapsed", parse_duration),
        seat=seat,
        line=line.number,
        sectors_ms=sectors if any(sectors) else None,
    )
    return None if line.bad else lap


def by_car(laps: tuple[LapRecord, ...]) -> dict[str, list[LapRecord]]:
    """The laps of each car."""
    found: dict[str, list[LapRecord]] = defaultdict(list)
    for lap in laps:
        found[lap.number].append(lap)
    return found
