"""Seasons of the archive that have championships of whose rules of points nobody has found proof."""

from __future__ import annotations

from dataclasses import dataclass

from results.models import Championship, Season
from results.standings.rulebook import pack_of, year_of


@dataclass(frozen=True, slots=True)
class Unproven:
    """A season and the names of its championships that the rule file leaves out and the desk has not entered."""

    season: Season
    names: tuple[str, ...]


def unproven_seasons() -> list[Unproven]:
    """All of them, the latest first."""
    entered = set(Championship.objects.values_list("season", "key"))
    packs, found = {}, []
    for season in Season.objects.select_related("series").order_by("-label", "series__name"):
        if season.series_id not in packs:
            packs[season.series_id] = pack_of(season.series)
        pack, year = packs[season.series_id], year_of(season)
        if pack is None or year is None:
            continue
        left_out = pack.unproven_in(year)
        names = tuple(str(pack.championships[key]["name"]) for key in left_out if (season.pk, key) not in entered)
        if names:
            found.append(Unproven(season, names))
    return found
