"""Who is champion, who can still be, and what is enough: exact, with every table, bonus, drop and tie rule."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from itertools import groupby

from results.points.contention import Race
from results.points.facts import Key, Scoring
from results.points.prospects import Coming, Contender, Title
from results.points.rules import Championship
from results.points.tally import Tally


def race_of(championship: Championship, scorings: Sequence[Scoring], coming: Sequence[Coming]) -> Race:
    """The title race after these scorings with those ahead, by the rules as they could be known then."""
    return Race(_tally(championship, scorings), scorings, coming)


def title_of(
    championship: Championship, scorings: Sequence[Scoring], coming: Sequence[Coming], *, details: bool = True
) -> Title:
    """How the title stands after these scorings with those ahead. Without `details` contenders have only their names."""
    return title_from(_tally(championship, scorings), scorings, coming, details=details)


def title_from(tally: Tally, scorings: Sequence[Scoring], coming: Sequence[Coming], *, details: bool = True) -> Title:
    """The same from a tally of these scorings that lists everybody who has started."""
    race = Race(tally, scorings, coming)
    champion, order = race.outcome()
    if champion is not None or not details:
        return Title(champion, tuple(Contender(one, None, {}) for one in order), race.crews)
    return Title(None, tuple(race.contender(one, order) for one in order), race.crews)


def decided_after(
    championship: Championship, scorings: Sequence[Scoring], coming: Sequence[Coming] = ()
) -> tuple[Key, int] | None:
    """The champion and the round after which he could not be caught; None while the title is open."""
    rounds = sorted({scoring.round for scoring in scorings})
    planned = [*(_planned(one) for one in scorings), *coming]
    decided = None
    for number in reversed(rounds):
        ahead = [one for one in planned if one.round > number]
        title = title_of(championship, [one for one in scorings if one.round <= number], ahead, details=False)
        if title.champion is None:
            break
        decided = (title.champion, number)
    return decided


def earliest_decision(
    championship: Championship, scorings: Sequence[Scoring], coming: Sequence[Coming]
) -> tuple[int, tuple[Key, ...]] | None:
    """The first round to come after which the title can be decided, and for whom; None where it is, or nothing comes.

    Nobody can have it sooner than by winning everything while the others score nothing.
    """
    race = race_of(championship, scorings, coming)
    champion, order = race.outcome()
    return earliest_of(race, order) if champion is None else None


def earliest_of(race: Race, order: Sequence[Key]) -> tuple[int, tuple[Key, ...]] | None:
    """`earliest_decision` of a race that is open between these."""
    for number, _scorings in groupby(race.coming, key=lambda one: one.round):
        could = tuple(
            one
            for one in order
            if race.can_be_safe(one, until=number) and race.after_wins(one, until=number).outcome()[0] == one
        )
        if could:
            return number, could
    return None


def _tally(championship: Championship, scorings: Sequence[Scoring]) -> Tally:
    """What was scored, by the rules as they could be known then."""
    tally = Tally(as_known(championship, after=max((one.round for one in scorings), default=0)))
    for scoring in scorings:
        tally.add(scoring)
    return tally


def as_known(championship: Championship, *, after: int) -> Championship:
    """The rules as title arithmetic reads them: what was known after a round, and everybody listed who has started.

    For who has no points yet may still win.
    """
    return replace(championship.known_after(after), lists="starters")


def _planned(scoring: Scoring) -> Coming:
    return Coming(
        scoring.key,
        scoring.round,
        scoring.kind,
        scoring.checkpoint,
        scoring.tags,
        table=scoring.table,
        factor=scoring.factor,
    )
