"""Mates of a team: `Teamkollege Ferrante`, `dessen Stallgefährte Kern`, `Rautio, team-mate of Delcourt`."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache

from articles.factcheck.claim import NOWHERE, Claim, ClaimType
from articles.factcheck.grammar.lexicon import some
from articles.factcheck.grammar.mentions import Group
from articles.factcheck.grammar.page import Page
from articles.factcheck.grammar.tokens import Sentence
from articles.factcheck.grammar.words import words

_OF = frozenset({"of", "von"})


def find_mates(page: Page) -> Iterator[Claim]:
    """A claim for everybody who is called the team-mate of one other car."""
    for sentence, keys in zip(page.cut.sentences, page.cut.keys, strict=True):
        if keys.isdisjoint(_telling()):
            continue
        groups = page.groups(sentence)
        for place, group in enumerate(groups):
            owner = _owner(page, sentence, groups, place)
            if owner and group.people and group.car and group.car != owner:
                yield _claim(page, group, owner)


@cache
def _telling() -> frozenset[str]:
    return words("mates_nouns") | {"mate"}


def _owner(page: Page, sentence: Sentence, groups: list[Group], place: int) -> str | None:
    """Whose mate the group's first name is said to be."""
    tokens, group = page.cut.tokens, groups[place]
    keys = [token.key for token in tokens[max(group.first - 4, sentence.first) : group.first]]
    if (
        keys[-1:]
        and keys[-1] in _OF
        and (keys[-2:-1] == ["mate"] or (keys[-2:-1] and keys[-2] in words("mates_nouns")))
    ):
        return groups[place - 1].car if place and groups[place - 1].people else None  # `Rautio, team-mate of Delcourt`
    if keys[-1:] != ["mate"] and not (keys and keys[-1] in words("mates_nouns")):
        return None
    before = [one for one in groups[:place] if one.people]
    if set(keys) & words("mates_whose") or (
        before and before[-1].last >= group.first - 4 and _is_genitive(page, before[-1])
    ):
        return before[-1].car if before else None
    if len(before) != 1 or before[0].is_plural or page.is_object(before[0]):
        return None
    is_other = any(one.nation or one.is_winner for one in groups[:place])
    is_he = not page.cut.keys[sentence.number].isdisjoint(words("page_pronouns"))  # `He beat Muller, with team-mate …`
    return None if is_other or is_he else before[0].car


def _is_genitive(page: Page, group: Group) -> bool:
    return page.cut.tokens[group.last - 1].text.endswith(("s", "'", "’"))


def _claim(page: Page, group: Group, owner: str) -> Claim:
    part = group.people[0]
    start, end = page.cut.tokens[part.first].start, page.cut.tokens[part.last - 1].end
    cars = page.sheet.cars
    mates = {number for number, car in cars.items() if car.team == cars[owner].team}
    if len(mates) == 1:  # a works team may be entered under several names
        mates |= {number for number, car in cars.items() if car.model.split()[:1] == cars[owner].model.split()[:1]}
    near = some(mates & group.cars) or tuple(sorted(mates))[:3]
    subject = page.as_subject(group, 2)
    return page.claim(
        ClaimType.TEAM_CAR, start, end, page.text[start:end], subject=subject, scene=NOWHERE, near=near, hint="mate"
    )
