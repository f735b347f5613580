"""The page of a result's versions: what stood when, and what changed from one to another. Only what readers saw."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from urllib.parse import urlencode

from django import forms
from django.core.exceptions import BadRequest
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from results import exports, schedule, selectors
from results.exports import Column, Sheet
from results.history import Chain, History, Version, decisions_of, history_of
from results.lap_views import session_context
from results.models import Session
from results.release import label_of
from results.version_diff import diff_of, record_of, sheet_of

NUMBER = r"\A[1-9][0-9]{0,4}\Z"


class DiffForm(forms.Form):
    """Which two versions of which scoring are compared; neither of them: the page is the history alone."""

    wertung = forms.ChoiceField(required=False, widget=forms.HiddenInput)
    von = forms.RegexField(NUMBER, required=False)
    bis = forms.RegexField(NUMBER, required=False)

    def __init__(self, *args: Any, history: History, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.history = history
        names = [name for name in history.chains if name]
        self.fields["wertung"].choices = [(name, name) for name in names]  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if not self.errors and bool(cleaned["von"]) != bool(cleaned["bis"]):
            raise forms.ValidationError("two versions")
        return cleaned

    @property
    def chain(self) -> Chain:
        """The versions of the scoring asked for; without a wish of the finish, and before it of the latest checkpoint."""
        chains = self.history.chains
        return chains.get(self.cleaned_data["wertung"]) or list(chains.values())[-1]

    @property
    def pair(self) -> tuple[Version, Version] | None:
        """The versions to compare, in the order asked for; Http404 where readers know of no such version."""
        if not self.cleaned_data["von"]:
            return None
        found = [self.history.find(self.chain[0].checkpoint, int(self.cleaned_data[name])) for name in ("von", "bis")]
        if found[0] is None or found[1] is None:
            raise Http404
        return found[0], found[1]


class PairForm(forms.Form):
    """The same for people: two lists of the versions there are."""

    wertung = forms.CharField(widget=forms.HiddenInput)
    von = forms.ChoiceField(label=gettext_lazy("From version"))
    bis = forms.ChoiceField(label=gettext_lazy("To version"))

    def __init__(self, chain: Chain, pair: tuple[Version, Version] | None) -> None:
        newest, former = chain[0], chain[min(1, len(chain) - 1)]
        von, bis = pair or (former, newest)
        super().__init__(initial={"wertung": chain[0].checkpoint, "von": von.number, "bis": bis.number})
        choices = [(one.number, f"{one.number} · {label_of(one.state)}") for one in reversed(chain)]
        for name in ("von", "bis"):
            self.fields[name].choices = choices  # type: ignore[attr-defined]


@require_safe
def session_history(request: HttpRequest, series: str, season: str, event: str, session: str) -> HttpResponse:
    current, asked = _asked(request.GET, series, season, event, session)
    chain, pair = asked.chain, asked.pair
    diff = diff_of(*pair) if pair else None
    rows = diff.rows if diff else []
    columns = diff.columns(rows) if diff else []
    address = reverse("results:session-history", args=[series, season, event, session])
    context = {
        **session_context(current),
        "chain": [(one, former) for one, former in zip(chain, [*chain[1:], None], strict=True)],
        "versions": asked.history.public,
        "scoring": chain[0].classification,
        "zone": current.event.zone,
        "form": PairForm(chain, pair) if len(chain) > 1 else None,
        "export_address": address.removesuffix("/") + ".",
        "decisions": decisions_of(chain),
        "diff": diff,
        "columns": columns,
        "rows": [(row, row.in_order(name for name, _head in columns)) for row in rows],
        "reasons": _reasons(chain, pair),
        "query": _query(chain, pair),
        "canonical_path": address,
        "is_indexed": diff is None,
    }
    return render(request, "results/session_history.html", context)


@require_safe
def session_history_export(
    request: HttpRequest, *, series: str, season: str, event: str, session: str, form: str
) -> HttpResponse:
    current, asked = _asked(request.GET, series, season, event, session)
    pair = asked.pair
    sheet = sheet_of(current, diff_of(*pair)) if pair else _sheet_of_chain(current, asked.chain)
    return exports.response_of(sheet, form)


def _asked(asked: Mapping[str, Any], series: str, season: str, event: str, session: str) -> tuple[Session, DiffForm]:
    """The session and what is wanted of its history; Http404 where readers see no result."""
    found = selectors.get_event(series, season, event)
    current = selectors.get_session(session, schedule.sessions_of(found, broadcasts=False))
    history = history_of(current)
    if not history.chains:
        raise Http404
    form = DiffForm(asked, history=history)
    if not form.is_valid():
        raise BadRequest("no such versions")
    return current, form


def _reasons(chain: Chain, pair: tuple[Version, Version] | None) -> list[Version]:
    """The versions between the two that say why they came, oldest first; none where it is read backwards."""
    if pair is None:
        return []
    return [one for one in reversed(chain) if pair[0].number < one.number <= pair[1].number and one.reason]


def _query(chain: Chain, pair: tuple[Version, Version] | None) -> str:
    """The reader's choice as the end of an address, made anew: nothing that came along unasked."""
    wanted = {"wertung": chain[0].checkpoint} if chain[0].checkpoint else {}
    numbers = {"von": pair[0].number, "bis": pair[1].number} if pair else {}
    return f"?{urlencode({**numbers, **wanted})}" if numbers or wanted else ""


def _sheet_of_chain(session: Session, chain: Chain) -> Sheet:
    """The versions of a result, newest first."""
    event = session.event
    season = event.season
    checkpoint = chain[0].checkpoint
    return Sheet(
        name=f"{season.series.slug}-{season.slug}-{event.slug}-{session.slug}-verlauf",
        title=session.name,
        about=exports.about(
            path=f"{session.get_absolute_url()}verlauf/{_query(chain, None)}",
            series=season.name_of_series,
            season=season.label,
            event=event.name,
            session=session.name,
            checkpoint=checkpoint,
        ),
        rows=[{"version": one} for one in chain],
        columns=[
            Column(_("Version"), lambda row: row["version"].number),
            Column(_("State"), lambda row: label_of(row["version"].state)),
            Column(_("From"), lambda row: row["version"].opened.isoformat()),
            Column(_("Until"), lambda row: row["version"].closed.isoformat() if row["version"].closed else ""),
            Column(_("Reason"), lambda row: row["version"].reason),
            Column(
                _("Decisions"),
                lambda row: ", ".join(one.number or one.what for one in row["version"].decisions),
            ),
            Column(_("Source"), lambda row: row["version"].source),
        ],
        record=lambda row: record_of(row["version"]),
    )
