"""Whether the lines of a sheet can be true together, and what follows from them for cells that are still empty. Pure.

Only what cannot be stored is an error. What contradicts itself is a doubt that a person confirms: results hold shared and
vacant places, cars put back by the stewards, gaps that a source rounds. Order and distances are those of the stewards'
arithmetic (`results.rulings`), class places those of the import (`results.importers.plausible`).
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import pairwise

from results.importers.plausible import Columns, judge
from results.importers.records import RowRecord
from results.importers.status import CLASSIFIED
from results.notation import format_lap_time
from results.rulings.lines import STRIKES, Line
from results.rulings.order import Distance, beats, distances_of
from results.sheet import columns
from results.sheet.lines import Car, Finding, Reading, SheetLine, read_lines

LOOKED_BACK = 10  # cars ahead, for one whose time can be compared
GRID = "grid"  # the kind of a session whose places are places on the grid
_COLUMNS = Columns(
    number="number", position="position", class_position="class_position", laps="laps", total="total", gap="gap",
    best_lap="best_lap",
)  # fmt: skip


@dataclass(slots=True)
class Judged:
    """`lines` are those that are not empty. `proposals` are texts for empty cells, `texts` ours for cells typed otherwise,
    both by row and column; `fastest` is the line with the best lap of the field.
    """

    lines: list[SheetLine]
    findings: list[Finding]
    texts: dict[tuple[int, str], str]
    proposals: dict[tuple[int, str], str] = field(default_factory=dict)
    fastest: SheetLine | None = None

    @property
    def errors(self) -> list[Finding]:
        return [one for one in self.findings if one.weight == "error"]

    @property
    def doubts(self) -> list[Finding]:
        """Doubts that a person has to confirm."""
        return [one for one in self.findings if one.weight == "doubt" and not one.is_known]


def judge_sheet(
    typed: Sequence[columns.Typed],
    cars: Mapping[str, Car],
    *,
    kind: str,
    timed: bool,
    parts: int = 0,
    is_complete: bool = True,
) -> Judged:
    """Reads and judges all lines. `kind` is that of the session, `timed`: ranked by best lap.

    `is_complete` False: an excerpt, whose places may have holes.
    """
    reading = read_lines(typed, cars, parts=parts)
    field_ = _Field(reading, kind=kind, timed=timed, parts=parts, is_complete=is_complete)
    field_.judge()
    reading.findings.sort(key=lambda one: one.row)
    proposals = {
        (row, column): text
        for (row, column), text in field_.proposals.items()
        if not typed[row - 1].get(column, "").strip()  # an unreadable cell is none to be filled
    }
    return Judged(reading.lines, reading.findings, reading.texts, proposals, field_.fastest())


def marked_known(judged: Judged, former: Judged) -> Judged:
    """The same with the doubts that the former sheet had at the same cell of the same car."""
    said = Counter(_same_doubt(former))
    findings = []
    names = {line.row: line.name for line in judged.lines}
    for one in judged.findings:
        key = (names.get(one.row, ""), one.column, one.reason)
        if one.weight == "doubt" and said[key] > 0:
            said[key] -= 1
            findings.append(replace(one, is_known=True))
        else:
            findings.append(one)
    return replace(judged, findings=findings)


def _same_doubt(judged: Judged) -> Iterator[tuple[str, str, str]]:
    names = {line.row: line.name for line in judged.lines}
    return ((names.get(one.row, ""), one.column, one.reason) for one in judged.findings if one.weight == "doubt")


class _Field:
    """The lines beside each other; cars without a typed place are tried at the place that is proposed for them."""

    def __init__(self, reading: Reading, *, kind: str, timed: bool, parts: int, is_complete: bool) -> None:
        self.reading, self.kind, self.timed, self.parts = reading, kind, timed, parts
        self.is_complete = is_complete
        self.proposals: dict[tuple[int, str], str] = {}
        self.lines = self._with_places()
        self.ranked = sorted(
            (line for line in self.lines if line.is_ranked), key=lambda one: (one.position or 0, one.row)
        )
        others = [line for line in self.lines if not line.is_ranked]
        in_order = [*self.ranked, *others]
        self.distances: Mapping[int, Distance] = distances_of([_as_line(line) for line in in_order], timed=timed)

    def judge(self) -> None:
        self._places()
        self._rows_in_order()
        if self.kind == GRID:
            return
        self._class_places()
        self._gaps()
        self._order()
        self._grid_places()
        if not self.timed:
            self._totals()

    def fastest(self) -> SheetLine | None:
        timed = [line for line in self.lines if line.best_lap_ms and line.status not in STRIKES.values()]
        return min(timed, key=lambda line: (line.best_lap_ms or 0, line.row), default=None)

    def doubt(self, line: SheetLine, column: str, reason: str) -> None:
        self.reading.findings.append(Finding(line.row, column, "doubt", reason))

    def propose(self, line: SheetLine, column: str, text: str) -> None:
        self.proposals[line.row, column] = text

    # ------------------------------------------------------------------ places

    def _with_places(self) -> list[SheetLine]:
        """The lines, a place proposed for each that has something measured and comes behind a car with one."""
        place, lines = 0, []
        for line in self.reading.lines:
            if line.has_fate or not line.is_measured:
                place = line.position or place
                lines.append(line)
                continue
            place += 1
            self.propose(line, "position", str(place))
            lines.append(replace(line, position=place))
        return lines

    def _places(self) -> None:
        """Places that are missing or given twice; behind a shared place the next ones may stay free."""
        last, sharing = 0, 1
        for line in self.ranked:
            place = line.position or 0
            if place == last:
                sharing += 1
                continue
            if self.is_complete and place not in {last + 1, last + sharing}:
                self.doubt(line, "position", _hole(last + 1, place))
            last, sharing = place, 1
        for ahead, line in pairwise(self.ranked):
            if ahead.position == line.position and _car(ahead) != _car(line):
                self.doubt(line, "position", f"Platz {line.position} ist auch an {ahead.name} vergeben.")

    def _rows_in_order(self) -> None:
        typed = [line for line in self.reading.lines if line.position is not None]
        for ahead, line in pairwise(typed):
            if (line.position or 0) < (ahead.position or 0):
                self.doubt(line, "position", f"Platz {line.position} steht unter Platz {ahead.position}.")

    def _class_places(self) -> None:
        verdict = judge(
            tuple(_as_record(line) for line in self.lines), kind=None, columns=_COLUMNS, complete=self.is_complete
        )
        by_row = {line.row: line for line in self.lines}
        wanted = {"class_position"} if self.timed else {"class_position", "laps"}
        for problem in verdict.rejected:
            if problem.column in wanted and problem.line in by_row:
                self.doubt(by_row[problem.line], problem.column, problem.reason)
        self._propose_class_places()

    def _propose_class_places(self) -> None:
        """Counted down the order as long as no place is missing; nothing where a car has no class."""
        counted: dict[str, int] = defaultdict(int)
        shared: dict[str, tuple[int, int]] = {}
        last = 0
        for line in self.ranked:
            place, name = line.position or 0, line.car.racing_class if line.car else ""
            if place > last + 1 and place > last + sum(one.position == last for one in self.ranked):
                return
            last = place
            if not name:
                return
            counted[name] += 1
            here = shared[name][1] if shared.get(name, (0, 0))[0] == place else counted[name]
            shared[name] = place, here
            if line.class_position is None:
                self.propose(line, "class_position", str(here))

    def _grid_places(self) -> None:
        seen: dict[int, SheetLine] = {}
        for line in self.lines:
            if not line.grid:
                continue
            other = seen.setdefault(line.grid, line)
            if other is not line and _car(other) != _car(line):
                self.doubt(line, "grid", f"Startplatz {line.grid} hat auch {other.name}.")

    # ------------------------------------------------------------------ times

    def _gaps(self) -> None:
        """What follows from laps and times for the gap to the first: proposed where nothing is typed, else compared."""
        if not self.ranked or self.ranked[0].position != 1:
            return  # in an excerpt without the first nothing is known
        leader = self.ranked[0]
        if leader.gap_ms or leader.gap_laps:
            self.doubt(leader, "gap", "Der Erste hat keinen Abstand.")
        for line in self.ranked[1:]:
            expected = self._gap_to(leader, line)
            if line.gap_ms is None and line.gap_laps is None:
                if expected and line.position != leader.position:
                    self.propose(line, "gap", columns.write_gap(*expected))
            elif expected:
                self._compare_gap(leader, line, expected)
            self._propose_total(leader, line)

    def _gap_to(self, leader: SheetLine, line: SheetLine) -> tuple[int | None, int | None] | None:
        """Milliseconds or laps behind the leader; None where times and laps do not tell."""
        if self.parts:
            return None  # sources measure a qualifying of several parts in several ways
        if self.timed:
            if leader.best_lap_ms is None or line.best_lap_ms is None or line.best_lap_ms < leader.best_lap_ms:
                return None
            return line.best_lap_ms - leader.best_lap_ms, None
        behind = leader.laps - line.laps if leader.laps is not None and line.laps is not None else 0
        if behind:
            return (None, behind) if behind > 0 else None
        if leader.total_ms is None or line.total_ms is None or line.total_ms < leader.total_ms:
            return None
        return line.total_ms - leader.total_ms, None

    def _compare_gap(self, leader: SheetLine, line: SheetLine, expected: tuple[int | None, int | None]) -> None:
        if (line.gap_ms, line.gap_laps) == expected:
            return
        wanted = columns.write_gap(*expected).removesuffix(".")  # of `Rd.`: the sentence ends with one
        if expected[1] is None:
            basis = "Bestzeit" if self.timed else "Gesamtzeit"
            self.doubt(line, "gap", f"Abstand passt nicht zur {basis}: erwartet {wanted}.")
            return
        both = leader.total_ms, line.total_ms
        in_time = line.gap_ms is not None and None not in both and line.gap_ms == (both[1] or 0) - (both[0] or 0)
        if not in_time:  # some sources print lapped cars in time all the same
            self.doubt(line, "gap", f"Abstand passt nicht zur Rundenzahl: erwartet {wanted}.")

    def _propose_total(self, leader: SheetLine, line: SheetLine) -> None:
        """The time of a car on the leader's lap follows from its gap."""
        on_his_lap = line.laps is not None and line.laps == leader.laps
        if not self.timed and line.total_ms is None and line.gap_ms is not None and leader.total_ms and on_his_lap:
            self.propose(line, "total", columns.write_time(leader.total_ms + line.gap_ms))

    def _order(self) -> None:
        """Whether each car came as far as the one ahead of it, passing over cars of which nobody knows."""
        for place, line in enumerate(self.ranked):
            for ahead in reversed(self.ranked[max(0, place - LOOKED_BACK) : place]):
                further = beats(self.distances[line.row], self.distances[ahead.row])
                if further is None:
                    continue
                if further and ahead.position != line.position:
                    self._out_of_order(ahead, line)
                break

    def _out_of_order(self, ahead: SheetLine, line: SheetLine) -> None:
        if not self.timed and self.distances[line.row].laps != self.distances[ahead.row].laps:
            self.doubt(line, "laps", f"{line.name} hat mehr Runden als {ahead.name} davor.")
        else:
            column = "best_lap" if self.timed else "total"
            self.doubt(line, column, f"{line.name} war schneller als {ahead.name} davor.")

    def _totals(self) -> None:
        """No car is faster over the distance than by its best lap; the first lap may be shorter than the others."""
        for line in self.lines:
            if line.total_ms is None or line.best_lap_ms is None or not line.laps or line.status != CLASSIFIED:
                continue
            if line.total_ms < line.best_lap_ms * (line.laps - 1):
                least = format_lap_time(line.best_lap_ms * line.laps)
                reason = f"{line.laps} Runden in der besten Rundenzeit wären {least}: Die Gesamtzeit ist zu kurz."
                self.doubt(line, "total", reason)


def _hole(first: int, place: int) -> str:
    missing = f"fehlt Platz {first}" if first == place - 1 else f"fehlen die Plätze {first} bis {place - 1}"
    return f"Vor Platz {place} {missing}."


def _car(line: SheetLine) -> str:
    return line.number.label if line.number else f"row {line.row}"


def _as_line(line: SheetLine) -> Line:
    """For the arithmetic of the stewards, which asks for lines by car: here every row is one."""
    return Line(
        car=line.row, line=1, label=line.name, status=line.status, position=line.position, laps=line.laps,
        total_ms=line.total_ms, gap_ms=line.gap_ms, gap_laps=line.gap_laps, best_lap_ms=line.best_lap_ms,
        part_times_ms=line.parts_ms or None,
    )  # fmt: skip


def _as_record(line: SheetLine) -> RowRecord:
    return RowRecord(
        number=line.number.label if line.number else "",
        status=line.status,
        position=line.position,
        class_name=line.car.racing_class or None if line.car else None,
        class_position=line.class_position,
        laps=line.laps,
        guest=line.car.is_guest if line.car else False,
        share=line.number.line if line.number else 1,
        line=line.row,
    )
