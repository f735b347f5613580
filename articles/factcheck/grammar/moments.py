"""When a table stood as words say it did: now, before a race of the weekend, or at some other moment."""

from __future__ import annotations

from itertools import pairwise

from articles.factcheck.grammar.numerals import ordinal
from articles.factcheck.grammar.page import Page
from articles.factcheck.grammar.tokens import Sentence
from articles.factcheck.grammar.words import words
from articles.factcheck.sheet import fold_words

_BEFORE = frozenset({"vor", "before"})
_RACES = frozenset({"rennen", "lauf", "race"})
_AFTER = frozenset({"nach", "after"})
_ARTICLES = frozenset({"dem", "der", "the", "diesem", "this"})


def moment(page: Page, sentence: Sentence, index: int) -> str:
    """`before` of `vor dem Wochenende` and `nach dem ersten Rennen`, `past` where the clause looks back otherwise."""
    first, last = page.clause(sentence, index)
    keys = [token.key for token in page.cut.tokens[first:last]]
    own = {*fold_words(page.sheet.event), *fold_words(page.sheet.circuit)}
    for (one, other), third in zip(pairwise(keys), [*keys[2:], ""], strict=True):
        if one in _AFTER and other in _RACES and third in {"1", "eins", "one"}:
            return "before"
        if one in _BEFORE and other in own:
            return "before"  # `Vor Abu Dhabi hatte er …`
        if other not in _ARTICLES:
            continue
        is_first = one in _AFTER and (ordinal(third) == 1 or third.startswith(("samstags", "saturday")))
        if is_first or (one in _BEFORE and (third in words("moments_events") or third in own)):
            return "before"
    if {"von", "aus", "from"} & {page.cut.tokens[index - 1].key} and words("moments_shrinking") & set(keys):
        return "past"  # `Von 23 Punkten Vorsprung blieben fünf`
    if not words("moments_now") & set(keys):  # `Angereist waren sie als Dritte, sechs Punkte hinter …`
        keys = [token.key for token in page.cut.tokens[sentence.first : last]]
    return "past" if (words("moments_past") | words("moments_arriving")) & set(keys) else ""
