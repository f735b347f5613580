"""Pages of words to one table with all that stands around it. Pure."""

from __future__ import annotations

from dataclasses import dataclass, field

from results.importers.columns import meanings
from results.importers.layout.columns_of import Columns, columns_of
from results.importers.layout.head import Head, find_head, is_head
from results.importers.layout.page import Line, Page, lines_of
from results.importers.layout.rows import RowReader, Rows, Section, cells_of, is_figure, key_columns
from results.importers.records import FileRefused

MOSTLY = 0.8
ALIKE = 2  # points between a head and the same one on another page
_CREW = frozenset({"driver", "last_name", "first_name"})
_PARTED = ("/", ",", ";", "|")


@dataclass(frozen=True, slots=True)
class Unsure:
    """A cell that could be read in two ways: line, column of the header, what is unsure in German."""

    line: int
    column: int
    reason: str


@dataclass(frozen=True, slots=True)
class Sheet:
    """A printed table: `header` and `rows` (line number, one text a column), what stands above and below it.

    `strange` are lines between the rows that were not understood. A cell whose crew stands on several lines holds them
    parted by newlines.
    """

    header: tuple[str, ...]
    header_line: int
    rows: tuple[tuple[int, list[str]], ...]
    above: tuple[str, ...] = ()
    below: tuple[str, ...] = ()
    strange: tuple[tuple[int, str], ...] = ()
    unsure: tuple[Unsure, ...] = ()
    other_tables: tuple[int, ...] = ()  # pages


@dataclass(slots=True)
class _Part:
    """Pages under the same head in the same place."""

    head: Head
    pages: list[int] = field(default_factory=list)
    lines: list[list[Line]] = field(default_factory=list)


def read_sheet(pages: tuple[Page, ...]) -> Sheet:
    """The first table of the pages; FileRefused where no line names columns or no row follows."""
    printed = lines_of(pages)
    heads = [find_head(lines, page.turned) for lines, page in zip(printed, pages, strict=True)]
    first = next((place for place, head in enumerate(heads) if head is not None), None)
    if first is None:
        raise FileRefused(
            "Keine Zeile nennt Spalten wie Platz, Startnummer, Fahrer oder Runden: Eine Tabelle ist nicht zu erkennen."
        )
    above = [line for lines in printed[:first] for line in lines]
    parts, others = _parts(printed, heads, first, above)
    rows, section = Rows(), Section()
    names: tuple[str, ...] = ()
    for part in parts:
        read, columns, section = _read_part(part, pages, section)
        names = names or tuple(column.name for column in columns.columns)
        if len(names) != len(columns.columns):
            raise FileRefused(f"Auf Seite {part.pages[0] + 1} hat die Tabelle andere Spalten als davor.")
        rows.rows += read.rows
        rows.below += read.below
        rows.strange += read.strange
    if not rows.rows:
        raise FileRefused("Die Tabelle hat eine Kopfzeile, aber keine Zeile darunter.")
    head_line = printed[first][parts[0].head.last].number
    return _sheet(names, head_line, rows, [line.text for line in above], others)


def _parts(
    printed: list[list[Line]], heads: list[Head | None], first: int, above: list[Line]
) -> tuple[list[_Part], list[int]]:
    """Pages with the table, and pages with another one. Lines above a head that is printed again are as on page one."""
    start = heads[first]
    assert start is not None  # noqa: S101 - chosen by the caller
    parts, others = [_Part(start)], []
    for place in range(first, len(printed)):
        head, lines = heads[place], printed[place]
        if head is None:
            parts[-1].pages.append(place)
            parts[-1].lines.append(lines)
            continue
        if not is_head(head, start):
            others.append(place + 1)
            continue
        if not _stands_alike(head, parts[-1].head):
            parts.append(_Part(head))
        parts[-1].pages.append(place)
        parts[-1].lines.append(lines[head.last + 1 :])
        above += lines[: head.first]
    return parts, others


def _stands_alike(head: Head, other: Head) -> bool:
    return len(head.names) == len(other.names) and all(
        abs(one.x0 - two.x0) < ALIKE for one, two in zip(head.names, other.names, strict=True)
    )


def _read_part(part: _Part, pages: tuple[Page, ...], section: Section) -> tuple[Rows, Columns, Section]:
    sure = _surely_rows(part)
    if not sure:
        return Rows(below=[line for lines in part.lines for line in lines]), columns_of(part.head, [], pages), section
    columns = columns_of(part.head, sure, pages)
    names = [column.name for column in columns.columns]
    cells = [cells_of(line, columns) for line in sure]
    number, position = key_columns(names, cells)
    if position is None and number is not None:
        position = _ascending(cells, names)
    figures = frozenset(
        place for place in range(len(names)) if _mostly_figures([row[place] for row in cells if row[place]])
    )
    figures |= {one for one in (number, position) if one is not None}
    reader = RowReader(columns, number, position, figures, section)
    for place, lines in zip(part.pages, part.lines, strict=True):
        reader.add(lines, pages[place])
    _say_lost(reader.read, sure)
    return reader.read, columns, reader.section


def _say_lost(read: Rows, sure: list[Line]) -> None:
    """Lines that look like rows and fit into no column are no notes below the table."""
    known = set(sure)
    lost = [line for line in read.below if line in known]
    read.below = [line for line in read.below if line not in known]
    read.strange += lost


def _surely_rows(part: _Part) -> list[Line]:
    """Lines with figures in so many pieces as only rows have; prose is one piece."""
    fewest = max(3, len(part.head.names) // 2)
    lines = [line for lines in part.lines for line in lines]
    while fewest > 1:  # a table of three columns has less
        found = [line for line in lines if len(line.chunks) >= fewest and any(sign.isdigit() for sign in line.text)]
        if found:
            return found
        fewest -= 1
    return []


def _ascending(cells: list[list[str]], names: list[str]) -> int | None:
    """The column without a name that counts 1, 2, 3."""
    for place, name in enumerate(names):
        counts = [int(row[place].rstrip(".")) for row in cells if row[place].rstrip(".").isdecimal()]
        if not name and counts[:1] == [1] and counts == sorted(counts):
            return place
    return None


def _mostly_figures(values: list[str]) -> bool:
    return bool(values) and sum(is_figure(value) for value in values) >= MOSTLY * len(values)


# ------------------------------------------------------------------ to cells


def _sheet(names: tuple[str, ...], head_line: int, rows: Rows, above: list[str], others: list[int]) -> Sheet:
    status = any(row.status for row in rows.rows)
    classes = any(row.class_name for row in rows.rows) and not any("class" in meanings(name) for name in names)
    crew = [bool(_CREW.intersection(meanings(name))) for name in names]
    unsure: list[Unsure] = []
    found = []
    for row in rows.rows:
        cells = []
        for place, texts in enumerate(row.cells):
            if crew[place]:
                cells.append(_crew(texts))
                if len(texts) > 1 and "\n" in cells[-1] and any(len(text.split()) == 1 for text in texts):
                    reason = "Der Name steht auf mehreren Zeilen: Ob es einer oder mehrere Fahrer sind, ist nicht zu erkennen."
                    unsure.append(Unsure(row.line.number, place, reason))
            else:
                cells.append(_wrapped(texts))
        found.append(
            (row.line.number, [*cells, *([row.status] if status else []), *([row.class_name] if classes else [])])
        )
    header = (*names, *(["Status"] if status else []), *(["Klasse"] if classes else []))
    return Sheet(
        header=header,
        header_line=head_line,
        rows=tuple(found),
        above=tuple(dict.fromkeys(above)),
        below=tuple(dict.fromkeys(line.text for line in rows.below)),
        strange=tuple((line.number, line.text) for line in rows.strange),
        unsure=tuple(unsure),
        other_tables=tuple(others),
    )


def _wrapped(texts: list[str]) -> str:
    """A cell over several lines as one text; `Piero-` over `Proton` is one word."""
    whole = ""
    for text in texts:
        whole += text if not whole or (whole.endswith("-") and not whole.endswith(" -")) else f" {text}"
    return whole


def _crew(texts: list[str]) -> str:
    """A line a driver, unless signs between the names say where one ends."""
    return _wrapped(texts) if any(sign in text for text in texts for sign in _PARTED) else "\n".join(texts)
