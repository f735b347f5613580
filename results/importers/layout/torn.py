"""Tables of tabulators whose rows are torn apart, for a cell with line breaks was pasted as it stood. Pure."""

from __future__ import annotations

from dataclasses import dataclass, field

from results.importers.columns import known
from results.importers.layout.rows import section_of
from results.importers.layout.sheet import Sheet
from results.importers.records import FileRefused
from results.importers.spreadsheet import plain
from results.importers.table import MAX_COLUMNS

HEADER_SEARCHED = 60  # lines
ENOUGH_WORDS = 2
MOST_PIECES = 6  # lines that a row may be torn into


def has_tabs(lines: list[str]) -> bool:
    filled = [line for line in lines if line.strip()]
    return 0 < len(filled) <= MOST_PIECES * sum("\t" in line for line in filled)


def head_line(lines: list[str]) -> int | None:
    """The place of the line with the most known names; None where none has enough."""
    counted = [
        (sum(known(plain(cell)) for cell in line.split("\t")), -place)
        for place, line in enumerate(lines[:HEADER_SEARCHED])
    ]
    most = max(counted, default=(0, 0))
    return -most[1] if most[0] >= ENOUGH_WORDS else None


def is_torn(lines: list[str]) -> bool:
    """Whether rows go on over lines that hold too few cells, or none."""
    place = head_line(lines)
    if place is None or any('"' in line for line in lines):  # quoted cells hold their breaks themselves
        return False
    width = len(lines[place].rstrip("\t").split("\t"))
    counts = [line.count("\t") + 1 for line in lines[place + 1 :] if line.strip()]
    # One short line among many is a broken file; a torn table has more pieces than rows.
    return len(counts) > 1 and 2 * sum(count < width for count in counts) > len(counts)


def sheet_of(lines: list[str]) -> Sheet:
    """The table under the head, its rows put together again; FileRefused where there is none."""
    place = head_line(lines)
    if place is None:
        raise FileRefused("Keine Zeile nennt Spalten wie Platz, Startnummer, Fahrer oder Runden.")
    header = [plain(cell) for cell in lines[place].split("\t")]
    while header and not header[-1]:
        header.pop()
    if len(header) > MAX_COLUMNS:
        raise FileRefused(f"Die Kopfzeile hat {len(header)} Spalten, erlaubt sind {MAX_COLUMNS}.")
    pieces = _Pieces(len(header))
    for number, line in enumerate(lines[place + 1 :], start=place + 2):
        if line.strip():
            pieces.add(number, [plain(cell) for cell in line.split("\t")])
    pieces.finish()
    if not pieces.rows:
        raise FileRefused("Die Tabelle hat eine Kopfzeile, aber keine Zeile darunter.")
    above = tuple(" ".join(line.split()) for line in lines[:place] if line.strip())
    return Sheet(tuple(header), place + 1, tuple(pieces.rows), above=above, strange=tuple(pieces.strange))


@dataclass(slots=True)
class _Pieces:
    """Put together until a row is as wide as the head; a break stands inside the cell around it."""

    width: int
    rows: list[tuple[int, list[str]]] = field(default_factory=list)
    strange: list[tuple[int, str]] = field(default_factory=list)
    number: int = 0
    begun: list[str] = field(default_factory=list)

    def add(self, number: int, cells: list[str]) -> None:
        while len(cells) > self.width and not cells[-1]:
            cells.pop()
        if not self.begun and len(cells) == 1 and self.rows and section_of(cells[0]) is None:
            self.rows[-1][1][-1] += f"\n{cells[0]}"
            return
        if self.begun and len(cells) >= self.width:  # a whole row: what was begun had fewer cells
            self.finish()
        if self.begun:
            self.begun = [*self.begun[:-1], f"{self.begun[-1]}\n{cells[0]}".strip(), *cells[1:]]
        else:
            self.number, self.begun = number, cells
        if len(self.begun) >= self.width:
            self.finish()

    def finish(self) -> None:
        """Takes what was begun as a row, short ones filled up; what is too wide, or one cell alone, is none."""
        if 1 < len(self.begun) <= self.width:
            self.rows.append((self.number, self.begun + [""] * (self.width - len(self.begun))))
        elif self.begun:
            self.strange.append((self.number, " | ".join(self.begun)))
        self.begun = []
