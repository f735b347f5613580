"""What the rulings about one car do to its own line; everything about its place is another module's matter."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace

from results.importers.status import CLASSIFIED
from results.rulings.lines import DROPS, STRIKES, Line, Ruling, RulingRefused


@dataclass(frozen=True, slots=True)
class Sentence:
    """All rulings about one car, summed up: sums do not depend on the order in which they were given."""

    time_ms: int = 0
    laps: int = 0
    places: int = 0
    struck_as: str = ""  # the status it gets; empty: it stays in
    leaves_vacant: bool = False
    restored: bool = False
    had_left_vacant: bool = False  # the strike that fell had let nobody move up
    deleted: tuple[Ruling, ...] = ()

    @property
    def moves(self) -> bool:
        """Whether the car may have to be ranked anew."""
        return bool(self.time_ms or self.laps or self.restored or self.deleted)


def sentence_of(rulings: Iterable[Ruling]) -> Sentence:
    """The rulings about one car as one. Who is struck by one ruling and reinstated by none is out."""
    listed = list(rulings)
    strikes = [one for one in listed if one.kind in STRIKES and not one.is_lifted]
    # Thrown out of the meeting weighs more than out of the result.
    harshest = max((one.kind for one in strikes), default="", key=lambda kind: kind == "excluded")
    deleted = [one for one in listed if one.kind == "lap_deleted"]
    return Sentence(
        time_ms=_sum(listed, {"time"}),
        laps=_sum(listed, {"laps"}),
        places=_sum(listed, DROPS),
        struck_as=STRIKES.get(harshest, ""),
        leaves_vacant=bool(strikes) and all(one.leaves_vacant for one in strikes),
        # Either word brings a car back: its reinstatement, or that the strike the lines hold no longer stands.
        restored=any(one.is_lifted if one.kind in STRIKES else one.kind == "reinstated" for one in listed),
        had_left_vacant=any(one.is_lifted and one.leaves_vacant for one in listed),
        deleted=tuple(sorted(deleted, key=lambda one: (one.next_best_ms is None, -(one.next_best_ms or 0)))),
    )


def _sum(rulings: Iterable[Ruling], kinds: Collection[str]) -> int:
    """What rulings of these kinds add up to; those lifted count against it."""
    return sum((-1 if one.is_lifted else 1) * (one.amount or 0) for one in rulings if one.kind in kinds)


def punished(line: Line, sentence: Sentence, former: Line | None = None) -> Line:
    """The line after its own rulings, still at its old place and with its old gap.

    `former` is the line of the same car from before it was struck, which knows what a struck line may have lost.
    Raises RulingRefused for a penalty that is larger than what it is taken from.
    """
    if sentence.restored and line.status in STRIKES.values():
        line = _restored(line, former)
    if sentence.time_ms:
        line = _with_time(line, sentence.time_ms)
    if sentence.laps:
        line = _with_laps(line, sentence.laps)
    for ruling in sentence.deleted:
        line = _without_lap(line, ruling, former)
    return line


def _restored(line: Line, former: Line | None) -> Line:
    """What the struck line lost comes from the former one, a figure and what belongs to it together."""
    if former is None:
        return replace(line, status=CLASSIFIED)
    back = replace(line, status=former.status)
    if back.laps is None:
        back = replace(back, laps=former.laps, penalty_laps=former.penalty_laps)
    if back.total_ms is None:
        back = replace(back, total_ms=former.total_ms, penalty_ms=former.penalty_ms)
    if back.best_lap_ms is None:
        back = replace(back, best_lap_ms=former.best_lap_ms, best_lap_number=former.best_lap_number)
    return replace(back, part_times_ms=former.part_times_ms) if back.part_times_ms is None else back


def _with_time(line: Line, added_ms: int) -> Line:
    if line.penalty_ms + added_ms < 0 or (line.total_ms is not None and line.total_ms + added_ms < 1):
        raise RulingRefused(
            f"{line.label}: So viel Strafzeit, wie zurückgenommen werden soll, enthält das Ergebnis nicht."
        )
    total = line.total_ms + added_ms if line.total_ms is not None else None
    return replace(line, total_ms=total, penalty_ms=line.penalty_ms + added_ms)


def _with_laps(line: Line, taken: int) -> Line:
    if line.penalty_laps + taken < 0:
        raise RulingRefused(f"{line.label}: So viele Strafrunden enthält das Ergebnis nicht.")
    if line.laps is not None and line.laps - taken < 0:
        raise RulingRefused(f"{line.label} hat nur {line.laps} Runden, abgezogen werden sollen {taken}.")
    laps = line.laps - taken if line.laps is not None else None
    return replace(line, laps=laps, penalty_laps=line.penalty_laps + taken)


def _without_lap(line: Line, ruling: Ruling, former: Line | None) -> Line:
    """Another best lap stands; the deletion of a slower lap changes nothing."""
    if ruling.is_lifted:
        if former is None or former.best_lap_ms is None:
            raise RulingRefused(
                f"{line.label}: Welche Zeit wieder zählt, weiß kein früherer Stand. Bitte im Raster eintragen."
            )
        return replace(
            line,
            best_lap_ms=former.best_lap_ms,
            best_lap_number=former.best_lap_number,
            part_times_ms=former.part_times_ms,
        )
    if ruling.deleted_ms is not None and line.best_lap_ms is not None and ruling.deleted_ms > line.best_lap_ms:
        return _part_without_lap(line, ruling)
    if (
        ruling.deleted_ms is None
        and None not in {ruling.deleted_lap, line.best_lap_number}
        and ruling.deleted_lap != line.best_lap_number
    ):
        return line  # another lap than the best one, whose time nobody told
    if ruling.next_best_ms is not None and line.best_lap_ms is not None and ruling.next_best_ms < line.best_lap_ms:
        raise RulingRefused(f"{line.label}: Die nächstbeste Runde kann nicht schneller sein als die gestrichene.")
    left = _part_without_lap(line, ruling)
    parts = [time for time in left.part_times_ms or () if time]
    best = min(parts, default=None) if left.part_times_ms is not None else ruling.next_best_ms
    return replace(
        left, best_lap_ms=best, best_lap_number=ruling.next_best_lap if best == ruling.next_best_ms else None
    )


def _part_without_lap(line: Line, ruling: Ruling) -> Line:
    """In a qualifying of parts the time goes from the part in which it was set.

    The next best of that part is what a person said; the laps know no parts, so theirs may be of another one.
    """
    times = line.part_times_ms
    gone = ruling.deleted_ms if ruling.deleted_ms is not None else line.best_lap_ms
    if times is None or gone not in times:
        return line
    place = len(times) - 1 - times[::-1].index(gone)
    slower = ruling.next_best_ms if ruling.next_best_lap is None else None
    return replace(line, part_times_ms=(*times[:place], slower if slower != gone else None, *times[place + 1 :]))


def cars_of(lines: Sequence[Line]) -> dict[int, list[Line]]:
    """Lines by car: the lines of a shared drive go together."""
    cars: dict[int, list[Line]] = {}
    for line in lines:
        cars.setdefault(line.car, []).append(line)
    return cars
