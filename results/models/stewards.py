"""What race control says and the stewards decide, as data. Applying a decision to a result is another matter."""

import datetime as dt
from typing import Self

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Min, Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from results.models.calendar import Session
from results.models.classification import Classification
from results.models.entrants import SessionEntry
from results.models.provenance import ImportRun, SourceDocument


class Decision(models.Model):
    """A decision of the stewards about a car in a session. `amount` counts what the kind says.

    Milliseconds for `time`, laps for `laps`, places for `places` and `grid`; empty for the others. `checkpoint` empty
    is the finish. A decision without a car concerns the session as a whole. `leaves_vacant`: nobody moves up into the
    place of a disqualified car. `overturns` names what a reinstatement takes back; without it, whatever struck the car.
    `next_best_ms` is the best lap that stands once a lap is deleted, where the laps themselves are not stored.
    """

    class Kind(models.TextChoices):
        TIME = "time", _("time penalty")
        LAPS = "laps", _("lap penalty")
        PLACES = "places", _("places in the result")
        GRID = "grid", _("places on the grid")
        LAP_DELETED = "lap_deleted", _("lap deleted")
        DISQUALIFIED = "disqualified", _("disqualified")
        EXCLUDED = "excluded", _("excluded from the meeting")
        WARNING = "warning", _("warning")
        REINSTATED = "reinstated", _("reinstated")

    class Appeal(models.TextChoices):
        NONE = "", _("none")
        PENDING = "pending", _("pending")
        LOST = "lost", _("lost")
        WON = "won", _("won")

    session = models.ForeignKey(Session, on_delete=models.PROTECT, related_name="decisions", verbose_name=_("session"))
    session_entry = models.ForeignKey(
        SessionEntry, on_delete=models.PROTECT, null=True, blank=True, related_name="decisions", verbose_name=_("car")
    )
    checkpoint = models.CharField(_("scored after"), max_length=12, blank=True)
    number = models.CharField(_("number"), max_length=20, blank=True, help_text=_("As printed, such as 27 or D12."))
    kind = models.CharField(_("kind"), max_length=14, choices=Kind)
    amount = models.PositiveIntegerField(
        _("amount"), null=True, blank=True, help_text=_("Milliseconds, laps or places, as the kind says.")
    )
    leaves_vacant = models.BooleanField(
        _("leaves the place vacant"), default=False, help_text=_("Nobody moves up into the place of the car.")
    )
    overturns = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="overturned_by",
        verbose_name=_("takes back"), help_text=_("The decision that no longer stands."),
    )  # fmt: skip
    next_best_ms = models.PositiveIntegerField(_("best lap that stands then"), null=True, blank=True)
    decided_at = models.DateTimeField(_("decided"), null=True, blank=True)
    text = models.TextField(_("text"), blank=True)
    document = models.ForeignKey(
        SourceDocument,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("source document"),
    )
    appeal = models.CharField(_("appeal"), max_length=8, choices=Appeal, blank=True, default="")
    entered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("by"),
    )
    entered_at = models.DateTimeField(_("entered"), db_default=Now())
    public_from = models.DateTimeField(
        _("public from"), db_default=Now(), null=True, blank=True, help_text=_("Empty: only the desk sees it.")
    )

    class Meta:
        verbose_name = _("decision of the stewards")
        verbose_name_plural = _("decisions of the stewards")
        ordering = ["session", "decided_at", "pk"]
        constraints = [
            models.UniqueConstraint(
                # One document may take time and laps from the same car.
                fields=["session", "checkpoint", "number", "session_entry", "kind"], condition=~Q(number=""),
                name="decision_number_unique", nulls_distinct=False,
            ),
            models.CheckConstraint(condition=Q(appeal__in=["", "pending", "lost", "won"]), name="decision_appeal_known"),
            models.CheckConstraint(
                condition=Q(kind__in=["time", "laps", "places", "grid"], amount__isnull=False, amount__gt=0)
                | Q(kind__in=["lap_deleted", "disqualified", "excluded", "warning", "reinstated"], amount__isnull=True),
                name="decision_amount_where_it_counts",
                violation_error_message=_("Time, laps and places need an amount, the other kinds have none."),
            ),
            models.CheckConstraint(
                condition=Q(leaves_vacant=False) | Q(kind__in=["disqualified", "excluded"]),
                name="decision_vacant_where_struck",
                violation_error_message=_("Only a disqualified or excluded car leaves its place vacant."),
            ),
            models.CheckConstraint(
                condition=Q(overturns__isnull=True) | Q(kind="reinstated") & ~Q(overturns=F("id")),
                name="decision_takes_back_another",
                violation_error_message=_("Only a reinstatement takes another decision back."),
            ),
            models.CheckConstraint(
                condition=Q(next_best_ms__isnull=True) | Q(kind="lap_deleted", next_best_ms__gt=0),
                name="decision_next_best_of_a_deleted_lap",
                violation_error_message=_("Only a deleted lap leaves another best lap."),
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        said = f"{self.get_kind_display()} {self.session_entry or ''}".strip()
        return f"{self.number}: {said}" if self.number else said


class AppliedDecision(models.Model):
    """A decision that stands in a version of a result.

    `is_computed`: racedesk worked it into the lines of the version's base; else the lines came with it, from a document
    or by hand. Frozen with the version.
    """

    classification = models.ForeignKey(
        Classification, on_delete=models.CASCADE, related_name="applied", verbose_name=_("classification")
    )
    decision = models.ForeignKey(
        Decision, on_delete=models.PROTECT, related_name="applied", verbose_name=_("decision of the stewards")
    )
    is_computed = models.BooleanField(_("computed"), default=True)

    class Meta:
        verbose_name = _("decision in a result")
        verbose_name_plural = _("decisions in results")
        ordering = ["classification", "pk"]
        constraints = [models.UniqueConstraint(fields=["classification", "decision"], name="applied_once")]

    def __str__(self) -> str:
        return f"{self.decision} (v{self.classification.version})"


class DecisionEffect(models.Model):
    """What a decision did to one line of a version: the columns that would read otherwise without it.

    Frozen with the version, so it names the line by car and line.
    """

    classification = models.ForeignKey(
        Classification, on_delete=models.CASCADE, related_name="effects", verbose_name=_("classification")
    )
    decision = models.ForeignKey(
        Decision, on_delete=models.PROTECT, related_name="effects", verbose_name=_("decision of the stewards")
    )
    session_entry = models.ForeignKey(
        SessionEntry, on_delete=models.PROTECT, related_name="+", db_index=False, verbose_name=_("car")
    )
    line = models.PositiveSmallIntegerField(_("line"), default=1)
    columns = ArrayField(models.CharField(max_length=20), verbose_name=_("columns"))

    class Meta:
        verbose_name = _("effect of a decision")
        verbose_name_plural = _("effects of decisions")
        ordering = ["classification", "decision", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["classification", "decision", "session_entry", "line"], name="effect_once_a_line"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.session_entry}: {', '.join(self.columns)}"


class RaceControlMessage(models.Model):
    """One message of race control, as its screen showed it."""

    session = models.ForeignKey(Session, on_delete=models.PROTECT, related_name="messages", verbose_name=_("session"))
    sequence = models.PositiveIntegerField(_("order"))
    at = models.DateTimeField(_("time"), null=True, blank=True)
    text = models.CharField(_("text"), max_length=500)
    import_run = models.ForeignKey(
        ImportRun, on_delete=models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("import")
    )

    class Meta:
        verbose_name = _("message of race control")
        verbose_name_plural = _("messages of race control")
        ordering = ["session", "sequence"]
        constraints = [
            models.UniqueConstraint(fields=["session", "sequence"], name="racecontrol_order_unique"),
            models.CheckConstraint(condition=~Q(text=""), name="racecontrol_says_something"),
        ]

    def __str__(self) -> str:
        return self.text


class LapDeletionQuerySet(models.QuerySet["LapDeletion"]):
    def standing(self) -> Self:
        """Those that nobody took back, as readers may know of them: a decision deletes no lap before it is public."""
        told = ~Q(source="decision") | Q(decision__isnull=True) | Q(decision__public_from__lte=Now())
        return self.filter(told, reversed_at__isnull=True)

    def next_to_stand(self) -> dt.datetime | None:
        """When, by the clock alone, one more of them will stand: the next decision with deletions is public then."""
        waiting = self.filter(source="decision", reversed_at__isnull=True, decision__public_from__gt=Now())
        return waiting.aggregate(at=Min("decision__public_from"))["at"]  # type: ignore[no-any-return]


class LapDeletion(models.Model):
    """A lap time that does not count. It points at the lap by value, for it can come first, without a lap number.

    `day_ms` is the time of day in ms since local midnight of the session's first day, `lap_ms` the deleted time, where
    the source says them. `reversed_at`: the deletion was taken back.
    """

    class Source(models.TextChoices):
        FLAG = "flag", _("mark in the timing file")
        MESSAGE = "message", _("message of race control")
        DECISION = "decision", _("decision of the stewards")
        DESK = "desk", _("by hand")

    session = models.ForeignKey(
        Session, on_delete=models.PROTECT, related_name="lap_deletions", verbose_name=_("session")
    )
    session_entry = models.ForeignKey(
        SessionEntry, on_delete=models.PROTECT, related_name="lap_deletions", verbose_name=_("car")
    )
    lap = models.SmallIntegerField(_("lap"), null=True, blank=True)
    lap_ms = models.IntegerField(_("lap time"), null=True, blank=True)
    day_ms = models.IntegerField(_("time of day"), null=True, blank=True)
    corner = models.CharField(_("corner"), max_length=40, blank=True)
    source = models.CharField(_("source"), max_length=10, choices=Source)
    text = models.CharField(_("text"), max_length=500, blank=True)
    decision = models.ForeignKey(
        Decision, on_delete=models.PROTECT, null=True, blank=True, related_name="lap_deletions",
        verbose_name=_("decision of the stewards"),
    )  # fmt: skip
    import_run = models.ForeignKey(
        ImportRun, on_delete=models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("import")
    )
    entered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+",
        verbose_name=_("by"),
    )  # fmt: skip
    reversed_at = models.DateTimeField(_("taken back"), null=True, blank=True)
    reversed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+",
        verbose_name=_("taken back by"),
    )  # fmt: skip

    objects = LapDeletionQuerySet.as_manager()

    class Meta:
        verbose_name = _("deleted lap")
        verbose_name_plural = _("deleted laps")
        ordering = ["session", "session_entry", "lap"]
        constraints = [
            models.UniqueConstraint(
                fields=["session_entry", "lap", "day_ms", "lap_ms", "text"],
                name="lapdeletion_unique",
                nulls_distinct=False,
            ),
            models.CheckConstraint(
                condition=Q(lap__isnull=False) | Q(lap_ms__isnull=False) | Q(day_ms__isnull=False) | ~Q(text=""),
                name="lapdeletion_says_which",
            ),
            models.CheckConstraint(
                condition=Q(source__in=["flag", "message", "decision", "desk"]), name="lapdeletion_source_known"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.session_entry}: {self.lap or '?'}"
