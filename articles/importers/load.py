"""A parsed article becomes a draft, never more: text, notes to the desk, original, and the events a person confirmed.

One transaction or nothing. The same bytes again find the article they once became, and change nothing.
"""

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from html import escape

from django.contrib.auth.models import User
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils.translation import gettext as _

from articles import workflow
from articles.gate import DRAFT_TITLE
from articles.importers.proposals import ConfirmedEvent, as_records
from articles.importers.records import Block, Caption, Label, ParsedArticle, Widget
from articles.models import Article, Author, Byline, SidebarItem
from results.importers.load import commit
from results.importers.originals import keep_document
from results.importers.plan import ImportTarget, Plan, Upload
from results.models import ImportRun, Series, SourceDocument

FORMAT = "article"
CREATE_EVENTS = ("results.add_event", "results.add_session")
LONGEST_TITLE, LONGEST_STANDFIRST, LONGEST_DATELINE, LONGEST_AGENCY = 200, 600, 60, 80


@dataclass(frozen=True, slots=True)
class ArticleImported:
    """The draft, whether it is new, and what became of the confirmed events."""

    article: Article
    is_new: bool
    events: tuple[Plan, ...] = ()


def find_article(upload: Upload) -> Article | None:
    """The article that these very bytes once became."""
    return Article.objects.filter(source__sha256=hashlib.sha256(upload.content).hexdigest()).first()


@transaction.atomic
def import_article(
    parsed: ParsedArticle, upload: Upload, *, by: User | None, events: Sequence[ConfirmedEvent] = ()
) -> ArticleImported:
    """Write the draft and the confirmed events. `by` is None for a command run on the machine.

    Raises PermissionDenied without the right to add articles, or to add events where some are confirmed, and
    `results.importers.plan.ImportRefused` where an event cannot be written.
    """
    _require(by, "articles.add_article", *(CREATE_EVENTS if events else ()))
    document = _locked(keep_document(upload, by=by, format_=FORMAT))
    plans = tuple(commit(as_records(event), upload, target=ImportTarget(create=True), by=by).plan for event in events)
    known = Article.objects.filter(source=document).first()
    if known:
        return ArticleImported(known, is_new=False, events=plans)
    article = _draft(parsed, document, by)
    _sign(article, parsed)
    _add_boxes(article, plans)
    workflow.save(
        article, by=by, expected_lock_version=None, comment=_("Imported from %(name)s") % {"name": upload.name}
    )
    report = {"article": article.pk, "title": article.title, "doubts": list(parsed.doubts)}
    ImportRun.objects.create(document=document, by=by, created=1, report=report)
    return ArticleImported(article, is_new=True, events=plans)


def _require(by: User | None, *permissions: str) -> None:
    if by is not None and not by.has_perms(permissions):
        raise PermissionDenied


def _locked(document: SourceDocument) -> SourceDocument:
    """Two imports of the same bytes at once: the second waits here, and finds the article of the first."""
    return SourceDocument.objects.without_content().select_for_update().get(pk=document.pk)


def _draft(parsed: ParsedArticle, document: SourceDocument, by: User | None) -> Article:
    title, standfirst = parsed.title or "", parsed.teaser or ""
    return Article.objects.create(
        title=title[:LONGEST_TITLE] or DRAFT_TITLE,
        standfirst=standfirst[:LONGEST_STANDFIRST],
        body=as_html(parsed.blocks),
        language=parsed.language,
        dateline=(parsed.dateline or "")[:LONGEST_DATELINE],
        agency=(parsed.agency or "")[:LONGEST_AGENCY],
        notes=as_notes(parsed),
        source=document,
        created_by=by,
    )


def as_html(blocks: Iterable[Block]) -> str:
    """The body as paragraphs, subheads and lists. Captions belong to pictures, which the text alone does not bring."""
    parts: list[str] = []
    for block in blocks:
        text = escape(block.text, quote=False)
        if block.kind is Label.SUBHEAD:
            parts.append(f"<h2>{text}</h2>")
        elif block.kind is Label.PARAGRAPH:
            parts.append(f"<p>{text}</p>")
        elif block.kind is Label.LIST_ITEM:
            parts.append(f"<ul><li>{text}</li></ul>")
    return "\n".join(parts).replace("</ul>\n<ul>", "")


def as_notes(parsed: ParsedArticle) -> str:
    """What the text held beside the story, for the desk: nothing of it is lost."""
    long_title = parsed.title if parsed.title and len(parsed.title) > LONGEST_TITLE else None
    long_teaser = parsed.teaser if parsed.teaser and len(parsed.teaser) > LONGEST_STANDFIRST else None
    known = set(_known_authors(parsed))
    lines = [
        *(_("Full title: %(text)s") % {"text": text} for text in [long_title] if text),
        *(_("Full standfirst: %(text)s") % {"text": text} for text in [long_teaser] if text),
        *(_("Date in the text: %(date)s") % {"date": date} for date in [parsed.date] if date),
        *(_("Byline in the text: %(name)s") % {"name": name} for name in parsed.authors if name not in known),
        *(_picture_note(caption) for caption in parsed.captions),
        *(_event_note(widget) for widget in parsed.widgets),
        *(_("Broadcast: %(text)s") % {"text": broadcast.text} for broadcast in parsed.broadcasts),
        *(_("Doubt: %(text)s") % {"text": doubt} for doubt in parsed.doubts),
    ]
    return "\n".join(lines)


def _picture_note(caption: Caption) -> str:
    credit = _("Photo: %(name)s") % {"name": caption.credit} if caption.credit else ""
    alt = _("Alternative text: %(text)s") % {"text": caption.alt} if caption.alt else ""
    return _("Picture: %(text)s") % {"text": " · ".join(filter(None, (caption.text, credit, alt)))}


def _event_note(widget: Widget) -> str:
    days = f"{widget.start:%d.%m.%Y} – {widget.end:%d.%m.%Y}" if widget.start and widget.end else _("year unknown")
    sessions = ", ".join(f"{session.name} {session.starts_at or '–'}" for session in widget.sessions)
    head = " · ".join(filter(None, (widget.series, widget.venue, days, sessions)))
    return _("Announced event: %(text)s") % {"text": head}


def _known_authors(parsed: ParsedArticle) -> dict[str, Author]:
    """Authors of the house by the name the byline prints; new ones are made by hand."""
    found = {author.name.casefold(): author for author in Author.objects.filter(name__in=parsed.authors)}
    return {name: found[name.casefold()] for name in parsed.authors if name.casefold() in found}


def _sign(article: Article, parsed: ParsedArticle) -> None:
    Byline.objects.bulk_create(
        Byline(article=article, author=author, position=position)
        for position, author in enumerate(dict.fromkeys(_known_authors(parsed).values()), start=1)
    )


def _add_boxes(article: Article, plans: Iterable[Plan]) -> None:
    """`Nächstes Event` of every confirmed series beside the story, as it stood on the page it came from."""
    names = dict.fromkeys(plan.series for plan in plans)
    series = {one.name: one for one in Series.objects.filter(name__in=names)}
    SidebarItem.objects.bulk_create(
        SidebarItem(article=article, kind=SidebarItem.Kind.NEXT_EVENT, series=series[name], position=position)
        for position, name in enumerate((name for name in names if name in series), start=1)
    )
