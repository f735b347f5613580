"""A database of a bench's own on the configured server, so that nobody's articles and results are touched.

Importing this module sets Django up.
"""

import os
from collections.abc import Iterator
from contextlib import contextmanager

import django
from django.db import connection

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "racedesk.settings")
django.setup()


@contextmanager
def own_database(name: str, *, keep: bool) -> Iterator[None]:
    """Turns Django to the database of that name, made where it is missing, dropped at the end unless it is kept.

    A database that is not kept is made anew, so that an interrupted run leaves nothing that a later one would measure.
    """
    connection.close()
    maintenance = connection.settings_dict["NAME"]
    if not keep:
        drop(name)
    connection.close()
    connection.settings_dict["NAME"] = name
    create(name, maintenance)
    try:
        yield
    finally:
        connection.close()
        connection.settings_dict["NAME"] = maintenance
        if not keep:
            drop(name)


def create(name: str, maintenance: str) -> None:
    """Makes the database where it is missing; the embedded server would do so itself at the first connection."""
    connection.settings_dict["NAME"] = maintenance
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1 FROM pg_database WHERE datname = %s", [name])
        if cursor.fetchone() is None:
            cursor.execute(f'CREATE DATABASE "{name}"')
    connection.close()
    connection.settings_dict["NAME"] = name


def drop(name: str) -> None:
    """Drops the database; asked on another one."""
    with connection.cursor() as cursor:
        cursor.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')
