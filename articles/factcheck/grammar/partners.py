"""Partners told one by one: `gemeinsam mit X`, `Beifahrer X`, `shares the Audi with X`."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache

from articles.factcheck.claim import NOWHERE, Claim, ClaimType, Subject
from articles.factcheck.grammar.joint import is_rally, seat_of
from articles.factcheck.grammar.lexicon import some
from articles.factcheck.grammar.mentions import Group, Mention
from articles.factcheck.grammar.page import Page
from articles.factcheck.grammar.tokens import Sentence
from articles.factcheck.grammar.words import words

_WITH = frozenset({"mit", "with"})
_CO = (["co", "-", "driver"], ["co", "-", "drivers"], ["co", "-", "pilot"])
_REACH = 9  # tokens from `shares` to the partner
_CO_DRIVER = 2  # seat
_MOST_BETWEEN = 4  # `mit dem Finnen Philip Aalto`


def find_partners(page: Page) -> Iterator[Claim]:
    """A claim for everybody who is said to share a car with somebody named before."""
    if not page.sheet.has_crews:
        return
    in_rally = is_rally(page)
    for sentence, keys in zip(page.cut.sentences, page.cut.keys, strict=True):
        if not in_rally and keys.isdisjoint(_telling()):
            continue
        for part in page.named[sentence.number].mentions:
            claim = _claim(page, sentence, part) if part.is_person and part.cars else None
            if claim:
                yield claim


@cache
def _telling() -> frozenset[str]:
    return (
        words("partners_nouns")
        | words("partners_sharing")
        | words("partners_together")
        | {"co", "navigated", "notes", "seite"}
    )


def _claim(page: Page, sentence: Sentence, part: Mention) -> Claim | None:
    how = _how(page, sentence, part) or _rides_along(page, sentence, part)
    owner = _owner(page, sentence, part) if how else None
    if owner is None:
        return None
    tokens = page.cut.tokens
    start, end = tokens[part.first].start, tokens[part.last - 1].end
    name = " ".join(token.text for token in tokens[part.first : part.last] if token.text != "-")
    subject = Subject(owner.cars, min(owner.level, how), people=owner.people, name=owner.name)
    return page.claim(ClaimType.CREW, start, end, (name,), subject=subject, scene=NOWHERE, hint="partner")


def _rides_along(page: Page, sentence: Sentence, part: Mention) -> int:
    """`Tannert mit Winklhofer`, `Katsuta, Scott Martin alongside`, `und Co Kiefer`: in a rally a co-driver right behind a driver."""
    if not is_rally(page) or len(part.people) != 1 or seat_of(page, part.people[0]) != _CO_DRIVER:
        return 0
    tokens = page.cut.tokens
    former = [one for one in page.named[sentence.number].mentions if one.is_person and one.last <= part.first]
    if not former or len(former[-1].people) != 1 or seat_of(page, former[-1].people[0]) != 1:
        return 0
    keys = [token.key for token in tokens[former[-1].last : part.first]]
    after = [token.key for token in tokens[part.last : part.last + 2]]
    is_beside = keys == [","] and (after[:1] == ["alongside"] or after == ["an", "der"])
    if keys[-1:] == ["mit"] and keys[:-1] in ([",", "der"], [",", "die"]):
        return 2  # `Neuhaus, der mit Wydam im Hyundai saß`
    is_joined = 0 < len(keys) <= _MOST_BETWEEN and keys[0] in {"mit", "with", "und", "and", "kam"}
    is_small = set(keys[1:]) <= words("partners_nouns") | {
        "co",
        "seinem",
        "sein",
        "ihrer",
        "seiner",
        "his",
        "mit",
        "with",
    }
    return 2 if is_beside or (is_joined and is_small) else 0


def _how(page: Page, sentence: Sentence, part: Mention) -> int:
    """2 where the words leave no doubt (`Beifahrer X`), 1 where two may have met otherwise (`gemeinsam mit X`), else 0."""
    tokens = page.cut.tokens
    before = [token.key for token in tokens[max(part.first - _REACH, sentence.first) : part.first]]
    if _is_called_so(before):
        return 2
    at = next((place for place in range(len(before) - 1, -1, -1) if before[place] in _WITH), None)
    if at is None or len(before) - at > _MOST_BETWEEN:
        return 0
    if "," in before[at:]:
        return 0  # `mit Jan Adler, Gina Gans den Ferrari …`: the next subject; a list of partners is read as a list
    behind = [token.key for token in tokens[part.last : min(part.last + 3, sentence.last)]]
    if behind == ["on", "the", "notes"] or words("partners_sharing") & {
        *before[:at],
        *behind[: 2 * (behind[:1] != [","])],
    }:
        return 0 if is_no_car_shared(page, sentence, part.first) else 2
    return 1 if before[at - 1 : at] and before[at - 1] in words("partners_together") else 0


def is_no_car_shared(page: Page, sentence: Sentence, at: int) -> bool:
    """`teilte sich das Podium mit X`, `shared the front row with X`: what they share is no car, and X drives another one."""
    first, last = page.clause(sentence, at)
    return page.says((first, last), words("crews_not_shared"))


def _is_called_so(before: list[str]) -> bool:
    """`Beifahrer X`, `co-driver X`, `partnered by X`; but an `Ex-Partner` is none."""
    if before[-1:] and before[-1] in words("partners_nouns") and before[-1] != "pilot":
        return before[-3:-1] != ["ex", "-"]
    is_piloted = before[-3:-1] == ["co", "-"] and before[-1].startswith(("pilot", "fahrer"))
    return (
        is_piloted
        or before[-4:] == ["an", "der", "seite", "von"]
        or before[-3:] in _CO
        or before[-2:] in (["partnered", "by"], ["navigated", "by"])
    )


def _owner(page: Page, sentence: Sentence, part: Mention) -> Subject | None:
    """Whose partner: the people named before in the sentence, else the car in mind."""
    earlier = [group for group in page.groups(sentence) if group.people and group.last <= part.first]
    earlier = [group for group in earlier if not _is_in_aside(page, group)] or earlier
    if earlier and all(page.is_object(group) for group in earlier) and page.begins_with_pronoun(sentence):
        return None  # `Der gewann die Etappe, 49 Sekunden vor Terranova, mit Copilot Baumel`: his, and who is he?
    if earlier:
        is_other = any(index < part.first for index in page.strangers[sentence.number])
        return (
            None if is_other else _of(page, earlier[-1])
        )  # `Die 22-Jährige distanzierte Schulz und wurde mit ihrem Co-Piloten …`
    own = next((group for group in page.groups(sentence) if part in group.parts), None)
    if own is not None and own.people and own.people[0] is not part:
        cars = own.people[0].cars
        return Subject(some(cars), 2, people=own.people[0].people) if len(cars) == 1 else None
    topic = page.topics[sentence.number]
    return Subject((topic,), 1) if topic else None


def _is_in_aside(page: Page, group: Group) -> bool:
    """`Kauz, bedrängt von Habicht, teilt sich …`: named between two commas behind `mit` or `von`."""
    tokens = page.cut.tokens
    is_closed = group.last < len(tokens) and tokens[group.last].text == ","
    return is_closed and group.first > 0 and tokens[group.first - 1].key in {*_WITH, "von", "by", "of"}


def _of(page: Page, group: Group) -> Subject | None:
    return page.as_subject(group, 2) if group.car and not group.is_plural else None
