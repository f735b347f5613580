"""One row of a plain table, read by field; what cannot be read is collected with line, printed column and reason."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import cached_property
from itertools import islice
from typing import TypeVar

from results.importers.encoding import tidy, unfit
from results.importers.mapping import Mapping
from results.importers.records import Problem, collect
from results.importers.spreadsheet import Table
from results.importers.table import MAX_COUNT, MAX_FIELD, is_car_number
from results.importers.tabular.names import split_crew
from results.notation import NotationError, shown

_T = TypeVar("_T")
_COUNT = re.compile(r"[0-9]{1,6}")
_FOOTNOTE = re.compile(r"(?<=[^\s*†‡§¹²³])[ \u00a0]?([*†‡§¹²³⁴-⁹]{1,3})\Z")
MOST_NOTES = 8
LOOKED_AT, ENOUGH_NAMES = 200, 6  # rows, names


@dataclass
class Reading:
    """What was met while a table was read."""

    table: Table
    mapping: Mapping
    format_: str = ""
    strict: bool = True  # what contradicts itself is rejected, not doubtful
    contradicted: bool = False
    rejected: list[Problem] = field(default_factory=list)
    doubts: list[Problem] = field(default_factory=list)
    read: int = 0
    notes: dict[str, int] = field(default_factory=dict)  # footnote mark: line where it stood first
    places: dict[str, list[int]] = field(init=False)  # columns of each field, looked up for every cell

    def __post_init__(self) -> None:
        self.places = {key: self.mapping.places(key) for key in dict.fromkeys(self.mapping.fields) if key}

    def lines(self) -> Iterator[Line]:
        """The rows of the table one after the other."""
        for number, cells in self.table.rows():
            self.read += 1
            yield Line(self, number, self.read, cells)
        for problem in self.table.problems:
            collect(self.rejected, problem)

    @cached_property
    def crew_by_last_names(self) -> bool:
        """Whether the cells of drivers hold last names alone: then `DI GRASSI` is one, too."""
        counted = Counter(
            " " in name
            for _line, cells in islice(self.table.rows(), LOOKED_AT)
            for place in self.places.get("driver", ())
            for name in split_crew(cells[place])
        )
        return counted[False] >= ENOUGH_NAMES and counted[False] > 2 * counted[True]

    def column(self, key: str) -> str | None:
        """The printed name of a field's column."""
        place = self.mapping.place(key)
        return None if place is None else self.mapping.header[place] or f"Spalte {place + 1}"

    def doubt(self, line: int | None, key: str | None, reason: str, *, car: str = "") -> None:
        collect(self.doubts, Problem(line, self.column(key) if key else None, reason, car=car, field=key or ""))

    def say_footnotes(self) -> None:
        """One doubt for all marks that were taken off."""
        if self.notes:
            marks = ", ".join(f"{mark} (zuerst Zeile {line})" for mark, line in [*self.notes.items()][:MOST_NOTES])
            self.doubt(None, None, f"Fußnotenzeichen sind weggelassen: {marks}. Bitte die Fußnote beachten.")


class Line:
    """`number` is the line in the file, `order` counts the rows below the header. `bad` once a cell was rejected."""

    __slots__ = ("bad", "cells", "number", "order", "reading")

    def __init__(self, reading: Reading, number: int, order: int, cells: list[str]) -> None:
        self.reading, self.number, self.order, self.cells, self.bad = reading, number, order, cells, False

    def reject(self, key: str, reason: str) -> None:
        self.bad = True
        reason = f"{reason} (Datenzeile {self.order})"
        problem = Problem(self.number, self.reading.column(key), reason, car=self.raw("number"), field=key)
        collect(self.reading.rejected, problem)

    def doubt(self, key: str, reason: str) -> None:
        self.reading.doubt(self.number, key, reason, car=self.raw("number"))

    def raw(self, key: str) -> str:
        """The cell without a footnote mark; empty where the table has no such column."""
        places = self.reading.places.get(key)
        return self._unmarked(self.cells[places[0]]) if places else ""

    def raws(self, key: str) -> list[str]:
        """The cells of a field that several columns may share, empty ones included."""
        return [self._unmarked(self.cells[place]) for place in self.reading.places.get(key, ())]

    def _unmarked(self, cell: str) -> str:
        found = None if cell.isalnum() and cell.isascii() else _FOOTNOTE.search(cell)
        if not found:
            return cell
        self.reading.notes.setdefault(found[1], self.number)
        return cell[: found.start()]

    def text(self, key: str, limit: int = MAX_FIELD) -> str:
        return self.fit(key, self.raw(key), limit)

    def fit(self, key: str, value: str, limit: int) -> str:
        """A value as it may be stored; rejected with what a database or a reader must not get."""
        if not value:
            return ""
        value = tidy(value)
        reason = unfit(value) or (f"ist länger als {limit} Zeichen" if len(value) > limit else None)
        if reason:
            self.reject(key, f"Der Text {reason}.")
            return ""
        return value

    def count(self, key: str, most: int = MAX_COUNT) -> int | None:
        value = self.raw(key)
        if not value:
            return None
        if _COUNT.fullmatch(value) and int(value) <= most:
            return int(value)
        self.reject(key, f"„{shown(value)}“ ist keine ganze Zahl.")
        return None

    def car_number(self) -> str:
        value = self.raw("number").removeprefix("#")
        if not is_car_number(value):
            self.reject("number", f"„{shown(value)}“ ist keine Startnummer." if value else "Die Startnummer fehlt.")
        return value

    def read(self, key: str, parser: Callable[[str], _T | None], value: str | None = None) -> _T | None:
        """A time, gap or day; `value` where it is only a part of the cell."""
        value = self.raw(key) if value is None else value
        if not value:
            return None
        try:
            return parser(value)
        except NotationError as error:
            self.reject(key, str(error))
            return None
