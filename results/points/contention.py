"""A title race at one moment: who stays ahead of whom in the completion of the season that is worst for him.

More points never harm, so no completion is worse than that he scores nothing any more and the other has the best place and
every bonus each time; and each rival can be looked at alone, for what the others do can only take points from him.
Somebody who has not started yet is a rival, too. Drivers who shared every car are one contender, and who shares a car now
is taken to share it to the end; that a driver scores with two cars is not foreseen.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal

from results.points.award import awards_in, competitors_of, rule_of
from results.points.facts import Key, Line, Scoring
from results.points.outlook import MOST_LED, Outlook
from results.points.prospects import NOWHERE, Coming, Contender, Margin
from results.points.rank import standings


class Race(Outlook):
    """What was scored so far and what lies ahead."""

    def outcome(self) -> tuple[Key | None, list[Key]]:
        """The champion, or None and those who can still be first, in the order of the table."""
        order = self.in_contention()
        if len(order) == 1 and self.is_safe(order[0]):
            return order[0], []
        return None, order

    def after_wins(self, competitor: Key, *, until: int) -> Race:
        """The race as it would be if he won everything up to that round and nobody else scored."""
        tally = self._tally.only(list(self._rows))
        for one in self._coming:
            if one.round <= until:
                tally.add(self._won_by(competitor, one))
        return Race(tally, self._scorings, [one for one in self._coming if one.round > until], self._gains)

    def can_be_safe(self, competitor: Key, *, until: int) -> bool:
        """False where points alone say that he cannot have the title by that round, though he wins everything."""
        mine = self._rows.get(competitor)
        if self._championship.drops or mine is None or mine.position is None:
            return True
        won = mine.points + sum(self._gain(competitor, one) for one in self._coming if one.round <= until)
        later = [one for one in self._coming if one.round > until]
        return all(
            self._rows[other].points + sum(self._gain(other, one) for one in later) <= won
            for other in self._inside
            if other != competitor and not self._share_a_car(competitor, other)
        )

    # -- what a reader plays through

    @property
    def coming(self) -> Sequence[Coming]:
        """The scorings ahead that this championship counts."""
        return self._coming

    def cars_of(self, competitor: Key) -> int:
        """How many cars of a competitor can score in one session; 1 for drivers and crews."""
        return self._cars.get(competitor, 1)

    def together(self, order: Sequence[Key]) -> list[tuple[Key, ...]]:
        """These contenders, those in one tuple who sit in one car: they can only finish together."""
        cars: list[tuple[Key, ...]] = []
        for one in order:
            crew = self.crews.get(one, (one,))
            mates = next((at for at, car in enumerate(cars) if self._share_a_car(car[0], one)), None)
            if mates is None:
                cars.append(crew)
            else:
                cars[mates] += tuple(who for who in crew if who not in cars[mates])
        return cars

    def worth_places(self, coming: Coming) -> int:
        """The last place worth telling apart: one behind the last that gives points, as far as there are cars."""
        return self._paid(coming)

    def unpaid(self, coming: Coming) -> int | None:
        """The first place that gives no points, None where every car gets some."""
        return self._unpaid(coming)

    def finish(
        self, coming: Coming, cars: Sequence[tuple[tuple[Key, ...], int]], fastest: int | None = None
    ) -> Scoring:
        """A scoring ahead in which these came in at these places, NOWHERE for not at all; others may stand between.

        `fastest` is the index of the car with the fastest lap, None for somebody else's.
        """
        order = sorted(range(len(cars)), key=lambda at: (cars[at][1] == NOWHERE, cars[at][1]))
        lines = tuple(self._car(coming, *cars[at]) for at in order)
        return self._scoring(coming, lines, fastest=(order.index(fastest),) if fastest is not None else ())

    def after(self, played: Sequence[Scoring]) -> Race:
        """The race after these, the first of those ahead, by the rules that are known now."""
        tally = self._tally.only(list(self._rows))
        for scoring in played:
            tally.add(scoring)
        return Race(tally, [*self._scorings, *played], self._coming[len(played) :], self._gains)

    def is_ahead(self, competitor: Key, rival: Key, further: Sequence[Scoring]) -> bool:
        """Whether he is strictly ahead of a rival after these scorings."""
        return self._is_ahead(competitor, rival, further)

    def _car(self, coming: Coming, who: tuple[Key, ...], place: int) -> Line:
        line = self._line(who[0], coming, place, self._ratings.get(who[0], ()))
        if self._championship.subject == "driver":
            line = replace(line, drivers=who)
        return line if place else replace(line, position=None, class_position=None, status="dnf")

    # -- completions

    def in_contention(self) -> list[Key]:
        """Who can still be first, in the order of the table."""
        found: list[Key] = []
        for one in self._inside:
            if not found or self._can_pass(one, found):
                found.append(one)
        return found

    def _can_pass(self, competitor: Key, better: Sequence[Key]) -> bool:
        """Whether he is ahead of, or level with, everybody who can be first if he wins all and they score nothing."""
        return all(not self._stays_ahead(one, competitor, ()) for one in better)

    def is_safe(self, competitor: Key) -> bool:
        """Whether nobody can pass him any more."""
        return all(self._stays_ahead(competitor, other, ()) for other in self._rivals(competitor))

    def _rivals(self, competitor: Key) -> list[Key]:
        """Everybody else who can be ahead of him at the end."""
        others = [one for one in self._inside if one != competitor]
        return [*others, self._newcomer] if self._coming else others

    def _stays_ahead(self, competitor: Key, rival: Key, first: Sequence[Scoring]) -> bool:
        """Whether he is strictly ahead of a rival who wins everything from here on; `first` are scorings given already."""
        if self._share_a_car(competitor, rival):
            return self._is_ahead(competitor, rival, [self._won_by(rival, one, competitor) for one in self._coming])
        known = self._by_points(competitor, rival, first)
        if known is not None:
            return known
        ahead = self._coming[len(first) :]
        return self._is_ahead(competitor, rival, [*first, *(self._won_by(rival, one) for one in ahead)])

    def _by_points(self, competitor: Key, rival: Key, first: Sequence[Scoring]) -> bool | None:
        """Whether points alone say that he stays ahead, or does not; None where more has to be asked."""
        mine, its = self._rows.get(competitor), self._rows.get(rival)
        if mine is None or mine.position is None:
            return None
        most = sum((self._gain(rival, one) for one in self._coming[len(first) :]), Decimal(0))
        had = its.gross if its is not None else Decimal(0)
        if not first and mine.points > had + most:  # what the rival drops counts here, and still he has fewer
            return True
        lead = self._lead(competitor, rival, first)
        return None if lead is None or lead == most else lead > most

    def _is_ahead(self, competitor: Key, rival: Key, further: Sequence[Scoring]) -> bool:
        lead = self._lead(competitor, rival, further)
        if lead:
            return lead > 0
        tally = self._tally.only({competitor, rival})
        for scoring in further:
            tally.add(scoring)
        places = {one.competitor: one for one in standings(tally)}
        mine, its = places.get(competitor), places.get(rival)
        if mine is None or mine.position is None:
            return False
        return its is None or its.position is None or mine.position < its.position

    def _lead(self, competitor: Key, rival: Key, further: Sequence[Scoring]) -> Decimal | None:
        """By how many points he is ahead then; None where more than points has to be asked: drops, exclusions, newcomers."""
        mine, its = self._rows.get(competitor), self._rows.get(rival)
        if self._championship.drops or mine is None or its is None or mine.position is None or its.position is None:
            return None
        lead = mine.points - its.points
        for scoring in further:
            for award in awards_in(self._championship, scoring):
                lead += award.points if award.competitor == competitor else -award.points
        return lead

    # -- what is enough

    def contender(self, competitor: Key, order: Sequence[Key]) -> Contender:
        """What a contender needs in the next scoring."""
        close = [one for one in self._rivals(competitor) if not self._stays_ahead(competitor, one, ())]
        others = [one for one in order if one != competitor and not self._share_a_car(competitor, one)]
        is_last = len(self._coming) == 1
        against = {rival: self._duel(competitor, rival) for rival in others} if is_last else {}
        margins = {rival: self._margin(competitor, rival) for rival in others} if not is_last else {}
        unpaid = self._unpaid(self._coming[0]) if self._coming else None
        return Contender(competitor, self._alone(competitor, close), against, unpaid, margins)

    def _margin(self, competitor: Key, rival: Key) -> Margin:
        mine, its = (self._rows[one].points if one in self._rows else Decimal(0) for one in (competitor, rival))
        left = [sum((self._gain(one, coming) for coming in self._coming), Decimal(0)) for one in (competitor, rival)]
        return Margin(mine - its, *left)

    def _alone(self, competitor: Key, close: Sequence[Key]) -> int | None:
        """The worst place in the next scoring that keeps everybody behind, whatever follows."""
        if not self._coming:
            return None
        worst = None
        for place in range(1, self._paid(self._coming[0]) + 1):
            if not all(
                self._stays_ahead(competitor, rival, [scoring])
                for rival in close
                for scoring in self._next(competitor, place, rival, 0)
            ):
                break
            worst = place
        return worst

    def _unpaid(self, coming: Coming) -> int | None:
        """The first place that gives no points, None where every car gets some."""
        rule = rule_of(self._championship, coming)
        if rule is None:
            return 1
        if rule.table.rest or rule.by_starters or len(rule.table.points) >= coming.cars:
            return None
        return len(rule.table.points) + 1

    def _paid(self, coming: Coming) -> int:
        """The last place that is worth looking at: one behind the last that gives points, as far as there are cars."""
        rule = rule_of(self._championship, coming)
        if rule is not None and rule.by_starters is not None and rule.by_starters.how == "proportional":
            return coming.cars
        paid = len(rule.table.points) if rule else 1
        return min(coming.cars, paid + 1)

    def _next(self, competitor: Key, place: int, rival: Key, its: int) -> list[Scoring]:
        """The next scoring with both at a place; a rival without a place of his own takes the best that is left.

        Every bonus goes to the rival if he scores, for a place must be enough without any luck. More than one where it
        matters how many start in a class and nobody knows.
        """
        coming = self._coming[0]
        lines = [self._line(competitor, coming, place, self._paired(best=False))]
        count = self._cars.get(rival, 1)
        apart = self._class(competitor) != self._class(rival)
        free = [one for one in range(1, count + 3) if one != place or apart]
        taken = [its] if its else free[:count]
        lines += [replace(self._line(rival, coming, one), led=MOST_LED) for one in taken]
        lines.sort(key=lambda line: line.position or 0)
        fastest = next(index for index, line in enumerate(lines) if rival in competitors_of(self._championship, line))
        own = self._sizes(coming, self._class(competitor), place if apart else max(place, *taken))
        others = self._sizes(coming, self._class(rival), max(taken)) if apart else [0]
        return [
            self._scoring(
                coming,
                tuple(lines),
                fastest=(fastest,),
                starters={self._class(rival): its_size or size, self._class(competitor): size},
            )
            for size in own
            for its_size in others
        ]

    def _duel(self, competitor: Key, rival: Key) -> dict[int, int | None]:
        """By the rival's place in the last scoring, the worst own place that is enough against him."""
        last = self._paid(self._coming[0])
        needed: dict[int, int | None] = {}
        worst: int | None = None
        for its in range(1, last + 1):
            worst = needed[its] = self._enough(competitor, rival, its, last, worst)
            if worst == NOWHERE:
                break
        return needed

    def _enough(self, competitor: Key, rival: Key, its: int, last: int, known: int | None) -> int | None:
        """The worst own place that is enough; `known` was enough when the rival was a place better."""
        coming, apart = self._coming[0], self._class(competitor) != self._class(rival)
        most = max(self._sizes(coming, self._class(rival), its))
        line = replace(self._line(rival, coming, its), led=MOST_LED)
        without = self._scoring(coming, (line,), fastest=(0,), starters={self._class(rival): most})
        if self._is_ahead(competitor, rival, [without]):
            return NOWHERE
        worst = its - 1 or None if known == its and not apart else known
        for place in range((known or 0) + 1, last + 1):
            if place == its and not apart:
                continue
            if not all(self._is_ahead(competitor, rival, [one]) for one in self._next(competitor, place, rival, its)):
                break
            worst = place
        return worst
