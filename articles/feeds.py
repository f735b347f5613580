"""RSS 2.0, Atom and JSON Feed 1.1: full text, ids that stay for ever, and 304 answered without building the feed.

A publication never changes, so which versions stand in a feed says all about its content: that is the ETag.
"""

import datetime as dt
import hashlib
from calendar import timegm
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import Any

import django
from django.conf import settings
from django.db.models import Subquery
from django.db.models.functions import Now
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils.cache import get_conditional_response
from django.utils.http import http_date, parse_http_date_safe
from django.views.decorators.http import require_safe

from articles import body, feed_formats, stories
from articles.feed_formats import Channel
from articles.models import Publication
from articles.stories import Story
from results.models import Series

ITEMS = 30
# A change within this time may be followed by another with the same Last-Modified, which counts whole seconds.
SETTLED = dt.timedelta(seconds=2)
# The code that words a feed is part of what a reader keeps: a new release is a changed feed.
RELEASE = hashlib.sha256(
    b"".join(Path(str(module.__file__)).read_bytes() for module in (body, feed_formats, stories))
    + django.get_version().encode()
).hexdigest()

Writer = Callable[[Channel, Sequence[Story]], str]
Shown = Iterable[tuple[int, dt.datetime]]


@require_safe
def feed_rss(request: HttpRequest, series: str | None = None) -> HttpResponse:
    return _answer(request, series, feed_formats.rss, "application/rss+xml; charset=utf-8")


@require_safe
def feed_atom(request: HttpRequest, series: str | None = None) -> HttpResponse:
    return _answer(request, series, feed_formats.atom, "application/atom+xml; charset=utf-8")


@require_safe
def feed_json(request: HttpRequest, series: str | None = None) -> HttpResponse:
    return _answer(request, series, feed_formats.json_feed, "application/feed+json; charset=utf-8")


def _answer(request: HttpRequest, slug: str | None, write: Writer, content_type: str) -> HttpResponse:
    """The feed in one piece, or 304 after two small queries where the reader has it already."""
    channel = Channel(get_object_or_404(Series.objects.public(), slug=slug) if slug else None)
    modified = _last_modified(channel)
    if "If-None-Match" in request.headers or "If-Modified-Since" in request.headers:
        latest = stories.newest_versions(series=channel.series, limit=ITEMS)
        unchanged = _unchanged(request, _head(_etag(channel, write, latest), modified, content_type))
        if unchanged:
            return unchanged
    listed = stories.full_stories(series=channel.series, limit=ITEMS)
    etag = _etag(channel, write, ((story.publication.pk, story.published_at) for story in listed))
    answer = _head(etag, modified, content_type)
    answer.content = write(channel, listed)
    return answer


def _versions(channel: Channel) -> Any:
    """All versions ever of the stories that the channel carries."""
    return Publication.objects.filter(series=channel.series) if channel.series else Publication.objects.all()


def _etag(channel: Channel, write: Writer, shown: Shown) -> str:
    """A name for exactly this feed: its words, its addresses, and the frozen versions in it."""
    title = (write.__name__, settings.SITE_URL, channel.title, channel.description, channel.address("rss"), RELEASE)
    versions = [f"{pk}:{first.isoformat()}" for pk, first in shown]
    return f'"{hashlib.sha256("|".join([*title, *versions]).encode()).hexdigest()[:32]}"'


def _last_modified(channel: Channel) -> dt.datetime | None:
    """When a version last began or ended before readers' eyes; None while a second change may share its second."""
    seen = _versions(channel).seen()
    ended = seen.filter(visible_until__lte=Now()).order_by("-visible_until").values("visible_until")[:1]
    clock = seen.order_by("-visible_from").values_list("visible_from", Subquery(ended), Now()).first()
    if clock is None:
        return None
    began, last_end, now = clock
    changed: dt.datetime = max(began, last_end or began)
    return changed if now >= changed.replace(microsecond=0) + SETTLED else None


def _unchanged(request: HttpRequest, answer: HttpResponse) -> HttpResponse | None:
    """The 304 that answers a conditional request, with the headers of `answer`; None where the reader needs the body."""
    modified = parse_http_date_safe(answer.get("Last-Modified", ""))
    checked = get_conditional_response(request, answer["ETag"], modified, answer)
    return None if checked is answer else checked


def _head(etag: str, modified: dt.datetime | None, content_type: str) -> HttpResponse:
    answer = HttpResponse(content_type=content_type)
    answer["ETag"] = etag
    if modified:
        answer["Last-Modified"] = http_date(timegm(modified.utctimetuple()))
    return answer
