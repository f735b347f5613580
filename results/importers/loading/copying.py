"""Rows of one model into its table by COPY: what bulk_create does, at a third of the cost, for plain columns."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.db import connection, models
from django.db.models.expressions import DatabaseDefault
from psycopg import sql


def copy_in(model: type[models.Model], rows: Sequence[models.Model]) -> None:
    """Writes new rows without reading back their keys. What the rows refer to must be stored already.

    A column that any row leaves to the database is left out for all of them. Runs in the caller's transaction, under
    every constraint and trigger of the table.
    """
    if not rows:
        return
    fields = [field for field in model._meta.concrete_fields if not _is_left_out(field, rows)]
    columns = [sql.Identifier(str(field.column)) for field in fields]
    statement = sql.SQL("COPY {} ({}) FROM STDIN").format(
        sql.Identifier(model._meta.db_table), sql.SQL(", ").join(columns)
    )
    # Django translates the errors of `execute` only.
    with connection.wrap_database_errors, connection.cursor() as cursor, cursor.copy(statement) as copy:
        for row in rows:
            copy.write_row([_value(row, field) for field in fields])


def _is_left_out(field: models.Field[Any, Any], rows: Sequence[models.Model]) -> bool:
    return field.primary_key or any(isinstance(getattr(row, field.attname), DatabaseDefault) for row in rows)


def _value(row: models.Model, field: Any) -> Any:
    """The value of a column; a relation gets the key that its row was given after this one had been made."""
    if field.is_relation and field.is_cached(row):
        related = field.get_cached_value(row)
        return related.pk if related is not None else None
    return getattr(row, field.attname)
