"""Three texts become one: what the source said before, what it says now, and what the desk has made of it. Pure.

Parts are paragraphs. What one side alone changed is taken from that side; what both changed is nobody's to merge.
"""

from collections.abc import Sequence
from difflib import SequenceMatcher

MOST_PARTS = 1_000


def merge(former: Sequence[str], ours: Sequence[str], theirs: Sequence[str]) -> list[str] | None:
    """Both changes in one, None where they touch the same place."""
    if max(len(former), len(ours), len(theirs)) > MOST_PARTS:
        return None
    kept_by_us, kept_by_them = _kept(former, ours), _kept(former, theirs)
    merged: list[str] = []
    at = at_ours = at_theirs = 0
    for place in [place for place in range(len(former)) if place in kept_by_us and place in kept_by_them] + [
        len(former)
    ]:
        to_ours, to_theirs = kept_by_us.get(place, len(ours)), kept_by_them.get(place, len(theirs))
        between = _one_of(former[at:place], ours[at_ours:to_ours], theirs[at_theirs:to_theirs])
        if between is None:
            return None
        merged += [*between, *former[place : place + 1]]
        at, at_ours, at_theirs = place + 1, to_ours + 1, to_theirs + 1
    return merged


def _one_of(former: Sequence[str], ours: Sequence[str], theirs: Sequence[str]) -> Sequence[str] | None:
    if list(ours) == list(former) or list(ours) == list(theirs):
        return theirs
    if list(theirs) == list(former):
        return ours
    return _part_by_part(former, ours, theirs)


def _part_by_part(former: Sequence[str], ours: Sequence[str], theirs: Sequence[str]) -> list[str] | None:
    """Neighbouring parts of which each side has changed another: as many everywhere, none changed by both."""
    if not len(former) == len(ours) == len(theirs):
        return None
    parts = [_changed_once(*three) for three in zip(former, ours, theirs, strict=True)]
    whole = [part for part in parts if part is not None]
    return whole if len(whole) == len(parts) else None


def _changed_once(former: str, ours: str, theirs: str) -> str | None:
    if ours in {former, theirs}:
        return theirs
    return ours if theirs == former else None


def _kept(former: Sequence[str], other: Sequence[str]) -> dict[int, int]:
    """Parts of the former text that the other still has: place there -> place here."""
    blocks = SequenceMatcher(None, former, other, autojunk=False).get_matching_blocks()
    return {block.a + n: block.b + n for block in blocks for n in range(block.size)}
