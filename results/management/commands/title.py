"""Prints how the titles of a season stand: `title SERIES SEASON [--championship KEY] [--after ROUND] [--json]`.

Every title as an entry: decided or not, by whom and after which round, and what each contender needs. Errors go to
standard error in German, with exit status 1.
"""

from __future__ import annotations

import json
from typing import Any

from django.db import transaction

from results.management.championships import ChampionshipCommand
from results.models import Championship
from results.points import title_words
from results.standings.compute import SeasonWork
from results.standings.titles import TitleState, title_state


class Command(ChampionshipCommand):
    help = "Prints who is champion, who can still be, and what is enough."

    def handle(self, *args: Any, series: str, season: str, **options: Any) -> None:
        wanted, championships, after = self.asked(
            series, season, championship=options["championship"], after=options["after"]
        )
        with transaction.atomic():
            work = SeasonWork(wanted)
            states = [(one, title_state(work, one, after=after)) for one in championships]
        if options["json"]:
            answer = [_as_json(championship, state) for championship, state in states]
            self.stdout.write(json.dumps(answer, ensure_ascii=False, indent=1))
            return
        for championship, state in states:
            self.stdout.write(f"{championship.name}: {title_words.headline(state.title, state.name_of)}")
            for one in state.contenders:
                self.stdout.write(f"  {title_words.alone(one, state.name_of)}")


def _as_json(championship: Championship, state: TitleState) -> dict[str, Any]:
    title = state.title
    return {
        "championship": championship.key,
        "decided": title.is_decided,
        "champion": state.key_of(title.champion) if title.champion is not None else None,
        "decided_after_round": state.decided_after,
        "contenders": [
            {
                "key": state.key_of(one.competitor),
                "alone": one.alone,
                "against": title_words.against(one, state.name_of),
            }
            for one in title.contenders
        ],
    }
