"""Crews: does everybody in the list share one car, and is it the one named beside it?"""

from __future__ import annotations

from articles.factcheck.claim import Claim, ClaimType
from articles.factcheck.sheet import Car, Driver, FactSheet, fold_words
from articles.factcheck.verdict import Evidence, Verdict, confirmed, contradicted, uncheckable

_WHOLE_NAME = 3  # letters
TYPES = (ClaimType.CREW,)


def check(claim: Claim, sheet: FactSheet) -> Verdict:
    names = claim.value if isinstance(claim.value, tuple) else ()
    cars = [sheet.cars[number] for number in _candidates(names, claim, sheet)]
    fits = {car.number: _fitting(names, car, sheet) for car in cars if len(car.drivers) > 1}
    whole = [number for number, count in fits.items() if count == len(names)]
    meant = [number for number in claim.subject.cars if number in fits]
    if whole:
        return _of_one_car(claim, whole, meant, sheet)
    said = "/".join(names)
    best = _best(fits, meant)
    if best is None:
        return uncheckable("Diese Fahrer kennen die Daten nicht.")
    if _is_crew(claim, names, fits[best], meant):
        return contradicted(_evidence(sheet.cars[best]), said)
    return uncheckable("Ob die Namen eine Besatzung sind, ist nicht sicher.", _evidence(sheet.cars[best]))


def _of_one_car(claim: Claim, whole: list[str], meant: list[str], sheet: FactSheet) -> Verdict:
    """The names share a car; a wrong number beside them is that number's fault, and its own check says so."""
    fitting = next((number for number in whole if not meant or number in meant), None)
    if claim.hint == "partial":  # `den er sich mit A und B teilt`: of the crew of another car the sentence names
        fitting = fitting or next((number for number in whole if number in claim.near), None)
    if claim.hint == "partner" and len(names_of(claim)) == 1 and not meant:
        return uncheckable("Zu wem er gehört, ist nicht sicher.")
    if fitting or claim.hint == "numbered":
        return confirmed(_evidence(sheet.cars[fitting or whole[0]]))
    if claim.subject.level > 1 and len(meant) == 1:
        return contradicted(
            _evidence(sheet.cars[meant[0]]), "/".join(map(str, claim.value if isinstance(claim.value, tuple) else ()))
        )
    return uncheckable("Die Besatzung stimmt, das Auto dazu ist nicht sicher.", _evidence(sheet.cars[whole[0]]))


def names_of(claim: Claim) -> tuple[str, ...]:
    return tuple(map(str, claim.value)) if isinstance(claim.value, tuple) else ()


def _candidates(names: tuple[str, ...], claim: Claim, sheet: FactSheet) -> list[str]:
    """The cars of everybody who bears one of the names, in the order of the list, and those named beside it."""
    said = [word for name in names for word in fold_words(name)]
    words = dict.fromkeys((*said, *(word[:-1] for word in said if word.endswith("s"))))
    people = [person for word in words for person in sheet.people_by_word.get(word, ())]
    found = dict.fromkeys(number for person in people for number in sorted(sheet.people[person]))
    return list(dict.fromkeys((*claim.subject.cars, *found)))


def _best(fits: dict[str, int], meant: list[str]) -> str | None:
    """The car the list speaks of: of those named beside it, else of all, the one with most of the names."""
    pool = [number for number in meant if fits[number]] or [number for number, count in fits.items() if count]
    return max(pool, key=lambda number: fits[number], default=None)


def _is_crew(claim: Claim, names: tuple[str, ...], fitting: int, meant: list[str]) -> bool:
    """A list with slashes is a crew; a written one where a car is tied to it or most of it shares one."""
    if claim.hint in {"most", "joint"}:
        return fitting == len(names) - 1
    if claim.hint == "result":
        return fitting * 2 >= len(names)
    if claim.hint == "seat":
        return bool(meant)
    if claim.hint in {"slashes", "tied", "numbered"}:
        return fitting * 2 >= len(names) if claim.hint == "slashes" else True
    return claim.hint == "partial" and len(meant) == 1 and fitting > 0


def _evidence(car: Car) -> Evidence:
    return Evidence("Nennung", f"#{car.number}", "Fahrer", "/".join(driver.name for driver in car.drivers))


def _fitting(names: tuple[str, ...], car: Car, sheet: FactSheet) -> int:
    """How many names find a driver of the car, each driver once."""
    left = list(car.drivers)
    count = 0
    for name in names:
        found = next(
            (one for one in left if any(_is(name, called, sheet) for called in (one, *sheet.also_called(one)))), None
        )
        if found is not None:
            left.remove(found)
            count += 1
    return count


def _is(name: str, driver: Driver, sheet: FactSheet) -> bool:
    """The last name decides; the first one only where two drivers of the event share the last."""
    words, last, first = list(fold_words(name)), list(fold_words(driver.last)), list(fold_words(driver.first))
    if words and words[-1].endswith("s") and last and words[-1][:-1] == last[-1]:
        words[-1] = words[-1][:-1]
    if not words or not last:
        return False
    if words[-len(last) :] == last:
        given = words[: -len(last)]
        if not given or _same_first(given, first):
            return True
        return not sheet.is_namesake(driver) and not _is_another_first(given, first)
    if words == first:
        return True  # `Jannes und Sören Meyer`
    if words == last[-1:] or words == last[:1] or words == first + last[:1] or words == first + last[-1:]:
        return True
    return words[-1:] == last[-1:] and bool(first) and words[:1] == first[:1]


def _is_another_first(given: list[str], first: list[str]) -> bool:
    """`Dries Vanthoor` for Laurens: a whole other name, and no shorter form of the same."""
    if len(given) != 1 or len(given[0]) < _WHOLE_NAME or not first or set(given) & set(first):
        return False
    return all(len(one) >= _WHOLE_NAME and one[0] != given[0][0] for one in first)


def _same_first(given: list[str], first: list[str]) -> bool:
    return bool(first) and (
        first[0].startswith(given[0].rstrip(".")) or given[0] in first or given[0].startswith(first[0][:3])
    )
