"""The newsroom's first page: what waits for this person, what goes out next, what just went out."""

import datetime as dt
from dataclasses import dataclass
from operator import attrgetter
from typing import Any

from django.contrib.auth.models import User
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.db.models.functions import Now
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django_stubs_ext import StrOrPromise

from articles.acts.review import for_review_by
from articles.models import Article, Publication
from articles.state import State, in_state, soonest_first, state_of, with_state
from results.venue_time import moment

ROWS = 8
DAY = dt.timedelta(days=1)
STAGE = Article.Stage


@dataclass(frozen=True, slots=True)
class Line:
    """One story: `when` in words with its zone, `who` handed it in or published it, `note` why it came back."""

    article: Article
    state: State
    when: str
    who: str = ""
    note: str = ""

    @property
    def signed_by(self) -> str:
        return ", ".join(line.author.name for line in self.article.bylines.all())


@dataclass(frozen=True, slots=True)
class Column:
    """`count` is of all, `lines` are the first of them; `target` is what the list filters by; `is_urgent` is marked."""

    key: str
    title: StrOrPromise
    empty: StrOrPromise
    lines: list[Line]
    count: int
    target: str = ""
    is_urgent: bool = False
    more: str = ""


def board_of(person: User) -> list[Column]:
    """The columns of the start page, in the order in which they press; those without a use for the person left out."""
    columns = [_returned(person)]
    if person.has_perm("articles.review_article"):
        columns.append(_waiting(person))
    if person.has_perm("articles.publish_article"):
        columns.append(_approved())
    return [*columns, _next_out(), _mine(person), _just_out()]


def _returned(person: User) -> Column:
    mine = Q(created_by=person) | Q(submitted_by=person) | Q(edited_by=person)
    found = Article.objects.filter(mine, stage=STAGE.RETURNED, trashed_at__isnull=True).order_by("-stage_at")
    lines = [
        _line(article, article.stage_at or article.changed_at, note=article.stage_note) for article in _load(found)
    ]
    return _column("returned", _("Returned to you"), _("Nothing came back."), lines, found, "returned", urgent=True)


def _waiting(person: User) -> Column:
    """The longest wait first."""
    found = for_review_by(person).order_by("stage_at", "pk")
    lines = [
        _line(article, article.stage_at or article.changed_at, who=article.submitted_by, note=article.stage_note)
        for article in _load(found)
    ]
    return _column("review", _("Waits for your review"), _("Nothing waits."), lines, found, "review", urgent=True)


def _approved() -> Column:
    found = Article.objects.filter(stage=STAGE.APPROVED, trashed_at__isnull=True).order_by("stage_at", "pk")
    lines = [
        _line(article, article.stage_at or article.changed_at, who=article.approved_by) for article in _load(found)
    ]
    return _column("approved", _("Approved, ready to go out"), _("Nothing is ready."), lines, found, "approved")


def _next_out() -> Column:
    found = in_state(Article.objects.all(), "scheduled")
    lines = [
        _line(article, getattr(article, "scheduled_for", None)) for article in _load(soonest_first(with_state(found)))
    ]
    return _column("scheduled", _("Next to go out"), _("Nothing is scheduled."), lines, found, "scheduled")


def _mine(person: User) -> Column:
    """What the person began or saved last, as long as readers do not see it as it stands."""
    own = Publication.objects.filter(article=OuterRef("pk"), revision__number=OuterRef("lock_version"))
    is_out = Exists(own.public()) | Exists(own.to_come()) | Exists(own.seen())
    found = (
        Article.objects.filter(Q(created_by=person) | Q(edited_by=person), ~is_out, trashed_at__isnull=True)
        .exclude(stage=STAGE.RETURNED)
        .order_by("-changed_at")
    )
    lines = [_line(article, article.changed_at) for article in _load(found)]
    return _column("mine", _("My work"), _("No open draft of yours."), lines, found)


def _just_out() -> Column:
    newest = Publication.objects.public().order_by("-visible_from").values_list("article", flat=True)[:ROWS]
    articles = with_state(Article.objects.filter(pk__in=list(newest))).prefetch_related("bylines__author")
    since = attrgetter("public_since")
    lines = [_line(article, since(article)) for article in sorted(articles, key=since, reverse=True)]
    today = Publication.objects.filter(visible_from__lte=Now(), visible_from__gt=Now() - DAY).public()
    count = today.values("article").distinct().count()
    more = ngettext("%(n)s in 24 hours", "%(n)s in 24 hours", count) % {"n": count}
    return Column("public", _("Just published"), _("Nothing is public."), lines, count, "public", more=more)


def _load(articles: QuerySet[Article]) -> QuerySet[Article]:
    people = articles.select_related("submitted_by", "approved_by").defer("body", "notes")
    return with_state(people).prefetch_related("bylines__author")[:ROWS]


def _line(article: Any, at: Any, *, who: User | None = None, note: str = "") -> Line:
    name = (who.get_full_name() or who.get_username()) if who else ""
    return Line(article, state_of(article), moment(at) if at else "", name, note)


def _column(  # noqa: PLR0917 - one line each above
    key: str,
    title: str,
    empty: str,
    lines: list[Line],
    found: QuerySet[Article],
    target: str = "",
    *,
    urgent: bool = False,
) -> Column:
    """A short column knows its number already; only a full one is counted."""
    count = len(lines) if len(lines) < ROWS else found.order_by().count()
    return Column(key, title, empty, lines, count, target, is_urgent=urgent and bool(count))
