"""Public stories: what pages, feeds and machine-readable data say about them, read from publications alone."""

import datetime as dt
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import Any, Self

from django.conf import settings
from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Exists, F, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import JSONObject
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString

from articles import body_nodes, body_tables, renditions
from articles.corrections import told
from articles.models import Author, ImageBlock, Listing, Publication, TakeDown, Withdrawal
from articles.sidebar import Box, boxes
from results.models import Event, Series, Session

# What a browser should try first.
MODERN_FORMATS = ("image/avif", "image/webp")
# The field of each relation's own table.
FIELDS = {"events": "event", "tags": "tag", "series": "series"}


@dataclass(frozen=True, slots=True)
class Signature:
    """Who signed, as it stood at publication."""

    name: str
    slug: str

    @property
    def address(self) -> str:
        """The absolute address of the author's page."""
        return absolute(f"/autor/{self.slug}/")


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
class Cut:
    """A picture in one shape, the whole or a crop around its focal point, in all widths and formats."""

    sources: tuple[Source, ...]

    def formats(self) -> Iterator[tuple[str, str]]:
        """Media type and `srcset` of each modern format, best first; the `fallback` serves all others."""
        for media_type in MODERN_FORMATS:
            if found := _srcset(source for source in self.sources if source.media_type == media_type):
                yield media_type, found

    @property
    def plain(self) -> str:
        """The `srcset` that every reader can show."""
        return _srcset(source for source in self.sources if source.media_type not in MODERN_FORMATS)

    @property
    def fallback(self) -> Source:
        """The largest that every reader can show, else the largest of any format; also for feeds and networks."""
        plain = [source for source in self.sources if source.media_type not in MODERN_FORMATS] or list(self.sources)
        fitting = [source for source in plain if source.width <= renditions.SHARED_WIDTH] or plain[:1]
        return max(fitting, key=lambda source: source.width)


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture with what must stand beside it, as it was published.

    `sources`, `formats`, `plain` and `fallback` are those of the whole picture; `wide` (16:9), `classic` (4:3) and
    `square` its crops.
    """

    alt: str
    caption: str
    credit: str
    width: int
    height: int
    token: str

    @classmethod
    def from_kept(cls, kept: dict[str, Any] | None) -> Self | None:
        """The picture that a publication keeps; None without one that has a rendition.

        Which sizes there are follows from the picture's own width and height (`articles.renditions`): those that are
        made after publication need no new version.
        """
        if not kept or not kept["renditions"]:
            return None
        return cls(**{name: kept[name] for name in ("alt", "caption", "credit", "width", "height", "token")})

    def cut(self, shape: str) -> Cut:
        """The picture in a shape of `articles.renditions.SHAPES`."""
        return _cut(self.token, self.width, self.height, shape)

    @property
    def sources(self) -> tuple[Source, ...]:
        return self.cut("whole").sources

    @property
    def formats(self) -> list[tuple[str, str]]:
        return list(self.cut("whole").formats())

    @property
    def plain(self) -> str:
        return self.cut("whole").plain

    @property
    def fallback(self) -> Source:
        return self.cut("whole").fallback

    @property
    def wide(self) -> Cut:
        return self.cut("16x9")

    @property
    def classic(self) -> Cut:
        return self.cut("4x3")

    @property
    def square(self) -> Cut:
        return self.cut("1x1")


@lru_cache(maxsize=1024)
def _cut(token: str, width: int, height: int, shape: str) -> Cut:
    return Cut(
        tuple(
            Source(reverse("articles:media", args=[token, size.name]), *size.measure(width, height), size.media_type)
            for size in renditions.wanted(width, height, shape=shape)
        )
    )


def _srcset(sources: Iterable[Source]) -> str:
    by_width = {source.width: source.address for source in sources}
    return ", ".join(f"{address} {width}w" for width, address in sorted(by_width.items()))


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
    def corrected_at(self) -> dt.datetime | None:
        """When readers were last told of a correction; only where the story was loaded with its text."""
        return self.notices[-1].at if self.notices else None

    @property
    def changed_at(self) -> dt.datetime:
        return self.publication.visible_from

    @cached_property
    def signatures(self) -> list[Signature]:
        return [Signature(line["name"], line["slug"]) for line in self.publication.content["bylines"]]

    @cached_property
    def tags(self) -> list[str]:
        return [topic.name for topic in self.topics]

    @cached_property
    def topics(self) -> list[Signature]:
        """Its tags with the addresses of their pages, as they stood at publication."""
        return [Signature(tag["name"], tag["slug"]) for tag in self.publication.content.get("tags", ())]

    @cached_property
    def withheld(self) -> frozenset[str]:
        """Tokens of pictures that the desk has blocked since: they are left out, whatever was published."""
        return frozenset(self.publication.withheld_pictures)  # type: ignore[attr-defined]  # annotated

    def show(self, kept: dict[str, Any] | None) -> Picture | None:
        """A picture of this story that its publication keeps; None if it must not be shown now."""
        return None if kept and kept["token"] in self.withheld else Picture.from_kept(kept)

    @cached_property
    def picture(self) -> Picture | None:
        return self.show(self.publication.kept_picture)  # type: ignore[attr-defined]  # annotated

    @cached_property
    def pictures(self) -> list[Picture]:
        """The lead picture and those within the text; only where the story was loaded with its text."""
        within = self.publication.content.get("body_images") or ()
        kept = within.values() if isinstance(within, dict) else within
        found = [self.picture, *(self.show(image) for image in kept)]
        unique = {picture.fallback.address: picture for picture in found if picture}
        return list(unique.values())

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

    @cached_property
    def body_pictures(self) -> dict[str, Picture]:
        """The pictures of the text by token, as they were published."""
        kept = self.publication.content.get("body_images", ())
        return {image["token"]: picture for image in kept if (picture := self.show(image))}

    @cached_property
    def tables_taken_back(self) -> frozenset[str]:
        """References of tables of the text that readers see no more; only where the story was loaded with its text."""
        return body_tables.taken_back(self.publication.content)

    @property
    def body(self) -> SafeString:
        return format_html(
            "{}",
            body_nodes.page(
                self.publication.body_html, self.publication.content, self.body_pictures, without=self.tables_taken_back
            ),
        )

    @property
    def words(self) -> str:
        """The plain text, without captions of pictures that were blocked and tables that were taken back since."""
        publication, gone = self.publication, self.withheld | self.tables_taken_back
        if not gone:
            return publication.body_text
        return body_nodes.plain_text(publication.body_html, publication.content, without=gone)

    @property
    def feed_body(self) -> str:
        """The text for feeds: absolute links, plain values."""
        kept = self.publication.content
        return body_nodes.feed(
            self.publication.body_html, kept, self.body_pictures, base_url=settings.SITE_URL,
            without=self.tables_taken_back,
        )  # fmt: skip

    @cached_property
    def boxes(self) -> list[Box]:
        return boxes(self.publication)

    @property
    def shows_next_event(self) -> bool:
        """Whether the desk has put an event to come beside it already."""
        return any(box.upcoming for box in self.boxes)


def absolute(path: str) -> str:
    """A path of this site as an absolute address."""
    return f"{settings.SITE_URL}{path}"


def _public() -> QuerySet[Publication]:
    """Public versions with the event they lead with, newest story first."""
    is_public = Exists(Event.objects.public().filter(pk=OuterRef("lead_event")))
    return (
        Publication.objects.public()
        .annotate(
            event_is_public=is_public,
            kept_picture=F("content__lead_image"),
            withheld_pictures=withheld_pictures(),
        )
        .select_related("lead_event__season__series")
        .newest_first()
    )


def withheld_pictures() -> ArraySubquery:
    """Tokens of the pictures of a version that the desk has blocked since, see `Story.withheld`."""
    blocked = ImageBlock.objects.open().filter(image__publications=OuterRef("pk")).order_by()
    return ArraySubquery(blocked.values("image__token"))


def public_stories() -> QuerySet[Publication]:
    """Public versions with all that `Story` asks for but the notices, newest story first."""
    return _public()


def listed_by_key(keys: Sequence[int]) -> list[Story]:
    """The public stories among these versions, in the order of the keys, without their text; one query."""
    found = {story.publication.pk: story for story in _listed(_public().filter(pk__in=keys).order_by(), len(keys))}
    return [found[key] for key in keys if key in found]


def _with_notices(publications: QuerySet[Publication]) -> QuerySet[Publication]:
    """With every correction that readers were told of up to these versions, oldest first."""
    notes = told().filter(article=OuterRef("article"), version__lte=OuterRef("version")).order_by("version")
    notices = ArraySubquery(notes.values(json=JSONObject(at="visible_from", text="correction_note")))
    return publications.annotate(notices=notices)


def _listed(publications: QuerySet[Publication], limit: int) -> list[Story]:
    return without_text(publications[:limit])


def without_text(publications: QuerySet[Publication]) -> list[Story]:
    """Stories for lists: everything but the text and the boxes; one query."""
    return [Story(publication) for publication in publications.defer("body_html", "body_text", "content")]


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


@dataclass(frozen=True, slots=True)
class Related:
    """Another story and why it stands here; `why` is a word of `articles_tags.reason`."""

    story: Story
    why: str
    name: str


def related_stories(story: Story, *, limit: int) -> list[Related]:
    """Other stories about one of its events, else with one of its topics, else of its series, newest first; one query.

    Of each kind only the newest are looked at, so a topic with ten thousand stories costs no more than one with ten.
    """
    mine = story.publication.pk
    through = {name: getattr(Publication, name).through.objects for name in ("events", "tags", "series")}
    shared = {
        name: through[name].filter(
            **{f"{FIELDS[name]}__in": through[name].filter(publication=mine).values(FIELDS[name])}
        )
        for name in ("events", "tags")
    }
    # The series by its key: the database knows which are common, and takes another way for those than for rare ones.
    of_series = [through["series"].filter(series=story.series.pk)] if story.series else []
    others = Listing.objects.public().exclude(publication__article=story.publication.article_id).newest_first()
    newest = [
        others.filter(publication__in=found.values("publication")).values("publication")[:limit]
        for found in (*shared.values(), *of_series)
    ]
    # One list of a dozen keys: three of them joined by OR would be looked for in every publication there is.
    about = Q(pk__in=newest[0].union(*newest[1:], all=True))
    same = {f"same_{name}": Exists(found.filter(publication=OuterRef("pk"))) for name, found in shared.items()}
    event = Subquery(
        shared["events"]
        .filter(publication=OuterRef("pk"), event__in=Event.objects.public())
        .order_by("event__starts_on", "event")
        .values("event__name")[:1]
    )
    topic = Subquery(shared["tags"].filter(publication=OuterRef("pk")).order_by("tag__name").values("tag__name")[:1])
    found = [
        _related(other)
        for other in without_text(_public().filter(about).annotate(topic=topic, shared_event=event, **same))
    ]
    order = {"event": 0, "topic": 1, "series": 2}
    return sorted(found, key=lambda related: order[related.why])[:limit]


def _related(other: Story) -> Related:
    publication: Any = other.publication  # annotated
    if publication.same_events:
        return Related(other, "event", publication.shared_event or "")
    if publication.same_tags:
        return Related(other, "topic", publication.topic)
    return Related(other, "series", other.series.label if other.series else "")


def full_stories(chosen: Q | None = None, *, limit: int) -> list[Story]:
    """The newest stories with their text, for feeds: all, or those of a series, an author, a topic; one query."""
    about = Q(article__in=newest_articles(limit)) if chosen is None else chosen
    publications = _with_notices(_public().filter(about))
    return [Story(publication) for publication in publications[:limit]]


def names_it(relation: str) -> Exists:
    """Whether a story that readers may see names the author (`authors`) or the topic (`tags`)."""
    return Exists(Publication.objects.public().filter(**{relation: OuterRef("pk")}))


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


def portrait(author: Author) -> Picture | None:
    """The picture beside an author's biography; one query, none without a picture."""
    image = author.portrait
    if image is None or not (image.alt and image.credit):
        return None
    texts = {name: getattr(image, name) for name in ("token", "alt", "caption", "credit", "width", "height")}
    blocked = Exists(ImageBlock.objects.open().filter(image=OuterRef("image")))
    sizes = image.renditions.filter(~blocked).order_by("width").values("name", "width", "height", "media_type")
    return Picture.from_kept({**texts, "renditions": list(sizes)})
