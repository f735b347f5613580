"""The laps of a session: compared as a set, written by COPY."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.db import connection
from django.db.models.functions import Now
from django.utils.translation import gettext as _

from results.importers.loading.bench import Bench, is_stored
from results.importers.loading.entries import EntryList, View
from results.importers.loading.summaries import write_summaries
from results.importers.loading.versions import stated_before
from results.importers.plan import LapsPlan
from results.importers.records import LapRecord, SessionRecord
from results.models import ImportRun, Lap, LapSet, Session, SessionEntry, SourceDocument

LapKey = tuple[str, int]  # car number, lap
LapCells = tuple[int | None, int | None, int | None, bool, bool]  # seat, time, time of day, in the pits, valid

SMALL, LARGE = 2**15 - 1, 2**31 - 1  # what the columns hold
COPY = "COPY results_lap (session_entry_id, number, seat, time_ms, day_ms, in_pit, is_valid) FROM STDIN"
DELETE = (
    "DELETE FROM results_lap USING results_sessionentry car WHERE car.id = session_entry_id AND car.session_id = %s"
)


class LapsOfSession:
    """What becomes of the laps of one session."""

    def __init__(self, bench: Bench, session: Session, record: SessionRecord) -> None:
        self._bench, self.session, self.record = bench, session, record
        self._stored_set = _stored_set(session)
        self.view = View(before=stated_before(self._stored_set, self.statement_key))
        self._after: dict[LapKey, LapCells] = {}
        self._cars: dict[str, SessionEntry] = {}
        self.plan_: LapsPlan | None = None

    @property
    def statement_key(self) -> str:
        return f"{self.session.key}:laps"

    @property
    def statements(self) -> dict[str, dict[str, str]]:
        return self.view.now

    def plan(self, entries: EntryList) -> LapsPlan:
        """Enters the cars and compares the laps; fills the workbench, writes nothing."""
        for row in self.record.entries:
            self._cars[row.number] = entries.take(row, self.session, self.view)
        for lap in self.record.laps or ():
            self._take(lap)
        for number in sorted({number for number, _lap in self._after} - self._cars.keys()):
            self._cars[number] = entries.bare(number, self.session)
        self.plan_ = self._compare(self._stored())
        return self.plan_

    def write(self, *, document: SourceDocument, import_run: ImportRun) -> None:
        """Replaces the stored laps, if they differ."""
        if self.plan_ is None or self.plan_.verdict == "unchanged":
            return
        with connection.cursor() as cursor:
            if self._stored_set is not None:
                cursor.execute(DELETE, [self.session.pk])
            with cursor.copy(COPY) as copy:
                copy.write("".join(self._copy_lines()))
        values = {"document": document, "import_run": import_run, "count": len(self._after), "loaded_at": Now()}
        LapSet.objects.update_or_create(session=self.session, defaults=values)
        write_summaries(self.session)

    def _take(self, lap: LapRecord) -> None:
        key = (lap.number, lap.lap)
        fault = _fault(lap) or (_("Lap %(lap)s of #%(number)s is listed twice.") if key in self._after else "")
        if fault:
            self._bench.reject(fault % {"lap": lap.lap, "number": lap.number}, line=lap.line, column=_("lap"))
            return
        self._after[key] = (lap.seat, lap.time_ms, lap.day_ms, lap.in_pit, lap.valid)

    def _stored(self) -> dict[LapKey, LapCells]:
        if self._stored_set is None:
            return {}
        laps = Lap.objects.filter(session_entry__session=self.session).values_list(
            "session_entry__entry__number", "number", "seat", "time_ms", "day_ms", "in_pit", "is_valid"
        )
        return {(lap[0], lap[1]): lap[2:] for lap in laps.iterator(chunk_size=10_000)}

    def _compare(self, before: dict[LapKey, LapCells]) -> LapsPlan:
        if self._stored_set is None:
            return LapsPlan("new", created=len(self._after))
        changed = sum(1 for key, cells in self._after.items() if key in before and before[key] != cells)
        created, removed = len(self._after.keys() - before.keys()), len(before.keys() - self._after.keys())
        same = not (changed or created or removed)
        return LapsPlan(
            "unchanged" if same else "changed",
            created=created,
            changed=changed,
            removed=removed,
            replaces=self._stored_set.document.name,
        )

    def _copy_lines(self) -> Iterable[str]:
        """Whole numbers and truth values only, so nothing needs escaping."""
        for (number, lap), (seat, time, day, in_pit, valid) in self._after.items():
            cells = (self._cars[number].pk, lap, *("\\N" if value is None else value for value in (seat, time, day)))
            yield "\t".join(map(str, cells)) + f"\t{'t' if in_pit else 'f'}\t{'t' if valid else 'f'}\n"


def _stored_set(session: Session) -> Any:
    if not is_stored(session):
        return None
    return LapSet.objects.filter(session=session).select_related("document", "import_run").first()


def _fault(lap: LapRecord) -> str:
    """What no lap can be, as a sentence; empty for a good one."""
    if not 0 <= lap.lap <= SMALL or not 0 <= (lap.seat or 0) <= SMALL:
        return _("#%(number)s: lap %(lap)s cannot be counted.")
    if lap.time_ms is not None and not 0 < lap.time_ms <= LARGE:
        return _("#%(number)s, lap %(lap)s: the lap time cannot be right.")
    if lap.day_ms is not None and not 0 <= lap.day_ms <= LARGE:
        return _("#%(number)s, lap %(lap)s: the time of day cannot be right.")
    return ""
