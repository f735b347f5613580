"""A parsed article as the JSON object that `import_article --json` prints; documented in docs/formats.md."""

import datetime as dt
from typing import Any

from articles.importers.records import AnnouncedBroadcast, Caption, Label, ParsedArticle, Widget

_DROPPED = {Label.FURNITURE, Label.COOKIE, Label.LOGO, Label.PLACEHOLDER, Label.WIDGET_HEAD, Label.WIDGET_SESSION}


def as_object(article: ParsedArticle) -> dict[str, Any]:
    """Texts in full length; days as ISO dates, session starts as local ISO minutes without zone."""
    return {
        "language": article.language,
        "title": article.title,
        "teaser": article.teaser,
        "date": article.date,
        "agency": article.agency,
        "dateline": article.dateline,
        "body_paragraphs": list(article.body_paragraphs),
        "subheads": list(article.subheads),
        "captions": [_caption(caption) for caption in article.captions],
        "widgets": [_widget(widget) for widget in article.widgets],
        "must_not_contain": [line.text.strip() for line in article.lines if line.label in _DROPPED],
        "quotes": list(article.quotes),
        "broadcasts": [_broadcast(broadcast) for broadcast in article.broadcasts],
    }


def _caption(caption: Caption) -> dict[str, Any]:
    return {"text": caption.text, "credit": caption.credit, "alt": caption.alt}


def _widget(widget: Widget) -> dict[str, Any]:
    return {
        "series": widget.series,
        "venue": widget.venue,
        "start": _iso(widget.start),
        "end": _iso(widget.end),
        "sessions": [{"name": session.name, "starts_at": session.starts_at} for session in widget.sessions],
        "year_doubtful": widget.year_doubtful,
    }


def _broadcast(broadcast: AnnouncedBroadcast) -> dict[str, Any]:
    return {
        "text": broadcast.text,
        "channel": broadcast.channel,
        "series": broadcast.series,
        "starts_at": broadcast.starts_at,
    }


def _iso(day: dt.date | None) -> str | None:
    return day.isoformat() if day else None
