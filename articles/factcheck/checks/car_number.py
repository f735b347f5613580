"""Car numbers: do they belong to the people, the team or the make beside them?"""

from __future__ import annotations

import re

from articles.factcheck.claim import Claim, ClaimType
from articles.factcheck.sheet import FactSheet
from articles.factcheck.verdict import Evidence, Verdict, confirmed, contradicted, uncheckable

TYPES = (ClaimType.CAR_NUMBER,)


def check(claim: Claim, sheet: FactSheet) -> Verdict:
    printed = str(claim.value)
    stored = _stored(printed, sheet)
    if not claim.subject.cars:
        if stored is None:
            return uncheckable(f"Eine Startnummer {printed} kennen die Daten nicht.")
        return confirmed(_evidence(stored, sheet))
    if stored in claim.subject.cars:
        return confirmed(_evidence(str(stored), sheet))
    return _differing(claim, printed, stored, sheet)


def _differing(claim: Claim, printed: str, stored: str | None, sheet: FactSheet) -> Verdict:
    """The number is none of those whom the words name; a number the excerpt does not hold may still be right."""
    subject = claim.subject
    numbers = " oder ".join(f"#{number}" for number in subject.cars[:4])
    evidence = Evidence(_names(subject.cars[0], sheet), "", "Startnummer", numbers)
    if stored is None and any(_is_shortened(printed, car) for car in subject.cars):
        return uncheckable("Die Startnummer ist anders geschrieben als in den Daten.", evidence)
    is_one = len(subject.cars) == 1 and subject.name in {"people", "team"}
    is_known = subject.name == "people" and is_one and subject.level > 1 and not _have_two_cars(sheet)
    if stored is None and not is_known and not any(_is_slip(printed, car, subject.name) for car in subject.cars):
        return uncheckable(f"Eine Startnummer {printed} kennen die Daten nicht.", evidence)
    if subject.level > 1 and (is_one or (stored is not None and subject.name != "people")):
        return contradicted(evidence, f"#{printed}")
    slip = next(
        (car for car in claim.near if car in subject.cars and len(car) > 1 and sorted(car) == sorted(printed)), None
    )
    if subject.name == "team" and stored is None and slip is None:
        slip = next(
            (car for car in subject.cars if len(car) > 1 and car != printed and sorted(car) == sorted(printed)), None
        )
    if slip and stored is None and subject.name in {"make", "team"}:
        return contradicted(Evidence(_names(slip, sheet), "", "Startnummer", f"#{slip}"), f"#{printed}")
    return uncheckable(f"Zu #{printed} sagen die Daten nichts Sicheres.", evidence)


def _have_two_cars(sheet: FactSheet) -> bool:
    """Whether anybody drives two cars of the event: then a number nobody has stored may be a second one too."""
    return any(len(cars) > 1 for cars in sheet.people.values())


def _is_shortened(printed: str, number: str) -> bool:
    """`#8` for `#8B`, `9` for `09`: the same digits, and only a letter or a leading zero is missing."""
    one, other = (re.sub(r"\D", "", text).lstrip("0") for text in (printed, number))
    return one == other and (printed.isdigit() or number.isdigit())


def _is_slip(printed: str, number: str, owner: str) -> bool:
    """Digits swapped; beside people also one changed. A team's other car has a number close by."""
    if sorted(printed) == sorted(number):
        return True
    return (
        owner == "people"
        and len(printed) == len(number) > 1
        and sum(one != other for one, other in zip(printed, number, strict=True)) == 1
    )


def _stored(printed: str, sheet: FactSheet) -> str | None:
    if printed in sheet.cars:
        return printed
    plain = printed.lstrip("0") or "0"
    return plain if plain in sheet.cars and not printed.startswith("0") else None


def _names(number: str, sheet: FactSheet) -> str:
    car = sheet.cars[number]
    return "/".join(driver.last for driver in car.drivers) or car.team


def _evidence(number: str, sheet: FactSheet) -> Evidence:
    return Evidence(_names(number, sheet), "", "Startnummer", f"#{number}")
