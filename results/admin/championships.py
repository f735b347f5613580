"""Championships at the desk: the list of a season, one championship with its rules in words, and the doors to its acts."""

from __future__ import annotations

from typing import Any

from django.contrib import admin, messages
from django.contrib.auth.models import User
from django.core.exceptions import PermissionDenied
from django.db.models import Exists, OuterRef, QuerySet
from django.db.models.functions import Now
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from results.admin.championship_forms import SetUpForm
from results.admin.championship_pages import ChampionshipPages
from results.admin.deletion import Recoverable
from results.models import (
    Championship,
    ChampionshipChange,
    ChampionshipDecision,
    Classification,
    Computation,
    PrintedStanding,
    ScoringEvent,
)
from results.models.ledger import counted
from results.standings.acts import file_says, has_file, set_up
from results.standings.change_words import changed_by
from results.standings.compute import is_readable
from results.standings.explained import explained
from results.standings.reading import plain, table
from results.standings.strangers import strangers_in
from results.standings.unproven import unproven_seasons
from results.venue_time import moment

MOST_CHANGES = 50


class ReadersFilter(admin.SimpleListFilter):
    """Whether readers may see the table."""

    title = gettext_lazy("readers")
    parameter_name = "leser"

    def lookups(self, request: HttpRequest, model_admin: Any) -> Any:
        return [("ja", _("public")), ("nein", _("desk only"))]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Championship]) -> QuerySet[Championship]:
        if self.value() == "ja":
            return queryset.filter(public_from__lte=Now())
        if self.value() == "nein":
            return queryset.exclude(public_from__lte=Now(), public_from__isnull=False)
        return queryset


@admin.register(Championship)
class ChampionshipAdmin(ChampionshipPages, Recoverable, admin.ModelAdmin[Championship]):
    """Looked at here, changed by acts that say who and why."""

    change_form_template = "admin/results/championship/change_form.html"
    fields = ("season", "key", "name", "subject", "racing_class", "sequence", "readers", "origin", "stand")
    list_display = ("name", "season", "subject", "racing_class", "readers", "origin", "stand")
    list_filter = (ReadersFilter, "is_by_hand", "season__series")
    list_select_related = ("season__series", "racing_class")
    ordering = ("-season__label", "season__series", "sequence", "key")
    search_fields = ("name", "key", "season__label", "season__series__name", "season__series__short_name")

    def get_queryset(self, request: HttpRequest) -> QuerySet[Championship]:
        own = Computation.objects.current().filter(championship=OuterRef("pk"))
        scored = counted(Classification.objects.current(), "pk")
        found = super().get_queryset(request)
        return found.annotate(is_computed=Exists(own), is_scored=Exists(scored), is_public_=_is_public())

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return obj is not None and super().has_delete_permission(request, obj)

    # -- columns

    @admin.display(description=gettext_lazy("readers"), ordering="public_from")
    def readers(self, championship: Championship) -> str:
        if championship.public_from is None:
            return _("desk only")
        if championship.is_public_:  # type: ignore[attr-defined]
            return _("public")
        return _("from %(hour)s") % {"hour": moment(championship.public_from)}

    @admin.display(description=gettext_lazy("rules"), ordering="is_by_hand")
    def origin(self, championship: Championship) -> str:
        if championship.is_by_hand:
            return _("by hand")
        return _("file “%(name)s”") % {"name": championship.pack}

    @admin.display(description=gettext_lazy("table"))
    def stand(self, championship: Championship) -> str:
        """Whether there is a table, and why not."""
        if championship.is_computed:  # type: ignore[attr-defined]
            return _("computed")
        if not is_readable(championship):
            return _("rules unreadable")
        if championship.is_scored:  # type: ignore[attr-defined]
            return _("cannot be computed")
        return _("no result yet")

    # -- pages

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        championship = self.get_object(request, object_id)
        context = dict(extra_context or {})
        if isinstance(championship, Championship):
            context |= _shown(championship) | self.doors_of(request, championship)
        return super().change_view(request, object_id, form_url, context)

    def add_view(
        self, request: HttpRequest, form_url: str = "", extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        return super().add_view(request, form_url, {**(extra_context or {}), "unproven": unproven_seasons()})

    def get_form(self, request: HttpRequest, obj: Any = None, change: bool = False, **kwargs: Any) -> Any:  # noqa: FBT001, FBT002 - Django's
        if obj is None:
            kwargs["form"] = SetUpForm
        return super().get_form(request, obj, change=change, **kwargs)

    def get_fieldsets(self, request: HttpRequest, obj: Any = None) -> Any:
        if obj is None:
            return [(None, {"fields": ("season", "key", "name", "subject", "racing_class", "sequence", "text")})]
        return super().get_fieldsets(request, obj)

    def get_autocomplete_fields(self, request: HttpRequest) -> Any:
        return ("season", "racing_class")

    def save_model(self, request: HttpRequest, obj: Championship, form: Any, change: Any) -> None:
        set_up(obj, by=_person(request))

    def get_deleted_objects(self, objs: Any, request: HttpRequest) -> Any:
        """What stands in the way, in words: readers, decisions, printed tables, the rule file that would bring it back."""
        listed, counts, lacking, protected = super().get_deleted_objects(objs, request)
        # Scorings go with their championship; decisions are in the way, whoever might take them back.
        lacking = lacking - {ScoringEvent._meta.verbose_name, ChampionshipDecision._meta.verbose_name}
        return listed, counts, lacking, [*protected, *(why for one in objs for why in _why_not_deleted(one))]

    def delete_model(self, request: HttpRequest, obj: Any) -> None:
        Computation.objects.filter(championship=obj).delete()  # computed again when it is put back
        super().delete_model(request, obj)

    def response_add(self, request: HttpRequest, obj: Any, post_url_continue: Any = None) -> HttpResponse:
        messages.success(request, _("The championship is set up. Only the desk sees its table."))
        return HttpResponseRedirect(reverse("admin:results_championship_change", args=[obj.pk]))


def _is_public() -> Any:
    return Exists(Championship.objects.public().filter(pk=OuterRef("pk")))


def _why_not_deleted(championship: Championship) -> list[str]:
    found = []
    if championship.public_from is not None:
        found.append(_("“%(name)s” is published: readers would lose its table.") % {"name": championship})
    if championship.printed_standings.exists():
        found.append(_("“%(name)s”: printed tables are compared with it.") % {"name": championship})
    if has_file(championship):
        found.append(_("“%(name)s” stands in a rule file, which would bring it back.") % {"name": championship})
    return found


def _shown(championship: Championship) -> dict[str, Any]:
    computation = Computation.objects.current().filter(championship=championship).select_related("championship").first()
    lines = table(computation) if computation is not None else []
    return {
        "parts": explained(championship),
        "strangers": strangers_in(championship),
        "is_readable": is_readable(championship),
        "is_not_computed": computation is None and getattr(championship, "is_scored", False),
        "table_lines": [(line, plain(line.points).replace("-", "−").replace(".", ",")) for line in lines],
        "scorings": championship.scoring_events.select_related("session__event").order_by(
            "session__event__starts_on", "session__sequence", "checkpoint"
        ),
        "decisions": championship.decisions.select_related(
            "driver", "team", "manufacturer", "car_model", "event", "entered_by"
        ),
        "printed_tables": PrintedStanding.objects.filter(championship=championship).select_related("after_event"),
        "changes": changed_by(
            list(
                ChampionshipChange.objects.filter(championship=championship).select_related("by", "championship")[
                    :MOST_CHANGES
                ]
            )
        ),
        "follows": file_says(championship) is not None,
    }


def _person(request: HttpRequest) -> User:
    if not isinstance(request.user, User):
        raise PermissionDenied
    return request.user
