"""Who stands in the tables that readers see: names, addresses and pages, read for many tables at once."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from django.db.models import Exists, OuterRef, QuerySet, Value
from django.db.models.functions import Coalesce, NullIf
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from results.models import (
    CarKey,
    CarModel,
    Championship,
    Competitor,
    Driver,
    DriverKey,
    Entry,
    PointsAward,
    Team,
)
from results.points.award import numbered
from results.standings.reading import MODELS, Thing, key_from, name_from
from results.standings.rulebook import pack_named
from results.tables import link_to


@dataclass(frozen=True, slots=True)
class Seen:
    """A competitor as readers know him. `key` is the end of his ledger's address, `things` whom a page is about."""

    pk: int
    name: str
    key: str
    things: tuple[Thing, ...]
    is_crew: bool

    @property
    def linked(self) -> SafeString:
        """The name, each driver, team or maker linked; on a phone first names go."""
        if not self.things:
            return format_html("{}", self.name)
        return format_html_join(
            " / " if self.is_crew else ", ", "{}", ((_linked(one, self.is_crew),) for one in self.things)
        )


def _linked(thing: Thing, is_crew: bool) -> SafeString:  # noqa: FBT001
    if isinstance(thing, Driver):
        given = format_html('<span class="given">{} </span>', thing.first_name) if thing.first_name else ""
        return link_to(
            "driver", thing.slug, thing.last_name if is_crew else format_html("{}{}", given, thing.last_name)
        )
    if isinstance(thing, CarModel):
        maker = thing.manufacturer
        return link_to("manufacturer", maker.slug if maker else None, thing.name)
    return link_to("team" if isinstance(thing, Team) else "manufacturer", thing.slug, thing.name)


class Competitors:
    """The competitors of tables by key of the row. Whom readers may not know, because nothing public names him, is missing.

    Who was given points in a session stands in a public result, for a table that readers see rests on nothing else. Of the
    others is asked whether anything public names them. At most two queries for each kind of thing and one of key,
    whatever the number of tables, and one where an entrant stands in a row.
    """

    def __init__(self, rows: Iterable[tuple[Championship, Competitor]]) -> None:
        rows = _with_namesakes(list(rows))
        self._things = _things_of(rows)
        self._keys = _keys_of(rows)
        self._scored = _scored([row.pk for _championship, row in rows])
        others = [(championship, row) for championship, row in rows if row.pk not in self._scored]
        self._public = {model: _public_ones(model, keys) for model, keys in _wanted(others).items()}
        self._entrants = _entrants_of(others)
        by_computation: dict[int, list[Seen]] = defaultdict(list)
        for championship, row in rows:
            if (one := self._seen(championship, row)) is not None:
                by_computation[row.computation_id].append(one)
        self._seen_by_row = {one.pk: one for found in by_computation.values() for one in _told_apart(found)}

    def get(self, row: int) -> Seen | None:
        return self._seen_by_row.get(row)

    def keyed(self, key: str) -> Seen | None:
        """Whose address ends so."""
        return next((one for one in self._seen_by_row.values() if one.key == key), None)

    def _seen(self, championship: Championship, row: Competitor) -> Seen | None:
        model = MODELS.get(championship.subject)
        known: Mapping[int, Thing] = self._things.get(model, {}) if model else {}
        things = tuple(known[one] for one in row.things if one in known)
        if len(things) < len(row.things) or not (row.pk in self._scored or self._is_named(championship, row, model)):
            return None
        return Seen(
            row.pk,
            name_from(championship.subject, things, row.entrant),
            key_from(things, row.entrant, self._keys.get(championship.pack, {})),
            things,
            championship.subject == Championship.Subject.CREW,
        )

    def _is_named(self, championship: Championship, row: Competitor, model: type[Thing] | None) -> bool:
        """Whether anything that readers may see names somebody without points of a session."""
        if row.entrant:
            return row.entrant in self._entrants[championship.season_id]
        return model is not None and set(row.things) <= self._public[model]


def _with_namesakes(rows: list[tuple[Championship, Competitor]]) -> list[tuple[Championship, Competitor]]:
    """The rows with everybody else of the computations in which they name an entrant.

    Names of entrants fold to one address, and what tells them apart must not depend on who else is asked for.
    """
    championships = {row.computation_id: championship for championship, row in rows if row.entrant}
    if not championships:
        return rows
    known = {row.pk for _championship, row in rows}
    others = Competitor.objects.filter(computation__in=championships).exclude(pk__in=known)
    return [*rows, *((championships[row.computation_id], row) for row in others)]


def _told_apart(found: Iterable[Seen]) -> Iterable[Seen]:
    """Every key once: two entrants whose names fold to the same get numbers, in the order of their names.

    Drivers, teams, makers and cars keep theirs, and no number makes the key of somebody else.
    """
    found = sorted(found, key=lambda one: (not one.things, one.name, one.pk))
    own = {one.key for one in found}
    taken: set[str] = set()
    for one in found:
        key, number = one.key or "x", 1
        shown = key
        while shown in taken or (number > 1 and shown in own):
            number += 1
            shown = f"{key}-{number}"
        taken.add(shown)
        yield one if shown == one.key else replace(one, key=shown)


def _wanted(rows: Iterable[tuple[Championship, Competitor]]) -> dict[type[Thing], set[int]]:
    wanted: dict[type[Thing], set[int]] = defaultdict(set)
    for championship, row in rows:
        if model := MODELS.get(championship.subject):
            wanted[model] |= set(row.things)
    return wanted


def _things_of(rows: Iterable[tuple[Championship, Competitor]]) -> dict[type[Thing], dict[int, Thing]]:
    found: dict[type[Thing], dict[int, Thing]] = {}
    for model, keys in _wanted(rows).items():
        things: QuerySet[Thing] = model._default_manager.filter(pk__in=keys)
        makers = things.select_related("manufacturer") if model is CarModel else things
        found[model] = {one.pk: one for one in makers}
    return found


def _scored(rows: list[int]) -> set[int]:
    """Those of the rows that were given points in a session."""
    given = PointsAward.objects.filter(competitor=OuterRef("pk"), session__isnull=False)
    return set(Competitor.objects.filter(Exists(given), pk__in=rows).values_list("pk", flat=True)) if rows else set()


def _public_ones(model: type[Thing], keys: set[int]) -> set[int]:
    if not keys:
        return set()
    if model is CarModel:
        public: QuerySet[Any] = CarModel.objects.filter(Exists(Entry.objects.public().filter(car_model=OuterRef("pk"))))
    else:
        public = model.objects.public()  # type: ignore[union-attr]
    return set(public.filter(pk__in=keys).values_list("pk", flat=True))


def _entrants_of(rows: Iterable[tuple[Championship, Competitor]]) -> dict[int, set[str]]:
    """By season the names of entrants on cars that readers may see; asked for only where a row names one."""
    found: dict[int, set[str]] = defaultdict(set)
    seasons = {championship.season_id for championship, row in rows if row.entrant}
    if seasons:
        named = Coalesce(NullIf("entrant", Value("")), "team__name")
        public = Entry.objects.public().filter(event__season__in=seasons)
        for season, name, number in public.values_list("event__season", named, "number").distinct():
            found[season] |= {name, numbered(name, number)} if name else set()
    return found


def _keys_of(rows: Iterable[tuple[Championship, Competitor]]) -> dict[str, dict[tuple[type[Thing], int], str]]:
    """By rule file what its source calls drivers and cars."""
    wanted: dict[tuple[str, type[Thing]], set[int]] = defaultdict(set)
    for championship, row in rows:
        model = MODELS.get(championship.subject)
        if model is Driver or model is CarModel:
            wanted[championship.pack, model] |= set(row.things)
    found: dict[str, dict[tuple[type[Thing], int], str]] = defaultdict(dict)
    for (name, model), things in wanted.items():
        pack = pack_named(name)
        if pack is None or not pack.keys or not things:
            continue
        drivers = DriverKey.objects.filter(source=pack.keys, driver__in=things).values_list("driver", "key")
        cars = CarKey.objects.filter(source=pack.keys, car_model__in=things).values_list("car_model", "key")
        found[name] |= {(model, pk): key for pk, key in (drivers if model is Driver else cars)}
    return found
