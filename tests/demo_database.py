"""The demo, loaded once by a worker into a database of its own; whoever needs it is given a copy."""

import io
import itertools
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from django.core.management.base import OutputWrapper
from django.db import connection
from django.test import override_settings

from racedesk.demo import load
from tests import made_database
from tests.made_database import quoted

_numbers = itertools.count(1)
_made: list[str] = []


@dataclass(frozen=True)
class Demo:
    """The database and folder that stay as they were loaded, and what the loading said."""

    database: str
    pictures: Path
    said: str


@contextmanager
def loaded(pictures: Path) -> Iterator[Demo]:
    """All databases go at the end: for each that goes Postgres writes out what every other test has left in memory."""
    name = f"{connection.settings_dict['NAME']}_demo"
    template = connection.settings_dict["TEST"].get("TEMPLATE") or made_database.make()
    said = io.StringIO()
    try:
        create(name, template)
        with connected_to(name), override_settings(MEDIA_ROOT=pictures):
            leave_unvacuumed()
            load(stdout=OutputWrapper(said))
        yield Demo(name, pictures, said.getvalue())
    finally:
        while _made:
            drop(_made.pop())


@contextmanager
def copied(demo: Demo) -> Iterator[None]:
    """All of this process, the live server too, works in a copy of the demo; its pictures are copied by the asker."""
    number = next(_numbers)
    name = f"{demo.database}_{number}"
    create(name, demo.database)
    with connected_to(name):
        with connection.cursor() as cursor:
            # What a process keeps of a row by its key must not meet the key again in the next copy.
            cursor.execute(
                "SELECT setval(quote_ident(schemaname) || '.' || quote_ident(sequencename), last_value + %s)"
                " FROM pg_sequences WHERE last_value IS NOT NULL",
                [number * 10_000],
            )
        yield


def create(name: str, template: str) -> None:
    drop(name)  # of a run that was killed
    with connection.creation._nodb_cursor() as cursor:
        cursor.execute(f"CREATE DATABASE {quoted(name)} TEMPLATE {quoted(template)}")
    _made.append(name)


def drop(name: str) -> None:
    with connection.creation._nodb_cursor() as cursor:
        # A thread of the live server may still hold it.
        cursor.execute(f"DROP DATABASE IF EXISTS {quoted(name)} WITH (FORCE)")


@contextmanager
def connected_to(name: str) -> Iterator[None]:
    """Connections share their settings: those that threads open from now on lead there, too."""
    former = connection.settings_dict["NAME"]
    connection.close()
    connection.settings_dict["NAME"] = name
    try:
        yield
    finally:
        connection.close()
        connection.settings_dict["NAME"] = former


def leave_unvacuumed() -> None:
    """Tests roll back, so a vacuum that comes by notes full pages without a row, and every plan is a bad one by chance.

    That this costs an import nothing is what tests/results/test_planner.py asks, on purpose.
    """
    with connection.cursor() as cursor:
        tables = map(quoted, connection.introspection.table_names(cursor))
        cursor.execute(";".join(f"ALTER TABLE {table} SET (autovacuum_enabled = false)" for table in tables))
