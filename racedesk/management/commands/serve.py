"""`manage.py serve`: the site on granian and the worker of its jobs, until Ctrl-C."""

import os
import time
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import connection

from racedesk import assets, localdb, server
from racedesk.supervision import Supervisor


class Command(BaseCommand):
    help = "Serve the site with granian, and do its background jobs unless RACEDESK_JOBS=external."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--host", default="127.0.0.1", help="address to listen on (default: this machine only)")
        parser.add_argument("--port", type=int, default=8000)
        parser.add_argument(
            "--workers", type=int, default=_workers(), help="processes (default: RACEDESK_WORKERS, or one a core)"
        )

    def handle(self, *, host: str, port: int, workers: int, **_options: Any) -> None:
        try:
            server.claim(host, port)
        except server.PortTakenError as error:
            raise CommandError(server.port_taken(port, error)) from error
        if not assets.are_collected():
            assets.collect_static()
        os.environ.setdefault("RACEDESK_SITE_URL", f"http://{host}:{port}")
        connection.ensure_connection()  # an embedded Postgres starts now and not under the first reader
        connection.close()
        worker = Supervisor()
        try:
            if not settings.JOBS_EXTERNAL:
                worker.start()
            server.serve(host, port, workers=workers, when_told_to_stop=worker.ask_to_stop)
        finally:
            worker.stop()
            if settings.EMBEDDED_DATABASE:
                _stop_database()


def _workers() -> int:
    return int(os.environ.get("RACEDESK_WORKERS") or os.cpu_count() or 1)


def _stop_database() -> None:
    """Leave nothing behind, unless another command or server is using the database."""
    if localdb.cluster().postmaster() is None:
        return
    for _attempt in range(20):  # the workers' own connections take a moment to end
        if not (others := _other_clients()):
            break
        time.sleep(0.05)
    connection.close()
    if not others:
        localdb.cluster().stop()


def _other_clients() -> int:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM pg_stat_activity WHERE backend_type = 'client backend' AND pid <> pg_backend_pid()"
        )
        (count,) = cursor.fetchone()
    return int(count)
