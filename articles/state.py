"""Where a story stands, for the desk: draft, in review, scheduled, public, withdrawn, in the bin, with open changes."""

import datetime as dt
from dataclasses import dataclass
from typing import Any

from django.db.models import Exists, F, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.utils.translation import gettext_lazy as _

from articles.models import Article, Publication, Revision

STATES = {
    "draft": _("draft"),
    "review": _("in review"),
    "scheduled": _("waits for its hour"),
    "public": _("public"),
    "changed": _("public, with changes"),
    "withdrawn": _("withdrawn"),
    "bin": _("in the bin"),
}


@dataclass(frozen=True, slots=True)
class State:
    """A story's state in words. `has_changes`: the draft differs from the version that is or will be public."""

    code: str
    public_since: dt.datetime | None
    scheduled_for: dt.datetime | None
    has_changes: bool

    @property
    def words(self) -> str:
        return str(STATES[self.code])

    @property
    def is_out(self) -> bool:
        """Whether a version is public or scheduled, so that there is something to withdraw."""
        return bool(self.public_since or self.scheduled_for)


def with_state(articles: QuerySet[Article]) -> QuerySet[Article]:
    """Adds what `state_of` reads: one query for a whole list, by the database clock."""
    own = Publication.objects.filter(article=OuterRef("pk"))
    public, to_come = own.public(), own.to_come()
    latest = Revision.objects.filter(article=OuterRef("pk")).order_by("-number").values("pk")[:1]
    return articles.annotate(
        public_since=Subquery(public.values("visible_from")[:1]),
        scheduled_for=Subquery(to_come.values("visible_from")[:1]),
        was_seen=Exists(own.seen()),
        latest_revision=Subquery(latest),
        out_revision=Coalesce(Subquery(to_come.values("revision_id")[:1]), Subquery(public.values("revision_id")[:1])),
    )


def state_of(article: Any) -> State:
    """The state of an article that `with_state` loaded."""
    has_changes = article.out_revision is not None and article.out_revision != article.latest_revision
    return State(_code(article, has_changes=has_changes), article.public_since, article.scheduled_for, has_changes)


def _code(article: Any, *, has_changes: bool) -> str:
    if article.trashed_at:
        return "bin"
    if article.scheduled_for:
        return "scheduled"
    if article.public_since:
        return "changed" if has_changes else "public"
    if article.was_seen:
        return "withdrawn"
    return "review" if article.stage == Article.Stage.REVIEW else "draft"


def soonest_first(articles: QuerySet[Article]) -> QuerySet[Article]:
    """Scheduled articles of `with_state` in the order in which they go out."""
    return articles.order_by(F("scheduled_for").asc())


def in_state(articles: QuerySet[Article], code: str) -> QuerySet[Article]:
    """Those of the articles, loaded by `with_state`, that stand at a state; all on the desk for an unknown one."""
    if code == "bin":
        return articles.filter(trashed_at__isnull=False)
    articles = articles.filter(trashed_at__isnull=True)
    hidden = Q(public_since__isnull=True, scheduled_for__isnull=True)
    conditions = {
        "draft": hidden & Q(was_seen=False, stage=Article.Stage.DRAFT),
        "review": hidden & Q(was_seen=False, stage=Article.Stage.REVIEW),
        "scheduled": Q(scheduled_for__isnull=False),
        "public": Q(public_since__isnull=False),
        "changed": Q(public_since__isnull=False, scheduled_for__isnull=True) & ~Q(out_revision=F("latest_revision")),
        "withdrawn": hidden & Q(was_seen=True),
    }
    return articles.filter(conditions.get(code, Q()))
