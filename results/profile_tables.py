"""Tables and filters of the pages of a driver, a team, a manufacturer and a circuit."""

from typing import Any

from django import forms
from django.db.models import QuerySet
from django.urls import reverse
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _
from django_filters.filters import ChoiceFilter
from django_filters.filterset import FilterSet

from results.importers.status import CLASSIFIED, STATUSES
from results.models import ClassificationRow, SessionKind
from results.notation import format_lap_time
from results.statistics import Career
from results.tables import LeanColumn, LeanTable, Row, blank, class_badge, crew_names, time_or_gap

ALL_YEARS = "alle"
KINDS = {
    "rennen": ("race", "rally", "stage"),
    "sprint": ("sprint",),
    "qualifying": ("qualifying",),
    "training": ("practice", "warmup"),
}


class ResultsTable(LeanTable):
    """Results of many sessions, newest first. Who is on whose page is not repeated in every line."""

    day = LeanColumn(verbose_name=_("Date"), css="day")
    race = LeanColumn(verbose_name=_("Event"), css="crew")
    number = LeanColumn(verbose_name=_("No."), css="no")
    car_class = LeanColumn(verbose_name=_("Class"), css="cls")
    position = LeanColumn(verbose_name=_("Pos."), css="pos")
    grid = LeanColumn(verbose_name=_("Grid"), css="r")
    laps = LeanColumn(verbose_name=_("Laps"), css="r")
    result = LeanColumn(verbose_name=_("Time/gap"), css="r")
    best_lap = LeanColumn(verbose_name=_("Best lap"), css="r")

    NEEDS = {
        "car_class": ("class_name",),
        "grid": ("grid",),
        "laps": ("laps",),
        "result": ("gap_ms", "gap_laps", "total_ms"),
        "best_lap": ("best_lap_ms",),
    }

    def __init__(self, data: Any, *, below: tuple[str, ...], **kwargs: Any) -> None:
        """`below` names what stands under the event: crew, team, car."""
        super().__init__(data, **kwargs)
        self.below = below
        records = list(self.data)
        for name, keys in self.NEEDS.items():
            if not any(record[key] for record in records for key in keys):
                self.columns.hide(name)

    def row_class(self, record: Row) -> str:
        if record["status"] != CLASSIFIED:
            return "out"
        return "win" if record["position"] == 1 else ""

    def render_day(self, record: Row) -> str:
        return f"{record['day']:%d.%m.%Y}" if record["day"] else "–"

    def render_race(self, record: Row) -> SafeString:
        address = reverse(
            "results:session-detail",
            args=[record["series_slug"], record["season_slug"], record["event_slug"], record["session_slug"]],
        )
        series = record["series_short"] or record["series_name"]
        parts = {
            "crew": crew_names(record["crew"]),
            "team": record["team"] or record["entrant"],
            "car": record["car"] if record["car"] != record["team"] else "",
        }
        below = [series, *(parts[name] for name in self.below if parts[name])]
        return format_html(
            '<a href="{}"><strong>{}</strong>, {}</a> <span class="sub">{}</span>',
            address, record["event_name"], record["session_name"], format_html_join(" · ", "{}", ((part,) for part in below)),
        )  # fmt: skip

    def render_number(self, record: Row) -> str:
        return str(record["number"])

    def render_car_class(self, record: Row) -> SafeString | str:
        if not record["class_name"]:
            return ""
        badge = class_badge(record["class_name"], record["class_sequence"])
        return format_html("{} {}.", badge, record["class_position"]) if record["class_position"] else badge

    def render_position(self, record: Row) -> str:
        if record["status"] == CLASSIFIED:
            return f"{record['position']}." if record["position"] else "–"
        status = STATUSES[record["status"]]
        return format_html('<abbr title="{}">{}</abbr>', status.german, status.abbreviation)

    def render_grid(self, record: Row) -> str:
        return blank(record["grid"])

    def render_laps(self, record: Row) -> str:
        return blank(record["laps"])

    def render_result(self, record: Row) -> str:
        return time_or_gap(record)

    def render_best_lap(self, record: Row) -> str:
        return format_lap_time(record["best_lap_ms"]) if record["best_lap_ms"] else ""


class ResultsFilter(FilterSet):
    """Year, series and kind of session; without a wish the newest year, for a whole career is a long page."""

    jahr = ChoiceFilter(field_name="classification__session__event__season__label", label=_("Year"), empty_label=None)
    serie = ChoiceFilter(
        field_name="classification__session__event__season__series__slug",
        label=_("Series"),
        empty_label=_("all series"),
    )
    art = ChoiceFilter(
        method="of_kind", label=_("Sessions"), empty_label=_("all sessions"),
        choices=[("rennen", _("races")), ("sprint", _("sprints")), ("qualifying", _("qualifyings")), ("training", _("practice"))],
    )  # fmt: skip

    class Meta:
        model = ClassificationRow
        fields = ["jahr", "serie", "art"]

    def __init__(self, data: Any, *args: Any, career: Career, **kwargs: Any) -> None:
        years = career.years
        asked = data.copy()
        if years and not asked.get("jahr"):
            asked["jahr"] = years[0]
        super().__init__(asked, *args, **kwargs)
        self.filters["jahr"].extra["choices"] = [*((year, year) for year in years), (ALL_YEARS, _("all years"))]
        self.filters["jahr"].method = "of_year"
        self.filters["serie"].extra["choices"] = career.series
        if len(career.series) < 2:  # noqa: PLR2004 - nothing to choose
            self.filters["serie"].extra["widget"] = forms.HiddenInput

    def of_year(self, rows: QuerySet[Any], name: str, value: str) -> QuerySet[Any]:
        return rows if value == ALL_YEARS else rows.filter(classification__session__event__season__label=value)

    def of_kind(self, rows: QuerySet[Any], _name: str, value: str) -> QuerySet[Any]:
        return rows.filter(classification__session__kind__in=KINDS[value])

    @property
    def chosen(self) -> dict[str, str]:
        """What the reader asked for, valid values only."""
        return {name: value for name, value in self.form.cleaned_data.items() if value}


assert {kind for kinds in KINDS.values() for kind in kinds} | {"grid"} == set(SessionKind.values)  # noqa: S101 - a new kind needs a place
