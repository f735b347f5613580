"""Somebody called by his team or make alone: `Der Yamaha-Pilot gewann …`, `führte der Weg des Rosberg-Piloten`."""

from __future__ import annotations

from collections.abc import Iterator

from articles.factcheck.claim import NOWHERE, Claim, ClaimType, Subject
from articles.factcheck.grammar.lexicon import Kind, some
from articles.factcheck.grammar.mentions import Group, Mention
from articles.factcheck.grammar.page import Page
from articles.factcheck.grammar.tokens import Sentence
from articles.factcheck.grammar.words import words

_ARTICLES = frozenset({"der", "des", "dem"})
_BEFORE = 2  # sentences in which another one of the house may have been named


def find_pilots(page: Page) -> Iterator[Claim]:
    """A claim for every `X-Pilot` without a name beside it, where it is plain who was spoken of before."""
    for sentence in page.cut.sentences:
        for part in page.named[sentence.number].mentions:
            if part.kind in (Kind.TEAM, Kind.MAKE) and part.cars and _is_pilot(page, sentence, part):
                car = _meant(page, sentence, part)
                if car:
                    yield _claim(page, part, car)


def _is_pilot(page: Page, sentence: Sentence, part: Mention) -> bool:
    """`der Audi-Pilot`, right behind an article and with no name behind it."""
    tokens = page.cut.tokens
    at = part.last + 1
    if at >= sentence.last or tokens[part.last].text != "-" or part.first == sentence.first:
        return False
    is_word = tokens[at].key in words("pilots_nouns") and tokens[part.first - 1].key in _ARTICLES
    before = tokens[part.first - 2].key if part.first - 2 >= sentence.first else ""
    people = [one for one in page.named[sentence.number].mentions if one.is_person]
    return is_word and before not in words("page_object_words") and not any(one.first - at in (1, 2) for one in people)


def _meant(page: Page, sentence: Sentence, part: Mention) -> str | None:
    """The one person of the clauses before, or the one of whom the sentence before spoke."""
    first, last = page.clause(sentence, part.first)
    people = [group for group in page.groups(sentence) if group.people and group.first < last]
    if any(group.last > first and group.first < part.first for group in people):
        return None
    earlier = [group for group in people if group.last <= first]
    if earlier:
        is_one = len(earlier) == 1 and not page.is_object(earlier[0]) and not earlier[0].is_plural
        return earlier[0].car if is_one and not _is_named(page, sentence, part) else None
    former = page.cut.sentences[sentence.number - 1] if sentence.number else sentence
    topic = page.topics[sentence.number]
    cars = {group.car for group in page.groups(former) if group.cars}
    is_told = former is not sentence and former.paragraph == sentence.paragraph and cars == {topic}
    is_told &= page.cut.keys[former.number].isdisjoint(words("page_pronouns"))
    begins = part.first == sentence.first + 1
    return topic if is_told and begins and not _is_named(page, former, part) else None


def _is_named(page: Page, sentence: Sentence, part: Mention) -> bool:
    """Whether somebody of the house was named in the sentences before: then he is meant."""
    former = page.cut.sentences[max(sentence.number - _BEFORE, 0) : sentence.number]
    groups: list[Group] = [group for one in former for group in page.groups(one)]
    return any(group.people and group.cars & part.cars for group in groups)


def _claim(page: Page, part: Mention, car: str) -> Claim:
    tokens = page.cut.tokens
    start, end = tokens[part.first].start, tokens[part.last + 1].end
    near = some(part.cars & {car}) or tuple(sorted(part.cars))[:3]
    return page.claim(
        ClaimType.TEAM_CAR, start, end, page.text[start:end], subject=Subject((car,), 2), scene=NOWHERE, near=near
    )
