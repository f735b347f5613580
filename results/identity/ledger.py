"""What a merge or split did to single rows, written so that undoing it restores every column to the byte."""

from __future__ import annotations

from collections import defaultdict
from typing import Any

from django.apps import apps
from django.db import models

from results.identity.references import Reference

Row = dict[str, Any]  # {"model": "results.driveralias", "columns": {…}}


class Ledger:
    """Carries changes out and keeps them: rows moved to another owner, taken away, added."""

    def __init__(self) -> None:
        self.moved: dict[str, list[int]] = {}
        self.removed: list[Row] = []
        self.added: dict[str, list[int]] = defaultdict(list)

    def move(self, reference: Reference, rows: models.QuerySet[Any], to: int) -> None:
        """Lets the rows refer to another one."""
        keys = list(rows.order_by("pk").values_list("pk", flat=True))
        if keys:
            self.moved.setdefault(reference.label, []).extend(keys)
            reference.model._default_manager.filter(pk__in=keys).update(**{reference.column: to})

    def remove(self, row: models.Model) -> None:
        self.removed.append(dump(row))
        row.delete()

    def add(self, row: models.Model) -> None:
        row.save(force_insert=True)
        self.added[row._meta.label_lower].append(row.pk)


def dump(row: models.Model) -> Row:
    """A row as JSON takes it, each column to its last microsecond."""
    columns = {field.attname: _plain(field, row) for field in row._meta.concrete_fields}
    return {"model": row._meta.label_lower, "columns": columns}


def _plain(field: Any, row: models.Model) -> Any:
    value = getattr(row, field.attname)
    return value if value is None or isinstance(value, bool | int | str) else field.value_to_string(row)


def restore(row: Row) -> models.Model:
    """Writes the row as it was, with its primary key."""
    model: type[models.Model] = apps.get_model(row["model"])
    values = {
        field.attname: field.to_python(row["columns"][field.attname])
        for field in model._meta.concrete_fields
        if field.attname in row["columns"]
    }
    instance = model(**values)
    instance.save_base(raw=True, force_insert=True)
    return instance
