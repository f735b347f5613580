"""Gaps in laps: to the winner, to the best of the class or to the car the words name."""

from __future__ import annotations

from articles.factcheck.claim import Claim, ClaimType
from articles.factcheck.sheet import FactSheet, Session
from articles.factcheck.verdict import Evidence, Reading, Verdict, confirmed, decide, uncheckable

TYPES = (ClaimType.GAP_LAPS,)
_SURE_SCENE = 2
_SAME_SIZE = 3  # times: who is very many laps off has retired, and another car is meant


def check(claim: Claim, sheet: FactSheet) -> Verdict:
    value = int(str(claim.value))
    if claim.hint == "even":
        return _even(claim)
    strong = [reading for session in claim.scene.sessions for reading in _readings(claim, value, session)]
    is_pair = bool(claim.subject.car and claim.rival.car) and min(claim.subject.level, claim.rival.level) > 1
    weak = [reading for session in claim.scene.sessions for reading in _others(claim, value, session)]
    if claim.scene.level < _SURE_SCENE:
        elsewhere = (session for session in sheet.run if session.is_race and session not in claim.scene.sessions)
        strong += [one for session in elsewhere for one in _readings(claim, value, session) if one.agrees]
    is_his = claim.subject.car is not None and claim.subject.level > 1 and not claim.subject.is_doubted
    if is_pair or (claim.hint.endswith("leader") and is_his):
        weak = []
    elif claim.rival.cars:  # `zwei weniger als A, eine mehr als B`: both counted from who was spoken of first
        chained = (
            _reading(session, car, claim.rival.cars[0], value)
            for session in claim.scene.sessions
            for car in claim.near[:8]
        )
        weak += [reading for reading in chained if reading]
    if claim.subject.car and not claim.rival.cars and not claim.hint.endswith("leader"):
        named = (
            _reading(session, claim.subject.car, car, value)
            for session in claim.scene.sessions
            for car in claim.near[:8]
        )
        strong += [reading for reading in named if reading and reading.agrees]
    is_sure = (
        claim.subject.level > 1
        and (claim.subject.car is not None or claim.subject.is_plural)
        and not claim.scene.is_interim
        and claim.hint != "later"  # `kam eine Runde später an die Box` tells when, not where
        and len({reading.evidence.source for reading in strong}) == 1
        and any(int(str(reading.truth)) <= _SAME_SIZE * value + _SAME_SIZE for reading in strong)
    )
    return decide(claim, strong, weak, is_sure=is_sure, said=_shown(value), is_exact=False)


def _even(claim: Claim) -> Verdict:
    """`der rundengleiche Ligier`: true of some two of those who are named, or of one and the best; never false."""
    for session in claim.scene.sessions:
        cars = tuple(dict.fromkeys((*claim.subject.cars[:4], *claim.near[:8])))
        for car in cars:
            for other in (*_leaders(session, car), *cars):
                reading = _reading(session, car, other, 0)
                if reading and reading.agrees:
                    return confirmed(reading.evidence)
    return uncheckable("Wer mit wem verglichen wird, ist nicht sicher.")


def _shown(laps: int) -> str:
    return "eine Runde" if laps == 1 else f"{laps} Runden"


def _reading(session: Session, one: str, other: str, value: int) -> Reading | None:
    first, second = session.by_number.get(one), session.by_number.get(other)
    if first is None or second is None or first.laps is None or second.laps is None or one == other:
        return None
    truth = abs(first.laps - second.laps)
    return Reading(truth, Evidence(session.name, f"#{one}–#{other}", "Runden", _shown(truth)), truth == value)


def _readings(claim: Claim, value: int, session: Session) -> list[Reading]:
    found = []
    for car in claim.subject.cars:
        partners = [other for other in claim.rival.cars if other not in claim.subject.cars] or _leaders(
            session, car, claim.hint
        )
        if claim.hint == "lead":
            partners = [other for other in claim.rival.cars if other != car] or _followers(session, car)
        found += [_reading(session, car, other, value) for other in partners]
    return [reading for reading in found if reading]


def _others(claim: Claim, value: int, session: Session) -> list[Reading]:
    is_told = claim.subject.car is not None and claim.subject.level > 1
    cars = claim.subject.cars if is_told else (*claim.subject.cars[:4], *claim.near[:8])
    pairs = [
        (car, other)
        for car in cars
        for other in (
            *cars,
            *claim.near[:8],
            *_leaders(session, car),
            *(() if claim.hint.endswith(("behind", "leader")) else _followers(session, car)),
        )
    ]
    return [reading for one, other in pairs if (reading := _reading(session, one, other, value))]


def _leaders(session: Session, car: str, hint: str = "") -> list[str]:
    """The winner, and the best of the car's class where that is somebody else; the one that the words name."""
    row = session.by_number.get(car)
    first = session.by_position.get(1) if hint != "class leader" else None
    has_class = row is not None and row.class_name and hint != "overall leader"
    best = session.class_leader(row.class_name) if row and has_class else None
    return list(dict.fromkeys(leader.number for leader in (best, first) if leader))


def _followers(session: Session, car: str) -> list[str]:
    row = session.by_number.get(car)
    if row is None or row.position is None:
        return []
    behind = [session.by_position.get(row.position + 1)]
    if row.class_position is not None:
        behind.append(session.by_class_position.get((row.class_name, row.class_position + 1)))
    return [other.number for other in behind if other]
