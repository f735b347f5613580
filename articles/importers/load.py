"""A parsed article becomes a draft, never more: text, notes to the desk, original, and the events a person confirmed.

One transaction or nothing. The same bytes again find the article they once became, and change nothing.
"""

import datetime as dt
import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from django.contrib.auth.models import User
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import Q
from django.db.models.functions import Now
from django.utils.translation import gettext as _

from articles import workflow
from articles.importers.proposals import ConfirmedEvent, as_records
from articles.importers.reading import known_authors, reading_of
from articles.importers.records import Label, ParsedArticle
from articles.importers.updates import chosen, compare
from articles.models import Article, Byline, ImportedText, SidebarItem, TextItem
from results.importers.load import commit
from results.importers.originals import keep_document
from results.importers.plan import ImportTarget, Plan, Upload
from results.models import ImportRun, Series, SourceDocument

FORMAT = "article"
CREATE_EVENTS = ("results.add_event", "results.add_session")
CHANGE = "articles.change_article"


@dataclass(frozen=True, slots=True)
class ArticleImported:
    """The draft, whether it is new, and what became of the confirmed events."""

    article: Article
    is_new: bool
    events: tuple[Plan, ...] = ()


@dataclass(frozen=True, slots=True)
class Told:
    """What a person said of a text: labels of lines, and the date of reference."""

    labels: Mapping[int, Label] = field(default_factory=dict)
    as_of: dt.date | None = None


def find_article(upload: Upload) -> Article | None:
    """The article that these very bytes once became, or were taken over into."""
    sha256 = hashlib.sha256(upload.content).hexdigest()
    imported = Q(source__sha256=sha256) | Q(imports__document__sha256=sha256)
    return Article.objects.filter(imported).order_by("pk").first()


@transaction.atomic
def import_article(
    parsed: ParsedArticle,
    upload: Upload,
    *,
    by: User | None,
    events: Sequence[ConfirmedEvent] = (),
    told: Told | None = None,
) -> ArticleImported:
    """Write the draft and the confirmed events. `by` is None for a command run on the machine.

    Raises PermissionDenied without the right to add articles, or to add events where some are confirmed, and
    `results.importers.plan.ImportRefused` where an event cannot be written.
    """
    _require(by, "articles.add_article", *(CREATE_EVENTS if events else ()))
    document = _locked(keep_document(upload, by=by, format_=FORMAT))
    plans = _commit_events(upload, events, by)
    known = find_article(upload)
    if known:
        return ArticleImported(known, is_new=False, events=plans)
    article = _draft(parsed, document, by)
    _sign(article, parsed)
    _add_boxes(article, plans)
    _remember_reading(article, document, parsed, by=by, told=told)
    workflow.save(
        article, by=by, expected_lock_version=None, comment=_("Imported from %(name)s") % {"name": upload.name}
    )
    report = {"article": article.pk, "title": article.title, "doubts": list(parsed.doubts)}
    ImportRun.objects.create(document=document, by=by, created=1, report=report)
    return ArticleImported(article, is_new=True, events=plans)


@transaction.atomic
def update_article(
    article: Article,
    parsed: ParsedArticle,
    upload: Upload,
    *,
    by: User,
    choices: Mapping[str, str],
    expected_lock_version: int,
    told: Told | None = None,
) -> tuple[str, ...]:
    """Take a new version of the source over as a person chose (field -> draft, source or merged); returns what changed.

    What the desk alone changed stays. What readers see stays too: only the draft moves. Raises
    `articles.workflow.StaleSave` where the draft has been saved since the comparison was shown.
    """
    _require(by, CHANGE)
    document = _locked(keep_document(upload, by=by, format_=FORMAT))
    current = workflow.claim(article, expected_lock_version=expected_lock_version)
    values = chosen(compare(current, parsed), choices)
    for name, value in values.items():
        setattr(current, name, value)
    if not Article.objects.filter(source=document).exclude(pk=current.pk).exists():
        current.source = document
    current.save()
    _remember_reading(current, document, parsed, by=by, told=told)
    workflow.save(
        current, by=by, expected_lock_version=None, comment=_("Updated from %(name)s") % {"name": upload.name}
    )
    TextItem.objects.filter(article=current, document=document, state=TextItem.State.PROPOSED).update(
        state=TextItem.State.TAKEN, changed_at=Now()
    )
    if values:
        report = {"article": current.pk, "title": current.title, "fields": sorted(values)}
        ImportRun.objects.create(document=document, by=by, changed=1, report=report)
    return tuple(values)


@transaction.atomic
def confirm_events(article: Article, upload: Upload, events: Sequence[ConfirmedEvent], *, by: User) -> tuple[Plan, ...]:
    """Put confirmed events of a text that is an article already into the calendar; the draft stays as it is."""
    _require(by, CHANGE, *CREATE_EVENTS)
    return _commit_events(upload, events, by)


def _commit_events(upload: Upload, events: Sequence[ConfirmedEvent], by: User | None) -> tuple[Plan, ...]:
    return tuple(commit(as_records(event), upload, target=ImportTarget(create=True), by=by).plan for event in events)


def _remember_reading(
    article: Article, document: SourceDocument, parsed: ParsedArticle, *, by: User | None, told: Told | None
) -> None:
    """What the source says by now; its next version is compared with this."""
    told = told or Told()
    labels = {str(number): label.value for number, label in told.labels.items()}
    ImportedText.objects.create(
        article=article,
        document=document,
        content=reading_of(parsed),
        labels=labels,
        as_of=told.as_of,
        address=parsed.address,
        imported_by=by,
    )


def _require(by: User | None, *permissions: str) -> None:
    if by is not None and not by.has_perms(permissions):
        raise PermissionDenied


def _locked(document: SourceDocument) -> SourceDocument:
    """Two imports of the same bytes at once: the second waits here, and finds the article of the first."""
    return SourceDocument.objects.without_content().select_for_update().get(pk=document.pk)


def _draft(parsed: ParsedArticle, document: SourceDocument, by: User | None) -> Article:
    return Article.objects.create(**reading_of(parsed), source=document, created_by=by)


def _sign(article: Article, parsed: ParsedArticle) -> None:
    Byline.objects.bulk_create(
        Byline(article=article, author=author, position=position)
        for position, author in enumerate(dict.fromkeys(known_authors(parsed).values()), start=1)
    )


def _add_boxes(article: Article, plans: Iterable[Plan]) -> None:
    """`Nächstes Event` of every confirmed series beside the story, as it stood on the page it came from."""
    names = dict.fromkeys(plan.series for plan in plans)
    series = {one.name: one for one in Series.objects.filter(name__in=names)}
    SidebarItem.objects.bulk_create(
        SidebarItem(article=article, kind=SidebarItem.Kind.NEXT_EVENT, series=series[name], position=position)
        for position, name in enumerate((name for name in names if name in series), start=1)
    )
