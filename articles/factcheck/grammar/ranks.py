"""The rank that words give to points: `führt mit 131`, `der Tabellenführer hat 131`, `mit 37 Zählern Zweite`, `third on 163`."""

from __future__ import annotations

from itertools import pairwise

from articles.factcheck.grammar.numerals import cardinal, ordinal
from articles.factcheck.grammar.page import Page
from articles.factcheck.grammar.quantities import Quantity
from articles.factcheck.grammar.tokens import Sentence, Token
from articles.factcheck.grammar.words import words

_HELD = frozenset({"mit", "on", "with", "at", "bei", "auf"})
_PLACES = frozenset({"rang", "platz", "position"})
_MOST = 30
_REACH = 14  # words


def rank_said(page: Page, sentence: Sentence, quantity: Quantity, end: int) -> int:
    """The place in the table of whoever has these points, as the words beside them say it; 0 where they do not."""
    first, last = page.clause(sentence, quantity.first)
    tokens = page.cut.tokens
    before, behind = tokens[first : quantity.first], tokens[end:last]
    rank = _behind(behind) or _before(before)
    return rank if rank or not _leads(page, sentence, quantity, (before, behind)) else 1


def _behind(behind: list[Token]) -> int:
    """`mit 37 Zählern Zweite`, `mit 85 Punkten auf Rang vier`, but not `Zweiter im Rennen`."""
    keys = [token.key for token in behind]
    if not keys:
        return 0
    number = ordinal(keys[0])
    if number and behind[0].is_capital and not set(keys[1:3]) & {"im", "in", "beim", "des", "der"}:
        return number if number < _MOST else 0
    if keys[0] in {"auf", "in"} and len(keys) > 2 and keys[1] in _PLACES:  # noqa: PLR2004 - `auf Rang vier`
        return cardinal(keys[2]) or 0
    return 0


def _before(before: list[Token]) -> int:
    """`Zweiter mit 106 Punkten`, `Tanak third on 163`."""
    if len(before) < 2 or before[-1].key not in _HELD:  # noqa: PLR2004 - the ordinal and its preposition
        return 0
    number = ordinal(before[-2].key)
    is_noun = before[-2].is_capital or before[-1].key in {"on", "with"}
    return number if number and is_noun and number < _MOST else 0


def _leads(page: Page, sentence: Sentence, quantity: Quantity, beside: tuple[list[Token], list[Token]]) -> bool:
    """Whether the clause says of whoever has the points that he leads."""
    before, behind = beside
    keys = [token.key for token in before]
    if not keys or len(keys) > _REACH or any(key.isdecimal() and then != "-" for key, then in pairwise([*keys, ""])):
        return False
    told = _told_so(keys, [token.key for token in behind[:4]])
    if not told:
        return False
    since = keys[keys.index(told) :] if told in keys else keys
    return not set(since) & words("ranks_others") and not _is_measured_by(keys, told)


def _told_so(before: list[str], behind: list[str]) -> str:
    """The word of leading that stands in the clause: the verb with its `mit`, or a noun for the leader."""
    for key in before:
        if key in words("ranks_leader") or (key in words("ranks_leads") and before[-1] in _HELD):
            return key
    is_held = before[-1] in _HELD
    return next((key for key in behind if is_held and key in words("ranks_leader")), "")


def _is_measured_by(keys: list[str], told: str) -> bool:
    """`auf den Tabellenführer`, `hinter Spitzenreiter`: somebody else is spoken of."""
    if told not in keys:
        return False
    at = keys.index(told)
    return bool(set(keys[max(at - 3, 0) : at]) & words("page_object_words") - {"als"})
