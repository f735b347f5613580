"""Which decisions of the stewards stand: some were won on appeal, some taken back by a reinstatement. Pure."""

from __future__ import annotations

from collections.abc import Hashable, Iterable
from dataclasses import dataclass

from results.rulings.lines import STRIKES


@dataclass(frozen=True, slots=True)
class Verdict:
    """A decision as far as it matters whether it stands. `overturns` is the key of the one it takes back.

    `order` sorts decisions by the moment of each.
    """

    key: Hashable
    kind: str
    car: int | None
    is_appeal_won: bool = False
    overturns: Hashable | None = None
    order: tuple[float, int] = (0.0, 0)


def overturned(verdicts: Iterable[Verdict]) -> frozenset[Hashable]:
    """The keys of those that no longer stand.

    An appeal that was won ends a decision. A reinstatement that stands ends the decision it names, or, naming none,
    whatever had struck its car out of the result by then. The newest speaks first, for it may end a reinstatement.
    """
    listed = sorted(verdicts, key=lambda one: one.order)
    dead = {one.key for one in listed if one.is_appeal_won}
    for place, one in reversed(list(enumerate(listed))):
        if one.kind != "reinstated" or one.key in dead:
            continue
        if one.overturns is not None:
            dead.add(one.overturns)
        else:
            dead |= {other.key for other in listed[:place] if other.kind in STRIKES and other.car == one.car}
    return frozenset(dead)
