"""Championship tables as the organiser prints them: by hand or by import, and beside ours line by line."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from typing import Any

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from results.admin.deletion import Recoverable
from results.admin.effect_page import points_in_words
from results.admin.printed_forms import ExplainForm
from results.models import ImportRun, PointsAward, PrintedStanding, PrintedStandingRow, Season
from results.points.rule_words import KINDS
from results.standings.comparison import (
    Comparison,
    Origin,
    Pair,
    compare,
    compare_season,
    explain,
    in_points,
    note_differences,
)
from results.standings.explained import round_names
from results.standings.linking import link_tables

MOST_NAMED = 5


class PrintedStandingRowInline(admin.TabularInline[PrintedStandingRow, PrintedStanding]):
    model = PrintedStandingRow
    fields = ("display_order", "position", "entrant", "points")
    extra = 0


@admin.register(PrintedStanding)
class PrintedStandingAdmin(Recoverable, admin.ModelAdmin[PrintedStanding]):
    change_form_template = "admin/results/printedstanding/change_form.html"
    fields = (
        "season", "championship", "name", "class_name", "after", "after_event", "is_final", "public_from", "document",
    )  # fmt: skip
    readonly_fields = ("document",)
    inlines = (PrintedStandingRowInline,)
    autocomplete_fields = ("season", "championship", "after_event")
    list_display = ("name", "class_name", "season", "after", "is_final", "beside_ours")
    list_filter = ("season__series", "is_final", ("differences", admin.EmptyFieldListFilter))
    list_select_related = ("season__series",)
    search_fields = ("name", "season__label", "season__series__name", "after")
    actions = ("link_by_name",)

    def get_urls(self) -> list[URLPattern]:
        compare_page = path(
            "<int:pk>/compare/", self.admin_site.admin_view(self.compare_view), name="results_printedstanding_compare"
        )
        return [compare_page, *super().get_urls()]

    @admin.action(description=gettext_lazy("Link with our championship of the same name"), permissions=["change"])
    def link_by_name(self, request: HttpRequest, queryset: QuerySet[PrintedStanding]) -> None:
        """Those that an import could not link, because our championship came later or had another name.

        A transaction for each season: the results of one do not wait for the tables of all.
        """
        loose = queryset.filter(championship__isnull=True).order_by()
        seasons: dict[int, list[int]] = defaultdict(list)
        for season, table in loose.values_list("season", "pk"):
            seasons[season].append(table)
        tables = [one for season in sorted(seasons) for one in self._link(request, season, seasons[season])]
        messages.info(request, _linked_in_words(tables))

    @transaction.atomic
    def _link(self, request: HttpRequest, season: int, chosen: list[int]) -> list[PrintedStanding]:
        """Links those of the chosen tables of a season that are loose still; all of these, linked or not."""
        Season.objects.select_for_update(no_key=True, of=("self",)).filter(pk=season).first()
        loose = PrintedStanding.objects.filter(pk__in=chosen, season=season, championship__isnull=True)
        tables = list(loose.select_for_update(of=("self",)).select_related("season__series"))
        linked = link_tables(tables)
        for one in linked:
            self.log_change(request, one, _("By its name linked with “%(name)s”.") % {"name": one.championship})
        if linked:
            compare_season(season)
        return tables

    @admin.display(description=gettext_lazy("beside ours"), ordering="differences", empty_value="–")
    def beside_ours(self, table: PrintedStanding) -> str | None:
        """How many lines differ; that a person has said why."""
        if table.championship_id is None or table.differences is None:
            return None
        if not table.differences:
            return _("equal")
        if table.settled_mark == table.mark:
            return _("%(n)s differ, explained") % {"n": table.differences}
        return _("%(n)s differ") % {"n": table.differences}

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: Any) -> None:
        """Rows come after their table: only now there is something to compare."""
        super().save_related(request, form, formsets, change)
        note_differences([form.instance])

    def compare_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """The organiser's table beside ours; POST says why they differ."""
        if not request.user.has_perm("results.view_printedstanding"):
            raise PermissionDenied
        related = ("season__series", "championship__season__series", "championship__racing_class", "after_event")
        table = PrintedStanding.objects.select_related(*related, "settled_by").filter(pk=pk).first()
        if table is None:
            raise Http404
        may_explain = request.user.has_perm("results.change_printedstanding")
        if request.method == "POST" and not may_explain:
            raise PermissionDenied
        form = ExplainForm(request.POST if request.method == "POST" else None)
        if form.is_bound and form.is_valid():
            person: Any = request.user
            if explain(table, by=person, **form.cleaned_data):
                messages.success(
                    request, _("The difference is explained; the board is silent until it is another one.")
                )
                return HttpResponseRedirect(reverse("admin:results_printedstanding_compare", args=[pk]))
            form.add_error(None, _("The tables have changed since you looked at them. Please look again."))
        found = compare(table, with_origins=True)
        context = {
            **self.admin_site.each_context(request), "title": _("Organiser's table beside ours"), "subtitle": str(table),
            "opts": self.opts, "original": table, "found": found, "lines": _lines(table, found), "form": form,
            "is_settled": bool(found.mark) and table.settled_mark == found.mark, "may_explain": may_explain,
            "run": ImportRun.objects.filter(report__printed__table=pk, undone_at__isnull=True).order_by("-pk").first(),
            "may_undo": request.user.has_perm("results.add_importrun"),
        }  # fmt: skip
        return TemplateResponse(request, "admin/results/printedstanding/compare.html", context)


def _linked_in_words(tables: Sequence[PrintedStanding]) -> str:
    """How many of these tables have found their championship, and the names of the first that have not."""
    loose = [one for one in tables if one.championship_id is None]
    said = {"linked": len(tables) - len(loose), "loose": len(loose)}
    if not loose:
        return _("%(linked)s linked, %(loose)s without a championship that is theirs for sure.") % said
    names = list(dict.fromkeys(f"{one} ({one.class_name})" if one.class_name else str(one) for one in loose))
    more = len(names) - MOST_NAMED
    listed = ", ".join(names[:MOST_NAMED]) + (_(" and %(number)s more") % {"number": more} if more > 0 else "")
    words = _("%(linked)s linked, %(loose)s without a championship that is theirs for sure: %(names)s.")
    return words % {**said, "names": listed}


def _lines(table: PrintedStanding, found: Comparison) -> list[dict[str, Any]]:
    """The pairs as a template prints them."""
    rounds = round_names(table.championship) if table.championship else {}
    return [_line(pair, rounds) for pair in found.pairs]


def _line(pair: Pair, rounds: Any) -> dict[str, Any]:
    printed, ours = pair.printed, pair.ours
    said = ""
    if ours is None:
        said = _("We know nobody of this name for sure.")
    elif printed is None:
        said = _("Stands only in our table.")
    return {
        "differs": pair.differs,
        "theirs": (printed.position or "–", printed.entrant, points_in_words(printed.points)) if printed else None,
        "ours": (ours.printed or ours.position, ours.name, points_in_words(ours.points)) if ours else None,
        "points": in_points(pair.points) if pair.points else "",
        "place": f"{pair.place:+d}".replace("-", "−") if pair.place else "",
        "said": said,
        "origin": _origin(pair.origin, rounds) if pair.origin else None,
    }


def _origin(origin: Origin, rounds: Any) -> dict[str, Any]:
    return {
        "since": rounds.get(origin.since, ""),
        "first": rounds.get(origin.round, ""),
        "rows": [(_award(row), row.pk in origin.suspects) for row in origin.rows],
    }


def _award(row: PointsAward) -> str:
    """`Monza · Rennen: Ziel, Platz 3 → 15 × 1/2 = 7,5`."""
    where = row.reason or row.get_cause_display()
    if row.session is not None:
        kind = row.session.name or KINDS.get(row.session.kind, "")
        at = f" ({row.checkpoint})" if row.checkpoint else ""
        where = f"{row.session.event.name} · {kind}{at}: {row.get_cause_display()}"
    place = f", {_('position')} {row.place}" if row.place else ""
    arithmetic = points_in_words(row.points)
    if row.factor != "1":
        arithmetic = f"{points_in_words(row.base)} × {row.factor} = {arithmetic}"
    return f"{where}{place} → {arithmetic}"
