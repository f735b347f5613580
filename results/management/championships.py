"""What the commands about championships share: whom they are asked about, and how they refuse."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from results.models import Championship, Season
from results.standings.asking import AskedInVain, championships_asked, part_asked, round_asked, season_asked


class ChampionshipCommand(BaseCommand):
    """A command on the championships of a season, after a round or as they stand; JSON on demand."""

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("series", metavar="SERIES", help="address or name, such as formel-1")
        parser.add_argument("season", metavar="SEASON")
        parser.add_argument("--championship", default="", metavar="KEY", help="only this one")
        parser.add_argument("--after", default=None, metavar="ROUND", help="as it stood after that round")
        parser.add_argument("--json", action="store_true", help="answer as JSON")

    def asked(
        self, series: str, season: str, *, championship: str, after: Any
    ) -> tuple[Season, list[Championship], int | None]:
        """The season, its championships and the round that are meant. Raises CommandError with a German sentence."""
        try:
            wanted = season_asked(series, season)
            return wanted, championships_asked(wanted, championship), round_asked(wanted, after)
        except AskedInVain as refusal:
            raise CommandError(str(refusal)) from refusal

    def part_of(self, after: Any) -> tuple[str | None, int | None]:
        """The round and the part of it that are meant. Raises CommandError with a German sentence."""
        try:
            return part_asked(after)
        except AskedInVain as refusal:
            raise CommandError(str(refusal)) from refusal
