"""The facts of one event as checks see them: frozen, read once, never asking anybody.

`FactSheet.from_records` takes the `data` object of the exchange format. A classification may be an excerpt: a car that
is not in it proves nothing, a hole in the positions neither.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property

from articles.factcheck.facts import (
    BEST_LAP_KINDS,
    CLASSIFIED,
    RACE_KINDS,
    Car,
    Driver,
    Later,
    Row,
    Session,
    Table,
    TableRow,
    fold_words,
)
from articles.factcheck.records import (
    SheetError,
    read_aliases,
    read_entry,
    read_later,
    read_objects,
    read_session,
    read_table,
    read_text,
)
from results.names import fold

__all__ = [
    "BEST_LAP_KINDS", "CLASSIFIED", "RACE_KINDS", "Car", "Driver", "FactSheet", "Later", "Row", "Session", "SheetError", "Table",
    "TableRow", "fold_words",
]  # fmt: skip


_MOMENT = re.compile(r"\s*\(?\b(?:vor|nach|before|after|bis|stand)\b.*$")
_PARTS = frozenset({"sessions", "standings", "calendar", "entries"})  # one of them at least makes a sheet
_STATE = re.compile(r"\b(?:nach|after|stand|zwischen\w*)\b")
_HOURS = re.compile(r"(\d{1,2})[\s.-]{0,2}(?:h\b|hours?|stunden?|std)")


def _with_sprints(sessions: tuple[Session, ...]) -> tuple[Session, ...]:
    """A race called a sprint beside one that is not is one, whatever kind it was sent as."""
    races = [session for session in sessions if session.kind == "race"]
    sprints = [session for session in races if "sprint" in session.name.lower()]
    if not sprints or len(sprints) == len(races):
        return sessions
    return tuple(replace(session, kind="sprint") if session in sprints else session for session in sessions)


def _is_of(stand: Session, race: Session) -> bool:
    """Whether a state may be one of a race: of its day, or of the one after it, for many a race goes on past midnight.

    But `4 Stunden, Lauf 2` on Sunday is a race of its own: past midnight the name must say that it tells a moment.
    """
    if not race.is_race or stand.day == race.day or stand.day is None or race.day is None:
        return race.is_race and stand.day == race.day
    return stand.day - race.day == dt.timedelta(1) and bool(_STATE.search(stand.name.lower()))


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
    entries: tuple[Row, ...] = ()  # the entry list: cars that no session has to have seen
    driver_names: Mapping[str, tuple[str, ...]] = field(default_factory=dict)  # folded name -> other spellings
    team_names: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    timezone: str = ""  # of the venue

    @classmethod
    def from_records(cls, data: object) -> FactSheet:
        """The sheet in the exchange format's `data`. Raises SheetError where that is none."""
        if not isinstance(data, Mapping) or not _PARTS & data.keys():
            raise SheetError("Die Daten sind kein JSON-Objekt mit „sessions“.")
        sheet = cls(
            series=read_text(data.get("series")),
            season=read_text(data.get("season")),
            event=read_text(data.get("event")),
            circuit=read_text(data.get("circuit")),
            sessions=_with_sprints(tuple(map(read_session, read_objects(data, "sessions")))),
            tables=tuple(map(read_table, read_objects(data, "standings"))),
            calendar=tuple(filter(None, map(read_later, read_objects(data, "calendar")))),
            entries=tuple(map(read_entry, read_objects(data, "entries"))),
            driver_names=read_aliases(data.get("driver_names")),
            team_names=read_aliases(data.get("team_names")),
            timezone=read_text(data.get("timezone")),
        )
        _ = sheet.people_by_word, sheet.teams_by_word, sheet.numbers_by_model  # so that no text has to wait for them
        return sheet

    @cached_property
    def cars(self) -> dict[str, Car]:
        found: dict[str, Car] = {}
        for row in self._lines():
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

    def _lines(self) -> Iterator[Row]:
        """The entry list first: what a session says of a car is younger."""
        yield from self.entries
        for session in self.sessions:
            yield from session.rows

    def also_called(self, driver: Driver) -> tuple[Driver, ...]:
        """The driver under his other names."""
        if not self.driver_names:
            return ()
        return tuple(_person(name) for name in self.driver_names.get(driver.key, ()))

    def team_also_called(self, team: str) -> tuple[str, ...]:
        return self.team_names.get(fold(team), ()) if self.team_names else ()

    @cached_property
    def checkpoints(self) -> dict[int, Session]:
        """Sessions that are a race's state after some hours, by the hour: `After 6 hours` beside the race of that day."""
        found: dict[int, Session] = {}
        for session in self.run:
            hours = _HOURS.search(session.name.lower())
            longest = max((other.leader_laps for other in self.run if _is_of(session, other)), default=0)
            if hours and session.is_race and session.leader_laps < longest:
                found[int(hours[1])] = session
        return found

    @cached_property
    def former_tables(self) -> frozenset[Table]:
        """Tables beside which the same one stands as it was later: points only grow."""
        return frozenset(
            one
            for one in self.tables
            if any(other is not one and _is_same(one, other) and _is_before(one, other) for other in self.tables)
        )

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
            names = (driver, *self.also_called(driver)) if self.driver_names else (driver,)
            for word in {word for name in names for word in fold_words(name.last)}:
                found.setdefault(word, []).append(driver)
        return found

    @cached_property
    def teams_by_word(self) -> dict[str, list[str]]:
        found: dict[str, list[str]] = {}
        for team in self.numbers_by_team:
            for word in {word for name in (team, *self.team_also_called(team)) for word in fold_words(name)}:
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
        return any(
            other != driver and fold_words(other.last) == words
            for other in self.people_by_word.get(words[-1] if words else "", ())
        )

    @cached_property
    def printed_numbers(self) -> dict[str, str]:
        """Car numbers as a text may print them, leading zeros away, and as they are stored."""
        return {number.lstrip("0") or "0": number for number in self.cars} | {number: number for number in self.cars}

    @cached_property
    def model_numbers(self) -> frozenset[str]:
        """Figures that are part of a model's name: the Porsche 911, the Ferrari 296."""
        return frozenset(word for model in self.numbers_by_model for word in fold_words(model) if word.isdecimal())

    @cached_property
    def farthest(self) -> int:
        """The most laps anybody did in a race."""
        return max((row.laps or 0 for session in self.run if session.is_race for row in session.rows), default=0)

    @cached_property
    def times(self) -> frozenset[int]:
        """Every time of every car, laps and whole races."""
        rows = (row for session in self.run for row in session.rows)
        return frozenset(time for row in rows for time in (row.time_ms, row.best_lap_ms) if time is not None)

    @cached_property
    def step_ms(self) -> int:
        """How fine the times are kept: a rally's to the tenth, so that a tenth says all there is."""
        return next((step for step in (100, 10) if self.times and not any(time % step for time in self.times)), 1)

    @cached_property
    def has_crews(self) -> bool:
        """Whether drivers share cars at all; where they do not, "A und B" is never a crew."""
        return any(len(car.drivers) > 1 for car in self.cars.values())


def _person(name: str) -> Driver:
    first, _, last = name.strip().rpartition(" ")
    return Driver(first, last)


def _is_same(one: Table, other: Table) -> bool:
    """`Fahrerwertung vor dem Wochenende` and `Fahrerwertung` are one table at two moments."""
    return _MOMENT.sub("", fold(one.name)) == _MOMENT.sub("", fold(other.name))


def _is_before(one: Table, other: Table) -> bool:
    later = {row.entrant: row.points for row in other.rows}
    steps = [later[row.entrant] - row.points for row in one.rows if row.entrant in later]
    return bool(steps) and sum(steps) > 0
