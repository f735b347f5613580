"""Cells of a workbook whose formula has no stored value, found in the XML. Pure.

Whoever writes a workbook by program often leaves formulas uncomputed: a reader of values finds such a cell empty, and a
time or a place would be lost in silence. Nothing is computed here; the cells are only named.
"""

from __future__ import annotations

import posixpath
import re
from collections.abc import Callable, Iterator
from typing import NamedTuple
from xml.parsers import expat

from results.importers.archive import Archive
from results.importers.records import FileRefused

MOST_KEPT = 5_000  # of a workbook; one of them is enough to import nothing
NAMED = 3
BROKEN = "Die Arbeitsmappe ist beschädigt und nicht zu lesen."
_CONTENT, _BOOK = "content.xml", "xl/workbook.xml"
_HAS_FORMULA = re.compile(rb"<(?:\w+:)?f[\s/>]|table:formula")
_OVERLAP = 64
_BASE = 26
_PLACE = re.compile("([A-Z]{1,3})([0-9]{1,7})")
_VALUES = frozenset(f"office:{name}" for name in ("value", "date-value", "time-value", "boolean-value", "string-value"))
_CELLS = frozenset({"table:table-cell", "table:covered-table-cell"})


class Uncomputed(str):
    """A cell without its value; as text it is its place, `B2`, so that no reader takes it for an empty one."""

    __slots__ = ()

    @property
    def reason(self) -> str:
        return (
            f"Zelle {self} enthält eine Formel ohne gespeicherten Wert: "
            "bitte in der Tabellenkalkulation einmal speichern."
        )


class Place(NamedTuple):
    """Row and column, counted from 1."""

    row: int
    column: int

    @property
    def name(self) -> str:
        """`B2`."""
        letters, rest = "", self.column
        while rest:
            rest, letter = divmod(rest - 1, _BASE)
            letters = chr(65 + letter) + letters
        return f"{letters}{self.row}"


def uncomputed(archive: Archive) -> dict[str, list[Place]]:
    """The cells without a value by the name of their sheet; FileRefused for damaged XML and for more than MOST_KEPT."""
    if _BOOK not in archive.members:
        ods = _OdsCells()
        if _mentions_formula(archive, _CONTENT):
            _parse(archive, _CONTENT, ods.start, ods.end)
        return ods.found
    found = {}
    for sheet, member in _parts(archive):
        cells = _XlsxCells()
        if member in archive.members and _mentions_formula(archive, member):
            _parse(archive, member, cells.start, cells.end, cells.text)
        if cells.found:
            found[sheet] = cells.found
    return found


def _mentions_formula(archive: Archive, member: str) -> bool:
    """Most workbooks hold values only, and a large one is not parsed for nothing."""
    tail = b""
    for piece in archive.pieces(member):
        if _HAS_FORMULA.search(tail + piece):
            return True
        tail = piece[-_OVERLAP:]
    return False


def _parts(archive: Archive) -> Iterator[tuple[str, str]]:
    """Name of each sheet of an XLSX with the member that holds it."""
    targets: dict[str, str] = {}
    sheets: list[tuple[str, str]] = []

    def start(tag: str, attributes: dict[str, str]) -> None:
        if _local(tag) == "Relationship":
            targets[attributes.get("Id", "")] = attributes.get("Target", "")
        elif _local(tag) == "sheet":
            key = next((value for name, value in attributes.items() if _local(name) == "id"), "")
            sheets.append((attributes.get("name", ""), key))

    for member in ("xl/_rels/workbook.xml.rels", _BOOK):
        if member in archive.members:
            _parse(archive, member, start)
    for name, key in sheets:
        yield name, posixpath.normpath(posixpath.join("/xl", targets.get(key, ""))).lstrip("/")


class _XlsxCells:
    """Collects `<c r="B2"><f>…</f></c>` without a value; an empty text (`t="str"`) is a value."""

    def __init__(self) -> None:
        self.found: list[Place] = []
        self._row = self._column = 0
        self._formula = self._valued = self._in_value = self._is_text = False

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        tag = _local(tag)
        if tag == "row":
            number = attributes.get("r", "")
            self._row = int(number) if number.isascii() and number.isdigit() and len(number) < 8 else self._row + 1  # noqa: PLR2004 - digits
            self._column = 0
        elif tag == "c":
            self._cell(attributes)
        elif tag == "f":
            self._formula = True
        elif tag == "v":
            self._in_value, self._valued = True, self._valued or self._is_text
        elif tag == "is":
            self._valued = True

    def _cell(self, attributes: dict[str, str]) -> None:
        place = _PLACE.fullmatch(attributes.get("r", ""))
        self._column = _column(place[1]) if place else self._column + 1
        self._row = int(place[2]) if place else self._row
        self._formula = self._valued = False
        self._is_text = attributes.get("t") == "str"

    def text(self, text: str) -> None:
        self._valued = self._valued or (self._in_value and bool(text.strip()))

    def end(self, tag: str) -> None:
        tag = _local(tag)
        if tag == "v":
            self._in_value = False
        elif tag == "c" and self._formula and not self._valued:
            _keep(self.found, Place(self._row, self._column))


class _OdsCells:
    """Collects cells with `table:formula` and no value; of a text the paragraph is one."""

    def __init__(self) -> None:
        self.found: dict[str, list[Place]] = {}
        self._sheet = ""
        self._row = self._column = 0
        self._next_row = self._next_column = 1
        self._open = self._is_text = False

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        if tag == "table:table":
            self._sheet, self._next_row = attributes.get("table:name", ""), 1
        elif tag == "table:table-row":
            self._row, self._next_column = self._next_row, 1
            self._next_row += repeated(attributes, "table:number-rows-repeated")
        elif tag in _CELLS:
            self._column = self._next_column
            self._next_column += repeated(attributes, "table:number-columns-repeated")
            self._open = "table:formula" in attributes and _VALUES.isdisjoint(attributes)
            self._is_text = attributes.get("office:value-type") == "string"
        elif tag == "text:p" and self._is_text:
            self._open = False

    def end(self, tag: str) -> None:
        if tag in _CELLS and self._open:
            self._open = False
            _keep(self.found.setdefault(self._sheet, []), Place(self._row, self._column))


def repeated(attributes: dict[str, str], name: str) -> int:
    """How often a row or cell of an ODS stands there."""
    text = attributes.get(name, "1")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else 1  # noqa: PLR2004 - digits


def _keep(found: list[Place], place: Place) -> None:
    found.append(place)
    if len(found) > MOST_KEPT:
        named = ", ".join(one.name for one in found[:NAMED])
        raise FileRefused(
            f"Mehr als {MOST_KEPT} Zellen enthalten eine Formel ohne gespeicherten Wert ({named} …): "
            "bitte in der Tabellenkalkulation einmal speichern."
        )


def _local(tag: str) -> str:
    return tag.rpartition(":")[2]


def _column(letters: str) -> int:
    number = 0
    for letter in letters:
        number = number * _BASE + ord(letter) - 64
    return number


def _parse(
    archive: Archive,
    member: str,
    start: Callable[[str, dict[str, str]], None],
    end: Callable[[str], None] | None = None,
    text: Callable[[str], None] | None = None,
) -> None:
    """Reads one member piece by piece; the archive was searched for declarations before."""
    parser = expat.ParserCreate()
    parser.StartElementHandler, parser.EndElementHandler, parser.CharacterDataHandler = start, end, text
    try:
        for piece in archive.pieces(member):
            parser.Parse(piece, False)  # noqa: FBT003 - expat's own signature
        parser.Parse(b"", True)  # noqa: FBT003
    except expat.ExpatError as error:
        raise FileRefused(BROKEN) from error
