"""Whom a printed line of a table means: by name, never below the house's bar, never one of two."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

from results.likeness import PersonName, compare_people, person_name, skeleton
from results.models import Championship, Driver, DriverAlias, Team, TeamAlias
from results.names import fold
from results.standings.reading import TableLine
from results.team_likeness import compare_teams, team_name

# Below this likeness a person has to say that two names are one.
BAR = 95
_BETWEEN = re.compile(r"\s*(?:/|&|\+| und | and )\s*")


@dataclass(frozen=True, slots=True)
class Matched:
    """A printed name and the lines of our table that it means: several for a crew whose drivers score one by one."""

    printed: str
    lines: tuple[TableLine, ...]


class Matcher:
    """The competitors of one of our tables by what sources call them; `aliases` by driver or team, asked for without."""

    def __init__(
        self, championship: Championship, lines: Sequence[TableLine], aliases: Mapping[int, list[str]] | None = None
    ) -> None:
        self._subject = championship.subject
        self._lines = lines
        self._exact: dict[str, list[TableLine]] = {}
        for line in lines:
            for name in {fold(line.name), *(fold(str(thing)) for thing in line.things if len(line.things) == 1)}:
                self._exact.setdefault(name, []).append(line)
        self._aliases = aliases_of(lines) if aliases is None else aliases

    def match(self, printed: str) -> Matched:
        """Whom it means; no lines where nobody, or more than one, comes near enough."""
        people = self._subject in {Championship.Subject.DRIVER, Championship.Subject.CREW}
        found = self._only(self._exact.get(fold(printed), []))
        if found:
            return Matched(printed, found)
        parts = [part for part in _BETWEEN.split(printed) if part.strip()]
        if self._subject == Championship.Subject.CREW:
            return Matched(printed, self._crew(parts))
        if people and len(parts) > 1:
            return Matched(printed, self._each(parts))
        alike = self._person if people else self._firm
        return Matched(printed, self._only([line for line in self._lines if alike(printed)(line)]))

    def _only(self, found: Sequence[TableLine]) -> tuple[TableLine, ...]:
        return tuple(found) if len(found) == 1 else ()

    def _person(self, printed: str, *, by_family: bool = False) -> Callable[[TableLine], bool]:
        said = person_name(printed)
        return lambda line: any(self._is(one, said, by_family=by_family) for one in _drivers(line))

    def _is(self, driver: Driver, said: PersonName, *, by_family: bool = False) -> bool:
        names = [driver_name(driver), *(person_name(name) for name in self._aliases.get(driver.pk, ()))]
        if any(compare_people(said, name).score >= BAR for name in names):
            return True
        return by_family and _is_family(said, names[0])

    def _firm(self, printed: str) -> Callable[[TableLine], bool]:
        said = team_name(printed)
        return lambda line: any(
            compare_teams(said, team_name(name)).score >= BAR
            for thing in line.things or (None,)
            for name in ((str(thing), *self._aliases.get(thing.pk, ())) if thing is not None else (line.name,))
        )

    def _each(self, parts: Sequence[str]) -> tuple[TableLine, ...]:
        """One line a driver; the crew is known only where each of them is. In a crew the family name is enough."""
        found = [self._only([one for one in self._lines if self._person(part, by_family=True)(one)]) for part in parts]
        lines = tuple(line for lines in found for line in lines)
        return lines if all(found) and len({line.competitor for line in lines}) == len(parts) else ()

    def _crew(self, parts: Sequence[str]) -> tuple[TableLine, ...]:
        said = [person_name(part) for part in parts]
        return self._only([line for line in self._lines if self._sits(said, _drivers(line))])

    def _sits(self, said: Sequence[PersonName], crew: Sequence[Driver]) -> bool:
        """Whether the names are those of the crew, each of one of its drivers."""
        left = list(crew)
        for one in said:
            mine = [driver for driver in left if self._is(driver, one, by_family=True)]
            if len(mine) != 1:
                return False
            left.remove(mine[0])
        return not left


def driver_name(driver: Driver) -> PersonName:
    return person_name(driver.last_name, driver.first_name)


def _is_family(said: PersonName, name: PersonName) -> bool:
    """`Buemi`, `L. Vanthoor`, `di Grassi`: the family name as it is, an initial that fits."""
    given = said.given
    mine = [skeleton(word) for word in (*name.particles, *name.family)]
    theirs = [skeleton(word) for word in (*said.particles, *said.family)]
    if mine != theirs:  # a family name of several words was taken for given and family name
        return mine == [skeleton(word) for word in said.words]
    return not given or (all(len(word) == 1 for word in given) and bool(name.given) and given[0] == name.given[0][0])


def _drivers(line: TableLine) -> list[Driver]:
    return [thing for thing in line.things if isinstance(thing, Driver)]


def aliases_of(lines: Iterable[TableLine]) -> Mapping[int, list[str]]:
    things = [thing for line in lines for thing in line.things]
    drivers = [thing.pk for thing in things if isinstance(thing, Driver)]
    teams = [thing.pk for thing in things if isinstance(thing, Team)]
    found: dict[int, list[str]] = {}
    named: list[tuple[int, str]] = []
    if drivers:
        named += DriverAlias.objects.filter(driver__in=drivers).values_list("driver", "name")
    if teams:
        named += TeamAlias.objects.filter(team__in=teams).values_list("team", "name")
    for key, name in named:
        found.setdefault(key, []).append(name)
    return found
