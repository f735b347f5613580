"""The newsroom's first page: what waits for this person, what goes out next, what just went out."""

import datetime as dt
from dataclasses import dataclass, replace
from typing import Any

from django.contrib.auth.models import User
from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Exists, F, IntegerField, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Now
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django_stubs_ext import StrOrPromise

from articles.acts.review import for_review_by
from articles.models import Article, Byline, Publication
from articles.state import State, state_of, with_state
from results.desk_addresses import effect_address
from results.models import PrintedStanding
from results.unsettled import OpenResult, open_results
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
        return ", ".join(self.article.signed)  # type: ignore[attr-defined]  # annotated


@dataclass(frozen=True, slots=True)
class Column:
    """`lines` are the first of `found`, `count` says how many it holds; `target` is what the list filters by.

    An urgent column is marked as long as something stands in it.
    """

    key: str
    title: StrOrPromise
    empty: StrOrPromise
    lines: list[Line]
    found: QuerySet[Any]
    target: str = ""
    urgent: bool = False
    count: int = 0

    @property
    def is_urgent(self) -> bool:
        return self.urgent and bool(self.count)

    @property
    def more(self) -> str:
        words = ngettext("%(n)s in 24 hours", "%(n)s in 24 hours", self.count)
        return words % {"n": self.count} if self.key == "public" else ""


class Number(Subquery):
    """How many rows another query has, as a column."""

    template = "(SELECT count(*) FROM (%(subquery)s) counted)"
    output_field = IntegerField()


def board_of(person: User) -> list[Column]:
    """The columns of the start page, in the order in which they press; those without a use for the person left out."""
    columns = [_returned(person)]
    if person.has_perm("articles.review_article"):
        columns.append(_waiting(person))
    if person.has_perm("articles.publish_article"):
        columns.append(_approved())
    columns += [_next_out(), _mine(person), _just_out()]
    # All numbers in one query.
    numbers = [Number(column.found.order_by().values("pk")) for column in columns]
    counts = User.objects.filter(pk=person.pk).values_list(*numbers).get()
    return [replace(column, count=count) for column, count in zip(columns, counts, strict=True)]


def open_decisions_of(person: User) -> tuple[list[tuple[OpenResult, str]], int]:
    """The newest results that do not follow their decisions with the page that shows them, and how many there are."""
    if not person.has_perm("results.change_classification"):
        return [], 0
    results, number = open_results(limit=ROWS)
    return [(one, effect_address(one.session, one.checkpoint)) for one in results], number


def differing_tables_of(person: User) -> tuple[list[tuple[PrintedStanding, str]], int]:
    """Printed championship tables that differ from ours unexplained, newest first, with their page, and how many."""
    if not person.has_perm("results.change_printedstanding"):
        return [], 0
    found = PrintedStanding.objects.differing().select_related("season__series", "championship").order_by("-pk")
    tables = list(found[: ROWS + 1])
    number = len(tables) if len(tables) <= ROWS else found.count()
    return [(one, reverse("admin:results_printedstanding_compare", args=[one.pk])) for one in tables[:ROWS]], number


def _returned(person: User) -> Column:
    mine = Q(created_by=person) | Q(submitted_by=person) | Q(edited_by=person)
    found = Article.objects.filter(mine, stage=STAGE.RETURNED, trashed_at__isnull=True).order_by("-stage_at")
    lines = [
        _line(article, article.stage_at or article.changed_at, note=article.stage_note) for article in _load(found)
    ]
    return Column("returned", _("Returned to you"), _("Nothing came back."), lines, found, "returned", urgent=True)


def _waiting(person: User) -> Column:
    """The longest wait first."""
    found = for_review_by(person).order_by("stage_at", "pk")
    lines = [
        _line(article, article.stage_at or article.changed_at, who=article.submitted_by, note=article.stage_note)
        for article in _load(found)
    ]
    return Column("review", _("Waits for your review"), _("Nothing waits."), lines, found, "review", urgent=True)


def _approved() -> Column:
    found = Article.objects.filter(stage=STAGE.APPROVED, trashed_at__isnull=True).order_by("stage_at", "pk")
    lines = [
        _line(article, article.stage_at or article.changed_at, who=article.approved_by) for article in _load(found)
    ]
    return Column("approved", _("Approved, ready to go out"), _("Nothing is ready."), lines, found, "approved")


def _next_out() -> Column:
    soonest = Publication.objects.to_come().order_by("visible_from")
    lines = [_line(article, at) for article, at in _of_versions(soonest)]
    return Column("scheduled", _("Next to go out"), _("Nothing is scheduled."), lines, soonest, "scheduled")


def _mine(person: User) -> Column:
    """What the person began or saved last, as long as readers do not see it as it stands."""
    own = Publication.objects.filter(article=OuterRef("pk"), revision__number=OuterRef("lock_version"))
    # Any version that was, is or will be seen; one that was replaced before its hour has an empty window.
    is_out = Exists(own.filter(Q(visible_until__isnull=True) | Q(visible_until__gt=F("visible_from"))))
    found = (
        Article.objects.filter(Q(created_by=person) | Q(edited_by=person), ~is_out, trashed_at__isnull=True)
        .exclude(stage=STAGE.RETURNED)
        .order_by("-changed_at")
    )
    lines = [_line(article, article.changed_at) for article in _load(found)]
    return Column("mine", _("My work"), _("No open draft of yours."), lines, found)


def _just_out() -> Column:
    newest = Publication.objects.public().order_by("-visible_from")
    lines = [_line(article, at) for article, at in _of_versions(newest)]
    today = Publication.objects.public().filter(visible_from__gt=Now() - DAY)
    return Column("public", _("Just published"), _("Nothing is public."), lines, today, "public")


def _of_versions(versions: QuerySet[Publication]) -> list[tuple[Article, dt.datetime]]:
    """The articles of the first versions, in their order, each with the hour of its version."""
    hours = dict(versions.values_list("article", "visible_from")[:ROWS])
    articles = {article.pk: article for article in _load(Article.objects.filter(pk__in=list(hours)))}
    return [(articles[pk], hour) for pk, hour in hours.items()]


def _load(articles: QuerySet[Article]) -> QuerySet[Article]:
    names = Byline.objects.filter(article=OuterRef("pk")).order_by("position", "pk").values("author__name")
    people = articles.select_related("submitted_by", "approved_by").defer("body", "notes")
    return with_state(people).annotate(signed=ArraySubquery(names))[:ROWS]


def _line(article: Any, at: Any, *, who: User | None = None, note: str = "") -> Line:
    name = (who.get_full_name() or who.get_username()) if who else ""
    return Line(article, state_of(article), moment(at) if at else "", name, note)
