"""A parsed text as the fields of an article: what the source alone would fill in."""

from collections.abc import Iterable, Mapping
from html import escape

from django.utils.translation import gettext as _

from articles.body import sanitise
from articles.gate import DRAFT_TITLE
from articles.importers.records import Block, Caption, Label, ParsedArticle, Widget
from articles.models import Author

LONGEST_TITLE, LONGEST_STANDFIRST, LONGEST_DATELINE, LONGEST_AGENCY, LONGEST_KICKER = 200, 600, 60, 80, 80
# What an import fills, in the order of the form.
FIELDS = ("kicker", "title", "standfirst", "body", "dateline", "agency", "language", "notes")


def reading_of(parsed: ParsedArticle) -> dict[str, str]:
    """Every field of FIELDS, as it would be stored."""
    return {
        "kicker": (parsed.kicker or "")[:LONGEST_KICKER],
        "title": (parsed.title or "")[:LONGEST_TITLE] or DRAFT_TITLE,
        "standfirst": (parsed.teaser or "")[:LONGEST_STANDFIRST],
        "body": sanitise(as_html(parsed.blocks, parsed.markup)),
        "dateline": (parsed.dateline or "")[:LONGEST_DATELINE],
        "agency": (parsed.agency or "")[:LONGEST_AGENCY],
        "language": parsed.language,
        "notes": as_notes(parsed),
    }


def as_html(blocks: Iterable[Block], markup: Mapping[str, str] | None = None) -> str:
    """The body as paragraphs, subheads and lists. Captions belong to pictures, which the text alone does not bring.

    `markup` has links and emphasis of a page, by the words they stand in; whoever stores the body sanitises it.
    """
    parts: list[str] = []
    for block in blocks:
        text = (markup or {}).get(block.text) or escape(block.text, quote=False)
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
    known = set(known_authors(parsed))
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


def known_authors(parsed: ParsedArticle) -> dict[str, Author]:
    """Authors of the house by the name the byline prints; new ones are made by hand."""
    found = {author.name.casefold(): author for author in Author.objects.filter(name__in=parsed.authors)}
    return {name: found[name.casefold()] for name in parsed.authors if name.casefold() in found}
