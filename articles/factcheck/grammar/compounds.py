"""A team and a make told as one car: `Konrad-Porsche`, `the RAM Lamborghini`, `der Aston Martin von Proton`."""

from __future__ import annotations

from collections.abc import Iterator

from articles.factcheck.claim import NOWHERE, Claim, ClaimType, Subject
from articles.factcheck.grammar.lexicon import Kind, some
from articles.factcheck.grammar.mentions import Mention
from articles.factcheck.grammar.page import Page
from articles.factcheck.grammar.tokens import Sentence, Token
from articles.factcheck.grammar.words import words
from articles.factcheck.sheet import fold_words


def compounds_of(page: Page, sentence: Sentence) -> Iterator[Claim]:
    """`Konrad-Porsche`: a team and a make joined by a hyphen must go together."""
    tokens = page.cut.tokens
    parts = page.named[sentence.number].mentions
    for place, part in enumerate(parts):
        following = parts[place + 1] if place + 1 < len(parts) else None
        if following and _is_entered_by(tokens, part, following):
            yield _compound(page, part, following)
            continue
        if part.kind is not Kind.TEAM or not _hyphen_behind(tokens, part.last, sentence):
            continue
        if following and following.first == part.last + 1 and following.kind in (Kind.MAKE, Kind.MODEL):
            last, cars = following.last, part.cars & following.cars
        elif tokens[part.last + 1].key in words("known_makes"):
            # `GetSpeed-AMG` is a Mercedes-AMG, though no make of the sheet is called so
            make = tokens[part.last + 1].key
            own = frozenset(car for car in part.cars if make in fold_words(page.sheet.cars[car].model))
            last, cars = part.last + 2, own
        else:
            continue
        start, end = tokens[part.first].start, tokens[last - 1].end
        yield page.claim(
            ClaimType.TEAM_CAR, start, end, page.text[start:end], near=some(cars),
            subject=Subject(some(part.cars), 2), scene=NOWHERE, hint="compound",
        )  # fmt: skip


def _is_entered_by(tokens: list[Token], house: Mention, team: Mention) -> bool:
    """`Der Aston Martin von Proton`, `the RAM Lamborghini`: one car, by its make and by its team."""
    kinds = (house.kind, team.kind)
    between = [token.key for token in tokens[house.last : team.first]]
    if kinds[0] is Kind.TEAM and kinds[1] in (Kind.MAKE, Kind.MODEL):
        return between == [] and tokens[house.first - 1].key in {"the", "other", "second", "sister"}
    is_make = kinds[0] in (Kind.MAKE, Kind.MODEL) and kinds[1] is Kind.TEAM
    return is_make and between in (["von"], ["vom", "team"], ["des", "teams"], ["from"]) and not house.cars & team.cars


def _compound(page: Page, house: Mention, team: Mention) -> Claim:
    start, end = page.cut.tokens[house.first].start, page.cut.tokens[team.last - 1].end
    cars = house.cars & team.cars
    return page.claim(
        ClaimType.TEAM_CAR, start, end, page.text[start:end], near=some(cars),
        subject=Subject(some(team.cars), 2), scene=NOWHERE, hint="compound",
    )  # fmt: skip


def _hyphen_behind(tokens: list[Token], at: int, sentence: Sentence) -> bool:
    return at + 1 < sentence.last and tokens[at].text == "-" and tokens[at].glued and tokens[at + 1].glued
