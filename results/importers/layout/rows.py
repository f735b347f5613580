"""Which printed lines make one row of the table: wrapped cells, crews over several lines, heads of sections. Pure."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import pairwise

from results.importers.columns import fits, meanings
from results.importers.layout.columns_of import Columns
from results.importers.layout.page import Line, Page, Word, pitch_of
from results.importers.status import UnknownStatus, print_status, read_status
from results.importers.table import is_car_number
from results.notation import NotationError, parse_gap, parse_lap_time

FEWEST_CELLS = 2
LONGEST_SECTION = 5  # words
ENOUGH_RULED = 0.8  # share of the rows that a rule parts
WIDE = 0.5  # share of the table's width that such a rule has
HANGING = 1.6  # of the usual distance of two lines; what follows further below is no part of a row
NEARER = 0.6
_PEOPLE = re.compile(
    r"\b(?:fahrzeuge?n?|teilnehmer|autos?|wagen|cars?|vehicles?|competitors?|fahrer|drivers?)\b", re.IGNORECASE
)
_CLASS = re.compile(r"(?:klasse|class|category|kategorie)\s*:?\s+(\S.{0,40})", re.IGNORECASE)


Anchors = dict[Line, None]


@dataclass(slots=True)
class PrintedRow:
    """One row: the line with its number or place, and the texts of each cell, one a line."""

    line: Line
    cells: list[list[str]]
    status: str = ""  # of the section it stands in
    class_name: str = ""


@dataclass(slots=True)
class Section:
    status: str = ""
    class_name: str = ""


@dataclass(slots=True)
class Rows:
    """`below` are lines that belong to no row, `strange` those among them that stand between rows."""

    rows: list[PrintedRow] = field(default_factory=list)
    below: list[Line] = field(default_factory=list)
    strange: list[Line] = field(default_factory=list)


def cells_of(line: Line, columns: Columns) -> list[str]:
    """The text of a line in each column."""
    return [" ".join(word.text for word in words) for words in _words(line, columns)]


def _words(line: Line, columns: Columns) -> list[list[Word]]:
    found: list[list[Word]] = [[] for _column in columns.columns]
    for word in line.words:
        found[columns.place(word)].append(word)
    return found


@dataclass(slots=True)
class RowReader:
    """Reads the lines of one page after the other; a section and the row before go on over the page."""

    columns: Columns
    number: int | None
    position: int | None
    figures: frozenset[int]  # columns of counts and times, whose cells never wrap
    section: Section = field(default_factory=Section)
    read: Rows = field(default_factory=Rows)

    def add(self, lines: Sequence[Line], page: Page) -> None:
        """The lines of a page below its head."""
        anchors = {line: None for line in lines if self._is_anchor(line)}  # in their order
        if not anchors:
            self.read.below += lines
            return
        first, last = next(iter(anchors)).middle, next(reversed(anchors)).middle
        bands = _bands([*anchors], page)
        hanging = self._hanging(lines, anchors, bands)
        owners = self._owners(lines, anchors, hanging, bands)
        for line in lines:
            if line in anchors:
                cells = [[text] if text else [] for text in cells_of(line, self.columns)]
                self._put_above(
                    cells, [one for one in hanging if owners[one.number] is line and one.middle < line.middle]
                )
                self.read.rows.append(PrintedRow(line, cells, self.section.status, self.section.class_name))
            elif line.number in owners:
                owner = owners[line.number]
                if line.middle >= owner.middle:
                    self._put_below(owner, line)
            elif not self._opens_section(line):
                between = first < line.middle < last
                (self.read.strange if between else self.read.below).append(line)

    def _is_anchor(self, line: Line) -> bool:
        """Whether a line has the car's number, or at least its place and enough beside it."""
        cells = cells_of(line, self.columns)
        filled = sum(bool(cell) for cell in cells)
        if filled < FEWEST_CELLS or self.columns.crossings(line) > 1:
            return False
        if self.number is not None and is_number(cells[self.number]):
            return True
        placed = self.position is not None and _is_place(cells[self.position])
        return placed and filled >= max(FEWEST_CELLS, len(cells) // 2)

    def _hanging(self, lines: Sequence[Line], anchors: Anchors, bands: list[tuple[float, float]]) -> list[Line]:
        """Lines that continue cells of a row."""
        found = []
        reach = HANGING * (pitch_of(list(lines)) or 1)
        last: Line | None = None
        for line in lines:
            if line in anchors:
                last = line
            elif bands:
                if any(top <= line.middle <= bottom for top, bottom in bands) and not self._names_section(line):
                    found.append(line)
            elif self._continues(line) and (
                (last is not None and line.middle - last.middle <= reach)
                or any(0 < anchor.middle - line.middle <= 3 * reach for anchor in anchors)
            ):
                found.append(line)
                last = line
        return found

    def _continues(self, line: Line) -> bool:
        """Whether a line may be a part of cells: within its columns, and none of them of figures."""
        if self.columns.crossings(line) or self._names_section(line):
            return False
        return all(not words or place not in self.figures for place, words in enumerate(_words(line, self.columns)))

    def _owners(
        self, lines: Sequence[Line], anchors: Anchors, hanging: list[Line], bands: list[tuple[float, float]]
    ) -> dict[int, Line]:
        """The row of each hanging line: the one in its band of rules, else the one it stands around or below."""
        if bands:
            return {
                line.number: anchor
                for line in hanging
                for anchor, (top, bottom) in zip(anchors, bands, strict=True)
                if top <= line.middle <= bottom
            }
        centred = any(line.middle < next(iter(anchors)).middle for line in hanging)
        return _around(lines, anchors, hanging) if centred else _below(lines, anchors, hanging)

    def _put_above(self, cells: list[list[str]], above: list[Line]) -> None:
        for line in reversed(above):
            for place, text in enumerate(cells_of(line, self.columns)):
                if text:
                    cells[place].insert(0, text)

    def _put_below(self, owner: Line, line: Line) -> None:
        row = next(row for row in reversed(self.read.rows) if row.line is owner)
        for place, text in enumerate(cells_of(line, self.columns)):
            if text:
                row.cells[place].append(text)

    def _names_section(self, line: Line) -> bool:
        return section_of(line.text) is not None

    def _opens_section(self, line: Line) -> bool:
        found = section_of(line.text)
        if found is None:
            return False
        if found.class_name:
            self.section = found
        else:
            self.section = Section(found.status, self.section.class_name)
        return True


def section_of(text: str) -> Section | None:
    """What a line says of all rows below it: `Not classified`, `Ausgefallene Fahrzeuge:`, `Klasse SP9`."""
    if len(text.split()) > LONGEST_SECTION or len(text) > 60:  # noqa: PLR2004 - a line of notes
        return None
    named = _CLASS.fullmatch(text.strip())
    if named:
        return Section(class_name=named[1].strip())
    bare = _PEOPLE.sub("", text).strip(" :-–")
    for said in (bare, bare.removesuffix("e")):
        try:
            return Section(status=print_status(read_status(said))) if said else None
        except UnknownStatus:
            continue
    return None


def _bands(anchors: list[Line], page: Page) -> list[tuple[float, float]]:
    """From rule to rule around each row; none where rules do not part the rows."""
    left, right = min(one.words[0].x0 for one in anchors), max(one.words[-1].x1 for one in anchors)
    drawn: dict[float, float] = {}
    for y, x0, x1 in page.level_rules:
        level = round(y)
        drawn[level] = drawn.get(level, 0.0) + max(0.0, min(x1, right) - max(x0, left))
    levels = sorted(y for y, length in drawn.items() if length >= WIDE * (right - left))
    parted = [any(above.middle < y < below.middle for y in levels) for above, below in pairwise(anchors)]
    if not levels or sum(parted) < ENOUGH_RULED * len(parted) or not (parted or len(levels) > 1):
        return []
    return [
        (
            max((y for y in levels if y < anchor.middle), default=anchor.middle - anchor.em),
            min((y for y in levels if y > anchor.middle), default=anchor.middle + anchor.em),
        )
        for anchor in anchors
    ]


def _below(lines: Sequence[Line], anchors: Anchors, hanging: list[Line]) -> dict[int, Line]:
    """Each line goes with the row it hangs under, but for one that stands much nearer to the next."""
    owners: dict[int, Line] = {}
    inside, last = set(hanging), None
    for place, line in enumerate(lines):
        if line in anchors:
            last = line
        elif line in inside and last is not None:
            after = lines[place + 1] if place + 1 < len(lines) else line
            nearer = after in anchors and after.middle - line.middle < NEARER * (line.middle - lines[place - 1].middle)
            owners[line.number] = after if nearer else last
    return owners


def _around(lines: Sequence[Line], anchors: Anchors, hanging: list[Line]) -> dict[int, Line]:
    """Rows whose number stands in the middle of its crew: as many lines reach down as up."""
    owners: dict[int, Line] = {}
    rest = hanging
    for anchor in anchors:
        above = [line for line in rest if line.middle < anchor.middle]
        reach = anchor.middle - above[0].middle if above else 0.0
        own = [line for line in rest if line.middle <= anchor.middle + reach + 0.3 * anchor.em]
        owners |= {line.number: anchor for line in own}
        rest = rest[len(own) :]
    bottom = next(reversed(anchors))
    owners |= {line.number: bottom for line in rest if line.middle > bottom.middle}
    return owners


def is_number(cell: str) -> bool:
    bare = cell.removeprefix("#").strip()
    return is_car_number(bare) and any(sign.isdigit() for sign in bare)


def _is_place(cell: str) -> bool:
    bare = cell.rstrip(".")
    if bare.isascii() and bare.isdigit():
        return True
    try:
        return bool(read_status(bare))
    except UnknownStatus:
        return False


def is_figure(cell: str) -> bool:
    """A count, time or gap."""
    for parser in (parse_gap, parse_lap_time):
        try:
            parser(cell)
        except NotationError:
            continue
        return True
    return cell[:1].isdigit() and not any(sign.isalpha() for sign in cell)


def key_columns(names: Sequence[str], rows: Sequence[Sequence[str]]) -> tuple[int | None, int | None]:
    """Which columns are the car's number and the place, by their names and what stands in them."""
    found: dict[str, int | None] = {}
    for key in ("number", "position"):
        rated = []
        for place, name in enumerate(names):
            values = [row[place] for row in rows if row[place]]
            if key in meanings(name) and values and fits(key, [value.lstrip("#") for value in values]):
                rated.append((-meanings(name).index(key), len(values), -place))
        found[key] = -max(rated)[2] if rated else None
    return found["number"], found["position"]
