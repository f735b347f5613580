"""What the fact desk found is kept: with the revision once it is stored, with the publication in the act that makes it.

The check of a saved revision runs after its transaction, so a save never waits for it under a lock.
"""

from collections.abc import Callable
from functools import partial

import structlog
from django.db import transaction

from articles.fact_desk import BOUND, Report, check, words_kept
from articles.factcheck.verdict import Judgement
from articles.models import Article, FactCheck, Publication, Revision

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
