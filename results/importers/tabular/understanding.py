"""A table of named columns to records, wherever its cells came from: a spreadsheet, a PDF, pasted text. Pure."""

from __future__ import annotations

from collections import Counter

from results.importers import columns
from results.importers.mapping import Mapping, propose
from results.importers.records import FileRefused, ParsedFile, Problem, SessionRecord
from results.importers.spreadsheet import Table
from results.importers.tabular.calendars import read_calendar
from results.importers.tabular.classification import read_classification, read_entries
from results.importers.tabular.laps import read_laps
from results.importers.tabular.lines import Reading
from results.importers.tabular.standings import read_standings

MOST_LISTED = 12


def understood(
    table: Table, *, format_: str, mapping: Mapping | None = None, part: str = "", strict: bool = True
) -> ParsedFile:
    """The records of a table. `mapping` is what a person confirmed, `part` the year of a table that holds several.

    Not `strict`: rows of a classification that contradict each other are doubts, and the result becomes a draft that
    no reader sees, for they may be read wrongly and cannot be put right in the file. Raises FileRefused where the
    mapping belongs to another table.
    """
    if mapping is not None and not mapping.fits(table):
        raise FileRefused("Die Zuordnung der Spalten gehört zu einer anderen Tabelle.")
    chosen = mapping or propose(table)
    reading = Reading(table, chosen, format_=format_, strict=strict)
    extra = {"kind": chosen.kind, "mapping": chosen.as_text(), "certain": "1" if chosen.certain else "0"}
    if table.sheet:
        extra["sheet"] = table.sheet
    faults = chosen.faults()
    if faults:
        reading.rejected += [Problem(table.header_line, None, fault) for fault in faults]
        _say_columns(reading)
        return _file(reading, extra=extra)
    parts = _parts(table, chosen)
    if len(parts) > 1:
        extra["parts"] = "|".join(parts)
    if _refuse_part(reading, parts, part):
        return _file(reading, extra=extra)
    return _read(reading, extra, part if len(parts) > 1 else "", next(iter(parts), "") if len(parts) == 1 else part)


def _read(reading: Reading, extra: dict[str, str], part: str, season: str) -> ParsedFile:
    kind = reading.mapping.kind
    sessions: tuple[SessionRecord, ...] = ()
    if kind == "classification":
        sessions = (read_classification(reading, part),)
    elif kind == "entries":
        sessions = (read_entries(reading, part),)
    elif kind == "laps":
        sessions = (read_laps(reading),)
    standings = read_standings(reading) if kind == "standings" else ()
    calendar = read_calendar(reading) if kind == "calendar" else ()
    reading.say_footnotes()
    _say_columns(reading)
    counted = _rows_of(sessions) if part else reading.read
    return ParsedFile(
        format=reading.format_,
        sessions=sessions,
        season=season or None,
        standings=standings,
        calendar=calendar,
        rows_read=counted,
        rejected=tuple(sorted(reading.rejected, key=lambda problem: problem.line or 0)),
        doubts=tuple(sorted(reading.doubts, key=lambda problem: problem.line or 0)),
        encoding=reading.table.encoding,
        extra=extra,
    )


def _file(reading: Reading, *, extra: dict[str, str]) -> ParsedFile:
    """A table that was looked at and cannot be taken."""
    return ParsedFile(
        format=reading.format_,
        sessions=(),
        rejected=tuple(reading.rejected),
        doubts=tuple(reading.doubts),
        encoding=reading.table.encoding,
        extra=extra,
    )


def _rows_of(sessions: tuple[SessionRecord, ...]) -> int:
    return sum(len(session.classification or ()) + len(session.entries) for session in sessions)


def _parts(table: Table, mapping: Mapping) -> list[str]:
    """The years of a table over several, in their order."""
    place = mapping.place("part")
    return [] if place is None else list(Counter(cells[place] for _line, cells in table.rows() if cells[place]))


def _refuse_part(reading: Reading, parts: list[str], part: str) -> bool:
    """Whether nobody said which of several years is meant, or one that is not there."""
    if (len(parts) < 2 and not part) or part in parts:  # noqa: PLR2004 - one year is no choice
        return False
    column = reading.column("part")
    named = ", ".join(parts[:MOST_LISTED]) + (" …" if len(parts) > MOST_LISTED else "")
    reason = f"Die Tabelle hält {len(parts)} Jahre ({named}). Bitte eines davon wählen."
    if part:
        reason = f"Das Jahr {part[:20]} steht nicht in der Tabelle" + (f", nur: {named}." if parts else ".")
    reading.rejected.append(Problem(reading.table.header_line, column, reason))
    return True


def _say_columns(reading: Reading) -> None:
    """Which columns are not taken, and if a person should look, as what each one was understood."""
    mapping, line = reading.mapping, reading.table.header_line
    if reading.table.mixed:
        reason = f"Die Datei mischt Zeichenkodierungen ({reading.table.encoding} und UTF-8). Bitte die Namen prüfen."
        reading.doubts.append(Problem(None, None, reason))
    if not mapping.certain:
        known = columns.fields()
        for place, key in enumerate(mapping.fields):
            if key:
                how = ", nach den Werten" if place in mapping.guessed else ""
                reason = f"Die Spalte ist verstanden als: {known[key].label}{how}."
                reading.doubts.append(Problem(line, mapping.header[place] or f"Spalte {place + 1}", reason))
    ignored = [name for name, key in zip(mapping.header, mapping.fields, strict=True) if name and not key]
    if ignored:
        named = ", ".join(ignored[:MOST_LISTED]) + (" …" if len(ignored) > MOST_LISTED else "")
        reading.doubts.append(Problem(line, None, f"Nicht übernommen werden die Spalten: {named}."))
