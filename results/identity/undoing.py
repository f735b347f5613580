"""Taking a merge or a split back, exactly; refused where something later stands on it."""

from __future__ import annotations

from typing import Any

from django.apps import apps
from django.contrib.auth.models import User
from django.db import IntegrityError, transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from results.identity.ledger import dump, restore
from results.identity.references import MODELS, IdentityRefused, Reference, locked, references_to
from results.models import Driver, IdentityChange, Team
from results.release import database_now


@transaction.atomic
def undo(change: IdentityChange, *, by: User) -> IdentityChange:
    """Restores every row as it was before the merge or split. Raises IdentityRefused, with nothing changed."""
    kept: Any = MODELS[change.model]._default_manager.filter(pk=change.kept).first()
    if kept is None:
        _refuse_later(change)
        raise IdentityRefused(_("The one that was kept is not there any more."))
    [kept] = locked(kept)
    change = IdentityChange.objects.select_for_update().get(pk=change.pk)
    _refuse_later(change)
    _refuse_lost_rows(change)
    try:
        with transaction.atomic():
            if change.act == IdentityChange.Act.MERGE:
                _part(change, kept)
            else:
                _rejoin(change)
    except IntegrityError as error:
        raise IdentityRefused(
            _("Something that was entered since stands in the way: a name, an address or a seat is taken.")
        ) from error
    change.undone_at, change.undone_by = database_now(), by
    change.save(update_fields=["undone_at", "undone_by"])
    return change


def _refuse_later(change: IdentityChange) -> None:
    if change.undone_at is not None:
        raise IdentityRefused(_("This is undone already."))
    if "other" not in change.before:
        raise IdentityRefused(_("Nothing was kept that could be restored."))
    named = [change.kept, change.other]
    later = IdentityChange.objects.filter(Q(kept__in=named) | Q(other__in=named), model=change.model, pk__gt=change.pk)
    newest = later.filter(undone_at__isnull=True).order_by("-pk").first()
    if newest is not None:
        raise IdentityRefused(_("Undo the later one first: %(words)s") % {"words": newest.words})


def _refuse_lost_rows(change: IdentityChange) -> None:
    """Every row that moved must still be there and where it was moved to."""
    owner = change.kept if change.act == IdentityChange.Act.MERGE else change.other
    for label, keys in change.moved.items():
        reference = Reference.named(label)
        lost = len(keys) - reference.rows(owner).filter(pk__in=keys).count()
        if lost:
            raise IdentityRefused(
                _("Since then %(lost)s of %(all)s rows “%(kind)s” were changed or imported anew.")
                % {"lost": lost, "all": len(keys), "kind": reference.model._meta.verbose_name_plural}
            )


def _part(change: IdentityChange, kept: Driver | Team) -> None:
    """Two again."""
    before: dict[str, Any] = change.before
    for column, (_was, filled) in before["filled"].items():
        if getattr(kept, column) != filled:
            label = kept._meta.get_field(column).verbose_name  # type: ignore[union-attr]
            raise IdentityRefused(_("“%(column)s” was changed since.") % {"column": label})
    _delete_added(before["added"])
    restore(before["other"])
    _move_back(change, change.other)
    for row in before["removed"]:
        restore(row)
    if before["filled"]:
        columns = {column: was for column, (was, _filled) in before["filled"].items()}
        type(kept)._default_manager.filter(pk=kept.pk).update(**columns)


def _rejoin(change: IdentityChange) -> None:
    """One again; the new one must not have grown since."""
    model = MODELS[change.model]
    new = model._default_manager.select_for_update().filter(pk=change.other).first()
    if new is None or dump(new) != change.before["other"]:
        raise IdentityRefused(_("The new one was changed since. Merge the two instead."))
    for reference in references_to(model):
        if reference.rows(new.pk).exclude(pk__in=change.moved.get(reference.label, [])).exists():
            kind = reference.model._meta.verbose_name_plural
            raise IdentityRefused(
                _("The new one has got more since (%(kind)s). Merge the two instead.") % {"kind": kind}
            )
    _move_back(change, change.kept)
    _delete_added(change.before["added"])


def _move_back(change: IdentityChange, owner: int) -> None:
    for label, keys in change.moved.items():
        reference = Reference.named(label)
        reference.model._default_manager.filter(pk__in=keys).update(**{reference.column: owner})


def _delete_added(added: dict[str, list[int]]) -> None:
    for label, keys in reversed(added.items()):
        apps.get_model(label)._default_manager.filter(pk__in=keys).delete()
