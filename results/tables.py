"""Tables of results: sortable by buttons of a form, drawn by a lean template, with no more columns than the data have."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

import django_tables2 as tables
from django.db.models import Expression, F, Func, IntegerField, QuerySet, TextField, Value
from django.db.models.functions import Cast, NullIf
from django.urls import reverse
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from results.facets import Standing
from results.importers.status import CLASSIFIED, STATUSES
from results.notation import Gap, Penalty, format_duration, format_gap, format_lap_time, format_penalty

Row = Mapping[str, Any]
TONES = 8  # colours of class badges in the design system
NUMBER = "session_entry__entry__number"
CLASS = "session_entry__entry__racing_class"


def as_figure(column: str) -> Expression:
    """The digits of a text as a number, so that car 7 stands before car 22; none are a missing value."""
    digits = Func(F(column), Value(r"\D"), Value(""), Value("g"), function="regexp_replace", output_field=TextField())
    return Cast(NullIf(digits, Value("")), IntegerField())


class LeanColumn(tables.Column):
    """A column with one CSS class for head and cells, sorted by database columns with missing values last."""

    def __init__(self, *, css: str, by: tuple[str | Expression, ...] = (), **kwargs: Any) -> None:
        super().__init__(orderable=bool(by), empty_values=(), **kwargs)
        self.css = css
        self.by = by

    def order(self, queryset: QuerySet[Any], is_descending: bool) -> tuple[QuerySet[Any], bool]:  # noqa: FBT001
        keys = [F(key) if isinstance(key, str) else key for key in self.by]
        direct = [key.desc(nulls_last=True) if is_descending else key.asc(nulls_last=True) for key in keys]
        return queryset.order_by(*direct, "display_order"), True


@dataclass(frozen=True, slots=True)
class Head:
    """One head cell: `wish` in `sortierung` sorts by this column, `order` is how the table is sorted by it now."""

    label: str
    css: str
    wish: str
    order: str


class LeanTable(tables.Table):
    """A table whose address carries the order in `sortierung` and keeps what else the reader chose."""

    def __init__(self, data: Any, *, caption: str, chosen: dict[str, str] | None = None, **kwargs: Any) -> None:
        self.caption = caption
        self.chosen = chosen or {}
        super().__init__(data, order_by=self.chosen.get("sortierung", ""), **kwargs)

    @classmethod
    def order_keys(cls) -> list[str]:
        """Every value `sortierung` may have: a column's name, with a minus for the other way round."""
        columns: dict[str, LeanColumn] = vars(cls)["base_columns"]
        names = [name for name, column in columns.items() if column.orderable]
        return [sign + name for name in names for sign in ("", "-")]

    def heads(self) -> Iterator[Head]:
        current = self.chosen.get("sortierung", "")
        for column in self.columns:
            name = column.name
            order = {name: "ascending", f"-{name}": "descending"}.get(current, "")
            wish = f"-{name}" if current == name else name
            yield Head(column.header, column.column.css, wish if column.orderable else "", order)

    @property
    def is_sortable(self) -> bool:
        return any(column.orderable for column in self.columns)

    @property
    def kept(self) -> dict[str, str]:
        """What the reader chose apart from the order, for the form that sorts."""
        return {name: value for name, value in self.chosen.items() if name != "sortierung"}

    def row_class(self, _record: Row) -> str:
        return ""

    def renderer(self, column: Any) -> Callable[[Row], str]:
        """What draws the cells of a column: its own `lean_render`, or the table's `render_…` of its name."""
        own = getattr(column.column, "lean_render", None)
        render: Callable[[Row], str] = own or getattr(self, f"render_{column.name}")
        return render

    def lines(self) -> Iterator[tuple[str, SafeString]]:
        """Rows for the template: their CSS class and their cells.

        Each `render_…` is called with the record alone. The library would look at its signature for every single cell,
        which takes three quarters of the time of a page with 150 rows.
        """
        columns = [(column.column.css, self.renderer(column)) for column in self.columns]
        for record in self.data:
            cells = format_html_join("", '<td class="{}">{}</td>', ((css, render(record)) for css, render in columns))
            yield self.row_class(record), cells


class PartColumn(LeanColumn):
    """The times of one part of a qualifying, such as Q2."""

    def __init__(self, index: int, name: str) -> None:
        super().__init__(css="r", verbose_name=name)
        self.index = index

    def time_of(self, record: Row) -> int | None:
        """The time in ms; None for a car that set none or took no part."""
        times = record["part_times_ms"] or ()
        return times[self.index] if self.index < len(times) else None

    def lean_render(self, record: Row) -> str:
        time = self.time_of(record)
        return format_lap_time(time) if time else ""


class ClassificationTable(LeanTable):
    """The result of a session. `best_lap_ms` is the fastest lap of the whole session, whatever is filtered."""

    position = LeanColumn(verbose_name=gettext_lazy("Pos."), css="pos", by=("position",))
    number = LeanColumn(verbose_name=gettext_lazy("No."), css="no", by=(as_figure(NUMBER), NUMBER))
    crew = LeanColumn(verbose_name=gettext_lazy("Drivers, team, car"), css="crew")
    overall = LeanColumn(verbose_name=gettext_lazy("Overall"), css="r")
    result = LeanColumn(verbose_name=gettext_lazy("Time/gap"), css="r")
    ahead = LeanColumn(verbose_name=gettext_lazy("To car ahead"), css="r")
    car_class = LeanColumn(
        verbose_name=gettext_lazy("Class"),
        css="cls",
        by=(f"{CLASS}__sequence", f"{CLASS}__folded", "class_position"),
    )
    laps = LeanColumn(verbose_name=gettext_lazy("Laps"), css="r", by=("laps",))
    best_lap = LeanColumn(verbose_name=gettext_lazy("Best lap"), css="r", by=("best_lap_ms",))
    grid = LeanColumn(verbose_name=gettext_lazy("Grid"), css="r", by=("grid",))
    penalty = LeanColumn(verbose_name=gettext_lazy("Penalty"), css="r", by=("penalty_ms", "penalty_laps"))
    cups = LeanColumn(verbose_name=gettext_lazy("Cups"), css="cups")

    # Columns that go when no row has a value for them.
    NEEDS = {
        "car_class": ("class_name",),
        "laps": ("laps",),
        "best_lap": ("best_lap_ms",),
        "grid": ("grid",),
        "penalty": ("penalty_ms", "penalty_laps"),
        "cups": ("cups",),
        "result": ("gap_ms", "gap_laps", "total_ms"),
    }

    def __init__(
        self,
        data: Any,
        *,
        best_lap_ms: int | None,
        standing: Standing,
        part_names: Sequence[str] = (),
        timed: bool = False,
        **kwargs: Any,
    ) -> None:
        parts = [(f"part_{n}", PartColumn(n, name)) for n, name in enumerate(part_names)]
        super().__init__(data, extra_columns=parts, **kwargs)
        self.best_lap_ms = best_lap_ms
        self.timed = timed  # ranked by best lap: nobody wins a class in a qualifying
        self.standing = standing
        self.records: list[Row] = list(self.data)
        for name in self._without_values():
            self.columns.hide(name)

    def _without_values(self) -> Iterator[str]:
        """The columns no row has a value for."""
        for name, keys in self.NEEDS.items():
            if not any(record[key] for record in self.records for key in keys):
                yield name
        if not self.standing.places:
            yield "overall"
        # Of two cars the second one's gap is the gap to the car ahead.
        if not any(self.ahead_of(record) and self.ahead_of(record) != gap_of(record) for record in self.records):
            yield "ahead"

    def place_of(self, record: Row) -> int | None:
        """The place in the class or cup that was chosen, else the place over all."""
        place: int | None = self.standing.places.get(record["pk"]) if self.standing.places else record["position"]
        return place

    def ahead_of(self, record: Row) -> Gap | None:
        """The gap to the car ahead of it, among the cars of the chosen class or cup."""
        return self.standing.ahead.get(record["pk"])

    def row_class(self, record: Row) -> str:
        if record["status"] != CLASSIFIED:
            return "out"
        return "win" if self.place_of(record) == 1 else ""

    def render_position(self, record: Row) -> str:
        if record["status"] == CLASSIFIED:
            return ordinal(self.place_of(record))
        status = STATUSES[record["status"]]
        return format_html('<abbr title="{}">{}</abbr>', status.german, status.abbreviation)

    def render_number(self, record: Row) -> str:
        return str(record["number"])

    def render_crew(self, record: Row) -> SafeString:
        guest = _("guest") if record["is_guest"] else ""
        team = link_to("team", record["team_slug"], record["team"]) if record["team"] else record["entrant"]
        car = (
            record["car"] if record["car"] != record["team"] else ""
        )  # of many old racing cars their maker is the team
        below = format_html_join(" · ", "{}", ((part,) for part in (team, car, guest) if part))
        return format_html('<strong>{}</strong> <span class="sub">{}</span>', crew_names(record["crew"]), below)

    def render_car_class(self, record: Row) -> SafeString | str:
        if not record["class_name"]:
            return ""
        badge = class_badge(record["class_name"], record["class_sequence"])
        if record["class_position"] is None:
            return badge
        if record["class_position"] == 1:
            return format_html(
                '{} <b>1.</b> <span class="star" aria-hidden="true">★</span><span class="hidden">{}</span>',
                badge,
                _("fastest in class") if self.timed else _("class win"),
            )
        return format_html("{} {}.", badge, record["class_position"])

    def render_overall(self, record: Row) -> str:
        return ordinal(record["position"])

    def render_result(self, record: Row) -> str:
        return time_or_gap(record)

    def render_ahead(self, record: Row) -> str:
        gap = self.ahead_of(record)
        return format_gap(gap) if gap else ""

    def render_laps(self, record: Row) -> str:
        return blank(record["laps"])

    def render_best_lap(self, record: Row) -> SafeString | str:
        if not record["best_lap_ms"]:
            return ""
        time = format_lap_time(record["best_lap_ms"])
        if record["best_lap_ms"] != self.best_lap_ms:
            return time
        return format_html('<span class="best">{}<span class="hidden"> {}</span></span>', time, _("fastest lap"))

    def render_grid(self, record: Row) -> str:
        return blank(record["grid"])

    def render_penalty(self, record: Row) -> str:
        return format_penalty(Penalty(record["penalty_ms"], record["penalty_laps"]))

    def render_cups(self, record: Row) -> str:
        return ", ".join(record["cups"])


def blank(value: int | None) -> str:
    return "" if value is None else str(value)


def crew_names(crew: list[dict[str, str]]) -> SafeString:
    """`Mike Conway / Kamui Kobayashi`; first names are marked, for a phone shows surnames only.

    Who comes with an address (`slug`) is linked to the driver's page.
    """
    return format_html_join(" / ", "{}", ((_linked_name(name),) for name in crew))


def _linked_name(name: dict[str, str]) -> SafeString:
    given = f"{name['first']} " if name["first"] else ""
    shown = format_html('<span class="given">{}</span>{}', given, name["last"])
    return link_to("driver", name["slug"], shown) if name.get("slug") else shown


def link_to(model: str, slug: str | None, shown: str) -> SafeString:
    """A link to the page of a driver or a team; the text alone where there is none."""
    return (
        format_html('<a class="quiet" href="{}{}/">{}</a>', _address_of(model), slug, shown)
        if slug
        else format_html("{}", shown)
    )


@cache
def _address_of(model: str) -> str:
    """`/fahrer/`: looked up once, for a page has hundreds of names."""
    return reverse(f"results:{model}-list")


def class_badge(name: str, sequence: int) -> SafeString:
    return format_html('<span class="badge tone-{}">{}</span>', sequence % TONES, name)


def ordinal(place: int | None) -> str:
    return f"{place}." if place else "–"


def gap_of(record: Row) -> Gap | None:
    """The gap to the leader; the leader has none."""
    if record["gap_laps"]:
        return Gap(laps=record["gap_laps"])
    return Gap(ms=record["gap_ms"]) if record["gap_ms"] else None


def time_or_gap(record: Row) -> str:
    """The gap to the leader where there is one, else the time: German notation, empty where the data hold neither."""
    gap = gap_of(record)
    if gap is not None:
        return format_gap(gap)
    return format_duration(record["total_ms"]) if record["total_ms"] else ""
