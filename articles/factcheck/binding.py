"""Which words of a claim a data node could take the place of, and to what such a node would refer.

A node shows what the data say and nothing else, so it replaces a figure with its unit, never half a word. Pure: no Django
and no database; whether the reference says anything is asked elsewhere.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace

from articles.factcheck.claim import Claim, ClaimType
from articles.factcheck.sheet import FactSheet, Session, Table
from articles.factcheck.verdict import Evidence
from articles.facts.reference import Reference
from results.names import fold

# Not the middle of `1m46.521s`.
_TIME = re.compile(r"(?<![\w.,:])\d+(?:[:.,]\d+)+(?![:.,]?\w)")
_GAP = re.compile(r"\d+(?:[:.,]\d+)*\s(?:Sekunden?|Minuten?|Runden?|seconds?|minutes?|laps?)(?![^\W\d_])")
_NUMBER = re.compile(r"\d+(?:[.,]\d+)?")
_CAR = re.compile(r"#\d+")
_CLOCK = re.compile(r"\d{1,2}(?:[:.]\d{2})?\sUhr")
_CARS = re.compile(r"#([0-9A-Za-z]+)((?:·\d+){0,2})")
GRID = "grid"
_OF_BEST_LAPS = "Abstand der Bestzeiten"


@dataclass(frozen=True, slots=True)
class Slot:
    """Words from `start` to `end` of the claim's own, and the references of which the first that fits may stand there."""

    start: int
    end: int
    references: tuple[Reference, ...]


@dataclass(frozen=True, slots=True)
class Where:
    """The event of a sheet as references name it, and the keys of its tables by what the sheet calls them."""

    path: tuple[str, str, str]
    tables: dict[str, tuple[str, str, str]]  # key of the table -> name, class, after


def slot_of(claim: Claim, evidence: Evidence, sheet: FactSheet, where: Where) -> Slot | None:
    """The place for a node in a claim whose verdict rests on the evidence; None where none would fit."""
    known = _KINDS.get(claim.type)
    match = known[0].search(claim.text) if known else None
    if known is None or match is None or claim.op:
        return None
    references = tuple(dict.fromkeys(known[1](evidence, sheet, where)))
    return Slot(match.start(), match.end(), references) if references else None


@dataclass(frozen=True, slots=True)
class _Result:
    """A result of the sheet, and the session and checkpoint by which a reference names it."""

    session: Session
    key: str
    checkpoint: str


def _results(evidence: Evidence, sheet: FactSheet) -> Iterator[_Result]:
    """The results of that name, also the state of a race after some hours (`R:6h`); a grid printed with it is none."""
    for session in sheet.sessions:
        key, _sign, checkpoint = session.key.partition(":")
        if session.name == evidence.source and key and checkpoint != GRID:
            yield _Result(session, key, checkpoint)


@dataclass(frozen=True, slots=True)
class _Named:
    """A car of the evidence: as the sheet numbers it (`7·2`), and as a reference does."""

    on_sheet: str
    number: str
    line: int
    row_line: int


def _named(words: str) -> list[_Named]:
    """The cars that words name (`#7–#8`); of a number that several bear the sheet says which."""
    found = []
    for number, lines in _CARS.findall(words):
        line, row_line = [*map(int, filter(None, lines.split("·"))), 1, 1][:2]
        found.append(_Named(number + lines, number, line, row_line))
    return found


def _of(kind: str, path: tuple[str, ...], car: _Named, checkpoint: str = "") -> Reference:
    return Reference(kind, path, checkpoint=checkpoint, number=car.number, line=car.line, row_line=car.row_line)


def _of_row(*kinds: str) -> Callable[[Evidence, FactSheet, Where], Iterator[Reference]]:
    def find(evidence: Evidence, sheet: FactSheet, where: Where) -> Iterator[Reference]:
        for result in _results(evidence, sheet):
            for car in _named(evidence.car):
                for kind in kinds:
                    yield _of(kind, (*where.path, result.key), car, result.checkpoint)

    return find


def _gap(evidence: Evidence, sheet: FactSheet, where: Where) -> Iterator[Reference]:
    """To the leader as the result prints it; between two others, in a class or one behind the other, as it follows."""
    cars = _named(evidence.car)
    if len(cars) != 2 or evidence.column == _OF_BEST_LAPS:  # noqa: PLR2004 - a gap is one of two
        return
    one, other = cars
    for result in _results(evidence, sheet):
        path, checkpoint = (*where.path, result.key), result.checkpoint
        leader = result.session.by_position.get(1)
        for car, rival in ((one, other), (other, one)):
            if leader and leader.number == rival.on_sheet:
                yield _of("gap", path, car, checkpoint)
        for car, rival in ((one, other), (other, one)):
            if rival.line == rival.row_line == 1:  # the other car is named by its number alone
                yield replace(_of("distance", path, car, checkpoint), cars=(rival.number,))
                break


def _grid(evidence: Evidence, sheet: FactSheet, where: Where) -> Iterator[Reference]:
    """A session of its own, else what the result of the race prints."""
    for session in sheet.sessions:
        key, _sign, part = session.key.partition(":")
        if session.name == evidence.source and session.kind == GRID and key:
            for car in _named(evidence.car):
                yield _of("grid" if part else "position", (*where.path, key), car)


def _place(evidence: Evidence, sheet: FactSheet, where: Where) -> Iterator[Reference]:
    kind = "class-position" if evidence.column == "Klassenrang" else "position"
    yield from _of_row(kind)(evidence, sheet, where)
    yield from _of_table("standing")(evidence, sheet, where)


def _car(evidence: Evidence, _sheet: FactSheet, where: Where) -> Iterator[Reference]:
    cars = _named(evidence.value)
    if len(cars) == 1:
        yield Reference("number", where.path, number=cars[0].number, line=cars[0].line)


def _clock(evidence: Evidence, sheet: FactSheet, where: Where) -> Iterator[Reference]:
    for result in _results(evidence, sheet):
        if not result.checkpoint:
            yield Reference("clock", (*where.path, result.key))


def _of_table(kind: str) -> Callable[[Evidence, FactSheet, Where], Iterator[Reference]]:
    def find(evidence: Evidence, sheet: FactSheet, where: Where) -> Iterator[Reference]:
        for table in _tables(evidence, sheet):
            key = where.tables.get(table.key)
            if key and any(row.entrant == evidence.car for row in table.rows):
                yield Reference(kind, where.path[:2], table=(*key, fold(evidence.car)))

    return find


def _tables(evidence: Evidence, sheet: FactSheet) -> list[Table]:
    return [table for table in sheet.tables if table.name == evidence.source]


_KINDS: dict[ClaimType, tuple[re.Pattern[str], Callable[[Evidence, FactSheet, Where], Iterator[Reference]]]] = {
    ClaimType.LAP_TIME: (_TIME, _of_row("lap", "total")),
    ClaimType.GAP_TIME: (_GAP, _gap),
    ClaimType.GAP_LAPS: (_GAP, _gap),
    ClaimType.LAPS_COMPLETED: (_NUMBER, _of_row("laps")),
    ClaimType.POSITION: (_NUMBER, _place),
    ClaimType.CLASS_POSITION: (_NUMBER, _place),
    ClaimType.GRID_POSITION: (_NUMBER, _grid),
    ClaimType.CAR_NUMBER: (_CAR, _car),
    ClaimType.POINTS: (_NUMBER, _of_table("points")),
    ClaimType.SESSION_TIME: (_CLOCK, _clock),
}


def says(text: str, evidence: Evidence) -> bool:
    """Whether a fact's text is the value of the evidence: the same digits, or the hour on another clock."""
    return _digits(text) == _digits(evidence.value) or (evidence.column == "Beginn" and "Uhr" in text)


def _digits(text: str) -> list[str]:
    return [digits.lstrip("0") for digits in re.findall(r"\d+", re.sub(r"\bin .+$", "", text))]


def moved(slot: Slot, start: int) -> Slot:
    """The slot counted in the whole text, where the claim begins at `start`."""
    return replace(slot, start=slot.start + start, end=slot.end + start)
