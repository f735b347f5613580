"""What wige's lists of laps and of sectors have in common: cars, crews, laps and the clock. No format of its own.

The columns of a car come first in a line, those of a lap behind them; only the names of the latter differ.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

from results.importers.lap_order import in_order, missing_before, neighbours, through_midnight
from results.importers.records import DriverRecord, LapRecord, Problem, RowRecord, SessionRecord
from results.importers.table import Cells, Table
from results.notation import DAY, parse_clock, parse_duration, parse_lap_time

SEATS = range(1, 9)
CAR_COLUMNS = ("STNR", "FAHRER1_NAME", "FAHRER1_VORNAME", "FAHRZEUG", "BEWERBER", "KLASSE")
SECTORS = tuple(f"SEKTOR{number}_ZEIT" for number in range(1, 10))
# Two of these make a list of sectors, even a damaged one.
OF_SECTOR_LISTS = frozenset(
    {"RUNDE_NR", "RUNDENZEIT_IN_SEKUNDEN", "FAHRER_NR", "INPIT", "STINT", "PITSTOPDURATION", *SECTORS}
)
ENOUGH_OF_SECTORS = 2
MOSTLY = 0.9  # share of laps that follow one another without a stop in a race; in a qualifying it is about half

_SECONDS = re.compile(r"([0-9]{1,6}),([0-9]{3})")


def is_sector_list(header: Iterable[str]) -> bool:
    """Tells the header of a list of sectors from that of a list of laps or a result."""
    return len(OF_SECTOR_LISTS.intersection(header)) >= ENOUGH_OF_SECTORS


@dataclass(frozen=True, slots=True)
class LapColumns:
    """What a list calls the columns of a lap."""

    lap: str
    seconds: str
    seat: str


Further = Callable[[Cells, LapRecord], LapRecord]
Rounds = list[list[LapRecord]]


def _read_drivers(cells: Cells) -> tuple[DriverRecord, ...]:
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


def read_car(cells: Cells) -> RowRecord:
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
        drivers=_read_drivers(cells),
        guest=cells.raw("GAST").upper() in {"1", "J", "Y"},
        cups=(subclass,) if subclass else (),
        line=cells.line,
    )
    if not row.drivers and not cells.bad:
        cells.reject("FAHRER1_NAME", f"Startnummer {row.number} hat keinen Fahrer.")
    return row


def read_laps(
    table: Table, columns: LapColumns, further: Further | None = None, finish: Callable[[Rounds], Rounds] | None = None
) -> tuple[SessionRecord, list[Problem]]:
    """The session of a list of laps and its doubts. `further` adds to a lap what else its line holds, `finish` changes
    the laps of the cars when all are read.
    """
    reader = _Laps(table, columns, further)
    for cells in table.rows():
        reader.take(cells)
    rounds = [in_order(laps.values()) for laps in reader.laps.values() if laps]
    kind = _kind(rounds)
    rounds = through_midnight(rounds, reader.turns_back)
    rounds = finish(rounds) if finish else rounds
    for of_car in rounds:
        reader.doubts += _odd_laps(reader.cars[of_car[0].number], of_car, columns, race=kind == "race")
    session = SessionRecord(
        key="",
        kind=kind,
        laps=tuple(lap for of_car in rounds for lap in of_car),
        entries=tuple(reader.cars[of_car[0].number] for of_car in rounds),
    )
    return session, reader.doubts


class _Laps:
    """Reads line by line: every car's description once, every lap."""

    def __init__(self, table: Table, columns: LapColumns, further: Further | None) -> None:
        self._table, self._columns, self._further = table, columns, further
        self._width = table.index[columns.lap]
        self._described: dict[str, list[str]] = {}  # what stands before the lap: who drives what
        self.cars: dict[str, RowRecord] = {}
        self.laps: dict[str, dict[int, LapRecord]] = defaultdict(dict)
        self.doubts: list[Problem] = []

    def take(self, cells: Cells) -> None:
        number = cells.raw("STNR")
        self._describe(cells, number)
        lap = self._lap(cells, number)
        other = self.laps[number].setdefault(lap.lap, lap) if lap else lap
        if other is not lap and other:
            cells.reject(
                self._columns.lap, f"Runde {other.lap} von Startnummer {number} steht schon in Zeile {other.line}."
            )

    def turns_back(self, lap: LapRecord) -> None:
        self._table.reject(
            lap.line or 0, "TAGESZEIT", f"In Runde {lap.lap} läuft die Uhr von Startnummer {lap.number} zurück."
        )

    def _describe(self, cells: Cells, number: str) -> None:
        description = self._description(cells)
        if number not in self.cars:
            self.cars[number], self._described[number] = read_car(cells), description
        elif self._described[number] != description:
            self._described[number] = description
            self.doubts.append(
                Problem(cells.line, "STNR", f"Die Angaben zu Startnummer {number} sind ab hier andere als davor.")
            )

    def _description(self, cells: Cells) -> list[str]:
        fields = cells.fields[: self._width]
        seat = self._table.index[self._columns.seat]
        if seat < self._width:
            fields[seat] = ""  # who drives changes, who is entered does not
        return fields

    def _lap(self, cells: Cells, number: str) -> LapRecord | None:
        columns = self._columns
        lap = cells.count(columns.lap)
        time = cells.read("RUNDENZEIT", parse_lap_time) or None
        seconds = cells.read(columns.seconds, _seconds) or None
        day = cells.read("TAGESZEIT", parse_clock)
        seat = cells.count(columns.seat) or None
        if lap == 0 or not cells.raw(columns.lap):
            cells.reject(columns.lap, "Die Rundenzahl fehlt oder ist 0.")
        elif time != seconds and not cells.bad:
            shown = cells.raw("RUNDENZEIT") or "leer", cells.raw(columns.seconds) or "leer"
            cells.reject(
                columns.seconds, f"Die Rundenzeit ({shown[0]}) und ihre Sekunden ({shown[1]}) widersprechen sich."
            )
        if cells.bad or not lap:
            return None
        record = LapRecord(number=number, lap=lap, time_ms=time, day_ms=day, seat=seat, line=cells.line)
        record = self._further(cells, record) if self._further else record
        return None if cells.bad else record


def _seconds(text: str) -> int | None:
    """`556,743`: seconds alone, however many."""
    match = _SECONDS.fullmatch(text)
    return int(match[1] + match[2]) if match else parse_duration(f"{text}s")


def _kind(rounds: Rounds) -> str | None:
    """A race where the clock advances by the lap time; between the runs of a qualifying cars stand still."""
    agree = [passed % DAY == lap.time_ms for laps in rounds for _, lap, passed in neighbours(laps)]
    if not agree:
        return None
    return "race" if sum(agree) >= MOSTLY * len(agree) else "qualifying"


def _odd_laps(car: RowRecord, laps: list[LapRecord], columns: LapColumns, *, race: bool) -> Iterator[Problem]:
    """What a person should know of a car's laps."""
    for lap, sentence in missing_before(laps):
        yield Problem(lap.line, columns.lap, sentence)
    for _, lap, passed in neighbours(laps):
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
            columns.seat,
            f"Startnummer {car.number}: Fahrer {seat} fuhr {count} Runde{'' if count == 1 else 'n'}, ist aber nicht genannt.",
        )
