"""How far apart two cars of one result are. Pure: two lines of it in, words and a value out."""

from collections.abc import Mapping
from typing import Any

from articles.facts import notation
from results.notation import Language

Record = Mapping[str, Any]
_BEST_LAP_KINDS = frozenset({"practice", "qualifying", "warmup"})


def between(one: Record, other: Record, language: Language) -> tuple[str, str]:
    """Text and value (`11489`, `2L`) as a gap is written; both empty where the lines do not say it.

    Practice and qualifying compare best laps; races laps first, for times of another distance say nothing.
    """
    laps = abs((one["laps"] or 0) - (other["laps"] or 0))
    if one["session_kind"] not in _BEST_LAP_KINDS and laps:
        known = one["laps"] and other["laps"]
        return (notation.gap(None, laps, language), f"{laps}L") if known else ("", "")
    ms = _apart(one, other)
    return (notation.gap(ms, None, language), str(ms)) if ms is not None else ("", "")


def _apart(one: Record, other: Record) -> int | None:
    if one["session_kind"] in _BEST_LAP_KINDS:
        return _difference(one["best_lap_ms"], other["best_lap_ms"])
    if one["total_ms"] and other["total_ms"]:
        return _difference(one["total_ms"], other["total_ms"])
    return _difference(_behind(one), _behind(other))


def _behind(row: Record) -> int | None:
    """Behind the leader, as printed."""
    gap: int | None = row["gap_ms"]
    return 0 if gap is None and row["position"] == 1 else gap


def _difference(one: int | None, other: int | None) -> int | None:
    return abs(one - other) if one is not None and other is not None else None
