"""Classes a text names that the sheet does not hold: `Klasse SP2T`, `LMP3` beside a known LMP2."""

from __future__ import annotations

import re
from functools import lru_cache

from articles.factcheck.grammar.mentions import Named
from articles.factcheck.grammar.tokens import Sentence, Token
from articles.factcheck.sheet import FactSheet, fold_words

_CODE = re.compile(r"([A-Z]{2,5}|[A-Z][a-z]{3,6})(\d{1,2}[A-Z]?)")


def unknown_class(tokens: list[Token], index: int, sentence: Sentence, names: Named, sheet: FactSheet) -> str:
    """`Klasse SP2T` where the sheet has no such class; the name as printed."""
    if _is_like_a_class(tokens[index].text, sheet) and not any(
        part.first <= index < part.last for part in names.mentions
    ):
        return tokens[index].text
    if tokens[index].key not in {"klasse", "class", "kategorie"} or index + 1 >= sentence.last:
        return ""
    name = tokens[index + 1]
    if any(part.first <= index + 1 < part.last for part in names.mentions):
        return ""
    is_code = (
        len(name.text) > 1 and name.text[0].isupper() and (any(map(str.isdecimal, name.text)) or name.text.isupper())
    )
    return name.text if is_code else ""


def _is_like_a_class(word: str, sheet: FactSheet) -> bool:
    """`LMP3` beside a known LMP2: the same letters with another number."""
    match = _CODE.fullmatch(word)
    return match is not None and match[1] in _class_letters(sheet) and word.lower() not in _known_codes(sheet)


@lru_cache(maxsize=16)
def _known_codes(sheet: FactSheet) -> frozenset[str]:
    """Words of class names and models: `GT3` of the class GT3 Am is no class of its own."""
    return frozenset(word for name in (*sheet.classes, *sheet.numbers_by_model) for word in fold_words(name))


@lru_cache(maxsize=16)
def _class_letters(sheet: FactSheet) -> frozenset[str]:
    return frozenset(match[1] for name in sheet.classes if (match := _CODE.fullmatch(name)))
