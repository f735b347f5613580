"""Points in prose: what somebody has in a table, and what lies between two."""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Decimal

from articles.factcheck.claim import NOBODY, Claim, ClaimType, Subject
from articles.factcheck.grammar.numerals import NUMBER_WORD, cardinal
from articles.factcheck.grammar.page import Page
from articles.factcheck.grammar.tokens import fold_word
from articles.factcheck.grammar.words import words

_NUMBER = r"(?P<n>\d{1,4}(?:[.,]\d{1,2})?|" + NUMBER_WORD + r")"
_POINTS = re.compile(
    r"\b"
    + _NUMBER
    + r"[\s\u00a0-](?:einzigen?\s|mickrige\s|weitere\s)?(?P<u>Punkten?|Punkt|Zählern?|points?|pts)(?![\w-])",
    re.IGNORECASE,
)
_ELIDED = re.compile(
    r"(?:(?P<more>\b"
    + _NUMBER
    + r"\s(?:mehr|weniger|more|fewer|less|clear|ahead|behind|adrift|up\son|down\son|Rückstand|Vorsprung)\b)"
    r"|\bto\s[A-Z][\w'’]+\s(?P<t>\d{1,4}(?:[.,]\d{1,2})?)(?![\w.,:]?\d|\w|\s?(?:Runden|laps))"
    r"|\((?P<p>\d{1,4}(?:[.,]\d{1,2})?)\)|\b(?:mit|with|on|hat|haben|deren|has|sammelte|steht bei|kommt auf)\s(?:[A-Z][\w'’]+\s)?(?P<e>\d{1,4}(?:[.,]\d{1,2})?)(?![\w.,:]?\d|\w|\s?(?:Runden|laps)))"
)
_NAMED = re.compile(r"(?<=\w)[ \u00a0](?P<n>\d{1,4}(?:[.,]\d{1,2})?)(?=[,;.\n]|\s(?:und|and)\b|$)(?![.,]\d)")
_EVEN = re.compile(r"\b(?:punktgleich|Gleichstand|level on points|tied on points)\b")
_GAP = words("tables_gap")
_GAP_BEFORE = words("tables_gap_before")
_EARNED = words("tables_earned")
_TO = words("tables_to")
_BEHIND = words("tables_behind")
_LEAD = words("tables_lead")
_FIGURE = 4
_ARTICLES = frozenset({"ein", "eine", "einen", "einem", "einer", "eines", "a", "an", "one"})


def find(page: Page) -> Iterator[Claim]:
    """Points and gaps in points."""
    if not page.sheet.tables:
        return
    taken: list[range] = []
    for match in _POINTS.finditer(page.text):
        claim = _points(page, match)
        if claim:
            taken.append(range(claim.start, claim.end))
            yield claim
    for match in _ELIDED.finditer(page.text):
        if any(match.start() in span for span in taken[-_FIGURE:]):
            continue
        claim = _elided(page, match)
        if claim and not any(claim.start in span for span in taken):
            yield claim
    yield from _spare(page)


def _spare(page: Page) -> Iterator[Claim]:
    """A table in few words: names with numbers, and even points."""
    for match in _NAMED.finditer(page.text):
        yield from _named(page, match)
    for match in _EVEN.finditer(page.text):
        yield _gap(page, match.start(), match.end(), Decimal(0), [])


def _named(page: Page, match: re.Match[str]) -> Iterator[Claim]:
    """`WM-Stand: Bagnaia 275, Martin 270`: a name and a number in a sentence about a table."""
    sentence = page.sentence_at(match.start())
    if not any(token.key in words("tables_stand") for token in page.cut.tokens[sentence.first : sentence.last]):
        return
    beside = _beside(page, match.start("n"))
    if beside:
        start, end = match.span("n")
        yield page.claim(ClaimType.POINTS, start, end, Decimal(match["n"].replace(",", ".")), subject=beside)


def _value(printed: str) -> Decimal | None:
    if printed[0].isdigit():
        return Decimal(printed.replace(",", "."))
    number = cardinal(fold_word(printed))
    return Decimal(number) if number is not None else None


def _points(page: Page, match: re.Match[str]) -> Claim | None:
    value = _value(match["n"])
    before, after = page.words_before(match.start(), 6), page.words_after(match.end(), 5)
    sentence = page.sentence_at(match.start())
    first, last = page.clause(sentence, page.cut.token_at(match.start()))
    keys = {token.key for token in page.cut.tokens[first:last]}
    if value is None or keys & _EARNED or {"from", "cut"} & set(before[-2:]) or before[-1:] == ["von"]:
        return None
    if _is_gap(before, after):
        return _gap(page, match.start(), match.end(), value, after)
    return page.claim(ClaimType.POINTS, match.start(), match.end(), value)


def _is_gap(before: list[str], after: list[str]) -> bool:
    """Whether points are a distance: `15 Punkten Vorsprung`, `nur noch 16 Zähler`, but not `mit 25 Punkten vor …`."""
    if words("tables_gap_behind") & set(after[:2]):
        return True
    if {"over", "vor", "an", "down"} & set(after[:1]):
        return not {"mit", "on", "with"} & set(before[-1:]) or "und" in before[-2:]
    is_near = bool(_GAP_BEFORE & set(before[-2:])) and before[-1:] != ["mit"]
    return is_near and bool(words("tables_gap_said") & set(before))


def _gap(page: Page, start: int, end: int, value: Decimal, after: list[str]) -> Claim:
    rival = _rival(page, end)
    near = {*after[:3], *page.words_after(end, 2), *page.words_before(start, 3), *page.text[start:end].lower().split()}
    hint = "behind" if near & _BEHIND else "lead" if near & _LEAD else ""
    subject = page.subject(start, end, but=rival.cars)
    if not rival.cars and set(page.words_before(start, 8)) & words("page_owned"):
        rival = page.rival_before(start, subject)
    return page.claim(ClaimType.POINTS_GAP, start, end, value, rival=rival, hint=hint, subject=subject)


def _rival(page: Page, end: int) -> Subject:
    index = page.cut.token_at(end - 1) + 1
    for at in range(index, min(index + 4, len(page.cut.tokens))):
        if page.cut.tokens[at].key in _TO:
            group = page.group_at(page.cut.tokens[at].end)
            return page.as_subject(group, 2) if group else NOBODY
    return NOBODY


def _elided(page: Page, match: re.Match[str]) -> Claim | None:
    """`acht weniger`, `Frijns (163)`, `Siedler liegt mit 49 auf Rang drei`: only where a table is spoken of."""
    if match["more"]:
        start, end = match.span("more")
        value = _value(match["n"])
        if value is None or fold_word(match["n"]) in _ARTICLES or not _in_table(page, start):
            return None
        return _gap(page, start, end, value, [])
    group = next(name for name in ("p", "t", "e") if match[name])
    start, end = match.span(group)
    value = _value(match[group])
    if value is None or not _in_table(page, start):
        return None
    after = page.words_after(end, 1)
    if group == "e" and after and after[0][0].isalpha() and after[0] not in words("tables_after"):
        return None  # `mit 16 Jahren`, `on 24 tyres`
    beside = _beside(page, start) if group in {"p", "t"} else None
    given = {"subject": beside or NOBODY} if group in {"p", "t"} else {}
    return page.claim(ClaimType.POINTS, start, end, value, **given)


def _beside(page: Page, start: int) -> Subject | None:
    """`Frijns (163)`: the name right before the bracket."""
    token = page.cut.token_at(start)
    groups = page.groups(page.sentence_at(start))
    group = next((group for group in groups if group.last in (token - 1, token)), None)
    return page.as_subject(group, 2) if group else None


def _in_table(page: Page, start: int) -> bool:
    """Whether this sentence, or the one before it in the paragraph, speaks of points or a table."""
    sentence = page.sentence_at(start)
    near = page.cut.sentences[max(sentence.number - 3, 0) : sentence.number + 1]
    return any(
        (other.paragraph == sentence.paragraph and any(cue.what == "table" for cue in page.settings[other.number].cues))
        or _speaks_of_points(page, other.first, other.last)
        for other in near
        if other.paragraph == sentence.paragraph
    )


def _speaks_of_points(page: Page, first: int, last: int) -> bool:
    return any(token.key.startswith(("punkt", "zahler", "points")) for token in page.cut.tokens[first:last])
