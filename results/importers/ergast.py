"""Ergast and Jolpica: the answers of the Formula 1 API as JSON (`MRData`), one race or one state of the standings.

A file is one answer, or a JSON list of several: a long answer comes in pages, and laps and pit stops name drivers only,
so they are read together with the results of their race, which know the car numbers. Everything is text in them.

The day and time of a race are UTC. The circuit's zone is not in the file; it comes from `zones.toml`, and where it is
not there the time stays open.
"""

from __future__ import annotations

import datetime as dt
import re
import zoneinfo
from dataclasses import dataclass, field, replace

from results.importers.document import Report, load
from results.importers.encoding import decode
from results.importers.ergast_laps import Stop, Timing, laps_of_race, read_stop, read_timings
from results.importers.ergast_rows import (
    Line,
    qualifying_rows,
    race_rows,
    read_line,
    read_qualifying_line,
    read_standing,
)
from results.importers.printed import Printed
from results.importers.records import FileRefused, LapRecord, ParsedFile, RowRecord, SessionRecord, StandingRecord
from results.importers.zones import zone_of_circuit
from results.notation import shown

FORMAT = "ergast"
TITLE = "Antwort der Ergast- oder Jolpica-Schnittstelle (JSON)"
KEY_SOURCE = "ergast"

SERIES = {"f1": "Formel 1"}
PARTS = ("Q1", "Q2", "Q3")
SIZE_LIMIT = 16 * 2**20
MAX_PAGES = 200
MAX_ROWS = 2_000
MAX_LAPS = 100_000
SCHEDULED = ("FirstPractice", "SecondPractice", "ThirdPractice", "SprintShootout", "SprintQualifying")
_RECOGNISED = re.compile(r'"MRData"\s*:')
_TIME = re.compile(r"([0-2][0-9]:[0-5][0-9]:[0-5][0-9])Z?")


def recognises(text: str) -> bool:
    """JSON that carries an `MRData`, sound or damaged."""
    return text.lstrip()[:1] in {"{", "["} and _RECOGNISED.search(text) is not None


def parse(data: bytes, *, name: str = "") -> ParsedFile:
    """All sessions and tables of the answers. FileRefused for an empty answer, for several races at once, and for laps
    without the results that name the cars. Rows are counted from 1 within their list, across pages.
    """
    decoded = decode(data, limit=SIZE_LIMIT)
    report = Report()
    answers = _answers(load(decoded.text))
    race = _Race()
    tables: list[StandingRecord] = []
    asked: list[tuple[str, str]] = []  # season and round
    series = ""
    for number, answer in enumerate(answers, start=1):
        fields = Printed(
            answer, report, level="in der Antwort", where=f"Antwort {number}: " if len(answers) > 1 else ""
        )
        series = fields.plain("series", 40) or series
        asked.append(_read_answer(fields, race, tables))
        fields.finish()
    if not race.found and not tables and not report.rejected:
        raise FileRefused(f"Die Antwort ist leer: Zu {_asked_for(asked)} hat die Schnittstelle keine Daten.")
    parsed = race.parsed(report)
    tables = [replace(table, after=race.name) if table.after == race.round_words else table for table in tables]
    return replace(
        parsed,
        series=SERIES.get(series, series or None),
        season=parsed.season or next((season for season, _ in asked if season), None),
        standings=tuple(tables),
        rows_read=race.rows_read + sum(len(table.rows) for table in tables),
        rejected=tuple(report.rejected),
        doubts=(*report.doubts, *report.unknown_keys()),
        encoding=decoded.encoding,
    )


def _answers(document: object) -> list[object]:
    """The `MRData` objects of the file."""
    pages = document if isinstance(document, list) else [document]
    if len(pages) > MAX_PAGES:
        raise FileRefused(f"Die Datei hat {len(pages)} Antworten, erlaubt sind {MAX_PAGES}.")
    answers = [page.get("MRData") if isinstance(page, dict) else None for page in pages]
    if not answers or not all(isinstance(answer, dict) for answer in answers):
        raise FileRefused("Erwartet wird eine Antwort mit „MRData“, oder eine JSON-Liste solcher Antworten.")
    return answers


def _asked_for(asked: list[tuple[str, str]]) -> str:
    named = [
        f"Saison {shown(season) or '?'}" + (f", Lauf {shown(round_)}" if round_ else "") for season, round_ in asked
    ]
    return " und ".join(list(dict.fromkeys(named))[:8])


def _read_answer(fields: Printed, race: _Race, tables: list[StandingRecord]) -> tuple[str, str]:
    """Adds one answer to what is known already; returns the season and the round that were asked for."""
    for key in ("xmlns", "url", "limit"):
        fields.get(key)
    total = fields.figure("total", high=10**9)
    offset = fields.figure("offset", high=10**9) or 0
    table = fields.part("RaceTable", "in „RaceTable“")
    for key in ("circuitId", "driverId", "constructorId"):
        table.get(key)
    for item in table.items("Races", MAX_ROWS):
        race.add(Printed(item, fields.report, level="beim Rennen", where=fields.where), total=total, offset=offset)
    standings = fields.part("StandingsTable", "in „StandingsTable“")
    season = table.plain("season", 20) or standings.plain("season", 20)
    round_ = table.plain("round", 10) or standings.plain("round", 10)
    for item in standings.items("StandingsLists", MAX_ROWS):
        tables += read_standing(Printed(item, fields.report, level="in einer Tabelle", where=fields.where))
    table.finish()
    standings.finish()
    return season, round_


@dataclass(slots=True)
class _Race:
    """One race weekend, gathered from all answers of the file."""

    found: bool = False
    season: str = ""
    round: str = ""
    name: str = ""
    circuit: str | None = None
    circuit_id: str = ""
    moments: dict[str, tuple[str, str]] = field(default_factory=dict)  # by session key: date and UTC time as printed
    lines: dict[str, list[Line]] = field(default_factory=dict)
    timings: list[Timing] = field(default_factory=list)
    stops: list[Stop] = field(default_factory=list)
    totals: dict[str, int] = field(default_factory=dict)

    @property
    def round_words(self) -> str:
        return f"Lauf {self.round}"

    @property
    def rows_read(self) -> int:
        return sum(len(lines) for lines in self.lines.values()) + len(self.timings) + len(self.stops)

    def add(self, fields: Printed, *, total: int | None, offset: int) -> None:
        season, round_ = fields.plain("season", 20), fields.plain("round", 10)
        if self.found and (season, round_) != (self.season, self.round):
            raise FileRefused(
                f"Die Datei hat mehrere Rennen (Saison {shown(self.season)}, Lauf {shown(self.round)} und Saison "
                f"{shown(season)}, Lauf {shown(round_)}). Bitte je Rennen eine Datei."
            )
        self.found, self.season, self.round = True, season, round_
        self._describe(fields)
        before = len(self.timings), len(self.stops), {key: len(lines) for key, lines in self.lines.items()}
        for key, name in (("R", "Results"), ("SR", "SprintResults"), ("Q", "QualifyingResults")):
            read = read_qualifying_line if key == "Q" else read_line
            for item in fields.items(name, MAX_ROWS):
                lines = self.lines.setdefault(key, [])
                line = read(item, fields.report, f"{fields.where}{name}: ", len(lines) + 1)
                if line is not None:
                    lines.append(line)
        for item in fields.items("Laps", MAX_LAPS):
            self.timings += read_timings(item, fields.report, fields.where, len(self.timings))
        for item in fields.items("PitStops", MAX_LAPS):
            stop = read_stop(item, fields.report, fields.where, len(self.stops) + 1)
            self.stops += [stop] if stop else []
        fields.finish()
        self._count(before, total)

    def _count(self, before: tuple[int, int, dict[str, int]], total: int | None) -> None:
        """How many rows there are by the API's own count; only an answer about one thing says it."""
        timings, stops, lines = before
        grown = [key for key, now in self.lines.items() if len(now) > lines.get(key, 0)]
        grown += ["laps"] * (len(self.timings) > timings) + ["stops"] * (len(self.stops) > stops)
        if total is not None and len(grown) == 1:
            self.totals[grown[0]] = total

    def _describe(self, fields: Printed) -> None:
        fields.get("url")
        self.name = fields.text("raceName", 160) or self.name
        circuit = fields.part("Circuit", "bei der Strecke")
        self.circuit_id = circuit.plain("circuitId", 60) or self.circuit_id
        self.circuit = circuit.text("circuitName") or self.circuit
        for key in ("url", "Location"):
            circuit.get(key)
        circuit.finish()
        self._moment(fields, "R")
        for key, block in (("Q", "Qualifying"), ("SR", "Sprint")):
            self._moment(fields.part(block, "im Zeitplan"), key)
        for block in SCHEDULED:
            fields.get(block)

    def _moment(self, fields: Printed, key: str) -> None:
        day, time = fields.plain("date", 20), fields.plain("time", 20)
        if day:
            self.moments[key] = (day, time)

    # ------------------------------------------------------------------ into records

    def parsed(self, report: Report) -> ParsedFile:
        zone = zone_of_circuit(self.circuit_id)
        if self.found and zone is None:
            report.doubt(None, "circuitId", f"In welcher Zeitzone „{shown(self.circuit_id)}“ liegt, ist nicht bekannt: Die Uhrzeit bleibt offen.")  # fmt: skip
        laps = self._laps(report)
        sessions = []
        for key, name, kind in (("Q", "Qualifying", "qualifying"), ("SR", "Sprint", "sprint"), ("R", "Rennen", "race")):
            lines = self.lines.get(key)
            if not lines:
                continue
            rows, complete = (
                qualifying_rows(lines, report) if key == "Q" else race_rows(lines, report, kind=kind, name=name)
            )
            day, time = self._local(key, zone, report)
            sessions.append(
                SessionRecord(
                    key=key, name=name, kind=kind, date=day, time=time, classification=rows,
                    laps=laps if key == "R" else None, part_names=_parts(rows),
                    complete=complete and self._is_whole(key, name, report),
                )
            )  # fmt: skip
        if self.found and not sessions and not report.rejected:
            raise FileRefused("Die Antwort hat weder Ergebnisse noch Runden: Es ist wohl ein Kalender. Gelesen werden Ergebnisse.")  # fmt: skip
        return ParsedFile(
            format=FORMAT,
            sessions=tuple(sessions),
            season=self.season or None,
            event=self.name or None,
            circuit=self.circuit,
            time_zone=zone,
            key_source=KEY_SOURCE,
            proposes=True,
            extra={"round": self.round} if self.round else {},
        )

    def _laps(self, report: Report) -> tuple[LapRecord, ...] | None:
        if not self.timings and not self.stops:
            return None
        numbers = {line.driver.key: line.row.number for line in self.lines.get("R", [])}
        if not numbers and not report.rejected:
            what = "Die Runden nennen" if self.timings else "Die Boxenstopps nennen"
            raise FileRefused(
                f"{what} nur Fahrer und keine Startnummern. Bitte mit dem Ergebnis desselben Rennens (results.json) "
                "in einer Datei: als JSON-Liste der Antworten."
            )
        for key, name, count in (("laps", "Runden", len(self.timings)), ("stops", "Boxenstopps", len(self.stops))):
            if count and count < self.totals.get(key, 0):
                report.doubt(None, None, f"Von {self.totals[key]} {name} sind {count} in der Datei: Es fehlen Seiten der Antwort.")  # fmt: skip
        return laps_of_race(self.timings, self.stops, numbers, report) or None

    def _is_whole(self, key: str, name: str, report: Report) -> bool:
        missing = self.totals.get(key, 0) - len(self.lines[key])
        if missing > 0:
            report.doubt(None, None, f"{name}: Von {self.totals[key]} Zeilen sind {len(self.lines[key])} in der Datei, als unvollständig gespeichert.")  # fmt: skip
        return missing <= 0

    def _local(self, key: str, zone: str | None, report: Report) -> tuple[dt.date | None, dt.time | None]:
        """Day and time at the track; a time without a zone would be a wrong one, a day may be."""
        printed, clock = self.moments.get(key, ("", ""))
        if not printed:
            return None, None
        try:
            day = dt.date.fromisoformat(printed)
        except ValueError:
            report.reject(None, "date", f"„{shown(printed)}“ ist kein Datum.")
            return None, None
        match = _TIME.fullmatch(clock)
        if clock and not match:
            report.reject(None, "time", f"„{shown(clock)}“ ist keine Uhrzeit.")
        if not match or zone is None:
            return day, None
        try:
            instant = dt.datetime.combine(day, dt.time.fromisoformat(match[1]), dt.UTC)
        except ValueError:
            report.reject(None, "time", f"„{shown(clock)}“ ist keine Uhrzeit.")
            return day, None
        local = instant.astimezone(zoneinfo.ZoneInfo(zone))
        return local.date(), local.time()


def _parts(rows: tuple[RowRecord, ...]) -> tuple[str, ...]:
    """As many parts as the longest row has times for."""
    return PARTS[: max((len(row.part_times_ms or ()) for row in rows), default=0)]
