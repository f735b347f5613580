"""Typed lines as values: every cell read, every bad cell named with its row and the reason. Pure.

`read_lines` looks at each line alone and at the numbers of all; whether the lines can be true together is a matter of
`judging`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal, TypeVar

from results.importers.status import CLASSIFIED, STATUSES
from results.notation import Gap, Penalty, format_penalty
from results.sheet import columns
from results.sheet.columns import CarNumber, CellRefused, Fate, Typed, part_key

Weight = Literal["error", "doubt"]
NEW_ENTRY = "entry"  # what a finding offers: to enter the car
_T = TypeVar("_T")


@dataclass(frozen=True, slots=True)
class Car:
    """A car of the event, as the sheet needs it; `entry` is the key of its entry."""

    entry: int
    label: str
    racing_class: str = ""
    is_guest: bool = False


@dataclass(frozen=True, slots=True)
class Finding:
    """What speaks against a cell. An error keeps the sheet from being saved, a doubt has to be confirmed by a person.

    `row` counts from 1 on the sheet, 0 is the sheet as a whole. `is_known`: the version the sheet began with has the
    same doubt, so nobody is asked again.
    """

    row: int
    column: str
    weight: Weight
    reason: str
    offers: str = ""
    is_known: bool = False


@dataclass(frozen=True, slots=True)
class SheetLine:
    """One line of the sheet as values; times in ms. `car` is None where the number is empty or unknown."""

    row: int
    number: CarNumber | None = None
    car: Car | None = None
    position: int | None = None
    status: str = CLASSIFIED
    printed: str = ""
    class_position: int | None = None
    laps: int | None = None
    total_ms: int | None = None
    gap_ms: int | None = None
    gap_laps: int | None = None
    best_lap_ms: int | None = None
    best_lap_number: int | None = None
    grid: int | None = None
    penalty_ms: int = 0
    penalty_laps: int = 0
    parts_ms: tuple[int | None, ...] = ()
    has_fate: bool = True  # a place or a status is typed

    @property
    def is_ranked(self) -> bool:
        return self.status == CLASSIFIED and self.position is not None

    @property
    def is_measured(self) -> bool:
        """Whether something of the car's race is known beside its place."""
        times = (self.laps, self.total_ms, self.gap_ms, self.gap_laps, self.best_lap_ms)
        return any(value is not None for value in times) or any(self.parts_ms)

    @property
    def name(self) -> str:
        return f"#{self.number}" if self.number else f"Zeile {self.row}"


@dataclass(slots=True)
class Reading:
    """The lines that are not empty, what is wrong with their cells, and the cells as we would write them."""

    lines: list[SheetLine] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)
    texts: dict[tuple[int, str], str] = field(default_factory=dict)  # by row and column, where they differ


def read_lines(typed: Sequence[Typed], cars: Mapping[str, Car], *, parts: int = 0) -> Reading:
    """Reads all lines; `cars` are those of the event by label, `parts` how many parts the qualifying has."""
    reading = Reading()
    for row, cells in enumerate(typed, start=1):
        if any(text.strip() for text in cells.values()):
            reading.lines.append(_Line(row, cells, reading).read(cars, parts))
    _numbers_apart(reading)
    return reading


def is_bare(cells: Typed) -> bool:
    """Whether a line names a car and says nothing of it."""
    return bool(cells.get("number", "").strip()) and not any(
        text.strip() for key, text in cells.items() if key != "number"
    )


class _Line:
    """The cells of one line while they are read."""

    def __init__(self, row: int, cells: Typed, reading: Reading) -> None:
        self.row, self.cells, self.reading = row, cells, reading

    def read(self, cars: Mapping[str, Car], parts: int) -> SheetLine:
        number = self.cell("number", columns.read_number, str)
        fate = self.cell("position", columns.read_fate, _write_fate)
        gap = self.cell("gap", columns.read_gap, _write_gap)
        penalty = self.cell("penalty", columns.read_penalty, format_penalty) or Penalty()
        times = tuple(self.cell(part_key(place), columns.read_time, columns.write_time) for place in range(parts))
        line = SheetLine(
            row=self.row,
            number=number,
            car=cars.get(number.label) if number else None,
            position=fate.position if fate else None,
            status=fate.status if fate else CLASSIFIED,
            printed=fate.printed if fate else "",
            class_position=self.count("class_position", least=1),
            laps=self.count("laps"),
            total_ms=self.time("total"),
            gap_ms=gap.ms if gap else None,
            gap_laps=gap.laps if gap else None,
            best_lap_ms=self.time("best_lap"),
            best_lap_number=self.count("best_lap_number"),
            grid=self.count("grid"),
            penalty_ms=penalty.ms,
            penalty_laps=penalty.laps,
            parts_ms=times,
            has_fate=fate is not None,
        )
        self.judge(line)
        return line

    def judge(self, line: SheetLine) -> None:
        """What one line alone cannot be."""
        if line.number is None and not self.has_error("number"):
            self.refuse("number", "Die Startnummer fehlt.")
        if line.number is not None and line.car is None:
            reason = f"Startnummer {line.number.label} ist bei dieser Veranstaltung nicht gemeldet."
            self.refuse("number", reason, offers=NEW_ENTRY)
        if not line.has_fate and not self.has_error("position"):
            self.refuse("position", "Platz oder Status fehlt.")
        if line.status != CLASSIFIED and line.class_position is not None:
            word = STATUSES[line.status].german
            self.refuse("class_position", f"Das Auto ist {word} und hat keinen Platz in der Klasse.")
        if line.has_fate and line.status == CLASSIFIED and line.position is None and line.class_position is None:
            self.doubt("position", "Das Auto ist gewertet, hat aber keinen Platz.")
        if line.best_lap_number and line.laps is not None and line.best_lap_number > line.laps:
            self.doubt(
                "best_lap_number", f"Die beste Runde war Runde {line.best_lap_number}, gefahren sind {line.laps}."
            )

    def cell(self, key: str, read: Callable[[str], _T], write: Callable[[Any], str]) -> _T | None:
        """The value of a cell; a bad one is noted, one that we write otherwise too."""
        text = self.cells.get(key, "")
        if not text:
            return None
        try:
            value = read(columns.checked(text))
        except CellRefused as refusal:
            self.refuse(key, str(refusal))
            return None
        written = write(value) if value is not None else ""
        if written != text:
            self.reading.texts[self.row, key] = written
        return value

    def count(self, key: str, *, least: int = 0) -> int | None:
        return self.cell(key, lambda text: columns.read_count(text, least=least), columns.write_count)

    def time(self, key: str) -> int | None:
        return self.cell(key, columns.read_time, columns.write_time)

    def refuse(self, key: str, reason: str, *, offers: str = "") -> None:
        self.reading.findings.append(Finding(self.row, key, "error", reason, offers))

    def doubt(self, key: str, reason: str) -> None:
        self.reading.findings.append(Finding(self.row, key, "doubt", reason))

    def has_error(self, key: str) -> bool:
        return any(one.row == self.row and one.column == key for one in self.reading.findings)


def _write_fate(fate: Fate | None) -> str:
    return columns.write_fate(fate.position, fate.status, fate.printed) if fate else ""


def _write_gap(gap: Gap | None) -> str:
    return columns.write_gap(gap.ms, gap.laps) if gap else ""


def _numbers_apart(reading: Reading) -> None:
    """One line a car, but for a shared drive, whose lines say which they are."""
    first: dict[CarNumber, int] = {}
    for line in reading.lines:
        if line.number is None:
            continue
        other = first.setdefault(line.number, line.row)
        if other != line.row:
            reason = (
                f"Startnummer {line.number} steht schon in Zeile {other}. Teilten sich Fahrer das Auto, heißt die "
                f"zweite Zeile {line.number.label}/{line.number.line + 1}."
            )
            reading.findings.append(Finding(line.row, "number", "error", reason))
