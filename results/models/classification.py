"""The result of a session as a chain of versions. A released version never changes."""

import datetime as dt
from typing import Self

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Exists, F, OuterRef, Q
from django.db.models.expressions import Combinable
from django.db.models.functions import Greatest, Now
from django.utils.translation import gettext_lazy as _

from results.importers.status import CLASSIFIED, STATUSES
from results.models.calendar import Session
from results.models.entrants import SessionEntry
from results.models.provenance import ImportRun, SourceDocument

# From when on readers see a version that nothing else holds back: not before its session and its event.
OPENED = Greatest("public_from", "session__public_from", "session__event__public_from")


class ClassificationQuerySet(models.QuerySet["Classification"]):
    def public(self) -> Self:
        """The version of each session and checkpoint that readers may see now, by the database clock."""
        return self.due().filter(session__event__public_from__lte=Now())

    def due(self) -> Self:
        """The versions that nothing holds back but perhaps their event."""
        return self.filter(
            Q(public_until__isnull=True) | Q(public_until__gt=Now()),
            public_from__lte=Now(),
            session__public_from__lte=Now(),
        )

    def was_public(self) -> Self:
        """The versions readers may look up: those they see now, and those that stood before them in the same chain.

        Adds `opened`, when readers first saw the version: not before its session and its event were public. Left out
        is what nobody ever saw (replaced while it waited), what an import brought that was undone, and all of a chain
        up to its last withdrawal; a chain without a version that is public now has no past.
        """
        return self.annotate(opened=OPENED).filter(
            Q(public_until__isnull=True) | Q(public_until__gt=F("opened")),
            Q(public_until__isnull=True) | Q(public_until__gt=Now()) | Q(import_run__undone_at__isnull=True),
            Exists(self._same_result().public()),
            ~Exists(self._same_result().withdrawn().filter(version__gte=OuterRef("version"))),
            public_from__lte=Now(),
            opened__lte=Now(),
        )

    def public_at(self, instant: dt.datetime | Combinable) -> Self:
        """The version of each session and checkpoint that readers saw at a past instant, if they may look it up."""
        return self.was_public().filter(Q(public_until__isnull=True) | Q(public_until__gt=instant), opened__lte=instant)

    def withdrawn(self) -> Self:
        """The versions whose window has closed without a successor that took their place."""
        successor = self._same_result().filter(
            version__gt=OuterRef("version"), public_from__lte=OuterRef("public_until")
        )
        return self.filter(~Exists(successor), public_until__lte=Now())

    def _same_result(self) -> "ClassificationQuerySet":
        """All versions of the session and checkpoint of a row of the query around."""
        versions: ClassificationQuerySet = ClassificationQuerySet(self.model)
        return versions.filter(session=OuterRef("session"), checkpoint=OuterRef("checkpoint"))

    def current(self) -> Self:
        """The released version of each session and checkpoint that the desk works on; it may be embargoed."""
        return self.filter(is_current=True)

    def drafts(self) -> Self:
        """Versions of the desk that are neither released nor discarded."""
        return self.filter(released_at__isnull=True, discarded_at__isnull=True)


class Classification(models.Model):
    """One version of a session's result, at a checkpoint ("6h") or at the finish (empty).

    `public_from` to `public_until` is the window in which readers see it; a successor closes the window with its own
    start. A version without release is a draft of the desk; one that is discarded stays in the chain and is not gone on
    with. `created_by` is whoever typed, computed or imported its lines, `released_by` whoever let readers see them.
    """

    class State(models.TextChoices):
        PROVISIONAL = "provisional", _("provisional")
        REVISED = "revised", _("revised")
        FINAL = "final", _("final")
        AMENDED = "amended", _("amended")
        ANNULLED = "annulled", _("annulled")

    session = models.ForeignKey(
        Session, on_delete=models.PROTECT, related_name="classifications", verbose_name=_("session")
    )
    checkpoint = models.CharField(
        _("scored after"), max_length=12, blank=True, help_text=_("Such as 6h; empty at the finish.")
    )
    version = models.PositiveSmallIntegerField(_("version"))
    state = models.CharField(_("state"), max_length=12, choices=State.choices)
    is_current = models.BooleanField(_("current"), default=False)
    is_complete = models.BooleanField(
        _("complete"), default=True, help_text=_("Off for an excerpt: absence proves nothing.")
    )
    part_names = ArrayField(
        models.CharField(max_length=20), default=list, blank=True, verbose_name=_("parts"),
        help_text=_("Such as Q1, Q2, Q3: what the times of the rows by part belong to, in order."),
    )  # fmt: skip
    base = models.ForeignKey(
        "self",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("computed from"),
        help_text=_("The version to whose lines the decisions were applied; empty: lines as imported or entered."),
    )
    reason = models.CharField(_("reason"), max_length=300, blank=True)
    document = models.ForeignKey(
        SourceDocument,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("source document"),
    )
    import_run = models.ForeignKey(
        ImportRun,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="classifications",
        verbose_name=_("import"),
    )
    created_at = models.DateTimeField(_("created"), db_default=Now())
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("by"),
    )
    released_at = models.DateTimeField(_("released"), null=True, blank=True)
    # Empty also for versions released before this column was there: `created_by` was overwritten then.
    released_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("released by"),
    )
    public_from = models.DateTimeField(_("public from"), null=True, blank=True)
    public_until = models.DateTimeField(_("public until"), null=True, blank=True)
    discarded_at = models.DateTimeField(_("discarded"), null=True, blank=True)
    discarded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("discarded by"),
    )

    objects = ClassificationQuerySet.as_manager()

    class Meta:
        verbose_name = _("classification")
        verbose_name_plural = _("classifications")
        ordering = ["session", "checkpoint", "-version"]
        constraints = [
            models.UniqueConstraint(fields=["session", "checkpoint", "version"], name="classification_version_unique"),
            models.UniqueConstraint(
                fields=["session", "checkpoint"], condition=Q(is_current=True), name="classification_one_current"
            ),
            models.CheckConstraint(
                condition=Q(state__in=["provisional", "revised", "final", "amended", "annulled"]),
                name="classification_state_known",
            ),
            models.CheckConstraint(
                condition=Q(
                    released_at__isnull=True, public_from__isnull=True, public_until__isnull=True, is_current=False
                )
                | Q(released_at__isnull=False, public_from__isnull=False),
                name="classification_window_only_when_released",
            ),
            models.CheckConstraint(
                condition=Q(released_by__isnull=True) | Q(released_at__isnull=False),
                name="classification_released_by_only_when_released",
            ),
            models.CheckConstraint(
                condition=Q(public_until__isnull=True) | Q(public_until__gte=F("public_from")),
                name="classification_window_in_order",
            ),
            models.CheckConstraint(condition=Q(version__gte=1), name="classification_version_from_one"),
            models.CheckConstraint(
                condition=Q(discarded_at__isnull=True, discarded_by__isnull=True)
                | Q(discarded_at__isnull=False, released_at__isnull=True),
                name="classification_only_drafts_are_discarded",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.session} · {self.get_state_display()} (v{self.version})"


class ClassificationRow(models.Model):
    """One line of a classification. `line` keeps two lines of one car apart; places may be shared or vacant."""

    classification = models.ForeignKey(
        Classification, on_delete=models.CASCADE, related_name="rows", verbose_name=_("classification")
    )
    session_entry = models.ForeignKey(
        SessionEntry, on_delete=models.PROTECT, related_name="rows", verbose_name=_("car")
    )
    line = models.PositiveSmallIntegerField(_("line"), default=1)
    display_order = models.PositiveSmallIntegerField(_("order"))
    position = models.PositiveSmallIntegerField(_("position"), null=True, blank=True)
    class_position = models.PositiveSmallIntegerField(_("position in class"), null=True, blank=True)
    status = models.CharField(
        _("status"), max_length=12, choices=[(code, status.german) for code, status in STATUSES.items()]
    )
    printed_status = models.CharField(_("status as printed"), max_length=40, blank=True)
    laps = models.PositiveSmallIntegerField(_("laps"), null=True, blank=True)
    total_ms = models.PositiveIntegerField(_("total time"), null=True, blank=True)
    gap_ms = models.PositiveIntegerField(_("gap in time"), null=True, blank=True)
    gap_laps = models.PositiveSmallIntegerField(_("gap in laps"), null=True, blank=True)
    best_lap_ms = models.PositiveIntegerField(_("best lap"), null=True, blank=True)
    best_lap_number = models.PositiveSmallIntegerField(_("best lap in lap"), null=True, blank=True)
    grid = models.PositiveSmallIntegerField(_("grid"), null=True, blank=True)
    penalty_ms = models.PositiveIntegerField(_("time penalty"), default=0)
    penalty_laps = models.PositiveSmallIntegerField(_("lap penalty"), default=0)
    part_times_ms = ArrayField(
        models.PositiveIntegerField(null=True, blank=True), null=True, blank=True, verbose_name=_("times by part")
    )

    class Meta:
        verbose_name = _("classification row")
        verbose_name_plural = _("classification rows")
        ordering = ["classification", "display_order"]
        constraints = [
            models.UniqueConstraint(fields=["classification", "session_entry", "line"], name="row_unique"),
            models.UniqueConstraint(fields=["classification", "display_order"], name="row_order_unique"),
            models.CheckConstraint(condition=Q(status__in=list(STATUSES)), name="row_status_known"),
            models.CheckConstraint(
                condition=Q(status=CLASSIFIED) | Q(position__isnull=True, class_position__isnull=True),
                name="row_position_only_when_classified",
            ),
            models.CheckConstraint(
                condition=(Q(position__isnull=True) | Q(position__gte=1))
                & (Q(class_position__isnull=True) | Q(class_position__gte=1)),
                name="row_positions_from_one",
            ),
            models.CheckConstraint(
                condition=Q(gap_ms__isnull=True) | Q(gap_laps__isnull=True), name="row_gap_in_time_or_laps"
            ),
            models.CheckConstraint(
                condition=(Q(best_lap_ms__isnull=True) | Q(best_lap_ms__gt=0))
                & (Q(total_ms__isnull=True) | Q(total_ms__gt=0)),
                name="row_times_positive",
            ),
            models.CheckConstraint(condition=Q(line__gte=1), name="row_line_from_one"),
        ]
        indexes = [
            # Results of a car across versions: driver and team pages, findings.
            models.Index(fields=["session_entry"], name="row_session_entry"),
        ]

    def __str__(self) -> str:
        return f"{self.position or self.status} {self.session_entry}"
