"""Points of a driver, crew or team in a table."""

from __future__ import annotations

from decimal import Decimal

from articles.factcheck.claim import Claim, ClaimType
from articles.factcheck.entrants import rows_of
from articles.factcheck.sheet import FactSheet
from articles.factcheck.verdict import Evidence, Reading, Verdict, decide

TYPES = (ClaimType.POINTS,)
_FEW = 10


def check(claim: Claim, sheet: FactSheet) -> Verdict:
    value = Decimal(str(claim.value))
    strong = [
        Reading(row.points, Evidence(table.name, row.entrant, "Punkte", _shown(row.points)), row.points == value)
        for table, row in rows_of(claim.subject, sheet)
    ]
    weak = [] if claim.subject.level > 1 else [
        Reading(row.points, Evidence(table.name, row.entrant, "Punkte", _shown(row.points)), row.points == value)
        for table in sheet.tables
        for row in table.rows
    ]  # fmt: skip
    weak += [
        Reading(gap, Evidence(table.name, row.entrant, "Abstand", _shown(gap)), gap == value)
        for table, row in rows_of(claim.subject, sheet)
        for gap in (abs(row.points - other.points) for other in table.rows if other is not row)
    ]  # `mit 19 Punkten vor Frijns` may be a distance
    subject = claim.subject
    is_known = subject.car is not None or bool(subject.people)
    is_sure = (
        not claim.scene.is_interim
        and is_known
        and value > _FEW
        and (subject.level > 1 or any(_is_slip(value, reading) for reading in strong))
    )
    return decide(claim, strong, weak, is_sure=is_sure, said=_shown(value), is_exact=True)


def _is_slip(value: Decimal, reading: Reading) -> bool:
    """One digit changed or two swapped."""
    one, other = str(value), str(reading.truth)
    return len(one) == len(other) and (
        sorted(one) == sorted(other) or sum(a != b for a, b in zip(one, other, strict=True)) == 1
    )


def _shown(points: Decimal) -> str:
    return f"{points.normalize():f} Punkte".replace(".", ",")
