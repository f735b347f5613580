"""Second thoughts on a contradiction: whether the words, understood a little otherwise, agree with the sheet.

A false alarm costs more than a missed error. So whatever is about to be called wrong is asked once more as a claim about
the other cars its sentence speaks of, about the other sessions where the sentence names none, as a place in the table,
as laps done instead of laps lost. Where one of these agrees, there are two readings, and the claim stays open.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from articles.factcheck.checks import checks
from articles.factcheck.claim import TABLE, Claim, ClaimType, Subject
from articles.factcheck.sheet import FactSheet, Session
from articles.factcheck.verdict import TWO_READINGS, Evidence, Judgement, Verdict, uncheckable

_PLACES = frozenset({ClaimType.POSITION, ClaimType.CLASS_POSITION, ClaimType.GRID_POSITION})
_RECONSIDERED = _PLACES | {
    ClaimType.STATUS, ClaimType.LAPS_COMPLETED, ClaimType.GAP_LAPS, ClaimType.GAP_TIME, ClaimType.LAP_TIME,
    ClaimType.POINTS, ClaimType.POINTS_GAP,
}  # fmt: skip
_MEASURED = frozenset({ClaimType.GAP_TIME, ClaimType.LAP_TIME, ClaimType.LAPS_COMPLETED, ClaimType.GAP_LAPS})
_OF_RACES = frozenset({ClaimType.STATUS, ClaimType.LAPS_COMPLETED, ClaimType.GAP_LAPS})
_SAID = 3  # level of what the clause itself says
_MOST_CARS = 8
_MOST_SESSIONS = 12


def reconsider(claim: Claim, verdict: Verdict, sheet: FactSheet, told: frozenset[Evidence] = frozenset()) -> Verdict:
    """The verdict, or an open one where another reading of the claim agrees with the sheet.

    `told`: what other claims of the passage say and the sheet confirms.
    """
    if verdict.judgement is not Judgement.CONTRADICTED or claim.type not in _RECONSIDERED:
        return verdict
    if (
        claim.hint in {"pole", "fastest"}
        and claim.type is ClaimType.LAP_TIME
        and _is_first(claim, verdict.evidence, sheet)
    ):
        return verdict  # nobody else took that pole
    known = checks()
    is_told = verdict.evidence in told  # then this place of the car is another session's, whichever it is
    for other in _readings(claim, sheet, frozenset(evidence.source for evidence in told), is_any=is_told):
        found = known[other.type](other, sheet)
        if claim.type is ClaimType.LAP_TIME and found.evidence.car != f"#{other.subject.car}":
            continue  # a lap of somebody else again
        if claim.type is ClaimType.GAP_TIME and not _is_gap_in_mind(found.evidence, claim, other, sheet):
            continue  # as far apart as two cars of which one is in nobody's mind
        if claim.type in _OF_RACES and _is_elsewhere(found.evidence, claim):
            continue  # true of another car in another race
        is_taken = other.subject is not claim.subject and claim.type in _PLACES and found.evidence in told
        if found.judgement is Judgement.CONFIRMED and not is_taken:  # nobody says the same of one car twice
            return uncheckable(TWO_READINGS, found.evidence)
    return verdict


def _is_first(claim: Claim, evidence: Evidence, sheet: FactSheet) -> bool:
    """Whether the car spoken of was the fastest of the session a value stands in, overall or of its class."""
    rows = [one.by_number.get(claim.subject.car or "") for one in sheet.run if one.name == evidence.source]
    return any(row is not None and 1 in {row.position, row.class_position} for row in rows)


def _is_gap_in_mind(evidence: Evidence, claim: Claim, other: Claim, sheet: FactSheet) -> bool:
    """Whether both cars of a gap are named around the claim, or are the first, overall or of their class."""
    session = next((one for one in sheet.run if one.name == evidence.source), None)
    first = session.by_position.get(1) if session else None
    kinds = {one.kind for one in claim.scene.sessions}
    is_swapped = other.subject.car in claim.rival.cars and claim.rival.level > 1
    if is_swapped and session and (session.kind in kinds or session.kind not in claim.scene.told):
        return False  # the other of two is as far from the one
    if claim.hint == "leader" and first and first.number == other.subject.car:
        return False  # nobody is behind himself
    spoken = {*claim.subject.cars, *claim.rival.cars, *claim.near}
    is_told = bool(claim.rival.car) and claim.rival.level > 1  # then nobody counts from the winner
    for car in evidence.car.replace("#", "").split("–"):
        row = session.by_number.get(car) if session else None
        if car not in spoken and (is_told or not row or 1 not in {row.position, row.class_position}):
            return False
    return True


def _is_elsewhere(evidence: Evidence, claim: Claim) -> bool:
    """Whether a value stands in another session than the one that the sentence itself speaks of."""
    sessions = claim.scene.sessions
    return claim.scene.level > 1 and len(sessions) == 1 and evidence.source != sessions[0].name


def _readings(claim: Claim, sheet: FactSheet, sources: frozenset[str], *, is_any: bool) -> Iterator[Claim]:
    yield from (replace(claim, subject=Subject((car,), 2)) for car in _others(claim))
    if claim.scene.level < _SAID and claim.type in _PLACES and claim.hint != "table":
        day = claim.scene.day
        for session in [one for one in sheet.run if day is None or day in one.days][:_MOST_SESSIONS]:
            if not is_any and _is_out_of_mind(claim, session, sources):
                continue
            yield replace(claim, scene=replace(claim.scene, sessions=(session,), level=_SAID))
    if claim.type is ClaimType.POSITION and claim.hint != "table" and _may_count_points(claim, sheet, sources):
        yield replace(claim, hint="table")
    if claim.type is ClaimType.GAP_LAPS:  # `neun Umläufe hinter sich`
        yield replace(claim, type=ClaimType.LAPS_COMPLETED)


def _others(claim: Claim) -> list[str]:
    """Who else may be meant: those of the sentence, and where no person of it is meant for certain those before, too."""
    if claim.subject.is_plain:
        return []
    is_named = claim.subject.level > 1 and bool(claim.subject.people) and not claim.subject.is_doubted
    cars = claim.here if is_named and claim.type in _PLACES | _MEASURED else claim.near
    return [car for car in cars[:_MOST_CARS] if car not in claim.subject.cars]


def _is_out_of_mind(claim: Claim, session: Session, sources: frozenset[str]) -> bool:
    """Whether a passage that tells a race speaks neither of the qualifying nor of anything that is true there."""
    scene = claim.scene
    is_of_race = bool(scene.sessions) and scene.level > 0 and all(one.is_race for one in scene.sessions)
    if is_of_race and session.is_race and len(scene.sessions) == 1:
        return scene.sessions[0].name in sources and session.name not in sources
    return is_of_race and not session.is_race and session.kind not in scene.told and session.name not in sources


def _may_count_points(claim: Claim, sheet: FactSheet, sources: frozenset[str]) -> bool:
    """Whether a place may be one in a table: points, a championship or something that stands in one are spoken of."""
    is_told = TABLE in claim.scene.told or claim.scene.in_table or any(table.name in sources for table in sheet.tables)
    return bool(sheet.tables) and is_told and claim.scene.level < _SAID
