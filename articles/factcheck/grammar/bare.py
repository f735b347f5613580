"""Places said by a figure alone: `auf drei`, `von neun auf vier`, `16. am Start, 7. im Ziel`, `den besten Startplatz`.

A bare figure may count many things, so it is held against nobody but a car that is named right before it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import pairwise

from articles.factcheck.claim import Claim, ClaimType
from articles.factcheck.grammar.numerals import cardinal
from articles.factcheck.grammar.page import Page
from articles.factcheck.grammar.placing import place
from articles.factcheck.grammar.tokens import Sentence, Token
from articles.factcheck.grammar.words import words

_GRID = frozenset({"qualifying", "grid"})
_LAST_PLACE = 80
_ENDS = {
    ("am", "start"): True,
    ("im", "ziel"): False,
    ("im", "rennen"): False,
    ("im", "qualifying"): True,
    ("der", "qualifikation"): True,
    ("des", "qualifyings"): True,
    ("im", "zeittraining"): True,
    ("in", "qualifying"): True,
}
_BEST_PLACE = re.compile(
    r"\b(?:besten?|ersten?)\s(?:Start|Klassenstart)platz\b|\bbest(?:en?) (?:grid|starting) (?:slot|spot|place)\b"
)


def find(page: Page) -> Iterator[Claim]:
    """All places that a figure alone gives to somebody."""
    for sentence in page.cut.sentences:
        for index, key in enumerate(page.cut.words[sentence.first : sentence.last], sentence.first):
            number = cardinal(key)
            if number and 0 < number <= _LAST_PLACE and index > sentence.first:
                yield from _figure(page, sentence, index, number)
    for match in page.matches(_BEST_PLACE, "platz", "best"):
        scene = page.scene(match.start(), _GRID)
        yield page.claim(ClaimType.GRID_POSITION, match.start(), match.end(), 1, scene=scene, hint="pole")


def _figure(page: Page, sentence: Sentence, index: int, number: int) -> Iterator[Claim]:
    tokens = page.cut.tokens
    behind = [token.key for token in tokens[index + 1 : min(index + 4, sentence.last)]]
    if tokens[index].text.isdecimal() and behind[:1] == ["."] and tuple(behind[1:3]) in _ENDS:
        yield _ordinal(page, index, number, is_start=_ENDS[behind[1], behind[2]])
        return
    said = tokens[index - 1].key
    if said not in {"auf", "von"} or number == 1 or _counts_something(tokens, index, sentence):
        return
    keys = {token.key for token in tokens[slice(*page.clause(sentence, index))]}
    is_start = bool(keys & words("bare_starts"))
    if said == "von" and (is_start or _goes_on(tokens, index, sentence)):
        yield _grid(page, index, number, hint="starts" if is_start else "from")
    elif said == "auf" and is_start and _comes_from(page, sentence, index):
        yield place(page, tokens[index].start, tokens[index].end, number, "")
    elif said == "auf" and not keys & words("bare_no_place") and not page.scene(tokens[index].start).in_table:
        beside = any(group.last == index - 1 and group.car for group in page.groups(sentence))
        hint = "" if beside and not keys & words("places_course") else "duel"
        is_grid = is_start and behind[:1] not in (
            ["zuruck"],
            ["vor"],
            ["ab"],
        )  # `als Sechster gestartet auf sieben zurück`
        if is_grid or not any(session.is_race for session in page.sheet.run):
            yield _grid(page, index, number, hint=hint or "starts")
        else:
            yield page.claim(ClaimType.POSITION, tokens[index].start, tokens[index].end, number, hint=hint)


def _ordinal(page: Page, index: int, number: int, *, is_start: bool) -> Claim:
    start, end = page.cut.tokens[index].start, page.cut.tokens[index + 1].end
    if is_start:
        return page.claim(ClaimType.GRID_POSITION, start, end, number, scene=page.scene(start, _GRID))
    return page.claim(ClaimType.POSITION, start, end, number)


def _grid(page: Page, index: int, number: int, hint: str) -> Claim:
    token = page.cut.tokens[index]
    scene = page.scene(token.start, _GRID)
    return page.claim(ClaimType.GRID_POSITION, token.start, token.end, number, scene=scene, hint=hint)


def _counts_something(tokens: list[Token], index: int, sentence: Sentence) -> bool:
    """Whether a unit, a noun or the rest of a longer number follows."""
    if index + 1 >= sentence.last:
        return False
    after = tokens[index + 1]
    if after.text in ".,:" and after.glued and index + 2 < sentence.last and tokens[index + 2].glued:
        return tokens[index + 2].text[0].isdecimal()
    return after.is_capital or after.text[0].isdecimal() or after.text in "%-/" or after.key in words("bare_units")


def _comes_from(page: Page, sentence: Sentence, index: int) -> bool:
    """`fuhr im Rennen von Startplatz sieben auf fünf`: the second is where he came to."""
    first, _last = page.clause(sentence, index)
    return any(token.key in {"von", "vom"} for token in page.cut.tokens[max(index - 4, first) : index])


def _goes_on(tokens: list[Token], index: int, sentence: Sentence) -> bool:
    """`von neun auf vier`, `von Platz`-less `von zwölf nach vorn`."""
    keys = [token.key for token in tokens[index + 1 : min(index + 6, sentence.last)]]
    return any(
        (one == "auf" and (cardinal(other) or other in {"rang", "platz", "position"}))
        or (one, other) == ("nach", "vorn")
        for one, other in pairwise(keys)
    )
