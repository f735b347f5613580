"""Works out traces, stints and shares of sessions whose laps came in before these were kept: `manage.py summarise_laps`."""

from typing import Any

from django.core.management.base import BaseCommand, CommandParser
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from results.importers.loading.summaries import write_summaries
from results.models import CarTrace, Session


class Command(BaseCommand):
    help = _("Works out what follows from the laps: positions, gaps, stints, shares of the drivers.")

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--all", action="store_true", help=_("also where it has been done already"))

    def handle(self, *args: Any, **options: Any) -> None:
        sessions = Session.objects.filter(lap_set__isnull=False)
        if not options["all"]:
            done = CarTrace.objects.values("session_entry__session")
            sessions = sessions.exclude(pk__in=done)
        count = 0
        for session in sessions.iterator():
            write_summaries(session)
            count += 1
        said = ngettext("%(count)s session summarised.", "%(count)s sessions summarised.", count)
        self.stdout.write(said % {"count": count})
