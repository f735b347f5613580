"""What the pages of laps read: the released laps of a session, by car, by driver, lap by lap."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, F, Max, Min, OuterRef, QuerySet, Subquery, Sum
from django.http import Http404
from django.shortcuts import get_object_or_404

from results.models import DriverShare, Lap, LapDeletion, LapSectors, LapSet, Session, SessionEntry, Stint
from results.tables import as_figure

Row = Mapping[str, Any]
CAR = "session_entry__entry"
_SECOND_LINE = re.compile(r"(.+)~([0-9]{1,2})")


@dataclass(frozen=True, slots=True)
class LapLine:
    """A lap of a car. `counts` is off for a deleted or invalid one; `sectors_ms` may be empty."""

    number: int
    seat: int | None
    time_ms: int | None
    day_ms: int | None
    in_pit: bool
    pit_ms: int | None
    counts: bool
    sectors_ms: list[int | None]
    position: int | None


@dataclass(frozen=True, slots=True)
class StintLaps:
    """A stint and its laps; `stint` is None where nobody computed any."""

    stint: Stint | None
    laps: list[LapLine]


def get_lap_set(series: str, season: str, event: str, session: str) -> LapSet:
    """The released laps of a session with its event and the name of their source; Http404 for all else."""
    public = LapSet.objects.public().select_related(
        "session__event__season__series", "session__event__circuit", "session__event__layout"
    )
    return get_object_or_404(
        public.annotate(document_name=F("document__name")),
        session__slug=session,
        session__event__slug=event,
        session__event__season__slug=season,
        session__event__season__series__slug=series,
    )


def car_key(number: str, line: int) -> str:
    """The car in an address: its number, and `~2` behind it for a second car of that number."""
    return number if line == 1 else f"{number}~{line}"


def cars_with_laps(session: Session) -> QuerySet[SessionEntry, Any]:
    """Every car of the session that has laps, with bests and stops: one query."""
    stops = Stint.objects.filter(session_entry=OuterRef("pk"), ends_in_pit=True).order_by().values("session_entry")
    shares = DriverShare.objects.filter(session_entry=OuterRef("pk")).order_by().values("session_entry")
    laps = Lap.objects.filter(session_entry=OuterRef("pk")).order_by().values("session_entry")
    return (
        SessionEntry.objects.filter(session=session)
        .annotate(driven=Subquery(laps.values(number=Max("number"))))
        .filter(driven__isnull=False)
        .order_by(as_figure("entry__number"), "entry__number", "entry__line")
        .values(
            "pk",
            "driven",
            number=F("entry__number"),
            line=F("entry__line"),
            team=F("entry__team__name"),
            entrant=F("entry__entrant"),
            car=F("entry__car_model__name"),
            class_slug=F("entry__racing_class__slug"),
            class_name=F("entry__racing_class__name"),
            class_sequence=F("entry__racing_class__sequence"),
            best_lap_ms=Subquery(shares.values(best=Min("best_lap_ms"))),
            stops=Subquery(stops.values(stops=Count("pk"))),
            pit_ms=Subquery(stops.values(ms=Sum("pit_ms"))),
        )
    )


def driver_bests(session: Session) -> QuerySet[DriverShare, Any]:
    """Every driver's share in a car with his best valid lap, fastest first: one query."""
    return (
        DriverShare.objects.filter(session_entry__session=session)
        .order_by(F("best_lap_ms").asc(nulls_last=True), "session_entry__entry__number", "seat")
        .values(
            "seat",
            "laps",
            "drive_ms",
            "best_lap_ms",
            "best_lap_number",
            first=F("driver__first_name"),
            last=F("driver__last_name"),
            number=F(f"{CAR}__number"),
            line=F(f"{CAR}__line"),
            class_slug=F(f"{CAR}__racing_class__slug"),
            class_name=F(f"{CAR}__racing_class__name"),
            class_sequence=F(f"{CAR}__racing_class__sequence"),
        )
    )


def get_car(session: Session, key: str) -> SessionEntry:
    """The car of that number in the session, with all that its page says about it; Http404 where there is none."""
    if "\0" in key:
        raise Http404  # Postgres knows no such sign
    match = _SECOND_LINE.fullmatch(key)
    number, line = (match[1], int(match[2])) if match else (key, 1)
    cars = SessionEntry.objects.select_related(
        "entry__team", "entry__car_model", "entry__racing_class", "trace"
    ).filter(session=session)
    return get_object_or_404(cars, entry__number=number, entry__line=line)


def laps_of(car: SessionEntry, struck: set[int]) -> list[LapLine]:
    """The laps of a car in order, with sectors and places where the data have them; Http404 where it drove none."""
    sectors = LapSectors.objects.filter(session_entry=OuterRef("session_entry"), number=OuterRef("number"))
    found = (
        Lap.objects.filter(session_entry=car)
        .order_by("number")
        .values_list(
            "number", "seat", "time_ms", "day_ms", "in_pit", "pit_ms", "is_valid",
            Subquery(sectors.values("sectors_ms")),
        )
    )  # fmt: skip
    places = car.trace.positions if hasattr(car, "trace") else []
    laps = [
        LapLine(
            number, seat, time, day, in_pit, pit, is_valid and number not in struck, sectors or [],
            places[number - 1] if 0 < number <= len(places) else None,
        )
        for number, seat, time, day, in_pit, pit, is_valid, sectors in found
    ]  # fmt: skip
    if not laps:
        raise Http404
    return laps


def struck_laps(cars: list[int]) -> dict[int, set[int]]:
    """By the key of a car in a session: its laps that were deleted and not given back. What names no lap marks none."""
    struck: dict[int, set[int]] = {car: set() for car in cars}
    standing = LapDeletion.objects.standing().filter(session_entry__in=cars, lap__isnull=False)
    deletions = standing.values_list("session_entry_id", "lap")
    for car, lap in deletions:
        struck[car].add(lap or 0)
    return struck


def best_of_each_class(bests: list[Row]) -> list[Row]:
    """The fastest driver of each class, in the order of the classes; `bests` are sorted by lap time."""
    fastest: dict[str | None, Row] = {}
    for row in bests:
        if row["best_lap_ms"]:
            fastest.setdefault(row["class_slug"], row)
    return sorted(fastest.values(), key=lambda row: (row["class_sequence"] or 0, row["class_name"] or ""))


def by_stint(laps: list[LapLine], stints: list[Stint]) -> list[StintLaps]:
    """The laps under their stints; laps outside of every stint stand in groups of their own."""
    groups: list[StintLaps] = []
    for lap in laps:
        stint = next((one for one in stints if one.first_lap <= lap.number <= one.last_lap), None)
        if not groups or groups[-1].stint is not stint:
            groups.append(StintLaps(stint, []))
        groups[-1].laps.append(lap)
    return groups
