"""The cars of a session as charts see them."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from results.stints import Trace


@dataclass(frozen=True, slots=True)
class Spell:
    """A stint of one driver, `driver` being the surname (empty if nobody knows it), laps first to last."""

    driver: str
    seat: int | None
    first_lap: int
    last_lap: int
    laps: int
    drive_ms: int | None = None
    best_lap_ms: int | None = None
    pit_ms: int | None = None
    ends_in_pit: bool = False


@dataclass(frozen=True, slots=True)
class Car:
    """A car with its laps. `team` is whoever entered it, the crew where nobody else is named; `crew` are surnames."""

    number: str
    team: str
    trace: Trace
    class_name: str = ""
    class_sequence: int = 0
    crew: tuple[str, ...] = ()
    spells: tuple[Spell, ...] = ()

    @property
    def label(self) -> str:
        """`#7 Toyota Gazoo Racing`."""
        return f"#{self.number} {self.team}".strip()

    @property
    def laps(self) -> int:
        return len(self.trace.times_ms)


def picked(field: Sequence[Car], chosen: Collection[str], usual: int) -> list[Car]:
    """The chosen cars in order of the result, or the first ones of it."""
    return [car for car in field if car.number in chosen] if chosen else list(field[:usual])


def longest(field: Sequence[Car]) -> int:
    """The number of laps of whoever drove most."""
    return max((car.laps for car in field), default=0)
