"""Puts the statistics' SQL to the database: one statement, answered as JSON."""

import json
from typing import Any

from django.db import connection

from results.statistics.basis import Part


def ask(expressions: Part, answers: dict[str, str], params: tuple[Any, ...] = ()) -> dict[str, list[dict[str, Any]]]:
    """The rows of several queries over the same expressions, by name, as dictionaries; one query.

    `expressions` is what stands after WITH; `answers` are queries with ORDER BY where order matters, `params` those of
    all of them in order. Dates come as ISO texts.
    """
    named = (f"(SELECT json_agg(answer) FROM ({query}) answer) AS {name}" for name, query in answers.items())  # noqa: S608
    with connection.cursor() as cursor:
        cursor.execute(f"WITH {expressions.sql} SELECT {', '.join(named)}", [*expressions.params, *params])
        row = cursor.fetchone()
    return {name: _rows(value) for name, value in zip(answers, row, strict=True)}


def _rows(value: Any) -> list[dict[str, Any]]:
    """Django hands JSON over as text where no field says what it is."""
    return (json.loads(value) if isinstance(value, str) else value) or []
