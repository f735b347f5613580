"""One VEVENT as plain values: when, what, where, with what is wrong with it said and left out."""

from __future__ import annotations

import datetime as dt
import re
import zoneinfo
from dataclasses import dataclass
from functools import cache

from icalendar import Event
from icalendar.error import BrokenCalendarProperty
from icalendar.timezone.windows_to_olson import WINDOWS_TO_OLSON

from results.importers.document import FIRST_YEAR, LAST_YEAR
from results.importers.encoding import tidy, unfit
from results.importers.records import Problem, collect
from results.notation import shown

_IANA_TAIL = re.compile(r"([A-Z][A-Za-z_]+/[A-Za-z_]+(?:/[A-Za-z_]+)?)\Z")
# Zones are ours to find: the library guesses some of them and warns.
_ZONE = re.compile(r';TZID="?([^":;,]{1,200})"?(?=[:;])', re.IGNORECASE)
_LINE = re.compile(r"(X-WR-TIMEZONE|X-WR-CALNAME|TZID)(?:;[^:]{0,200})?:(.*)", re.IGNORECASE)
LONGEST = {"SUMMARY": 400, "LOCATION": 400, "DESCRIPTION": 20_000, "CATEGORIES": 400}


@dataclass(frozen=True, slots=True)
class Header:
    """What the calendar says of itself."""

    name: str = ""
    zone_name: str = ""

    @classmethod
    def of(cls, lines: list[str]) -> Header:
        """A lone TZID beside the other properties is no standard, but is meant."""
        found: dict[str, str] = {}
        for line in lines:
            match = _LINE.fullmatch(line.strip()[:500])
            if match:
                found.setdefault(match[1].upper(), tidy(match[2].replace("\\,", ",")))
        zone = zone_of(found.get("X-WR-TIMEZONE", "") or found.get("TZID", ""))
        name = found.get("X-WR-CALNAME", "")[:120]
        return cls("" if unfit(name) else name, zone.key if zone else "")


@dataclass(frozen=True, slots=True)
class Moment:
    """A day, a local time without a zone, or an instant; `zone` is the IANA name the source gave for it."""

    day: dt.date
    at: dt.datetime | None = None
    zone: str = ""

    @property
    def is_instant(self) -> bool:
        return self.at is not None and self.at.tzinfo is not None


@dataclass(frozen=True, slots=True)
class Entry:
    """A date of the calendar. `last` is its last day, `ends` its end where one is stated and fits."""

    line: int
    summary: str
    location: str
    description: str
    category: str
    status: str
    start: Moment
    last: dt.date
    ends: dt.datetime | None


@cache
def zone_of(name: str) -> zoneinfo.ZoneInfo | None:
    """An IANA zone for what programs write: `Europe/Berlin`, `W. Europe Standard Time`, `/x.org/20070129/Europe/Berlin`."""
    name = name.strip().strip('"')
    tail = _IANA_TAIL.search(name[-60:])
    for candidate in (name, WINDOWS_TO_OLSON.get(name, ""), tail[1] if tail else ""):
        if candidate in zoneinfo.available_timezones():
            return zoneinfo.ZoneInfo(candidate)
    return None


def read_entry(line: int, block: list[str], header: Header, doubts: list[Problem]) -> Entry | None:
    """The event whose lines these are; None and a doubt for one without a readable start or title."""
    try:
        lines = [_ZONE.sub(r';X-TZID="\1"', line) for line in block]
        event = Event.from_ical("\r\n".join(["BEGIN:VEVENT", *lines, "END:VEVENT", ""]))
    except (ValueError, KeyError, IndexError, TypeError, AttributeError, OverflowError):
        event = None
    if not isinstance(event, Event):
        collect(doubts, Problem(line, None, "Der Termin ist nicht zu lesen und wird ausgelassen."))
        return None
    return _Reader(line, event, header, doubts).entry()


class _Reader:
    def __init__(self, line: int, event: Event, header: Header, doubts: list[Problem]) -> None:
        self.line, self.event, self.header, self.doubts = line, event, header, doubts
        self.summary = ""

    def doubt(self, column: str, reason: str) -> None:
        name = f"„{shown(self.summary)}“: " if self.summary else ""
        collect(self.doubts, Problem(self.line, column, f"{name}{reason}"))

    def entry(self) -> Entry | None:
        self.summary = self.text("SUMMARY")
        start = self.moment("DTSTART")
        if start is None:
            self.doubt("DTSTART", f"Der Beginn {self.printed('DTSTART')}. Der Termin wird ausgelassen.")
            return None
        if not self.summary:
            self.doubt("SUMMARY", "Der Termin hat keinen Titel und wird ausgelassen.")
            return None
        if "RRULE" in self.event:
            self.doubt("RRULE", "Der Termin wiederholt sich. Übernommen wird nur das erste Mal.")
        last, ends = self.end(start)
        return Entry(
            line=self.line,
            summary=self.summary,
            location=self.text("LOCATION"),
            description=self.text("DESCRIPTION"),
            category=self.category(),
            status=self.text("STATUS").upper(),
            start=start,
            last=last,
            ends=ends,
        )

    def value(self, name: str) -> object:
        """The decoded value of a property, None where it is missing or broken; of several the first."""
        found = self.event.get(name)
        found = found[0] if isinstance(found, list) and found else found
        if name == "STATUS" or isinstance(found, str):
            return None if found is None else str(found)
        try:
            return getattr(found, "dt", None)
        except (BrokenCalendarProperty, ValueError):
            return None

    def text(self, name: str) -> str:
        value = self.value(name)
        lines = [tidy(line) for line in str(value or "")[: LONGEST.get(name, 400)].split("\n")]
        return "\n".join(line for line in lines if line and not unfit(line))

    def category(self) -> str:
        found = self.event.get("CATEGORIES")
        found = found[0] if isinstance(found, list) and found else found
        words = [tidy(str(word)) for word in getattr(found, "cats", ())]
        return next((word[:120] for word in words if word and not unfit(word)), "")

    def printed(self, name: str) -> str:
        """Why a moment is not readable, as the end of a sentence."""
        found = self.event.get(name)
        if found is None:
            return "fehlt"
        raw = found.to_ical() if hasattr(found, "to_ical") else found
        text = raw.decode("utf-8", "replace") if isinstance(raw, bytes) else str(raw)
        return f"ist nicht zu lesen („{shown(text)}“)"

    def moment(self, name: str) -> Moment | None:
        value = self.value(name)
        if not isinstance(value, dt.date) or not FIRST_YEAR <= value.year <= LAST_YEAR:
            return None
        if not isinstance(value, dt.datetime):
            return Moment(value)
        params = getattr(self.event[name], "params", {})
        return self.placed(name, value, str(params.get("X-TZID", "")))

    def placed(self, name: str, value: dt.datetime, said: str) -> Moment | None:
        """A time in the zone it names, in that of the calendar, or in none."""
        if value.tzinfo is not None and not said:
            return Moment(value.date(), value.astimezone(dt.UTC))
        local = value.replace(tzinfo=None)
        zone = zone_of(said) or zone_of(self.header.zone_name)
        if said and zone_of(said) is None:
            meant = f"gemeint ist wohl {zone.key}" if zone else "die Zeit gilt als Ortszeit"
            self.doubt(name, f"Die Zeitzone „{shown(said)}“ kennt niemand, {meant}.")
        if zone is None:
            return Moment(local.date(), local)
        instant = local.replace(tzinfo=zone, fold=0).astimezone(dt.UTC)
        if instant.astimezone(zone).replace(tzinfo=None) != local:
            self.doubt(name, f"{local:%d.%m.%Y %H:%M} gibt es in {zone.key} nicht: Die Uhren werden dann vorgestellt.")
            return None
        if local.replace(tzinfo=zone, fold=1).astimezone(dt.UTC) != instant:
            self.doubt(name, f"{local:%d.%m.%Y %H:%M} gibt es in {zone.key} zweimal. Genommen ist das erste.")
        return Moment(local.date(), instant, zone.key)

    def end(self, start: Moment) -> tuple[dt.date, dt.datetime | None]:
        """Last day and end; a whole-day end is the day after, as the standard says."""
        end = self.moment("DTEND")
        if end is None and "DTEND" in self.event:
            self.doubt("DTEND", f"Das Ende {self.printed('DTEND')} und wird geschätzt.")
        length = self.value("DURATION")
        if end is None and isinstance(length, dt.timedelta) and dt.timedelta() < length < dt.timedelta(days=60):
            at = start.at + length if start.at else None
            end = Moment(start.day + dt.timedelta(days=length.days), at, start.zone)
        if end is None:
            return start.day, None
        if start.at is None or end.at is None:
            return max(start.day, end.day - dt.timedelta(days=end.at is None)), None
        if start.is_instant != end.is_instant or end.at <= start.at:
            self.doubt("DTEND", "Das Ende liegt nicht hinter dem Beginn und wird geschätzt.")
            return start.day, None
        zone = zone_of(start.zone) if start.zone else None
        return (end.at.astimezone(zone).date() if zone else end.at.date()), end.at
