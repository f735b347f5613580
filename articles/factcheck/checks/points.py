"""Points of a driver, crew or team in a table."""

from __future__ import annotations

from decimal import Decimal

from articles.factcheck.claim import Claim, ClaimType, Subject
from articles.factcheck.entrants import is_entrant, is_meant, is_stale, rows_for, tables_of
from articles.factcheck.measuring import are_swapped
from articles.factcheck.sheet import FactSheet, Table, TableRow
from articles.factcheck.verdict import Evidence, Reading, Verdict, contradicted, decide

TYPES = (ClaimType.POINTS,)
_FEW = 10
_NAMED = 2  # level of a subject


def check(claim: Claim, sheet: FactSheet) -> Verdict:
    value = Decimal(str(claim.value))
    subject = claim.subject
    own = rows_for(claim, sheet)
    other = _of_another_rank(claim, value, own, sheet)
    if other:
        return contradicted(other.evidence, _shown(value))
    strong = [_reading(table, row, value) for table, row in own]
    rivals = rows_for(claim, sheet, claim.rival) if claim.rival.cars else []
    weak = [
        Reading(gap, Evidence(table.name, row.entrant, "Abstand", _shown(gap)), gap == value)
        for table, row in own
        for gap in (abs(row.points - other.points) for other in _partners(table, rivals) if other is not row)
    ]  # `mit 19 Punkten vor Frijns` may be a distance, and then it is that to him
    if subject.level < _NAMED or not own:
        weak += [_reading(table, row, value) for table in tables_of(claim, sheet) for row in table.rows]
    slip = _slip(claim, value, strong, weak, sheet) if claim.hint != "loose" else None
    if slip:
        return contradicted(slip.evidence, _shown(value))
    is_sure = (
        not is_stale(claim, sheet)
        and claim.hint != "loose"  # perhaps what one race gave
        and (_is_one(claim) or is_entrant(claim, own))
        and value > _FEW
        and subject.level >= _NAMED
    )
    return decide(claim, strong, weak, is_sure=is_sure, said=_shown(value), is_exact=True)


def _partners(table: Table, rivals: list[tuple[Table, TableRow]]) -> list[TableRow]:
    """Those of the table a distance may be measured to: the rival where the table holds him, else anybody."""
    return [row for mate, row in rivals if mate is table] or list(table.rows)


def _reading(table: Table, row: TableRow, value: Decimal) -> Reading:
    return Reading(row.points, Evidence(table.name, row.entrant, "Punkte", _shown(row.points)), row.points == value)


def _of_another_rank(
    claim: Claim, value: Decimal, own: list[tuple[Table, TableRow]], sheet: FactSheet
) -> Reading | None:
    """`führt mit 118`, `mit 118 Zählern Erster`: the points of another line of the table, or those of the right one with a slip."""
    if not claim.hint.startswith("rank ") or value <= _FEW or not claim.is_judged or is_stale(claim, sheet):
        return None
    rank = int(claim.hint.removeprefix("rank "))
    tables = [table for table in tables_of(claim, sheet) if is_meant(claim, table)]
    if any(row.points == value for _table, row in own):
        return None  # his points they are; whether the rank is right is another question
    ranked = [(table, row) for table in tables for row in table.rows if row.position == rank]
    if any(row.points == value for _table, row in ranked):
        return None
    named = {row.entrant for _table, row in own}
    ranked = [(table, row) for table, row in ranked if row.entrant in named] or ranked
    others = {table for table in tables if any(row.points == value for row in table.rows)}
    readings = [_reading(table, row, value) for table, row in ranked]
    beside = next((one for (table, _row), one in zip(ranked, readings, strict=True) if table in others), None)
    slip = next((one for one in readings if _is_slip(value, one)), None) if own else None
    return beside or slip


def _slip(claim: Claim, value: Decimal, strong: list[Reading], weak: list[Reading], sheet: FactSheet) -> Reading | None:
    """One digit changed or two swapped, where nobody has what is said; where it is not known whose, of those who are named."""
    if value <= _FEW or claim.subject.is_doubted or any(reading.agrees for reading in strong):
        return None
    if any(reading.agrees for reading in weak):
        is_other = strong and not any(_is_near(claim, reading, sheet) for reading in weak if reading.agrees)
        is_meant = claim.subject.level >= _NAMED or claim.hint == "pronoun"
        return strong[0] if is_other and is_meant and _is_one(claim) else _swapped(value, strong)
    if strong:
        return next((reading for reading in strong if _is_slip(value, reading)), None)
    near = [row for car in claim.near[:4] for row in rows_for(claim, sheet, Subject((car,), 1))]
    readings = [_reading(table, row, value) for table, row in dict.fromkeys(near)]
    swapped = [reading for reading in readings if are_swapped(str(value), str(reading.truth))]
    return swapped[0] if len(swapped) == 1 else None


def _swapped(value: Decimal, readings: list[Reading]) -> Reading | None:
    return next((reading for reading in readings if are_swapped(str(value), str(reading.truth))), None)


def _is_one(claim: Claim) -> bool:
    return claim.subject.car is not None or bool(claim.subject.people)


def _is_near(claim: Claim, reading: Reading, sheet: FactSheet) -> bool:
    """Whether the one who has as many points is spoken of here: then he may be meant. A distance is nobody's."""
    if reading.evidence.column != "Punkte":
        return True
    others = [car for car in claim.near if car not in claim.rival.cars]
    near = {row.entrant for car in others for _table, row in rows_for(claim, sheet, Subject((car,), 1))}
    return reading.evidence.car in near


def _is_slip(value: Decimal, reading: Reading) -> bool:
    """One digit changed or two swapped."""
    one, other = str(value), str(reading.truth)
    return len(one) == len(other) and (
        sorted(one) == sorted(other) or sum(a != b for a, b in zip(one, other, strict=True)) == 1
    )


def _shown(points: Decimal) -> str:
    return f"{points.normalize():f} Punkte".replace(".", ",")
