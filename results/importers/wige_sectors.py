"""Sector times by wige Solutions (NLS): SEKTORZEITEN files, the laps of one session with their sectors and stops.

Bytes, quoting and cars are those of the other wige files, see `wige_cells`. Up to nine sectors a lap; how many the
circuit has is the last column that any lap of the file fills (five on the Nordschleife). A sector that was not measured
is empty: an in-lap has no last one, because the car crosses the line in the pit lane.

What the columns hold, seen in six files of 2025 (11,841 laps):

- `INPIT` is `J` on the in-lap (`RUNDE_NR_TEXT` says `7p` there), `A` on the lap out of the pits, else `N`.
- `PITIN_TIME` and `PITSTOPDURATION` stand on the in-lap: when the car entered the pit lane, shortly before the line, and
  how long it stayed. In all 1,307 laps out of the pits with a figure, entry and stay end before the first sector does. So
  the stop is `pit_ms` of the *next* lap. Both are `00.000` where the car was not seen leaving again.
- `CANCELLED` is `0` in every lap there is. `1` and `J` are taken for a lap time that was deleted; any other value is
  refused, for nobody has seen it.

Where all sectors are there they add up to the lap time, in all 10,379 laps. A file in which they do not is doubted,
never refused.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace

from results.importers.doubts import Doubts, in_order
from results.importers.encoding import decode
from results.importers.records import DeletionRecord, LapRecord, ParsedFile
from results.importers.table import MAX_LINE, Cells, Table, header_of, read_table
from results.importers.wige_cells import CAR_COLUMNS, SECTORS, LapColumns, Rounds, is_sector_list, read_laps
from results.notation import format_lap_time, parse_lap_time

FORMAT = "wige_sectors"
TITLE = "Sektorzeitenliste von wige (NLS)"

OF_LAPS = LapColumns(lap="RUNDE_NR", seconds="RUNDENZEIT_IN_SEKUNDEN", seat="FAHRER_NR")
REQUIRED = (*CAR_COLUMNS, OF_LAPS.lap, "RUNDENZEIT", OF_LAPS.seconds, "TAGESZEIT", OF_LAPS.seat, SECTORS[0], "INPIT")
OF_WIGE = frozenset({*CAR_COLUMNS, "KUERZEL", "KLASSESORT", "BEWERBERLIZENZ", "TAGESZEIT", "RUNDENZEIT"})
ENOUGH_OF_WIGE = 4
TOLERANCE = 5  # ms

IN_PIT = {"": False, "N": False, "A": False, "J": True}
CANCELLED = {"": False, "0": False, "N": False, "1": True, "J": True}


def recognises(text: str) -> bool:
    """Whether the first line is the header of a sector list, even one from which columns were lost."""
    header = header_of(text[:MAX_LINE])
    return is_sector_list(header) and len(OF_WIGE.intersection(header)) >= ENOUGH_OF_WIGE


def parse(data: bytes, *, name: str = "") -> ParsedFile:
    """The laps of one session; raises FileRefused for a header that is no sector list's."""
    decoded = decode(data)
    table = read_table(decoded.text)
    table.require(REQUIRED)
    sheet = _Sheet(table)
    session, doubts = read_laps(table, OF_LAPS, sheet.read, sheet.finish)
    laps = session.laps or ()
    deletions = tuple(_deletion(lap) for lap in laps if not lap.valid)
    return ParsedFile(
        format=FORMAT,
        sessions=(replace(session, deletions=deletions),),
        rows_read=len(table.lines),
        rejected=tuple(sorted(table.problems, key=lambda problem: problem.line or 0)),
        doubts=in_order(doubts, _odd_sums(laps)),
        encoding=decoded.encoding,
        extra={"kind": "sectors"},
    )


class _Sheet:
    """What a line holds beyond a lap list: sectors, pits, a deleted time. `used` is the circuit's number of sectors."""

    def __init__(self, table: Table) -> None:
        self._columns = [column for column in SECTORS if column in table.index]
        self._used = 0

    def read(self, cells: Cells, lap: LapRecord) -> LapRecord:
        sectors = tuple([cells.read(column, parse_lap_time) or None for column in self._columns])
        if any(sectors[self._used :]):
            self._used = max(place for place, time in enumerate(sectors, start=1) if time)
        return replace(
            lap,
            sectors_ms=sectors,
            in_pit=_flag(cells, "INPIT", IN_PIT),
            valid=not _flag(cells, "CANCELLED", CANCELLED),
            pit_ms=cells.read("PITSTOPDURATION", parse_lap_time) or None,
        )

    def finish(self, rounds: Rounds) -> Rounds:
        """Moves the time of a stop from the in-lap, where wige prints it, to the lap that begins with it, and leaves the
        sectors that the circuit has.
        """
        return [list(self._of_one_car(laps)) for laps in rounds]

    def _of_one_car(self, laps: list[LapRecord]) -> Iterator[LapRecord]:
        before: LapRecord | None = None
        for lap in laps:
            stop = before.pit_ms if before and lap.lap == before.lap + 1 else None
            times = (lap.sectors_ms or ())[: self._used]
            yield replace(lap, pit_ms=stop, sectors_ms=times if any(times) else None)
            before = lap


def _odd_sums(laps: Iterable[LapRecord]) -> Doubts:
    """Missing sectors leave a rest, so their sum may be smaller than the lap, but never larger."""
    odd = Doubts(SECTORS[0], f"weitere Runden, deren Sektoren um mehr als {TOLERANCE} ms nicht zur Rundenzeit passen")
    for lap in laps:
        if lap.time_ms is None or lap.sectors_ms is None:
            continue
        total = sum(time for time in lap.sectors_ms if time is not None)
        short = None not in lap.sectors_ms and total < lap.time_ms - TOLERANCE
        if short or total > lap.time_ms + TOLERANCE:
            odd.add(
                lap.line,
                f"Runde {lap.lap} von Startnummer {lap.number}: Die Sektoren ergeben {format_lap_time(total)}, "
                f"die Rundenzeit ist {format_lap_time(lap.time_ms)}.",
            )
    return odd


def _flag(cells: Cells, column: str, known: dict[str, bool]) -> bool:
    value = cells.raw(column).upper()
    if value not in known:
        cells.reject(
            column, f"Der Wert „{value[:8]}“ ist hier nicht bekannt. Möglich sind: {', '.join(filter(None, known))}."
        )
    return known.get(value, False)


def _deletion(lap: LapRecord) -> DeletionRecord:
    return DeletionRecord(number=lap.number, lap=lap.lap, lap_ms=lap.time_ms, day_ms=lap.day_ms, line=lap.line)
