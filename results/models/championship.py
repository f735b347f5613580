"""Championships of a season: their rules as data, what counts for them, and what was decided about their tables."""

from typing import Any, Self

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from results.models.calendar import Event, Season, Session
from results.models.entrants import CarModel, Driver, Manufacturer, RacingClass, Team
from results.models.provenance import SourceDocument
from results.points.packs import PackRefused, read_rules


class ChampionshipQuerySet(models.QuerySet["Championship"]):
    def public(self) -> Self:
        """Championships whose tables readers may see, as far as public results give any."""
        return self.filter(public_from__lte=Now())


class Championship(models.Model):
    """One table of a season. `rules` are the words of a rule file; `pack` names the file they come from.

    As long as nobody has touched it (`is_by_hand` is false) its rules follow the file.
    """

    class Subject(models.TextChoices):
        DRIVER = "driver", _("drivers")
        CREW = "crew", _("crews")
        TEAM = "team", _("teams")
        ENTRANT = "entrant", _("entrants")
        MANUFACTURER = "manufacturer", _("manufacturers")
        CONSTRUCTOR = "constructor", _("constructors")

    season = models.ForeignKey(Season, on_delete=models.PROTECT, related_name="championships", verbose_name=_("season"))
    key = models.SlugField(
        _("key"), max_length=60, help_text=_("Short name for addresses and commands, such as driver.")
    )
    name = models.CharField(_("name"), max_length=120)
    subject = models.CharField(_("for whom"), max_length=12, choices=Subject)
    racing_class = models.ForeignKey(
        RacingClass, on_delete=models.PROTECT, null=True, blank=True, related_name="championships",
        verbose_name=_("class"), help_text=_("Only cars of this class; empty for all."),
    )  # fmt: skip
    rules = models.JSONField(_("rules"), default=dict)
    pack = models.CharField(_("rule file"), max_length=60, blank=True)
    sequence = models.PositiveSmallIntegerField(_("order"), default=0)
    is_by_hand = models.BooleanField(
        _("rules by hand"),
        default=False,
        help_text=_("On: the rules stay as they are here when the rule file changes."),
    )
    public_from = models.DateTimeField(
        _("public from"), null=True, blank=True, help_text=_("Empty: only the desk sees the table.")
    )

    objects = ChampionshipQuerySet.as_manager()

    class Meta:
        verbose_name = _("championship")
        verbose_name_plural = _("championships")
        ordering = ["season", "sequence", "key"]
        permissions = [("publish_championship", "Can publish the table of a championship")]
        constraints = [
            models.UniqueConstraint(fields=["season", "key"], name="championship_key_unique"),
            models.CheckConstraint(
                condition=Q(subject__in=["driver", "crew", "team", "entrant", "manufacturer", "constructor"]),
                name="championship_subject_known",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.season} · {self.name}"

    def clean(self) -> None:
        try:
            read_rules(self.rules, key=self.key, subject=self.subject, place=self.name)
        except PackRefused as refusal:
            raise ValidationError({"rules": str(refusal)}) from refusal


class ScoringEvent(models.Model):
    """A session, or a checkpoint of one, that a championship counts. Those by the rules come and go with the calendar."""

    championship = models.ForeignKey(
        Championship, on_delete=models.CASCADE, related_name="scoring_events", verbose_name=_("championship")
    )
    session = models.ForeignKey(
        Session, on_delete=models.CASCADE, related_name="scoring_events", verbose_name=_("session")
    )
    checkpoint = models.CharField(
        _("scored after"), max_length=12, blank=True, help_text=_("Such as 6h; empty at the finish.")
    )
    counts = models.BooleanField(_("counts"), default=True)
    tags = ArrayField(
        models.CharField(max_length=20), default=list, blank=True, verbose_name=_("kind of race"),
        help_text=_("In the words of the rules, such as 6h or lemans, separated by commas."),
    )  # fmt: skip
    table = ArrayField(
        models.DecimalField(max_digits=9, decimal_places=3), null=True, blank=True, verbose_name=_("points table"),
        help_text=_("Points by place, separated by commas; empty: as the rules say."),
    )  # fmt: skip
    factor_numerator = models.PositiveSmallIntegerField(_("factor"), null=True, blank=True)
    factor_denominator = models.PositiveSmallIntegerField(_("divided by"), default=1)
    share = models.DecimalField(
        _("part of the distance"), max_digits=4, decimal_places=3, null=True, blank=True,
        help_text=_("How much of it was run, such as 0.62 after a red flag; empty: all."),
    )  # fmt: skip
    is_by_hand = models.BooleanField(_("by hand"), default=False)

    class Meta:
        verbose_name = _("scoring")
        verbose_name_plural = _("scorings")
        ordering = ["championship", "session", "checkpoint"]
        constraints = [
            models.UniqueConstraint(fields=["championship", "session", "checkpoint"], name="scoring_once"),
            models.CheckConstraint(
                condition=Q(factor_denominator__gte=1),
                name="scoring_factor_is_a_number",
                violation_error_message=_("A factor is divided by 1 or more."),
            ),
            models.CheckConstraint(
                condition=Q(share__isnull=True) | Q(share__gte=0, share__lte=1),
                name="scoring_share_is_a_part",
                violation_error_message=_("The part of the distance lies between 0 and 1."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.session} {self.checkpoint}".strip()


class ChampionshipDecision(models.Model):
    """What was decided about a table: points added or taken, results annulled, somebody excluded or without points."""

    class Kind(models.TextChoices):
        POINTS = "points", _("points added or taken")
        EXCLUDED = "excluded", _("excluded from the table")
        ANNULLED = "annulled", _("points annulled up to an event")
        WITHOUT = "without", _("scores nothing at an event")

    class Origin(models.TextChoices):
        BY_HAND = "by_hand", _("by hand")
        PRINTED = "printed", _("from the organiser's table")

    championship = models.ForeignKey(
        Championship, on_delete=models.PROTECT, related_name="decisions", verbose_name=_("championship")
    )
    kind = models.CharField(_("kind"), max_length=10, choices=Kind)
    driver = models.ForeignKey(
        Driver, on_delete=models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("driver")
    )
    team = models.ForeignKey(
        Team, on_delete=models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("team")
    )
    manufacturer = models.ForeignKey(
        Manufacturer, on_delete=models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("manufacturer")
    )
    car_model = models.ForeignKey(
        CarModel, on_delete=models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("car"),
        help_text=_("For constructors."),
    )  # fmt: skip
    entrant = models.CharField(_("entrant"), max_length=160, blank=True)
    points = models.DecimalField(
        _("points"),
        max_digits=9,
        decimal_places=3,
        null=True,
        blank=True,
        help_text=_("Negative where they are taken."),
    )
    printed = models.CharField(
        _("printed instead of the place"), max_length=8, blank=True, help_text=_("Such as EX or DSQ.")
    )
    event = models.ForeignKey(
        Event, on_delete=models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("event"),
        help_text=_(
            "Points count from the table after it; results are annulled up to it; an exclusion holds from it on, "
            "without one from the beginning."
        ),
    )  # fmt: skip
    since = models.ForeignKey(
        Event, on_delete=models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("annulled since"),
        help_text=_("The event after which the annulment shows; empty: at once."),
    )  # fmt: skip
    origin = models.CharField(_("origin"), max_length=8, choices=Origin, default=Origin.BY_HAND)
    reason = models.CharField(_("reason"), max_length=300)
    document = models.ForeignKey(
        SourceDocument,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("source document"),
    )
    entered_at = models.DateTimeField(_("entered"), db_default=Now(), editable=False)
    entered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+",
        verbose_name=_("by"), editable=False,
    )  # fmt: skip

    class Meta:
        verbose_name = _("decision on a championship")
        verbose_name_plural = _("decisions on championships")
        ordering = ["championship", "entered_at", "pk"]
        constraints = [
            models.CheckConstraint(condition=~Q(reason=""), name="championshipdecision_has_a_reason"),
            models.CheckConstraint(
                condition=(Q(kind="points") & Q(points__isnull=False)) | (~Q(kind="points") & Q(points__isnull=True)),
                name="championshipdecision_points_where_meant",
                violation_error_message=_("Points are given for that kind of decision and for no other."),
            ),
            models.CheckConstraint(
                condition=(Q(kind="excluded") & ~Q(printed="")) | (~Q(kind="excluded") & Q(printed="")),
                name="championshipdecision_printed_where_excluded",
                violation_error_message=_(
                    "What is printed instead of the place is given for an exclusion and only there."
                ),
            ),
            models.CheckConstraint(
                condition=Q(kind__in=["points", "excluded"]) | Q(event__isnull=False),
                name="championshipdecision_event_where_needed",
                violation_error_message=_("An event is needed for that kind of decision."),
            ),
            models.CheckConstraint(
                condition=(
                    Q(
                        driver__isnull=False,
                        team__isnull=True,
                        manufacturer__isnull=True,
                        car_model__isnull=True,
                        entrant="",
                    )
                    | Q(
                        driver__isnull=True,
                        team__isnull=False,
                        manufacturer__isnull=True,
                        car_model__isnull=True,
                        entrant="",
                    )
                    | Q(
                        driver__isnull=True,
                        team__isnull=True,
                        manufacturer__isnull=False,
                        car_model__isnull=True,
                        entrant="",
                    )
                    | Q(
                        driver__isnull=True,
                        team__isnull=True,
                        manufacturer__isnull=True,
                        car_model__isnull=False,
                        entrant="",
                    )
                    | (
                        Q(driver__isnull=True, team__isnull=True, manufacturer__isnull=True, car_model__isnull=True)
                        & ~Q(entrant="")
                    )
                ),
                name="championshipdecision_names_one",
                violation_error_message=_("Exactly one competitor is needed."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()}: {self.competitor}"

    @property
    def competitor(self) -> Any:
        """Whom it concerns: a driver, team, manufacturer, car or the name of an entrant."""
        return self.driver or self.team or self.manufacturer or self.car_model or self.entrant

    def clean(self) -> None:
        if not self.championship_id:
            return
        subject = self.championship.subject
        wanted = {"crew": "driver", "constructor": "car_model"}.get(subject, subject)
        if not getattr(self, wanted):
            raise ValidationError(
                {
                    wanted: _("This championship is for %(subject)s.")
                    % {"subject": self.championship.get_subject_display()}
                }
            )
        for event in (self.event, self.since):
            if event is not None and event.season_id != self.championship.season_id:
                raise ValidationError({"event": _("The event belongs to another season.")})
