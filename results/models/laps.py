"""Every lap of every car, and what follows from the laps. One current set a session; replaced only by import."""

from typing import Self

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Exists, F, OuterRef, Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from results.models.calendar import Session
from results.models.classification import Classification
from results.models.entrants import Driver, SessionEntry
from results.models.provenance import ImportRun, SourceDocument


class LapSetQuerySet(models.QuerySet["LapSet"]):
    def public(self) -> Self:
        """Laps that readers may see now, by the database clock.

        They wait for the result at the finish. Where the desk has no result at all, not even a draft, the laps' own
        release counts: many series hand out nothing else.
        """
        return self.due().filter(session__event__public_from__lte=Now())

    def due(self) -> Self:
        """Laps that nothing holds back but perhaps their event."""
        results = Classification.objects.filter(session=OuterRef("session"), checkpoint="")
        return self.filter(
            Exists(results.due().exclude(state=Classification.State.ANNULLED)) | ~Exists(results),
            public_from__lte=Now(),
            session__public_from__lte=Now(),
        )


class LapSet(models.Model):
    """Which document the laps of a session come from."""

    session = models.OneToOneField(Session, on_delete=models.PROTECT, related_name="lap_set", verbose_name=_("session"))
    document = models.ForeignKey(
        SourceDocument, on_delete=models.PROTECT, related_name="+", verbose_name=_("source document")
    )
    import_run = models.ForeignKey(ImportRun, on_delete=models.PROTECT, related_name="+", verbose_name=_("import"))
    count = models.PositiveIntegerField(_("laps"))
    loaded_at = models.DateTimeField(_("loaded"), db_default=Now())
    public_from = models.DateTimeField(
        _("public from"), db_default=Now(), null=True, blank=True, help_text=_("Empty: only the desk sees it.")
    )

    objects = LapSetQuerySet.as_manager()

    class Meta:
        verbose_name = _("laps of a session")
        verbose_name_plural = _("laps of sessions")

    def __str__(self) -> str:
        return f"{self.session}: {self.count}"


class Lap(models.Model):
    """One lap. No surrogate id and no reference to it from elsewhere: ten million of them fit in under 900 MB.

    `time_ms` is the lap time, `day_ms` the time of day at its end in ms since local midnight of the session's first
    day (so it passes 86,400,000 after midnight), `seat` the driver's seat in the crew. `in_pit` marks the in-lap;
    `pit_ms` is the time of the stop that came before this lap, as Al Kamel prints it.

    Eight columns are the most a row's null bitmap holds without growing by eight bytes.
    """

    pk = models.CompositePrimaryKey("session_entry_id", "number")
    # A foreign key asks for the car of every single lap, four fifths of the time of a million. Triggers ask once a
    # statement instead (migration 0007): laps need a car that is there, and a car with laps cannot go.
    session_entry = models.ForeignKey(
        SessionEntry, on_delete=models.PROTECT, related_name="laps", db_index=False, db_constraint=False,
        verbose_name=_("car"),
    )  # fmt: skip
    number = models.SmallIntegerField(_("lap"))
    seat = models.SmallIntegerField(_("seat"), null=True)
    time_ms = models.IntegerField(_("lap time"), null=True)
    day_ms = models.IntegerField(_("time of day"), null=True)
    in_pit = models.BooleanField(_("in the pits"), default=False)
    is_valid = models.BooleanField(_("valid"), default=True)
    pit_ms = models.IntegerField(_("pit stop"), null=True)

    class Meta:
        verbose_name = _("lap")
        verbose_name_plural = _("laps")
        constraints = [
            models.CheckConstraint(condition=Q(number__gte=0), name="lap_number_from_zero"),
            models.CheckConstraint(condition=Q(time_ms__isnull=True) | Q(time_ms__gt=0), name="lap_time_positive"),
        ]

    def __str__(self) -> str:
        return f"{self.session_entry_id}/{self.number}"


class LapSectors(models.Model):
    """The sector times of a lap, where the source has them: kept apart, for most archives have laps without."""

    pk = models.CompositePrimaryKey("session_entry_id", "number")
    session_entry = models.ForeignKey(  # guarded as that of Lap
        SessionEntry, on_delete=models.PROTECT, related_name="sectors", db_index=False, db_constraint=False,
        verbose_name=_("car"),
    )  # fmt: skip
    number = models.SmallIntegerField(_("lap"))
    sectors_ms = ArrayField(models.IntegerField(null=True, blank=True), verbose_name=_("sector times"))

    class Meta:
        verbose_name = _("sectors of a lap")
        verbose_name_plural = _("sectors of laps")
        constraints = [models.CheckConstraint(condition=Q(number__gte=0), name="lapsectors_number_from_zero")]

    def __str__(self) -> str:
        return f"{self.session_entry_id}/{self.number}"


class CarTrace(models.Model):
    """The laps of a car as arrays by lap, from lap 1: what charts draw. Computed at import, never edited.

    `positions` and `gaps_ms` (to the leader when he had done the same laps) are at the end of each lap and NULL where
    the clock of a lap is not known; `times_ms` are the lap times. `pit_laps` are the in-laps, `deleted_laps` those that
    do not count.
    """

    session_entry = models.OneToOneField(
        SessionEntry,
        on_delete=models.CASCADE,
        primary_key=True,
        related_name="trace",
        verbose_name=_("car in a session"),
    )
    positions = ArrayField(models.SmallIntegerField(null=True, blank=True), verbose_name=_("positions"))
    gaps_ms = ArrayField(models.IntegerField(null=True, blank=True), verbose_name=_("gaps"))
    times_ms = ArrayField(models.IntegerField(null=True, blank=True), verbose_name=_("lap times"))
    pit_laps = ArrayField(models.SmallIntegerField(), verbose_name=_("laps into the pits"))
    deleted_laps = ArrayField(models.SmallIntegerField(), default=list, verbose_name=_("laps that do not count"))

    class Meta:
        verbose_name = _("laps of a car as arrays")
        verbose_name_plural = _("laps of cars as arrays")

    def __str__(self) -> str:
        return f"{self.session_entry_id}"


class Stint(models.Model):
    """Laps that one driver drove without leaving the car or stopping; computed at import, never edited.

    `drive_ms` is the sum of its lap times, `pit_ms` the stop after it, both NULL where the source does not say.
    """

    session_entry = models.ForeignKey(
        SessionEntry, on_delete=models.CASCADE, related_name="stints", verbose_name=_("car in a session")
    )
    sequence = models.PositiveSmallIntegerField(_("order"))
    seat = models.PositiveSmallIntegerField(_("seat"), null=True)
    driver = models.ForeignKey(
        Driver, on_delete=models.PROTECT, null=True, related_name="stints", verbose_name=_("driver")
    )
    first_lap = models.SmallIntegerField(_("first lap"))
    last_lap = models.SmallIntegerField(_("last lap"))
    laps = models.SmallIntegerField(_("laps"))
    drive_ms = models.IntegerField(_("time at the wheel"), null=True)
    best_lap_ms = models.IntegerField(_("best lap"), null=True)
    best_lap_number = models.SmallIntegerField(_("best lap in lap"), null=True)
    pit_ms = models.IntegerField(_("pit stop"), null=True)
    ends_in_pit = models.BooleanField(_("ends in the pits"), default=False)

    class Meta:
        verbose_name = _("stint")
        verbose_name_plural = _("stints")
        ordering = ["session_entry", "sequence"]
        constraints = [
            models.UniqueConstraint(fields=["session_entry", "sequence"], name="stint_order_unique"),
            models.CheckConstraint(condition=Q(last_lap__gte=F("first_lap")), name="stint_laps_in_order"),
            models.CheckConstraint(
                condition=Q(best_lap_ms__isnull=True) | Q(best_lap_ms__gt=0), name="stint_best_lap_positive"
            ),
        ]

    def __str__(self) -> str:
        laps = _("laps %(first)s–%(last)s") % {"first": self.first_lap, "last": self.last_lap}
        return f"{self.session_entry}, {laps}"


class DriverShare(models.Model):
    """What one driver did in a car in a session: laps, time, best valid lap; computed at import, never edited."""

    session_entry = models.ForeignKey(
        SessionEntry, on_delete=models.CASCADE, related_name="shares", verbose_name=_("car in a session")
    )
    seat = models.PositiveSmallIntegerField(_("seat"), null=True)
    driver = models.ForeignKey(
        Driver, on_delete=models.PROTECT, null=True, related_name="shares", verbose_name=_("driver")
    )
    laps = models.SmallIntegerField(_("laps"))
    drive_ms = models.IntegerField(_("time at the wheel"), null=True)
    best_lap_ms = models.IntegerField(_("best lap"), null=True)
    best_lap_number = models.SmallIntegerField(_("best lap in lap"), null=True)

    class Meta:
        verbose_name = _("share of a driver")
        verbose_name_plural = _("shares of drivers")
        ordering = ["session_entry", "seat"]
        constraints = [
            models.UniqueConstraint(fields=["session_entry", "seat"], name="drivershare_unique", nulls_distinct=False),
            models.CheckConstraint(
                condition=Q(best_lap_ms__isnull=True) | Q(best_lap_ms__gt=0), name="drivershare_best_lap_positive"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.session_entry}, {self.driver or self.seat}"
