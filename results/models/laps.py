"""Every lap of every car. One current set a session; replaced only by import."""

from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from results.models.calendar import Session
from results.models.entrants import SessionEntry
from results.models.provenance import ImportRun, SourceDocument


class LapSet(models.Model):
    """Which document the laps of a session come from."""

    session = models.OneToOneField(Session, on_delete=models.PROTECT, related_name="lap_set", verbose_name=_("session"))
    document = models.ForeignKey(
        SourceDocument, on_delete=models.PROTECT, related_name="+", verbose_name=_("source document")
    )
    import_run = models.ForeignKey(ImportRun, on_delete=models.PROTECT, related_name="+", verbose_name=_("import"))
    count = models.PositiveIntegerField(_("laps"))
    loaded_at = models.DateTimeField(_("loaded"), db_default=Now())

    class Meta:
        verbose_name = _("laps of a session")
        verbose_name_plural = _("laps of sessions")

    def __str__(self) -> str:
        return f"{self.session}: {self.count}"


class Lap(models.Model):
    """One lap. No surrogate id and no reference to it from elsewhere: ten million of them fit in under 900 MB.

    `time_ms` is the lap time, `day_ms` the time of day at its end in ms since local midnight of the session's first
    day (so it passes 86,400,000 after midnight), `seat` the driver's seat in the crew.
    """

    pk = models.CompositePrimaryKey("session_entry_id", "number")
    session_entry = models.ForeignKey(
        SessionEntry, on_delete=models.PROTECT, related_name="laps", db_index=False, verbose_name=_("car")
    )
    number = models.SmallIntegerField(_("lap"))
    seat = models.SmallIntegerField(_("seat"), null=True)
    time_ms = models.IntegerField(_("lap time"), null=True)
    day_ms = models.IntegerField(_("time of day"), null=True)
    in_pit = models.BooleanField(_("in the pits"), default=False)
    is_valid = models.BooleanField(_("valid"), default=True)

    class Meta:
        verbose_name = _("lap")
        verbose_name_plural = _("laps")
        constraints = [
            models.CheckConstraint(condition=Q(number__gte=0), name="lap_number_from_zero"),
            models.CheckConstraint(condition=Q(time_ms__isnull=True) | Q(time_ms__gt=0), name="lap_time_positive"),
        ]

    def __str__(self) -> str:
        return f"{self.session_entry_id}/{self.number}"
