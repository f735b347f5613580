"""What crawlers may find: every public story and every page of public facts, and nothing else."""

from collections.abc import Iterator
from itertools import chain

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.feedgenerator import rfc3339_date
from django.views.decorators.http import require_safe

from articles.feed_formats import Xml
from articles.models import Publication
from articles.stories import absolute
from results.models import Circuit, Classification, Driver, Event, LapSet, Manufacturer, Season, Series, Team

LIMIT = 50_000  # sitemaps.org allows no more in one file
SCHEMA = "http://www.sitemaps.org/schemas/sitemap/0.9"

PROFILES = (("driver", Driver), ("team", Team), ("manufacturer", Manufacturer), ("circuit", Circuit))
Page = tuple[str, str]  # path, and when it changed (ISO 8601, empty where unknown)


@require_safe
def sitemap(request: HttpRequest) -> HttpResponse:
    """All public pages in one file (https://www.sitemaps.org/protocol.html); the newest stories come first."""
    xml = Xml()
    with xml.inside("urlset", {"xmlns": SCHEMA}):
        for number, (path, changed) in enumerate(
            chain([(reverse("articles:home"), "")], _stories(), _facts(), _profiles())
        ):
            if number >= LIMIT:
                break
            with xml.inside("url"):
                xml.add("loc", absolute(path))
                if changed:
                    xml.add("lastmod", changed)
    return HttpResponse(str(xml), content_type="application/xml; charset=utf-8")


def _stories() -> Iterator[Page]:
    stories = Publication.objects.public().order_by("-visible_from", "-pk").values_list("slug", "visible_from")
    for slug, visible_from in stories[:LIMIT]:
        yield reverse("articles:article-detail", args=[slug]), rfc3339_date(visible_from)


def _facts() -> Iterator[Page]:
    """Series, seasons, events, and the sessions that have a public result."""
    for (slug,) in Series.objects.public().order_by("slug").values_list("slug"):
        yield reverse("results:series-detail", args=[slug]), ""
    for season in Season.objects.public().order_by("series__slug", "-slug").values_list("series__slug", "slug"):
        yield reverse("results:season-detail", args=season), ""
    events = Event.objects.public().order_by("-starts_on", "pk")
    for event in events.values_list("season__series__slug", "season__slug", "slug"):
        yield reverse("results:event-detail", args=event), ""
    results = Classification.objects.public().filter(checkpoint="").order_by("-public_from", "pk")
    parts = ("event__season__series__slug", "event__season__slug", "event__slug", "slug")
    for *address, public_from in results.values_list(*(f"session__{part}" for part in parts), "public_from"):
        yield reverse("results:session-detail", args=address), rfc3339_date(public_from)
    alone = LapSet.objects.public().exclude(session__classifications__checkpoint="").order_by("-loaded_at", "pk")
    for *address, loaded_at in alone.values_list(*(f"session__{part}" for part in parts), "loaded_at"):
        yield reverse("results:session-detail", args=address), rfc3339_date(loaded_at)


def _profiles() -> Iterator[Page]:
    """Drivers, teams, manufacturers and circuits that a released fact names."""
    for name, model in PROFILES:
        for (slug,) in model._default_manager.public().order_by("slug").values_list("slug"):
            yield reverse(f"results:{name}-detail", args=[slug]), ""


@require_safe
def robots(request: HttpRequest) -> HttpResponse:
    """https://www.rfc-editor.org/rfc/rfc9309: the newsroom is no matter for crawlers."""
    lines = [
        "User-agent: *",
        "Disallow: /admin/",
        "Disallow: /vorschau/",
        "",
        f"Sitemap: {settings.SITE_URL}/sitemap.xml",
    ]
    return HttpResponse("\n".join(lines) + "\n", content_type="text/plain; charset=utf-8")
