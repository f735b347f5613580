"""The columns of the sheet and what stands in their cells: text as people write it in, German notation out. Pure.

A sheet is a sequence of lines, a line a mapping from the key of a column to the text of its cell; a missing cell is an
empty one. The car is named by its number alone, so that a line keeps its meaning wherever it is moved, pasted or kept:
`7`, `7·2` for a second car of that number at the event, `7/2` for a second line of one car (a shared drive).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol, TypeVar

from results.importers.encoding import tidy, unfit
from results.importers.status import CLASSIFIED, UnknownStatus, print_status, read_status
from results.notation import (
    MAX_LAPS,
    AmbiguousTimeError,
    Gap,
    NotationError,
    Penalty,
    format_duration,
    format_gap,
    format_penalty,
    parse_article_time,
    parse_duration,
    parse_gap,
    parse_penalty,
    shown,
)

Typed = Mapping[str, str]
_T = TypeVar("_T")

# Key, head, and the name that a reason or a screen reader says.
COLUMNS: tuple[tuple[str, str, str], ...] = (
    ("position", "Pl.", "Platz"),
    ("number", "Nr.", "Startnummer"),
    ("class_position", "Kl.-Pl.", "Platz in der Klasse"),
    ("laps", "Runden", "Runden"),
    ("total", "Zeit", "Gesamtzeit"),
    ("gap", "Abstand", "Abstand zum Ersten"),
    ("best_lap", "Beste Rd.", "Beste Runde"),
    ("best_lap_number", "in Rd.", "Beste Runde in Runde"),
    ("grid", "Start", "Startplatz"),
    ("penalty", "Strafe", "Strafe"),
)
NAMES = {key: name for key, _head, name in COLUMNS}
LONGEST_CELL = 200  # characters
LONGEST_STATUS = 40  # as stored
PART = "part"

_COUNT = re.compile(r"[0-9]{1,5}")
_CAR = re.compile(r"#? ?([0-9A-Za-z]{1,8})(?:[·*]([0-9]{1,3}))?(?:/([0-9]{1,3}))?")
_NOTHING = frozenset({"-", "–", "—", "−"})


class CellRefused(ValueError):  # noqa: N818 - reads as the sentence it stands for
    """A cell that cannot be read; the message is one German sentence."""


def part_key(place: int) -> str:
    """The column of a part of a qualifying, counted from 0."""
    return f"{PART}-{place}"


def keys(parts: int = 0) -> tuple[str, ...]:
    """The keys of all columns, in order; `parts` is how many parts the qualifying has."""
    return (*(key for key, _head, _name in COLUMNS), *(part_key(place) for place in range(parts)))


def name_of(key: str, part_names: Sequence[str] = ()) -> str:
    """What a reason or a screen reader calls a column."""
    if key in NAMES:
        return NAMES[key]
    place = int(key.removeprefix(f"{PART}-"))
    return f"Zeit in {part_names[place]}" if place < len(part_names) else f"Zeit in Teil {place + 1}"


def bare(text: str) -> str:
    """A cell without what nobody sees: control signs and marks of direction are no content of a timing sheet."""
    return tidy("".join(sign if sign.isprintable() or sign in "\u00a0\t" else " " for sign in text[: LONGEST_CELL + 1]))


# ------------------------------------------------------------------ reading


@dataclass(frozen=True, slots=True)
class CarNumber:
    """`label` as `Entry.label` says it, `line` as `ClassificationRow.line` does."""

    label: str
    line: int = 1

    def __str__(self) -> str:
        return self.label if self.line == 1 else f"{self.label}/{self.line}"


@dataclass(frozen=True, slots=True)
class Fate:
    """Place or status of a car; `printed` is the word as it was typed, empty where it is our own."""

    position: int | None = None
    status: str = CLASSIFIED
    printed: str = ""


def read_number(text: str) -> CarNumber | None:
    """`#7`, `007`, `7·2` (also `7*2`, which keyboards have), `7/2`; None for an empty cell. Raises CellRefused."""
    if not text:
        return None
    match = _CAR.fullmatch(text)
    if not match or "0" in {match[2], match[3]}:
        raise CellRefused(f"„{shown(text)}“ ist keine Startnummer.")
    number, car, line = match[1], int(match[2] or 1), int(match[3] or 1)
    if car > MAX_LAPS or line > MAX_LAPS:
        raise CellRefused(f"„{shown(text)}“ ist keine Startnummer.")
    return CarNumber(number if car == 1 else f"{number}·{car}", line)


def read_fate(text: str) -> Fate | None:
    """A place (`1`, `1.`, `P1`) or a status as printed (`DNF`, `Ausfall`); None for an empty cell. Raises CellRefused."""
    if not text or text in _NOTHING:
        return None
    figure = re.sub(r"\A[Pp](?=[0-9])", "", text).rstrip(".")
    if _COUNT.fullmatch(figure):
        place = int(figure)
        if not 1 <= place <= MAX_LAPS:
            raise CellRefused(f"„{shown(text)}“ ist kein Platz.")
        return Fate(position=place)
    try:
        status = read_status(text)
    except UnknownStatus as error:
        raise CellRefused(str(error)) from error
    return Fate(None, status, "" if text == print_status(status) else text[:LONGEST_STATUS])


def read_count(text: str, *, least: int = 0) -> int | None:
    """A whole number; None for an empty cell or a dash. Raises CellRefused."""
    if not text or text in _NOTHING:
        return None
    if not _COUNT.fullmatch(text) or not least <= int(text) <= MAX_LAPS:
        wanted = f"von {least} bis {MAX_LAPS}"
        raise CellRefused(f"„{shown(text)}“ ist keine ganze Zahl {wanted}.")
    return int(text)


def read_time(text: str) -> int | None:
    """Every notation of a time in ms; None for an empty cell, a dash or the printed nothing. Raises CellRefused."""
    if not text or text in _NOTHING:
        return None
    try:
        return parse_article_time(text) or None
    except AmbiguousTimeError as error:
        raise CellRefused(str(error)) from error
    except NotationError as error:
        try:
            return parse_duration(text) or None  # `00.000`
        except NotationError:
            raise CellRefused(str(error)) from error


def read_gap(text: str) -> Gap | None:
    """A gap in time or laps; None for an empty cell and for the leader's dash. Raises CellRefused."""
    return _notated(text, parse_gap)


def read_penalty(text: str) -> Penalty:
    """A penalty in time, laps or both; none for an empty cell. Raises CellRefused."""
    return _notated(text, parse_penalty) or Penalty()


def _notated(text: str, parse: Callable[[str], _T]) -> _T | None:
    if not text or text in _NOTHING:
        return None
    try:
        return parse(text)
    except NotationError as error:
        raise CellRefused(str(error)) from error


def checked(text: str) -> str:
    """The cell as it is read. Raises CellRefused for what no cell can hold."""
    if len(text) > LONGEST_CELL:
        raise CellRefused(f"Die Angabe ist länger als {LONGEST_CELL} Zeichen.")
    clean = bare(text)
    if reason := unfit(clean):
        raise CellRefused(f"Der Text {reason}.")
    return clean


# ------------------------------------------------------------------ writing


class Measured(Protocol):
    """What a line of a result holds, stored or computed; times in ms."""

    position: int | None
    class_position: int | None
    status: str
    laps: int | None
    total_ms: int | None
    gap_ms: int | None
    gap_laps: int | None
    best_lap_ms: int | None
    best_lap_number: int | None
    grid: int | None
    penalty_ms: int
    penalty_laps: int


def write_fate(position: int | None, status: str, printed: str = "") -> str:
    """`3`, `DNF`, or the status as printed where that word says it (`Ausfall`)."""
    if position is not None:
        return str(position)
    return printed if says_status(printed, status) else print_status(status)


def says_status(printed: str, status: str) -> bool:
    """Whether a printed word is a word for this status and not a reason (`Getriebe`)."""
    try:
        return read_status(printed) == status
    except UnknownStatus:
        return False


def write_count(value: int | None) -> str:
    return "" if value is None else str(value)


def write_time(ms: int | None) -> str:
    return format_duration(ms) if ms else ""


def write_gap(ms: int | None, laps: int | None) -> str:
    if laps:
        return format_gap(Gap(laps=laps))
    return "" if ms is None else format_gap(Gap(ms=ms))


def write_line(
    row: Measured, number: CarNumber, printed: str, parts: Sequence[int | None], count: int
) -> dict[str, str]:
    """The cells of a line; `parts` are its times by part of the qualifying, `count` how many parts there are."""
    cells = {
        "position": write_fate(row.position, row.status, printed),
        "number": str(number),
        "class_position": write_count(row.class_position),
        "laps": write_count(row.laps),
        "total": write_time(row.total_ms),
        "gap": write_gap(row.gap_ms, row.gap_laps),
        "best_lap": write_time(row.best_lap_ms),
        "best_lap_number": write_count(row.best_lap_number),
        "grid": write_count(row.grid),
        "penalty": format_penalty(Penalty(row.penalty_ms, row.penalty_laps)),
    }
    times = [*parts, *[None] * count][:count]
    return cells | {part_key(place): write_time(time) for place, time in enumerate(times)}
