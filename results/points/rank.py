"""Who stands where: totals, and what decides where they are level."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from itertools import groupby

from results.points.drop import with_drops
from results.points.facts import Award, Key, Scoring
from results.points.rules import Championship, Exclusion
from results.points.tally import Finishes, Tally

# A place nobody has: behind every place there is.
NO_PLACE = (10_000, 0)
# Behind the first race, where races are counted backwards.
BEFORE_THE_FIRST = (0, 0)


@dataclass(frozen=True, slots=True)
class Standing:
    """A line of a table. `position` is None for who is excluded, `printed` then stands for it.

    `points` count, `gross` are all that were won, `dropped` what of them does not count. `is_tied`: shares the position.
    """

    competitor: Key
    position: int | None
    points: Decimal
    gross: Decimal
    dropped: Decimal
    is_tied: bool
    awards: tuple[Award, ...]
    printed: str = ""
    wins: int = 0


def table_of(championship: Championship, scorings: Iterable[Scoring]) -> list[Standing]:
    """The table after these scorings, in order."""
    tally = Tally(championship)
    for scoring in scorings:
        tally.add(scoring)
    return standings(tally)


def tables_of(championship: Championship, scorings: Iterable[Scoring]) -> dict[int, list[Standing]]:
    """The table after each round that was scored, by its number; scorings in the order of the season."""
    tally, tables = Tally(championship), {}
    for number, group in groupby(scorings, key=lambda scoring: scoring.round):
        for scoring in group:
            tally.add(scoring)
        tables[number] = standings(tally)
    return tables


def standings(tally: Tally) -> list[Standing]:
    """The table that a tally gives, in order."""
    championship, last = tally.championship, tally.last
    ledger, finishes = tally.ledger(), tally.finishes()
    excluded = {one.competitor: one for one in championship.exclusions if one.printed and one.since <= max(last, 1)}
    unpaid = [one for one, found in finishes.items() if found.every or championship.lists == "starters"]
    listed = list(dict.fromkeys([*ledger, *(unpaid if championship.lists != "scorers" else ())]))
    rows = []
    for competitor in listed:
        awards = _standing_awards(championship, competitor, ledger.get(competitor, []), last)
        started = finishes.get(competitor, Finishes()).started
        rows.append((competitor, tuple(with_drops(awards, championship.drops, started=started))))
    return _ranked(championship, rows, finishes, excluded)


def _standing_awards(championship: Championship, competitor: Key, awards: Sequence[Award], last: int) -> list[Award]:
    """What of it was not taken away: an annulment counts from the round after which it was ruled."""
    in_force = [until for until, since in annulments(championship, competitor) if last >= since]
    return [award for award in awards if award.round > max(in_force, default=-1)]


def annulments(championship: Championship, competitor: Key) -> list[tuple[int, int]]:
    """Up to which round somebody's points are annulled, and from which table on: every such ruling, the first one first."""
    found = [
        (one.until, one.since)
        for one in championship.exclusions
        if one.competitor == competitor and one.until is not None
    ]
    return sorted(found, key=lambda one: one[1])


def _ranked(
    championship: Championship,
    rows: Sequence[tuple[Key, tuple[Award, ...]]],
    finishes: Mapping[Key, Finishes],
    excluded: Mapping[Key, Exclusion],
) -> list[Standing]:
    def total(awards: Iterable[Award]) -> Decimal:
        return sum((one.points for one in awards if not one.is_dropped), Decimal(0))

    def key(row: tuple[Key, tuple[Award, ...]]) -> tuple[object, ...]:
        own = finishes.get(row[0], Finishes())
        return (-total(row[1]), *(TIES[name](own) for name in championship.ties))

    every = championship.lists != "scorers"
    inside = [row for row in rows if row[0] not in excluded and (every or any(one.points for one in row[1]))]
    inside.sort(key=key)
    table, place = [], 1
    for _level, group in groupby(inside, key=key):
        level = list(group)
        for competitor, awards in level:
            table.append(_line(competitor, awards, finishes, place, is_tied=len(level) > 1))
        place += len(level)
    for competitor, one in excluded.items():
        awards = next((found for name, found in rows if name == competitor), ())
        line = _line(competitor, awards, finishes, None, is_tied=False)
        table.append(replace(line, points=Decimal(0), dropped=line.gross, printed=one.printed))
    return table


def _line(
    competitor: Key, awards: tuple[Award, ...], finishes: Mapping[Key, Finishes], place: int | None, *, is_tied: bool
) -> Standing:
    points = sum((one.points for one in awards if not one.is_dropped), Decimal(0))
    gross = sum((one.points for one in awards), Decimal(0))
    wins = sum(found == 1 for _round, found in finishes.get(competitor, Finishes()).every)
    return Standing(competitor, place, points, gross, gross - points, is_tied, awards, wins=wins)


# ------------------------------------------------------------------ level on points


def _counted(finishes: Sequence[tuple[int, int]]) -> tuple[tuple[int, int], ...]:
    """Most wins first, then most second places, and so on: as a key that sorts upwards; places he never had are left out."""
    places = Counter(place for _round, place in finishes)
    return (*((place, -places[place]) for place in sorted(places)), NO_PLACE)


def _first_best(finishes: Finishes) -> tuple[tuple[int, int], ...]:
    """Who had the better best result, or had it first; then by the next best."""
    return (*sorted((place, number) for number, place in finishes.every), NO_PLACE)


def _latest(finishes: Finishes) -> tuple[tuple[int, int], ...]:
    """Who was ahead in the last race, then in the one before; who has no place in a race is behind all who have."""
    return (*sorted((-race, place) for race, place in finishes.by_race), BEFORE_THE_FIRST)


TIES = {
    "countback": lambda finishes: _counted(finishes.every),
    "countback_scoring": lambda finishes: _counted(finishes.scoring),
    "earliest": _first_best,
    "qualifying": lambda finishes: _counted(finishes.qualifying),
    "latest": _latest,
}
