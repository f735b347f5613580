"""What differs between two versions of a classification, cell by cell."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from django.utils.translation import gettext as _

from results.importers.status import STATUSES
from results.models import Classification, ClassificationRow, Entry
from results.notation import Gap, format_gap, format_lap_time

Cell = int | str | list[int | None] | list[str] | None

# The cells that make a line; its place on the page follows from them.
CELLS = (
    "position", "class_position", "status", "laps", "total_ms", "gap_ms", "gap_laps", "best_lap_ms",
    "best_lap_number", "grid", "penalty_ms", "penalty_laps", "part_times_ms",
)  # fmt: skip
WHOLE_ROW = "row"  # the column of a change that says: this car has come, or has gone

LineKey = tuple[str, int]  # label of the car at its event, line of that car


@dataclass(frozen=True, slots=True)
class CellChange:
    """One cell of a classification before and after.

    `entry` is the car's number, empty for the classification as a whole (`state`, `is_complete`). `column` is a field
    of ClassificationRow or of Entry, `crew`, or WHOLE_ROW, whose values are the position or status of a car that has
    come (`before` is None) or gone (`after` is None). Times are integer milliseconds.
    """

    entry: str
    column: str
    before: Cell
    after: Cell

    def __str__(self) -> str:
        car = f"#{self.entry} " if self.entry else ""
        return f"{car}{column_label(self.column)}: {cell_in_words(self.column, self.before)} → {cell_in_words(self.column, self.after)}"


def cells_of(row: ClassificationRow) -> dict[str, Cell]:
    return {name: getattr(row, name) for name in CELLS}


def lines_of(classification: Classification | None) -> dict[LineKey, ClassificationRow]:
    """The rows of a version by car, with their entries at hand; one query."""
    if classification is None or classification.pk is None:
        return {}
    rows = classification.rows.select_related("session_entry__entry").order_by("display_order")
    return {(row.session_entry.entry.label, row.line): row for row in rows}


def compare_lines(
    before: Mapping[LineKey, ClassificationRow], after: Mapping[LineKey, ClassificationRow]
) -> list[CellChange]:
    """Every cell that differs; the order of the lines is none of them."""
    changes = []
    for key, row in after.items():
        old = before.get(key)
        if old is None:
            changes.append(CellChange(key[0], WHOLE_ROW, None, place_of(row)))
            continue
        mine, its = cells_of(row), cells_of(old)
        changes += [CellChange(key[0], name, its[name], mine[name]) for name in CELLS if its[name] != mine[name]]
    gone = [row for key, row in before.items() if key not in after]
    return changes + [CellChange(row.session_entry.entry.label, WHOLE_ROW, place_of(row), None) for row in gone]


def compare_heads(before: Classification, after: Classification) -> list[CellChange]:
    """What differs in the versions as a whole."""
    return [
        CellChange("", name, getattr(before, name), getattr(after, name))
        for name in ("state", "is_complete", "part_names")
        if getattr(before, name) != getattr(after, name)
    ]


def compare_versions(before: Classification | None, after: Classification) -> tuple[CellChange, ...]:
    """Every difference between two stored versions; against nothing, none."""
    if before is None:
        return ()
    return (*compare_heads(before, after), *compare_lines(lines_of(before), lines_of(after)))


def place_of(row: ClassificationRow) -> Cell:
    return row.position if row.position is not None else row.status


def summary(changes: Iterable[CellChange], *, limit: int = 12) -> str:
    """The first changes as one line of text."""
    listed = list(changes)
    more = _(" and %(number)s more") % {"number": len(listed) - limit} if len(listed) > limit else ""
    return "; ".join(str(change) for change in listed[:limit]) + more


def column_label(column: str) -> str:
    """What a column is called in the newsroom."""
    if column == WHOLE_ROW:
        return _("line of the result")
    if column == "crew":
        return _("crew")
    for model in (ClassificationRow, Classification, Entry):
        names = {field.name: field for field in model._meta.get_fields() if hasattr(field, "verbose_name")}
        if column in names:
            return str(names[column].verbose_name)
    return column


def cell_in_words(column: str, value: Cell) -> str:
    """A cell as a person reads it: `1:46,250`, `+1 Rd.`, `ausgefallen`, a dash for nothing."""
    if value in (None, "", []):
        return "–"
    if isinstance(value, list):
        return " / ".join(part if isinstance(part, str) else format_lap_time(part) if part else "–" for part in value)
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if isinstance(value, int):
        return _number_in_words(column, value)
    if column == "state":
        return str(Classification.State(value).label)
    return STATUSES[value].german if value in STATUSES else value


def _number_in_words(column: str, value: int) -> str:
    if column == "gap_ms":
        return format_gap(Gap(ms=value))
    if column == "gap_laps":
        return format_gap(Gap(laps=value))
    if column.endswith("_ms"):
        return format_lap_time(value) if value else "–"
    return str(value)
