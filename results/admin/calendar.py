"""Series, seasons, circuits, events and sessions at the desk."""

from typing import Any

from django.contrib import admin, messages
from django.contrib.admin.views.main import ChangeList
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from results.admin.deletion import KeptWhileNamed, Recoverable
from results.admin.forms import (
    AddressForm,
    BroadcastForm,
    CircuitForm,
    EventForm,
    LabelledRows,
    NamedForm,
    NamesFormSet,
    SeasonForm,
    SessionForm,
    SessionFormSet,
    SessionPageForm,
)
from results.admin.rescheduling import SAYS_WHY, Reschedulable
from results.admin.rulings import StewardsPages
from results.admin.sheet_doors import sheets_of
from results.desk_addresses import effect_address
from results.importers.waiting import warning_of
from results.models import (
    Broadcast,
    Circuit,
    CircuitAlias,
    Event,
    Layout,
    Season,
    Series,
    SeriesAlias,
    Session,
)
from results.standings.compute import set_aside
from results.standings.due import gathering
from results.unsettled import open_numbers
from results.venue_time import clock, weekday, zone_name


class SeriesAliasInline(admin.TabularInline[SeriesAlias, Series]):
    model = SeriesAlias
    form = NamedForm
    formset = NamesFormSet
    fields = ("name",)
    extra = 1


@admin.register(Series)
class SeriesAdmin(Recoverable, KeptWhileNamed, admin.ModelAdmin[Series]):
    form = AddressForm
    fields = ("name", "short_name", "slug", "accent", "description")
    inlines = (SeriesAliasInline,)
    list_display = ("name", "short_name", "slug")
    search_fields = ("name", "short_name", "folded", "aliases__folded")


@admin.register(Season)
class SeasonAdmin(Recoverable, admin.ModelAdmin[Season]):
    form = SeasonForm
    fields = ("series", "label", "slug", "series_name")
    autocomplete_fields = ("series",)
    list_display = ("label", "series", "series_name")
    list_filter = ("series",)
    list_select_related = ("series",)
    search_fields = ("label", "series_name", "series__name", "series__short_name")

    def get_deleted_objects(self, objs: Any, request: HttpRequest) -> Any:
        """Championships that a rule file brought and nobody has touched go along."""
        with transaction.atomic():
            for season in objs:
                set_aside(season.pk)
            found = super().get_deleted_objects(objs, request)
            transaction.set_rollback(True)
        return found

    def delete_model(self, request: HttpRequest, obj: Any) -> None:
        with gathering():
            set_aside(obj.pk)
            super().delete_model(request, obj)

    def delete_queryset(self, request: HttpRequest, queryset: Any) -> None:
        with gathering():
            for season in queryset:
                set_aside(season.pk)
            super().delete_queryset(request, queryset)


class CircuitAliasInline(admin.TabularInline[CircuitAlias, Circuit]):
    model = CircuitAlias
    form = NamedForm
    formset = NamesFormSet
    fields = ("name",)
    extra = 1


class LayoutInline(admin.TabularInline[Layout, Circuit]):
    model = Layout
    fields = ("name", "length_m", "turns", "valid_from", "valid_until", "note")
    extra = 1


@admin.register(Circuit)
class CircuitAdmin(Recoverable, admin.ModelAdmin[Circuit]):
    form = CircuitForm
    fields = ("name", "slug", "town", "country", "time_zone")
    inlines = (CircuitAliasInline, LayoutInline)
    list_display = ("name", "town", "country", "time_zone")
    search_fields = ("name", "folded", "town", "aliases__folded")


@admin.register(Layout)
class LayoutAdmin(Recoverable, admin.ModelAdmin[Layout]):
    """Only for the search box of the event form; layouts are edited with their circuit."""

    list_display = ("name", "circuit", "length_m")
    list_select_related = ("circuit",)
    search_fields = ("name", "circuit__name", "circuit__folded")
    autocomplete_fields = ("circuit",)

    def has_module_permission(self, request: object) -> bool:
        return False


class SessionInline(admin.TabularInline[Session, Event]):
    model = Session
    form = SessionForm
    formset = SessionFormSet
    fields = ("key", "name", "kind", "local_date", "starts_at", "ends_at")
    extra = 0
    show_change_link = True


class BroadcastInline(admin.TabularInline[Broadcast, Event]):
    model = Broadcast
    form = BroadcastForm
    formset = LabelledRows
    autocomplete_fields = ("session",)
    extra = 0


@admin.register(Event)
class EventAdmin(Reschedulable, Recoverable, KeptWhileNamed, admin.ModelAdmin[Event]):
    form = EventForm
    fieldsets = (
        (
            None,
            {
                "fields": (
                    "season",
                    "name",
                    "slug",
                    ("circuit", "layout"),
                    ("starts_on", "ends_on"),
                    "around",
                    "time_zone",
                )
            },
        ),
        (_("For readers"), {"fields": ("status", "note", "public_from")}),
        (_("If the date changes"), {"fields": SAYS_WHY}),
    )
    inlines = (SessionInline, BroadcastInline)
    autocomplete_fields = ("season", "circuit", "layout")
    list_display = ("name", "season", "starts_on", "ends_on", "circuit", "status")
    list_filter = ("season__series", "status")
    list_select_related = ("season__series", "circuit")
    search_fields = ("name", "slug", "season__label", "season__series__name", "season__series__short_name")


class SessionList(ChangeList):
    """The list of sessions, each with the decisions that its results do not follow yet."""

    def get_results(self, request: HttpRequest) -> None:
        super().get_results(request)
        numbers = open_numbers([session.pk for session in self.result_list])
        for session in self.result_list:
            session.open_decisions = sum(number for (key, _at), number in numbers.items() if key == session.pk)


@admin.register(Session)
class SessionAdmin(StewardsPages, Reschedulable, Recoverable, admin.ModelAdmin[Session]):
    form = SessionPageForm
    change_form_template = "admin/results/session/change_form.html"
    fieldsets = (
        (None, {"fields": ("event", "key", "name", "slug", "kind", "sequence", "parent")}),
        (_("When"), {"fields": ("at_the_venue", "local_date", "starts_at", "ends_at", "status")}),
        (_("If the date changes"), {"fields": SAYS_WHY}),
        (_("Field and release"), {"fields": ("starters", "finishers", "public_from")}),
    )
    readonly_fields = ("at_the_venue",)
    autocomplete_fields = ("event", "parent")
    list_display = ("name", "key", "event", "kind", "at_the_venue", "status", "open_decisions")
    list_filter = ("kind", "status", "event__season__series")
    list_select_related = ("event__season__series",)
    ordering = ("-starts_at", "-local_date", "pk")
    search_fields = ("name", "key", "event__name", "event__season__label", "event__season__series__name",
                     "event__season__series__short_name")  # fmt: skip

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        session = self.get_object(request, object_id) if request.method == "GET" else None
        if session is not None and (warning := warning_of(session)):
            messages.warning(request, warning)  # what waits does not come with `public_from`
        context = {**(extra_context or {})}
        if session is not None and request.user.has_perm("results.change_classification"):
            _tell_open(request, session)
            context["sheets"] = sheets_of(session)
        return super().change_view(request, object_id, form_url, context)

    def get_changelist(self, request: HttpRequest, **kwargs: Any) -> type[ChangeList]:
        return SessionList

    @admin.display(description=_("decisions not applied"))
    def open_decisions(self, session: Session) -> str:
        number = getattr(session, "open_decisions", 0)
        if not number:
            return "–"
        said = ngettext("%(n)d not applied", "%(n)d not applied", number) % {"n": number}
        return format_html('<a href="{}">{}</a>', effect_address(session), said)

    @admin.display(description=_("time at the venue"), ordering="starts_at", empty_value="–")
    def at_the_venue(self, session: Session) -> str | None:
        """`Sa. 06.11.2021 16:10 Uhr (UTC+3)`: the form below speaks newsroom time."""
        if session.starts_at is None:
            return f"{session.local_date:%d.%m.%Y}" if session.local_date else None
        local = session.starts_at.astimezone(session.event.zone)
        return f"{weekday(local.date())} {local:%d.%m.%Y} {clock(local)} ({zone_name(local, session.event.zone)})"


def _tell_open(request: HttpRequest, session: Session) -> None:
    """`2 Entscheidungen nicht angewandt`, for each result of the session, with the way to their effect."""
    for (_key, checkpoint), number in sorted(open_numbers([session.pk]).items()):
        said = ngettext("%(n)d decision not applied", "%(n)d decisions not applied", number) % {"n": number}
        at = f" ({checkpoint})" if checkpoint else ""
        messages.warning(request, format_html('<a href="{}">{}{}</a>', effect_address(session, checkpoint), said, at))
