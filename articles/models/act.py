"""The audit log of the desk: every act on a story and every refused attempt, and what was taken down without a note."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from articles.models.article import Article
from articles.models.publication import Publication
from articles.models.revision import Revision


class Act(models.Model):
    """Who did what with a story, when and why. Written once by the verb itself, never changed or deleted (trigger)."""

    class Verb(models.TextChoices):
        SAVE = "save", _("stored the article")
        REVERT = "revert", _("restored an earlier revision")
        SUBMIT = "submit", _("submitted for review")
        RETURN = "return", _("gave back")
        APPROVE = "approve", _("gave the approval")
        LAPSE = "lapse", _("approval lapsed")
        PUBLISH = "publish", _("published")
        SCHEDULE = "schedule", _("set a schedule")
        RESCHEDULE = "reschedule", _("moved to another hour")
        UNSCHEDULE = "unschedule", _("took back the schedule")
        CORRECT = "correct", _("corrected with a notice")
        UPDATE = "update", _("changed without a notice")
        EMBARGO = "embargo", _("set an embargo")
        LIFT = "lift", _("shortened or lifted the embargo")
        WITHDRAW = "withdraw", _("withdrew")
        TAKE_DOWN = "take_down", _("took down")
        REINSTATE = "reinstate", _("put back online")
        TRASH = "trash", _("put into the bin")
        RESTORE = "restore", _("took out of the bin")
        WAIVE = "waive", _("answered for a contradiction")
        UNWAIVE = "unwaive", _("took an answer back")
        LIFT_FACTS = "lift_facts", _("let it out against the data")
        OPEN = "open", _("opened a page of the desk")
        FORGE = "forge", _("sent fields the form does not have")

    class Outcome(models.TextChoices):
        DONE = "done", _("done")
        REFUSED = "refused", _("refused")

    article = models.ForeignKey(
        Article,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="acts",
        verbose_name=_("article"),
        db_index=False,
    )
    verb = models.CharField(_("act"), max_length=12, choices=Verb.choices)
    outcome = models.CharField(_("ended"), max_length=8, choices=Outcome.choices, default=Outcome.DONE)
    at = models.DateTimeField(_("time of the act"), db_default=Now())
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("by"),
        db_index=False,
    )
    # As the person was called then; an account may be renamed.
    by_name = models.CharField(_("name"), max_length=310, blank=True)
    before = models.CharField(_("state before"), max_length=12, blank=True)
    after = models.CharField(_("state after"), max_length=12, blank=True)
    reason = models.TextField(_("reason"), blank=True)
    # The hour of a schedule or the end of an embargo.
    instant = models.DateTimeField(_("hour"), null=True, blank=True)
    revision = models.ForeignKey(
        Revision,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("revision"),
        db_index=False,
    )
    publication = models.ForeignKey(
        Publication,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("publication"),
        db_index=False,
    )

    class Meta:
        verbose_name = _("act")
        verbose_name_plural = _("audit log")
        ordering = ["-at", "-pk"]
        default_permissions = ("view",)
        constraints = [models.CheckConstraint(condition=Q(outcome__in=["done", "refused"]), name="act_outcome_known")]
        indexes = [
            # The history of an article.
            models.Index(fields=["article", "-at"], name="act_article_at"),
            # The audit log, whole and by act or person.
            models.Index(fields=["-at", "-id"], name="act_at"),
            models.Index(fields=["verb", "-at"], name="act_verb_at"),
            models.Index(fields=["by", "-at"], name="act_by_at"),
            # The audit log's refusals: few among many.
            models.Index(fields=["-at"], name="act_refused", condition=Q(outcome="refused")),
        ]

    def __str__(self) -> str:
        return f"{self.get_verb_display()} · {self.article or '–'}"


class TakeDown(models.Model):
    """A story taken offline without a word to readers: its addresses answer 404. The reason stays inside."""

    article = models.ForeignKey(Article, on_delete=models.PROTECT, related_name="take_downs", verbose_name=_("article"))
    reason = models.CharField(_("reason"), max_length=400)
    taken_down_at = models.DateTimeField(_("taken down"), db_default=Now())
    taken_down_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("by"),
    )

    class Meta:
        verbose_name = _("take-down")
        verbose_name_plural = _("take-downs")
        ordering = ["article", "-taken_down_at"]
        default_permissions = ()
        constraints = [models.CheckConstraint(condition=~Q(reason=""), name="takedown_has_a_reason")]

    def __str__(self) -> str:
        return self.reason
