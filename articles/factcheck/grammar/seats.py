"""Who sits in the car a sentence names: `Lenz wird im MAN Dritter`, `trieben ihren BMW M3 auf Rang sieben`.

Where one person alone is named before `im Audi`, the Audi is his, and a wrong one is an error. In all other ways (`mit der
#12`, `Im Hyundai holten …`, the car spoken of before) the seat agrees with the data or stays open.
"""

from __future__ import annotations

from itertools import pairwise

from articles.factcheck.claim import NOBODY, Subject
from articles.factcheck.grammar.lexicon import Kind
from articles.factcheck.grammar.mentions import Group
from articles.factcheck.grammar.page import Page
from articles.factcheck.grammar.strangers import between, describes_a_person
from articles.factcheck.grammar.tokens import Sentence
from articles.factcheck.grammar.weekdays import DAY
from articles.factcheck.grammar.words import words
from articles.factcheck.sheet import fold_words

_DROVE = words("seats_drove_relative")
_FEWEST_WORDS, _MOST_WORDS = 3, 5  # `Das Duo im`, `Der Obinger in der`
_STEPS = 4  # small words between a preposition and a car
_DATIVES = frozenset({"der", "dem", "einer", "seiner", "ihrer"})
_RELATIVES = frozenset({"dem", "der", "den", "denen", "das"})
_SURE = frozenset({"im", "in"})
_HIS = frozenset({"seinen", "seinem", "his"})
_FOR = frozenset({"for", "fur"})
_SEATS = frozenset({"im", "in", "mit", "aus", "vom", "auf", "with", "on", "aboard", "steuer"})
_SHARED = "shared"  # with others who stand behind
_OWN = words("seats_own")


def rider(page: Page, sentence: Sentence, groups: list[Group], place: int) -> tuple[Subject, bool]:
    """Whose seat the car of a group is said to be, and whether the words leave no doubt; NOBODY where nothing says it."""
    group = groups[place]
    word = _seat_word(page, sentence, group) or ("im" if _is_driven(page, sentence, group) else "")
    if not word:
        return NOBODY, False
    others = [other for other in groups if other is not group and (other.people or other.cars)]
    before = [other for other in others if other.people and other.last <= group.first]
    if len(before) == 1 and not page.is_object(before[0]):
        is_seat = word in (*_SURE, *_HIS, _SHARED) or (word == "mit" and _is_with(page, sentence, group))
        return page.as_subject(before[0], 2), is_seat and _is_sure(page, sentence, group, before[0], others)
    if before:
        is_his = _sits_beside(page, before[-1], group)
        return (page.as_subject(before[-1], 2), word in _SURE) if is_his else (NOBODY, False)
    described = _described(page, sentence, group)
    return (described, True) if described else _understood(page, sentence, group, others, word)


def _sits_beside(page: Page, person: Group, group: Group) -> bool:
    """`… and Colton Herta, in the No. 28 Honda, retired`: nothing but a comma and the seat between."""
    keys = [token.key for token in page.cut.tokens[person.last : group.first]]
    is_one = person.parts[-1].is_person and not person.is_plural
    return is_one and keys in (
        [",", "in", "the"],
        [",", "im"],
        [",", "in"],
        [",", "aboard", "the"],
        ["in", "the"],
        ["im"],
    )


def _described(page: Page, sentence: Sentence, group: Group) -> Subject | None:
    """`Das Duo im Audi mit der Startnummer 84 …`: a sentence begins with another word for those of the one before."""
    tokens = page.cut.tokens[sentence.first : group.first]
    if not _FEWEST_WORDS <= len(tokens) <= _MOST_WORDS or tokens[0].key not in {"der", "die", "das", "the"}:
        return None
    keys = [token.key for token in tokens[2:]]
    is_seat = keys[:1] == ["im"] or keys in (
        ["mit", "der"],
        ["mit", "dem"],
        ["in", "the"],
        ["auf", "der"],
        ["in", "der"],
    )
    is_person = describes_a_person(tokens[1]) or tokens[1].key.endswith(("er", "erin"))
    topic = page.topics[sentence.number]
    if not (is_seat and is_person and tokens[1].is_capital and topic) or tokens[1].key in words("seats_no_persons"):
        return None
    former = page.cut.sentences[sentence.number - 1]
    told = [one for one in page.groups(former) if one.cars or one.people]
    is_told = former.paragraph == sentence.paragraph and {one.car for one in told} == {topic}
    return Subject((topic,), 2, name="people") if is_told else None


def _is_with(page: Page, sentence: Sentence, group: Group) -> bool:
    """`blieb mit dem BMW liegen`, `schied mit seinem Audi aus`: an end of a race with a car is one in it."""
    first, last = page.clause(sentence, group.first)
    keys = {token.key for token in page.cut.tokens[first:last]}
    led = [token.key for token in page.cut.tokens[max(group.first - 3, first) : group.first]]
    if any(one in words("seats_went") and other in {"mit", "with"} for one, other in pairwise(led)):
        return True  # `fuhren mit der #24`
    before = {token.key for token in page.cut.tokens[max(group.first - _STEPS, first) : group.first]}
    is_other = bool(before & (words("sister") | words("crews_cars"))) or bool(
        keys & (words("crews_met") | words("cars_beaten"))
    )
    return bool(keys & words("seats_with")) and not is_other


def _is_sure(page: Page, sentence: Sentence, group: Group, person: Group, others: list[Group]) -> bool:
    """Whether the seat is his without a doubt: nobody else is named between, behind or beside him."""
    is_partner = page.cut.tokens[person.first - 1].key in words("partners_nouns")
    if person.is_plural or is_partner or not _is_free(page, sentence, person):
        return False
    _first, last = page.clause(sentence, group.first)
    behind = [other for other in others if other.people and group.last <= other.first < last]
    behind = [other for other in behind if page.cut.tokens[other.first - 1].key not in words("seats_beside")]
    return (
        not any(person.last <= other.first < group.first for other in others)
        and not between(page.strangers[sentence.number], person.last, _begin(page, person, group))
        and (not behind or _seat_word(page, sentence, group) == _SHARED)
        and not _is_somebody_else(page, group, person)
    )


def _begin(page: Page, person: Group, group: Group) -> int:
    """Where the words of a seat begin: with the car in `das Auto mit der #28`."""
    tokens = page.cut.tokens
    for at in range(group.first - 1, max(group.first - 1 - _STEPS, person.last), -1):
        if tokens[at].key == "mit" and tokens[at - 1].key in words("crews_cars"):
            return at - 1
    return group.first


def _understood(
    page: Page, sentence: Sentence, group: Group, others: list[Group], word: str
) -> tuple[Subject, bool]:  # fmt: skip
    """Who sits in a car before which nobody is named: a nation, those behind it, the crew spoken of before."""
    nations = [other for other in others if other.nation and other.cars and other.last <= group.first]
    if nations:  # `Der Niederländer vom Team GP Elite`
        return page.as_subject(nations[-1], 2), word in _SURE and nations[-1].level > 1 and nations[-1].car is not None
    topic = page.topics[sentence.number]
    _first, last = page.clause(sentence, group.first)
    pairs = pairwise(page.cut.tokens[group.last - 1 : last])
    # neither `In the points the Herberth trio leads` nor `Für Audi blieb dem Fässler-Trio nur …`
    crews = [at for at, (one, two) in enumerate(pairs) if two.key in words("seats_crews") and one.text != "-"]
    is_first = not any(other.first < group.first for other in others)
    behind = [other for other in others if other.people and group.last <= other.first < last]
    if topic and is_first and word in _SURE and crews and crews[0] > 0:
        return Subject((topic,), 2), True  # `Im 499P mit der Startnummer 50 legte das Trio 212 Runden zurück`
    if behind:
        return page.as_subject(behind[0], 1), False
    return (Subject((topic,), 1), False) if topic and not others else (NOBODY, False)


def _is_driven_so(page: Page, sentence: Sentence, group: Group) -> bool:
    """`hatte das Auto mit der Startnummer 28 ins Rennen gebracht`: the participle ends the clause."""
    _first, last = page.clause(sentence, group.first)
    end = last - 1 if page.cut.tokens[last - 1].text in ",.;:–—" else last
    return end > group.last and page.cut.tokens[end - 1].key in words("seats_driven")


def _is_driven(page: Page, sentence: Sentence, group: Group) -> bool:
    """`…, die den ARTA-Honda mit der #16 auf Platz drei brachten`: the car of those the clause speaks of."""
    tokens = page.cut.tokens
    first, last = page.clause(sentence, group.first)
    if first == sentence.first or tokens[first].key not in {"die", "der", "das", "welche", "welcher"}:
        return False
    article = tokens[first + 1].key if first + 1 < group.first else ""
    end = last - 1 if tokens[last - 1].text in ",.;:–—" else last
    return article in {"den", "das", "die", "ihren", "seinen"} and end > group.last and tokens[end - 1].key in _DROVE


def _is_somebody_else(page: Page, group: Group, person: Group) -> bool:
    """`Rast siegte vor Quarlo im Porsche`: a capital word stands before the seat that is not the name."""
    tokens = page.cut.tokens
    at = group.first - 1
    if _is_for_team(page, group):
        return False  # `feierte seinen ersten Sieg für Aprilia`
    while at > person.last and at > group.first - _STEPS and tokens[at].key not in _SEATS:
        at -= 1
    before = tokens[at - 1]
    is_no_name = before.key in words("crews_cars") | words("race") or DAY.fullmatch(before.key)
    return at - 1 >= person.last and before.is_capital and not is_no_name


def _is_free(page: Page, sentence: Sentence, group: Group) -> bool:
    """Whether no preposition leads to the name: `mit Lynn`, `von Bamber`."""
    before = page.cut.tokens[max(group.first - 2, sentence.first) : group.first]
    if group.first == sentence.first + 1 and before[0].key in _FOR:
        return True  # `Für Kauz im BMW war das Rennen früh vorbei`
    return not {token.key for token in before} & words("seats_not_free")


def _is_for_team(page: Page, group: Group) -> bool:
    return page.cut.tokens[group.first - 1].key in _FOR and all(
        part.kind in (Kind.TEAM, Kind.MAKE) for part in group.parts
    )


def _seat_word(page: Page, sentence: Sentence, group: Group) -> str:
    """The preposition or the possessive before a car, articles and small describing words between them."""
    tokens = page.cut.tokens
    for at in range(group.first - 1, max(group.first - 1 - _STEPS, sentence.first - 1), -1):
        key = tokens[at].key
        if key in _RELATIVES and tokens[at + 1].key in {"der", "die", "das", "ein", "eine"}:
            return ""  # `das Zeittraining, in dem der Golf schneller war`: whose car it is nobody says
        if key == "mit" and at - 2 > sentence.first and tokens[at - 1].key in words("crews_cars"):
            return (
                "im" if tokens[at - 2].key == "im" or _is_driven_so(page, sentence, group) else key
            )  # `im Auto mit der #66`
        if key in _SEATS or key in _OWN:  # `auf der Werks-Aprilia` is one, too
            return "im" if key == "auf" and at + 1 < group.first and tokens[at + 1].key in _DATIVES else key
        is_brought = (key in _FOR and _is_for_team(page, group)) or (
            key in words("seats_drove") and tokens[at].text[0].islower()
        )  # `a frustrated third for Team GP Elite`, `brachte den Audi`
        if is_brought or key in {"shared", "shares", "sharing"}:
            return "im" if is_brought else _SHARED
        is_compound = tokens[at + 1].text == "-" and tokens[at + 1].glued
        if not tokens[at].text[0].islower() and tokens[at].text != "-" and not is_compound:
            return ""
    return ""


def is_of_series(page: Page, group: Group) -> bool:
    """`ist in der TCR Europe das Maß der Dinge`: a word of the series that models bear as well."""
    said = {token.key for token in page.cut.tokens[group.first : group.last]}
    return any(part.kind is Kind.MODEL for part in group.parts) and said <= set(fold_words(page.sheet.series))
