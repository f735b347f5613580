"""Comparing times as printed: rounding and cutting to the stated digits both agree; knapp, gut and rund have a width."""

from __future__ import annotations

import re
from functools import lru_cache

from articles.factcheck.sheet import BEST_LAP_KINDS, Row, Session
from results.notation import MINUTE, SECOND, format_lap_time

_ABOUT, _BELOW, _ABOVE, _ROUGH = 0.12, 0.88, 1.15, 1.25
_ENOUGH_DIGITS = 3


def agrees(stated: int, truth: int, precision: int, op: str = "") -> bool:
    """Whether a stated time fits a stored one."""
    if op == "~":
        return abs(truth - stated) <= max(precision, _ABOUT * stated)
    half = precision / 2 if precision > 1 else 0  # `gut eine Zehntel` of 0,145: half a step is as far as a word goes
    if op == "<":
        return min(_BELOW * stated, stated - half) <= truth <= stated
    if op == ">":
        return stated <= truth <= max(_ABOVE * stated, stated + half)
    return abs(truth - stated) < precision


def is_beyond(stated: int, truth: int, op: str) -> bool:
    """`knapp zwei Zehntel` of 0,120: outside the width, yet not plainly wrong: nobody should be told off for it."""
    low, high = (0.6, 1.05) if op == "<" else (0.95, 1.5) if op == ">" else (0.75, _ROUGH)
    return bool(op) and low * stated <= truth <= high * stated


@lru_cache(maxsize=4096)
def look_alike(printed: str, truth: int, precision: int = 1) -> bool:
    """A slip of the pen: of the printed digits one changed, or the same in another order. Words have no digits."""
    one = _printed_digits(printed)
    if len(one) < _ENOUGH_DIGITS:
        return False
    other = _digits(truth, precision).lstrip("0")
    if len(one) != len(other):
        width = max(len(one), len(other))
        one, other = one.zfill(width), other.zfill(width)
    differing = 0
    for mine, theirs in zip(one, other, strict=True):
        differing += mine != theirs
    return differing == 1 or sorted(one) == sorted(other)


def _printed_digits(printed: str) -> str:
    return _raw_digits(printed).lstrip("0")


@lru_cache(maxsize=1024)
def _raw_digits(printed: str) -> str:
    return re.sub(r"\D", "", printed)


@lru_cache(maxsize=4096)
def is_swapped(printed: str, truth: int, precision: int = 1) -> bool:
    """Two neighbouring digits of a time in the other order, be it of two alone: `9,4` for 4,9."""
    return are_swapped(_raw_digits(printed), _digits(truth, precision).lstrip("0"))


def are_swapped(one: str, other: str) -> bool:
    """The same digits, two neighbours of them in the other order."""
    width = max(len(one), len(other))
    one, other = one.zfill(width), other.zfill(width)
    differing = [at for at in range(width) if one[at] != other[at]]
    if len(differing) != 2 or differing[1] != differing[0] + 1:  # noqa: PLR2004 - a pair
        return False
    first, second = differing
    return one[first] == other[second] and one[second] == other[first]


def _digits(ms: int, precision: int) -> str:
    """The digits of a time as it would be printed: minutes, two of seconds, the fraction."""
    seconds, fraction = divmod(ms, SECOND)
    minutes, seconds = divmod(seconds, 60)
    hours, minutes = divmod(minutes, 60)
    places = 4 - len(str(precision)) if precision < SECOND else 0
    whole = f"{hours}{minutes:02}" if hours else str(minutes or "")
    return f"{whole}{seconds:02}{f'{fraction:03}'[:places]}"


def achieved(session: Session, row: Row) -> int | None:
    """What counts in the session: the best lap in practice and qualifying, the time in races and stages."""
    return row.best_lap_ms if session.kind in BEST_LAP_KINDS else row.time_ms


@lru_cache(maxsize=4096)
def shown_gap(ms: int) -> str:
    sign = "−" if ms < 0 else ""
    return sign + (
        f"{format_lap_time(abs(ms))} Minuten" if abs(ms) >= MINUTE else f"{format_lap_time(abs(ms))} Sekunden"
    )


def between(session: Session, one: str, other: str) -> int | None:
    """How far two cars of a session are apart, in ms; None where either has no time there."""
    first, second = session.by_number.get(one), session.by_number.get(other)
    if first is None or second is None or first.behind_ms is None or second.behind_ms is None:
        return None
    return abs(first.behind_ms - second.behind_ms)
