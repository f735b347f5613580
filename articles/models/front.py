"""The front page by hand: which story the chief put where, and until when."""

from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from articles.models.article import Article


class FrontPinQuerySet(models.QuerySet["FrontPin"]):
    def running(self) -> Self:
        """Pins whose end has not come, the latest one of a slot first."""
        return self.filter(until__gt=Now()).order_by("slot", "-pinned_at", "-pk")


class FrontPin(models.Model):
    """A story that stands in a slot of the front page until its time is over. While it is not public it stands nowhere."""

    class Slot(models.TextChoices):
        LEAD = "lead", _("lead")
        SECOND_1 = "second-1", _("second row, left")
        SECOND_2 = "second-2", _("second row, middle")
        SECOND_3 = "second-3", _("second row, right")

    article = models.ForeignKey(Article, on_delete=models.CASCADE, related_name="pins", verbose_name=_("article"))
    slot = models.CharField(_("slot"), max_length=12, choices=Slot.choices)
    until = models.DateTimeField(_("until"))
    pinned_at = models.DateTimeField(_("pinned"), db_default=Now())
    pinned_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("by"),
    )

    objects = FrontPinQuerySet.as_manager()

    class Meta:
        verbose_name = _("pin on the front page")
        verbose_name_plural = _("front page")
        ordering = ["-until"]
        constraints = [
            models.CheckConstraint(
                condition=Q(slot__in=["lead", "second-1", "second-2", "second-3"]), name="frontpin_slot_known"
            ),
        ]
        indexes = [
            # The front page: what is pinned now.
            models.Index(fields=["-until"], name="frontpin_until"),
        ]

    def __str__(self) -> str:
        return f"{self.get_slot_display()}: {self.article}"
