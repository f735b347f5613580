"""A proposed result beside the one that readers see, as cells of a table: who moved, what changed, which place is free."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from django.utils.translation import gettext as _

from results.chain_lines import by_key
from results.differences import cell_in_words, column_label
from results.models import ClassificationRow, Decision
from results.proposal import Proposal, in_words

COLUMNS = (
    "position", "class_position", "laps", "total_ms", "gap", "best_lap_ms", "part_times_ms", "penalty_ms",
    "penalty_laps",
)  # fmt: skip
ALWAYS = frozenset({"position"})


@dataclass(frozen=True, slots=True)
class Cell:
    """A cell in words; `before` is empty where nothing changed."""

    column: str
    now: str
    before: str = ""

    @property
    def is_changed(self) -> bool:
        return bool(self.before)


@dataclass(frozen=True, slots=True)
class TableLine:
    """One car, or a place that stays free (`car` empty). `move` is up, down, out, back or nothing."""

    car: str
    team: str = ""
    move: str = ""
    cells: Sequence[Cell] = ()
    why: Sequence[str] = field(default_factory=tuple)

    @property
    def said(self) -> str:
        """What the arrow says, for those who do not see it."""
        words = {
            "up": _("moves up"),
            "down": _("falls back"),
            "out": _("out of the result"),
            "back": _("back in the result"),
        }
        return words.get(self.move, "")


@dataclass(frozen=True, slots=True)
class ProposalTable:
    heads: Sequence[str]
    lines: Sequence[TableLine]


def table_of(proposal: Proposal) -> ProposalTable:
    """The lines in their new order with every cell that differs from what readers see; columns nobody fills are left out."""
    before = by_key(proposal.before)
    columns = [
        name
        for name in COLUMNS
        if name in ALWAYS or any(_value(row, name) for row in (*proposal.before, *proposal.rows))
    ]
    why = _reasons(proposal)
    lines = [
        TableLine(
            car=row.session_entry.entry.label,
            team=str(row.session_entry.entry.team or ""),
            move=_move(before.get((row.session_entry_id, row.line)), row),
            cells=[_cell(name, before.get((row.session_entry_id, row.line)), row) for name in columns],
            why=why.get((row.session_entry_id, row.line), ()),
        )
        for row in proposal.rows
    ]
    return ProposalTable([_head(name) for name in columns], _with_vacant(lines, proposal.rows))


def grid_table_of(proposal: Proposal) -> ProposalTable | None:
    """The starting grid that follows, beside the one that stands."""
    grid = proposal.grid
    if grid is None:
        return None
    places = {change.entry: change.before for change in grid.changes if change.column == "position"}
    lines = []
    for row in grid.rows:
        label, now = row.session_entry.entry.label, cell_in_words("position", row.position)
        old = places.get(label)
        move = "" if old is None else ("up" if int(str(old)) > (row.position or 0) else "down")
        cell = Cell("position", now, cell_in_words("position", old) if label in places else "")
        lines.append(TableLine(label, str(row.session_entry.entry.team or ""), move, [cell]))
    return ProposalTable([_head("position")], lines)


def _head(name: str) -> str:
    return _("gap") if name == "gap" else column_label(name)


def _value(row: ClassificationRow, name: str) -> object:
    return (row.gap_ms is not None or row.gap_laps is not None) if name == "gap" else getattr(row, name)


def _words(row: ClassificationRow, name: str) -> str:
    if name == "position" and row.position is None:
        return cell_in_words("status", row.status)
    if name == "gap":
        return cell_in_words("gap_laps", row.gap_laps) if row.gap_laps else cell_in_words("gap_ms", row.gap_ms)
    if name in {"penalty_ms", "penalty_laps"} and not getattr(row, name):
        return "–"
    return cell_in_words(name, getattr(row, name))


def _cell(name: str, before: ClassificationRow | None, row: ClassificationRow) -> Cell:
    now = _words(row, name)
    was = _words(before, name) if before is not None else now
    return Cell(name, now, was if was != now else "")


def _move(before: ClassificationRow | None, row: ClassificationRow) -> str:
    was = before.position if before is not None else None
    if was is not None and row.position is None:
        return "out"
    if was is None and row.position is not None:
        return "back"
    if was is None or row.position is None or was == row.position:
        return ""
    return "up" if row.position < was else "down"


def _reasons(proposal: Proposal) -> Mapping[tuple[int, int], list[str]]:
    """By line the decisions without which it would read otherwise, the car's own ones only: others move by themselves."""
    named: dict[object, Decision] = {one.pk: one for one in (*proposal.computed, *proposal.contained, *proposal.fallen)}
    found: dict[tuple[int, int], list[str]] = {}
    for key, lines in proposal.effects.items():
        decision = named.get(key)
        for car, line in lines:
            if decision is not None and decision.session_entry_id == car:
                found.setdefault((car, line), []).append(in_words(decision))
    return found


def _with_vacant(lines: Sequence[TableLine], rows: Sequence[ClassificationRow]) -> list[TableLine]:
    """The lines with one for each place that nobody has; of an excerpt nobody knows who has it."""
    taken = {row.position for row in rows if row.position is not None}
    if not rows or not rows[0].classification.is_complete:
        return list(lines)
    shared = _behind_shared(rows)
    found: list[TableLine] = []
    last = 0
    for line, row in zip(lines, rows, strict=True):
        if row.position is not None:
            free = [place for place in range(last + 1, row.position) if place not in taken and place not in shared]
            found += [TableLine("", move="vacant", cells=[Cell("position", str(place))]) for place in free]
            last = max(last, row.position)
        found.append(line)
    return found


def _behind_shared(rows: Iterable[ClassificationRow]) -> set[int]:
    """The places that are left out because cars before them share one."""
    cars: dict[int, set[int]] = {}
    for row in rows:
        if row.position is not None:
            cars.setdefault(row.position, set()).add(row.session_entry_id)
    return {place + behind for place, sharing in cars.items() for behind in range(1, len(sharing))}
