"""Who turned out to be one, or two: merges and splits of drivers and teams, with all that is needed to undo them."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _


class IdentityChange(models.Model):
    """One merge or split, never edited.

    `kept` and `other` are primary keys of `model` (`driver` or `team`), for the other row of a merge is gone. `before`
    holds its columns, aliases and keys, `moved` which rows referred to it: model label -> primary keys.
    """

    class Act(models.TextChoices):
        MERGE = "merge", _("merged")
        SPLIT = "split", _("split")

    act = models.CharField(_("act"), max_length=6, choices=Act)
    model = models.CharField(_("kind"), max_length=10, choices=[("driver", _("driver")), ("team", _("team"))])
    kept = models.PositiveBigIntegerField(_("kept"))
    other = models.PositiveBigIntegerField(_("other"))
    words = models.CharField(_("what was done"), max_length=400)
    before = models.JSONField(_("before"), default=dict)
    moved = models.JSONField(_("moved"), default=dict)
    reason = models.CharField(_("reason"), max_length=300, blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name=_("by"))
    at = models.DateTimeField(_("time"), db_default=Now())
    undone_at = models.DateTimeField(_("undone"), null=True, blank=True)
    undone_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+",
        verbose_name=_("undone by"),
    )  # fmt: skip

    class Meta:
        verbose_name = _("merge or split")
        verbose_name_plural = _("merges and splits")
        ordering = ["-at"]
        constraints = [
            models.CheckConstraint(condition=Q(act__in=["merge", "split"]), name="identitychange_act_known"),
            models.CheckConstraint(condition=Q(model__in=["driver", "team"]), name="identitychange_model_known"),
            models.CheckConstraint(condition=~Q(kept=models.F("other")), name="identitychange_two_of_them"),
            models.CheckConstraint(
                condition=Q(undone_at__isnull=True, undone_by__isnull=True)
                | Q(undone_at__isnull=False, undone_by__isnull=False),
                name="identitychange_undone_by_somebody",
            ),
        ]

    def __str__(self) -> str:
        return self.words
