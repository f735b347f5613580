"""What was seen of each competitor so far: how many cars he brings, in which classes, and how their drivers are rated."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from results.points.award import competitors_of, is_in
from results.points.facts import Key, Scoring
from results.points.rules import Championship


class Seen:
    """The habits by which the arithmetic judges what somebody can bring to a scoring that lies ahead."""

    def __init__(self, championship: Championship, scorings: Sequence[Scoring]) -> None:
        self._championship = championship
        self._counts = Counter[int]()
        self._entered = self._most_cars(scorings)
        self._classes = self._own_classes(scorings)
        self._ratings = self._last_ratings(scorings)

    def cars(self, competitor: Key) -> int:
        """How many cars of a competitor can score by their place in one scoring."""
        return min(self.entered(competitor), self._championship.cars or self.entered(competitor))

    def entered(self, competitor: Key) -> int:
        """How many he can enter: those beyond the ones that score count for ties and bonuses, and score in other classes."""
        return self._entered.get(competitor, self._usual)

    def classes(self, competitor: Key) -> tuple[str, ...]:
        """Among which classes his places count: the one he was seen in last, all he was in with several cars.

        Classes whose places are counted together are one.
        """
        return self._championship.classes[:1] if self._are_together else self._own(competitor)

    def class_of_car(self, competitor: Key, racing_class: str, number: int = 0) -> str:
        """The class of one of his cars, from 0 on, among those whose places count in that class."""
        if not self._are_together:
            return racing_class
        own = self._own(competitor)
        return own[number % len(own)]

    def _own(self, competitor: Key) -> tuple[str, ...]:
        return self._classes.get(competitor) or (self._championship.racing_class,)

    @property
    def _are_together(self) -> bool:
        return bool(self._championship.classes) and self._championship.scope != "class"

    def ratings(self, competitor: Key) -> tuple[str, ...]:
        return self._ratings.get(competitor, ())

    @property
    def _usual(self) -> int:
        """How many cars most have; who had fewer, or has not come yet, may bring as many."""
        return max(self._counts, key=lambda count: (self._counts[count], count), default=1)

    def _most_cars(self, scorings: Sequence[Scoring]) -> dict[Key, int]:
        """How many cars of a competitor can be in one session, by what was seen of him and of most others."""
        most: dict[Key, int] = {}
        if self._championship.subject == "driver" and self._championship.sharing != "each":
            return most  # who takes over a car there leaves his own, and gets no more than for one
        for scoring in scorings:
            seen: dict[Key, set[Key]] = {}
            own = [line for line in scoring.lines if not line.is_guest and is_in(self._championship, line)]
            for line in own:
                for competitor in competitors_of(self._championship, line):
                    seen.setdefault(competitor, set()).add(line.car)
            for competitor, cars in seen.items():
                most[competitor] = max(most.get(competitor, 1), len(cars))
        self._counts.update(most.values())
        return {one: max(count, self._usual) for one, count in most.items()}

    def _own_classes(self, scorings: Sequence[Scoring]) -> dict[Key, tuple[str, ...]]:
        """In which classes each competitor was seen, where several count, each with its places or its pole."""
        counts_classes = self._championship.scope == "class" or self._championship.classes
        if self._championship.racing_class or not counts_classes:
            return {}
        found: dict[Key, dict[str, None]] = {}
        for scoring in scorings:
            for line in scoring.lines:
                for competitor in competitors_of(self._championship, line) if not line.is_guest else ():
                    own = found.setdefault(competitor, {})
                    own.pop(line.racing_class, None)
                    own[line.racing_class] = None  # the last one stands last
        return {one: tuple(own) if self.entered(one) > 1 else (list(own)[-1],) for one, own in found.items()}

    def _last_ratings(self, scorings: Sequence[Scoring]) -> dict[Key, tuple[str, ...]]:
        """How the drivers of each competitor's car were rated last, where points depend on it."""
        if not self._championship.pairings:
            return {}
        return {
            competitor: line.ratings
            for scoring in scorings
            for line in scoring.lines
            for competitor in competitors_of(self._championship, line)
        }
