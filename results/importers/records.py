"""What every results parser yields: plain records, before anybody knows which driver or team they mean.

Durations are integer milliseconds, car numbers text, dates and times local to the venue as the file prints them.
A parser returns one `ParsedFile` for a file it understood, problems included; it raises `FileRefused` for a file it
cannot read at all.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass, field
from decimal import Decimal


class FileRefused(Exception):  # noqa: N818 - reads as the sentence it stands for
    """The file as a whole cannot be read; the message is one German sentence for a person."""


@dataclass(frozen=True, slots=True)
class Problem:
    """One row (or cell) that could not be taken over. `line` counts from 1 in the file, `column` is its printed name.

    Of a cell that belongs to a car, `car` is its number and `field` what the column means (a key of `columns.toml`).
    """

    line: int | None
    column: str | None
    reason: str
    car: str = field(default="", compare=False)
    field: str = field(default="", compare=False)


@dataclass(frozen=True, slots=True)
class DoubtfulCell:
    """A cell that a person has to look at: the car's number, what the column means, and where it stood in the file.

    `field` is a key of `columns.toml`: position, number, class_position, laps, total, gap, best_lap, driver and others.
    """

    number: str
    field: str
    line: int | None
    column: str | None
    reason: str


MOST_CELLS = 2_000  # kept in a report


def doubtful_cells(problems: Iterable[Problem]) -> tuple[DoubtfulCell, ...]:
    """The cells among problems; what concerns a whole line or file is none."""
    return tuple(
        DoubtfulCell(one.car, one.field, one.line, one.column, one.reason) for one in problems if one.car and one.field
    )


MOST_PROBLEMS = 50_000


def collect(problems: list[Problem], problem: Problem) -> None:
    """Adds a problem, as long as a person could still read them: a file of nothing else must not fill the memory."""
    if len(problems) < MOST_PROBLEMS:
        problems.append(problem)
    elif len(problems) == MOST_PROBLEMS:
        problems.append(Problem(problem.line, None, "Ab hier werden weitere Fehler nicht mehr aufgeführt."))


@dataclass(frozen=True, slots=True)
class DriverRecord:
    first_name: str
    last_name: str
    nationality: str = ""  # as printed
    town: str = ""
    licence: str = ""
    seat: int | None = None
    grade: str = ""  # platinum, gold, silver, bronze
    birth_date: str = ""  # of any precision, see results.partial_dates
    key: str = ""  # what the source calls the driver, together with ParsedFile.key_source


@dataclass(frozen=True, slots=True)
class RowRecord:
    """One line of a classification. `position` is None for whoever is not classified.

    In `SessionRecord.entries` it says who drove what only: `status` is empty there, and so is everything measured.
    `total_ms` holds penalties already; `gap_*` is to the session's leader, None for him.
    """

    number: str
    status: str  # our status code, see results.importers.status
    position: int | None = None
    class_name: str | None = None
    class_position: int | None = None
    team: str | None = None
    entrant: str | None = None
    car: str | None = None
    car_key: str = ""  # what the source calls chassis and engine
    manufacturer: str | None = None
    drivers: tuple[DriverRecord, ...] = ()
    laps: int | None = None
    total_ms: int | None = None
    gap_ms: int | None = None
    gap_laps: int | None = None
    best_lap_ms: int | None = None
    best_lap_number: int | None = None
    grid: int | None = None
    penalty_ms: int = 0
    penalty_laps: int = 0
    guest: bool = False
    cups: tuple[str, ...] = ()
    printed_status: str = ""
    part_times_ms: tuple[int | None, ...] | None = None  # by SessionRecord.part_names
    share: int = 1  # 2 and on: a further line of the same car, whose drivers are listed apart
    entry_line: int = 1  # 2 and on: another car with a number that is taken at this event
    line: int | None = None  # where it stood in the file


@dataclass(frozen=True, slots=True)
class LapRecord:
    """One lap of one car. `day_ms` is the time of day at its end in ms since local midnight of the session's first day.

    It goes on past 24 h when the session runs through midnight. `time_ms` None: no time was taken.
    """

    number: str  # car
    lap: int
    time_ms: int | None
    day_ms: int | None = None
    elapsed_ms: int | None = None
    seat: int | None = None
    in_pit: bool = False  # the lap ended in the pits
    valid: bool = True
    line: int | None = None
    pit_ms: int | None = None  # the stop before this lap
    sectors_ms: tuple[int | None, ...] | None = None


@dataclass(frozen=True, slots=True)
class DeletionRecord:
    """A lap time that does not count, as far as the source says which: by lap, by time or by time of day (as LapRecord)."""

    number: str  # car
    lap: int | None = None
    lap_ms: int | None = None
    day_ms: int | None = None
    corner: str = ""
    source: str = "flag"  # flag, message, decision
    text: str = ""
    line: int | None = None


@dataclass(frozen=True, slots=True)
class MessageRecord:
    """A message of race control. `at` is an instant with a zone, or None; `day_ms` stands in where only a clock is known."""

    text: str
    at: dt.datetime | None = None
    day_ms: int | None = None
    line: int | None = None


@dataclass(frozen=True, slots=True)
class WeatherRecord:
    """One reading: degrees Celsius, per cent, hPa, km/h, degrees of the compass; `at` is an instant with a zone."""

    at: dt.datetime
    air_c: Decimal | None = None
    track_c: Decimal | None = None
    humidity: int | None = None
    pressure_hpa: Decimal | None = None
    wind_kmh: Decimal | None = None
    wind_degrees: int | None = None
    raining: bool = False
    line: int | None = None


@dataclass(frozen=True, slots=True)
class BroadcastRecord:
    channel: str
    kind: str = "tv"  # tv, stream, radio
    starts_at: dt.datetime | None = None  # local, naive
    url: str = ""
    note: str = ""


@dataclass(frozen=True, slots=True)
class SessionRecord:
    """A session with what the file holds of it. `classification` None: the file says nothing; (): not run yet.

    `complete` False: places are missing on purpose (an excerpt), missing cars stay and statistics skip it.
    """

    key: str  # empty where the file names none and the caller must (wige)
    name: str | None = None
    kind: str | None = None
    date: dt.date | None = None
    time: dt.time | None = None  # local; None where only the date is known
    starts_at: dt.datetime | None = (
        None  # the instant with its zone, from sources that know it; before `date` and `time`
    )
    ends: dt.datetime | None = None  # with a zone an instant, without one local to the venue; None: the usual length
    classification: tuple[RowRecord, ...] | None = None
    laps: tuple[LapRecord, ...] | None = None
    entries: tuple[RowRecord, ...] = ()  # cars known from a lap file or an entry list, no result invented
    is_entry_list: bool = False  # the entries are a published entry list, for readers to see
    part_names: tuple[str, ...] = ()  # Q1, Q2, Q3: what RowRecord.part_times_ms belong to
    deletions: tuple[DeletionRecord, ...] = ()
    messages: tuple[MessageRecord, ...] = ()
    weather: tuple[WeatherRecord, ...] = ()
    checkpoint: str = ""
    state: str = "final"
    released: bool = True
    complete: bool = True
    starters: int | None = None
    finishers: int | None = None
    status: str | None = None  # scheduled, postponed, cancelled
    parent: str | None = None  # key of another session of the same file
    broadcasts: tuple[BroadcastRecord, ...] = ()


LONGEST_KEY = 20


def key_from_name(name: str) -> str:
    """The key of a session that is announced by name only."""
    return name[:LONGEST_KEY].strip()


def free_key(name: str, taken: set[str]) -> str:
    """The key of a session by its name; a second one that begins alike gets a number. `taken` remembers them folded."""
    key, number = key_from_name(name), 1
    while key.casefold() in taken:
        number += 1
        tail = f" {number}"
        key = name[: LONGEST_KEY - len(tail)].strip() + tail
    taken.add(key.casefold())
    return key


@dataclass(frozen=True, slots=True)
class StandingRowRecord:
    position: int | None
    entrant: str
    points: Decimal


@dataclass(frozen=True, slots=True)
class StandingRecord:
    key: str
    name: str
    rows: tuple[StandingRowRecord, ...]
    class_name: str = ""
    after: str = ""
    final: bool = False


@dataclass(frozen=True, slots=True)
class CalendarRecord:
    """A further event, usually ahead, of the series and season of the file unless it names its own.

    `time_zone` is that of the venue as far as the source knows it; with `zone_is_viewers` it is but where the calendar
    was made, right for the instants and not for the place.
    """

    event: str
    circuit: str | None
    start: dt.date
    end: dt.date
    time_zone: str | None = None
    sessions: tuple[SessionRecord, ...] = ()
    series: str | None = None
    season: str | None = None
    status: str | None = None  # scheduled, postponed, cancelled
    zone_is_viewers: bool = False
    line: int | None = None


@dataclass(frozen=True, slots=True)
class ParsedFile:
    """All a parser understood of one file. With a problem in `rejected` nothing of it may be committed.

    `doubts` are for a person to confirm. `rows_read` counts lines of classifications, laps and standings. `proposes`:
    series, event and session are in the source's own words (`GTWorldChEU pwrd by AWS`), good enough to begin with and
    no contradiction to what a person calls them.
    """

    format: str
    sessions: tuple[SessionRecord, ...]
    series: str | None = None
    season: str | None = None
    event: str | None = None
    circuit: str | None = None
    layout: str | None = None
    time_zone: str | None = None
    start: dt.date | None = None
    end: dt.date | None = None
    standings: tuple[StandingRecord, ...] = ()
    calendar: tuple[CalendarRecord, ...] = ()
    rows_read: int = 0
    rejected: tuple[Problem, ...] = ()
    doubts: tuple[Problem, ...] = ()
    encoding: str = "utf-8"
    key_source: str = ""  # whose keys DriverRecord.key are: f1db, ergast
    proposes: bool = False
    extra: dict[str, str] = field(default_factory=dict)

    @property
    def cells(self) -> tuple[DoubtfulCell, ...]:
        """The cells that are rejected or doubtful, for a screen that marks them; a cell may be named more than once."""
        return doubtful_cells((*self.rejected, *self.doubts))
