"""Who has an article's form open: taken by opening it, kept by a heartbeat, taken over by asking, gone by itself.

By the database clock. It never decides what is written: the version that a form began with does that.
"""

import datetime as dt
import uuid
from dataclasses import dataclass
from typing import Any

from django.contrib.auth.models import User
from django.db import transaction
from django.db.models import Q
from django.db.models.functions import Now

from articles import workflow
from articles.models import Article, EditLock

BEAT_SECONDS = 15
# Three heartbeats may be lost on the way from the paddock.
LIFE = dt.timedelta(seconds=4 * BEAT_SECONDS)


@dataclass(frozen=True, slots=True)
class Hold:
    """Who holds the form now. `is_mine` is this very opening; `is_own`: the same person in another window."""

    is_mine: bool
    is_own: bool
    holder: str
    since: dt.datetime | None


NOBODY = Hold(is_mine=False, is_own=False, holder="", since=None)


def holder_of(article: Article, *, by: User) -> Hold:
    """Who has the form open, for somebody who looks at the page."""
    lock = _living().filter(article=article).select_related("holder").first()
    return _told(lock, by=by, key=None)


@transaction.atomic
def open_form(article: Article, *, by: User, key: uuid.UUID) -> Hold:
    """Somebody opens the form: it is theirs unless another person holds it. The newest window of one person wins."""
    lock = _locked(article)
    if lock is None or lock.holder_id == by.pk:
        lock = _give(article, by=by, key=key)
    return _told(lock, by=by, key=key)


@transaction.atomic
def beat(article: Article, *, by: User, key: uuid.UUID) -> Hold:
    """The form is still open. It is not taken from anybody; one that nobody holds any more is held again."""
    lock = _locked(article)
    if lock is None:
        lock = _give(article, by=by, key=key)
    elif lock.key == key and lock.holder_id == by.pk:
        EditLock.objects.filter(pk=lock.pk).update(beat_at=Now())
    return _told(lock, by=by, key=key)


@transaction.atomic
def take_over(article: Article, *, by: User, key: uuid.UUID) -> Hold:
    """Hold the form whoever held it; the other one learns of it with the next heartbeat."""
    _locked(article)
    return _told(_give(article, by=by, key=key), by=by, key=key)


def release(article: Article, *, by: User, key: uuid.UUID) -> Hold:
    """The form is closed; what another opening holds stays."""
    EditLock.objects.filter(article=article, holder=by, key=key).delete()
    return NOBODY


def _living() -> Any:
    return EditLock.objects.filter(beat_at__gt=Now() - LIFE)


def _locked(article: Article) -> EditLock | None:
    """The living lock, with the article's row locked so that two who come at once do not both get it."""
    workflow.claim(article)
    lock: EditLock | None = _living().filter(article=article).select_related("holder").first()
    return lock


def _give(article: Article, *, by: User, key: uuid.UUID) -> EditLock:
    """A new hold; who already held it in another window keeps the hour in which he began."""
    same = Q(holder=by, beat_at__gt=Now() - LIFE)
    if not EditLock.objects.filter(same, article=article).update(key=key, beat_at=Now()):
        EditLock.objects.filter(article=article).delete()
        EditLock.objects.create(article=article, holder=by, key=key)
    return EditLock.objects.select_related("holder").get(article=article)


def _told(lock: EditLock | None, *, by: User, key: uuid.UUID | None) -> Hold:
    if lock is None:
        return NOBODY
    is_own = lock.holder_id == by.pk
    name = lock.holder.get_full_name() or lock.holder.get_username()
    return Hold(is_mine=is_own and lock.key == key, is_own=is_own, holder=name, since=lock.since)
