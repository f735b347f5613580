"""Scorings that lie ahead as they may end: somebody wins all there is, or two are at places that are asked for. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from decimal import Decimal
from fractions import Fraction
from functools import cached_property
from itertools import combinations_with_replacement, product

from results.points.award import CLASSIFIED, awards_in, competitors_of, rule_of
from results.points.facts import Key, Line, Scoring
from results.points.prospects import Coming
from results.points.rules import Championship
from results.points.seen import Seen

Spot = tuple[str, int]  # a class and a place among it
LAPS_LED = frozenset({"laps_led", "most_led"})  # causes of points
MOST_LED, SOME_LED = (2, 2), (1, 1)  # laps that a car led: more than any other, and fewer


def asks_more(championship: Championship, coming: Coming) -> bool:
    """Whether more than the places of a few counts in a scoring: no list and no game asks for it.

    That is laps led, every place of a qualifying, and further cars of others whose places those behind take.
    """
    if championship.cars_move_up:
        return True
    leads = any(
        one.cause in LAPS_LED
        and one.where.holds(kind=coming.kind, checkpoint=coming.checkpoint, number=coming.round, tags=coming.tags)
        for one in championship.bonuses
    )
    return leads or (coming.kind == "qualifying" and "qualifying" in championship.ties)


class Ahead:
    """How scorings ahead can end for a competitor whose habits were `seen`.

    `gains` keep the most that each can win in each, by the last of those that pay alike; that does not depend on what was
    scored.
    """

    def __init__(
        self,
        championship: Championship,
        seen: Seen,
        coming: Sequence[Coming],
        gains: dict[tuple[Key, Key], Decimal] | None,
    ) -> None:
        self._championship, self._seen, self._coming = championship, seen, coming
        # Whoever can win a cup is entered for it.
        self._cups = frozenset({championship.cup} - {""})
        self.gains: dict[tuple[Key, Key], Decimal] = {} if gains is None else gains

    def won_by(self, competitor: Key, coming: Coming, *mates: Key) -> Scoring:
        """The best that can happen to a competitor: first with the bonuses, and his further cars right behind, or first
        in other classes."""
        ways = [self._won_at(competitor, coming, spots, mates) for spots in self._spots(competitor, None)]
        return ways[0] if len(ways) == 1 else max(ways, key=lambda one: (self._points(competitor, one), _wins(one)))

    def _won_at(self, competitor: Key, coming: Coming, spots: Sequence[Spot], mates: Sequence[Key]) -> Scoring:
        lines = self._lines(competitor, coming, spots)
        if mates:
            lines = tuple(replace(line, drivers=(*line.drivers, *mates)) for line in lines)
        lines = (replace(lines[0], led=MOST_LED), *lines[1:])
        taken = _last_places(spots)
        starters = {name: max(self.sizes(coming, name, last)) for name, last in taken.items()}
        return self.scoring(coming, lines, fastest=(0,), starters=starters)

    def _spots(self, competitor: Key, other: Spot | None) -> Iterator[list[Spot]]:
        """The best places that a competitor's cars can take beside another car's: one way for each spread over classes."""
        for spread in combinations_with_replacement(self._seen.classes(competitor), self._seen.entered(competitor)):
            spots: list[Spot] = []
            for racing_class in spread:
                place = 1
                while (racing_class, place) in spots or (racing_class, place) == other:
                    place += 1
                spots.append((racing_class, place))
            yield spots

    def sizes(self, coming: Coming, racing_class: str, least: int) -> list[int]:
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

    def scoring(
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

    def _lines(self, competitor: Key, coming: Coming, spots: Sequence[Spot]) -> tuple[Line, ...]:
        """His cars at these places, each in the lead for some laps."""
        return tuple(
            replace(
                self.line(competitor, coming, place, racing_class),
                racing_class=self._seen.class_of_car(competitor, racing_class, number),
                led=SOME_LED,
            )
            for number, (racing_class, place) in enumerate(spots)
        )

    def line(
        self, competitor: Key, coming: Coming, place: int, racing_class: str, ratings: tuple[str, ...] | None = None
    ) -> Line:
        """A car of his at a place; without `ratings` with those that give most."""
        subject = self._championship.subject
        named = {subject: competitor} if subject not in {"driver", "crew"} else {}
        drivers = competitor if subject == "crew" and isinstance(competitor, tuple) else (competitor,)
        return Line(
            car=("coming", coming.key, competitor, racing_class, place),
            drivers=drivers if subject in {"driver", "crew"} else (),
            position=place,
            class_position=place,
            racing_class=self._seen.class_of_car(competitor, racing_class),
            cups=self._cups,
            ratings=self._paired(best=True) if ratings is None else ratings,
            status=CLASSIFIED,
            is_ahead=True,
            **named,  # type: ignore[arg-type]
        )

    def both_at(self, coming: Coming, competitor: Key, place: int, rival: Key, its: int) -> Iterator[Scoring]:
        """A scoring ahead with both at a place; a rival without a place of his own takes the best that are left.

        Every bonus goes to the rival if he scores, for a place must be enough without any luck. More than one where it
        matters in which class either is, or how many start in it and nobody knows.
        """
        for racing_class in self._seen.classes(competitor):
            own = (racing_class, place)
            ways = [[(name, its)] for name in self._seen.classes(rival)] if its else self._spots(rival, own)
            for spots in ways:
                yield from self._ends(coming, competitor, own, rival, spots)

    def _ends(self, coming: Coming, competitor: Key, own: Spot, rival: Key, spots: Sequence[Spot]) -> Iterator[Scoring]:
        """A scoring ahead with both at these places, for each number of starters that makes a difference."""
        lines = [self.line(competitor, coming, own[1], own[0], self._paired(best=False))]
        lines += [replace(line, led=MOST_LED) for line in self._lines(rival, coming, spots)]
        if self._championship.classes and own[1] > 1:  # the pole of his class may be somebody else's
            lines.append(Line("somebody", (), 1, 1, lines[0].racing_class, cups=self._cups))
        lines.sort(key=lambda line: line.position or 0)
        fastest = next(index for index, line in enumerate(lines) if rival in competitors_of(self._championship, line))
        taken = _last_places([own, *spots])
        sizes = [[(name, size) for size in self.sizes(coming, name, last)] for name, last in taken.items()]
        for chosen in product(*sizes):
            yield self.scoring(coming, tuple(lines), fastest=(fastest,), starters=dict(chosen))

    def gain(self, competitor: Key, coming: Coming) -> Decimal:
        """The most that he can win in a scoring."""
        like = self._pays_like[coming.key]
        known = self.gains.get((competitor, like))
        if known is None:
            known = self._points(competitor, self.won_by(competitor, coming))
            self.gains[competitor, like] = known
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

    def _points(self, competitor: Key, scoring: Scoring) -> Decimal:
        awards = awards_in(self._championship, scoring)
        return sum((one.points for one in awards if one.competitor == competitor), Decimal(0))

    def unpaid(self, coming: Coming) -> int | None:
        """The first place that gives no points, None where every car gets some."""
        rule = rule_of(self._championship, coming)
        if rule is None:
            return 1
        if rule.table.rest or rule.by_starters or len(rule.table.points) >= coming.cars:
            return None
        return len(rule.table.points) + 1

    def paid(self, coming: Coming) -> int:
        """The last place that is worth looking at: one behind the last that gives points, as far as there are cars."""
        rule = rule_of(self._championship, coming)
        if rule is not None and rule.by_starters is not None and rule.by_starters.how == "proportional":
            return coming.cars
        paid = len(rule.table.points) if rule else 1
        return min(coming.cars, paid + 1)

    def _paired(self, *, best: bool) -> tuple[str, ...]:
        """The ratings that give most or least: who will share a car nobody knows."""
        known = [(one.factor, one.ratings) for one in self._championship.pairings]
        return (max if best else min)([*known, (Fraction(1), ())])[1]

    @cached_property
    def newcomer(self) -> Key:
        """Somebody who has not started yet."""
        stranger = ("newcomer", "")
        if self._championship.subject != "crew":
            return stranger
        return next(iter(competitors_of(self._championship, Line(car=stranger, drivers=(stranger,)))), stranger)


def _last_places(spots: Sequence[Spot]) -> dict[str, int]:
    """By class the last place that is taken in it."""
    last: dict[str, int] = {}
    for racing_class, place in spots:
        last[racing_class] = max(last.get(racing_class, 0), place)
    return last


def _wins(scoring: Scoring) -> int:
    return sum(line.class_position == 1 for line in scoring.lines)
