"""Dates at the desk: the acts that change them, each with its reason, and the history of the date."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Any, ClassVar

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseNotAllowed, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django_stubs_ext import StrOrPromise

from results import rescheduling, shifting
from results.admin.schedule_forms import (
    MoveEventForm,
    MoveSessionForm,
    ReinstateEventForm,
    ReinstateSessionForm,
    WhyForm,
)
from results.models import CalendarStatus, Event, ScheduleChange, Session
from results.rescheduling import Act, Overtaken, RescheduleRefused, chain_of, mark_correction
from results.schedule_record import recorded
from results.schedule_words import Line, line_of, standing_words
from results.shifting import Shift, plan_shift, postpone_sessions

OVERTAKEN = 409
MOST_LINES = 200
SAYS_WHY = ("change_reason", "change_note", "change_is_slip")


@dataclass(frozen=True, slots=True)
class Door:
    """An act at the desk: its title, the form it asks with, the verb it calls, and the states it is for."""

    title: StrOrPromise
    form: type[WhyForm]
    verb: Callable[..., Any]
    states: frozenset[str]


OFF = frozenset({CalendarStatus.POSTPONED.value, CalendarStatus.CANCELLED.value})
ON = frozenset({CalendarStatus.SCHEDULED.value})
OPEN = frozenset({CalendarStatus.SCHEDULED.value, CalendarStatus.POSTPONED.value})
TITLES = {
    "move": gettext_lazy("Move"),
    "postpone": gettext_lazy("Postpone"),
    "cancel": gettext_lazy("Cancel the date"),
    "reinstate": gettext_lazy("Reinstate"),
}
DOORS: dict[type[Session | Event], dict[str, Door]] = {
    Session: {
        "move": Door(TITLES["move"], MoveSessionForm, rescheduling.move, OPEN),
        "postpone": Door(TITLES["postpone"], WhyForm, rescheduling.postpone, ON),
        "cancel": Door(TITLES["cancel"], WhyForm, rescheduling.cancel, OPEN),
        "reinstate": Door(TITLES["reinstate"], ReinstateSessionForm, rescheduling.reinstate, OFF),
    },
    Event: {
        "move": Door(TITLES["move"], MoveEventForm, shifting.move_event, OPEN),
        "postpone": Door(TITLES["postpone"], WhyForm, shifting.postpone_event, ON),
        "cancel": Door(TITLES["cancel"], WhyForm, shifting.cancel_event, OPEN),
        "reinstate": Door(TITLES["reinstate"], ReinstateEventForm, shifting.reinstate_event, OFF),
    },
}


class Reschedulable:
    """Adds the acts and the history to the ModelAdmin of sessions or events; plain edits are recorded like acts."""

    model: Any
    opts: Any
    admin_site: admin.AdminSite
    change_form_template: ClassVar[Any] = "admin/results/schedule/change_form.html"

    def get_urls(self) -> list[URLPattern]:
        doors = [
            path(
                f"<int:pk>/{name}/",
                self.admin_site.admin_view(partial(self._act, name=name)),
                name=f"results_{self.opts.model_name}_{name}",
            )
            for name in DOORS[self.model]
        ]
        slip = path(
            "<int:pk>/slip/", self.admin_site.admin_view(self.slip_view), name=f"results_{self.opts.model_name}_slip"
        )
        return [*doors, slip, *super().get_urls()]  # type: ignore[misc]

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        thing = self.get_object(request, object_id)  # type: ignore[attr-defined]
        context = dict(extra_context or {})
        if isinstance(thing, Session | Event):
            may = self._may(request)
            doors = DOORS[self.model].items()
            context |= {
                "lines": lines_of(thing),
                "may_reschedule": may,
                "doors": [
                    (_url(thing, name), door.title) for name, door in doors if may and thing.status in door.states
                ],
                "slip_url": _url(thing, "slip"),
            }
        return super().change_view(request, object_id, form_url, context)  # type: ignore[misc,no-any-return]

    def get_fieldsets(self, request: HttpRequest, obj: Any = None) -> Any:
        """Why a date changes is asked where there is one, and of those who may change it."""
        fieldsets = super().get_fieldsets(request, obj)  # type: ignore[misc]
        if obj is not None and self._may(request):
            return fieldsets
        return [fieldset for fieldset in fieldsets if fieldset[1]["fields"] != SAYS_WHY]

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: Any) -> None:
        with recorded(**_why(request, form)):
            super().save_model(request, obj, form, change)  # type: ignore[misc]

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: Any) -> None:
        with recorded(**_why(request, form)):
            super().save_related(request, form, formsets, change)  # type: ignore[misc]
            if isinstance(form.instance, Event) and getattr(form, "postpones", False):
                postpone_sessions(form.instance)

    def slip_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Marks a change as the correction of a typing error, or takes the mark back."""
        if not self._may(request):
            raise PermissionDenied
        if request.method != "POST":
            return HttpResponseNotAllowed(["POST"])
        thing = self._thing(pk)
        key = request.POST.get("link", "")
        link = ScheduleChange.objects.of(thing).filter(pk=int(key) if key.isascii() and key.isdigit() else 0).first()
        if link is None:
            raise Http404
        person: Any = request.user
        is_correction = request.POST.get("is_correction") == "1"
        mark_correction(link, by=person, is_correction=is_correction)
        said = _("Readers are not told of the former date.") if is_correction else _("Readers are told of it again.")
        messages.success(request, said)
        return HttpResponseRedirect(_url(thing, "change"))

    def _act(self, request: HttpRequest, pk: int, *, name: str) -> HttpResponse:
        """Asks, shows what an event takes along, and carries out."""
        if not self._may(request):
            raise PermissionDenied
        thing, door = self._thing(pk), DOORS[self.model][name]
        form = door.form(thing, request.POST) if request.method == "POST" else door.form(thing)
        page = _Page(self, request, thing, door, form)
        if not form.is_bound or not form.is_valid():
            return page.render()
        page.preview = _preview(thing, form)
        if page.preview is not None and request.POST.get("confirmed") != page.confirmed:
            return page.render()
        return page.carry_out()

    def _thing(self, pk: int) -> Any:
        related = ("event__season__series",) if self.model is Session else ("season__series", "circuit")
        thing = self.model._default_manager.select_related(*related).filter(pk=pk).first()
        if thing is None:
            raise Http404
        return thing

    def _may(self, request: HttpRequest) -> bool:
        return request.user.has_perm(f"results.change_{self.opts.model_name}")


class _Page:
    """The page of one act."""

    def __init__(self, desk: Any, request: HttpRequest, thing: Any, door: Door, form: WhyForm) -> None:
        self.desk, self.request, self.thing, self.door, self.form = desk, request, thing, door, form
        self.preview: Shift | None = None
        self.overtaking: list[Line] = []
        # What the person has seen: at the first look what stands there, afterwards what his page was sent with.
        sent = request.POST.get("seen", "")
        self.seen = int(sent) if sent.isascii() and sent.isdigit() else chain_of(thing)

    @property
    def confirmed(self) -> str:
        """The date of the preview: whoever changes it once more is shown another preview first."""
        target = self.form.target
        return "|".join(str(target.get(name) or "") for name in ("starts_on", "circuit", "which"))

    def carry_out(self) -> HttpResponse:
        values = self.form.cleaned_data
        slip = values.get("is_correction", False)
        person: Any = self.request.user
        act = Act(by=person, reason=values["reason"], note=values["note"], seen=self.seen, is_correction=slip)
        try:
            self.door.verb(self.thing, act, **self.form.target)
        except Overtaken as overtaken:
            self.overtaking = [line_of(link) for link in overtaken.changes]
            self.seen = chain_of(self.thing)  # whoever has looked may save again
            self.thing.refresh_from_db()
            self.form.add_error(None, str(overtaken))
            return self.render(status=OVERTAKEN)
        except RescheduleRefused as refusal:
            self.form.add_error(None, str(refusal))
            return self.render()
        messages.success(self.request, _("%(what)s: the date is changed.") % {"what": self.thing.name})
        return HttpResponseRedirect(_url(self.thing, "change"))

    def render(self, *, status: int = 200) -> HttpResponse:
        context = {
            **self.desk.admin_site.each_context(self.request),
            "title": self.door.title,
            "subtitle": str(self.thing),
            "opts": self.desk.opts,
            "original": self.thing,
            "form": self.form,
            "seen": self.seen,
            "stands": standing_words(self.thing),
            "preview": self.preview,
            "confirmed": self.confirmed if self.preview else "",
            "overtaking": self.overtaking,
        }
        return TemplateResponse(self.request, "admin/results/schedule/act.html", context, status=status)


def lines_of(thing: Session | Event) -> list[Line]:
    """The history of a date, newest first."""
    links = ScheduleChange.objects.of(thing).order_by("-sequence").defer("document__content")
    return [line_of(link) for link in links.select_related("session", "event", "by", "document")[:MOST_LINES]]


def _preview(thing: Session | Event, form: WhyForm) -> Shift | None:
    target = form.target
    if not isinstance(thing, Event) or not target.get("starts_on"):
        return None
    return plan_shift(thing, target["starts_on"], circuit=target["circuit"], which=target["which"])


def _why(request: HttpRequest, form: Any) -> dict[str, Any]:
    values = {name: form.cleaned_data.get(name) for name in SAYS_WHY}
    return {
        "by": request.user,
        "reason": values["change_reason"] or "",
        "note": values["change_note"] or "",
        "is_correction": bool(values["change_is_slip"]),
    }


def _url(thing: Session | Event, name: str) -> str:
    return reverse(f"admin:results_{thing._meta.model_name}_{name}", args=[thing.pk])
