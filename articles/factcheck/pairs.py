"""Which two cars a gap in time may lie between: those the words name, or those a reader would think of."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable
from itertools import combinations

from articles.factcheck.claim import Claim
from articles.factcheck.sheet import Session

Pairs = Callable[[Claim, Session], list[tuple[str, str]]]
_MOST_CARS = 200
_SHOWN = 12
_FEW = 3


def is_pair(claim: Claim) -> bool:
    """Whether the words themselves name both cars, the other one perhaps by a make that two or three drive."""
    return (
        claim.subject.car is not None
        and 0 < len(claim.rival.cars) <= _FEW
        and claim.subject.car not in claim.rival.cars
        and min(claim.subject.level, claim.rival.level) > 1
    )


def names_leader(claim: Claim) -> bool:
    """Whether the words count from the first one (`auf die Bestzeit`, `hinter dem Sieger`), and say whose gap it is."""
    return (
        (claim.hint == "leader" or claim.hint.startswith("placed "))
        and claim.subject.car is not None
        and claim.subject.level > 1
        and not claim.subject.is_doubted
    )


def is_further(claim: Claim) -> bool:
    """Whether the words count from the one ahead of somebody whom they name."""
    return (
        claim.hint == "further" and not claim.rival.cars and claim.subject.car is not None and claim.subject.level > 1
    )


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
    if word not in {"place", "placed"}:
        return []
    place = int(number)
    rows = [session.by_position.get(place)]
    if any(row and row.number in claim.subject.cars for row in rows):
        return _leader(session)  # `verwies Ekström um 0,077 Sekunden auf Platz zwei`
    rows += [session.by_class_position.get((name, place)) for name in session.class_reach if name]
    return [row.number for row in rows if row]


def _ahead(claim: Claim, session: Session, car: str) -> list[str]:
    """Whom `weitere 4,1 Sekunden dahinter` counts from: the last one ahead of those named, or the next one on the road."""
    row = session.by_number.get(car)
    if row is None or row.position is None:
        return []
    named = [other for number in claim.near if (other := session.by_number.get(number)) and other.position]
    places = [other.position for other in named if other.position and other.position < row.position]
    found = [session.by_position.get(max(places, default=0)), session.by_position.get(row.position - 1)]
    if row.class_position is not None:
        found.append(session.by_class_position.get((row.class_name, row.class_position - 1)))
    return [other.number for other in found if other]


def meant(claim: Claim, session: Session) -> list[tuple[str, str]]:
    """The pairs the words name."""
    if claim.hint == "further" and not claim.rival.cars:
        return [(car, other) for car in claim.subject.cars[:_MOST_CARS] for other in _ahead(claim, session, car)]
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


def thinkable(claim: Claim, session: Session) -> list[tuple[str, str]]:
    """The pairs somebody might mean: all the sentence names, leaders and neighbours."""
    cars = list(dict.fromkeys((*claim.subject.cars[:4], *claim.rival.cars[:4], *claim.near[:8])))
    if is_pair(claim):
        return [(claim.subject.cars[0], other) for other in claim.rival.cars]
    if names_leader(claim) or is_further(claim):
        return meant(claim, session)
    found = []
    for car in claim.subject.cars if claim.subject.car and claim.subject.level > 1 else cars:
        partners = [*_leader(session), *_class_leader(session, car), *_beside(session, car), *cars]
        found += [(car, other) for other in partners]
    return found


def implied(claim: Claim, session: Session) -> list[tuple[str, str]]:
    """The car spoken of and whoever a gap may be counted from where the words do not say it."""
    if is_further(claim):
        return meant(claim, session)
    others = (*claim.rival.cars[:_SHOWN], *claim.near[:_SHOWN])
    return [
        (car, other)
        for car in claim.subject.cars[:4]
        for other in (*_leader(session), *_class_leader(session, car), *_beside(session, car), *others)
    ]


def named_pairs(claim: Claim, session: Session) -> list[tuple[str, str]]:
    """The pairs of cars that the words name, and each with its leaders where only one is named."""
    cars = list(dict.fromkeys((*claim.subject.cars[:2], *claim.rival.cars[:2], *claim.near[:4])))
    subjects = claim.subject.cars[:2] if claim.subject.car else ()
    found = [(car, other) for car in subjects for other in (*claim.rival.cars[:2], *claim.near[:4])]
    if not claim.rival.cars:
        found += [(car, other) for car in subjects for other in (*_leader(session), *_class_leader(session, car))]
    first, second = (session.by_class_position.get((claim.scene.class_name, place)) for place in (1, 2))
    if first and second and not is_pair(claim):
        found.append((first.number, second.number))
    return found or list(combinations(cars[:4], 2))


def first_two(_claim: Claim, session: Session) -> list[tuple[str, str]]:
    """The winner and the second: whom a margin lies between that is nobody's in the words."""
    first, second = session.by_position.get(1), session.by_position.get(2)
    return [(first.number, second.number)] if first and second else []


def any_named(claim: Claim, session: Session) -> list[tuple[str, str]]:
    """The subject and whoever the sentence names beside: `vor der #201, in der GT4 die #401`."""
    is_named = claim.rival.car is not None and claim.rival.level > 1
    others = claim.rival.cars if is_named else (*claim.rival.cars[:_SHOWN], *claim.near[: 2 * _SHOWN])
    return [(car, other) for car in claim.subject.cars[:4] for other in others]


def chained(claim: Claim, session: Session) -> list[tuple[str, str]]:
    """`lag nur 65 Tausendstel dahinter`: counted from whoever was spoken of before."""
    if claim.hint != "behind" or claim.rival.cars or claim.subject.level < 2:  # noqa: PLR2004
        return []
    return [(car, other) for car in claim.subject.cars[:1] for other in claim.near[:4]]


def fitting_partner(claim: Claim, session: Session) -> list[tuple[str, str]]:
    """Whoever is just that far from one of the cars: found in the order of distances, for a field may be large."""
    value, width = int(str(claim.value)), claim.precision_ms
    found = []
    is_named = claim.rival.car is not None and claim.rival.level > 1
    for car in claim.rival.cars if is_named else (*claim.subject.cars[:4], *claim.rival.cars[:4]):
        row = session.by_number.get(car)
        if row is None or row.behind_ms is None:
            continue
        for wanted in (row.behind_ms - value, row.behind_ms + value):
            at = bisect_left(session.by_distance, (wanted - width, ""))
            found += [(car, other) for behind, other in session.by_distance[at : at + 3] if behind <= wanted + width]
    return found
