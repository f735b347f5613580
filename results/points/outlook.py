"""What a championship has seen so far and what a car of somebody would be worth in a scoring that lies ahead."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import replace
from decimal import Decimal
from fractions import Fraction
from functools import cached_property

from results.points.award import CLASSIFIED, awards_in, competitors_of, rule_of
from results.points.facts import Key, Line, Scoring
from results.points.prospects import Coming
from results.points.rank import standings
from results.points.rules import Championship
from results.points.tally import Tally

MOST_LED = (2, 2)  # laps of a car that led more of them than any other


def asks_more(championship: Championship, coming: Coming) -> bool:
    """Whether laps led, or every place of a qualifying, count in a scoring: no list and no game asks for them."""
    leads = any(
        one.cause in {"laps_led", "most_led"}
        and one.where.holds(kind=coming.kind, checkpoint=coming.checkpoint, number=coming.round, tags=coming.tags)
        for one in championship.bonuses
    )
    return leads or (coming.kind == "qualifying" and "qualifying" in championship.ties)


class Outlook:
    """What was scored so far, who has how many cars in which class, and what lies ahead."""

    def __init__(
        self,
        tally: Tally,
        scorings: Sequence[Scoring],
        coming: Sequence[Coming],
        gains: dict[tuple[Key, Key], Decimal] | None = None,
    ) -> None:
        self._championship = tally.championship
        self._tally = tally
        self._scorings = scorings
        self._coming = [one for one in coming if self._counts(one)]
        self.table = standings(tally)
        self._rows = {one.competitor: one for one in self.table}
        self._seats = tally.seats() if tally.championship.subject == "driver" else {}
        self.crews = self._crews()
        mates = {one for crew in self.crews.values() for one in crew[1:]}
        # In the order of the table, one for each crew.
        self._inside = [
            one.competitor for one in self.table if one.position is not None and one.competitor not in mates
        ]
        self._cars = self._most_cars()
        # Whoever can win a cup is entered for it.
        self._cups = frozenset({self._championship.cup} - {""})
        self._classes = self._last_classes()
        self._ratings = self._last_ratings()
        # By competitor and the last of all coming scorings that pay alike; it does not depend on what was scored.
        self._gains: dict[tuple[Key, Key], Decimal] = {} if gains is None else gains

    def _crews(self) -> dict[Key, tuple[Key, ...]]:
        """Drivers who sat in one car in every scoring, by the first of them in the table."""
        together: dict[tuple[tuple[Key, Key, int], ...], list[Key]] = {}
        for one in self.table:
            if one.competitor in self._seats and one.position is not None:
                together.setdefault(self._seats[one.competitor], []).append(one.competitor)
        return {crew[0]: tuple(crew) for crew in together.values() if len(crew) > 1}

    def _share_a_car(self, one: Key, other: Key) -> bool:
        """Whether both sat in one car when either was last seen."""
        mine, its = self._seats.get(one), self._seats.get(other)
        return bool(mine and its and mine[-1] == its[-1])

    def _counts(self, coming: Coming) -> bool:
        bonuses = any(
            one.where.holds(kind=coming.kind, checkpoint=coming.checkpoint, number=coming.round, tags=coming.tags)
            for one in self._championship.bonuses
        )
        decides_ties = coming.kind == "qualifying" and "qualifying" in self._championship.ties
        return rule_of(self._championship, coming) is not None or bonuses or decides_ties

    def _most_cars(self) -> dict[Key, int]:
        """How many cars of a competitor can score in one session, by what was seen of him and of most others."""
        most: dict[Key, int] = {}
        if self._championship.subject in {"driver", "crew"}:
            return most
        for scoring in self._scorings:
            seen: dict[Key, set[Key]] = {}
            for line in scoring.lines:
                for competitor in competitors_of(self._championship, line):
                    seen.setdefault(competitor, set()).add(line.car)
            for competitor, cars in seen.items():
                most[competitor] = max(most.get(competitor, 1), len(cars))
        # Who had fewer cars so far than others have may bring as many as is usual; the rules may let fewer score.
        counts = Counter(most.values())
        usual = max(counts, key=lambda count: (counts[count], count), default=1)
        limit = self._championship.cars or max(counts, default=1)
        return {one: min(max(count, usual), limit) for one, count in most.items()}

    def _last_classes(self) -> dict[Key, str]:
        """In which class each competitor was seen last, where places are those of the classes and several count."""
        if self._championship.scope != "class" or self._championship.racing_class:
            return {}
        return {
            competitor: line.racing_class
            for scoring in self._scorings
            for line in scoring.lines
            if not line.is_guest
            for competitor in competitors_of(self._championship, line)
        }

    def _last_ratings(self) -> dict[Key, tuple[str, ...]]:
        """How the drivers of each competitor's car were rated last, where points depend on it."""
        if not self._championship.pairings:
            return {}
        return {
            competitor: line.ratings
            for scoring in self._scorings
            for line in scoring.lines
            for competitor in competitors_of(self._championship, line)
        }

    def _paired(self, *, best: bool) -> tuple[str, ...]:
        """The ratings that give most or least: who will share a car nobody knows."""
        known = [(one.factor, one.ratings) for one in self._championship.pairings]
        return (max if best else min)([*known, (Fraction(1), ())])[1]

    @cached_property
    def _newcomer(self) -> Key:
        """Somebody who has not started yet."""
        stranger = ("newcomer", "")
        if self._championship.subject != "crew":
            return stranger
        return next(iter(competitors_of(self._championship, Line(car=stranger, drivers=(stranger,)))), stranger)

    def _class(self, competitor: Key) -> str:
        return self._classes.get(competitor, self._championship.racing_class)

    def _gain(self, competitor: Key, coming: Coming) -> Decimal:
        """The most that he can win in a scoring."""
        like = self._pays_like[coming.key]
        known = self._gains.get((competitor, like))
        if known is None:
            awards = awards_in(self._championship, self._won_by(competitor, coming))
            known = sum((one.points for one in awards if one.competitor == competitor), Decimal(0))
            self._gains[competitor, like] = known
        return known

    @cached_property
    def _pays_like(self) -> dict[Key, Key]:
        """By coming scoring the last one that pays the same for everything; rounds of which something is ruled pay alone."""
        rules = self._championship
        ruled = {number for number, _one in (*rules.shares, *rules.ineligible, *rules.fastest)}
        where = [*(one.where for one in rules.scores), *(one.where for one in rules.bonuses)]
        first: dict[tuple[object, ...], Key] = {}
        return {
            one.key: first.setdefault(
                (
                    one.kind, one.checkpoint, one.tags, one.cars, one.table, one.factor, tuple(sorted(one.starters.items())),
                    one.round if one.round in ruled else None,
                    *(each.holds(kind=one.kind, checkpoint=one.checkpoint, number=one.round, tags=one.tags) for each in where),
                ),
                one.key,
            )
            for one in reversed(self._coming)
        }  # fmt: skip

    def _won_by(self, competitor: Key, coming: Coming, *mates: Key) -> Scoring:
        """The best that can happen to a competitor: first with the bonuses, and his further cars right behind."""
        count = self._cars.get(competitor, 1)
        lines = tuple(
            replace(self._line(competitor, coming, place), led=(1, 1) if place > 1 else MOST_LED)
            for place in range(1, count + 1)
        )
        if mates:
            lines = tuple(replace(line, drivers=(*line.drivers, *mates)) for line in lines)
        most = max(self._sizes(coming, self._class(competitor), count))
        return self._scoring(coming, lines, fastest=(0,), starters={self._class(competitor): most})

    def _sizes(self, coming: Coming, racing_class: str, least: int) -> list[int]:
        """How many cars may start in a class of which `least` are sure: all numbers that make a difference."""
        rule = rule_of(self._championship, coming)
        by_starters = rule.by_starters if rule is not None else None
        known = coming.starters.get(racing_class)
        if rule is None or by_starters is None or known is not None:
            return [max(known or 0, least)]
        most = max(coming.cars, least)
        if by_starters.how == "proportional":  # the part of the class that is beaten only grows or only shrinks with it
            return sorted({least, most})
        return list(range(least, max(least, min(most, len(rule.table.points))) + 1))

    def _scoring(
        self,
        coming: Coming,
        lines: tuple[Line, ...],
        *,
        fastest: tuple[int, ...] = (),
        starters: Mapping[str, int] | None = None,
    ) -> Scoring:
        return Scoring(
            coming.key,
            coming.round,
            coming.kind,
            lines,
            coming.checkpoint,
            fastest=fastest,
            tags=coming.tags,
            table=coming.table,
            factor=coming.factor,
            starters=starters or coming.starters or None,
        )

    def _line(self, competitor: Key, coming: Coming, place: int, ratings: tuple[str, ...] | None = None) -> Line:
        """A car of his at a place; without `ratings` with those that give most."""
        subject = self._championship.subject
        named = {subject: competitor} if subject not in {"driver", "crew"} else {}
        drivers = competitor if subject == "crew" and isinstance(competitor, tuple) else (competitor,)
        return Line(
            car=("coming", coming.key, competitor, place),
            drivers=drivers if subject in {"driver", "crew"} else (),
            position=place,
            class_position=place,
            racing_class=self._class(competitor),
            cups=self._cups,
            ratings=self._paired(best=True) if ratings is None else ratings,
            status=CLASSIFIED,
            **named,  # type: ignore[arg-type]
        )
