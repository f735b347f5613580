"""The audit log: each verb records what it did in its own transaction, and a refused attempt is kept though it failed."""

import datetime as dt
from collections.abc import Callable
from functools import wraps
from typing import Concatenate, ParamSpec, TypeVar

from django.contrib.auth.models import User
from django.core.exceptions import PermissionDenied
from django.db import connection, transaction

from articles.models import Act, Article, Publication, Revision
from articles.state import code_of

P = ParamSpec("P")
R = TypeVar("R")


class FourEyes(Exception):  # noqa: N818  # the newsroom's word for it
    """Somebody would pass his own text; says so in German. Counts as a refused attempt."""


def record(
    verb: str,
    article: Article,
    *,
    by: User | None,
    before: str = "",
    reason: str = "",
    at: dt.datetime | None = None,
    instant: dt.datetime | None = None,
    revision: Revision | None = None,
    publication: Publication | None = None,
) -> Act:
    """Write down what was just done, inside the transaction that did it. With `before` the state after is noted too."""
    clock = {"at": at} if at else {}
    return Act.objects.create(
        article=article,
        verb=verb,
        by=by,
        by_name=name_of(by),
        before=before,
        after=code_of(article) if before else "",
        reason=reason,
        instant=instant,
        revision=revision or (publication.revision if publication else None),
        publication=publication,
        **clock,
    )


def refused(verb: str, article: Article | None, *, by: User, reason: str = "") -> None:
    """Keep a refused attempt. Nothing can be written in a transaction that has failed already."""
    if not (connection.in_atomic_block and connection.needs_rollback):
        Act.objects.create(
            article=article, verb=verb, by=by, by_name=name_of(by), reason=reason, outcome=Act.Outcome.REFUSED
        )


def name_of(person: User | None) -> str:
    return (person.get_full_name() or person.get_username()) if person else ""


def act(verb: str) -> Callable[[Callable[Concatenate[Article, P], R]], Callable[Concatenate[Article, P], R]]:
    """Make a function an act of the desk: one transaction, and a line in the audit log where it is forbidden.

    That line is written after the act's transaction was rolled back, so a caller should not open one of his own.
    """

    def decorate(function: Callable[Concatenate[Article, P], R]) -> Callable[Concatenate[Article, P], R]:
        @wraps(function)
        def run(article: Article, /, *args: P.args, **kwargs: P.kwargs) -> R:
            try:
                with transaction.atomic():
                    return function(article, *args, **kwargs)
            except (PermissionDenied, FourEyes) as refusal:
                by = kwargs.get("by")
                if isinstance(by, User):
                    refused(verb, article, by=by, reason=str(refusal))
                raise

        return run

    return decorate
