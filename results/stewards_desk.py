"""Entering a decision of the stewards: the decision, the laps it deletes, and what falls or stands again with it."""

from __future__ import annotations

from collections.abc import Collection, Iterable

from django.contrib.auth.models import User
from django.db import transaction
from django.utils.translation import gettext as _

from results.deletions import Clue
from results.deletions_desk import delete_lap, lap_of, restore_lap
from results.importers.loading.summaries import write_summaries
from results.locking import lock_sessions
from results.models import Decision, LapDeletion, Session, SessionEntry, SessionKind
from results.proposal import decisions_of, fallen_of
from results.refusal import ReleaseRefused
from results.release_clock import database_now


def stands(decision: Decision) -> bool:
    """Whether a version of a result names the decision: then what it does is frozen. A draft laid aside names nothing."""
    return decision.applied.filter(classification__discarded_at__isnull=True).exists()


@transaction.atomic
def record(decision: Decision, *, by: User, laps: Collection[Clue] | None = None) -> list[str]:
    """Stores a decision and deletes the laps it names; gives what a person should know, as German sentences.

    `laps` replace those the decision named before; None leaves them. Where a decision falls with this (an appeal was won,
    a reinstatement takes it back) its laps count again, and they are deleted again where it stands once more.
    """
    former = Decision.objects.filter(pk=decision.pk).values_list("session", "checkpoint")
    results = {(decision.session_id, decision.checkpoint), *former}
    lock_sessions(Session.objects.filter(pk__in=[session for session, _checkpoint in results]))
    if not former:
        decision.entered_by = by
    fallen_before = _fallen_in(results)
    decision.save()
    fallen_now = _fallen_in(results)
    said = [] if laps is None else list(_name_laps(decision, laps, by=by, fell=decision.pk in fallen_now))
    if decision.lap_deletions.exists():
        write_summaries(decision.session)  # its laps go once readers may know why, and that may have changed
        if decision.public_from is None or decision.public_from > database_now():
            said.append(_("The laps count for readers until the decision is public."))
    _follow(fallen_now - fallen_before, by=by, holds=False)
    _follow(fallen_before - fallen_now, by=by, holds=True)
    return said


def _fallen_in(results: Iterable[tuple[int, str]]) -> frozenset[int]:
    fallen: frozenset[int] = frozenset()
    for session, checkpoint in results:
        fallen |= fallen_of(decisions_of(Session(pk=session), checkpoint))
    return fallen


def _name_laps(decision: Decision, laps: Collection[Clue], *, by: User, fell: bool) -> Iterable[str]:
    """Deletes what is named and not deleted yet, restores what is not named any more."""
    named = {_clue(one): one for one in decision.lap_deletions.filter(reversed_at__isnull=True)}
    for clue, deletion in named.items():
        if clue not in laps or decision.session_entry_id != deletion.session_entry_id:
            restore_lap(deletion, by=by)
    if fell or decision.session_entry is None:
        return
    for clue in laps:
        known = LapDeletion.objects.filter(
            session_entry=decision.session_entry_id, lap=clue.lap, lap_ms=clue.lap_ms, day_ms=clue.day_ms,
            reversed_at__isnull=True,
        ).first()  # fmt: skip
        if known is None:
            known = delete_lap(
                decision.session_entry, by=by, lap=clue.lap, lap_ms=clue.lap_ms, day_ms=clue.day_ms, decision=decision
            )
        elif known.decision_id is None:
            # Race control or the timing file said so before: it stays their deletion, and this decision's reason.
            known.decision = decision
            known.save(update_fields=["decision"])
        meant = lap_of(known)
        if meant.lap is None:
            yield meant.why


def _clue(deletion: LapDeletion) -> Clue:
    return Clue(deletion.lap, deletion.lap_ms, deletion.day_ms)


def named_laps(decision: Decision) -> list[Clue]:
    """The laps that a decision names and that do not count."""
    return [_clue(one) for one in decision.lap_deletions.filter(reversed_at__isnull=True).order_by("pk")]


def _follow(decisions: Collection[int], *, by: User, holds: bool) -> None:
    """The laps of decisions that fell count again; those of decisions that stand again do not. Only their own."""
    own = LapDeletion.objects.filter(
        decision__in=decisions, source=LapDeletion.Source.DECISION, reversed_at__isnull=not holds
    ).select_related("session_entry", "decision")
    for one in own.order_by("pk"):
        if not holds:
            restore_lap(one, by=by)
        else:
            delete_lap(
                one.session_entry, by=by, lap=one.lap, lap_ms=one.lap_ms, day_ms=one.day_ms, text=one.text,
                decision=one.decision,
            )  # fmt: skip


def place_grid_penalty(decision: Decision, *, grid: Session | None, is_run: bool) -> None:
    """Puts a penalty for the grid where it belongs: to the grid, where one is set.

    `is_run`: the race that starts from it has a result. Raises ReleaseRefused where the penalty can no longer matter or
    the car is not on the grid.
    """
    if is_run:
        raise ReleaseRefused(
            _("The race has a result: a penalty for its grid comes too late. Please enter it for the next event.")
        )
    if grid is None or decision.session_id == grid.pk:
        return
    entry = decision.session_entry.entry_id if decision.session_entry else None
    car = SessionEntry.objects.filter(session=grid, entry=entry).first()
    if car is None:
        raise ReleaseRefused(_("The car is not on the grid “%(grid)s”.") % {"grid": grid.name})
    decision.session, decision.session_entry = grid, car


def is_grid_penalty(decision: Decision) -> bool:
    """Whether a decision takes places on a grid that is not the session it was entered for."""
    return decision.kind == Decision.Kind.GRID and decision.session.kind != SessionKind.GRID
