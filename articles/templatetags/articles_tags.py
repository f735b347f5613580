"""What templates ask of the stories: lists of reports for the pages of the facts, and words about times and people."""

import datetime as dt
from typing import Any

from django import template
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from articles import stories, structured_data
from articles.archive import Span
from articles.body import render_page
from articles.stories import Related, Signature, Story
from results.models import Event, Series, Session
from results.venue_time import moment

register = template.Library()

REPORTS = 12


@register.inclusion_tag("components/reports.html")
def reports_for_event(event: Event, heading: str = "") -> dict[str, Any]:
    """The public stories about an event, newest first; one query, nothing where there is none."""
    return {"stories": stories.stories_of_event(event, limit=REPORTS), "heading": heading}


@register.inclusion_tag("components/reports.html")
def reports_for_series(series: Series, heading: str = "") -> dict[str, Any]:
    """The public stories about a series, newest first; one query, nothing where there is none."""
    return {"stories": stories.stories_of_series(series, limit=REPORTS), "heading": heading}


@register.inclusion_tag("components/reports.html")
def reports_for_session(session: Session, heading: str = "") -> dict[str, Any]:
    """The public stories that show the result of a session; one query, nothing where there is none."""
    return {"stories": stories.stories_of_session(session, limit=REPORTS), "heading": heading}


@register.filter
def signed(signatures: list[Signature]) -> SafeString | str:
    """`A`, `A und B`, `A, B und C`, each name set off and leading to the author's page."""
    names = [
        format_html('<a href="{}" rel="author"><strong>{}</strong></a>', _page_of(signature), signature.name)
        for signature in signatures
    ]
    if len(names) < 2:  # noqa: PLR2004
        return names[0] if names else ""
    return format_html("{} {} {}", _comma_separated(names[:-1]), _("and"), names[-1])


def _page_of(signature: Signature) -> str:
    return reverse("articles:author", args=[signature.slug])


@register.filter
def reason(related: Related) -> str:
    """Why another story stands beside this one: `Vom selben Wochenende: 6 Stunden von Fuji`."""
    words = {
        "event": (_("From the same weekend: %(name)s"), _("From the same weekend")),
        "topic": (_("Topic: %(name)s"), _("Topic")),
        "series": (_("Also from the %(name)s"), _("From the same series")),
    }
    named, plain = words[related.why]
    return named % {"name": related.name} if related.name else plain


def _comma_separated(names: list[SafeString]) -> SafeString:
    return format_html_join(", ", "{}", ((name,) for name in names))


@register.filter
def stamp(instant: dt.datetime) -> SafeString:
    """`5. November 2021, 16:42 Uhr MEZ` as a time element."""
    return format_html('<time datetime="{}">{}</time>', instant.isoformat(timespec="seconds"), moment(instant))


@register.simple_tag
def share_picture(story: Story) -> str:
    """The absolute address of the picture that networks show beside a link to the story; empty without one."""
    return stories.absolute(story.picture.fallback.address) if story.picture else ""


@register.simple_tag
def site_data() -> SafeString:
    """JSON-LD of the site and who publishes it."""
    return structured_data.data_block(structured_data.site_data())


@register.filter
def month(span: Span) -> str:
    """`Mai 2024`, or `2024` for a whole year."""
    return date_format(span.first_day, "F Y") if span.month else str(span.year)


@register.filter
def clean_html(html: str) -> SafeString:
    """The allowed subset of stored HTML."""
    return format_html("{}", render_page(html))
