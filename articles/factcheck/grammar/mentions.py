"""Who is named in a sentence: single mentions, and the groups of mentions that speak of one car.

`den Toyota von López/Kobayashi/De Vries` is one group whose parts narrow each other down. Parts that exclude each other
(`#92 von Richard Lietz`) stay one group with a conflict; the people are believed, the number is judged.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cache
from itertools import pairwise

from articles.factcheck.grammar.lexicon import Entry, Kind, Lexicon
from articles.factcheck.grammar.numbered import OPENERS, next_in_list, number_at
from articles.factcheck.grammar.numerals import ordinal
from articles.factcheck.grammar.tokens import Cut, Sentence, Token
from articles.factcheck.grammar.weekdays import winner_day
from articles.factcheck.grammar.words import pairs, words
from articles.factcheck.sheet import Driver

_LIST_SIGNS = frozenset({"/", ",", "und", "and", "&", "sowie", "–", "-"})
_MOST_BETWEEN = 6
_PAIR = 2
_QUOTES = frozenset("\"„“”»«'’‚‘")


@dataclass(frozen=True, slots=True)
class Mention:
    """Tokens first..last (exclusive) that name something; `number` as printed where it is a car's number."""

    first: int
    last: int
    kind: Kind | None  # None: a car number
    cars: frozenset[str]
    people: tuple[Driver, ...] = ()
    number: str = ""
    name: str = ""  # of a class

    @property
    def is_person(self) -> bool:
        return self.kind is Kind.DRIVER

    @property
    def is_number(self) -> bool:
        return self.kind is None


@dataclass(slots=True)
class Group:
    """Mentions that belong together. `cars` is what all parts allow; `is_plural`: several cars are meant at once."""

    parts: list[Mention]
    cars: frozenset[str]
    is_plural: bool = False
    has_conflict: bool = False
    nation: str = ""
    is_sister: bool = False
    is_winner: bool = False
    level: int = 2  # 2: the words name it, 1: understood from what stood before
    told: tuple[int, list[Mention], list[Mention]] = (0, [], [])  # of so many parts: the people, the numbers

    def _sorted(self) -> tuple[int, list[Mention], list[Mention]]:
        """Parts only join a group, so their count tells whether they have been sorted; everybody asks for them."""
        if self.told[0] != len(self.parts):
            people = [part for part in self.parts if part.kind is Kind.DRIVER]
            self.told = len(self.parts), people, [part for part in self.parts if part.kind is None]
        return self.told

    @property
    def first(self) -> int:
        return self.parts[0].first

    @property
    def last(self) -> int:
        return self.parts[-1].last

    @property
    def people(self) -> list[Mention]:
        return self._sorted()[1]

    @property
    def numbers(self) -> list[Mention]:
        return self._sorted()[2]

    @property
    def is_torn(self) -> bool:
        """Whether people who share no car stand in a list that speaks of one."""
        return (
            not self.is_plural
            and len(self.people) > 1
            and not frozenset.intersection(*(one.cars for one in self.people))
        )

    @property
    def car(self) -> str | None:
        """The one car that is meant; None while there are several or none."""
        return next(iter(self.cars)) if len(self.cars) == 1 else None


@dataclass(slots=True)
class Named:
    """Everything one sentence names."""

    mentions: list[Mention] = field(default_factory=list)
    groups: list[Group] = field(default_factory=list)


def read_names(cut: Cut, sentence: Sentence, lexicon: Lexicon) -> Named:
    """The mentions of a sentence and their groups, not yet narrowed by what stood before."""
    mentions = list(_mentions(cut.tokens, sentence, lexicon))
    groups: list[Group] = []
    a_class: Mention | None = None
    for mention in mentions:
        if mention.kind is Kind.CLASS:
            a_class = mention
            continue
        if (
            not groups
            or _begins_anew(groups[-1], a_class, mention, cut.tokens)
            or not _join(groups[-1], mention, cut.tokens, has_crews=lexicon.has_crews)
        ):
            groups.append(Group([mention], mention.cars))
    groups = [part for group in groups for part in _fall_apart(group, cut.tokens)]
    if not cut.keys[sentence.number].isdisjoint(_roles()) or any(map(winner_day, cut.keys[sentence.number])):
        _add_roles(cut.tokens, sentence, groups)
    return Named(mentions, groups)


# ------------------------------------------------------------------ single mentions


def _mentions(tokens: list[Token], sentence: Sentence, lexicon: Lexicon) -> Iterator[Mention]:
    index = sentence.first
    while index < sentence.last:
        token = tokens[index]
        if token.key in OPENERS or token.text in lexicon.numbers:
            number = number_at(tokens, index, sentence, lexicon)
            if number:
                while number:
                    yield _number_mention(*number, lexicon)
                    index = number[1]
                    number = next_in_list(tokens, index, sentence, lexicon)
                continue
        mention = _name(tokens, index, sentence, lexicon) if lexicon.may_begin(token.key) else None
        mention = mention or _kin(tokens, index, sentence, lexicon)
        if mention:
            yield mention
            index = mention.last
        else:
            index += 1


def _number_mention(first: int, last: int, printed: str, lexicon: Lexicon) -> Mention:
    stored = lexicon.numbers.get(printed) or lexicon.numbers.get(printed.lstrip("0") or "0")
    if stored is not None and printed != stored and printed.startswith("0") != stored.startswith("0"):
        stored = None  # 01 and 1 are two cars
    return Mention(first, last, None, frozenset({stored} if stored else ()), number=printed)


def _name(tokens: list[Token], index: int, sentence: Sentence, lexicon: Lexicon) -> Mention | None:
    token = tokens[index]
    found = lexicon.longest(tokens, index, sentence.last)
    if not found:
        return None
    length, entries = found
    taken = tokens[index : index + length]
    if not any(word.is_capital or word.text[0].isdecimal() for word in taken):
        return None
    if length == 1 and len(token.key) == 1:
        return None
    entry = _merged(entries, is_alone=_stands_alone(tokens, index, index + length))
    if entry.kind is Kind.CLASS and not _is_class_here(tokens, index, index + length, sentence):
        return None
    return Mention(index, index + length, entry.kind, entry.cars, entry.people, name=entry.name)


def _kin(tokens: list[Token], index: int, sentence: Sentence, lexicon: Lexicon) -> Mention | None:
    """`seinem Bruder Mark`: a first name alone that is a word too."""
    entry = lexicon.kin.get(tokens[index].key)
    if entry is None or index == sentence.first or not tokens[index].is_capital or len(entry.people) != 1:
        return None
    if tokens[index - 1].key not in words("mentions_kin"):
        return None
    return Mention(index, index + 1, entry.kind, entry.cars, entry.people)


def _stands_alone(tokens: list[Token], first: int, last: int) -> bool:
    """Whether a name is joined to nothing and no article or preposition speaks of a team: `Lindner siegte`."""
    before = tokens[first - 1] if first else None
    after = tokens[last] if last < len(tokens) else None
    is_joined = (after is not None and after.text in "-–/") or (before is not None and before.text in "-–/")
    return not is_joined and (before is None or before.key not in words("mentions_of_teams"))


def _merged(entries: list[Entry], *, is_alone: bool = False) -> Entry:
    """One spelling of several kinds: a class is a class, a driver a driver, the rest are cars."""
    for kind in (Kind.CLASS, Kind.DRIVER):
        chosen = [entry for entry in entries if entry.kind is kind]
        if chosen and (is_alone or not (kind is Kind.DRIVER and _names_a_team_too(chosen[0], entries))):
            return chosen[0]
    if len(entries) == 1:
        return entries[0]
    cars = frozenset().union(*(entry.cars for entry in entries))
    return Entry(entries[0].kind, cars)


def _names_a_team_too(driver: Entry, entries: list[Entry]) -> bool:
    """`Marnay` drives for his `Équipe Marnay`, which enters more cars than his: either may be meant."""
    return any(entry.kind is Kind.TEAM and not entry.cars <= driver.cars for entry in entries)


def _is_class_here(tokens: list[Token], first: int, last: int, sentence: Sentence) -> bool:
    """Class names that are common words (Pro, Am, Silver, Gold) need a word that says so."""
    spelled = [token.key for token in tokens[first:last] if token.text not in "-–"]
    if any(any(sign.isdecimal() for sign in key) for key in spelled) or len(spelled) > 1:
        return True
    if spelled[0] not in words("weak_classes"):
        return True
    if first - 2 >= sentence.first and tokens[first - 1].key == "in" and ordinal(tokens[first - 2].key):
        return True  # `first in Bronze`
    at = last + 1 if last < sentence.last and tokens[last].text in "-–" else last
    after = tokens[at].key if at < sentence.last else ""
    before = tokens[first - 1].key if first > sentence.first else ""
    return after.startswith(("klass", "wertung", "cup", "class", "sieg", "kategorie", "categor", "pole", "feld")) or (
        before in {"klasse", "kategorie", "class"}
    )


# ------------------------------------------------------------------ groups


def _begins_anew(group: Group, a_class: Mention | None, mention: Mention, tokens: list[Token]) -> bool:
    """`vor der #201, in der GT4 die #401`: behind a comma another class is spoken of."""
    if a_class is None or not group.last < a_class.first < mention.first:
        return False
    return any(token.text in ",;" for token in tokens[group.last : a_class.first])


def _join(group: Group, mention: Mention, tokens: list[Token], *, has_crews: bool) -> bool:
    """Takes the mention into the group where the words between allow it and the facts do not forbid it."""
    between = tokens[group.last : mention.first]
    if len(between) > 1 and between[0].text == "," and between[1].key in words("mentions_driven"):
        between = between[2:]  # `die #51, gefahren von Elster und Fink`
    signs = {token.text if token.text in _LIST_SIGNS else token.key for token in between}
    is_glued = all(_is_glue(token) or _ends_compound(between, at) for at, token in enumerate(between))
    if len(between) > _MOST_BETWEEN or not is_glued or ")" in signs:
        return False
    if ":" in signs and mention.is_person:
        return (
            False  # `an afternoon to forget for RAM: Gounon parked …`; but `Hofer und Mies: Der Land-Audi rollte aus`
        )
    if signs & {"/", ",", "und", "and", "&", "sowie"}:
        return _join_list(group, mention, signs, has_crews=has_crews)
    if _leads_away(between):
        return False
    shared = group.cars & mention.cars
    if shared or not group.cars or not mention.cars:
        return _take(group, mention, shared or group.cars or mention.cars)
    return _join_conflict(group, mention, is_bare=not between)


def _leads_away(between: list[Token]) -> bool:
    """`Rückstand der #30 auf den Audi`: somebody else; `auf der Ducati` and `on the Ducati` are a seat."""
    return any(one.key == "auf" and other.key in {"den", "die", "das"} for one, other in itertools.pairwise(between))


def _join_conflict(group: Group, mention: Mention, *, is_bare: bool) -> bool:
    """A number beside people who drive another car: one group, and the people are believed."""
    if is_bare and mention.is_person and len(group.parts) > 1 and group.numbers:
        return False  # `im Proton-Oreca #55 Ben Hanley ab`
    if (group.people and mention.is_person) or not (mention.is_number or group.numbers):
        return False
    if not mention.is_person and not mention.is_number and len(group.parts) > len(group.numbers):
        return False  # `den Ferrari #50 vom Toyota #7`
    trusted = mention.cars if group.numbers and not group.people else group.cars
    group.has_conflict = True
    return _take(group, mention, trusted)


def _take(group: Group, mention: Mention, cars: frozenset[str]) -> bool:
    group.parts.append(mention)
    group.cars = cars
    return True


def _join_list(group: Group, mention: Mention, signs: set[str], *, has_crews: bool) -> bool:
    former = group.parts[-1]
    if not (former.is_person and mention.is_person) and not (former.is_number and mention.is_number):
        return False
    shared = group.cars & mention.cars
    if shared:
        return _take(group, mention, shared)
    is_crew = len(group.people) > 1 and not group.is_plural
    if former.is_person and has_crews and ("/" in signs or is_crew or len(group.parts) > len(group.people)):
        group.has_conflict = True
        return _take(group, mention, group.cars or mention.cars)
    group.is_plural = True
    return _take(group, mention, group.cars | mention.cars)


def _fall_apart(group: Group, tokens: list[Token]) -> Iterator[Group]:
    """`vor Bagnaia, Miller wurde …`: people of several cars with commas alone between them are no list."""
    between = {token.text for one, other in pairwise(group.parts) for token in tokens[one.last : other.first]}
    is_loose = "," in between and not between & {"/", "&"} and not _says_and(group, tokens)
    if group.is_plural and is_loose and len(group.parts) == _PAIR:
        yield from (Group([part], part.cars) for part in group.parts)
    else:
        yield group


def _says_and(group: Group, tokens: list[Token]) -> bool:
    return any(token.key in {"und", "and", "sowie"} for token in tokens[group.first : group.last])


def _ends_compound(between: list[Token], at: int) -> bool:
    """`Junioren` in `BMW-Junioren`, `AMG` in `Mercedes-AMG`."""
    return at > 0 and between[at - 1].text == "-" and between[at].glued


def _is_glue(token: Token) -> bool:
    return (
        token.key in words("glue")
        or token.text in _QUOTES
        or token.text in "-–/(,.&:"
        or token.key in {"und", "and", "sowie"}
    )


@cache
def _roles() -> frozenset[str]:
    """Words that stand for a car without naming it."""
    return frozenset(pairs("nations")) | words("sister") | words("winners") | words("leaders")


def _add_roles(tokens: list[Token], sentence: Sentence, groups: list[Group]) -> None:
    """`der Franzose` and `das Schwesterauto` stand for a car too, unless a name beside them says which."""
    nations, sisters, winners = pairs("nations"), words("sister"), words("winners")
    taken = {index for group in groups for index in range(group.first, group.last)}
    beside = {index for group in groups for index in (*range(group.first - 3, group.first), group.last, group.last + 1)}
    for index in range(sentence.first, sentence.last):
        key = tokens[index].key
        is_winner = key in winners or bool(winner_day(key))
        if index in taken or not (key in nations or key in sisters or is_winner or key in words("leaders")):
            continue
        if key in nations and not tokens[index].is_capital:
            continue
        mention = Mention(index, index + 1, Kind.TEAM, frozenset())
        if index in beside and key not in nations:
            continue
        if index + 1 in taken:
            continue  # `der Franzose Estre`
        role = Group(
            [mention],
            frozenset(),
            nation="?" if key in words("leaders") else nations.get(key, ""),
            is_sister=key in sisters,
            is_winner=is_winner,
        )
        role.level = 2 if role.is_winner else 1
        groups.append(role)
    groups.sort(key=lambda group: group.first)
