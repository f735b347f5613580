"""Which decisions of the stewards the results of an event do not follow yet, as the versions themselves name them."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from django.db.models import Exists, OuterRef

from articles.factcheck.pending import Ruling
from results.models import AppliedDecision, Decision, Event
from results.proposal import fallen_of, open_of

Scored = tuple[int, str]  # a session and a checkpoint of it, empty at the finish


def open_rulings(event: Event) -> tuple[dict[Scored, list[Ruling]], bool]:
    """By session and checkpoint the decisions that the current result does not follow, and whether anybody loses places
    on the grid: one query.

    A decision is in a result where a version names it, worked in or noted as held; nothing is guessed from its lines.
    """
    named = AppliedDecision.objects.filter(decision=OuterRef("pk"), classification__is_current=True)
    those = Decision.objects.filter(session__event=event).select_related("session").annotate(is_inside=Exists(named))
    entered: dict[Scored, list[Any]] = {}  # annotated
    for one in those.order_by("pk"):
        entered.setdefault((one.session_id, one.checkpoint), []).append(one)
    found: dict[Scored, list[Ruling]] = {}
    for key, listed in entered.items():
        inside, fallen = {one.pk for one in listed if one.is_inside}, fallen_of(listed)
        waits = open_of(listed, inside)
        waits += [one for one in _about_all(listed, inside, fallen) if one not in waits]
        found[key] = [Ruling(one.kind, one.session_entry_id, falls=one.pk in fallen) for one in waits]
    return found, any(one.kind == Decision.Kind.GRID for listed in entered.values() for one in listed)


def _about_all(listed: list[Decision], inside: set[int], fallen: Collection[int]) -> list[Decision]:
    """Decisions about a session as a whole that stand and that nobody has noted."""
    return [one for one in listed if one.session_entry_id is None and one.pk not in inside and one.pk not in fallen]
