"""Drivers out of the columns and cells of a plain table: one or several a cell, in either order of their names."""

from __future__ import annotations

import re
from itertools import zip_longest

from results.importers.records import DriverRecord
from results.importers.tabular.lines import Line

LONGEST_NAME = 80
MOST_DRIVERS = 8
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


def drivers(line: Line) -> tuple[DriverRecord, ...]:
    """The crew by seats, from full names or from first and last names in columns of their own."""
    names = _names(line)
    if not names:
        return ()
    if len(names) > MOST_DRIVERS:
        line.reject("driver", f"{len(names)} Fahrer in einem Auto, erlaubt sind {MOST_DRIVERS}.")
        return ()
    nations, towns = _beside(line, "nationality", len(names)), _beside(line, "town", len(names))
    return tuple(
        DriverRecord(
            first_name=line.fit("driver", first, LONGEST_NAME),
            last_name=line.fit("driver", last, LONGEST_NAME),
            nationality=line.fit("nationality", nation, 40),
            town=line.fit("town", town, LONGEST_NAME),
            seat=seat,
        )
        for seat, ((first, last), nation, town) in enumerate(zip(names, nations, towns, strict=True), start=1)
    )


def _names(line: Line) -> list[tuple[str, str]]:
    pairs = [
        (first if last else "", last or first)
        for first, last in zip_longest(line.raws("first_name"), line.raws("last_name"), fillvalue="")
        if first or last
    ]
    named = [cell for cell in line.raws("driver") if any(sign.isalpha() for sign in cell)]  # `-` and `. / ..` are nobody
    full = [name for cell in named for name in split_crew(cell)]
    return pairs or [split_name(name) for name in full]


def _beside(line: Line, key: str, count: int) -> list[str]:
    """One value a driver: from a column each, or from one cell divided as the names are. Else nobody's."""
    values = line.raws(key)
    if len(values) == 1 and count > 1:
        values = [part for part in re.split(r"\s*[|/\n;,]\s*", values[0]) if part]
    return values[:count] if len(values) >= count else [""] * count


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
        return first, _cased(last) if not _is_capital(first) else last
    words = full.split(" ")
    capitals = [place for place, word in enumerate(words) if place and _is_capital(word)]
    if capitals and not _is_capital(words[0]) and capitals == list(range(capitals[0], len(words))):
        return " ".join(words[: capitals[0]]), _cased(" ".join(words[capitals[0] :]))
    start = len(words) - 1
    while start > 1 and words[start - 1].casefold() in _PARTICLES:
        start -= 1
    return " ".join(words[:start]), " ".join(words[start:])


def _is_capital(word: str) -> bool:
    letters = [sign for sign in word if sign.isalpha()]
    return len(letters) > 1 and all(sign.isupper() for sign in letters)


def _cased(name: str) -> str:
    """`VAN DER ZANDE` as a newspaper writes it; what is not all capitals stays."""
    words = name.split(" ")
    return " ".join(_lowered(word) for word in words) if all(_is_capital(word) for word in words) else name


def _lowered(word: str) -> str:
    return word.lower() if word.casefold() in _PARTICLES else "-".join(part.capitalize() for part in word.split("-"))
