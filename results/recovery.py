"""Deleting facts at the desk and putting them back: nothing that a person deletes is gone before thirty days are over."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Iterable

from django.contrib.auth.models import User
from django.core import serializers
from django.core.serializers.base import DeserializationError
from django.db import IntegrityError, connection, models, transaction
from django.db.models import Q
from django.db.models.deletion import Collector
from django.db.models.functions import Now
from django.utils.translation import gettext as _

from results.importers.loading.summaries import seat_drivers
from results.models import Championship, CrewMember, DeletedFacts, Event, PrintedStanding, SessionCrewMember
from results.standings.comparison import note_differences
from results.standings.concerned import seasons_with
from results.standings.due import championships_are_due, gathering
from results.standings.linking import link_tables

KEPT = dt.timedelta(days=30)


class RestoreRefused(Exception):  # noqa: N818 - reads as the sentence it stands for
    """Nothing was put back; the message is one German sentence."""


@transaction.atomic
def keep_and_delete(facts: Iterable[models.Model], *, by: User) -> None:
    """Deletes the rows with all that goes along, each into the bin. Raises ProtectedError for what is still used."""
    DeletedFacts.objects.filter(deleted_at__lt=Now() - KEPT).delete()
    with gathering():  # a table computed in the midst of a deletion would stand on what is about to go
        for fact in facts:
            keep(fact, by=by)
            fact.delete()


def keep(fact: models.Model, *, by: User) -> DeletedFacts:
    """Writes down what deleting this row would take away."""
    collector = Collector(using=connection.alias, origin=fact)
    collector.collect([fact])
    rows = [row for instances in collector.data.values() for row in instances]
    rows += [row for fast in collector.fast_deletes for row in fast]
    return DeletedFacts.objects.create(
        name=str(fact)[:300], kind=str(fact._meta.verbose_name), deleted_by=by,
        rows=json.loads(serializers.serialize("json", rows)),
    )  # fmt: skip


@transaction.atomic
def put_back(deleted: DeletedFacts) -> None:
    """Writes the rows again as they were. Raises RestoreRefused where that is not possible any more."""
    locked = DeletedFacts.objects.select_for_update().get(pk=deleted.pk)
    if locked.restored_at is not None:
        raise RestoreRefused(_("This has been put back already."))
    with gathering():
        try:
            with transaction.atomic():
                rows = list(serializers.deserialize("json", json.dumps(locked.rows)))
                for row in rows:
                    row.save()
                _relink([row.object for row in rows])
                connection.check_constraints()
        except (IntegrityError, DeserializationError) as error:
            raise RestoreRefused(
                _("It cannot be put back: its address is taken by now, or what it belonged to is deleted, too.")
            ) from error
        DeletedFacts.objects.filter(pk=locked.pk).update(restored_at=Now())
        _follow([row.object for row in rows])


def _relink(facts: list[models.Model]) -> None:
    """Printed tables whose championship is another row by now find it by its name, or hang on none."""
    tables = [one for one in facts if isinstance(one, PrintedStanding) and one.championship_id is not None]
    known = Championship.objects.filter(pk__in=[one.championship_id for one in tables]).values_list("pk", flat=True)
    lost = [one for one in tables if one.championship_id not in set(known)]
    for one in lost:
        one.championship = None
    PrintedStanding.objects.bulk_update(lost, ["championship"])
    link_tables(lost)


def _follow(facts: list[models.Model]) -> None:
    """What stands on rows that came back: saved as they were, they send no signal."""
    for event in _events_of_crews(facts):
        seat_drivers(event)
    for season in sorted(seasons_with(facts)):
        championships_are_due(season)
    note_differences(one for one in facts if isinstance(one, PrintedStanding) and one.championship_id is not None)


def _events_of_crews(facts: list[models.Model]) -> Iterable[Event]:
    crews = [one.pk for one in facts if isinstance(one, CrewMember)]
    own = [one.pk for one in facts if isinstance(one, SessionCrewMember)]
    if not crews and not own:
        return ()
    seated = Q(entries__crew__in=crews) | Q(sessions__session_entries__crew__in=own)
    return Event.objects.filter(seated).order_by("pk").distinct()
