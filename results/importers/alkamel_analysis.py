"""Laps by Al Kamel Systems: "23_Analysis" of the WEC and ELMS, "23_Time Cards" of IMSA, one session each.

Semicolons (WEC) or commas (IMSA), a separator at the end of every line, blanks in front of some column names, a byte
order mark or not, 25 to 30 and more columns read by their names. A file names neither series nor event nor session nor
zone: the caller supplies them. It holds no classification and none is invented.

- `DRIVER_NUMBER` is the seat, `DRIVER_NAME` the full name (`Will STEVENS`, in IMSA `Stevan McAleer`).
- `CROSSING_FINISH_LINE_IN_PIT` is `B` on the in-lap, `PIT_TIME` stands on the lap *after* the stop, where `pit_ms` wants
  it. In front of a first lap it is the wait since the green light in practice, no stop, and is not taken.
- `ELAPSED` counts from the start and goes on past midnight, `HOUR` is the time of day at the end of the lap and wraps.
- `S1_LARGE` and `S1_SECONDS` repeat `S1` in other notations and are compared with it.
- `GROUP` is a cup within the class (`B`, drivers rated bronze), but for `H`, the mark of a hybrid.
- Not read: `FLAG_AT_FL` (what race control showed when the car crossed the line), speeds, `LAP_IMPROVEMENT`.

Sectors add up to the lap, `ELAPSED` and `HOUR` advance by exactly the lap time: true of every lap in the twelve files we
know. A lap in which it is not is a doubt. A session in which cars have `PIT_TIME` on their first lap began with the pit
lane opening, so it is no race; whether practice or qualifying the figures do not say, and `kind` is None.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from results.importers.crew_names import split_name
from results.importers.doubts import Doubts, in_order
from results.importers.encoding import decode, tidy
from results.importers.lap_order import in_order as by_number
from results.importers.lap_order import missing_before, neighbours, through_midnight
from results.importers.records import DriverRecord, LapRecord, ParsedFile, RowRecord, SessionRecord
from results.importers.table import MAX_LINE, Cells, Table, header_of, read_table, separator_of
from results.notation import NotationError, format_lap_time, parse_clock, parse_duration, parse_lap_time, shown

FORMAT = "alkamel_analysis"
TITLE = "Rundenzeiten von Al Kamel (WEC, IMSA)"

IN_PIT = "CROSSING_FINISH_LINE_IN_PIT"
REQUIRED = ("NUMBER", "DRIVER_NUMBER", "LAP_NUMBER", "LAP_TIME", IN_PIT, "ELAPSED", "HOUR", "DRIVER_NAME", "CLASS", "TEAM")  # fmt: skip
SIGNATURE = frozenset({
    *REQUIRED, "LAP_IMPROVEMENT", "S1_IMPROVEMENT", "S2_IMPROVEMENT", "S3_IMPROVEMENT", "S1_LARGE", "S2_LARGE", "S3_LARGE",
    "TOP_SPEED", "PIT_TIME", "FLAG_AT_FL", "MANUFACTURER",
})  # fmt: skip
ENOUGH_OF_SIGNATURE = 8
HYBRID = "H"
OF_CAR = ("CLASS", "GROUP", "TEAM", "MANUFACTURER")

_SECTOR = re.compile(r"S([1-9])")


def recognises(text: str) -> bool:
    """Whether the first line is the header of an analysis, even one from which columns were lost."""
    head = text[:MAX_LINE]
    return len(SIGNATURE.intersection(header_of(head, separator_of(head)))) >= ENOUGH_OF_SIGNATURE


def parse(data: bytes, *, name: str = "") -> ParsedFile:
    """The laps and cars of one session; raises FileRefused for a header without the columns of a lap."""
    decoded = decode(data)
    table = read_table(decoded.text, separator_of(decoded.text), quoted=True)
    table.require(REQUIRED)
    sheet = _Sheet(table)
    for cells in table.rows():
        sheet.take(cells)
    rounds = through_midnight(
        [by_number(car.laps.values()) for car in sheet.cars.values() if car.laps], sheet.turns_back
    )
    sheet.judge(rounds)
    session = SessionRecord(
        key="",
        kind=sheet.kind(),
        laps=tuple(lap for of_car in rounds for lap in of_car),
        entries=tuple(sheet.cars[of_car[0].number].entry() for of_car in rounds),
    )
    return ParsedFile(
        format=FORMAT,
        sessions=(session,),
        rows_read=len(table.lines),
        rejected=tuple(sorted(table.problems, key=lambda problem: problem.line or 0)),
        doubts=in_order(*sheet.doubts.all()),
        encoding=decoded.encoding,
        extra={"kind": "laps"},
    )


@dataclass(slots=True)
class _Odd:
    """Doubts by what they are about."""

    sectors: Doubts = field(
        default_factory=lambda: Doubts("S1", "weitere Runden, deren Sektoren nicht zur Rundenzeit passen")
    )
    repeated: Doubts = field(
        default_factory=lambda: Doubts("S1_LARGE", "weitere Sektoren, deren Angaben sich widersprechen")
    )
    elapsed: Doubts = field(
        default_factory=lambda: Doubts("ELAPSED", "weitere Runden, die nicht zur Gesamtzeit passen")
    )
    clock: Doubts = field(default_factory=lambda: Doubts("HOUR", "weitere Runden, die nicht zur Uhrzeit passen"))
    gaps: Doubts = field(default_factory=lambda: Doubts("LAP_NUMBER", "weitere Lücken in den Runden"))
    stops: Doubts = field(default_factory=lambda: Doubts("PIT_TIME", "weitere Standzeiten ohne Runde in die Box davor"))
    cars: Doubts = field(default_factory=lambda: Doubts("NUMBER", "weitere Änderungen an den Angaben zu Autos"))
    drivers: Doubts = field(default_factory=lambda: Doubts("DRIVER_NAME", "weitere Widersprüche bei den Fahrern"))

    def all(self) -> tuple[Doubts, ...]:
        return (self.sectors, self.repeated, self.elapsed, self.clock, self.gaps, self.stops, self.cars, self.drivers)


@dataclass(slots=True)
class _Car:
    """What the lines of one car say of it; `described` is how they do."""

    number: str
    line: int
    described: tuple[str, ...]
    class_name: str
    cups: tuple[str, ...]
    team: str
    manufacturer: str
    laps: dict[int, LapRecord] = field(default_factory=dict)
    crew: dict[int, str] = field(default_factory=dict)  # full names by seat
    waited: bool = False  # before the first lap

    def entry(self) -> RowRecord:
        return RowRecord(
            number=self.number,
            status="",
            class_name=self.class_name or None,
            team=self.team or None,
            manufacturer=self.manufacturer or None,
            drivers=tuple(_driver(seat, full) for seat, full in sorted(self.crew.items())),
            cups=self.cups,
            line=self.line,
        )


def _driver(seat: int, full: str) -> DriverRecord:
    first, last = split_name(full)
    return DriverRecord(first_name=first, last_name=last, seat=seat)


class _Sheet:
    """The file line by line, then car by car."""

    def __init__(self, table: Table) -> None:
        self._table = table
        self._sectors = sorted(column for column in table.index if _SECTOR.fullmatch(column))
        self._repetitions = [
            (table.index[column], table.index[f"{column}{again}"])
            for column in self._sectors
            for again in ("_LARGE", "_SECONDS")
            if f"{column}{again}" in table.index
        ]
        self.cars: dict[str, _Car] = {}
        self.doubts = _Odd()

    def take(self, cells: Cells) -> None:
        car = self._car(cells)
        lap = self._lap(cells, car)
        if lap is None:
            return
        other = car.laps.setdefault(lap.lap, lap)
        if other is not lap:
            cells.reject(
                "LAP_NUMBER", f"Runde {lap.lap} von Startnummer {car.number} steht schon in Zeile {other.line}."
            )

    def turns_back(self, lap: LapRecord) -> None:
        self._table.reject(
            lap.line or 0, "HOUR", f"In Runde {lap.lap} läuft die Uhr von Startnummer {lap.number} zurück."
        )

    def kind(self) -> str | None:
        """A race, unless most cars waited in the pit lane before their first lap."""
        waited = sum(car.waited for car in self.cars.values())
        return None if 2 * waited > len(self.cars) else "race"

    def _car(self, cells: Cells) -> _Car:
        number = cells.raw("NUMBER")
        described = tuple(cells.raw(column) for column in OF_CAR)
        car = self.cars.get(number)
        if car is None:
            cells.car_number("NUMBER")
            group = cells.text("GROUP", 60)
            car = self.cars[number] = _Car(
                number=number,
                line=cells.line,
                described=described,
                class_name=cells.text("CLASS", 60),
                cups=(group,) if group and group != HYBRID else (),
                team=cells.text("TEAM"),
                manufacturer=cells.text("MANUFACTURER", 80),
            )
        elif car.described != described:
            car.described = described
            self.doubts.cars.add(cells.line, f"Die Angaben zu Startnummer {number} sind ab hier andere als davor.")
        return car

    def _lap(self, cells: Cells, car: _Car) -> LapRecord | None:
        number = cells.count("LAP_NUMBER")
        if not number:
            cells.reject("LAP_NUMBER", "Die Rundenzahl fehlt oder ist 0.")
        seat = cells.count("DRIVER_NUMBER") or None
        time = cells.read("LAP_TIME", parse_lap_time) or None
        elapsed = cells.read("ELAPSED", parse_lap_time)
        day = cells.read("HOUR", parse_clock)
        pit = cells.read("PIT_TIME", parse_lap_time)
        sectors = tuple([cells.read(column, parse_lap_time) or None for column in self._sectors])
        in_pit = cells.raw(IN_PIT)
        if in_pit not in {"", "B"}:
            cells.reject(IN_PIT, f"Hier steht „B“ oder nichts, nicht „{in_pit[:8]}“.")
        if cells.bad or not number:
            return None
        self._seat(cells, car, seat)
        self._repeated(cells)
        if number == 1 and pit is not None:
            car.waited, pit = True, None
        return LapRecord(
            number=car.number, lap=number, time_ms=time, day_ms=day, elapsed_ms=elapsed, seat=seat, in_pit=in_pit == "B",
            line=cells.line, pit_ms=pit, sectors_ms=sectors if any(sectors) else None,
        )  # fmt: skip

    def _seat(self, cells: Cells, car: _Car, seat: int | None) -> None:
        """Notes who sits there."""
        printed = cells.raw("DRIVER_NAME")
        if seat is None or not printed:
            self.doubts.drivers.add(cells.line, f"Startnummer {car.number}: Wer diese Runde fuhr, steht nicht dabei.")
        elif seat not in car.crew:
            car.crew[seat] = cells.text("DRIVER_NAME")
        elif car.crew[seat] != printed and car.crew[seat] != tidy(printed):
            self.doubts.drivers.add(
                cells.line,
                f"Startnummer {car.number}: Auf Platz {seat} sitzt {car.crew[seat]}, hier aber {tidy(printed)[:60]}.",
            )

    def _repeated(self, cells: Cells) -> None:
        """`S1`, `S1_LARGE` and `S1_SECONDS` are one time: `1:17.510`, `1:17.510` and `77.510`."""
        fields = cells.fields
        for place, other in self._repetitions:
            printed, again = fields[place], fields[other]
            if again and again not in {printed, f"0:{printed}"} and not _same(printed.strip(), again.strip()):
                names = list(self._table.index)
                self.doubts.repeated.add(
                    cells.line,
                    f"In „{names[place]}“ steht {shown(printed) or 'nichts'}, in „{names[other]}“ {shown(again)}.",
                )

    def judge(self, rounds: list[list[LapRecord]]) -> None:
        """Whether the laps of each car fit together."""
        for laps in rounds:
            for lap, sentence in missing_before(laps):
                self.doubts.gaps.add(lap.line, sentence)
            for lap, total in _wrong_sums(laps):
                self.doubts.sectors.add(lap.line, _sentence(lap, "die Sektoren ergeben", total))
            for lap, passed in _wrong_elapsed(laps):
                self.doubts.elapsed.add(lap.line, _sentence(lap, "die Gesamtzeit wächst um", passed))
            for _, lap, passed in neighbours(laps):
                if lap.time_ms not in {None, passed}:
                    self.doubts.clock.add(lap.line, _sentence(lap, "die Uhr geht weiter um", passed))
            self._untimed(laps)
            self._stops(laps)

    def _untimed(self, laps: list[LapRecord]) -> None:
        for lap in laps:
            if lap.time_ms is None or lap.elapsed_ms is None:
                what = "Rundenzeit" if lap.time_ms is None else "Gesamtzeit"
                self.doubts.elapsed.add(lap.line, f"Runde {lap.lap} von Startnummer {lap.number} hat keine {what}.")

    def _stops(self, laps: list[LapRecord]) -> None:
        by_lap = {lap.lap: lap for lap in laps}
        for lap in laps:
            before = by_lap.get(lap.lap - 1)
            if lap.pit_ms is not None and before is not None and not before.in_pit:
                self.doubts.stops.add(
                    lap.line,
                    f"Runde {lap.lap} von Startnummer {lap.number} hat eine Standzeit, die Runde davor kein „B“.",
                )


def _same(printed: str, again: str) -> bool:
    """Whether two notations of a time mean the same; plain seconds may go beyond 99."""
    try:
        times = [parse_duration(text if ":" in text else f"{text}s") if text else None for text in (printed, again)]
    except NotationError:
        return False
    return times[0] == times[1]


def _wrong_sums(laps: Iterable[LapRecord]) -> Iterator[tuple[LapRecord, int]]:
    for lap in laps:
        if lap.sectors_ms is None or lap.time_ms is None:
            continue
        total = sum(time for time in lap.sectors_ms if time is not None)
        if total > lap.time_ms or (total != lap.time_ms and None not in lap.sectors_ms):
            yield lap, total


def _wrong_elapsed(laps: list[LapRecord]) -> Iterator[tuple[LapRecord, int]]:
    """Laps by which the time since the start does not grow by their own; the first one starts at 0."""
    last: tuple[int, int | None] = (0, 0)
    for lap in laps:
        number, elapsed = last
        last = lap.lap, lap.elapsed_ms
        if lap.lap == number + 1 and None not in {elapsed, lap.elapsed_ms, lap.time_ms}:
            grown = (lap.elapsed_ms or 0) - (elapsed or 0)
            if grown != lap.time_ms:
                yield lap, grown


def _sentence(lap: LapRecord, what: str, figure: int) -> str:
    shown = format_lap_time(figure) if figure >= 0 else f"−{format_lap_time(-figure)}"
    time = format_lap_time(lap.time_ms or 0)
    return f"Runde {lap.lap} von Startnummer {lap.number}: Die Rundenzeit ist {time}, {what} {shown}."
