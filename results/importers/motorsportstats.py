"""Motorsport Stats: lists of classifications as JSON, the first places of every race.

A page of the list may hold races of many series; a file for us is the races of one event. Times are milliseconds as
floats, with tenths where a series times to four decimals: such a value stays empty (docs/decisions.md). A total or a gap
of 0.0 behind the winner means that nobody knows it.
"""

from __future__ import annotations

import datetime as dt
import re
from collections import Counter
from dataclasses import dataclass, field, replace
from decimal import Decimal

from results.importers.document import Report, load
from results.importers.encoding import decode
from results.importers.kinds import kind_of_name
from results.importers.one_name import split_name
from results.importers.plausible import Columns, judge
from results.importers.printed import Printed
from results.importers.records import (
    DriverRecord,
    FileRefused,
    ParsedFile,
    RowRecord,
    SessionRecord,
    key_from_name,
)
from results.importers.status import CLASSIFIED, NC, UnknownStatus, read_status
from results.notation import MAX_MS, shown

FORMAT = "motorsportstats"
TITLE = "Ergebnisse von Motorsport Stats (JSON)"
KEY_SOURCE = "motorsportstats"

SIZE_LIMIT = 16 * 2**20
MAX_RESULTS = 500
MAX_ROWS = 2_000
MAX_CREW = 12
MAX_NAMED = 6
NAMES = Columns(
    number="carNumber", position="finishPosition", class_position="classPosition", laps="laps", total="time", gap="gap", best_lap="bestLap"
)  # fmt: skip
PAGING = ("totalElements", "totalPages", "last", "first", "numberOfElements", "size", "number", "_links", "sort")
_RECOGNISED = re.compile(r'"(?:finishPosition|classifiedStatus)"\s*:')


def recognises(text: str) -> bool:
    """A JSON object with finishing positions, sound or damaged."""
    return text.lstrip()[:1] == "{" and _RECOGNISED.search(text) is not None


def parse(data: bytes, *, name: str = "") -> ParsedFile:
    """The races of one event. FileRefused for what is no such list, and for results of several events at once. Rows are
    counted from 1 within their race.
    """
    decoded = decode(data, limit=SIZE_LIMIT)
    document = load(decoded.text)
    if not isinstance(document, dict):
        raise FileRefused("Eine Liste von Motorsport Stats ist ein JSON-Objekt mit „content“.")
    reading = _Reading(Report())
    top = Printed(document, reading.report, level="auf oberster Ebene")
    for key in PAGING:
        top.get(key)
    # Newest first: of two races of one day the later one stands above.
    for place, item in enumerate(reversed(top.items("content", MAX_RESULTS) or [document]), start=1):
        reading.take(Printed(item, reading.report, level="bei einem Ergebnis", where=f"Ergebnis {place}: "))
    if "content" in document:
        top.finish()
    return replace(reading.parsed(), encoding=decoded.encoding)


@dataclass(slots=True)
class _Race:
    """One result as it was read, before the keys of all of them are known."""

    name: str
    key: str
    date: dt.date | None
    rows: tuple[RowRecord, ...]


@dataclass(slots=True)
class _Reading:
    report: Report
    races: list[_Race] = field(default_factory=list)
    events: dict[tuple[str, str, str], None] = field(default_factory=dict)  # series, season, event
    fractions: list[Decimal] = field(default_factory=list)

    def take(self, fields: Printed) -> None:
        session = fields.part("session", "bei der Session")
        name, code = session.text("name") or "", session.text("code", 40) or ""
        event, series = (fields.part(key, "beim Ergebnis").text("name", 160) or "" for key in ("event", "series"))
        date = self._date(fields)
        rows = [self._row(item, fields, line) for line, item in enumerate(fields.items("details", MAX_ROWS), start=1)]
        fields.finish()
        self.events[series, str(date.year) if date else "", event] = None
        key = "R" if code.casefold() == "race" else key_from_name(code or name)
        self.races.append(_Race(name, key, date, tuple(row for row in rows if row is not None)))

    def _date(self, fields: Printed) -> dt.date | None:
        """Midnight in seconds since 1970, of the day at the track."""
        seconds = fields.get("date")
        if seconds is None:
            return None
        if isinstance(seconds, bool) or not isinstance(seconds, int) or not 0 <= seconds < 2**32:
            fields.reject("date", "„date“ muss eine Zahl von Sekunden seit 1970 sein.")
            return None
        return dt.datetime.fromtimestamp(seconds, dt.UTC).date()

    def _row(self, item: object, result: Printed, line: int) -> RowRecord | None:
        fields = Printed(item, self.report, level="in einer Zeile", where=result.where, line=line)
        position = fields.figure("finishPosition") or None
        status, printed = _status(fields, position)
        gap, best = fields.part("gap", "in „gap“"), fields.part("bestLap", "in „bestLap“")
        row = RowRecord(
            number=fields.car_number("carNumber"),
            status=status,
            position=position if status == CLASSIFIED else None,
            class_name=fields.part("seriesClass", "bei der Klasse").text("name", 60),
            team=fields.part("team", "beim Team").text("name"),
            drivers=self._crew(fields),
            laps=fields.figure("laps"),
            total_ms=self._ms(fields, "time"),
            best_lap_ms=self._ms(best, "time"),
            best_lap_number=best.figure("lap") or None,
            printed_status=printed,
            line=line,
        )
        if position != 1 and row.position:
            laps, ms = gap.figure("lapsToLead") or None, self._ms(gap, "timeToLead")
            row = replace(row, gap_laps=laps, gap_ms=None if laps else ms)
        for key in ("avgLapSpeed", "pitlane"):
            fields.get(key)
        fields.finish()
        wrong = fields.bad or gap.bad or best.bad
        return None if wrong else replace(row, best_lap_number=row.best_lap_number if row.best_lap_ms else None)

    def _crew(self, row: Printed) -> tuple[DriverRecord, ...]:
        """The drivers by their keys; the one nation of the row is that of a driver only where he drives alone."""
        items = row.items("drivers", MAX_CREW)
        nation = row.part("nationality", "bei der Nation").text("code", 40) or ""
        crew = []
        for seat, item in enumerate(items, start=1):
            fields = Printed(item, self.report, level="bei einem Fahrer", where=row.where, line=row.line)
            first, last = split_name(fields.text("name", 160, required=True) or "")
            key = fields.text("uuid", 80) or ""
            row.bad = row.bad or fields.bad
            crew.append(DriverRecord(first, last, nation if len(items) == 1 else "", seat=seat, key=key))
        return tuple(crew)

    def _ms(self, fields: Printed, key: str) -> int | None:
        """Milliseconds as a float; 0.0 is nothing, and a fraction of one stays open."""
        ms = fields.get(key)
        if ms is None:
            return None
        if isinstance(ms, bool) or not isinstance(ms, int | Decimal) or not 0 <= ms <= MAX_MS:
            fields.reject(key, f"„{key}“ muss eine Zahl von Millisekunden sein.")
            return None
        if ms != int(ms):
            self.fractions.append(Decimal(ms))
            return None
        return int(ms) or None

    # ------------------------------------------------------------------ into records

    def parsed(self) -> ParsedFile:
        if len(self.events) > 1 and not self.report.rejected:
            named = [f"{event} ({series})" for series, _, event in self.events]
            more = " und weitere" if len(named) > MAX_NAMED else ""
            raise FileRefused(
                f"Die Datei hat Ergebnisse von {len(named)} Veranstaltungen: {_listed(named[:MAX_NAMED])}{more}. Bitte je "
                "Veranstaltung eine Datei."
            )
        series, season, event = next(iter(self.events), ("", "", ""))
        if not any(race.rows for race in self.races) and not self.report.rejected:
            raise FileRefused("In der Datei steht kein einziges Ergebnis.")
        if self.fractions:
            self.report.doubt(None, "time", f"Werte mit Bruchteilen einer Millisekunde: {len(self.fractions)}, zuerst {self.fractions[0]}. Ob gerundet oder abgeschnitten wird, sagt die Datei nicht; sie bleiben leer.")  # fmt: skip
        self.report.doubt(
            None, None, "Motorsport Stats führt nur die ersten Plätze auf: als unvollständig gespeichert."
        )
        sessions = self._sessions()
        return ParsedFile(
            format=FORMAT,
            sessions=sessions,
            series=series or None,
            season=season or None,
            event=event or None,
            rows_read=sum(len(race.rows) for race in self.races),
            rejected=tuple(self.report.rejected),
            doubts=(*self.report.doubts, *self.report.unknown_keys()),
            key_source=KEY_SOURCE,
            proposes=True,
        )

    def _sessions(self) -> tuple[SessionRecord, ...]:
        """The races by day; several of one key are numbered."""
        races = sorted(self.races, key=lambda race: race.date or dt.date.min)
        several = {key for key, count in Counter(race.key for race in races).items() if count > 1}
        if several:
            self.report.doubt(None, "session", "Mehrere Rennen heißen gleich: Nummeriert sind sie nach ihrer Folge in dieser Datei. Fehlt eines, stimmen die Nummern nicht.")  # fmt: skip
        numbers: Counter[str] = Counter()
        sessions = []
        for race in races:
            numbers[race.key] += 1
            number = f"{numbers[race.key]}" if race.key in several else ""
            kind = kind_of_name(race.name) or None
            sessions.append(
                SessionRecord(
                    key=f"{race.key}{number}", name=f"{race.name} {number}".strip() or None, kind=kind, date=race.date,
                    classification=race.rows, complete=False,
                )
            )  # fmt: skip
            verdict = judge(race.rows, kind=kind or "race", columns=NAMES, complete=False)
            self.report.rejected += verdict.rejected
            self.report.doubts += verdict.doubts
        return tuple(sessions)


def _status(fields: Printed, position: int | None) -> tuple[str, str]:
    """Our status and the printed one; only a classified car has a place."""
    printed = fields.plain("classifiedStatus", 40)
    try:
        status = read_status(printed) if printed else (CLASSIFIED if position else NC)
    except UnknownStatus as error:
        fields.reject("classifiedStatus", str(error))
        return NC, ""
    if status == CLASSIFIED and position is None:
        fields.reject("finishPosition", "Das Auto ist gewertet, hat aber keinen Platz.")
    return status, "" if status == CLASSIFIED else printed


def _listed(names: list[str]) -> str:
    """Names as they may stand in a message."""
    return ", ".join(shown(name) for name in names)
