"""What machines read in the head of a page of facts: SportsEvent, BreadcrumbList, ProfilePage and OpenGraph."""

from collections.abc import Iterator

from django import template
from django.conf import settings
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from results import structured_data
from results.models import Driver, Event, Season, Series, Session
from results.shown import Shown
from results.structured_data import data_block

register = template.Library()


@register.simple_tag(takes_context=True)
def facts_data(context: template.Context) -> SafeString:
    """JSON-LD of what the page is about, and of the path to it; no query."""
    return format_html_join("\n    ", "{}", ((data_block(data),) for data in _blocks(context)))


def _blocks(context: template.Context) -> Iterator[structured_data.Data]:
    page = context.get("canonical_path", "")
    session, event, season, driver = (context.get(name) for name in ("session", "event", "season", "driver"))
    if isinstance(session, Session) and session.get_absolute_url() == page:
        shown = context.get("shown")
        yield structured_data.session_event(session, shown.current if isinstance(shown, Shown) else None)
    elif isinstance(event, Event) and event.get_absolute_url() == page:
        yield structured_data.sports_event(event, context.get("sessions") or ())
    elif isinstance(driver, Driver):
        yield structured_data.driver_page(driver)
    if isinstance(season, Season):
        trail = [(season.series.label, season.series.get_absolute_url()), (season.label, season.get_absolute_url())]
        trail += [(event.name, event.get_absolute_url())] if isinstance(event, Event) else []
        trail += [(session.name, session.get_absolute_url())] if isinstance(session, Session) else []
        yield structured_data.breadcrumbs(trail)


@register.simple_tag(takes_context=True)
def open_graph(context: template.Context) -> SafeString | str:
    """What networks show beside a link to a page of facts; stories and the front page say it themselves."""
    title, path = _title(context), context.get("canonical_path")
    if not title or not path:
        return ""
    said = {
        "og:type": "website",
        "og:site_name": settings.SITE_NAME,
        "og:title": title,
        "og:url": f"{settings.SITE_URL}{path}",
        "og:locale": "de_DE",
    }
    lines = format_html_join("\n    ", '<meta property="{}" content="{}">', said.items())
    return format_html('{}\n    <meta name="twitter:card" content="summary">', lines)


def _title(context: template.Context) -> str:
    names = ("session", "event", "season", "series", "driver")
    session, event, season, series, driver = (context.get(name) for name in names)
    if "story" in context:
        return ""
    if isinstance(session, Session):
        return f"{session.name}, {session.event.name} {session.event.season.label}"
    if isinstance(event, Event):
        return f"{event.name} {event.season.label}"
    if isinstance(season, Season):
        return f"{season.name_of_series} {season.label}"
    if isinstance(series, Series):
        return series.name
    return driver.full_name if isinstance(driver, Driver) else str(context.get("page_title", ""))
