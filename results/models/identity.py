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


class DistinctPair(models.Model):
    """Two drivers or teams of similar names of whom a person said that they are two: never proposed again."""

    model = models.CharField(_("kind"), max_length=10, choices=[("driver", _("driver")), ("team", _("team"))])
    low = models.PositiveBigIntegerField(_("one"))
    high = models.PositiveBigIntegerField(_("the other"))
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name=_("by"))
    at = models.DateTimeField(_("time"), db_default=Now())

    class Meta:
        verbose_name = _("two of similar names")
        verbose_name_plural = _("pairs of similar names")
        constraints = [
            models.UniqueConstraint(fields=["model", "low", "high"], name="distinctpair_unique"),
            models.CheckConstraint(condition=Q(low__lt=models.F("high")), name="distinctpair_in_order"),
            models.CheckConstraint(condition=Q(model__in=["driver", "team"]), name="distinctpair_model_known"),
        ]

    def __str__(self) -> str:
        return f"{self.model} {self.low} ≠ {self.high}"


class FormerAddress(models.Model):
    """The address of a driver or team that was merged into another: it goes on leading there."""

    model = models.CharField(_("kind"), max_length=10, choices=[("driver", _("driver")), ("team", _("team"))])
    slug = models.SlugField(_("address"), max_length=80, db_index=False)  # found by the unique constraint
    object_id = models.PositiveBigIntegerField(_("leads to"))

    class Meta:
        verbose_name = _("former address")
        verbose_name_plural = _("former addresses")
        constraints = [
            models.UniqueConstraint(fields=["model", "slug"], name="formeraddress_unique"),
            models.CheckConstraint(condition=Q(model__in=["driver", "team"]), name="formeraddress_model_known"),
        ]

    def __str__(self) -> str:
        return self.slug
