"""Printed championship tables out of a plain table; sums must add up and points must fall with the places."""

from __future__ import annotations

import re
from decimal import Decimal
from itertools import pairwise

from results.importers.records import StandingRecord, StandingRowRecord
from results.importers.tabular.lines import Line, Reading
from results.importers.tabular.people import drivers
from results.notation import NotationError

_POINTS = re.compile(r"[-−]?[0-9]{1,5}(?:[.,][0-9]{1,3})?")
_NONE = frozenset({"", "-", "–", "—"})
_WHO = (("driver", "Fahrerwertung"), ("last_name", "Fahrerwertung"), ("team", "Teamwertung"), ("entrant", "Bewerberwertung"), ("manufacturer", "Herstellerwertung"))  # fmt: skip
LONGEST_ENTRANT = 160

Ranked = tuple[int, StandingRowRecord]  # with the line where it stood


def read_standings(reading: Reading) -> tuple[StandingRecord, ...]:
    """One table a class, by places."""
    who, name = next((key, name) for key, name in _WHO if reading.mapping.place(key) is not None)
    tables: dict[str, list[Ranked]] = {}
    for line in reading.lines():
        row = _row(line, who)
        if row is not None:
            tables.setdefault(line.text("class", 60), []).append((line.number, row))
    for rows in tables.values():
        _refuse_disorder(reading, rows)
    return tuple(
        StandingRecord(
            key=" ".join(part for part in (name, class_name) if part)[:40],
            name=" ".join(part for part in (name, class_name) if part),
            rows=tuple(row for _line, row in rows),
            class_name=class_name,
        )
        for class_name, rows in tables.items()
    )


def _row(line: Line, who: str) -> StandingRowRecord | None:
    place = line.raw("position").rstrip(".")
    position = int(place) if place.isascii() and place.isdigit() and 0 < int(place) < 10_000 else None  # noqa: PLR2004 - a table
    if place and position is None:
        line.reject("position", f"„{place[:20]}“ ist kein Platz.")
    points = _points(line, "points", line.raw("points"))
    parts = [_points(line, "points_part", value) for value in line.raws("points_part")]
    if parts and not line.bad and sum(parts, Decimal()) != points:
        terms = " + ".join(_shown(part) for part in parts)
        line.reject("points", f"Die Punkte gehen nicht auf: {terms} = {_shown(sum(parts, Decimal()))}, gedruckt ist {_shown(points)}.")  # fmt: skip
    entrant = _entrant(line, who)
    if not entrant and not line.bad:
        line.reject(who, "Wem die Punkte gehören, fehlt.")
    return None if line.bad else StandingRowRecord(position, entrant, points)


def _entrant(line: Line, who: str) -> str:
    if who not in {"driver", "last_name"}:
        return line.text(who, LONGEST_ENTRANT)
    crew = [f"{one.first_name} {one.last_name}".strip() for one in drivers(line)]
    return line.fit(who, " / ".join(crew), LONGEST_ENTRANT)


def _points(line: Line, key: str, value: str) -> Decimal:
    if value in _NONE:
        return Decimal()
    if not _POINTS.fullmatch(value):
        error = NotationError(value, "erwartet wird zum Beispiel 25 oder 12,5", "keine Punktzahl")
        line.reject(key, str(error))
        return Decimal()
    return Decimal(value.replace(",", ".").replace("−", "-"))


def _shown(points: Decimal) -> str:
    return f"{points.normalize():f}".replace(".", ",")


def _refuse_disorder(reading: Reading, rows: list[Ranked]) -> None:
    """More points on a lower place contradict themselves."""
    ranked = sorted((row for row in rows if row[1].position), key=lambda row: row[1].position or 0)
    for (_line, ahead), (line, row) in pairwise(ranked):
        if row.points > ahead.points:
            place = Line(reading, line, line - reading.table.header_line, [""] * len(reading.mapping.header))
            place.reject("points", f"Platz {row.position} hat mehr Punkte ({_shown(row.points)}) als Platz {ahead.position} ({_shown(ahead.points)}).")  # fmt: skip
