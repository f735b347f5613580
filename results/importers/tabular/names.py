"""Names of drivers in one cell: where one ends and the next begins, and which part of each is the last name. Pure."""

from __future__ import annotations

import re

from results.importers.crew_names import spoken

# Signs that part drivers if what they part looks like names: `A/C calc'!A0` stays one odd text.
_BETWEEN = (re.compile(r"\s*[|\n;]\s*"), re.compile(r"\s*/\s*"))
_AND = re.compile(r"\s*,\s*(?:und|and|&)\s+|\s+(?:und|and|&)\s+")
_SEVERAL = re.compile(r"[|\n;/,&]| (?:und|and) ")
_COMMA = re.compile(r"\s*,\s*")
_NAME = re.compile(r"['’„\"]?[^\W\d_][\w .,'’`´\"“\-–&()?]*")
_PARTICLES = frozenset(
    [
        "van",
        "von",
        "de",
        "der",
        "den",
        "del",
        "della",
        "di",
        "da",
        "dos",
        "das",
        "du",
        "la",
        "le",
        "vom",
        "zu",
        "zum",
        "ter",
        "ten",
        "af",
        "el",
        "al",
        "bin",
        "ibn",
        "st",
        "st.",
    ]
)


def split_crew(cell: str) -> list[str]:
    """The full names in a cell: `A/B`, `A|B`, `A, B und C`, a line each; `Last, First` is one."""
    cell = cell.strip()
    if not _SEVERAL.search(cell):
        return [cell] if cell else []
    for sign in _BETWEEN:
        parts = [part for part in sign.split(cell) if part]
        if len(parts) > 1 and all(_NAME.fullmatch(part) for part in parts):
            return [name for part in parts for name in split_crew(part)]
    parts = [part for part in _AND.split(cell) if part]
    if len(parts) > 1:
        return [name for part in parts for name in _COMMA.split(part) if name]
    parts = [part for part in _COMMA.split(cell) if part]
    if len(parts) > 2 or (len(parts) == 2 and all(_is_full(part) for part in parts)):  # noqa: PLR2004 - two drivers
        return parts
    return [cell] if cell else []


def _is_full(name: str) -> bool:
    """First and last name; `van der Zande` is but a last name."""
    words = name.split()
    return len(words) > 1 and words[0].casefold() not in _PARTICLES


def split_name(full: str) -> tuple[str, str]:
    """First and last name: at a comma, at capitals (`Renger VAN DER ZANDE`), before a particle, else the last word."""
    full = " ".join(full.split())
    last, comma, first = full.partition(", ")
    if comma:
        return first, spoken(last) if not _is_capital(first) else last
    words = full.split(" ")
    capitals = [place for place, word in enumerate(words) if place and _is_capital(word)]
    if capitals and not _is_capital(words[0]) and capitals == list(range(capitals[0], len(words))):
        return " ".join(words[: capitals[0]]), spoken(" ".join(words[capitals[0] :]))
    start = len(words) - 1
    while start > 1 and words[start - 1].casefold() in _PARTICLES:
        start -= 1
    return " ".join(words[:start]), " ".join(words[start:])


def _is_capital(word: str) -> bool:
    letters = [sign for sign in word if sign.isalpha()]
    return len(letters) > 1 and all(sign.isupper() for sign in letters)
