"""Who changes dates, why, and who is told: what the trigger that writes the chain of changes cannot know by itself.

The trigger (migration `0014`) reads it from a setting of the transaction, so a link of the chain is whole when it is
written and need not be changed afterwards.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.contrib.auth.models import AbstractBaseUser
from django.db import connection, transaction
from django.db.models import BigIntegerField, Func, Max, TextField
from django.db.models.functions import Cast

from results.models import Event, ImportRun, ScheduleChange, Session
from results.signals import schedule_changed

SAID = "racedesk.schedule"
TOLD = "racedesk.schedule_told"


@contextmanager
def recorded(
    *,
    by: AbstractBaseUser | None,
    reason: str = "",
    note: str = "",
    run: ImportRun | None = None,
    is_correction: bool = False,
) -> Iterator[None]:
    """A transaction whose changes of dates are this person's, for that reason; at its end `schedule_changed` is sent.

    `reason` stays at the desk, `note` is for readers; both are cut to what a link holds. Inside another one it speaks for
    its own writes only, and each change is told once.
    """
    said: dict[str, Any] = {
        "by": by.pk if by is not None else None,
        "run": run.pk if run is not None else None,
        "document": run.document_id if run is not None else None,
        "reason": reason.strip()[: _longest("reason")],
        "note": note.strip()[: _longest("note")],
        "correction": is_correction,
    }
    with transaction.atomic():
        before = _setting(SAID)
        _tell(silently=not before)
        _set(SAID, json.dumps(said))
        yield
        _tell()
        _set(SAID, before)


def _tell(*, silently: bool = False) -> None:
    """Sends the signal for what this transaction has changed and nobody was told yet."""
    told = int(_setting(TOLD) or 0)
    if silently:
        newest = ScheduleChange.objects.aggregate(newest=Max("pk"))["newest"] or 0
        _set(TOLD, str(max(told, newest)))
        return
    changes = ScheduleChange.objects.filter(pk__gt=told, transaction=_this_transaction())
    for change in changes.select_related("session__event__season__series", "event__season__series").order_by("pk"):
        if change.pk <= int(_setting(TOLD)):
            continue  # a receiver has changed a date itself, and all before were told then
        _set(TOLD, str(change.pk))
        schedule_changed.send(sender=Session if change.session_id else Event, change=change)


def _this_transaction() -> Cast:
    number = Func(function="pg_current_xact_id_if_assigned", output_field=TextField())
    return Cast(Cast(number, TextField()), BigIntegerField())


def _longest(name: str) -> int:
    length: int = ScheduleChange._meta.get_field(name).max_length  # type: ignore[union-attr,assignment]
    return length


def _setting(name: str) -> str:
    with connection.cursor() as cursor:
        cursor.execute("SELECT coalesce(current_setting(%s, true), '')", [name])
        (value,) = cursor.fetchone()
    return str(value)


def _set(name: str, value: str) -> None:
    """For the rest of the transaction, or of the savepoint that is rolled back."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT set_config(%s, %s, true)", [name, value])
