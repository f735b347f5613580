"""From results to the ledger: what each competitor is given for each scoring, and why."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from decimal import Decimal
from fractions import Fraction
from typing import Protocol

from results.points.facts import Award, Key, Line, Scoring
from results.points.rules import THOUSANDTHS, Bonus, Championship, ScoreRule, Selection, Table

CLASSIFIED = "classified"
STRUCK = frozenset({"dsq", "excluded"})  # states in which nothing that was won on the road counts
PLACE = "place"  # the cause of points for a finish
DECISION = "decision"  # the cause of points that were added or taken
MOST_OF_A_NAME = 150  # with the number it still fits where names of entrants are stored


def awards_of(championship: Championship, scorings: Iterable[Scoring]) -> list[Award]:
    """The ledger of a championship after these scorings, nothing dropped yet; in the order of the scorings."""
    scorings = list(scorings)
    ledger = [award for scoring in scorings for award in awards_in(championship, scoring)]
    return [*ledger, *adjustments_until(championship, max((scoring.round for scoring in scorings), default=0))]


def awards_in(championship: Championship, scoring: Scoring) -> list[Award]:
    """What one scoring gives: for places, then every bonus."""
    rule = rule_of(championship, scoring)
    ledger = list(_for_places(championship, rule, scoring)) if rule is not None else []
    for bonus in championship.bonuses:
        if _holds(bonus.where, scoring):
            ledger += _for_bonus(championship, bonus, scoring)
    return ledger


class Scored(Protocol):
    """What rules ask of a scoring, be it run or still to come."""

    @property
    def round(self) -> int: ...
    @property
    def kind(self) -> str: ...
    @property
    def checkpoint(self) -> str: ...
    @property
    def tags(self) -> frozenset[str]: ...
    @property
    def table(self) -> tuple[Decimal, ...] | None: ...
    @property
    def factor(self) -> Fraction | None: ...


def rule_of(championship: Championship, scoring: Scored) -> ScoreRule | None:
    """The rule by which a scoring counts, with what was decided for it alone; None where it does not count."""
    rule = championship.rule_for(
        kind=scoring.kind, checkpoint=scoring.checkpoint, number=scoring.round, tags=scoring.tags
    )
    if scoring.table is not None:
        rule = replace(rule or ScoreRule(Selection(), Table(())), table=Table(scoring.table), by_starters=None)
    if rule is not None and scoring.factor is not None:
        rule = replace(rule, factor=scoring.factor)
    return rule


def _holds(where: Selection, scoring: Scoring) -> bool:
    return where.holds(kind=scoring.kind, checkpoint=scoring.checkpoint, number=scoring.round, tags=scoring.tags)


# ------------------------------------------------------------------ places


def places_of(championship: Championship, scoring: Scoring) -> list[tuple[int, Line]]:
    """The lines that can score with the place that counts, in order: over all or in class, without who is invisible."""
    own = [line for line in scoring.lines if line.status == CLASSIFIED and _is_of_class(championship, line)]
    ranked = sorted(
        ((place, line) for line in own if (place := _place(championship, line)) is not None), key=lambda one: one[0]
    )
    # Whoever is out of the cup or invisible lets those behind move up: in his class alone where places are those of the class.
    gone: dict[str, set[int]] = defaultdict(set)
    counted = []
    for place, line in ranked:
        among = gone[line.racing_class if championship.scope == "class" else ""]
        hidden = _is_invisible(championship, scoring, line)
        if not is_in(championship, line) or (hidden and championship.moves_up):
            among.add(place)
        elif not hidden:
            counted.append((place - len(among) + (place in among), line))
    return counted


def is_in(championship: Championship, line: Line) -> bool:
    """Whether a car belongs to the class, the classes or the cup of a championship."""
    if championship.cup and championship.cup not in line.cups:
        return False
    if championship.classes and line.racing_class not in championship.classes:
        return False
    return _is_of_class(championship, line)


def _is_of_class(championship: Championship, line: Line) -> bool:
    return not championship.racing_class or line.racing_class == championship.racing_class


def _place(championship: Championship, line: Line) -> int | None:
    return line.class_position if championship.scope == "class" else line.position


def _is_invisible(championship: Championship, scoring: Scoring, line: Line) -> bool:
    if line.is_guest:
        return True
    if not championship.ineligible:
        return False
    named = {line.car, line.manufacturer, line.constructor, line.team, line.entrant, _numbered(line), *line.drivers}
    return any((scoring.round, key) in championship.ineligible for key in named)


def _for_places(championship: Championship, rule: ScoreRule, scoring: Scoring) -> Iterator[Award]:
    ranked = places_of(championship, scoring)
    share = _share(championship, scoring)
    starters = _starters(championship, scoring)
    drove = Counter((place, line.car) for place, line in ranked)
    shared = {line.car: drove[place, line.car] for place, line in ranked}
    for place, line in _counting(championship, ranked):
        factor = rule.factor * share * _pairing(championship, line)
        base = rule.by_starters.at(rule.table, place, starters[line.racing_class]) if rule.by_starters else None
        worth = base if base is not None else Fraction(rule.table.at(place))
        points = rule.rounding.of(worth * factor)
        others = shared[line.car]
        if others > 1 and (championship.subject == "driver" or championship.sharing == "none"):
            points = _shared(championship, worth * factor, others)
        for competitor in scoring_for(championship, line):
            if points or worth:
                yield Award(
                    competitor,
                    scoring.key,
                    scoring.round,
                    PLACE,
                    THOUSANDTHS.of(worth),
                    points,
                    str(factor),
                    place,
                    car=line.car,
                )


def _counting(championship: Championship, ranked: Sequence[tuple[int, Line]]) -> list[tuple[int, Line]]:
    """The lines that count for somebody: of a competitor's cars only so many as the rules allow, the best ones."""
    if championship.cars is None:
        return list(ranked)
    taken: Counter[Key] = Counter()
    counting, skipped = [], 0
    for place, line in ranked:
        competitors = competitors_of(championship, line)
        if competitors and all(taken[one] >= championship.cars for one in competitors):
            skipped += 1
            continue
        left = tuple(one for one in competitors if taken[one] < championship.cars)
        taken.update(left)
        own = _driven_by(line, left) if championship.subject == "driver" else line
        counting.append((place - skipped if championship.cars_move_up else place, own))
    return counting


def _driven_by(line: Line, drivers: Sequence[Key]) -> Line:
    """The line with these of its drivers alone. What is known of each stays beside him; of the others it comes behind, because
    partners' ratings still make the factor."""
    order = sorted(range(len(line.drivers)), key=lambda seat: line.drivers[seat] not in drivers)
    return replace(
        line,
        drivers=tuple(drivers),
        seats=(),
        seconds=tuple(line.seconds[one] for one in order if one < len(line.seconds)),
        driven=tuple(line.driven[one] for one in order if one < len(line.driven)),
        ratings=tuple(line.ratings[one] for one in order if one < len(line.ratings)),
    )


def scoring_for(championship: Championship, line: Line) -> Sequence[Key]:
    """Who scores for a line; a driver only with a rating that counts and long enough at the wheel, as far as that is known."""
    if championship.subject != "driver":
        return competitors_of(championship, line)
    return _long_enough(championship, line, graded_of(championship, line))


def graded_of(championship: Championship, line: Line) -> Sequence[Key]:
    """Whom of a line the rules know: a driver only with a rating that counts, as far as it is known."""
    competitors = competitors_of(championship, line)
    if championship.subject != "driver" or not championship.graded or line.is_ahead:
        return competitors
    ratings = dict(zip(line.drivers, line.ratings, strict=False))
    return [one for one in competitors if not ratings.get(one) or ratings[one] in championship.graded]


def _long_enough(championship: Championship, line: Line, competitors: Sequence[Key]) -> Sequence[Key]:
    """Of the drivers of a line those who were at the wheel long enough, as far as that is known."""
    if (least := championship.least_seconds) is not None:
        seconds = dict(zip(line.drivers, line.seconds, strict=False))
        competitors = [one for one in competitors if (known := seconds.get(one)) is None or known >= least]
    if (part := championship.least_part) is not None:
        driven = dict(zip(line.drivers, line.driven, strict=False))
        enough = part * (line.laps or sum(laps or 0 for laps in line.driven))
        competitors = [one for one in competitors if (laps := driven.get(one)) is None or laps >= enough]
    return competitors


def _pairing(championship: Championship, line: Line) -> Fraction:
    """The factor of the drivers' ratings."""
    own = tuple(sorted(line.ratings))
    return next((one.factor for one in championship.pairings if tuple(sorted(one.ratings)) == own), Fraction(1))


def _starters(championship: Championship, scoring: Scoring) -> Counter[str]:
    """How many cars started, by class; guests are invisible here too."""
    if scoring.starters is not None:
        return Counter(scoring.starters)
    cars = {
        (line.racing_class, line.car)
        for line in scoring.lines
        if line.has_started and not _is_invisible(championship, scoring, line)
    }
    return Counter(name for name, _car in cars)


def _share(championship: Championship, scoring: Scoring) -> Fraction:
    """The part of the points that a shortened race gives: as ruled for that round, else by its distance."""
    if scoring.kind != "race":
        return Fraction(1)
    ruled = dict(championship.shares).get(scoring.round)
    if ruled is not None or scoring.share is None:
        return ruled if ruled is not None else Fraction(1)
    run = Fraction(scoring.share)
    fitting = [one for one in championship.shortened if run < one.below]
    return min(fitting, key=lambda one: one.below).factor if fitting else Fraction(1)


def _shared(championship: Championship, exact: Fraction, drivers: int) -> Decimal:
    """What each of the drivers gets who took over one car in turn."""
    if championship.sharing == "none":
        return Decimal(0)
    if championship.sharing == "split":
        return championship.split_rounding.of(exact / drivers)
    return championship.split_rounding.of(exact)


def competitors_of(championship: Championship, line: Line) -> Sequence[Key]:
    """Who scores for a line."""
    subject = championship.subject
    if subject == "driver":
        return line.drivers if not (championship.seats and line.seats) else _seated(championship, line)
    if subject == "crew":
        return (tuple(sorted(line.drivers, key=str)),) if line.drivers else ()
    found: Key | None = getattr(line, subject)
    if championship.by_car:
        found = _numbered(line)
    return (found,) if found is not None else ()


def _seated(championship: Championship, line: Line) -> list[Key]:
    """The drivers in the seats that the rules count."""
    return [one for one, seat in zip(line.drivers, line.seats, strict=False) if seat in championship.seats]


def _numbered(line: Line) -> Key | None:
    """The car under the name of its entrant and its number: `Hertz Team JOTA #12`."""
    if not line.number or not isinstance(line.entrant, tuple):
        return line.entrant
    kind, name = line.entrant
    return kind, numbered(str(name), line.number)


def numbered(entrant: str, number: str) -> str:
    """How a table calls one car of an entrant."""
    return f"{entrant[:MOST_OF_A_NAME]} #{number}"


# ------------------------------------------------------------------ bonuses


def _for_bonus(championship: Championship, bonus: Bonus, scoring: Scoring) -> Iterator[Award]:
    lines = _winners_of_bonus(championship, bonus, scoring)
    winners = [
        (line, competitor)
        for line in lines
        for competitor in scoring_for(championship, line)
        if not _is_invisible(championship, scoring, line) and (scoring.round, competitor) not in championship.ineligible
    ]
    counted = [line for place, line in places_of(championship, scoring) if bonus.within and place <= bonus.within]
    for line, competitor in winners:
        if bonus.within is not None and line not in counted:
            continue
        exact = Fraction(bonus.points) / (len(winners) if bonus.is_split else 1)
        yield Award(
            competitor,
            scoring.key,
            scoring.round,
            bonus.cause,
            bonus.points,
            championship.split_rounding.of(exact),
            car=line.car,
        )


def _winners_of_bonus(championship: Championship, bonus: Bonus, scoring: Scoring) -> list[Line]:
    if bonus.cause == "fastest_lap":
        return _fastest(championship, scoring)
    if bonus.cause in {"laps_led", "most_led"}:
        return _leading(championship, bonus, scoring)
    ranked = places_of(championship, scoring)
    if not championship.classes:
        return [line for place, line in ranked if place == 1]
    # Classes that count together keep a pole each.
    first = {line.racing_class: place for place, line in reversed(ranked)}
    return [line for place, line in ranked if first[line.racing_class] == place]


def _fastest(championship: Championship, scoring: Scoring) -> list[Line]:
    """The lines with the fastest lap of those among which the championship counts, classified or not.

    Who is invisible has it for nobody where others move up; where they do not, his lap stays the fastest.
    """
    own = [line for line in scoring.lines if is_in(championship, line)]
    given = dict(championship.fastest).get(scoring.round)
    if given is not None:
        return [line for line in own if set(line.drivers) & set(given)][: len(given)]
    seen = [line for line in own if not (championship.moves_up and _is_invisible(championship, scoring, line))]
    best = min((line.best_ms for line in seen if line.best_ms is not None), default=None)
    if best is not None:
        return [line for line in seen if line.best_ms == best]
    # Without times all that is known is whose lap was the fastest of all.
    fastest = [scoring.lines[index] for index in scoring.fastest]
    return [line for line in fastest if line in seen]


def _leading(championship: Championship, bonus: Bonus, scoring: Scoring) -> list[Line]:
    """The lines that led laps, or most of them, among those of the class where places are those of a class."""
    of_class = championship.scope == "class" or bool(championship.racing_class)
    own = [
        line
        for line in scoring.lines
        if is_in(championship, line)
        and line.led[of_class]
        and line.status not in STRUCK
        and not (championship.moves_up and _is_invisible(championship, scoring, line))
    ]
    if bonus.cause == "laps_led":
        return own
    # In a championship of several classes each has somebody who led most.
    best: dict[str, int] = defaultdict(int)
    among = {line.car: line.racing_class if of_class else "" for line in own}
    for line in own:
        best[among[line.car]] = max(best[among[line.car]], line.led[of_class])
    return [line for line in own if line.led[of_class] == best[among[line.car]]]


def adjustments_until(championship: Championship, last: int) -> Iterator[Award]:
    """Points added or taken by decisions up to a round."""
    for one in championship.adjustments:
        if one.after <= last:
            yield Award(
                one.competitor,
                ("adjustment", one.key),
                one.after,
                DECISION,
                one.points,
                one.points,
                reason=one.reason,
            )
