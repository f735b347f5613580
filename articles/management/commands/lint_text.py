"""Remarks on a text: `lint_text FILE.txt [--event SLUG] [--as-of DATE] [--json]`. Nothing is written.

The register of names is the database's; with `--event` those who start there are known, too. Errors are German, exit
status 1.
"""

import json
from argparse import ArgumentParser
from dataclasses import asdict
from pathlib import Path
from typing import Any

from articles.factcheck.lint.database import register, starters_of
from articles.factcheck.lint.piece import Piece, Starters
from articles.factcheck.lint.remark import Remark
from articles.factcheck.lint.run import lint
from articles.management.given import given_day, given_event, given_text
from results.management.options import ContractCommand


class Command(ContractCommand):
    help = "Looks for slips in names, wrong weekdays, quotation marks without partner and captions that stand twice."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", metavar="FILE.txt")
        parser.add_argument(
            "--event", default="", metavar="SLUG", help="event of the database, series/season/event or its slug"
        )
        parser.add_argument("--as-of", default="", metavar="D", help="day of the text, 2025-06-20")
        parser.add_argument("--json", action="store_true", help="answer as JSON")

    def handle(self, *args: Any, file: str, event: str, **options: Any) -> None:
        starters = starters_of([given_event(event)]) if event else Starters()
        found = lint(Piece(given_text(Path(file)), register(), starters, given_day(options["as_of"])))
        if options["json"]:
            self.stdout.write(json.dumps(list(map(_as_object, found)), ensure_ascii=False, indent=1))
        else:
            self.stdout.write("\n".join(map(_in_words, found)))


def _as_object(remark: Remark) -> dict[str, Any]:
    return {name: value for name, value in asdict(remark).items() if name != "picture"}


def _in_words(remark: Remark) -> str:
    proposal = f" → „{remark.suggestion}“" if remark.suggestion else ""
    return f"{remark.start:6} „{remark.text}“{proposal}: {remark.why}"
