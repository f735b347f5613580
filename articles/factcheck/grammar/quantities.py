"""Numbers in a sentence, token by token: `118`, `104,5`, `1.653`, `dreieinhalb`, `seven and a half`; none that belong to a time, a date or a car."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache

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
_TWENTY = 20
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
    if not any(map(_may_begin, page.cut.keys[sentence.number])):
        return
    tokens = page.cut.tokens
    taken = {index for part in page.named[sentence.number].mentions for index in range(part.first, part.last)}
    index = sentence.first
    while index < sentence.last:
        may_begin = index not in taken and _may_begin(tokens[index].key)
        found = _number(tokens, index, sentence) if may_begin else None
        if found:
            yield found
        index = found.last if found else index + 1


@lru_cache(maxsize=16_384)
def _may_begin(key: str) -> bool:
    """Whether a word may begin a number; most are passed over."""
    return key[:1].isdecimal() or key in _HALVES or cardinal(key.removesuffix("einhalb")) is not None


def _number(tokens: list[Token], index: int, sentence: Sentence) -> Quantity | None:
    token = tokens[index]
    if token.text[0].isdecimal():
        return _figure(tokens, index, sentence)
    whole = cardinal(token.key)
    if whole is None:
        return _half(tokens, index, sentence)
    last = index + 1
    if whole >= _TWENTY and whole % 10 == 0 and _key(tokens, last, sentence) == "-" and last + 1 < sentence.last:
        unit = cardinal(tokens[last + 1].key)  # `thirty-eight`
        if unit and unit < 10 and tokens[last + 1].glued:  # noqa: PLR2004
            return Quantity(index, last + 2, Decimal(whole + unit), is_figure=False)
    if [_key(tokens, at, sentence) for at in range(last, last + 3)] == ["and", "a", "half"]:
        return Quantity(index, last + 3, whole + _HALF, is_figure=False)
    return Quantity(index, last, Decimal(whole), is_figure=False, is_article=token.key in _ARTICLES)


def _half(tokens: list[Token], index: int, sentence: Sentence) -> Quantity | None:
    """`half a`, `anderthalb`, `dreieinhalb`."""
    key = tokens[index].key
    if key == "half" and [token.key for token in tokens[max(index - 2, sentence.first) : index]] == ["and", "a"]:
        return None  # `another point and a half`
    if key in _HALVES:
        last = index + 2 if key == "half" and _key(tokens, index + 1, sentence) in {"a", "an"} else index + 1
        return Quantity(index, last, _HALVES[key], is_figure=False)
    whole = cardinal(key.removesuffix("einhalb")) if key.endswith("einhalb") else None
    return None if whole is None else Quantity(index, index + 1, whole + _HALF, is_figure=False)


def _key(tokens: list[Token], index: int, sentence: Sentence) -> str:
    return tokens[index].key if index < sentence.last else ""


def _figure(tokens: list[Token], index: int, sentence: Sentence) -> Quantity | None:
    token = tokens[index]
    before = tokens[index - 1] if index > sentence.first else None
    is_part = token.glued and before is not None and before.text not in "(*„\"“»«‘'"
    if is_part or not token.text.isdecimal() or len(token.text) > _LONGEST:
        return None  # part of a date, a time or a number with another sign
    after, inside = _beside(tokens, index + 1, sentence)
    if after is None or after.text not in ",." or inside is None:
        value, last = Decimal(token.text), index + 1
    elif inside.glued and inside.text.isdecimal() and len(inside.text) <= _THOUSANDS:
        value = Decimal(token.text + ("" if len(inside.text) == _THOUSANDS else ".") + inside.text)
        last = index + 3
    elif after.text == "." or inside.glued:
        return None  # an ordinal, or more than a number
    else:
        value, last = Decimal(token.text), index + 1
    return None if _goes_on(*_beside(tokens, last, sentence)) else Quantity(index, last, value, is_figure=True)


def _beside(tokens: list[Token], index: int, sentence: Sentence) -> tuple[Token | None, Token | None]:
    """The token at a place where it touches what stands before it, and the one behind it."""
    after = tokens[index] if index < sentence.last and tokens[index].glued else None
    return after, tokens[index + 1] if after and index + 1 < sentence.last else None


def _goes_on(after: Token | None, behind: Token | None) -> bool:
    """Whether the number is but the beginning: `14:30`, `50 %`, `26-28`, but not `33-car field`."""
    if after is None:
        return False
    if after.text[0].isalnum() or after.text in "%€$°+":
        return True
    if behind is None or not behind.glued or after.text not in _PARTS:
        return False
    return after.text != "-" or not behind.text.isalpha()
