"""Dates of a season from a calendar: events with their sessions, of one series or of several.

Beside the results of an event, its file may announce further dates of the same season; a file that is a calendar and
nothing else names series and season itself, or a person does.
"""

from __future__ import annotations

import datetime as dt
import zoneinfo
from collections.abc import Iterable
from dataclasses import replace
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from results.former import former_times_of
from results.importers.loading.bench import Bench, is_stored
from results.importers.loading.place import Place, find_season, find_series, stored_series
from results.importers.loading.sessions import Sessions
from results.importers.plan import ImportTarget
from results.importers.records import CalendarRecord, ParsedFile, SessionRecord
from results.models import CalendarStatus, Circuit, Event, Season
from results.models.calendar import validate_time_zone
from results.names import fold, slugify_german
from results.release import database_now


class Dates:
    """Puts calendar records on the workbench. `missing` of the place says what a person has to add."""

    def __init__(self, bench: Bench, place: Place, parsed: ParsedFile, target: ImportTarget, *, lock: bool) -> None:
        self._bench, self._place, self._parsed, self._target, self._lock = bench, place, parsed, target, lock
        self._seasons: dict[tuple[str, str], Season] = {}
        self._events: dict[int, list[Event]] = {}  # of a season by its identity, stored and new
        self._taken: set[int] = set()

    def add(self, records: Iterable[CalendarRecord]) -> None:
        """Further events of the season, or those of a calendar."""
        wanted = self._of_chosen_series(list(records))
        for record in wanted:
            season = self._season_of(record)
            if season is not None:
                self._add_date(record, season)

    def _of_chosen_series(self, records: list[CalendarRecord]) -> list[CalendarRecord]:
        """Of a calendar of several series the dates of the chosen one."""
        chosen = fold(self._target.series) if self._place.event is None else ""
        if not chosen or all(record.series is None for record in records):
            return records
        meant = {name: _is_meant(name, self._target.series) for name in {record.series for record in records} if name}
        wanted = [record for record in records if record.series is None or meant.get(record.series)]
        if not wanted:
            named = ", ".join(sorted({record.series for record in records if record.series}))
            self._bench.reject(
                _("The calendar has no date of “%(chosen)s”, only of: %(named)s.")
                % {"chosen": self._target.series, "named": named},
                column="series",
            )
        elif left := len(records) - len(wanted):
            self._bench.doubt(
                ngettext(
                    "%(count)s date of another series is left out.",
                    "%(count)s dates of other series are left out.",
                    left,
                )
                % {"count": left}
            )
        return wanted

    def _season_of(self, record: CalendarRecord) -> Season | None:
        """The season of the file's own event, else the one the record or a person names."""
        if self._place.event is not None and record.series is None:
            return self._place.event.season
        series = record.series or self._parsed.series or self._target.series
        season = self._target.season or self._parsed.season or record.season or str(record.start.year)
        if not fold(series):
            self._place.missing.append("series")
            return None
        key = fold(series), fold(season)
        if key not in self._seasons:
            known = next((one.series for (name, _label), one in self._seasons.items() if name == key[0]), None)
            self._seasons[key] = find_season(self._bench, known or find_series(self._bench, series), season)
        return self._seasons[key]

    def _add_date(self, record: CalendarRecord, season: Season) -> None:
        event = self._event_of(record, season)
        if event is not None and is_stored(event) and event == self._place.event:
            return
        zone = self._zone(record, event)
        if not zone:
            self._place.missing.append("zone")
            return
        first, last = self._days(record, event, zoneinfo.ZoneInfo(zone))
        circuit = self._place.circuit(record.circuit, "" if record.zone_is_viewers else record.time_zone or "")
        days: dict[str, Any] = {"starts_on": first, "ends_on": last}
        if event is None:
            event = self._bench.add(Event(season=season, name=record.event, circuit=circuit, time_zone=zone, **days))
        self._taken.add(id(event))
        status = _status_of(record)
        if is_stored(event) and self._is_left_open(event, first, status):
            return
        is_back = is_stored(event) and event.status != CalendarStatus.SCHEDULED and status in {None, "scheduled"}
        if is_stored(event):
            self._bench.alter(event, time_zone=zone, circuit=circuit or event.circuit, around="", **days)
        if status or event.status == CalendarStatus.POSTPONED:
            self._bench.alter(event, status=status or CalendarStatus.SCHEDULED.value)
        self._add_sessions(record, event, is_back=is_back and event.status == CalendarStatus.SCHEDULED)

    def _is_left_open(self, event: Event, first: dt.date, status: str | None) -> bool:
        """Whether the event is postponed and the file knows no new date: it prints the one that was given up."""
        was_postponed = event.status == CalendarStatus.POSTPONED
        if status == CalendarStatus.POSTPONED:
            if not was_postponed:
                self._bench.alter(event, status=status, starts_on=None, ends_on=None)
                Sessions(self._bench, event, lock=self._lock).postpone()
            return True
        told = {one.on for one in former_times_of(event)} | {event.starts_on}
        return was_postponed and status is None and first in told

    def _days(self, record: CalendarRecord, event: Event | None, zone: zoneinfo.ZoneInfo) -> tuple[dt.date, dt.date]:
        """First and last day at the venue; one that only a session tells which is not public stays untold."""
        first, last = _days_at(record, zone)
        if event is None or not is_stored(event):
            return first, last
        stored, now = Sessions(self._bench, event, lock=False), database_now()
        seen: set[dt.date] = set()
        hidden: set[dt.date] = set()
        for session in record.sessions:
            known = stored.known(session, session.key, authoritative=True)
            days = _days_of(session, zone) or ([session.date] if session.date else [])
            (hidden if known is not None and known.is_hidden_at(now) else seen).update(days)
        told = seen or {day for day in (event.starts_on, event.ends_on) if day is not None}
        untold = hidden - seen
        if told and first in untold and first != event.starts_on:
            first = min(told)
        if told and last in untold and last != event.ends_on:
            last = max(told)
        return first, max(first, last)

    def _event_of(self, record: CalendarRecord, season: Season) -> Event | None:
        """The stored event of that name or address; of two in one season (`Cook Out 400`) the one nearest to the day."""
        if id(season) not in self._events:
            stored = Event.objects.filter(season_id=season.pk).select_related("circuit", "layout").order_by("pk")
            self._events[id(season)] = list(stored) if is_stored(season) else []
        free = [event for event in self._events[id(season)] if id(event) not in self._taken]
        named = [event for event in free if fold(event.name) == fold(record.event)]
        named = named or [event for event in free if event.slug in {record.event, slugify_german(record.event)}]
        if not named:
            return None
        event = min(named, key=lambda one: abs((one.starts_on or record.start) - record.start))
        event.season = season
        return event

    def _add_sessions(self, record: CalendarRecord, event: Event, *, is_back: bool) -> None:
        """The sessions of the date; `is_back`: the event was off and takes place, so do those that say nothing else."""
        sessions = Sessions(self._bench, event, lock=self._lock)
        for said in record.sessions:
            session = replace(said, status=said.status or "scheduled") if is_back else said
            if sessions.take(session, key=session.key, authoritative=True) is None:
                self._bench.doubt(
                    _("“%(event)s”: what kind of session “%(name)s” is nobody says. It is not created.")
                    % {"event": record.event, "name": session.name},
                    column="kind",
                )

    def _zone(self, record: CalendarRecord, event: Event | None) -> str:
        """Where the clocks of the venue hang: as the file says, as stored, as a person says, at last where it was made."""
        said = "" if record.zone_is_viewers else record.time_zone or ""
        stored = self._stored_circuit(record, event)
        known = said or (event.time_zone if event else "") or (stored.time_zone if stored else "")
        zone = known or self._target.zone or self._zone_of_file(record)
        try:
            if zone:
                validate_time_zone(zone)
        except ValidationError as error:
            self._bench.reject(error.messages[0], line=record.line, column="timezone")
            return ""
        return zone

    def _stored_circuit(self, record: CalendarRecord, event: Event | None) -> Circuit | None:
        if event is not None and event.circuit is not None:
            return event.circuit
        circuit = self._place.circuit(record.circuit, "", create=False)
        return circuit if circuit is not None and is_stored(circuit) else None

    def _zone_of_file(self, record: CalendarRecord) -> str:
        """The zone of the file's own event, or of whoever made the calendar; a person should look at it."""
        here = self._place.event
        zone = here.time_zone if here else record.time_zone or self._parsed.time_zone or ""
        if zone and not (here and here.circuit and fold(here.circuit.name) == fold(record.circuit or "")):
            self._bench.doubt(
                _("“%(event)s” is stored with the time zone %(zone)s: the file names none.")
                % {"event": record.event, "zone": zone},
                line=record.line,
                column="timezone",
            )
        return zone


def _status_of(record: CalendarRecord) -> str | None:
    """What the file says of the event: that all of its sessions take place says it of the whole."""
    if record.status is None and record.sessions and all(one.status == "scheduled" for one in record.sessions):
        return CalendarStatus.SCHEDULED.value
    return record.status


def _is_meant(named: str, chosen: str) -> bool:
    """Whether both names are of one series, be it that the database knows one as a short name or an alias."""
    if fold(named) == fold(chosen):
        return True
    known = stored_series(chosen)
    return known is not None and known == stored_series(named)


def _days_at(record: CalendarRecord, zone: zoneinfo.ZoneInfo) -> tuple[dt.date, dt.date]:
    """First and last day at the venue: sessions known by their instant may fall on another day there."""
    days = [day for session in record.sessions for day in _days_of(session, zone)]
    return (min(days), max(days)) if days else (record.start, record.end)


def _days_of(session: SessionRecord, zone: zoneinfo.ZoneInfo) -> list[dt.date]:
    ends = [session.ends] if session.ends is not None and session.ends.tzinfo is not None else []
    return [moment.astimezone(zone).date() for moment in (session.starts_at, *ends) if moment is not None]
