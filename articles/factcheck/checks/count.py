"""Counts: starters, finishers, one-two wins, laps under a limit."""

from __future__ import annotations

from dataclasses import replace

from articles.factcheck.claim import Claim, ClaimType
from articles.factcheck.grammar.words import words
from articles.factcheck.measuring import are_swapped
from articles.factcheck.sheet import BEST_LAP_KINDS, FactSheet, Session, fold_words
from articles.factcheck.verdict import (
    TWO_READINGS,
    Evidence,
    Reading,
    Verdict,
    confirmed,
    contradicted,
    decide,
    uncheckable,
)

TYPES = (ClaimType.COUNT,)
_SMALL = 9
_PEOPLE = words("count_people")


def check(claim: Claim, sheet: FactSheet) -> Verdict:
    value = int(str(claim.value))
    if claim.hint == "top":
        return _top(claim, sheet, value)
    is_open = claim.hint.endswith("?")
    claim = replace(claim, hint=claim.hint.rstrip("?"))
    if claim.hint.startswith("under"):
        return _under(claim, sheet, int(claim.hint.split()[1]), value)
    every = [
        reading for session in sheet.sessions for reading in _field(claim, session, value) if reading.truth is not None
    ]
    meant = [
        reading
        for session in claim.scene.sessions
        for reading in _field(claim, session, value)
        if reading.truth is not None
    ]
    strong = meant or every
    known = {reading.truth for reading in strong}
    is_one = len({reading.truth for reading in every}) == 1 or (len(known) == 1 and claim.scene.level > 0)
    other = next((reading for session in sheet.sessions for reading in _other_column(claim, session, value)), None)
    if other and not any(reading.agrees for reading in every):
        return confirmed(other) if is_open else uncheckable(TWO_READINGS, other)
    if meant and claim.scene.level > 1:
        every = meant  # the field of the other race is another
    is_sure = (
        not claim.scene.is_interim
        and is_one
        and value > _SMALL
        and not _may_count_people(claim, sheet)
        and (not is_open or any(are_swapped(str(value), str(reading.truth)) for reading in strong))
        and (bool(claim.scene.sessions) or not claim.scene.level)
    )
    return decide(claim, strong, every, is_sure=is_sure, said=str(value), is_exact=True)


def _may_count_people(claim: Claim, sheet: FactSheet) -> bool:
    """`66 Fahrer starteten in 33 Autos`: where crews share a car, the people are more than the cars that are stored."""
    has_crews = any(len(car.drivers) > 1 for car in sheet.cars.values())
    return has_crews and any(word in _PEOPLE for word in fold_words(claim.text))


def _field(claim: Claim, session: Session, value: int) -> list[Reading]:
    column, truth = ("gewertet", session.finishers) if claim.hint == "finishers" else ("gestartet", session.starters)
    return [Reading(truth, Evidence(session.name, "", column, str(truth)), truth == value)]


def _other_column(claim: Claim, session: Session, value: int) -> list[Evidence]:
    """`Von 20 gestarteten kamen 17 in die Wertung`: which of the two is counted may have been misunderstood."""
    column, truth = ("gestartet", session.starters) if claim.hint == "finishers" else ("gewertet", session.finishers)
    return [Evidence(session.name, "", column, str(truth))] if truth == value else []


def _laps_under(session: Session, limit: int) -> int | None:
    laps = [row.best_lap_ms for row in session.rows if row.best_lap_ms is not None]
    return sum(lap < limit for lap in laps) if laps else None


def _under(claim: Claim, sheet: FactSheet, limit: int, value: int) -> Verdict:
    """How many went below a limit, in the session that is spoken of or in any that is complete down to it."""
    timed = [session for session in sheet.run if session.kind in BEST_LAP_KINDS] or list(sheet.run)
    counted = [(session, truth) for session in timed if (truth := _laps_under(session, limit)) is not None]
    for session, truth in counted:
        if truth == value and (session in claim.scene.sessions or _is_among(session, claim, limit) or value > 1):
            return confirmed(Evidence(session.name, "", "Bestzeiten", f"{value} darunter"))
    if any(truth == value for _session, truth in counted):
        return uncheckable(TWO_READINGS)
    meant = [(session, truth) for session, truth in counted if session in claim.scene.sessions]
    others = [(session, truth) for session, truth in counted if truth and _is_complete(session, limit)]
    for session, truth in meant if len(meant) == 1 else others if len(others) == 1 else ():
        if truth > value or _is_complete(session, limit):
            evidence = Evidence(session.name, "", "Bestzeiten", f"{truth} darunter")
            return contradicted(evidence, "einer" if value == 1 else str(value))
    return uncheckable("Dazu ist nichts gespeichert.")


def _is_complete(session: Session, limit: int) -> bool:
    """Whether an excerpt holds everybody who was faster, and the next one too."""
    for place in range(1, len(session.rows) + 1):
        row = session.by_position.get(place)
        if row is None or row.best_lap_ms is None:
            return False
        if row.best_lap_ms >= limit:
            return True
    return False


def _is_among(session: Session, claim: Claim, limit: int) -> bool:
    """Whether the car spoken of was that fast there."""
    row = session.by_number.get(claim.subject.car or "")
    return row is not None and row.best_lap_ms is not None and row.best_lap_ms < limit


def _top(claim: Claim, sheet: FactSheet, value: int) -> Verdict:
    """How many cars of the make or team lead the field, overall and in each class; an excerpt may have holes."""
    named = set(claim.subject.cars)
    houses = [named, *_houses(claim, sheet)]
    best: tuple[int, Session] | None = None
    is_open = not named
    for session in claim.scene.sessions or sheet.run:
        for class_name in (None, *dict.fromkeys(row.class_name for row in session.rows if row.class_name)):
            if any(_leading(session, class_name, cars)[0] == value for cars in houses):
                return confirmed(Evidence(session.name, "", "Spitze", f"{value} Autos"))
            count, is_closed = _leading(session, class_name, named)
            is_open |= not is_closed and count < value
            if best is None or count > best[0]:
                best = count, session
    if best is None or is_open or best[0] == 0:
        return uncheckable("Dazu ist nichts gespeichert.")
    evidence = Evidence(best[1].name, "", "Spitze", f"{best[0]} Autos")
    is_house = claim.subject.name == "house" or len(named) >= value
    is_here = claim.scene.level > 1 and len(claim.scene.sessions) == 1
    is_sure = is_house and claim.subject.level > 1 and (is_here or _is_nowhere(claim, sheet, named, value))
    if best[0] < value and is_sure:
        return contradicted(evidence, f"{value} Autos")
    return uncheckable("Welche Wertung gemeint ist, ist nicht sicher.", evidence)


def _is_nowhere(claim: Claim, sheet: FactSheet, named: set[str], value: int) -> bool:
    """Whether in no race of the event, and in no class, so many of the cars may have been in front."""
    if claim.scene.is_interim or len(named) < 2:  # noqa: PLR2004 - of one car an excerpt leaves its mates out
        return False
    for session in sheet.sessions:
        classes = (None, *dict.fromkeys(row.class_name for row in session.rows if row.class_name))
        found = [_leading(session, class_name, named) for class_name in classes]
        if (session.is_race and not session.is_run) or any(count >= value or not closed for count, closed in found):
            return False
    return True


def _houses(claim: Claim, sheet: FactSheet) -> list[set[str]]:
    """All cars of the teams and of the makes of whoever is spoken of: `Doppelsieg für die Truppe aus Niederdreisbach`."""
    found: list[set[str]] = []
    for number in dict.fromkeys((*claim.subject.cars[:4], *claim.near[:6])):
        car = sheet.cars.get(number)
        if car:
            make = car.model.split(" ")[0]
            found.append(set(sheet.numbers_by_team.get(car.team, ())))
            found.append({other.number for other in sheet.cars.values() if make and other.model.split(" ")[0] == make})
    return found


def _leading(session: Session, class_name: str | None, cars: set[str]) -> tuple[int, bool]:
    count = 0
    while True:
        row = (
            session.by_position.get(count + 1)
            if class_name is None
            else session.by_class_position.get((class_name, count + 1))
        )
        if row is None:
            return count, False
        if row.number not in cars:
            return count, True
        count += 1
