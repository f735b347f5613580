"""Sheets of an XLSX or ODS workbook as rows of text, after its size was measured. Pure.

python-calamine lays a sheet out as a full grid from the first to the last cell: one cell at XFD1048576 would ask for
half a terabyte. So the corners are measured in the XML first. Formulas are never computed; what counts is the value
that the workbook carries for them, and a formula without one is marked (`formulas`).
"""

from __future__ import annotations

import datetime as dt
import io
import re
from collections.abc import Iterator
from xml.parsers import expat

import python_calamine

from results.importers.archive import Archive, open_archive
from results.importers.formulas import BROKEN, Place, Uncomputed, repeated, uncomputed
from results.importers.records import FileRefused
from results.importers.table import MAX_COLUMNS, MAX_ROWS

MAX_CELLS = 2_000_000
MAX_SHEETS = 50
HEAD_ROOM = 100  # lines above the table
_XLSX, _ODS, _WORD = "xl/workbook.xml", "application/vnd.oasis.opendocument.spreadsheet", "word/document.xml"
_PLACE = re.compile(rb"""\sr=["']([A-Z]{0,4})([0-9]{1,9})["']""")
_OVERLAP = 64
_BASE = 26
_MILLISECOND = 1_000  # microseconds

Row = tuple[int, list[str]]


def is_workbook(data: bytes) -> bool:
    """Whether a container says by its members that it is a workbook; damaged ones are told by their bytes."""
    return b"xl/workbook.xml" in data or _ODS.encode() in data[:200]


def read_sheets(data: bytes) -> list[tuple[str, list[Row]]]:
    """Name and lines of every sheet that has any; FileRefused for what is no workbook or too large."""
    archive = open_archive(data)
    if _XLSX in archive.members:
        _measure_xlsx(archive)
    elif _is_ods(archive):
        _measure_ods(archive)
    elif _WORD in archive.members:
        raise FileRefused("Das ist ein Word-Dokument. Ergebnisse werden als Tabelle gelesen (CSV, XLSX, ODS).")
    else:
        raise FileRefused("ZIP-Archive werden nicht gelesen. Bitte auspacken und die Dateien einzeln hochladen.")
    try:
        return list(_sheets(data, uncomputed(archive)))
    except python_calamine.PasswordError as error:
        raise FileRefused("Die Datei ist mit einem Kennwort verschlüsselt. Bitte ohne Kennwort speichern.") from error
    except (python_calamine.CalamineError, ValueError, OverflowError) as error:
        raise FileRefused(BROKEN) from error
    except BaseException as error:
        if type(error).__name__ != "PanicException":
            raise
        raise FileRefused(BROKEN) from error


def _is_ods(archive: Archive) -> bool:
    if "mimetype" not in archive.members or "content.xml" not in archive.members:
        return False
    return b"".join(archive.pieces("mimetype")).strip() == _ODS.encode()


def _sheets(data: bytes, gaps: dict[str, list[Place]]) -> Iterator[tuple[str, list[Row]]]:
    with python_calamine.load_workbook(io.BytesIO(data)) as book:
        names = book.sheet_names
        if len(names) > MAX_SHEETS:
            raise FileRefused(f"Die Arbeitsmappe hat mehr als {MAX_SHEETS} Blätter.")
        for name in names:
            sheet = book.get_sheet_by_name(name)
            first, left = (number + 1 for number in sheet.start or (0, 0))
            rows = [
                (number, cells)
                for number, row in enumerate(sheet.to_python(skip_empty_area=True), start=first)
                if any(cells := [as_text(cell) for cell in row])
            ]
            rows = _with_gaps(rows, gaps.get(name, []), left)
            if rows:
                yield name, rows


def _with_gaps(rows: list[Row], gaps: list[Place], left: int) -> list[Row]:
    """Marks the cells whose formula has no value, in a line of its own where nothing else stands in it."""
    lines = dict(rows)
    for place in gaps:
        _refuse_corner(place.row, place.column)
        cells, at = lines.setdefault(place.row, []), place.column - left
        if at >= 0:  # else left of the table
            cells += [""] * (at + 1 - len(cells))
            cells[at] = Uncomputed(place.name)
    return sorted((line for line in lines.items() if any(line[1])), key=lambda line: line[0]) if gaps else rows


def _refuse_corner(row: int, column: int) -> None:
    if column > MAX_COLUMNS:
        raise FileRefused(f"Ein Blatt hat {column} Spalten, erlaubt sind {MAX_COLUMNS}.")
    if row > MAX_ROWS + HEAD_ROOM:
        raise FileRefused(f"Ein Blatt hat mehr als {MAX_ROWS} Zeilen.")
    if row * column > MAX_CELLS:
        raise FileRefused(f"Ein Blatt hat mehr als {MAX_CELLS} Zellen.")


def _measure_xlsx(archive: Archive) -> None:
    for name in archive.members:
        if not name.startswith("xl/worksheets/"):
            continue
        last_row = last_column = 0
        tail = b""
        for piece in archive.pieces(name):
            for letters, digits in _PLACE.findall(tail + piece):
                last_row = max(last_row, int(digits))
                last_column = max(last_column, _column(letters))
            tail = piece[-_OVERLAP:]
        _refuse_corner(last_row, last_column)


def _column(letters: bytes) -> int:
    number = 0
    for letter in letters:
        number = number * _BASE + letter - 64
    return number


class _OdsRuler:
    """Where the last cell with content stands, repetitions counted; `office:value-type` says that one has content."""

    def __init__(self) -> None:
        self.row = self.column = self.last_row = self.last_column = 0

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        if tag == "table:table":
            self.row = self.last_row = self.last_column = 0
        elif tag == "table:table-row":
            self.row += repeated(attributes, "table:number-rows-repeated")
            self.column = 0
        elif tag in {"table:table-cell", "table:covered-table-cell"}:
            self.column += repeated(attributes, "table:number-columns-repeated")
            if any(name.endswith("value-type") for name in attributes):
                self.content()
        elif tag == "text:p":
            self.content()

    def content(self) -> None:
        self.last_row, self.last_column = max(self.last_row, self.row), max(self.last_column, self.column)
        _refuse_corner(self.last_row, self.last_column)


def _measure_ods(archive: Archive) -> None:
    ruler = _OdsRuler()
    parser = expat.ParserCreate()
    parser.StartElementHandler = ruler.start
    try:
        for piece in archive.pieces("content.xml"):
            parser.Parse(piece, False)  # noqa: FBT003 - expat's own signature
        parser.Parse(b"", True)  # noqa: FBT003
    except expat.ExpatError as error:
        raise FileRefused(BROKEN) from error


def as_text(cell: object) -> str:
    """A cell as a person sees it: `44` and not `44.0`, times to the millisecond, days as 2026-05-16."""
    if isinstance(cell, bool):
        return "1" if cell else "0"
    if isinstance(cell, float):
        return str(int(cell)) if cell.is_integer() else repr(cell)
    if isinstance(cell, dt.datetime):
        midnight = cell.time() == dt.time()
        return cell.date().isoformat() if midnight else _rounded(cell).isoformat(timespec="minutes")
    if isinstance(cell, dt.time):
        return _duration(dt.datetime.combine(dt.date.min, cell) - dt.datetime.combine(dt.date.min, dt.time()))
    return _duration(cell) if isinstance(cell, dt.timedelta) else str("" if cell is None else cell)


def _rounded(moment: dt.datetime) -> dt.datetime:
    """Days are kept as fractions: 18:30 may come back as 18:29:59.999."""
    return moment + dt.timedelta(milliseconds=500) if moment.microsecond or moment.second else moment


def _duration(length: dt.timedelta) -> str:
    """`0:01:46.250`; a clock time looks the same."""
    total = round(length / dt.timedelta(milliseconds=1))
    seconds, milliseconds = divmod(total, _MILLISECOND)
    minutes, seconds = divmod(seconds, 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02d}:{seconds:02d}" + (f".{milliseconds:03d}" if milliseconds else "")
