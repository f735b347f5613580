"""Classifications and lap times beside a story: what readers may see of them now, one query for any number of boxes."""

import datetime as dt
import operator
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import reduce
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Case, Exists, F, OuterRef, Q, QuerySet, When
from django.db.models.functions import JSONObject
from django.urls import reverse

from articles.models import SidebarItem
from articles.sidebar.spec import BoxSpec
from results.importers.status import STATUSES
from results.models import Classification, ClassificationRow, Lap, LapSet
from results.models.calendar import RANKED_BY_BEST_LAP
from results.names import fold
from results.notation import Gap, format_duration, format_gap, format_lap_time
from results.selectors import crew_of_entry

FASTEST_LAPS = 10  # of each chosen car

Record = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class BoxLap:
    """A lap of a chosen car; `number` counts from the start, `ms` is its time."""

    number: int
    ms: int

    @property
    def time(self) -> str:
        return format_lap_time(self.ms)


@dataclass(frozen=True, slots=True)
class BoxRow:
    """A line of a result with its car. `crew` holds `{"first", "last"}` by seat; `laps_driven` the fastest laps."""

    number: str
    crew: list[dict[str, str]]
    team: str
    car: str
    class_name: str
    class_sequence: int
    position: int | None
    class_position: int | None
    status: str
    laps: int | None
    total_ms: int | None
    gap_ms: int | None
    gap_laps: int | None
    best_lap_ms: int | None
    best_lap_number: int | None
    fastest: tuple[BoxLap, ...]

    @property
    def total(self) -> str:
        return format_duration(self.total_ms) if self.total_ms else ""

    @property
    def gap(self) -> str:
        if self.gap_laps:
            return format_gap(Gap(laps=self.gap_laps))
        return format_gap(Gap(ms=self.gap_ms)) if self.gap_ms else ""

    @property
    def best_lap(self) -> str:
        return format_lap_time(self.best_lap_ms) if self.best_lap_ms else ""

    @property
    def abbreviation(self) -> str:
        """`DNF`, `NC` …"""
        return STATUSES[self.status].abbreviation

    @property
    def status_words(self) -> str:
        return STATUSES[self.status].german

    def shown(self) -> dict[str, Any]:
        """What stood there, printed and in milliseconds."""
        return {
            "number": self.number,
            "crew": [f"{name['first']} {name['last']}".strip() for name in self.crew],
            "team": self.team,
            "car": self.car,
            "class": self.class_name,
            "position": self.position,
            "class_position": self.class_position,
            "status": self.status,
            "laps": self.laps,
            "total": self.total,
            "total_ms": self.total_ms,
            "gap": self.gap,
            "gap_ms": self.gap_ms,
            "gap_laps": self.gap_laps,
            "best_lap": self.best_lap,
            "best_lap_ms": self.best_lap_ms,
            "best_lap_number": self.best_lap_number,
            "fastest": [{"lap": lap.number, "time": lap.time, "ms": lap.ms} for lap in self.fastest],
        }


@dataclass(frozen=True, slots=True)
class BoxResult:
    """An extract of a session's current public classification, with what its source line says."""

    session_id: int
    session_name: str
    event_name: str
    series_label: str
    accent: int
    address: str
    checkpoint: str
    is_timed: bool
    version: int
    state: str
    public_from: dt.datetime
    document_name: str | None
    is_complete: bool
    rows: tuple[BoxRow, ...]

    @property
    def has_classes(self) -> bool:
        """Whether more than one class is shown, so that the class is worth a column."""
        return len({row.class_name for row in self.rows if row.class_name}) > 1

    @property
    def numbers_best_laps(self) -> bool:
        """Whether the source says in which lap a car was fastest; many sheets of a qualifying do not."""
        return any(row.best_lap_number is not None for row in self.rows)

    def shown(self) -> dict[str, Any]:
        return {
            "session": self.session_name,
            "event": self.event_name,
            "version": self.version,
            "state": self.state,
            "as_of": self.public_from.isoformat(),
            "source": self.document_name or "",
            "rows": [row.shown() for row in self.rows],
        }


def results_of(specs: Sequence[BoxSpec]) -> dict[BoxSpec, BoxResult]:
    """The extract each box shows; a box is missing where no classification of its session is public. One query."""
    asked = [spec for spec in specs if spec.session_id is not None]
    if not asked:
        return {}
    records = list(_records(asked))
    found = {}
    for spec in asked:
        of_session = [record for record in records if _is_of(record, spec)]
        rows = [record for record in of_session if _is_wanted(record, spec)]
        if rows:
            found[spec] = _result(rows, spec)
    return found


def _public(spec: BoxSpec) -> QuerySet[Classification]:
    return Classification.objects.public().filter(session=spec.session_id, checkpoint=spec.checkpoint)


def _wanted(spec: BoxSpec) -> QuerySet[ClassificationRow]:
    """The first rows of a box, in printed order."""
    rows = ClassificationRow.objects.filter(classification__in=_public(spec))
    if spec.class_name:
        rows = rows.filter(session_entry__entry__racing_class__folded=fold(spec.class_name))
    if spec.cars:
        rows = rows.filter(session_entry__entry__number__in=spec.cars)
    return rows.order_by("display_order")[: spec.limit]


def _fastest_laps(specs: Sequence[BoxSpec]) -> Case:
    """The fastest valid laps of the cars that a lap-time box chose; NULL until the laps themselves are public.

    A result may be out while its laps are held back: they have a release of their own.
    """
    laps = Lap.objects.filter(session_entry=OuterRef("session_entry"), is_valid=True, time_ms__isnull=False)
    fastest = ArraySubquery(
        laps.order_by("time_ms", "number").values(json=JSONObject(number="number", ms="time_ms"))[:FASTEST_LAPS]
    )
    sessions = {spec.session_id for spec in specs if spec.kind == SidebarItem.Kind.LAP_TIMES and not spec.checkpoint}
    chosen = Q(classification__session__in=sessions, classification__checkpoint="")
    are_public = Exists(LapSet.objects.public().filter(session=OuterRef("classification__session")))
    return Case(When(chosen & are_public, then=fastest), default=None, output_field=fastest.output_field)


def _records(specs: Sequence[BoxSpec]) -> Iterable[Record]:
    """The rows of all boxes with all they show, one query. Rows of one session serve every box of that session."""
    wanted = reduce(operator.or_, (Q(pk__in=_wanted(spec).values("pk")) for spec in specs))
    session = "classification__session"
    entry = "session_entry__entry"
    return (
        ClassificationRow.objects.filter(wanted)
        .order_by("classification_id", "display_order")
        .values(
            "display_order",
            "position",
            "class_position",
            "status",
            "laps",
            "total_ms",
            "gap_ms",
            "gap_laps",
            "best_lap_ms",
            "best_lap_number",
            session_id=F(session),
            session_name=F(f"{session}__name"),
            session_kind=F(f"{session}__kind"),
            session_slug=F(f"{session}__slug"),
            event_name=F(f"{session}__event__name"),
            event_slug=F(f"{session}__event__slug"),
            season_slug=F(f"{session}__event__season__slug"),
            series_slug=F(f"{session}__event__season__series__slug"),
            series_name=F(f"{session}__event__season__series__name"),
            series_short=F(f"{session}__event__season__series__short_name"),
            accent=F(f"{session}__event__season__series__accent"),
            checkpoint=F("classification__checkpoint"),
            version=F("classification__version"),
            state=F("classification__state"),
            public_from=F("classification__public_from"),
            is_complete=F("classification__is_complete"),
            document_name=F("classification__document__name"),
            number=F(f"{entry}__number"),
            team=F(f"{entry}__team__name"),
            entrant=F(f"{entry}__entrant"),
            car=F(f"{entry}__car_model__name"),
            class_name=F(f"{entry}__racing_class__name"),
            class_folded=F(f"{entry}__racing_class__folded"),
            class_sequence=F(f"{entry}__racing_class__sequence"),
            crew=crew_of_entry(),
            fastest=_fastest_laps(specs),
        )
    )


def _is_of(record: Record, spec: BoxSpec) -> bool:
    return (record["session_id"], record["checkpoint"]) == (spec.session_id, spec.checkpoint)


def _is_wanted(record: Record, spec: BoxSpec) -> bool:
    """Whether a row that some box of this session brought along is one that this box asked for."""
    return (not spec.class_name or record["class_folded"] == fold(spec.class_name)) and (
        not spec.cars or record["number"] in spec.cars
    )


def _result(records: list[Record], spec: BoxSpec) -> BoxResult:
    first = records[0]
    address = (first["series_slug"], first["season_slug"], first["event_slug"], first["session_slug"])
    annulled = first["state"] == Classification.State.ANNULLED
    with_laps = spec.kind == SidebarItem.Kind.LAP_TIMES
    rows = () if annulled else tuple(_row(record, with_laps=with_laps) for record in records[: spec.limit])
    return BoxResult(
        session_id=first["session_id"],
        session_name=first["session_name"],
        event_name=first["event_name"],
        series_label=first["series_short"] or first["series_name"],
        accent=first["accent"],
        address=reverse("results:session-detail", args=address),
        checkpoint=first["checkpoint"],
        is_timed=first["session_kind"] in RANKED_BY_BEST_LAP,
        version=first["version"],
        state=first["state"],
        public_from=first["public_from"],
        document_name=first["document_name"],
        is_complete=first["is_complete"],
        rows=tuple(sorted(rows, key=_by_best_lap)) if with_laps else rows,
    )


def _by_best_lap(row: BoxRow) -> tuple[bool, int]:
    return row.best_lap_ms is None, row.best_lap_ms or 0


def _row(record: Record, *, with_laps: bool) -> BoxRow:
    fastest = tuple(BoxLap(lap["number"], lap["ms"]) for lap in record["fastest"] or ()) if with_laps else ()
    best_ms, best_number = record["best_lap_ms"], record["best_lap_number"]
    if best_ms is None and fastest:
        best_ms, best_number = fastest[0].ms, fastest[0].number
    return BoxRow(
        number=record["number"],
        crew=record["crew"],
        team=record["team"] or record["entrant"],
        car=record["car"] or "",
        class_name=record["class_name"] or "",
        class_sequence=record["class_sequence"] or 0,
        position=record["position"],
        class_position=record["class_position"],
        status=record["status"],
        laps=record["laps"],
        total_ms=record["total_ms"],
        gap_ms=record["gap_ms"],
        gap_laps=record["gap_laps"],
        best_lap_ms=best_ms,
        best_lap_number=best_number,
        fastest=fastest,
    )
