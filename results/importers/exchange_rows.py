"""The rows of the exchange format: classifications and laps of one session."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import replace
from itertools import pairwise

from results.importers.document import Fields
from results.importers.plausible import Columns, judge
from results.importers.records import DriverRecord, LapRecord, RowRecord
from results.importers.status import CLASSIFIED, UnknownStatus, read_status
from results.importers.table import is_car_number
from results.notation import (
    DAY,
    Penalty,
    format_lap_time,
    parse_clock,
    parse_duration,
    parse_gap,
    parse_lap_time,
    parse_penalty,
    shown,
)
from results.partial_dates import NoDate, is_partial_date

MAX_ROWS = 2_000
MAX_LAPS = 100_000
MAX_CREW = 12
MAX_CUPS = 10
MAX_PARTS, LONGEST_PART = 6, 20
MAX_SECTORS = 20
GRADES = frozenset({"platinum", "gold", "silver", "bronze"})

NAMES = Columns(
    number="number", position="pos", class_position="pos_in_class", laps="laps", total="time", gap="gap", best_lap="best_lap"
)  # fmt: skip


def read_classification(
    session: Fields, kind: str | None, *, complete: bool | None, starters: int | None, parts: tuple[str, ...] = ()
) -> tuple[tuple[RowRecord, ...] | None, bool]:
    """The rows and whether they are all there. None where the session has no such key, () before it was run."""
    if session.get("classification") is None:
        return None, complete is not False
    rows = []
    for number, item in enumerate(session.items("classification", MAX_ROWS), start=1):
        fields = Fields(item, session.report, level="in einer Zeile der Wertung", where=session.where, line=number)
        row = replace(_row(fields), part_times_ms=_part_times(fields, parts))
        fields.finish()
        if not fields.bad:
            rows.append(row)
    verdict = judge(
        tuple(rows),
        kind=kind,
        columns=NAMES,
        complete=complete,
        starters=starters if rows else None,
        where=session.where,
    )
    session.report.rejected += verdict.rejected
    session.report.doubts += verdict.doubts
    return tuple(rows), verdict.complete


def read_entries(session: Fields) -> tuple[RowRecord, ...]:
    """The cars of an entry list, nothing measured; each number once."""
    cars: dict[str, RowRecord] = {}
    for number, item in enumerate(session.items("entries", MAX_ROWS), start=1):
        fields = Fields(item, session.report, level="in einer Nennung", where=session.where, line=number)
        car = _car(fields)
        fields.finish()
        if not fields.bad and cars.setdefault(car.number, car) is not car:
            fields.reject("number", f"Startnummer {car.number} ist zweimal genannt.")
    return tuple(cars.values())


def _car(fields: Fields) -> RowRecord:
    """Who drives what for whom."""
    return RowRecord(
        number=_number(fields),
        status="",
        class_name=fields.text("class", 60),
        team=fields.text("team"),
        entrant=fields.text("entrant", 160),
        car=fields.text("car"),
        manufacturer=fields.text("manufacturer", 80),
        drivers=_drivers(fields),
        guest=fields.flag("guest", default=False),
        cups=_cups(fields),
        line=fields.line,
    )


def _row(fields: Fields) -> RowRecord:
    gap = fields.read("gap", parse_gap)
    penalty = fields.read("penalty", parse_penalty) or Penalty()
    row = replace(
        _car(fields),
        position=fields.count("pos"),
        class_position=fields.count("pos_in_class"),
        laps=fields.count("laps", 0),
        total_ms=fields.read("time", parse_duration) or None,
        gap_ms=gap.ms if gap else None,
        gap_laps=gap.laps if gap else None,
        best_lap_ms=fields.read("best_lap", parse_lap_time) or None,
        best_lap_number=fields.count("best_lap_number"),
        grid=fields.count("grid"),
        penalty_ms=penalty.ms,
        penalty_laps=penalty.laps,
        share=fields.count("share") or 1,
    )
    return _with_status(fields, row)


def read_parts(session: Fields) -> tuple[str, ...]:
    """The names of the parts of a qualifying: Q1, Q2, Q3."""
    names = [
        name for name in session.items("parts", MAX_PARTS) if isinstance(name, str) and 0 < len(name) <= LONGEST_PART
    ]
    if len(names) != len(session.items("parts", MAX_PARTS)) or len(set(names)) != len(names):
        session.reject(
            "parts", f"„parts“ sind verschiedene Namen mit höchstens {LONGEST_PART} Zeichen, etwa Q1, Q2, Q3."
        )
    return tuple(names)


def _part_times(row: Fields, parts: tuple[str, ...]) -> tuple[int | None, ...] | None:
    """A time or null for every part of the session; None where the row has none."""
    if row.get("parts") is None:
        return None
    times = _times(row, "parts", MAX_PARTS)
    if len(times) != len(parts):
        row.reject("parts", f"Die Session hat {len(parts)} Abschnitte, die Zeile {len(times)} Zeiten dazu.")
    return times if any(times) else None


def _times(fields: Fields, key: str, limit: int) -> tuple[int | None, ...]:
    """A list of lap times, null where one is missing."""
    times: list[int | None] = []
    for item in fields.items(key, limit):
        one = Fields({key: item}, fields.report, level="", where=fields.where, line=fields.line)
        times.append(one.read(key, parse_lap_time) or None)
        fields.bad = fields.bad or one.bad
    return tuple(times)


def _with_status(fields: Fields, row: RowRecord) -> RowRecord:
    """A place belongs to the classified only; an excerpt may know their place in class alone."""
    printed = fields.text("status", 40, required=True)
    if printed is None:
        return row
    try:
        status = read_status(printed)
    except UnknownStatus as error:
        fields.reject("status", str(error))
        return row
    if status != CLASSIFIED and (row.position or row.class_position):
        fields.reject("pos", f"Startnummer {row.number} hat den Status {printed}, kann also keinen Platz haben.")
    elif status == CLASSIFIED and not (row.position or row.class_position):
        fields.reject("pos", f"Startnummer {row.number} ist gewertet, hat aber keinen Platz.")
    return replace(row, status=status, printed_status="" if status == CLASSIFIED else printed)


def _number(fields: Fields) -> str:
    value = fields.get("number")
    if isinstance(value, int) and not isinstance(value, bool):
        fields.reject(
            "number", f'Startnummern sind Text: "{value}" in Anführungszeichen, denn 7 und 007 sind zwei Autos.'
        )
        return ""
    number = fields.text("number", 40, required=True)
    if number is not None and not is_car_number(number):
        fields.reject("number", f"„{shown(number)}“ ist keine Startnummer.")
    return number or ""


def _drivers(row: Fields) -> tuple[DriverRecord, ...]:
    """The crew; the seat is the place in the list where none is given."""
    crew: list[DriverRecord] = []
    seats: set[int] = set()
    for place, item in enumerate(row.items("drivers", MAX_CREW), start=1):
        fields = Fields(item, row.report, level="bei einem Fahrer", where=row.where, line=row.line)
        driver = DriverRecord(
            first_name=fields.text("first", 80) or "",
            last_name=fields.text("last", 80, required=True) or "",
            nationality=fields.text("nationality", 40) or "",
            town=fields.text("town", 80) or "",
            seat=fields.count("seat") or place,
            grade=fields.choice("grade", GRADES, default="") or "",
            birth_date=_birth_date(fields),
        )
        fields.finish()
        if driver.seat in seats:
            fields.reject("seat", f"Der Sitz {driver.seat} ist doppelt vergeben.")
        if any((other.first_name, other.last_name) == (driver.first_name, driver.last_name) for other in crew):
            fields.reject("drivers", f"{driver.first_name} {driver.last_name} steht zweimal in einem Auto.")
        seats.add(driver.seat or place)
        row.bad = row.bad or fields.bad
        crew.append(driver)
    return tuple(crew)


def _birth_date(driver: Fields) -> str:
    """As precisely as it is known: `1997`, `1997-09`, `1997-09-30`."""
    printed = driver.text("birth_date", 10) or ""
    if printed and not is_partial_date(printed):
        driver.reject("birth_date", str(NoDate(printed)))
    return printed


def _cups(row: Fields) -> tuple[str, ...]:
    cups = []
    for item in row.items("cups", MAX_CUPS):
        fields = Fields({"cups": item}, row.report, level="", where=row.where, line=row.line)
        cups.append(fields.text("cups", 60, required=True) or "")
        row.bad = row.bad or fields.bad
    return tuple(dict.fromkeys(cups))


# ------------------------------------------------------------------ laps


def read_laps(session: Fields, rows: tuple[RowRecord, ...] | None) -> tuple[LapRecord, ...] | None:
    """The laps of all cars, each by number; None where the session has no such key."""
    if session.get("laps") is None:
        return None
    entered = {row.number for row in rows or ()}
    cars: dict[str, dict[int, LapRecord]] = defaultdict(dict)
    where = f"{session.where}Runden: "
    for line, item in enumerate(session.items("laps", MAX_LAPS), start=1):
        fields = Fields(item, session.report, level="in einer Runde", where=where, line=line)
        lap = _lap(fields)
        fields.finish()
        if fields.bad or lap is None:
            continue
        if lap.number not in entered:
            fields.reject("number", f"Startnummer {lap.number} steht nicht in der Wertung.")
        elif cars[lap.number].setdefault(lap.lap, lap) is not lap:
            fields.reject("lap", f"Runde {lap.lap} von Startnummer {lap.number} kommt zweimal vor.")
    laps: list[LapRecord] = []
    for of_car in cars.values():
        laps += _in_order(session, where, [of_car[lap] for lap in sorted(of_car)])
    return tuple(laps)


def _lap(fields: Fields) -> LapRecord | None:
    lap = fields.count("lap")
    if lap is None and not fields.bad:
        fields.reject("lap", "„lap“ fehlt.")
    record = LapRecord(
        number=_number(fields),
        lap=lap or 0,
        time_ms=fields.read("time", parse_lap_time) or None,
        day_ms=fields.read("clock", parse_clock),
        elapsed_ms=fields.read("elapsed", parse_duration),
        seat=fields.count("seat"),
        in_pit=fields.flag("in_pit", default=False),
        valid=fields.flag("valid", default=True),
        pit_ms=fields.read("pit", parse_duration),
        sectors_ms=_times(fields, "sectors", MAX_SECTORS) or None,
        line=fields.line,
    )
    return record if lap else None


def _in_order(session: Fields, where: str, laps: list[LapRecord]) -> list[LapRecord]:
    """One car's laps with clocks that go on past midnight; elapsed times must fit the lap times."""
    for before, lap in pairwise(laps):
        if before.elapsed_ms is None or lap.elapsed_ms is None or lap.time_ms is None or lap.lap != before.lap + 1:
            continue
        passed = lap.elapsed_ms - before.elapsed_ms
        if passed != lap.time_ms:
            needed = format_lap_time(passed) if passed > 0 else "keine"
            session.report.reject(
                lap.line, "elapsed", f"{where}Runde {lap.lap} von Startnummer {lap.number}: Aus „elapsed“ folgt eine andere Zeit ({needed})."
            )  # fmt: skip
    later = last = 0
    ordered = []
    for lap in laps:
        if lap.day_ms is not None:
            later += DAY if lap.day_ms + later < last else 0
            last = lap.day_ms + later
        ordered.append(replace(lap, day_ms=last) if later and lap.day_ms is not None else lap)
    return ordered
