"""wige timing (Nürburgring Langstrecken-Serie): RESULT and LAPS files, one session each.

Windows-1252, semicolons, columns padded with blanks and read by their names. Fields are quoted *before* they are cut
to length, which leaves `"Van`: so lines are split with quoting off and quotes stripped after. A file names neither
series nor event nor session nor zone: the caller supplies them, `SessionRecord.key` is empty.

`SessionRecord.kind` is what the figures say: in a qualifying result the total is the best lap, in the laps of a race
the clock advances by exactly the lap time. `LQUALIRANG` is the rank in qualifying and not the grid, for the field
starts in groups; it is not taken. Nor is a driver's nation from the country of his licence: Dennis Olsen of Norway has
a German one. Licence numbers are nobody's business and stay in the file.
"""

from __future__ import annotations

from dataclasses import replace

from results.importers.encoding import decode
from results.importers.plausible import Columns, judge
from results.importers.records import ParsedFile, Problem, RowRecord, SessionRecord
from results.importers.status import CLASSIFIED, NC, STATUSES, UnknownStatus, read_status
from results.importers.table import MAX_LINE, Cells, Table, header_of, read_table
from results.importers.wige_cells import CAR_COLUMNS, LapColumns, is_sector_list, read_car, read_laps
from results.notation import Penalty, parse_gap, parse_lap_time, parse_penalty

FORMAT = "wige"
TITLE = "Ergebnis- oder Rundenliste von wige (NLS)"

RESULT_COLUMNS = (*CAR_COLUMNS, "RANG", "KLASSENRANG", "RUNDEN", "SCHNELLSTE RUNDE", "GESAMTZEIT", "RUECKSTAND", "STATUS")  # fmt: skip
LAPS_COLUMNS = (*CAR_COLUMNS, "RUNDE", "RUNDENZEIT", "RUNDENZEIT_SEKUNDEN", "TAGESZEIT", "DRIVERID")
SIGNATURE = frozenset({*RESULT_COLUMNS, *LAPS_COLUMNS, "KUERZEL", "KLASSESORT", "BEWERBERLIZENZ"})
ENOUGH_OF_SIGNATURE = 6
OF_LAPS = LapColumns(lap="RUNDE", seconds="RUNDENZEIT_SEKUNDEN", seat="DRIVERID")

RESULT_NAMES = Columns(
    number="STNR", position="RANG", class_position="KLASSENRANG", laps="RUNDEN",
    total="GESAMTZEIT", gap="RUECKSTAND", best_lap="SCHNELLSTE RUNDE",
)  # fmt: skip


def recognises(text: str) -> bool:
    """Whether the first line is a wige header, even one from which columns were lost."""
    header = header_of(text[:MAX_LINE])
    return len(SIGNATURE.intersection(header)) >= ENOUGH_OF_SIGNATURE and not is_sector_list(header)


def parse(data: bytes, *, name: str = "") -> ParsedFile:
    """One session of a RESULT or LAPS file; raises FileRefused for a header that is neither."""
    decoded = decode(data)
    table = read_table(decoded.text)
    laps = "RUNDENZEIT" in table.index
    table.require(LAPS_COLUMNS if laps else RESULT_COLUMNS)
    session, doubts = read_laps(table, OF_LAPS) if laps else _result(table)
    return ParsedFile(
        format=FORMAT,
        sessions=(session,),
        rows_read=len(table.lines),
        rejected=tuple(sorted(table.problems, key=lambda problem: problem.line or 0)),
        doubts=tuple(sorted(doubts, key=lambda doubt: doubt.line or 0)),
        encoding=decoded.encoding,
        extra={"kind": "laps" if laps else "result"},
    )


# ------------------------------------------------------------------ results


def _result(table: Table) -> tuple[SessionRecord, list[Problem]]:
    doubts: list[Problem] = []
    rows = [row for cells in table.rows() if (row := _result_row(cells, doubts))]
    kind = _kind_of_result(rows)
    if kind == "qualifying":
        rows = [_as_qualifying(table, row) for row in rows]
    doubts += [
        Problem(row.line, "RANG", "Ohne Rang und ohne Status: wird als nicht gewertet übernommen.")
        for row in rows
        if row.status == NC and not row.printed_status and (kind == "race" or row.best_lap_ms)
    ]  # in a qualifying without a time that is no riddle
    verdict = judge(tuple(rows), kind=kind, columns=RESULT_NAMES)
    table.problems += verdict.rejected
    session = SessionRecord(key="", kind=kind, classification=tuple(rows), complete=verdict.complete)
    return session, [*doubts, *verdict.doubts]


def _result_row(cells: Cells, doubts: list[Problem]) -> RowRecord | None:
    """A line of a result as it stands; None when a cell of it was rejected."""
    car = read_car(cells)
    laps = cells.count("RUNDEN")
    gap = cells.read("RUECKSTAND", parse_gap)
    penalty = cells.read("STRAFZEITEN", parse_penalty) or Penalty()
    status, position = _status(cells, doubts)
    row = replace(
        car,
        status=status,
        printed_status=cells.raw("STATUS"),
        position=position,
        class_position=cells.count("KLASSENRANG") if position else None,
        laps=laps,
        total_ms=(cells.read("GESAMTZEIT", parse_lap_time) or None) if laps else None,  # else it is the penalty
        gap_ms=gap.ms if gap and laps else None,
        gap_laps=gap.laps if gap and laps else None,
        best_lap_ms=cells.read("SCHNELLSTE RUNDE", parse_lap_time) or None,
        best_lap_number=cells.count("SCHNELLSTE_IN_RUNDE") or None,
        penalty_ms=penalty.ms,
        penalty_laps=penalty.laps,
    )
    return None if cells.bad else row


def _status(cells: Cells, doubts: list[Problem]) -> tuple[str, int | None]:
    """Our status and the position; only the classified have one."""
    printed, position = cells.raw("STATUS"), cells.count("RANG")
    try:
        status = read_status(printed) if printed else CLASSIFIED
    except UnknownStatus as error:
        cells.reject("STATUS", str(error))
        return NC, None
    if status == CLASSIFIED and position is None:
        if printed:
            cells.reject("RANG", "Das Auto ist gewertet, hat aber keinen Rang.")
        status = NC
    elif position == 0:
        cells.reject("RANG", "Ein Rang beginnt bei 1.")
    elif status != CLASSIFIED and position is not None:
        word = STATUSES[status].german
        doubts.append(Problem(cells.line, "RANG", f"Das Auto ist {word}, trägt aber Rang {position}: er entfällt."))
        position = None
    return status, position


def _kind_of_result(rows: list[RowRecord]) -> str:
    """Qualifying where the total is the best lap: in a race no car is classified on a single lap."""
    ranked = [row for row in rows if row.position and row.total_ms]
    same = sum(row.total_ms == row.best_lap_ms for row in ranked)
    return "qualifying" if 2 * same > len(ranked) else "race"


def _as_qualifying(table: Table, row: RowRecord) -> RowRecord:
    """The total repeats the best lap, and SCHNELLSTE_IN_RUNDE counts seconds of the session there."""
    if row.total_ms != row.best_lap_ms:
        table.reject(
            row.line or 0, "GESAMTZEIT", "In diesem Training ist die Gesamtzeit die schnellste Runde, hier nicht."
        )
    return replace(row, total_ms=None, best_lap_number=None)
