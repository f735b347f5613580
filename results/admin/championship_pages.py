"""The acts on a championship as pages of their own below `championship/<pk>/`."""

from __future__ import annotations

import copy
from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.contrib.auth.models import User
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils.translation import gettext as _

from results.admin.championship_forms import DecideForm, PublishForm, ReasonForm, RulesForm, ScoringForm
from results.admin.effect_page import EffectPage
from results.admin.printed_pages import PrintedPages
from results.models import Championship, Computation, ScoringEvent
from results.points.rule_text import as_text
from results.standings.acts import (
    ActRefused,
    change_rules,
    decide,
    file_says,
    follow_file,
    publish_table,
    seen_of,
    set_scoring,
    take_table_back,
)
from results.standings.explained import explained
from results.standings.strangers import strangers_in

CHANGE, PUBLISH = "results.change_championship", "results.publish_championship"
DECIDE, SCORE = "results.add_championshipdecision", "results.change_scoringevent"
PRINTED = "results.add_printedstanding"


class ChampionshipPages(PrintedPages):
    """Mixed into the admin of championships."""

    def get_urls(self) -> list[URLPattern]:
        pages: tuple[tuple[str, Callable[..., HttpResponse]], ...] = (
            ("rules", self.rules_view),
            ("follow", self.follow_view),
            ("publish", self.publish_view),
            ("withdraw", self.withdraw_view),
            ("decide", self.decide_view),
            ("score", self.score_view),
            ("printed", self.printed_view),
        )
        own = [
            path(f"<int:pk>/{name}/", self.admin_site.admin_view(view), name=f"results_championship_{name}")
            for name, view in pages
        ]
        return [*own, *super().get_urls()]  # type: ignore[misc]

    def doors_of(self, request: HttpRequest, championship: Championship) -> dict[str, Any]:
        """The acts that are open to this person now, with their addresses."""
        may = request.user.has_perm
        is_shown = championship.public_from is not None
        doors = (
            ("rules", _("Change the rules"), may(CHANGE)),
            ("follow", _("Follow the rule file again"),
             may(CHANGE) and championship.is_by_hand and file_says(championship) is not None),
            ("score", _("Count another session"), may(SCORE)),
            ("decide", _("Enter a decision"), may(DECIDE)),
            ("printed", _("Read a printed table"), may(PRINTED)),
            ("publish", _("Publish the table"), may(PUBLISH) and not getattr(championship, "is_public_", False)),
            ("withdraw", _("Take the table back"), may(PUBLISH) and is_shown),
        )  # fmt: skip
        return {
            "doors": [
                (reverse(f"admin:results_championship_{name}", args=[championship.pk]), title)
                for name, title, is_open in doors
                if is_open
            ],
            "may_change_scorings": may(SCORE),
            "may_take_back": may("results.delete_championshipdecision"),
        }

    def rules_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Rules as text beside their words, the effect, then saving."""
        person, championship = self._asked(request, pk, CHANGE)
        form = RulesForm(championship, request.POST if request.method == "POST" else None)

        def act(reason: str, seen: str) -> Championship:
            return change_rules(championship, by=person, reason=reason, seen=seen, **form.values())

        def more() -> dict[str, Any]:
            fresh = self._fresh(pk)
            proposed = copy.copy(fresh)
            is_new = hasattr(form, "said")
            if is_new:
                proposed.rules = form.said
                proposed.racing_class = form.cleaned_data.get("racing_class")
                proposed.is_by_hand = True
            return {
                "parts": explained(proposed),
                "strangers": strangers_in(proposed),
                "is_proposed": is_new,
                "stored_text": as_text(fresh.rules),
                "stored": fresh,
            }

        page = EffectPage(
            self, request, championship, form, _("Change the rules"), act, _done(request, _("The rules are changed.")),
            seen=lambda: seen_of(self._fresh(pk)), template="admin/results/championship/rules.html", more=more,
        )  # fmt: skip
        return page.answer()

    def follow_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """The rules as the file has them, from now on."""
        person, championship = self._asked(request, pk, CHANGE)
        form = ReasonForm(request.POST if request.method == "POST" else None)
        said = file_says(championship)

        def act(reason: str, seen: str) -> Championship:
            return follow_file(championship, by=person, reason=reason, seen=seen)

        def more() -> dict[str, Any]:
            return {"parts": explained(said) if said is not None else [], "is_proposed": True}

        page = EffectPage(
            self, request, championship, form, _("Follow the rule file again"), act,
            _done(request, _("The rules follow the file again.")), seen=lambda: seen_of(self._fresh(pk)), more=more,
        )  # fmt: skip
        return page.answer()

    def score_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Another session, or a checkpoint of one, that counts."""
        person, championship = self._asked(request, pk, SCORE)
        scoring = ScoringEvent(championship=championship)
        form = ScoringForm(request.POST if request.method == "POST" else None, instance=scoring)

        def act(reason: str, seen: str) -> Championship:
            set_scoring(copy.copy(form.instance), by=person, reason=reason, seen=seen)
            return championship

        page = EffectPage(
            self, request, championship, form, _("Count another session"), act,
            _done(request, _("The session counts.")),
        )  # fmt: skip
        return page.answer()

    def decide_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """A decision about the table."""
        person, championship = self._asked(request, pk, DECIDE)
        form = DecideForm(championship, request.POST if request.method == "POST" else None)

        def act(reason: str, _seen: str) -> Championship:
            decision = copy.copy(form.instance)
            decision.reason = decision.reason or ("–" if reason == "–" else "")
            decide(decision, by=person)
            return championship

        page = EffectPage(
            self, request, championship, form, _("Enter a decision"), act,
            _done(request, _("The decision is entered; the table follows it.")),
        )  # fmt: skip
        return page.answer()

    def publish_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Lets readers see the table."""

        def act(championship: Championship, form: PublishForm, person: User) -> None:
            said = form.cleaned_data
            publish_table(championship, by=person, reason=said["reason"], opens=said["opens"])
            messages.success(request, _("The table is published."))

        return self._plain_act(request, pk, PublishForm, act, _("Publish the table"))

    def withdraw_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """The desk alone sees the table again."""

        def act(championship: Championship, form: ReasonForm, person: User) -> None:
            take_table_back(championship, by=person, reason=form.cleaned_data["reason"])
            messages.success(request, _("Only the desk sees the table now."))

        return self._plain_act(request, pk, ReasonForm, act, _("Take the table back"))

    def _plain_act(
        self, request: HttpRequest, pk: int, kind: type[Any], act: Callable[[Championship, Any, User], None], title: str
    ) -> HttpResponse:
        """Asks, and carries out: what readers see changes, and no number does."""
        person, championship = self._asked(request, pk, PUBLISH)
        form = kind(request.POST if request.method == "POST" else None)
        if form.is_bound and form.is_valid():
            try:
                act(championship, form, person)
            except ActRefused as refusal:
                form.add_error(None, str(refusal))
            else:
                return HttpResponseRedirect(reverse("admin:results_championship_change", args=[pk]))
        computations = Computation.objects.filter(championship=championship)
        context = {
            **self.admin_site.each_context(request), "title": title, "subtitle": str(championship),
            "opts": Championship._meta, "original": championship, "form": form,
            "has_table": computations.current().exists(), "is_publishing": kind is PublishForm,
        }  # fmt: skip
        return TemplateResponse(request, "admin/results/championship/readers.html", context)

    def _asked(self, request: HttpRequest, pk: int, right: str) -> tuple[User, Championship]:
        if not isinstance(request.user, User) or not request.user.has_perm(right):
            raise PermissionDenied
        return request.user, self._fresh(pk)

    @staticmethod
    def _fresh(pk: int) -> Championship:
        found = Championship.objects.select_related("season__series", "racing_class").filter(pk=pk).first()
        if found is None:
            raise Http404
        return found


def _done(request: HttpRequest, words: str) -> Callable[[Any], str]:
    """Says what was done, and leads to the championship."""

    def on(made: Any) -> str:
        messages.success(request, words)
        return reverse("admin:results_championship_change", args=[made.pk])

    return on
