"""A pasted text as cells of the sheet: a rectangle from a spreadsheet, or a whole table with its header row. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import islice

from results.cells import restore
from results.importers import mapping, spreadsheet
from results.importers.columns import known
from results.importers.pasted import read_pasted
from results.importers.records import FileRefused
from results.importers.table import MAX_COLUMNS
from results.sheet import columns
from results.sheet.columns import COLUMNS, bare, part_key

MOST_LINES = 1_000  # of a sheet
LONGEST = 2**20  # characters pasted at once
WIDEST = 60  # columns
STAND = "Stand der Datei"  # column of our own files: the version they were made from
ENOUGH_WORDS = 2  # names of columns that make a line a header

# Fields of the importers and the columns of ours they go to, where they are not called the same.
_FIELDS = {"status": "position", "total_or_gap": "total"}
_OURS = {key for key, _head, _name in COLUMNS}


class PasteRefused(ValueError):  # noqa: N818 - reads as the sentence it stands for
    """A text that is not taken over; the message is one German sentence."""


@dataclass(frozen=True, slots=True)
class Pasted:
    """`fields` are the columns of a table with a header, `rows` its cells beside them. Without `fields` the rows are a
    bare rectangle. `left_out` are the heads of columns that the sheet does not have. `stand` is what our own files say of
    the version they were made from.
    """

    rows: tuple[tuple[str, ...], ...]
    fields: tuple[str, ...] = ()
    left_out: tuple[str, ...] = ()
    stand: str = ""

    def lines(self) -> list[dict[str, str]]:
        """The rows of a table as lines of a sheet."""
        return [dict(zip(self.fields, row, strict=True)) for row in self.rows]


def pasted_cells(text: str, *, part_names: Sequence[str] = ()) -> Pasted:
    """The cells of a pasted text. Raises PasteRefused for one that is too long, too wide, or no table."""
    if len(text) > LONGEST:
        raise PasteRefused(f"Der eingefügte Text ist zu lang. Erlaubt sind {LONGEST // 2**20} MB.")
    plain = text.replace("\r\n", "\n").replace("\r", "\n").replace("\0", "").removesuffix("\n")
    count = plain.count("\n") + 1
    if count > MOST_LINES + spreadsheet.HEADER_SEARCHED:
        raise PasteRefused(f"Das sind {count} Zeilen. Ein Raster hat höchstens {MOST_LINES}.")
    return _table(plain, part_names) or _page(plain, part_names) or _rectangle(plain)


def _page(text: str, part_names: Sequence[str]) -> Pasted | None:
    """Columns that stand under one another, as a PDF viewer gives them; None where runs of blanks part nothing."""
    if "\t" in text:
        return None
    try:
        found = read_pasted(text)
    except FileRefused:
        return None
    rows = [cells for _line, cells in found.rows]
    width = max(map(len, rows), default=0)
    if width < ENOUGH_WORDS or width > WIDEST or len(rows) > MOST_LINES:
        return None
    if found.header:
        return _by_field(found.header, found.fields, rows, part_names)
    return Pasted(tuple(tuple(_cell(cell) for cell in row) for row in rows))


def _rectangle(text: str) -> Pasted:
    lines = text.split("\n")
    width = max(line.count("\t") for line in lines) + 1
    if width > WIDEST:  # before a megabyte of cells is looked at
        raise PasteRefused(f"Eine Zeile hat {width} Spalten. Erlaubt sind {WIDEST}.")
    if len(lines) > MOST_LINES:
        raise PasteRefused(f"Das sind {len(lines)} Zeilen. Ein Raster hat höchstens {MOST_LINES}.")
    rows = [[_cell(cell) for cell in line.split("\t")] for line in lines]
    return Pasted(tuple(tuple(row + [""] * (width - len(row))) for row in rows))


def _table(text: str, part_names: Sequence[str]) -> Pasted | None:
    """The table below a header row; None where no line near the top names columns of ours."""
    head = text[: spreadsheet.MAX_LINE]
    if not any(_is_header(line) for line in islice(head.split("\n"), spreadsheet.HEADER_SEARCHED)):
        return None
    try:
        table = spreadsheet.read(text.encode("utf-8", "replace"))
    except FileRefused:
        return None
    rows = [cells for _line, cells in table.rows()]
    if table.problems:
        first = table.problems[0]
        raise PasteRefused(f"Zeile {first.line}: {first.reason}")
    if len(rows) > MOST_LINES:
        raise PasteRefused(f"Das sind {len(rows)} Zeilen. Ein Raster hat höchstens {MOST_LINES}.")
    return _by_field(table.header, mapping.propose(table).fields, rows, part_names)


def _is_header(line: str) -> bool:
    """Whether enough cells of a line name columns, at whichever sign they are divided."""
    return any(
        sum(known(cell.strip()) for cell in line.split(sign)) >= ENOUGH_WORDS
        for sign in spreadsheet.SEPARATORS
        if 0 < line.count(sign) < MAX_COLUMNS
    )


def _by_field(
    header: Sequence[str], proposed: Sequence[str], rows: Sequence[Sequence[str]], part_names: Sequence[str]
) -> Pasted:
    """The rows by our columns; `proposed` are what the importers take the columns for."""
    fields = _fields_of(header, proposed, part_names)
    wanted = [key for key in dict.fromkeys(fields) if key]
    if any(field == "total_or_gap" for field in fields):
        wanted += [key for key in ("total", "gap") if key not in wanted]
        wanted.remove("total_or_gap")
    lines = []
    for row in rows:
        cells: dict[str, str] = {}
        for field, cell in zip(fields, row, strict=True):
            _put(cells, field, _cell(cell))
        lines.append(tuple(cells.get(key, "") for key in wanted))
    left_out = tuple(head for head, field in zip(header, fields, strict=True) if not field and head and head != STAND)
    at = header.index(STAND) if STAND in header else None
    stand = next((row[at].strip() for row in rows if row[at].strip()), "") if at is not None else ""
    return Pasted(tuple(lines), tuple(wanted), left_out, stand)


def _put(cells: dict[str, str], field: str, cell: str) -> None:
    """A second column of a field fills what the first left empty: a status beside an empty place."""
    if field == "total_or_gap":
        is_gap = cell.startswith("+") or any(sign.isalpha() and sign not in "hms" for sign in cell)
        field = "gap" if is_gap else "total"
    if field and cell and (not cells.get(field) or (field == "position" and not cell.isdigit() and cell != "CLA")):
        cells[field] = cell


def _fields_of(header: Sequence[str], proposed: Sequence[str], part_names: Sequence[str]) -> list[str]:
    """Our column for each of the table, empty for one that we do not have. Our own heads mean what we mean."""
    own = {head.casefold(): key for key, head, name in COLUMNS} | {name.casefold(): key for key, _h, name in COLUMNS}
    own |= {name.casefold(): part_key(place) for place, name in enumerate(part_names)}
    found = []
    for head, field in zip(header, proposed, strict=True):
        key = own.get(head.casefold()) or ("total_or_gap" if field == "total_or_gap" else _FIELDS.get(field, field))
        found.append(key if key in _OURS or key == "total_or_gap" or key.startswith(f"{columns.PART}-") else "")
    return found


def _cell(text: str) -> str:
    """Without blanks around it, what nobody sees, and the apostrophe that keeps a formula from being one."""
    return bare(restore(text.strip()))
