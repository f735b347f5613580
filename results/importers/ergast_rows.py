"""Rows of Ergast's answers: race and sprint results, qualifying, standings. Everything in them is text."""

from __future__ import annotations

import re
from collections import defaultdict
from dataclasses import dataclass, replace
from itertools import pairwise

from results.importers.document import Report
from results.importers.plausible import Columns, judge
from results.importers.printed import Printed
from results.importers.records import DriverRecord, RowRecord, StandingRecord, StandingRowRecord
from results.importers.status import CLASSIFIED, DNF, DNQ, DSQ, EXCLUDED, NC, WITHDRAWN, UnknownStatus, read_status
from results.notation import Gap, NotationError, format_gap, parse_gap, parse_lap_time, shown
from results.partial_dates import is_partial_date

MAX_ROWS = 2_000
NAMES = Columns(
    number="number", position="position", class_position="position", laps="laps", total="Time", gap="Time", best_lap="FastestLap"
)  # fmt: skip
# What `positionText` says where it is no place.
LETTERS = {"R": DNF, "D": DSQ, "W": WITHDRAWN, "E": EXCLUDED, "F": DNQ, "N": NC}
_RAN = re.compile(r"Finished|Lapped|\+[0-9]{1,3} Laps?", re.IGNORECASE)  # says no more than place and laps do
MAX_STATUS = 40


@dataclass(frozen=True, slots=True)
class Line:
    """A row as it was read, before it is compared with the winner's."""

    row: RowRecord
    driver: DriverRecord
    gap: Gap | None = None


# ------------------------------------------------------------------ races


def read_line(item: object, report: Report, where: str, number: int) -> Line | None:
    """A row of `Results` or `SprintResults`; None where a value of it was rejected."""
    fields = Printed(item, report, level="in einer Ergebniszeile", where=where, line=number)
    driver = read_driver(fields.part("Driver", "bei einem Fahrer"))
    team = fields.part("Constructor", "bei einem Team")
    status, position, printed = _status(fields)
    total_ms, gap = _time(fields)
    best_ms, best_lap = _fastest(fields)
    row = RowRecord(
        number=fields.car_number("number"),
        status=status,
        position=position,
        team=team.text("name"),
        drivers=(driver,),
        laps=fields.figure("laps"),
        total_ms=total_ms,
        best_lap_ms=best_ms,
        best_lap_number=best_lap,
        grid=fields.figure("grid") or None,  # 0: from the pit lane
        printed_status=printed,
        line=number,
    )
    for key in ("constructorId", "url", "nationality"):
        team.get(key)
    fields.get("points")  # they follow from the rules, and stand in the tables
    team.finish()
    fields.finish()
    return None if fields.bad or team.bad or not driver.last_name else Line(row, driver, gap)


def read_driver(fields: Printed) -> DriverRecord:
    """A driver with his `driverId` as key; the last name is empty where something of it was rejected."""
    birth = fields.plain("dateOfBirth", 20)
    if birth and not is_partial_date(birth):
        fields.reject("dateOfBirth", f"„{shown(birth)}“ ist kein Datum.")
    driver = DriverRecord(
        first_name=fields.text("givenName", 80) or "",
        last_name=fields.text("familyName", 80, required=True) or "",
        nationality=fields.text("nationality", 40) or "",
        seat=1,
        birth_date=birth,
        key=fields.text("driverId", 80, required=True) or "",
    )
    for key in ("permanentNumber", "code", "url"):
        fields.get(key)
    fields.finish()
    return replace(driver, last_name="") if fields.bad else driver


def _status(fields: Printed) -> tuple[str, int | None, str]:
    """Our status, the place, and what is printed beyond it; `position` alone is but the order in the list."""
    text, printed = fields.plain("positionText", 10), fields.plain("status", 80)
    place = fields.figure("position")
    reason = "" if _RAN.fullmatch(printed) else printed[:MAX_STATUS]
    if text.isascii() and text.isdigit() and text == str(place) and place:
        return CLASSIFIED, place, reason
    if text not in LETTERS:
        fields.reject("positionText", f"„{shown(text)}“ ist weder der Platz noch einer der Buchstaben {', '.join(LETTERS)}.")  # fmt: skip
        return NC, None, ""
    return _finer(LETTERS[text], printed), None, reason


def _finer(code: str, printed: str) -> str:
    """The word says more than the letter: a `W` may never have started."""
    try:
        finer = read_status(printed)
    except UnknownStatus:
        return code
    return code if finer == CLASSIFIED else finer


def _time(fields: Printed) -> tuple[int | None, Gap | None]:
    """Total and printed gap: the winner's `time` is the total again, all others' the gap, with its zeros cut off."""
    time = fields.part("Time", "in „Time“")
    total, printed = time.ms("millis"), time.plain("time", 40)
    time.finish()
    fields.bad = fields.bad or time.bad
    if not printed.startswith("+"):
        return total, None
    try:
        return total, parse_gap(printed)
    except NotationError as error:
        fields.reject("Time", str(error))
        return total, None


def _fastest(fields: Printed) -> tuple[int | None, int | None]:
    fastest = fields.part("FastestLap", "in „FastestLap“")
    time = fastest.part("Time", "in „FastestLap“")
    best_ms, lap = time.notation("time", parse_lap_time) or None, fastest.figure("lap")
    for key in ("rank", "AverageSpeed"):
        fastest.get(key)
    time.get("millis")
    time.finish()
    fastest.finish()
    fields.bad = fields.bad or fastest.bad or time.bad
    return best_ms, (lap or None) if best_ms else None


def race_rows(lines: list[Line], report: Report, *, kind: str, name: str) -> tuple[tuple[RowRecord, ...], bool]:
    """The rows with their gaps, and whether all places are there."""
    lines = _apart(lines)
    leader = next((line.row for line in lines if line.row.position == 1), None)
    rows = tuple(_against(leader, line, report, name) for line in lines)
    cars = tuple(
        replace(row, number=row.number if row.entry_line == 1 else f"{row.number} ({row.team})")
        for row in rows
        if row.share == 1
    )
    verdict = judge(cars, kind=kind, columns=NAMES, where=f"{name}: ")
    report.rejected += verdict.rejected
    report.doubts += verdict.doubts
    return rows, verdict.complete


def _apart(lines: list[Line]) -> list[Line]:
    """One number twice: of one team it is a car that two drivers shared, of two teams it is two cars."""
    seen: dict[str, list[RowRecord]] = defaultdict(list)
    apart = []
    for line in lines:
        others = seen[line.row.number]
        same = [row for row in others if row.team == line.row.team]
        row = line.row
        if same:
            row = replace(row, share=len(same) + 1, entry_line=same[0].entry_line)
        elif others:
            row = replace(row, entry_line=max(other.entry_line for other in others) + 1)
        others.append(row)
        apart.append(replace(line, row=row))
    return apart


def _against(leader: RowRecord | None, line: Line, report: Report, name: str) -> RowRecord:
    """The gap to the winner: laps for who was lapped, else what the totals say, else what is printed.

    The API prints a time as gap for lapped cars too, which is no gap.
    """
    row = line.row
    if leader is None or row is leader or row.position is None:
        return row
    behind = (leader.laps or 0) - (row.laps or 0)
    if leader.laps and row.laps is not None and behind > 0:
        return replace(row, gap_laps=behind)
    printed = line.gap.ms if line.gap else None
    if row.total_ms is None or leader.total_ms is None:
        return replace(row, gap_ms=printed)
    gap = row.total_ms - leader.total_ms
    if gap < 0 or printed not in {None, gap}:
        wanted = format_gap(Gap(ms=gap)) if gap >= 0 else "keiner"
        said = format_gap(line.gap) if line.gap else "keiner"
        report.doubt(row.line, "Time", f"{name}: Startnummer {row.number} hat {said} Rückstand, aus den Gesamtzeiten folgt {wanted}.")  # fmt: skip
    return replace(row, gap_ms=gap if gap >= 0 else None)


# ------------------------------------------------------------------ qualifying


def read_qualifying_line(item: object, report: Report, where: str, number: int) -> Line | None:
    """A row of `QualifyingResults`: the place, and the best time of each part the car took part in."""
    fields = Printed(item, report, level="in einer Zeile des Qualifyings", where=where, line=number)
    driver = read_driver(fields.part("Driver", "bei einem Fahrer"))
    team = fields.part("Constructor", "bei einem Team")
    times = [fields.notation(part, parse_lap_time) or None for part in ("Q1", "Q2", "Q3")]
    while times and times[-1] is None:
        times.pop()
    position = fields.figure("position")
    row = RowRecord(
        number=fields.car_number("number"),
        status=CLASSIFIED if position else NC,
        position=position or None,
        team=team.text("name"),
        drivers=(driver,),
        best_lap_ms=times[-1] if times else None,
        part_times_ms=tuple(times) or None,
        line=number,
    )
    for key in ("constructorId", "url", "nationality"):
        team.get(key)
    for key in ("positionText", "status", "points", "grid", "laps"):
        fields.get(key)
    team.finish()
    fields.finish()
    return None if fields.bad or team.bad or not driver.last_name else Line(row, driver)


def qualifying_rows(lines: list[Line], report: Report) -> tuple[tuple[RowRecord, ...], bool]:
    """The rows, and whether all places are there.

    `best_lap_ms` is the time of the last part a car reached, the one that placed it. Times of different parts say
    nothing about each other, so only cars that went equally far are compared.
    """
    rows = tuple(line.row for line in lines)
    verdict = judge(rows, kind="grid", columns=NAMES, where="Qualifying: ")
    report.rejected += verdict.rejected
    report.doubts += verdict.doubts
    by_part: dict[int, list[RowRecord]] = defaultdict(list)
    for row in sorted(rows, key=lambda row: row.position or 0):
        if row.position and row.part_times_ms:
            by_part[len(row.part_times_ms)].append(row)
    for of_part in by_part.values():
        for ahead, row in pairwise(of_part):
            if (row.best_lap_ms or 0) < (ahead.best_lap_ms or 0):
                report.doubt(row.line, "position", f"Qualifying: Startnummer {row.number} war schneller als {ahead.number} davor.")  # fmt: skip
    parts = max(by_part, default=0)
    return tuple(_padded(row, parts) for row in rows), verdict.complete


def _padded(row: RowRecord, parts: int) -> RowRecord:
    """A time or None for each part there was."""
    times = row.part_times_ms
    return row if times is None else replace(row, part_times_ms=times + (None,) * (parts - len(times)))


# ------------------------------------------------------------------ standings


def read_standing(fields: Printed) -> list[StandingRecord]:
    """The drivers' and the constructors' table of one list."""
    fields.get("season")
    round_ = fields.plain("round", 10)
    tables = []
    for key, name in (("DriverStandings", "Fahrerwertung"), ("ConstructorStandings", "Konstrukteurswertung")):
        rows = _standing_rows(fields, key)
        if rows:
            tables.append(StandingRecord(key=key, name=name, rows=rows, after=f"Lauf {round_}" if round_ else ""))
    fields.finish()
    return tables


def _standing_rows(table: Printed, key: str) -> tuple[StandingRowRecord, ...]:
    rows: list[StandingRowRecord] = []
    for number, item in enumerate(table.items(key, MAX_ROWS), start=1):
        fields = Printed(item, table.report, level="in einer Tabellenzeile", where=f"{table.where}{key}: ", line=number)
        points, position = fields.points("points"), fields.figure("position")
        text = fields.plain("positionText", 10)
        entrant = _entrant(fields)
        for known in ("wins", "Constructors"):
            fields.get(known)
        fields.finish()
        if fields.bad or not entrant or points is None:
            continue
        if any(row.entrant == entrant for row in rows):
            fields.reject(key, f"„{shown(entrant)}“ steht zweimal in der Tabelle.")
        placed = not text or text == str(position)  # "-" and letters: not ranked
        rows.append(StandingRowRecord((position or None) if placed else None, entrant, points))
    return tuple(rows)


def _entrant(fields: Printed) -> str:
    if fields.get("Driver") is not None:
        driver = read_driver(fields.part("Driver", "bei einem Fahrer"))
        return f"{driver.first_name} {driver.last_name}".strip() if driver.last_name else ""
    team = fields.part("Constructor", "bei einem Team")
    for key in ("constructorId", "url", "nationality"):
        team.get(key)
    name = team.text("name", required=True) or ""
    team.finish()
    return name
