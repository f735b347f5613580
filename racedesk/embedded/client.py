"""`manage.py dbshell` with the psql that came with the server."""

from collections.abc import Iterable
from typing import Any

from django.db.backends.postgresql import client

from racedesk import localdb


class DatabaseClient(client.DatabaseClient):
    @classmethod
    def settings_to_cmd_args_env(
        cls, settings_dict: dict[str, Any], parameters: Iterable[str]
    ) -> tuple[list[str], dict[str, str] | None]:
        localdb.ensure_running()
        psql = str(localdb.cluster().programs() / "psql")
        arguments, environment = super().settings_to_cmd_args_env({**settings_dict, "PORT": localdb.PORT}, parameters)
        return [psql, *arguments[1:]], environment
