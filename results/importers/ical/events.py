"""From dates of a calendar to events with sessions: what a title says of series, event and session."""

from __future__ import annotations

import datetime as dt
import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, replace

from results.importers.ical.entries import Entry
from results.importers.kinds import kind_of_key, kind_of_name
from results.importers.records import (
    BroadcastRecord,
    CalendarRecord,
    Problem,
    SessionRecord,
    collect,
    free_key,
)
from results.names import fold

ADJACENT = dt.timedelta(days=3)  # between two sessions of one weekend
MOST_NAMED = 5
LONGEST_EVENT = dt.timedelta(days=16)  # the Dakar rally
_PARTS = re.compile(r"\s+[—–|·•:-]\s+|(?<=\w):\s+|\s*[|—]\s*")
_IN_BRACKETS = re.compile(r"\s*\(([^()]{3,60})\)\s*\Z")
_YEAR = re.compile(r"\s+(?:19|20)[0-9]{2}\Z")
_CANCELLED = re.compile(r"\b(?:cancell?ed|abgesagt|entfällt|annull?at[ao]|cancelad[ao]|annulé)\b", re.IGNORECASE)
_POSTPONED = re.compile(r"\b(?:postponed|verschoben|verlegt|rinviat[ao]|adiad[ao]|reporté)\b", re.IGNORECASE)
_EDGE = " -–—:|·•()[]!"
# A session behind the name of its event without a sign between: only what is no part of a race's own name.
_BEHIND = re.compile(
    r"\s+(FP ?[1-4]|(?:Free )?Practice ?[1-4]?|Freies Training ?[1-4]?|Qualifying ?[1-4]?|Q[1-4]|Warm-?up|"
    r"(?:Race|Rennen) ?[1-4]|Sprint Qualifying|Sprint Shootout)\Z",
    re.IGNORECASE,
)
_SERIES = re.compile(r"(?:Series|Serie|Championship|Meisterschaft):\s*(.{2,120})", re.IGNORECASE)
_BROADCAST = re.compile(r"(TV|Fernsehen|Radio|Stream|Streaming|Livestream|Übertragung):\s*(.{2,200})", re.IGNORECASE)
_BROADCAST_KIND = {"radio": "radio", "stream": "stream", "streaming": "stream", "livestream": "stream"}
LONGEST_CHANNEL = 80

# Names of sessions that calendars of other countries write, as ours would.
_GERMAN = {
    "gara": "Rennen", "race": "Rennen", "carrera": "Rennen", "course": "Rennen", "corrida": "Rennen",
    "qualifiche": "Qualifying", "clasificacion": "Qualifying", "qualifications": "Qualifying",
    "prove libere": "Freies Training", "free practice": "Freies Training", "essais libres": "Freies Training",
    "practice": "Training", "warm up": "Warm-up",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class _Named:
    """A date with what its title was understood to say."""

    entry: Entry
    series: str
    event: str
    session: str
    status: str | None


def to_events(entries: list[Entry], doubts: list[Problem]) -> tuple[CalendarRecord, ...]:
    """The events in the order of their first day."""
    viewers = _is_viewers_zone(entries)
    heads = Counter(fold(_PARTS.split(_cleaned(entry)[0])[0]) for entry in entries)
    named = [_named(entry, heads) for entry in entries]
    groups: list[list[_Named]] = []
    for one in sorted(named, key=lambda one: (fold(one.series), one.entry.start.day, one.entry.line)):
        group = next((group for group in reversed(groups[-20:]) if _belongs(group, one)), None)
        if group is None:
            groups.append([one])
        else:
            group.append(one)
    unsaid: list[str] = []
    records = [_record(dates, unsaid, viewers=viewers) for dates in groups]
    if unsaid:
        named = ", ".join(f"„{name[:40]}“" for name in unsaid[:MOST_NAMED]) + (" …" if len(unsaid) > MOST_NAMED else "")
        reason = f"Als Rennen angelegt, weil nicht dasteht, was für eine Session es ist ({len(unsaid)}): {named}"
        collect(doubts, Problem(None, "SUMMARY", reason))
    return tuple(sorted(records, key=lambda record: (record.start, record.line or 0)))


def _is_viewers_zone(entries: list[Entry]) -> bool:
    """One zone for races at several places is that of whoever made the calendar; so is the calendar's beside UTC."""
    zones = {entry.start.zone for entry in entries if entry.start.zone}
    places = {_circuit(entry) or _PARTS.split(entry.summary)[-1] for entry in entries}
    return not zones or (len(zones) == 1 and len(places) > 1)


def _cleaned(entry: Entry) -> tuple[str, str | None]:
    """The title without words like `CANCELLED:`, and what they say."""
    title = entry.summary.replace("\n", " ")
    for pattern, status in ((_CANCELLED, "cancelled"), (_POSTPONED, "postponed")):
        if pattern.search(title):
            return pattern.sub("", title).strip(_EDGE), status
    return title, "cancelled" if entry.status == "CANCELLED" else None


def _named(entry: Entry, heads: Counter[str]) -> _Named:
    title, status = _cleaned(entry)
    said = _SERIES.search(entry.description)
    series = said[1].strip() if said else entry.category
    bracket = _IN_BRACKETS.search(title)
    if bracket and (not series or fold(bracket[1]) == fold(series)):
        series, title = series or bracket[1], title[: bracket.start()]
    parts = [part for part in _PARTS.split(title) if part]
    if len(parts) > 1 and (fold(parts[0]) == fold(series) or (not series and heads[fold(parts[0])] > 1)):
        series = series or parts[0]
        parts = parts[1:]
    session = ""
    if len(parts) > 1 and _is_session(parts[-1]):
        session = parts.pop()
    elif parts and (behind := _BEHIND.search(parts[-1])):
        session, parts[-1] = behind[1], parts[-1][: behind.start()]
    event = _YEAR.sub("", " – ".join(parts)) or title
    return _Named(entry, series[:120], event[:160], session[:120], status)


def _is_session(name: str) -> bool:
    return bool(kind_of_key(name.replace(" ", "")) or kind_of_name(name))


def _circuit(entry: Entry) -> str:
    """`Chang International Circuit, Buriram, Thailand`: the place is what stands first."""
    return entry.location.split("\n")[0].split(",")[0].strip()[:120]


def _belongs(group: list[_Named], one: _Named) -> bool:
    """Whether a date is a session of the event that a group is: one series, adjacent days, one name or one place."""
    last, first = group[-1], group[0]
    if fold(last.series) != fold(one.series):
        return False
    if one.entry.start.day - max(other.entry.last for other in group) > ADJACENT:
        return False
    if one.entry.start.day - first.entry.start.day > LONGEST_EVENT:
        return False
    place = fold(_circuit(one.entry))
    return any(fold(other.event) == fold(one.event) for other in group) or bool(
        place and place == fold(_circuit(last.entry))
    )


def _record(group: list[_Named], unsaid: list[str], *, viewers: bool) -> CalendarRecord:
    last = max(group, key=lambda one: (one.entry.last, one.entry.start.day, one.entry.line))
    names = Counter(one.event for one in group)
    event = names.most_common(1)[0][0] if len(names) < len(group) or len(names) == 1 else last.event
    states = {one.status for one in group}
    taken: set[str] = set()
    sessions = [
        _session(one, taken, unsaid, alone=len(group) == 1)
        for one in sorted(
            group, key=lambda one: (one.entry.start.at is None, one.entry.start.day, str(one.entry.start.at))
        )
        if one.entry.start.at is not None or one.session
    ]
    zone = next((one.entry.start.zone for one in group if one.entry.start.zone), "")
    return CalendarRecord(
        event=event,
        circuit=next((circuit for one in group if (circuit := _circuit(one.entry))), None),
        start=min(one.entry.start.day for one in group),
        end=max(one.entry.last for one in group),
        time_zone=zone or None,
        sessions=tuple(sessions),
        series=group[0].series or None,
        season=str(group[0].entry.start.day.year),
        status=states.pop() if len(states) == 1 else None,
        zone_is_viewers=viewers and any(one.entry.start.is_instant for one in group),
        line=group[0].entry.line,
    )


def _session(one: _Named, taken: set[str], unsaid: list[str], *, alone: bool) -> SessionRecord:
    start, ends = one.entry.start, one.entry.ends
    name = _GERMAN.get(fold(one.session), one.session) or ("Rennen" if alone else one.event)
    kind = kind_of_key(one.session.replace(" ", "")) or kind_of_name(one.session or one.event)
    if not kind:
        kind = "race"
        unsaid.append(one.event)
    record = SessionRecord(
        key=free_key(name[:120], taken),
        name=name[:120],
        kind="race" if not one.session and kind not in {"practice", "qualifying", "warmup"} else kind,
        date=start.day,
        status=one.status or "scheduled",
        broadcasts=tuple(_broadcasts(one.entry.description)),
        ends=ends,
    )
    if start.at is None:
        return record
    if start.is_instant:
        return replace(record, starts_at=start.at)
    return replace(record, time=start.at.time())


def _broadcasts(description: str) -> Iterable[BroadcastRecord]:
    """`TV: FS1`, `Radio: MRN / PRN`."""
    seen: set[str] = set()
    for line in description.split("\n"):
        match = _BROADCAST.match(line)
        for channel in re.split(r"\s*[/,;]\s*", match[2]) if match else ():
            if channel and len(channel) <= LONGEST_CHANNEL and fold(channel) not in seen and match:
                seen.add(fold(channel))
                yield BroadcastRecord(channel=channel, kind=_BROADCAST_KIND.get(match[1].casefold(), "tv"))
