"""Which stories stand on a thing that somebody wants to delete: drafts, and every version ever published."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.contrib.postgres.fields import ArrayField
from django.db.models import F, Func, Model, Q, TextField

from articles.models import Article, Author, Image, Publication, Tag
from results.models import Event, Series

# From a draft and from a published version to the thing.
RELATIONS: dict[type[Model], tuple[str, str]] = {
    Author: ("bylines__author", "authors"),
    Tag: ("tags", "tags"),
    Event: ("further_events", "events"),
    Series: ("sidebar__series", "series"),
}
# The pictures in the text of a draft; the database keeps an index of this very expression.
TOKENS_OF_BODY = Func(F("body"), function="articles_picture_tokens", output_field=ArrayField(TextField()))


def stories_on(things: Iterable[Any], model: type[Model]) -> list[str]:
    """Titles of the stories that name one of the things, which are all of that model; each once, in order."""
    if model not in RELATIONS:
        return []
    keys = [thing.pk for thing in things]
    in_draft, in_public = RELATIONS[model]
    drafts = Article.objects.filter(**{f"{in_draft}__in": keys}).values_list("title", flat=True)
    published = Publication.objects.filter(**{f"{in_public}__in": keys}).values_list("title", flat=True)
    return sorted({*drafts, *published})


@dataclass(frozen=True, slots=True)
class StoryWithPicture:
    """A story that uses a picture: `is_draft` in its draft, `versions` of it that were published, `is_public` now."""

    article: int
    title: str
    is_draft: bool
    versions: tuple[int, ...]
    is_public: bool


def stories_with_picture(image: Image) -> list[StoryWithPicture]:
    """Every story that uses a picture, as its lead or in its text, in its draft or in any version; by title."""
    shown = Q(lead_image=image) | Q(picture_tokens__contains=[image.token])
    drafts = dict(Article.objects.annotate(picture_tokens=TOKENS_OF_BODY).filter(shown).values_list("pk", "title"))
    public = set(Publication.objects.public().filter(images=image).values_list("article", flat=True))
    versions: dict[int, list[int]] = {}
    titles = dict(drafts)
    published = Publication.objects.filter(images=image).order_by("-version")
    for article, version, title in published.values_list("article", "version", "title"):
        versions.setdefault(article, []).append(version)
        titles.setdefault(article, title)
    stories = [
        StoryWithPicture(pk, title, pk in drafts, tuple(sorted(versions.get(pk, ()))), pk in public)
        for pk, title in titles.items()
    ]
    return sorted(stories, key=lambda story: (story.title, story.article))
