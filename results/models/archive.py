"""How far the newsroom vouches for its archive. Statistics say no more than this and the results themselves allow."""

from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext_lazy as _

from results.models.calendar import Season, Series


class ArchiveSpan(models.Model):
    """All races of a series from a season on are recorded here, as somebody vouches.

    To which race that is true follows from the results: a race without a released complete result ends it, whatever
    `until` (a day, inclusive, empty: no end) promises. `covers_history`: the first season is that of the series'
    first race ever. Poles and fastest laps are promised apart, for many sources lack them.
    """

    series = models.OneToOneField(
        Series, on_delete=models.CASCADE, related_name="archive_span", verbose_name=_("series")
    )
    first_season = models.ForeignKey(
        Season, on_delete=models.PROTECT, related_name="+", verbose_name=_("complete from season")
    )
    until = models.DateField(
        _("complete until"), null=True, blank=True,
        help_text=_("The last day vouched for. Empty: as far as the results go."),
    )  # fmt: skip
    covers_history = models.BooleanField(
        _("from the first race of the series"), default=False,
        help_text=_("Only then “first win” is said; otherwise “since the archive begins”."),
    )  # fmt: skip
    has_poles = models.BooleanField(
        _("poles complete"), default=False, help_text=_("Grid or qualifying of every race is recorded.")
    )
    has_fastest_laps = models.BooleanField(
        _("fastest laps complete"), default=False, help_text=_("The best laps of every race are recorded.")
    )
    source = models.CharField(_("source"), max_length=120, blank=True)
    note = models.CharField(_("note"), max_length=300, blank=True)

    class Meta:
        verbose_name = _("completeness of the archive")
        verbose_name_plural = _("completeness of the archive (plural)")
        ordering = ["series__folded"]

    def __str__(self) -> str:
        return f"{self.series}: {self.first_season.label}–{self.until or ''}"

    def clean(self) -> None:
        if self.first_season_id and self.series_id and self.first_season.series_id != self.series_id:
            raise ValidationError({"first_season": _("This season belongs to another series.")})
