"""The exchange format read into the parts of a fact sheet: forgiving, for an import has judged the file before."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable, Mapping
from decimal import Decimal, InvalidOperation
from typing import Any

from articles.factcheck.facts import BEST_LAP_KINDS, CLASSIFIED, Driver, Later, Row, Session, Table, TableRow
from results.names import fold
from results.notation import NotationError, parse_duration, parse_gap

_LARGEST = 10**9
_FIGURES = re.compile(r"[0-9]{1,9}")
_ISO = re.compile(r"(\d{4}-\d\d-\d\d)(?:T(\d\d:\d\d))?")


class SheetError(ValueError):
    """The records are no facts of an event; the message is one German sentence."""


def read_objects(data: Mapping[str, Any], key: str) -> list[Mapping[str, Any]]:
    items = data.get(key)
    if items is None:
        return []
    if not isinstance(items, list):
        raise SheetError(f"„{key}“ ist keine Liste.")
    return [item for item in items if isinstance(item, Mapping)]


def read_text(value: object) -> str:
    """Words, or a number in figures; half a surrogate, which JSON can hold and nobody can print, is left out."""
    if isinstance(value, str):
        return (value if value.isascii() else value.encode("utf-8", "ignore").decode("utf-8")).strip()
    return str(value) if isinstance(value, int) and abs(value) < _LARGEST else ""


def _count(value: object) -> int | None:
    """A place or a number of laps; also `"12"` and `12.0`, as spreadsheets write it. Nothing below nought."""
    is_figures = isinstance(value, str) and _FIGURES.fullmatch(value.strip())
    if isinstance(value, bool) or not (is_figures or isinstance(value, int | float)):
        return None
    number = float(str(value))
    return int(number) if number.is_integer() and 0 <= number < _LARGEST else None


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


def read_session(record: Mapping[str, Any]) -> Session:
    kind = read_text(record.get("kind"))
    day, clock = _moment(record.get("date"))
    home_day, home_clock = _moment(record.get("home_date"))
    rows = [_row(item) for item in read_objects(record, "classification")]
    return Session(
        key=read_text(record.get("id")) or read_text(record.get("key")),
        name=read_text(record.get("name")),
        kind=kind,
        day=day,
        clock=clock,
        rows=tuple(_measured(rows, kind)),
        starters=_count(record.get("starters")),
        finishers=_count(record.get("finishers")),
        home_day=home_day,
        home_clock=home_clock,
    )


def _row(record: Mapping[str, Any]) -> Row:
    behind_ms, behind_laps = _gap(record.get("gap"))
    return Row(
        number=read_text(record.get("number")),
        position=_count(record.get("pos")),
        class_name=read_text(record.get("class")),
        class_position=_count(record.get("pos_in_class")),
        team=read_text(record.get("team")),
        car=read_text(record.get("car")),
        drivers=tuple(map(_driver, read_objects(record, "drivers"))),
        laps=_count(record.get("laps")),
        time_ms=_time(record.get("time")),
        best_lap_ms=_time(record.get("best_lap")),
        behind_ms=behind_ms,
        behind_laps=behind_laps,
        status=read_text(record.get("status")) or CLASSIFIED,
        laps_ms=_laps(record.get("laps_ms")),
    )


def read_entry(record: Mapping[str, Any]) -> Row:
    """A car of the entry list: nothing measured."""
    return _row(record)


def read_aliases(record: object) -> dict[str, tuple[str, ...]]:
    """Other spellings by folded name: `{"Nyck de Vries": ["Nick de Vries"]}`."""
    if not isinstance(record, Mapping):
        return {}
    return {
        fold(str(name)): tuple(text for other in others if (text := read_text(other)))
        for name, others in record.items()
        if isinstance(others, list)
    }


def _laps(value: object) -> tuple[int, ...]:
    return tuple(filter(None, map(_count, value))) if isinstance(value, list) else ()


def _driver(record: Mapping[str, Any]) -> Driver:
    return Driver(read_text(record.get("first")), read_text(record.get("last")), read_text(record.get("nationality")))


def _measured(rows: list[Row], kind: str) -> Iterable[Row]:
    """The rows with their distance to the leader, computed where times and laps are stored."""
    leader = next((row for row in rows if row.position is not None), None)
    if leader and leader.position != 1 and (leader.behind_ms or leader.behind_laps):
        leader = None  # an excerpt without the leader
    for row in rows:
        if leader is None or kind == "grid":
            yield row
            continue
        own, first = (row.best_lap_ms, leader.best_lap_ms) if kind in BEST_LAP_KINDS else (row.time_ms, leader.time_ms)
        behind = own - first if own is not None and first is not None else row.behind_ms
        laps = leader.laps - row.laps if row.laps is not None and leader.laps is not None else row.behind_laps
        if row is leader:
            behind, laps = 0, 0
        yield _with_distance(row, behind, laps)


def _with_distance(row: Row, behind_ms: int | None, behind_laps: int | None) -> Row:
    values = {name: getattr(row, name) for name in Row.__slots__}
    return Row(**(values | {"behind_ms": behind_ms, "behind_laps": behind_laps}))


def read_table(record: Mapping[str, Any]) -> Table:
    rows = []
    for place, item in enumerate(read_objects(record, "rows"), start=1):
        points = _points(item.get("points"))
        if points is not None:
            rows.append(TableRow(_count(item.get("pos")) or place, read_text(item.get("entrant")), points))
    return Table(
        key=read_text(record.get("id")) or read_text(record.get("name")),
        name=read_text(record.get("name")),
        after=read_text(record.get("after")),
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


def read_later(record: Mapping[str, Any]) -> Later | None:
    start, _clock = _moment(record.get("start"))
    end, _clock = _moment(record.get("end"))
    if start is None:
        return None
    clocks = []
    for item in read_objects(record, "sessions"):
        _day, clock = _moment(item.get("starts_at"))
        if clock:
            clocks.append((read_text(item.get("name")), clock))
    return Later(read_text(record.get("event")), read_text(record.get("circuit")), start, end or start, tuple(clocks))
