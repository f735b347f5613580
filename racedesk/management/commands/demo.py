"""`manage.py demo`: from an empty machine to a running site with a season in it; a second run only adds what is missing."""

from typing import Any

from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import connection
from django.utils.translation import gettext as _

from racedesk import demo, server
from racedesk.assets import collect_static

ADVISORY_LOCK = 7_264_301  # any number; taken by demo runs alone


class Command(BaseCommand):
    help = "Prepare database, static files and demo content, then serve them."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--port", type=int, default=8000)
        parser.add_argument("--no-serve", action="store_true", help="prepare only")

    def handle(self, *, port: int, no_serve: bool, **_options: Any) -> None:
        if not no_serve:
            claim(port)
        self.say(_("Preparing the database …"))
        with connection.cursor() as cursor:
            # Two demo runs at once: the second waits here for the first, then finds everything done.
            cursor.execute("SELECT pg_advisory_lock(%s)", [ADVISORY_LOCK])
            call_command("migrate", interactive=False, verbosity=0, skip_checks=True)
            collect_static()
            self.say(_("Loading the demo season …"))
            demo.load(stdout=self.stdout)
            cursor.execute("SELECT pg_advisory_unlock(%s)", [ADVISORY_LOCK])
        if no_serve:
            return
        self.say(_("racedesk is at %(address)s (stop with Ctrl-C)") % {"address": f"http://127.0.0.1:{port}"})
        call_command("serve", port=port)

    def say(self, words: str) -> None:
        self.stdout.write(words)
        self.stdout.flush()


def claim(port: int) -> None:
    """Say before the work, not after it, that the port is taken."""
    try:
        server.claim("127.0.0.1", port)
    except server.PortTakenError as error:
        raise CommandError(server.port_taken(port, error)) from error
