"""Lap times, stage times and race times."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator
from dataclasses import replace

from articles.factcheck.claim import Claim, ClaimType
from articles.factcheck.measuring import agrees, look_alike
from articles.factcheck.measuring import is_swapped as are_swapped_times
from articles.factcheck.sheet import BEST_LAP_KINDS, FactSheet, Row, Session
from articles.factcheck.verdict import Evidence, Judgement, Reading, Verdict, contradicted, decide
from results.notation import HOUR, format_lap_time

TYPES = (ClaimType.LAP_TIME,)
_EXACT = 10
_ROUGH = 100
_NAMED = 2  # level of a subject
_FASTEST = frozenset({"fastest", "pole"})
_CLAUSE = 3  # level of a scene
_SAME_SIZE = 1.2
_WIDTH = 6  # of a value like `knapp` or `rund` a sixth is more than any word's width
_SHORTEST = 240_000  # ms; a race takes longer than a lap


def check(claim: Claim, sheet: FactSheet) -> Verdict:
    value = int(str(claim.value))
    claim = _of_the_pole(_with_timed_sessions(claim, sheet), sheet)
    if claim.hint == "attempt":  # is made in a qualifying, and not in a race
        sessions = tuple(session for session in claim.scene.sessions if not session.is_race)
        claim = replace(claim, scene=replace(claim.scene, sessions=sessions))
    poles = _poles(claim, sheet)
    if poles:
        claim = replace(claim, scene=replace(claim.scene, sessions=poles, level=_CLAUSE))
        claim = replace(claim, subject=replace(claim.subject, level=_NAMED, is_plain=True))  # the pole was his indeed
    meant = [
        reading for session in claim.scene.sessions for reading in _readings(claim, value, session, claim.subject.cars)
    ]
    is_his = _is_his(claim, meant)
    is_timed = all(
        session.kind in BEST_LAP_KINDS for session in claim.scene.sessions
    )  # no pole for a race that is named
    is_one = bool(poles) or len(claim.scene.sessions) == 1
    is_here = is_his and is_timed and claim.scene.level >= _CLAUSE and is_one
    others = [
        reading
        for session in (claim.scene.sessions if is_here else sheet.run)
        for car in (*claim.subject.cars, *(() if is_his else claim.near))
        for reading in (*_readings(claim, value, session, (car,)), *_other_laps(claim, value, session, car))
    ]
    anybody = (
        []
        if is_his
        else [
            reading
            for session in sheet.run
            for reading in _readings(claim, value, session, _near(claim, value, session))
        ]
    )
    found = decide(
        claim,
        meant,
        others + anybody,
        is_sure=_is_sure(claim, value, meant, sheet),
        said=claim.text,
        is_exact=claim.precision_ms <= max(_EXACT, sheet.step_ms, _ROUGH if value >= HOUR else 1) and not claim.op,
    )
    if _is_any_attempt(claim):
        return found  # one of several, or a record, perhaps of another year
    if found.judgement is not Judgement.UNCHECKABLE or claim.precision_ms > _ROUGH or claim.op:
        return found
    if any(reading.agrees for reading in (*meant, *others, *anybody)):
        return found
    is_fine = claim.precision_ms <= max(1, sheet.step_ms)  # of tenths one digit is soon alike
    own = _own(claim, value, sheet) if claim.subject.car and is_fine else []
    is_own_stored = (
        not claim.subject.car or claim.hint in _FASTEST or any(reading.truth is not None for reading in meant)
    )
    others = _plausible(claim, value) if is_own_stored else []  # his own lap may be true, only not stored
    slip = next((reading for reading in own + others if _is_slip(claim, value, reading)), None)
    slip = slip or next(
        (reading for reading in _of_the_fastest(claim, value, sheet) if _is_turned(claim, reading)), None
    )
    return contradicted(slip.evidence, claim.text) if slip else found


def _poles(claim: Claim, sheet: FactSheet) -> tuple[Session, ...]:
    """The qualifyings of which the one spoken of was the fastest: `stellte seinen Audi in 1:56,988 auf die Pole`."""
    subject = claim.subject
    if claim.hint != "pole" or not subject.level or subject.is_doubted:
        return ()
    rows = [
        (session, session.by_number.get(subject.car or "")) for session in sheet.run if session.kind == "qualifying"
    ]
    return tuple(session for session, row in rows if row and 1 in {row.position, row.class_position})


def _is_his(claim: Claim, meant: list[Reading]) -> bool:
    """`Norris's 1m54.027s was good for fifth`: the only one whom the clause names, and a lap of his is stored."""
    subject = claim.subject
    is_said = subject.is_plain or claim.scene.level > 1
    is_one = subject.car is not None and subject.level >= _NAMED and subject.is_by_name and is_said
    return is_one and any(reading.truth is not None for reading in meant)


def _is_turned(claim: Claim, reading: Reading) -> bool:
    """Two digits that changed places; where a pole or the fastest lap is spoken of, one digit that is another one, too."""
    truth = int(str(reading.truth))
    if are_swapped_times(claim.text, truth, claim.precision_ms):
        return True
    return claim.hint in _FASTEST and look_alike(claim.text, truth, claim.precision_ms)


def _of_the_fastest(claim: Claim, value: int, sheet: FactSheet) -> Iterator[Reading]:
    """The laps of whoever the sentence names, and the fastest ones, in every timed session; none is so fine by accident."""
    if claim.precision_ms > 1 or (claim.subject.is_doubted and claim.hint != "fastest"):
        return
    for session in sheet.run:
        if session.kind not in BEST_LAP_KINDS:
            continue
        names = sorted(name for name in session.class_reach if name)
        leaders = [session.by_position.get(1), *(session.class_leader(name) for name in names)]
        cars = (*claim.subject.cars[:1], *claim.near[:6], *(row.number for row in leaders if row))
        yield from _readings(claim, value, session, tuple(dict.fromkeys(cars)))


def _own(claim: Claim, value: int, sheet: FactSheet) -> list[Reading]:
    """The laps of the car in every session: a slip shows wherever the words play."""
    return [
        reading
        for session in sheet.run
        if not (claim.hint == "attempt" and session.is_race)
        for reading in _readings(claim, value, session, claim.subject.cars[:1])
    ]


def _with_timed_sessions(claim: Claim, sheet: FactSheet) -> Claim:
    """A race whose laps are not stored cannot be meant: `war in 1:21,409 auf die Pole gefahren`."""
    value = int(str(claim.value))
    if any(_is_timed(session, value) for session in claim.scene.sessions):
        return claim
    timed = tuple(session for session in sheet.run if _is_timed(session, value))
    return replace(claim, scene=replace(claim.scene, sessions=timed, level=min(claim.scene.level, 1)))


def _of_the_pole(claim: Claim, sheet: FactSheet) -> Claim:
    """`hatte in 1:21,409 die Pole geholt`, in a passage that tells a race: a lap of its qualifying."""
    sessions = claim.scene.sessions
    is_told = claim.scene.level >= _NAMED or not sessions or not all(session.is_race for session in sessions)
    if claim.hint != "fastest" or is_told:
        return claim
    timed = tuple(session for session in sheet.run if session.kind == "qualifying" and session.by_best_lap)
    same = tuple(one for one in timed if one.day in {session.day for session in sessions})
    if not timed:
        return claim
    return replace(claim, scene=replace(claim.scene, sessions=same if len(same) == 1 else timed))


def _is_any_attempt(claim: Claim) -> bool:
    """`im ersten Versuch`, where nobody is named: one of several, or a record of another year."""
    return claim.hint == "attempt" and claim.subject.level < _NAMED


def _is_sure(claim: Claim, value: int, meant: list[Reading], sheet: FactSheet) -> bool:
    """One car, one kind of session, its lap stored; where the car is only understood, the slip must show."""
    if claim.subject.car is None or claim.scene.is_interim or _is_any_attempt(claim):
        return False
    if claim.subject.level > 1 and claim.scene.level > 1 and claim.precision_ms <= _ROUGH and claim.hint != "attempt":
        return any(reading.truth is not None for reading in meant)
    if _is_swapped(claim, value, meant, sheet):
        return True
    if _is_his(claim, meant) and len(claim.scene.sessions) == 1 and claim.precision_ms <= _ROUGH:
        return claim.scene.level > 0 and claim.hint != "attempt" and all(_is_alike(value, reading) for reading in meant)
    return any(_is_slip(claim, value, reading) for reading in meant)


def _is_swapped(claim: Claim, value: int, meant: list[Reading], sheet: FactSheet) -> bool:
    """`Havel fuhr seine schnellste Runde in …`, and to the thousandth it is another's: nobody's by accident."""
    is_his = claim.subject.is_plain and _is_his(claim, meant)
    return is_his and claim.precision_ms <= sheet.step_ms and not claim.op and value in sheet.times


def _is_alike(value: int, reading: Reading) -> bool:
    """Whether two times could be laps of one session: what lies further off is one of another, or no lap at all."""
    truth = int(str(reading.truth))
    return max(value, truth) <= _SAME_SIZE * min(value, truth)


def _is_slip(claim: Claim, value: int, reading: Reading) -> bool:
    return not reading.agrees and look_alike(claim.text, int(str(reading.truth)), claim.precision_ms)


def _plausible(claim: Claim, value: int) -> list[Reading]:
    """The laps of the other cars in the sentence and of the fastest, overall and in the class named."""
    found: list[Reading] = []
    for session in claim.scene.sessions:
        best = session.class_leader(claim.scene.class_name) if claim.scene.class_name else session.by_position.get(1)
        cars = (*claim.near[:6], *((best.number,) if best and claim.subject.cars else ()))
        found += _readings(claim, value, session, cars)
    return found


def _readings(claim: Claim, value: int, session: Session, cars: tuple[str, ...]) -> Iterator[Reading]:
    for car in cars:
        row = session.by_number.get(car)
        if row is None:
            continue
        for column, truth in _times(session, row, value):
            evidence = Evidence(session.name, f"#{car}", column, format_lap_time(truth))
            yield Reading(truth, evidence, agrees(value, truth, claim.precision_ms, claim.op))


def _other_laps(claim: Claim, value: int, session: Session, car: str) -> Iterator[Reading]:
    """A lap that was not the best one, or a deleted one: a text may speak of it, and none is wrong for not being it."""
    row = session.by_number.get(car)
    for truth in row.laps_ms if row else ():
        if agrees(value, truth, claim.precision_ms, claim.op):
            yield Reading(truth, Evidence(session.name, f"#{car}", "Runde", format_lap_time(truth)), agrees=True)


def _near(claim: Claim, value: int, session: Session) -> tuple[str, ...]:
    """The cars whose times may agree: those near the value, for only agreement of theirs counts."""
    width = max(claim.precision_ms, value // _WIDTH if claim.op else 0)
    cars = [
        car
        for times in (session.by_best_lap, session.by_time)
        for _time, car in times[bisect_left(times, (value - width, "")) : bisect_left(times, (value + width + 1, ""))]
    ]
    return tuple(dict.fromkeys(cars))


def _is_timed(session: Session, value: int) -> bool:
    """Whether the session stores a time that such a value could be: any row for which `_times` finds one."""
    if session.by_best_lap and (session.kind in BEST_LAP_KINDS or value < HOUR):
        return True
    times = session.by_time
    if times and (session.kind in {"stage", "rally"} or value >= HOUR):
        return True
    at = bisect_left(times, ((value + 1) // 2, ""))
    return session.is_race and value >= _SHORTEST and at < len(times) and times[at][0] <= 2 * value


def _times(session: Session, row: Row, value: int) -> list[tuple[str, int]]:
    times = []
    if row.best_lap_ms is not None and (session.kind in BEST_LAP_KINDS or value < HOUR):
        times.append(("Bestzeit", row.best_lap_ms))
    is_like_a_race = (
        value >= _SHORTEST and row.time_ms is not None and session.is_race and value <= 2 * row.time_ms <= 4 * value
    )
    if row.time_ms is not None and (session.kind in {"stage", "rally"} or value >= HOUR or is_like_a_race):
        times.append(("Zeit", row.time_ms))
    return times
