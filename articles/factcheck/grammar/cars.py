"""Numbers, teams and makes of cars in prose, and whose they are said to be."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from articles.factcheck.claim import NOWHERE, Claim, ClaimType, Context, Subject
from articles.factcheck.grammar.compounds import compounds_of
from articles.factcheck.grammar.lexicon import Kind, some
from articles.factcheck.grammar.mates import find_mates
from articles.factcheck.grammar.mentions import Group, Mention
from articles.factcheck.grammar.page import Page
from articles.factcheck.grammar.pilots import find_pilots
from articles.factcheck.grammar.seats import is_of_series, rider
from articles.factcheck.grammar.tokens import Sentence, Token
from articles.factcheck.grammar.words import words
from articles.factcheck.sheet import fold_words

_YEAR = re.compile(r"(?:19|20)\d\d")  # `fuhr 2019 für Manthey`
_HOUSE = (Kind.TEAM, Kind.MAKE, Kind.MODEL)
_SEAT = frozenset(
    {
        "im",
        "in",
        "auf",
        "the",
        "dem",
        "seinem",
        "seinen",
        "his",
        "ihrem",
        "der",
        "a",
        "zweiten",
        "dritten",
        "anderen",
        "second",
        "third",
        "other",
    }
)
_RELATIVES = (
    [",", "das"], [",", "den"], [",", "die"], [",", "in", "dem"], [",", "in", "der"], [",", "mit", "dem"], [",", "mit", "der"],
)  # fmt: skip
_OWNER = frozenset({"von", "mit", "of"})
_OF_TEAM = (["aus", "dem"], ["vom"], ["aus", "dem", "team"], ["vom", "team"], ["of"], ["of", "the"])
_ASTRIDE = (["auf", "der"], ["auf", "seiner"], ["on", "the"])
_AT_THE_WHEEL = frozenset({"am", "sattel", "steuer", "cockpit", "des"})
_FAR = 5  # tokens
_CREW = 2  # people
_CREW_WORDS = frozenset(
    {
        "team",
        "mannschaft",
        "auto",
        "wagen",
        "crew",
        "truppe",
        "equipe",
        "maschine",
        "bike",
        "motorrad",
        "renner",
        "bolide",
        "machine",
        "entry",
        "werksteam",
    }
)


def find(page: Page) -> Iterator[Claim]:
    """Car numbers, and teams and makes that are tied to somebody."""
    for sentence in page.cut.sentences:
        groups = page.groups(sentence)
        compounds = list(compounds_of(page, sentence))
        yield from compounds
        for place, group in enumerate(groups):
            for part in group.numbers:
                yield _number(page, sentence, part, groups, place)
            yield from _houses(page, group)
            seat = _seat_of_rider(page, sentence, groups, place)
            if seat and not (seat.hint and any(seat.start < one.end and one.start < seat.end for one in compounds)):
                yield seat
        yield from _seats(page, groups)
    yield from find_mates(page)
    yield from find_pilots(page)


# ------------------------------------------------------------------ numbers


def _number(page: Page, sentence: Sentence, part: Mention, groups: list[Group], place: int) -> Claim:
    tokens = page.cut.tokens
    start, end = tokens[part.first].start, tokens[part.last - 1].end
    subject = _owner(page, sentence, part, groups, place)
    given = _when(page, sentence, part.first, part.cars, subject)
    return page.claim(ClaimType.CAR_NUMBER, start, end, part.number, subject=subject, scene=NOWHERE, **given)


def _drives_with(page: Page, sentence: Sentence, group: Group, following: Group) -> bool:
    """`Mit der Startnummer 47 fuhr Joel Eriksen auf Rang vier`: the verb alone stands between."""
    between = page.cut.tokens[group.last : following.first]
    is_begun = group.first - sentence.first in (1, 2) and page.cut.tokens[sentence.first].key in {
        "mit",
        "in",
        "im",
        "with",
    }
    is_alone = len(group.parts) == len(group.numbers) and bool(following.people) and not following.is_plural
    return is_begun and is_alone and len(between) == 1 and between[0].text.islower()


def _when(page: Page, sentence: Sentence, at: int, named: frozenset[str], subject: Subject) -> dict[str, Any]:
    """`früher im Porsche mit der Nummer 92 unterwegs`: a seat of another day, of which the sheet knows nothing, unless it is his today."""
    if not named.isdisjoint(subject.cars) or not subject.cars:
        return {}
    first, last = page.clause(sentence, at)
    is_former = any(
        token.key in words("cars_formerly") or _YEAR.fullmatch(token.key) for token in page.cut.tokens[first:last]
    )
    return {"context": Context.HISTORICAL} if is_former else {}


def _owner(page: Page, sentence: Sentence, part: Mention, groups: list[Group], place: int) -> Subject:
    """Whose number it is said to be: the people beside it, else the team and make; level 0 where it stands alone."""
    group = groups[place]
    people = _beside(group, part) if group.people else []
    if people:
        cars = frozenset.intersection(*(one.cars for one in people)) or people[0].cars
        return Subject(some(cars), 2, people=tuple(driver for one in people for driver in one.people), name="people")
    houses = [one for one in group.parts if one.kind in _HOUSE and one.cars]
    seated, is_sure = rider(page, sentence, groups, place)
    if is_sure and seated.cars:
        return replace(seated, name="people")
    following = groups[place + 1] if place + 1 < len(groups) else None
    if following and _drives_with(page, sentence, group, following):
        return Subject(some(following.cars), 2, people=following.people[0].people, name="people")
    shared = _shared_by(page, group, groups, place) or _driven_by(page, group, groups, place)
    shared = shared or _crewed_by(page, sentence, groups, place) or _sent_by(page, sentence, groups, place)
    if shared:
        return shared
    if houses and not group.is_plural:
        cars = frozenset.intersection(*(one.cars for one in houses)) or houses[0].cars
        kind = "team" if any(one.kind is Kind.TEAM for one in houses) else "make"
        return Subject(some(cars), 2, name=kind)
    return _sister(page, group) or Subject()


def _sister(page: Page, group: Group) -> Subject | None:
    """`das Schwesterauto #8`: a car of the team that was spoken of."""
    before = page.cut.tokens[max(group.first - 2, 0) : group.first]
    if not any(token.key in words("sister") and token.key != "teamkollegen" for token in before):
        return None
    sentence = page.sentence_at(page.cut.tokens[group.first].start)
    others = [other.car for other in page.groups(sentence) if other is not group and other.car and other.level > 1]
    teams = {page.sheet.cars[car].team for car in others if car}
    cars = frozenset[str]().union(*(page.sheet.numbers_by_team.get(team, frozenset()) for team in teams))
    return Subject(some(cars), 2, name="sister") if cars else None


def _beside(group: Group, part: Mention) -> list[Mention]:
    """Of several people around a number those in one list."""
    if not group.is_plural:
        return group.people
    return [] if len(group.numbers) > 1 else group.people[-1:]


def _shared_by(page: Page, group: Group, groups: list[Group], place: int) -> Subject | None:
    """`mit der #46, das sich Rossi mit Hesse teilte`, `der Porsche mit der #6, den Andlauer heranbrachte`."""
    if place + 1 >= len(groups) or not groups[place + 1].people:
        return None
    following = groups[place + 1]
    between = [token.key for token in page.cut.tokens[group.last : following.first]]
    person = following.people[0]
    is_driven = bool(between[-2:-1]) and between[-2] in words("mentions_driven") and between[-1] in {"von", "by"}
    # `mit der #81 wechselten sich … ab`
    takes_turns = bool(set(between) & words("cars_taking_turns")) and len(group.parts) == len(group.numbers)
    is_shared = between in ([",", "das", "sich"], [",", "den", "sich"], [",", "die", "sich"], [",", "shared", "by"])
    if is_driven or takes_turns or is_shared:
        return Subject(some(following.cars), 2, people=person.people, name="people")
    if between not in _RELATIVES or following.first != person.first:
        return None
    _first, last = page.clause(page.sentence_at(page.cut.tokens[person.first].start), person.first)
    behind = {token.key for token in page.cut.tokens[person.last : last]}
    makes = {_make(page, car) for car in (*group.cars, *following.cars)}
    if behind & words("cars_beaten") or len(makes) > 1:
        return None
    return Subject(some(following.cars), 2, people=person.people, name="people")


def _driven_by(page: Page, group: Group, groups: list[Group], place: int) -> Subject | None:
    """`the #24 M Hybrid of Rene Rast`: words of a car that no sheet knows between the number and whose it is."""
    following = groups[place + 1] if place + 1 < len(groups) else None
    if following is None or not following.parts[0].is_person or not following.cars:
        return None
    between = page.cut.tokens[group.last : following.first]
    if not 0 < len(between) <= _FAR or between[-1].key not in _OWNER:
        return None
    if any(not (token.text[0].isupper() or token.text[0].isdecimal() or token.text == "-") for token in between[:-1]):
        return None
    return Subject(some(following.cars), 2, people=following.people[0].people, name="people")


def _crewed_by(page: Page, sentence: Sentence, groups: list[Group], place: int) -> Subject | None:
    """`brought the No. 1 Audi home fourth with Feldmann, Marsch and Kolb`: a whole crew behind, and no other car between."""
    following = groups[place + 1] if place + 1 < len(groups) else None
    if following is None or len(following.people) < _CREW or following.is_plural or following.car is None:
        return None
    first, last = page.clause(sentence, following.first)
    keys = {token.key for token in page.cut.tokens[first:last]}
    before = page.cut.tokens[following.first - 1].key
    if not first <= groups[place].first or before not in {"with", "mit"} or keys & words("crews_met"):
        return None
    return Subject(some(following.cars), 2, people=following.people[0].people, name="people")


def _sent_by(page: Page, sentence: Sentence, groups: list[Group], place: int) -> Subject | None:
    """`Rowe brachte den BMW mit der 98 auf Rang zwei`: a team that brings a car brings one of its own."""
    group, former = groups[place], groups[place - 1] if place else None
    if former is None or former.is_plural or group.people or any(part.kind is not Kind.TEAM for part in former.parts):
        return None
    first, _last = page.clause(sentence, group.first)
    keys = [token.key for token in page.cut.tokens[former.last : group.first]]
    is_bringing = bool(keys) and keys[0] in words("seats_drove") | words("cars_entered")
    return Subject(some(former.cars), 2, name="team") if is_bringing and former.first == first else None


def _make(page: Page, car: str) -> str:
    known = page.sheet.cars.get(car)
    return known.model.split()[0] if known and known.model else ""


# ------------------------------------------------------------------ teams and makes


def _houses(page: Page, group: Group) -> Iterator[Claim]:
    """Team and make of a group that names people too; the facts already agree, for they are one group."""
    houses = [part for part in group.parts if part.kind in _HOUSE and part.cars]
    if not houses or not group.people:
        return
    tokens = page.cut.tokens
    start, end = tokens[houses[0].first].start, tokens[houses[-1].last - 1].end
    if houses[-1].last - houses[0].first > 6:  # noqa: PLR2004 - two houses far apart are two statements
        end = tokens[houses[0].last - 1].end
    people = group.people
    cars = frozenset.intersection(*(one.cars for one in people)) or people[0].cars
    drivers = tuple(driver for one in people for driver in one.people)
    subject = Subject(some(cars), 2, people=drivers)
    value = _of_house(frozenset.intersection(*(one.cars for one in houses)) or houses[0].cars, cars)
    said = page.text[start:end]
    yield page.claim(ClaimType.TEAM_CAR, start, end, said, subject=subject, scene=NOWHERE, near=value)


def _of_house(house: frozenset[str], own: frozenset[str]) -> tuple[str, ...]:
    """The cars of a team or make that matter: those somebody drives, else a few to show what it is."""
    return some(house & own) or tuple(sorted(house)[:3])


def _seat_of_rider(page: Page, sentence: Sentence, groups: list[Group], place: int) -> Claim | None:
    """`Lenz wird im MAN Dritter`: a car without people whose seat somebody else of the sentence has."""
    group = groups[place]
    houses = [part for part in group.parts if part.kind in _HOUSE and part.cars]
    if not houses or group.people or _goes_on(page, group) or is_of_series(page, group):
        return None
    subject, is_sure = rider(page, sentence, groups, place)
    if not subject.cars:
        return None
    cars = frozenset.intersection(*(part.cars for part in houses)) or houses[0].cars
    tokens = page.cut.tokens
    start, end = tokens[houses[0].first].start, tokens[houses[-1].last - 1].end
    near = _of_house(cars, frozenset(subject.cars))
    hint = "" if is_sure else "loose"
    said = page.text[start:end]
    given = _when(page, sentence, group.first, cars, subject)
    return page.claim(
        ClaimType.TEAM_CAR, start, end, said, subject=subject, scene=NOWHERE, near=near, hint=hint, **given
    )


def _seats(page: Page, groups: list[Group]) -> Iterator[Claim]:
    """`Buhk im Audi`, `Audi von Buhk`, `Buhk (Audi)`, `Audi-Pilot Buhk`, `Buhk's Audi` where Buhk drives no Audi.

    They are two groups each, for the facts keep them apart.
    """
    for former, group in itertools.pairwise(groups):
        between = page.cut.tokens[former.last : group.first]
        if former.cars and _is_house(former) and group.people and _is_manned_by(between):
            yield _house_claim(page, former, group)
            continue
        if len(between) > 3:  # noqa: PLR2004 - `im`, `in the`, `in seinem`
            continue
        if is_of_series(page, group):
            continue
        is_named = (former.people and former.parts[-1].is_person) or (former.nation and former.car and former.level > 1)
        if is_named and _is_house(group) and not _goes_on(page, group):
            if _is_seat_of(page, former, group, between):
                yield _house_claim(page, group, former)
        elif _is_house(former) and group.parts[0].is_person and _is_owned_by(page, former, group, between):
            yield _house_claim(page, former, group)


def _is_manned_by(between: list[Token]) -> bool:
    """`der BMW von Schubert, in dem sich Harpo und Hessen abwechselten`."""
    keys = [token.key for token in between]
    return keys in (
        [",", "in", "dem", "sich"],
        [",", "den", "sich"],
        [",", "das", "sich"],
        [",", "shared", "by"],
        [",", "gefahren", "von"],
    )


def _is_seat_of(page: Page, person: Group, house: Group, between: list[Token]) -> bool:
    """`Buhk im Audi`, `Buhk (Audi)`, `Buhks Audi`, `Batista auf der Ducati`, `Razgat, neu bei Yamaha`."""
    keys = [token.key for token in between]
    if not keys:
        return bool(person.people) and _is_possessed(page, person)
    if keys in _OF_TEAM:
        return all(part.kind is Kind.TEAM for part in house.parts)
    if keys[:1] == [","] and keys[-1] in {"bei", "at"}:
        return set(keys[1:-1]) <= words("cars_drivers") | {"neu", "nun", "jetzt", "new"}
    if keys == ["("]:
        return house.last < len(page.cut.tokens) and page.cut.tokens[house.last].text == ")"
    return keys in _ASTRIDE or (keys[0] in {"im", "in", "am"} and set(keys) <= _SEAT | _AT_THE_WHEEL)


def _is_possessed(page: Page, person: Group) -> bool:
    """`Buhks Audi`: the name stands in the genitive."""
    last = page.cut.tokens[person.last - 1]
    names = {fold_words(driver.last)[-1:] for driver in person.parts[-1].people}
    return last.text.endswith(("'s", "’s")) or (last.key.endswith("s") and (last.key[:-1],) in names)


def _is_owned_by(page: Page, house: Group, person: Group, between: list[Token]) -> bool:
    """`Audi von Buhk`, `Audi-Pilot Buhk`; but an `Ex-Audi-Pilot` drives something else, and a first name may be his boss."""
    keys = [token.key for token in between if token.text != "-"]
    behind = {token.key for token in page.cut.tokens[person.last : person.last + 3]}
    if keys == ["mit"] and behind & words("crews_sharing"):
        return False  # `der sich den Porsche mit Müller teilte`: a crew, and its own check judges it
    if len(keys) != 1 or (keys[0] in _OWNER and len(between) == 1):
        return len(keys) == 1
    before = {token.key for token in page.cut.tokens[max(house.first - 3, 0) : house.first]}
    if _is_beaten_by(page.cut.tokens[max(house.first - 2, 0) : house.first]):
        return False
    if keys[0] not in words("cars_drivers") or before & words("cars_former"):
        return False
    named = {token.key for token in page.cut.tokens[person.first : person.parts[0].last]}
    lasts = {word for driver in person.parts[0].people for word in fold_words(driver.last)}
    return bool({key.removesuffix("s") for key in named} & {word.removesuffix("s") for word in lasts})


def _is_beaten_by(before: list[Token]) -> bool:
    """`Am Samstag verwies der Ducati-Pilot Reah auf Rang zwei`: the pilot is one, Reah another."""
    keys = [token.key for token in before]
    return len(keys) > 1 and keys[0] in words("cars_beaten") and keys[1] in {"der", "die"}


def _goes_on(page: Page, group: Group) -> bool:
    """`im Porsche-Cup-Shirt`: the make is the first part of another word."""
    after = page.cut.tokens[group.last : group.last + 2]
    return (
        len(after) > 1
        and after[0].text == "-"
        and after[0].glued
        and after[1].key not in words("known_makes") | _CREW_WORDS
    )


def _is_house(group: Group) -> bool:
    return (
        bool(group.cars)
        and all(part.kind in _HOUSE for part in group.parts)
        and not group.nation
        and not group.is_sister
    )


def _house_claim(page: Page, house: Group, owner: Group) -> Claim:
    tokens = page.cut.tokens
    start, end = tokens[house.first].start, tokens[house.last - 1].end
    known = [part.cars for part in house.parts if part.cars]  # of `die Sieger` the group alone knows the cars
    cars = (frozenset.intersection(*known) if known else house.cars) or house.cars
    subject = page.as_subject(owner, 2)
    return page.claim(
        ClaimType.TEAM_CAR,
        start,
        end,
        page.text[start:end],
        subject=subject,
        scene=NOWHERE,
        near=_of_house(cars, owner.cars),
        **_when(page, page.sentence_at(start), house.first, cars, subject),
    )
