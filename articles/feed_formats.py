"""How stories are written as RSS 2.0, Atom and JSON Feed 1.1. One string a feed, absolute addresses only."""

import datetime as dt
import json
import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from io import StringIO
from typing import Any, Literal

from django.conf import settings
from django.urls import reverse
from django.utils.feedgenerator import rfc2822_date, rfc3339_date
from django.utils.html import format_html, format_html_join
from django.utils.translation import gettext as _
from django.utils.xmlutils import SimplerXMLGenerator

from articles.stories import Picture, Story, absolute
from results.venue_time import moment

# XML 1.0 knows no way to write these, not even as a reference.
_NOT_XML = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
# An empty Atom feed must name an instant of change; any fixed one will do.
_NEVER = dt.datetime(2021, 1, 1, tzinfo=dt.UTC)

RSS_SPACES = {
    "xmlns:atom": "http://www.w3.org/2005/Atom",
    "xmlns:content": "http://purl.org/rss/1.0/modules/content/",
    "xmlns:dc": "http://purl.org/dc/elements/1.1/",
    "xmlns:media": "http://search.yahoo.com/mrss/",
}


@dataclass(frozen=True, slots=True)
class Channel:
    """What a feed is about: the site, or a series, an author, a topic of that address and name."""

    kind: Literal["site", "series", "author", "tag"] = "site"
    slug: str = ""
    name: str = ""

    @property
    def title(self) -> str:
        return f"{settings.SITE_NAME} · {self.name}" if self.name else settings.SITE_NAME

    @property
    def description(self) -> str:
        sentences = {
            "series": _("Reports and results of the %(name)s."),
            "author": _("Everything that %(name)s writes."),
            "tag": _("Everything about %(name)s."),
        }
        if self.kind in sentences:
            return sentences[self.kind] % {"name": self.name}
        return _("Race reports and the timing sheets behind them.")

    @property
    def path(self) -> str:
        """The page that the feed accompanies."""
        return {"series": f"/{self.slug}/", "author": f"/autor/{self.slug}/", "tag": f"/thema/{self.slug}/"}.get(
            self.kind, "/"
        )

    @property
    def home(self) -> str:
        return absolute(self.path)

    def address(self, name: str) -> str:
        """The feed's own address; `name` is `rss`, `atom` or `json`."""
        if self.kind == "site":
            return absolute(reverse(f"articles:feed-{name}"))
        return absolute(reverse(f"articles:{self.kind}-feed-{name}", args=[self.slug]))


class Xml:
    """Writes elements into one string, without the signs that XML cannot hold."""

    def __init__(self) -> None:
        self.text = StringIO()
        self.generator = SimplerXMLGenerator(self.text, "utf-8", short_empty_elements=True)
        self.generator.startDocument()

    @contextmanager
    def inside(self, name: str, attributes: dict[str, str] | None = None) -> Iterator[None]:
        values: Any = _clean_all(attributes or {})  # the generator asks for nothing but `items()`
        self.generator.startElement(name, values)
        yield
        self.generator.endElement(name)

    def add(self, name: str, text: str | None = None, attributes: dict[str, str] | None = None) -> None:
        self.generator.addQuickElement(name, None if text is None else clean(text), _clean_all(attributes or {}))

    def __str__(self) -> str:
        return self.text.getvalue()


def clean(text: str) -> str:
    return _NOT_XML.sub("", text)


def _clean_all(attributes: dict[str, str]) -> dict[str, str]:
    return {name: clean(value) for name, value in attributes.items()}


def latest_change(stories: Sequence[Story]) -> dt.datetime:
    return max((story.corrected_at or story.published_at for story in stories), default=_NEVER)


def content_html(story: Story) -> str:
    """The whole story: picture with caption and credit, place, text, and what was corrected."""
    parts = [_figure(story.picture), story.feed_body, _corrections(story)]
    return clean("".join(parts))


def _figure(picture: Picture | None) -> str:
    if picture is None:
        return ""
    source = picture.fallback
    return format_html(
        '<figure><img src="{}" width="{}" height="{}" alt="{}"><figcaption>{}</figcaption></figure>',
        absolute(source.address),
        source.width,
        source.height,
        picture.alt,
        " · ".join(filter(None, (picture.caption, picture.credit))),
    )


def _corrections(story: Story) -> str:
    return format_html_join(
        "",
        "<p><em>{} {}</em></p>",
        ((_("Corrected on %(moment)s:") % {"moment": moment(notice.at)}, notice.text) for notice in story.notices),
    )


# ------------------------------------------------------------------ RSS


def rss(channel: Channel, stories: Sequence[Story]) -> str:
    """RSS 2.0 with full text, every author, and the lead picture with its credit (Media RSS)."""
    xml = Xml()
    with xml.inside("rss", {"version": "2.0", **RSS_SPACES}), xml.inside("channel"):
        xml.add("title", channel.title)
        xml.add("link", channel.home)
        xml.add("description", channel.description)
        xml.add("language", settings.LANGUAGE_CODE)
        xml.add("lastBuildDate", rfc2822_date(latest_change(stories)))
        xml.add("atom:link", None, {"rel": "self", "type": "application/rss+xml", "href": channel.address("rss")})
        for story in stories:
            _rss_item(xml, story)
    return str(xml)


def _rss_item(xml: Xml, story: Story) -> None:
    with xml.inside("item"):
        xml.add("title", story.title)
        xml.add("link", story.address)
        xml.add("guid", story.urn, {"isPermaLink": "false"})
        xml.add("pubDate", rfc2822_date(story.published_at))
        if story.corrected_at:
            xml.add("atom:updated", rfc3339_date(story.corrected_at))
        for signature in story.signatures:
            xml.add("dc:creator", signature.name)
        xml.add("dc:language", story.language)
        for tag in story.tags:
            xml.add("category", tag)
        xml.add("description", story.standfirst)
        xml.add("content:encoded", content_html(story))
        for picture in story.pictures:
            _media(xml, picture)


def _media(xml: Xml, picture: Picture) -> None:
    source = picture.fallback
    size = {"width": str(source.width), "height": str(source.height)}
    file = {"url": absolute(source.address), "type": source.media_type, "medium": "image", **size}
    with xml.inside("media:content", file):
        xml.add("media:description", picture.caption or picture.alt, {"type": "plain"})
        xml.add("media:credit", picture.credit)


# ------------------------------------------------------------------ Atom


def atom(channel: Channel, stories: Sequence[Story]) -> str:
    """Atom (RFC 4287) with full text; `updated` moves with a correction that readers are told of, and with nothing else."""
    xml = Xml()
    with xml.inside("feed", {"xmlns": "http://www.w3.org/2005/Atom", "xml:lang": settings.LANGUAGE_CODE}):
        xml.add("id", channel.address("atom"))
        xml.add("title", channel.title)
        xml.add("subtitle", channel.description)
        xml.add("updated", rfc3339_date(latest_change(stories)))
        xml.add("link", None, {"rel": "alternate", "type": "text/html", "href": channel.home})
        xml.add("link", None, {"rel": "self", "type": "application/atom+xml", "href": channel.address("atom")})
        with xml.inside("author"):
            xml.add("name", settings.SITE_NAME)
        for story in stories:
            _atom_entry(xml, story)
    return str(xml)


def _atom_entry(xml: Xml, story: Story) -> None:
    with xml.inside("entry", {"xml:lang": story.language}):
        xml.add("id", story.urn)
        xml.add("title", story.title)
        xml.add("link", None, {"rel": "alternate", "type": "text/html", "href": story.address})
        xml.add("published", rfc3339_date(story.published_at))
        xml.add("updated", rfc3339_date(story.corrected_at or story.published_at))
        for signature in story.signatures:
            with xml.inside("author"):
                xml.add("name", signature.name)
                xml.add("uri", signature.address)
        for tag in story.tags:
            xml.add("category", None, {"term": tag})
        xml.add("summary", story.standfirst)
        xml.add("content", content_html(story), {"type": "html"})


# ------------------------------------------------------------------ JSON Feed


def json_feed(channel: Channel, stories: Sequence[Story]) -> str:
    """JSON Feed 1.1 (https://www.jsonfeed.org/version/1.1/)."""
    feed = {
        "version": "https://jsonfeed.org/version/1.1",
        "title": channel.title,
        "description": channel.description,
        "home_page_url": channel.home,
        "feed_url": channel.address("json"),
        "language": settings.LANGUAGE_CODE,
        "items": [_json_item(story) for story in stories],
    }
    return json.dumps(feed, ensure_ascii=False, indent=1)


def _json_item(story: Story) -> dict[str, Any]:
    item: dict[str, Any] = {
        "id": story.urn,
        "url": story.address,
        "title": clean(story.title),
        "summary": clean(story.standfirst),
        "content_html": content_html(story),
        "date_published": rfc3339_date(story.published_at),
        "authors": [{"name": clean(line.name), "url": line.address} for line in story.signatures],
        "language": story.language,
    }
    if story.corrected_at:
        item["date_modified"] = rfc3339_date(story.corrected_at)
    if story.tags:
        item["tags"] = [clean(tag) for tag in story.tags]
    if story.picture:
        item["image"] = absolute(story.picture.fallback.address)
    if story.pictures:
        item["attachments"] = [_attachment(picture) for picture in story.pictures]
    return item


def _attachment(picture: Picture) -> dict[str, str]:
    """A picture with its credit, which JSON Feed has no other place for."""
    source = picture.fallback
    words = " · ".join(filter(None, (picture.caption or picture.alt, picture.credit)))
    return {"url": absolute(source.address), "mime_type": source.media_type, "title": clean(words)}
