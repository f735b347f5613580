"""Points in prose: what somebody has in a table, and what lies between two.

Read number by number. A number counts points where its noun says so; where the noun is left out (`mit 49`, `Frijns (163)`,
`is 35 off the top`), it does so only where a table is spoken of and no other noun follows it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal

from articles.factcheck.claim import NOBODY, Claim, ClaimType, Subject
from articles.factcheck.grammar.numerals import ordinal
from articles.factcheck.grammar.page import Page
from articles.factcheck.grammar.quantities import Quantity, quantities
from articles.factcheck.grammar.tokens import Sentence, Token
from articles.factcheck.grammar.words import words

_UNITS = ("punkt", "zahler")
_OTHER_UNITS = (
    "sekund",
    "second",
    "minut",
    "zehntel",
    "tenth",
    "hundertstel",
    "tausendstel",
    "thousandth",
    "runde",
    "lap",
    "umlauf",
)
_EN_UNITS = frozenset({"points", "point", "pts", "punkten"})
_EVEN = re.compile(
    r"\b(?:punktgleich\w{0,2}|Punktegleichstand|Gleichstand|(?:level|tied|equal) on points|dead level|tied at the top)\b"
)
_BETWEEN_UNIT = words("tables_before_unit")
_MOST_BETWEEN = 3
_GAP_AFTER = words("tables_gap_behind")
_GAP_NOUNS = words("gap_nouns")
_EARNED = words("tables_earned")
_TO = words("tables_to")
_BEHIND = words("tables_behind")
_LEAD = words("tables_lead")
_HOLDING = words("tables_holding")
_REACH = 12  # words
_TWO = 2


def find(page: Page) -> Iterator[Claim]:
    """Points and gaps in points."""
    if not page.sheet.tables:
        return
    for sentence in page.cut.sentences:
        yield from _in_sentence(page, sentence)
    for match in _EVEN.finditer(page.text):
        yield _gap(page, match.start(), match.end(), Decimal(0), [], [])


def _unit_said(tokens: list[Token], index: int, sentence: Sentence) -> str:
    """What the last number with a noun before a token counted: `points`, `other`, or nothing."""
    for at in range(index - 1, sentence.first - 1, -1):
        if _is_unit(tokens[at]):
            return "points"
        if tokens[at].key.startswith(_OTHER_UNITS):
            return "other"
    return ""


def _in_sentence(page: Page, sentence: Sentence) -> Iterator[Claim]:
    tokens = page.cut.tokens
    has_unit = any(_is_unit(tokens[at]) for at in range(sentence.first, sentence.last))
    if not has_unit and not _in_table(page, sentence):
        return
    former: Claim | None = None
    is_earned = any(tokens[at].key in _EARNED for at in range(sentence.first, sentence.last))
    for quantity in quantities(page, sentence):
        unit = _unit(tokens, quantity, sentence)
        is_got = is_earned and tokens[max(quantity.first - 1, 0)].key not in _HOLDING  # but `Russell sammelte 127`
        elided = None if is_got or unit else _elided(page, sentence, quantity, former)
        claim = _with_unit(page, quantity, unit) if unit else elided
        if claim:
            former = claim
            yield claim


def _is_unit(token: Token) -> bool:
    key = token.key
    return key.startswith(_UNITS) or key in _EN_UNITS or key.endswith(("punkte", "punkten"))


def _unit(tokens: list[Token], quantity: Quantity, sentence: Sentence) -> int:
    """The end of the noun of a number: `49 Zähler`, `ein einziger Punkt`, `310 championship points`, `drei DTM-Punkte`; 0 for none."""
    for at in range(quantity.last, min(quantity.last + _MOST_BETWEEN + 1, sentence.last)):
        if _is_unit(tokens[at]):
            return at + 1
        is_compound = at + 1 < sentence.last and tokens[at].is_capital and tokens[at + 1].text == "-"
        if tokens[at].key not in _BETWEEN_UNIT and tokens[at].text != "-" and not is_compound:
            return 0
    return 0


def _keys(tokens: list[Token], first: int, last: int) -> list[str]:
    return [token.key for token in tokens[max(first, 0) : last]]


# ------------------------------------------------------------------ with its noun


def _with_unit(page: Page, quantity: Quantity, unit: int) -> Claim | None:
    tokens = page.cut.tokens
    start, end = tokens[quantity.first].start, tokens[unit - 1].end
    sentence = page.sentence_at(start)
    first, last = page.clause(sentence, quantity.first)
    clause = set(_keys(tokens, first, last))
    before, after = page.words_before(start, 7), page.words_after(end, 5)
    if clause & _EARNED or _is_to_be_won(before, after):
        return None
    if _is_gap(before, after, clause) or _is_measured(page, sentence, quantity.first):
        return _gap(page, start, end, quantity.value, before, after)
    if before[-1:] == ["von"] or {"from", "cut"} & set(before[-2:]):
        return None
    return page.claim(
        ClaimType.POINTS, start, end, quantity.value, subject=_whose(page, sentence, quantity, start, end)
    )


def _is_to_be_won(before: list[str], after: list[str]) -> bool:
    """`bei noch 56 zu vergebenden Punkten`, `310 points left`: nobody's."""
    return bool(words("tables_open") & {*before[-3:], *after[:3]})


def _is_gap(before: list[str], after: list[str], clause: set[str]) -> bool:
    """Whether points are a distance: `15 Punkten Vorsprung`, `nur noch 16 Zähler`, but not `mit 25 Punkten vor …`."""
    is_held = bool({"mit", "on", "with"} & set(before[-1:])) and "und" not in before[-2:]
    if is_held and {"vor", "vorne", "an", "over", "voran", "hinter", "vorn"} & set(after[:1]):
        return False
    if _GAP_AFTER & set(after[:2]) and not {"and", "und", ","} & set(after[:1]):
        return True
    if {"over", "vor", "an", "down", "off", "short", "shy"} & set(after[:1]):
        return not is_held
    if before[-1:] in (["by"], ["um"]):
        return True
    if clause & words("tables_apart") and not is_held:
        return True
    return after[:1] in (["betragt"], ["betrug"], ["lautet"]) and bool(_GAP_NOUNS & set(after[1:5]))


def _is_measured(page: Page, sentence: Sentence, index: int) -> bool:
    """`der Vorsprung beträgt nun`, `Elsters Polster auf Condor ist`: a noun of distance, and but names and small words since."""
    taken = {at for part in page.named[sentence.number].mentions for at in range(part.first, part.last)}
    for at in range(index - 1, max(index - _REACH, sentence.first) - 1, -1):
        key = page.cut.tokens[at].key
        if key in _GAP_NOUNS:
            return True
        if at not in taken and key not in words("tables_linking") and not key.isdigit():
            return False
    return False


def _gap(page: Page, start: int, end: int, value: Decimal, before: list[str], after: list[str]) -> Claim:
    if before[-1:] in (["from"], ["von"]) and after[:1] in (["to"], ["auf"]):
        subject = page.subject(start, end)  # `schrumpfte von 21 auf 16 Punkte`: what it was before
        return page.claim(ClaimType.POINTS_GAP, start, end, value, hint="former", subject=subject)
    pair = _pair_before(page, start) if before[-1:] in (["by"], ["um"]) else None
    if pair:
        return page.claim(ClaimType.POINTS_GAP, start, end, value, subject=pair[0], rival=pair[1])
    rival = _rival(page, end)
    near = {*after[:3], *page.words_after(end, 2), *before[-3:], *page.text[start:end].lower().split()}
    hint = "behind" if near & _BEHIND else "lead" if near & _LEAD else ""
    subject = page.subject(start, end, but=rival.cars)
    if not rival.cars and set(page.words_before(start, 8)) & words("page_owned"):
        rival = page.rival_before(start, subject)
    return page.claim(ClaimType.POINTS_GAP, start, end, value, rival=rival, hint=hint, subject=subject)


def _pair_before(page: Page, start: int) -> tuple[Subject, Subject] | None:
    """`Bussard leads Elster by …`: who does it, and to whom."""
    sentence = page.sentence_at(start)
    token = page.cut.token_at(start)
    first, _last = page.clause(sentence, token)
    groups = [group for group in page.groups(sentence) if first <= group.first and group.last <= token]
    if len(groups) < _TWO:
        return None
    one, other = groups[-2:]
    keys = set(_keys(page.cut.tokens, one.last, other.first))
    return (page.as_subject(one, 2), page.as_subject(other, 2)) if keys & words("tables_transitive") else None


def _rival(page: Page, end: int) -> Subject:
    index = page.cut.token_at(end - 1) + 1
    for at in range(index, min(index + 4, len(page.cut.tokens))):
        if page.cut.tokens[at].key in _TO:
            group = page.group_at(page.cut.tokens[at].end)
            return page.as_subject(group, 2) if group else NOBODY
    return NOBODY


# ------------------------------------------------------------------ without it


def _elided(page: Page, sentence: Sentence, quantity: Quantity, former: Claim | None) -> Claim | None:
    """`acht weniger`, `Frijns (163)`, `liegt mit 49 auf Rang drei`, `265 zu 189 lautet der Stand`."""
    tokens = page.cut.tokens
    start, end = tokens[quantity.first].start, tokens[quantity.last - 1].end
    before, after = page.words_before(start, 7), page.words_after(end, 5)
    if _unit_said(tokens, quantity.first, sentence) == "other":
        return None  # `21 Sekunden hinter dem Sieger und zehn vor Glock`
    if quantity.is_article or not _is_free(tokens, quantity, sentence) or (before[-1:] and before[-1] in _NO_POINTS):
        return None
    step = _elided_gap(before, after, former, is_measured=_is_measured(page, sentence, quantity.first))
    if step:
        last = tokens[quantity.last] if step == "after" else tokens[quantity.last - 1]
        claim = _gap(page, start, last.end, quantity.value, before, after[1:] if step == "after" else after)
        return (
            claim
            if step == "after"
            else replace(claim, subject=replace(claim.subject, level=min(claim.subject.level, 1)))
        )
    if not quantity.is_figure:
        return None
    beside = _beside(page, sentence, quantity)
    if beside:
        return page.claim(ClaimType.POINTS, start, end, quantity.value, subject=beside)
    if before[-1:] == ["("] and not (before[-2:-1] and ordinal(before[-2])):
        return None  # `Quarlo (84)`, but `Hanna ist Fünfte (66)`
    if before[-1:] == ["("] or (before[-1:] and before[-1] in _HOLDING):
        subject = _whose(page, sentence, quantity, start, end)
        return page.claim(ClaimType.POINTS, start, end, quantity.value, subject=subject)
    if _is_score(tokens, quantity, sentence):
        return page.claim(ClaimType.POINTS, start, end, quantity.value, subject=NOBODY)
    return None


_NO_POINTS = frozenset(
    {
        "platz",
        "rang",
        "position",
        "p",
        "lap",
        "runde",
        "round",
        "lauf",
        "race",
        "rennen",
        "saison",
        "class",
        "number",
        "nummer",
        "turn",
        "kurve",
        "jahr",
        "since",
        "seit",
    }
)


def _is_free(tokens: list[Token], quantity: Quantity, sentence: Sentence) -> bool:
    """Whether no noun of another kind follows: `mit 49 auf Rang drei`, but not `on 24 tyres`, `mit 16 Jahren`."""
    if quantity.last >= sentence.last:
        return True
    after = tokens[quantity.last]
    return not after.text[0].isalnum() or after.key in words("tables_after")


def _elided_gap(before: list[str], after: list[str], former: Claim | None, *, is_measured: bool) -> str:
    """`after`: the next word says it (`18 mehr`, `35 off`); `said`: the noun before does (`the gap has grown … to 73`)."""
    if after[:1] and after[0] in words("tables_gap_elided"):
        return "after"
    if is_measured:
        return "said"
    is_same = former is not None and former.type is ClaimType.POINTS_GAP
    return "said" if is_same and (after[:1] in (["waren"], ["were"]) or before[-1:] == ["to"]) else ""


def _is_score(tokens: list[Token], quantity: Quantity, sentence: Sentence) -> bool:
    """`46 to 45.5`, `265 zu 189 lautet der Stand`: two numbers side by side."""
    for at, other in ((quantity.last, quantity.last + 1), (quantity.first - 1, quantity.first - 2)):
        if sentence.first <= min(at, other) and max(at, other) < sentence.last and tokens[at].key in {"zu", "to"}:
            return tokens[other].text.isdigit()
    return False


def _beside(page: Page, sentence: Sentence, quantity: Quantity) -> Subject | None:
    """`Frijns (163)`, `Sutton 236, Ingram 231`: the name right before the number."""
    token = page.cut.tokens[quantity.first - 1] if quantity.first > sentence.first else None
    wanted = (quantity.first - 1,) if token and token.text == "(" else (quantity.first,)
    group = next((group for group in page.groups(sentence) if group.last in wanted), None)
    return page.as_subject(group, 2) if group else None


def _whose(page: Page, sentence: Sentence, quantity: Quantity, start: int, end: int) -> Subject:
    """The one spoken of; where the sentence names nobody else before the number, he is meant for certain."""
    subject = page.subject(start, end)
    if subject.level == 1 and (subject.car or subject.people):
        named = {group.cars for group in page.groups(sentence) if group.cars and group.first < quantity.first}
        if named == {frozenset(subject.cars)}:
            return replace(subject, level=2)
    return subject


def _in_table(page: Page, sentence: Sentence) -> bool:
    """Whether this sentence, or the one before it in the paragraph, speaks of points or a table."""
    near = page.cut.sentences[max(sentence.number - 3, 0) : sentence.number + 1]
    return any(other.paragraph == sentence.paragraph and _speaks_of_points(page, other) for other in near)


def _speaks_of_points(page: Page, sentence: Sentence) -> bool:
    if any(cue.what == "table" for cue in page.settings[sentence.number].cues):
        return True
    return any(
        token.key.startswith((*_UNITS, "points")) or token.key in words("tables_stand") or token.key.endswith(_TABLES)
        for token in page.cut.tokens[sentence.first : sentence.last]
    )


_TABLES = ("klassement", "tabelle", "meisterschaft", "rangliste", "punkte", "fahrerwertung", "teamwertung")
