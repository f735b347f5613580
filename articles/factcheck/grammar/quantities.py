"""Numbers in a sentence, token by token: `118`, `104,5`, `1.653`, `dreieinhalb`, `seven and a half`; none that belong to a time, a date or a car."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

from articles.factcheck.grammar.numerals import cardinal
from articles.factcheck.grammar.page import Page
from articles.factcheck.grammar.tokens import Sentence, Token

_HALF = Decimal("0.5")
_HALVES = {
    "anderthalb": Decimal("1.5"),
    "eineinhalb": Decimal("1.5"),
    "halben": _HALF,
    "halber": _HALF,
    "halbe": _HALF,
    "half": _HALF,
}
_ARTICLES = frozenset({"ein", "eine", "einen", "einem", "einer", "eines", "a", "an", "one"})
_THOUSANDS, _LONGEST = 3, 4
_PARTS = frozenset(".,:'’/-–")


@dataclass(frozen=True, slots=True)
class Quantity:
    """Tokens first..last (exclusive) that say a number; `is_article`: `ein`, which counts only before a noun."""

    first: int
    last: int
    value: Decimal
    is_figure: bool
    is_article: bool = False


def quantities(page: Page, sentence: Sentence) -> Iterator[Quantity]:
    """The numbers of a sentence in order, but those of cars."""
    tokens = page.cut.tokens
    taken = {index for part in page.named[sentence.number].mentions for index in range(part.first, part.last)}
    index = sentence.first
    while index < sentence.last:
        found = None if index in taken else _number(tokens, index, sentence)
        if found:
            yield found
        index = found.last if found else index + 1


def _number(tokens: list[Token], index: int, sentence: Sentence) -> Quantity | None:
    token = tokens[index]
    if token.text[0].isdigit():
        return _figure(tokens, index, sentence)
    if not token.text[0].isalpha():
        return None
    whole = cardinal(token.key)
    if whole is None and token.key in _HALVES:
        last = index + 2 if token.key == "half" and _key(tokens, index + 1, sentence) in {"a", "an"} else index + 1
        return Quantity(index, last, _HALVES[token.key], is_figure=False)
    if whole is None and token.key.endswith("einhalb"):
        whole = cardinal(token.key.removesuffix("einhalb"))
        return None if whole is None else Quantity(index, index + 1, whole + _HALF, is_figure=False)
    if whole is None:
        return None
    last = index + 1
    if [_key(tokens, at, sentence) for at in range(last, last + 3)] == ["and", "a", "half"]:
        return Quantity(index, last + 3, whole + _HALF, is_figure=False)
    return Quantity(index, last, Decimal(whole), is_figure=False, is_article=token.key in _ARTICLES)


def _key(tokens: list[Token], index: int, sentence: Sentence) -> str:
    return tokens[index].key if index < sentence.last else ""


def _figure(tokens: list[Token], index: int, sentence: Sentence) -> Quantity | None:
    token = tokens[index]
    if not token.text.isdigit() or len(token.text) > _LONGEST:
        return None
    before = tokens[index - 1] if index > sentence.first else None
    if token.glued and before is not None and before.text not in "(*„\"“»«‘'":
        return None  # part of a date, a time or a number with another sign
    value, last = Decimal(token.text), index + 1
    after = tokens[last] if last < sentence.last else None
    inside = tokens[last + 1] if last + 1 < sentence.last else None
    is_parted = after is not None and after.text in ",." and after.glued
    if is_parted and inside is not None and inside.glued and inside.text.isdigit():
        if len(inside.text) > _THOUSANDS:
            return None
        joined = token.text + ("" if len(inside.text) == _THOUSANDS else ".") + inside.text
        value, last = Decimal(joined), last + 2
        after = tokens[last] if last < sentence.last else None
    elif is_parted and after is not None and after.text == "." and inside is not None:
        return None  # an ordinal
    if after is not None and after.glued and (after.text[0].isalnum() or after.text in "%€$°+"):
        return None
    behind = tokens[last + 1] if last + 1 < sentence.last else None
    if after is not None and behind is not None and after.glued and behind.glued and after.text in _PARTS:
        if after.text != "-" or not behind.text.isalpha():  # `33-car field`
            return None
    return Quantity(index, last, value, is_figure=True)
