"""What changed between two versions of a result, in sentences: who moved, gained, lost, and why. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from results.diffs.field import gaps, leader_of, shared, vacancies
from results.diffs.lines import PLACES, DiffLine, Ground, LineKey, Sentence, pairs_of
from results.diffs.places import movers, others, placed


def sentences(
    before: Sequence[DiffLine],
    after: Sequence[DiffLine],
    *,
    grounds: Iterable[Ground] = (),
    effects: Mapping[LineKey, tuple[int, ...]] | None = None,
    whole: bool = True,
) -> list[Sentence]:
    """The change in words, the cars that were decided about first, then those that moved with them.

    `grounds` say why; `effects` name for each line the decisions that moved it. `whole`: both versions hold the whole
    field, so that a missing place is a vacant one.
    """
    pairs = pairs_of(before, after, tuple(grounds), effects or {})
    told = [pair for pair in pairs if pair.cells & PLACES or pair.before is None or pair.after is None]
    caused = [pair for pair in told if pair.grounds]
    moved = [pair for pair in told if not pair.grounds]
    rest = [pair for pair in pairs if pair not in told]
    said = [placed(pair) for pair in sorted(caused, key=lambda pair: pair.rank)]
    said += movers(sorted(moved, key=lambda pair: pair.rank))
    said += others(rest)
    if whole:
        said += vacancies(before, after)
    said += shared(before, after)
    said += gaps(pairs, leader_of(before), leader_of(after))
    return said
