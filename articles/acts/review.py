"""Review: a text is handed in, returned with a reason or approved by somebody who did not write it.

An approval belongs to one revision: `articles.acts.ground.remember` takes it back with the next change.
"""

from typing import Any

from django.contrib.auth.models import User
from django.db.models import Exists, F, Max, OuterRef, Q, QuerySet
from django.db.models.functions import Coalesce, Now
from django.utils.translation import gettext as _

from articles.acts.ground import NotNow, claim, remember, require
from articles.acts.journal import FourEyes, act, record
from articles.models import Act, Article, Publication, Revision
from articles.state import code_of

LONGEST_NOTE = 400
STAGE = Article.Stage


@act(Act.Verb.SUBMIT)
def submit(article: Article, *, by: User, note: str = "", expected_lock_version: int | None = None) -> Article:
    """Hand the draft in for review, with a word to whoever reads it. Handing it in twice is once."""
    require(by, "articles.submit_article")
    current = _on_the_desk(article, expected_lock_version)
    if current.stage in {STAGE.REVIEW, STAGE.APPROVED}:
        return current
    _move(current, STAGE.REVIEW, by=by, verb=Act.Verb.SUBMIT, note=note, submitted_by=by)
    return current


@act(Act.Verb.RETURN)
def return_to_writer(article: Article, *, by: User, reason: str, expected_lock_version: int | None = None) -> Article:
    """Give a text back that waits for review or is approved; the reason reaches the writer's start page."""
    require(by, "articles.review_article")
    if not reason.strip():
        raise ValueError(_("Say why, so that the writer knows what to do."))
    current = _on_the_desk(article, expected_lock_version)
    if current.stage not in {STAGE.REVIEW, STAGE.APPROVED}:
        raise NotNow(_("The article does not wait for a review."))
    _move(current, STAGE.RETURNED, by=by, verb=Act.Verb.RETURN, note=reason, approved_revision=None, approved_by=None)
    return current


@act(Act.Verb.APPROVE)
def approve(article: Article, *, by: User, expected_lock_version: int | None = None) -> Article:
    """Approve the text that waits for review, as it is stored now. Raises `FourEyes` for whoever wrote any of it."""
    require(by, "articles.review_article")
    current = _on_the_desk(article, expected_lock_version)
    if current.stage == STAGE.APPROVED:
        return current
    if current.stage != STAGE.REVIEW:
        raise NotNow(_("The article does not wait for a review."))
    if by.pk in writers_of(current):
        raise FourEyes(_("You wrote or changed this text yourself. Somebody else has to approve it."))
    revision = remember(current, by=None, comment="")
    _move(current, STAGE.APPROVED, by=by, verb=Act.Verb.APPROVE, note="", approved_revision=revision, approved_by=by)
    return current


def writers_of(article: Article) -> set[int]:
    """Whose words the draft holds that no second person has passed: all who saved since the last published revision."""
    passed = article.publications.aggregate(last=Max("revision__number"))["last"] or 0
    writers = article.revisions.filter(number__gt=passed, created_by__isnull=False)
    return set(writers.order_by().values_list("created_by", flat=True))


def is_approved(article: Article, revision: Revision | None) -> bool:
    """Whether somebody approved exactly this revision of the draft."""
    approved: int | None = article.approved_revision_id
    return revision is not None and article.stage == STAGE.APPROVED and approved == revision.pk


def needs_second_person(article: Article, person: User) -> bool:
    """Whether the person would pass his own words by publishing the draft as it is stored."""
    return not is_approved(article, article.revisions.first()) and person.pk in writers_of(article)


def for_review_by(person: User) -> QuerySet[Article]:
    """Articles in review that the person wrote nothing of since they were last published."""
    passed = (
        Publication.objects.filter(article=OuterRef("article"))
        .order_by()
        .values("article")
        .annotate(last=Max("revision__number"))
        .values("last")
    )
    own = Revision.objects.annotate(passed=Coalesce(passed, 0)).filter(
        article=OuterRef("pk"), created_by=person, number__gt=F("passed")
    )
    return Article.objects.filter(~Exists(own), Q(stage=STAGE.REVIEW), trashed_at__isnull=True)


def close_review(article: Article) -> None:
    """The text is out: its draft begins anew."""
    _set(article, STAGE.DRAFT, note="", submitted_by=None, approved_revision=None, approved_by=None)


def _on_the_desk(article: Article, expected_lock_version: int | None) -> Article:
    current = claim(article, expected_lock_version=expected_lock_version)
    if current.trashed_at:
        raise NotNow(_("The article is in the bin."))
    return current


def _move(article: Article, stage: str, *, by: User, verb: str, note: str, **people: Any) -> None:
    before = code_of(article)
    _set(article, stage, note=note, **people)
    record(verb, article, by=by, before=before, reason=note.strip(), revision=article.revisions.first())


def _set(article: Article, stage: str, *, note: str, **people: Any) -> None:
    values = {"stage": stage, "stage_note": note.strip()[:LONGEST_NOTE], "stage_at": Now(), **people}
    Article.objects.filter(pk=article.pk).update(**values)
    article.refresh_from_db(fields=list(values))
