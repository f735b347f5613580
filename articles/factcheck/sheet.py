"""The facts of one event as checks see them: frozen, read once, never asking anybody.

`FactSheet.from_records` takes the `data` object of the exchange format. A classification may be an excerpt: a car that
is not in it proves nothing, a hole in the positions neither.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from functools import cached_property
from typing import Any

from results.names import fold, strip_marks
from results.notation import NotationError, parse_duration, parse_gap

BEST_LAP_KINDS = frozenset({"qualifying", "practice", "warmup"})
RACE_KINDS = frozenset({"race", "sprint", "rally"})
CLASSIFIED = "classified"

_ISO = re.compile(r"(\d{4}-\d\d-\d\d)(?:T(\d\d:\d\d))?")


_WORD = re.compile(r"[^\W_]+(?:['’][^\W\d_]+)*")


def fold_words(name: str) -> tuple[str, ...]:
    """The words of a name without case and accents."""
    plain = name if name.isascii() else strip_marks(name).replace("’", "'")
    return tuple(_WORD.findall(plain.lower()))


class SheetError(ValueError):
    """The records are no facts of an event; the message is one German sentence."""


@dataclass(frozen=True, slots=True)
class Driver:
    """One person as a sheet names him."""

    first: str
    last: str
    nation: str = ""

    @property
    def name(self) -> str:
        return f"{self.first} {self.last}".strip()

    @property
    def key(self) -> str:
        return fold(self.name)


@dataclass(frozen=True, slots=True)
class Row:
    """What one car achieved in one session; `behind_ms` and `behind_laps` count from the session's leader."""

    number: str
    position: int | None
    class_name: str
    class_position: int | None
    team: str
    car: str
    drivers: tuple[Driver, ...]
    laps: int | None
    time_ms: int | None
    best_lap_ms: int | None
    behind_ms: int | None
    behind_laps: int | None
    status: str


@dataclass(frozen=True, eq=False)
class Session:
    """A session, run or still to come (then without rows). Compared by identity, so that it can be a key."""

    key: str
    name: str
    kind: str
    day: dt.date | None
    clock: str
    rows: tuple[Row, ...]
    starters: int | None = None
    finishers: int | None = None

    @property
    def is_run(self) -> bool:
        return bool(self.rows)

    @property
    def is_race(self) -> bool:
        return self.kind in RACE_KINDS

    @cached_property
    def by_number(self) -> dict[str, Row]:
        return {row.number: row for row in self.rows}

    @cached_property
    def by_position(self) -> dict[int, Row]:
        return {row.position: row for row in self.rows if row.position is not None}

    @cached_property
    def by_class_position(self) -> dict[tuple[str, int], Row]:
        return {(row.class_name, row.class_position): row for row in self.rows if row.class_position is not None}

    def class_leader(self, class_name: str) -> Row | None:
        return self.by_class_position.get((class_name, 1))


@dataclass(frozen=True, slots=True)
class TableRow:
    """One line of a printed standings table."""

    position: int
    entrant: str
    points: Decimal


@dataclass(frozen=True, eq=False)
class Table:
    """A championship after a round; `final` only after the last one."""

    key: str
    name: str
    after: str
    is_final: bool
    rows: tuple[TableRow, ...]


@dataclass(frozen=True, slots=True)
class Later:
    """An event of the calendar, and when its sessions start (name, day and clock)."""

    name: str
    circuit: str
    start: dt.date
    end: dt.date
    clocks: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Car:
    """A car over the whole event: everybody any session has seen in it."""

    number: str
    class_name: str
    team: str
    model: str
    drivers: tuple[Driver, ...]


@dataclass(frozen=True, eq=False)
class FactSheet:
    """Everything a checker may know. Compared by identity."""

    series: str
    season: str
    event: str
    circuit: str
    sessions: tuple[Session, ...]
    tables: tuple[Table, ...]
    calendar: tuple[Later, ...] = ()

    @classmethod
    def from_records(cls, data: object) -> FactSheet:
        """The sheet in the exchange format's `data`. Raises SheetError where that is none."""
        if not isinstance(data, Mapping):
            raise SheetError("Die Daten sind kein JSON-Objekt mit „sessions“.")
        sheet = cls(
            series=_text(data.get("series")),
            season=_text(data.get("season")),
            event=_text(data.get("event")),
            circuit=_text(data.get("circuit")),
            sessions=tuple(map(_session, _objects(data, "sessions"))),
            tables=tuple(map(_table, _objects(data, "standings"))),
            calendar=tuple(filter(None, map(_later, _objects(data, "calendar")))),
        )
        _ = sheet.people_by_word, sheet.teams_by_word, sheet.numbers_by_model  # so that no text has to wait for them
        return sheet

    @cached_property
    def cars(self) -> dict[str, Car]:
        found: dict[str, Car] = {}
        for session in self.sessions:
            for row in session.rows:
                former = found.get(row.number)
                drivers = former.drivers if former else ()
                drivers += tuple(driver for driver in row.drivers if driver not in drivers)
                found[row.number] = Car(
                    row.number,
                    row.class_name or (former.class_name if former else ""),
                    row.team or (former.team if former else ""),
                    row.car or (former.model if former else ""),
                    drivers,
                )
        return found

    @cached_property
    def run(self) -> tuple[Session, ...]:
        return tuple(session for session in self.sessions if session.is_run)

    @cached_property
    def classes(self) -> tuple[str, ...]:
        return tuple(sorted({car.class_name for car in self.cars.values() if car.class_name}))

    @cached_property
    def numbers_by_class(self) -> dict[str, frozenset[str]]:
        return {
            name: frozenset(car.number for car in self.cars.values() if car.class_name == name) for name in self.classes
        }

    @cached_property
    def numbers_by_team(self) -> dict[str, frozenset[str]]:
        found: dict[str, set[str]] = {}
        for car in self.cars.values():
            found.setdefault(car.team, set()).add(car.number)
        return {team: frozenset(numbers) for team, numbers in found.items() if team}

    @cached_property
    def people(self) -> dict[Driver, frozenset[str]]:
        """Everybody who drives, and the cars he drives."""
        found: dict[Driver, set[str]] = {}
        for car in self.cars.values():
            for driver in car.drivers:
                found.setdefault(driver, set()).add(car.number)
        return {driver: frozenset(numbers) for driver, numbers in found.items()}

    @cached_property
    def people_by_word(self) -> dict[str, list[Driver]]:
        """Everybody under each word of his last name, folded. Of ten thousand a text needs a few."""
        found: dict[str, list[Driver]] = {}
        for driver in self.people:
            for word in set(fold_words(driver.last)):
                found.setdefault(word, []).append(driver)
        return found

    @cached_property
    def teams_by_word(self) -> dict[str, list[str]]:
        found: dict[str, list[str]] = {}
        for team in self.numbers_by_team:
            for word in set(fold_words(team)):
                found.setdefault(word, []).append(team)
        return found

    @cached_property
    def numbers_by_model(self) -> dict[str, frozenset[str]]:
        found: dict[str, set[str]] = {}
        for car in self.cars.values():
            found.setdefault(car.model, set()).add(car.number)
        return {model: frozenset(numbers) for model, numbers in found.items() if model}

    def is_namesake(self, driver: Driver) -> bool:
        """Whether somebody else of the event has the same last name."""
        words = fold_words(driver.last)
        return any(other != driver and fold_words(other.last) == words for other in self.people_by_word.get(words[-1] if words else "", ()))

    @cached_property
    def has_crews(self) -> bool:
        """Whether drivers share cars at all; where they do not, "A und B" is never a crew."""
        return any(len(car.drivers) > 1 for car in self.cars.values())


# ------------------------------------------------------------------ reading records


def _objects(data: Mapping[str, Any], key: str) -> list[Mapping[str, Any]]:
    items = data.get(key)
    if items is None:
        return []
    if not isinstance(items, list):
        raise SheetError(f"„{key}“ ist keine Liste.")
    return [item for item in items if isinstance(item, Mapping)]


def _text(value: object) -> str:
    return value.strip() if isinstance(value, str) else str(value) if isinstance(value, int) else ""


def _count(value: object) -> int | None:
    return value if isinstance(value, int) and not isinstance(value, bool) else None


def _time(value: object) -> int | None:
    if not isinstance(value, str) or not value.strip():
        return None
    try:
        return parse_duration(value) or None
    except NotationError:
        return None


def _gap(value: object) -> tuple[int | None, int | None]:
    if not isinstance(value, str) or not value.strip():
        return None, None
    try:
        gap = parse_gap(value)
    except NotationError:
        return None, None
    return (gap.ms, gap.laps) if gap else (None, None)


def _moment(value: object) -> tuple[dt.date | None, str]:
    match = _ISO.match(value) if isinstance(value, str) else None
    if not match:
        return None, ""
    try:
        return dt.date.fromisoformat(match[1]), match[2] or ""
    except ValueError:
        return None, ""


def _session(record: Mapping[str, Any]) -> Session:
    kind = _text(record.get("kind"))
    day, clock = _moment(record.get("date"))
    rows = [_row(item) for item in _objects(record, "classification")]
    return Session(
        key=_text(record.get("id")) or _text(record.get("key")),
        name=_text(record.get("name")),
        kind=kind,
        day=day,
        clock=clock,
        rows=tuple(_measured(rows, kind)),
        starters=_count(record.get("starters")),
        finishers=_count(record.get("finishers")),
    )


def _row(record: Mapping[str, Any]) -> Row:
    behind_ms, behind_laps = _gap(record.get("gap"))
    return Row(
        number=_text(record.get("number")),
        position=_count(record.get("pos")),
        class_name=_text(record.get("class")),
        class_position=_count(record.get("pos_in_class")),
        team=_text(record.get("team")),
        car=_text(record.get("car")),
        drivers=tuple(map(_driver, _objects(record, "drivers"))),
        laps=_count(record.get("laps")),
        time_ms=_time(record.get("time")),
        best_lap_ms=_time(record.get("best_lap")),
        behind_ms=behind_ms,
        behind_laps=behind_laps,
        status=_text(record.get("status")) or CLASSIFIED,
    )


def _driver(record: Mapping[str, Any]) -> Driver:
    return Driver(_text(record.get("first")), _text(record.get("last")), _text(record.get("nationality")))


def _measured(rows: list[Row], kind: str) -> Iterable[Row]:
    """The rows with their distance to the leader, computed where times and laps are stored."""
    leader = next((row for row in rows if row.position is not None), None)
    for row in rows:
        if leader is None or kind == "grid":
            yield row
            continue
        own, first = (
            (row.best_lap_ms, leader.best_lap_ms) if kind in BEST_LAP_KINDS else (row.time_ms, leader.time_ms)
        )
        behind = own - first if own is not None and first is not None else row.behind_ms
        laps = leader.laps - row.laps if row.laps is not None and leader.laps is not None else row.behind_laps
        if row is leader:
            behind, laps = 0, 0
        yield _with_distance(row, behind, laps)


def _with_distance(row: Row, behind_ms: int | None, behind_laps: int | None) -> Row:
    values = {name: getattr(row, name) for name in Row.__slots__}
    return Row(**(values | {"behind_ms": behind_ms, "behind_laps": behind_laps}))


def _table(record: Mapping[str, Any]) -> Table:
    rows = []
    for place, item in enumerate(_objects(record, "rows"), start=1):
        points = _points(item.get("points"))
        if points is not None:
            rows.append(TableRow(_count(item.get("pos")) or place, _text(item.get("entrant")), points))
    return Table(
        key=_text(record.get("id")) or _text(record.get("name")),
        name=_text(record.get("name")),
        after=_text(record.get("after")),
        is_final=record.get("final") is True,
        rows=tuple(rows),
    )


def _points(value: object) -> Decimal | None:
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        return None
    try:
        points = Decimal(str(value))
    except InvalidOperation:
        return None
    return points if points.is_finite() else None


def _later(record: Mapping[str, Any]) -> Later | None:
    start, _clock = _moment(record.get("start"))
    end, _clock = _moment(record.get("end"))
    if start is None:
        return None
    clocks = []
    for item in _objects(record, "sessions"):
        _day, clock = _moment(item.get("starts_at"))
        if clock:
            clocks.append((_text(item.get("name")), clock))
    return Later(_text(record.get("event")), _text(record.get("circuit")), start, end or start, tuple(clocks))
