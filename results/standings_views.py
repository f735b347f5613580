"""Public pages of championships: all of a season, one table, its matrix, and the account of one competitor."""

from typing import Any

from django import forms
from django.core.exceptions import BadRequest
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from results import exports, selectors
from results.filters import LeanSelect
from results.models import Season
from results.standings.account import Account, account_of
from results.standings.matrix import matrix_of
from results.standings.rounds import Round, Rounds
from results.standings.sheets import account_sheet, matrix_sheet, table_sheet
from results.standings.shown import ShownChampionship, championship_seen
from results.standings.summaries import standings_of_season
from results.standings.tables import MatrixTable, StandingTable


class RoundForm(forms.Form):
    """After which round a table is asked for; without a wish after the newest one."""

    nach = forms.IntegerField(label=gettext_lazy("Table after"), min_value=1, max_value=999, required=False)

    def __init__(self, *args: Any, rounds: Rounds, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.rounds = rounds
        choices = [(one.number, f"{one.number}. {one.event.name}") for one in reversed(rounds.scored)]
        self.fields["nach"].widget = LeanSelect(choices=choices) if len(choices) > 1 else forms.HiddenInput()
        if rounds.last is not None:
            self.fields["nach"].initial = rounds.last.number

    @property
    def after(self) -> Round | None:
        """The round asked for, None as long as nothing is scored; Http404 for one without a table."""
        number = self.cleaned_data["nach"]
        found = self.rounds.last if number is None else self.rounds.numbered(number)
        if number is not None and found is None:
            raise Http404
        return found


class Page:
    """What every page of a championship stands on: the season, the championship, the round asked for."""

    def __init__(self, request: HttpRequest, series: str, season: str, key: str) -> None:
        self.season: Season = selectors.get_season(series, season)
        self.shown: ShownChampionship = championship_seen(self.season, key)
        self.form = RoundForm(request.GET, rounds=self.shown.rounds)
        if not self.form.is_valid():
            raise BadRequest("no such round")
        self.after = self.form.after

    @property
    def is_newest(self) -> bool:
        return self.after == self.shown.rounds.last

    @property
    def query(self) -> str:
        """The reader's choice as the end of an address, `?` included; empty for the newest table."""
        return "" if self.after is None or self.is_newest else f"?nach={self.after.number}"

    def scored(self) -> Round:
        """The round; Http404 as long as nothing is scored."""
        if self.after is None:
            raise Http404
        return self.after

    def context(self, **further: Any) -> dict[str, Any]:
        series = self.season.series
        return {
            "season": self.season,
            "series": series,
            "current_series": series.slug,
            "shown": self.shown,
            "championship": self.shown.championship,
            "after": self.after,
            "form": self.form,
            "query": self.query,
            "is_newest": self.is_newest,
            "provisional": self.shown.provisional(self.after) if self.after else [],
            **further,
        }


@require_safe
def standings(request: HttpRequest, series: str, season: str) -> HttpResponse:
    found = selectors.get_season(series, season)
    tables = standings_of_season(found)
    if not tables:
        raise Http404
    context = {
        "season": found,
        "series": found.series,
        "current_series": found.series.slug,
        "standings": tables,
        "page_title": _("Championships"),
        "canonical_path": f"{found.get_absolute_url()}tabelle/",
    }
    return render(request, "results/standings.html", context)


@require_safe
def standing(request: HttpRequest, series: str, season: str, key: str) -> HttpResponse:
    page = Page(request, series, season, key)
    shown, table = page.shown, None
    if page.after is not None:
        caption = shown.championship.name
        table = StandingTable(shown.lines(page.after), shown=shown, query=page.query, caption=caption)
    context = page.context(table=table, canonical_path=shown.table_address)
    return render(request, "results/standing.html", context)


@require_safe
def standing_matrix(request: HttpRequest, series: str, season: str, key: str) -> HttpResponse:
    page = Page(request, series, season, key)
    shown, table = page.shown, None
    if page.after is not None:
        caption = _("%(name)s, round by round") % {"name": shown.championship.name}
        table = MatrixTable(matrix_of(shown, page.after), shown=shown, query=page.query, caption=caption)
    context = page.context(table=table, canonical_path=shown.matrix_address)
    return render(request, "results/standing_matrix.html", context)


@require_safe
def points_ledger(request: HttpRequest, *, series: str, season: str, key: str, competitor: str) -> HttpResponse:
    page = Page(request, series, season, key)
    account = _account(page, competitor)
    context = page.context(
        account=account,
        competitor=account.competitor,
        canonical_path=page.shown.ledger_address(account.competitor),
    )
    return render(request, "results/points_ledger.html", context)


@require_safe
def standing_export(request: HttpRequest, *, series: str, season: str, key: str, form: str) -> HttpResponse:
    page = Page(request, series, season, key)
    sheet = table_sheet(page.shown, page.scored(), path=page.shown.table_address + page.query)
    return exports.response_of(sheet, form)


@require_safe
def standing_matrix_export(request: HttpRequest, *, series: str, season: str, key: str, form: str) -> HttpResponse:
    page = Page(request, series, season, key)
    after = page.scored()
    sheet = matrix_sheet(page.shown, after, matrix_of(page.shown, after), path=page.shown.matrix_address + page.query)
    return exports.response_of(sheet, form)


@require_safe
def points_ledger_export(
    request: HttpRequest, *, series: str, season: str, key: str, competitor: str, form: str
) -> HttpResponse:
    page = Page(request, series, season, key)
    account = _account(page, competitor)
    path = page.shown.ledger_address(account.competitor) + page.query
    return exports.response_of(account_sheet(account, path=path), form)


def _account(page: Page, key: str) -> Account:
    """The account of the competitor whose address ends so; Http404 for nobody, and before he had any points or place."""
    after, competitor = page.scored(), page.shown.competitors.keyed(key)
    if competitor is None:
        raise Http404
    account = account_of(page.shown, competitor, after)
    if account.standing is None and not account.rows:
        raise Http404
    return account
