"""Slips of the pen in a place: a figure so near the stored one that it can hardly be anybody else's."""

from __future__ import annotations

from articles.factcheck.claim import Claim
from articles.factcheck.verdict import Reading

_SLIP = 2


def is_slip(claim: Claim, readings: list[Reading]) -> bool:
    """Whether the one car that is understood from what stood before is a place or two off, or its digits are swapped.

    Who is meant is not fully sure then; but had somebody else been meant, so near a place would be an accident.
    """
    value = int(str(claim.value))
    truths = {int(str(reading.truth)) for reading in readings if reading.truth is not None}
    near = {truth for truth in truths if abs(truth - value) <= _SLIP or str(truth) == str(value)[::-1]}
    is_one = claim.subject.car is not None and not claim.subject.is_doubted and claim.subject.is_recalled
    return is_one and claim.hint != "row" and len(truths) == 1 and truths == near
