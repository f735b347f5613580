"""Text that is not saved yet: kept for the person who typed it, offered again, and gone once it is saved.

Nothing here writes an article or a revision. `key` names one opening of a form, see `Autosave`.
"""

import datetime as dt
import uuid
from collections.abc import Iterable

from django.contrib.auth.models import User
from django.db import transaction
from django.db.models import Q
from django.db.models.functions import Now
from django.http import QueryDict

from articles import workflow
from articles.models import Article, Autosave

# A form's longest text is half a million signs; with boxes and all else it stays far below.
MOST_SIGNS = 2_000_000
MOST_FIELDS = 5_000
# Of one opening; who types without a pause is kept every few seconds by the browser.
SHORTEST_PAUSE = dt.timedelta(seconds=1)
LONGEST_LIFE = dt.timedelta(days=30)
# Belong to one sending of the form, not to its text.
_NOT_TEXT = frozenset({"csrfmiddlewaretoken", "form_key", "form_person", "saved_key", "_propose", "_continue"})


class TooMuch(Exception):  # noqa: N818
    """More than any form of an article holds."""


class TooSoon(Exception):  # noqa: N818
    """The same form was kept a moment ago; ask again in a second."""


def key_of(text: str | None) -> uuid.UUID | None:
    """The key of an opening as a form sends it; None for anything that is no key."""
    try:
        return uuid.UUID(text or "")
    except ValueError:
        return None


def new_key() -> uuid.UUID:
    return uuid.uuid4()


@transaction.atomic
def keep(*, by: User, key: uuid.UUID, article: Article | None, sent: QueryDict, is_last: bool = False) -> Autosave:
    """Keep what a form holds; what was saved under this key meanwhile is not kept again (`saved_at` tells).

    Raises `TooMuch` and, but for a text that nobody will send again, `TooSoon`.
    """
    pairs = _pairs(sent)
    if article:
        # A save locks the article before the opening; in another order the two would wait for each other.
        workflow.claim(article)
    opening = _locked(by, key, article)
    if opening.saved_at is not None:
        return opening
    if not is_last and Autosave.objects.filter(pk=opening.pk, kept_at__gt=Now() - SHORTEST_PAUSE).exists():
        raise TooSoon
    version = sent.get("lock_version", "")
    Autosave.objects.filter(pk=opening.pk).update(
        fields=pairs, kept_at=Now(), lock_version=int(version) if _is_version(version) else 0
    )
    old = Autosave.objects.filter(person=by, opened_at__lt=Now() - LONGEST_LIFE).exclude(pk=opening.pk)
    old.exclude(kept_at__gte=Now() - LONGEST_LIFE).delete()
    opening.refresh_from_db()
    return opening


def unsaved_key(*, by: User, key: uuid.UUID | None) -> uuid.UUID:
    """The key for a form that is shown again: the one it came with, unless something was saved under that already."""
    is_used = key is None or Autosave.objects.filter(person=by, key=key, saved_at__isnull=False).exists()
    return new_key() if key is None or is_used else key


def saved_opening(*, by: User, keys: Iterable[uuid.UUID | None], article: Article | None) -> Autosave | None:
    """The last opening of these that was saved, of an article or of any: what it was saved as, and the version made."""
    saved = Autosave.objects.filter(
        person=by, key__in=[key for key in keys if key], saved_at__isnull=False, article__isnull=False
    )
    mine = saved.filter(article=article) if article else saved
    return mine.select_related("article").order_by("-saved_at").first()


def begin_save(*, by: User, key: uuid.UUID, article: Article | None) -> Autosave:
    """Lock an opening until the transaction ends: of equal forms sent at once the first saves, the others wait here.

    `saved_at` and `article` of what is returned tell whether it was saved already.
    """
    return _locked(by, key, article)


def end_save(*, by: User, key: uuid.UUID, article: Article) -> None:
    """The form was saved: what was kept of it is the article's now, and what arrives late is not kept again.

    Call it last: the version that the save made is what anybody who writes on in that form begins with.
    """
    Autosave.objects.bulk_create([Autosave(person=by, key=key, article=article)], ignore_conflicts=True)
    Autosave.objects.filter(person=by, key=key).update(
        article=article, fields=None, saved_at=Now(), lock_version=article.lock_version
    )


def kept_texts(*, by: User, article: Article | None) -> list[Autosave]:
    """What the person typed into forms of this article, or of articles never saved yet, and did not save."""
    return list(Autosave.objects.kept().filter(person=by, article=article))


def kept_text(*, by: User, key: uuid.UUID | None, article: Article | None) -> Autosave | None:
    return Autosave.objects.kept().filter(person=by, article=article, key=key).first() if key else None


def drop(*, by: User, key: uuid.UUID | None, article: Article | None) -> int:
    """Throw a kept text away, as its writer asked; gives how many there were."""
    kept = Autosave.objects.kept().filter(person=by, article=article).order_by()
    return kept.filter(key=key).delete()[0] if key else 0


def form_of(opening: Autosave) -> QueryDict:
    """A kept text as the form that was typed into."""
    data = QueryDict(mutable=True)
    for name, value in opening.fields:
        data.appendlist(name, value)
    return data


def _locked(by: User, key: uuid.UUID, article: Article | None) -> Autosave:
    """The row of an opening, made where there is none; a second writer waits for the first."""
    Autosave.objects.bulk_create([Autosave(person=by, key=key, article=article)], ignore_conflicts=True)
    of_article = Q(article=article) | Q(article=None) if article else Q()
    opening = Autosave.objects.select_for_update(of=("self",)).filter(of_article, person=by, key=key).first()
    if opening is None:  # a key that already belongs to another article
        raise TooMuch
    return opening


def _pairs(sent: QueryDict) -> list[list[str]]:
    pairs = [[name, _storable(value)] for name, values in sent.lists() if name not in _NOT_TEXT for value in values]
    if len(pairs) > MOST_FIELDS or _signs(pairs) > MOST_SIGNS:
        raise TooMuch
    return pairs


def _signs(pairs: Iterable[Iterable[str]]) -> int:
    return sum(len(text) for pair in pairs for text in pair)


def _storable(text: str) -> str:
    """Postgres keeps no NUL in text; a lone half of a sign cannot be encoded."""
    return text.replace("\x00", "").encode("utf-8", "ignore").decode("utf-8")


def _is_version(text: str) -> bool:
    return text.isascii() and text.isdecimal() and len(text) < 10  # noqa: PLR2004 - fits an integer
