"""What charts read of a session: its cars with their laps, if readers may see them."""

from __future__ import annotations

from collections import defaultdict
from typing import Any

from django.db.models import F, OuterRef, QuerySet, Subquery, Value

from results.charts.field import Car, Spell
from results.models import CarTrace, Classification, ClassificationRow, LapSet, Session, Stint
from results.selectors import crew_of_entry
from results.stints import Trace


def public_traces(session: Session) -> QuerySet[CarTrace]:
    """The traces of a session whose laps readers may see now; else none."""
    return CarTrace.objects.filter(
        session_entry__session=session, session_entry__session__lap_set__in=LapSet.objects.public()
    )


def field_of(session: Session, *, with_stints: bool = False) -> list[Car]:
    """The cars in order of the public result, then by distance; empty where laps are not public. One or two queries."""
    rows = _rows(session)
    spells = _spells(session) if with_stints and rows else {}
    return [_car(row, spells.get(row["pk"], ())) for row in rows]


def _rows(session: Session) -> list[dict[str, Any]]:
    standing = Classification.objects.public().filter(session=session, checkpoint="")
    places = ClassificationRow.objects.filter(
        classification__in=standing, session_entry=OuterRef("session_entry")
    ).order_by("display_order")
    found = public_traces(session).annotate(order=Subquery(places.values("display_order")[:1]))
    rows = found.values(
        "pk", "order", "positions", "gaps_ms", "times_ms", "pit_laps", "deleted_laps",
        number=F("session_entry__entry__number"),
        team=F("session_entry__entry__team__name"),
        entrant=F("session_entry__entry__entrant"),
        class_name=F("session_entry__entry__racing_class__name"),
        class_sequence=F("session_entry__entry__racing_class__sequence"),
        crew=crew_of_entry(line=Value(1)),
    )  # fmt: skip
    listed: list[Any] = list(rows)
    return sorted(listed, key=_by_result)


def _by_result(row: dict[str, Any]) -> tuple[Any, ...]:
    """As printed; without a result by distance, then by place at the end of it, or by the fastest lap."""
    places = [place for place in row["positions"] if place is not None]
    times = [time for time in row["times_ms"] if time is not None]
    last = (-len(row["times_ms"]), places[-1]) if places else (0, min(times, default=0) or 2**31)
    return row["order"] is None, row["order"] or 0, *last, row["number"]


def _car(row: dict[str, Any], spells: tuple[Spell, ...]) -> Car:
    crew = tuple(one["last"] for one in row["crew"])
    return Car(
        number=row["number"],
        team=row["team"] or row["entrant"] or "/".join(crew),
        trace=Trace(
            tuple(row["positions"]),
            tuple(row["gaps_ms"]),
            tuple(row["times_ms"]),
            tuple(row["pit_laps"]),
            tuple(row["deleted_laps"]),
        ),
        class_name=row["class_name"] or "",
        class_sequence=row["class_sequence"] or 0,
        crew=crew,
        spells=spells,
    )


def _spells(session: Session) -> dict[int, tuple[Spell, ...]]:
    cells = ("seat", "first_lap", "last_lap", "laps", "drive_ms", "best_lap_ms", "pit_ms", "ends_in_pit")
    found = Stint.objects.filter(session_entry__session=session).order_by("session_entry", "sequence")
    spells: dict[int, list[Spell]] = defaultdict(list)
    for car, driver, *values in found.values_list("session_entry", "driver__last_name", *cells):
        spells[car].append(Spell(driver or "", *values))
    return {car: tuple(of_car) for car, of_car in spells.items()}
