"""What machines read in a page: NewsArticle of schema.org, saying the same as the visible text."""

from typing import Any

from django.conf import settings
from django.urls import NoReverseMatch, reverse

from articles.stories import Picture, Story, absolute
from results.structured_data import breadcrumbs, data_block

__all__ = ["data_block", "image_object", "news_article", "site_data", "trail"]


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
        "author": [{"@type": "Person", "name": line.name, "url": line.address} for line in story.signatures],
        "publisher": publisher(),
        "isAccessibleForFree": True,
    }
    if story.series:
        data["articleSection"] = story.series.label
    if story.event:
        # The event's own page says when and where.
        data["about"] = {"@type": "Thing", "name": story.event.name, "url": absolute(story.event.get_absolute_url())}
    if story.picture:
        data["image"] = image_object(story.picture)
    if story.dateline:
        data["dateline"] = story.dateline
    if story.tags:
        data["keywords"] = story.tags
    if story.notices:
        data["correction"] = [notice.text for notice in story.notices]
    return data


def trail(story: Story) -> dict[str, Any]:
    """https://schema.org/BreadcrumbList of what stands above the headline: series and event, then the story itself."""
    above = [(story.series.label, story.series.get_absolute_url())] if story.series else []
    above += [(story.event.name, story.event.get_absolute_url())] if story.event else []
    return breadcrumbs([*above, (story.title, story.get_absolute_url())])


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


def publisher() -> dict[str, Any]:
    home = f"{settings.SITE_URL}/"
    return {"@type": "NewsMediaOrganization", "@id": f"{home}#publisher", "name": settings.SITE_NAME, "url": home}


def site_data() -> dict[str, Any]:
    """https://schema.org/WebSite with who publishes it, and where it is searched as soon as it can be."""
    home = f"{settings.SITE_URL}/"
    site: dict[str, Any] = {
        "@type": "WebSite",
        "@id": f"{home}#site",
        "name": settings.SITE_NAME,
        "url": home,
        "inLanguage": settings.LANGUAGE_CODE,
        "publisher": {"@id": f"{home}#publisher"},
    }
    try:
        target = f"{absolute(reverse('articles:search'))}?q={{search_term_string}}"
    except NoReverseMatch:
        pass
    else:
        entry = {"@type": "EntryPoint", "urlTemplate": target}
        site["potentialAction"] = {
            "@type": "SearchAction",
            "target": entry,
            "query-input": "required name=search_term_string",
        }
    return {"@context": "https://schema.org", "@graph": [site, publisher()]}
