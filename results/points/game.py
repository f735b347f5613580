"""What becomes of a title if the next round ends as somebody imagines: places, poles and fastest laps in, a table out. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import takewhile

from results.points.ahead import asks_more
from results.points.award import rule_of
from results.points.contention import Race
from results.points.facts import Key
from results.points.prospects import Coming, Contender, Title
from results.points.rules import Championship

MOST = 10  # cars that are played with
MOST_ENTRIES = 4  # places of one competitor in one scoring; with more cars nobody would fill the form
DETAILED = 5  # contenders of whom every move says again what each needs


@dataclass(frozen=True, slots=True)
class Part:
    """A scoring of the next round. `places` is the last one to choose from, 1 where only the first gives points.

    `gives_lap`: the fastest lap gives points in it.
    """

    coming: Coming
    places: int
    gives_lap: bool


@dataclass(frozen=True, slots=True)
class Imagined:
    """How one part ends: by car its places, one for each it enters, NOWHERE for not classified; who had the fastest lap."""

    places: Sequence[Sequence[int]]
    fastest: int | None = None


@dataclass(frozen=True, slots=True)
class Stood:
    """A car in the table that follows; `place` is that among those who are played with."""

    place: int
    competitors: tuple[Key, ...]
    points: Decimal
    gained: Decimal


@dataclass(frozen=True, slots=True)
class Played:
    """The table of those who are played with, how the title stands then, and who share it if nothing parts them."""

    table: tuple[Stood, ...]
    title: Title
    level: tuple[Key, ...]
    is_over: bool


class Game:
    """The next round of a title race, with the cars that can still win it in the order of the table."""

    def __init__(self, championship: Championship, race: Race, order: Sequence[Key]) -> None:
        self._race = race
        self.cars = race.together(order)
        nearest = race.coming[0].round if race.coming else 0
        ahead = takewhile(lambda one: one.round == nearest, race.coming)
        self.parts = [self._part(championship, one) for one in ahead]
        self._can_be_told = not any(asks_more(championship, part.coming) for part in self.parts)

    @property
    def is_open(self) -> bool:
        """Whether there is something to play: a scoring ahead of which places, pole and fastest lap say everything that
        counts, and two cars or more, but not a whole field.
        """
        fits = all(self.entries(car) <= MOST_ENTRIES for car in range(len(self.cars)))
        everybody = [who for car in self.cars for who in car]
        fits = fits and self._race.can_be_played(everybody, [one.coming for one in self.parts])
        return bool(self.parts) and self._can_be_told and 2 <= len(self.cars) <= MOST and fits  # noqa: PLR2004

    def class_of(self, car: int) -> str:
        """Among which class a car's place counts; empty where it is one of all."""
        return self._race.class_of(self.cars[car][0])

    def entries(self, car: int) -> int:
        """How many places a car of the game can take in one part: teams and makers enter several."""
        return max(self._race.cars_of(who) for who in self.cars[car])

    def _part(self, championship: Championship, coming: Coming) -> Part:
        laps = any(
            one.cause == "fastest_lap"
            and one.where.holds(kind=coming.kind, checkpoint=coming.checkpoint, number=coming.round, tags=coming.tags)
            for one in championship.bonuses
        )
        if rule_of(championship, coming) is None:
            return Part(coming, 1, laps)
        entered = sum(self.entries(at) for at in range(len(self.cars)))
        return Part(coming, max(1, min(coming.cars, max(self._race.worth_places(coming), entered))), laps)

    def play(self, imagined: Sequence[Imagined]) -> Played:
        """What follows if each part ends so."""
        scorings = []
        for part, ends in zip(self.parts, imagined, strict=True):
            finishes = [
                (car, place) for car, places in zip(self.cars, ends.places, strict=True) for place in places
            ]  # fmt: skip
            owners = [at for at, places in enumerate(ends.places) for _place in places]
            fastest = owners.index(ends.fastest) if ends.fastest is not None else None
            scorings.append(self._race.finish(part.coming, finishes, fastest))
        after = self._race.after(scorings)
        champion, order = after.outcome()
        if len(order) <= DETAILED and after.coming:
            contenders = tuple(after.contender(one, order) for one in order)
        else:
            contenders = tuple(Contender(one, None, {}) for one in order)
        title = Title(champion, contenders, after.crews)
        first = [one.competitor for one in after.table if one.position == 1]
        is_over = not after.coming
        level = tuple(dict.fromkeys(car[0] for car in after.together(first))) if is_over and champion is None else ()
        return Played(tuple(self._table(after)), title, level, is_over)

    def _table(self, after: Race) -> Sequence[Stood]:
        now, then = _rows(self._race), _rows(after)
        ranked = sorted(self.cars, key=lambda car: then[car[0]][0])
        ahead = {car: sum(then[other[0]][0] < then[car[0]][0] for other in ranked) for car in ranked}
        return [
            Stood(1 + ahead[car], car, then[car[0]][1], then[car[0]][1] - now[car[0]][1]) for car in ranked
        ]  # fmt: skip


def _rows(race: Race) -> Mapping[Key, tuple[int, Decimal]]:
    return {one.competitor: (one.position or len(race.table) + 1, one.points) for one in race.table}
