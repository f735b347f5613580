"""Drivers, teams, cars, classes and entries at the desk."""

from typing import Any

from django.contrib import admin
from django.db import transaction
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from results.admin.deletion import Recoverable, UsersInWords
from results.admin.forms import AddressForm, DriverForm, NamedForm, NamesFormSet
from results.admin.identity import Mergeable
from results.importers.loading.summaries import seat_drivers
from results.models import (
    CarModel,
    CrewMember,
    Cup,
    Driver,
    DriverAlias,
    DriverGrade,
    DriverKey,
    Entry,
    Manufacturer,
    RacingClass,
    SessionCrewMember,
    SessionEntry,
    Team,
    TeamAlias,
    TeamSuccession,
)
from results.standings.due import gathering


class DriverAliasInline(admin.TabularInline[DriverAlias, Driver]):
    model = DriverAlias
    form = NamedForm
    formset = NamesFormSet
    fields = ("name",)
    extra = 1


class DriverGradeInline(admin.TabularInline[DriverGrade, Driver]):
    model = DriverGrade
    autocomplete_fields = ("season",)
    extra = 0


class DriverKeyInline(admin.TabularInline[DriverKey, Driver]):
    model = DriverKey
    fields = ("source", "key")
    extra = 0


@admin.register(Driver)
class DriverAdmin(Mergeable, Recoverable, UsersInWords, admin.ModelAdmin[Driver]):
    form = DriverForm
    fields = ("first_name", "last_name", "slug", "nationality", "birth_date", "town", "is_pseudonym")
    inlines = (DriverAliasInline, DriverGradeInline, DriverKeyInline)
    list_display = ("full_name", "nationality", "birth_date", "town", "is_pseudonym")
    search_fields = ("folded", "first_name", "last_name", "aliases__folded")

    @admin.display(description=Driver._meta.verbose_name, ordering="sort_key")
    def full_name(self, driver: Driver) -> str:
        return driver.full_name


class TeamAliasInline(admin.TabularInline[TeamAlias, Team]):
    model = TeamAlias
    form = NamedForm
    formset = NamesFormSet
    fields = ("name",)
    extra = 1


class SuccessorInline(admin.TabularInline[TeamSuccession, Team]):
    """As what this team was carried on."""

    model = TeamSuccession
    fk_name = "predecessor"
    fields = ("successor", "since", "note")
    autocomplete_fields = ("successor",)
    extra = 0


class PredecessorInline(admin.TabularInline[TeamSuccession, Team]):
    """Whose successor this team is."""

    model = TeamSuccession
    fk_name = "successor"
    fields = ("predecessor", "since", "note")
    autocomplete_fields = ("predecessor",)
    verbose_name = _("succession of a former team")
    verbose_name_plural = _("successions of former teams")
    extra = 0


@admin.register(Team)
class TeamAdmin(Mergeable, Recoverable, admin.ModelAdmin[Team]):
    form = AddressForm
    fields = ("name", "slug", "country")
    inlines = (TeamAliasInline, PredecessorInline, SuccessorInline)
    list_display = ("name", "country")
    search_fields = ("name", "folded", "aliases__folded")


@admin.register(Manufacturer)
class ManufacturerAdmin(Recoverable, admin.ModelAdmin[Manufacturer]):
    form = AddressForm
    fields = ("name", "slug")
    search_fields = ("name", "folded")


@admin.register(CarModel)
class CarModelAdmin(Recoverable, admin.ModelAdmin[CarModel]):
    form = AddressForm
    fields = ("name", "slug", "manufacturer")
    autocomplete_fields = ("manufacturer",)
    list_display = ("name", "manufacturer")
    list_filter = ("manufacturer",)
    list_select_related = ("manufacturer",)
    search_fields = ("name", "folded")


@admin.register(RacingClass)
class RacingClassAdmin(Recoverable, admin.ModelAdmin[RacingClass]):
    form = AddressForm
    fields = ("series", "name", "slug", "sequence")
    autocomplete_fields = ("series",)
    list_display = ("name", "series", "sequence")
    list_filter = ("series",)
    list_select_related = ("series",)
    search_fields = ("name", "folded", "series__name", "series__short_name")


@admin.register(Cup)
class CupAdmin(Recoverable, admin.ModelAdmin[Cup]):
    form = AddressForm
    fields = ("series", "name", "slug")
    autocomplete_fields = ("series",)
    list_display = ("name", "series")
    list_filter = ("series",)
    list_select_related = ("series",)
    search_fields = ("name", "folded", "series__name", "series__short_name")


class CrewInline(admin.TabularInline[CrewMember, Entry]):
    model = CrewMember
    autocomplete_fields = ("driver",)
    extra = 1


@admin.register(Entry)
class EntryAdmin(Recoverable, admin.ModelAdmin[Entry]):
    fields = (
        "event", ("number", "line"), "team", "entrant", "car_model", "racing_class", "cups", "is_guest", "public_from",
    )  # fmt: skip
    inlines = (CrewInline,)
    autocomplete_fields = ("event", "team", "car_model", "racing_class", "cups")
    list_display = ("number", "event", "team", "car_model", "racing_class", "is_guest")
    list_filter = ("event__season__series", "is_guest")
    list_select_related = ("event__season__series", "team", "car_model", "racing_class")
    search_fields = ("number", "event__name", "team__folded", "crew__driver__folded")

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: Any) -> None:
        """Another crew is another name in the stints of its car."""
        with transaction.atomic(), gathering():  # tables count the minutes of the new crew, not those of the former
            super().save_related(request, form, formsets, change)
            seat_drivers(form.instance.event)


class SessionCrewInline(admin.TabularInline[SessionCrewMember, SessionEntry]):
    model = SessionCrewMember
    autocomplete_fields = ("driver",)
    extra = 0


@admin.register(SessionEntry)
class SessionEntryAdmin(admin.ModelAdmin[SessionEntry]):
    """A car in a session: only who drove, where it was not simply the entry's crew, is told here."""

    fields = ("session", "entry")
    readonly_fields = ("session", "entry")
    inlines = (SessionCrewInline,)
    list_display = ("entry", "session")
    list_filter = ("session__event__season__series",)
    list_select_related = ("entry", "session__event__season__series")
    search_fields = ("entry__number", "session__name", "session__event__name", "entry__crew__driver__folded")

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: Any) -> None:
        """So is another crew of this session alone."""
        with transaction.atomic(), gathering():
            super().save_related(request, form, formsets, change)
            seat_drivers(form.instance.session.event)

    def has_add_permission(self, request: HttpRequest, obj: object = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: object = None) -> bool:
        return False
