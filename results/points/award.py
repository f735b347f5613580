"""From results to the ledger: what each competitor is given for each scoring, and why."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from decimal import Decimal
from fractions import Fraction

from results.points.facts import Award, Key, Line, Scoring
from results.points.rules import Bonus, Championship, ScoreRule, Selection

CLASSIFIED = "classified"


def awards_of(championship: Championship, scorings: Iterable[Scoring]) -> list[Award]:
    """The ledger of a championship after these scorings, nothing dropped yet; in the order of the scorings."""
    ledger: list[Award] = []
    for scoring in scorings:
        rule = championship.rule_for(
            kind=scoring.kind, checkpoint=scoring.checkpoint, number=scoring.round, tags=scoring.tags
        )
        if rule is not None:
            ledger += _for_places(championship, rule, scoring)
        for bonus in championship.bonuses:
            if _holds(bonus.where, scoring):
                ledger += _for_bonus(championship, bonus, scoring)
    ledger += _adjusted(championship, scorings_seen(scorings))
    return ledger


def scorings_seen(scorings: Iterable[Scoring]) -> int:
    """The last round that has been scored; 0 before the first."""
    return max((scoring.round for scoring in scorings), default=0)


def _holds(where: Selection, scoring: Scoring) -> bool:
    return where.holds(kind=scoring.kind, checkpoint=scoring.checkpoint, number=scoring.round, tags=scoring.tags)


# ------------------------------------------------------------------ places


def places_of(championship: Championship, scoring: Scoring) -> list[tuple[int, Line]]:
    """The lines that can score with the place that counts, in order: over all or in class, without who is invisible."""
    own = [line for line in scoring.lines if _is_in(championship, line) and line.status == CLASSIFIED]
    ranked = sorted(
        ((place, line) for line in own if (place := _place(championship, line)) is not None), key=lambda one: one[0]
    )
    if not championship.moves_up:
        return [(place, line) for place, line in ranked if not _is_invisible(championship, scoring, line)]
    gone: set[int] = set()
    counted = []
    for place, line in ranked:
        if _is_invisible(championship, scoring, line):
            gone.add(place)
        else:
            counted.append((place - sum(one < place for one in gone), line))
    return counted


def _is_in(championship: Championship, line: Line) -> bool:
    return not championship.racing_class or line.racing_class == championship.racing_class


def _place(championship: Championship, line: Line) -> int | None:
    return line.class_position if championship.scope == "class" else line.position


def _is_invisible(championship: Championship, scoring: Scoring, line: Line) -> bool:
    if line.is_guest:
        return True
    named = {line.car, line.manufacturer, line.team, *line.drivers}
    return any((scoring.round, key) in championship.ineligible for key in named)


def _for_places(championship: Championship, rule: ScoreRule, scoring: Scoring) -> Iterator[Award]:
    ranked = places_of(championship, scoring)
    share = _share(championship, scoring)
    taken: Counter[Key] = Counter()
    shared = Counter((place, line.car) for place, line in ranked)
    for place, line in ranked:
        for competitor in competitors_of(championship, line):
            if championship.cars is not None and taken[competitor] >= championship.cars:
                continue
            taken[competitor] += 1
            base = rule.table.at(place)
            exact = Fraction(base) * rule.factor * share
            others = shared[place, line.car]
            points = rule.rounding.of(exact)
            if others > 1 and (championship.subject == "driver" or championship.sharing == "none"):
                points = _shared(championship, exact, others)
            if points or base:
                factor = rule.factor * share
                yield Award(competitor, scoring.key, scoring.round, "place", base, points, str(factor), place)


def _share(championship: Championship, scoring: Scoring) -> Fraction:
    """The part of the points that a shortened race gives."""
    return dict(championship.shares).get(scoring.round, Fraction(1)) if scoring.kind == "race" else Fraction(1)


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
        return line.drivers
    if subject == "crew":
        return (tuple(sorted(line.drivers, key=str)),) if line.drivers else ()
    found = {"team": line.team, "entrant": line.entrant, "manufacturer": line.manufacturer}[subject]
    return (found,) if found is not None else ()


# ------------------------------------------------------------------ bonuses


def _for_bonus(championship: Championship, bonus: Bonus, scoring: Scoring) -> Iterator[Award]:
    lines = _winners_of_bonus(championship, bonus, scoring)
    winners = [
        (line, competitor)
        for line in lines
        for competitor in competitors_of(championship, line)
        if not line.is_guest and (scoring.round, competitor) not in championship.ineligible
    ]
    for line, competitor in winners:
        place = _place(championship, line)
        if bonus.within is not None and (line.status != CLASSIFIED or place is None or place > bonus.within):
            continue
        exact = Fraction(bonus.points) / (len(winners) if bonus.is_split else 1)
        yield Award(
            competitor, scoring.key, scoring.round, bonus.cause, bonus.points, championship.split_rounding.of(exact)
        )


def _winners_of_bonus(championship: Championship, bonus: Bonus, scoring: Scoring) -> list[Line]:
    if bonus.cause == "fastest_lap":
        given = dict(championship.fastest).get(scoring.round)
        if given is not None:
            return [line for line in scoring.lines if set(line.drivers) & set(given)][: len(given)]
        return [scoring.lines[index] for index in scoring.fastest]
    return [line for place, line in places_of(championship, scoring) if place == 1]


def _adjusted(championship: Championship, last: int) -> Iterator[Award]:
    for one in championship.adjustments:
        if one.after <= last:
            yield Award(
                one.competitor,
                ("adjustment", one.after),
                one.after,
                "decision",
                one.points,
                one.points,
                reason=one.reason,
            )


def by_competitor(ledger: Iterable[Award]) -> Mapping[Key, list[Award]]:
    """The ledger by competitor, in the order of first appearance."""
    found: dict[Key, list[Award]] = {}
    for award in ledger:
        found.setdefault(award.competitor, []).append(award)
    return found
