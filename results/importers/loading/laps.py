"""The laps of a session: compared as a set, written by COPY.

Two files of one session may each know something of its laps (wige hands out lap times and sector times apart). What a
file says nothing of stays as it is stored, so the order in which files come means nothing.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any, NamedTuple

from django.db import connection
from django.db.models.functions import Now
from django.utils.translation import gettext as _

from results.importers.loading.bench import Bench, is_stored
from results.importers.loading.entries import EntryList, row_label
from results.importers.loading.sight import Sight
from results.importers.loading.statements import View, waiting_in
from results.importers.loading.summaries import write_summaries
from results.importers.loading.versions import stated_before
from results.importers.plan import LapsPlan
from results.importers.records import LapRecord, SessionRecord
from results.models import ImportRun, Lap, LapSectors, LapSet, Session, SessionEntry, SourceDocument
from results.models.entrants import label_of

LapKey = tuple[str, int]  # label of the car, lap
Sectors = tuple[int | None, ...]


class LapCells(NamedTuple):
    """What is stored of a lap, in the order of the columns."""

    seat: int | None
    time_ms: int | None
    day_ms: int | None
    in_pit: bool
    is_valid: bool
    pit_ms: int | None


UNSAID: dict[str, Any] = {"seat": None, "day_ms": None, "in_pit": False, "pit_ms": None}  # a column nobody filled
SMALL, LARGE = 2**15 - 1, 2**31 - 1  # what the columns hold
COPY = "COPY results_lap (session_entry_id, number, seat, time_ms, day_ms, in_pit, is_valid, pit_ms) FROM STDIN"
COPY_SECTORS = "COPY results_lapsectors (session_entry_id, number, sectors_ms) FROM STDIN"
DELETE = (
    "DELETE FROM results_lap WHERE session_entry_id = ANY(ARRAY(SELECT id FROM results_sessionentry WHERE session_id = %s))",
    (
        "DELETE FROM results_lapsectors"
        " WHERE session_entry_id = ANY(ARRAY(SELECT id FROM results_sessionentry WHERE session_id = %s))"
    ),
)


class LapsOfSession:
    """What becomes of the laps of one session."""

    def __init__(self, bench: Bench, session: Session, record: SessionRecord, sight: Sight) -> None:
        self._bench, self.session, self.record = bench, session, record
        self._stored_set = _stored_set(session)
        before = stated_before(self._stored_set, self.statement_key)
        held = sight.laps_wait(session, self._stored_set)
        self.view = View(
            partial=True,
            held=held,
            outlives=sight.holds_laps_back(self._stored_set),
            says_crew=held,
            before=before,
            waited=waiting_in(before),
        )
        self._after: dict[LapKey, LapCells] = {}
        self._sectors: dict[LapKey, Sectors] = {}
        self._sectors_before: dict[LapKey, Sectors] = {}
        self._cars: dict[str, SessionEntry] = {}
        self._seats: dict[str, dict[int, int | None]] = {}
        self.plan_: LapsPlan | None = None

    @property
    def statement_key(self) -> str:
        return f"{self.session.key}:laps"

    @property
    def statements(self) -> dict[str, dict[str, str]]:
        return self.view.now

    @property
    def replaces(self) -> bool:
        """Whether laps stood there before this file."""
        return self._stored_set is not None

    def plan(self, entries: EntryList) -> LapsPlan:
        """Enters the cars and compares the laps; fills the workbench, writes nothing."""
        for row in self.record.entries:
            label = row_label(row)
            self._cars[label] = entries.take(row, self.session, self.view)
            self._seats[label] = entries.seats_of(row, self._cars[label])
        for lap in self.record.laps or ():
            self._take(lap)
        for number in sorted({number for number, _lap in self._after} - self._cars.keys()):
            self._cars[number] = entries.bare(number, self.session, self.view)
        labels = self._labels()
        before = self._stored(labels)
        self._sectors_before = self._stored_sectors(labels)
        self._keep_unsaid(before)
        self.plan_ = self._compare(before)
        return self.plan_

    def unseated(self, entries: EntryList) -> list[str]:
        """Who drove laps of this file from a seat that is not stored as theirs: `#7 Ada Eins`."""
        driven = {(number, cells.seat) for (number, _lap), cells in self._after.items()}
        return sorted(
            f"#{label} {name}"
            for row in self.record.entries
            for label in [row_label(row)]
            for seat, name in entries.planned_seats(row, self._cars[label])
            if (label, seat) in driven
        )

    def write(self, *, document: SourceDocument, import_run: ImportRun) -> None:
        """Replaces the stored laps, if they differ."""
        if self.plan_ is None or self.plan_.verdict == "unchanged":
            return
        with connection.wrap_database_errors, connection.cursor() as cursor:
            if self._stored_set is not None:
                for statement in DELETE:
                    cursor.execute(statement, [self.session.pk])
            with cursor.copy(COPY) as copy:
                copy.write("".join(self._copy_lines()))
            if self._sectors:
                with cursor.copy(COPY_SECTORS) as copy:
                    copy.write("".join(self._copy_sectors()))
        values = {"document": document, "import_run": import_run, "count": len(self._after), "loaded_at": Now()}
        LapSet.objects.update_or_create(session=self.session, defaults=values)
        write_summaries(self.session)

    def _take(self, lap: LapRecord) -> None:
        key = (lap.number, lap.lap)
        fault = _fault(lap) or (_("Lap %(lap)s of #%(number)s is listed twice.") if key in self._after else "")
        if fault:
            self._bench.reject(fault % {"lap": lap.lap, "number": lap.number}, line=lap.line, column=_("lap"))
            return
        self._after[key] = LapCells(self._seat(lap), lap.time_ms, lap.day_ms, lap.in_pit, lap.valid, lap.pit_ms)
        if lap.sectors_ms:
            self._sectors[key] = lap.sectors_ms

    def _seat(self, lap: LapRecord) -> int | None:
        """The driver's seat in the stored crew; a number that the sheet names nobody for stays, if it is free."""
        seats = self._seats.get(lap.number, {})
        if lap.seat is None or lap.seat in seats:
            return seats.get(lap.seat) if lap.seat is not None else None
        return None if lap.seat in seats.values() else lap.seat

    # what is stored

    def _labels(self) -> dict[int, str]:
        """The stored cars of the session by their keys."""
        if self._stored_set is None:
            return {}
        cars = SessionEntry.objects.filter(session=self.session).values_list("pk", "entry__number", "entry__line")
        return {key: label_of(number, line) for key, number, line in cars}

    def _stored(self, labels: Mapping[int, str]) -> dict[LapKey, LapCells]:
        """By the cars' keys and without a join: while the tables grow Postgres knows little of them and joins badly."""
        laps = Lap.objects.filter(session_entry__in=list(labels)).values_list(
            "session_entry_id", "number", "seat", "time_ms", "day_ms", "in_pit", "is_valid", "pit_ms"
        )
        return {(labels[lap[0]], lap[1]): LapCells(*lap[2:]) for lap in laps.iterator(chunk_size=10_000)}

    def _stored_sectors(self, labels: Mapping[int, str]) -> dict[LapKey, Sectors]:
        rows = LapSectors.objects.filter(session_entry__in=list(labels)).values_list(
            "session_entry_id", "number", "sectors_ms"
        )
        return {(labels[row[0]], row[1]): tuple(row[2]) for row in rows.iterator(chunk_size=10_000)}

    def _keep_unsaid(self, before: Mapping[LapKey, LapCells]) -> None:
        """Takes over from the stored laps what this file has no column for."""
        if not self._sectors:
            self._sectors = {key: value for key, value in self._sectors_before.items() if key in self._after}
        silent = [
            name for name in UNSAID if all(getattr(cells, name) == UNSAID[name] for cells in self._after.values())
        ]
        if "pit_ms" not in silent and "in_pit" in silent:
            silent.remove("in_pit")  # a file that knows stops marks the laps into the pits
        for key, cells in self._after.items():
            known = before.get(key)
            if known is not None and silent:
                self._after[key] = cells._replace(**{name: getattr(known, name) for name in silent})

    def _compare(self, before: Mapping[LapKey, LapCells]) -> LapsPlan:
        if self._stored_set is None:
            return LapsPlan("new", created=len(self._after))
        both = [(before[key], cells) for key, cells in self._after.items() if key in before]
        changed = sum(1 for known, cells in both if known != cells)
        with_other_sectors = sum(
            1 for key, sectors in self._sectors.items() if self._sectors_before.get(key) != sectors
        )
        created, removed = len(self._after.keys() - before.keys()), len(before.keys() - self._after.keys())
        plan = LapsPlan(
            "changed",
            created=created,
            changed=max(changed, with_other_sectors),
            removed=removed,
            replaces=self._stored_set.document.name,
            fills=not (created or removed)
            and all(_fills(known, cells) for known, cells in both)
            and not (self._sectors_before and with_other_sectors),
        )
        return plan if plan.changed or created or removed else replace(plan, verdict="unchanged", fills=False)

    # writing

    def _copy_lines(self) -> Iterable[str]:
        """Whole numbers and truth values only, so nothing needs escaping."""
        for (number, lap), (seat, time, day, in_pit, valid, pit) in self._after.items():
            cells = (self._cars[number].pk, lap, *("\\N" if value is None else value for value in (seat, time, day)))
            last = "\\N" if pit is None else pit
            yield "\t".join(map(str, cells)) + f"\t{'t' if in_pit else 'f'}\t{'t' if valid else 'f'}\t{last}\n"

    def _copy_sectors(self) -> Iterable[str]:
        for (number, lap), sectors in self._sectors.items():
            times = ",".join("NULL" if time is None else str(time) for time in sectors)
            yield f"{self._cars[number].pk}\t{lap}\t{{{times}}}\n"


def _fills(known: LapCells, cells: LapCells) -> bool:
    """Whether a lap only gains what was not known."""
    same_time = known.time_ms == cells.time_ms and known.is_valid == cells.is_valid
    gained = all(
        before is None or before == after
        for before, after in ((known.seat, cells.seat), (known.day_ms, cells.day_ms), (known.pit_ms, cells.pit_ms))
    )
    return same_time and gained and (cells.in_pit or not known.in_pit)


def _stored_set(session: Session) -> Any:
    if not is_stored(session):
        return None
    return LapSet.objects.filter(session=session).select_related("document", "import_run").first()


def _fault(lap: LapRecord) -> str:
    """What no lap can be, as a sentence; empty for a good one."""
    if not 0 <= lap.lap <= SMALL or not 0 <= (lap.seat or 0) <= SMALL:
        return _("#%(number)s: lap %(lap)s cannot be counted.")
    times = [time for time in (lap.time_ms, *(lap.sectors_ms or ())) if time is not None]
    if any(not 0 < time <= LARGE for time in times):
        return _("#%(number)s, lap %(lap)s: the lap time cannot be right.")
    if any(not 0 <= (time or 0) <= LARGE for time in (lap.day_ms, lap.pit_ms)):
        return _("#%(number)s, lap %(lap)s: the time of day cannot be right.")
    return ""
