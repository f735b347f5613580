"""Classifications as PDF, the way timing services and federations publish them: one printed table and what is around it.

The page is read and put together as a table (`layout`) in a process of its own (`reading`), then understood by the names
of its columns like any other table (`tabular.understanding`). Rows that contradict each other are doubtful cells, and the
result becomes a draft: the page may be misread, and nobody can correct a PDF.
"""

from __future__ import annotations

from results.importers.layout.printed import say_layout, table_from
from results.importers.layout.sheet import Sheet
from results.importers.mapping import Mapping
from results.importers.pdf.reading import is_pdf, sheet_of
from results.importers.records import ParsedFile
from results.importers.spreadsheet import Table
from results.importers.tabular.understanding import understood

FORMAT = "pdf"
TITLE = "Klassement als PDF"


def recognises(text: str) -> bool:
    return False


def recognises_bytes(data: bytes) -> bool:
    return is_pdf(data)


def table_of(data: bytes) -> Table:
    """The cells; FileRefused where the PDF is not readable or holds no table."""
    return table_from(sheet_of(data))


def parse(data: bytes, *, name: str = "", mapping: Mapping | None = None, part: str = "") -> ParsedFile:
    """The records of the table. `mapping` is what a person confirmed of its columns, `part` the year of several.

    Lines are counted from the first line of the first page. Raises FileRefused.
    """
    return records_of(sheet_of(data), mapping=mapping, part=part)


def records_of(sheet: Sheet, *, mapping: Mapping | None = None, part: str = "") -> ParsedFile:
    """The records of a printed table; raises FileRefused."""
    parsed = understood(table_from(sheet), format_=FORMAT, mapping=mapping, part=part, strict=False)
    return say_layout(parsed, sheet)
