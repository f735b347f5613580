"""Titles: who leads the final table, and whether a title is still open."""

from __future__ import annotations

from articles.factcheck.claim import Claim, ClaimType
from articles.factcheck.entrants import is_entrant, is_meant, rows_of
from articles.factcheck.sheet import FactSheet, Table
from articles.factcheck.verdict import Evidence, Verdict, confirmed, contradicted, uncheckable
from results.names import fold

TYPES = (ClaimType.TITLE,)
_IN_CLAUSE = 3  # level of what the clause itself says


def check(claim: Claim, sheet: FactSheet) -> Verdict:
    if claim.hint == "open":
        tables = [table for table in sheet.tables if not table.is_final]
        if tables:
            return confirmed(Evidence(tables[0].name, "", "Stand", f"nach {tables[0].after}, nicht der letzte"))
        return uncheckable("Ob der Titel vergeben ist, steht nicht in den Daten.")
    final = [(table, row) for table, row in rows_of(claim.subject, sheet) if table.is_final and _is_meant(claim, table)]
    for table, row in final:
        if row.position == 1:
            return confirmed(Evidence(table.name, row.entrant, "Rang", "1"))
    subject = claim.subject
    is_named = bool(subject.people or subject.car) or is_entrant(claim, final)
    if final and is_named and not claim.hint and subject.is_plain and subject.level > 1:
        table, row = final[0]
        leader = table.rows[0].entrant
        return contradicted(
            Evidence(table.name, leader, "Rang", f"{leader} auf Rang 1, {row.entrant} auf Rang {row.position}"),
            "Titelgewinn",
        )
    return uncheckable("Ob der Titel vergeben ist, steht nicht in den Daten.")


def _is_meant(claim: Claim, table: Table) -> bool:
    """Whether the table is of the kind and of the class that the words name; a class nobody tells apart is any."""
    if claim.among and not is_meant(claim, table):
        return False
    name = claim.scene.class_name if claim.scene.class_level >= _IN_CLAUSE else ""
    return not name or fold(name) in fold(table.name) or not any(map(str.isupper, name))
