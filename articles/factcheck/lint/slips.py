"""Whether one word is a slip of the pen for another, or simply another name. Folded words in, a reason out."""

from __future__ import annotations

from articles.factcheck.lint.register import distance
from results.likeness import skeleton

_SHORTEST = 4
_TWO_SLIPS_FROM = 9
_VOWELS = frozenset("aeiouy")
# Pairs of letters that tell two families apart rather than a right spelling from a wrong one.
_TWINS = frozenset(map(frozenset, ("ck", "iy", "iz", "dt", "cz", "sz", "vw", "fv", "td", "ij", "ks", "kc")))

SWAPPED = "zwei Buchstaben sind vertauscht"
DOUBLED = "ein Buchstabe ist doppelt oder fehlt doppelt"
MISSING = "ein Buchstabe fehlt"
EXTRA = "ein Buchstabe ist zu viel"
OTHER = "ein Buchstabe ist ein anderer"
TWO = "zwei Buchstaben sind anders"


def slip(word: str, name: str) -> str:
    """What is wrong with the word if the name was meant; empty where it may well be a word of its own.

    The first letter is always right, and a different last one is an ending or another name.
    """
    if word[0] != name[0] or min(len(word), len(name)) < _SHORTEST or skeleton(word) == skeleton(name):
        return ""
    slips = distance(word, name)
    if slips == 1:
        reason = _one(word, name)
        return reason if reason in {SWAPPED, DOUBLED} or min(len(word), len(name)) > _SHORTEST else ""
    return TWO if slips == 2 and min(len(word), len(name)) >= _TWO_SLIPS_FROM else ""  # noqa: PLR2004


def _one(word: str, name: str) -> str:
    at = next((place for place, (one, other) in enumerate(zip(word, name, strict=False)) if one != other), None)
    if at is None:  # one begins with the other
        longer, shorter = sorted((word, name), key=len, reverse=True)
        if longer[-1] == shorter[-1]:
            return DOUBLED
        return MISSING if len(word) < len(name) and not longer.endswith(("s", "n", "e", "r", "i", "o", "a")) else ""
    if len(word) == len(name):
        return _replaced(word, name, at)
    longer = max(word, name, key=len)
    if longer[at] in {longer[at - 1], longer[at + 1 : at + 2]}:
        return DOUBLED
    return MISSING if len(word) < len(name) else EXTRA


def _replaced(word: str, name: str, at: int) -> str:
    if word[at + 1 :] != name[at + 1 :]:
        return SWAPPED
    if at == len(word) - 1 or frozenset((word[at], name[at])) in _TWINS or {word[at], name[at]} <= _VOWELS:
        return ""
    return OTHER
