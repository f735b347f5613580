"""What machines read in the head of a page of facts: SportsEvent, BreadcrumbList, ProfilePage and OpenGraph."""

from collections.abc import Iterator

from django import template
from django.conf import settings
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from results import structured_data
from results.models import Driver, Event, Season, Series, Session
from results.shown import Shown
from results.standings.competitors import Seen
from results.standings.shown import ShownChampionship
from results.structured_data import data_block

register = template.Library()


@register.simple_tag(takes_context=True)
def facts_data(context: template.Context) -> SafeString:
    """JSON-LD of what the page is about, and of the path to it; no query."""
    return format_html_join("\n    ", "{}", ((data_block(data),) for data in _blocks(context)))


def _blocks(context: template.Context) -> Iterator[structured_data.Data]:
    page = str(context.get("canonical_path") or "")
    session, event, season, driver = (context.get(name) for name in ("session", "event", "season", "driver"))
    if isinstance(session, Session) and session.get_absolute_url() == page:
        shown = context.get("shown")
        yield structured_data.session_event(session, shown.current if isinstance(shown, Shown) else None)
    elif isinstance(event, Event) and event.get_absolute_url() == page:
        yield structured_data.sports_event(event, context.get("sessions") or ())
    elif isinstance(driver, Driver):
        yield structured_data.driver_page(driver)
    shown_table = context.get("shown")
    if isinstance(shown_table, ShownChampionship) and shown_table.table_address == page and context.get("after"):
        yield structured_data.standing_dataset(shown_table)
    if isinstance(season, Season):
        trail = [(season.series.label, season.series.get_absolute_url()), (season.label, season.get_absolute_url())]
        trail += [(event.name, event.get_absolute_url())] if isinstance(event, Event) else []
        trail += [(session.name, session.get_absolute_url())] if isinstance(session, Session) else []
        trail += _below_standings(context, page) if page.startswith(f"{season.get_absolute_url()}tabelle/") else []
        yield structured_data.breadcrumbs(trail)


def _below_standings(context: template.Context, page: str) -> list[tuple[str, str]]:
    """The path from a season to one of the pages of its championships."""
    season, shown, competitor = (context.get(name) for name in ("season", "shown", "competitor"))
    trail = [(_("Championships"), f"{season.get_absolute_url()}tabelle/")] if isinstance(season, Season) else []
    if isinstance(shown, ShownChampionship):
        trail.append((shown.championship.name, shown.table_address))
        if page != shown.table_address:
            trail.append((competitor.name if isinstance(competitor, Seen) else _("Round by round"), page))
    return trail


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
    standings = _title_of_standings(context)
    if "story" in context or standings:
        return standings
    if isinstance(session, Session):
        return f"{session.name}, {session.event.name} {session.event.season.label}"
    if isinstance(event, Event):
        return f"{event.name} {event.season.label}"
    if isinstance(season, Season):
        return f"{season.name_of_series} {season.label}"
    if isinstance(series, Series):
        return series.name
    return driver.full_name if isinstance(driver, Driver) else str(context.get("page_title", ""))


def _title_of_standings(context: template.Context) -> str:
    """What a page of championships is about; empty for other pages."""
    season, shown, competitor = (context.get(name) for name in ("season", "shown", "competitor"))
    if isinstance(shown, ShownChampionship):
        whose = f"{competitor.name}: " if isinstance(competitor, Seen) else ""
        return f"{whose}{shown.championship.name}, {shown.season.name_of_series} {shown.season.label}"
    title = str(context.get("page_title", ""))
    return f"{title}, {season.name_of_series} {season.label}" if title and isinstance(season, Season) else ""
