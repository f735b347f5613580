"""What an import leaves behind so that it can be undone: which rows it made, what stood in those it altered.

Kept in `ImportRun.report` as plain JSON; `results.importers.undo` reads it.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from decimal import Decimal
from typing import Any

from django.db import models

from results.importers.loading.bench import WRITING_ORDER, Bench


def trail_of(
    bench: Bench,
    *,
    laps_of: Iterable[int],
    laps_over: Iterable[int],
    tables_of: Iterable[int],
    tables_over: Iterable[int],
) -> dict[str, Any]:
    """The trail of a written workbench; `laps_of` are sessions and `tables_of` printed tables that were written.

    `laps_over` and `tables_over` are those of them where something stood before.

    made: label of the model -> keys; altered: [label, key, column, before, after]; emptied: [entry, driver, seat] of
    crews that were seated anew; removed: whole rows as Django serialises them.
    """
    return {
        "made": {
            model._meta.label_lower: [one.pk for one in bench.new[model]] for model in WRITING_ORDER if bench.new[model]
        },
        "altered": [_alteration(instance, name, before) for instance, name, before in bench.befores.values()],
        "emptied": [list(seat) for seat in bench.emptied_seats],
        "removed": bench.removed_rows,
        "laps_of": list(laps_of),
        "laps_over": list(laps_over),
        "tables_of": list(tables_of),
        "tables_over": list(tables_over),
    }


def plain(value: Any) -> Any:
    """A column's value as JSON holds it: rows by their key, instants in UTC."""
    if isinstance(value, models.Model):
        return value.pk
    if isinstance(value, dt.datetime):
        return value.astimezone(dt.UTC).isoformat()
    if isinstance(value, dt.date | dt.time):
        return value.isoformat()
    return str(value) if isinstance(value, Decimal) else value


def _alteration(instance: models.Model, name: str, before: Any) -> list[Any]:
    return [instance._meta.label_lower, instance.pk, name, plain(before), plain(getattr(instance, name))]
