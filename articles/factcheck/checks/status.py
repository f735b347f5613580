"""Retired, disqualified, not started: what became of a car."""

from __future__ import annotations

from articles.factcheck.claim import Claim, ClaimType
from articles.factcheck.sheet import CLASSIFIED, FactSheet, Row, Session
from articles.factcheck.verdict import Evidence, Reading, Verdict, decide

TYPES = (ClaimType.STATUS,)
_VAGUE = frozenset({"vague", "likely"})
_KINDS = {"DSQ": {"DSQ", "EX", "DQ"}, "DNS": {"DNS", "WD", "DNP"}}
_NAMED, _CLAUSE = 2, 3  # levels of a subject and of a scene
_TIMED = frozenset({"qualifying", "practice", "warmup"})
_SHOWN = {"DNF": "ausgefallen", "DSQ": "disqualifiziert", "DNS": "nicht gestartet", CLASSIFIED: "gewertet"}


def check(claim: Claim, sheet: FactSheet) -> Verdict:
    value = str(claim.value)
    strong = [
        reading for session in claim.scene.sessions for reading in _readings(claim, session, claim.subject.cars, value)
    ]
    races = [session for session in sheet.run if session.is_race]
    own = [reading for session in races for reading in _readings(claim, session, claim.subject.cars, value)]
    is_his = claim.subject.is_plain and claim.subject.is_by_name and claim.subject.car is not None
    others = tuple(car for car in claim.near if car not in claim.subject.cars)
    weak = [] if is_his and _says_where(claim) else list(own)
    if (
        claim.subject.level < _NAMED
        or not claim.subject.car
        or claim.hint == "vague"
        or (claim.hint == "likely" and not is_his)
    ):
        weak += [reading for session in races for reading in _readings(claim, session, others, value)]
    is_anywhere = is_his and _is_classified(own) and not claim.scene.told & _TIMED
    is_sure = (
        claim.subject.car is not None
        and claim.subject.level >= _NAMED
        and not claim.scene.is_interim
        and (claim.hint not in _VAGUE or (claim.hint == "likely" and is_his))
        and ((len(claim.scene.sessions) == 1 and claim.scene.level > 0) or is_anywhere)
        and all(reading.truth in _plain_truths(claim, value) for reading in strong)
    )
    return decide(claim, strong, weak, is_sure=is_sure, said=_SHOWN[value], is_exact=True)


def _says_where(claim: Claim) -> bool:
    """Whether the clause names the one race that is meant, or the sentence its day."""
    scene = claim.scene
    is_of_day = scene.day is not None and bool(scene.level) and all(scene.day in one.days for one in scene.sessions)
    return len(scene.sessions) == 1 and (scene.level >= _CLAUSE or is_of_day)


def _plain_truths(claim: Claim, value: str) -> set[str]:
    """What leaves no doubt that a car did not end as told; who never started may have broken down on the way there."""
    return {CLASSIFIED, "DNF", "DNS"} if value == "DNF" and not claim.hint else {CLASSIFIED, "DNF"}


def _is_classified(own: list[Reading]) -> bool:
    """Whether a car saw the flag in every race of the event, whichever is meant."""
    return bool(own) and all(reading.truth == CLASSIFIED for reading in own)


def _readings(claim: Claim, session: Session, cars: tuple[str, ...], value: str) -> list[Reading]:
    rows = [session.by_number[car] for car in cars if car in session.by_number]
    return [
        Reading(
            CLASSIFIED if value == "DNF" and _drove_on(session, row) else row.status,
            Evidence(session.name, f"#{row.number}", "Status", _shown(row)),
            _fits(row, value) or (claim.hint in _VAGUE and row.status != CLASSIFIED and not _drove_on(session, row)),
        )
        for row in rows
        if not (value == "DNF" and _may_have_stopped(row))
    ]


def _drove_on(session: Session, row: Row) -> bool:
    """Whether a car that was disqualified had seen the flag: it did not retire."""
    return row.status in _KINDS["DSQ"] and bool(row.laps) and row.laps == session.leader_laps


def _may_have_stopped(row: Row) -> bool:
    """Who stopped late may be classified all the same."""
    return row.status == CLASSIFIED and (row.behind_laps or 0) > 0


def _fits(row: Row, value: str) -> bool:
    wanted = _KINDS.get(value)
    if wanted:
        return row.status in wanted
    return row.status not in {CLASSIFIED, *_KINDS["DSQ"], *_KINDS["DNS"]}


def _shown(row: Row) -> str:
    return (
        f"{_SHOWN.get(row.status, row.status)}, Rang {row.position}"
        if row.position
        else _SHOWN.get(row.status, row.status)
    )
