"""`manage.py work`: the worker of the background jobs, until SIGTERM or Ctrl-C."""

import ctypes
import os
import signal
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import connection

from racedesk import jobs
from racedesk.server import PR_SET_PDEATHSIG


class Command(BaseCommand):
    help = "Do the background jobs: files that wait to be read or imported."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--once", action="store_true", help="end when nothing waits any more")
        parser.add_argument("--master", type=int, default=0, help="end when the process of this number does")

    def handle(self, *, once: bool, master: int, **_options: Any) -> None:
        if master:
            _die_with(master)
        connection.ensure_connection()  # an embedded Postgres is started or healed by whoever needs it
        try:
            jobs.run_worker(once=once)
        except jobs.NotMigrated:
            raise CommandError("The database has no table of jobs yet: manage.py migrate") from None


def _die_with(master: int) -> None:
    """A master killed with -9 takes its worker along: nobody would be there to stop it."""
    ctypes.CDLL(None, use_errno=True).prctl(PR_SET_PDEATHSIG, signal.SIGKILL)
    if os.getppid() != master:
        raise SystemExit("the worker's master is gone")
