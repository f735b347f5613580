"""When championships are computed: in the transaction of every act that changes what they stand on.

Whoever does much in one transaction wraps it in `gathering()`: then each season is computed once, at its end.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

from results.standings.compute import compute_season, is_working, set_aside

_due: ContextVar[set[int] | None] = ContextVar("seasons whose championships are due", default=None)


@contextmanager
def gathering(*, compute: bool = True) -> Iterator[None]:
    """Computes the seasons that become due inside once, at the end; must stand inside the transaction.

    A gathering inside another one leaves it to that. Without `compute` nothing is computed: for what is taken back anyway.
    """
    if _due.get() is not None:
        yield
        return
    seasons: set[int] = set()
    token = _due.set(seasons)
    try:
        yield
    finally:
        _due.reset(token)
    for season in sorted(seasons) if compute else ():
        compute_season(season)


def championships_are_due(season: int) -> None:
    """Computes a season's championships now, or at the end of the gathering."""
    seasons = _due.get()
    if is_working():
        return
    if seasons is None:
        compute_season(season)
    else:
        seasons.add(season)


def stands_no_more(season: int) -> None:
    """Like `championships_are_due`, for a season of which results or cars are about to go."""
    set_aside(season)
    championships_are_due(season)
