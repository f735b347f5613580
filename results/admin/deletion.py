"""Facts that something else stands on are not deleted: whoever listens names what stands in the way."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from typing import Any

from django.contrib import admin
from django.contrib.admin.utils import NestedObjects
from django.contrib.auth.models import User
from django.core.exceptions import PermissionDenied
from django.db import DEFAULT_DB_ALIAS
from django.db.models import Model, prefetch_related_objects
from django.http import HttpRequest
from django.urls import reverse
from django.utils.html import format_html
from django.utils.text import capfirst

from results.models import CrewMember, DriverShare, SessionCrewMember, Stint
from results.recovery import keep, keep_and_delete
from results.signals import deletion_asked

_CAR = ("driver", "session_entry__entry", "session_entry__session__event__season__series")
NEEDED: dict[type[Model], tuple[str, ...]] = {
    CrewMember: ("driver", "entry__event__season__series"),
    SessionCrewMember: _CAR, Stint: _CAR, DriverShare: _CAR,
}  # fmt: skip


class KeptWhileNamed:
    """Asks the rest of the house before facts are deleted; mixed into a ModelAdmin."""

    model: Any

    def get_deleted_objects(self, objs: Any, request: HttpRequest) -> Any:
        listed, counts, lacking, protected = super().get_deleted_objects(objs, request)  # type: ignore[misc]
        answers = deletion_asked.send(sender=self.model, things=objs)
        return listed, counts, lacking, [*protected, *(name for _receiver, names in answers for name in names or ())]


class UsersInWords:
    """Names whatever refuses a deletion with its car, session and event; mixed into a ModelAdmin.

    Django's own list would ask the database several times for each stint.
    """

    admin_site: admin.AdminSite

    def get_deleted_objects(self, objs: Any, request: HttpRequest) -> Any:
        things = list(objs)
        collector = NestedObjects(using=DEFAULT_DB_ALIAS, origin=things)
        collector.collect(things)
        if not collector.protected:
            return super().get_deleted_objects(objs, request)  # type: ignore[misc]
        return [], {}, set(), [self._in_words(user) for user in _users(collector.protected)]

    def _in_words(self, user: Model) -> str:
        meta = user._meta
        label = capfirst(str(meta.verbose_name))
        if not self.admin_site.is_registered(type(user)):
            return f"{label}: {user}"
        address = reverse(f"{self.admin_site.name}:{meta.app_label}_{meta.model_name}_change", args=[user.pk])
        return format_html('{}: <a href="{}">{}</a>', label, address, user)


def _users(protected: Iterable[Model]) -> Iterator[Model]:
    """What is in the way by model, with all that its words need: a handful of queries, however many there are."""
    by_model: dict[type[Model], list[Model]] = defaultdict(list)
    for user in protected:
        by_model[type(user)].append(user)
    for model in sorted(by_model, key=lambda one: str(one._meta.verbose_name)):
        users = sorted(by_model[model], key=lambda one: one.pk)
        prefetch_related_objects(users, *NEEDED.get(model, ()))
        yield from users


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
