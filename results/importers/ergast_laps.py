"""Laps and pit stops of Ergast's answers: they name drivers, the results of the race know their cars."""

from __future__ import annotations

from dataclasses import dataclass, replace

from results.importers.document import Report
from results.importers.elapsed import with_elapsed
from results.importers.printed import Printed
from results.importers.records import LapRecord
from results.notation import parse_clock, parse_duration, parse_lap_time, shown

MAX_CARS = 2_000
MAX_SHOWN = 8


@dataclass(frozen=True, slots=True)
class Timing:
    """One lap of one driver."""

    driver: str
    lap: int
    time_ms: int | None
    line: int


@dataclass(frozen=True, slots=True)
class Stop:
    """A pit stop at the end of a lap."""

    driver: str
    lap: int
    duration_ms: int | None
    line: int


def read_timings(item: object, report: Report, where: str, before: int) -> list[Timing]:
    """All drivers' times of one lap; `before` timings were read already."""
    lap = Printed(item, report, level="in einer Runde", where=f"{where}Runden: ")
    number = lap.figure("number", low=1)
    timings = []
    for line, timing in enumerate(lap.items("Timings", MAX_CARS), start=before + 1):
        fields = Printed(timing, report, level="in einer Rundenzeit", where=lap.where, line=line)
        driver = fields.text("driverId", 80, required=True)
        time_ms = fields.notation("time", parse_lap_time) or None
        fields.get("position")  # follows from the times
        fields.finish()
        if not fields.bad and driver and number:
            timings.append(Timing(driver, number, time_ms, line))
    if number is None and not lap.bad:
        lap.reject("number", "„number“ fehlt.")
    lap.finish()
    return timings


def read_stop(item: object, report: Report, where: str, line: int) -> Stop | None:
    fields = Printed(item, report, level="in einem Boxenstopp", where=f"{where}Boxenstopps: ", line=line)
    driver, lap = fields.text("driverId", 80, required=True), fields.figure("lap", low=1)
    duration = fields.notation("duration", parse_duration)
    fields.notation("time", parse_clock)
    fields.get("stop")
    if lap is None and not fields.bad:
        fields.reject("lap", "„lap“ fehlt.")
    fields.finish()
    return Stop(driver, lap, duration, line) if driver and lap and not fields.bad else None


def laps_of_race(
    timings: list[Timing], stops: list[Stop], numbers: dict[str, str], report: Report
) -> tuple[LapRecord, ...]:
    """The laps of all cars in order. A page given twice adds nothing; a driver the results do not know is rejected.

    A stop marks its lap as an in-lap; how long it took stands on the lap behind it, as LapRecord wants it. Without
    laps of their own the stops make those they touched, which then have no times.
    """
    laps: dict[tuple[str, int], LapRecord] = {}
    for timing in timings:
        number = numbers.get(timing.driver)
        if number is None:
            report.reject(timing.line, "driverId", f"Runden: „{shown(timing.driver)}“ steht nicht im Ergebnis des Rennens.")  # fmt: skip
            continue
        made = LapRecord(number=number, lap=timing.lap, time_ms=timing.time_ms, seat=1, line=timing.line)
        known = laps.setdefault((number, timing.lap), made)
        if known.time_ms != made.time_ms:
            report.reject(timing.line, "time", f"Runden: Runde {timing.lap} von Startnummer {number} kommt mit zwei Zeiten vor.")  # fmt: skip
    stops = list({(stop.driver, stop.lap, stop.duration_ms): stop for stop in stops}.values())
    if stops and not timings:
        report.doubt(None, "PitStops", "Die Datei hat Boxenstopps, aber keine Rundenzeiten. Gespeichert werden nur die Runden, zu denen sie gehören.")  # fmt: skip
        laps = {
            (number, lap): LapRecord(number, lap, None, seat=1)
            for stop in stops
            if (number := numbers.get(stop.driver))
            for lap in (stop.lap, stop.lap + 1)
        }
    unused = [stop for stop in stops if not _mark(laps, numbers.get(stop.driver, ""), stop)]
    if unused:
        named = ", ".join(f"{shown(stop.driver)} in Runde {stop.lap}" for stop in unused[:MAX_SHOWN])
        more = " und weitere" if len(unused) > MAX_SHOWN else ""
        report.doubt(None, "PitStops", f"Zu {len(unused)} Boxenstopps fehlt die Runde, sie werden nicht übernommen: {named}{more}.")  # fmt: skip
    return tuple(with_elapsed(laps[key] for key in sorted(laps)))


def _mark(laps: dict[tuple[str, int], LapRecord], number: str, stop: Stop) -> bool:
    """Notes a stop on the laps it touches; False where its own is not there."""
    own, behind = laps.get((number, stop.lap)), laps.get((number, stop.lap + 1))
    if own is None:
        return False
    laps[number, stop.lap] = replace(own, in_pit=True)
    if behind is not None and stop.duration_ms:
        laps[number, stop.lap + 1] = replace(behind, pit_ms=(behind.pit_ms or 0) + stop.duration_ms)
    return True
