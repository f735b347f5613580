"""What the fact desk found, kept with what it was found in, and the contradictions a person answers for by name.

Never public: no page, feed or interface reads these tables.
"""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from articles.models.article import Article
from articles.models.publication import Publication
from articles.models.revision import Revision


class FactCheck(models.Model):
    """One check of a revision, or of the version published from it: the data it was held against, each claim's verdict.

    `sheets`: event id, name and fingerprint of the data. `findings`: key, verdict, type, field, start, words, why,
    evidence, right value and, where somebody answers for it, the id of the waiver. Written once (trigger).
    """

    class Outcome(models.TextChoices):
        DONE = "done", _("done")
        FAILED = "failed", _("failed")

    revision = models.ForeignKey(
        Revision, on_delete=models.PROTECT, related_name="fact_checks", verbose_name=_("revision")
    )
    publication = models.ForeignKey(
        Publication,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="fact_checks",
        verbose_name=_("publication"),
    )
    outcome = models.CharField(_("ended"), max_length=8, choices=Outcome.choices)
    checked_at = models.DateTimeField(_("checked"), db_default=Now())
    sheets = models.JSONField(_("data"), default=list)
    findings = models.JSONField(_("findings"), default=list)
    contradicted = models.PositiveIntegerField(_("contradicted"), default=0)
    waived = models.PositiveIntegerField(_("answered for"), default=0)
    uncheckable = models.PositiveIntegerField(_("not checkable"), default=0)
    confirmed = models.PositiveIntegerField(_("confirmed"), default=0)
    bound = models.PositiveIntegerField(_("bound"), default=0)

    class Meta:
        verbose_name = _("fact check")
        verbose_name_plural = _("fact checks")
        ordering = ["revision", "-pk"]
        default_permissions = ()
        constraints = [
            models.CheckConstraint(condition=Q(outcome__in=["done", "failed"]), name="factcheck_outcome_known"),
            models.UniqueConstraint(
                fields=["publication"], condition=Q(publication__isnull=False), name="factcheck_one_a_publication"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.revision} · {self.checked_at:%d.%m.%Y %H:%M}"


class WaiverQuerySet(models.QuerySet["Waiver"]):
    def in_force(self) -> "WaiverQuerySet":
        return self.filter(withdrawn_at__isnull=True)


class Waiver(models.Model):
    """Somebody answers by name for a claim that the data contradict: the text stays as it is, and why.

    `key` is made of the claim's words, value and subject and of what the data say against it (`articles.fact_desk`): with
    another claim, or with other data, it covers nothing any more. Never deleted; taken back, it stays (trigger).
    """

    article = models.ForeignKey(Article, on_delete=models.PROTECT, related_name="waivers", verbose_name=_("article"))
    key = models.CharField(max_length=64, editable=False)
    words = models.CharField(_("words"), max_length=400)
    why = models.TextField(_("what the data say"))
    reason = models.CharField(_("reason"), max_length=400)
    waived_at = models.DateTimeField(_("answered for"), db_default=Now())
    waived_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name=_("by"), db_index=False
    )
    # As the person was called then; an account may be renamed.
    waived_by_name = models.CharField(_("name"), max_length=310)
    withdrawn_at = models.DateTimeField(_("taken back"), null=True, blank=True)
    withdrawn_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("taken back by"),
        db_index=False,
    )

    objects = WaiverQuerySet.as_manager()

    class Meta:
        verbose_name = _("answer for a contradiction")
        verbose_name_plural = _("answers for contradictions")
        ordering = ["article", "-waived_at", "-pk"]
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(
                fields=["article", "key"], condition=Q(withdrawn_at__isnull=True), name="waiver_one_in_force"
            ),
            models.CheckConstraint(condition=~Q(reason=""), name="waiver_has_a_reason"),
        ]

    def __str__(self) -> str:
        return f"„{self.words}“"
