"""Public pages of championships: all of a season, one table, its matrix, and the account of one competitor."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import BadRequest
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from results import exports, selectors
from results.filters import LeanSelect
from results.models import Classification, Season
from results.standings.account import Account, account_of
from results.standings.matrix import matrix_of
from results.standings.partway import Partway, lines_partway, parts_of, provisional_partway
from results.standings.rounds import Round
from results.standings.sheets import account_sheet, matrix_sheet, table_sheet
from results.standings.shown import ShownChampionship, ShownLine, championship_seen
from results.standings.summaries import standings_of_season
from results.standings.tables import MatrixTable, StandingTable


class RoundSelect(LeanSelect):
    """Rounds to choose from; a part of one is chosen beside the table, here its round stands."""

    def render(self, name: str, value: Any, attrs: dict[str, Any] | None = None, renderer: Any = None) -> SafeString:
        return super().render(name, str(value or "").partition(".")[0], attrs, renderer)


class RoundForm(forms.Form):
    """After which round a table is asked for (`12`), or after which scoring of it (`12.1`); without a wish after the newest
    round.
    """

    nach = forms.RegexField(r"\A[1-9][0-9]{0,2}(\.[1-9][0-9]?)?\Z", label=gettext_lazy("Table after"), required=False)

    def __init__(self, *args: Any, shown: ShownChampionship, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.shown = shown
        choices = [(one.number, f"{one.number}. {one.event.name}") for one in reversed(shown.rounds.scored)]
        self.fields["nach"].widget = RoundSelect(choices=choices) if len(choices) > 1 else forms.HiddenInput()
        if shown.rounds.last is not None:
            self.fields["nach"].initial = shown.rounds.last.number

    @property
    def after(self) -> Round | None:
        """The round asked for, None as long as nothing is scored; Http404 for one without a table."""
        number, _dot, _part = self.cleaned_data["nach"].partition(".")
        if not number:
            return self.shown.rounds.last
        found = self.shown.rounds.numbered(int(number))
        if found is None:
            raise Http404
        return found

    @property
    def part(self) -> Partway | None:
        """The scoring of the round asked for, None for the whole of it; Http404 for one that is not there."""
        wish = self.cleaned_data["nach"]
        if "." not in wish or self.after is None:
            return None
        found = next((one for one in parts_of(self.shown, self.after) if one.wish == wish), None)
        if found is None:
            raise Http404
        return found


class Page:
    """What every page of a championship stands on: the season, the championship, the round asked for."""

    def __init__(self, request: HttpRequest, series: str, season: str, key: str) -> None:
        self.season: Season = selectors.get_season(series, season)
        self.shown: ShownChampionship = championship_seen(self.season, key)
        self.form = RoundForm(request.GET, shown=self.shown)
        if not self.form.is_valid():
            raise BadRequest("no such round")
        self.after, self.part = self.form.after, self.form.part

    @property
    def is_newest(self) -> bool:
        return self.after == self.shown.rounds.last and self.part is None

    @property
    def query(self) -> str:
        """The reader's choice as the end of an address, `?` included; empty for the newest table."""
        return "" if self.after is None or self.after == self.shown.rounds.last else f"?nach={self.after.number}"

    @property
    def table_query(self) -> str:
        """The same for the table and its files, which there are also after a part of a round."""
        return f"?nach={self.part.wish}" if self.part else self.query

    def whole(self) -> Page:
        """The page, for what there is after whole rounds alone; Http404 after a part of one."""
        if self.part is not None:
            raise Http404
        return self

    def lines(self) -> list[ShownLine]:
        """The table asked for."""
        if self.part is not None:
            return lines_partway(self.shown, self.part)
        return self.shown.lines(self.scored())

    def provisional(self) -> list[Classification]:
        """Why it is provisional."""
        if self.part is not None:
            return provisional_partway(self.part)
        return self.shown.provisional(self.after) if self.after else []

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
            "part": self.part,
            "form": self.form,
            "query": self.query,
            "is_newest": self.is_newest,
            "provisional": self.provisional(),
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
    shown, table, parts = page.shown, None, []
    if page.after is not None:
        table = StandingTable(page.lines(), shown=shown, query=page.query, caption=shown.championship.name)
        parts = parts_of(shown, page.after)
    context = page.context(table=table, parts=parts, table_query=page.table_query, canonical_path=shown.table_address)
    return render(request, "results/standing.html", context)


@require_safe
def standing_matrix(request: HttpRequest, series: str, season: str, key: str) -> HttpResponse:
    page = Page(request, series, season, key).whole()
    shown, table = page.shown, None
    if page.after is not None:
        caption = _("%(name)s, round by round") % {"name": shown.championship.name}
        table = MatrixTable(matrix_of(shown, page.after), shown=shown, query=page.query, caption=caption)
    context = page.context(table=table, canonical_path=shown.matrix_address)
    return render(request, "results/standing_matrix.html", context)


@require_safe
def points_ledger(request: HttpRequest, *, series: str, season: str, key: str, competitor: str) -> HttpResponse:
    page = Page(request, series, season, key).whole()
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
    path = page.shown.table_address + page.table_query
    sheet = table_sheet(page.shown, page.scored(), lines=page.lines(), part=page.part, path=path)
    return exports.response_of(sheet, form)


@require_safe
def standing_matrix_export(request: HttpRequest, *, series: str, season: str, key: str, form: str) -> HttpResponse:
    page = Page(request, series, season, key).whole()
    after = page.scored()
    sheet = matrix_sheet(page.shown, after, matrix_of(page.shown, after), path=page.shown.matrix_address + page.query)
    return exports.response_of(sheet, form)


@require_safe
def points_ledger_export(
    request: HttpRequest, *, series: str, season: str, key: str, competitor: str, form: str
) -> HttpResponse:
    page = Page(request, series, season, key).whole()
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
