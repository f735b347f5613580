"""Gaps to the leader after the order has changed: recomputed where leader or line changed, else left as printed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from results.importers.status import CLASSIFIED
from results.rulings.lines import STRIKES, Line
from results.rulings.order import Distance


def with_gaps(
    before: Sequence[Line],
    after: Sequence[Line],
    *,
    printed: Mapping[int, Distance],
    distances: Mapping[int, Distance],
    cars: Sequence[int],
) -> tuple[list[Line], list[str]]:
    """The lines of `after` with their gaps, and what nobody can compute: German sentences.

    `cars` are the ranked ones in order, `printed` and `distances` how far each came before and after the rulings.
    """
    ranked = [line for line in before if line.is_ranked]
    # A car alone has no gap, whatever its source prints.
    has_gaps = len(ranked) <= 1 or any(line.gap_ms is not None or line.gap_laps is not None for line in ranked)
    if not has_gaps or not cars:
        return [_unranked(line) for line in after], []
    old_leader = min(ranked, key=lambda line: line.position or 0, default=None)
    leader = next(line for line in after if line.car == cars[0])
    same = old_leader is not None and old_leader.car == leader.car and printed.get(leader.car) == distances[leader.car]
    was = {line.key: line for line in before}
    lines, doubts = [], []
    for line in after:
        former = was.get(line.key, line)
        untouched = (same and line == former) or (
            same and printed.get(line.car) == distances[line.car] and _keeps(former, line)
        )
        if line.car == leader.car:
            as_leader = old_leader if old_leader is not None else line
            lines.append(replace(line, gap_ms=as_leader.gap_ms, gap_laps=as_leader.gap_laps))
        elif untouched:
            lines.append(line)
        else:
            lapped = old_leader is not None and printed[line.car].laps != printed[old_leader.car].laps
            found = _gap(line, former, distances[leader.car], distances[line.car], old_leader, in_time=lapped)
            if found.status == CLASSIFIED and found.gap_ms is None and found.gap_laps is None:
                doubts.append(f"{line.label}: Der Abstand zum neuen Führenden ist aus den Daten nicht zu berechnen.")
            lines.append(found)
    return lines, doubts


def _keeps(former: Line, line: Line) -> bool:
    return former.status == line.status


def _unranked(line: Line) -> Line:
    return replace(line, gap_ms=None, gap_laps=None) if line.status in STRIKES.values() else line


def _gap(line: Line, former: Line, leader: Distance, mine: Distance, old_leader: Line | None, *, in_time: bool) -> Line:
    """The line with its gap to the leader: in time on his lap, else in laps.

    A car that is not classified has one only where the source prints it so; one that comes back so has none. `in_time`: the car was laps down before, so a gap in time says that this source prints time all the same.
    """
    bare = replace(line, gap_ms=None, gap_laps=None)
    if line.status != CLASSIFIED and (line.status in STRIKES.values() or line.status != former.status):
        return bare
    was_leader = old_leader is not None and former.car == old_leader.car
    if former.gap_ms is None and former.gap_laps is None and former.status == line.status and not was_leader:
        return bare  # the source printed none for it
    is_known = leader.ms is not None and mine.ms is not None and mine.ms >= leader.ms
    gap_ms = (mine.ms or 0) - (leader.ms or 0) if is_known else None
    if mine.is_timed:
        return replace(bare, gap_ms=gap_ms)
    behind = leader.laps - mine.laps if leader.laps is not None and mine.laps is not None else None
    if not behind or (in_time and former.gap_ms is not None and gap_ms is not None):
        return replace(bare, gap_ms=gap_ms)
    return replace(bare, gap_laps=behind) if behind > 0 else bare
