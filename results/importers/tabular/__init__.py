"""Plain tables (CSV, TSV, XLSX, ODS) that no other format claims: columns understood by name, or as a person said.

A table names neither event nor session nor zone: the caller supplies them. What its columns mean is proposed by
`mapping.propose`; a proposal that is not certain is read all the same and said column by column as doubts, one that
lacks what such a table needs is rejected, so that it can be shown and corrected but not imported.
"""

from __future__ import annotations

from results.importers import archive
from results.importers.mapping import Mapping
from results.importers.records import ParsedFile
from results.importers.spreadsheet import Table, read, separator_of
from results.importers.tabular.understanding import understood
from results.importers.workbook import is_workbook

FORMAT = "tabular"
TITLE = "einfache Tabelle (CSV, XLSX, ODS)"
RANK = 100  # whoever knows a table better is asked first

_NO_TABLE = ("{", "[", "<", "BEGIN:")
_HEAD = 200_000


def recognises(text: str) -> bool:
    """Whether lines are divided into cells under words of ours, or at least steadily."""
    head = text[:_HEAD].lstrip("\ufeff \t\r\n")
    if not head or head.startswith(_NO_TABLE):
        return False
    return bool(separator_of(head.replace("\r\n", "\n").replace("\r", "\n")))


def recognises_bytes(data: bytes) -> bool:
    """Whether a zip container holds a workbook."""
    return archive.looks_like(data) and is_workbook(data)


def table_of(data: bytes) -> Table:
    """The cells, for a person to say what the columns mean; FileRefused where there is no table."""
    return read(data)


def parse(data: bytes, *, name: str = "", mapping: Mapping | None = None, part: str = "") -> ParsedFile:
    """The records of a table. `mapping` is what a person confirmed, `part` the year of a table that holds several.

    Raises FileRefused where there is no table, or where the mapping belongs to another one.
    """
    return understood(read(data), format_=FORMAT, mapping=mapping, part=part)
