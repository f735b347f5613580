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

_TIME = re.compile(r"\d+(?:[:.,]\d+)+")
_GAP = re.compile(r"\d+(?:[:.,]\d+)*\s(?:Sekunden?|Minuten?|Runden?|seconds?|minutes?|laps?)(?![^\W\d_])")
_NUMBER = re.compile(r"\d+(?:[.,]\d+)?")
_CAR = re.compile(r"#\d+")
_CLOCK = re.compile(r"\d{1,2}(?:[:.]\d{2})?\sUhr")
_NUMBERS = re.compile(r"#([0-9A-Za-z]+)")


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


def _sessions(evidence: Evidence, sheet: FactSheet) -> list[Session]:
    """The sessions of that name; a printed grid of a race is none that could be named."""
    return [one for one in sheet.sessions if one.name == evidence.source and ":" not in one.key and one.key]


def _of_row(*kinds: str) -> Callable[[Evidence, FactSheet, Where], Iterator[Reference]]:
    def find(evidence: Evidence, sheet: FactSheet, where: Where) -> Iterator[Reference]:
        for session in _sessions(evidence, sheet):
            for number in _NUMBERS.findall(evidence.car):
                for kind in kinds:
                    yield Reference(kind, (*where.path, session.key), number=number)

    return find


def _gap(evidence: Evidence, sheet: FactSheet, where: Where) -> Iterator[Reference]:
    """The data keep gaps to the leader alone."""
    for session in _sessions(evidence, sheet):
        leader = session.by_position.get(1)
        numbers = _NUMBERS.findall(evidence.car)
        if leader and leader.number in numbers:
            for number in numbers:
                if number != leader.number:
                    yield Reference("gap", (*where.path, session.key), number=number)


def _place(evidence: Evidence, sheet: FactSheet, where: Where) -> Iterator[Reference]:
    kind = "class-position" if evidence.column == "Klassenrang" else "position"
    yield from _of_row(kind)(evidence, sheet, where)
    yield from _of_table("standing")(evidence, sheet, where)


def _car(evidence: Evidence, _sheet: FactSheet, where: Where) -> Iterator[Reference]:
    numbers = _NUMBERS.findall(evidence.value)
    if len(numbers) == 1:
        yield Reference("number", where.path, number=numbers[0])


def _clock(evidence: Evidence, sheet: FactSheet, where: Where) -> Iterator[Reference]:
    for session in _sessions(evidence, sheet):
        yield Reference("clock", (*where.path, session.key))


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
    ClaimType.CAR_NUMBER: (_CAR, _car),
    ClaimType.POINTS: (_NUMBER, _of_table("points")),
    ClaimType.SESSION_TIME: (_CLOCK, _clock),
}


def says(text: str, evidence: Evidence) -> bool:
    """Whether a fact's text is the value of the evidence: the same digits, or the hour on another clock."""
    return _digits(text) == _digits(evidence.value) or (evidence.column == "Beginn" and "Uhr" in text)


def _digits(text: str) -> list[str]:
    return [digits.lstrip("0") for digits in re.findall(r"\d+", re.sub(r"\bin \S+$", "", text))]


def moved(slot: Slot, start: int) -> Slot:
    """The slot counted in the whole text, where the claim begins at `start`."""
    return replace(slot, start=slot.start + start, end=slot.end + start)
