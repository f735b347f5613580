"""Where and when: series, seasons, circuits, events, sessions and who broadcasts them."""

import datetime as dt
import zoneinfo
from functools import cache
from typing import Any, Self

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Q, Value
from django.db.models.functions import Concat, Now
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from results.models.dates import PartialDateField, partial_date_check
from results.models.naming import FoldedName
from results.names import RESERVED_EVENTS, RESERVED_SEASONS, RESERVED_SESSIONS, RESERVED_SLUGS

MINUTE = dt.timedelta(minutes=1)


@cache
def _known_zones() -> frozenset[str]:
    """Walking the zone files takes ten milliseconds, and an archive names a zone a thousand times."""
    return frozenset(zoneinfo.available_timezones())


def validate_time_zone(value: str) -> None:
    """Refuse what is no IANA time zone."""
    if value not in _known_zones():
        raise ValidationError(
            _("“%(zone)s” is not a time zone. Expected a name such as Europe/Berlin."), params={"zone": value}
        )


def validate_series_slug(value: str) -> None:
    """Refuse a series address that would hide a page of the site."""
    refuse_reserved(value, RESERVED_SLUGS)


def refuse_reserved(value: str, reserved: frozenset[str]) -> None:
    """Raises ValidationError for an address that is a word of our own routes."""
    if value in reserved:
        raise ValidationError(_("The address “%(slug)s” belongs to the site itself."), params={"slug": value})


class SeriesQuerySet(models.QuerySet["Series"]):
    def public(self) -> Self:
        """Series of which at least one event may be seen."""
        return self.filter(models.Exists(Event.objects.public().filter(season__series=models.OuterRef("pk"))))


class Series(FoldedName):
    """A racing series such as the WEC; its name may change over time, its identity does not."""

    name = models.CharField(_("name"), max_length=120)
    short_name = models.CharField(_("short name"), max_length=40, blank=True)
    slug = models.SlugField(_("address"), max_length=80, validators=[validate_series_slug])
    folded = models.CharField(max_length=120, editable=False)
    accent = models.PositiveSmallIntegerField(
        _("accent colour"), default=0, help_text=_("Number of the colour from the design system, 0 to 7.")
    )
    description = models.TextField(_("description"), blank=True)

    objects = SeriesQuerySet.as_manager()

    class Meta:
        verbose_name = _("series")
        verbose_name_plural = _("series (plural)")
        ordering = ["folded"]
        constraints = [
            models.UniqueConstraint(fields=["slug"], name="series_slug_unique"),
            models.UniqueConstraint(fields=["folded"], name="series_name_unique"),
            models.CheckConstraint(condition=~Q(slug__in=sorted(RESERVED_SLUGS)), name="series_slug_not_reserved"),
            models.CheckConstraint(condition=Q(accent__lte=7), name="series_accent_in_palette"),
        ]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("results:series-detail", args=[self.slug])

    @property
    def label(self) -> str:
        return self.short_name or self.name


class SeriesAlias(FoldedName):
    """Another spelling under which sources name a series."""

    series = models.ForeignKey(Series, on_delete=models.CASCADE, related_name="aliases", verbose_name=_("series"))
    name = models.CharField(_("name"), max_length=120)
    folded = models.CharField(max_length=120, editable=False)

    class Meta:
        verbose_name = _("alias")
        verbose_name_plural = _("aliases")
        constraints = [models.UniqueConstraint(fields=["folded"], name="seriesalias_name_unique")]

    def __str__(self) -> str:
        return self.name


class SeasonQuerySet(models.QuerySet["Season"]):
    def public(self) -> Self:
        """Seasons of which at least one event may be seen."""
        return self.filter(models.Exists(Event.objects.public().filter(season=models.OuterRef("pk"))))


class Season(models.Model):
    """A season of a series; the label is text, for `2018-19` is one season."""

    series = models.ForeignKey(Series, on_delete=models.PROTECT, related_name="seasons", verbose_name=_("series"))
    label = models.CharField(_("season"), max_length=20)
    slug = models.SlugField(_("address"), max_length=30)
    series_name = models.CharField(
        _("name of the series then"),
        max_length=120,
        blank=True,
        help_text=_("Where it was called something else in that season, such as Blancpain Endurance Series."),
    )

    objects = SeasonQuerySet.as_manager()

    class Meta:
        verbose_name = _("season")
        verbose_name_plural = _("seasons")
        ordering = ["series__folded", "-label"]
        constraints = [
            models.UniqueConstraint(fields=["series", "label"], name="season_label_unique"),
            models.UniqueConstraint(fields=["series", "slug"], name="season_slug_unique"),
        ]

    def __str__(self) -> str:
        return f"{self.series_name or self.series.label} {self.label}"

    def get_absolute_url(self) -> str:
        return reverse("results:season-detail", args=[self.series.slug, self.slug])

    def clean(self) -> None:
        refuse_reserved(self.slug, RESERVED_SEASONS)

    @property
    def name_of_series(self) -> str:
        """What the series was called in that season."""
        return self.series_name or self.series.name


class CircuitQuerySet(models.QuerySet["Circuit"]):
    def public(self) -> Self:
        """Circuits at which at least one event may be seen."""
        return self.filter(models.Exists(Event.objects.public().filter(circuit=models.OuterRef("pk"))))


class Circuit(FoldedName):
    """A place where cars race."""

    name = models.CharField(_("name"), max_length=120)
    slug = models.SlugField(_("address"), max_length=80)
    folded = models.CharField(max_length=120, editable=False)
    town = models.CharField(_("town"), max_length=80, blank=True)
    country = models.CharField(_("country"), max_length=2, blank=True, help_text=_("Two letters, ISO 3166."))
    time_zone = models.CharField(_("time zone"), max_length=64, blank=True)

    objects = CircuitQuerySet.as_manager()

    class Meta:
        verbose_name = _("circuit")
        verbose_name_plural = _("circuits")
        ordering = ["folded"]
        constraints = [
            models.UniqueConstraint(fields=["slug"], name="circuit_slug_unique"),
            models.UniqueConstraint(fields=["folded"], name="circuit_name_unique"),
        ]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("results:circuit-detail", args=[self.slug])

    def clean(self) -> None:
        if self.time_zone:
            validate_time_zone(self.time_zone)


class CircuitAlias(FoldedName):
    """Another spelling of a circuit."""

    circuit = models.ForeignKey(Circuit, on_delete=models.CASCADE, related_name="aliases", verbose_name=_("circuit"))
    name = models.CharField(_("name"), max_length=120)
    folded = models.CharField(max_length=120, editable=False)

    class Meta:
        verbose_name = _("alias")
        verbose_name_plural = _("aliases")
        constraints = [models.UniqueConstraint(fields=["folded"], name="circuitalias_name_unique")]

    def __str__(self) -> str:
        return self.name


class Layout(models.Model):
    """A variant of a circuit with its length, in use from and until a date of any precision (both optional)."""

    circuit = models.ForeignKey(Circuit, on_delete=models.PROTECT, related_name="layouts", verbose_name=_("circuit"))
    name = models.CharField(_("name"), max_length=80)
    length_m = models.PositiveIntegerField(_("length in metres"), null=True, blank=True)
    turns = models.PositiveSmallIntegerField(_("turns"), null=True, blank=True)
    valid_from = PartialDateField(_("from"))
    valid_until = PartialDateField(_("until"))
    note = models.CharField(_("note"), max_length=200, blank=True, help_text=_("What was built anew."))

    class Meta:
        verbose_name = _("layout")
        verbose_name_plural = _("layouts")
        ordering = ["circuit__folded", "valid_from", "name"]
        constraints = [
            models.UniqueConstraint(fields=["circuit", "name", "valid_from"], name="layout_unique"),
            models.CheckConstraint(
                # As texts: "1932" reaches until the end of that year, so it is not before "1932-06".
                condition=Q(valid_from="")
                | Q(valid_until="")
                | Q(valid_from__lte=Concat("valid_until", Value("-99-99"), output_field=models.CharField())),
                name="layout_validity_in_order",
            ),
            models.CheckConstraint(
                condition=Q(length_m__isnull=True) | Q(length_m__gt=0), name="layout_length_positive"
            ),
            partial_date_check("valid_from", name="layout_valid_from_is_a_date"),
            partial_date_check("valid_until", name="layout_valid_until_is_a_date"),
        ]

    def __str__(self) -> str:
        return f"{self.circuit}, {self.name}"


class CalendarStatus(models.TextChoices):
    """What became of a date. That a session runs or has ended follows from the clock and is not stored."""

    SCHEDULED = "scheduled", _("scheduled")
    POSTPONED = "postponed", _("postponed")
    CANCELLED = "cancelled", _("cancelled")


class EventQuerySet(models.QuerySet["Event"]):
    def public(self) -> Self:
        """Events that readers may see, by the database clock."""
        return self.filter(public_from__lte=Now())


class Event(models.Model):
    """A race weekend. Its dates are local to the venue; either both are known or neither."""

    season = models.ForeignKey(Season, on_delete=models.PROTECT, related_name="events", verbose_name=_("season"))
    name = models.CharField(_("name"), max_length=160)
    slug = models.SlugField(_("address"), max_length=80)
    circuit = models.ForeignKey(
        Circuit, on_delete=models.PROTECT, null=True, blank=True, related_name="events", verbose_name=_("circuit")
    )
    layout = models.ForeignKey(
        Layout, on_delete=models.PROTECT, null=True, blank=True, related_name="events", verbose_name=_("layout")
    )
    starts_on = models.DateField(_("first day"), null=True, blank=True)
    ends_on = models.DateField(_("last day"), null=True, blank=True)
    around = PartialDateField(
        _("roughly when"), help_text=_("A month (10.2026) or a year, as long as the days are not known.")
    )
    # What readers were told before, oldest first; both follow from the chain of changes by a trigger, see
    # `results.models.schedule`: whatever is assigned to a stored row is ignored.
    moved_from = models.DateField(_("moved from"), null=True, blank=True, editable=False)
    former_times = models.JSONField(default=list, db_default=[], editable=False)
    time_zone = models.CharField(_("time zone"), max_length=64, validators=[validate_time_zone])
    status = models.CharField(_("status"), max_length=12, choices=CalendarStatus, default=CalendarStatus.SCHEDULED)
    note = models.CharField(
        _("public note"), max_length=300, blank=True, help_text=_("Shown as a banner on every page of the event.")
    )
    public_from = models.DateTimeField(
        _("public from"), db_default=Now(), null=True, blank=True, help_text=_("Empty: only the desk sees it.")
    )
    # Raised by a trigger whenever a date that calendars show changes; whatever is assigned here is ignored.
    calendar_sequence = models.PositiveIntegerField(editable=False, db_default=0)
    calendar_changed_at = models.DateTimeField(editable=False, db_default=Now())

    objects = EventQuerySet.as_manager()

    class Meta:
        verbose_name = _("event")
        verbose_name_plural = _("events")
        ordering = ["-starts_on", "name"]
        constraints = [
            models.UniqueConstraint(fields=["season", "slug"], name="event_slug_unique"),
            models.CheckConstraint(
                # A comparison with NULL is NULL, which a check lets pass: so both are asked for.
                condition=Q(starts_on__isnull=True, ends_on__isnull=True)
                | Q(starts_on__isnull=False, ends_on__isnull=False, ends_on__gte=F("starts_on")),
                name="event_days_in_order",
                violation_error_message=_(
                    "First and last day are needed both or not at all, the last not before the first."
                ),
            ),
            models.CheckConstraint(condition=Q(status__in=CalendarStatus.values), name="event_status_known"),
            models.CheckConstraint(condition=~Q(time_zone=""), name="event_time_zone_given"),
            partial_date_check("around", name="event_around_is_a_date"),
            models.CheckConstraint(
                condition=Q(around="") | Q(starts_on__isnull=True),
                name="event_around_only_without_days",
                violation_error_message=_("Roughly when is only for events whose days are not known."),
            ),
            models.CheckConstraint(
                condition=Q(moved_from__isnull=True) | Q(starts_on__isnull=True) | ~Q(moved_from=F("starts_on")),
                name="event_moved_to_another_day",
                violation_error_message=_("An event is not moved from the day on which it takes place."),
            ),
        ]
        indexes = [
            # "Nächstes Event": the first event whose last day is not over yet.
            models.Index(fields=["ends_on", "starts_on"], name="event_days"),
        ]

    def __str__(self) -> str:
        return f"{self.season} · {self.name}"

    def get_absolute_url(self) -> str:
        return reverse("results:event-detail", args=[self.season.series.slug, self.season.slug, self.slug])

    def clean(self) -> None:
        refuse_reserved(self.slug, RESERVED_EVENTS)

    def is_hidden_at(self, now: dt.datetime) -> bool:
        """Whether readers may not know of the event then."""
        return self.public_from is None or self.public_from > now

    @property
    def zone(self) -> zoneinfo.ZoneInfo:
        return zoneinfo.ZoneInfo(self.time_zone)


class SessionKind(models.TextChoices):
    """Kinds of a session, as the exchange format names them."""

    PRACTICE = "practice", _("practice")
    WARMUP = "warmup", _("warm-up")
    QUALIFYING = "qualifying", _("qualifying")
    GRID = "grid", _("starting grid")
    SPRINT = "sprint", _("sprint race")
    RACE = "race", _("race")
    STAGE = "stage", _("stage")
    RALLY = "rally", _("rally")


# How long a session probably lasts when nobody says; the live mark and "next event" need an end.
USUAL_LENGTH = {
    SessionKind.PRACTICE: 60 * MINUTE,
    SessionKind.WARMUP: 20 * MINUTE,
    SessionKind.QUALIFYING: 60 * MINUTE,
    SessionKind.GRID: 15 * MINUTE,
    SessionKind.SPRINT: 60 * MINUTE,
    SessionKind.RACE: 120 * MINUTE,
    SessionKind.STAGE: 60 * MINUTE,
    SessionKind.RALLY: 10 * 60 * MINUTE,
}
# Sessions ranked by best lap; all others by distance and time.
RANKED_BY_BEST_LAP = frozenset({SessionKind.PRACTICE, SessionKind.WARMUP, SessionKind.QUALIFYING})


class SessionQuerySet(models.QuerySet["Session"]):
    def public(self) -> Self:
        """Sessions that readers may see: their own release and that of their event, by the database clock."""
        return self.filter(public_from__lte=Now(), event__public_from__lte=Now())

    def running(self) -> Self:
        """Sessions that run now by their schedule."""
        on = CalendarStatus.SCHEDULED
        return self.filter(starts_at__lte=Now(), ends_at__gt=Now(), status=on, event__status=on)


class Session(models.Model):
    """One timed part of an event. It has an instant, or only a local day, or neither yet."""

    event = models.ForeignKey(Event, on_delete=models.PROTECT, related_name="sessions", verbose_name=_("event"))
    key = models.CharField(
        _("key"), max_length=20, help_text=_("Short name that files and commands use, such as Q or R1.")
    )
    name = models.CharField(_("name"), max_length=120)
    slug = models.SlugField(_("address"), max_length=80)
    kind = models.CharField(_("kind"), max_length=12, choices=SessionKind)
    sequence = models.PositiveSmallIntegerField(_("order"), default=0)
    parent = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="parts", verbose_name=_("part of")
    )
    local_date = models.DateField(_("day at the venue"), null=True, blank=True)
    starts_at = models.DateTimeField(_("start"), null=True, blank=True)
    ends_at = models.DateTimeField(_("end"), null=True, blank=True)
    end_estimated = models.BooleanField(_("end is estimated"), default=False)
    # What readers were told before, oldest first; both follow from the chain of changes by a trigger, see
    # `results.models.schedule`: whatever is assigned to a stored row is ignored.
    moved_from = models.DateTimeField(_("moved from"), null=True, blank=True, editable=False)
    former_times = models.JSONField(default=list, db_default=[], editable=False)
    status = models.CharField(_("status"), max_length=12, choices=CalendarStatus, default=CalendarStatus.SCHEDULED)
    starters = models.PositiveIntegerField(_("starters"), null=True, blank=True)
    finishers = models.PositiveIntegerField(_("finishers"), null=True, blank=True)
    public_from = models.DateTimeField(
        _("public from"), db_default=Now(), null=True, blank=True, help_text=_("Empty: only the desk sees it.")
    )
    # Raised by a trigger whenever a date that calendars show changes; whatever is assigned here is ignored.
    calendar_sequence = models.PositiveIntegerField(editable=False, db_default=0)
    calendar_changed_at = models.DateTimeField(editable=False, db_default=Now())

    objects = SessionQuerySet.as_manager()

    class Meta:
        verbose_name = _("session")
        verbose_name_plural = _("sessions")
        ordering = ["event", "sequence", "starts_at", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["event", "key"], name="session_key_unique"),
            models.UniqueConstraint(fields=["event", "slug"], name="session_slug_unique"),
            models.CheckConstraint(condition=Q(kind__in=SessionKind.values), name="session_kind_known"),
            models.CheckConstraint(condition=Q(status__in=CalendarStatus.values), name="session_status_known"),
            models.CheckConstraint(
                condition=Q(starts_at__isnull=True, ends_at__isnull=True)
                | Q(starts_at__isnull=False, ends_at__isnull=False, ends_at__gt=F("starts_at")),
                name="session_end_after_start",
            ),
            models.CheckConstraint(
                condition=Q(starts_at__isnull=True) | Q(local_date__isnull=False), name="session_instant_has_a_day"
            ),
            models.CheckConstraint(condition=~Q(parent=F("id")), name="session_not_its_own_part"),
            models.CheckConstraint(
                condition=Q(moved_from__isnull=True) | Q(starts_at__isnull=True) | ~Q(moved_from=F("starts_at")),
                name="session_moved_to_another_time",
                violation_error_message=_("A session is not moved from the time at which it takes place."),
            ),
        ]
        indexes = [
            # "Nächstes Event" and the live mark: what starts or ends next.
            models.Index(fields=["ends_at", "starts_at"], name="session_times"),
            # Home and series: the latest results, walked from the newest session until there are enough.
            models.Index(
                F("local_date").desc(nulls_last=True),
                F("starts_at").desc(nulls_last=True),
                F("id").desc(),
                name="session_newest",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.event} · {self.name}"

    def save(self, *args: Any, **kwargs: Any) -> None:
        self.complete_times()
        super().save(*args, **kwargs)

    def get_absolute_url(self) -> str:
        season = self.event.season
        return reverse("results:session-detail", args=[season.series.slug, season.slug, self.event.slug, self.slug])

    def clean(self) -> None:
        refuse_reserved(self.slug, RESERVED_SESSIONS)

    def complete_times(self) -> None:
        """Derive the local day from the start, and an estimated end where none is given."""
        if self.starts_at is None:
            self.ends_at, self.end_estimated = None, False
            return
        self.local_date = self.starts_at.astimezone(self.event.zone).date()
        if self.ends_at is None or self.end_estimated:
            self.ends_at = self.starts_at + USUAL_LENGTH[SessionKind(self.kind)]
            self.end_estimated = True

    def is_hidden_at(self, now: dt.datetime) -> bool:
        """Whether readers may not know of the session then, whatever they know of its event."""
        return self.public_from is None or self.public_from > now

    @property
    def is_timed(self) -> bool:
        """Whether the order is by best lap (practice, qualifying) and not by distance and time."""
        return SessionKind(self.kind) in RANKED_BY_BEST_LAP


class Broadcast(models.Model):
    """Who shows an event, or one session of it, and when."""

    class Kind(models.TextChoices):
        TV = "tv", _("television")
        STREAM = "stream", _("stream")
        RADIO = "radio", _("radio")

    event = models.ForeignKey(Event, on_delete=models.CASCADE, related_name="broadcasts", verbose_name=_("event"))
    session = models.ForeignKey(
        Session, on_delete=models.CASCADE, null=True, blank=True, related_name="broadcasts", verbose_name=_("session")
    )
    channel = models.CharField(_("channel"), max_length=80)
    kind = models.CharField(_("kind"), max_length=8, choices=Kind.choices, default=Kind.TV)
    starts_at = models.DateTimeField(_("start"), null=True, blank=True)
    url = models.URLField(_("address"), blank=True)
    note = models.CharField(_("note"), max_length=160, blank=True)

    class Meta:
        verbose_name = _("broadcast")
        verbose_name_plural = _("broadcasts")
        ordering = ["starts_at", "channel"]
        constraints = [
            models.UniqueConstraint(
                fields=["event", "session", "channel", "starts_at"], name="broadcast_unique", nulls_distinct=False
            ),
            models.CheckConstraint(condition=Q(kind__in=["tv", "stream", "radio"]), name="broadcast_kind_known"),
        ]

    def __str__(self) -> str:
        return self.channel
