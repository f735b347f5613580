"""Every column that refers to drivers or teams, found in the models themselves, so that no future one is forgotten."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, TypeVar

from django.apps import apps
from django.db import connection, models
from django.db.models.fields.reverse_related import ManyToManyRel, ManyToOneRel
from django.utils.translation import gettext as _

from results.importers.load import IMPORT_LOCK
from results.models import Driver, FormerAddress, Team

T = TypeVar("T", Driver, Team)
MODELS: dict[str, type[Driver | Team]] = {"driver": Driver, "team": Team}


class IdentityRefused(Exception):  # noqa: N818 - reads as the sentence it stands for
    """Nothing was changed; the message is one German sentence for a person."""


@dataclass(frozen=True, slots=True)
class Reference:
    """One column of one table that holds primary keys of drivers or of teams."""

    model: type[models.Model]
    column: str

    @property
    def label(self) -> str:
        """`results.crewmember.driver_id`, as `IdentityChange.moved` keeps it."""
        return f"{self.model._meta.label_lower}.{self.column}"

    def rows(self, pk: int) -> models.QuerySet[Any]:
        """The rows that refer to one."""
        return self.model._default_manager.filter(**{self.column: pk})

    @classmethod
    def named(cls, label: str) -> Reference:
        """The reference of a label."""
        app, model, column = label.split(".")
        return cls(apps.get_model(app, model), column)


def references_to(model: type[models.Model]) -> tuple[Reference, ...]:
    """All foreign keys to a model, those of hidden relations and of the tables between many and many included."""
    found = []
    for relation in model._meta.get_fields(include_hidden=True):
        if relation.concrete or not relation.auto_created or isinstance(relation, ManyToManyRel):
            continue  # between many and many stands a table with a foreign key of its own
        if not isinstance(relation, ManyToOneRel):
            raise NotImplementedError(f"{model.__name__}: nobody has said how {relation!r} is moved")
        if isinstance(relation.related_model._meta.pk, models.CompositePrimaryKey):
            raise NotImplementedError(f"{relation.related_model.__name__} has no primary key of one column")
        found.append(Reference(relation.related_model, relation.field.attname))
    return tuple(sorted(found, key=lambda reference: reference.label))


def addresses_of(thing: Driver | Team) -> models.QuerySet[FormerAddress]:
    """Old addresses that lead to it."""
    return FormerAddress.objects.filter(model=thing._meta.model_name, object_id=thing.pk)


def locked(*things: T) -> list[T]:
    """The rows anew, locked in the order of their keys; no import runs meanwhile. Refused where one is gone."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [IMPORT_LOCK])
    model = type(things[0])
    rows = model._default_manager.select_for_update().filter(pk__in=[thing.pk for thing in things]).order_by("pk")
    found = {row.pk: row for row in rows}
    gone = [str(thing) for thing in things if thing.pk not in found]
    if gone:
        raise IdentityRefused(_("“%(name)s” is not there any more.") % {"name": gone[0]})
    return [found[thing.pk] for thing in things]


def counts_of(thing: Driver | Team) -> Iterable[tuple[str, int]]:
    """What refers to it, by kind, for a person to read; kinds without a row are left out."""
    for reference in references_to(type(thing)):
        number = reference.rows(thing.pk).count()
        if number:
            meta = reference.model._meta
            yield str(meta.verbose_name if number == 1 else meta.verbose_name_plural), number
