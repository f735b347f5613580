"""Decisions of the stewards at the desk. What one does to a result is shown and applied on the pages of its session."""

from __future__ import annotations

from typing import Any

from django.contrib import admin, messages
from django.db import connection
from django.db.models import Exists, OuterRef, QuerySet
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django_stubs_ext import StrOrPromise

from results.admin.decision_form import DecisionForm
from results.desk_addresses import effect_address, form_grid_address
from results.grid_forming import grid_of
from results.locking import lock_sessions
from results.models import AppliedDecision, Decision, Session, SessionKind
from results.notation import format_lap_time
from results.rulings.amounts import amount_as_typed
from results.rulings.said_laps import laps_as_typed
from results.stewards_desk import named_laps, record, stands

SEARCH = ("session__name", "session__event__name", "session__event__season__label")
MAY_CHANGE = ("number", "decided_at", "text", "document", "paper", "appeal", "public_from")
SHOWN = {"car": "car_shown", "said_amount": "amount_shown", "said_laps": "laps_shown", "said_best": "best_shown"}


def _with_stand(decisions: QuerySet[Decision]) -> QuerySet[Any]:
    named = AppliedDecision.objects.filter(decision=OuterRef("pk"), classification__is_current=True)
    return decisions.annotate(is_applied=Exists(named))


class StandFilter(admin.SimpleListFilter):
    """Whether a current result holds the decision."""

    title = gettext_lazy("in a result")
    parameter_name = "stand"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, StrOrPromise]]:
        return [("1", gettext_lazy("Yes")), ("0", gettext_lazy("No"))]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        return queryset.filter(is_applied=self.value() == "1") if self.value() in {"0", "1"} else queryset


@admin.register(Decision)
class DecisionAdmin(admin.ModelAdmin[Decision]):
    """One that stands in a result changes only in what it says, never in what it does."""

    form = DecisionForm
    change_form_template = "admin/results/decision/change_form.html"
    autocomplete_fields = ("session", "overturns", "document")
    list_display = ("number", "kind", "car_shown", "session", "amount_shown", "decided_at", "appeal", "is_in_a_result")
    list_filter = ("kind", "appeal", StandFilter, "session__event__season__series")
    list_select_related = (
        "session__event__season__series",
        "session_entry__entry",
        "session_entry__session__event__season__series",
    )
    ordering = ("-pk",)
    search_fields = (*SEARCH, "session_entry__entry__number", "number", "text")

    def get_queryset(self, request: HttpRequest) -> Any:
        return _with_stand(super().get_queryset(request))

    def get_object(self, request: HttpRequest, object_id: str, from_field: str | None = None) -> Decision | None:
        """For a save the sessions are locked first, as every verb does it, then the decision."""
        if request.method == "POST" and object_id.isdecimal() and connection.in_atomic_block:
            event = Decision.objects.filter(pk=object_id).values_list("session__event", flat=True).first()
            lock_sessions(Session.objects.filter(event=event))
        return super().get_object(request, object_id, from_field)

    def get_changeform_initial_data(self, request: HttpRequest) -> dict[str, Any]:
        """Decisions are published where they are made: readers see one at once unless the desk says otherwise."""
        return {"public_from": timezone.now(), **super().get_changeform_initial_data(request)}

    def get_fieldsets(self, request: HttpRequest, obj: Decision | None = None) -> Any:
        frozen = obj is not None and stands(obj)

        def names(*fields: str) -> tuple[str, ...]:
            is_shown = frozen or (obj is not None and not self.has_change_permission(request, obj))
            return tuple(SHOWN.get(name, name) if is_shown else name for name in fields)

        said = (
            gettext_lazy(
                "This decision stands in a result. What it does no longer changes: enter a reinstatement that takes it "
                "back, or an appeal that was won, and a new decision."
            )
            if frozen
            else ""
        )
        writes = obj is None or self.has_change_permission(request, obj)
        return (
            (
                None,
                {"fields": names("session", "car", "checkpoint", "number", "kind", "said_amount"), "description": said},
            ),
            (
                gettext_lazy("Disqualification, reinstatement, deleted laps"),
                {"fields": names("leaves_vacant", "overturns", "said_laps", "said_best")},
            ),
            (
                gettext_lazy("Words and document"),
                {"fields": ("decided_at", "text", "document", *(("paper",) if writes else ()))},
            ),
            (gettext_lazy("Appeal and readers"), {"fields": ("appeal", "public_from")}),
        )

    def get_readonly_fields(self, request: HttpRequest, obj: Decision | None = None) -> Any:
        if obj is None or not stands(obj):
            return ()
        return ("session", "checkpoint", "kind", "leaves_vacant", "overturns", *SHOWN.values())

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        one = Decision.objects.filter(pk=object_id).select_related("session").first() if object_id.isdecimal() else None
        may = one is not None and request.user.has_perm("results.change_classification")
        address = effect_address(one.session, one.checkpoint) if one is not None and may else ""
        return super().change_view(request, object_id, form_url, {**(extra_context or {}), "effect": address})

    def save_model(self, request: HttpRequest, obj: Decision, form: Any, change: Any) -> None:
        person: Any = request.user
        form.keep_paper(by=person)
        for sentence in record(obj, by=person, laps=form.laps):
            messages.warning(request, sentence)
        self._say_where_next(request, obj, form)

    @staticmethod
    def _say_where_next(request: HttpRequest, decision: Decision, form: DecisionForm) -> None:
        session = decision.session
        if form.moved_to is not None:
            messages.info(request, _("The penalty stands at “%(grid)s” now.") % {"grid": form.moved_to.name})
        if decision.kind == Decision.Kind.GRID and session.kind != SessionKind.GRID and grid_of(session) is None:
            said, address = _("No grid is set yet. Form it from the qualifying"), form_grid_address(session)
        else:
            said, address = _("Look at the effect on the result"), effect_address(session, decision.checkpoint)
        if request.user.has_perm("results.change_classification"):
            messages.info(request, format_html('<a href="{}">{}</a>', address, said))

    @admin.display(description=gettext_lazy("car"), ordering="session_entry__entry__number")
    def car_shown(self, decision: Decision) -> str:
        return str(decision.session_entry.entry) if decision.session_entry else "–"

    @admin.display(description=gettext_lazy("Amount"))
    def amount_shown(self, decision: Decision) -> str:
        return amount_as_typed(decision.kind, decision.amount) or "–"

    @admin.display(description=gettext_lazy("deleted laps"))
    def laps_shown(self, decision: Decision) -> str:
        return laps_as_typed(named_laps(decision)) or "–"

    @admin.display(description=gettext_lazy("best lap that stands then"))
    def best_shown(self, decision: Decision) -> str:
        return format_lap_time(decision.next_best_ms) if decision.next_best_ms else "–"

    @admin.display(description=gettext_lazy("in a result"), boolean=True)
    def is_in_a_result(self, decision: Decision) -> bool:
        return bool(getattr(decision, "is_applied", False))
