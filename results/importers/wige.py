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

import re
from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import replace
from itertools import pairwise
from statistics import median_low

from results.importers.encoding import decode
from results.importers.plausible import Columns, judge
from results.importers.records import (
    DriverRecord,
    FileRefused,
    LapRecord,
    ParsedFile,
    Problem,
    RowRecord,
    SessionRecord,
)
from results.importers.status import CLASSIFIED, NC, STATUSES, UnknownStatus, read_status
from results.importers.table import MAX_LINE, Cells, Table, header_of, read_table
from results.notation import DAY, HOUR, Penalty, parse_clock, parse_duration, parse_gap, parse_lap_time, parse_penalty

FORMAT = "wige"
TITLE = "Ergebnis- oder Rundenliste von wige (NLS)"

SEATS = range(1, 9)
CAR_COLUMNS = ("STNR", "FAHRER1_NAME", "FAHRER1_VORNAME", "FAHRZEUG", "BEWERBER", "KLASSE")
RESULT_COLUMNS = (*CAR_COLUMNS, "RANG", "KLASSENRANG", "RUNDEN", "SCHNELLSTE RUNDE", "GESAMTZEIT", "RUECKSTAND", "STATUS")  # fmt: skip
LAPS_COLUMNS = (*CAR_COLUMNS, "RUNDE", "RUNDENZEIT", "RUNDENZEIT_SEKUNDEN", "TAGESZEIT", "DRIVERID")
SIGNATURE = frozenset({*RESULT_COLUMNS, *LAPS_COLUMNS, "KUERZEL", "KLASSESORT", "BEWERBERLIZENZ"})
ENOUGH_OF_SIGNATURE = 6
MOSTLY = 0.9  # share of laps that follow one another without a stop in a race; in a qualifying it is about half
WRAP = 12 * HOUR  # how much later than the lap before a car may pass when the clock went through midnight


_SECONDS = re.compile(r"([0-9]{1,6}),([0-9]{3})")

RESULT_NAMES = Columns(
    number="STNR", position="RANG", class_position="KLASSENRANG", laps="RUNDEN",
    total="GESAMTZEIT", gap="RUECKSTAND", best_lap="SCHNELLSTE RUNDE",
)  # fmt: skip


def recognises(text: str) -> bool:
    """Whether the first line is a wige header, even one from which columns were lost."""
    return len(SIGNATURE.intersection(header_of(text[:MAX_LINE]))) >= ENOUGH_OF_SIGNATURE


def parse(data: bytes, *, name: str = "") -> ParsedFile:
    """One session of a RESULT or LAPS file; raises FileRefused for a header that is neither."""
    decoded = decode(data)
    table = read_table(decoded.text)
    if "RUNDENZEIT_IN_SEKUNDEN" in table.index or "RUNDE_NR" in table.index:
        raise FileRefused("Das ist eine Sektorzeitenliste von wige. Gelesen werden Ergebnis- und Rundenlisten.")
    laps = "RUNDENZEIT" in table.index
    table.require(LAPS_COLUMNS if laps else RESULT_COLUMNS)
    session, doubts = _laps(table) if laps else _result(table)
    return ParsedFile(
        format=FORMAT,
        sessions=(session,),
        rows_read=len(table.lines),
        rejected=tuple(sorted(table.problems, key=lambda problem: problem.line or 0)),
        doubts=tuple(doubts),
        encoding=decoded.encoding,
        extra={"kind": "laps" if laps else "result"},
    )


# ------------------------------------------------------------------ who drives what


def _drivers(cells: Cells) -> tuple[DriverRecord, ...]:
    """The crew by seats; a pseudonym stands quoted in the last name (`'SELV'`) and has no first name."""
    crew = []
    for seat in SEATS:
        column = f"FAHRER{seat}_"
        last, first = cells.text(f"{column}NAME", 80), cells.text(f"{column}VORNAME", 80)
        if not last and not first:
            continue
        crew.append(
            DriverRecord(
                first_name=first if last else "",
                last_name=last or first,
                nationality=cells.text(f"{column}NATION", 40),
                town=cells.text(f"{column}ORT", 80),
                seat=seat,
            )
        )
    return tuple(crew)


def _car(cells: Cells) -> RowRecord:
    """Number, class, team, car and crew of a line, nothing measured."""
    team, entrant = cells.text("TEAM"), cells.text("BEWERBER")
    subclass = cells.text("UNTERKLASSE", 60)
    row = RowRecord(
        number=cells.car_number("STNR"),
        status="",
        class_name=cells.text("KLASSE", 60) or None,
        team=team or entrant or None,
        entrant=entrant if team and entrant and entrant != team else None,
        car=cells.text("FAHRZEUG") or None,
        manufacturer=cells.text("HERSTELLER", 80) or None,
        drivers=_drivers(cells),
        guest=cells.raw("GAST").upper() in {"1", "J", "Y"},
        cups=(subclass,) if subclass else (),
        line=cells.line,
    )
    if not row.drivers and not cells.bad:
        cells.reject("FAHRER1_NAME", f"Startnummer {row.number} hat keinen Fahrer.")
    return row


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
    return session, sorted([*doubts, *verdict.doubts], key=lambda doubt: doubt.line or 0)


def _result_row(cells: Cells, doubts: list[Problem]) -> RowRecord | None:
    """A line of a result as it stands; None when a cell of it was rejected."""
    car = _car(cells)
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


# ------------------------------------------------------------------ laps


def _laps(table: Table) -> tuple[SessionRecord, list[Problem]]:
    cars: dict[str, RowRecord] = {}
    doubts: list[Problem] = []
    laps: dict[str, dict[int, LapRecord]] = defaultdict(dict)
    described: dict[str, list[str]] = {}  # what stands before the lap: who drives what
    for cells in table.rows():
        number, description = cells.raw("STNR"), cells.fields[: table.index["RUNDE"]]
        if number not in cars:
            cars[number], described[number] = _car(cells), description
        elif described[number] != description:
            described[number] = description
            doubts.append(
                Problem(cells.line, "STNR", f"Die Angaben zu Startnummer {number} sind ab hier andere als davor.")
            )
        lap = _lap(cells, number)
        other = laps[number].setdefault(lap.lap, lap) if lap else lap
        if other is not lap and other:
            cells.reject("RUNDE", f"Runde {other.lap} von Startnummer {number} steht schon in Zeile {other.line}.")
    rounds = [[by_lap[lap] for lap in sorted(by_lap)] for by_lap in laps.values() if by_lap]
    kind = _kind_of_laps(rounds)
    rounds = _through_midnight(table, rounds)
    for of_car in rounds:
        doubts += _odd_laps(cars[of_car[0].number], of_car, race=kind == "race")
    session = SessionRecord(
        key="",
        kind=kind,
        laps=tuple(lap for of_car in rounds for lap in of_car),
        entries=tuple(cars[of_car[0].number] for of_car in rounds),
    )
    return session, sorted(doubts, key=lambda doubt: doubt.line or 0)


def _lap(cells: Cells, number: str) -> LapRecord | None:
    lap = cells.count("RUNDE")
    time = cells.read("RUNDENZEIT", parse_lap_time) or None
    seconds = cells.read("RUNDENZEIT_SEKUNDEN", _seconds) or None
    day = cells.read("TAGESZEIT", parse_clock)
    seat = cells.count("DRIVERID") or None
    if lap == 0 or not cells.raw("RUNDE"):
        cells.reject("RUNDE", "Die Rundenzahl fehlt oder ist 0.")
    elif time != seconds and not cells.bad:
        shown = cells.raw("RUNDENZEIT") or "leer", cells.raw("RUNDENZEIT_SEKUNDEN") or "leer"
        cells.reject(
            "RUNDENZEIT_SEKUNDEN", f"Die Rundenzeit ({shown[0]}) und ihre Sekunden ({shown[1]}) widersprechen sich."
        )
    if cells.bad or not lap:
        return None
    return LapRecord(number=number, lap=lap, time_ms=time, day_ms=day, seat=seat, line=cells.line)


def _seconds(text: str) -> int | None:
    """`556,743`: seconds alone, however many."""
    match = _SECONDS.fullmatch(text)
    return int(match[1] + match[2]) if match else parse_duration(f"{text}s")


def _neighbours(laps: list[LapRecord]) -> Iterator[tuple[LapRecord, LapRecord, int]]:
    """Laps in succession with the time the clock shows between them."""
    for before, lap in pairwise(laps):
        if lap.lap == before.lap + 1 and lap.day_ms is not None and before.day_ms is not None:
            yield before, lap, lap.day_ms - before.day_ms


def _kind_of_laps(rounds: list[list[LapRecord]]) -> str | None:
    """A race where the clock advances by the lap time; between the runs of a qualifying cars stand still."""
    agree = [passed % DAY == lap.time_ms for laps in rounds for _, lap, passed in _neighbours(laps)]
    if not agree:
        return None
    return "race" if sum(agree) >= MOSTLY * len(agree) else "qualifying"


def _through_midnight(table: Table, rounds: list[list[LapRecord]]) -> list[list[LapRecord]]:
    """The same laps with clocks that go on past 24 h; a clock that turns back otherwise is a problem."""
    starts = [laps[0].day_ms for laps in rounds if laps[0].day_ms is not None]
    usual = median_low(starts) if starts else 0
    return [_of_one_car(table, laps, usual) for laps in rounds]


def _of_one_car(table: Table, laps: list[LapRecord], usual: int) -> list[LapRecord]:
    """`usual` is when the cars passed first: who joined after midnight has a clock far smaller."""
    later, last = 0, None
    clocked = []
    for lap in laps:
        if lap.day_ms is None:
            clocked.append(lap)
            continue
        if last is None:
            later = DAY if lap.day_ms < usual - WRAP else 0
        elif lap.day_ms + later < last:
            later += DAY
            if lap.day_ms + later - last > WRAP + (lap.time_ms or 0):
                table.reject(
                    lap.line or 0, "TAGESZEIT", f"In Runde {lap.lap} läuft die Uhr von Startnummer {lap.number} zurück."
                )
                break
        last = lap.day_ms + later
        clocked.append(replace(lap, day_ms=last) if later else lap)
    return clocked


def _odd_laps(car: RowRecord, laps: list[LapRecord], *, race: bool) -> Iterator[Problem]:
    """What a person should know of a car's laps; the first ones are missing where a transponder failed."""
    for before, lap in pairwise(laps):
        if lap.lap > before.lap + 1:
            yield Problem(
                lap.line,
                "RUNDE",
                f"Vor Runde {lap.lap} von Startnummer {lap.number} fehlen Runden ab {before.lap + 1}.",
            )
    for _, lap, passed in _neighbours(laps):
        if race and lap.time_ms is not None and passed != lap.time_ms:
            yield Problem(
                lap.line,
                "TAGESZEIT",
                f"Runde {lap.lap} von Startnummer {lap.number}: Uhr und Rundenzeit widersprechen sich.",
            )
    seats = {driver.seat for driver in car.drivers}
    unnamed = Counter(lap.seat for lap in laps if lap.seat is not None and lap.seat not in seats)
    for seat, count in sorted(unnamed.items()):
        yield Problem(
            car.line,
            "DRIVERID",
            f"Startnummer {car.number}: Fahrer {seat} fuhr {count} Runde{'' if count == 1 else 'n'}, ist aber nicht genannt.",
        )
