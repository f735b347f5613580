"""What a printed page adds to the records of its table: session, state and day by the title, and doubts of reading. Pure."""

from __future__ import annotations

import json
from dataclasses import replace

from results.importers.columns import meanings
from results.importers.layout.about import About, about
from results.importers.layout.sheet import Sheet
from results.importers.records import ParsedFile, Problem, SessionRecord
from results.importers.spreadsheet import Table

MOST_NAMED = 12
LONGEST_SHOWN = 80


def table_from(sheet: Sheet) -> Table:
    """The sheet as any other table of cells."""
    return Table(sheet.header, sheet.header_line, _rows=sheet.rows)


def say_layout(parsed: ParsedFile, sheet: Sheet) -> ParsedFile:
    """The records with session, state and day as printed, and a doubt for all that was not certain about the page."""
    said = about(sheet.above, sheet.below)
    numbers = {row.line: row.number for one in parsed.sessions for row in (*(one.classification or ()), *one.entries)}
    doubts = [*parsed.doubts, *_doubts(sheet, said, numbers, parsed)]
    extra = {
        **parsed.extra,
        **({"title": said.title} if said.title else {}),
        **({"day": said.day.isoformat()} if said.day else {}),
        **({"notes": "\n".join(sheet.below)[:4_000]} if sheet.below else {}),
    }
    return replace(
        parsed,
        sessions=tuple(_session(one, said, unread=bool(sheet.strange or sheet.unsure)) for one in parsed.sessions),
        doubts=tuple(sorted(doubts, key=lambda problem: (problem.line is None, problem.line or 0))),
        extra=extra,
    )


def _session(record: SessionRecord, said: About, *, unread: bool) -> SessionRecord:
    """A draft where a line was not understood: something may be missing that nobody would miss."""
    kind = record.kind or said.kind or None
    name = said.name if said.kind == kind else ""
    return replace(
        record,
        kind=kind,
        name=record.name or name or None,
        state=said.state or "provisional",
        released=record.released and not unread,
    )


def _doubts(sheet: Sheet, said: About, numbers: dict[int | None, str], parsed: ParsedFile) -> list[Problem]:
    found = [
        Problem(
            line,
            None,
            f"Die Zeile gehört zu keiner Zeile der Tabelle und ist nicht übernommen: „{text[:LONGEST_SHOWN]}“.",
        )
        for line, text in sheet.strange[:MOST_NAMED]
    ]
    if len(sheet.strange) > MOST_NAMED:
        found.append(
            Problem(None, None, f"Dazu {len(sheet.strange) - MOST_NAMED} weitere Zeilen, die nicht übernommen sind.")
        )
    for unsure in sheet.unsure:
        column = sheet.header[unsure.column]
        key = next(iter(meanings(column)), "")
        found.append(Problem(unsure.line, column, unsure.reason, car=numbers.get(unsure.line, ""), field=key))
    if sheet.other_tables:
        pages = ", ".join(str(page) for page in sheet.other_tables[:MOST_NAMED])
        found.append(Problem(None, None, f"Übernommen wird nur die erste Tabelle. Andere stehen auf Seite {pages}."))
    if parsed.sessions and any(one.classification for one in parsed.sessions):
        if not said.state:
            found.append(
                Problem(None, None, "Vorläufig oder endgültig steht nicht dabei: Das Ergebnis gilt als vorläufig.")
            )
        found += [Problem(None, None, f"Unter Vorbehalt: „{line}“") for line in said.reserved]
        found += [
            Problem(None, None, f"Bei der Tabelle steht: „{line}“ Ist es im Ergebnis enthalten?")
            for line in said.decisions
        ]
    return found + _unnamed(sheet, parsed)


def _unnamed(sheet: Sheet, parsed: ParsedFile) -> list[Problem]:
    """Columns that nothing stands over and that are not taken."""
    said = json.loads(parsed.extra["mapping"])["columns"]
    left = [
        f"Spalte {place + 1} ({', '.join(samples[:2])} …)"
        for place, (name, field) in enumerate(said)
        if not name and not field and (samples := [cells[place] for _line, cells in sheet.rows if cells[place]])
    ]
    return (
        [Problem(sheet.header_line, None, f"Ohne Überschrift und nicht übernommen: {'; '.join(left)}.")] if left else []
    )
