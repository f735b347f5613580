"""Facts that something else stands on are not deleted: whoever listens names what stands in the way."""

from typing import Any

from django.contrib.auth.models import User
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest

from results.recovery import keep, keep_and_delete
from results.signals import deletion_asked


class KeptWhileNamed:
    """Asks the rest of the house before facts are deleted; mixed into a ModelAdmin."""

    model: Any

    def get_deleted_objects(self, objs: Any, request: HttpRequest) -> Any:
        listed, counts, lacking, protected = super().get_deleted_objects(objs, request)  # type: ignore[misc]
        answers = deletion_asked.send(sender=self.model, things=objs)
        return listed, counts, lacking, [*protected, *(name for _receiver, names in answers for name in names or ())]


class Recoverable:
    """Deletes into the bin, whole objects and lines of their forms; mixed into a ModelAdmin.

    Whatever is still used is refused by Django's own page, which names the users.
    """

    def delete_model(self, request: HttpRequest, obj: Any) -> None:
        keep_and_delete([obj], by=_person(request))

    def delete_queryset(self, request: HttpRequest, queryset: Any) -> None:
        keep_and_delete(queryset, by=_person(request))

    def save_formset(self, request: HttpRequest, form: Any, formset: Any, change: bool) -> None:  # noqa: FBT001 - Django's
        for line in formset.deleted_forms:
            if line.instance.pk is not None:
                keep(line.instance, by=_person(request))
        super().save_formset(request, form, formset, change)  # type: ignore[misc]


def _person(request: HttpRequest) -> User:
    if not isinstance(request.user, User):
        raise PermissionDenied
    return request.user
