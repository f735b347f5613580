"""The fact sheet of an event of our own: the desk's current results, put into the form every sheet is read from.

The desk checks drafts, so it sees the version it works on, embargoed or not; nothing here reaches a public page. The
number of queries is the same for every event and every archive.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import json
import re
import zoneinfo
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import F, OuterRef, Q
from django.db.models.functions import JSONObject

from articles.factcheck.open_rulings import open_rulings
from articles.factcheck.pending import Ruling, is_pending, with_pending
from articles.factcheck.sheet import BEST_LAP_KINDS, FactSheet
from results.importers.status import CLASSIFIED, STATUSES
from results.models import (
    CarTrace,
    Classification,
    ClassificationRow,
    CrewMember,
    DriverAlias,
    Entry,
    Event,
    LapDeletion,
    PrintedStanding,
    Session,
    SessionCrewMember,
    SessionKind,
    TeamAlias,
)
from results.names import fold
from results.notation import format_lap_time
from results.selectors import crew_of_entry
from results.venue_time import GERMANY

# A report looks at the next rounds; one that came just before is its neighbour too.
LATER, EARLIER = 3, 1
Line = Mapping[str, Any]
Records = dict[str, Any]
Scored = tuple[int, str]  # a session and a checkpoint of it, empty at the finish
_HOURS = re.compile(r"([1-9]\d?)\s?(?:h|hours?|std\.?|stunden)", re.IGNORECASE)


@dataclass(frozen=True, eq=False)
class EventSheet:
    """A sheet, the event it speaks of, and what tells it from every other state of the data."""

    event: Event
    sheet: FactSheet
    fingerprint: str
    under_decision: tuple[str, ...] = ()  # names of the sessions whose result does not hold a decision yet


def sheet_of(event: Event) -> FactSheet:
    """The sheet of an event: its entry list, its sessions with their current classification, tables, neighbours."""
    return FactSheet.from_records(records_of(event))


def event_sheet(event: Event) -> EventSheet:
    records = records_of(event)
    printed = json.dumps(records, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    fingerprint = hashlib.sha256(printed.encode()).hexdigest()
    return EventSheet(event, FactSheet.from_records(records), fingerprint, tuple(records["under_decision"]))


def records_of(event: Event) -> Records:
    """The event in the exchange format, as far as checks read it; `laps_ms`, `entries` and names beside are our own."""
    zone = event.zone
    sessions = list(event.sessions.order_by("sequence", "starts_at", "pk"))
    rulings, penalised = open_rulings(event)
    printed = _lines(event)
    open_ones = {key[0] for key, found in printed.items() for one in rulings.get(key, ()) if is_pending(one, found)}
    lines = _as_decided(printed, rulings, sessions)
    laps = _laps(event)
    deleted = _deleted(event)

    def rows(session: Session, checkpoint: str = "") -> list[Records]:
        return _rows(lines.get((session.pk, checkpoint), []), laps, deleted.get(session.pk, {}))

    records = [_session(session, zone, rows(session)) for session in sessions]
    interim = [
        _session(session, zone, rows(session, checkpoint))
        | {"id": f"{session.key}:{checkpoint}", "name": checkpoint_name(session.name, checkpoint)}
        | {"starters": None, "finishers": None}
        for session in sessions
        for checkpoint in _checkpoints(session, lines)
    ]
    finish = {key: found for (key, checkpoint), found in lines.items() if not checkpoint}
    entries = _entries(event)
    return {
        "series": event.season.series.name,
        "season": event.season.label,
        "event": event.name,
        "circuit": event.circuit.name if event.circuit else "",
        "sessions": [*records, *interim, *_grids(sessions, finish, zone, is_penalised=penalised)],
        "entries": entries,
        "standings": [_table(table) for table in _tables(event)],
        "calendar": _neighbours(event),
        "under_decision": [session.name for session in sessions if session.pk in open_ones],
        **_other_names(event),
    }


# ------------------------------------------------------------------ results


def _lines(event: Event) -> dict[Scored, list[Line]]:
    """By session and checkpoint the lines of the current result, with car and crew: one query."""
    counted = Classification.objects.current().filter(session__event=event)
    entry = "session_entry__entry"
    rows = (
        ClassificationRow.objects.filter(classification__in=counted.exclude(state=Classification.State.ANNULLED))
        .order_by("classification", "display_order")
        .values(
            "session_entry",
            "line",
            "position",
            "class_position",
            "status",
            "laps",
            "total_ms",
            "gap_ms",
            "gap_laps",
            "best_lap_ms",
            "grid",
            "part_times_ms",
            session=F("classification__session"),
            checkpoint=F("classification__checkpoint"),
            number=F(f"{entry}__number"),
            number_line=F(f"{entry}__line"),
            team=F(f"{entry}__team__name"),
            entrant=F(f"{entry}__entrant"),
            model=F(f"{entry}__car_model__name"),
            maker=F(f"{entry}__car_model__manufacturer__name"),
            class_name=F(f"{entry}__racing_class__name"),
            crew=crew_of_entry(nationality="driver__nationality"),
        )
    )
    found: dict[Scored, list[Line]] = {}
    for row in rows:
        found.setdefault((row["session"], row["checkpoint"]), []).append(row)
    return found


def _as_decided(
    lines: dict[Scored, list[Line]], rulings: Mapping[Scored, list[Ruling]], sessions: list[Session]
) -> dict[Scored, list[Line]]:
    """The lines without what a decision that they do not follow may change."""
    kinds = {session.pk: session.kind for session in sessions}
    return {
        key: with_pending(found, rulings[key], by_best_lap=kinds.get(key[0]) in BEST_LAP_KINDS)
        if key in rulings
        else found
        for key, found in lines.items()
    }


def _checkpoints(session: Session, lines: Mapping[Scored, list[Line]]) -> list[str]:
    """The states of a race that the sheet can tell from its finish: after some hours, with fewer laps than at the end."""
    most = _most_laps(lines.get((session.pk, ""), []))
    return [
        checkpoint
        for key, checkpoint in lines
        if key == session.pk and _HOURS.fullmatch(checkpoint) and 0 < _most_laps(lines[key, checkpoint]) < most
    ]


def _most_laps(lines: list[Line]) -> int:
    """The laps of the leader."""
    return next((line["laps"] or 0 for line in lines if line["position"] == 1), 0)


def checkpoint_name(session: str, checkpoint: str) -> str:
    """`Rennen nach 6 Stunden`: what a sheet calls the state of a race at the checkpoint `6h`."""
    hours = _HOURS.fullmatch(checkpoint)
    return f"{session} nach {hours[1]} Stunden" if hours else f"{session} · {checkpoint}"


def _laps(event: Event) -> dict[int, list[int | None]]:
    """By car and session all lap times that are stored."""
    traces = CarTrace.objects.filter(session_entry__session__event=event)
    return dict(traces.values_list("session_entry", "times_ms"))


def _deleted(event: Event) -> dict[int, dict[int, list[int]]]:
    """By session and car the times that do not count: a text may tell of them."""
    found: dict[int, dict[int, list[int]]] = {}
    those = LapDeletion.objects.filter(session__event=event, lap_ms__isnull=False)
    for session, car, time in those.order_by("pk").values_list("session", "session_entry", "lap_ms"):
        if time:
            found.setdefault(session, {}).setdefault(car, []).append(time)
    return found


def _rows(lines: list[Line], laps: Mapping[int, list[int | None]], deleted: Mapping[int, list[int]]) -> list[Records]:
    twice = Counter(line["session_entry"] for line in lines)
    numbers = Counter(line["number"] for line in lines)
    return [
        _row(line, _number(line, is_one=numbers[line["number"]] == 1, lines=twice[line["session_entry"]]))
        | {"laps_ms": _other_laps(line, laps, deleted)}
        for line in lines
    ]


def _number(line: Line, *, is_one: bool, lines: int = 1) -> str:
    """A number that two cars or two lines bear is none a text could name one of them by."""
    number: str = line["number"]
    if is_one:
        return number
    return f"{number}·{line['number_line']}" if lines == 1 else f"{number}·{line['number_line']}·{line['line']}"


def _other_laps(line: Line, laps: Mapping[int, list[int | None]], deleted: Mapping[int, list[int]]) -> list[int]:
    car = line["session_entry"]
    times = {*(line["part_times_ms"] or ()), *laps.get(car, ()), *deleted.get(car, ()), line.get("former_best_ms")}
    return sorted(times - {None, line["best_lap_ms"]})


def _row(line: Line, number: str) -> Records:
    return _car(line, number) | {
        "pos": line["position"],
        "pos_in_class": line["class_position"],
        "laps": line["laps"],
        "time": format_lap_time(line["total_ms"], "en") if line["total_ms"] else None,
        "gap": _gap(line),
        "best_lap": format_lap_time(line["best_lap_ms"], "en") if line["best_lap_ms"] else None,
        "status": CLASSIFIED if line["status"] == CLASSIFIED else STATUSES[line["status"]].abbreviation,
    }


def _car(line: Line, number: str) -> Records:
    return {
        "number": number,
        "class": line["class_name"],
        "team": line["team"] or line["entrant"],
        "car": _model(line["maker"] or "", line["model"] or ""),
        "drivers": line["crew"],
    }


def _model(maker: str, model: str) -> str:
    """`Porsche 911 GT3 R`, whether the model is stored with its maker or without."""
    return model if not maker or fold(model).startswith(fold(maker)) else f"{maker} {model}".strip()


def _gap(line: Line) -> str | None:
    if line["gap_laps"]:
        return f"+{line['gap_laps']} laps"
    return "+" + format_lap_time(line["gap_ms"], "en") if line["gap_ms"] is not None else None


def _session(session: Session, zone: zoneinfo.ZoneInfo, rows: list[Records]) -> Records:
    return {
        "id": session.key,
        "name": session.name,
        "kind": session.kind,
        "date": _moment(session.starts_at, session.local_date, zone),
        "home_date": _at_home(session.starts_at, zone),
        "classification": rows,
        "starters": session.starters,
        "finishers": session.finishers,
    }


def _moment(instant: dt.datetime | None, day: dt.date | None, zone: zoneinfo.ZoneInfo) -> str:
    if instant:
        return f"{instant.astimezone(zone):%Y-%m-%dT%H:%M}"
    return day.isoformat() if day else ""


def _at_home(instant: dt.datetime | None, zone: zoneinfo.ZoneInfo) -> str:
    """The start on German clocks, where it is read; empty where the venue's show the same."""
    if instant is None or instant.astimezone(zone).utcoffset() == instant.astimezone(GERMANY).utcoffset():
        return ""
    return _moment(instant, None, GERMANY)


# ------------------------------------------------------------------ grid


def _grids(
    sessions: list[Session], lines: Mapping[int, list[Line]], zone: zoneinfo.ZoneInfo, *, is_penalised: bool
) -> list[Records]:
    """The grid of races whose result prints one, where none is a session of its own.

    Without any print a penalty of places leaves the grid unknown: then it holds the cars without places, so that nobody
    is measured by the qualifying.
    """
    if any(session.kind == SessionKind.GRID for session in sessions):
        return []
    kinds = {SessionKind.RACE, SessionKind.SPRINT}
    races = [session for session in sessions if session.kind in kinds and session.pk in lines]
    found = []
    for race in races:
        placed = [line for line in lines[race.pk] if line["grid"]]
        if not placed and not is_penalised:
            continue
        numbers = Counter(line["number"] for line in lines[race.pk])
        ordered = sorted(placed, key=lambda line: line["grid"]) or lines[race.pk]
        rows = [
            _car(line, _number(line, is_one=numbers[line["number"]] == 1)) | {"pos": line["grid"]} for line in ordered
        ]
        found.append(
            {
                "id": f"{race.key}:grid",
                "name": race.name,
                "kind": SessionKind.GRID.value,
                "date": _moment(race.starts_at, race.local_date, zone),
                "classification": rows,
            }
        )
    return found


# ------------------------------------------------------------------ entry list and names


def _entries(event: Event) -> list[Records]:
    """The cars that are entered, with everybody who drove them in any session, with or without a result: one query."""
    crew = CrewMember.objects.filter(entry=OuterRef("pk")).order_by("seat")
    drove = SessionCrewMember.objects.filter(session_entry__entry=OuterRef("pk")).order_by("seat", "pk")
    names = JSONObject(first="driver__first_name", last="driver__last_name", nationality="driver__nationality")
    cars = list(
        Entry.objects.filter(event=event)
        .order_by("number", "line")
        .values(
            "number",
            "line",
            "entrant",
            team_name=F("team__name"),
            model=F("car_model__name"),
            maker=F("car_model__manufacturer__name"),
            class_name=F("racing_class__name"),
            seats=ArraySubquery(crew.values(json=names)),
            others=ArraySubquery(drove.values(json=names)),
        )
    )
    numbers = Counter(car["number"] for car in cars)
    return [
        _car(
            car | {"team": car["team_name"], "crew": _each_once(car["seats"], car["others"])},
            _number(car | {"number_line": car["line"]}, is_one=numbers[car["number"]] == 1),
        )
        for car in cars
    ]


def _each_once(seats: list[Records], others: list[Records]) -> list[Records]:
    found = list(seats)
    for one in others:
        if one not in found:
            found.append(one)
    return found


def _other_names(event: Event) -> dict[str, dict[str, list[str]]]:
    """What else the drivers and teams of the event are called: two queries."""
    here = Q(driver__entries__event=event) | Q(driver__session_seats__session_entry__entry__event=event)
    drivers = DriverAlias.objects.filter(here).select_related("driver").order_by("driver", "name").distinct()
    teams = TeamAlias.objects.filter(team__entries__event=event).select_related("team").order_by("name").distinct()
    return {
        "driver_names": _by_name((alias.driver.full_name, alias.name) for alias in drivers),
        "team_names": _by_name((alias.team.name, alias.name) for alias in teams),
    }


def _by_name(pairs: Iterable[tuple[str, str]]) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for name, other in pairs:
        found.setdefault(name, []).append(other)
    return found


# ------------------------------------------------------------------ tables and neighbours


def _tables(event: Event) -> list[PrintedStanding]:
    """The tables after the event, then those before it: a report may tell both."""
    after = Q(after_event=event)
    tables = PrintedStanding.objects.filter(after)
    if event.starts_on:
        before = PrintedStanding.objects.filter(season=event.season_id, after_event__ends_on__lt=event.starts_on)
        newest = before.order_by("name", "class_name", "-after_event__ends_on").distinct("name", "class_name")
        tables = PrintedStanding.objects.filter(after | Q(pk__in=newest.values("pk")))
    found = tables.prefetch_related("rows").order_by("name", "class_name", "pk")
    return sorted(found, key=lambda table: table.after_event_id != event.pk)


def _table(table: PrintedStanding) -> Records:
    rows = [{"pos": row.position, "entrant": row.entrant, "points": str(row.points)} for row in table.rows.all()]
    name = table.name if table.class_name in table.name else f"{table.name} {table.class_name}"
    return {"id": str(table.pk), "name": name, "after": table.after, "final": table.is_final, "rows": rows}


def _neighbours(event: Event) -> list[Records]:
    """The next events of the season with their sessions, and the one before: two or three queries."""
    if event.starts_on is None or event.ends_on is None:
        return []
    season = Event.objects.filter(season=event.season_id).exclude(pk=event.pk).select_related("circuit")
    later = season.filter(starts_on__gt=event.ends_on).order_by("starts_on", "pk")[:LATER]
    earlier = season.filter(ends_on__lt=event.starts_on).order_by("-ends_on", "pk")[:EARLIER]
    return [_neighbour(other) for other in (*later.prefetch_related("sessions"), *earlier)]


def _neighbour(event: Event) -> Records:
    is_announced = "sessions" in getattr(event, "_prefetched_objects_cache", {})
    sessions = event.sessions.all() if is_announced else ()
    return {
        "event": event.name,
        "circuit": event.circuit.name if event.circuit else "",
        "start": event.starts_on.isoformat() if event.starts_on else None,
        "end": event.ends_on.isoformat() if event.ends_on else None,
        "sessions": [
            {"name": session.name, "starts_at": _moment(session.starts_at, None, zone)}
            for session in sessions
            for zone in dict.fromkeys((event.zone, GERMANY))
            if session.starts_at
        ],
    }
