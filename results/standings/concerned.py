"""Which seasons' championships a changed fact concerns."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from typing import Any

from django.db.models import Exists, Model, OuterRef, Q

from results.models import (
    CarKey,
    CarModel,
    Championship,
    ChampionshipDecision,
    CrewMember,
    Cup,
    DriverGrade,
    DriverKey,
    Entry,
    Event,
    LapSet,
    RacingClass,
    ScoringEvent,
    Season,
    Series,
    SeriesAlias,
    Session,
    SessionCrewMember,
    Team,
)
from results.standings.rulebook import pack_of

# Where in a row its season is found.
SEASON_OF: Mapping[type[Model], str] = {
    Championship: "season",
    ChampionshipDecision: "championship__season",
    ScoringEvent: "championship__season",
    Event: "season",
    Session: "event__season",
    Entry: "event__season",
    CrewMember: "entry__event__season",
    SessionCrewMember: "session_entry__session__event__season",
    DriverGrade: "season",
    LapSet: "session__event__season",  # who drove how long counts once readers may see it
}


def season_of(thing: Any) -> int:
    """The season to which a row belongs, as its own columns say; the row itself may be gone."""
    place = thing
    for step in SEASON_OF[type(thing)].split("__")[:-1]:
        place = getattr(place, step)
    found: int = place.season_id
    return found


def seasons_with(things: Iterable[Model]) -> set[int]:
    """The seasons of stored rows, one query a model; of models that belong to a season."""
    by_model: dict[type[Model], list[Any]] = defaultdict(list)
    for thing in things:
        if type(thing) in SEASON_OF:
            by_model[type(thing)].append(thing.pk)
    found: set[int] = set()
    for model, keys in by_model.items():
        path = SEASON_OF[model]
        found |= set(model._default_manager.filter(pk__in=keys).order_by().values_list(path, flat=True).distinct())
    return found


def _without_its_pack(series: Series) -> Q:
    """Seasons that have results and do not go by the rule file that fits the name of the series now."""
    pack = pack_of(series)
    if pack is None:
        return Q(pk__in=())
    ours = Championship.objects.filter(season=OuterRef("pk")).filter(Q(pack=pack.series) | Q(is_by_hand=True))
    return Q(~Exists(ours), series=series.pk, events__sessions__classifications__is_current=True)


# Facts that several seasons share, and which of the seasons with championships stand on them.
SHARED: Mapping[type[Model], Callable[[Any], Q]] = {
    Season: lambda one: Q(pk=one.pk),  # its label says by which year's rules it goes
    Series: _without_its_pack,
    SeriesAlias: lambda one: _without_its_pack(one.series),
    Team: lambda one: Q(championships__subject="entrant", events__entries__team=one.pk),  # counts by its name
    CarModel: lambda one: Q(championships__subject="manufacturer", events__entries__car_model=one.pk),
    RacingClass: lambda one: Q(events__entries__racing_class=one.pk),
    Cup: lambda one: Q(events__entries__cups=one.pk),
    DriverKey: lambda one: Q(events__entries__crew__driver=one.driver_id),
    CarKey: lambda one: Q(events__entries__car_model=one.car_model_id),
}


def seasons_sharing(thing: Any) -> list[int]:
    """The seasons whose championships stand on a fact that no season owns; ascending."""
    found = Season.objects.filter(SHARED[type(thing)](thing))
    if not isinstance(thing, Series | SeriesAlias):
        found = found.filter(Exists(Championship.objects.filter(season=OuterRef("pk"))))
    return sorted(set(found.values_list("pk", flat=True)))
