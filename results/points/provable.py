"""Whether more is never worse by the rules: only then is the best that can happen to somebody known without trying all."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import pairwise

from results.points.award import rule_of
from results.points.prospects import Coming
from results.points.rules import Championship, ScoreRule


def is_provable(championship: Championship, coming: Iterable[Coming]) -> bool:
    """False where a better place may give less, a bonus takes points, or starting once more makes rounds drop.

    Whoever may start or stay away, win or hold back would have to be tried in every way there is.
    """
    rules = (rule_of(championship, one) for one in coming)
    return (
        all(one.if_started is None or one.best >= one.if_started - 1 for one in championship.drops)
        and all(one.points >= 0 for one in championship.bonuses)
        and all(rule is None or _rewards_places(rule) for rule in rules)
    )


def _rewards_places(rule: ScoreRule) -> bool:
    worth = [*rule.table.points, rule.table.rest]
    full = rule.by_starters.full if rule.by_starters is not None else 0
    return (
        rule.factor >= 0 and full >= 0 and worth[-1] >= 0 and all(better >= worse for better, worse in pairwise(worth))
    )
