"""The records of a series as a reader asked for them: who has the most of what, for the page and its exports."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any
from urllib.parse import urlencode

from django import forms
from django.core.exceptions import BadRequest
from django.db.models import Exists, OuterRef, QuerySet
from django.urls import reverse
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django_filters.filters import ChoiceFilter
from django_filters.filterset import FilterSet

from results import exports
from results.exports import Column, Sheet
from results.filters import LeanSelect
from results.models import Entry, RacingClass, Season, Series, Session
from results.statistics import Archive, Ranked, Ranking, Scope, SubjectKind, ranking_of
from results.tables import LeanColumn, LeanTable, blank, link_to

MOST = 100  # lines of the table
KINDS = {
    "fahrer": (SubjectKind.DRIVER, gettext_lazy("Drivers")),
    "teams": (SubjectKind.TEAM, gettext_lazy("Teams")),
    "hersteller": (SubjectKind.MANUFACTURER, gettext_lazy("Manufacturers")),
}
# By which figure the lines are ranked: the field of Ranked and its name.
RECORDS = {
    "siege": ("wins", gettext_lazy("most wins")),
    "podestplaetze": ("podiums", gettext_lazy("most podiums")),
    "poles": ("poles", gettext_lazy("most pole positions")),
    "rennrunden": ("fastest_laps", gettext_lazy("most fastest laps")),
    "starts": ("starts", gettext_lazy("most starts")),
    "siegesserie": ("wins_in_a_row", gettext_lazy("most wins in a row")),
    "podestserie": ("podiums_in_a_row", gettext_lazy("most podiums in a row")),
    "poleserie": ("poles_in_a_row", gettext_lazy("most pole positions in a row")),
}


class RecordsFilter(FilterSet):
    """Which records of whom; class and seasons narrow down the sessions that count."""

    rekord = ChoiceFilter(method="leave", label=gettext_lazy("Record"), empty_label=None)
    nach = ChoiceFilter(method="leave", label=gettext_lazy("Of"), empty_label=None)
    klasse = ChoiceFilter(method="leave", label=gettext_lazy("Class"), empty_label=gettext_lazy("overall"))
    von = ChoiceFilter(
        field_name="event__season__label", lookup_expr="gte", label=gettext_lazy("From season"),
        empty_label=gettext_lazy("the first"),
    )  # fmt: skip
    bis = ChoiceFilter(
        field_name="event__season__label", lookup_expr="lte", label=gettext_lazy("To season"),
        empty_label=gettext_lazy("the last"),
    )  # fmt: skip

    class Meta:
        model = Session
        fields = ["rekord", "nach", "klasse", "von", "bis"]

    def __init__(
        self, data: Any, *args: Any, classes: Sequence[RacingClass], seasons: Sequence[str], **kwargs: Any
    ) -> None:
        asked = data.copy()
        asked["rekord"], asked["nach"] = asked.get("rekord") or "siege", asked.get("nach") or "fahrer"
        super().__init__(asked, *args, **kwargs)
        years = [(label, label) for label in seasons]
        choices: dict[str, Sequence[Any]] = {
            "rekord": [(key, label) for key, (_field, label) in RECORDS.items()],
            "nach": [(key, label) for key, (_kind, label) in KINDS.items()],
            "klasse": [(one.slug, one.name) for one in classes],
            "von": years,
            "bis": years,
        }
        for name, offered in choices.items():
            self.filters[name].extra.update(choices=offered, widget=LeanSelect if offered else forms.HiddenInput)

    def leave(self, sessions: QuerySet[Session], _name: str, _value: str) -> QuerySet[Session]:
        """These values choose what is ranked, not which sessions count."""
        return sessions


class RecordsTable(LeanTable):
    """Figures of everybody, ranked by one of them; columns without a value go."""

    place = LeanColumn(verbose_name=gettext_lazy("Pos."), css="pos")
    name = LeanColumn(verbose_name=gettext_lazy("Name"), css="crew")
    figure = LeanColumn(verbose_name=gettext_lazy("Number"), css="r")
    starts = LeanColumn(verbose_name=gettext_lazy("Races"), css="r")
    wins = LeanColumn(verbose_name=gettext_lazy("Wins"), css="r")
    podiums = LeanColumn(verbose_name=gettext_lazy("Podiums"), css="r")
    poles = LeanColumn(verbose_name=gettext_lazy("Pole positions"), css="r")
    fastest_laps = LeanColumn(verbose_name=gettext_lazy("Fastest laps"), css="r")
    years = LeanColumn(verbose_name=gettext_lazy("First and last win"), css="r")

    FIGURES = ("starts", "wins", "podiums", "poles", "fastest_laps")

    def __init__(self, data: Sequence[Mapping[str, Any]], *, kind: SubjectKind, field: str, title: str, **kwargs: Any):
        super().__init__(data, caption=title, **kwargs)
        self.kind = kind
        self.columns["figure"].column.verbose_name = title[:1].upper() + title[1:]
        for name in self.FIGURES:
            if name == field or all(row[name] is None for row in data):
                self.columns.hide(name)
        if not any(row["first_win"] for row in data):
            self.columns.hide("years")

    def row_class(self, record: Mapping[str, Any]) -> str:
        return "win" if record["place"] == 1 else ""

    def renderer(self, column: Any) -> Any:
        if column.name in self.FIGURES:
            return lambda record: blank(record[column.name])
        return super().renderer(column)

    def render_place(self, record: Mapping[str, Any]) -> str:
        return f"{record['place']}."

    def render_name(self, record: Mapping[str, Any]) -> SafeString:
        return link_to(self.kind, record["slug"], record["name"])

    def render_figure(self, record: Mapping[str, Any]) -> str:
        return str(record["figure"])

    def render_years(self, record: Mapping[str, Any]) -> str:
        first, last = record["first_win"], record["last_win"]
        if first is None:
            return ""
        return first if first == last else f"{first}–{last}"


@dataclass(frozen=True, slots=True)
class ShownRecords:
    """What a reader asked to see of a series' records. `ranking` is None where nobody vouches for the archive."""

    series: Series
    filter: RecordsFilter
    ranking: Ranking | None
    rows: list[dict[str, Any]]
    table: RecordsTable | None

    @property
    def archive(self) -> Archive | None:
        return self.ranking.archive if self.ranking else None

    @property
    def title(self) -> str:
        """`Meiste Siege`."""
        name = str(RECORDS[self.filter.form.cleaned_data["rekord"]][1])
        return name[:1].upper() + name[1:]

    @property
    def chosen(self) -> dict[str, str]:
        """What the reader asked for, without what is so anyway."""
        said = {name: value for name, value in self.filter.form.cleaned_data.items() if value}
        return {
            name: value
            for name, value in said.items()
            if (name, value) not in {("rekord", "siege"), ("nach", "fahrer")}
        }

    @property
    def address(self) -> str:
        return reverse("results:series-records", args=[self.series.slug])

    @property
    def query(self) -> str:
        return f"?{urlencode(self.chosen)}" if self.chosen else ""

    @property
    def export_address(self) -> str:
        """The address of the files without their ending."""
        return f"{self.address.rstrip('/')}."

    def sheet(self) -> Sheet:
        """The table ready to be exported; needs a ranking."""
        archive = self.archive
        return Sheet(
            name=f"{self.series.slug}-rekorde",
            title=self.title,
            about=exports.about(
                path=self.address + self.query,
                source=archive.source if archive else None,
                series=self.series.name,
                complete_from=archive.first_season if archive else None,
                complete_until=archive.until.isoformat() if archive and archive.until else None,
                is_whole_history=archive.whole if archive else None,
                races=self.ranking.races if self.ranking else None,
                choice=self.chosen,
            ),
            rows=self.rows,
            columns=[
                Column(_("Pos."), lambda row: row["place"]),
                Column(_("Name"), lambda row: row["name"]),
                Column(self.title, lambda row: row["figure"]),
                Column(_("Races"), lambda row: row["starts"]),
                Column(_("Wins"), lambda row: row["wins"]),
                Column(_("Podiums"), lambda row: row["podiums"]),
                Column(_("Pole positions"), lambda row: row["poles"]),
                Column(_("Fastest laps"), lambda row: row["fastest_laps"]),
                Column(_("First win"), lambda row: row["first_win"] or ""),
                Column(_("Last win"), lambda row: row["last_win"] or ""),
            ],
            record=lambda row: {key: value for key, value in row.items() if key != "series"},
        )


def shown_records(asked: Any, series: Series) -> ShownRecords:
    """The ranking as asked for, three queries; BadRequest for a choice that does not exist."""
    seasons = list(Season.objects.public().filter(series=series).order_by("-label").values_list("label", flat=True))
    seen = Entry.objects.public().filter(racing_class=OuterRef("pk"))
    classes = list(RacingClass.objects.filter(Exists(seen), series=series))
    chosen = RecordsFilter(asked, Session.objects.public(), classes=classes, seasons=seasons)
    if not chosen.is_valid():
        raise BadRequest("no such choice")
    said = chosen.form.cleaned_data
    kind, _label = KINDS[said["nach"]]
    field, title = RECORDS[said["rekord"]]
    racing_class = next((one.pk for one in classes if one.slug == said["klasse"]), None)
    narrowed = chosen.qs if said["von"] or said["bis"] else None
    ranking = ranking_of(series, kind, Scope(sessions=narrowed, racing_class=racing_class))
    rows = ranked(ranking.lines, field)[:MOST] if ranking and ranking.archive.until else []
    table = RecordsTable(rows, kind=kind, field=field, title=str(title)) if rows else None
    return ShownRecords(series, chosen, ranking, rows, table)


def ranked(lines: Sequence[Ranked], field: str) -> list[dict[str, Any]]:
    """Those who have any, most first, the same number the same place; among them whoever needed fewer races first."""
    having = [line for line in lines if getattr(line, field)]
    having.sort(key=lambda line: (-getattr(line, field), line.starts, line.name))
    rows: list[dict[str, Any]] = []
    for number, line in enumerate(having, start=1):
        figure = getattr(line, field)
        place = rows[-1]["place"] if rows and rows[-1]["figure"] == figure else number
        rows.append({"place": place, "figure": figure, **asdict(line)})
    return rows
