"""The names a sheet knows, as a dictionary of words: drivers, teams, makes, models, classes and numbers of cars.

Names are found word by word (a tree of words, not of letters): hyphens and slashes end a word, so a compound such as
`United-Autosports-Oreca` falls apart by itself, and a genitive `Vanthoors` is looked up once more without its s.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Set
from dataclasses import dataclass, field
from enum import StrEnum
from functools import lru_cache
from typing import TypeVar

from articles.factcheck.grammar.tokens import Token
from articles.factcheck.grammar.words import pairs, words
from articles.factcheck.sheet import Driver, FactSheet
from articles.factcheck.sheet import fold_words as split

_PARTICLES = words("lexicon_particles")
_SHORT_SUFFIXES = frozenset({"jr", "ii", "iii", "sen"})
MOST_CARS = 40
_LONGEST_NAME = 8
_SHORTEST_SINGLE = 3
_Named = TypeVar("_Named")


class Kind(StrEnum):
    """What a name names."""

    DRIVER = "driver"
    TEAM = "team"
    MAKE = "make"
    MODEL = "model"
    CLASS = "class"


@dataclass(frozen=True, slots=True)
class Entry:
    """One spelling: the cars it may mean; for a driver who he is, for a class its name."""

    kind: Kind
    cars: frozenset[str]
    people: tuple[Driver, ...] = ()
    name: str = ""


@dataclass(slots=True)
class Lexicon:
    """Spellings by their first word, longest first; and the numbers of the cars."""

    spellings: dict[str, list[tuple[tuple[str, ...], Entry]]] = field(default_factory=dict)
    has_crews: bool = True
    numbers: dict[str, str] = field(default_factory=dict)  # as printed without leading zeros -> as stored
    kin: dict[str, Entry] = field(
        default_factory=dict
    )  # first names that are words too, of those whose last name is said
    model_numbers: frozenset[str] = frozenset()  # `911` names a model as well

    def may_begin(self, key: str) -> bool:
        """Whether any spelling begins with the word, in whatever case."""
        return key in self.spellings or (key[-1:] == "s" and key[:-1] in self.spellings)

    def longest(self, tokens: list[Token], index: int, last: int) -> tuple[int, list[Entry]] | None:
        """The longest spelling that begins at the token: how many tokens it takes and what it may be."""
        key = tokens[index].key
        found = self._from(key, tokens, index, last) if key in self.spellings else None
        if not found and len(key) > _SHORTEST_SINGLE and key[-1] == "s" and key[:-1] in self.spellings:
            found = self._from(key[:-1], tokens, index, last)
        return found

    def _from(self, key: str, tokens: list[Token], index: int, last: int) -> tuple[int, list[Entry]] | None:
        best = 0
        entries: list[Entry] = []
        for spelling, entry in self.spellings.get(key, ()):
            length = _match(spelling, tokens, index, last)
            if length > best:
                best, entries = length, [entry]
            elif length and length == best:
                entries.append(entry)
        return (best, entries) if best else None


def _match(spelling: tuple[str, ...], tokens: list[Token], index: int, last: int) -> int:
    """How many tokens the spelling takes from here, hyphens and dots between its words included; 0 for no match."""
    at = index
    for place, word in enumerate(spelling):
        if place:
            while at < last and tokens[at].text in "-–.'’" and tokens[at].glued:
                at += 1
        if at >= last:
            return 0
        key = tokens[at].key
        if key != word and not (key == word + "s" and place == len(spelling) - 1):
            return 0
        at += 1
    return at - index


def lexicon(sheet: FactSheet, keys: Set[str]) -> Lexicon:
    """The names of a sheet that a text may hold, by the folded words of the text."""
    keys = {*keys, *(key[:-1] for key in keys if key.endswith("s"))}
    result = Lexicon(numbers=sheet.printed_numbers, model_numbers=sheet.model_numbers, has_crews=sheet.has_crews)
    for (_kind, spelling), entry in _entries(sheet, keys).items():
        result.spellings.setdefault(spelling[0], []).append((spelling, entry))
    for person in _named_in(sheet.people_by_word, keys):
        first = split(person.first)
        if len(first) == 1 and first[0] in words("common_first"):
            former = result.kin.get(first[0])
            cars = sheet.people[person] | (former.cars if former else frozenset())
            result.kin[first[0]] = Entry(Kind.DRIVER, cars, (*(former.people if former else ()), person))
    return result


def _entries(sheet: FactSheet, keys: Set[str]) -> dict[tuple[Kind, tuple[str, ...]], Entry]:
    found: dict[tuple[Kind, tuple[str, ...]], Entry] = {}
    for kind, spelling, cars, person in _spellings(sheet, keys):
        if not spelling or spelling[0] not in keys or len(spelling) > _LONGEST_NAME:
            continue  # of all writings of a name a text begins few
        former = found.get((kind, spelling))
        people = former.people if former else ()
        if person is not None and person not in people:
            people = (*people, person)
        found[kind, spelling] = Entry(kind, cars | (former.cars if former else frozenset()), people)
    for name, cars in sheet.numbers_by_class.items():
        found |= {(Kind.CLASS, spelling): Entry(Kind.CLASS, cars, name=name) for spelling in _class_spellings(name)}
    for person, spelling in _absent(sheet, found):
        found[Kind.DRIVER, spelling] = Entry(Kind.DRIVER, frozenset(), (person,))
    return found


def _spellings(
    sheet: FactSheet, keys: Set[str]
) -> Iterator[tuple[Kind, tuple[str, ...], frozenset[str], Driver | None]]:
    people = _named_in(sheet.people_by_word, keys)
    firsts = Counter(split(person.first) for person in people)
    for person in people:
        for spelling in _driver_spellings(person, sheet):
            yield Kind.DRIVER, spelling, sheet.people[person], person
        first = split(person.first)
        if firsts[first] == 1 and _stands_alone(first, keys):
            yield Kind.DRIVER, first, sheet.people[person], person
    for team in _named_in(sheet.teams_by_word, keys - words("generic_team")):
        for spelling in (*_team_spellings(team, sheet), *_foreign_makes(team, sheet)):
            yield Kind.TEAM, spelling, sheet.numbers_by_team[team], None
    for car, cars in sheet.numbers_by_model.items():
        make, models = split_model(car)
        for kind, spelling in _model_spellings(make, models):
            yield kind, spelling, cars, None


def _foreign_makes(team: str, sheet: FactSheet) -> Iterator[tuple[str, ...]]:
    """`McLaren`, who race a Nissan here: a make that no car of the field bears means the team."""
    yield from ((word,) for word in set(split(team)) & (words("known_makes") - _makes(sheet)))


@lru_cache(maxsize=16)
def _makes(sheet: FactSheet) -> frozenset[str]:
    """The words of all makes and models of the field."""
    return frozenset(word for model in sheet.numbers_by_model for word in split(model))


def _driver_spellings(person: Driver, sheet: FactSheet) -> Iterator[tuple[str, ...]]:
    """Under his own name and under the others that are kept for him."""
    for name in (person, *sheet.also_called(person)):
        yield from driver_spellings(name)


def _team_spellings(team: str, sheet: FactSheet) -> Iterator[tuple[str, ...]]:
    for name in (team, *sheet.team_also_called(team)):
        yield from team_spellings(name)


def some(cars: Set[str]) -> tuple[str, ...]:
    """The cars in order; none where so many are meant (a make half the field drives) that nobody is."""
    return tuple(sorted(cars)) if len(cars) <= MOST_CARS else ()


def _stands_alone(first: tuple[str, ...], keys: Set[str]) -> bool:
    """Whether a first name is long and rare enough to name somebody without his last name."""
    return (
        len(first) == 1
        and len(first[0]) >= _SHORTEST_SINGLE
        and first[0] in keys
        and first[0] not in words("common_first")
    )


def _named_in(index: Mapping[str, Iterable[_Named]], keys: Set[str]) -> list[_Named]:
    """Those whom one of the words names, in the order of the words, so that every run finds the same."""
    return list(dict.fromkeys(named for key in sorted(index.keys() & keys) for named in index[key]))


def _model_spellings(
    make: tuple[str, ...], models: tuple[tuple[str, ...], ...]
) -> Iterator[tuple[Kind, tuple[str, ...]]]:
    if make:
        yield Kind.MAKE, make
    yield from _make_nicks(make, models)
    for model in models:
        yield Kind.MODEL, model


def _absent(
    sheet: FactSheet, found: dict[tuple[Kind, tuple[str, ...]], Entry]
) -> Iterator[tuple[Driver, tuple[str, ...]]]:
    """Entrants of the tables who drove no car of this sheet: names all the same."""
    drivers = sheet.people_by_word
    for table in sheet.tables:
        for row in table.rows:
            for name in row.entrant.split("/"):
                spelling = split(name)
                is_known = any(word in drivers for word in spelling[-1:]) or any(
                    (kind, spelling) in found for kind in Kind
                )
                if not spelling or len(spelling) > _LONGEST_NAME or is_known or spelling[0] in sheet.teams_by_word:
                    continue
                first, _, last = name.strip().rpartition(" ")
                yield Driver(first, last), spelling
                if len(spelling) > 1 and len(spelling[-1]) > _SHORTEST_SINGLE:
                    yield Driver(first, last), spelling[-1:]


@lru_cache(maxsize=4096)
def driver_spellings(driver: Driver) -> Iterable[tuple[str, ...]]:
    """Last name, its parts that stand alone, and every writing with first names."""
    first, last = split(driver.first), split(driver.last)
    if not last:
        return ()
    found = {last}
    if first and first != last:
        found |= {first + last, (first[0], *last), (first[0][0], *last), (first[-1], *last)}
    if last[0] in _PARTICLES and len(last[-1]) > _SHORTEST_SINGLE:
        found.add(last[-1:])
    elif len(last) > 1:
        found |= _parts(first, last)
    return found


def _parts(first: tuple[str, ...], last: tuple[str, ...]) -> set[tuple[str, ...]]:
    """Of `Fernández Laser` and `Pérez Companc` both halves are used alone."""
    singles = {last[:1], last[-1:]} - {(word,) for word in _SHORT_SUFFIXES}
    singles = {single for single in singles if len(single[0]) > _SHORTEST_SINGLE and single[0] not in _PARTICLES}
    return singles | {(*first, *single) for single in singles}


@lru_cache(maxsize=4096)
def team_spellings(team: str) -> Iterable[tuple[str, ...]]:
    """The whole name, and what is left of it without the words every team has."""
    whole = split(team)
    if not whole:
        return ()
    makes = words("known_makes")
    found = {whole}
    proper: list[str] = []
    for word in (*whole, ""):
        if word and word not in words("generic_team") and word not in makes and not word.isdecimal():
            proper.append(word)
            continue
        if proper:
            found.add(tuple(proper))
            found |= {(part,) for part in proper if len(part) > _SHORTEST_SINGLE and part not in words("common_words")}
        proper = []
    found |= {whole[:length] for length in range(2, len(whole))}
    return {spelling for spelling in found if spelling[0] not in makes or len(spelling) > 1}


def split_model(car: str) -> tuple[tuple[str, ...], tuple[tuple[str, ...], ...]]:
    """`Mercedes-AMG GT3` -> make mercedes; `Peugeot 9X8` -> model 9x8; `Chevrolet Corvette C8.R` -> models corvette, c8."""
    parts = split(car)
    if not parts:
        return (), ()
    second_word = pairs("two_word_makes").get(parts[0])
    make = parts[:2] if len(parts) > 1 and second_word == parts[1] else parts[:1]
    models = {
        (word,)
        for word in parts[len(make) :]
        if not word.isdecimal() and len(word) > 1 and word not in words("generic_model")
    }
    return make, tuple(models)


def _make_nicks(make: tuple[str, ...], models: Iterable[tuple[str, ...]]) -> Iterator[tuple[Kind, tuple[str, ...]]]:
    for nick, meant in pairs("nick_models").items():
        if make[:1] == (meant,) or (meant,) in models:
            yield Kind.MAKE, (nick,)


def _class_spellings(name: str) -> set[tuple[str, ...]]:
    whole = split(name)
    if not whole:  # a name of signs alone
        return set()
    found = {whole, ("".join(whole),)}
    joined = "".join(whole)
    match = re.fullmatch(r"([a-z]+)(\d+[a-z]*)", joined)
    if match:
        found.add((match[1], match[2]))
    if whole[0].startswith("lm") and len(whole[0]) > _SHORTEST_SINGLE:
        short = (whole[0][2:], *whole[1:])
        if short[0] not in {"p1", "p2", "p3", "h", "dh"}:
            found |= {short, ("".join(short),)}
    return {spelling for spelling in found if spelling and spelling != ("",)}
