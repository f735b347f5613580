"""A page that asks, shows what a change would do to the table, and carries it out once a person has seen that.

What he confirms is a mark of what he sent and of the effect he was shown: if a result was released in between, the new
effect is shown and nothing is written.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from django.db import transaction
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.utils.translation import gettext as _

from results.models import Championship
from results.standings.acts import ActRefused, Overtaken
from results.standings.effect import Effect, effect_of, lock_season
from results.standings.reading import plain

OVERTAKEN = 409
NOT_COMPARED = frozenset({"csrfmiddlewaretoken", "confirmed", "reason", "look", "save", "seen"})


@dataclass
class EffectPage:
    """One act. `act(reason, seen)` carries it out; `seen` is a mark of what is stored; `done` is where it goes then."""

    desk: Any
    request: HttpRequest
    championship: Championship
    form: Any
    title: str
    act: Callable[[str, str], object]
    done: Callable[[object], str]
    seen: Callable[[], str] = lambda: ""
    template: str = "admin/results/championship/act.html"
    more: Callable[[], dict[str, Any]] = dict
    effect: Effect | None = None
    confirmed: str = ""
    status: int = 200
    mark: str = field(init=False, default="")
    made: object = field(init=False, default=None)

    def answer(self) -> HttpResponse:
        """The page, or the way on once the act is done."""
        self.mark = self.request.POST.get("seen") or self.seen()
        if self.form.is_bound and self.form.is_valid():
            try:
                if self._is_carried_out():
                    return HttpResponseRedirect(self.done(self.made))
            except Overtaken as overtaken:
                self.form.add_error(None, str(overtaken))
                self.status, self.effect, self.mark = OVERTAKEN, None, self.seen()
            except ActRefused as refusal:
                self.form.add_error(None, str(refusal))
        return self._render()

    @transaction.atomic
    def _is_carried_out(self) -> bool:
        """Finds the effect; carries out what was confirmed with that very effect, while no result can come between."""
        lock_season(self.championship)
        self.effect = effect_of(self.championship, lambda: self.act("–", self.mark))
        self.confirmed = self._digest(self.effect)
        is_confirmed = "save" in self.request.POST and self.request.POST.get("confirmed") == self.confirmed
        if is_confirmed:
            self.made = self.act(self._reason(), self.mark)
        return is_confirmed

    def _reason(self) -> str:
        return str(self.form.cleaned_data.get("reason") or "")

    def _digest(self, effect: Effect) -> str:
        sent = sorted((key, values) for key, values in self.request.POST.lists() if key not in NOT_COMPARED)
        return hashlib.sha256(repr((sent, effect)).encode()).hexdigest()

    def _render(self) -> HttpResponse:
        shown = self.effect is not None and "save" in self.request.POST and not self.form.errors
        context = {
            **self.desk.admin_site.each_context(self.request),
            "title": self.title,
            "subtitle": str(self.championship),
            "opts": Championship._meta,
            "original": self.championship,
            "form": self.form,
            "effect": table_of(self.effect) if self.effect else None,
            "confirmed": self.confirmed if self.effect else "",
            "seen": self.mark,
            "is_new_effect": shown,
            "is_overtaken": self.status == OVERTAKEN,
            **self.more(),
        }
        return TemplateResponse(self.request, self.template, context, status=self.status)


def table_of(effect: Effect) -> dict[str, Any]:
    """The effect as a template prints it."""
    return {
        "is_empty": effect.is_empty,
        "number": len(effect.changed),
        "scorings": effect.scorings,
        "has_other_scorings": effect.scorings[0] != effect.scorings[1],
        "lines": [
            {
                "name": move.name,
                "move": move.direction,
                "said": _said(move.direction),
                "is_changed": move.is_changed,
                "place": (move.before.place if move.before else "–", move.after.place if move.after else "–"),
                "points": (
                    points_in_words(move.before.points) if move.before else "–",
                    points_in_words(move.after.points) if move.after else "–",
                ),
            }
            for move in effect.moves
        ],
    }


def points_in_words(points: Any) -> str:
    """`4,5`, `−15`."""
    return plain(points).replace("-", "−").replace(".", ",")


def _said(direction: str) -> str:
    words = {"up": _("moves up"), "down": _("moves down"), "in": _("new in the table"), "out": _("out of the table")}
    return words.get(direction, "")
