"""The rows that an import made and nobody else needs: removed when it is undone. What somebody refers to stays.

Crews and keys follow the row they belong to. A car of a released version stays for ever, and with it its team and
drivers: history would lose its names.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from typing import Any

from django.apps import apps
from django.db import models
from django.utils.translation import gettext as _

from results.models import (
    Broadcast,
    CarModel,
    Circuit,
    CrewMember,
    Cup,
    Driver,
    DriverAlias,
    DriverGrade,
    DriverKey,
    Entry,
    Event,
    LapDeletion,
    Layout,
    Manufacturer,
    RaceControlMessage,
    RacingClass,
    ScheduleChange,
    Season,
    Series,
    Session,
    SessionCrewMember,
    SessionEntry,
    Team,
    TeamAlias,
    WeatherReading,
)
from results.signals import deletion_asked

# What refers goes before what it refers to. A name beside the model is the parent whose fate it shares.
ORDER: tuple[tuple[type[models.Model], str], ...] = (
    (LapDeletion, ""), (RaceControlMessage, ""), (WeatherReading, ""), (SessionEntry, ""),
    (SessionCrewMember, "session_entry"), (Entry, ""), (CrewMember, "entry"), (Entry.cups.through, "entry"),
    (Driver, ""), (DriverKey, "driver"), (DriverGrade, "driver"), (DriverAlias, "driver"), (Cup, ""), (RacingClass, ""), (Team, ""), (TeamAlias, "team"),
    (CarModel, ""), (Manufacturer, ""), (Session, ""), (Event, ""), (Broadcast, "event"), (Layout, ""), (Circuit, ""),
    (Season, ""), (Series, ""),
)  # fmt: skip
FOLLOWERS = frozenset(model for model, parent in ORDER if parent)
NAMED_BY_STORIES = frozenset({Session, Event, Season, Series, Driver, Team})
MOST_NAMED = 8


def remove_residue(
    made: dict[str, list[int]], *, confirmed: frozenset[int] = frozenset()
) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Deletes what it can; returns in words what went and what stays.

    `confirmed` are entries that a later import has named again: who sits in them stays.
    """
    mine = {apps.get_model(label): set(keys) for label, keys in made.items()}
    mine[CrewMember] = _unconfirmed(mine.get(CrewMember, set()), confirmed)
    going: dict[type[models.Model], set[int]] = defaultdict(set)
    for model, parent in ORDER:
        keys = mine.get(model, set())
        going[model] = (
            _followers(model, parent, keys, mine, going) if parent else keys - _needed(model, keys, mine, going)
        )
    stays = tuple(
        _stay(model, mine[model] - going[model]) for model, parent in ORDER if _worth(model, mine, going, parent)
    )
    removed = tuple(_delete(model, going[model]) for model in _deletion_order() if going[model])
    return tuple(words for words in removed if words), stays


def _deletion_order() -> Iterable[type[models.Model]]:
    """Followers before those they follow."""
    yield from FOLLOWERS
    yield from (model for model, parent in ORDER if not parent)


def _unconfirmed(seats: set[int], confirmed: frozenset[int]) -> set[int]:
    stays = CrewMember.objects.filter(pk__in=seats, entry__in=confirmed).values_list("pk", flat=True)
    return seats - set(stays)


def _followers(
    model: type[models.Model], parent: str, keys: set[int], mine: dict[Any, set[int]], going: dict[Any, set[int]]
) -> set[int]:
    """Those whose parent goes, and those the import gave to a parent that was there before."""
    parent_model = model._meta.get_field(parent).related_model
    rows = model._default_manager.filter(pk__in=keys).values_list("pk", f"{parent}_id")
    return {key for key, above in rows if above in going[parent_model] or above not in mine.get(parent_model, set())}


def _needed(
    model: type[models.Model], keys: set[int], mine: dict[Any, set[int]], going: dict[Any, set[int]]
) -> set[int]:
    """Those that a row refers to which does not go with them, or a story names."""
    needed: set[int] = set()
    for relation in model._meta.get_fields(include_hidden=True):
        if not (keys and isinstance(relation, models.ManyToOneRel)):
            continue
        other, column = relation.related_model, relation.field.attname
        rows: models.QuerySet[Any] = models.QuerySet(other).filter(
            **{f"{column}__in": keys}
        )  # stories in the bin count, too
        if other is ScheduleChange:
            rows = rows.filter(import_run__isnull=True)  # what the desk said of a date; what files said goes with them
        if other in FOLLOWERS and _follows(other, relation.field.name):
            rows = rows.exclude(pk__in=mine.get(other, set()))
        elif other is model:
            rows = rows.exclude(pk__in=keys)
        elif going[other]:
            rows = rows.exclude(pk__in=going[other])
        needed |= set(rows.values_list(column, flat=True))
    if model in NAMED_BY_STORIES:
        needed |= {one.pk for one in model._default_manager.filter(pk__in=keys - needed) if _is_named(model, one)}
    return needed


def _follows(model: type[models.Model], name: str) -> bool:
    return (model, name) in ORDER or (model is Broadcast and name in {"event", "session"})


def _is_named(model: type[models.Model], thing: models.Model) -> bool:
    answers = deletion_asked.send(sender=model, things=[thing])
    return any(names for _receiver, names in answers)


def _worth(model: Any, mine: dict[Any, set[int]], going: dict[Any, set[int]], parent: str) -> bool:
    return not parent and model is not SessionEntry and bool(mine.get(model, set()) - going[model])


def _stay(model: type[models.Model], keys: set[int]) -> str:
    """`Fahrer: Ada Eins, Bea Zwei und 3 weitere`."""
    rows = [str(row) for row in model._default_manager.filter(pk__in=keys).order_by("pk")[:MOST_NAMED]]
    more = len(keys) - len(rows)
    listed = ", ".join(rows) + (_(" and %(number)s more") % {"number": more} if more > 0 else "")
    return f"{_label(model, len(keys))}: {listed}"


def _delete(model: type[models.Model], keys: set[int]) -> str:
    rows = model._default_manager.filter(pk__in=keys)
    number = rows.count()
    rows.delete()
    return (
        f"{number} {_label(model, number)}" if number and model not in FOLLOWERS and model is not SessionEntry else ""
    )


def _label(model: type[models.Model], number: int) -> str:
    meta = model._meta
    return str(meta.verbose_name if number == 1 else meta.verbose_name_plural)
