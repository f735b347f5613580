"""Lines of a delimited file under a header, read by column name, every bad line and cell collected.

Two ways of quoting: wige's files are read with quoting off, for they cut fields after quoting them; Al Kamel's with the
rules of CSV, for a town stands there as `"Bedford, United Kingdom"`.
"""

from __future__ import annotations

import csv
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

    They are split one by one when read: 160 fields of 100,000 lines at once would take half a gigabyte. `width` is the
    number of columns, the nameless one behind a closing separator included.
    """

    index: dict[str, int]
    width: int
    separator: str = ";"
    quoted: bool = False
    lines: list[tuple[int, str]] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)

    def rows(self) -> Iterator[Cells]:
        """The good lines, readable by column; what a shorter line lacks at its end is empty."""
        for number, line in self.lines:
            fields = self.split(line)
            if len(fields) < self.width:
                yield Cells(self, number, fields + [""] * (self.width - len(fields)), lacking=self.width - len(fields))
            else:
                yield Cells(self, number, fields)

    def split(self, line: str) -> list[str]:
        """The fields of a line; csv.Error where quotes are opened and not closed, or closed before the field's end."""
        if self.quoted and '"' in line:
            return next(csv.reader([line], delimiter=self.separator, strict=True))
        return line.split(self.separator)

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


def separator_of(text: str) -> str:
    """`;` or `,`, whichever the first line has more of."""
    head = text[:MAX_LINE].split("\n", 1)[0].split("\r", 1)[0]
    return "," if head.count(",") > head.count(";") else ";"


def header_of(text: str, separator: str = ";") -> list[str]:
    return _columns(split_lines(text)[:1], separator)


def _columns(lines: list[str], separator: str) -> list[str]:
    return [bare(column) for column in lines[0].split(separator)] if lines else []


def bare(value: str) -> str:
    """A field without padding and without the quotes, whole or cut, around it."""
    value = value.strip()
    return value.strip('"').replace('""', '"').strip() if '"' in value else value


def read_table(text: str, separator: str = ";", *, quoted: bool = False, shorter: bool = False) -> Table:
    """The lines under the header. `quoted`: by the rules of CSV; `shorter`: lines may end before the header does."""
    if text.count("\n") + text.count("\r") > 2 * MAX_ROWS + 2:
        raise FileRefused(f"Die Datei hat mehr als {MAX_ROWS} Zeilen.")
    lines = split_lines(text)
    header = _columns(lines[:1], separator)
    _judge_header(header)
    table = Table(
        {column: place for place, column in enumerate(header)}, len(header), separator=separator, quoted=quoted
    )
    if len(lines) - 1 > MAX_ROWS:
        raise FileRefused(f"Die Datei hat mehr als {MAX_ROWS} Zeilen.")
    for number, line in enumerate(lines[1:], start=2):
        if not line.strip():
            continue
        found = _count_fields(table, line)
        if found == len(header) or (shorter and 0 < found < len(header)) or _unclosed(line, found, header, separator):
            table.lines.append((number, line))
        else:
            table.reject(number, None, _misfit(line, found, len(header), last=number == len(lines)))
    return table


def _judge_header(header: list[str]) -> None:
    if len(header) > MAX_COLUMNS:
        raise FileRefused(f"Die Kopfzeile hat {len(header)} Spalten, erlaubt sind {MAX_COLUMNS}.")
    twice = sorted({column for column in header if column and header.count(column) > 1})
    if twice:
        raise FileRefused(f"Die Kopfzeile nennt eine Spalte doppelt: {', '.join(twice)[:MAX_FIELD]}.")


BROKEN_QUOTES = -1


def _count_fields(table: Table, line: str) -> int:
    """0 for a line that is too long."""
    if len(line) > MAX_LINE:
        return 0
    if not (table.quoted and '"' in line):
        return line.count(table.separator) + 1
    try:
        return len(table.split(line))
    except csv.Error:
        return BROKEN_QUOTES


def _unclosed(line: str, found: int, header: list[str], separator: str) -> bool:
    """A line without the closing separator that the header has. One that lost a field still ends with it."""
    return found == len(header) - 1 and found > 0 and not header[-1] and not line.endswith(separator)


def _misfit(line: str, found: int, wanted: int, *, last: bool) -> str:
    if not found:
        return f"Die Zeile ist mit {len(line)} Zeichen zu lang, erlaubt sind {MAX_LINE}."
    if found == BROKEN_QUOTES:
        return "Die Anführungszeichen der Zeile gehen nicht auf: Wo ihre Felder enden, ist nicht zu erkennen."
    if last and found < wanted:
        return f"Die Datei bricht in dieser Zeile ab: nach {found} von {wanted} Feldern."
    return f"Die Zeile hat {found} Felder, die Kopfzeile {wanted}. Die Spalten sind verschoben."


class Cells:
    """One line read by column name. What cannot be read goes into the table's problems, and `bad` says so.

    `lacking` is the number of fields at the line's end that the file left out.
    """

    __slots__ = ("bad", "fields", "lacking", "line", "table")

    def __init__(self, table: Table, line: int, fields: list[str], lacking: int = 0) -> None:
        self.table, self.line, self.fields, self.lacking, self.bad = table, line, fields, lacking, False

    def reject(self, column: str, reason: str) -> None:
        self.bad = True
        self.table.reject(self.line, column, reason)

    def raw(self, column: str) -> str:
        """Empty where the file has no such column."""
        place = self.table.index.get(column)
        if place is None:
            return ""
        return self.fields[place].strip() if self.table.quoted else bare(self.fields[place])

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
