"""Which finishes in the last scoring make somebody champion: all of them, and no others. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby

from results.points.ahead import asks_more
from results.points.award import rule_of
from results.points.contention import Race
from results.points.facts import Key, Scoring
from results.points.prospects import NOWHERE, Coming
from results.points.rules import Championship

MOST = 4  # contenders; with more nobody reads the list


@dataclass(frozen=True, slots=True)
class Limit:
    """The best place a rival may take: 1 if he may even win, NOWHERE if he must not be classified, None if nothing helps.

    `with_lap` holds if he has the fastest lap as well, `place` if somebody else has it, `own_lap` if the champion to be
    has it. All three are equal where the fastest lap gives no points.
    """

    rival: Key
    with_lap: int | None
    place: int | None
    own_lap: int | None

    @property
    def is_sensitive(self) -> bool:
        """Whether the fastest lap makes a difference."""
        return not self.with_lap == self.place == self.own_lap


@dataclass(frozen=True, slots=True)
class Combination:
    """Own places from `first` to `last` (both NOWHERE for no points) that are enough if each rival keeps his limit."""

    first: int
    last: int
    limits: tuple[Limit, ...]


def combinations_of(
    championship: Championship, race: Race, cars: Sequence[tuple[Key, ...]]
) -> dict[Key, tuple[Combination, ...]]:
    """For two to four contenders before the last scoring what makes each champion, by the first name of each car.

    Champion is who is strictly ahead of every rival; each pair is compared by itself, for what a third one does changes
    nothing between two. Empty where more is to come, a competitor has several cars in it, nobody knows how many start
    and points depend on it, laps led give points, or a better place may give less.
    """
    if any(asks_more(championship, one) for one in race.coming):
        return {}
    everybody = [who for car in cars for who in car]
    single = all(race.cars_of(who) == 1 for who in everybody)
    if len(race.coming) != 1 or not 2 <= len(cars) <= MOST or not single:  # noqa: PLR2004
        return {}
    if not race.is_provable or not race.knows_starters(everybody, race.coming):
        return {}
    found = {}
    for car in cars:
        rivals = [_Pair(championship, race, car, other) for other in cars if other != car]
        found[car[0]] = tuple(_combinations(race, rivals))
    return found


def combinations_by_pole(
    championship: Championship, race: Race, cars: Sequence[tuple[Key, ...]]
) -> dict[Key | None, dict[Key, tuple[Combination, ...]]]:
    """The same where a pole is given before the last scoring: by who has it, None for somebody else.

    Empty where the session before it gives points for more than being first in it, or each class has a pole of its own.
    """
    if championship.classes or any(asks_more(championship, one) for one in race.coming):
        return {}
    if len(race.coming) != 2 or not _is_pole(championship, race, cars):  # noqa: PLR2004
        return {}
    ends: list[tuple[Key | None, Scoring]] = [(car[0], race.finish(race.coming[0], [(car, 1)])) for car in cars]
    ends.append((None, race.finish(race.coming[0], [])))
    found = {who: combinations_of(championship, race.after([scoring]), cars) for who, scoring in ends}
    return found if all(found.values()) else {}


def _is_pole(championship: Championship, race: Race, cars: Sequence[tuple[Key, ...]]) -> bool:
    """Whether the next session has one winner who gets points, and nobody else any."""
    coming = race.coming[0]
    causes = {
        one.cause
        for one in championship.bonuses
        if one.where.holds(kind=coming.kind, checkpoint=coming.checkpoint, number=coming.round, tags=coming.tags)
    }
    is_for_one = not any(race.is_apart(cars[0][0], car[0]) for car in cars)
    return rule_of(championship, coming) is None and causes == {"pole"} and is_for_one


def _combinations(race: Race, rivals: Sequence[_Pair]) -> Iterator[Combination]:
    """Places that ask for the same go together; places that cannot be enough are left out."""
    rows = [(place, tuple(one.limit(place) for one in rivals)) for place in places_of(race, race.coming[0])]
    possible = [row for row in rows if all(limit.own_lap is not None for limit in row[1])]
    for limits, group in groupby(possible, key=lambda row: row[1]):
        own = [place for place, _limits in group]
        if own[-1] == NOWHERE and len(own) > 1:  # apart, so that places stay a range
            yield Combination(own[0], own[-2], limits)
            own = [NOWHERE]
        yield Combination(own[0], own[-1], limits)


def places_of(race: Race, coming: Coming) -> list[int]:
    """The places worth telling apart, best first, then NOWHERE for no points."""
    unpaid = race.unpaid(coming)
    return [*(place for place in range(1, race.worth_places(coming) + 1) if place != unpaid), NOWHERE]


class _Pair:
    """A contender and one rival in the last scoring. Limits only grow with the own place, so each search goes on."""

    def __init__(self, championship: Championship, race: Race, own: tuple[Key, ...], rival: tuple[Key, ...]) -> None:
        self._race, self._own, self._rival = race, own, rival
        coming = race.coming[0]
        self._gives_lap = any(
            one.cause == "fastest_lap"
            and one.where.holds(kind=coming.kind, checkpoint=coming.checkpoint, number=coming.round, tags=coming.tags)
            for one in championship.bonuses
        )
        self._apart = race.is_apart(own[0], rival[0])
        self._its: list[int] = [*range(1, race.worth_places(coming) + 1), NOWHERE]
        self._known: dict[int | None, int] = {}  # by who has the fastest lap, where in `_its` the search goes on

    def limit(self, place: int) -> Limit:
        """What the rival may do if the own place is this; places are asked for from the best on."""
        neutral = self._best(place, None)
        if not self._gives_lap:
            return Limit(self._rival[0], neutral, neutral, neutral)
        return Limit(self._rival[0], self._best(place, 1), neutral, self._best(place, 0))

    def _best(self, place: int, lap: int | None) -> int | None:
        for at in range(self._known.get(lap, 0), len(self._its)):
            its: int = self._its[at]
            if its == place != NOWHERE and not self._apart:
                continue  # two cars of one class take no place together
            if self._is_ahead(place, its, lap):
                return its
            self._known[lap] = at + 1
        return None

    def _is_ahead(self, place: int, its: int, lap: int | None) -> bool:
        further = self._race.finish(self._race.coming[0], [(self._own, place), (self._rival, its)], lap)
        return self._race.is_ahead(self._own[0], self._rival[0], [further])
