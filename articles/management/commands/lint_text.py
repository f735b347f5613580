"""Remarks on a text: `lint_text FILE.txt [--event SLUG] [--as-of DATE] [--json]`. Nothing is written.

The register of names is the database's; with `--event` those who start there are known, too. Errors are German, exit
status 1.
"""

import datetime as dt
import json
from argparse import ArgumentParser
from dataclasses import asdict
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _

from articles.factcheck.lint.database import register, starters_of
from articles.factcheck.lint.piece import Piece, Starters
from articles.factcheck.lint.remark import Remark
from articles.factcheck.lint.run import lint
from results.models import Event

LARGEST = 8_000_000


class Command(BaseCommand):
    help = "Looks for slips in names, wrong weekdays, quotation marks without partner and captions that stand twice."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", metavar="FILE.txt")
        parser.add_argument(
            "--event", default="", metavar="SLUG", help="event of the database, series/season/event or its slug"
        )
        parser.add_argument("--as-of", default="", metavar="D", help="day of the text, 2025-06-20")
        parser.add_argument("--json", action="store_true", help="answer as JSON")

    def handle(self, *args: Any, file: str, event: str, **options: Any) -> None:
        starters = starters_of([_event(event)]) if event else Starters()
        found = lint(Piece(_text(Path(file)), register(), starters, _day(options["as_of"])))
        if options["json"]:
            self.stdout.write(json.dumps(list(map(_as_object, found)), ensure_ascii=False, indent=1))
        else:
            self.stdout.write("\n".join(map(_in_words, found)))


def _as_object(remark: Remark) -> dict[str, Any]:
    return {name: value for name, value in asdict(remark).items() if name != "picture"}


def _in_words(remark: Remark) -> str:
    proposal = f" → „{remark.suggestion}“" if remark.suggestion else ""
    return f"{remark.start:6} „{remark.text}“{proposal}: {remark.why}"


def _day(text: str) -> dt.date | None:
    try:
        return dt.date.fromisoformat(text.strip()) if text else None
    except ValueError as error:
        raise CommandError(_("“%(text)s” is no day. Expected: 2025-03-22.") % {"text": text}) from error


def _text(path: Path) -> str:
    try:
        with path.open("rb") as source:
            content = source.read(LARGEST + 1)
        if len(content) > LARGEST:
            raise CommandError(_("%(name)s is larger than %(size)s MB.") % {"name": path, "size": LARGEST // 1_000_000})
        return content.decode("utf-8")
    except FileNotFoundError as error:
        raise CommandError(_("There is no file %(name)s.") % {"name": path}) from error
    except IsADirectoryError as error:
        raise CommandError(_("%(name)s is a folder, no file.") % {"name": path}) from error
    except OSError as error:
        raise CommandError(_("%(name)s may not be read.") % {"name": path}) from error
    except UnicodeDecodeError as error:
        raise CommandError(_("%(name)s is not UTF-8.") % {"name": path}) from error


def _event(address: str) -> Event:
    *context, slug = address.strip("/").split("/")
    events = Event.objects.filter(slug=slug).select_related("season__series")
    if len(context) == 2:  # noqa: PLR2004 - series/season/event
        events = events.filter(season__series__slug=context[0], season__slug=context[1])
    found = list(events[:2])
    if not found:
        raise CommandError(_("There is no event “%(slug)s”.") % {"slug": address})
    if len(found) > 1:
        raise CommandError(_("Several events are called “%(slug)s”. Write series/season/event.") % {"slug": address})
    return found[0]
