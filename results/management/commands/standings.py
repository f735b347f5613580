"""Prints the tables of a season: `standings SERIES SEASON [--championship KEY] [--after ROUND] [--json]`.

What the desk sees: embargoed results are in. Errors go to standard error in German, with exit status 1.
"""

from __future__ import annotations

import json
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from results.models import Computation
from results.standings.asking import AskedInVain, championships_asked, round_asked, season_asked
from results.standings.reading import TableLine, plain, table


class Command(BaseCommand):
    help = "Prints the championship tables of a season, after a round or as they stand."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("series", metavar="SERIES", help="address or name, such as formel-1")
        parser.add_argument("season", metavar="SEASON")
        parser.add_argument("--championship", default="", metavar="KEY", help="only this one")
        parser.add_argument("--after", default=None, metavar="ROUND", help="as it stood after that round")
        parser.add_argument("--json", action="store_true", help="answer as JSON")

    def handle(self, *args: Any, series: str, season: str, **options: Any) -> None:
        try:
            wanted = season_asked(series, season)
            championships = championships_asked(wanted, options["championship"])
            after = round_asked(wanted, options["after"])
        except AskedInVain as refusal:
            raise CommandError(str(refusal)) from refusal
        current = Computation.objects.current().filter(championship__in=championships)
        computations = {one.championship_id: one for one in current.select_related("championship")}
        lines = [
            (championship.key, line)
            for championship in championships
            if championship.pk in computations
            for line in table(computations[championship.pk], after=after)
        ]
        if options["json"]:
            self.stdout.write(json.dumps([_as_json(*line) for line in lines], ensure_ascii=False, indent=1))
            return
        for key, line in lines:
            self.stdout.write(f"{key:14} {line.position or line.printed!s:>4}  {line.name:40} {plain(line.points):>8}")


def _as_json(championship: str, line: TableLine) -> dict[str, Any]:
    return {
        "championship": championship,
        "position": line.position if line.position is not None else line.printed,
        "tied": line.is_tied,
        "competitor": line.name,
        "key": line.key,
        "points": plain(line.points),
        "gross": plain(line.gross),
        "dropped": plain(line.dropped),
    }
