"""Gaps in points: to the leader, to the next, to whomever the words name."""

from __future__ import annotations

from decimal import Decimal

from articles.factcheck.claim import Claim, ClaimType
from articles.factcheck.entrants import is_entrant, is_meant, is_stale, rows_for, tables_of
from articles.factcheck.sheet import FactSheet, Table, TableRow
from articles.factcheck.verdict import Evidence, Reading, Verdict, decide

TYPES = (ClaimType.POINTS_GAP,)
_FEW_TABLES = 3


def check(claim: Claim, sheet: FactSheet) -> Verdict:
    value = Decimal(str(claim.value))
    if claim.hint.startswith("top "):
        return _of_top(claim, value, int(claim.hint.removeprefix("top ")), sheet)
    own = rows_for(claim, sheet)
    rivals = rows_for(claim, sheet, claim.rival) if claim.rival.cars or claim.rival.people else []
    named = [
        _reading(table, row, other, value)
        for table, row in own
        for mate, other in rivals
        if mate is table and row is not other
    ]
    beside = [reading for table, row in own for reading in _beside(table, row, value, claim.hint)]
    to_leader = [_reading(table, row, table.rows[0], value) for table, row in own if row is not table.rows[0]]
    strong = to_leader if claim.hint == "leader" else named or beside
    is_told = claim.subject.level > 1 and claim.hint in {"lead", "behind", "leader"} and bool(own)
    weak = (
        []
        if named or is_told
        else [reading for table in tables_of(claim, sheet) for reading in _all(table, own, value)]
    )
    if rivals and (claim.subject.level == 1 or not named):  # whoever is meant, the other one is named
        weak = [reading for table, row in rivals for reading in _all(table, [(table, row)], value)]
    strong = [_roughly(reading, value) for reading in strong] if claim.op == "~" else strong
    subject = claim.subject
    leads = claim.hint == "lead" and any(row.position == 1 for _table, row in own)
    is_sure = (
        not is_stale(claim, sheet)
        and claim.hint != "former"
        and (subject.level > 1 or leads or (bool(named) and claim.rival.level > 1 and not subject.is_doubted))
        and (subject.car is not None or bool(subject.people) or bool(named) or is_entrant(claim, own))
        and (bool(named) or bool(claim.hint) or any(row.position == 1 for _table, row in own))
        and bool(own)
    )
    return decide(claim, strong, weak, is_sure=is_sure, said=_shown(value), is_exact=True)


def _roughly(reading: Reading, value: Decimal) -> Reading:
    """`gut 20 Punkte` of 20.5, `knapp 40` of 39: a round number, and at most one point beside."""
    is_near = reading.truth is not None and abs(Decimal(str(reading.truth)) - value) <= 1
    return reading._replace(agrees=True) if is_near else reading


def _of_top(claim: Claim, value: Decimal, count: int, sheet: FactSheet) -> Verdict:
    """How far the first few of a table lie apart; of which table is not said."""
    tables = [table for table in tables_of(claim, sheet) if 1 < count <= len(table.rows) and is_meant(claim, table)]
    readings = [_reading(table, table.rows[0], table.rows[count - 1], value) for table in tables]
    is_sure = not is_stale(claim, sheet) and len(tables) <= _FEW_TABLES
    return decide(claim, readings, [], is_sure=is_sure, said=_shown(value), is_exact=True)


def _shown(points: Decimal) -> str:
    return f"{points.normalize():f} Punkte".replace(".", ",")


def _reading(table: Table, one: TableRow, other: TableRow, value: Decimal) -> Reading:
    truth = abs(one.points - other.points)
    evidence = Evidence(table.name, f"{one.entrant} – {other.entrant}", "Abstand", _shown(truth))
    return Reading(truth, evidence, truth == value)


def _beside(table: Table, row: TableRow, value: Decimal, hint: str) -> list[Reading]:
    """To the leader and the one ahead, or to the one behind: what the words allow."""
    place = table.rows.index(row)
    ahead = [table.rows[0], *table.rows[max(place - 1, 0) : place]] if place else []
    behind = list(table.rows[place + 1 : place + 2])
    partners = behind if hint == "lead" or not ahead else ahead if hint == "behind" else ahead + behind
    return [_reading(table, row, other, value) for other in partners if other is not row]


def _all(table: Table, own: list[tuple[Table, TableRow]], value: Decimal) -> list[Reading]:
    """Anybody whom the sentence may have in mind: every pair with one of the subject's lines."""
    rows = [row for mate, row in own if mate is table] or list(table.rows[:3])
    return [_reading(table, row, other, value) for row in rows for other in table.rows if other is not row]
