"""Releasing a version of a result: the desk's verbs beside the import. A released version never changes any more."""

import datetime as dt
from typing import Any

from django.contrib.auth.models import User
from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from results import states
from results.differences import CellChange, compare_versions
from results.drafts import refuse_outdated
from results.models import (
    AppliedDecision,
    Classification,
    ClassificationRow,
    DecisionEffect,
    Session,
    SourceDocument,
)
from results.refusal import ReleaseRefused
from results.release_clock import database_now
from results.signals import classification_released

__all__ = [
    "ReleaseRefused", "annul", "database_now", "discard_draft", "go_back", "label_of", "publish_version", "refuse_state",
    "release_draft", "restate", "state_of_next", "take_up_draft", "working_version",
]  # fmt: skip


def publish_version(
    classification: Classification,
    *,
    changes: tuple[CellChange, ...],
    by: User | None = None,
    not_before: dt.datetime | None = None,
) -> None:
    """Makes a stored draft the current version; the caller holds the lock on the session.

    `by` released it, else whoever made it did. Its window opens now, or when that of its predecessor would have opened: an embargo outlives a correction. What
    follows from another session opens `not_before` that does.
    """
    chain = Classification.objects.filter(session=classification.session_id, checkpoint=classification.checkpoint)
    previous = chain.filter(is_current=True).first()
    now = database_now()
    opens = max(now, not_before or now, (previous.public_from if previous is not None else None) or now)
    if previous is not None:
        chain.filter(pk=previous.pk).update(is_current=False, public_until=opens)
    releaser = by or classification.created_by
    window = {"released_at": now, "released_by": releaser, "public_from": opens, "is_current": True}
    Classification.objects.filter(pk=classification.pk).update(**window)
    for name, value in window.items():
        setattr(classification, name, value)
    classification_released.send(
        sender=Classification, classification=classification, previous=previous, changes=changes
    )


@transaction.atomic
def release_draft(
    classification: Classification, *, by: User, reason: str = "", state: str = "", expected: int | None = None
) -> Classification:
    """Releases a draft in the state given, else in its own where that may follow, else as the rule says.

    `expected` is the current version that a person compared it with, 0 where there was none. Raises ReleaseRefused when it is released already, is older than the current version, would change what readers see
    without a reason, may not have that state, or was computed from decisions or lines that no longer stand.
    """
    draft = _locked(classification)
    if draft.released_at is not None:
        raise ReleaseRefused(_("Version %(version)s is released already.") % {"version": draft.version})
    if draft.discarded_at is not None:
        raise ReleaseRefused(_("Version %(version)s is discarded.") % {"version": draft.version})
    current = _current(draft)
    _refuse_unseen(current, expected)
    if current is not None and current.version > draft.version:
        raise ReleaseRefused(
            _("Version %(version)s is older than the current one (%(current)s).")
            % {"version": draft.version, "current": current.version}
        )
    if current is not None and not reason.strip():
        raise ReleaseRefused(_("A reason is needed: readers see version %(version)s.") % {"version": current.version})
    refuse_outdated(draft)
    draft.state = state or state_of_next(current, draft.state)
    refuse_state(current, draft.state)
    changes = compare_versions(current, draft)
    Classification.objects.filter(pk=draft.pk).update(reason=reason.strip(), state=draft.state)
    publish_version(draft, changes=changes, by=by)
    return draft


@transaction.atomic
def discard_draft(classification: Classification, *, by: User) -> Classification:
    """Lays a draft aside: it stays readable, and nobody goes on with it. Raises ReleaseRefused for any other version."""
    draft = _locked(classification)
    if draft.released_at is not None:
        raise ReleaseRefused(_("Version %(version)s is released already.") % {"version": draft.version})
    if draft.discarded_at is not None:
        raise ReleaseRefused(_("Version %(version)s is discarded.") % {"version": draft.version})
    draft.discarded_at, draft.discarded_by = database_now(), by
    draft.save(update_fields=["discarded_at", "discarded_by"])
    return draft


@transaction.atomic
def take_up_draft(classification: Classification) -> Classification:
    """Takes a discarded draft up again. Raises ReleaseRefused for one that is not discarded."""
    draft = _locked(classification)
    if draft.discarded_at is None:
        raise ReleaseRefused(_("Version %(version)s is not discarded.") % {"version": draft.version})
    draft.discarded_at, draft.discarded_by = None, None
    draft.save(update_fields=["discarded_at", "discarded_by"])
    return draft


def working_version(session: Session, checkpoint: str = "") -> Classification | None:
    """What the desk goes on with: the newest draft that came after the current version, else the current version."""
    chain = Classification.objects.filter(session=session, checkpoint=checkpoint)
    current = chain.current().first()
    draft = chain.drafts().order_by("-version").first()
    if draft is None or (current is not None and current.version > draft.version):
        return current
    return draft


@transaction.atomic
def go_back(
    classification: Classification, *, by: User, reason: str, state: str = "", expected: int | None = None
) -> Classification:
    """Makes an earlier version current again, as a new version with the same rows.

    Its state is the one given, else the former one where that may follow, else as the rule says. `expected` is the
    current version that a person compared it with, 0 where there was none. Raises ReleaseRefused without a reason, for a
    draft, for the current version itself, and where another version is current by now.
    """
    earlier = _locked(classification)
    _refuse_unseen(_current(earlier), expected)
    if earlier.released_at is None or earlier.is_current:
        raise ReleaseRefused(_("Only a former released version can become current again."))
    if not reason.strip():
        raise ReleaseRefused(_("A reason is needed to go back to version %(version)s.") % {"version": earlier.version})
    state = state or state_of_next(_current(earlier), earlier.state)
    again = {"state": state, "document": earlier.document, "import_run": earlier.import_run}
    return _copy_as_next(earlier, by=by, reason=reason.strip(), **again)


@transaction.atomic
def annul(
    session: Session,
    checkpoint: str = "",
    *,
    by: User,
    reason: str,
    document: SourceDocument | None = None,
    expected: int | None = None,
) -> Classification:
    """Annuls a result: the next version keeps the lines and says that they no longer count.

    Raises ReleaseRefused where there is no released result, it is annulled already, or no reason is given.
    """
    said: dict[str, Any] = {"reason": reason, "document": document, "expected": expected}
    return restate(session, checkpoint, by=by, state=states.ANNULLED, **said)


@transaction.atomic
def restate(
    session: Session,
    checkpoint: str = "",
    *,
    by: User,
    reason: str,
    state: str,
    document: SourceDocument | None = None,
    expected: int | None = None,
) -> Classification:
    """Gives a result another state with the same lines, such as "final", as its next version.

    `expected` is the version that a person looked at. Raises ReleaseRefused where there is no released result or
    another one by now, the state is what it is or may not follow, or no reason is given.
    """
    _lock(session)
    current = Classification.objects.filter(session=session, checkpoint=checkpoint, is_current=True).first()
    if current is None:
        raise ReleaseRefused(_("There is no released result."))
    _refuse_unseen(current, expected)
    if not reason.strip():
        raise ReleaseRefused(_("A reason is needed: readers see version %(version)s.") % {"version": current.version})
    if state == current.state:
        raise ReleaseRefused(_("The result has this state already: %(state)s.") % {"state": label_of(state)})
    refuse_state(current, state)
    return _copy_as_next(current, by=by, reason=reason.strip(), state=state, document=document or current.document)


def _refuse_unseen(current: Classification | None, expected: int | None) -> None:
    """Raises ReleaseRefused where the current version is not the one that a person had before him."""
    if expected is not None and (current.version if current else 0) != expected:
        raise ReleaseRefused(_("The result has changed since you looked at it. Please look again."))


def refuse_state(current: Classification | None, state: str) -> None:
    """Raises ReleaseRefused where a version of that state may not follow the current one."""
    if not states.may_follow(current.state if current else None, state):
        said = {"after": label_of(state), "before": label_of(current.state) if current else ""}
        raise ReleaseRefused(_("After “%(before)s” a result cannot be “%(after)s”.") % said)


def state_of_next(current: Classification | None, wanted: str) -> str:
    """The state wanted where it may follow the current version, else what the rule says."""
    if current is None or states.may_follow(current.state, wanted):
        return wanted
    return states.usual_next(current.state)


def label_of(state: str) -> str:
    return str(Classification.State(state).label)


def _copy_as_next(earlier: Classification, *, by: User, **said: Any) -> Classification:
    """The lines of a released version and what stands in them, as the next version of the chain, released.

    `said` are its state, its reason, its document and, where the lines speak for a file again, its import.
    """
    newest = _chain(earlier).order_by("-version").values_list("version", flat=True)[0]
    again = Classification.objects.create(
        session=earlier.session,
        checkpoint=earlier.checkpoint,
        version=newest + 1,
        is_complete=earlier.is_complete,
        part_names=earlier.part_names,
        base=earlier.base,
        created_by=by,
        **said,
    )
    rows = list(earlier.rows.order_by("display_order"))
    applied, effects = list(earlier.applied.all()), list(earlier.effects.all())
    copies: list[Any] = [*rows, *applied, *effects]
    for copied in copies:
        copied.pk, copied.classification = None, again
        copied._state.adding = True  # noqa: SLF001 - how Django documents the copying of a row
    ClassificationRow.objects.bulk_create(rows)
    AppliedDecision.objects.bulk_create(applied)
    DecisionEffect.objects.bulk_create(effects)
    publish_version(again, changes=compare_versions(_current(again), again))
    return again


def _chain(classification: Classification) -> "QuerySet[Classification]":
    return Classification.objects.filter(session=classification.session_id, checkpoint=classification.checkpoint)


def _current(classification: Classification) -> Classification | None:
    return _chain(classification).filter(is_current=True).first()


def _locked(classification: Classification) -> Classification:
    """The version as it is now, its session locked against imports and other releases."""
    _lock(classification.session)
    return Classification.objects.select_related("session").get(pk=classification.pk)


def _lock(session: Session) -> None:
    """Versions of a session come one after the other, whoever makes them."""
    Session.objects.select_for_update(no_key=True).only("pk").get(pk=session.pk)
