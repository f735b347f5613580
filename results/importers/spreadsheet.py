"""A plain table from a CSV, TSV, XLSX or ODS file: its header and its rows as text, whoever made it. Pure.

The header is the first line near the top that holds words of ours; what stands above it is a title. Rows are split one
by one when they are asked for: 100,000 of them at once would take a quarter of a gigabyte.
"""

from __future__ import annotations

import csv
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from itertools import islice

from results.importers import archive
from results.importers.columns import known
from results.importers.encoding import RESULTS_LIMIT, decode
from results.importers.formulas import Uncomputed
from results.importers.records import FileRefused, Problem, collect
from results.importers.table import MAX_COLUMNS, MAX_FIELD, MAX_ROWS
from results.importers.workbook import Row, read_sheets

SEPARATORS = (";", "\t", ",", "|")
LONGEST_CELL = 2_000  # characters; a crew of six with its towns has 300
HEADER_SEARCHED = 20  # lines
LOOKED_AT = 40  # lines to tell the separator from
MAX_LINE = 200_000  # characters; a wider line is no row of a table
MOST_CELLS = 60_000  # of one line, before it is cut into cells
ENOUGH_WORDS = 2
STEADY = 0.8  # share of lines with the same number of cells
_FORMULA_STARTS = "=+-@\t\r"


@dataclass(slots=True)
class Table:
    """`header` as printed, empty names included. Rows that do not fit it are in `problems` once `rows` ran through."""

    header: tuple[str, ...]
    header_line: int
    encoding: str = "utf-8"
    mixed: bool = False  # with signs of a second encoding
    sheet: str = ""  # of a workbook
    problems: list[Problem] = field(default_factory=list)
    _text: str = ""
    _separator: str = ""
    _rows: tuple[Row, ...] = ()

    def rows(self) -> Iterator[Row]:
        """Line number in the file and the cells, exactly as many as the header has columns."""
        self.problems.clear()
        lines = _records(self._text, self._separator) if self._separator else iter(self._rows)
        for number, cells in lines:
            if number <= self.header_line or not any(cell.strip() for cell in cells):
                continue
            fitted = self._fit(number, cells)
            if fitted is not None:
                yield number, fitted

    def sample(self, column: int, count: int = 3) -> tuple[str, ...]:
        """The first values of a column that are not empty."""
        values = (cells[column] for _line, cells in islice(self.rows(), LOOKED_AT))
        return tuple(islice((value for value in values if value), count))

    def _fit(self, number: int, cells: list[str]) -> list[str] | None:
        width = len(self.header)
        while len(cells) > width and not cells[-1].strip():
            cells.pop()
        if not self._separator:
            if self._has_gap(number, cells):
                return None
            cells = cells + [""] * (width - len(cells))
        if len(cells) != width:
            reason = f"Die Zeile hat {len(cells)} Felder, die Kopfzeile {width}. Die Spalten sind verschoben."
            collect(self.problems, Problem(number, None, reason))
            return None
        for place, cell in enumerate(cells):
            if len(cell) > LONGEST_CELL:
                reason = f"Das Feld ist mit {len(cell)} Zeichen zu lang, erlaubt sind {LONGEST_CELL}."
                collect(self.problems, Problem(number, self.header[place], reason))
                return None
        return [plain(cell) for cell in cells]

    def _has_gap(self, number: int, cells: list[str]) -> bool:
        gaps = [(place, cell) for place, cell in enumerate(cells) if isinstance(cell, Uncomputed)]
        for place, gap in gaps:
            column = self.header[place] if place < len(self.header) else None
            collect(self.problems, Problem(number, column, gap.reason))
        return bool(gaps)


def plain(cell: str) -> str:
    """A cell without blanks around it; `'=2+5`, which an export has made harmless, is `=2+5` again."""
    if cell[:1] == "'" and cell[1:2] and cell[1] in _FORMULA_STARTS:
        cell = cell[1:]
    return cell.strip()


def read(data: bytes) -> Table:
    """The table of a file; of a workbook with several sheets the one that looks most like ours.

    FileRefused for what cannot be read, is too large, or has a header and nothing below it.
    """
    if len(data) > RESULTS_LIMIT:
        raise FileRefused(f"Die Datei ist zu groß. Erlaubt sind {RESULTS_LIMIT // 2**20} MB.")
    table = _of_workbook(data) if archive.looks_like(data) else _of_text(data)
    if next(table.rows(), None) is None and not table.problems:
        raise FileRefused("Die Tabelle hat eine Kopfzeile, aber keine Zeile darunter.")
    return table


def _of_text(data: bytes) -> Table:
    decoded = decode(data, limit=RESULTS_LIMIT)
    text = decoded.text
    if "\r" in text:
        text = text.replace("\r\n", "\n").replace("\r", "\n")
    if text.count("\n") > 2 * MAX_ROWS:
        raise FileRefused(f"Die Datei hat mehr als {MAX_ROWS} Zeilen.")
    separator = separator_of(text)
    if not separator:
        raise FileRefused("Das ist keine Tabelle: Keine Zeile ist mit Semikolon, Komma oder Tabulator geteilt.")
    _refuse_endless(text, separator)
    top = list(islice(_records(text, separator), HEADER_SEARCHED))
    line, header = _header(top)
    return Table(header, line, encoding=decoded.encoding, mixed=decoded.mixed, _text=text, _separator=separator)


def _refuse_endless(text: str, separator: str) -> None:
    """A line of a megabyte of separators would be half a million cells before anybody counted them."""
    if text.count(separator) < MOST_CELLS:
        return
    for number, line in enumerate(_lines(text), start=1):
        if (count := line.count(separator)) >= MOST_CELLS:
            raise FileRefused(f"Zeile {number} hat {count + 1} Spalten, erlaubt sind {MAX_COLUMNS}.")


def _of_workbook(data: bytes) -> Table:
    sheets = read_sheets(data)
    if not sheets:
        raise FileRefused("Die Arbeitsmappe ist leer.")
    name, rows = max(sheets, key=lambda sheet: _words(sheet[1][:HEADER_SEARCHED]))
    line, header = _header(rows[:HEADER_SEARCHED])
    if len(rows) > MAX_ROWS + HEADER_SEARCHED:
        raise FileRefused(f"Ein Blatt hat mehr als {MAX_ROWS} Zeilen.")
    return Table(header, line, sheet=name, _rows=tuple(rows))


def _words(rows: Iterable[Row]) -> int:
    return max((sum(known(cell) for cell in cells) for _line, cells in rows), default=0)


def _header(rows: list[Row]) -> tuple[int, tuple[str, ...]]:
    """Line and names of the header: the line with most known words, else the first with two cells."""
    counted = [(sum(known(cell) for cell in cells), -line) for line, cells in rows]
    most = max(counted, default=(0, 0))
    if most[0] >= ENOUGH_WORDS:
        line, cells = next(row for row in rows if row[0] == -most[1])
    else:
        filled = [row for row in rows if sum(bool(cell.strip()) for cell in row[1]) >= ENOUGH_WORDS]
        if not filled:
            raise FileRefused("Das ist keine Tabelle: Sie hat nur eine Spalte.")
        line, cells = filled[0]
    if gap := next((cell for cell in cells if isinstance(cell, Uncomputed)), None):
        raise FileRefused(gap.reason)
    names = [plain(cell)[:MAX_FIELD] for cell in cells]
    while names and not names[-1]:
        names.pop()
    if len(names) > MAX_COLUMNS:
        raise FileRefused(f"Die Kopfzeile hat {len(names)} Spalten, erlaubt sind {MAX_COLUMNS}.")
    return line, tuple(names)


def separator_of(text: str) -> str:
    """What divides the cells: the sign that yields most words of ours, then the steadiest number of cells; or nothing."""
    head = "\n".join(islice(_lines(text[: MAX_LINE * 2]), LOOKED_AT)) + "\n"
    rated = []
    for separator in SEPARATORS:
        if separator not in head:
            continue
        try:
            rows = [cells for _line, cells in _records(head, separator) if any(cells)]
        except FileRefused:  # an endless field: whoever reads the rows names the line
            rows = [line.split(separator) for line in head.split("\n") if line]
        if not rows:  # nothing but separators
            continue
        widths = Counter(len(cells) for cells in rows)
        width, count = max(widths.items(), key=lambda item: (item[1] * (item[0] > 1), item[0]))
        words = max(sum(known(cell) for cell in cells) for cells in rows[:HEADER_SEARCHED])
        if words >= ENOUGH_WORDS or width > MAX_COLUMNS or _is_steady(separator, width, count, len(rows)):
            rated.append((words, count / len(rows) * min(width, MAX_COLUMNS), separator))
    return max(rated)[2] if rated else ""


def _is_steady(separator: str, width: int, count: int, lines: int) -> bool:
    """Prose has commas too, and every line another number of them."""
    enough = 1.0 if separator == "," else STEADY
    return lines > 2 and width > 2 and count >= enough * lines  # noqa: PLR2004 - a table


def _lines(text: str) -> Iterator[str]:
    """The lines with their newline, without a second copy of the whole text."""
    start, length = 0, len(text)
    while start < length:
        end = text.find("\n", start) + 1 or length
        yield text[start:end]
        start = end


def _records(text: str, separator: str) -> Iterator[Row]:
    """Quoted fields may hold the separator and newlines; the number is that of the line where a record begins."""
    reader = csv.reader(_lines(text), delimiter=separator)
    begins, count = 1, 0
    try:
        for cells in reader:
            yield begins, cells
            begins = reader.line_num + 1
            count += 1
            if count > MAX_ROWS + HEADER_SEARCHED:
                raise FileRefused(f"Die Datei hat mehr als {MAX_ROWS} Zeilen.")
    except csv.Error as error:
        raise FileRefused(
            f"Zeile {begins}: Ein Feld ist zu lang, oder ein Anführungszeichen schließt nicht."
        ) from error
