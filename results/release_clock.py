"""The clock that says what readers see: the database's own."""

import datetime as dt

from django.db import connection

from results.models import Classification


def database_now() -> dt.datetime:
    """The instant of this statement by the database clock; later than any lock the transaction waited for."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT statement_timestamp()")
        (now,) = cursor.fetchone()
    return now  # type: ignore[no-any-return]


def opening_of(version: Classification) -> dt.datetime | None:
    """From when on readers of its event see a version: its own window and its session; None where nobody has set it.

    What is made from a version, such as the grid that follows a qualifying, must not be seen sooner.
    """
    moments = [version.public_from, version.session.public_from]
    return max(one for one in moments if one is not None) if None not in moments else None
