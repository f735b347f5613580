"""Places said without the word: `(6.)` behind a name, `third-fastest`, `Bestzeit`, `front row`, `Reihe drei`."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace

from articles.factcheck.claim import Claim, ClaimType, Subject
from articles.factcheck.grammar.mentions import Group
from articles.factcheck.grammar.numerals import NUMBER_WORD, cardinal, ordinal
from articles.factcheck.grammar.page import Page
from articles.factcheck.grammar.placing import whole
from articles.factcheck.grammar.tokens import fold_word
from articles.factcheck.sheet import BEST_LAP_KINDS

_TIMED = BEST_LAP_KINDS | {"stage"}
_BRACKET = re.compile(r"\((?P<span>(?P<n>\d{1,2})\.|(?P<en>\d{1,2}(?:st|nd|rd|th)))\)")
_QUICK = re.compile(
    r"\b(?P<o>[A-Za-zäöüß]{4,8}?)[- ]?(?P<q>schnellste[rnsm]?|fastest|quickest)(?P<lap>\s(?:Rennrunde|Runde|lap|Runden|Rundenzeit)\b)?(?![\w-])"
)
_FIRST = re.compile(
    r"\b(?:Schnellste[rn]?|(?<!Zwischen)Bestzeit|Tagesbestzeit|[Ff]astest|[Qq]uickest)\b(?!\s(?:lap|Runde|Rennrunde|time of))"
)
_MISSED = frozenset(
    {"verpasste", "verpassten", "fehlten", "fehlte", "auf", "zur", "zweitbeste", "missed", "off", "von", "of", "zum"}
)
_FRONT = re.compile(r"\bfront[ -]row\b(?! lock)", re.IGNORECASE)
_ROW = re.compile(r"\b(?:Start)?[Rr]eihe\s(?P<n>\d|" + NUMBER_WORD + r")\b|\brow\s(?P<en>\d|" + NUMBER_WORD + r")\b")
_MOST_IN_BRACKETS = 40


def find(page: Page) -> Iterator[Claim]:
    """Places in other words than those of `places`."""
    yield from _in_brackets(page)
    yield from _quick(page)
    yield from _rows(page)


def _in_brackets(page: Page) -> Iterator[Claim]:
    """`Viñales (6.)`: the place of the name right before the bracket, and of nobody else."""
    for match in _BRACKET.finditer(page.text):
        group = _beside(page, match.start())
        number = int(re.sub(r"\D", "", match["span"]))
        if group and 0 < number < _MOST_IN_BRACKETS:
            start, end = match.span("span")
            yield page.claim(ClaimType.POSITION, start, end, number, subject=_of_name(page, group))


def _of_name(page: Page, group: Group) -> Subject:
    """Nobody else can be meant by what stands in brackets behind a name."""
    return replace(page.as_subject(group, 2), is_plain=not group.is_plural)


def _beside(page: Page, start: int) -> Group | None:
    token = page.cut.token_at(start)
    return next((group for group in page.groups(page.sentence_at(start)) if group.last == token), None)


def _quick(page: Page) -> Iterator[Claim]:
    """`drittschnellste Zeit`, `fifth-quickest`, `Schnellster`: places where the best lap counts."""
    taken: set[int] = set()
    for match in page.matches(_QUICK, "schnellst", "fastest", "quickest"):
        word = fold_word(match["o"])
        number = ordinal(word) or ordinal(word + "e")
        if number and not match["lap"]:
            taken.update(range(match.start(), match.end()))
            scene = page.scene(match.start(), _TIMED)
            yield page.claim(ClaimType.POSITION, match.start(), match.end(), number, scene=scene)
    for match in page.matches(_FIRST, "schnellst", "bestzeit", "fastest", "quickest"):
        if match.start() in taken or _MISSED & set(page.words_before(match.start(), 2)):
            continue
        scene = page.scene(match.start(), _TIMED)
        kind = ClaimType.CLASS_POSITION if scene.class_name else ClaimType.POSITION
        yield page.claim(kind, match.start(), match.end(), 1, scene=scene, hint="quick")


def _rows(page: Page) -> Iterator[Claim]:
    for match in page.matches(_FRONT, "front"):
        yield _row(page, match.start(), match.end(), 1)
    for match in page.matches(_ROW, "reihe", "row"):
        number = cardinal(fold_word(match["n"] or match["en"]))
        if number:
            yield _row(page, match.start(), match.end(), number)


def _row(page: Page, start: int, end: int, number: int) -> Claim:
    return page.claim(ClaimType.GRID_POSITION, start, end, number, hint="row", scene=whole(page, start))
