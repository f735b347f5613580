"""Between stored rows of a classification and the lines that the arithmetic of the stewards works on."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from results.deletions import Clue, deleted_of
from results.models import Classification, ClassificationRow, Decision, Lap, LapDeletion
from results.rulings import COLUMNS, Line, Ruling
from results.stints import DrivenLap, best_of

LineKey = tuple[int, int]  # key of the session entry, line of that car


def rows_of_version(classification: Classification) -> list[ClassificationRow]:
    """The rows in printed order with car and class at hand; one query."""
    rows = classification.rows.select_related("session_entry__entry__racing_class", "session_entry__entry__team")
    return list(rows.order_by("display_order"))


def as_line(row: ClassificationRow) -> Line:
    """A stored row as the arithmetic sees it."""
    entry = row.session_entry.entry
    cells = {name: getattr(row, name) for name in COLUMNS if name != "part_times_ms"}
    return Line(
        car=row.session_entry_id,
        line=row.line,
        label=f"#{entry.label}",
        racing_class=entry.racing_class.slug if entry.racing_class else "",
        part_times_ms=tuple(row.part_times_ms) if row.part_times_ms is not None else None,
        **cells,
    )


def as_rows(
    lines: Iterable[Line], rows: Sequence[ClassificationRow], version: Classification
) -> list[ClassificationRow]:
    """New rows of `version` in the order of the lines; what the arithmetic does not know is that of `rows`."""
    known = {(row.session_entry_id, row.line): row for row in rows}
    made = []
    for order, line in enumerate(lines, start=1):
        was = known[line.key]
        cells = {name: getattr(line, name) for name in COLUMNS if name != "part_times_ms"}
        made.append(
            ClassificationRow(
                classification=version,
                session_entry=was.session_entry,
                line=line.line,
                display_order=order,
                printed_status=was.printed_status if line.status == was.status else "",
                grid=was.grid,
                part_times_ms=list(line.part_times_ms) if line.part_times_ms is not None else None,
                **cells,
            )
        )
    return made


def rulings_of(decisions: Iterable[Decision], *, lifted: Iterable[Decision] = ()) -> list[Ruling]:
    """The decisions about cars as rulings; `lifted` are those that the lines hold and that no longer stand."""
    found = [_ruling(one, is_lifted=False) for one in decisions if one.session_entry_id is not None]
    return found + [_ruling(one, is_lifted=True) for one in lifted if one.session_entry_id is not None]


def _ruling(decision: Decision, *, is_lifted: bool) -> Ruling:
    deleted_ms, deleted_lap, best_ms, best_lap = None, None, decision.next_best_ms, None
    if decision.kind == Decision.Kind.LAP_DELETED:
        deleted_ms, deleted_lap, stored = _after_deletion(decision)
        if stored is not None:
            best_ms, best_lap = stored.time_ms, stored.number
    return Ruling(
        key=decision.pk,
        kind=decision.kind,  # type: ignore[arg-type]  # a check constraint holds it to the kinds
        car=decision.session_entry_id or 0,
        amount=decision.amount,
        leaves_vacant=decision.leaves_vacant,
        deleted_ms=deleted_ms,
        deleted_lap=deleted_lap,
        next_best_ms=best_ms,
        next_best_lap=best_lap,
        is_lifted=is_lifted,
    )


def _after_deletion(decision: Decision) -> tuple[int | None, int | None, DrivenLap | None]:
    """The time that went, the lap where it is one, and the best lap that counts then, as far as the laps are stored."""
    cells = ("number", "seat", "time_ms", "day_ms", "in_pit", "is_valid", "pit_ms")
    laps = [
        DrivenLap._make(lap)
        for lap in Lap.objects.filter(session_entry=decision.session_entry_id).order_by("number").values_list(*cells)
    ]
    standing = LapDeletion.objects.filter(session_entry=decision.session_entry_id, reversed_at__isnull=True)
    mine = [one for one in standing if one.decision_id == decision.pk]
    gone = deleted_of([_clue(one) for one in mine], [lap._replace(valid=True) for lap in laps])
    times = [lap.time_ms for lap in laps if lap.number in gone and lap.time_ms] + [
        one.lap_ms for one in mine if one.lap_ms
    ]
    best = best_of(laps, deleted_of([_clue(one) for one in standing], laps)) if laps and gone else None
    numbers = {one.lap for one in mine}
    return min(times, default=None), numbers.pop() if len(numbers) == 1 else None, best


def _clue(deletion: LapDeletion) -> Clue:
    return Clue(deletion.lap, deletion.lap_ms, deletion.day_ms)


def by_key(rows: Iterable[ClassificationRow]) -> Mapping[LineKey, ClassificationRow]:
    """The rows by car and line."""
    return {(row.session_entry_id, row.line): row for row in rows}
