"""The workbench of one import: rows it will add or alter, and what it has to say about the file.

Planning fills it without writing anything; committing writes it, a handful of statements for a whole field of cars.
"""

from __future__ import annotations

import datetime as dt
import json
from collections import defaultdict
from typing import Any, TypeVar

from django.core import serializers
from django.core.exceptions import FieldDoesNotExist, ValidationError
from django.db import models
from django.db.models.expressions import DatabaseDefault
from django.utils.translation import gettext as _

from results.importers.encoding import unfit
from results.importers.loading.newcomers import Newcomers
from results.importers.plan import FactChange, Novelty
from results.importers.records import Problem
from results.models import (
    Broadcast,
    CarModel,
    Circuit,
    CrewMember,
    Cup,
    Driver,
    DriverAlias,
    DriverGrade,
    DriverKey,
    Entry,
    Event,
    FormerAddress,
    LapDeletion,
    Layout,
    Manufacturer,
    RaceControlMessage,
    RacingClass,
    Season,
    Series,
    Session,
    SessionCrewMember,
    SessionEntry,
    Team,
    TeamAlias,
    WeatherReading,
)
from results.names import (
    RESERVED_EVENTS,
    RESERVED_SEASONS,
    RESERVED_SESSIONS,
    RESERVED_SLUGS,
    fold,
    slugify_german,
    sort_key,
)

M = TypeVar("M", bound=models.Model)

# What refers stands behind what it refers to.
WRITING_ORDER: tuple[type[models.Model], ...] = (
    Series, Season, Circuit, Layout, Event, Session, Broadcast, Manufacturer, CarModel, Team, TeamAlias, RacingClass, Cup,
    Driver, DriverAlias, DriverKey, DriverGrade, Entry, CrewMember, Entry.cups.through, SessionEntry, SessionCrewMember,
    LapDeletion, RaceControlMessage, WeatherReading,
)  # fmt: skip
# Not worth a line of their own in a report: they come with the cars.
SILENT = frozenset({CrewMember, Entry.cups.through, SessionEntry, SessionCrewMember})
# Addresses are unique inside the named parent.
ADDRESS_SCOPE: dict[type[models.Model], str | None] = {
    Series: None, Season: "series", Circuit: None, Event: "season", Session: "event", Manufacturer: None,
    CarModel: None, Team: None, RacingClass: "series", Cup: "series", Driver: None,
}  # fmt: skip
# Words of our routes that no address of that kind may be.
RESERVED: dict[type[models.Model], frozenset[str]] = {
    Series: RESERVED_SLUGS, Season: RESERVED_SEASONS, Event: RESERVED_EVENTS, Session: RESERVED_SESSIONS,
}  # fmt: skip


class Bench:
    """Collects new and altered rows, doubts and rejections of one import."""

    def __init__(self, newcomers: Newcomers | None = None) -> None:
        self.newcomers = newcomers or Newcomers()
        self.new: dict[type[models.Model], list[models.Model]] = defaultdict(list)
        self.altered: dict[int, tuple[models.Model, set[str]]] = {}
        self.emptied_crews: list[Entry] = []
        self.removed: list[models.Model] = []
        # For whoever wants to undo the import: what stood in altered columns, who sat in emptied crews, removed rows.
        self.befores: dict[tuple[int, str], tuple[models.Model, str, Any]] = {}
        self.emptied_seats: list[tuple[int, int, int]] = []
        self.removed_rows: list[dict[str, Any]] = []
        self.changes: list[FactChange] = []
        self.doubts: list[Problem] = []
        self.rejected: list[Problem] = []

    def doubt(self, reason: str, *, line: int | None = None, column: str | None = None) -> None:
        self.doubts.append(Problem(line, column, reason))

    def reject(self, reason: str, *, line: int | None = None, column: str | None = None) -> None:
        self.rejected.append(Problem(line, column, reason))

    def add(self, instance: M, *, line: int | None = None) -> M:
        """Takes a new row; a value the table cannot hold becomes a rejection that names the column."""
        if hasattr(instance, "folded"):
            instance.folded = fold(_name_of(instance))
        if isinstance(instance, Driver):
            instance.sort_key = sort_key(f"{instance.last_name} {instance.first_name}")
        self.new[type(instance)].append(instance)
        self.check(instance, line=line)
        return instance

    def alter(self, instance: models.Model, *, line: int | None = None, in_report: bool = True, **values: Any) -> None:
        """Sets fields; each one that really changes on a stored row is named in the report, if wanted."""
        for name, value in values.items():
            before = getattr(instance, name)
            if before == value:
                continue
            setattr(instance, name, value)
            if not is_stored(instance):
                continue
            self.altered.setdefault(id(instance), (instance, set()))[1].add(name)
            self.befores.setdefault((id(instance), name), (instance, name, before))
            if in_report and name != "end_estimated":
                zone = _zone_of(instance)
                self.note(subject_of(instance), _label(instance, name), _local(before, zone), _local(value, zone))
        self.check(instance, line=line)

    def alters(self, *models: type[models.Model]) -> bool:
        """Whether stored rows of one of the models are to be changed."""
        return any(isinstance(instance, models) for instance, _fields in self.altered.values())

    def empty_crew(self, entry: Entry) -> None:
        """Everybody gets out, whether stored or only planned."""
        if is_stored(entry):
            self.emptied_crews.append(entry)
        self.new[CrewMember] = [one for one in self.new[CrewMember] if one.entry is not entry]  # type: ignore[attr-defined]

    def remove(self, *instances: models.Model) -> None:
        """Takes stored rows away when the rest is written."""
        self.removed += instances

    def note(self, subject: str, column: str, before: Any, after: Any) -> None:
        self.changes.append(FactChange(subject, column, in_words(before), in_words(after)))

    def check(self, instance: models.Model, *, line: int | None) -> None:
        """Rejects what would not fit: too long, out of range, no such choice, signs no database stores."""
        for field in instance._meta.concrete_fields:
            value = getattr(instance, field.attname)
            if field.is_relation or field.primary_key or value is None or isinstance(value, DatabaseDefault):
                continue
            try:
                _storable(value)
                if value not in field.empty_values or _must_be_filled(field):
                    field.clean(value, instance)
            except ValidationError as error:
                label = str(field.verbose_name)
                for message in error.messages:
                    self.reject(f"{label}: {message}", line=line, column=label)

    def counts(self) -> tuple[Novelty, ...]:
        """What comes into being."""
        counted = [(model, len(self.new[model])) for model in WRITING_ORDER if model not in SILENT and self.new[model]]
        return tuple(Novelty(str(model._meta.model_name), _plural(model, number), number) for model, number in counted)

    def give_addresses(self) -> None:
        """A free slug for each new row that has none; two namesakes become `-2`."""
        for model, scope in ADDRESS_SCOPE.items():
            groups: dict[Any, list[Any]] = defaultdict(list)
            for instance in self.new[model]:
                if not getattr(instance, "slug", ""):
                    groups[id(getattr(instance, scope)) if scope else None].append(instance)
            for instances in groups.values():
                _give_addresses(model, scope, instances)

    def write(self) -> None:
        """Writes all that is collected; must run inside the transaction of the import."""
        self.removed_rows = json.loads(serializers.serialize("json", self.removed))
        for instance in self.removed:
            instance.delete()
        crews = CrewMember.objects.filter(entry__in=self.emptied_crews)
        self.emptied_seats = list(crews.values_list("entry", "driver", "seat")) if self.emptied_crews else []
        for model in WRITING_ORDER:
            if model is CrewMember and self.emptied_crews:
                CrewMember.objects.filter(entry__in=self.emptied_crews).delete()
            if self.new[model]:
                model._default_manager.bulk_create(self.new[model])
        by_model: dict[type[models.Model], tuple[list[models.Model], set[str]]] = {}
        for instance, fields in self.altered.values():
            instances, names = by_model.setdefault(type(instance), ([], set()))
            instances.append(instance)
            names.update(fields)
        for model, (instances, names) in by_model.items():
            model._default_manager.bulk_update(instances, sorted(names))


def _give_addresses(model: type[models.Model], scope: str | None, instances: list[Any]) -> None:
    """Slugs for new rows of one parent, with one look at the taken ones and one more for each clash."""
    field = model._meta.get_field("slug")
    limit = field.max_length or 50  # type: ignore[union-attr]
    bases = [slugify_german(_name_of(instance), limit=limit, default=field.name[0]) for instance in instances]
    parent = getattr(instances[0], scope) if scope else None
    stored = model._default_manager.none()
    if scope is None:
        stored = model._default_manager.all()
    elif parent is not None and is_stored(parent):
        stored = model._default_manager.filter(**{scope: parent})
    taken = set(stored.filter(slug__in=bases).values_list("slug", flat=True))
    taken |= RESERVED.get(model, frozenset())
    former = FormerAddress.objects.filter(model=model._meta.model_name, slug__in=bases)
    taken |= set(former.values_list("slug", flat=True))  # still leads to the driver or team it was merged into
    for instance, base in zip(instances, bases, strict=True):
        slug, number = base, 1
        if base in taken:
            taken |= set(stored.filter(slug__startswith=base[: limit - 5]).values_list("slug", flat=True))
        while slug in taken:
            number += 1
            slug = f"{base[: limit - len(str(number)) - 1]}-{number}"
        taken.add(slug)
        instance.slug = slug


def is_stored(instance: models.Model) -> bool:
    """Whether the row is in the database already, and not only planned."""
    return instance.pk is not None


def _label(instance: models.Model, name: str) -> str:
    return str(getattr(instance._meta.get_field(name), "verbose_name", name))


def _zone_of(instance: models.Model) -> dt.tzinfo | None:
    """Where the clock hangs that times of this row are read from: at the venue."""
    return instance.event.zone if isinstance(instance, Session | Broadcast) else None


def _local(value: Any, zone: dt.tzinfo | None) -> Any:
    return value.astimezone(zone) if isinstance(value, dt.datetime) and zone is not None else value


def _name_of(instance: models.Model) -> str:
    """What a row is called: the text its folded key and its address are made of."""
    for attribute in ("full_name", "name", "label", "entrant"):
        value = getattr(instance, attribute, None)
        if isinstance(value, str):
            return value
    raise FieldDoesNotExist(type(instance).__name__)


def subject_of(instance: models.Model) -> str:
    """`Session Qualifying`, `Nennung #7`: the row in a sentence about its change."""
    label = str(instance._meta.verbose_name)
    name = instance.name if isinstance(instance, Session | Event) else str(instance)
    return f"{label[:1].upper()}{label[1:]} {name}"


def in_words(value: Any) -> str:
    """A value as a report shows it; nothing is a dash."""
    if value is None or value == "":
        return "–"
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if isinstance(value, dt.datetime):
        return f"{value:%d.%m.%Y %H:%M} {value.tzname()}"
    if isinstance(value, dt.date):
        return f"{value:%d.%m.%Y}"
    return str(value)


def _plural(model: type[models.Model], number: int) -> str:
    meta = model._meta
    return str(meta.verbose_name if number == 1 else meta.verbose_name_plural)


def _must_be_filled(field: models.Field[Any, Any]) -> bool:
    """Keys and addresses are made by us, everything else a file has to say."""
    return field.editable and not field.blank and field.name != "slug"


def _storable(value: Any) -> None:
    """Raises for text that Postgres, a feed or a reader's screen cannot take; options of a call come unread."""
    reason = unfit(value) if isinstance(value, str) else None
    if reason:
        raise ValidationError(reason)
