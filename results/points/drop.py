"""Which results count where only the best ones do."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal

from results.points.award import DECISION
from results.points.facts import Award
from results.points.rules import Drop


def with_drops(awards: Sequence[Award], drops: Sequence[Drop], *, started: int) -> list[Award]:
    """The awards of one competitor who started in so many rounds, those of his worst rounds marked as dropped.

    A round counts with all its awards or with none. Of equal rounds the earlier one counts. Decisions never drop.
    """
    drops = [drop for drop in drops if drop.if_started is None or started >= drop.if_started]
    if not drops:
        return list(awards)
    rounds: dict[int, Decimal] = {}
    for award in awards:
        if award.cause != DECISION:
            rounds[award.round] = rounds.get(award.round, Decimal(0)) + award.points
    dropped: set[int] = set()
    for drop in drops:
        mine = sorted((number for number in rounds if drop.holds(number)), key=lambda number: (-rounds[number], number))
        dropped |= set(mine[drop.best :])
    return [
        replace(award, is_dropped=True) if award.round in dropped and award.cause != DECISION else award
        for award in awards
    ]
