"""Which stories stand on a thing that somebody wants to delete: drafts, and every version ever published."""

from collections.abc import Iterable
from typing import Any

from django.db.models import Model

from articles.models import Article, Author, Publication, Tag
from results.models import Event, Series

# From a draft and from a published version to the thing.
RELATIONS: dict[type[Model], tuple[str, str]] = {
    Author: ("bylines__author", "authors"),
    Tag: ("tags", "tags"),
    Event: ("further_events", "events"),
    Series: ("sidebar__series", "series"),
}


def stories_on(things: Iterable[Any], model: type[Model]) -> list[str]:
    """Titles of the stories that name one of the things, which are all of that model; each once, in order."""
    if model not in RELATIONS:
        return []
    keys = [thing.pk for thing in things]
    in_draft, in_public = RELATIONS[model]
    drafts = Article.objects.filter(**{f"{in_draft}__in": keys}).values_list("title", flat=True)
    published = Publication.objects.filter(**{f"{in_public}__in": keys}).values_list("title", flat=True)
    return sorted({*drafts, *published})
