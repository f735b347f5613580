"""The clock that says what readers see: the database's own."""

import datetime as dt

from django.db import connection


def database_now() -> dt.datetime:
    """The instant of this statement by the database clock; later than any lock the transaction waited for."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT statement_timestamp()")
        (now,) = cursor.fetchone()
    return now  # type: ignore[no-any-return]
