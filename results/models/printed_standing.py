"""Standings as the organiser prints them, beside those we compute."""

from typing import Any, Self

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from results.models.calendar import Event, Season
from results.models.championship import Championship
from results.models.provenance import SourceDocument
from results.names import fold


class PrintedStandingQuerySet(models.QuerySet["PrintedStanding"]):
    def public(self) -> Self:
        """Standings that readers may see, by the database clock."""
        return self.filter(public_from__lte=Now())

    def differing(self) -> Self:
        """Those that differ from our table in a way that nobody has explained yet."""
        return self.filter(differences__gt=0, championship__isnull=False).exclude(settled_mark=F("mark"))


class PrintedStanding(models.Model):
    """A championship table as a source prints it after an event. Points are decimal, for halves exist."""

    season = models.ForeignKey(
        Season, on_delete=models.PROTECT, related_name="printed_standings", verbose_name=_("season")
    )
    championship = models.ForeignKey(
        Championship,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="printed_standings",
        verbose_name=_("our championship"),
        help_text=_("The table that is compared with this one."),
    )
    name = models.CharField(_("championship"), max_length=120)
    class_name = models.CharField(_("class"), max_length=60, blank=True)
    after = models.CharField(_("after"), max_length=160, blank=True)
    after_event = models.ForeignKey(
        Event,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="printed_standings",
        verbose_name=_("event"),
    )
    is_final = models.BooleanField(_("final"), default=False)
    document = models.ForeignKey(
        SourceDocument,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("source document"),
    )
    public_from = models.DateTimeField(_("public from"), db_default=Now(), null=True, blank=True)
    # How many lines differ from ours, kept by `results.standings.comparison`; NULL where there is nothing to compare.
    differences = models.PositiveSmallIntegerField(_("differences"), null=True, editable=False)
    # The defaults stand in the database too: code from before these columns still writes rows during a rollout.
    mark = models.CharField(max_length=64, blank=True, db_default="", editable=False)  # of those differences
    settled_mark = models.CharField(max_length=64, blank=True, db_default="", editable=False)
    settled_reason = models.CharField(_("why it differs"), max_length=300, blank=True, db_default="", editable=False)
    settled_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+",
        verbose_name=_("by"), editable=False,
    )  # fmt: skip
    settled_at = models.DateTimeField(_("time"), null=True, blank=True, editable=False)

    objects = PrintedStandingQuerySet.as_manager()

    class Meta:
        verbose_name = _("printed standing")
        verbose_name_plural = _("printed standings")
        ordering = ["season", "name", "pk"]
        # The board asks at every look: nearly no table differs.
        indexes = [
            models.Index(fields=["season"], condition=Q(differences__gt=0), name="printedstanding_differs"),
        ]
        constraints = [
            models.UniqueConstraint(fields=["season", "name", "class_name", "after"], name="printedstanding_unique"),
        ]

    def __str__(self) -> str:
        return f"{self.season} · {self.name}"

    def clean(self) -> None:
        if self.championship is not None and self.championship.season_id != self.season_id:
            raise ValidationError({"championship": _("This championship belongs to another season.")})
        if self.after_event is not None and self.after_event.season_id != self.season_id:
            raise ValidationError({"after_event": _("The event belongs to another season.")})


class PrintedStandingRow(models.Model):
    """One line of a printed standing."""

    standing = models.ForeignKey(
        PrintedStanding, on_delete=models.CASCADE, related_name="rows", verbose_name=_("printed standing")
    )
    display_order = models.PositiveSmallIntegerField(_("order"))
    position = models.PositiveSmallIntegerField(_("position"), null=True, blank=True)
    entrant = models.CharField(_("entrant"), max_length=200)
    folded = models.CharField(max_length=200, editable=False)
    points = models.DecimalField(_("points"), max_digits=9, decimal_places=3)

    class Meta:
        verbose_name = _("row of a printed standing")
        verbose_name_plural = _("rows of printed standings")
        ordering = ["standing", "display_order"]
        constraints = [
            models.UniqueConstraint(fields=["standing", "display_order"], name="printedrow_order_unique"),
            models.CheckConstraint(condition=~Q(entrant=""), name="printedrow_has_an_entrant"),
        ]

    def __str__(self) -> str:
        return f"{self.position} {self.entrant} {self.points}"

    def save(self, *args: Any, **kwargs: Any) -> None:
        self.folded = fold(self.entrant)
        super().save(*args, **kwargs)
