"""How many decisions of the stewards the current results do not follow yet, for lists of sessions and the board."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from django.db.models import Exists, OuterRef, Q, QuerySet

from results.models import AppliedDecision, Classification, Decision, Session
from results.proposal import open_of

Scored = tuple[int, str]  # a session and a checkpoint of it, empty at the finish


@dataclass(frozen=True, slots=True)
class OpenResult:
    """A result that does not follow `number` decisions yet."""

    session: Session
    checkpoint: str
    number: int


def open_numbers(sessions: Collection[int]) -> dict[Scored, int]:
    """By session and checkpoint with a current result: the decisions that are not in it, and those in it that fell.

    Two queries for any number of sessions; a result that follows all of its decisions is left out.
    """
    current = Classification.objects.current().filter(session__in=sessions)
    return _counted(Decision.objects.filter(session__in=sessions), current)


def open_results(*, limit: int) -> tuple[list[OpenResult], int]:
    """The newest results that do not follow their decisions, and how many there are in all."""
    current = Classification.objects.current()
    held = AppliedDecision.objects.filter(
        decision=OuterRef("pk"), classification__is_current=True, classification__session=OuterRef("session"),
        classification__checkpoint=OuterRef("checkpoint"),
    )  # fmt: skip
    scored = current.filter(session=OuterRef("session"), checkpoint=OuterRef("checkpoint"))
    # Only what may be open is looked at: an archive of decisions is long, and nearly all of it is settled.
    maybe = Decision.objects.filter(
        Exists(scored), Q(~Exists(held)) | Q(appeal=Decision.Appeal.WON) | Q(kind="reinstated")
    )
    keys = set(maybe.exclude(kind=Decision.Kind.WARNING).values_list("session", flat=True))
    counted = _counted(Decision.objects.filter(session__in=keys), current.filter(session__in=keys))
    found = Session.objects.filter(pk__in={session for session, _checkpoint in counted})
    sessions = {one.pk: one for one in found.select_related("event__season__series")}
    results = [OpenResult(sessions[key], checkpoint, number) for (key, checkpoint), number in counted.items()]
    results.sort(key=lambda one: (one.session.local_date is None, one.session.local_date, one.session.pk), reverse=True)
    return results[:limit], len(results)


def _counted(decisions: QuerySet[Decision], current: QuerySet[Classification]) -> dict[Scored, int]:
    inside: dict[Scored, set[int]] = {}
    for session, checkpoint, decision in current.values_list("session", "checkpoint", "applied__decision"):
        held = inside.setdefault((session, checkpoint), set())
        if decision is not None:
            held.add(decision)
    entered: dict[Scored, list[Decision]] = {}
    for one in decisions.select_related("session").order_by("decided_at", "pk"):
        entered.setdefault((one.session_id, one.checkpoint), []).append(one)
    numbers = {key: len(open_of(listed, inside[key])) for key, listed in entered.items() if key in inside}
    return {key: number for key, number in numbers.items() if number}
