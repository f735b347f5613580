"""RSS 2.0, Atom and JSON Feed 1.1: full text and ids that stay for ever, for the site, a series, an author, a topic.

Tags and 304 are the site's middleware's, for feeds as for pages; what asks by date alone is answered here.
"""

import datetime as dt
from calendar import timegm
from collections.abc import Callable, Sequence

from django.db.models import Q, Subquery
from django.db.models.functions import Greatest, Now
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils.cache import get_conditional_response
from django.utils.http import http_date, parse_http_date_safe
from django.views.decorators.http import require_safe

from articles import feed_formats, stories
from articles.feed_formats import Channel
from articles.models import Author, ImageBlock, Publication, Tag
from articles.stories import Story
from results.models import Series

ITEMS = 30
# A change within this time may be followed by another with the same Last-Modified, which counts whole seconds.
SETTLED = dt.timedelta(seconds=2)

Writer = Callable[[Channel, Sequence[Story]], str]


@require_safe
def feed_rss(request: HttpRequest, **about: str) -> HttpResponse:
    return _answer(request, about, feed_formats.rss, "application/rss+xml; charset=utf-8")


@require_safe
def feed_atom(request: HttpRequest, **about: str) -> HttpResponse:
    return _answer(request, about, feed_formats.atom, "application/atom+xml; charset=utf-8")


@require_safe
def feed_json(request: HttpRequest, **about: str) -> HttpResponse:
    return _answer(request, about, feed_formats.json_feed, "application/feed+json; charset=utf-8")


def _answer(request: HttpRequest, about: dict[str, str], write: Writer, content_type: str) -> HttpResponse:
    """The feed in one piece, or 304 after a small query for a reader who names the date of what he has."""
    channel, chosen = _channel(about)
    answer = HttpResponse(content_type=content_type)
    modified = _last_modified(chosen)
    if modified:
        answer["Last-Modified"] = http_date(timegm(modified.utctimetuple()))
        if "If-None-Match" not in request.headers:
            known = parse_http_date_safe(answer["Last-Modified"])
            checked = get_conditional_response(request, None, known, answer)
            if checked is not None and checked is not answer:
                return checked
    else:
        answer.is_settling = True  # type: ignore[attr-defined]  # a moment later it has a date: not to be kept
    answer.content = write(channel, stories.full_stories(chosen, limit=ITEMS))
    return answer


def _channel(about: dict[str, str]) -> tuple[Channel, Q | None]:
    """What the address names, and which publications that are; Http404 where readers may see nothing of it."""
    match about:
        case {"series": slug}:
            series = get_object_or_404(Series.objects.public(), slug=slug)
            return Channel("series", series.slug, series.name), Q(series=series)
        case {"author": slug}:
            author = get_object_or_404(Author.objects.filter(stories.names_it("authors")), slug=slug)
            return Channel("author", author.slug, author.name), Q(authors=author)
        case {"tag": slug}:
            tag = get_object_or_404(Tag.objects.filter(stories.names_it("tags")), slug=slug)
            return Channel("tag", tag.slug, tag.name), Q(tags=tag)
    return Channel(), None


def _last_modified(chosen: Q | None) -> dt.datetime | None:
    """When a version last began or ended before readers' eyes, or a picture was taken from all or given back.

    None while a second change may share its second.
    """
    seen = Publication.objects.seen().filter(chosen or Q())
    ended = seen.filter(visible_until__lte=Now()).order_by("-visible_until").values("visible_until")[:1]
    blocks = ImageBlock.objects.annotate(moved=Greatest("blocked_at", "lifted_at")).order_by("-moved").values("moved")
    clock = (
        seen.order_by("-visible_from").values_list("visible_from", Subquery(ended), Subquery(blocks[:1]), Now()).first()
    )
    if clock is None:
        return None
    began, last_end, last_block, now = clock
    changed: dt.datetime = max(began, last_end or began, last_block or began)
    return changed if now >= changed.replace(microsecond=0) + SETTLED else None
