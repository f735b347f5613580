"""Django's PostgreSQL backend, whose server is started and healed by the connection that needs it."""

from contextlib import suppress
from typing import Any

from django.db.backends.postgresql import base
from django.db.backends.postgresql.psycopg_any import errors, sql
from django.utils.asyncio import async_unsafe
from psycopg import Connection, OperationalError

from racedesk import localdb
from racedesk.embedded.client import DatabaseClient

MAINTENANCE_DATABASE = "postgres"


class DatabaseWrapper(base.DatabaseWrapper):
    client_class = DatabaseClient

    def get_connection_params(self) -> dict[str, Any]:
        # The caller's PGPORT and PGHOSTADDR are meant for another server.
        return {**super().get_connection_params(), "port": localdb.PORT, "hostaddr": ""}

    @async_unsafe
    def get_new_connection(self, conn_params: dict[str, Any]) -> Connection[Any]:
        """A connection to a server that runs and to a database that exists; both are made where they are missing."""
        seconds = float(conn_params.get("connect_timeout") or localdb.START_SECONDS)
        self._heal(seconds)
        connection: Connection[Any]
        try:
            connection = super().get_new_connection(conn_params)
        except errors.ConnectionTimeout:
            raise
        except OperationalError:
            self._heal(seconds)  # it may have died a moment ago
            self._create_missing(conn_params)
            connection = super().get_new_connection(conn_params)
        return connection

    def _heal(self, seconds: float) -> None:
        try:
            localdb.ensure_running(seconds=seconds)
        except localdb.LocalDatabaseError as error:
            raise OperationalError(str(error)) from error

    def _create_missing(self, conn_params: dict[str, Any]) -> None:
        maintenance = {**conn_params, "dbname": MAINTENANCE_DATABASE, "cursor_factory": None, "context": None}
        with Connection.connect(**maintenance, autocommit=True) as connection:
            known = connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [conn_params["dbname"]])
            if known.fetchone() is None:
                # Another command may be faster.
                with suppress(errors.DuplicateDatabase, errors.UniqueViolation):
                    connection.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(conn_params["dbname"])))
