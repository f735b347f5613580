"""Tables of results as files: CSV and XLSX as a person reads them, JSON as a machine does.

No cell of a file can become a formula: in CSV `results.cells` guards it, in XLSX every text says that it is one.
"""

import csv
import hashlib
import io
import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.conf import settings
from django.http import Http404, HttpResponse
from django.utils.translation import gettext as _
from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE
from openpyxl.cell.cell import Cell as OpenCell
from openpyxl.styles import Font
from openpyxl.utils import get_column_letter
from openpyxl.worksheet._write_only import WriteOnlyWorksheet

from results.cells import neutralise

Row = Mapping[str, Any]
Cell = str | int | None

WIDEST, NARROWEST = 60, 6  # characters of a column in a spreadsheet
SHEET_TITLE = 31  # characters a sheet's name may have


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a file: its head, and what stands in it; whole numbers stay numbers, all else is text."""

    label: str
    cell: Callable[[Row], Cell]


@dataclass(frozen=True, slots=True)
class Sheet:
    """A table ready to be exported. `name` is the file's without ending, `about` says where it comes from.

    `columns` make the cells for people, `record` the object for machines: times in ms, words that do not change.
    `stamp` says in every line of a CSV what the other forms say once beside the table: which version this is.
    """

    name: str
    title: str
    about: dict[str, Any]
    rows: Sequence[Row]
    columns: Sequence[Column]
    record: Callable[[Row], dict[str, Any]]
    stamp: Mapping[str, Cell] = field(default_factory=dict)

    @property
    def heads(self) -> list[str]:
        return [column.label for column in self.columns]

    def lines(self) -> list[list[Cell]]:
        """The cells, row by row."""
        return [[column.cell(row) for column in self.columns] for row in self.rows]


def as_csv(sheet: Sheet) -> bytes:
    """UTF-8 with BOM and semicolons, which a German Excel opens without asking."""
    file = io.StringIO()
    writer = csv.writer(file, delimiter=";", lineterminator="\r\n")
    writer.writerow([neutralise(head) for head in (*sheet.heads, *sheet.stamp)])
    for cells in sheet.lines():
        line = (*cells, *sheet.stamp.values())
        writer.writerow([neutralise(cell) if isinstance(cell, str) else cell for cell in line])
    return file.getvalue().encode("utf-8-sig")


def as_xlsx(sheet: Sheet) -> bytes:
    """A workbook with the table and a second sheet that names the source."""
    book = Workbook(write_only=True)
    table = book.create_sheet(_safe_title(sheet.title))
    lines = sheet.lines()
    table.freeze_panes = "A2"
    for index, head in enumerate(sheet.heads):
        width = max(len(str(cell or "")) for cell in (head, *(line[index] for line in lines))) + 2
        table.column_dimensions[get_column_letter(index + 1)].width = min(max(width, NARROWEST), WIDEST)
    bold = Font(bold=True)
    table.append([_text(table, head, bold) for head in sheet.heads])
    for line in lines:
        table.append([_text(table, cell) if isinstance(cell, str) else cell for cell in line])
    source = book.create_sheet(_("Source"))
    source.column_dimensions["A"].width, source.column_dimensions["B"].width = 20, WIDEST
    for key, value in sheet.about.items():
        source.append([_text(source, key, bold), _text(source, _in_words(value))])
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


def as_json(sheet: Sheet) -> bytes:
    """`{"about": {…}, "rows": [{…}]}`."""
    content = {"about": sheet.about, "rows": [sheet.record(row) for row in sheet.rows]}
    return json.dumps(content, ensure_ascii=False, indent=1).encode()


FORMS: dict[str, tuple[str, Callable[[Sheet], bytes]]] = {
    "csv": ("text/csv; charset=utf-8", as_csv),
    "xlsx": ("application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", as_xlsx),
    "json": ("application/json", as_json),
}


def response_of(sheet: Sheet, form: str) -> HttpResponse:
    """The file as an answer; Http404 for a form we do not write.

    A workbook carries the time of its making, so the tag is made of what stands in it and says so by being weak.
    """
    if form not in FORMS:
        raise Http404
    content_type, write = FORMS[form]
    response = HttpResponse(write(sheet), content_type=content_type)
    kind = "inline" if form == "json" else "attachment"
    response["Content-Disposition"] = f'{kind}; filename="{sheet.name}.{form}"'
    response["X-Robots-Tag"] = "noindex"
    response["ETag"] = f'W/"{_digest(sheet, form)}"'
    return response


def about(*, path: str, **said: Any) -> dict[str, Any]:
    """Where a table comes from, for every form: the page, the terms of use, and what else is said and not empty."""
    known = {key: value for key, value in said.items() if value not in (None, "", {}, [])}
    return {
        "page": settings.SITE_URL + path,
        "publisher": settings.SITE_NAME,
        "license": settings.DATA_LICENSE,
        **known,
    }


def _digest(sheet: Sheet, form: str) -> str:
    content = json.dumps(
        [form, sheet.about, sheet.heads, dict(sheet.stamp), sheet.lines(), [sheet.record(row) for row in sheet.rows]]
    )
    return hashlib.sha256(content.encode()).hexdigest()[:32]


def _text(sheet: WriteOnlyWorksheet, value: str, font: Font | None = None) -> OpenCell:
    """A cell that is text whatever it begins with, also after somebody has edited it (the quote prefix)."""
    cell = WriteOnlyCell(sheet, ILLEGAL_CHARACTERS_RE.sub("", value))
    cell.data_type = "s"
    if font is not None:
        cell.font = font
    elif neutralise(value) != value:
        cell.quotePrefix = True
    return cell


def _safe_title(title: str) -> str:
    """A sheet's name: short and without the signs that Excel keeps for itself."""
    clean = "".join(" " if sign in r"[]:*?/\'" else sign for sign in title)
    return " ".join(clean.split())[:SHEET_TITLE] or "racedesk"


def _in_words(value: Any) -> str:
    if isinstance(value, list):
        return "; ".join(map(_in_words, value))
    if isinstance(value, dict):
        return ", ".join(f"{key}={_in_words(one)}" for key, one in value.items() if one not in (None, []))
    return str(value)
