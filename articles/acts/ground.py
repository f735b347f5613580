"""What every act stands on: the lock of the article's row, one instant of the database clock, rights, refusals."""

import datetime as dt
from typing import Any

from django.contrib.auth.models import User
from django.core.exceptions import PermissionDenied
from django.db.models.functions import Now
from django.utils.translation import gettext as _

from articles import content
from articles.acts import journal
from articles.fact_memory import check_once_stored
from articles.models import Act, Article, Revision


class StaleSave(Exception):  # noqa: N818  # the desk's word for it
    """Somebody saved between opening and saving. `current` is the article as it is stored now."""

    def __init__(self, current: Article, expected_lock_version: int) -> None:
        super().__init__(_("The article was changed in the meantime."))
        self.current = current
        self.expected_lock_version = expected_lock_version


class NotPublishable(Exception):  # noqa: N818
    """The gate is closed; `reasons` are German sentences, one for each thing that is missing."""

    def __init__(self, reasons: list[str]) -> None:
        super().__init__(" ".join(reasons))
        self.reasons = reasons


class NothingToWithdraw(Exception):  # noqa: N818
    """No version of the story is public or scheduled."""


class NotNow(Exception):  # noqa: N818
    """The act does not fit where the story stands; says why in German."""


def claim(article: Article, *, expected_lock_version: int | None = None) -> Article:
    """Lock the article's row until the transaction ends and return it fresh; call it before anything is written.

    Raises `StaleSave` where a version is expected and another one is stored.
    """
    current = Article.objects.select_for_update(of=("self",)).select_related("lead_image").get(pk=article.pk)
    if expected_lock_version is not None and current.lock_version != expected_lock_version:
        raise StaleSave(current, expected_lock_version)
    return current


def require(by: User, *permissions: str) -> None:
    if not by.has_perms(permissions):
        raise PermissionDenied


def database_now() -> dt.datetime:
    """The database clock at this statement; a statement that waited for a lock would tell when it began to wait."""
    moment: dt.datetime = Article.objects.values_list(Now(), flat=True)[:1].get()
    return moment


def remember(article: Article, *, by: User | None, comment: str, verb: str = Act.Verb.SAVE) -> Revision:
    """Write the next revision if the article differs from the latest; the row's version moves with it.

    An approval belongs to the revision before and lapses: the text waits for a review again.
    """
    now_held = content.remember(article)
    latest = article.revisions.first()
    if latest and content.same(latest.content, now_held):
        return latest
    number = max(article.lock_version, latest.number if latest else 0) + 1
    lapses = article.stage == Article.Stage.APPROVED
    lapse: dict[str, Any] = {"stage": Article.Stage.REVIEW, "approved_revision": None, "approved_by": None}
    written = {"lock_version": number, "changed_at": Now(), "edited_by": by, **(lapse if lapses else {})}
    Article.objects.filter(pk=article.pk).update(**written)
    article.refresh_from_db(fields=list(written))
    revision = Revision.objects.create(
        article=article, number=number, content=now_held, comment=comment[:200], created_by=by
    )
    check_once_stored(revision)
    journal.record(verb, article, by=by, revision=revision, reason=comment)
    if lapses:
        journal.record(Act.Verb.LAPSE, article, by=by, revision=revision)
    return revision


def under_embargo(article: Article, start: dt.datetime, moment: dt.datetime) -> bool:
    """Whether a version visible from `start` would break the embargo."""
    until = article.embargo_until
    return until is not None and until > moment and start < until
