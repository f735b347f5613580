"""Gaps in time: to the leader, to the best of the class, to the car ahead, to whomever the words name."""

from __future__ import annotations

import itertools
from bisect import bisect_left
from collections.abc import Callable, Iterable

from articles.factcheck.claim import Claim, ClaimType, Context
from articles.factcheck.measuring import agrees, between, is_beyond, look_alike, shown_gap
from articles.factcheck.sheet import FactSheet, Session
from articles.factcheck.verdict import (
    TWO_READINGS,
    Evidence,
    Judgement,
    Reading,
    Verdict,
    confirmed,
    decide,
    uncheckable,
)

TYPES = (ClaimType.GAP_TIME,)
_EXACT = 10
_ROUGH = 100
_MOST_CARS = 200
_SHOWN = 12
_SAME_SIZE = 3
_LONG_ENOUGH = 1000  # ms; of three digits too many look alike

Pairs = Callable[[Claim, Session], list[tuple[str, str]]]


def check(claim: Claim, sheet: FactSheet) -> Verdict:
    value = int(str(claim.value))
    is_exact = claim.precision_ms <= _EXACT and not claim.op
    sessions = (
        claim.scene.sessions if claim.scene.level > 1 else tuple(dict.fromkeys((*claim.scene.sessions, *sheet.run)))
    )
    strong = _for_pairs(claim, value, sessions, _meant)
    if strong and strong[-1].agrees:
        return confirmed(strong[-1].evidence)
    weak = _for_pairs(claim, value, _sessions(claim, sheet, is_exact=is_exact), _thinkable)
    if is_exact and not _is_pair(claim) and not any(reading.agrees for reading in weak):
        weak += _for_pairs(claim, value, claim.scene.sessions or sheet.run, _fitting_partner, most=0)
    weak += _of_best_laps(claim, value, sheet)
    if is_exact:
        weak += [one for one in _for_pairs(claim, value, claim.scene.sessions, _any_named) if one.agrees]
    verdict = decide(
        claim,
        strong,
        weak,
        is_sure=_is_sure(claim, value, strong, strong + _for_pairs(claim, value, claim.scene.sessions, _thinkable)),
        said=shown_gap(value),
        is_exact=is_exact or bool(weak and not claim.op),
    )
    if verdict.judgement is Judgement.CONTRADICTED and not is_exact:
        elsewhere = next((one for one in _for_pairs(claim, value, sheet.run, _thinkable) if one.agrees), None)
        if elsewhere:
            return uncheckable(TWO_READINGS, elsewhere.evidence)
    if verdict.judgement is Judgement.CONTRADICTED and any(
        is_beyond(value, int(str(reading.truth)), claim.op) for reading in strong + weak
    ):
        return uncheckable("Ungefähre Angabe, die Daten liegen knapp daneben.", verdict.evidence)
    return verdict


def _is_pair(claim: Claim) -> bool:
    """Whether the words themselves name both cars."""
    return (
        claim.subject.car is not None
        and claim.rival.car is not None
        and min(claim.subject.level, claim.rival.level) > 1
    )


def _sessions(claim: Claim, sheet: FactSheet, *, is_exact: bool) -> tuple[Session, ...]:
    return sheet.run if is_exact or not claim.scene.level else claim.scene.sessions


def _is_sure(claim: Claim, value: int, meant: list[Reading], readings: list[Reading]) -> bool:
    if claim.scene.is_interim or claim.rival.is_unknown or (claim.scene.level and not claim.scene.sessions):
        return False
    meant = meant + _for_pairs(claim, value, claim.scene.sessions, _chained)
    slips = [reading for reading in readings if look_alike(claim.text, int(str(reading.truth)), claim.precision_ms)]
    if not _is_pair(claim) and not slips and not any(_is_near(value, reading) for reading in meant):
        return False
    named = claim.subject.car is not None and claim.subject.level > 1
    is_figure = claim.precision_ms <= _EXACT or (
        claim.precision_ms <= _ROUGH and claim.context is not Context.IN_WORDS and not claim.op
    )
    if named and claim.scene.level > 0 and is_figure:
        return True
    if named and claim.hint and claim.scene.level > 0:
        return True
    return bool(slips) and is_figure and (value >= _LONG_ENOUGH or claim.subject.car is not None)


def _is_near(value: int, reading: Reading) -> bool:
    """An error is a slip of the pen or of the same size; what lies far off speaks of other cars or another session."""
    truth = int(str(reading.truth))
    return max(value, truth) <= _SAME_SIZE * max(min(value, truth), 1)


def _for_pairs(
    claim: Claim, value: int, sessions: Iterable[Session], pairs: Pairs, most: int = _SHOWN
) -> list[Reading]:
    """The readings; where none of many agrees, the first few stand for all."""
    readings: list[Reading] = []
    for session in sessions:
        for one, other in pairs(claim, session):
            truth = between(session, one, other) if one != other else None
            if truth is None:
                continue
            fits = agrees(value, truth, claim.precision_ms, claim.op)
            if fits or len(readings) < most or (most and look_alike(claim.text, truth, claim.precision_ms)):
                evidence = Evidence(session.name, f"#{one}–#{other}", "Abstand", shown_gap(truth))
                readings.append(Reading(truth, evidence, fits))
            if fits:
                return readings
    return readings


def _leader(session: Session) -> list[str]:
    row = session.by_position.get(1)
    return [row.number] if row else []


def _class_leader(session: Session, car: str) -> list[str]:
    row = session.by_number.get(car)
    leader = session.class_leader(row.class_name) if row and row.class_name else None
    return [leader.number] if leader else []


def _beside(session: Session, car: str) -> list[str]:
    """The cars just ahead and behind, overall and in class."""
    row = session.by_number.get(car)
    if row is None or row.position is None:
        return []
    found = [session.by_position.get(row.position + step) for step in (-1, 1)]
    if row.class_position is not None:
        found += [session.by_class_position.get((row.class_name, row.class_position + step)) for step in (-1, 1)]
    return [other.number for other in found if other]


def _place_meant(claim: Claim, session: Session) -> list[str]:
    word, _, number = claim.hint.partition(" ")
    if word != "place":
        return []
    place = int(number)
    rows = [session.by_position.get(place)]
    if any(row and row.number in claim.subject.cars for row in rows):
        return _leader(session)  # `verwies Ekström um 0,077 Sekunden auf Platz zwei`
    rows += [session.by_class_position.get((name, place)) for name in {row.class_name for row in session.rows} if name]
    return [row.number for row in rows if row]


def _meant(claim: Claim, session: Session) -> list[tuple[str, str]]:
    """The pairs the words name."""
    subjects = claim.subject.cars[:_MOST_CARS]
    if claim.rival.cars:
        rivals = claim.rival.cars[:_MOST_CARS]
        if set(rivals) != set(subjects):
            return [(one, other) for one in subjects for other in rivals if one != other]
    if claim.hint.startswith("place"):
        return [(one, other) for one in subjects for other in _place_meant(claim, session)]
    found = []
    for car in subjects:
        row = session.by_number.get(car)
        if claim.hint == "lead" or (row and row.position == 1):
            found += [(car, other) for other in _beside(session, car)]
        else:
            found += [(car, other) for other in (*_leader(session), *_class_leader(session, car))]
    return found


def _thinkable(claim: Claim, session: Session) -> list[tuple[str, str]]:
    """The pairs somebody might mean: all the sentence names, leaders and neighbours."""
    cars = list(dict.fromkeys((*claim.subject.cars[:4], *claim.rival.cars[:4], *claim.near[:8])))
    if _is_pair(claim):
        return [(claim.subject.cars[0], claim.rival.cars[0])]
    found = []
    for car in cars:
        partners = [*_leader(session), *_class_leader(session, car), *_beside(session, car), *cars]
        found += [(car, other) for other in partners]
    return found


def _any_named(claim: Claim, session: Session) -> list[tuple[str, str]]:
    """The subject and whoever the sentence names beside: `vor der #201, in der GT4 die #401`."""
    others = (*claim.rival.cars[:_SHOWN], *claim.near[: 2 * _SHOWN])
    return [(car, other) for car in claim.subject.cars[:4] for other in others]


def _of_best_laps(claim: Claim, value: int, sheet: FactSheet) -> list[Reading]:
    """`die schnellste Runde, 0,040 Sekunden vor Piastri`: in a race a gap may be one of laps."""
    cars = tuple(dict.fromkeys((*claim.subject.cars[:4], *claim.rival.cars[:4], *claim.near[:8])))
    found = []
    for session in sheet.run:
        laps = {car: row.best_lap_ms for car in cars if (row := session.by_number.get(car)) and row.best_lap_ms}
        for one, other in itertools.combinations(laps, 2):
            truth = abs((laps[one] or 0) - (laps[other] or 0))
            if session.is_race and agrees(value, truth, claim.precision_ms, claim.op):
                evidence = Evidence(session.name, f"#{one}–#{other}", "Abstand der Bestzeiten", shown_gap(truth))
                found.append(Reading(truth, evidence, agrees=True))
    return found


def _chained(claim: Claim, session: Session) -> list[tuple[str, str]]:
    """`lag nur 65 Tausendstel dahinter`: counted from whoever was spoken of before."""
    if claim.hint != "behind" or claim.rival.cars or claim.subject.level < 2:  # noqa: PLR2004
        return []
    return [(car, other) for car in claim.subject.cars[:1] for other in claim.near[:4]]


def _fitting_partner(claim: Claim, session: Session) -> list[tuple[str, str]]:
    """Whoever is just that far from one of the cars: found in the order of distances, for a field may be large."""
    value, width = int(str(claim.value)), claim.precision_ms
    found = []
    for car in (*claim.subject.cars[:4], *claim.rival.cars[:4]):
        row = session.by_number.get(car)
        if row is None or row.behind_ms is None:
            continue
        for wanted in (row.behind_ms - value, row.behind_ms + value):
            at = bisect_left(session.by_distance, (wanted - width, ""))
            found += [(car, other) for behind, other in session.by_distance[at : at + 3] if behind <= wanted + width]
    return found
