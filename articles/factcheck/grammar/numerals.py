"""Numbers in words, German and English: cardinals, ordinals and the figures among them."""

from __future__ import annotations

import re
from functools import lru_cache

_DE_UNITS = ["null", "ein", "zwei", "drei", "vier", "funf", "sechs", "sieben", "acht", "neun"]
_DE_TEENS = ["zehn", "elf", "zwolf", "dreizehn", "vierzehn", "funfzehn", "sechzehn", "siebzehn", "achtzehn", "neunzehn"]
_DE_TENS = {
    20: "zwanzig", 30: "dreissig", 40: "vierzig", 50: "funfzig", 60: "sechzig", 70: "siebzig", 80: "achtzig", 90: "neunzig",
}  # fmt: skip
_EN_UNITS = ["zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve"]
_EN_UNITS += ["thirteen", "fourteen", "fifteen", "sixteen", "seventeen", "eighteen", "nineteen"]
_EN_TENS = {
    20: "twenty", 30: "thirty", 40: "forty", 50: "fifty", 60: "sixty", 70: "seventy", 80: "eighty", 90: "ninety",
}  # fmt: skip
_EN_ORDINALS = ["first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth", "tenth"]
_EN_ORDINALS += [
    "eleventh",
    "twelfth",
    "thirteenth",
    "fourteenth",
    "fifteenth",
    "sixteenth",
    "seventeenth",
    "eighteenth",
]
_EN_ORDINALS += ["nineteenth", "twentieth"]
_DE_ENDINGS = ("", "e", "er", "en", "em", "es")
_DIGITS = re.compile(r"\d{1,4}")
_EN_FIGURE = re.compile(r"(\d{1,3})(?:st|nd|rd|th)")


def _spellings(word: str) -> tuple[str, ...]:
    """`fünf` is also written `fuenf` by those without umlauts."""
    other = word.replace("funf", "fuenf").replace("zwolf", "zwoelf")
    return (word,) if other == word else (word, other)


def _german_cardinals() -> dict[str, int]:
    found = {word: number for number, word in enumerate(_DE_UNITS + _DE_TEENS)}
    for tens, name in _DE_TENS.items():
        found[name] = tens
        found |= {f"{unit}und{name}": tens + number for number, unit in enumerate(_DE_UNITS) if number}
    return {spelling: number for word, number in found.items() for spelling in _spellings(word)}


def _german_ordinals() -> dict[str, int]:
    irregular = {"erst": 1, "dritt": 3, "siebt": 7, "siebent": 7, "acht": 8}
    stems = dict(irregular)
    for word, number in _german_cardinals().items():
        if number and number not in (1, 3, 7, 8):
            stems[word + ("t" if number < 20 else "st")] = number  # noqa: PLR2004 - zwanzigst
    return {stem + ending: number for stem, number in stems.items() for ending in _DE_ENDINGS if ending}


_CARDINALS = _german_cardinals() | {word: number for number, word in enumerate(_EN_UNITS)}
_CARDINALS |= {word: number for number, word in _EN_TENS.items()}
_CARDINALS |= {
    "eine": 1,
    "einen": 1,
    "einem": 1,
    "einer": 1,
    "eines": 1,
    "eins": 1,
    "zwo": 2,
    "beide": 2,
    "beiden": 2,
    "both": 2,
}
for _tens, _name in _EN_TENS.items():
    _CARDINALS |= {f"{_name}{unit}": _tens + number for number, unit in enumerate(_EN_UNITS[:10]) if number}
_DE_ORDINALS = _german_ordinals()
_ORDINALS = _DE_ORDINALS | {word: number for number, word in enumerate(_EN_ORDINALS, start=1)}

# What may stand in a pattern for a number in words; whether it is one, `cardinal` says. A whole word, so nothing is given back.
NUMBER_WORD = r"[A-Za-zäöüßÄÖÜ][a-zäöüß]{0,23}+"


@lru_cache(maxsize=16_384)
def cardinal(word: str) -> int | None:
    """`drei`, `fünf` (folded: `funf`), `twenty`, `14`; None for what is no number."""
    if _DIGITS.fullmatch(word):
        return int(word)
    return _CARDINALS.get(word)


@lru_cache(maxsize=16_384)
def ordinal(word: str) -> int | None:
    """`dritten`, `third`, `13th`; None for what is no ordinal. A bare `14` is none, its dot is the next token."""
    match = _EN_FIGURE.fullmatch(word)
    return int(match[1]) if match else _ORDINALS.get(word)


def is_german_ordinal(word: str) -> bool:
    return word in _DE_ORDINALS


def ordinals() -> frozenset[str]:
    """Every ordinal that is a word."""
    return frozenset(_ORDINALS)
