"""What the stewards decided about a result that a file replaces: which decisions the new lines hold, which they lack."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from results.chain_lines import as_line, rows_of_version, rulings_of
from results.models import Classification, ClassificationRow, Decision
from results.proposal import counts, decisions_of, fallen_of, propose
from results.refusal import ReleaseRefused
from results.rulings import Line
from results.rulings.holding import held


@dataclass(frozen=True, slots=True)
class Decided:
    """`held` are the decisions that the new lines hold, `arrived` those of them that did not stand before, `missing` those
    that stood before and that the new lines do not hold.
    """

    held: list[Decision] = field(default_factory=list)
    arrived: list[Decision] = field(default_factory=list)
    missing: list[Decision] = field(default_factory=list)


def decided_of(base: Classification, rows: Iterable[ClassificationRow], *, is_complete: bool) -> Decided:
    """Asked of the lines that are to follow `base`; cars that are new with them have no decision."""
    entered = decisions_of(base.session, base.checkpoint)
    fallen = fallen_of(entered)
    standing = [one for one in entered if counts(one) and one.pk not in fallen]
    if not standing:
        return Decided()
    punished = {one.session_entry_id for one in standing}
    new = [as_line(row) for row in rows if row.session_entry.pk in punished]
    inside = {one.decision_id: one.is_computed for one in base.applied.all()}
    shown = _by_car(rows_of_version(base))
    bare = _by_car(rows_of_version(base.base)) if base.base is not None else shown

    def asked(those: list[Decision], ruled: dict[int, Line], without: dict[int, Line] | None) -> set[object]:
        return set(held(rulings_of(those), new, ruled=ruled, bare=without, is_complete=is_complete)) if those else set()

    waiting = [one for one in standing if one.pk not in inside]
    found = (
        asked([one for one in standing if inside.get(one.pk) is True], shown, bare)
        | asked([one for one in standing if inside.get(one.pk) is False], shown, None)
        | asked(waiting, _with_all(base) if waiting else {}, shown)
    )
    return Decided(
        held=[one for one in standing if one.pk in found],
        arrived=[one for one in waiting if one.pk in found],
        missing=[one for one in standing if one.pk in inside and one.pk not in found],
    )


def _with_all(base: Classification) -> dict[int, Line]:
    """The lines as they would read with every decision; nothing where a draft is followed or one cannot be worked in."""
    if not base.is_current:
        return {}
    try:
        return _by_car(propose(base.session, base.checkpoint).rows)
    except ReleaseRefused:
        return {}


def _by_car(rows: Iterable[ClassificationRow]) -> dict[int, Line]:
    """The first line of each car."""
    lines: dict[int, Line] = {}
    for row in rows:
        lines.setdefault(row.session_entry_id, as_line(row))
    return lines
