"""Season calendars as iCalendar files, the broken ones too: no DTSTAMP, `T260000`, zones that nobody defines. Pure.

Every VEVENT is read by itself with the library icalendar; one that cannot be read is left out and named. Times are
instants; where the file knows neither zone nor offset they are local to the venue. Sessions of one series at one place
within adjacent days are one event.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator

from results.importers.encoding import decode, split_lines
from results.importers.ical.entries import Entry, Header, read_entry
from results.importers.ical.events import to_events
from results.importers.records import FileRefused, ParsedFile, Problem, collect

FORMAT = "ical"
TITLE = "Saisonkalender (iCalendar)"

LIMIT = 8 * 2**20
MAX_EVENTS = 5_000
MAX_LINE = 20_000
_BEGIN = "BEGIN:VCALENDAR"

Block = tuple[int, list[str]]


def recognises(text: str) -> bool:
    """Whether it begins as a calendar."""
    return text[:200].lstrip("\ufeff \t\r\n").upper().startswith(_BEGIN)


def parse(data: bytes, *, name: str = "") -> ParsedFile:
    """All events of the file, grouped; raises FileRefused where there is none that can be read."""
    decoded = decode(data, limit=LIMIT)
    lines = split_lines(decoded.text)
    doubts: list[Problem] = []
    header, blocks = _split(lines, doubts)
    entries: list[Entry] = []
    for line, block in blocks:
        entry = read_entry(line, block, header, doubts)
        if entry is not None:
            entries.append(entry)
    if not entries:
        reason = f" {doubts[0].reason}" if doubts else ""
        raise FileRefused(f"Der Kalender enthält keinen Termin, der zu lesen ist.{reason}")
    return ParsedFile(
        format=FORMAT,
        sessions=(),
        time_zone=header.zone_name or _usual_zone(entries),
        calendar=to_events(entries, doubts),
        rows_read=len(entries),
        doubts=tuple(sorted(doubts, key=lambda doubt: doubt.line or 0)),
        encoding=decoded.encoding,
        extra={"kind": "calendar", "name": header.name},
    )


def _usual_zone(entries: list[Entry]) -> str | None:
    """Where days without a time are, if the calendar does not say it: where most of its times are."""
    zones = Counter(entry.start.zone for entry in entries if entry.start.zone)
    return zones.most_common(1)[0][0] if zones else None


def _split(lines: list[str], doubts: list[Problem]) -> tuple[Header, list[Block]]:
    """What stands before the first event, and the lines of each event with the number of its first."""
    head: list[str] = []
    blocks: list[Block] = []
    inside: list[str] | None = None
    for number, line in _shortened(lines, doubts):
        word = line.strip().upper()
        if word == "BEGIN:VEVENT":
            if inside is not None:
                collect(doubts, Problem(number, "END", "Der Termin davor hat kein Ende. Gelesen ist, was da steht."))
            inside = []
            blocks.append((number, inside))
        elif word == "END:VEVENT":
            inside = None
        elif inside is not None:
            inside.append(line)
        elif not blocks:
            head.append(line)
        if len(blocks) > MAX_EVENTS:
            raise FileRefused(f"Der Kalender hat mehr als {MAX_EVENTS} Termine.")
    return Header.of(head), blocks


def _shortened(lines: list[str], doubts: list[Problem]) -> Iterator[tuple[int, str]]:
    for number, line in enumerate(lines, start=1):
        if len(line) > MAX_LINE:
            collect(
                doubts, Problem(number, None, f"Die Zeile ist mit {len(line)} Zeichen zu lang und wird übergangen.")
            )
        elif line.strip() or re.match(r"[ \t]", line):
            yield number, line
