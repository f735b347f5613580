"""The results of drivers, teams and manufacturers, and what circuits have: released results only.

These lists show every released result, excerpts included. What is counted is in `results.statistics`.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.db.models import Exists, F, OuterRef, QuerySet, prefetch_related_objects
from django.db.models.functions import Coalesce

from results.models import (
    Circuit,
    Classification,
    ClassificationRow,
    CrewMember,
    Driver,
    Event,
    Manufacturer,
    PrintedStanding,
    Season,
    SessionCrewMember,
    SessionEntry,
    SessionKind,
    Team,
)
from results.selectors import crew_of_entry
from results.statistics import Career, SeasonFigures

Row = Mapping[str, Any]

_KIND = "classification__session__kind"
_SEASON = "classification__session__event__season"


def public_rows() -> QuerySet[ClassificationRow]:
    """Lines of the results that readers see now, at the finish and still standing."""
    standing = Classification.objects.public().filter(checkpoint="").exclude(state=Classification.State.ANNULLED)
    return ClassificationRow.objects.filter(classification__in=standing)


def rows_of_driver(driver: Driver) -> QuerySet[ClassificationRow]:
    """Every released line in which the driver sat: by the crew of that session, else of the entry; one query more.

    The cars come first, by index, for a join from the rows would read the archive.
    """
    cars = SessionEntry.objects.filter(entry__crew__driver=driver).values_list("pk", flat=True)
    others = SessionEntry.objects.filter(crew__driver=driver).values_list("pk", flat=True)
    own = SessionCrewMember.objects.filter(session_entry=OuterRef("session_entry"), line=OuterRef("line"))
    entered = CrewMember.objects.filter(entry=OuterRef("session_entry__entry"), driver=driver)
    return (
        public_rows()
        .filter(session_entry__in=list(cars.union(others)))
        .filter(Exists(own.filter(driver=driver)) | (~Exists(own) & Exists(entered)))
    )


def rows_of_team(team: Team) -> QuerySet[ClassificationRow]:
    """Every released line of the team's cars; of a shared drive the first line, for it is one car."""
    return public_rows().filter(session_entry__entry__team=team, line=1)


def rows_of_manufacturer(manufacturer: Manufacturer) -> QuerySet[ClassificationRow]:
    """Every released line of the maker's cars."""
    return public_rows().filter(session_entry__entry__car_model__manufacturer=manufacturer, line=1)


def rows_at_circuit(circuit: Circuit) -> QuerySet[ClassificationRow]:
    """Every released line of a session at that circuit."""
    return public_rows().filter(classification__session__event__circuit=circuit, line=1)


def result_lines(rows: QuerySet[ClassificationRow]) -> QuerySet[ClassificationRow, Any]:
    """The lines as dictionaries for a table, newest first."""
    session = "classification__session"
    day = Coalesce(f"{session}__local_date", f"{session}__event__starts_on")  # an old qualifying has no day of its own
    return rows.order_by(
        day.desc(nulls_last=True), F(f"{session}__starts_at").desc(nulls_last=True), "-pk"
    ).values(
        "position", "class_position", "status", "printed_status", "laps", "total_ms", "gap_ms", "gap_laps", "best_lap_ms",
        "grid",
        day=F(f"{session}__local_date"),
        state=F("classification__state"),
        session_name=F(f"{session}__name"),
        session_slug=F(f"{session}__slug"),
        event_name=F(f"{session}__event__name"),
        event_slug=F(f"{session}__event__slug"),
        season_slug=F(f"{_SEASON}__slug"),
        season_label=F(f"{_SEASON}__label"),
        series_slug=F(f"{_SEASON}__series__slug"),
        series_name=F(f"{_SEASON}__series__name"),
        series_short=F(f"{_SEASON}__series__short_name"),
        number=F("session_entry__entry__number"),
        team=F("session_entry__entry__team__name"),
        team_slug=F("session_entry__entry__team__slug"),
        entrant=F("session_entry__entry__entrant"),
        car=F("session_entry__entry__car_model__name"),
        class_name=F("session_entry__entry__racing_class__name"),
        class_sequence=F("session_entry__entry__racing_class__sequence"),
        crew=crew_of_entry(slug="driver__slug"),
    )  # fmt: skip


# ------------------------------------------------------------------ circuits


def seasons_at(circuit: Circuit) -> Career:
    """The seasons with an event at that circuit, for readers to choose from; nothing is counted."""
    events = Event.objects.public().filter(circuit=circuit).order_by("-season__label", "season__series__name")
    columns = ("season__series__name", "season__series_name", "season__series__slug", "season__label", "season__slug")
    return Career(
        [
            SeasonFigures(then or name, series, label, slug)
            for name, then, series, label, slug in events.values_list(*columns).distinct()
        ]
    )


@dataclass(frozen=True, slots=True)
class Record:
    """The fastest lap on a layout: over all or of a class, in races or in qualifyings."""

    layout: str
    length_m: int | None
    kind: str  # race, qualifying
    row: Row


def records_at(circuit: Circuit) -> list[Record]:
    """The fastest race and qualifying lap of each layout and class, fastest first; one query."""
    kinds = {SessionKind.RACE: "race", SessionKind.SPRINT: "race", SessionKind.QUALIFYING: "qualifying"}
    event = "classification__session__event"
    rows = rows_at_circuit(circuit).filter(best_lap_ms__isnull=False, **{f"{_KIND}__in": list(kinds)})
    fastest = rows.order_by(
        f"{event}__layout_id", _KIND, "session_entry__entry__racing_class_id", "best_lap_ms", "pk"
    ).distinct(f"{event}__layout_id", _KIND, "session_entry__entry__racing_class_id")
    lines = result_lines(ClassificationRow.objects.filter(pk__in=fastest.values("pk")).order_by())
    lines = lines.annotate(
        kind=F(_KIND), layout=F(f"{event}__layout__name"), length_m=F(f"{event}__layout__length_m")
    ).order_by("best_lap_ms", "pk")
    return _once_each([Record(line["layout"] or "", line["length_m"], kinds[line["kind"]], line) for line in lines])


def _once_each(records: Iterable[Record]) -> list[Record]:
    """Races and sprints share a record: the first of each layout, kind and class is the fastest."""
    found: dict[tuple[str, str, str], Record] = {}
    for record in records:
        found.setdefault((record.layout, record.kind, record.row["class_name"] or ""), record)
    return list(found.values())


# ------------------------------------------------------------------ printed tables


def standings_of(season: Season) -> list[PrintedStanding]:
    """The newest released table of each championship and class of a season, with its rows; two queries.

    Newest is the final one, else the one after the latest event; a table that names no event we know comes first.
    """
    tables = PrintedStanding.objects.public().filter(season=season).order_by(
        "is_final", F("after_event__starts_on").asc(nulls_first=True), "pk"
    )  # fmt: skip
    newest = {(table.name, table.class_name): table for table in tables}
    chosen = sorted(newest.values(), key=lambda table: (table.name, table.class_name))
    prefetch_related_objects(chosen, "rows")
    return chosen
