"""Lines of a delimited file under a header, read by column name with quoting off, every bad line and cell collected."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import TypeVar

from results.importers.encoding import split_lines, tidy, unfit
from results.importers.records import FileRefused, Problem, collect
from results.notation import NotationError, shown

MAX_COLUMNS = 400
MAX_ROWS = 100_000
MAX_LINE = 20_000  # characters; real ones stay below 1,500
MAX_FIELD = 120
MAX_COUNT = 32_767  # what a small integer column holds

_NUMBER = re.compile(r"[0-9A-Za-z]{1,8}")
_COUNT = re.compile(r"[0-9]{1,5}")
_T = TypeVar("_T")


@dataclass(slots=True)
class Table:
    """The lines of the file, numbered; those that do not fit the header are in `problems`.

    They are split one by one when read: 160 fields of 100,000 lines at once would take half a gigabyte.
    """

    index: dict[str, int]
    lines: list[tuple[int, str]] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)

    def rows(self) -> Iterator[Cells]:
        """The good lines, readable by column."""
        for number, line in self.lines:
            yield Cells(self, number, line.split(";"))

    def require(self, columns: Sequence[str]) -> None:
        missing = [column for column in columns if column not in self.index]
        if missing:
            word = "fehlt die Spalte" if len(missing) == 1 else "fehlen die Spalten"
            raise FileRefused(f"Der Kopfzeile {word} {', '.join(missing)}.")
        if not self.lines and not self.problems:
            raise FileRefused("Die Datei hat eine Kopfzeile, aber keine Zeile darunter.")

    def reject(self, line: int, column: str | None, reason: str) -> None:
        collect(self.problems, Problem(line, column, reason))


def is_car_number(value: str) -> bool:
    """Car numbers are text: `007`, `21B`."""
    return _NUMBER.fullmatch(value) is not None


def header_of(text: str) -> list[str]:
    return _columns(split_lines(text)[:1])


def _columns(lines: list[str]) -> list[str]:
    return [bare(column) for column in lines[0].split(";")] if lines else []


def bare(value: str) -> str:
    """A field without padding and without the quotes, whole or cut, around it."""
    value = value.strip()
    return value.strip('"').replace('""', '"').strip() if '"' in value else value


def read_table(text: str) -> Table:
    if text.count("\n") + text.count("\r") > 2 * MAX_ROWS + 2:
        raise FileRefused(f"Die Datei hat mehr als {MAX_ROWS} Zeilen.")
    lines = split_lines(text)
    header = _columns(lines[:1])
    if len(header) > MAX_COLUMNS:
        raise FileRefused(f"Die Kopfzeile hat {len(header)} Spalten, erlaubt sind {MAX_COLUMNS}.")
    twice = sorted({column for column in header if column and header.count(column) > 1})
    if twice:
        raise FileRefused(f"Die Kopfzeile nennt eine Spalte doppelt: {', '.join(twice)[:MAX_FIELD]}.")
    table = Table({column: place for place, column in enumerate(header)})
    if len(lines) - 1 > MAX_ROWS:
        raise FileRefused(f"Die Datei hat mehr als {MAX_ROWS} Zeilen.")
    for number, line in enumerate(lines[1:], start=2):
        if not line.strip():
            continue
        found = line.count(";") + 1 if len(line) <= MAX_LINE else 0
        if found == len(header):
            table.lines.append((number, line))
        else:
            table.reject(number, None, _misfit(line, found, len(header), last=number == len(lines)))
    return table


def _misfit(line: str, found: int, wanted: int, *, last: bool) -> str:
    if not found:
        return f"Die Zeile ist mit {len(line)} Zeichen zu lang, erlaubt sind {MAX_LINE}."
    if last and found < wanted:
        return f"Die Datei bricht in dieser Zeile ab: nach {found} von {wanted} Feldern."
    return f"Die Zeile hat {found} Felder, die Kopfzeile {wanted}. Die Spalten sind verschoben."


class Cells:
    """One line read by column name. What cannot be read goes into the table's problems, and `bad` says so."""

    __slots__ = ("bad", "fields", "line", "table")

    def __init__(self, table: Table, line: int, fields: list[str]) -> None:
        self.table, self.line, self.fields, self.bad = table, line, fields, False

    def reject(self, column: str, reason: str) -> None:
        self.bad = True
        self.table.reject(self.line, column, reason)

    def raw(self, column: str) -> str:
        """Empty where the file has no such column."""
        place = self.table.index.get(column)
        return "" if place is None else bare(self.fields[place])

    def text(self, column: str, limit: int = MAX_FIELD) -> str:
        value = tidy(self.raw(column))
        reason = unfit(value) or (f"ist länger als {limit} Zeichen" if len(value) > limit else None)
        if reason:
            self.reject(column, f"Der Text {reason}.")
            return ""
        return value

    def count(self, column: str) -> int | None:
        value = self.raw(column)
        if not value:
            return None
        if _COUNT.fullmatch(value) and int(value) <= MAX_COUNT:
            return int(value)
        self.reject(column, f"„{shown(value)}“ ist keine ganze Zahl.")
        return None

    def car_number(self, column: str) -> str:
        value = self.raw(column)
        if not is_car_number(value):
            self.reject(column, f"„{shown(value)}“ ist keine Startnummer." if value else "Die Startnummer fehlt.")
        return value

    def read(self, column: str, parser: Callable[[str], _T | None]) -> _T | None:
        value = self.raw(column)
        if not value:
            return None
        try:
            return parser(value)
        except NotationError as error:
            self.reject(column, str(error))
            return None
