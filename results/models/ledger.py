"""What championships come to: every award and every table, computed as a whole and never edited."""

from typing import Self

from django.contrib.postgres.expressions import ArraySubquery
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, OuterRef, Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from results.models.calendar import Event, Session
from results.models.championship import Championship, ChampionshipDecision
from results.models.classification import Classification, ClassificationQuerySet
from results.models.entrants import Entry


def counted(versions: ClassificationQuerySet, championship: str = "championship") -> ClassificationQuerySet:
    """Those of the versions that the championship of the outer query counts; `championship` is its column there."""
    return versions.filter(
        session__scoring_events__championship=OuterRef(championship),
        session__scoring_events__counts=True,
        checkpoint=F("session__scoring_events__checkpoint"),
    )


class ComputationQuerySet(models.QuerySet["Computation"]):
    def public(self) -> Self:
        """Of each released championship what stands on exactly those results that readers see at this instant."""
        return self._on(Classification.objects.public()).filter(championship__public_from__lte=Now())

    def current(self) -> Self:
        """Of each championship what stands on the results that the desk works on, embargoed ones included."""
        return self._on(Classification.objects.current())

    def _on(self, versions: ClassificationQuerySet) -> Self:
        keys = counted(versions).order_by("pk").values("pk")
        return self.filter(versions=ArraySubquery(keys))


class Computation(models.Model):
    """The arithmetic of a championship from certain versions of results; for others there is another one.

    That is what keeps an embargo: a table is shown only while the versions it stands on are those that may be seen.
    """

    championship = models.ForeignKey(
        Championship, on_delete=models.CASCADE, related_name="computations", verbose_name=_("championship")
    )
    versions = ArrayField(models.BigIntegerField(), verbose_name=_("versions"))  # keys of classifications, ascending
    computed_at = models.DateTimeField(_("computed"), db_default=Now())

    objects = ComputationQuerySet.as_manager()

    class Meta:
        verbose_name = _("computation of a championship")
        verbose_name_plural = _("computations of championships")
        ordering = ["championship", "pk"]
        constraints = [models.UniqueConstraint(fields=["championship", "versions"], name="computation_once")]

    def __str__(self) -> str:
        return f"{self.championship}, {len(self.versions)}"


class Competitor(models.Model):
    """Somebody in the tables of one computation. `things` are keys of drivers, a team, a manufacturer or a car.

    Not foreign keys: the rows live as long as the computation, which is made anew when two drivers become one.
    """

    computation = models.ForeignKey(Computation, on_delete=models.CASCADE, related_name="competitors")
    things = ArrayField(models.BigIntegerField())
    entrant = models.CharField(max_length=160, blank=True)

    class Meta:
        verbose_name = _("competitor")
        verbose_name_plural = _("competitors")
        constraints = [
            models.UniqueConstraint(fields=["computation", "things", "entrant"], name="competitor_once"),
            models.CheckConstraint(
                condition=(Q(things__len__gt=0) & Q(entrant="")) | (Q(things__len=0) & ~Q(entrant="")),
                name="competitor_is_somebody",
            ),
        ]

    def __str__(self) -> str:
        return self.entrant or ", ".join(map(str, self.things))


class PointsAward(models.Model):
    """A row of the ledger: points of a competitor for one cause in one scoring.

    It counts in the table after every round from its own on, but for the rounds of `dropped_after`, where better results
    displaced it, and from `void_since` on, where it was annulled.
    """

    class Cause(models.TextChoices):
        PLACE = "place", _("finish")
        FASTEST_LAP = "fastest_lap", _("fastest lap")
        POLE = "pole", _("pole position")
        LAPS_LED = "laps_led", _("laps led")
        MOST_LED = "most_led", _("most laps led")
        DECISION = "decision", _("decision")

    class Origin(models.TextChoices):
        COMPUTED = "computed", _("computed")
        PRINTED = "printed", _("from the organiser's table")
        BY_HAND = "by_hand", _("by hand")

    competitor = models.ForeignKey(Competitor, on_delete=models.CASCADE, related_name="awards")
    sequence = models.PositiveSmallIntegerField()
    round = models.PositiveSmallIntegerField(_("round"))
    session = models.ForeignKey(
        Session, on_delete=models.CASCADE, null=True, blank=True, related_name="+", verbose_name=_("session")
    )
    checkpoint = models.CharField(_("scored after"), max_length=12, blank=True)
    entry = models.ForeignKey(
        Entry, on_delete=models.CASCADE, null=True, blank=True, related_name="+", verbose_name=_("car")
    )
    cause = models.CharField(_("cause"), max_length=12, choices=Cause)
    place = models.PositiveSmallIntegerField(_("place"), null=True, blank=True)
    base = models.DecimalField(_("by the table"), max_digits=9, decimal_places=3)
    factor = models.CharField(_("factor"), max_length=20, default="1")
    points = models.DecimalField(_("points"), max_digits=9, decimal_places=3)
    dropped_after = ArrayField(models.PositiveSmallIntegerField(), default=list, verbose_name=_("dropped after rounds"))
    void_since = models.PositiveSmallIntegerField(_("annulled since round"), null=True, blank=True)
    origin = models.CharField(_("origin"), max_length=8, choices=Origin, default=Origin.COMPUTED)
    decision = models.ForeignKey(
        ChampionshipDecision,
        on_delete=models.CASCADE,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("decision"),
    )
    reason = models.CharField(_("reason"), max_length=300, blank=True)

    class Meta:
        verbose_name = _("award of points")
        verbose_name_plural = _("ledger of points")
        ordering = ["competitor", "sequence"]
        constraints = [
            models.UniqueConstraint(fields=["competitor", "sequence"], name="award_order_unique"),
            models.CheckConstraint(
                condition=Q(cause__in=["place", "fastest_lap", "pole", "laps_led", "most_led", "decision"]),
                name="award_cause_known",
            ),
            models.CheckConstraint(
                condition=Q(cause="decision", session__isnull=True) | (~Q(cause="decision") & Q(session__isnull=False)),
                name="award_stands_on_a_session",
            ),
            models.CheckConstraint(
                # A comparison with NULL is NULL, which a check lets pass.
                condition=Q(cause="place", place__isnull=False, place__gte=1)
                | (~Q(cause="place") & Q(place__isnull=True)),
                name="award_place_of_a_finish",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.competitor}: {self.points}"


class Standing(models.Model):
    """A line of a table: after a round, one for each competitor. `gap` is to the first; `printed` stands for no place."""

    competitor = models.ForeignKey(Competitor, on_delete=models.CASCADE, related_name="standings")
    round = models.PositiveSmallIntegerField(_("round"))
    event = models.ForeignKey(Event, on_delete=models.CASCADE, related_name="+", verbose_name=_("event"))
    display_order = models.PositiveSmallIntegerField(_("order"))
    position = models.PositiveSmallIntegerField(_("position"), null=True, blank=True)
    is_tied = models.BooleanField(_("shares the position"), default=False)
    printed = models.CharField(_("printed instead of the place"), max_length=8, blank=True)
    points = models.DecimalField(_("points"), max_digits=9, decimal_places=3)
    gross = models.DecimalField(_("points with dropped ones"), max_digits=9, decimal_places=3)
    dropped = models.DecimalField(_("dropped"), max_digits=9, decimal_places=3)
    wins = models.PositiveSmallIntegerField(_("wins"), default=0)
    gap = models.DecimalField(_("gap"), max_digits=9, decimal_places=3)
    is_provisional = models.BooleanField(_("provisional"), default=False)

    class Meta:
        verbose_name = _("line of a table")
        verbose_name_plural = _("tables of championships")
        ordering = ["round", "display_order"]
        constraints = [
            models.UniqueConstraint(fields=["competitor", "round"], name="standing_once_a_round"),
            models.CheckConstraint(condition=Q(points=F("gross") - F("dropped")), name="standing_adds_up"),
            models.CheckConstraint(
                condition=Q(position__isnull=False, position__gte=1, printed="")
                | (Q(position__isnull=True) & ~Q(printed="")),
                name="standing_has_a_place_or_a_word",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.position or self.printed} {self.competitor} {self.points}"
