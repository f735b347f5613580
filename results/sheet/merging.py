"""Two people changed the same sheet: what each changed, what both did, and one sheet that loses nothing. Pure.

Lines belong together by the number of their car. Where only one of them changed a cell it is as that person left it; where
both did, the merged sheet holds mine and the clash says what the other one is.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from results.sheet.columns import CellRefused, Typed, read_number

ROW = "row"  # the column of a change that concerns a whole line
ORDER = "order"
Lines = Sequence[Typed]


@dataclass(frozen=True, slots=True)
class Change:
    """A cell of a car before and after; of a whole line (ROW) they are `True` where it is there."""

    number: str
    column: str
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class Clash:
    """A cell that both changed. Of a whole line the texts are empty where it was removed."""

    number: str
    column: str
    before: str
    mine: str
    theirs: str


@dataclass(frozen=True, slots=True)
class Merged:
    """`lines` with mine where both changed; `mine` and `theirs` are what each changed since the common beginning."""

    lines: list[dict[str, str]]
    clashes: list[Clash]
    mine: list[Change]
    theirs: list[Change]


def merge(before: Lines, mine: Lines, theirs: Lines) -> Merged:
    """Three sheets with the same columns give one; lines of mine without a number stay at the end."""
    was, my, their = _by_car(before), _by_car(mine), _by_car(theirs)
    clashes: list[Clash] = []
    merged: dict[str, dict[str, str]] = {}
    for car in _order(was, my, their):
        found = _line(car, was.get(car), my.get(car), their.get(car), clashes)
        if found is not None:
            merged[car] = found
    if _moved_both(was, my, their):
        clashes.append(Clash("", ORDER, "", "mine", "theirs"))
    nameless = [dict(line) for line in mine if not _key(line) and any(text.strip() for text in line.values())]
    return Merged([*merged.values(), *nameless], clashes, _changes(was, my), _changes(was, their))


def _key(line: Typed) -> str:
    text = line.get("number", "").strip()
    try:
        number = read_number(text)
    except CellRefused:
        return text
    return str(number) if number else ""


def _by_car(lines: Lines) -> dict[str, Typed]:
    """The lines by car; of two with one number the second counts as another car until somebody sets it right."""
    found: dict[str, Typed] = {}
    for line in lines:
        key = _key(line)
        while key and key in found:
            key += "'"
        if key:
            found[key] = line
    return found


def _order(was: Mapping[str, Typed], my: Mapping[str, Typed], their: Mapping[str, Typed]) -> list[str]:
    """Mine where I moved lines, else theirs; lines that only the other has stand behind the one they follow there."""
    common = [car for car in was if car in my]
    leading, other = (their, my) if [car for car in my if car in was] == common else (my, their)
    order = list(leading)
    previous = ""
    for car in other:
        if car not in leading:
            order.insert(order.index(previous) + 1 if previous else 0, car)
        previous = car
    return order


def _moved_both(was: Mapping[str, Typed], my: Mapping[str, Typed], their: Mapping[str, Typed]) -> bool:
    everywhere = [car for car in was if car in my and car in their]
    mine, theirs = ([car for car in one if car in set(everywhere)] for one in (my, their))
    return mine not in (everywhere, theirs) and theirs != everywhere


def _line(
    car: str, was: Typed | None, mine: Typed | None, theirs: Typed | None, clashes: list[Clash]
) -> dict[str, str] | None:
    if mine is not None and theirs is not None:
        return _cells(car, was or {}, mine, theirs, clashes)
    present = mine if mine is not None else theirs
    if was is None and present is not None:
        return dict(present)  # somebody added it
    if present is None or _same(was or {}, present):
        return None  # removed by one, left alone by the other
    clashes.append(Clash(car, ROW, _says(was), _says(mine), _says(theirs)))
    return dict(present) if present is mine else None


def _cells(car: str, was: Typed, mine: Typed, theirs: Typed, clashes: list[Clash]) -> dict[str, str]:
    cells = {}
    for column in dict.fromkeys([*theirs, *mine]):
        before, my, their = was.get(column, ""), mine.get(column, ""), theirs.get(column, "")
        cells[column] = their if my == before else my
        if my not in (before, their) and their != before:
            clashes.append(Clash(car, column, before, my, their))
    return cells


def _same(one: Typed, other: Typed) -> bool:
    return all(one.get(column, "") == other.get(column, "") for column in {*one, *other})


def _says(line: Typed | None) -> str:
    return " · ".join(text for text in line.values() if text) if line is not None else ""


def _changes(before: Mapping[str, Typed], after: Mapping[str, Typed]) -> list[Change]:
    changes = []
    for car, line in after.items():
        if car not in before:
            changes.append(Change(car, ROW, "", _says(line)))
            continue
        was = before[car]
        changes += [
            Change(car, column, was.get(column, ""), line.get(column, ""))
            for column in dict.fromkeys([*was, *line])
            if was.get(column, "") != line.get(column, "")
        ]
    return changes + [Change(car, ROW, _says(line), "") for car, line in before.items() if car not in after]
