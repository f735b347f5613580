"""Weather by Al Kamel Systems: "26_Weather" of IMSA and the WEC, one session each.

Semicolons or commas, decimal point or (between semicolons) comma, columns read by their names, a reading a line. The
time is `TIME_UTC_SECONDS`, seconds since 1970; `TIME_UTC_STR` repeats it in three notations and is not read.

No file names its units. IMSA prints degrees Fahrenheit, inches of mercury and miles an hour, the WEC degrees Celsius,
hectopascals and kilometres an hour. The figures of the whole file tell which: no air had 50 degrees Celsius at a race,
pressure is near 30 or near 1000. The wind goes with them, for 5 may be either. What was converted is said as a doubt.

`RAIN` is 1 when it rains; 0 and -1 (no sensor) are dry. A track of 0 degrees in every line, under warmer air, is a missing
sensor and left out.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from decimal import Decimal
from statistics import median

from results.importers.doubts import Doubts, in_order
from results.importers.encoding import decode
from results.importers.records import ParsedFile, Problem, SessionRecord, WeatherRecord
from results.importers.table import MAX_LINE, Cells, Table, header_of, read_table, separator_of
from results.notation import NotationError

FORMAT = "alkamel_weather"
TITLE = "Wetter von Al Kamel (IMSA, WEC)"

TIME = "TIME_UTC_SECONDS"
SIGNATURE = frozenset({
    TIME, "TIME_UTC_STR", "AIR_TEMP", "TRACK_TEMP", "HUMIDITY", "PRESSURE", "WIND_SPEED", "WIND_DIRECTION", "RAIN",
})  # fmt: skip
ENOUGH_OF_SIGNATURE = 4

HOTTEST_AIR = 50  # degrees Celsius; above it the figures are Fahrenheit
HOT_AIR = 40  # the same beside a pressure in inches: 45 degrees are a cold morning at Daytona then
WARM_AIR = 10  # degrees Celsius; under such air no track has 0 for a whole session
HIGHEST_INCHES = 40
TENTH = Decimal("0.1")
HPA_OF_INCH, KM_OF_MILE = Decimal("33.8639"), Decimal("1.609344")

_FIGURE = re.compile(r"-?[0-9]{1,5}(?:[.,][0-9]{1,12})?")
_SECONDS = re.compile(r"[0-9]{9,10}")

Convert = Callable[[Decimal], Decimal]


def recognises(text: str) -> bool:
    """Whether the first line is the header of a weather file, even one from which columns were lost."""
    head = text[:MAX_LINE]
    return len(SIGNATURE.intersection(header_of(head, separator_of(head)))) >= ENOUGH_OF_SIGNATURE


def parse(data: bytes, *, name: str = "") -> ParsedFile:
    """The readings of one session; raises FileRefused for a header without the time."""
    decoded = decode(data)
    table = read_table(decoded.text, separator_of(decoded.text), quoted=True)
    table.require((TIME,))
    twice = Doubts(TIME, "weitere Messungen mit einem Zeitpunkt, der schon da war")
    printed = _unique([reading for cells in table.rows() if (reading := _reading(cells))], twice)
    units = _units(printed)
    weather = tuple(record for reading in printed if (record := _record(reading, units, table)))
    return ParsedFile(
        format=FORMAT,
        sessions=(SessionRecord(key="", weather=weather),),
        rows_read=len(table.lines),
        rejected=tuple(sorted(table.problems, key=lambda problem: problem.line or 0)),
        doubts=in_order([Problem(None, column, said) for column, said in units.said], twice),
        encoding=decoded.encoding,
        extra={"kind": "weather"},
    )


@dataclass(frozen=True, slots=True)
class _Reading:
    """A line in the units of the file."""

    line: int
    at: dt.datetime
    air: Decimal | None
    track: Decimal | None
    humidity: Decimal | None
    pressure: Decimal | None
    wind: Decimal | None
    direction: Decimal | None
    rain: Decimal | None


def _reading(cells: Cells) -> _Reading | None:
    at = cells.read(TIME, _instant)
    if not cells.raw(TIME):
        cells.reject(TIME, "Der Zeitpunkt fehlt.")
    reading = _Reading(
        line=cells.line,
        at=at or dt.datetime.min.replace(tzinfo=dt.UTC),
        air=cells.read("AIR_TEMP", _figure),
        track=cells.read("TRACK_TEMP", _figure),
        humidity=cells.read("HUMIDITY", _figure),
        pressure=cells.read("PRESSURE", _figure),
        wind=cells.read("WIND_SPEED", _figure),
        direction=cells.read("WIND_DIRECTION", _figure),
        rain=cells.read("RAIN", _figure),
    )
    return None if cells.bad else reading


def _instant(text: str) -> dt.datetime:
    if not _SECONDS.fullmatch(text):
        raise NotationError(text, "erwartet werden Sekunden seit 1970", "kein Zeitpunkt")
    return dt.datetime.fromtimestamp(int(text), tz=dt.UTC)


def _figure(text: str) -> Decimal:
    if not _FIGURE.fullmatch(text):
        raise NotationError(text, "erwartet wird zum Beispiel 21.5", "keine Zahl")
    return Decimal(text.replace(",", "."))


def _unique(readings: list[_Reading], twice: Doubts) -> list[_Reading]:
    """One reading an instant: the first."""
    first: dict[dt.datetime, _Reading] = {}
    for reading in readings:
        other = first.setdefault(reading.at, reading)
        if other is not reading:
            twice.add(
                reading.line, f"Für {reading.at:%H:%M:%S} UTC steht schon in Zeile {other.line} eine Messung. Sie gilt."
            )
    return list(first.values())


# ------------------------------------------------------------------ units


@dataclass(frozen=True, slots=True)
class _Units:
    """How the figures of a file become ours; `said` is what a person is told, by column."""

    degrees: Convert
    pressure: Convert
    wind: Convert
    track: bool = True
    said: tuple[tuple[str, str], ...] = ()


def _as_it_is(figure: Decimal) -> Decimal:
    return figure


def _celsius(figure: Decimal) -> Decimal:
    return (figure - 32) * 5 / 9


def _units(readings: list[_Reading]) -> _Units:
    air, pressure = _usual([reading.air for reading in readings]), _usual([reading.pressure for reading in readings])
    units, said = _Units(_as_it_is, _as_it_is, _as_it_is), []
    inches = pressure is not None and pressure < HIGHEST_INCHES
    fahrenheit = air is not None and air > (HOT_AIR if inches else HOTTEST_AIR)
    if fahrenheit:
        units = replace(units, degrees=_celsius)
        said.append(
            (
                "AIR_TEMP",
                f"Luft und Strecke sind in Grad Fahrenheit gemessen (Luft meist {_plain(air)}) und umgerechnet.",
            )
        )
    if inches:
        units = replace(units, pressure=lambda figure: figure * HPA_OF_INCH)
        said.append(
            (
                "PRESSURE",
                f"Der Luftdruck ist in Zoll Quecksilbersäule gemessen (meist {_plain(pressure)}) und umgerechnet.",
            )
        )
    if fahrenheit or (inches and air is None):
        units = replace(units, wind=lambda figure: figure * KM_OF_MILE)
        said.append(
            ("WIND_SPEED", "Der Wind gehört zu diesen Einheiten, wird als Meilen pro Stunde gelesen und umgerechnet.")
        )
    if air is not None and units.degrees(air) > WARM_AIR and {reading.track for reading in readings} == {Decimal(0)}:
        units = replace(units, track=False)
        said.append(("TRACK_TEMP", "Die Strecke hat in jeder Zeile 0 Grad: Der Fühler fehlt, die Spalte bleibt leer."))
    return replace(units, said=tuple(said))


def _usual(figures: list[Decimal | None]) -> Decimal | None:
    known = [figure for figure in figures if figure is not None]
    return Decimal(median(known)) if known else None


def _plain(figure: Decimal | None) -> str:
    return str((figure or Decimal(0)).quantize(TENTH)).replace(".", ",")


def _record(reading: _Reading, units: _Units, table: Table) -> WeatherRecord | None:
    """The reading in our units; None, and a problem, where a figure cannot be true."""
    record = WeatherRecord(
        at=reading.at,
        air_c=_tenths(reading.air, units.degrees),
        track_c=_tenths(reading.track, units.degrees) if units.track else None,
        humidity=_whole(reading.humidity),
        pressure_hpa=_tenths(reading.pressure, units.pressure),
        wind_kmh=_tenths(reading.wind, units.wind),
        wind_degrees=_whole(reading.direction),
        raining=reading.rain is not None and reading.rain > 0,
        line=reading.line,
    )
    for column, value, low, high, unit in _limits(record):
        if value is not None and not low <= value <= high:
            table.reject(reading.line, column, f"{str(value).replace('.', ',')} {unit} kann nicht stimmen.")
            return None
    return record


def _limits(record: WeatherRecord) -> tuple[tuple[str, Decimal | int | None, int, int, str], ...]:
    return (
        ("AIR_TEMP", record.air_c, -40, 60, "°C"),
        ("TRACK_TEMP", record.track_c, -40, 99, "°C"),
        ("HUMIDITY", record.humidity, 0, 100, "%"),
        ("PRESSURE", record.pressure_hpa, 500, 1100, "hPa"),
        ("WIND_SPEED", record.wind_kmh, 0, 300, "km/h"),
        ("WIND_DIRECTION", record.wind_degrees, 0, 360, "Grad"),
    )


def _tenths(figure: Decimal | None, convert: Convert) -> Decimal | None:
    return None if figure is None else convert(figure).quantize(TENTH)


def _whole(figure: Decimal | None) -> int | None:
    return None if figure is None else int(figure.quantize(Decimal(1)))
