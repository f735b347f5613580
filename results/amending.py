"""Working decisions of the stewards into a result, and typing in a result by hand: the next version of the chain.

What the result would be, `results.proposal` says; these verbs write it.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Sequence
from typing import Any

from django.contrib.auth.models import User
from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from results import grids
from results.chain_lines import rows_of_version
from results.differences import CellChange, compare_heads, compare_lines
from results.locking import lock_sessions
from results.models import (
    AppliedDecision,
    Classification,
    ClassificationRow,
    Decision,
    DecisionEffect,
    Session,
    SessionKind,
    SourceDocument,
)
from results.proposal import (
    Effects,
    Proposal,
    current_version,
    decisions_of,
    fallen_of,
    labelled,
    next_state,
    pending,
    propose,
    reason_of,
    what_if,
)
from results.refusal import ReleaseRefused
from results.release import publish_version, refuse_state, working_version
from results.release_clock import database_now, opening_of

__all__ = [
    "Proposal", "apply_decisions", "current_version", "decisions_of", "enter_rows", "next_state", "note_as_contained",
    "pending", "propose", "reason_of", "what_if",
]  # fmt: skip


@transaction.atomic
def apply_decisions(
    session: Session,
    checkpoint: str = "",
    *,
    decisions: Collection[Decision] | None = None,
    by: User,
    reason: str = "",
    state: str = "",
    seen: str | None = None,
    with_grid: bool = True,
    release: bool = True,
) -> Classification:
    """Commits what `propose` shows as the next version, released like its predecessor, every changed line linked.

    `seen` is the fingerprint of the proposal a person looked at; without `release` the version stays a draft of the
    desk, and the starting grid as it is. Raises ReleaseRefused where it is another proposal by now, where nothing would
    change, or where `propose` refuses.
    """
    # The starting grid that follows is written too: its chain waits as well, in the order in which all lock.
    of_event = Session.objects.filter(event=session.event_id)
    lock_sessions(of_event.filter(Q(pk=session.pk) | Q(kind=SessionKind.GRID)))
    # A decision that is being edited must not be computed as it was and named as it is then.
    entered = Decision.objects.filter(session=session, checkpoint=checkpoint).order_by("pk")
    list(entered.select_for_update(no_key=True).values_list("pk"))
    proposal = propose(session, checkpoint, decisions=decisions)
    if seen is not None and proposal.fingerprint != seen:
        raise ReleaseRefused(_("The result has changed since you looked at it. Please look again."))
    if proposal.is_empty:
        raise ReleaseRefused(_("These decisions change nothing in the result."))
    why = reason.strip() or reason_of(proposal)
    if not why:
        raise ReleaseRefused(_("No decision came or fell, yet the result changes: a reason is needed."))
    refuse_state(proposal.current, state or proposal.state)
    version = _write(
        proposal.current, proposal.rows, by=by, reason=why, state=state or proposal.state,
        base=proposal.base, document=_document_of(proposal), applied=_applied(proposal), effects=proposal.effects,
        changes=proposal.changes, release=release,
    )  # fmt: skip
    if release and with_grid and proposal.grid is not None:
        _write_grid(proposal.grid, cause=version, by=by)
    return version


def _applied(proposal: Proposal) -> list[AppliedDecision]:
    return [
        *(AppliedDecision(decision=one, is_computed=True) for one in proposal.computed),
        *(AppliedDecision(decision=one, is_computed=False) for one in proposal.contained),
    ]


def _document_of(proposal: Proposal) -> SourceDocument | None:
    """The paper of the newest decision that came in and that readers may know of, else that of the lines."""
    now = database_now()
    opens = max(now, proposal.current.public_from or now)
    told = [one for one in proposal.fresh if one.public_from is not None and one.public_from <= opens]
    papers = [one.document for one in told if one.document is not None]
    return papers[-1] if papers else proposal.base.document


@transaction.atomic
def enter_rows(
    session: Session,
    checkpoint: str = "",
    *,
    rows: Sequence[ClassificationRow],
    by: User,
    reason: str,
    state: str,
    expected: int | None,
    release: bool,
    is_complete: bool = True,
    part_names: Sequence[str] = (),
    held: Collection[Decision] | None = None,
    not_before: dt.datetime | None = None,
) -> Classification:
    """Stores typed lines, in their order, as the next version; `expected` is the version they were typed over, or None.

    The lines hold the decisions of `held`; without it, those that stood. Readers see the version no sooner than
    `not_before`. Raises ReleaseRefused where another version came in
    between, where nothing changed, or where readers would see a change without a reason.
    """
    _lock(session)
    newest = _chain(session, checkpoint).order_by("-version").first()
    if (newest.version if newest else None) != expected:
        raise ReleaseRefused(_("Somebody else has saved another version meanwhile."))
    current = _chain(session, checkpoint).filter(is_current=True).first()
    for order, row in enumerate(rows, start=1):
        row.display_order = order
    head = Classification(
        session=session, checkpoint=checkpoint, state=state, is_complete=is_complete, part_names=list(part_names)
    )
    base = current if release else working_version(session, checkpoint)
    changes: tuple[CellChange, ...] = ()
    if base is not None:
        changes = (*compare_heads(base, head), *compare_lines(labelled(rows_of_version(base)), labelled(rows)))
        if not changes:
            raise ReleaseRefused(_("Nothing has changed."))
    if release:
        refuse_state(current, state)
    if release and current is not None and not reason.strip():
        raise ReleaseRefused(_("A reason is needed: readers see version %(version)s.") % {"version": current.version})
    # What fell is the person's to take out of the lines: noted as held, it would be taken out a second time.
    fallen = fallen_of(decisions_of(session, checkpoint))
    stood = [one.decision_id for one in base.applied.all() if one.decision_id not in fallen] if base is not None else []
    kept = [one.pk for one in held] if held is not None else stood
    applied = [AppliedDecision(decision_id=key, is_computed=False) for key in kept]
    return _write(
        newest, rows, by=by, reason=reason.strip(), state=state, base=None, document=None, applied=applied, effects={},
        changes=changes, head=head, release=release, not_before=not_before,
    )  # fmt: skip


@transaction.atomic
def note_as_contained(version: Classification, decision: Decision) -> None:
    """Notes that the lines of a version hold a decision already, so that it is not worked in a second time.

    Raises ReleaseRefused where it stands in that version, or belongs to another result.
    """
    _lock(version.session)
    version.refresh_from_db(fields=["is_current"])
    if (decision.session_id, decision.checkpoint) != (version.session_id, version.checkpoint):
        raise ReleaseRefused(_("This decision belongs to another result."))
    if version.applied.filter(decision=decision).exists():
        raise ReleaseRefused(_("This decision stands in the result already."))
    if not version.is_current:
        raise ReleaseRefused(_("Version %(version)s is not the current one.") % {"version": version.version})
    if version.base_id is not None:
        raise ReleaseRefused(_("This version was computed: its lines hold only the decisions that are named."))
    AppliedDecision.objects.create(classification=version, decision=decision, is_computed=False)


def _write(
    previous: Classification | None,
    rows: Sequence[ClassificationRow],
    *,
    by: User,
    reason: str,
    state: str,
    base: Classification | None,
    document: SourceDocument | None,
    applied: Sequence[AppliedDecision],
    effects: Effects,
    changes: tuple[CellChange, ...],
    head: Classification | None = None,
    release: bool = True,
    not_before: dt.datetime | None = None,
) -> Classification:
    made = head or rows[0].classification
    newest = _chain(made.session, made.checkpoint).order_by("-version").values_list("version", flat=True).first()
    made.version, made.state, made.reason, made.base = (newest or 0) + 1, state, reason, base
    made.document, made.created_by, made.import_run = document, by, None
    made.save()
    for row in rows:
        row.pk, row.classification = None, made
        row._state.adding = True  # noqa: SLF001 - how Django documents the copying of a row
    ClassificationRow.objects.bulk_create(rows)
    for one in applied:
        one.classification = made
    AppliedDecision.objects.bulk_create(applied)
    DecisionEffect.objects.bulk_create(
        DecisionEffect(
            classification=made, decision_id=decision, session_entry_id=car, line=line, columns=list(columns)
        )
        for decision, lines in effects.items()
        for (car, line), columns in lines.items()
    )
    if release:
        heads = tuple(compare_heads(previous, made)) if previous is not None and head is None else ()
        publish_version(made, changes=(*heads, *changes), not_before=not_before)
    return made


def _write_grid(grid: grids.GridProposal, *, cause: Classification, by: User) -> Classification:
    """Readers see the grid no sooner than what it follows from; of a session they may not know of it stays a draft."""
    opens = opening_of(cause)
    why = _("follows from %(session)s, version %(version)s") % {"session": cause.session.name, "version": cause.version}
    head = Classification(
        session=grid.current.session, checkpoint="", is_complete=grid.current.is_complete,
        part_names=grid.current.part_names,
    )  # fmt: skip
    held = [AppliedDecision(decision_id=one.decision_id, is_computed=False) for one in grid.current.applied.all()]
    return _write(
        grid.current, grid.rows, by=by, reason=why, state=next_state(grid.current), base=None, document=cause.document,
        applied=held, effects={}, changes=grid.changes, head=head, release=opens is not None, not_before=opens,
    )  # fmt: skip


def _chain(session: Session, checkpoint: str) -> Any:
    return Classification.objects.filter(session=session, checkpoint=checkpoint)


def _lock(session: Session) -> None:
    """Versions of a session come one after the other, whoever makes them."""
    Session.objects.select_for_update(no_key=True).only("pk").get(pk=session.pk)
