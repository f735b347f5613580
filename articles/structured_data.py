"""What machines read in a page: NewsArticle of schema.org, saying the same as the visible text."""

import json
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.utils.html import format_html
from django.utils.safestring import SafeString

from articles.stories import Picture, Story, absolute

# Inside a script element these signs could end it or start another.
_ESCAPES = {ord(sign): f"\\u{ord(sign):04x}" for sign in "<>&\u2028\u2029"}


@dataclass(frozen=True, slots=True)
class _Json:
    """JSON for a script element of a data type: never executed, and escaped so that it cannot leave its element."""

    data: dict[str, Any]

    def __html__(self) -> str:
        return json.dumps(self.data, ensure_ascii=False).translate(_ESCAPES)


def data_block(data: dict[str, Any]) -> SafeString:
    return format_html('<script type="application/ld+json">{}</script>', _Json(data))


def news_article(story: Story) -> dict[str, Any]:
    """https://schema.org/NewsArticle; `dateModified` equals `datePublished` until a later version replaces the first."""
    data: dict[str, Any] = {
        "@context": "https://schema.org",
        "@type": "NewsArticle",
        "mainEntityOfPage": story.address,
        "url": story.address,
        "identifier": story.urn,
        "headline": story.title,
        "description": story.standfirst,
        "inLanguage": story.language,
        "datePublished": story.published_at.isoformat(timespec="seconds"),
        "dateModified": story.changed_at.isoformat(timespec="seconds"),
        "author": [{"@type": "Person", "name": signature.name} for signature in story.signatures],
        "publisher": {"@type": "Organization", "name": settings.SITE_NAME, "url": f"{settings.SITE_URL}/"},
    }
    if story.picture:
        data["image"] = image_object(story.picture)
    if story.dateline:
        data["dateline"] = story.dateline
    if story.tags:
        data["keywords"] = story.tags
    if story.notices:
        data["correction"] = [notice.text for notice in story.notices]
    return data


def image_object(picture: Picture) -> dict[str, Any]:
    source = picture.fallback
    return {
        "@type": "ImageObject",
        "url": absolute(source.address),
        "width": str(source.width),
        "height": str(source.height),
        "caption": picture.caption or picture.alt,
        "creditText": picture.credit,
    }
