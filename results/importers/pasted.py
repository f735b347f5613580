"""Tables pasted as text: out of a spreadsheet, a web page, or a PDF viewer that parts columns by runs of blanks. Pure.

Two shapes are understood. Cells parted by tabulators, where a cell with line breaks has torn its row apart; and columns
that stand under one another as on paper, crews wrapped, read by the same rules as a PDF (`layout`). What a plain table
can be read from without either is left to `tabular`.

`read_pasted` is for a screen that takes a paste into a grid; it knows nothing of sessions and judges nothing.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from results.importers import mapping
from results.importers.columns import known
from results.importers.encoding import decode, split_lines
from results.importers.layout import torn
from results.importers.layout.head import find_head
from results.importers.layout.page import Page, Word, lines_of
from results.importers.layout.printed import say_layout, table_from
from results.importers.layout.sheet import Sheet, read_sheet
from results.importers.mapping import Mapping
from results.importers.records import FileRefused, ParsedFile
from results.importers.spreadsheet import Table, plain, separator_of
from results.importers.table import MAX_COLUMNS
from results.importers.tabular.understanding import understood

FORMAT = "pasted"
TITLE = "eingefügter Text mit Spalten"
RANK = 90  # before plain tables, whose rows may not be torn apart

LONGEST = 500_000  # characters
MOST_LINES = 2_000
LONGEST_LINE = 2_000
HEADER_SEARCHED = 60  # lines
ENOUGH_WORDS = 2
EM, STEP = 3.0, 3.5  # two blanks part columns, one blank parts words
_ONE_BLANK = (
    "Zwischen den Spalten steht nur ein Leerzeichen: Wo eine endet, ist nicht zu erkennen. Bitte mit Tabulatoren einfügen "
    "oder das PDF selbst hochladen."
)
_WORD = re.compile(r"\S+")
_TAB = 8


@dataclass(frozen=True, slots=True)
class PastedTable:
    """Cells as they were pasted, and what their columns seem to be.

    `header` holds the printed names, empty where there is no head (then rows are as wide as the widest one). `rows` are
    (line in the text from 1, one text for each column); a crew on several lines is parted by newlines. `fields` stands
    beside the columns: a key of `columns.toml` or an empty text, never certain, for a person to correct. `unread` are
    lines (number, text) that are no part of the table.
    """

    header: tuple[str, ...]
    rows: tuple[tuple[int, tuple[str, ...]], ...]
    kind: str
    fields: tuple[str, ...]
    unread: tuple[tuple[int, str], ...] = ()


def read_pasted(text: str) -> PastedTable:
    """The table in a pasted text, with or without a head. FileRefused where there is none, or it is too large."""
    lines = _lines(text)
    if not (torn.head_line(lines) is not None if torn.has_tabs(lines) else _paper_head(lines)):
        return _headless(lines)
    sheet = _sheet(lines)
    table = table_from(sheet)
    proposed = mapping.propose(table)
    rows = tuple((line, tuple(cells)) for line, cells in sheet.rows)
    return PastedTable(sheet.header, rows, proposed.kind, proposed.fields, sheet.strange)


def recognises(text: str) -> bool:
    """Whether a table stands in it that no separator divides well: rows torn apart, or columns of blanks."""
    if len(text) > LONGEST or text.lstrip("\ufeff \t\r\n").startswith(("{", "[", "<", "BEGIN:")):
        return False
    try:
        lines = _lines(text)
    except FileRefused:
        return False
    if torn.has_tabs(lines):
        return torn.is_torn(lines)
    return not separator_of("\n".join(lines) + "\n") and _paper_head(lines)


def table_of(data: bytes) -> Table:
    """The cells; FileRefused where there is no table."""
    return table_from(_sheet(_lines(decode(data, limit=LONGEST * 4).text)))


def parse(data: bytes, *, name: str = "", mapping: Mapping | None = None, part: str = "") -> ParsedFile:
    """The records; as for a PDF, rows that contradict each other make a draft with doubtful cells. Raises FileRefused."""
    sheet = _sheet(_lines(decode(data, limit=LONGEST * 4).text))
    parsed = understood(table_from(sheet), format_=FORMAT, mapping=mapping, part=part, strict=False)
    return say_layout(parsed, sheet)


def _lines(text: str) -> list[str]:
    if len(text) > LONGEST:
        raise FileRefused(f"Der Text ist zu lang. Erlaubt sind {LONGEST} Zeichen.")
    lines = [line.replace("\u00a0", " ").rstrip(" \r\v\f") for line in split_lines(text.removeprefix("\ufeff"))]
    if len(lines) > MOST_LINES:
        raise FileRefused(f"Der Text hat mehr als {MOST_LINES} Zeilen.")
    if any(len(line) > LONGEST_LINE for line in lines):
        raise FileRefused(f"Eine Zeile des Textes ist länger als {LONGEST_LINE} Zeichen.")
    return lines


def _sheet(lines: list[str]) -> Sheet:
    return torn.sheet_of(lines) if torn.has_tabs(lines) else _of_blanks(lines)


# ------------------------------------------------------------------ blanks


def _of_blanks(lines: list[str]) -> Sheet:
    sheet = _of_runs(lines)
    if sheet is not None:
        return sheet
    page = _page(lines)
    printed = lines_of((page,))[0]
    head = find_head(printed)
    if head is not None and not any(len(line.chunks) > ENOUGH_WORDS for line in printed[head.last + 1 :]):
        raise FileRefused(_ONE_BLANK)
    return read_sheet((page,))


def _page(lines: list[str]) -> Page:
    """The text as paper on which every sign is one wide."""
    return Page(tuple(_words(lines)), em=EM)


def _words(lines: list[str]) -> Iterator[Word]:
    for number, line in enumerate(lines):
        for match in _WORD.finditer(line.expandtabs(_TAB)):
            yield Word(match[0], float(match.start()), float(match.end()), number * STEP, number * STEP + EM)


def _paper_head(lines: list[str]) -> bool:
    page = _page([line for line in lines if line.strip()][:HEADER_SEARCHED])
    return find_head(lines_of((page,))[0]) is not None


def _of_runs(lines: list[str]) -> Sheet | None:
    """Rows with as many cells as the head, however they stand; None where one has another number."""
    parts = [(number, re.split(r" {2,}", line.strip())) for number, line in enumerate(lines, start=1) if line.strip()]
    heads = [
        (sum(known(cell) for cell in cells), -place) for place, (_number, cells) in enumerate(parts[:HEADER_SEARCHED])
    ]
    score, place = max(heads, default=(0, 0))
    if score <= ENOUGH_WORDS:
        return None
    number, header = parts[-place]
    rows = parts[1 - place :]
    if not rows or any(len(cells) != len(header) for _number, cells in rows):
        return None
    above = tuple(" ".join(cells) for _number, cells in parts[:-place])
    return Sheet(tuple(header), number, tuple((line, list(cells)) for line, cells in rows), above=above)


# ------------------------------------------------------------------ without a head


def _headless(lines: list[str]) -> PastedTable:
    """Rows alone, as they are copied out of a spreadsheet."""
    split = (lambda line: line.split("\t")) if torn.has_tabs(lines) else (lambda line: re.split(r" {2,}", line.strip()))
    rows = tuple(
        (number, tuple(plain(cell) for cell in split(line)))
        for number, line in enumerate(lines, start=1)
        if line.strip()
    )
    width = max((len(cells) for _line, cells in rows), default=0)
    if not width:
        raise FileRefused("Der Text ist leer.")
    if width > MAX_COLUMNS:
        raise FileRefused(f"Eine Zeile hat {width} Spalten, erlaubt sind {MAX_COLUMNS}.")
    padded = tuple((line, cells + ("",) * (width - len(cells))) for line, cells in rows)
    return PastedTable((), padded, "", ("",) * width)
