"""A season calendar out of a plain table: one line an event or a session of one, times local to the venue."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from results.importers.days import parse_day_time, parse_time
from results.importers.kinds import kind_of_name
from results.importers.records import CalendarRecord, SessionRecord, free_key
from results.importers.tabular.lines import Line, Reading
from results.names import fold

_CANCELLED = frozenset({"1", "ja", "yes", "true", "x", "abgesagt", "cancelled", "canceled", "entfallt", "entfallen"})
_POSTPONED = frozenset({"verschoben", "postponed", "verlegt"})
LONGEST_RACE = dt.timedelta(days=4)  # further days are an event, not a session


@dataclass(frozen=True, slots=True)
class _Date:
    """A line of the calendar."""

    event: str
    session: str
    series: str
    season: str
    circuit: str
    zone: str
    start: dt.date
    start_time: dt.time | None
    end: dt.datetime | None
    end_day: dt.date
    status: str | None
    line: int


def read_calendar(reading: Reading) -> tuple[CalendarRecord, ...]:
    """Events in the order of the file; lines of one name, series and season are one event."""
    events: dict[tuple[str, str, str], list[_Date]] = {}
    for line in reading.lines():
        date = _date(line)
        if date is not None:
            events.setdefault((fold(date.series), fold(date.season), fold(date.event)), []).append(date)
    return tuple(_event(reading, dates) for dates in events.values())


def _date(line: Line) -> _Date | None:
    start = line.read("start", parse_day_time)
    end = line.read("end", parse_day_time)
    clock = line.read("start_time", parse_time)
    event = line.text("event", 160)
    if not event and not line.bad:
        line.reject("event", "Der Name der Veranstaltung fehlt.")
    if start is None and not line.bad:
        line.reject("start", "Der Beginn fehlt.")
    if start is None or line.bad:
        return None
    day, time = start[0], start[1] or clock
    end_day, end_time = end or (day, None)
    if (end_day, end_time or dt.time.max) < (day, time or dt.time()):
        line.reject("end", "Das Ende liegt vor dem Beginn.")
        return None
    return _Date(
        event=event,
        session=line.text("session", 120),
        series=line.text("series", 120),
        season=line.text("season", 20) or str(day.year),
        circuit=line.text("circuit", 120),
        zone=line.text("zone", 64),
        start=day,
        start_time=time,
        end=dt.datetime.combine(end_day, end_time) if end_time else None,
        end_day=end_day,
        status=_status(line.raw("cancelled")),
        line=line.number,
    )


def _status(printed: str) -> str | None:
    word = fold(printed)
    return "cancelled" if word in _CANCELLED else "postponed" if word in _POSTPONED else None


def _event(reading: Reading, dates: list[_Date]) -> CalendarRecord:
    first = dates[0]
    states = {date.status for date in dates}
    taken: set[str] = set()
    return CalendarRecord(
        event=first.event,
        circuit=first.circuit or None,
        start=min(date.start for date in dates),
        end=max(date.end_day for date in dates),
        time_zone=first.zone or None,
        sessions=tuple(_session(reading, date, taken) for date in dates if date.start_time or date.session),
        series=first.series or None,
        season=first.season,
        status=states.pop() if len(states) == 1 else None,
        line=first.line,
    )


def _session(reading: Reading, date: _Date, taken: set[str]) -> SessionRecord:
    said = date.session or date.event
    kind = kind_of_name(said)
    if not kind:
        kind = "race"
        reading.doubt(
            date.line, "event", f"„{said}“ wird als Rennen angelegt: Was für eine Session es ist, steht nicht da."
        )
    name = date.session or ("Rennen" if kind == "race" else date.event)
    starts = dt.datetime.combine(date.start, date.start_time or dt.time())
    fits = date.start_time is not None and date.end is not None and date.end - starts <= LONGEST_RACE
    return SessionRecord(
        key=free_key(name, taken),
        name=name,
        kind=kind,
        date=date.start,
        time=date.start_time,
        ends=date.end if fits else None,
        status=date.status,
    )
