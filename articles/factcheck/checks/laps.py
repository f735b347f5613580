"""Laps a car completed; without a car of its own the winner's."""

from __future__ import annotations

from dataclasses import replace

from articles.factcheck.claim import Claim, ClaimType
from articles.factcheck.measuring import are_swapped
from articles.factcheck.sheet import CLASSIFIED, FactSheet, Session
from articles.factcheck.verdict import Evidence, Reading, Verdict, confirmed, contradicted, decide, uncheckable

TYPES = (ClaimType.LAPS_COMPLETED,)
_LONG = 9
_FEW = 3  # laps
_NAMED, _CLAUSE = 2, 3  # levels of a subject and of a scene


def check(claim: Claim, sheet: FactSheet) -> Verdict:
    value = int(str(claim.value))
    special = {"lap": _in_that_lap, "distance": _distance}.get(claim.hint)
    if special:
        return special(claim, value, sheet)
    if claim.hint == "none":
        claim = replace(claim, hint="")
    races = [session for session in sheet.run if session.is_race]
    strong = [one for session in claim.scene.sessions for one in _of_cars(claim, session, claim.subject.cars, value)]
    own = [reading for session in races for reading in _of_cars(claim, session, claim.subject.cars, value)]
    weak = _weak(claim, value, races) + (own if claim.scene.level < _CLAUSE else [])
    if not strong and claim.hint in {"result", "own"}:
        strong = weak[:1]
    slip = _slip(claim, value, [*strong, *own])
    if slip and not any(reading.agrees for reading in (*strong, *weak)):
        return contradicted(slip.evidence, f"{value} Runden")
    is_sure = _is_sure(claim, value, strong, sheet, is_any=bool(weak))
    if value > sheet.farthest > _LONG and claim.scene.level > 0:
        is_sure, strong = True, strong or weak[:1]
    return decide(claim, strong, weak, is_sure=is_sure, said=f"{value} Runden", is_exact=True)


def _weak(claim: Claim, value: int, races: list[Session]) -> list[Reading]:
    """The distance of the race, and the laps of whoever else may be meant."""
    sessions = claim.scene.sessions
    is_told = claim.scene.level > 1 and len(sessions) == 1
    wholes = () if _is_of_his_own(claim) else (sessions if is_told else races)
    weak = [reading for session in wholes for reading in _whole(claim, session, value)]
    if not claim.subject.is_by_name or claim.subject.level < _NAMED:  # `sein Nissan`: perhaps another's
        weak += [reading for session in sessions for reading in _of_cars(claim, session, claim.near, value)]
    if claim.hint in {"retired", "out"} and (claim.subject.level < _NAMED or not claim.subject.is_by_name):
        weak += [reading for session in sessions for reading in _of_retired(claim, session, value)]
    return weak


def _is_of_his_own(claim: Claim) -> bool:
    """`rollte nach 24 Umläufen aus`, `schaffte 179 Runden`: of one car, and never how long the race was."""
    is_named = claim.subject.car is not None and claim.subject.level >= _NAMED and not claim.subject.is_doubted
    return is_named and claim.hint in {"out", "own"}


def _is_sure(claim: Claim, value: int, strong: list[Reading], sheet: FactSheet, *, is_any: bool) -> bool:
    """One car, or the leaders, and words of a result."""
    is_named = claim.subject.car is not None and claim.subject.level >= _NAMED
    sessions = claim.scene.sessions
    if not any(_is_plausible(value, int(str(reading.truth))) for reading in strong) and not _is_anothers(
        claim, value, sheet
    ):
        return False
    leaders = {row.laps for session in sessions if (row := session.by_position.get(1))}
    are_first = bool(leaders) and {reading.truth for reading in strong} == leaders and not claim.subject.is_doubted
    is_leaders = not claim.subject.cars or are_first
    return (
        claim.hint in {"result", "out", "own"}
        and claim.scene.level > 0
        and not claim.scene.is_interim
        and (is_named or (is_leaders and is_any and claim.hint == "result"))
        and value > 1
    )


def _is_plausible(value: int, truth: int) -> bool:
    """An error looks like one: a lap or two off, or one digit another."""
    said, stored = str(value), str(truth)
    is_digit = len(said) == len(stored) > 1 and sum(a != b for a, b in zip(said, stored, strict=True)) == 1
    return abs(value - truth) <= _FEW or is_digit or are_swapped(said, stored)


def _is_anothers(claim: Claim, value: int, sheet: FactSheet) -> bool:
    """Whether somebody else of the session did as many laps, or another race was as long."""
    others = {session.leader_laps for session in sheet.run if session.is_race}
    sessions = sheet.run if claim.hint in {"out", "own"} else claim.scene.sessions
    return value in others or any(value in session.lap_counts for session in sessions if session.is_race)


def _distance(claim: Claim, value: int, sheet: FactSheet) -> Verdict:
    """`über die Distanz von 157 Runden`: the winner's laps, or those of the one spoken of."""
    sessions = claim.scene.sessions
    strong = [reading for session in sessions for reading in _whole(claim, session, value)]
    own = [reading for session in sessions for reading in _of_cars(claim, session, claim.subject.cars, value)]
    weak = own + [reading for session in sheet.run if session.is_race for reading in _whole(claim, session, value)]
    is_sure = len(strong) == 1 and not claim.scene.is_interim
    return decide(claim, strong, weak, is_sure=is_sure, said=f"{value} Runden", is_exact=True)


def _slip(claim: Claim, value: int, own: list[Reading]) -> Reading | None:
    """`nach 171 Runden` of a car that retired after 117: digits of its laps that changed places."""
    if value <= _LONG or claim.subject.car is None or not claim.scene.level:
        return None
    if claim.subject.level < _NAMED and claim.subject.is_doubted:
        return None
    rows = [session.by_number.get(claim.subject.car) for session in claim.scene.sessions]
    retired = {f"#{row.number}" for row in rows if row and row.status != CLASSIFIED}
    for reading in own:
        said, truth = str(value), str(reading.truth)
        is_meant = claim.subject.level >= _NAMED or claim.hint in {"out", "retired"}
        is_out = reading.evidence.car in retired and is_meant and not claim.scene.is_interim
        is_digit = len(said) == len(truth) and sum(a != b for a, b in zip(said, truth, strict=True)) == 1
        if are_swapped(said, truth) or (is_out and is_digit and len(claim.scene.sessions) == 1):
            return reading
    return None


def _of_retired(claim: Claim, session: Session, value: int) -> list[Reading]:
    """Those who did not finish: one of them, be he named elsewhere, may be meant."""
    cars = tuple(row.number for row in session.rows if row.status != CLASSIFIED)
    return [reading for reading in _of_cars(claim, session, cars, value) if reading.agrees]


def _in_that_lap(claim: Claim, value: int, sheet: FactSheet) -> Verdict:
    """`in der dritten Runde verbremste sich …`: true of whoever came no further, and never false."""
    for session in claim.scene.sessions or sheet.run:
        for car in dict.fromkeys((*claim.subject.cars[:4], *claim.near[:8])):
            row = session.by_number.get(car)
            if row and session.is_race and row.status != CLASSIFIED and row.laps in (value, value - 1):
                return confirmed(Evidence(session.name, f"#{car}", "Runden", f"{row.laps} Runden"))
    return uncheckable("Was in einzelnen Runden geschah, ist nicht gespeichert.")


def _of_cars(claim: Claim, session: Session, cars: tuple[str, ...], value: int) -> list[Reading]:
    found = []
    for car in cars:
        row = session.by_number.get(car)
        if row is None or row.laps is None:
            continue
        fits = row.laps in ((value, value - 1) if claim.hint == "retired" else (value,))
        found.append(Reading(row.laps, Evidence(session.name, f"#{car}", "Runden", f"{row.laps} Runden"), fits))
    return found


def _whole(claim: Claim, session: Session, value: int) -> list[Reading]:
    """The distance of the race, as in `nach 29 Runden standen …`."""
    leader = session.by_position.get(1)
    if leader is None or leader.laps is None or claim.hint == "retired":
        return []
    evidence = Evidence(session.name, f"#{leader.number}", "Runden", f"{leader.laps} Runden")
    return [Reading(leader.laps, evidence, leader.laps == value)]
