"""Whom the new names of an import may mean: the likest stored drivers and teams, with what speaks for and against each.

A proposal is shown to a person and decides nothing. The database finds the few stored names that share a key with a new
one (`results.likeness.stored_keys`, indexed), so the size of the archive hardly matters; scores are computed here.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from typing import Any

from django.contrib.postgres.fields import ArrayField
from django.db.models import F, Func, QuerySet, TextField
from rapidfuzz import fuzz

from results.importers.plan import Newcomer, Plan
from results.likeness import Likeness, PersonName, compare_people, person_name, sought_keys, stored_keys
from results.models import CrewMember, Driver, DriverAlias, Team, TeamAlias
from results.names import fold
from results.team_likeness import compare_teams, sought_team_keys, stored_team_keys, team_name

LEAST_SCORE = 70  # below it a proposal is noise
LEAST_NAMES = 45  # likeness of the bare names below which context is not asked
MOST_CANDIDATES = 3
_LOOK_AT = 8  # candidates of a name whose context is looked at
_ROUGHLY = 45  # likeness of the letters alone, below which two names are not compared at all
_CAP = 99  # only one spelling is 100

_COLUMNS = ("pk", "slug", "first_name", "last_name", "nationality", "birth_date", "town")


@dataclass(frozen=True, slots=True)
class Candidate:
    """A stored driver or team a new name may mean."""

    pk: int
    slug: str
    name: str
    about: str  # nation, birth, town: what tells namesakes apart
    score: int  # 0 to 99
    reasons: tuple[str, ...] = ()
    against: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Proposal:
    """A new name and the likest stored ones, the best first; `candidates` may be empty."""

    newcomer: Newcomer
    candidates: tuple[Candidate, ...] = ()


@dataclass(slots=True)
class Stored:
    """What the database knows of somebody that matters for a comparison. A name may be an alias of his."""

    pk: int
    slug: str
    name: str
    folded: str
    nationality: str = ""
    birth_date: str = ""
    town: str = ""
    last_name: str = ""
    first_name: str = ""
    alias: str = ""
    teams: set[int] = field(default_factory=set)

    @property
    def about(self) -> str:
        birth = f"*{self.birth_date}" if self.birth_date else ""
        return ", ".join(part for part in (self.nationality, birth, self.town) if part)


def propose(plan: Plan) -> tuple[Proposal, ...]:
    """Proposals for every new name of a planned import, in the order of the file; at most six queries."""
    drivers = [one for one in plan.newcomers if one.model == "driver"]
    teams = [one for one in plan.newcomers if one.model == "team"]
    found = {**_for_drivers(drivers, plan), **_for_teams(teams)}
    return tuple(Proposal(one, found.get(one.key, ())) for one in plan.newcomers)


# candidates


class _Index:
    """Stored names under their keys, compared with a new one."""

    def __init__(self, stored: Iterable[Stored], keys: Callable[[str], frozenset[str]]) -> None:
        self._by_key: dict[str, list[Stored]] = defaultdict(list)
        for one in stored:
            for key in keys(one.folded):
                self._by_key[key].append(one)

    def near(self, folded: str, keys: frozenset[str]) -> Iterable[Stored]:
        """Everybody who shares a key and, unless it is a whole word, some of the letters."""
        seen: set[int] = set()
        for key in keys:
            whole = not {"<", ">"} & set(key)
            for one in self._by_key.get(key, ()):
                if id(one) not in seen and (whole or fuzz.ratio(folded, one.folded, score_cutoff=_ROUGHLY)):
                    seen.add(id(one))
                    yield one


def with_keys(rows: QuerySet[Any], function: str, keys: Iterable[str]) -> QuerySet[Any]:
    """The rows whose folded name has one of the keys, by the index of migration 0007."""
    found = Func(F("folded"), function=function, output_field=ArrayField(TextField()))
    matching: QuerySet[Any] = rows.alias(name_keys=found).filter(name_keys__overlap=list(keys))
    return matching


def _for_drivers(newcomers: list[Newcomer], plan: Plan) -> dict[str, tuple[Candidate, ...]]:
    if not newcomers:
        return {}
    names = {one.key: person_name(one.last_name, one.first_name) for one in newcomers}
    keys = {key: sought_keys(name) for key, name in names.items()}
    stored = _stored_drivers({key for one in keys.values() for key in one})
    index = _Index(stored, stored_keys)
    cars = _in_cars(newcomers, plan)
    best = {
        one.key: _likest(
            [*index.near(fold(one.name), keys[one.key]), *cars.get(one.number, ())],
            lambda known, name=names[one.key]: compare_people(name, _name_of(known)),  # type: ignore[misc]
        )
        for one in newcomers
    }
    _load_teams([known for likest in best.values() for known, _likeness in likest])
    context = _Context(cars, plan.known_seats)
    return {one.key: _chosen(context.weigh(one, *pair) for pair in best[one.key]) for one in newcomers}


def _name_of(known: Stored) -> PersonName:
    return person_name(known.alias) if known.alias else person_name(known.last_name, known.first_name)


def _stored_drivers(keys: Iterable[str]) -> list[Stored]:
    rows = with_keys(Driver.objects.order_by(), "results_person_keys", keys).values_list(*_COLUMNS, "folded")
    found = [_driver(row[:-1], row[-1]) for row in rows]
    behind = [f"driver__{column}" for column in _COLUMNS]
    aliases = with_keys(DriverAlias.objects.order_by(), "results_person_keys", keys)
    found += [_driver(row[:-2], row[-2], row[-1]) for row in aliases.values_list(*behind, "folded", "name")]
    return found


def _driver(row: tuple[Any, ...], folded: str, alias: str = "") -> Stored:
    pk, slug, first, last, nation, birth, town = row
    name = f"{first} {last}".strip()
    return Stored(pk, slug, name, folded, nation, birth, town, last_name=last, first_name=first, alias=alias)


def _in_cars(newcomers: list[Newcomer], plan: Plan) -> dict[str, list[Stored]]:
    """Who sits in the cars of the new names already: `Max G.` is hardly found otherwise."""
    cars: dict[str, list[Stored]] = defaultdict(list)
    if plan.event_pk is not None:
        numbers = {one.number for one in newcomers}
        seats = CrewMember.objects.filter(entry__event=plan.event_pk, entry__number__in=numbers)
        behind = [f"driver__{column}" for column in _COLUMNS]
        for row in seats.values_list(*behind, "driver__folded", "entry__number"):
            cars[row[-1]].append(_driver(row[:-2], row[-2]))
    return cars


def _load_teams(drivers: list[Stored]) -> None:
    teams: dict[int, set[int]] = defaultdict(set)
    seats = CrewMember.objects.filter(driver__in={one.pk for one in drivers}, entry__team__isnull=False)
    for driver, team in seats.values_list("driver", "entry__team").distinct() if drivers else ():
        teams[driver].add(team)
    for one in drivers:
        one.teams = teams[one.pk]


def _likest(near: Iterable[Stored], compare: Callable[[Stored], Likeness]) -> list[tuple[Stored, Likeness]]:
    """The likest by name alone, each person once."""
    best: dict[int, tuple[Stored, Likeness]] = {}
    for one in near:
        likeness = compare(one)
        if likeness.score >= LEAST_NAMES and (one.pk not in best or likeness.score > best[one.pk][1].score):
            best[one.pk] = (one, likeness)
    return sorted(best.values(), key=lambda pair: (-pair[1].score, pair[0].pk))[:_LOOK_AT]


def _chosen(candidates: Iterable[Candidate]) -> tuple[Candidate, ...]:
    good = [one for one in candidates if one.score >= LEAST_SCORE]
    return tuple(sorted(good, key=lambda one: (-one.score, one.pk))[:MOST_CANDIDATES])


# context


@dataclass(frozen=True, slots=True)
class _Context:
    """What surrounds a new name in its file and a known driver in the database."""

    cars: dict[str, list[Stored]]
    seats: tuple[tuple[int, str], ...]

    def weigh(self, new: Newcomer, known: Stored, likeness: Likeness) -> Candidate:
        """The likeness of the names with the circumstances counted in."""
        signs = [*_by_alias(known), *self._place(new, known), *_papers(new, known), *self._beside(new, known)]
        score = max(0, min(_CAP, likeness.score + sum(weight for weight, _words in signs)))
        return Candidate(
            known.pk, known.slug, known.name, known.about, score,
            reasons=(*likeness.reasons, *(words for weight, words in signs if weight >= 0)),
            against=tuple(words for weight, words in signs if weight < 0),
        )  # fmt: skip

    def _place(self, new: Newcomer, known: Stored) -> Iterable[tuple[int, str]]:
        if any(one.pk == known.pk for one in self.cars.get(new.number, ())):
            yield 8, f"sitzt bei dieser Veranstaltung in der #{new.number}"
        if new.team in known.teams:
            yield 4, "fuhr schon für dieses Team"

    def _beside(self, new: Newcomer, known: Stored) -> Iterable[tuple[int, str]]:
        numbers = [number for driver, number in self.seats if driver == known.pk]
        if new.number in numbers:
            yield -50, "steht in derselben Besatzung noch einmal"
        elif numbers:
            yield -15, f"steht in dieser Datei selbst in der #{numbers[0]}"


def _by_alias(known: Stored) -> Iterable[tuple[int, str]]:
    if known.alias:
        yield 0, f"auch bekannt als „{known.alias}“"


def _papers(new: Newcomer, known: Stored) -> Iterable[tuple[int, str]]:
    """Date of birth, nation and town, where both sides name them."""
    if new.birth_date and known.birth_date:
        same = new.birth_date.startswith(known.birth_date) or known.birth_date.startswith(new.birth_date)
        yield (8, "gleiches Geburtsdatum") if same else (-60, f"anderes Geburtsdatum ({known.birth_date})")
    if new.nationality and known.nationality:
        same = fold(new.nationality) == fold(known.nationality)
        yield (2, "gleiche Nation") if same else (-10, f"andere Nation ({known.nationality})")
    if new.town and fold(new.town) == fold(known.town):
        yield 3, "gleicher Wohnort"


# teams


def _for_teams(newcomers: list[Newcomer]) -> dict[str, tuple[Candidate, ...]]:
    if not newcomers:
        return {}
    names = {one.key: team_name(one.name) for one in newcomers}
    keys = {key: sought_team_keys(name) for key, name in names.items()}
    index = _Index(_stored_teams({key for one in keys.values() for key in one}), stored_team_keys)
    found = {}
    for one in newcomers:
        likest = _likest(
            index.near(fold(one.name), keys[one.key]),
            lambda known, name=names[one.key]: compare_teams(name, team_name(known.alias or known.name)),  # type: ignore[misc]
        )
        bare = _Context({}, ())
        found[one.key] = _chosen(bare.weigh(replace(one, nationality=""), *pair) for pair in likest)
    return found


def _stored_teams(keys: Iterable[str]) -> list[Stored]:
    columns = ("pk", "slug", "name", "folded", "country")
    found = [
        Stored(*row) for row in with_keys(Team.objects.order_by(), "results_team_keys", keys).values_list(*columns)
    ]
    aliases = with_keys(TeamAlias.objects.order_by(), "results_team_keys", keys)
    for pk, slug, name, folded, country, alias in aliases.values_list(
        "team", "team__slug", "team__name", "folded", "team__country", "name"
    ):
        found.append(Stored(pk, slug, name, folded, country, alias=alias))
    return found
