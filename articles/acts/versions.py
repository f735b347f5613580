"""Moving the windows of a story's versions. Called by the acts, under the lock of the article's row."""

import datetime as dt

from django.contrib.auth.models import User
from django.db.models import F

from articles.models import Article, Publication

RELATIONS = ("events", "series", "authors", "tags", "images")


def hand_over(article: Article, start: dt.datetime, moment: dt.datetime, *, keep: Publication | None = None) -> int:
    """End what is public at `start` and empty the window of what was only scheduled, but for a version to keep.

    Returns how many versions that changed.
    """
    waiting = article.publications.to_come(moment)
    waiting = waiting.exclude(pk=keep.pk) if keep else waiting
    return waiting.update(visible_until=F("visible_from")) + article.publications.public(moment).update(
        visible_until=start
    )


def set_window(publication: Publication, **window: dt.datetime | None) -> None:
    Publication.objects.filter(pk=publication.pk).update(**window)
    for name, instant in window.items():
        setattr(publication, name, instant)


def move_start(scheduled: Publication, start: dt.datetime) -> None:
    """Give a version that nobody has seen another beginning."""
    if scheduled.visible_from != start:
        set_window(scheduled, visible_from=start)


def repeat(version: Publication, *, by: User, visible_from: dt.datetime) -> Publication:
    """The same version once more, word for word, with a window of its own; its notice was given already."""
    copy = Publication.objects.get(pk=version.pk)
    copy.pk, copy._state.adding = None, True  # noqa: SLF001 - Django's documented way to copy a row
    copy.version = next_version(version.article)
    copy.visible_from, copy.visible_until = visible_from, None
    copy.published_by, copy.correction_note = by, ""
    copy.save(force_insert=True)
    for name in RELATIONS:
        getattr(copy, name).set(getattr(version, name).all())
    return copy


def next_version(article: Article) -> int:
    last = article.publications.order_by("-version").values_list("version", flat=True).first()
    return (last or 0) + 1
