"""Who races: drivers, teams, cars, classes, and the entries that bring them together at an event."""

from typing import Any, Self

from django.apps import apps
from django.db import models
from django.db.models import Exists, F, OuterRef, Q
from django.db.models.functions import Now
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from results.models.calendar import Event, Season, Series, Session
from results.models.dates import PartialDateField, partial_date_check
from results.models.naming import FoldedName
from results.names import fold, sort_key


class DriverQuerySet(models.QuerySet["Driver"]):
    def public(self) -> Self:
        """Drivers who sit in a car that readers may see.

        The crew of one session counts only with the released result or the released laps of that session.
        """
        seats = SessionCrewMember.objects.public().filter(driver=OuterRef("pk"))
        return self.filter(Exists(Entry.objects.public().filter(crew__driver=OuterRef("pk"))) | Exists(seats))


class Driver(models.Model):
    """A person who drives. Names do not identify: namesakes are kept apart by birth date, nation or town."""

    first_name = models.CharField(_("first name"), max_length=80, blank=True)
    last_name = models.CharField(_("last name"), max_length=80)
    slug = models.SlugField(_("address"), max_length=80)
    folded = models.CharField(max_length=170, editable=False)
    sort_key = models.CharField(max_length=170, editable=False)
    nationality = models.CharField(_("nationality"), max_length=40, blank=True, help_text=_("As the source prints it."))
    birth_date = PartialDateField(_("date of birth"))
    town = models.CharField(_("town"), max_length=80, blank=True)
    is_pseudonym = models.BooleanField(_("pseudonym"), default=False)

    objects = DriverQuerySet.as_manager()

    class Meta:
        verbose_name = _("driver")
        verbose_name_plural = _("drivers")
        ordering = ["sort_key"]
        constraints = [
            models.UniqueConstraint(fields=["slug"], name="driver_slug_unique"),
            models.CheckConstraint(condition=~Q(last_name=""), name="driver_has_a_last_name"),
            partial_date_check("birth_date", name="driver_birth_date_is_a_date"),
        ]
        indexes = [
            # Matching of imported names.
            models.Index(fields=["folded"], name="driver_folded"),
        ]

    def __str__(self) -> str:
        return self.full_name

    def save(self, *args: Any, **kwargs: Any) -> None:
        self.folded = fold(self.full_name)
        self.sort_key = sort_key(f"{self.last_name} {self.first_name}")
        super().save(*args, **kwargs)

    def get_absolute_url(self) -> str:
        return reverse("results:driver-detail", args=[self.slug])

    @property
    def full_name(self) -> str:
        return f"{self.first_name} {self.last_name}".strip()


class DriverAlias(FoldedName):
    """Another spelling of a driver's name; two drivers may share one."""

    driver = models.ForeignKey(Driver, on_delete=models.CASCADE, related_name="aliases", verbose_name=_("driver"))
    name = models.CharField(_("name"), max_length=170)
    folded = models.CharField(max_length=170, editable=False, db_index=True)  # matching of imported names

    class Meta:
        verbose_name = _("alias")
        verbose_name_plural = _("aliases")
        constraints = [models.UniqueConstraint(fields=["driver", "folded"], name="driveralias_unique")]

    def __str__(self) -> str:
        return self.name


class DriverKey(models.Model):
    """What a source calls a driver in its own files (`max-verstappen`): surer than any name."""

    driver = models.ForeignKey(Driver, on_delete=models.CASCADE, related_name="keys", verbose_name=_("driver"))
    source = models.CharField(_("source"), max_length=20)
    key = models.CharField(_("key"), max_length=80)

    class Meta:
        verbose_name = _("key of a source")
        verbose_name_plural = _("keys of sources")
        constraints = [
            models.UniqueConstraint(fields=["source", "key"], name="driverkey_unique"),
            models.CheckConstraint(condition=~Q(source="") & ~Q(key=""), name="driverkey_given"),
        ]

    def __str__(self) -> str:
        return f"{self.source}: {self.key}"


class DriverGrade(models.Model):
    """How a driver was rated in a season; points of many cups depend on the partner's rating."""

    class Grade(models.TextChoices):
        PLATINUM = "platinum", _("Platinum")
        GOLD = "gold", _("Gold")
        SILVER = "silver", _("Silver")
        BRONZE = "bronze", _("Bronze")

    driver = models.ForeignKey(Driver, on_delete=models.CASCADE, related_name="grades", verbose_name=_("driver"))
    season = models.ForeignKey(Season, on_delete=models.PROTECT, related_name="grades", verbose_name=_("season"))
    grade = models.CharField(_("rating"), max_length=10, choices=Grade)

    class Meta:
        verbose_name = _("rating of a driver")
        verbose_name_plural = _("ratings of drivers")
        ordering = ["-season__label"]
        constraints = [
            models.UniqueConstraint(fields=["driver", "season"], name="drivergrade_one_a_season"),
            models.CheckConstraint(
                condition=Q(grade__in=["platinum", "gold", "silver", "bronze"]), name="drivergrade_known"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.season}: {self.get_grade_display()}"


class TeamQuerySet(models.QuerySet["Team"]):
    def public(self) -> Self:
        """Teams with a car that readers may see."""
        return self.filter(Exists(Entry.objects.public().filter(team=OuterRef("pk"))))


class Team(FoldedName):
    """A racing team."""

    name = models.CharField(_("name"), max_length=120)
    slug = models.SlugField(_("address"), max_length=80)
    folded = models.CharField(max_length=120, editable=False)
    country = models.CharField(_("country"), max_length=40, blank=True)

    objects = TeamQuerySet.as_manager()

    class Meta:
        verbose_name = _("team")
        verbose_name_plural = _("teams")
        ordering = ["folded"]
        constraints = [
            models.UniqueConstraint(fields=["slug"], name="team_slug_unique"),
            models.UniqueConstraint(fields=["folded"], name="team_name_unique"),
        ]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("results:team-detail", args=[self.slug])


class TeamAlias(FoldedName):
    """Another spelling of a team's name."""

    team = models.ForeignKey(Team, on_delete=models.CASCADE, related_name="aliases", verbose_name=_("team"))
    name = models.CharField(_("name"), max_length=120)
    folded = models.CharField(max_length=120, editable=False)

    class Meta:
        verbose_name = _("alias")
        verbose_name_plural = _("aliases")
        constraints = [models.UniqueConstraint(fields=["folded"], name="teamalias_name_unique")]

    def __str__(self) -> str:
        return self.name


class TeamSuccession(models.Model):
    """One team carried on as another (HTP as Winward): two teams, one line of ancestors."""

    predecessor = models.ForeignKey(
        Team, on_delete=models.PROTECT, related_name="successions", verbose_name=_("former team")
    )
    successor = models.ForeignKey(
        Team, on_delete=models.PROTECT, related_name="predecessions", verbose_name=_("carried on as")
    )
    since = PartialDateField(_("since"))
    note = models.CharField(_("note"), max_length=200, blank=True)

    class Meta:
        verbose_name = _("succession of a team")
        verbose_name_plural = _("successions of teams")
        ordering = ["since", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["predecessor", "successor"], name="teamsuccession_unique"),
            models.CheckConstraint(condition=~Q(predecessor=F("successor")), name="teamsuccession_not_itself"),
            partial_date_check("since", name="teamsuccession_since_is_a_date"),
        ]

    def __str__(self) -> str:
        return f"{self.predecessor} → {self.successor}"


class ManufacturerQuerySet(models.QuerySet["Manufacturer"]):
    def public(self) -> Self:
        """Makers of a car that readers may see."""
        return self.filter(Exists(Entry.objects.public().filter(car_model__manufacturer=OuterRef("pk"))))


class Manufacturer(FoldedName):
    """A maker of cars."""

    name = models.CharField(_("name"), max_length=80)
    slug = models.SlugField(_("address"), max_length=80)
    folded = models.CharField(max_length=80, editable=False)

    objects = ManufacturerQuerySet.as_manager()

    class Meta:
        verbose_name = _("manufacturer")
        verbose_name_plural = _("manufacturers")
        ordering = ["folded"]
        constraints = [
            models.UniqueConstraint(fields=["slug"], name="manufacturer_slug_unique"),
            models.UniqueConstraint(fields=["folded"], name="manufacturer_name_unique"),
        ]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("results:manufacturer-detail", args=[self.slug])


class CarModel(FoldedName):
    """A model of car, such as the Porsche 911 GT3 R."""

    name = models.CharField(_("name"), max_length=120)
    slug = models.SlugField(_("address"), max_length=80)
    folded = models.CharField(max_length=120, editable=False)
    manufacturer = models.ForeignKey(
        Manufacturer,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="models",
        verbose_name=_("manufacturer"),
    )

    class Meta:
        verbose_name = _("car model")
        verbose_name_plural = _("car models")
        ordering = ["folded"]
        constraints = [
            models.UniqueConstraint(fields=["slug"], name="carmodel_slug_unique"),
            models.UniqueConstraint(fields=["folded"], name="carmodel_name_unique"),
        ]

    def __str__(self) -> str:
        return self.name


class CarKey(models.Model):
    """What a source calls a car in its own files: chassis and engine (`cooper+climax`)."""

    car_model = models.ForeignKey(CarModel, on_delete=models.CASCADE, related_name="keys", verbose_name=_("car"))
    source = models.CharField(_("source"), max_length=20)
    key = models.CharField(_("key"), max_length=80)

    class Meta:
        verbose_name = _("key of a source for a car")
        verbose_name_plural = _("keys of sources for cars")
        constraints = [
            models.UniqueConstraint(fields=["source", "key"], name="carkey_unique"),
            models.CheckConstraint(condition=~Q(source="") & ~Q(key=""), name="carkey_given"),
        ]

    def __str__(self) -> str:
        return f"{self.source}: {self.key}"


class RacingClass(FoldedName):
    """A class of a series (LMP2, SP9). A car races in one class."""

    series = models.ForeignKey(Series, on_delete=models.PROTECT, related_name="classes", verbose_name=_("series"))
    name = models.CharField(_("name"), max_length=60)
    slug = models.SlugField(_("address"), max_length=60)
    folded = models.CharField(max_length=60, editable=False)
    sequence = models.PositiveSmallIntegerField(_("order"), default=0)

    class Meta:
        verbose_name = _("class")
        verbose_name_plural = _("classes")
        ordering = ["series", "sequence", "folded"]
        constraints = [
            models.UniqueConstraint(fields=["series", "folded"], name="racingclass_name_unique"),
            models.UniqueConstraint(fields=["series", "slug"], name="racingclass_slug_unique"),
        ]

    def __str__(self) -> str:
        return self.name


class Cup(FoldedName):
    """A cup scored across or inside classes (Silver Cup, Junior, Trophy). A car may race for several."""

    series = models.ForeignKey(Series, on_delete=models.PROTECT, related_name="cups", verbose_name=_("series"))
    name = models.CharField(_("name"), max_length=60)
    slug = models.SlugField(_("address"), max_length=60)
    folded = models.CharField(max_length=60, editable=False)

    class Meta:
        verbose_name = _("cup")
        verbose_name_plural = _("cups")
        ordering = ["series", "folded"]
        constraints = [
            models.UniqueConstraint(fields=["series", "folded"], name="cup_name_unique"),
            models.UniqueConstraint(fields=["series", "slug"], name="cup_slug_unique"),
        ]

    def __str__(self) -> str:
        return self.name


class EntryQuerySet(models.QuerySet["Entry"]):
    def with_car(self) -> Self:
        """Entries with team, car and class at hand."""
        return self.select_related("team", "car_model", "racing_class")

    def public(self) -> Self:
        """Cars that readers may see: on a released entry list, in a released result or with released laps.

        A car that only a draft of the desk names is none of them.
        """
        return self.shown().filter(event__public_from__lte=Now())

    def shown(self) -> Self:
        """Cars that nothing holds back but perhaps their event."""
        rows = apps.get_model("results", "ClassificationRow")._default_manager.filter(
            classification__in=apps.get_model("results", "Classification")._default_manager.due(),
            session_entry__entry=OuterRef("pk"),
        )
        lap_sets = apps.get_model("results", "LapSet")._default_manager.due()
        with_laps = SessionEntry.objects.filter(
            entry=OuterRef("pk"), session__lap_set__in=lap_sets, trace__isnull=False
        )
        return self.filter(Q(public_from__lte=Now()) | Exists(rows) | Exists(with_laps))


class Entry(models.Model):
    """A car at an event. The number is text (`007`); `line` tells two cars of one number apart."""

    event = models.ForeignKey(Event, on_delete=models.PROTECT, related_name="entries", verbose_name=_("event"))
    number = models.CharField(_("number"), max_length=8)
    line = models.PositiveSmallIntegerField(_("line"), default=1)
    team = models.ForeignKey(
        Team, on_delete=models.PROTECT, null=True, blank=True, related_name="entries", verbose_name=_("team")
    )
    entrant = models.CharField(
        _("entrant"), max_length=160, blank=True, help_text=_("As printed, where it is not the team.")
    )
    car_model = models.ForeignKey(
        CarModel, on_delete=models.PROTECT, null=True, blank=True, related_name="entries", verbose_name=_("car")
    )
    racing_class = models.ForeignKey(
        RacingClass, on_delete=models.PROTECT, null=True, blank=True, related_name="entries", verbose_name=_("class")
    )
    cups = models.ManyToManyField(Cup, blank=True, related_name="entries", verbose_name=_("cups"))
    is_guest = models.BooleanField(
        _("guest"), default=False, help_text=_("Guests are classified but invisible in points.")
    )
    drivers = models.ManyToManyField(Driver, through="CrewMember", related_name="entries", verbose_name=_("drivers"))
    public_from = models.DateTimeField(
        _("on the entry list from"), null=True, blank=True,
        help_text=_("Empty: readers see the car once a released result or released laps name it."),
    )  # fmt: skip

    objects = EntryQuerySet.as_manager()

    class Meta:
        verbose_name = _("entry")
        verbose_name_plural = _("entries")
        ordering = ["event", "number", "line"]
        constraints = [
            models.UniqueConstraint(fields=["event", "number", "line"], name="entry_number_unique"),
            models.CheckConstraint(condition=~Q(number=""), name="entry_has_a_number"),
        ]

    def __str__(self) -> str:
        return f"#{self.label}"

    @property
    def label(self) -> str:
        """`7`, or `7·2` for the second car of that number."""
        return label_of(self.number, self.line)


def label_of(number: str, line: int) -> str:
    """What tells the cars of an event apart."""
    return number if line == 1 else f"{number}·{line}"


class CrewMember(models.Model):
    """A driver's seat in an entry; the seat is the order of the timing sheet."""

    entry = models.ForeignKey(Entry, on_delete=models.CASCADE, related_name="crew", verbose_name=_("entry"))
    driver = models.ForeignKey(Driver, on_delete=models.PROTECT, related_name="seats", verbose_name=_("driver"))
    seat = models.PositiveSmallIntegerField(_("seat"))

    class Meta:
        verbose_name = _("crew member")
        verbose_name_plural = _("crew")
        ordering = ["entry", "seat"]
        constraints = [
            models.UniqueConstraint(fields=["entry", "seat"], name="crew_seat_unique"),
            models.UniqueConstraint(fields=["entry", "driver"], name="crew_driver_unique"),
            models.CheckConstraint(condition=Q(seat__gte=1), name="crew_seat_from_one"),
        ]

    def __str__(self) -> str:
        return f"{self.entry} · {self.entry.event}, {self.seat}: {self.driver}"


class SessionEntry(models.Model):
    """A car in a session, independent of any version of its result: rows, laps and sidebar items point here."""

    id = models.AutoField(primary_key=True)  # four bytes, for it is half of every lap's key
    session = models.ForeignKey(
        Session, on_delete=models.PROTECT, related_name="session_entries", verbose_name=_("session")
    )
    entry = models.ForeignKey(Entry, on_delete=models.PROTECT, related_name="session_entries", verbose_name=_("entry"))

    class Meta:
        verbose_name = _("car in a session")
        verbose_name_plural = _("cars in sessions")
        ordering = ["session", "entry"]
        constraints = [models.UniqueConstraint(fields=["session", "entry"], name="sessionentry_unique")]

    def __str__(self) -> str:
        return f"{self.entry} · {self.session}"


class SessionCrewQuerySet(models.QuerySet["SessionCrewMember"]):
    def public(self) -> Self:
        """Crews of single sessions whose car readers see there: in the released result or with released laps."""
        rows = apps.get_model("results", "ClassificationRow")._default_manager.filter(
            classification__in=apps.get_model("results", "Classification")._default_manager.public(),
            session_entry=OuterRef("session_entry"),
        )
        lap_sets = apps.get_model("results", "LapSet")._default_manager.public()
        with_laps = SessionEntry.objects.filter(
            pk=OuterRef("session_entry"), session__lap_set__in=lap_sets, trace__isnull=False
        )
        return self.filter(Exists(rows) | Exists(with_laps))


class SessionCrewMember(models.Model):
    """Who sat in a car in one session, where that is not simply the entry's crew.

    Without such rows the entry's crew drove. `line` belongs to a classification row: two drivers who shared a car and
    are listed apart (Formula 1 to 1958) have a line each.
    """

    session_entry = models.ForeignKey(
        SessionEntry, on_delete=models.CASCADE, related_name="crew", verbose_name=_("car in a session")
    )
    line = models.PositiveSmallIntegerField(_("line"), default=1)
    driver = models.ForeignKey(Driver, on_delete=models.PROTECT, related_name="session_seats", verbose_name=_("driver"))
    seat = models.PositiveSmallIntegerField(_("seat"))

    objects = SessionCrewQuerySet.as_manager()

    class Meta:
        verbose_name = _("crew member of a session")
        verbose_name_plural = _("crew of a session")
        ordering = ["session_entry", "line", "seat"]
        constraints = [
            models.UniqueConstraint(fields=["session_entry", "line", "seat"], name="sessioncrew_seat_unique"),
            models.UniqueConstraint(fields=["session_entry", "line", "driver"], name="sessioncrew_driver_unique"),
            models.CheckConstraint(condition=Q(seat__gte=1) & Q(line__gte=1), name="sessioncrew_from_one"),
        ]

    def __str__(self) -> str:
        return f"{self.session_entry} {self.seat}: {self.driver}"
