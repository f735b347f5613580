"""The pages of a session about decisions of the stewards: their effect, what would be if, and the grid that is formed.

What a person confirms is the fingerprint of the proposal that was shown. If a decision or the result has changed since,
nothing is written and the new proposal is shown.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from django.contrib import messages
from django.contrib.auth.models import User
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils.translation import gettext as _

from results.admin.proposal_table import grid_table_of, table_of
from results.admin.ruling_forms import ApplyForm, question_of
from results.amending import apply_decisions, note_as_contained
from results.desk_addresses import effect_address, form_grid_address, what_if_address
from results.grid_forming import RACES, form_grid, grid_of, has_result, penalties_for, qualifying_of, race_of, seen_of
from results.models import Classification, Decision, Session, SessionKind
from results.previews import effects_of
from results.proposal import (
    Proposal,
    counts,
    current_version,
    decisions_of,
    fallen_of,
    in_words,
    propose,
    reason_of,
    what_if,
)
from results.refusal import ReleaseRefused
from results.rulings.amounts import amount_as_typed

CONFLICT = 409


class StewardsPages:
    """Mixed into the admin of sessions; who may change results opens them."""

    admin_site: Any
    opts: Any

    def get_urls(self) -> list[URLPattern]:
        pages: tuple[tuple[str, Callable[..., HttpResponse], str], ...] = (
            ("<int:pk>/decisions/", self.decisions_view, "decisions"),
            ("<int:pk>/what-if/", self.what_if_view, "what_if"),
            ("<int:pk>/grid/", self.form_grid_view, "form_grid"),
        )
        own = [path(at, self.admin_site.admin_view(view), name=f"results_session_{name}") for at, view, name in pages]
        return [*own, *super().get_urls()]  # type: ignore[misc]

    def decisions_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """What the ticked decisions would do; POST applies them, keeps a draft, or notes one as held already."""
        person, session = self._asked(request, pk)
        checkpoint = _checkpoint(request, session)
        sent = request.POST if request.method == "POST" else request.GET
        entered = decisions_of(session, checkpoint)
        ticked = _ticked(sent, entered, current_version(session, checkpoint))
        error = ""
        if "contained" in request.POST:
            _note(request, session, checkpoint, entered)
            return HttpResponseRedirect(effect_address(session, checkpoint))
        try:
            proposal = propose(session, checkpoint, decisions=[one for one in entered if one.pk in ticked])
        except ReleaseRefused as refusal:
            proposal, error = None, str(refusal)
        form = _apply_form(request, proposal)
        if proposal is not None and form is not None and form.is_bound and form.is_valid():
            try:
                version = _applied(request, proposal, ticked, form, by=person)
            except ReleaseRefused as refusal:
                error, form = str(refusal), _apply_form(request, proposal, fresh=True)
            else:
                return HttpResponseRedirect(reverse("admin:results_classification_change", args=[version.pk]))
        context = {
            "checkpoint": checkpoint,
            "decisions": _lines_of(entered, ticked, current_version(session, checkpoint)),
            "proposal": proposal,
            "table": table_of(proposal) if proposal else None,
            "grid": grid_table_of(proposal) if proposal else None,
            "parts": effects_of(proposal) if proposal else [],
            "form": form,
            "error": error,
            "results": _results_of(session),
        }
        return self._page(request, session, "decisions", _("Effect of the decisions"), context)

    def what_if_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """The result if the stewards decided as the address says; nothing is stored."""
        _person, session = self._asked(request, pk)
        checkpoint = _checkpoint(request, session)
        current = current_version(session, checkpoint)
        proposal, question, error = None, None, ""
        if current is None:
            error = _("There is no released result to which a decision could be applied.")
        else:
            question = question_of(request.GET, current=current)
            rulings = question.rulings if question.is_valid else []
            try:
                proposal = what_if(session, checkpoint, rulings=rulings) if rulings else None
            except ReleaseRefused as refusal:
                error = str(refusal)
        context: dict[str, Any] = {
            "checkpoint": checkpoint,
            "question": question,
            "proposal": proposal,
            "table": table_of(proposal) if proposal else None,
            "grid": grid_table_of(proposal) if proposal else None,
            "parts": effects_of(proposal) if proposal else [],
            "error": error,
        }
        return self._page(request, session, "what_if", _("What if"), context)

    def form_grid_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Says from which qualifying the grid of which race would be formed; forms it on POST."""
        person, session = self._asked(request, pk)
        race = race_of(session)
        qualifying = session if session.kind == SessionKind.QUALIFYING else race and qualifying_of(race)
        error = ""
        if request.method == "POST" and race is not None and qualifying is not None:
            try:
                formed = form_grid(qualifying, race=race, by=person, seen=request.POST.get("seen"))
            except ReleaseRefused as refusal:
                error = str(refusal)
            else:
                messages.success(
                    request, _("The starting grid is version %(version)s.") % {"version": formed.version.version}
                )
                for doubt in formed.doubts:
                    messages.warning(request, doubt)
                return HttpResponseRedirect(reverse("admin:results_classification_change", args=[formed.version.pk]))
        penalties, untold = penalties_for(qualifying, race) if qualifying and race else ([], [])
        context = {
            "seen": seen_of(qualifying, race) if qualifying and race else "",
            "penalties": [in_words(one) for one in penalties],
            "untold": untold,
            "race": race,
            "qualifying": qualifying if qualifying is not None and current_version(qualifying) else None,
            "grid_session": grid_of(race) if race is not None else None,
            "is_run": race is not None and has_result(race),
            "error": error,
        }
        return self._page(request, session, "form_grid", _("Form the starting grid"), context)

    def _asked(self, request: HttpRequest, pk: int) -> tuple[User, Session]:
        if not isinstance(request.user, User) or not request.user.has_perm("results.change_classification"):
            raise PermissionDenied
        session = Session.objects.select_related("event__season__series").filter(pk=pk).first()
        if session is None:
            raise Http404
        return request.user, session

    def _page(
        self, request: HttpRequest, session: Session, name: str, title: str, context: dict[str, Any]
    ) -> TemplateResponse:
        checkpoint = context.get("checkpoint", "")
        context |= {
            **self.admin_site.each_context(request),
            "title": title,
            "subtitle": f"{session}{f' · {checkpoint}' if checkpoint else ''}",
            "opts": self.opts,
            "original": session,
            "session": session,
            "effect_address": effect_address(session, checkpoint),
            "what_if_address": what_if_address(session, checkpoint),
            "form_grid_address": form_grid_address(session),
            "has_grid_page": session.kind in {*RACES, SessionKind.QUALIFYING, SessionKind.GRID},
        }
        status = CONFLICT if context["error"] and request.method == "POST" else 200
        return TemplateResponse(request, f"admin/results/session/{name}.html", context, status=status)


def _checkpoint(request: HttpRequest, session: Session) -> str:
    wanted = request.GET.get("wertung", "")
    if wanted and not Classification.objects.filter(session=session, checkpoint=wanted).exists():
        raise Http404
    return wanted


def _results_of(session: Session) -> list[tuple[str, str]]:
    """The scorings of a session with the address of their page, the finish first."""
    current = Classification.objects.current().filter(session=session).order_by("checkpoint")
    names = list(current.values_list("checkpoint", flat=True))
    return [(name, effect_address(session, name)) for name in names] if len(names) > 1 else []


def _ticked(sent: Any, entered: Sequence[Decision], current: Classification | None) -> set[int]:
    """The decisions to work in: those ticked, or before anybody ticked, all that are open."""
    known = {one.pk for one in entered}
    if "ticked" in sent:
        return {int(one) for one in sent.getlist("decision") if one.isdecimal()} & known
    inside = {one.decision_id for one in current.applied.all()} if current else set()
    fallen = fallen_of(entered)
    return {one.pk for one in entered if counts(one) and one.pk not in inside and one.pk not in fallen} | {
        one.pk for one in entered if one.kind == Decision.Kind.REINSTATED
    }


def _apply_form(request: HttpRequest, proposal: Proposal | None, *, fresh: bool = False) -> ApplyForm | None:
    if proposal is None:
        return None
    initial = {
        "state": proposal.state, "reason": reason_of(proposal), "with_grid": proposal.grid is not None,
        "seen": proposal.fingerprint,
    }  # fmt: skip
    if fresh:
        initial |= {name: request.POST.get(name, "") for name in ("state", "reason")}
    sent = request.POST if request.method == "POST" and not fresh else None
    return ApplyForm(sent, initial=initial, current=proposal.current, has_grid=proposal.grid is not None)


def _applied(
    request: HttpRequest, proposal: Proposal, ticked: set[int], form: ApplyForm, *, by: User
) -> Classification:
    chosen = form.cleaned_data
    is_draft = "draft" in request.POST
    session = proposal.current.session
    version = apply_decisions(
        session, proposal.current.checkpoint, decisions=list(Decision.objects.filter(pk__in=ticked)), by=by,
        reason=chosen["reason"], state=chosen["state"], seen=chosen["seen"], with_grid=chosen.get("with_grid", False),
        release=not is_draft,
    )  # fmt: skip
    said = (
        _("Version %(version)s is a draft; readers do not see it.")
        if is_draft
        else _("Version %(version)s is the current one now.")
    )
    messages.success(request, said % {"version": version.version})
    return version


def _note(request: HttpRequest, session: Session, checkpoint: str, entered: Sequence[Decision]) -> None:
    current, named = current_version(session, checkpoint), request.POST.get("contained", "")
    decision = next((one for one in entered if str(one.pk) == named), None)
    if current is None or decision is None:
        raise Http404
    try:
        note_as_contained(current, decision)
    except ReleaseRefused as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, _("Noted: the result holds %(decision)s.") % {"decision": in_words(decision)})


def _lines_of(entered: Sequence[Decision], ticked: set[int], current: Classification | None) -> list[dict[str, Any]]:
    """Every decision with where it stands: in the result, open, fallen, or without effect."""
    inside = {one.decision_id for one in current.applied.all()} if current else set()
    fallen = fallen_of(entered)
    may_note = current is not None and current.base_id is None
    lines = []
    for one in entered:
        stand = _("in the result") if one.pk in inside else _("open")
        if one.pk in fallen:
            stand = _("falls") if one.pk in inside else _("no longer stands")
        elif not counts(one):
            stand = _("changes nothing here")
        is_open = counts(one) and one.pk not in inside and one.pk not in fallen
        lines.append(
            {
                "decision": one,
                "words": in_words(one),
                "amount": amount_as_typed(one.kind, one.amount),
                "stand": stand,
                "may_tick": is_open,
                "is_ticked": one.pk in ticked,
                "may_note": may_note and (is_open or _is_about_all(one, inside)),
            }
        )
    return lines


def _is_about_all(decision: Decision, inside: set[int]) -> bool:
    """One about the session as a whole: nobody can compute it, but a result may hold it."""
    return decision.session_entry_id is None and decision.kind != Decision.Kind.WARNING and decision.pk not in inside
