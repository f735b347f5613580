"""Prints the tables of a season: `standings SERIES SEASON [--championship KEY] [--after ROUND] [--json]`.

`--after 12.1` is the table after the first scoring of round 12: the first of two races, the first checkpoint.

What the desk sees: embargoed results are in. Errors go to standard error in German, with exit status 1.
"""

from __future__ import annotations

import json
from typing import Any

from django.core.management.base import CommandError
from django.utils.translation import gettext as _

from results.management.championships import ChampionshipCommand
from results.models import Computation, Season
from results.standings.compute import SeasonWork
from results.standings.partway import table_of_part
from results.standings.reading import TableLine, plain, table


class Command(ChampionshipCommand):
    help = "Prints the championship tables of a season, after a round or as they stand."

    def handle(self, *args: Any, series: str, season: str, **options: Any) -> None:
        said, part = self.part_of(options["after"])
        wanted, championships, after = self.asked(series, season, championship=options["championship"], after=said)
        current = Computation.objects.current().filter(championship__in=championships)
        computations = {one.championship_id: one for one in current.select_related("championship__racing_class")}
        found = [computations[one.pk] for one in championships if one.pk in computations]
        if part is None or after is None:
            tables = [table(one, after=after) for one in found]
        else:
            tables = self.partway(wanted, found, number=after, part=part)
        lines = [(one.championship.key, line) for one, mine in zip(found, tables, strict=True) for line in mine]
        if options["json"]:
            self.stdout.write(json.dumps([_as_json(*line) for line in lines], ensure_ascii=False, indent=1))
            return
        for key, line in lines:
            self.stdout.write(f"{key:14} {line.position or line.printed!s:>4}  {line.name:40} {plain(line.points):>8}")

    def partway(
        self, season: Season, computations: list[Computation], *, number: int, part: int
    ) -> list[list[TableLine]]:
        """The tables after a scoring of a round; none for a championship that counts fewer in it."""
        work = SeasonWork(season, plans=False)
        tables = [table_of_part(work, one, number=number, part=part) for one in computations]
        if all(one is None for one in tables):
            raise CommandError(_("Round %(number)s has no part %(part)s.") % {"number": number, "part": part})
        return [one or [] for one in tables]


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
