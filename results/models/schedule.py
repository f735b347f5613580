"""What became of dates: every change of the day, time or state of a session or an event, kept for ever, in a chain.

The rows are written by a trigger (migration `0014`), so the admin, an import, undoing one and SQL by hand are caught
alike. Nobody changes or removes a row: only whether the change was the correction of a typing error may be said later,
and a chain goes when its session or event goes. What readers are shown of it follows by the same trigger:
`former_times` and `moved_from` of the session or event itself.
"""

from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from results.models.calendar import CalendarStatus, Event, Session
from results.models.provenance import ImportRun, SourceDocument


class ScheduleChangeQuerySet(models.QuerySet["ScheduleChange"]):
    def of(self, thing: Session | Event) -> Self:
        """The chain of one session or event, oldest first."""
        own = Q(session=thing) if isinstance(thing, Session) else Q(event=thing)
        return self.filter(own).order_by("sequence")


class ScheduleChange(models.Model):
    """One change of a session's or an event's schedule: what stood there, and what stood there then.

    `before_date` and `after_date` are the day at the venue, of an event its first; `…_last_date` an event's last.
    The instants are a session's, the circuit (by name, as it was called) an event's.
    """

    session = models.ForeignKey(
        Session, on_delete=models.CASCADE, null=True, blank=True, related_name="schedule_changes",
        verbose_name=_("session"),
    )  # fmt: skip
    event = models.ForeignKey(
        Event, on_delete=models.CASCADE, null=True, blank=True, related_name="schedule_changes",
        verbose_name=_("event"),
    )  # fmt: skip
    sequence = models.PositiveIntegerField(_("order"))
    before_starts_at = models.DateTimeField(null=True, blank=True)
    before_ends_at = models.DateTimeField(null=True, blank=True)
    before_date = models.DateField(null=True, blank=True)
    before_last_date = models.DateField(null=True, blank=True)
    before_status = models.CharField(max_length=12, choices=CalendarStatus)
    before_zone = models.CharField(max_length=64)
    before_circuit = models.CharField(max_length=120, blank=True)
    after_starts_at = models.DateTimeField(null=True, blank=True)
    after_ends_at = models.DateTimeField(null=True, blank=True)
    after_date = models.DateField(null=True, blank=True)
    after_last_date = models.DateField(null=True, blank=True)
    after_status = models.CharField(max_length=12, choices=CalendarStatus)
    after_zone = models.CharField(max_length=64)
    after_circuit = models.CharField(max_length=120, blank=True)
    was_public = models.BooleanField(
        _("readers had seen it"), help_text=_("Whether readers could see the former date at that moment.")
    )
    reason = models.CharField(_("reason"), max_length=300, blank=True)
    note = models.CharField(_("note for readers"), max_length=200, blank=True)
    document = models.ForeignKey(
        SourceDocument, on_delete=models.PROTECT, null=True, blank=True, related_name="+",
        verbose_name=_("source document"),
    )  # fmt: skip
    import_run = models.ForeignKey(
        ImportRun, on_delete=models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("import")
    )
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+",
        verbose_name=_("by"),
    )  # fmt: skip
    changed_at = models.DateTimeField(_("changed"), db_default=Now())
    # The database transaction: what a later change in the same one overwrites was never seen by anybody.
    transaction = models.BigIntegerField()
    is_correction = models.BooleanField(
        _("correction of a typing error"), default=False, db_default=False,
        help_text=_("The former date was a slip: readers are not told of it."),
    )  # fmt: skip
    corrected_at = models.DateTimeField(null=True, blank=True)
    corrected_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )

    objects = ScheduleChangeQuerySet.as_manager()

    class Meta:
        verbose_name = _("change of date")
        verbose_name_plural = _("changes of dates")
        default_permissions = ()  # seen and marked with the session or event it belongs to
        ordering = ["pk"]
        constraints = [
            # The chains are read by these, too: on the page of the session or event at the desk.
            models.UniqueConstraint(fields=["session", "sequence"], name="schedulechange_session_order_unique"),
            models.UniqueConstraint(fields=["event", "sequence"], name="schedulechange_event_order_unique"),
            models.CheckConstraint(
                condition=Q(session__isnull=True, event__isnull=False) | Q(session__isnull=False, event__isnull=True),
                name="schedulechange_of_one_thing",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.session or self.event}, {self._meta.verbose_name} {self.sequence}"

    @property
    def is_move(self) -> bool:
        """Whether another time or day stands there now; a mere change of state, place or end is none."""
        return (self.before_starts_at, self.before_date) != (self.after_starts_at, self.after_date)
