"""The history of Formula 1 as F1DB (https://github.com/f1db/f1db, CC BY 4.0) hands it out: a folder of CSV files. Pure.

`parse` yields seasons with their race weekends in the records of every other parser. What is particular to the source:

- Drivers, makers, circuits and Grands Prix are ids; the names come from `f1db_names`.
- Days and times are UTC where a time is given (Las Vegas 2024 begins on Sunday 06:00 UTC, on Saturday 22:00 there).
- A car that several drivers shared (to 1964) has a line for each, marked `sharedCar`, all with the car's place: they are
  shares of one car. The same number without that mark is another car. A driver may sit in two cars of one race.
- The fastest laps of a race are a file of their own and become the best laps of its rows.
- Qualifying over three parts has a time for each and none besides; the gap counts from the time of the part that decided.
  Over four laps (Indianapolis) or two sessions added up (2005) the time is a total, not a lap.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace

from results.importers.f1db_names import (
    CircuitRecord,
    car_name,
    circuit,
    constructor_name,
    driver_name,
    grand_prix_name,
)
from results.importers.f1db_sheets import FIRST_YEAR, LAST_YEAR, Fault, Faults, Row, Sheet, read_sheets
from results.importers.records import DriverRecord, RowRecord, SessionRecord, StandingRecord, StandingRowRecord
from results.importers.status import CLASSIFIED, UnknownStatus, print_status, read_status

KEY_SOURCE = "f1db"
SERIES = "Formel 1"
PARTS = ("Q1", "Q2", "Q3")
TOTALS = frozenset({"AGGREGATE", "FOUR_LAPS"})  # where a time in qualifying is not that of one lap
CHAMPIONSHIPS = {"driver": "Fahrer-Weltmeisterschaft", "constructor": "Konstrukteurs-Weltmeisterschaft"}
ALL_YEARS = range(FIRST_YEAR, LAST_YEAR + 1)
Sheets = Mapping[str, Sheet]


@dataclass(frozen=True, slots=True)
class LayoutRecord:
    """A variant of a circuit; its name holds the length, for F1DB keeps one id where a lap grew by some metres."""

    name: str
    length_m: int | None
    turns: int | None


@dataclass(frozen=True, slots=True)
class WeekendRecord:
    """One Grand Prix: where, when, its sessions in their order, and the standings after it."""

    round: int
    name: str
    slug: str
    circuit: CircuitRecord
    layout: LayoutRecord
    start: dt.date
    end: dt.date
    sessions: tuple[SessionRecord, ...]
    standings: tuple[StandingRecord, ...]


@dataclass(frozen=True, slots=True)
class SeasonRecord:
    """A season; `standings` are those of its end, empty while it still runs."""

    year: int
    weekends: tuple[WeekendRecord, ...]
    standings: tuple[StandingRecord, ...]

    @property
    def rows(self) -> int:
        """Lines of classifications and of tables."""
        tables = [*self.standings, *(table for weekend in self.weekends for table in weekend.standings)]
        sessions = [session for weekend in self.weekends for session in weekend.sessions]
        return sum(len(one.classification or ()) for one in sessions) + sum(len(table.rows) for table in tables)


@dataclass(frozen=True, slots=True)
class Archive:
    """All seasons asked for. With a fault in `rejected` nothing of it may be committed."""

    seasons: tuple[SeasonRecord, ...]
    rows_read: int
    rejected: tuple[Fault, ...] = ()
    doubts: tuple[Fault, ...] = field(default=())


def parse(files: Mapping[str, bytes], *, years: range = ALL_YEARS) -> Archive:
    """The seasons in the files of an F1DB folder, by file name; FileRefused where a file is missing or is no such file."""
    faults, doubts = Faults(), Faults()
    sheets = read_sheets(files, years=years, faults=faults, doubts=doubts)
    _refuse_strays(sheets, faults)
    found = sorted({year for year, _round in sheets["races.csv"].rounds()})
    seasons = tuple(_season(sheets, year) for year in found)
    rows_read = sum(sheet.count for sheet in sheets.values())
    return Archive(seasons, rows_read, tuple(faults.found), tuple(doubts.found))


def _refuse_strays(sheets: Sheets, faults: Faults) -> None:
    """Every round is one race, and no row belongs to a race that nobody knows."""
    races = sheets["races.csv"]
    known, slugs = races.rounds(), set()
    for year, round_ in sorted(known):
        rows = races.of(year, round_)
        for row in rows[1:]:
            row.fault("round", f"Das {round_}. Rennen der Saison {year} steht zweimal da.")
        if (year, rows[0]["slug"]) in slugs:
            rows[0].fault("slug", f"„{rows[0]['slug']}“ gibt es in der Saison {year} zweimal.")
        slugs.add((year, rows[0]["slug"]))
    for name in ("results.csv", "qualifying.csv", "fastest_laps.csv", "standings_after_round.csv"):
        for year, round_ in sorted(sheets[name].rounds() - known):
            line = sheets[name].of(year, round_)[0].line
            faults.add(name, line, "round", f"Ein {round_}. Rennen der Saison {year} steht nicht in races.csv.")


def _season(sheets: Sheets, year: int) -> SeasonRecord:
    rounds = sorted(round_ for of_year, round_ in sheets["races.csv"].rounds() if of_year == year)
    races = [sheets["races.csv"].of(year, round_)[0] for round_ in rounds]
    weekends = [_weekend(sheets, race, year, round_) for race, round_ in zip(races, rounds, strict=True)]
    run = all(sheets["results.csv"].of(year, round_) for round_ in rounds)
    tables = sheets["season_standings.csv"].of(year)
    if tables and not run:
        tables[0].doubt(None, f"Die Saison {year} läuft noch: es bleibt bei den Tabellen nach den Rennen.")
    return SeasonRecord(
        year,
        tuple(weekend for weekend in weekends if weekend is not None),
        _standings(tables, after="", final=True) if run else (),
    )


def _weekend(sheets: Sheets, race: Row, year: int, round_: int) -> WeekendRecord | None:
    place = circuit(race["circuitId"])
    if place is None:
        race.fault("circuitId", f"Die Strecke „{race['circuitId'][:40]}“ steht nicht in f1db_circuits.toml.")
        return None
    name = grand_prix_name(race["grandPrixId"])
    if name is None:
        name = race["officialName"][:160]
        race.doubt("grandPrixId", f"Für „{race['grandPrixId'][:40]}“ fehlt der deutsche Name; es bleibt bei „{name}“.")
    sessions = _in_order(_sessions(sheets, race, place, year, round_))
    days = [session.date for session in sessions if session.date is not None]
    if not days:
        race.fault("date", "Das Rennen hat kein Datum.")
        return None
    tables = _standings(sheets["standings_after_round.csv"].of(year, round_), after=name, final=False)
    slug = race.key("slug")
    return WeekendRecord(round_, name, slug, place, _layout(race), min(days), max(days), tuple(sessions), tables)


def _layout(race: Row) -> LayoutRecord:
    length = race["courseLength"]
    metres = int(length.replace(".", "")) if _is_length(length) else None
    if length and metres is None:
        race.fault("courseLength", f"„{length[:40]}“ ist keine Länge in Kilometern.")
    variant = race["circuitLayoutId"].rpartition("-")[2][:10]
    name = f"Variante {variant} ({length.replace('.', ',')} km)" if metres else f"Variante {variant}"
    return LayoutRecord(name, metres, race.count("turns", most=999))


def _is_length(text: str) -> bool:
    whole, dot, fraction = text.partition(".")
    digits = f"{whole}{fraction}"
    return bool(dot) and len(fraction) == 3 and len(whole) in {1, 2} and digits.isascii() and digits.isdigit()  # noqa: PLR2004


# sessions


def _sessions(sheets: Sheets, race: Row, place: CircuitRecord, year: int, round_: int) -> list[SessionRecord]:
    results = sheets["results.csv"].of(year, round_)
    race_rows = [row for row in results if row["session"] == "race"]
    sprint_rows = [row for row in results if row["session"] == "sprint"]
    for row in results:
        if row["session"] not in {"race", "sprint"}:
            row.fault("session", f"„{row['session'][:40]}“ ist weder race noch sprint.")
    cars = _Cars()
    best = {_of_whom(row): row for row in sheets["fastest_laps.csv"].of(year, round_)}
    raced = _race(race_rows, cars, best)
    for row in best.values():
        row.fault("driverId", "Wer diese schnellste Runde fuhr, steht nicht im Ergebnis des Rennens.")
    qualified, parts = _qualifying(sheets["qualifying.csv"].of(year, round_), cars, race["qualifyingFormat"])
    sprinted = _race(sprint_rows, cars, {})
    found = [_free_practice(race, place, number) for number in (1, 2, 3)]
    found += [
        _planned(race, place, "sprintQualifying", SessionRecord("SQ", "Sprint-Qualifying", "qualifying")),
        _planned(race, place, "sprintRace", SessionRecord("SR", "Sprint", "sprint", classification=sprinted)),
        _planned(
            race, place, "qualifying",
            SessionRecord("Q", "Qualifying", "qualifying", classification=qualified, part_names=parts),
        ),
    ]  # fmt: skip
    day, time = _local(race.day("date"), race.clock("time"), place)
    last = SessionRecord("R", "Rennen", "race", date=day, time=time, classification=raced)
    return [*(session for session in found if session is not None), last]


def _free_practice(race: Row, place: CircuitRecord, number: int) -> SessionRecord | None:
    session = SessionRecord(f"FP{number}", f"{number}. Freies Training", "practice")
    return _planned(race, place, f"freePractice{number}", session)


def _planned(race: Row, place: CircuitRecord, column: str, session: SessionRecord) -> SessionRecord | None:
    """The session with its day and time; None where neither a date nor a result says that it took place."""
    day, time = _local(race.day(f"{column}Date"), race.clock(f"{column}Time"), place)
    if day is None and not session.classification:
        return None
    return replace(session, date=day, time=time)


def _local(day: dt.date | None, time: dt.time | None, place: CircuitRecord) -> tuple[dt.date | None, dt.time | None]:
    """Day and time at the venue from those in UTC."""
    if day is None or time is None:
        return (day - dt.timedelta(days=1) if day is not None and place.runs_at_night else day), None
    local = dt.datetime.combine(day, time, dt.UTC).astimezone(place.zone)
    return local.date(), local.time()


def _in_order(sessions: list[SessionRecord]) -> list[SessionRecord]:
    """By day and time; without them as the weekend goes, which the list already does."""
    if any(session.date is None or session.time is None for session in sessions):
        return sessions
    return sorted(sessions, key=lambda session: (session.date or dt.date.max, session.time or dt.time.max))


# rows


def _of_whom(row: Row) -> tuple[str, str]:
    return row["driverNumber"], row["driverId"]


class _Cars:
    """The cars of a weekend by number. Two lines of one number are one car if shared or so known, else two."""

    def __init__(self) -> None:
        self._cars: dict[str, list[tuple[str, set[str]]]] = {}  # number -> make and drivers of each car

    def place(self, rows: Iterable[Row]) -> dict[int, tuple[int, int]]:
        """The line of the entry and the share in it for each row of a session, by line of the file."""
        placed: dict[int, tuple[int, int]] = {}
        shares: dict[tuple[str, int], int] = {}
        # Whoever is known finds his car first: a stand-in must not take it.
        for row in sorted(rows, key=lambda row: self._of_driver(row) is None):
            number = row["driverNumber"]
            line = self._line(row, shares)
            shares[number, line] = shares.get((number, line), 0) + 1
            placed[row.line] = (line, shares[number, line])
        return placed

    def _of_driver(self, row: Row) -> int | None:
        cars = self._cars.get(row["driverNumber"], [])
        return next((line for line, (_make, drivers) in enumerate(cars, 1) if row["driverId"] in drivers), None)

    def _line(self, row: Row, taken: Mapping[tuple[str, int], int]) -> int:
        number, make = row["driverNumber"], f"{row['constructorId']}/{row['engineManufacturerId']}"
        cars = self._cars.setdefault(number, [])
        line = self._of_driver(row)
        if line is None and _is_shared(row) and cars:
            line = len(cars)
        if line is None:
            free = (one for one, (its, _d) in enumerate(cars, 1) if its == make and (number, one) not in taken)
            line = next(free, None)
        if line is None:
            cars.append((make, set()))
            line = len(cars)
        cars[line - 1][1].add(row["driverId"])
        return line


def _is_shared(row: Row) -> bool:
    return row.where_there("sharedCar") == "True"


def _race(rows: list[Row], cars: _Cars, best: dict[tuple[str, str], Row]) -> tuple[RowRecord, ...] | None:
    """The lines of a race or sprint; takes the fastest laps it knows the driver of out of `best`."""
    if not rows:
        return None
    placed = cars.place(rows)
    return tuple(_race_line(row, placed[row.line], best.pop(_of_whom(row), None)) for row in rows)


def _race_line(row: Row, placed: tuple[int, int], fastest: Row | None) -> RowRecord:
    gap = row.gap("gap")
    grid = row["gridPosition"]
    return replace(
        _car(row, placed),
        laps=row.count("laps"),
        total_ms=row.time_ms("time"),
        gap_ms=gap.ms if gap else None,
        gap_laps=gap.laps if gap else None,
        best_lap_ms=fastest.time_ms("time") if fastest else None,
        best_lap_number=fastest.count("lap") if fastest else None,
        grid=None if grid == "PL" else row.count("gridPosition", least=1),  # PL: from the pit lane
        penalty_ms=row.time_ms("timePenalty") or 0,
    )


def _qualifying(rows: list[Row], cars: _Cars, format_: str) -> tuple[tuple[RowRecord, ...] | None, tuple[str, ...]]:
    """The lines of the qualifying and the names of its parts."""
    if not rows:
        return None, ()
    placed = cars.place(rows)
    parted = any(row["q1"] or row["q2"] or row["q3"] for row in rows)
    lines = (_qualifying_line(row, placed[row.line], parted=parted, total=format_ in TOTALS) for row in rows)
    return tuple(lines), PARTS if parted else ()


def _qualifying_line(row: Row, placed: tuple[int, int], *, parted: bool, total: bool) -> RowRecord:
    if placed[1] > 1:
        row.doubt("driverId", f"„{row['driverId']}“ steht zweimal im Qualifying; beide Zeilen werden geführt.")
    gap, time = row.gap("gap"), row.time_ms("time")
    parts = tuple(row.time_ms(part.lower()) for part in PARTS) if parted else None
    times = [one for one in (*(parts or ()), None if total else time) if one is not None]
    return replace(
        _car(row, placed),
        laps=row.count("laps"),
        total_ms=time if total else None,
        gap_ms=gap.ms if gap else None,
        best_lap_ms=min(times, default=None),
        part_times_ms=parts,
    )


def _car(row: Row, placed: tuple[int, int]) -> RowRecord:
    """What every line says of a car: number, make, driver, place or fate."""
    position, status, printed = _fate(row)
    constructor, engine = row.key("constructorId"), row["engineManufacturerId"] and row.key("engineManufacturerId")
    key = row.key("driverId")
    first, last = driver_name(key) if key else ("", "?")
    return RowRecord(
        number=_number(row),
        entry_line=placed[0],
        share=placed[1],
        position=position,
        status=status,
        printed_status=printed,
        team=constructor_name(constructor),
        manufacturer=constructor_name(constructor),
        car=car_name(constructor, engine),
        car_key=f"{constructor}+{engine}" if engine else constructor,
        drivers=(DriverRecord(first, last, key=key),),
        line=row.line,
    )


def _number(row: Row) -> str:
    number = row["driverNumber"]
    if not (number.isascii() and number.isalnum() and len(number) <= 4):  # noqa: PLR2004 - no number is longer
        row.fault("driverNumber", f"„{number[:40]}“ ist keine Startnummer.")
    return number


def _fate(row: Row) -> tuple[int | None, str, str]:
    """Position, status and what is printed of it: why a car retired, or the finer word we have no code for."""
    reason = row.where_there("reasonRetired")[:40]
    text = row["position"]
    if text.isascii() and text.isdigit():
        return row.count("position", least=1), CLASSIFIED, reason
    try:
        status = read_status(text)
    except UnknownStatus as unknown:
        row.fault("position", str(unknown))
        return None, CLASSIFIED, ""
    finer = "" if print_status(status) == text else text
    return None, status, " · ".join(part for part in (finer, reason) if part)


# standings


def _standings(rows: list[Row], *, after: str, final: bool) -> tuple[StandingRecord, ...]:
    for row in rows:
        if row["championship"] not in CHAMPIONSHIPS:
            row.fault("championship", f"„{row['championship'][:40]}“ ist weder driver noch constructor.")
    tables = []
    for key, name in CHAMPIONSHIPS.items():
        lines = tuple(_standing_line(row, key) for row in rows if row["championship"] == key)
        if lines:
            tables.append(StandingRecord(key=key, name=name, rows=lines, after=after, final=final))
    return tuple(tables)


def _standing_line(row: Row, championship: str) -> StandingRowRecord:
    if championship == "driver":
        key = row.key("driverId")
        entrant = " ".join(driver_name(key)).strip() if key else "?"
    else:
        key = row.key("constructorId")
        entrant = car_name(key, row["engineManufacturerId"]) if key else "?"
    position = row["position"]
    # Whoever is struck from a championship keeps his points and has no place.
    place = None if position in {"EX", "DSQ"} else row.count("position", least=1)
    return StandingRowRecord(place, entrant, row.points("points"))
