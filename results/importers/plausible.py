"""Whether the rows of one classification can be true together, whatever format they came from; pure.

What contradicts itself is rejected (two cars of one number, a gap that is not the difference of the times); what is
odd but happens is a doubt a person confirms (shared and vacant places, a car put back by the stewards). The order of
the rows in the file means nothing: positions do.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import pairwise
from statistics import median

from results.importers.records import Problem, RowRecord
from results.importers.status import CLASSIFIED, STATUSES
from results.notation import Gap, format_gap, format_lap_time

LAP_ORDERED = frozenset({"practice", "warmup", "qualifying"})  # ranked by best lap
DISTANCE_ORDERED = frozenset({"race", "sprint"})  # ranked by laps, then time
MAX_NAMED = 8
ENOUGH_TIMES, TOO_FAST = 4, 0.6  # best laps; share of the usual one: classes of one race lie within 0.8


@dataclass(frozen=True, slots=True)
class Columns:
    """What the file calls its columns; problems name them."""

    number: str
    position: str
    class_position: str
    laps: str
    total: str
    gap: str
    best_lap: str


@dataclass(slots=True)
class Verdict:
    """`complete` False: places are missing, statistics must skip it."""

    complete: bool = True
    rejected: list[Problem] = field(default_factory=list)
    doubts: list[Problem] = field(default_factory=list)


def judge(
    rows: tuple[RowRecord, ...],
    *,
    kind: str | None,
    columns: Columns,
    complete: bool | None = None,
    starters: int | None = None,
    where: str = "",
) -> Verdict:
    """Tries the rows of one classification against each other.

    `complete` is what the file says of itself (None: nothing), `where` stands before every reason.
    """
    judge_ = _Judge(rows, kind, columns, where)
    judge_.numbers()
    judge_.places(complete, starters)
    judge_.class_places()
    judge_.distances_to_leader()
    judge_.order()
    judge_.best_laps()
    return judge_.verdict


class _Judge:
    def __init__(self, rows: tuple[RowRecord, ...], kind: str | None, columns: Columns, where: str) -> None:
        self.rows, self.kind, self.columns, self.where = rows, kind, columns, where
        self.ranked = sorted(
            (row for row in rows if row.status == CLASSIFIED and row.position is not None),
            key=lambda row: (row.position or 0, row.line or 0),
        )
        # An excerpt may know a car's place in its class only.
        self.unplaced = [row for row in rows if row.status == CLASSIFIED and row.position is None]
        self.verdict = Verdict()

    def reject(self, row: RowRecord, field: str, reason: str) -> None:
        self.verdict.rejected.append(self._cell(row, field, reason))

    def doubt(self, row: RowRecord, field: str, reason: str) -> None:
        self.verdict.doubts.append(self._cell(row, field, reason))

    def doubt_all(self, column: str | None, reason: str) -> None:
        """A doubt about the classification as a whole."""
        self.verdict.doubts.append(Problem(None, column, f"{self.where}{reason}"))

    def _cell(self, row: RowRecord, field: str, reason: str) -> Problem:
        return Problem(row.line, getattr(self.columns, field), f"{self.where}{reason}", car=row.number, field=field)

    def measure(self, row: RowRecord) -> int | None:
        """What the session is ranked by: best lap or total time."""
        return row.best_lap_ms if self.kind in LAP_ORDERED else row.total_ms

    def numbers(self) -> None:
        first: dict[tuple[str, int, int], RowRecord] = {}
        for row in self.rows:
            other = first.setdefault((row.number, row.entry_line, row.share), row)
            if other is not row:
                self.reject(row, "number", f"Die Startnummer {row.number} steht schon in Zeile {other.line}.")

    def places(self, complete: bool | None, starters: int | None) -> None:  # noqa: FBT001 - a value of the file, not a switch
        for ahead, row in pairwise(self.ranked):
            if ahead.position == row.position:
                self._shared_place(ahead, row)
        started = sum(STATUSES[row.status].started for row in self.rows)
        if starters is not None and started > starters:
            self.doubt_all(None, f"Aufgeführt sind {started} gestartete Autos, die Starterzahl ist {starters}.")
        faults = []
        if missing := list(_missing(self.ranked)):
            faults.append(f"Es {_listed(missing)}.")
        if self.unplaced:
            numbers = ", ".join(row.number for row in self.unplaced[:MAX_NAMED])
            faults.append(f"Gewertet, aber ohne Platz: {numbers}.")
        if starters is not None and 0 < started < starters and complete is None:
            faults.append(f"Aufgeführt sind {started} von {starters} gestarteten Autos.")
        self.verdict.complete = complete if complete is not None else not faults
        if complete is False or not faults:
            return
        meant = "Laut Datei ist die Wertung vollständig: Bleiben die Plätze frei?"
        meant = meant if complete else "Die Wertung wird als unvollständig gespeichert."
        self.doubt_all(self.columns.position, " ".join([*faults, meant]))

    def _shared_place(self, ahead: RowRecord, row: RowRecord) -> None:
        same = self.measure(ahead) == self.measure(row) and ahead.laps == row.laps
        text = f"Platz {row.position} ist an {ahead.number} und {row.number} vergeben"
        if same or self.kind == "grid":
            self.doubt(row, "position", f"{text}. Totes Rennen?")
        else:
            self.reject(row, "position", f"{text}, obwohl ihre Zeiten sich unterscheiden.")

    def class_places(self) -> None:
        """Counts each class down the order; guests may be counted or passed over, as the series does it."""
        last: dict[str, tuple[int, int]] = {}  # class: its last place overall and in class
        counted: dict[str, tuple[int, int]] = {}  # class: cars so far, and without guests
        unbroken, hole = True, next(_missing(self.ranked), None)
        for row in self.ranked:
            place = row.position or 0
            # Behind a hole, or a car whose class nobody names, cars of this class may be missing.
            unbroken = unbroken and (hole is None or place < hole[0])
            if not row.class_name:
                unbroken = False
                continue
            cars, regulars = counted.get(row.class_name, (0, 0))
            counted[row.class_name] = cars, regulars = cars + 1, regulars + (not row.guest)
            if row.class_position is None:
                continue
            before = last.get(row.class_name, (0, 0))
            last[row.class_name] = place, row.class_position
            steps = row.class_position - before[1]
            fits = row.class_position in {cars, regulars} if unbroken else 0 < steps <= place - before[0]
            if not fits and not (place == before[0] and steps == 0) and not row.guest:
                wanted = (
                    f", nach den Plätzen davor wäre es {cars}" if unbroken else ", das passt nicht zu den Plätzen davor"
                )
                self.reject(row, "class_position",
                    f"Startnummer {row.number} steht in der Klasse {row.class_name} auf Platz {row.class_position}{wanted}.",
                )  # fmt: skip

    def distances_to_leader(self) -> None:
        if not self.ranked or self.ranked[0].position != 1 or self.kind == "grid":
            return  # in an excerpt without the winner gaps cannot be checked
        leader = self.ranked[0]
        if leader.gap_ms or leader.gap_laps:
            self.reject(leader, "gap", "Der Erste kann keinen Rückstand haben.")
        for row in [*self.ranked[1:], *self.unplaced]:
            self._laps_against(leader, row)
            if row.gap_ms is not None:
                self._gap_against(leader, row)

    def _laps_against(self, leader: RowRecord, row: RowRecord) -> None:
        if self.kind in LAP_ORDERED or leader.laps is None or row.laps is None:
            return
        behind = leader.laps - row.laps
        name = f"Startnummer {row.number}"
        if behind < 0:
            self.reject(row, "laps", f"{name} hat mit {_laps(row.laps)} mehr als der Sieger ({leader.laps}).")
        elif row.gap_laps is not None and row.gap_laps != behind:
            said = format_gap(Gap(laps=row.gap_laps))
            self.reject(row, "gap", f"{name} liegt laut Rundenzahl {_laps(behind)} zurück, nicht {said}.")
        elif row.gap_ms is not None and behind and self.kind in DISTANCE_ORDERED:
            self.reject(row, "gap", f"{name} hat einen Rückstand in Zeit, liegt aber {_laps(behind)} zurück.")

    def _gap_against(self, leader: RowRecord, row: RowRecord) -> None:
        best, own = self.measure(leader), self.measure(row)
        if best is None or own is None or row.gap_ms is None or own - best == row.gap_ms:
            return
        printed = format_gap(Gap(ms=row.gap_ms))
        wanted = format_gap(Gap(ms=own - best)) if own >= best else "kein Rückstand"
        self.reject(row, "gap",
            f"Startnummer {row.number} hat {printed} Rückstand, aus den Zeiten folgt {wanted} "
            f"({format_lap_time(own)} gegen {format_lap_time(best)}).",
        )  # fmt: skip

    def order(self) -> None:
        field = "best_lap" if self.kind in LAP_ORDERED else "total"
        for ahead, row in pairwise(self.ranked):
            if self.kind == "grid" or ahead.position == row.position:
                continue
            if self.kind in DISTANCE_ORDERED and ahead.laps != row.laps:
                if ahead.laps is not None and row.laps is not None and row.laps > ahead.laps:
                    self.doubt(
                        row, "laps", f"Startnummer {row.number} hat mehr Runden als {ahead.number} einen Platz davor.",
                    )  # fmt: skip
                continue
            first, second = self.measure(ahead), self.measure(row)
            if first is not None and second is not None and second < first:
                self.doubt(row, field, f"Startnummer {row.number} war schneller als {ahead.number} einen Platz davor.")

    def best_laps(self) -> None:
        """A best lap that is longer than the laps were on average is none; nor is one that nobody else comes near."""
        times = [row.best_lap_ms for row in self.ranked if row.best_lap_ms is not None]
        if not times or self.kind == "grid":
            return
        usual = median(times)
        for row in self.ranked:
            if row.best_lap_ms is None:
                continue
            best = format_lap_time(row.best_lap_ms)
            timed = self.kind in DISTANCE_ORDERED and row.total_ms is not None and row.laps is not None
            # The first lap begins at the car's place on the grid, which may lie behind or before the line.
            if timed and (row.laps or 0) > 1 and ((row.laps or 0) - 1) * row.best_lap_ms > (row.total_ms or 0):
                self.doubt(row, "best_lap", f"{_laps(row.laps or 0)} in {best} dauern länger als die Gesamtzeit.")
            elif len(times) >= ENOUGH_TIMES and row.best_lap_ms < TOO_FAST * usual:
                self.doubt(
                    row, "best_lap", f"{best} ist viel schneller als alle anderen ({format_lap_time(int(usual))})."
                )


def _missing(ranked: list[RowRecord]) -> Iterator[tuple[int, int]]:
    """The holes in the positions as ranges; behind a place given twice the next one may stay free (1, 2, 2, 4)."""
    expected = free = 1
    for row in ranked:
        place = row.position or 0
        if place > max(expected, free):
            yield max(expected, free), place - 1
        free = free + 1 if place == expected - 1 else place + 1
        expected = place + 1


def _listed(ranges: list[tuple[int, int]]) -> str:
    named = [str(low) if low == high else f"{low} bis {high}" for low, high in ranges[:MAX_NAMED]]
    places = ", ".join(named) + (" und weitere" if len(ranges) > MAX_NAMED else "")
    return f"fehlt Platz {places}" if places.isdigit() else f"fehlen die Plätze {places}"


def _laps(count: int) -> str:
    return f"{count} Runde" if count == 1 else f"{count} Runden"
