"""Full names of drivers to first and last name: `Will STEVENS`, `Renger van der Zande`, `PJ HYETT`. Pure.

Where a source prints last names in capitals, they show where the last name begins, and are written as names again;
particles become small, which is how most of their bearers write them. Without capitals the last name begins at a
particle, else behind the first name, or behind the second where that is a given name too (`Jose Maria Lopez`).
Matching looks at the whole name, so a wrong split only looks odd; the desk can change it.
"""

from __future__ import annotations

import re

PARTICLES = frozenset({
    "da", "de", "del", "della", "den", "der", "di", "dos", "du", "la", "le", "ten", "ter", "van", "vom", "von", "zu",
})  # fmt: skip
SECOND_GIVEN_NAMES = frozenset({
    "andrea", "antonio", "carlos", "cruz", "eric", "felipe", "felix", "félix", "ignacio", "josé", "jose", "luca", "luis",
    "manuel", "maria", "maría", "pablo", "paul", "philippe", "pierre",
})  # fmt: skip
_PARTS = re.compile(r"[-'’. ]")
_LETTERS = re.compile(r"[^\W\d_]+")
_SCOTTISH = re.compile(r"M[Cc]([A-ZÀ-Þ]{2,})")
SHORTEST_CAPITALS = 2  # a single capital is an initial


def split_name(full: str) -> tuple[str, str]:
    """First and last name; the first is empty where there is one name only."""
    words = full.split()
    if len(words) <= 1:
        return "", spoken(full.strip())
    start = _capitals_from(words) or _last_name_from(words)
    return " ".join(words[:start]), " ".join(spoken(word) for word in words[start:])


def spoken(name: str) -> str:
    """A last name that is printed in capitals as it is written: `VAN DER LINDE`, `MCALEER`; others stay as they are."""
    words = name.split()
    return " ".join(_spoken_word(word) for word in words)


def _spoken_word(word: str) -> str:
    if not _is_capitals(word):
        return word
    if word.casefold() in PARTICLES:
        return word.lower()
    scottish = _SCOTTISH.fullmatch(word)
    if scottish:
        return f"Mc{scottish[1].capitalize()}"
    return _LETTERS.sub(lambda letters: letters[0].capitalize(), word)


def _is_capitals(word: str) -> bool:
    letters = _PARTS.sub("", word)
    return len(letters) >= SHORTEST_CAPITALS and letters.isupper()


def _capitals_from(words: list[str]) -> int:
    """Where the capitals at the end begin, never at the first word; 0 without any."""
    start = len(words)
    while start > 1 and _is_capitals(words[start - 1]):
        start -= 1
    return start if start < len(words) else 0


def _last_name_from(words: list[str]) -> int:
    particle = next((place for place, word in enumerate(words[1:], start=1) if word.casefold() in PARTICLES), None)
    if particle is not None and particle < len(words) - 1:
        return particle
    return 2 if len(words) > 2 and words[1].casefold() in SECOND_GIVEN_NAMES else 1  # noqa: PLR2004 - a third word
