"""Jolpica's import files: a JSON list of `{object_type, foreign_keys, objects}`, as made from the FIA's documents.

Entry lists (RoundEntry), classifications (SessionEntry), laps (Lap) and pit stops (PitStop) of one round. They name
year and round, neither series nor event: the caller supplies them. Drivers and teams are named by the keys of Ergast.

A time is a number of milliseconds that may be a fraction (`8329830.5`). Whether the series rounds or cuts it is not
ours to guess (docs/decisions.md): such a value stays empty, with a doubt that names it.
"""

from __future__ import annotations

import re
from collections import defaultdict
from dataclasses import dataclass, field, replace
from decimal import Decimal

from results.importers.document import Fields, Report, load
from results.importers.elapsed import with_elapsed
from results.importers.encoding import decode
from results.importers.plausible import Columns, judge
from results.importers.printed import Printed
from results.importers.records import (
    DeletionRecord,
    DriverRecord,
    FileRefused,
    LapRecord,
    ParsedFile,
    RowRecord,
    SessionRecord,
)
from results.importers.status import CLASSIFIED, DNF, DNQ, DNS, DSQ, NC
from results.notation import MAX_MS, parse_clock, shown

FORMAT = "jolpica_import"
TITLE = "Importdatei von Jolpica (JSON)"
KEY_SOURCE = "ergast"

SIZE_LIMIT = 32 * 2**20
MAX_OBJECTS = 100_000
# `status` of a SessionEntry, as Jolpica's model numbers it.
STATUS = {0: CLASSIFIED, 1: CLASSIFIED, 10: DNF, 11: DNF, 20: DSQ, 30: DNS, 40: DNQ, 41: DNQ}
# Code, key and name in the order of a weekend.
SESSIONS = {
    "FP1": ("Freies Training 1", "practice"), "FP2": ("Freies Training 2", "practice"), "FP3": ("Freies Training 3", "practice"),
    "SQ1": ("Sprint-Qualifying 1", "qualifying"), "SQ2": ("Sprint-Qualifying 2", "qualifying"), "SQ3": ("Sprint-Qualifying 3", "qualifying"),
    "SR": ("Sprint", "sprint"), "PQ": ("Vorqualifikation", "qualifying"), "QA": ("Qualifying", "qualifying"), "QB": ("Qualifying", "qualifying"),
    "QO": ("Qualifying", "qualifying"), "Q1": ("Q1", "qualifying"), "Q2": ("Q2", "qualifying"), "Q3": ("Q3", "qualifying"), "R": ("Rennen", "race"),
}  # fmt: skip
NAMES = Columns(
    number="car_number", position="position", class_position="position", laps="laps_completed", total="time", gap="time", best_lap="time"
)  # fmt: skip
_RECOGNISED = re.compile(r'"object_type"\s*:')


def recognises(text: str) -> bool:
    """A JSON list whose items say what type they are, sound or damaged."""
    return text.lstrip()[:1] == "[" and _RECOGNISED.search(text) is not None


def parse(data: bytes, *, name: str = "") -> ParsedFile:
    """All sessions of the round. FileRefused for what is no such list and for several rounds at once. Rows are counted
    from 1 within the list.
    """
    decoded = decode(data, limit=SIZE_LIMIT)
    document = load(decoded.text)
    if not isinstance(document, list):
        raise FileRefused("Eine Importdatei von Jolpica ist eine JSON-Liste von Objekten mit „object_type“.")
    if len(document) > MAX_OBJECTS:
        raise FileRefused(f"Die Liste hat {len(document)} Einträge, erlaubt sind {MAX_OBJECTS}.")
    weekend = _Round(Report())
    for line, item in enumerate(document, start=1):
        weekend.take(Printed(item, weekend.report, level="in einem Eintrag", line=line))
    return replace(weekend.parsed(), encoding=decoded.encoding)


@dataclass(slots=True)
class _Gathered:
    """What the list holds of one session."""

    rows: list[RowRecord] = field(default_factory=list)
    laps: dict[tuple[str, int], LapRecord] = field(default_factory=dict)
    stops: dict[tuple[str, int], int] = field(default_factory=dict)  # how long, 0: not known
    deletions: list[DeletionRecord] = field(default_factory=list)


class _Round:
    """One round on its way to records."""

    def __init__(self, report: Report) -> None:
        self.report = report
        self.rounds: dict[tuple[int, int], None] = {}
        self.entries: list[RowRecord] = []
        self.sessions: dict[str, _Gathered] = defaultdict(_Gathered)
        self.read = 0
        self.fractions: dict[str, list[tuple[int | None, int | Decimal]]] = {}  # by key: line and value

    def take(self, item: Printed) -> None:
        """One item of the list: an object type, what its objects belong to, and the objects."""
        kind = (item.text("object_type", 40, required=True) or "").casefold()
        keys = item.part("foreign_keys", "in „foreign_keys“")
        year, number = keys.count("year", 1), keys.count("round", 1)
        if year and number:
            self.rounds[year, number] = None
        reader = {"roundentry": self._entry, "sessionentry": self._row, "lap": self._lap, "pitstop": self._stop}.get(kind)  # fmt: skip
        objects = item.items("objects", MAX_OBJECTS)
        if reader is None:
            item.reject("object_type", f"Einträge der Art „{shown(kind)}“ sind nicht bekannt.")
        else:
            for one in objects:
                fields = Printed(one, self.report, level=f"in {kind}", line=item.line)
                reader(keys, fields)
                fields.finish()
                self.read += 1
        keys.finish()
        item.finish()

    # ------------------------------------------------------------------ the kinds of objects

    def _entry(self, keys: Printed, fields: Printed) -> None:
        driver, team = keys.text("driver_reference", 80, required=True) or "", keys.text("team_reference", 80) or ""
        number = fields.car_number("car_number")
        if keys.bad or fields.bad:
            return
        if any(entry.number == number for entry in self.entries):
            fields.reject("car_number", f"Die Startnummer {number} kommt zweimal vor.")
        self.entries.append(
            RowRecord(number, status="", team=_words(team) or None, drivers=(_driver(driver),), line=fields.line)
        )

    def _row(self, keys: Printed, fields: Printed) -> None:
        session, number = self._session(keys), keys.car_number("car_number")
        position, classified = fields.count("position"), fields.flag("is_classified", default=True)
        code = fields.count("status", 0)
        for key in ("points", "fastest_lap_rank"):
            fields.get(key)
        row = RowRecord(
            number=number,
            status=self._status(fields, code, classified=classified, position=position),
            laps=fields.count("laps_completed", 0),
            total_ms=self._ms(fields, "time"),
            grid=fields.count("grid", 0) or None,
            line=fields.line,
        )
        if not keys.bad and not fields.bad:
            session.rows.append(replace(row, position=position if row.status == CLASSIFIED else None))

    def _status(self, fields: Printed, code: int | None, *, classified: bool, position: int | None) -> str:
        """A car that was disqualified keeps a place at the end of the list and may be called classified there."""
        if code is not None and code not in STATUS:
            fields.reject("status", f"Der Status {code} ist nicht bekannt.")
        status = STATUS.get(code or 0, NC)
        if status == CLASSIFIED and not classified:
            return NC
        if status == CLASSIFIED and position is None:
            return NC
        # Who retired late enough is classified all the same.
        return CLASSIFIED if status == DNF and classified and position else status

    def _lap(self, keys: Printed, fields: Printed) -> None:
        session, number = self._session(keys), keys.car_number("car_number")
        lap, deleted = fields.count("number"), fields.flag("is_deleted", default=False)
        time_ms = self._ms(fields, "time")
        for key in ("position", "is_entry_fastest_lap", "average_speed"):
            fields.get(key)
        if lap is None and not fields.bad:
            fields.reject("number", "„number“ fehlt.")
        if keys.bad or fields.bad or lap is None:
            return
        made = LapRecord(number, lap, time_ms, seat=1, valid=not deleted, line=fields.line)
        if session.laps.setdefault((number, lap), made) is not made:
            fields.reject("number", f"Runde {lap} von Startnummer {number} kommt zweimal vor.")
        if deleted:
            session.deletions.append(DeletionRecord(number, lap, time_ms, source="flag", line=fields.line))

    def _stop(self, keys: Printed, fields: Printed) -> None:
        session, number, lap = self._session(keys), keys.car_number("car_number"), keys.count("lap")
        fields.count("number")
        duration = self._ms(fields, "duration")
        fields.notation("local_timestamp", parse_clock)  # at the entry of the pits: not the end of the lap
        if lap is None and not keys.bad:
            keys.reject("lap", "„lap“ fehlt.")
        if not keys.bad and not fields.bad and lap is not None:
            session.stops[number, lap] = session.stops.get((number, lap), 0) + (duration or 0)

    def _session(self, keys: Printed) -> _Gathered:
        code = (keys.text("session", 20, required=True) or "").upper()
        if code and code not in SESSIONS:
            keys.reject(
                "session", f"Die Session „{shown(code)}“ ist nicht bekannt. Möglich sind: {', '.join(SESSIONS)}."
            )
        return self.sessions[code]

    def _ms(self, fields: Fields, key: str) -> int | None:
        """The milliseconds of `{"_type": "timedelta", "milliseconds": 105537}`; a fraction of one stays open."""
        value = fields.get(key)
        ms = value.get("milliseconds") if isinstance(value, dict) else value
        if ms is None:
            return None
        if isinstance(ms, bool) or not isinstance(ms, int | Decimal) or not 0 <= ms <= MAX_MS:
            fields.reject(key, f"„{key}“ muss eine Zahl von Millisekunden sein.")
            return None
        if ms != int(ms):
            self.fractions.setdefault(key, []).append((fields.line, ms))
            return None
        return int(ms) or None

    # ------------------------------------------------------------------ into records

    def parsed(self) -> ParsedFile:
        if len(self.rounds) > 1:
            named = ", ".join(f"{year}/{number}" for year, number in list(self.rounds)[:8])
            raise FileRefused(f"Die Datei hat mehrere Rennwochenenden ({named}). Bitte je Wochenende eine Datei.")
        if not self.read and not self.report.rejected:
            raise FileRefused("Die Liste ist leer.")
        year, number = next(iter(self.rounds), (None, None))
        sessions = [self._of_code(code) for code in SESSIONS if code in self.sessions]
        for key, values in self.fractions.items():
            line, ms = values[0]
            self.report.doubt(line, key, f"Werte mit Bruchteilen einer Millisekunde: {len(values)}, zuerst {ms}. Ob gerundet oder abgeschnitten wird, sagt die Datei nicht; sie bleiben leer.")  # fmt: skip
        if self.entries:
            self.report.doubt(None, "driver_reference", "Die Nennliste nennt Fahrer und Teams nur mit ihren Schlüsseln: Wer noch nicht bekannt ist, heißt vorerst danach.")  # fmt: skip
            # Every round has a race, and the list is of the round.
            race = SessionRecord(key="R", name="Rennen", kind="race", entries=tuple(self.entries), is_entry_list=True)
            sessions.insert(0, race)
        return ParsedFile(
            format=FORMAT,
            sessions=tuple(sessions),
            season=str(year) if year else None,
            rows_read=self.read,
            rejected=tuple(self.report.rejected),
            doubts=(*self.report.doubts, *self.report.unknown_keys()),
            key_source=KEY_SOURCE,
            proposes=True,
            extra={"round": str(number)} if number else {},
        )

    def _of_code(self, code: str) -> SessionRecord:
        name, kind = SESSIONS[code]
        gathered = self.sessions[code]
        rows = complete = None
        if gathered.rows:
            rows = _with_gaps(gathered.rows) if kind in {"race", "sprint"} else tuple(gathered.rows)
            verdict = judge(rows, kind=kind, columns=NAMES, where=f"{name}: ")
            self.report.rejected += verdict.rejected
            self.report.doubts += verdict.doubts
            complete = verdict.complete
        return SessionRecord(
            key=code,
            name=name,
            kind=kind,
            classification=rows,
            laps=self._laps(name, gathered, race=kind in {"race", "sprint"}),
            deletions=tuple(gathered.deletions),
            complete=complete is not False,
        )

    def _laps(self, name: str, gathered: _Gathered, *, race: bool) -> tuple[LapRecord, ...] | None:
        """The laps with their stops: a stop marks its lap as in-lap, its length stands on the lap behind it.

        Without laps of their own the stops make those they touched, which then have no times.
        """
        laps = gathered.laps
        alone = bool(gathered.stops) and not laps
        if alone:
            self.report.doubt(None, "PitStop", f"{name}: Die Datei hat Boxenstopps, aber keine Rundenzeiten. Gespeichert werden nur die Runden, zu denen sie gehören.")  # fmt: skip
        lost = 0
        for (number, lap), duration in gathered.stops.items():
            for touched in (lap, lap + 1) if alone else ():
                laps.setdefault((number, touched), LapRecord(number, touched, None, seat=1))
            own, behind = laps.get((number, lap)), laps.get((number, lap + 1))
            lost += own is None
            if own is not None:
                laps[number, lap] = replace(own, in_pit=True)
            if behind is not None:
                laps[number, lap + 1] = replace(behind, pit_ms=duration or None)
        if lost:
            self.report.doubt(
                None, "lap", f"{name}: Zu {lost} Boxenstopps fehlt die Runde, sie werden nicht übernommen."
            )
        ordered = [laps[key] for key in sorted(laps)]
        return tuple(with_elapsed(ordered) if race else ordered) or None


def _with_gaps(rows: list[RowRecord]) -> tuple[RowRecord, ...]:
    """The gap to the winner follows from laps and totals, which are all the file prints."""
    leader = next((row for row in rows if row.position == 1), None)
    made = []
    for row in rows:
        gap_ms = gap_laps = None
        if leader is not None and row is not leader and row.position is not None:
            behind = (leader.laps or 0) - (row.laps or 0) if leader.laps is not None and row.laps is not None else 0
            gap_laps = behind if behind > 0 else None
            if behind == 0 and leader.total_ms and row.total_ms and row.total_ms >= leader.total_ms:
                gap_ms = row.total_ms - leader.total_ms
        made.append(replace(row, gap_ms=gap_ms, gap_laps=gap_laps))
    return tuple(made)


def _driver(reference: str) -> DriverRecord:
    """A driver of whom only the key is known: `max_verstappen` is Max Verstappen, `piastri` a last name."""
    first, _, last = _words(reference).rpartition(" ")
    return DriverRecord(first, last, seat=1, key=reference)


def _words(reference: str) -> str:
    return " ".join(word.capitalize() for word in reference.split("_") if word)
