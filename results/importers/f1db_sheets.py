"""The CSV files of F1DB as rows of named cells, with every fault kept by file, line and column. Pure.

UTF-8, comma, a header; one row a line. Rows are kept by year, so that a season is read without the others.
"""

from __future__ import annotations

import csv
import datetime as dt
import io
import re
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from results.importers.encoding import decode, unfit
from results.importers.records import MOST_PROBLEMS, FileRefused
from results.notation import Gap, NotationError, parse_gap, parse_lap_time

FIRST_YEAR, LAST_YEAR = 1950, 2100
MOST = 32_767  # what a small column counts
MOST_DIGITS = 9
_KEY = re.compile(r"[a-z0-9]{1,40}(?:-[a-z0-9]{1,40}){0,9}")
_CLOCK = re.compile(r"(?:[01][0-9]|2[0-3]):[0-5][0-9]")
_POINTS = re.compile(r"-?[0-9]{1,6}(?:\.[0-9]{1,3})?")

COLUMNS: dict[str, tuple[str, ...]] = {
    "races.csv": (
        "year", "slug", "round", "date", "grandPrixId", "officialName", "qualifyingFormat", "circuitId",
        "circuitLayoutId", "courseLength", "turns", "sprintRaceLaps", "time", "freePractice1Date", "freePractice1Time",
        "freePractice2Date", "freePractice2Time", "freePractice3Date", "freePractice3Time", "qualifyingDate",
        "qualifyingTime", "sprintQualifyingDate", "sprintQualifyingTime", "sprintRaceDate", "sprintRaceTime",
    ),
    "results.csv": (
        "year", "round", "session", "position", "driverNumber", "driverId", "constructorId", "engineManufacturerId",
        "laps", "time", "timePenalty", "gap", "reasonRetired", "gridPosition", "sharedCar",
    ),
    "qualifying.csv": (
        "year", "round", "position", "driverNumber", "driverId", "constructorId", "engineManufacturerId", "time",
        "gap", "laps", "q1", "q2", "q3",
    ),
    "fastest_laps.csv": ("year", "round", "driverNumber", "driverId", "lap", "time"),
    "season_standings.csv": (
        "year", "championship", "position", "driverId", "points", "constructorId", "engineManufacturerId",
    ),
    "standings_after_round.csv": (
        "year", "round", "championship", "position", "driverId", "points", "constructorId", "engineManufacturerId",
    ),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Fault:
    """What cannot be taken over, or only with a doubt. `line` counts from 1 in the file."""

    file: str
    line: int | None
    column: str | None
    reason: str

    def __str__(self) -> str:
        place = [self.file]
        if self.line is not None:
            place.append(f"Zeile {self.line}")
        if self.column is not None:
            place.append(f"Spalte {self.column}")
        return f"{', '.join(place)}: {self.reason}"


class Faults:
    """Collects faults, as long as a person could still read them."""

    def __init__(self) -> None:
        self.found: list[Fault] = []

    def add(self, file: str, line: int | None, column: str | None, reason: str) -> None:
        if len(self.found) < MOST_PROBLEMS:
            self.found.append(Fault(file, line, column, reason))


class Row:
    """One line. A cell that is no number, time or date is a fault and reads as None."""

    __slots__ = ("_cells", "_sheet", "line")

    def __init__(self, sheet: Sheet, line: int, cells: list[str]) -> None:
        self._sheet, self.line, self._cells = sheet, line, cells

    def __getitem__(self, column: str) -> str:
        return self._cells[self._sheet.places[column]]

    def where_there(self, column: str) -> str:
        """The text of a column that not every file has."""
        place = self._sheet.places.get(column)
        return "" if place is None else self._cells[place]

    def fault(self, column: str | None, reason: str) -> None:
        self._sheet.faults.add(self._sheet.name, self.line, column, reason)

    def doubt(self, column: str | None, reason: str) -> None:
        self._sheet.doubts.add(self._sheet.name, self.line, column, reason)

    def count(self, column: str, *, least: int = 0, most: int = MOST) -> int | None:
        """A whole number, None for an empty cell."""
        text = self[column]
        if not text:
            return None
        if text.isascii() and text.isdigit() and len(text) <= MOST_DIGITS and least <= int(text) <= most:
            return int(text)
        self.fault(column, f"„{text[:40]}“ ist keine Zahl von {least} bis {most}.")
        return None

    def time_ms(self, column: str) -> int | None:
        """A lap time, race time or time penalty (`+10.000`) in ms."""
        text = self[column].removeprefix("+")
        if not text:
            return None
        try:
            return parse_lap_time(text)
        except NotationError as error:
            self.fault(column, str(error))
            return None

    def gap(self, column: str) -> Gap | None:
        """The gap to the first; None for none and for a negative one, which places by day of qualifying make."""
        text = self[column]
        if not text or text.startswith("-"):
            return None
        try:
            return parse_gap(text)
        except NotationError as error:
            self.fault(column, str(error))
            return None

    def day(self, column: str) -> dt.date | None:
        text = self[column]
        try:
            return dt.date.fromisoformat(text) if text else None
        except ValueError:
            self.fault(column, f"„{text[:40]}“ ist kein Datum. Erwartet wird 1950-05-13.")
            return None

    def clock(self, column: str) -> dt.time | None:
        text = self[column]
        if text and not _CLOCK.fullmatch(text):
            self.fault(column, f"„{text[:40]}“ ist keine Uhrzeit. Erwartet wird 14:00.")
            return None
        return dt.time.fromisoformat(text) if text else None

    def key(self, column: str) -> str:
        """An id such as `juan-manuel-fangio`; empty with a fault for anything else."""
        text = self[column]
        if _KEY.fullmatch(text):
            return text
        self.fault(column, f"„{text[:40]}“ ist keine Kennung aus Kleinbuchstaben, Ziffern und Bindestrichen.")
        return ""

    def points(self, column: str) -> Decimal:
        text = self[column]
        if _POINTS.fullmatch(text):
            return Decimal(text)
        self.fault(column, f"„{text[:40]}“ ist keine Punktzahl.")
        return Decimal(0)


class Sheet:
    """One file of the archive: its rows by year and round (round 0 where the file has none)."""

    def __init__(self, name: str, data: bytes, *, years: range, faults: Faults, doubts: Faults) -> None:
        """Raises FileRefused for what is no such file at all; a bad line becomes a fault."""
        self.name, self.faults, self.doubts = name, faults, doubts
        self.places: dict[str, int] = {}
        self.count = 0
        self._rows: dict[tuple[int, int], list[Row]] = {}
        try:
            self._read(decode(data).text, years)
        except csv.Error as error:
            raise FileRefused(f"{name}: keine lesbare CSV-Datei ({error}).") from error
        except FileRefused as refusal:
            raise FileRefused(f"{name}: {refusal}") from refusal

    def of(self, year: int, round_: int = 0) -> list[Row]:
        """The rows of that round, in the order of the file."""
        return self._rows.get((year, round_), [])

    def rounds(self) -> set[tuple[int, int]]:
        """Every year and round that has rows."""
        return set(self._rows)

    def _read(self, text: str, years: range) -> None:
        lines = csv.reader(io.StringIO(text, newline=""), strict=True)
        header = next(lines, [])
        missing = [column for column in COLUMNS[self.name] if column not in header]
        if missing:
            raise FileRefused(f"Es fehlen die Spalten {', '.join(missing)}. Erwartet wird die Datei aus F1DB.")
        self.places = {column: place for place, column in enumerate(header)}
        has_rounds = "round" in COLUMNS[self.name]
        same: dict[str, str] = {}  # ids and numbers come thousands of times: kept once
        for cells in lines:
            if len(cells) != len(header):
                reason = f"{len(cells)} Zellen statt {len(header)}."
                self.faults.add(self.name, lines.line_num, None, reason)
                continue
            row = Row(self, lines.line_num, [same.setdefault(cell, cell) for cell in cells])
            year = row.count("year", least=FIRST_YEAR, most=LAST_YEAR)
            if year is None or year not in years:
                continue
            self._keep(row, year, (row.count("round", least=1, most=99) or 0) if has_rounds else 0)

    def _keep(self, row: Row, year: int, round_: int) -> None:
        for column in COLUMNS[self.name]:
            reason = unfit(row[column])
            if reason:
                row.fault(column, f"Die Zelle {reason}.")
        self._rows.setdefault((year, round_), []).append(row)
        self.count += 1


def read_sheets(files: Mapping[str, bytes], *, years: range, faults: Faults, doubts: Faults) -> dict[str, Sheet]:
    """All files of the archive; FileRefused names the ones that are missing."""
    missing = [name for name in COLUMNS if name not in files]
    if missing:
        raise FileRefused(f"Es fehlen Dateien: {', '.join(missing)}.")
    return {name: Sheet(name, files[name], years=years, faults=faults, doubts=doubts) for name in COLUMNS}
