"""The exchange format: one event with its sessions, classifications, laps, printed tables and calendar as JSON.

`docs/formats.md` documents it. It names everything itself, so nothing has to be supplied beside it. A case of the gold
collection, which carries the same object under `data`, is read as well. Rows are counted from 1 within their list.
"""

from __future__ import annotations

import datetime as dt
import zoneinfo
from dataclasses import replace
from decimal import Decimal
from functools import cache
from itertools import pairwise

from results.importers.document import Fields, Report, load
from results.importers.encoding import decode
from results.importers.exchange_rows import read_classification, read_entries, read_laps, read_parts
from results.importers.records import (
    LONGEST_KEY,
    BroadcastRecord,
    CalendarRecord,
    FileRefused,
    ParsedFile,
    SessionRecord,
    StandingRecord,
    StandingRowRecord,
    key_from_name,
)
from results.notation import shown

FORMAT = "exchange"
TITLE = "Austauschformat von racedesk (JSON)"

KINDS = ("practice", "warmup", "qualifying", "grid", "sprint", "race", "stage", "rally")
STATES = ("provisional", "revised", "final", "amended", "annulled")
SESSION_STATUSES = ("scheduled", "postponed", "cancelled")
BROADCAST_KINDS = ("tv", "stream", "radio")
CASE_KEYS = ("id", "language", "title", "body", "claims")

SIZE_LIMIT = 16 * 2**20
MAX_SESSIONS = 200
MAX_STANDING_ROWS = 2_000
MAX_POINTS = 1_000_000
POINT_DIGITS = 3


def recognises(text: str) -> bool:
    """A JSON object that speaks of sessions; whether it is a sound one `parse` says."""
    return text.lstrip()[:1] == "{" and '"sessions"' in text


def parse(data: bytes, *, name: str = "") -> ParsedFile:
    """All of one document. FileRefused for what is no JSON object of this kind; wrong values are in `rejected`."""
    decoded = decode(data, limit=SIZE_LIMIT)
    report = Report()
    top = Fields(_content(load(decoded.text), report), report, level="auf oberster Ebene")
    zone = _zone(top)
    sessions = _sessions(top, zone)
    start, end = _span(top, sessions)
    parsed = ParsedFile(
        format=FORMAT,
        series=top.text("series", required=True),
        season=top.text("season", 20, required=True),
        event=top.text("event", 160, required=True),
        circuit=top.text("circuit"),
        layout=top.text("layout", 80),
        time_zone=zone,
        start=start,
        end=end,
        sessions=sessions,
        standings=_standings(top),
        calendar=_calendar(top, zone),
        encoding=decoded.encoding,
    )
    top.finish()
    return replace(
        parsed,
        rows_read=sum(len(session.classification or ()) + len(session.laps or ()) for session in sessions)
        + sum(len(table.rows) for table in parsed.standings),
        rejected=tuple(report.rejected),
        doubts=(*report.doubts, *report.unknown_keys()),
    )


def _content(document: object, report: Report) -> dict[str, object]:
    """The document itself, or the `data` of a case."""
    if not isinstance(document, dict):
        raise FileRefused("Das Austauschformat ist ein JSON-Objekt mit „series“, „event“ und „sessions“.")
    if "sessions" in document:
        return document
    content = document.get("data")
    if not isinstance(content, dict) or "sessions" not in content:
        raise FileRefused("In der Datei fehlt die Liste „sessions“.")
    case = Fields(document, report, level="neben „data“")
    for key in (*CASE_KEYS, "data"):
        case.get(key)
    case.finish()
    return content


@cache
def _zones() -> frozenset[str]:
    return frozenset(zoneinfo.available_timezones())


def _zone(fields: Fields, *, required: bool = True) -> str | None:
    name = fields.text("timezone", 64, required=required)
    if name is not None and name not in _zones():
        fields.reject("timezone", f"„{shown(name)}“ ist keine Zeitzone. Erwartet wird ein Name wie Europe/Berlin.")
        return None
    return name


def _moment(
    fields: Fields, key: str, zone: str | None, *, required: bool = False
) -> tuple[dt.date | None, dt.time | None]:
    """A local date or date with time that the venue's clocks really show. Of an hour shown twice the loader takes the first."""
    day, time = fields.date(key, required=required)
    if day is None or time is None or zone is None:
        return day, time
    local = dt.datetime.combine(day, time, zoneinfo.ZoneInfo(zone))
    if local.astimezone(dt.UTC).astimezone(local.tzinfo).replace(tzinfo=None) != local.replace(tzinfo=None):
        fields.reject(key, f"{day} {time:%H:%M} gibt es in {zone} nicht: Die Uhren werden vorgestellt.")
        return day, None
    return day, time


def _span(top: Fields, sessions: tuple[SessionRecord, ...]) -> tuple[dt.date | None, dt.date | None]:
    """First and last day as the file states them; None where it leaves them to the days of the sessions."""
    days = sorted(session.date for session in sessions if session.date)
    start, end = top.date("start")[0], top.date("end")[0]
    first = start or (days[0] if days else None)
    last = end or (days[-1] if days else None)
    if start is None and end is None:
        return None, None
    if first and last and first > last:
        top.reject("end", f"Das Ende ({last}) liegt vor dem Anfang ({first}).")
    elif first and last and days and (days[0] < first or days[-1] > last):
        top.doubt("start", f"Nicht alle Sessions liegen zwischen {first} und {last}.")
    return first, last


# ------------------------------------------------------------------ sessions


def _sessions(top: Fields, zone: str | None) -> tuple[SessionRecord, ...]:
    sessions: list[SessionRecord] = []
    seen: set[tuple[str, str]] = set()
    for number, item in enumerate(top.items("sessions", MAX_SESSIONS), start=1):
        fields = Fields(item, top.report, level="in einer Session", where=f"Session {number}: ", line=number)
        session = _session(fields, zone)
        fields.finish()
        if session is None:
            continue
        mark = session.key.casefold(), session.checkpoint.casefold()
        if mark in seen:
            fields.reject("id", f"Die Kennung „{session.key}“ kommt zweimal vor.")
        seen.add(mark)
        sessions.append(session)
    keys = {session.key for session in sessions}
    for session in sessions:
        if session.parent is not None and (session.parent not in keys or session.parent == session.key):
            top.reject("parent", f"Session „{session.key}“ gehört zu „{session.parent}“, die es hier nicht gibt.")
    return tuple(sessions)


def _session(fields: Fields, zone: str | None) -> SessionRecord | None:
    key = fields.text("id", LONGEST_KEY, required=True)
    if key:
        fields.where = f"Session „{key}“: "
    name = fields.text("name", required=True)
    kind = fields.choice("kind", KINDS)
    day, time = _moment(fields, "date", zone, required=True)
    starters = fields.count("starters")
    complete = fields.flag("complete", default=True) if fields.get("complete") is not None else None
    parts = read_parts(fields)
    rows, whole = read_classification(fields, kind, complete=complete, starters=starters, parts=parts)
    laps = read_laps(fields, rows)
    entries = read_entries(fields)
    session = SessionRecord(
        key=key or "",
        name=name,
        kind=kind,
        date=day,
        time=time,
        classification=rows,
        laps=laps,
        entries=entries,
        is_entry_list=bool(entries),
        complete=whole,
        part_names=parts,
        checkpoint=fields.text("checkpoint", 12) or "",
        state=fields.choice("state", STATES, default="final") or "final",
        released=fields.flag("released", default=True),
        starters=starters,
        finishers=fields.count("finishers", 0),
        status=fields.choice("status", SESSION_STATUSES, default="scheduled") if fields.get("status") else None,
        parent=fields.text("parent", LONGEST_KEY),
        broadcasts=_broadcasts(fields, zone),
    )
    return session if key else None


def _broadcasts(session: Fields, zone: str | None) -> tuple[BroadcastRecord, ...]:
    broadcasts = []
    for number, item in enumerate(session.items("broadcasts", 50), start=1):
        where = f"{session.where}Übertragung: "
        fields = Fields(item, session.report, level="in einer Übertragung", where=where, line=number)
        channel = fields.text("channel", 80, required=True)
        kind = fields.choice("kind", BROADCAST_KINDS, default="tv") or "tv"
        day, time = _moment(fields, "starts_at", zone)
        url = fields.text("url", 200) or ""
        note = fields.text("note", 160) or ""
        fields.finish()
        if url and not url.startswith(("https://", "http://")):
            fields.reject("url", "Die Adresse muss mit https:// oder http:// beginnen.")
        if day and time is None:
            fields.reject("starts_at", "Einer Übertragung fehlt die Uhrzeit.")
        starts_at = dt.datetime.combine(day, time) if day and time else None
        if channel:
            broadcasts.append(BroadcastRecord(channel, kind, starts_at, url, note))
    return tuple(broadcasts)


# ------------------------------------------------------------------ printed tables


def _standings(top: Fields) -> tuple[StandingRecord, ...]:
    tables = []
    seen: set[str] = set()
    for number, item in enumerate(top.items("standings", MAX_SESSIONS), start=1):
        fields = Fields(item, top.report, level="in einer Tabelle", where=f"Tabelle {number}: ", line=number)
        key = fields.text("id", 60, required=True) or ""
        fields.where = f"Tabelle „{key}“: "
        table = StandingRecord(
            key=key,
            name=fields.text("name", required=True) or "",
            class_name=fields.text("class", 60) or "",
            after=fields.text("after", 160) or "",
            final=fields.flag("final", default=False),
            rows=_standing_rows(fields),
        )
        fields.finish()
        if key in seen:
            fields.reject("id", f"Die Kennung „{key}“ kommt zweimal vor.")
        seen.add(key)
        tables.append(table)
    return tuple(tables)


def _standing_rows(table: Fields) -> tuple[StandingRowRecord, ...]:
    rows: list[StandingRowRecord] = []
    entrants: set[str] = set()
    for number, item in enumerate(table.items("rows", MAX_STANDING_ROWS), start=1):
        fields = Fields(item, table.report, level="in einer Tabellenzeile", where=table.where, line=number)
        position = fields.count("pos")
        entrant = fields.text("entrant", 200, required=True)
        points = _points(fields)
        fields.finish()
        if fields.bad or entrant is None or points is None:
            continue
        if entrant in entrants:
            fields.reject("entrant", f"„{shown(entrant)}“ steht zweimal in der Tabelle.")
        entrants.add(entrant)
        rows.append(StandingRowRecord(position, entrant, points))
    _points_order(table, rows)
    return tuple(rows)


def _points(fields: Fields) -> Decimal | None:
    value = fields.get("points")
    if isinstance(value, bool) or not isinstance(value, int | Decimal):
        fields.reject("points", "„points“ fehlt oder ist keine Zahl.")
        return None
    points = Decimal(value)
    if abs(points) >= MAX_POINTS or round(points, POINT_DIGITS) != points:
        fields.reject("points", "Punkte haben höchstens drei Nachkommastellen und bleiben unter einer Million.")
        return None
    return points


def _points_order(table: Fields, rows: list[StandingRowRecord]) -> None:
    placed = sorted((row for row in rows if row.position), key=lambda row: (row.position or 0, -row.points))
    for ahead, row in pairwise(placed):
        if row.points > ahead.points:
            table.reject(
                "points", f"Platz {row.position} ({shown(row.entrant)}) hat mehr Punkte als Platz {ahead.position}."
            )
        elif row.position == ahead.position and row.points != ahead.points:
            table.reject("pos", f"Platz {row.position} ist mit verschiedenen Punkten zweimal vergeben.")


# ------------------------------------------------------------------ the events after this one


def _calendar(top: Fields, zone: str | None) -> tuple[CalendarRecord, ...]:
    """Further events; a zone of their own where they lie elsewhere."""
    events = []
    for number, item in enumerate(top.items("calendar", MAX_SESSIONS), start=1):
        fields = Fields(item, top.report, level="in einem Kalendereintrag", where=f"Kalender {number}: ", line=number)
        event = fields.text("event", 160, required=True)
        start, end = fields.date("start", required=True)[0], fields.date("end", required=True)[0]
        own = _zone(fields, required=False)
        circuit = fields.text("circuit")
        sessions = _calendar_sessions(fields, own or zone)
        fields.finish()
        if start and end and start > end:
            fields.reject("end", f"Das Ende ({end}) liegt vor dem Anfang ({start}).")
        elif event and start and end:
            events.append(CalendarRecord(event, circuit, start, end, own, sessions))
    return tuple(events)


def _calendar_sessions(event: Fields, zone: str | None) -> tuple[SessionRecord, ...]:
    sessions: list[SessionRecord] = []
    for number, item in enumerate(event.items("sessions", MAX_SESSIONS), start=1):
        fields = Fields(item, event.report, level="in einer Session des Kalenders", where=event.where, line=number)
        name = fields.text("name", required=True) or ""
        key = fields.text("id", LONGEST_KEY) or key_from_name(name)
        kind = fields.choice("kind", KINDS, default="") or None
        day, time = _moment(fields, "date" if "date" in fields.value else "starts_at", zone, required=True)
        broadcasts = _broadcasts(fields, zone)
        fields.finish()
        if any(other.key.casefold() == key.casefold() for other in sessions):
            fields.reject("id", f"Die Kennung „{key}“ kommt zweimal vor.")
        sessions.append(SessionRecord(key, name, kind, day, time, broadcasts=broadcasts))
    return tuple(sessions)
