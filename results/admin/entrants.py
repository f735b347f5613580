"""Drivers, teams, cars, classes and entries at the desk."""

from django.contrib import admin

from results.admin.deletion import Recoverable
from results.admin.forms import AddressForm, DriverForm, NamedForm, NamesFormSet
from results.models import (
    CarModel,
    CrewMember,
    Cup,
    Driver,
    DriverAlias,
    Entry,
    Manufacturer,
    RacingClass,
    Team,
    TeamAlias,
)


class DriverAliasInline(admin.TabularInline[DriverAlias, Driver]):
    model = DriverAlias
    form = NamedForm
    formset = NamesFormSet
    fields = ("name",)
    extra = 1


@admin.register(Driver)
class DriverAdmin(Recoverable, admin.ModelAdmin[Driver]):
    form = DriverForm
    fields = ("first_name", "last_name", "slug", "nationality", "birth_date", "town", "is_pseudonym")
    inlines = (DriverAliasInline,)
    list_display = ("full_name", "nationality", "town", "is_pseudonym")
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


@admin.register(Team)
class TeamAdmin(Recoverable, admin.ModelAdmin[Team]):
    form = AddressForm
    fields = ("name", "slug", "country")
    inlines = (TeamAliasInline,)
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
    fields = ("event", ("number", "line"), "team", "entrant", "car_model", "racing_class", "cups", "is_guest")
    inlines = (CrewInline,)
    autocomplete_fields = ("event", "team", "car_model", "racing_class", "cups")
    list_display = ("number", "event", "team", "car_model", "racing_class", "is_guest")
    list_filter = ("event__season__series", "is_guest")
    list_select_related = ("event__season__series", "team", "car_model", "racing_class")
    search_fields = ("number", "event__name", "team__folded", "crew__driver__folded")
