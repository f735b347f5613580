"""Which grid a race started from, where the sheet shows it beyond doubt: the one printed for its day, or its own qualifying."""

from __future__ import annotations

import re
from functools import lru_cache

from articles.factcheck.sheet import FactSheet, Session


@lru_cache(maxsize=64)
def grids_of(sheet: FactSheet) -> dict[Session, Session]:
    """Race -> grid. A printed grid is that of the only race of its day; `Qualifying 1` is that of `Rennen 1`."""
    checkpoints = set(sheet.checkpoints.values())
    races = [one for one in sheet.sessions if one.kind in ("race", "sprint") and one not in checkpoints]
    printed = [one for one in sheet.run if one.kind == "grid"]
    if printed:
        return _by_day(races, printed)
    qualifyings = [one for one in sheet.sessions if one.kind == "qualifying"]
    if len(races) != len(qualifyings) or len(races) < 2:  # noqa: PLR2004 - of one race nobody asks
        return {}
    found = _by_number(races, qualifyings) or _by_day(races, qualifyings)
    return found if len(found) == len(races) else {}


def _by_day(races: list[Session], grids: list[Session]) -> dict[Session, Session]:
    found = {}
    for grid in grids:
        own = [race for race in races if race.day is not None and race.day == grid.day]
        if len(own) == 1 and sum(other.day == grid.day for other in grids) == 1:
            found[own[0]] = grid
    return found


def _by_number(races: list[Session], grids: list[Session]) -> dict[Session, Session]:
    numbered = {_number(grid): grid for grid in grids}
    if None in numbered or len(numbered) != len(grids):
        return {}
    return {race: numbered[_number(race)] for race in races if _number(race) in numbered}


def _number(session: Session) -> str | None:
    digits = re.findall(r"\d+", session.name)
    return digits[0] if len(digits) == 1 else None
