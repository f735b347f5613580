"""Results by Al Kamel Systems: "03_Results" of IMSA and others, "03_Classification" of the WEC, one session each.

Commas or semicolons, fields quoted where they hold the separator (`"Bedford, United Kingdom"`), a separator at the end
of every line, columns read by their names. A file names neither series nor event nor session nor zone.

Two kinds, told by the header: a race has `POSITION` or `POS` with `TOTAL_TIME`, a practice or qualifying has the best lap
as `TIME`. Which of the latter two it is nobody says, so `kind` is None there.

Three ways to print a crew: `DRIVER1_FIRSTNAME`, `DRIVER1_SECONDNAME` and more for up to six seats; the same without a
number for one driver; full names in `DRIVER_1` to `DRIVER_5`, the fifth of which stands last, behind `FL_KPH`.

Lines are shorter than the header, for an empty seat leaves out the same number of fields (five in IMSA), and empty seats
are always the last. A line that lacks another number of fields, or has something behind its last driver, is shifted.

- `STATUS` is `Classified` for everyone who started, and so is everybody in a practice: IMSA gives a position to cars
  without a lap, too, and it is kept.
- No file prints positions in class. They are counted down the order of positions where the sheet is whole, which is
  what it says; in an incomplete one there are none.
- `DRIVERn_LICENSE` is the driver's rating (`Platinium` is a typing error of theirs), countries are kept as printed.
- `GROUP` and `DIVISION` are cups within the class, but for `H`, the mark of a hybrid.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, replace

from results.importers.crew_names import split_name, spoken
from results.importers.doubts import Doubts, in_order
from results.importers.encoding import Decoded, decode
from results.importers.plausible import Columns, judge
from results.importers.records import DriverRecord, FileRefused, ParsedFile, RowRecord, SessionRecord
from results.importers.status import CLASSIFIED, NC, UnknownStatus, read_status
from results.importers.table import MAX_LINE, Cells, Table, header_of, read_table, separator_of
from results.notation import parse_gap, parse_lap_time, shown

FORMAT = "alkamel_results"
TITLE = "Ergebnis von Al Kamel (IMSA, WEC)"

SEATS = range(1, 9)
REQUIRED = ("NUMBER", "CLASS", "TEAM", "VEHICLE", "LAPS", "GAP_FIRST")
SIGNATURE = frozenset({
    *REQUIRED, "POSITION", "POS", "STATUS", "TOTAL_TIME", "GAP_PREVIOUS", "FL_LAPNUM", "FL_TIME", "FL_KPH", "GROUP", "DIVISION",
    "TIRES", "TYRES", "DRIVER1_FIRSTNAME", "DRIVER1_SECONDNAME", "DRIVER1_LICENSE", "DRIVER_1", "DRIVER_2", "DRIVER_FIRSTNAME",
})  # fmt: skip
ENOUGH_OF_SIGNATURE = 7
ALWAYS_FILLED = ("STATUS", "LAPS", "CLASS", "TEAM", "VEHICLE", "TIRES", "TYRES")  # in all lines, or in none
HYBRID = "H"
_SPEED = re.compile(r"(?:[0-9]{1,3}(?:[.,][0-9]{1,3})?)?")
_COUNTRY = re.compile(r"[^\W\d_][^\d,;_]{0,39}|[?-]?")
GRADES = {"platinum": "platinum", "platinium": "platinum", "gold": "gold", "silver": "silver", "bronze": "bronze"}


def recognises(text: str) -> bool:
    """Whether the first line is the header of a result, even one from which columns were lost."""
    head = text[:MAX_LINE]
    return len(SIGNATURE.intersection(header_of(head, separator_of(head)))) >= ENOUGH_OF_SIGNATURE


def parse(data: bytes, *, name: str = "") -> ParsedFile:
    """The classification of one session; raises FileRefused for a header without position, time or drivers."""
    decoded = decode(data, repair=True)
    table = read_table(decoded.text, separator_of(decoded.text), quoted=True, shorter=True)
    sheet = _Sheet(table, _measures(table), _crew_columns(table))
    rows = tuple(row for cells in table.rows() if (row := sheet.row(cells)))
    sheet.compare_lengths()
    verdict = judge(rows, kind="race" if sheet.measures.race else "qualifying", columns=sheet.measures.judged())
    if verdict.complete and not table.problems:
        rows = _with_class_positions(rows)
    table.problems += verdict.rejected
    session = SessionRecord(
        key="",
        kind="race" if sheet.measures.race else None,
        classification=rows,
        complete=verdict.complete,
    )
    return ParsedFile(
        format=FORMAT,
        sessions=(session,),
        rows_read=len(table.lines),
        rejected=tuple(sorted(table.problems, key=lambda problem: problem.line or 0)),
        doubts=in_order(
            verdict.doubts, sheet.grades, sheet.names, sheet.unranked, sheet.halves, sheet.blanks(), _repairs(decoded)
        ),
        encoding=decoded.encoding,
        extra={"kind": "result"},
    )


def _repairs(decoded: Decoded) -> Doubts:
    """Seven files of 2025 hold home towns in UTF-8 that was taken for Windows-1252 (`WÃ¼rzburg`)."""
    repairs = Doubts("", "weitere verstümmelte Wörter, die wiederhergestellt wurden")
    for line, wrong, right in decoded.repaired:
        repairs.add(line, f"„{shown(wrong)}“ ist verstümmelt und wird als „{shown(right)}“ gelesen.")
    return repairs


# ------------------------------------------------------------------ what the header says


@dataclass(frozen=True, slots=True)
class _Measures:
    """What the file calls its figures; `total` is empty in a practice."""

    position: str
    total: str
    best_lap: str
    best_lap_number: str

    @property
    def race(self) -> bool:
        return bool(self.total)

    def judged(self) -> Columns:
        return Columns(
            number="NUMBER", position=self.position, class_position="CLASS", laps="LAPS", total=self.total or self.best_lap,
            gap="GAP_FIRST", best_lap=self.best_lap,
        )  # fmt: skip


def _measures(table: Table) -> _Measures:
    table.require(REQUIRED)
    position = _first(table, "POSITION", "POS")
    if "TOTAL_TIME" in table.index or "FL_TIME" in table.index:
        total = _first(table, "TOTAL_TIME", "TIME")
        return _Measures(position, total, _first(table, "FL_TIME"), "FL_LAPNUM")
    return _Measures(position, "", _first(table, "TIME"), "LAP")


def _first(table: Table, *columns: str) -> str:
    found = next((column for column in columns if column in table.index), None)
    if found is None:
        raise FileRefused(f"Der Kopfzeile fehlt die Spalte {' oder '.join(columns)}.")
    return found


@dataclass(frozen=True, slots=True)
class _SeatColumns:
    """Where a driver stands: full name in one column, or first and last in two; `prefix` is that of further ones."""

    seat: int
    last: str
    first: str = ""
    prefix: str = ""


def _crew_columns(table: Table) -> tuple[_SeatColumns, ...]:
    found = tuple(_seats(table))
    if not found:
        raise FileRefused("Der Kopfzeile fehlen die Fahrer: weder DRIVER1_FIRSTNAME noch DRIVER_1 stehen darin.")
    return found


def _seats(table: Table) -> Iterator[_SeatColumns]:
    for seat in SEATS:
        for prefix in (f"DRIVER{seat}_", "DRIVER_") if seat == 1 else (f"DRIVER{seat}_",):
            if f"{prefix}SECONDNAME" in table.index:
                yield _SeatColumns(seat, f"{prefix}SECONDNAME", f"{prefix}FIRSTNAME", prefix)
                break
        if f"DRIVER_{seat}" in table.index:
            yield _SeatColumns(seat, f"DRIVER_{seat}")


# ------------------------------------------------------------------ rows


class _Sheet:
    """The lines one by one, with the doubts they leave."""

    def __init__(self, table: Table, measures: _Measures, crew: tuple[_SeatColumns, ...]) -> None:
        self._table, self.measures, self._crew = table, measures, crew
        self._columns_of_seats = {
            columns.seat: [column for column in table.index if column.startswith(columns.prefix or columns.last)]
            for columns in crew
        }
        self._width_of_seat = len(self._columns_of_seats[crew[-1].seat])
        self._left_out: dict[int, tuple[int, int]] = {}  # by line: fields that each empty seat lacks, and the line does
        self.grades = Doubts("DRIVER1_LICENSE", "weitere Einstufungen, die unbekannt sind oder sich widersprechen")
        self.halves = Doubts(measures.best_lap, "weitere Zeilen, in denen zusammengehörende Zahlen fehlen")
        self._speed = "FL_KPH" if "FL_KPH" in table.index else "KPH"
        self._blank: dict[str, list[int]] = {column: [] for column in ALWAYS_FILLED if column in table.index}
        self.names = Doubts(crew[0].last, "weitere Fahrer mit nur einem Namen")
        self.unranked = Doubts(measures.position, "weitere Autos mit Status, deren Platz entfällt")

    def row(self, cells: Cells) -> RowRecord | None:
        """A line as it stands; None when a cell of it was rejected."""
        drivers = self._drivers(cells)
        self._aligned(cells, drivers)
        self._moved(cells)
        measures = self.measures
        status, position = self._status(cells)
        laps = cells.count("LAPS")
        gap = cells.read("GAP_FIRST", parse_gap)
        row = RowRecord(
            number=cells.car_number("NUMBER"),
            status=status,
            printed_status=cells.raw("STATUS"),
            position=position,
            class_name=cells.text("CLASS", 60) or None,
            team=cells.text("TEAM") or None,
            car=cells.text("VEHICLE") or None,
            drivers=drivers,
            laps=laps,
            total_ms=(cells.read(measures.total, parse_lap_time) or None) if measures.race else None,
            gap_ms=gap.ms if gap else None,
            gap_laps=gap.laps if gap else None,
            best_lap_ms=cells.read(measures.best_lap, parse_lap_time) or None,
            best_lap_number=cells.count(measures.best_lap_number) or None,
            cups=_cups(cells),
            line=cells.line,
        )
        self._whole(cells, row)
        return None if cells.bad else row

    def blanks(self) -> Doubts:
        """What a line lacks though others have it: so looks one whose fields moved without one getting lost."""
        blanks = Doubts("CLASS", "weitere leere Felder, die in anderen Zeilen gefüllt sind")
        for column, lines in self._blank.items():
            for line in lines if len(lines) < len(self._table.lines) else []:
                blanks.add(line, f"„{column}“ ist leer. Sind die Spalten verschoben?")
        return blanks

    def _moved(self, cells: Cells) -> None:
        """Reads columns that are not kept, for they show whether the fields around them moved."""
        for column, lines in self._blank.items():
            if not cells.raw(column):
                lines.append(cells.line)
        cells.read("GAP_PREVIOUS", parse_gap)
        speed = cells.raw(self._speed)
        if not _SPEED.fullmatch(speed):
            cells.reject(self._speed, f"„{shown(speed)}“ ist keine Geschwindigkeit. Sind die Spalten verschoben?")

    def _whole(self, cells: Cells, row: RowRecord) -> None:
        """Whether the figures are there that belong together."""
        lap = {bool(row.best_lap_ms), bool(row.best_lap_number), bool(cells.raw(self._speed))}
        if len(lap) > 1 and {self._speed, self.measures.best_lap_number} <= self._table.index.keys():
            self.halves.add(
                cells.line, "Zur schnellsten Runde gehören Nummer, Zeit und Geschwindigkeit, hier fehlt davon etwas."
            )
        if cells.raw("GAP_PREVIOUS") and not cells.raw("GAP_FIRST"):
            self.halves.add(cells.line, "Der Rückstand auf den Vorderen steht da, der auf den Ersten fehlt.")
        if self.measures.race and row.status == CLASSIFIED and row.laps and row.total_ms is None:
            self.halves.add(cells.line, f"Startnummer {row.number} ist gewertet, hat aber keine Gesamtzeit.")

    def _status(self, cells: Cells) -> tuple[str, int | None]:
        """Our status and the position; a practice prints no status and ranks everybody."""
        column = self.measures.position
        printed, position = cells.raw("STATUS"), cells.count(column)
        try:
            status = read_status(printed) if printed else CLASSIFIED if position else NC
        except UnknownStatus as error:
            cells.reject("STATUS", str(error))
            return NC, None
        if position == 0:
            cells.reject(column, "Ein Platz beginnt bei 1.")
        elif status == CLASSIFIED and position is None:
            cells.reject(column, "Das Auto ist gewertet, hat aber keinen Platz.")
        elif status != CLASSIFIED and position is not None:
            self.unranked.add(cells.line, f"Das Auto ist „{printed}“, trägt aber Platz {position}: er entfällt.")
            position = None
        return status, position

    def _drivers(self, cells: Cells) -> tuple[DriverRecord, ...]:
        crew = [driver for columns in self._crew if (driver := self._driver(cells, columns))]
        if not crew and not cells.bad:
            cells.reject(self._crew[0].last, f"Startnummer {cells.raw('NUMBER')} hat keinen Fahrer.")
        return tuple(crew)

    def _driver(self, cells: Cells, columns: _SeatColumns) -> DriverRecord | None:
        first, last = cells.text(columns.first, 80) if columns.first else "", cells.text(columns.last, 80)
        if not first and not last:
            return None
        if not columns.first:
            first, last = split_name(last)
        else:
            last = spoken(last)
            if not first or not last:
                self.names.add(cells.line, f"Fahrer {columns.seat} hat nur einen Namen: {first or last}.")
        prefix = columns.prefix
        if prefix:
            self._person(cells, prefix)
        return DriverRecord(
            first_name=first if last else "",
            last_name=last or first,
            nationality=cells.text(f"{prefix}COUNTRY", 40) if prefix else "",
            town=cells.text(f"{prefix}HOMETOWN", 80) if prefix else "",
            seat=columns.seat,
            grade=self._grade(cells, prefix) if prefix else "",
        )

    def _person(self, cells: Cells, prefix: str) -> None:
        """Whether town and country are where they belong."""
        town, country = cells.raw(f"{prefix}HOMETOWN"), cells.raw(f"{prefix}COUNTRY")
        if town.lower() in GRADES:
            cells.reject(f"{prefix}HOMETOWN", f"„{town}“ ist kein Ort. Sind die Spalten verschoben?")
        if not _COUNTRY.fullmatch(country):
            cells.reject(f"{prefix}COUNTRY", f"„{shown(country)}“ ist kein Land. Sind die Spalten verschoben?")

    def _grade(self, cells: Cells, prefix: str) -> str:
        """The rating in the result; another one in the series' files is only said."""
        printed = cells.raw(f"{prefix}LICENSE")
        rating = cells.raw(f"{prefix}IMSA_DriverRatingLong")
        grade = GRADES.get(printed.lower(), "")
        if printed and not grade:
            self.grades.add(cells.line, f"Die Einstufung „{printed[:20]}“ ist nicht bekannt und wird nicht übernommen.")
        elif grade and rating and GRADES.get(rating.lower()) != grade:
            name = cells.raw(f"{prefix}SECONDNAME")[:40]
            self.grades.add(
                cells.line,
                f"{name} ist laut Lizenz „{printed}“, laut Stammdaten „{rating[:20]}“. Übernommen wird die Lizenz.",
            )
        return grade or (GRADES.get(rating.lower(), "") if not printed else "")

    def _aligned(self, cells: Cells, drivers: tuple[DriverRecord, ...]) -> None:
        """Whether what is missing at the end of the line can be what its empty seats leave out."""
        if not cells.lacking:
            return
        absent = len(self._crew) - len(drivers)
        behind = [column for column in self._behind(drivers) if cells.raw(column)]
        left_out, rest = divmod(cells.lacking, absent or 1)
        if not absent or rest or behind or left_out >= self._width_of_seat:
            self._shifted(cells.line, cells.lacking, behind[0] if behind else None)
            cells.bad = True
        else:
            self._left_out[cells.line] = left_out, cells.lacking

    def compare_lengths(self) -> None:
        """Every empty seat of a file leaves out the same number of fields."""
        if not self._left_out:
            return
        (usual, _), *_ = Counter(left_out for left_out, _ in self._left_out.values()).most_common(1)
        for line, (left_out, lacking) in self._left_out.items():
            if left_out != usual:
                self._shifted(line, lacking, None)

    def _shifted(self, line: int, lacking: int, column: str | None) -> None:
        width = self._table.width
        self._table.reject(
            line, column, f"Die Zeile hat {width - lacking} Felder, die Kopfzeile {width}. Die Spalten sind verschoben."
        )

    def _behind(self, drivers: tuple[DriverRecord, ...]) -> list[str]:
        """The columns of the seats behind the last driver."""
        last = max((driver.seat or 0 for driver in drivers), default=0)
        return [column for seat, columns in self._columns_of_seats.items() if seat > last for column in columns]


def _cups(cells: Cells) -> tuple[str, ...]:
    printed = (cells.text(column, 60) for column in ("GROUP", "DIVISION"))
    return tuple(cup for cup in dict.fromkeys(printed) if cup and cup != HYBRID)


def _with_class_positions(rows: tuple[RowRecord, ...]) -> tuple[RowRecord, ...]:
    """Counted down the positions; cars that share a place share it in their class."""
    counted: Counter[str] = Counter()
    placed: dict[tuple[str, int], int] = {}
    found: dict[int | None, int] = {}
    for row in sorted((row for row in rows if row.position and row.class_name), key=lambda row: row.position or 0):
        name, position = row.class_name or "", row.position or 0
        counted[name] += 1
        found[row.line] = placed.setdefault((name, position), counted[name])
    return tuple(replace(row, class_position=found.get(row.line)) for row in rows)
