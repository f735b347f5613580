"""What crawlers may find: every public story and every page of public facts, and nothing else.

An index names parts of at most `PART` keys each, so that no file and no request grows with the archive. A part is one
query and one string; addresses are put together from columns, for `reverse` takes longer than all the rest.
"""

import datetime as dt
import re
from collections.abc import Callable, Iterable, Iterator
from typing import Any

from django.conf import settings
from django.db.models import CharField, DateTimeField, Exists, F, Func, Max, Model, OuterRef, Q, QuerySet, Value
from django.db.models.functions import Coalesce, Concat, Now
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import NoReverseMatch, reverse
from django.utils.feedgenerator import rfc3339_date
from django.views.decorators.http import require_safe

from articles.feed_formats import Xml, clean
from articles.models import Author, Publication, Tag
from articles.stories import absolute, names_it
from results.models import (
    Championship,
    Circuit,
    Classification,
    Computation,
    Driver,
    Event,
    LapSet,
    Manufacturer,
    Season,
    Series,
    Session,
    Team,
)

PART = 10_000  # sitemaps.org allows 50,000 addresses and 50 MB in one file
SCHEMA = "http://www.sitemaps.org/schemas/sitemap/0.9"
NEWS = "http://www.google.com/schemas/sitemap-news/0.9"
FRESH = dt.timedelta(hours=48)  # what search engines call news
NEWS_LIMIT = 1_000
XML = "application/xml; charset=utf-8"
_HEAD = '<?xml version="1.0" encoding="utf-8"?>\n'
_PART_NAME = re.compile(r"(?P<kind>[a-z]+)-(?P<number>[1-9]\d{0,5})")

# Every line with `path`, and `changed` where it is known.
Lines = QuerySet[Any, Any]


def _path(*parts: str) -> Concat:
    """An address put together from columns and, with a slash in them, constants."""
    pieces = (Value(part) if "/" in part else F(part) for part in parts)
    return Concat(*pieces, output_field=CharField())


def _stories() -> Lines:
    public = Publication.objects.public()
    return public.annotate(path=_path("/artikel/", "slug", "/"), changed=F("visible_from"))


def _events() -> Lines:
    path = _path("/", "season__series__slug", "/", "season__slug", "/", "slug", "/")
    return Event.objects.public().annotate(path=path)


def _sessions() -> Lines:
    """Sessions with a released result at the finish, and those that have laps alone."""
    results = Classification.objects.public().filter(session=OuterRef("pk"), checkpoint="")
    alone = LapSet.objects.public().filter(session=OuterRef("pk"))
    path = _path("/", "event__season__series__slug", "/", "event__season__slug", "/", "event__slug", "/", "slug", "/")
    released = results.order_by().values("session").annotate(last=Max("public_from")).values("last")
    loaded = alone.order_by("-loaded_at").values("loaded_at")[:1]
    return (
        Session.objects.public()
        .filter(Q(Exists(results)) | Q(Exists(alone)))
        .annotate(path=path, changed=Coalesce(released, loaded, output_field=DateTimeField()))
    )


def _standings() -> Lines:
    """Tables of championships that hold something: without a released result there is none."""
    scored = Computation.objects.public().filter(championship=OuterRef("pk"))
    path = _path("/", "season__series__slug", "/", "season__slug", "/tabelle/", "key", "/")
    return Championship.objects.public().filter(Exists(scored)).annotate(path=path)


def _titles() -> Lines:
    """The title race of each of them."""
    path = _path("/", "season__series__slug", "/", "season__slug", "/tabelle/", "key", "/titel/")
    lines: Lines = _standings().annotate(path=path)
    return lines


def _profile(model: Any, prefix: str) -> Callable[[], Lines]:
    return lambda: model.objects.public().annotate(path=_path(f"/{prefix}/", "slug", "/"))


def _named(model: type[Model], relation: str, prefix: str) -> Callable[[], Lines]:
    """Authors and topics, as far as a public story names them and they have a page."""
    path = _path(f"/{prefix}/", "slug", "/")
    return lambda: model._default_manager.filter(names_it(relation)).annotate(path=path)


KINDS: dict[str, Callable[[], Lines]] = {
    "artikel": _stories,
    "ereignisse": _events,
    "ergebnisse": _sessions,
    "tabellen": _standings,
    "titel": _titles,
    "fahrer": _profile(Driver, "fahrer"),
    "teams": _profile(Team, "team"),
    "hersteller": _profile(Manufacturer, "hersteller"),
    "strecken": _profile(Circuit, "strecke"),
    "autoren": _named(Author, "authors", "autor"),
    "themen": _named(Tag, "tags", "thema"),
}
PAGE_OF = {"autoren": "articles:author", "themen": "articles:tag"}
# Pages of their own, as far as the site has them.
PAGES = (
    "articles:home", "results:calendar", "articles:archive", "articles:corrections", "results:driver-list",
    "results:team-list", "results:manufacturer-list", "results:circuit-list", "articles:impressum",
    "articles:datenschutz", "articles:barrierefreiheit",
)  # fmt: skip


@require_safe
def sitemap(request: HttpRequest) -> HttpResponse:
    """The index of all parts (https://www.sitemaps.org/protocol.html)."""
    parts = [f"<sitemap><loc>{_escaped('/sitemap-seiten.xml')}</loc></sitemap>"]
    for kind, lines in KINDS.items():
        if kind in PAGE_OF and not _exists(PAGE_OF[kind], "x"):
            continue
        for number, changed in _parts(lines()):
            loc = f"<loc>{_escaped(f'/sitemap-{kind}-{number}.xml')}</loc>"
            parts.append(f"<sitemap>{loc}{_lastmod(changed)}</sitemap>")
    return _file(f'<sitemapindex xmlns="{SCHEMA}">', parts, "</sitemapindex>")


def _parts(lines: Lines) -> Iterator[tuple[int, dt.datetime | None]]:
    """The numbers of the parts that hold something, and when each last changed where that is known."""
    part = Func(F("pk"), Value(PART), template="(%(expressions)s)", arg_joiner=" / ")
    numbered = lines.order_by().annotate(part=part)
    dated = "changed" in numbered.query.annotations and numbered.model is Publication
    if dated:
        found = numbered.values("part").annotate(last=Max("changed")).values_list("part", "last")
    else:
        found = numbered.values_list("part", Value(None, DateTimeField())).distinct()
    for part_number, last in found.order_by("part"):
        yield part_number + 1, last


@require_safe
def sitemap_part(request: HttpRequest, part: str) -> HttpResponse:
    """The addresses of one part; 404 for one that holds nothing."""
    lines = list(_pages()) if part == "seiten" else list(_lines(part))
    if not lines:
        raise Http404
    urls = (f"<url><loc>{_escaped(path)}</loc>{_lastmod(changed)}</url>" for path, changed in lines)
    return _file(f'<urlset xmlns="{SCHEMA}">', urls, "</urlset>")


def _pages() -> Iterator[tuple[str, None]]:
    for name in filter(_exists, PAGES):
        yield reverse(name), None
    for (slug,) in Series.objects.public().order_by("slug").values_list("slug"):
        yield f"/{slug}/", None
    for series, slug in Season.objects.public().order_by("series__slug", "-slug").values_list("series__slug", "slug"):
        yield f"/{series}/{slug}/", None
    ranked = Season.objects.filter(Exists(_standings().filter(season=OuterRef("pk"))))
    for series, slug in ranked.order_by("series__slug", "-slug").values_list("series__slug", "slug"):
        yield f"/{series}/{slug}/tabelle/", None


def _exists(name: str, *arguments: str) -> bool:
    """Whether the site has a page of that name."""
    try:
        return bool(reverse(name, args=arguments))
    except NoReverseMatch:
        return False


def _lines(part: str) -> Iterable[tuple[str, dt.datetime | None]]:
    name = _PART_NAME.fullmatch(part)
    if name is None or name["kind"] not in KINDS:
        raise Http404
    first = (int(name["number"]) - 1) * PART
    lines = KINDS[name["kind"]]().filter(pk__gte=first, pk__lt=first + PART).order_by("pk")
    dated = "changed" in lines.query.annotations
    return lines.values_list("path", "changed" if dated else Value(None, DateTimeField()))


@require_safe
def news_sitemap(request: HttpRequest) -> HttpResponse:
    """The stories of the last 48 hours (https://developers.google.com/search/docs/crawling-indexing/sitemaps/news-sitemap)."""
    # Whole quarters of an hour: a story leaves the file at an instant that the freshness of pages knows.
    quarter = Func(Now(), template="date_bin('15 minutes', %(expressions)s, 'epoch')", output_field=DateTimeField())
    since = quarter - FRESH
    public: Lines = Publication.objects.public().filter(visible_from__gte=since).newest_first()
    fresh = public.filter(first_published_at__gte=since)
    stories = fresh.values_list("slug", "language", "title", "first_published_at")
    xml = Xml()
    with xml.inside("urlset", {"xmlns": SCHEMA, "xmlns:news": NEWS}):
        for slug, language, title, first in stories[:NEWS_LIMIT]:
            with xml.inside("url"):
                xml.add("loc", absolute(f"/artikel/{slug}/"))
                with xml.inside("news:news"):
                    with xml.inside("news:publication"):
                        xml.add("news:name", settings.SITE_NAME)
                        xml.add("news:language", language)
                    xml.add("news:publication_date", rfc3339_date(first))
                    xml.add("news:title", title)
    return HttpResponse(str(xml), content_type=XML)


def _escaped(path: str) -> str:
    """The absolute address; slugs hold nothing to escape, the site's own address might."""
    return clean(absolute(path)).replace("&", "&amp;").replace("<", "&lt;")


def _lastmod(changed: dt.datetime | None) -> str:
    return f"<lastmod>{rfc3339_date(changed)}</lastmod>" if changed else ""


def _file(head: str, lines: Iterable[str], tail: str) -> HttpResponse:
    return HttpResponse("".join([_HEAD, head, *lines, tail, "\n"]), content_type=XML)
