"""Gaps in time: to the leader, to the best of the class, to the car ahead, to whomever the words name."""

from __future__ import annotations

import itertools
from bisect import bisect_left
from collections.abc import Iterable

from articles.factcheck.claim import Claim, ClaimType, Context
from articles.factcheck.measuring import agrees, between, is_beyond, is_swapped, look_alike, shown_gap
from articles.factcheck.pairs import (
    Pairs,
    any_named,
    chained,
    first_two,
    fitting_partner,
    implied,
    is_further,
    is_pair,
    meant,
    named_pairs,
    names_leader,
    thinkable,
)
from articles.factcheck.sheet import FactSheet, Session
from articles.factcheck.verdict import (
    TWO_READINGS,
    Evidence,
    Judgement,
    Reading,
    Verdict,
    confirmed,
    contradicted,
    decide,
    uncheckable,
)

TYPES = (ClaimType.GAP_TIME,)
_EXACT = 10
_ROUGH = 100
_SHOWN = 12
_CLAUSE = 3  # level of a scene
_MANY = 100
_SAME_SIZE = 3
_CLOSE = 0.1  # of a value
_LEAST, _MOST = 0.8, 1.25  # times a value, as far as any word goes
_LONG_ENOUGH = 1000  # ms; of three digits too many look alike


def check(claim: Claim, sheet: FactSheet) -> Verdict:
    value = int(str(claim.value))
    is_exact = claim.precision_ms <= max(_EXACT, sheet.step_ms) and not claim.op
    sessions = (
        claim.scene.sessions if claim.scene.level > 1 else tuple(dict.fromkeys((*claim.scene.sessions, *sheet.run)))
    )
    strong = _for_pairs(claim, value, sessions, meant)
    if strong and strong[-1].agrees:
        return confirmed(strong[-1].evidence)
    rough = None if is_exact else _fitting_roughly(claim, value, sessions, sheet)
    if rough:
        return confirmed(rough.evidence)
    likely = _for_pairs(claim, value, claim.scene.sessions, thinkable)
    weak = _weak(claim, value, sheet, likely, is_exact=is_exact)
    verdict = decide(
        claim,
        strong,
        weak,
        is_sure=_is_sure(claim, value, sheet, strong, strong + likely),
        said=shown_gap(value),
        is_exact=is_exact or bool(weak and not claim.op),
    )
    if verdict.judgement is Judgement.CONTRADICTED:
        return _unless_near(claim, value, sheet, verdict, strong + weak)
    slip = None if any(reading.agrees for reading in strong + weak) else _slip(claim, value, sheet)
    return contradicted(slip.evidence, shown_gap(value)) if slip else verdict


def _weak(claim: Claim, value: int, sheet: FactSheet, likely: list[Reading], *, is_exact: bool) -> list[Reading]:
    """What the words might say as well; `likely`: of the sessions they have in mind."""
    sessions = _sessions(claim, sheet, is_exact=is_exact)
    is_here = sessions == claim.scene.sessions
    weak = list(likely) if is_here else _for_pairs(claim, value, sessions, thinkable)
    is_bound = is_pair(claim) or names_leader(claim) or is_further(claim)
    is_his = claim.subject.car is not None and claim.subject.level > 1 and not claim.subject.is_doubted
    if is_exact and not (is_bound or is_his or any(reading.agrees for reading in weak)):
        weak += _for_pairs(claim, value, claim.scene.sessions or sheet.run, fitting_partner, most=0)
    weak += _of_best_laps(claim, value, sheet)
    if is_exact and not is_bound:
        weak += [one for one in _for_pairs(claim, value, claim.scene.sessions, any_named) if one.agrees]
        if not claim.subject.cars and not claim.rival.cars:
            weak += [one for one in _for_pairs(claim, value, sheet.run, first_two) if one.agrees]
    return weak


def _unless_near(claim: Claim, value: int, sheet: FactSheet, verdict: Verdict, readings: list[Reading]) -> Verdict:
    """A rough figure is no error where it fits elsewhere, or only just not."""
    is_exact = claim.precision_ms <= max(_EXACT, sheet.step_ms) and not claim.op
    elsewhere = () if is_exact else _for_pairs(claim, value, sheet.run, thinkable)
    fitting = next((one for one in elsewhere if one.agrees), None)
    if fitting:
        return uncheckable(TWO_READINGS, fitting.evidence)
    if any(is_beyond(value, int(str(reading.truth)), claim.op) for reading in readings):
        return uncheckable("Ungefähre Angabe, die Daten liegen knapp daneben.", verdict.evidence)
    return verdict


def _fitting_roughly(claim: Claim, value: int, sessions: tuple[Session, ...], sheet: FactSheet) -> Reading | None:
    """`mit rund vier Sekunden Rückstand Dritter`: to the winner or to the one ahead; where both cars are named, anywhere."""
    anywhere = sheet.run if claim.subject.cars and claim.rival.cars else sessions
    readings = _for_pairs(claim, value, anywhere, meant) if claim.rival.cars else []
    readings += _for_pairs(claim, value, sessions, implied)
    return next((reading for reading in readings if reading.agrees), None)


def _slip(claim: Claim, value: int, sheet: FactSheet) -> Reading | None:
    """The gap between two cars of the sentence that was misprinted here, in whatever session; None where none shows."""
    if (
        claim.op
        or claim.precision_ms > _ROUGH
        or claim.subject.is_doubted
        or claim.rival.is_unknown
        or claim.context not in {Context.PLAIN, Context.IN_WORDS}
    ):
        return None
    if claim.scene.is_interim and not is_pair(claim) and not claim.rival.cars:
        return None
    sessions = tuple(dict.fromkeys((*claim.scene.sessions, *sheet.run)))
    readings = _for_pairs(claim, value, sessions, named_pairs, most=_MANY)
    if any(reading.agrees for reading in readings):
        return None
    for reading in readings:
        truth = int(str(reading.truth))
        is_pen = look_alike(claim.text, truth, claim.precision_ms) or (
            claim.hint and is_swapped(claim.text, truth, claim.precision_ms)
        )
        if not is_pen:
            continue
        is_shown = is_pair(claim) or bool(claim.rival.cars and is_swapped(claim.text, truth, claim.precision_ms))
        is_turned = bool(claim.hint) and is_swapped(claim.text, truth, claim.precision_ms) and claim.precision_ms == 1
        if max(value, truth) >= _LONG_ENOUGH or is_shown or is_turned:
            return reading
    return None


def _sessions(claim: Claim, sheet: FactSheet, *, is_exact: bool) -> tuple[Session, ...]:
    if _says_where(claim) and not sheet.checkpoints:  # of a race and how it stood on the way either may be meant
        return claim.scene.sessions
    return sheet.run if is_exact or not claim.scene.level else claim.scene.sessions


def _says_where(claim: Claim) -> bool:
    """`kam im ersten Rennen 44,918 Sekunden nach den Siegern an`: whose gap it is and in which session, in one clause."""
    subject, scene = claim.subject, claim.scene
    is_named = subject.car is not None and subject.level > 1 and not subject.is_doubted
    is_staged = bool(claim.hint) and any(session.kind == "stage" for session in scene.sessions)
    is_bound = is_named and (is_pair(claim) or names_leader(claim) or is_staged)
    is_figure = claim.precision_ms == 1 and claim.context is not Context.IN_WORDS
    is_raced = all(session.is_race for session in scene.sessions)
    is_bound |= is_named and is_figure and is_raced and claim.hint == "behind" and subject.is_plain
    return is_bound and scene.level >= _CLAUSE and len(scene.sessions) == 1 and not scene.is_interim


def _is_sure(claim: Claim, value: int, sheet: FactSheet, strong: list[Reading], readings: list[Reading]) -> bool:
    if claim.scene.is_interim or claim.rival.is_unknown or (claim.scene.level and not claim.scene.sessions):
        return False
    strong = strong + _for_pairs(claim, value, claim.scene.sessions, chained)
    is_exact = claim.precision_ms <= _EXACT and not claim.op
    slips = [reading for reading in readings if look_alike(claim.text, int(str(reading.truth)), claim.precision_ms)]
    if not is_pair(claim) and not slips:
        is_alike = any(_is_near(value, reading) for reading in strong)
        is_told = claim.context is Context.IN_WORDS and claim.subject.level > 1 and claim.scene.level > 1
        is_close = any(abs(value - int(str(reading.truth))) <= _CLOSE * value for reading in strong) and not claim.op
        is_told_of_another = is_exact and (
            (names_leader(claim) and _is_anothers(claim, value, sheet)) or _is_anothers_there(claim, value, strong)
        )
        if not is_told_of_another and (not is_alike or not (is_told or is_close or _is_anothers(claim, value, sheet))):
            return False  # an error looks like one: a slip of the pen, or what another car was behind
    if _is_alone(claim, value) or (is_exact and is_pair(claim) and _is_anothers(claim, value, sheet)):
        return True
    named = claim.subject.car is not None and claim.subject.level > 1
    is_figure = claim.precision_ms <= _EXACT or (
        claim.precision_ms <= _ROUGH and claim.context is not Context.IN_WORDS and not claim.op
    )
    if named and claim.scene.level > 0 and is_figure:
        return True
    if named and claim.hint and claim.scene.level > 0:
        return True
    return bool(slips) and is_figure and (value >= _LONG_ENOUGH or claim.subject.car is not None)


def _is_anothers(claim: Claim, value: int, sheet: FactSheet) -> bool:
    """Whether some other car of the event was as far behind the winner, the best of its class or the next one ahead."""
    for session in sheet.run:
        gaps = session.told_gaps
        at = bisect_left(gaps, value * _LEAST - claim.precision_ms)
        while at < len(gaps) and gaps[at] <= value * _MOST + claim.precision_ms:
            if gaps[at] and agrees(value, gaps[at], claim.precision_ms, claim.op):
                return True
            at += 1
    return False


def _is_anothers_there(claim: Claim, value: int, strong: list[Reading]) -> bool:
    """`Lindner kam 3,190 Sekunden dahinter an`, he alone is named, and in that very session it is another's gap."""
    sessions = claim.scene.sessions
    is_his = claim.hint == "behind" and claim.subject.is_plain and len(sessions) == 1
    is_stored = is_his and any(reading.evidence.source == sessions[0].name for reading in strong)
    return is_stored and value in sessions[0].told_gaps


def _is_alone(claim: Claim, value: int) -> bool:
    """The other car is named, and nobody of the session is that far from it: whoever is meant, it is wrong."""
    if claim.subject.car is None or claim.subject.is_doubted or claim.rival.car is None or claim.rival.level < 2:  # noqa: PLR2004
        return False
    is_figure = claim.precision_ms <= _ROUGH and claim.context is not Context.IN_WORDS and not claim.op
    if not is_figure or len(claim.scene.sessions) != 1:
        return False
    session, rival = claim.scene.sessions[0], claim.rival.cars[0]
    gaps = [gap for number in session.by_number if (gap := between(session, number, rival)) is not None]
    return len(gaps) > 1 and not any(agrees(value, gap, claim.precision_ms) for gap in gaps)


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
