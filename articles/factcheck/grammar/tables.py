"""Points in prose: what somebody has in a table, and what lies between two.

Read number by number. A number counts points where its noun says so; where the noun is left out (`mit 49`, `Frijns (163)`,
`is 35 off the top`), it does so only where a table is spoken of and no other noun follows it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal
from functools import lru_cache

from articles.factcheck.claim import Claim, ClaimType
from articles.factcheck.grammar.among import TABLES, among
from articles.factcheck.grammar.elided import elided
from articles.factcheck.grammar.moments import moment
from articles.factcheck.grammar.numerals import ordinal
from articles.factcheck.grammar.page import Page
from articles.factcheck.grammar.points import GAP_NOUNS, gap, is_measured, measured_by, whose
from articles.factcheck.grammar.quantities import Quantity, quantities
from articles.factcheck.grammar.ranks import rank_said
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
_EARNED = words("tables_earned")
_PLACES = frozenset({"rang", "platz", "position", "sieg", "pole", "win", "victory", "place"})
_HOLDS = frozenset(
    ["hat", "haben", "hatte", "hatten", "has", "have", "had", "liegt", "liegen", "fuhrt", "fuhren", "leads", "lead"]
)
_COMING = frozenset({"ring", "rennen", "wochenende", "finale", "race", "weekend"})
_HEADS = frozenset(
    {"marken", "hersteller", "teams", "fahrer", "konstrukteure", "drivers", "constructors", "manufacturers"}
)
_HOLDING = words("tables_holding")

_TABLES = ("klassement", "tabelle", "meisterschaft", "rangliste", "punkte", "fahrerwertung", "teamwertung")


_NOW = frozenset({"nun", "jetzt", "now"})


def find(page: Page) -> Iterator[Claim]:
    """Points and gaps in points."""
    if not page.sheet.tables:
        return
    for sentence in page.cut.sentences:
        yield from _in_sentence(page, sentence)
    for match in page.matches(_EVEN, "gleich", "points", "level", "tied"):
        yield gap(page, match.start(), match.end(), Decimal(0), ([], []))


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
    has_unit = any(map(_is_unit_word, page.cut.keys[sentence.number]))
    if not has_unit and not _in_table(page, sentence):
        return
    former: Claim | None = None
    is_earned = not page.cut.keys[sentence.number].isdisjoint(_EARNED)
    for quantity in quantities(page, sentence):
        unit = _unit(tokens, quantity, sentence)
        is_total = (
            former is not None and former.hint != "loose"
        )  # `sammelte Punkte und ist mit 95 Dritter, elf hinter …`
        is_got = (
            is_earned and not is_total and tokens[max(quantity.first - 1, 0)].key not in _HOLDING
        )  # but `Russell sammelte 127`
        is_other = is_got or _unit_said(tokens, quantity.first, sentence) == "other"  # `21 Sekunden …, zehn vor Glock`
        bare = None if unit or is_other else elided(page, sentence, quantity, former)
        claim = _with_unit(page, quantity, unit) if unit else bare
        if claim:
            former = claim
            hint = (
                "pronoun"
                if claim.type is ClaimType.POINTS and not claim.hint and _has_pronoun(page, quantity.first)
                else claim.hint
            )
            if claim.type is ClaimType.POINTS:
                rank = rank_said(page, sentence, quantity, unit or quantity.last)
                hint = f"rank {rank}" if rank else hint
            when = moment(page, sentence, quantity.first) or ("now" if _is_of_now(page, sentence) else "")
            yield replace(claim, among=among(tokens, sentence, quantity.first), hint=hint, moment=when)


def _is_of_now(page: Page, sentence: Sentence) -> bool:
    """Whether the words speak of the table after a race: they say `nun`, or the text tells one."""
    return page.tells_a_race() or not page.cut.keys[sentence.number].isdisjoint(_NOW)


def _has_pronoun(page: Page, index: int) -> bool:
    """`In der Tabelle ist er mit 141 Punkten Vierter`: whoever was spoken of."""
    sentence = page.cut.sentence_at(page.cut.tokens[index].start)
    first, _last = page.clause(sentence, index)
    return any(token.key in words("page_pronouns") | {"sie"} for token in page.cut.tokens[first:index])


def _is_unit(token: Token) -> bool:
    return _is_unit_word(token.key)


@lru_cache(maxsize=16_384)
def _is_unit_word(key: str) -> bool:
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
    if clause & _EARNED or _is_of_this_race(clause, _keys(tokens, unit, last)) or _is_to_be_won(before, after):
        return None
    if _is_gap(before, after, clause) or is_measured(page, sentence, quantity.first):
        return gap(page, start, end, quantity.value, (before, after))
    if before[-1:] == ["von"] or {"from", "cut"} & set(before[-2:]):
        return None
    hint = "" if _says_total(page, sentence, before, quantity) else "loose"
    subject = whose(page, sentence, quantity, start, end)
    rival = measured_by(page, end, subject)
    return page.claim(ClaimType.POINTS, start, end, quantity.value, subject=subject, hint=hint, rival=rival)


def _says_total(page: Page, sentence: Sentence, before: list[str], quantity: Quantity) -> bool:
    """`hat 48 Punkte`, `mit 48 Punkten`, `(48 Punkte)`, or a table in the sentence; not `bescherte ihnen 15 Punkte`."""
    tokens = page.cut.tokens
    if words("tables_totals") & set(before[-3:]) or tokens[max(quantity.first - 1, 0)].text in "(,;:-–—/":
        return True
    if _HOLDS & set(_keys(tokens, *page.clause(sentence, quantity.first))):
        return True
    return any(token.key.endswith(TABLES) for token in tokens[sentence.first : sentence.last])


def _is_of_this_race(clause: set[str], behind: list[str]) -> bool:
    """`25 points for the win`, `kam mit 36,5 Punkten an den Ring`: what a race gave, or what was before it."""
    is_for_win = (
        behind[:3] in (["for", "the", "win"], ["fur", "den", "sieg"]) or {"sieg", "kassierte", "kassierten"} <= clause
    )
    is_for_win |= behind[:1] in (["fur"], ["for"]) and any(word in _PLACES or ordinal(word) for word in behind[1:4])
    is_for_win |= bool(clause & {"weiteren", "weitere", "another", "further"})
    is_before = bool(clause & {"kam", "kamen", "ging", "gingen", "reiste", "reisten"} and set(behind) & _COMING)
    is_before |= bool(clause & {"come", "came", "went", "travelled", "headed", "arrived"} and clause & _COMING)
    is_for_place = "als" in clause and bool(clause & {"kam", "kamen"})  # `kam als Dritter auf 15 Punkte`
    return is_for_win or is_before or is_for_place


def _is_to_be_won(before: list[str], after: list[str]) -> bool:
    """`bei noch 56 zu vergebenden Punkten`, `310 points left`: nobody's."""
    return bool(words("tables_open") & {*before[-3:], *after[:3]})


def _is_gap(before: list[str], after: list[str], clause: set[str]) -> bool:
    """Whether points are a distance: `15 Punkten Vorsprung`, `nur noch 16 Zähler`, but not `mit 25 Punkten vor …`."""
    is_held = bool({"mit", "on", "with", "bei", "at"} & set(before[-1:])) and "und" not in before[-2:]
    if is_held and {"vor", "vorne", "an", "over", "voran", "hinter", "vorn", "zuruck"} & set(after[:1]):
        return False  # `mit 25 Punkten vor …`, `fiel mit 83 Punkten zurück`
    if _GAP_AFTER & set(after[:2]) and not {"and", "und", ","} & set(after[:1]):
        return True
    if {"over", "vor", "an", "down", "off", "short", "shy"} & set(after[:1]):
        return not is_held
    if before[-1:] in (["by"], ["um"]):
        return True
    if clause & words("tables_apart") and not is_held:
        return True
    return after[:1] in (["betragt"], ["betrug"], ["lautet"]) and bool(GAP_NOUNS & set(after[1:5]))


def _in_table(page: Page, sentence: Sentence) -> bool:
    """Whether this sentence, or the one before it in the paragraph, speaks of points or a table."""
    near = page.cut.sentences[max(sentence.number - 3, 0) : sentence.number + 1]
    return any(other.paragraph == sentence.paragraph and _speaks_of_points(page, other) for other in near)


def _speaks_of_points(page: Page, sentence: Sentence) -> bool:
    if page.cut.tokens[sentence.first].key in _HEADS and _has_colon(page, sentence):
        return True  # `Marken: Audi 360, BMW 282`
    if any(cue.what == "table" for cue in page.settings[sentence.number].cues):
        return True
    return any(
        token.key.startswith((*_UNITS, "points")) or token.key in words("tables_stand") or token.key.endswith(_TABLES)
        for token in page.cut.tokens[sentence.first : sentence.last]
    )


def _has_colon(page: Page, sentence: Sentence) -> bool:
    return sentence.last - sentence.first > 1 and page.cut.tokens[sentence.first + 1].text == ":"
