"""Every correction that readers were told of, newest first, with the story as it stands now."""

import datetime as dt
from dataclasses import dataclass
from typing import Any

from django.db.models import Exists, F, OuterRef, QuerySet, Subquery
from django.http import Http404

from articles.models import Publication, TakeDown

PAGE = 30


@dataclass(frozen=True, slots=True)
class Correction:
    """What was wrong and is right now; `address` and `title` are those of the story's present version."""

    at: dt.datetime
    text: str
    title: str
    language: str
    address: str


def told() -> QuerySet[Publication]:
    """Versions with a note that readers were told of and may still be told; never one that is still to come.

    What was taken down is not spoken of any more: a note from before comes back only with the very text that was taken
    down, when that is put back.
    """
    same_text_before = Publication.objects.filter(
        article=OuterRef("article"), revision=OuterRef("revision"), visible_from__lt=OuterRef(OuterRef("taken_down_at"))
    )
    put_back = Publication.objects.filter(
        Exists(same_text_before), article=OuterRef("article"), visible_from__gte=OuterRef("taken_down_at")
    )
    silenced = TakeDown.objects.filter(
        ~Exists(put_back), article=OuterRef("article"), taken_down_at__gte=OuterRef("visible_from")
    )
    return Publication.objects.seen().filter(~Exists(silenced)).exclude(correction_note="")


def _told() -> QuerySet[Publication]:
    """Those of them whose story is public."""
    now = Publication.objects.public().filter(article=OuterRef("article"), version__gte=OuterRef("version"))
    return (
        told()
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
