"""A title race at one moment: who stays ahead of whom in the completion of the season that is worst for him.

More points never harm, so no completion is worse than that he scores nothing any more and the other has the best place and
every bonus each time; and each rival can be looked at alone, for what the others do can only take points from him.
Somebody who has not started yet is a rival, too. Drivers who shared every car are one contender, and who shares a car now
is taken to share it to the end. Who had two cars in one scoring may win with the one and be second with the other, or win
two classes, and is then no one's partner.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal

from results.points.ahead import MOST_LED, Ahead
from results.points.award import awards_in, competitors_of, rule_of
from results.points.facts import Key, Line, Scoring
from results.points.prospects import NOWHERE, Coming, Contender, Margin
from results.points.provable import is_provable
from results.points.rank import Standing, standings
from results.points.seen import Seen
from results.points.tally import Tally
from results.points.totals import Totals


class Race:
    """What was scored so far and what lies ahead."""

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
        self._seen = Seen(tally.championship, scorings)
        self.is_provable = not self._coming or is_provable(tally.championship, self._coming)
        self._totals = Totals(
            tally.championship, {who: row.awards for who, row in self._rows.items()}, tally.rounds_started()
        )
        self._ahead = Ahead(tally.championship, self._seen, self._coming, gains)
        # No round drops and none is annulled: every point that is won counts.
        self._is_plain = not tally.championship.drops and not tally.championship.exclusions
        self._most: dict[tuple[Key, int, Key], Decimal] = {}

    def outcome(self) -> tuple[Key | None, list[Key]]:
        """The champion, or None and those who can still be first, in the order of the table.

        While rules do not let it be told, everybody can.
        """
        if not self.is_provable:
            return None, list(self._inside)
        order = self.in_contention()
        if len(order) == 1 and self.is_safe(order[0]):
            return order[0], []
        return None, order

    def _crews(self) -> dict[Key, tuple[Key, ...]]:
        """Drivers who sat in one car in every scoring and won the same in it, by the first of them in the table."""
        together: dict[tuple[object, ...], list[Key]] = {}
        for one in self.table:
            if one.competitor in self._seats and one.position is not None:
                won = tuple((at.round, at.cause, at.points) for at in one.awards)
                together.setdefault((self._seats[one.competitor], won), []).append(one.competitor)
        return {crew[0]: tuple(crew) for crew in together.values() if len(crew) > 1}

    def _share_a_car(self, one: Key, other: Key) -> bool:
        """Whether both sat in one car, and only in that, when either was last seen, and score in it alike."""
        rules = self._championship
        can_differ = rules.least_seconds is not None or rules.least_part is not None or rules.graded or rules.seats
        if can_differ or self.cars_of(one) > 1 or self.cars_of(other) > 1:
            return False
        mine, its = self._seats.get(one), self._seats.get(other)
        return bool(mine and its and mine[-1] == its[-1])

    def after_wins(self, competitor: Key, *, until: int) -> Race:
        """The race as it would be if he won everything up to that round and nobody else scored."""
        tally = self._tally.only(list(self._rows))
        for one in self._coming:
            if one.round <= until:
                tally.add(self._ahead.won_by(competitor, one))
        return Race(tally, self._scorings, [one for one in self._coming if one.round > until], self._ahead.gains)

    def can_be_safe(self, competitor: Key, *, until: int) -> bool:
        """False where points alone say that he cannot have the title by that round, though he wins everything."""
        mine = self._rows.get(competitor)
        if mine is None or mine.position is None:
            return True
        won = self._won(competitor, [one for one in self._coming if one.round <= until])
        later = [one for one in self._coming if one.round > until]
        return all(
            self._won(other, later) <= won
            for other in self._inside
            if other != competitor and not self._share_a_car(competitor, other)
        )

    # -- what a reader plays through

    @property
    def coming(self) -> Sequence[Coming]:
        """The scorings ahead that this championship counts."""
        return self._coming

    def cars_of(self, competitor: Key) -> int:
        """How many cars of a competitor can score in one session."""
        return self._seen.cars(competitor)

    def class_of(self, competitor: Key) -> str:
        """The class among which his places count, as it was seen last; empty where places are those of all."""
        return self._seen.classes(competitor)[-1]

    def is_apart(self, one: Key, other: Key) -> bool:
        """Whether their places are those of different classes, so that both can have the same."""
        return self.class_of(one) != self.class_of(other)

    def knows_starters(self, competitors: Sequence[Key], coming: Sequence[Coming]) -> bool:
        """Whether it is known how many start in their classes in these, wherever points depend on it."""
        return all(
            (rule := rule_of(self._championship, one)) is None
            or rule.by_starters is None
            or all(racing_class in one.starters for who in competitors for racing_class in self._seen.classes(who))
            for one in coming
        )

    def can_be_played(self, competitors: Sequence[Key], coming: Sequence[Coming]) -> bool:
        """Whether a place for each car says what follows: nobody drives for two crews, or in two classes, and it is
        known how many start where points depend on it."""
        is_plain = all(
            len(self._seen.classes(one)) == 1 and (self._championship.subject != "driver" or self.cars_of(one) == 1)
            for one in competitors
        )
        return is_plain and self.knows_starters(competitors, coming)

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
        return self._ahead.paid(coming)

    def unpaid(self, coming: Coming) -> int | None:
        """The first place that gives no points, None where every car gets some."""
        return self._ahead.unpaid(coming)

    def finish(
        self, coming: Coming, cars: Sequence[tuple[tuple[Key, ...], int]], fastest: int | None = None
    ) -> Scoring:
        """A scoring ahead in which these came in at these places, NOWHERE for not at all; others may stand between.

        `fastest` is the index of the car with the fastest lap, None for somebody else's.
        """
        order = sorted(range(len(cars)), key=lambda at: (cars[at][1] == NOWHERE, cars[at][1]))
        lines = tuple(self._car(coming, *cars[at]) for at in order)
        return self._ahead.scoring(coming, lines, fastest=(order.index(fastest),) if fastest is not None else ())

    def after(self, played: Sequence[Scoring]) -> Race:
        """The race after these, the first of those ahead, by the rules that are known now."""
        tally = self._tally.only(list(self._rows))
        for scoring in played:
            tally.add(scoring)
        return Race(tally, [*self._scorings, *played], self._coming[len(played) :], self._ahead.gains)

    def is_ahead(self, competitor: Key, rival: Key, further: Sequence[Scoring]) -> bool:
        """Whether he is strictly ahead of a rival after these scorings."""
        return self._is_ahead(competitor, rival, further)

    def _car(self, coming: Coming, who: tuple[Key, ...], place: int) -> Line:
        line = self._ahead.line(who[0], coming, place, self.class_of(who[0]), self._seen.ratings(who[0]))
        if self._championship.subject == "driver":
            line = replace(line, drivers=who)
        return line if place else replace(line, position=None, class_position=None, status="dnf")

    def _counts(self, coming: Coming) -> bool:
        bonuses = any(
            one.where.holds(kind=coming.kind, checkpoint=coming.checkpoint, number=coming.round, tags=coming.tags)
            for one in self._championship.bonuses
        )
        decides_ties = coming.kind == "qualifying" and "qualifying" in self._championship.ties
        return rule_of(self._championship, coming) is not None or bonuses or decides_ties

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
        return [*others, self._ahead.newcomer] if self._coming else others

    def _stays_ahead(self, competitor: Key, rival: Key, first: Sequence[Scoring]) -> bool:
        """Whether he is strictly ahead of a rival who wins everything from here on; `first` are scorings given already."""
        if self._share_a_car(competitor, rival):
            return self._is_ahead(
                competitor, rival, [self._ahead.won_by(rival, one, competitor) for one in self._coming]
            )
        known = self._by_points(competitor, rival, first)
        if known is not None:
            return known
        ahead = self._coming[len(first) :]
        return self._is_ahead(competitor, rival, [*first, *(self._ahead.won_by(rival, one) for one in ahead)])

    def _by_points(self, competitor: Key, rival: Key, first: Sequence[Scoring]) -> bool | None:
        """Whether points alone say that he stays ahead, or does not; None where more has to be asked."""
        mine, its = self._rows.get(competitor), self._rows.get(rival)
        if mine is None or mine.position is None or (its is not None and its.position is None):
            return None
        if first and self._is_plain and its is not None:
            lead = self._plain_lead(mine, its, first)
            left = sum((self._ahead.gain(rival, one) for one in self._coming[len(first) :]), Decimal(0))
            return None if lead == left else lead > left
        if first:
            own = self._total(competitor, first)
            most = self._total(rival, first, self._coming[len(first) :])
        else:
            own, most = self._won(competitor, ()), self._won(rival, self._coming)
        return None if own == most else own > most

    def _won(self, competitor: Key, coming: Sequence[Coming]) -> Decimal:
        """His points if he wins these, the first or the last of those ahead, and nothing else."""
        at = (competitor, len(coming), coming[0].key if coming else None)
        known = self._most.get(at)
        if known is None:
            known = self._most[at] = self._total(competitor, (), coming)
        return known

    def _total(self, competitor: Key, given: Sequence[Scoring], won: Sequence[Coming] = ()) -> Decimal:
        """His points after scorings that are given and others that he wins."""
        points: dict[int, Decimal] = {}
        started = {one.round for one in won if rule_of(self._championship, one) is not None}
        for scoring in given:
            if rule_of(self._championship, scoring) is not None and self._is_in(competitor, scoring):
                started.add(scoring.round)
            for award in awards_in(self._championship, scoring):
                if award.competitor == competitor:
                    points[scoring.round] = points.get(scoring.round, Decimal(0)) + award.points
        for one in won:
            points[one.round] = points.get(one.round, Decimal(0)) + self._ahead.gain(competitor, one)
        return self._totals.total(competitor, points, started)

    def _is_in(self, competitor: Key, scoring: Scoring) -> bool:
        return any(competitor in competitors_of(self._championship, line) for line in scoring.lines)

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
        """By how many points he is ahead then; None where more than points has to be asked: exclusions, newcomers."""
        mine, its = self._rows.get(competitor), self._rows.get(rival)
        if mine is None or its is None or mine.position is None or its.position is None:
            return None
        if self._is_plain:
            return self._plain_lead(mine, its, further)
        return self._total(competitor, further) - self._total(rival, further)

    def _plain_lead(self, mine: Standing, its: Standing, further: Sequence[Scoring]) -> Decimal:
        """The same where every point that is won counts: each scoring is asked once for both."""
        lead = mine.points - its.points
        for scoring in further:
            for award in awards_in(self._championship, scoring):
                if award.competitor == mine.competitor:
                    lead += award.points
                elif award.competitor == its.competitor:
                    lead -= award.points
        return lead

    # -- what is enough

    def contender(self, competitor: Key, order: Sequence[Key]) -> Contender:
        """What a contender needs in the next scoring."""
        is_last = len(self._coming) == 1
        if not self.is_provable:
            return Contender(competitor, None, {}, is_last=is_last, is_known=False)
        close = [one for one in self._rivals(competitor) if not self._stays_ahead(competitor, one, ())]
        others = [one for one in order if one != competitor and not self._share_a_car(competitor, one)]
        # Places of two cars would have to be told at once, also where those of a third one let others move up.
        is_told = is_last and not self._championship.cars_move_up
        told = [one for one in others if is_told and self.cars_of(one) == self.cars_of(competitor) == 1]
        against = {rival: self._duel(competitor, rival) for rival in told}
        margins = {rival: self._margin(competitor, rival) for rival in others if rival not in against}
        unpaid = self._ahead.unpaid(self._coming[0]) if self._coming else None
        return Contender(competitor, self._alone(competitor, close), against, unpaid, margins, is_last=is_last)

    def _margin(self, competitor: Key, rival: Key) -> Margin:
        mine, its = (self._rows[one].points if one in self._rows else Decimal(0) for one in (competitor, rival))
        left = [
            sum((self._ahead.gain(one, coming) for coming in self._coming), Decimal(0)) for one in (competitor, rival)
        ]
        return Margin(mine - its, *left)

    def _alone(self, competitor: Key, close: Sequence[Key]) -> int | None:
        """The worst place in the next scoring that keeps everybody behind, whatever follows."""
        if not self._coming:
            return None
        worst = None
        for place in range(1, self._ahead.paid(self._coming[0]) + 1):
            if not all(
                self._stays_ahead(competitor, rival, [scoring])
                for rival in close
                for scoring in self._ahead.both_at(self._coming[0], competitor, place, rival, 0)
            ):
                break
            worst = place
        return worst

    def _duel(self, competitor: Key, rival: Key) -> dict[int, int | None]:
        """By the rival's place in the last scoring, the worst own place that is enough against him."""
        last = self._ahead.paid(self._coming[0])
        needed: dict[int, int | None] = {}
        worst: int | None = None
        for its in range(1, last + 1):
            worst = needed[its] = self._enough(competitor, rival, its, last, worst)
            if worst == NOWHERE:
                break
        return needed

    def _enough(self, competitor: Key, rival: Key, its: int, last: int, known: int | None) -> int | None:
        """The worst own place that is enough; `known` was enough when the rival was a place better."""
        coming, apart, its_class = self._coming[0], self.is_apart(competitor, rival), self.class_of(rival)
        most = max(self._ahead.sizes(coming, its_class, its))
        line = replace(self._ahead.line(rival, coming, its, its_class), led=MOST_LED)
        without = self._ahead.scoring(coming, (line,), fastest=(0,), starters={its_class: most})
        if self._is_ahead(competitor, rival, [without]):
            return NOWHERE
        worst = its - 1 or None if known == its and not apart else known
        for place in range((known or 0) + 1, last + 1):
            if place == its and not apart:
                continue
            if not all(
                self._is_ahead(competitor, rival, [one])
                for one in self._ahead.both_at(self._coming[0], competitor, place, rival, its)
            ):
                break
            worst = place
        return worst
