"""Who races: drivers, teams, cars, classes, and the entries that bring them together at an event."""

from typing import Any, Self

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from results.models.calendar import Event, Series, Session
from results.models.naming import FoldedName
from results.names import fold, sort_key


class Driver(models.Model):
    """A person who drives. Names do not identify: namesakes are kept apart by birth date, nation or town."""

    first_name = models.CharField(_("first name"), max_length=80, blank=True)
    last_name = models.CharField(_("last name"), max_length=80)
    slug = models.SlugField(_("address"), max_length=80)
    folded = models.CharField(max_length=170, editable=False)
    sort_key = models.CharField(max_length=170, editable=False)
    nationality = models.CharField(_("nationality"), max_length=40, blank=True, help_text=_("As the source prints it."))
    birth_date = models.DateField(_("date of birth"), null=True, blank=True)
    town = models.CharField(_("town"), max_length=80, blank=True)
    is_pseudonym = models.BooleanField(_("pseudonym"), default=False)

    class Meta:
        verbose_name = _("driver")
        verbose_name_plural = _("drivers")
        ordering = ["sort_key"]
        constraints = [
            models.UniqueConstraint(fields=["slug"], name="driver_slug_unique"),
            models.CheckConstraint(condition=~Q(last_name=""), name="driver_has_a_last_name"),
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


class Team(FoldedName):
    """A racing team."""

    name = models.CharField(_("name"), max_length=120)
    slug = models.SlugField(_("address"), max_length=80)
    folded = models.CharField(max_length=120, editable=False)
    country = models.CharField(_("country"), max_length=40, blank=True)

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


class Manufacturer(FoldedName):
    """A maker of cars."""

    name = models.CharField(_("name"), max_length=80)
    slug = models.SlugField(_("address"), max_length=80)
    folded = models.CharField(max_length=80, editable=False)

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
        return f"#{self.number}"


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
        return f"{self.entry} {self.seat}: {self.driver}"


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
