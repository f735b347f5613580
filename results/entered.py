"""The entry list of an event: who is entered with which car, by class, for the page and its exports."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from itertools import groupby
from typing import Any
from urllib.parse import urlencode

from django.contrib.postgres.expressions import ArraySubquery
from django.core.exceptions import BadRequest
from django.db.models import F, OuterRef, QuerySet, Subquery
from django.urls import reverse
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from results import exports
from results.exports import Column, Sheet
from results.facets import Facets, facets_of_entries
from results.filters import EntryFilter
from results.models import Cup, DriverGrade, Entry, Event
from results.nations import nation
from results.selectors import crew_entered
from results.tables import LeanColumn, LeanTable, as_figure, link_to

Row = Mapping[str, Any]


class EntryTable(LeanTable):
    """The cars of one class."""

    number = LeanColumn(verbose_name=gettext_lazy("No."), css="no")
    team = LeanColumn(verbose_name=gettext_lazy("Team, car"), css="crew")
    crew = LeanColumn(verbose_name=gettext_lazy("Drivers"), css="people")
    cups = LeanColumn(verbose_name=gettext_lazy("Cups"), css="cups")

    def __init__(self, data: Any, **kwargs: Any) -> None:
        super().__init__(data, **kwargs)
        if not any(row["cup_names"] for row in data):
            self.columns.hide("cups")

    def render_number(self, record: Row) -> str:
        return str(record["number"])

    def render_team(self, record: Row) -> SafeString:
        guest = _("guest") if record["is_guest"] else ""
        below = " · ".join(filter(None, (record["car"], guest)))
        name = link_to("team", record["team_slug"], record["team_name"] or record["entrant"] or "–")
        return format_html('<strong>{}</strong> <span class="sub">{}</span>', name, below)

    def render_crew(self, record: Row) -> SafeString:
        people = format_html_join("", "<li>{}</li>", ((_person(one),) for one in record["people"]))
        return format_html("<ul>{}</ul>", people) if record["people"] else format_html("{}", "–")

    def render_cups(self, record: Row) -> str:
        return ", ".join(record["cup_names"])


@dataclass(frozen=True, slots=True)
class ClassGroup:
    """The cars of one class; the name is empty for cars without any."""

    name: str
    sequence: int
    table: EntryTable
    cars: int


@dataclass(frozen=True, slots=True)
class ShownEntries:
    """What a reader asked to see of an entry list."""

    address: str
    facets: Facets
    filter: EntryFilter
    rows: list[Row]

    @property
    def query(self) -> str:
        """The reader's choice as the end of an address, `?` included; empty without any."""
        return f"?{urlencode(self.filter.chosen)}" if self.filter.chosen else ""

    @property
    def export_address(self) -> str:
        """The address of the files without their ending."""
        return f"{self.address.rstrip('/')}."

    @property
    def groups(self) -> list[ClassGroup]:
        """The chosen cars by class."""
        found = []
        for _key, group in groupby(self.rows, key=lambda row: (row["class_sequence"], row["class_slug"])):
            rows = list(group)
            name = rows[0]["class_name"] or ""
            table = EntryTable(rows, caption=name or _("Cars without a class"))
            found.append(ClassGroup(name, rows[0]["class_sequence"] or 0, table, len(rows)))
        return found


def exists(event: Event) -> bool:
    """Whether readers may see any car of the event."""
    return Entry.objects.public().filter(event=event).exists()


def shown_entries(asked: Mapping[str, Any], event: Event) -> ShownEntries:
    """The public cars of an event as the reader asked for them, two queries; BadRequest for a choice not there."""
    public = Entry.objects.public().filter(event=event)
    facets = facets_of_entries(public)
    chosen = EntryFilter(asked, _rows_of(public), facets=facets)
    if not chosen.is_valid():
        raise BadRequest("no such choice")
    address = reverse("results:entry-list", args=[event.season.series.slug, event.season.slug, event.slug])
    return ShownEntries(address, facets, chosen, list(chosen.qs))


def sheet_of(event: Event, entries: ShownEntries) -> Sheet:
    """The list as it is shown, ready to be exported."""
    season = event.season
    return Sheet(
        name=f"{season.series.slug}-{season.slug}-{event.slug}-starterliste",
        title=_("Entry list"),
        about=exports.about(
            path=entries.address + entries.query,
            series=season.name_of_series,
            season=season.label,
            event=event.name,
            choice=entries.filter.chosen,
        ),
        rows=entries.rows,
        columns=_columns(),
        record=_record,
    )


def _columns() -> list[Column]:
    """The columns of the files."""
    return [
        Column(_("No."), lambda row: row["number"]),
        Column(_("Class"), lambda row: row["class_name"] or ""),
        Column(_("Team"), lambda row: row["team_name"] or row["entrant"] or ""),
        Column(_("Car"), lambda row: row["car"] or ""),
        Column(_("Make"), lambda row: row["maker"] or ""),
        Column(_("Drivers"), lambda row: " / ".join(_full_name(one) for one in row["people"])),
        Column(
            _("Nations"), lambda row: " / ".join(_code(one) for one in row["people"]) if _has(row, "nation") else ""
        ),
        Column(
            _("Ratings"), lambda row: " / ".join(_grade(one) for one in row["people"]) if _has(row, "grade") else ""
        ),
        Column(_("Cups"), lambda row: ", ".join(row["cup_names"])),
        Column(_("Guest"), lambda row: _("yes") if row["is_guest"] else ""),
    ]


def _rows_of(entries: QuerySet[Entry]) -> QuerySet[Entry, Any]:
    """The cars as dictionaries, by class and number: one query whatever their number."""
    # The season is that of the car: in the crew's own rows the way to it differs.
    grade = DriverGrade.objects.filter(driver=OuterRef("driver"), season=OuterRef(OuterRef("event__season")))
    people = crew_entered(
        first="driver__first_name", last="driver__last_name", slug="driver__slug", nation="driver__nationality",
        seat="seat",
        grade=Subquery(grade.values("grade")[:1]),
    )  # fmt: skip
    cups = Cup.objects.filter(entries=OuterRef("pk")).order_by("folded")
    return entries.order_by(
        F("racing_class__sequence").asc(nulls_last=True), "racing_class__folded", as_figure("number"), "number", "line"
    ).values(
        "number",
        "entrant",
        "is_guest",
        team_name=F("team__name"),
        team_slug=F("team__slug"),
        car=F("car_model__name"),
        maker=F("car_model__manufacturer__name"),
        class_slug=F("racing_class__slug"),
        class_name=F("racing_class__name"),
        class_sequence=F("racing_class__sequence"),
        people=people,
        cup_names=ArraySubquery(cups.values("name")),
    )


def _record(row: Row) -> dict[str, Any]:
    return {
        "number": row["number"],
        "class": row["class_name"],
        "team": row["team_name"],
        "entrant": row["entrant"],
        "car": row["car"],
        "manufacturer": row["maker"],
        "drivers": [
            {
                "name": _full_name(one),
                "seat": one["seat"],
                "nation": _code(one),
                "nation_as_printed": one["nation"],
                "grade": one["grade"],
            }
            for one in row["people"]
        ],
        "cups": row["cup_names"],
        "guest": row["is_guest"],
    }


def _has(row: Row, key: str) -> bool:
    return any(one[key] for one in row["people"])


def _full_name(person: Row) -> str:
    return f"{person['first']} {person['last']}".strip()


def _code(person: Row) -> str:
    found = nation(person["nation"])
    return found.code if found else ""


def _grade(person: Row) -> str:
    return str(DriverGrade.Grade(person["grade"]).label) if person["grade"] else ""


def _person(person: Row) -> SafeString:
    """`Mike Conway GBR · Platin`, the nation's name in full for who cannot read the code."""
    parts: Iterable[SafeString] = [format_html("{}", link_to("driver", person["slug"], _full_name(person)))]
    found = nation(person["nation"])
    if found:
        parts = [*parts, format_html('<abbr class="nation" title="{}">{}</abbr>', found.name, found.code)]
    if person["grade"]:
        parts = [*parts, format_html('<span class="sub">{}</span>', _grade(person))]
    return format_html_join(" ", "{}", ((part,) for part in parts))
