"""Releasing a version of a result: the desk's verbs beside the import. A released version never changes any more."""

import datetime as dt
from typing import Any

from django.contrib.auth.models import User
from django.db import connection, transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from results.differences import CellChange, compare_versions
from results.models import AppliedDecision, Classification, ClassificationRow, DecisionEffect, Session
from results.signals import classification_released


class ReleaseRefused(Exception):  # noqa: N818 - reads as the sentence it stands for
    """Nothing was released; the message is one German sentence."""


def database_now() -> dt.datetime:
    """The instant of this statement by the database clock; later than any lock the transaction waited for."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT statement_timestamp()")
        (now,) = cursor.fetchone()
    return now  # type: ignore[no-any-return]


def publish_version(classification: Classification, *, changes: tuple[CellChange, ...]) -> None:
    """Makes a stored draft the current version; the caller holds the lock on the session.

    Its window opens now, or when that of its predecessor would have opened: an embargo outlives a correction.
    """
    chain = Classification.objects.filter(session=classification.session_id, checkpoint=classification.checkpoint)
    previous = chain.filter(is_current=True).first()
    now = database_now()
    opens = max(now, previous.public_from) if previous is not None and previous.public_from is not None else now
    if previous is not None:
        chain.filter(pk=previous.pk).update(is_current=False, public_until=opens)
    window = {"released_at": now, "public_from": opens, "is_current": True}
    Classification.objects.filter(pk=classification.pk).update(**window)
    for name, value in window.items():
        setattr(classification, name, value)
    classification_released.send(
        sender=Classification, classification=classification, previous=previous, changes=changes
    )


@transaction.atomic
def release_draft(classification: Classification, *, by: User, reason: str = "") -> Classification:
    """Releases a draft. Raises ReleaseRefused when it is released already, is older than the current version, or
    would change what readers see without a reason.
    """
    draft = _locked(classification)
    if draft.released_at is not None:
        raise ReleaseRefused(_("Version %(version)s is released already.") % {"version": draft.version})
    if draft.discarded_at is not None:
        raise ReleaseRefused(_("Version %(version)s is discarded.") % {"version": draft.version})
    current = _current(draft)
    if current is not None and current.version > draft.version:
        raise ReleaseRefused(
            _("Version %(version)s is older than the current one (%(current)s).")
            % {"version": draft.version, "current": current.version}
        )
    changes = compare_versions(current, draft)
    if current is not None and not reason.strip():
        raise ReleaseRefused(_("A reason is needed: readers see version %(version)s.") % {"version": current.version})
    Classification.objects.filter(pk=draft.pk).update(reason=reason.strip(), created_by=by)
    publish_version(draft, changes=changes)
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
def go_back(classification: Classification, *, by: User, reason: str) -> Classification:
    """Makes an earlier version current again, as a new version with the same rows. Raises ReleaseRefused without a
    reason, for a draft and for the current version itself.
    """
    earlier = _locked(classification)
    if earlier.released_at is None or earlier.is_current:
        raise ReleaseRefused(_("Only a former released version can become current again."))
    if not reason.strip():
        raise ReleaseRefused(_("A reason is needed to go back to version %(version)s.") % {"version": earlier.version})
    newest = _chain(earlier).order_by("-version").values_list("version", flat=True)[0]
    again = Classification.objects.create(
        session=earlier.session,
        checkpoint=earlier.checkpoint,
        version=newest + 1,
        state=earlier.state,
        is_complete=earlier.is_complete,
        part_names=earlier.part_names,
        base=earlier.base,
        reason=reason.strip(),
        document=earlier.document,
        import_run=earlier.import_run,
        created_by=by,
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
    Session.objects.select_for_update(no_key=True).get(pk=classification.session_id)
    return Classification.objects.select_related("session").get(pk=classification.pk)
