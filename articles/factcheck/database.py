"""The fact sheet of an event of our own: the desk's current results, put into the form every sheet is read from.

The desk checks drafts, so it sees the version it works on, embargoed or not; nothing here reaches a public page.
"""

from __future__ import annotations

import zoneinfo
from typing import Any

from articles.factcheck.sheet import FactSheet
from results.models import (
    Classification,
    ClassificationRow,
    CrewMember,
    Event,
    PrintedStanding,
    Session,
    SessionCrewMember,
)
from results.notation import format_lap_time


def sheet_of(event: Event) -> FactSheet:
    """The sheet of an event: its sessions with their current classification, the tables after it, what follows."""
    return FactSheet.from_records(records_of(event))


def records_of(event: Event) -> dict[str, Any]:
    """The event in the exchange format, as far as checks read it. Six queries, whatever its size."""
    zone = event.zone
    current = {
        version.session_id: version
        for version in Classification.objects.current().filter(session__event=event, checkpoint="")
    }
    rows = _rows([version.pk for version in current.values()])
    sessions = [
        _session(session, zone, rows.get(current[session.pk].pk, []) if session.pk in current else [])
        for session in event.sessions.order_by("sequence", "starts_at", "pk")
    ]
    return {
        "series": event.season.series.name,
        "season": event.season.label,
        "event": event.name,
        "circuit": event.circuit.name if event.circuit else "",
        "sessions": sessions,
        "standings": [_table(table) for table in _tables(event)],
        "calendar": [_later(other) for other in _following(event)],
    }


def _rows(versions: list[int]) -> dict[int, list[dict[str, Any]]]:
    found: dict[int, list[dict[str, Any]]] = {}
    lines = (
        ClassificationRow.objects.filter(classification__in=versions)
        .select_related(
            "session_entry__entry__team",
            "session_entry__entry__racing_class",
            "session_entry__entry__car_model__manufacturer",
        )
        .prefetch_related("session_entry__crew__driver", "session_entry__entry__crew__driver")
        .order_by("classification", "display_order")
    )
    for line in lines:
        found.setdefault(line.classification_id, []).append(_row(line))
    return found


def _row(line: ClassificationRow) -> dict[str, Any]:
    entry = line.session_entry.entry
    own: list[SessionCrewMember | CrewMember] = [
        member for member in line.session_entry.crew.all() if member.line == line.line
    ]
    seats = sorted(own or list(entry.crew.all()), key=lambda member: member.seat)
    return {
        "number": entry.number,
        "pos": line.position,
        "class": entry.racing_class.name if entry.racing_class else None,
        "pos_in_class": line.class_position,
        "team": entry.team.name if entry.team else entry.entrant,
        "car": str(entry.car_model) if entry.car_model else "",
        "drivers": [
            {"first": seat.driver.first_name, "last": seat.driver.last_name, "nationality": seat.driver.nationality}
            for seat in seats
        ],
        "laps": line.laps,
        "time": format_lap_time(line.total_ms, "en") if line.total_ms else None,
        "gap": _gap(line),
        "best_lap": format_lap_time(line.best_lap_ms, "en") if line.best_lap_ms else None,
        "status": line.status,
    }


def _gap(line: ClassificationRow) -> str | None:
    if line.gap_laps:
        return f"+{line.gap_laps} laps"
    return "+" + format_lap_time(line.gap_ms, "en") if line.gap_ms is not None else None


def _session(session: Session, zone: zoneinfo.ZoneInfo, rows: list[dict[str, Any]]) -> dict[str, Any]:
    if session.starts_at:
        date = f"{session.starts_at.astimezone(zone):%Y-%m-%dT%H:%M}"
    else:
        date = session.local_date.isoformat() if session.local_date else ""
    return {
        "id": session.key, "name": session.name, "kind": session.kind, "date": date, "classification": rows,
        "starters": session.starters, "finishers": session.finishers,
    }  # fmt: skip


def _tables(event: Event) -> list[PrintedStanding]:
    return list(PrintedStanding.objects.filter(after_event=event).prefetch_related("rows"))


def _table(table: PrintedStanding) -> dict[str, Any]:
    rows = [{"pos": row.position, "entrant": row.entrant, "points": str(row.points)} for row in table.rows.all()]
    return {"id": str(table.pk), "name": table.name, "after": table.after, "final": table.is_final, "rows": rows}


def _following(event: Event) -> list[Event]:
    """The next events of the season; a report may announce them."""
    if event.ends_on is None:
        return []
    later = Event.objects.filter(season=event.season, starts_on__gt=event.ends_on).select_related("circuit")
    return list(later.order_by("starts_on")[:3])


def _later(event: Event) -> dict[str, Any]:
    return {
        "event": event.name,
        "circuit": event.circuit.name if event.circuit else "",
        "start": event.starts_on.isoformat() if event.starts_on else None,
        "end": event.ends_on.isoformat() if event.ends_on else None,
        "sessions": [],
    }
