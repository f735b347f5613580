"""Stored drivers and teams that may be one: proposals for a person, never a merge."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from itertools import combinations
from typing import Any

from rapidfuzz import fuzz

from results.likeness import Likeness, compare_people, person_name, stored_keys
from results.models import CrewMember, DistinctPair, Driver, Team
from results.names import fold
from results.team_likeness import compare_teams, sought_team_keys, team_name

LEAST_SCORE = 80
MOST_PAIRS = 200
_CROWD = 150  # names under one key beyond which the key tells nothing
_ROUGHLY = 70  # likeness of the letters, below which names that share but one end are not compared


@dataclass(frozen=True, slots=True)
class Duplicate:
    """Two stored rows that may be one, the older one first."""

    one: Driver | Team
    other: Driver | Team
    score: int
    reasons: tuple[str, ...] = ()
    against: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class _Name:
    pk: int
    folded: str
    taken_apart: Any
    keys: frozenset[str]


def likely_duplicates(model: type[Driver | Team]) -> list[Duplicate]:
    """The likeliest pairs, best first, without those a person set apart; five queries whatever the size."""
    names = _drivers() if model is Driver else _teams()
    compare: Callable[[Any, Any], Likeness] = compare_people if model is Driver else compare_teams
    apart = set(DistinctPair.objects.filter(model=model._meta.model_name).values_list("low", "high"))
    found = [
        (likeness, low, high)
        for low, high in _pairs(names)
        if (low.pk, high.pk) not in apart
        and (likeness := compare(low.taken_apart, high.taken_apart)).score >= LEAST_SCORE
    ]
    found.sort(key=lambda pair: (-pair[0].score, pair[1].pk, pair[2].pk))
    best = found[:MOST_PAIRS]
    rows = model._default_manager.in_bulk([name.pk for _likeness, *pair in best for name in pair])
    seats = _Seats(rows) if model is Driver else None
    weighed = (_weigh(rows[low.pk], rows[high.pk], likeness, seats) for likeness, low, high in best)
    return sorted((one for one in weighed if one.score >= LEAST_SCORE), key=lambda one: -one.score)


def _drivers() -> list[_Name]:
    rows = Driver.objects.order_by().values_list("pk", "folded", "last_name", "first_name")
    return [_Name(pk, folded, person_name(last, first), stored_keys(folded)) for pk, folded, last, first in rows]


def _teams() -> list[_Name]:
    names = []
    for pk, folded, printed in Team.objects.order_by().values_list("pk", "folded", "name"):
        name = team_name(printed)
        names.append(_Name(pk, folded, name, sought_team_keys(name)))
    return names


def _pairs(names: list[_Name]) -> Iterable[tuple[_Name, _Name]]:
    """Pairs worth comparing, the smaller primary key first: they share a key that is not everybody's."""
    by_key: dict[str, list[_Name]] = defaultdict(list)
    for name in sorted(names, key=lambda one: one.pk):
        for key in name.keys:
            by_key[key].append(name)
    seen: set[tuple[int, int]] = set()
    for key, block in by_key.items():
        whole = not {"<", ">"} & set(key)
        if len(block) > _CROWD:
            continue
        for low, high in combinations(block, 2):
            pair = (low.pk, high.pk)
            if pair not in seen and (whole or fuzz.ratio(low.folded, high.folded, score_cutoff=_ROUGHLY)):
                seen.add(pair)
                yield low, high


class _Seats:
    """Where the drivers in question sat: one query for all of them."""

    def __init__(self, drivers: Iterable[int]) -> None:
        self._cars: dict[int, set[int]] = defaultdict(set)
        self._events: dict[int, dict[int, str]] = defaultdict(dict)
        self._teams: dict[int, dict[int, str]] = defaultdict(dict)
        columns = ("driver", "entry", "entry__event", "entry__event__name", "entry__team", "entry__team__name")
        for driver, car, event, name, team, team_of in CrewMember.objects.filter(driver__in=drivers).values_list(
            *columns
        ):
            self._cars[driver].add(car)
            self._events[driver][event] = name
            if team is not None:
                self._teams[driver][team] = team_of

    def signs(self, one: int, other: int) -> Iterable[tuple[int, str]]:
        shared_teams = self._teams[one].keys() & self._teams[other].keys()
        if shared_teams:
            yield 3, f"beide fuhren für {self._teams[one][min(shared_teams)]}"
        together = self._events[one].keys() & self._events[other].keys()
        if self._cars[one] & self._cars[other]:
            yield 0, "beide in einer Besatzung: ein Blatt schrieb anders, oder es sind zwei"
        elif together:
            yield -8, f"in zwei Autos bei derselben Veranstaltung ({self._events[one][min(together)]})"


def _weigh(one: Any, other: Any, likeness: Likeness, seats: _Seats | None) -> Duplicate:
    """The likeness of the names with the circumstances counted in."""
    signs = [*_papers(one, other), *(seats.signs(one.pk, other.pk) if seats else ())]
    score = max(0, min(100, likeness.score + sum(weight for weight, _words in signs)))
    return Duplicate(
        one, other, score,
        reasons=(*likeness.reasons, *(words for weight, words in signs if weight >= 0)),
        against=tuple(words for weight, words in signs if weight < 0),
    )  # fmt: skip


def _papers(one: Any, other: Any) -> Iterable[tuple[int, str]]:
    if isinstance(one, Team):
        return
    if one.birth_date and other.birth_date:
        same = one.birth_date.startswith(other.birth_date) or other.birth_date.startswith(one.birth_date)
        yield (5, "gleiches Geburtsdatum") if same else (-60, "anderes Geburtsdatum")
    if one.nationality and other.nationality:
        same = fold(one.nationality) == fold(other.nationality)
        yield (2, "gleiche Nation") if same else (-8, "andere Nation")
