"""Laps a car completed; without a car of its own the winner's."""

from __future__ import annotations

from articles.factcheck.claim import Claim, ClaimType
from articles.factcheck.sheet import FactSheet, Session
from articles.factcheck.verdict import Evidence, Reading, Verdict, decide

TYPES = (ClaimType.LAPS_COMPLETED,)
_LONG = 9


def check(claim: Claim, sheet: FactSheet) -> Verdict:
    value = int(str(claim.value))
    sessions = claim.scene.sessions
    strong = [reading for session in sessions for reading in _of_cars(claim, session, claim.subject.cars, value)]
    weak = [reading for session in sheet.run if session.is_race for reading in _whole(claim, session, value)]
    if claim.subject.level < 2:  # noqa: PLR2004
        weak += [reading for session in sessions for reading in _of_cars(claim, session, claim.near, value)]
    if claim.scene.level < 3:  # noqa: PLR2004
        weak += [
            reading
            for session in sheet.run
            if session.is_race
            for reading in _of_cars(claim, session, claim.subject.cars, value)
        ]
    is_named = claim.subject.car is not None and claim.subject.level > 1
    leaders = {row.laps for session in sessions if (row := session.by_position.get(1))}
    is_leaders = not claim.subject.cars or (bool(leaders) and {reading.truth for reading in strong} == leaders)
    is_sure = (
        claim.hint in {"result", "out"}
        and claim.scene.level > 0
        and not claim.scene.is_interim
        and (is_named or (is_leaders and bool(weak) and claim.hint == "result"))
        and value > 1
    )
    farthest = sheet.farthest
    if value > farthest > _LONG and claim.scene.level > 0:
        is_sure, strong = True, strong or weak[:1]
    if not strong and claim.hint == "result":
        strong = weak[:1]
    return decide(claim, strong, weak, is_sure=is_sure, said=f"{value} Runden", is_exact=True)


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
