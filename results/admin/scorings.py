"""What championships count and what was decided about them, at the desk: looked at in lists, changed by acts."""

from __future__ import annotations

from typing import Any

from django.contrib import admin, messages
from django.contrib.auth.models import User
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import URLPattern, path, reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from results.admin.by_name import by_name
from results.admin.championship_forms import ReasonForm, ScoringForm
from results.admin.effect_page import EffectPage
from results.admin.frozen import Frozen
from results.models import Championship, ChampionshipDecision, ScoringEvent
from results.standings.acts import leave_scoring, seen_of, set_scoring, take_decision_back

SEASON = "championship__season__series"


@admin.register(ScoringEvent)
class ScoringEventAdmin(Frozen, admin.ModelAdmin[ScoringEvent]):
    """By rules they come and go with the calendar; what a person sets stays. None is deleted: it stops counting."""

    change_form_template = "admin/results/championship/scoring.html"
    fields = (
        "championship", "session", "checkpoint", "counts", "tags", "table", "factor_numerator", "factor_denominator",
        "share", "is_by_hand",
    )  # fmt: skip
    list_display = ("session", "checkpoint", "championship", "counts", "is_by_hand")
    list_filter = ("counts", "is_by_hand", SEASON)
    list_select_related = (SEASON, "session__event__season__series")
    ordering = ("-pk",)
    search_fields = ("championship__name", "session__name", "session__event__name", "championship__season__label")

    def get_urls(self) -> list[URLPattern]:
        view = self.admin_site.admin_view
        return [
            path("<int:pk>/set/", view(self.set_view), name="results_scoringevent_set"),
            path("<int:pk>/leave/", view(self.leave_view), name="results_scoringevent_leave"),
            *super().get_urls(),
        ]

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """They go with their session or championship, so whoever may delete those may delete them."""
        return bool(request.user.has_perm("results.delete_scoringevent"))

    def get_deleted_objects(self, objs: Any, request: HttpRequest) -> Any:
        """Alone none goes: rules would bring it back, and nobody would see why a table is another one."""
        words = _("%(scoring)s: let it not count, or leave it to the rules, instead of deleting it.")
        return [], {}, set(), [words % {"scoring": one} for one in objs]

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        context = {"may_set": request.user.has_perm("results.change_scoringevent")}
        return super().change_view(request, object_id, form_url, {**(extra_context or {}), **context})

    def set_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Whether and how the session counts."""
        person, scoring = self._asked(request, pk)
        posted = request.method == "POST"
        form = ScoringForm(request.POST if posted else None, instance=scoring)

        def act(reason: str, seen: str) -> ScoringEvent:
            return set_scoring(form.instance, by=person, reason=reason, seen=seen)

        return self._page(request, scoring, form, act, (_("Change how it counts"), _("The scoring is changed.")))

    def leave_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Takes back what was set by hand."""
        person, scoring = self._asked(request, pk)
        form = ReasonForm(request.POST if request.method == "POST" else None)

        def act(reason: str, seen: str) -> None:
            leave_scoring(scoring, by=person, reason=reason, seen=seen)

        words = _("Rules and calendar say again how it counts.")
        return self._page(request, scoring, form, act, (_("Leave it to the rules"), words))

    def _page(
        self, request: HttpRequest, scoring: ScoringEvent, form: Any, act: Any, said: tuple[str, str]
    ) -> HttpResponse:
        title, words = said

        def done(_made: object) -> str:
            messages.success(request, words)
            return reverse("admin:results_championship_change", args=[scoring.championship_id])

        def seen() -> str:
            stored = ScoringEvent.objects.filter(pk=scoring.pk).first()
            return seen_of(stored) if stored is not None else ""

        page = EffectPage(
            self, request, scoring.championship, form, title, act, done, seen=seen,
            more=lambda: {"about": str(scoring), "stands": ScoringEvent.objects.filter(pk=scoring.pk).first()},
        )  # fmt: skip
        return page.answer()

    def _asked(self, request: HttpRequest, pk: int) -> tuple[User, ScoringEvent]:
        if not isinstance(request.user, User) or not request.user.has_perm("results.change_scoringevent"):
            raise PermissionDenied
        related = ("championship__season__series", "championship__racing_class", "session__event__season__series")
        found = ScoringEvent.objects.select_related(*related).filter(pk=pk).first()
        if found is None:
            raise Http404
        return request.user, found


@admin.register(ChampionshipDecision)
class ChampionshipDecisionAdmin(Frozen, admin.ModelAdmin[ChampionshipDecision]):
    """Entered at its championship, taken back here; never edited."""

    change_form_template = "admin/results/championship/decision.html"
    fields = (
        "championship", "kind", "concerned", "points", "printed", "event", "since", "origin", "reason", "document",
        "entered_at", "entered_by",
    )  # fmt: skip
    list_display = (
        "concerned",
        "kind",
        "points",
        "championship",
        "event",
        "reason",
        by_name("entered_by"),
        "entered_at",
    )
    list_filter = ("kind", SEASON)
    list_select_related = (
        SEASON, "driver", "team", "manufacturer", "car_model__manufacturer", "event__season__series", "entered_by",
    )  # fmt: skip
    ordering = ("-entered_at", "-pk")
    search_fields = ("championship__name", "driver__folded", "team__folded", "entrant", "reason")

    def get_urls(self) -> list[URLPattern]:
        back = path(
            "<int:pk>/take-back/",
            self.admin_site.admin_view(self.take_back_view),
            name="results_championshipdecision_take_back",
        )
        return [back, *super().get_urls()]

    @admin.display(description=gettext_lazy("concerns"))
    def concerned(self, decision: ChampionshipDecision) -> str:
        return str(decision.competitor)

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        context = {"may_take_back": request.user.has_perm("results.delete_championshipdecision")}
        return super().change_view(request, object_id, form_url, {**(extra_context or {}), **context})

    def add_view(self, request: HttpRequest, form_url: str = "", extra_context: Any = None) -> HttpResponse:
        """A decision is entered at its championship."""
        if not request.user.has_perm("results.add_championshipdecision"):
            raise PermissionDenied
        messages.info(request, _("Choose the championship; the decision is entered on its page."))
        return HttpResponseRedirect(reverse("admin:results_championship_changelist"))

    def take_back_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Shows the table without it; takes it back on POST with a reason."""
        person: Any = request.user
        if not person.has_perm("results.delete_championshipdecision"):
            raise PermissionDenied
        related = ("championship__season__series", "championship__racing_class", "driver", "team", "manufacturer")
        decision = ChampionshipDecision.objects.select_related(*related).filter(pk=pk).first()
        if decision is None:
            raise Http404
        championship: Championship = decision.championship

        def act(reason: str, _seen: str) -> None:
            take_decision_back(decision, by=person, reason=reason)

        def done(_made: object) -> str:
            messages.success(request, _("The decision is taken back; it lies in the bin."))
            return reverse("admin:results_championship_change", args=[championship.pk])

        form = ReasonForm(request.POST if request.method == "POST" else None)
        about = f"{decision} · {decision.reason}"
        page = EffectPage(
            self, request, championship, form, _("Take the decision back"), act, done, more=lambda: {"about": about}
        )
        return page.answer()
