"""Doubtful cells at the import desk: the rows they stand in, as read, with those cells marked."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

from results.importers.records import DoubtfulCell, ParsedFile, RowRecord
from results.importers.status import CLASSIFIED, print_status
from results.notation import Gap, format_gap, format_lap_time

MOST_ROWS = 60
LABELS = {
    "number": _("No."),
    "position": _("Position"),
    "class_position": _("Position in class"),
    "driver": _("Drivers"),
    "laps": _("Laps"),
    "total": _("Total time"),
    "gap": _("Gap"),
    "best_lap": _("Best lap"),
}
# Fields that share a column of the small table with another one.
_SHOWN_AS = {
    "total_or_gap": "total",
    "part_time": "best_lap",
    "status": "position",
    "last_name": "driver",
    "first_name": "driver",
}


@dataclass(frozen=True, slots=True)
class ShownCell:
    text: str
    doubtful: bool


@dataclass(frozen=True, slots=True)
class ShownRow:
    """`reasons` are German sentences of the parser; a row that could not be read at all shows its number only."""

    line: int | None
    cells: tuple[ShownCell, ...]
    reasons: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class DoubtfulRows:
    heads: tuple[object, ...]
    rows: tuple[ShownRow, ...]
    more: int
    draft: bool  # the result goes in as a draft because of them


def doubtful_rows(parsed: ParsedFile) -> DoubtfulRows | None:
    """The rows of a file with doubtful cells, None without any."""
    cells: dict[tuple[int | None, str], list[DoubtfulCell]] = defaultdict(list)
    for cell in parsed.cells:
        cells[cell.line, cell.number].append(cell)
    if not cells:
        return None
    records = {(row.line, row.number): row for one in parsed.sessions for row in one.classification or ()}
    shown = [_row(line, number, found, records.get((line, number))) for (line, number), found in cells.items()]
    draft = any(not one.released for one in parsed.sessions)
    return DoubtfulRows(tuple(LABELS.values()), tuple(shown[:MOST_ROWS]), max(len(shown) - MOST_ROWS, 0), draft)


def _row(line: int | None, number: str, found: list[DoubtfulCell], record: RowRecord | None) -> ShownRow:
    marked = {_SHOWN_AS.get(cell.field, cell.field) for cell in found}
    texts = {field: write(record) for field, write in _WRITE.items()} if record is not None else {"number": number}
    return ShownRow(
        line,
        tuple(ShownCell(texts.get(field, ""), field in marked) for field in LABELS),
        tuple(dict.fromkeys(cell.reason for cell in found)),
    )


def _position(row: RowRecord) -> str:
    return str(row.position or "") if row.status == CLASSIFIED else print_status(row.status)


def _gap(row: RowRecord) -> str:
    if row.gap_ms is None and row.gap_laps is None:
        return ""
    return format_gap(Gap(ms=row.gap_ms, laps=row.gap_laps))


def _time(ms: int | None) -> str:
    return "" if ms is None else format_lap_time(ms)


_WRITE: dict[str, Callable[[RowRecord], str]] = {
    "number": lambda row: row.number,
    "position": _position,
    "class_position": lambda row: str(row.class_position or ""),
    "driver": lambda row: ", ".join(f"{one.first_name} {one.last_name}".strip() for one in row.drivers),
    "laps": lambda row: "" if row.laps is None else str(row.laps),
    "total": lambda row: _time(row.total_ms),
    "gap": _gap,
    "best_lap": lambda row: _time(row.best_lap_ms),
}
