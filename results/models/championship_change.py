"""Who changed what about a championship, when and why: written by the desk's verbs, never edited."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from results.models.championship import Championship


class ChampionshipChange(models.Model):
    """One act on a championship. `before` and `after` hold the values it replaced and set, so that none is lost."""

    class Act(models.TextChoices):
        CREATED = "created", _("championship set up")
        RULES = "rules", _("rules changed")
        FOLLOWED = "followed", _("follows the rule file again")
        PUBLISHED = "published", _("table published")
        WITHDRAWN = "withdrawn", _("table taken back")
        SCORING = "scoring", _("scoring changed")
        DECIDED = "decided", _("decision entered")
        UNDECIDED = "undecided", _("decision taken back")

    championship = models.ForeignKey(
        Championship, on_delete=models.CASCADE, related_name="changes", verbose_name=_("championship")
    )
    act = models.CharField(_("act"), max_length=10, choices=Act)
    words = models.CharField(_("what"), max_length=300, blank=True)
    before = models.JSONField(_("before"), default=dict)
    after = models.JSONField(_("after"), default=dict)
    reason = models.CharField(_("reason"), max_length=300, blank=True)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+",
        verbose_name=_("by"),
    )  # fmt: skip
    at = models.DateTimeField(_("time"), db_default=Now())

    class Meta:
        verbose_name = _("change of a championship")
        verbose_name_plural = _("changes of championships")
        ordering = ["-at", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(
                    act__in=[
                        "created", "rules", "followed", "published", "withdrawn", "scoring", "decided", "undecided",
                    ]
                ),
                name="championshipchange_act_known",
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"{self.get_act_display()}: {self.words}" if self.words else self.get_act_display()
