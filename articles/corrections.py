"""Every correction that readers were told of, newest first, with the story as it stands now."""

import datetime as dt
from dataclasses import dataclass
from typing import Any

from django.db.models import F, OuterRef, QuerySet, Subquery
from django.http import Http404

from articles.models import Publication

PAGE = 30


@dataclass(frozen=True, slots=True)
class Correction:
    """What was wrong and is right now; `address` and `title` are those of the story's present version."""

    at: dt.datetime
    text: str
    title: str
    language: str
    address: str


def _told() -> QuerySet[Publication]:
    """Versions with a note whose story is public; never one that is still to come."""
    now = Publication.objects.public().filter(article=OuterRef("article"), version__gte=OuterRef("version"))
    return (
        Publication.objects.seen()
        .exclude(correction_note="")
        .annotate(
            title_now=Subquery(now.values("title")[:1]),
            slug_now=Subquery(now.values("slug")[:1]),
            language_now=Subquery(now.values("language")[:1]),
        )
        .filter(slug_now__isnull=False)
        .order_by(F("visible_from").desc(), F("pk").desc())
    )


def corrections(number: int) -> tuple[list[Correction], bool]:
    """That page of the corrections, and whether there are older ones; Http404 behind the last. One query."""
    from_here: Any = _told().only("visible_from", "correction_note")[(number - 1) * PAGE : number * PAGE + 1]
    found = [
        Correction(
            one.visible_from,
            one.correction_note,
            one.title_now,
            one.language_now,
            Publication(slug=one.slug_now).get_absolute_url(),
        )
        for one in from_here
    ]
    if not found and number > 1:
        raise Http404
    return found[:PAGE], len(found) > PAGE
