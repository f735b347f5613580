"""Where a story stands, for the desk: draft, in review, scheduled, public, withdrawn, in the bin, with open changes.

The state says what readers see; what waits with the draft of a live story is its stage, said beside it.
"""

import datetime as dt
from dataclasses import dataclass
from typing import Any

from django.db.models import Case, Exists, F, OuterRef, Q, QuerySet, Subquery, When
from django.db.models.functions import Coalesce, Now
from django.utils.translation import gettext_lazy as _

from articles.models import Article, Publication, Revision, TakeDown

STATES = {
    "draft": _("draft"),
    "review": _("in review"),
    "returned": _("returned"),
    "approved": _("approved"),
    "scheduled": _("waits for its hour"),
    "public": _("public"),
    "changed": _("public, with changes"),
    "withdrawn": _("withdrawn"),
    "taken_down": _("taken down"),
    "bin": _("in the bin"),
}


@dataclass(frozen=True, slots=True)
class State:
    """A story's state in words. `has_changes`: the draft differs from the version that is or will be public."""

    code: str
    public_since: dt.datetime | None
    scheduled_for: dt.datetime | None
    has_changes: bool
    stage: str = ""
    embargo_until: dt.datetime | None = None
    note: str = ""

    @property
    def words(self) -> str:
        return str(STATES[self.code])

    @property
    def stage_words(self) -> str:
        """What happens to the draft of a story that readers know; empty where the state says it already."""
        said = self.stage in {"", Article.Stage.DRAFT, self.code}
        return "" if said else str(Article.Stage(self.stage).label)

    @property
    def is_out(self) -> bool:
        """Whether a version is public or scheduled, so that there is something to withdraw."""
        return bool(self.public_since or self.scheduled_for)


def with_state(articles: QuerySet[Article]) -> QuerySet[Article]:
    """Adds what `state_of` reads: one query for a whole list, by the database clock."""
    own = Publication.objects.filter(article=OuterRef("pk")).order_by()
    public, to_come = own.public(), own.to_come()
    latest = Revision.objects.filter(article=OuterRef("pk")).order_by("-number").values("pk")[:1]
    return articles.annotate(
        public_since=Subquery(public.values("visible_from")[:1]),
        scheduled_for=Subquery(to_come.values("visible_from")[:1]),
        was_seen=Exists(own.seen()),
        embargo=Case(When(embargo_until__gt=Now(), then=F("embargo_until"))),
        is_taken_down=Exists(taken_down()),
        latest_revision=Subquery(latest),
        out_revision=Coalesce(Subquery(to_come.values("revision_id")[:1]), Subquery(public.values("revision_id")[:1])),
    )


def state_of(article: Any) -> State:
    """The state of an article that `with_state` loaded."""
    has_changes = article.out_revision is not None and article.out_revision != article.latest_revision
    code = _code(article, has_changes=has_changes)
    return State(
        code,
        article.public_since,
        article.scheduled_for,
        has_changes,
        article.stage,
        article.embargo,
        article.stage_note,
    )


def code_of(article: Article) -> str:
    """The state of an article as it is stored now; one query."""
    return state_of(with_state(Article.objects.filter(pk=article.pk)).get()).code


def taken_down() -> QuerySet[TakeDown]:
    """Take-downs of an outer article after which readers saw no version of it again."""
    back = Publication.objects.seen().filter(article=OuterRef("article"), visible_from__gte=OuterRef("taken_down_at"))
    return TakeDown.objects.filter(~Exists(back), article=OuterRef("pk"))


def _code(article: Any, *, has_changes: bool) -> str:
    if article.trashed_at:
        return "bin"
    if article.scheduled_for:
        return "scheduled"
    if article.public_since:
        return "changed" if has_changes else "public"
    if article.was_seen:
        return "taken_down" if article.is_taken_down else "withdrawn"
    return str(article.stage)


def soonest_first(articles: QuerySet[Article]) -> QuerySet[Article]:
    """Scheduled articles of `with_state` in the order in which they go out."""
    return articles.order_by(F("scheduled_for").asc())


def in_state(articles: QuerySet[Article], code: str) -> QuerySet[Article]:
    """Those of the articles that stand at a state; all on the desk for an unknown one.

    Review, returned and approved hold live stories too whose draft stands there. Asked from the side of the versions,
    so that a list of a hundred thousand articles takes no query an article.
    """
    if code == "bin":
        return articles.filter(trashed_at__isnull=False)
    articles = articles.filter(trashed_at__isnull=True)
    own = Publication.objects.filter(article=OuterRef("pk"))
    public, to_come = own.public(), own.to_come()
    hidden = ~Exists(public) & ~Exists(to_come)
    conditions: dict[str, Any] = {
        "draft": hidden & ~Exists(own.seen()) & Q(stage=Article.Stage.DRAFT),
        "review": Q(stage=Article.Stage.REVIEW),
        "returned": Q(stage=Article.Stage.RETURNED),
        "approved": Q(stage=Article.Stage.APPROVED),
        "scheduled": Exists(to_come),
        "public": Exists(public),
        # A save moves the number of the latest revision and the article's version together.
        "changed": Exists(public.exclude(revision__number=OuterRef("lock_version"))) & ~Exists(to_come),
        "withdrawn": hidden & Exists(own.seen()) & ~Exists(taken_down()),
        "taken_down": hidden & Exists(own.seen()) & Exists(taken_down()),
    }
    return articles.filter(conditions.get(code, Q()))
