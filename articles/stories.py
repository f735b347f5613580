"""Public stories: what pages, feeds and machine-readable data say about them, read from publications alone."""

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Self

from django.conf import settings
from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Exists, F, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import JSONObject
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString

from articles.body import render_feed, render_page
from articles.models import Publication, TakeDown, Withdrawal
from articles.sidebar import Box, boxes
from results.models import Event, Series, Session

# What a browser should try first.
MODERN_FORMATS = ("image/avif", "image/webp")
SHARED_WIDTH = 1200  # what networks and search engines ask of a picture


@dataclass(frozen=True, slots=True)
class Signature:
    """Who signed, as it stood at publication."""

    name: str
    slug: str


@dataclass(frozen=True, slots=True)
class Notice:
    """What was corrected, and when readers saw it first."""

    at: dt.datetime
    text: str


@dataclass(frozen=True, slots=True)
class Source:
    """A rendition as a browser chooses it; `address` is a path on this site."""

    address: str
    width: int
    height: int
    media_type: str


@dataclass(frozen=True, slots=True)
class Picture:
    """The lead picture with what must stand beside it, as it was published."""

    alt: str
    caption: str
    credit: str
    width: int
    height: int
    sources: tuple[Source, ...]

    @classmethod
    def from_kept(cls, kept: dict[str, Any] | None) -> Self | None:
        """The picture that a publication keeps; None without one that has a rendition."""
        if not kept or not kept["renditions"]:
            return None
        sources = (
            Source(
                reverse("articles:media", args=[kept["token"], size["name"]]),
                size["width"],
                size["height"],
                size["media_type"],
            )
            for size in kept["renditions"]
        )
        texts = {name: kept[name] for name in ("alt", "caption", "credit", "width", "height")}
        return cls(**texts, sources=tuple(sorted(sources, key=lambda source: source.width)))

    def formats(self) -> Iterator[tuple[str, str]]:
        """Media type and `srcset` of each modern format, best first; the `fallback` serves all others."""
        for media_type in MODERN_FORMATS:
            by_width = {source.width: source for source in self.sources if source.media_type == media_type}
            if by_width:
                yield media_type, ", ".join(f"{source.address} {width}w" for width, source in by_width.items())

    @property
    def fallback(self) -> Source:
        """The largest that every reader can show, else the largest of any format; also for feeds and networks."""
        plain = [source for source in self.sources if source.media_type not in MODERN_FORMATS] or list(self.sources)
        fitting = [source for source in plain if source.width <= SHARED_WIDTH] or plain[:1]
        return max(fitting, key=lambda source: source.width)


class Story:
    """A public story in its current version. Made by the functions below, which load what it needs."""

    def __init__(self, publication: Publication) -> None:
        self.publication = publication
        self.uid = publication.uid
        self.slug = publication.slug
        self.title = publication.title
        self.kicker = publication.kicker
        self.standfirst = publication.standfirst
        self.language = publication.language
        self.dateline = publication.dateline
        self.agency = publication.agency

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return self.publication.get_absolute_url()

    @property
    def address(self) -> str:
        """The absolute address, from the settings and never from the request."""
        return absolute(self.get_absolute_url())

    @property
    def urn(self) -> str:
        """The name of the story for ever, whatever becomes of its address."""
        return self.uid.urn

    @property
    def published_at(self) -> dt.datetime:
        first: dt.datetime = self.publication.first_published_at  # type: ignore[attr-defined]  # annotated
        return first

    @property
    def updated_at(self) -> dt.datetime | None:
        """When the version that stands here replaced an earlier one; None while the first one stands."""
        began = self.publication.visible_from
        return began if began > self.published_at else None

    @property
    def changed_at(self) -> dt.datetime:
        return self.publication.visible_from

    @cached_property
    def signatures(self) -> list[Signature]:
        return [Signature(line["name"], line["slug"]) for line in self.publication.content["bylines"]]

    @cached_property
    def tags(self) -> list[str]:
        return [tag["name"] for tag in self.publication.content.get("tags", ())]

    @cached_property
    def picture(self) -> Picture | None:
        return Picture.from_kept(self.publication.kept_picture)  # type: ignore[attr-defined]  # annotated

    @property
    def event(self) -> Event | None:
        """The event it is about, if readers may see that event."""
        return self.publication.lead_event if self.publication.event_is_public else None  # type: ignore[attr-defined]

    @property
    def series(self) -> Series | None:
        return self.event.season.series if self.event else None

    @property
    def accent(self) -> int:
        return self.series.accent if self.series else 0

    @cached_property
    def notices(self) -> list[Notice]:
        """The corrections readers were told of, oldest first; only where the story was loaded with its text."""
        kept = self.publication.notices  # type: ignore[attr-defined]  # annotated
        return [Notice(dt.datetime.fromisoformat(notice["at"]), notice["text"]) for notice in kept]

    @property
    def body(self) -> SafeString:
        return format_html("{}", render_page(self.publication.body_html))

    @property
    def feed_body(self) -> str:
        """The text for feeds: absolute links, plain values."""
        return render_feed(self.publication.body_html, base_url=settings.SITE_URL)

    @cached_property
    def boxes(self) -> list[Box]:
        return boxes(self.publication)


def absolute(path: str) -> str:
    """A path of this site as an absolute address."""
    return f"{settings.SITE_URL}{path}"


def _public() -> QuerySet[Publication]:
    """Public versions with the event they lead with, newest story first."""
    is_public = Exists(Event.objects.public().filter(pk=OuterRef("lead_event")))
    return (
        Publication.objects.public()
        .annotate(event_is_public=is_public, kept_picture=F("content__lead_image"))
        .select_related("lead_event__season__series")
        .newest_first()
    )


def _with_notices(publications: QuerySet[Publication]) -> QuerySet[Publication]:
    """With every correction that readers were told of up to these versions, oldest first."""
    told = (
        Publication.objects.seen()
        .filter(article=OuterRef("article"), version__lte=OuterRef("version"))
        .exclude(correction_note="")
        .order_by("version")
    )
    notices = ArraySubquery(told.values(json=JSONObject(at="visible_from", text="correction_note")))
    return publications.annotate(notices=notices)


def _listed(publications: QuerySet[Publication], limit: int) -> list[Story]:
    return [Story(publication) for publication in publications.defer("body_html", "body_text", "content")[:limit]]


def newest_articles(limit: int) -> QuerySet[Publication, int]:
    """The articles of the newest public stories, as a subquery.

    Walks the index of first appearances from the newest on and stops after a few, so that 100,000 stories cost no
    more than a hundred; `newest_first` alone would look at every one.
    """
    seen = Publication.objects.seen()
    earlier = seen.filter(article=OuterRef("article"), visible_from__lt=OuterRef("visible_from"))
    still_public = Publication.objects.public().filter(article=OuterRef("article"))
    firsts = seen.filter(~Exists(earlier), Exists(still_public)).order_by("-visible_from", "-pk")
    return firsts.values_list("article", flat=True)[:limit]


def latest_stories(*, limit: int) -> list[Story]:
    """The newest stories for lists, without their text; one query."""
    return _listed(_public().filter(article__in=newest_articles(limit)), limit)


def stories_of_event(event: Event, *, limit: int) -> list[Story]:
    return _listed(_public().filter(events=event), limit)


def stories_of_series(series: Series, *, limit: int) -> list[Story]:
    return _listed(_public().filter(series=series), limit)


def stories_of_session(session: Session, *, limit: int) -> list[Story]:
    """Stories of the session's event that show a box of this very session."""
    shows_it = {"sidebar": [{"session_id": session.pk}]}
    return _listed(_public().filter(events=session.event_id, content__contains=shows_it), limit)


def related_stories(story: Story, *, limit: int) -> list[Story]:
    """Other stories about one of its events; one query."""
    links = Publication.events.through.objects
    events = links.filter(publication=story.publication.pk).values("event")
    of_events = links.filter(event__in=events).values("publication")
    others = _public().exclude(article=story.publication.article_id)
    return _listed(others.filter(pk__in=of_events), limit)


def newest_versions(*, series: Series | None = None, limit: int) -> list[tuple[int, dt.datetime]]:
    """Which versions `full_stories` would load, as pairs of key and first publication; one cheap query."""
    about = Q(article__in=newest_articles(limit)) if series is None else Q(series=series)
    versions: Any = Publication.objects.public().filter(about).newest_first()
    return list(versions.values_list("pk", "first_published_at")[:limit])


def full_stories(*, series: Series | None = None, limit: int) -> list[Story]:
    """The newest stories with their text, for feeds; one query."""
    about = Q(article__in=newest_articles(limit)) if series is None else Q(series=series)
    publications = _with_notices(_public().filter(about))
    return [Story(publication) for publication in publications[:limit]]


def get_story(slug: str) -> Story | None:
    """The public story that has this address or once had it before readers' eyes; one query.

    An address that only a hidden version has leads nowhere: it must not be known yet.
    """
    had_it = Publication.objects.seen().filter(slug=slug).values("article")
    publication = _with_notices(_public()).filter(article__in=had_it).first()
    return Story(publication) if publication else None


def withdrawal_of(slug: str) -> Withdrawal | None:
    """Why the story that readers saw at this address is gone: its withdrawal, unless readers saw it again later."""
    seen = Publication.objects.seen()
    last_seen = seen.filter(article=OuterRef("article")).order_by("-visible_from").values("visible_from")[:1]
    # One that was taken down afterwards is not spoken of any more.
    silenced = TakeDown.objects.filter(article=OuterRef("article"), taken_down_at__gte=OuterRef("withdrawn_at"))
    withdrawals = Withdrawal.objects.filter(
        ~Exists(silenced), article__in=seen.filter(slug=slug).values("article"), withdrawn_at__gte=Subquery(last_seen)
    )
    return withdrawals.order_by("-withdrawn_at").first()
