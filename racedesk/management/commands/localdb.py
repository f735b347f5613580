"""`manage.py localdb start|stop|status|programs`: the embedded Postgres by hand."""

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from racedesk import localdb


class Command(BaseCommand):
    help = "Start, stop or describe the embedded Postgres; 'programs' prints the folder of psql and pg_dump."
    requires_system_checks = ()

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("action", choices=["start", "stop", "status", "programs"])

    def handle(self, *, action: str, **_options: Any) -> None:
        if not settings.EMBEDDED_DATABASE:
            raise CommandError("DATABASE_URL is set: that server is used, and nothing embedded runs.")
        try:
            self.stdout.write(getattr(self, action)(localdb.cluster()))
        except localdb.LocalDatabaseError as error:
            raise CommandError(str(error)) from error

    def start(self, cluster: localdb.Cluster) -> str:
        cluster.ensure_running()
        return self.status(cluster)

    def stop(self, cluster: localdb.Cluster) -> str:
        return "The embedded Postgres has stopped." if cluster.stop() else "The embedded Postgres was not running."

    def status(self, cluster: localdb.Cluster) -> str:
        pid = cluster.postmaster()
        state = f"{cluster.state().value} (pid {pid})" if pid else "not running"
        return f"Postgres: {state}\nData:     {cluster.data}\nSocket:   {cluster.sockets}\nLog:      {cluster.log}"

    def programs(self, cluster: localdb.Cluster) -> str:
        return str(cluster.programs())
