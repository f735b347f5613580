"""Reads a raw article and shows what it was understood as, or keeps it as a draft."""

import datetime as dt
import json
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from articles.importers.contract import as_object
from articles.importers.records import ArticleRefused, Label, ParsedArticle
from articles.importers.text import LIMIT, parse_bytes


_UNREADABLE = {
    FileNotFoundError: "Die Datei gibt es nicht.",
    IsADirectoryError: "Das ist ein Ordner, keine Datei.",
    PermissionError: "Die Datei darf nicht gelesen werden.",
}


class Command(BaseCommand):
    help = "Importiert einen Rohtext als Artikelentwurf."
    requires_system_checks: list[str] = []  # a dry run needs no database

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", metavar="DATEI", type=Path)
        parser.add_argument("--as-of", metavar="JJJJ-MM-TT", help="Bezugsdatum, falls der Text keines nennt")
        parser.add_argument("--dry-run", action="store_true", help="nur zeigen, nichts schreiben")
        parser.add_argument("--json", action="store_true", help="ein JSON-Objekt ausgeben")

    def handle(self, *, file: Path, as_of: str | None, dry_run: bool, **options: Any) -> None:
        data = read(file)
        today = dt.datetime.now(dt.UTC).astimezone().date()
        try:
            article = parse_bytes(data, as_of=day(as_of) if as_of else None, today=today)
        except ArticleRefused as error:
            raise CommandError(f"{file.name}: {error}") from error
        if not dry_run:
            raise CommandError("Nur --dry-run ist schon möglich.")
        self.stdout.write(json.dumps(as_object(article), ensure_ascii=False, indent=1) if options["json"] else shown(article))


def day(text: str) -> dt.date:
    """An ISO date from the command line; CommandError in German for anything else."""
    try:
        return dt.date.fromisoformat(text)
    except ValueError as error:
        raise CommandError(f"--as-of {text!r} ist kein Datum der Form 2025-06-20.") from error


def read(file: Path) -> bytes:
    """The file's bytes, never more than the limit and one; CommandError in German where it cannot be read."""
    try:
        with file.open("rb") as source:
            return source.read(LIMIT + 1)
    except OSError as error:
        raise CommandError(f"{file}: {_UNREADABLE.get(type(error), 'Die Datei lässt sich nicht lesen.')}") from error


def shown(article: ParsedArticle) -> str:
    """The labelled lines and the doubts, for a person at a terminal."""
    lines = [f"{line.number:4} {line.label:15} {line.text.strip()}" for line in article.lines if line.label is not Label.EMPTY]
    return "\n".join([*lines, *(f"Zweifel: {doubt}" for doubt in article.doubts)])
