"""What the arithmetic of the stewards works on: lines of a classification and what was ruled. Times are integer ms."""

from __future__ import annotations

from collections.abc import Hashable
from dataclasses import dataclass
from typing import Literal

from results.importers.status import CLASSIFIED

Kind = Literal["time", "laps", "places", "grid", "lap_deleted", "disqualified", "excluded", "warning", "reinstated"]
STRIKES: dict[str, str] = {"disqualified": "dsq", "excluded": "excluded"}  # and the status the car has then
DROPS = frozenset({"places", "grid"})

# What a ruling may change in a line.
COLUMNS = (
    "position", "class_position", "status", "laps", "total_ms", "gap_ms", "gap_laps", "best_lap_ms",
    "best_lap_number", "penalty_ms", "penalty_laps", "part_times_ms",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a classification: `car` and `line` name it, `label` is how a person calls the car (`#7`).

    `total_ms`, `laps` and the gaps include every penalty, as classifications print them; `penalty_ms` and
    `penalty_laps` say how much of them is one. Lines come in printed order.
    """

    car: int
    line: int
    label: str
    status: str = CLASSIFIED
    position: int | None = None
    racing_class: str = ""
    class_position: int | None = None
    laps: int | None = None
    total_ms: int | None = None
    gap_ms: int | None = None
    gap_laps: int | None = None
    best_lap_ms: int | None = None
    best_lap_number: int | None = None
    penalty_ms: int = 0
    penalty_laps: int = 0
    part_times_ms: tuple[int | None, ...] | None = None

    @property
    def key(self) -> tuple[int, int]:
        return self.car, self.line

    @property
    def is_ranked(self) -> bool:
        """Whether it has a place; a line may be classified without any."""
        return self.status == CLASSIFIED and self.position is not None


@dataclass(frozen=True, slots=True)
class Ruling:
    """One decision about one car. `amount` is ms, laps or places, as the kind says.

    `leaves_vacant`: nobody moves up into the place of the struck car. `next_best_ms` and `next_best_lap` are what
    stands once a lap is deleted, `deleted_ms` the time that went and `deleted_lap` its lap. `is_lifted` turns the ruling round: the lines hold it
    already and it no longer stands.
    """

    key: Hashable
    kind: Kind
    car: int
    amount: int | None = None
    leaves_vacant: bool = False
    deleted_ms: int | None = None
    deleted_lap: int | None = None
    next_best_ms: int | None = None
    next_best_lap: int | None = None
    is_lifted: bool = False


@dataclass(frozen=True, slots=True)
class Outcome:
    """The lines in their new order, and what a person has to look at: German sentences."""

    lines: tuple[Line, ...]
    doubts: tuple[str, ...] = ()


class RulingRefused(Exception):  # noqa: N818 - reads as the sentence it stands for
    """A ruling that cannot be worked into these lines; the message is one German sentence."""
