"""Imports an article from a text, an HTML page or a Word document: `import_article FILE [--as-of DATE] [--dry-run] [--json]`.

The options are a contract (docs/formats.md). A dry run reads no database. Without a hand nothing is published and no
event created: the draft's notes hold what the text announces. A source that has changed since it became an article is
put before the desk as a proposal, and the article stays as it is. Errors are German, exit status 1, nothing written.
"""

import json
from argparse import ArgumentParser
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.core.management.base import CommandError
from django.utils import timezone
from django.utils.translation import gettext as _

from articles.importers.batches import PASTED, propose
from articles.importers.contract import as_object
from articles.importers.load import Told, find_article, import_article
from articles.importers.records import ArticleRefused, Label, ParsedArticle
from articles.importers.text import LARGEST, Wishes, parse_bytes
from articles.importers.updates import compare, find_former
from articles.management.given import given_bytes, given_day
from articles.models import Article
from results.importers.plan import Upload
from results.management.options import ContractCommand


class Command(ContractCommand):
    help = "Imports a raw text as the draft of an article; the same text again changes nothing."
    requires_system_checks: list[str] = []  # a dry run works without a database

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", nargs="?", default="", metavar="FILE")
        parser.add_argument("--as-of", default="", metavar="D", help="day the page was saved, 2025-06-20")
        parser.add_argument("--dry-run", action="store_true", help="say what would happen, write nothing")
        parser.add_argument("--json", action="store_true", help="answer as JSON")

    def handle(self, *args: Any, file: str, **options: Any) -> None:
        if not file:
            raise CommandError(_("No file is named."))
        path = Path(file)
        upload = Upload(path.name, given_bytes(path, most=LARGEST + 1))
        wishes = Wishes(as_of=given_day(options["as_of"]), today=timezone.localdate())
        try:
            article = parse_bytes(upload.content, wishes)
        except ArticleRefused as refusal:
            raise CommandError(f"{upload.name}: {refusal}") from refusal
        imported = None if options["dry_run"] else _import(article, upload, told=Told(as_of=wishes.as_of))
        if options["json"]:
            self.stdout.write(json.dumps(_answer(article, imported), ensure_ascii=False, indent=1))
        else:
            self.stdout.write("\n".join(_in_words(article, imported)))


@dataclass(frozen=True, slots=True)
class Outcome:
    """The article the file belongs to, whether it is new, and whether an update of it waits for a person."""

    article: Article
    is_new: bool
    is_proposed: bool = False


def _import(parsed: ParsedArticle, upload: Upload, *, told: Told) -> Outcome:
    former = None if find_article(upload) else find_former(parsed, name=upload.name, pasted=PASTED)
    if former is None:
        imported = import_article(parsed, upload, by=None, told=told)
        return Outcome(imported.article, imported.is_new)
    if compare(former.article, parsed).is_empty:
        return Outcome(former.article, is_new=False)
    propose(former, parsed, upload)
    return Outcome(former.article, is_new=False, is_proposed=True)


def _answer(article: ParsedArticle, imported: Outcome | None) -> dict[str, Any]:
    if imported is None:
        return as_object(article)
    return (
        as_object(article)
        | {"article": imported.article.pk, "created": int(imported.is_new)}
        | ({"proposed": 1} if imported.is_proposed else {})
    )


def _in_words(article: ParsedArticle, imported: Outcome | None) -> list[str]:
    """The labelled lines for a dry run, else what became of the text; the doubts in both cases."""
    doubts = [_("Doubt: %(text)s") % {"text": doubt} for doubt in article.doubts]
    if imported is None:
        filled = [line for line in article.lines if line.label is not Label.EMPTY]
        return [f"{line.number:4} {line.label:15} {line.text.strip()}" for line in filled] + doubts
    title = {"title": imported.article.title}
    if imported.is_new:
        return [_("1 new: the draft “%(title)s”.") % title, *doubts]
    if imported.is_proposed:
        return [
            _("0 new: the source of “%(title)s” has changed. A proposal waits at the desk; the draft stays.") % title
        ]
    return [_("0 new: this text is the article “%(title)s”.") % title]
