"""Whom rules name: competitors by the key of a source, or by what they are called in the season, in keys of ours."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any

from results.models import (
    CarKey,
    Championship,
    CrewMember,
    DriverAlias,
    DriverKey,
    Entry,
    SessionCrewMember,
    TeamAlias,
)
from results.names import fold
from results.points import packs, rules
from results.points.award import numbered
from results.points.facts import Key

KINDS = ("driver", "team", "manufacturer", "constructor", "entrant")


def in_keys(championship: Championship, read: rules.Championship, pack: packs.Pack | None) -> rules.Championship:
    """The rules with every competitor as (kind, primary key), an entrant by his name.

    Raises PackRefused for a name that nobody of the season has, or several. Whom only the file of the rules names may be
    missing: he keeps the name the file gives him until his results come in.
    """
    names = {one.competitor for one in read.exclusions} | {one.competitor for one in read.adjustments}
    names |= {key for _round, key in read.ineligible} | {key for _round, keys in read.fastest for key in keys}
    if not names:
        return read
    named = _Named(championship, pack, [str(one) for one in names])
    own = () if championship.subject == Championship.Subject.CREW else (championship.subject,)
    return replace(
        read,
        exclusions=tuple(replace(one, competitor=named.key(one.competitor, own)) for one in read.exclusions),
        adjustments=tuple(replace(one, competitor=named.key(one.competitor, own)) for one in read.adjustments),
        ineligible=frozenset((number, named.key(key, (*own, *KINDS))) for number, key in read.ineligible),
        fastest=tuple((number, tuple(named.key(key, ("driver",)) for key in keys)) for number, keys in read.fastest),
    )


class _Named:
    """The competitors of a season by what rules may call them; asks the database only for the kinds that are needed."""

    def __init__(self, championship: Championship, pack: packs.Pack | None, names: Sequence[str]) -> None:
        self._championship = championship
        self._by_kind: dict[str, Mapping[str, set[Key]]] = {}
        self._by_source: dict[str, Key] = {}
        self._in_file: frozenset[str] = frozenset()
        if pack is not None and pack.keys:
            drivers = DriverKey.objects.filter(source=pack.keys, key__in=names).values_list("key", "driver")
            cars = CarKey.objects.filter(source=pack.keys, key__in=names).values_list("key", "car_model")
            self._by_source |= {key: ("driver", pk) for key, pk in drivers}
            self._by_source |= {key: ("constructor", pk) for key, pk in cars}
            self._in_file = _named_in(pack)

    def key(self, name: Key, kinds: Sequence[str]) -> Key:
        """Who is meant, of the first of these kinds in which anybody has the name. Raises PackRefused."""
        said = str(name)
        if said in self._by_source:
            return self._by_source[said]
        for kind in kinds:
            found = self._of(kind).get(said) or self._of(kind).get(fold(said)) or set()
            if len(found) > 1:
                raise self._refusal(f"Den Namen „{said}“ haben in dieser Saison mehrere.")
            if found:
                return next(iter(found))
        if said in self._in_file:
            return name
        if not kinds:
            raise self._refusal(
                f"„{said}“: Besatzungen nennen die Regeln nicht, was eine betrifft, wird als Entscheidung eingetragen."
            )
        raise self._refusal(f"„{said}“ ist in dieser Saison nicht genannt.")

    def _refusal(self, reason: str) -> packs.PackRefused:
        return packs.PackRefused(f"{self._championship.name}: {reason}")

    def _of(self, kind: str) -> Mapping[str, set[Key]]:
        if kind not in self._by_kind:
            self._by_kind[kind] = _folded(kind, self._called(kind))
        return self._by_kind[kind]

    def _called(self, kind: str) -> Iterable[tuple[Any, str]]:
        """Everybody of that kind in the season with each of his names."""
        entries = Entry.objects.filter(event__season=self._championship.season_id)
        if kind == "driver":
            drivers = set(CrewMember.objects.filter(entry__in=entries).values_list("driver", "driver__folded"))
            in_sessions = SessionCrewMember.objects.filter(session_entry__entry__in=entries)
            drivers |= set(in_sessions.values_list("driver", "driver__folded"))
            keys = [pk for pk, _name in drivers]
            return [*drivers, *DriverAlias.objects.filter(driver__in=keys).values_list("driver", "name")]
        if kind == "team":
            teams = set(entries.filter(team__isnull=False).values_list("team", "team__name"))
            keys = [pk for pk, _name in teams]
            return [*teams, *TeamAlias.objects.filter(team__in=keys).values_list("team", "name")]
        if kind == "entrant":
            cars = entries.values_list("entrant", "team__name", "number").distinct()
            called = [(entrant or team, number) for entrant, team, number in cars if entrant or team]
            names = {name for name, _number in called} | {numbered(name, number) for name, number in called}
            return [(name, name) for name in names]
        column = {"manufacturer": "car_model__manufacturer", "constructor": "car_model"}[kind]
        found = entries.filter(**{f"{column}__isnull": False}).values_list(column, f"{column}__name")
        return set(found)


def _folded(kind: str, called: Iterable[tuple[Any, str]]) -> Mapping[str, set[Key]]:
    """By name as it is and by its folded form: of two entrants that differ in case each is meant by his own spelling."""
    by_name: dict[str, set[Key]] = defaultdict(set)
    for thing, name in called:
        for one in {name, fold(name)}:
            by_name[one].add((kind, thing))
    return by_name


def _named_in(pack: packs.Pack) -> frozenset[str]:
    """Everybody whom the file of the rules names."""
    found: set[str] = set()
    for entry in pack.entries:
        found |= {one["competitor"] for word in ("exclusions", "adjustments") for one in entry.get(word, ())}
        found |= {
            name for word in ("ineligible", "fastest") for names in entry.get(word, {}).values() for name in names
        }
    return frozenset(found)
