"""Prints the tables of a season: `standings SERIES SEASON [--championship KEY] [--after ROUND] [--json]`.

What the desk sees: embargoed results are in. Errors go to standard error in German, with exit status 1.
"""

from __future__ import annotations

import json
from typing import Any

from results.management.championships import ChampionshipCommand
from results.models import Computation
from results.standings.reading import TableLine, plain, table


class Command(ChampionshipCommand):
    help = "Prints the championship tables of a season, after a round or as they stand."

    def handle(self, *args: Any, series: str, season: str, **options: Any) -> None:
        _wanted, championships, after = self.asked(
            series, season, championship=options["championship"], after=options["after"]
        )
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
