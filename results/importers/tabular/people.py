"""Drivers out of the columns and cells of a plain table: one or several a cell, in either order of their names."""

from __future__ import annotations

import re
from itertools import zip_longest

from results.importers.crew_names import spoken
from results.importers.records import DriverRecord
from results.importers.tabular.lines import Line
from results.importers.tabular.names import split_crew, split_name

LONGEST_NAME = 80
MOST_DRIVERS = 8
_NOBODY = re.compile(r"[\s./|,;…–—-]*")  # `-`, `. / ..`


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
    named = [cell for cell in line.raws("driver") if not _NOBODY.fullmatch(cell)]
    full = [name for cell in named for name in split_crew(cell)]
    if line.reading.crew_by_last_names:
        return pairs or [("", spoken(name)) for name in full]
    return pairs or [split_name(name) for name in full]


def _beside(line: Line, key: str, count: int) -> list[str]:
    """One value a driver: from a column each, or from one cell divided as the names are. Else nobody's."""
    values = line.raws(key)
    if len(values) == 1 and count > 1:
        values = [part for part in re.split(r"\s*[|/\n;,]\s*", values[0]) if part]
    return values[:count] if len(values) >= count else [""] * count
