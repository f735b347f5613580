"""Titles: who leads the final table, and whether a title is still open."""

from __future__ import annotations

from articles.factcheck.claim import Claim, ClaimType
from articles.factcheck.entrants import rows_of
from articles.factcheck.sheet import FactSheet
from articles.factcheck.verdict import Evidence, Verdict, confirmed, contradicted, uncheckable

TYPES = (ClaimType.TITLE,)


def check(claim: Claim, sheet: FactSheet) -> Verdict:
    if claim.hint == "open":
        tables = [table for table in sheet.tables if not table.is_final]
        if tables:
            return confirmed(Evidence(tables[0].name, "", "Stand", f"nach {tables[0].after}, nicht der letzte"))
        return uncheckable("Ob der Titel vergeben ist, steht nicht in den Daten.")
    rows = rows_of(claim.subject, sheet)
    for table, row in rows:
        if table.is_final and row.position == 1:
            return confirmed(Evidence(table.name, row.entrant, "Rang", "1"))
    final = [(table, row) for table, row in rows if table.is_final]
    is_plain = not claim.hint and not claim.scene.is_interim and claim.subject.is_plain
    if final and is_plain and claim.subject.level > 1 and (claim.subject.people or claim.subject.car):
        table, row = final[0]
        leader = table.rows[0].entrant
        return contradicted(
            Evidence(table.name, leader, "Rang", f"{leader} auf Rang 1, {row.entrant} auf Rang {row.position}"),
            "Titelgewinn",
        )
    return uncheckable("Ob der Titel vergeben ist, steht nicht in den Daten.")
