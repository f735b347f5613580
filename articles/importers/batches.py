"""Texts brought in together, fifty at most: each becomes a draft, an update that waits for a person, or a refusal.

`work` does what a text waits for, in one transaction. It may be called as often as one likes: a text that is done is
not read again, one whose worker was killed is still waiting.
"""

import datetime as dt
from collections.abc import Iterable
from typing import Any

from django.contrib.auth.models import User
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import QuerySet
from django.db.models.functions import Now
from django.utils import timezone
from django.utils.translation import gettext as _

from articles.importers.load import FORMAT, find_article, import_article
from articles.importers.records import ArticleRefused, Label, ParsedArticle
from articles.importers.text import LARGEST, Wishes, parse_bytes
from articles.importers.updates import Former, compare, find_former
from articles.models import TextBatch, TextItem
from articles.signals import text_waits
from results.importers.originals import forget_previews, keep_document
from results.importers.plan import Upload

MOST_FILES = 50
MOST_KEPT = 10  # doubts in a report; the page with the lines has them all
LIFETIME = dt.timedelta(days=30)  # of what was refused or brought nothing new
State = TextItem.State
# Whatever is pasted has this name; it says nothing about where a text comes from. Translated when shown.
PASTED = "Eingefügter Text"


@transaction.atomic
def open_batch(uploads: Iterable[Upload], *, by: User) -> TextBatch:
    """Keeps the files in their order; each waits for a job that reads it. Raises PermissionDenied."""
    if not by.has_perm("articles.add_article"):
        raise PermissionDenied
    forget_old()
    batch = TextBatch.objects.create(by=by)
    for sequence, upload in enumerate(uploads, start=1):
        item = TextItem(batch=batch, sequence=sequence, name=upload.name[-200:])
        if 0 < len(upload.content) <= LARGEST:
            item.document = keep_document(upload, by=by, format_=FORMAT)
        else:
            item.state = State.REFUSED
            item.report = {"error": _("The file is too large.") if upload.content else _("The file is empty.")}
        item.save()
        if item.state == State.WAITING:
            text_waits.send(sender=TextItem, item=item.pk)
    return batch


def forget_old() -> None:
    """Drops what brought nothing, a month after; the originals nobody refers to go with it."""
    old = timezone.now() - LIFETIME
    TextItem.objects.filter(state__in=[State.REFUSED, State.UNCHANGED, State.DROPPED], changed_at__lt=old).delete()
    TextBatch.objects.filter(items=None, started_at__lt=old).delete()
    forget_previews()


@transaction.atomic
def work(pk: int) -> None:
    """Reads the text and does what follows from it; nothing where it waits for nothing."""
    item = TextItem.objects.select_for_update(of=("self",)).filter(pk=pk, state=State.WAITING).first()
    if item is None or item.document is None:
        return
    upload = Upload(item.name, bytes(item.document.content))
    by = item.batch.by
    try:
        _decide(item, parse_bytes(upload.content, Wishes(today=timezone.localdate())), upload, by)
    except ArticleRefused as refusal:
        _settle(item, State.REFUSED, {"error": str(refusal)})
    except PermissionDenied:
        _settle(item, State.REFUSED, {"error": _("Whoever brought it in may no longer add articles.")})


def _decide(item: TextItem, parsed: ParsedArticle, upload: Upload, by: User | None) -> None:
    report = report_of(parsed)
    known = find_article(upload)
    if known:
        item.article = known
        _settle(item, State.UNCHANGED, report)
        return
    former = find_former(parsed, name=upload.name, pasted=PASTED)
    if former and not compare(former.article, parsed).is_empty:
        item.article = former.article
        _settle(item, State.PROPOSED, report | {"because": former.because})
        return
    if former:
        item.article = former.article
        _settle(item, State.UNCHANGED, report)
        return
    with transaction.atomic():
        imported = import_article(parsed, upload, by=by)
    item.article = imported.article
    _settle(item, State.DONE if imported.is_new else State.UNCHANGED, report)


def _settle(item: TextItem, state: str, report: dict[str, Any]) -> None:
    item.state, item.report = state, report
    item.save(update_fields=["state", "report", "article"])
    TextItem.objects.filter(pk=item.pk).update(changed_at=Now())


def report_of(parsed: ParsedArticle) -> dict[str, Any]:
    """What the list of a batch says of a text."""
    left_out = {Label.FURNITURE, Label.COOKIE, Label.LOGO, Label.PLACEHOLDER}
    return {
        "format": parsed.format,
        "encoding": parsed.encoding,
        "title": parsed.title or "",
        "paragraphs": len(parsed.body_paragraphs),
        "captions": len(parsed.captions),
        "events": len(parsed.widgets),
        "left_out": sum(line.label in left_out for line in parsed.lines),
        "doubts": list(parsed.doubts[:MOST_KEPT]),
        "more_doubts": max(len(parsed.doubts) - MOST_KEPT, 0),
    }


@transaction.atomic
def propose(former: Former, parsed: ParsedArticle, upload: Upload) -> TextItem:
    """Puts a changed source that nobody is at hand to look at before the desk, once."""
    document = keep_document(upload, by=None, format_=FORMAT)
    waiting = open_proposals().filter(article=former.article, document=document).first()
    if waiting:
        return waiting
    return TextItem.objects.create(
        batch=TextBatch.objects.create(),
        sequence=1,
        name=upload.name[-200:],
        document=document,
        article=former.article,
        state=State.PROPOSED,
        report=report_of(parsed) | {"because": former.because},
    )


def open_proposals() -> QuerySet[TextItem]:
    """Updates that wait for a person, newest first."""
    return TextItem.objects.filter(state=State.PROPOSED).select_related("article", "document").defer(
        "document__content"
    ).order_by("-pk")  # fmt: skip


@transaction.atomic
def drop(item: TextItem, *, by: User) -> bool:
    """Leaves the draft as it is; says whether a proposal was there to drop."""
    if not by.has_perm("articles.change_article"):
        raise PermissionDenied
    dropped = TextItem.objects.filter(pk=item.pk, state=State.PROPOSED)
    return bool(dropped.update(state=State.DROPPED, changed_at=Now()))
