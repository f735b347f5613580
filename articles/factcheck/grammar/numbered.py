"""Numbers of cars in prose: `#7`, `Startnummer 7`, `the No. 7`, `die 30`, `der 12er`, `die Nummern 007 und 009`.

A bare number counts only where the sheet has such a car and the words leave no room for a count, a day, a time or a model.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from articles.factcheck.grammar.numerals import cardinal
from articles.factcheck.grammar.tokens import Sentence, Token
from articles.factcheck.grammar.words import words

if TYPE_CHECKING:
    from articles.factcheck.grammar.lexicon import Lexicon

_LABELS = words("mentions_number_words")
_LOOSE = words("numbered_loose_labels")
_SPELLED = frozenset({"number", "nummer", "startnummer"})
_LONGEST = 4
_ARTICLES = frozenset({"der", "die", "den", "dem"})
OPENERS = _LABELS | _ARTICLES | {"the", "#"}  # a number of a car begins with one of these, or bare
_LINKS = frozenset({"und", "and", "sowie", "oder", "or", "&", "/", ","})
_NOT_BEFORE = frozenset({"um", "an", "uber", "unter", "rund", "knapp", "fast", "of"})
_SEAT_PREPOSITIONS = frozenset({"mit", "in", "von", "auf", "vor", "hinter", "bei", "neben"})
_NICK = re.compile(r"(\d{1,3})er")
_UNITS = words("numbered_units")
_AFTER_EN = words("numbered_after")


def number_at(tokens: list[Token], index: int, sentence: Sentence, lexicon: Lexicon) -> tuple[int, int, str] | None:
    """The car number whose words begin at the token: its first and last token (exclusive) and the number as printed."""
    token = tokens[index]
    if token.text == "#" or token.key in _LABELS:
        return _labelled(tokens, index, sentence, lexicon)
    if token.key in _ARTICLES or token.key == "the":
        return _bare(tokens, index, sentence, lexicon)
    if token.text in lexicon.numbers and (index == sentence.first or tokens[index - 1].text in ",;:(–—"):
        return _pair(tokens, index, sentence, lexicon)
    return None


def _pair(tokens: list[Token], index: int, sentence: Sentence, lexicon: Lexicon) -> tuple[int, int, str] | None:
    """`501 und 502 Stoßstange an Stoßstange`: two numbers of the sheet at the head of a clause."""
    if len(tokens[index].text) == 1 or not is_number(tokens, index, sentence) or index + 2 >= sentence.last:
        return None
    other = tokens[index + 2]
    is_pair = tokens[index + 1].key in {"und", "and"} and other.text in lexicon.numbers and len(other.text) > 1
    follows = tokens[index + 3].key if index + 3 < sentence.last else ""
    return (index, index + 1, tokens[index].text) if is_pair and follows not in _UNITS else None


def _labelled(tokens: list[Token], index: int, sentence: Sentence, lexicon: Lexicon) -> tuple[int, int, str] | None:
    at = index + 1
    while at < sentence.last and tokens[at].text in ".:#(" and at < index + 3:
        at += 1
    if at < sentence.last and (written := _in_words(tokens, index, at, lexicon)):
        return index, at + 1, written
    if at >= sentence.last or not is_number(tokens, at, sentence):
        return None
    is_short = tokens[index].text == "No" and at == index + 2  # `No. 91 Mercedes`, and no `no`
    if (
        tokens[index].key in _LOOSE
        and not is_short
        and (tokens[at].text not in lexicon.numbers or (at + 1 < sentence.last and tokens[at + 1].key in _UNITS))
    ):
        return None
    return index, at + 1, tokens[at].text


def _in_words(tokens: list[Token], index: int, at: int, lexicon: Lexicon) -> str:
    """`the number nine Delta`, `Startnummer sieben`; `die Nummer eins` is the best one."""
    number = cardinal(tokens[at].key) if tokens[at].text[0].isalpha() else None
    if number is None or number == 1 or tokens[index].key not in _SPELLED:
        return ""
    before = tokens[index - 1] if index else tokens[index]
    if tokens[index].key == "nummer" and before.is_capital and before.key not in _ARTICLES | {"nummer"}:
        return ""  # `Porsche Nummer zwei, die 5`: the second one
    return str(number) if str(number) in lexicon.numbers else ""


def next_in_list(tokens: list[Token], after: int, sentence: Sentence, lexicon: Lexicon) -> tuple[int, int, str] | None:
    """`und 009` behind `den Nummern 007`: the next number of the list, whose label it shares."""
    at = after
    if at >= sentence.last or tokens[at].key not in _LINKS:
        return None
    at += 1
    if at < sentence.last and tokens[at].key in _ARTICLES | {"the"}:
        at += 1
    if at >= sentence.last or tokens[at].text not in lexicon.numbers or not is_number(tokens, at, sentence):
        return None
    return (at, at + 1, tokens[at].text) if _is_alone(tokens, at, sentence, lexicon, "die") else None


def is_number(tokens: list[Token], at: int, sentence: Sentence) -> bool:
    """Digits that are no part of a time, a sum or an ordinal."""
    if not tokens[at].text.isdecimal() or len(tokens[at].text) > _LONGEST:
        return False
    glued = at + 2 < sentence.last and tokens[at + 1].text in ",:." and tokens[at + 1].glued and tokens[at + 2].glued
    return not (glued and tokens[at + 2].text.isdecimal())


def _bare(tokens: list[Token], index: int, sentence: Sentence, lexicon: Lexicon) -> tuple[int, int, str] | None:
    """A number of the sheet behind an article, with no noun after it."""
    at = index + 1
    before = tokens[index - 1].key if index > sentence.first else ""
    if at >= sentence.last or before in _NOT_BEFORE:
        return None
    article = tokens[index].key
    nick = _NICK.fullmatch(tokens[at].key)
    printed = nick[1] if nick else tokens[at].text
    is_known = printed in lexicon.numbers or (printed.isdecimal() and (before, article) == ("mit", "der"))
    if not is_known or (
        printed in lexicon.model_numbers and not _is_no_model(article, before, is_nick=nick is not None)
    ):
        return None
    if nick is None:
        is_alone = is_number(tokens, at, sentence) and _is_alone(tokens, at, sentence, lexicon, article)
    else:
        is_alone = at + 1 >= sentence.last or tokens[at + 1].key not in words("numbered_not_nick")
    return (at, at + 1, printed) if is_alone else None


def _is_no_model(article: str, before: str, *, is_nick: bool) -> bool:
    """`die 911` and `mit der 911` are the number, `der 911` is the Porsche."""
    return not is_nick and (article == "die" or (article == "der" and before in _SEAT_PREPOSITIONS))


def _is_alone(tokens: list[Token], at: int, sentence: Sentence, lexicon: Lexicon, article: str) -> bool:
    """Whether nothing behind the number is counted by it: `die 30 Autos`, `the 24 laps`, `die 15. Runde`."""
    if _ends_there(tokens, at + 1, sentence):
        return True
    after = tokens[at + 1]
    if after.glued or after.key in _UNITS:
        return False
    if article == "the":
        return after.key in _AFTER_EN or _is_house_of(tokens, at, sentence, lexicon)
    if not after.text[0].isalpha() or after.is_capital:
        return False
    following = tokens[at + 2] if at + 2 < sentence.last else None
    counts = after.key.endswith(("e", "en", "er")) and following is not None and following.is_capital
    return after.key in words("strangers_verbs") or not counts


def _is_house_of(tokens: list[Token], at: int, sentence: Sentence, lexicon: Lexicon) -> bool:
    """`the 77 BMW`: a make or a team that enters this very car."""
    found = lexicon.longest(tokens, at + 1, sentence.last)
    stored = lexicon.numbers.get(tokens[at].text)
    return found is not None and stored is not None and any(stored in entry.cars for entry in found[1])


def _ends_there(tokens: list[Token], at: int, sentence: Sentence) -> bool:
    """Whether a sentence or a clause ends here, or a bracket opens."""
    if at >= sentence.last:
        return True
    token = tokens[at]
    if token.text in ",;:.":
        following = tokens[at + 1] if at + 1 < sentence.last else None
        return not (token.text in ".," and following is not None and (following.glued or token.text == "."))
    return token.text in '()–—!?»«"”“' or token.key in {"und", "and", "sowie", "oder"}
