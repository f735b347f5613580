"""What else would follow from a changed result: parts of the preview that other rooms of the house fill.

Facts do not know who fills it. A part registers itself once, when its app starts, and must only read: what it shows is
written by receivers of `results.signals.classification_released`.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from django_stubs_ext import StrOrPromise

from results.proposal import Proposal


@dataclass(frozen=True, slots=True)
class Effect:
    """One thing that would follow: `what` before and after in words; `address` is where the desk looks at it."""

    what: str
    before: str = ""
    after: str = ""
    address: str = ""


@dataclass(frozen=True, slots=True)
class EffectGroup:
    """The effects of one kind, such as points or stories, under their heading."""

    title: StrOrPromise
    effects: tuple[Effect, ...]


Part = Callable[[Proposal], EffectGroup | None]
_parts: list[Part] = []


def register(part: Part) -> Part:
    """Adds a part to every preview; usable as a decorator."""
    if part not in _parts:
        _parts.append(part)
    return part


def unregister(part: Part) -> None:
    _parts.remove(part)


def effects_of(proposal: Proposal) -> list[EffectGroup]:
    """What the parts have to say to this proposal, in the order of their registration; empty groups are left out."""
    groups = [part(proposal) for part in _parts]
    return [group for group in groups if group is not None and group.effects]
