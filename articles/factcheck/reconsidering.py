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
from articles.factcheck.sheet import RACE_KINDS, FactSheet, Session
from articles.factcheck.verdict import TWO_READINGS, Evidence, Judgement, Verdict, uncheckable

_PLACES = frozenset({ClaimType.POSITION, ClaimType.CLASS_POSITION, ClaimType.GRID_POSITION})
_RECONSIDERED = _PLACES | {
    ClaimType.STATUS, ClaimType.LAPS_COMPLETED, ClaimType.GAP_LAPS, ClaimType.GAP_TIME, ClaimType.LAP_TIME,
    ClaimType.POINTS, ClaimType.POINTS_GAP,
}  # fmt: skip
_MEASURED = frozenset({ClaimType.GAP_TIME, ClaimType.LAP_TIME, ClaimType.LAPS_COMPLETED, ClaimType.GAP_LAPS})
_OF_RACES = frozenset({ClaimType.STATUS, ClaimType.LAPS_COMPLETED, ClaimType.GAP_LAPS})
_SAID = 3  # level of what the clause itself says
_UNSURE_STARTS = frozenset({"from", "left"})
_STARTS = frozenset({"grid", "qualifying", "sprint"})
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
    sources = _spoken_of(claim, sheet, told)
    for other in _readings(claim, sheet, sources, is_any=is_told):
        found = known[other.type](other, sheet)
        if claim.type is ClaimType.LAP_TIME and found.evidence.car != f"#{other.subject.car}":
            continue  # a lap of somebody else again
        if claim.type is ClaimType.GAP_TIME and not _is_gap_in_mind(found.evidence, claim, other, sheet):
            continue  # as far apart as two cars of which one is in nobody's mind
        if claim.type in _OF_RACES and _is_elsewhere(found.evidence, claim):
            continue  # true of another car in another race
        is_other = other.subject is not claim.subject or claim.scene.level >= _SAID - 1
        is_taken = is_other and claim.type in _PLACES and found.evidence in told
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


def _spoken_of(claim: Claim, sheet: FactSheet, told: frozenset[Evidence]) -> frozenset[str]:
    """The sessions of which the passage says something true. A day names none, nor does a start its qualifying.

    But of a lone sentence (`Am Samstag wurde Fink Dritter`) nobody knows whether it speaks of the race.
    """
    races = {session.name for session in sheet.run if session.is_race}
    is_of_race = bool(claim.scene.told & RACE_KINDS) or any(
        one.column == "Startplatz" or (one.column != "Datum" and one.source in races) for one in told
    )
    is_said = claim.type is not ClaimType.GRID_POSITION and claim.scene.level > 1
    silent = ({"Datum", "Startplatz"} if is_said else {"Datum"}) if is_of_race else set[str]()
    return frozenset(evidence.source for evidence in told if evidence.column not in silent)


def _readings(claim: Claim, sheet: FactSheet, sources: frozenset[str], *, is_any: bool) -> Iterator[Claim]:
    yield from (replace(claim, subject=Subject((car,), 2)) for car in _others(claim))
    if claim.scene.level < _SAID and claim.type in _PLACES and claim.hint != "table":
        day = claim.scene.day
        for session in [one for one in sheet.run if day is None or day in one.days][:_MOST_SESSIONS]:
            if _is_never_meant(claim, session, sheet, sources):
                continue
            if not is_any and _is_out_of_mind(claim, session, sources):
                continue
            yield replace(claim, scene=replace(claim.scene, sessions=(session,), level=_SAID))
    if claim.type is ClaimType.POSITION and claim.hint != "table" and _may_count_points(claim, sheet, sources):
        yield replace(claim, hint="table")
    if claim.type is ClaimType.GAP_LAPS:  # `neun Umläufe hinter sich`
        yield replace(claim, type=ClaimType.LAPS_COMPLETED)


def _others(claim: Claim) -> list[str]:
    """Who else may be meant: those of the sentence, and where no person of it is meant for certain those before, too."""
    if claim.subject.is_plain or claim.hint.startswith("rank "):
        return []  # words that say the rank in the table mean that line
    is_one = bool(claim.subject.people) or claim.subject.car is not None
    is_named = claim.subject.level > 1 and is_one and not claim.subject.is_doubted
    is_meant = claim.type in _PLACES or (claim.type in _MEASURED and bool(claim.subject.people))
    cars = claim.here if is_named and is_meant else claim.near
    others = claim.rival.cars if claim.type is ClaimType.POINTS else ()  # `mit 60 Punkten hinter Breenan`
    return [car for car in cars[:_MOST_CARS] if car not in claim.subject.cars and car not in others]


def _is_never_meant(claim: Claim, session: Session, sheet: FactSheet, sources: frozenset[str]) -> bool:
    """A start is none from the place another race ended with; how a race stood after some hours must be spoken of."""
    is_timed = claim.scene.level > 1 and all(one.kind == "qualifying" for one in claim.scene.sessions)
    if is_timed and claim.scene.sessions and session.kind in ("practice", "warmup"):
        return session.name not in sources
    printed = sum(one.kind == "grid" for one in sheet.run)
    is_printed = printed > 0 and printed == sum(one.kind in {"race", "sprint"} for one in sheet.sessions)
    if claim.type is ClaimType.GRID_POSITION and is_printed and session.kind != "grid":
        return claim.hint not in _UNSURE_STARTS  # where a grid is printed nobody starts from where he qualified
    if claim.type is ClaimType.GRID_POSITION:
        return claim.hint not in _UNSURE_STARTS and session.kind not in _STARTS and bool(claim.scene.sessions)
    is_told = claim.scene.level > 0 or len(claim.scene.sessions) == 1
    if session.kind == "grid" and is_told and all(one.is_race for one in claim.scene.sessions):
        return True
    return session in sheet.checkpoints.values() and session.name not in sources and session not in claim.scene.sessions


def _is_out_of_mind(claim: Claim, session: Session, sources: frozenset[str]) -> bool:
    """Whether a passage that tells a race speaks neither of the qualifying nor of anything that is true there."""
    scene = claim.scene
    is_told = scene.level > 0 or len(scene.sessions) == 1
    is_of_race = bool(scene.sessions) and is_told and all(one.is_race for one in scene.sessions)
    if is_of_race and session.kind == "sprint" and "sprint" not in scene.told:
        return session.name not in sources
    if is_of_race and session.is_race and len(scene.sessions) == 1:
        return scene.sessions[0].name in sources and session.name not in sources
    return is_of_race and not session.is_race and session.kind not in scene.told and session.name not in sources


def _may_count_points(claim: Claim, sheet: FactSheet, sources: frozenset[str]) -> bool:
    """Whether a place may be one in a table: points, a championship or something that stands in one are spoken of."""
    is_told = TABLE in claim.scene.told or claim.scene.in_table or any(table.name in sources for table in sheet.tables)
    return bool(sheet.tables) and is_told and claim.scene.level < _SAID
