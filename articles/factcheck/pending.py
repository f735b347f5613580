"""What the stewards have decided and a classification does not hold yet: nobody is measured by what may fall.

A decision changes no result by itself; until the next version is there, a text may tell either. What it may move is
taken out of the lines, so that a check finds nothing stored; a disqualification is told as it was decided. Pure.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

Line = Mapping[str, Any]

TIME, LAPS, PLACES, LAP_DELETED, REINSTATED = "time", "laps", "places", "lap_deleted", "reinstated"
OUT = {"disqualified": "dsq", "excluded": "excluded"}
_MOVES = frozenset({TIME, LAPS, PLACES, LAP_DELETED, REINSTATED, *OUT})


@dataclass(frozen=True, slots=True)
class Ruling:
    """A decision that the result does not follow: its kind, and the session entry it is about (None: all of them).

    `falls`: the result holds it, and it no longer stands.
    """

    kind: str
    car: int | None
    falls: bool = False


def with_pending(lines: Sequence[Line], rulings: Sequence[Ruling], *, by_best_lap: bool) -> list[Line]:
    """The lines of one result without what decisions that it does not follow may change. `by_best_lap`: practice and qualifying."""
    found = list(lines)
    for ruling in rulings:
        if is_pending(ruling, lines):
            found = _moved(found, ruling, by_best_lap=by_best_lap)
    return found


def is_pending(ruling: Ruling, lines: Sequence[Line]) -> bool:
    """Whether the decision may move something in these lines."""
    return ruling.kind in _MOVES and any(ruling.car in {None, line["session_entry"]} for line in lines)


def _moved(lines: list[Line], ruling: Ruling, *, by_best_lap: bool) -> list[Line]:
    places = [line["position"] for line in lines if line["session_entry"] == ruling.car and line["position"]]
    if ruling.kind == LAP_DELETED and not by_best_lap:
        first = None  # of a race only the lap goes
    elif ruling.car is None or ruling.falls or ruling.kind in {REINSTATED, LAPS}:
        first = 1  # whose laps are in doubt is else measured by the distance of the race
    else:
        first = min(places, default=None)
    return [_without(line, ruling, first) for line in lines]


def _without(line: Line, ruling: Ruling, first: int | None) -> Line:
    """The line without its places if they may change, and without what the ruling changes of its own car."""
    gone: dict[str, Any] = {}
    if first is not None and (line["position"] or 0) >= first:
        gone |= {"position": None, "class_position": None}
    if first == 1:  # whoever leads then, others are measured by
        gone |= {"gap_ms": None, "gap_laps": None}
    if line["session_entry"] == ruling.car:
        gone |= _own(line, ruling)
    return line | gone  # type: ignore[operator, no-any-return]  # a dictionary of `values()`


def _own(line: Line, ruling: Ruling) -> dict[str, Any]:
    if ruling.kind in OUT:
        return {} if ruling.falls else {"status": OUT[ruling.kind]}
    if ruling.kind == LAP_DELETED:
        return {"best_lap_ms": None, "former_best_ms": line["best_lap_ms"]}
    if ruling.kind in {TIME, LAPS}:
        return {"total_ms": None, "gap_ms": None, "gap_laps": None, **({"laps": None} if ruling.kind == LAPS else {})}
    return {}
