"""What the fact desk found is kept: with the revision once it is stored, with the publication in the act that makes it.

The check of a saved revision runs after its transaction, so a save never waits for it under a lock.
"""

from collections.abc import Callable, Collection
from functools import partial

import structlog
from django.db import transaction
from django.db.models import Exists, OuterRef

from articles.fact_desk import BOUND, Report, check, words_kept
from articles.factcheck.verdict import Judgement
from articles.models import Article, FactCheck, Publication, Revision, Waiver

log = structlog.get_logger(__name__)


def keep(report: Report, revision: Revision, publication: Publication | None = None) -> FactCheck:
    """Write down what a check found of a revision, and of the version published from it."""
    return FactCheck.objects.create(
        revision=revision,
        publication=publication,
        outcome=FactCheck.Outcome.FAILED if report.failed else FactCheck.Outcome.DONE,
        checked_at=report.at,
        sheets=list(report.sheets),
        findings=[item.as_kept() for item in report.items],
        contradicted=report.counts.get(Judgement.CONTRADICTED, 0),
        waived=len(report.waived),
        uncheckable=report.counts.get(Judgement.UNCHECKABLE, 0),
        confirmed=report.counts.get(Judgement.CONFIRMED, 0),
        bound=report.counts.get(BOUND, 0),
    )


def check_once_stored(revision: Revision) -> None:
    """Have a revision checked when its transaction is over; one that a publication has checked by then is not again."""
    held = revision.content
    if held["lead_event"] or held["further_events"]:
        after: Callable[[], None] = partial(_check_stored, revision.pk)
        transaction.on_commit(after, robust=True)


def _check_stored(key: int) -> None:
    revision = Revision.objects.filter(pk=key, fact_checks__isnull=True).select_related("article").first()
    if revision is not None:
        article: Article = revision.article
        keep(check(words_kept(revision.content), article), revision)


def still_open(articles: Collection[int]) -> dict[int, int]:
    """How many contradictions nobody answers for the newest revision of each story holds, by the key of the story.

    As kept when that revision was last checked, so that a list of stories checks none. At most three queries.
    """
    later = Revision.objects.filter(article=OuterRef("revision__article"), number__gt=OuterRef("revision__number"))
    # One that failed says nothing.
    done = FactCheck.objects.filter(outcome=FactCheck.Outcome.DONE)
    checks = done.filter(~Exists(later), revision__article__in=articles)
    last = checks.order_by("revision_id", "-pk").distinct("revision_id").values_list("pk", "contradicted")
    wrong = [pk for pk, contradicted in last if contradicted]
    if not wrong:
        return {}
    kept = dict(FactCheck.objects.filter(pk__in=wrong).values_list("revision__article", "findings"))
    answered = set(Waiver.objects.in_force().filter(article__in=kept).values_list("article", "key"))
    return {article: count for article, found in kept.items() if (count := _open(article, found, answered))}


def _open(article: int, findings: list[dict[str, str]], answered: set[tuple[int, str]]) -> int:
    return sum(
        1 for one in findings if one["verdict"] == Judgement.CONTRADICTED and (article, one["key"]) not in answered
    )
