"""Checks the facts of a text: `check_facts FILE.txt (--event SLUG | --data DATA.json) [--as-of DATE] --json`.

The options are a contract (docs/formats.md). With `--data` no database is opened: the file becomes the fact sheet. Errors
are German, exit status 1.
"""

import json
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import CommandError
from django.utils.translation import gettext as _

from articles.factcheck.contract import as_objects
from articles.factcheck.database import sheet_of
from articles.factcheck.relevance import speaks_of
from articles.factcheck.run import Finding, check_text
from articles.factcheck.sheet import FactSheet, SheetError
from articles.factcheck.verdict import Judgement
from articles.management.given import given_day, given_event, given_file, given_text
from results.management.options import ContractCommand

_SIGNS = {Judgement.CONFIRMED: "✓", Judgement.CONTRADICTED: "✗", Judgement.UNCHECKABLE: "?"}


class Command(ContractCommand):
    help = "Reads the claims of a text and compares them with the results of an event or of a file."
    requires_system_checks: list[str] = []  # with --data it works without a database

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", nargs="?", default="", metavar="FILE")
        parser.add_argument(
            "--event", default="", metavar="SLUG", help="event of the database, series/season/event or its slug"
        )
        parser.add_argument("--data", default="", metavar="DATA.json", help="facts in the exchange format, no database")
        parser.add_argument("--as-of", default="", metavar="D", help="reference day of the text, 2025-06-20")
        parser.add_argument("--json", action="store_true", help="answer as JSON")

    def handle(self, *args: Any, file: str, event: str, data: str, **options: Any) -> None:
        if not file:
            raise CommandError(_("No file is named."))
        if bool(event) == bool(data):
            raise CommandError(_("Name either an event (--event) or a file of facts (--data)."))
        given_day(options["as_of"])
        text = given_text(Path(file))
        sheet = _sheet_from_file(Path(data)) if data else sheet_of(given_event(event))
        findings = check_text(text, sheet)
        if options["json"]:
            self.stdout.write(json.dumps(as_objects(findings), ensure_ascii=False, indent=1))
        elif not speaks_of(text, sheet):
            asked = _(
                "The text names hardly anything of “%(event)s”, so it is not compared with it. Is it the right event?"
            )
            self.stdout.write(asked % {"event": sheet.event})
        else:
            self.stdout.write("\n".join(map(_in_words, findings)))


def _in_words(finding: Finding) -> str:
    return f"{_SIGNS[finding.verdict.judgement]} {finding.claim.start:6} „{finding.claim.text}“: {finding.verdict.why}"


def _sheet_from_file(path: Path) -> FactSheet:
    try:
        return FactSheet.from_records(json.loads(given_file(path)))
    except SheetError as error:
        raise CommandError(f"{path}: {error}") from error
    except (ValueError, RecursionError) as error:
        raise CommandError(_("%(name)s is no JSON.") % {"name": path}) from error
