"""Seasons of the archive that have championships of whose rules of points nobody has found proof."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from results.models import Championship, Season
from results.names import fold
from results.standings.rulebook import pack_of, year_of


@dataclass(frozen=True, slots=True)
class Unproven:
    """A season and the names of its championships that the rule file leaves out and the desk has not entered."""

    season: Season
    names: tuple[str, ...]


def unproven_seasons() -> list[Unproven]:
    """All of them, the latest first."""
    entered: dict[int, set[tuple[str, str]]] = defaultdict(set)
    for pk, key, name in Championship.objects.values_list("season", "key", "name"):
        entered[pk].add((key, fold(name)))
    packs, found = {}, []
    for season in Season.objects.select_related("series").order_by("-label", "series__name"):
        if season.series_id not in packs:
            packs[season.series_id] = pack_of(season.series)
        pack, year = packs[season.series_id], year_of(season)
        if pack is None or year is None:
            continue
        left_out = pack.unproven_in(year)
        names = tuple(
            str(pack.championships[key]["name"])
            for key in left_out
            if not _is_entered(key, pack.championships[key], entered[season.pk])
        )
        if names:
            found.append(Unproven(season, names))
    return found


def _is_entered(key: str, said: Mapping[str, Any], entered: Iterable[tuple[str, str]]) -> bool:
    """Whether the desk has it, by key or name; one with a table for each class is there with the first of them."""
    name, per_class = fold(str(said["name"])), bool(said.get("per_class"))
    return any(
        key == its_key or name == its_name
        or (per_class and (its_key.startswith(f"{key}-") or its_name.startswith(f"{name} ")))
        for its_key, its_name in entered
    )  # fmt: skip
