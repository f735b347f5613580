"""Swiss Timing (SRO): ENTRY_LIST and RESULT_LIST as XML, one session each.

An entry list names competition, meeting, session, track and start under SESS, and every car with its crew. A result
list names nothing but numbers: whose car that is the event's entries know, which session it is the caller says.

Times are whole milliseconds. A car without a time has no Rank and `Gap` 0, which looks like the leader: without a rank
nothing of it is believed but its laps.
"""

from __future__ import annotations

import datetime as dt
import re
from collections import Counter
from dataclasses import replace

from results.importers.document import Report
from results.importers.encoding import decode
from results.importers.markup import Element, read_elements
from results.importers.plausible import Columns, judge
from results.importers.printed import Printed
from results.importers.records import DriverRecord, FileRefused, ParsedFile, RowRecord, SessionRecord
from results.importers.status import CLASSIFIED, NC, UnknownStatus, read_status
from results.importers.swiss_session import key_of_session, kind_of_session, read_moment
from results.importers.zones import zone_of_track

FORMAT = "swiss_xml"
TITLE = "Nenn- oder Ergebnisliste von Swiss Timing (XML)"

SIZE_LIMIT = 16 * 2**20
MAX_CARS = 2_000
SEATS = range(1, 13)
NAMES = Columns(
    number="Bib", position="Rank", class_position="ClassRank", laps="Laps", total="Time", gap="Gap", best_lap="BestTime"
)  # fmt: skip
# What a result repeats of itself: the order of display, the last lap, the distance to the car ahead.
REPEATED = ("Pos", "LastTime", "LastLap", "Diff")
STATUS_TAGS = ("Status", "State")
_RECORDS = re.compile(r"<(?:ENTR|RES|SESS)[\s/>]")


def recognises(text: str) -> bool:
    """XML that speaks of entries or results by car, sound or damaged."""
    return text.lstrip()[:1] == "<" and _RECORDS.search(text) is not None


def parse(data: bytes, *, name: str = "") -> ParsedFile:
    """One session of an entry or result list; raises FileRefused for XML that is neither, or not to be trusted."""
    decoded = decode(data, limit=SIZE_LIMIT)
    root = read_elements(decoded.text)
    entries, results = root.named("ENTR"), root.named("RES")
    if not entries and not results:
        raise FileRefused("In der Datei steht weder ein genanntes Auto (ENTR) noch ein Ergebnis (RES).")
    if max(len(entries), len(results)) > MAX_CARS:
        raise FileRefused(f"Die Datei nennt mehr als {MAX_CARS} Autos.")
    report = Report()
    heading = Printed(_values(root.named("SESS"), report), report, level="in SESS", line=_line(root.named("SESS")))
    cars = tuple(car for entry in entries if (car := _car(entry, report)) is not None)
    _doubled(cars, report)
    rows = tuple(row for result in results if (row := _row(result, report)) is not None) if results else None
    session, parsed = _session(heading, rows, cars)
    heading.finish()
    return replace(
        parsed,
        sessions=(session,),
        rows_read=len(entries) + len(results),
        rejected=tuple(sorted(report.rejected, key=lambda problem: problem.line or 0)),
        doubts=(*report.doubts, *report.unknown_keys()),
        encoding=decoded.encoding,
        extra={"kind": "result" if results else "entries"},
    )


def _line(elements: list[Element]) -> int | None:
    return elements[0].line if elements else None


def _values(elements: list[Element], report: Report) -> dict[str, object]:
    """The children of one element by their tag; a child with children is an object itself."""
    if not elements:
        return {}
    if len(elements) > 1:
        report.reject(elements[1].line, elements[1].tag, f"„{elements[1].tag}“ steht zweimal da. Welches gilt?")
    values: dict[str, object] = {}
    for tag, count in Counter(child.tag for child in elements[0].children).items():
        named = elements[0].named(tag)
        if count > 1:
            report.reject(named[1].line, tag, f"„{tag}“ steht zweimal in einem Eintrag. Welches gilt?")
        values[tag] = _values(named[:1], report) if named[0].children else named[0].text.strip()
    return values


# ------------------------------------------------------------------ the session


def _session(
    heading: Printed, rows: tuple[RowRecord, ...] | None, cars: tuple[RowRecord, ...]
) -> tuple[SessionRecord, ParsedFile]:
    """The session, and the file with what it says of the event."""
    name = heading.text("Session", 120) or ""
    start = heading.notation("StartTime", read_moment)
    track = heading.text("Track")
    kind, complete = kind_of_session(name), True
    if rows is not None:
        rows, kind, complete = _judged(heading.report, rows, kind)
    session = SessionRecord(
        key=key_of_session(name),
        name=name or None,
        kind=kind,
        date=start.date() if start else None,
        time=start.time() if start and start.time() != dt.time() else None,
        classification=rows,
        entries=cars,
        is_entry_list=bool(cars),
        complete=complete,
        state="provisional" if rows is not None else "final",
    )
    parsed = ParsedFile(
        format=FORMAT,
        sessions=(),
        series=heading.text("Competition"),
        season=str(start.year) if start else None,
        event=heading.text("Meeting", 160),
        circuit=track,
        time_zone=zone_of_track(track or ""),
        proposes=True,
    )
    return session, parsed


def _judged(
    report: Report, rows: tuple[RowRecord, ...], named: str | None
) -> tuple[tuple[RowRecord, ...], str | None, bool]:
    """The rows as their kind wants them, the kind as far as name and figures tell it, and whether all places are there.

    Where the total is the best lap it is practice or qualifying; which of the two only a name can tell.
    """
    ranked = [row for row in rows if row.position]
    by_lap = 2 * sum(row.total_ms == row.best_lap_ms for row in ranked) > len(ranked)
    rows = tuple(_by_lap(row, report) for row in rows) if by_lap else _by_distance(rows)
    verdict = judge(rows, kind=named or ("qualifying" if by_lap else "race"), columns=NAMES)
    report.rejected += verdict.rejected
    report.doubts += verdict.doubts
    for row in rows:
        if row.status == NC and not row.printed_status and (row.best_lap_ms or not by_lap):
            report.doubt(row.line, "Rank", f"Startnummer {row.number} hat weder Rang noch Status: nicht gewertet.")
    return rows, named or (None if by_lap else "race"), verdict.complete


def _by_lap(row: RowRecord, report: Report) -> RowRecord:
    """In practice and qualifying the total repeats the best lap."""
    if row.total_ms != row.best_lap_ms:
        reason = "Die Zeit ist nicht die beste Runde, nach der sonst gewertet wird."
        report.doubt(row.line, "Time", f"Startnummer {row.number}: {reason}")
    return replace(row, total_ms=None)


def _by_distance(rows: tuple[RowRecord, ...]) -> tuple[RowRecord, ...]:
    """In a race the gap of a lapped car counts laps."""
    leader = min((row for row in rows if row.position), key=lambda row: row.position or 0, default=None)
    lapped = []
    for row in rows:
        behind = (leader.laps or 0) - (row.laps or 0) if leader is not None and row.position else 0
        lapped.append(replace(row, gap_ms=None, gap_laps=behind) if behind > 0 else row)
    return tuple(lapped)


# ------------------------------------------------------------------ entries


def _car(entry: Element, report: Report) -> RowRecord | None:
    fields = Printed(_values([entry], report), report, level="in ENTR", line=entry.line)
    car = RowRecord(
        number=fields.car_number("Bib"),
        status="",
        class_name=fields.text("Class", 60),
        team=fields.text("Team"),
        car=fields.text("Car"),
        drivers=_crew(fields),
        line=entry.line,
    )
    fields.finish()
    return None if fields.bad else car


def _crew(car: Printed) -> tuple[DriverRecord, ...]:
    """Driver1 to Driver4, of whom the last ones are mostly empty."""
    crew = []
    for seat in SEATS:
        if not car.get(f"Driver{seat}"):
            continue
        fields = car.part(f"Driver{seat}", "bei einem Fahrer")
        first, last = fields.text("First", 80) or "", fields.text("Last", 80) or ""
        nationality = fields.text("Country", 40) or ""
        for key in ("Short", "Id"):  # three letters of the name, and the seat again
            fields.get(key)
        fields.finish()
        car.bad = car.bad or fields.bad
        if first or last:
            crew.append(DriverRecord(first if last else "", last or first, nationality, seat=seat))
    return tuple(crew)


def _doubled(cars: tuple[RowRecord, ...], report: Report) -> None:
    first: dict[str, RowRecord] = {}
    for car in cars:
        other = first.setdefault(car.number, car)
        if other is not car:
            report.reject(car.line, "Bib", f"Die Startnummer {car.number} steht schon in Zeile {other.line}.")


# ------------------------------------------------------------------ results


def _row(element: Element, report: Report) -> RowRecord | None:
    fields = Printed(_values([element], report), report, level="in RES", line=element.line)
    position = fields.figure("Rank") or None
    status, printed = _status(fields, position)
    best, best_lap, gap = fields.ms("BestTime"), fields.figure("BestLap"), fields.ms("Gap")
    row = RowRecord(
        number=fields.car_number("Bib"),
        status=status,
        position=position if status == CLASSIFIED else None,
        laps=fields.figure("Laps"),
        total_ms=fields.ms("Time"),
        gap_ms=gap if status == CLASSIFIED else None,
        best_lap_ms=best,
        best_lap_number=(best_lap or None) if best else None,
        grid=fields.figure("StartPos") or None,
        printed_status=printed,
        line=element.line,
    )
    for key in REPEATED:
        fields.get(key)
    fields.finish()
    return None if fields.bad else row


def _status(fields: Printed, position: int | None) -> tuple[str, str]:
    """Our status and the printed one. Without a word for it a rank is all that says that a car is classified."""
    printed = next((value for tag in STATUS_TAGS if (value := fields.plain(tag, 40))), "")
    try:
        status = read_status(printed) if printed else (CLASSIFIED if position else NC)
    except UnknownStatus as error:
        fields.reject(STATUS_TAGS[0], str(error))
        return NC, ""
    if status == CLASSIFIED and position is None:
        fields.reject("Rank", "Das Auto ist gewertet, hat aber keinen Rang.")
    elif status != CLASSIFIED and position is not None:
        fields.doubt("Rank", f"Das Auto ist {printed}, trägt aber Rang {position}: er entfällt.")
    return status, "" if status == CLASSIFIED else printed
