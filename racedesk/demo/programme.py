"""The programme of the invented series: rounds and sessions from `data/calendar.toml`, and their dates. Pure."""

import calendar
import datetime as dt
import tomllib
from dataclasses import dataclass
from functools import cache
from typing import Any

from racedesk.demo.field import DATA
from racedesk.demo.race import MINUTE, SECOND, Plan

FRIDAY, SATURDAY, SUNDAY = 4, 5, 6
WEEK = dt.timedelta(weeks=1)
# The season's second round lies two to three weeks back when the demo is loaded, so that the third lies ahead.
SINCE_LAST_RACE = dt.timedelta(days=14)


@dataclass(frozen=True, slots=True)
class Broadcast:
    channel: str
    kind: str
    time: dt.time
    note: str = ""


@dataclass(frozen=True, slots=True)
class Moved:
    """Another start on the same day than was announced, and what readers are told of why."""

    time: dt.time
    note: str


@dataclass(frozen=True, slots=True)
class Session:
    """A session of a weekend; `day` counts from Friday = 0, `time` is the venue's, `minutes` its length."""

    key: str
    name: str
    kind: str
    day: int
    time: dt.time
    minutes: int
    broadcasts: tuple[Broadcast, ...] = ()
    moved: Moved | None = None


@dataclass(frozen=True, slots=True)
class Round:
    """A weekend. `plan` tells how it is driven; without one it lies ahead."""

    name: str
    circuit: str
    zone: str
    sessions: tuple[Session, ...]
    weeks: int | None  # None: on the night of the next clock change
    plan: Plan | None = None
    absent: frozenset[str] = frozenset()

    def session(self, key: str) -> Session:
        return next(session for session in self.sessions if session.key == key)


@dataclass(frozen=True, slots=True)
class Programme:
    series: str
    season: str
    note: str
    points: tuple[int, ...]
    rounds: tuple[Round, ...]

    @property
    def driven(self) -> tuple[Round, ...]:
        return tuple(item for item in self.rounds if item.plan)

    @property
    def ahead(self) -> tuple[Round, ...]:
        return tuple(item for item in self.rounds if not item.plan)


@cache
def programme() -> Programme:
    """The whole season as the file tells it."""
    content = tomllib.loads((DATA / "calendar.toml").read_text("utf-8"))
    return Programme(
        series=content["series"],
        season=content["season"],
        note=content["note"],
        points=tuple(content["points"]),
        rounds=tuple(_round(entry) for entry in content["rounds"]),
    )


def _round(entry: dict[str, Any]) -> Round:
    sessions = tuple(_session(session) for session in entry["sessions"])
    drive = entry.get("drive")
    race = next(session for session in sessions if session.kind == "race")
    return Round(
        name=entry["name"],
        circuit=entry["circuit"],
        zone=entry["zone"],
        sessions=sessions,
        weeks=entry.get("weeks"),
        plan=_plan(drive, race.minutes) if drive else None,
        absent=frozenset(drive["absent"] if drive else ()),
    )


def _session(entry: dict[str, Any]) -> Session:
    broadcasts = tuple(
        Broadcast(item["channel"], item["kind"], dt.time.fromisoformat(item["time"]), item.get("note", ""))
        for item in entry.get("broadcasts", ())
    )
    time = dt.time.fromisoformat(entry["time"])
    change = entry.get("moved")
    moved = Moved(dt.time.fromisoformat(change["time"]), change["note"]) if change else None
    return Session(entry["id"], entry["name"], entry["kind"], entry["day"], time, entry["minutes"], broadcasts, moved)


def _plan(drive: dict[str, Any], minutes: int) -> Plan:
    return Plan(
        seed=drive["seed"],
        lap_ms=drive["lap_ms"],
        duration_ms=minutes * MINUTE,
        caution=tuple((begin * MINUTE, end * MINUTE) for begin, end in drive["caution"]),
        retired=drive["retired"],
        repaired={number: (lap, seconds * SECOND) for number, (lap, seconds) in drive["repaired"].items()},
        struck=drive.get("struck", {}),
        penalised={number: seconds * SECOND for number, seconds in drive.get("penalised", {}).items()},
    )


def fridays(season: Programme, today: dt.date) -> dict[str, dt.date]:
    """The first day of every round, by name, for a season that is running today."""
    last_driven = season.driven[-1]
    back = today - SINCE_LAST_RACE
    saturday = back - dt.timedelta(days=(back.weekday() - SATURDAY) % 7)
    first = saturday - WEEK * (last_driven.weeks or 0)
    days: dict[str, dt.date] = {}
    for item in season.rounds:
        latest = max(days.values(), default=first)
        start = first + WEEK * item.weeks if item.weeks is not None else clock_change(latest + WEEK) - WEEK / 7
        days[item.name] = start - dt.timedelta(days=1)
    return days


def clock_change(after: dt.date) -> dt.date:
    """The next last Sunday of March or October, when Europe's clocks are put forward or back."""
    candidates = (last_sunday(year, month) for year in (after.year, after.year + 1) for month in (3, 10))
    return next(day for day in candidates if day > after)


def last_sunday(year: int, month: int) -> dt.date:
    last = dt.date(year, month, calendar.monthrange(year, month)[1])
    return last - dt.timedelta(days=(last.weekday() - SUNDAY) % 7)
