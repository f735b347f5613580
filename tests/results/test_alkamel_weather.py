import csv
import datetime as dt
import io
import time
from contextlib import suppress
from decimal import Decimal
from pathlib import Path

import pytest

from results.importers import alkamel_weather, sniff
from results.importers.records import FileRefused, WeatherRecord
from tests.results.damage import HOSTILE, survives
from tests.shared import SHARED, needs_shared

FILES = Path(__file__).parent.parent / "data" / "alkamel"
IMPERIAL = (FILES / "weather_imsa.csv").read_bytes()
METRIC = (FILES / "weather_wec.csv").read_bytes()
REAL = sorted((SHARED / "data" / "imsa_alkamel" / "weather").glob("*.csv"))


def readings(data):
    parsed = alkamel_weather.parse(data)
    assert parsed.rejected == ()
    return parsed.sessions[0].weather


def columns(problems):
    return [problem.column for problem in problems]


def sheet(*lines):
    return "\n".join(
        ["TIME_UTC_SECONDS;AIR_TEMP;TRACK_TEMP;HUMIDITY;PRESSURE;WIND_SPEED;WIND_DIRECTION;RAIN", *lines]
    ).encode()


def test_degrees_fahrenheit_inches_of_mercury_and_miles_become_our_units():
    assert readings(IMPERIAL) == (
        WeatherRecord(
            dt.datetime(2021, 9, 25, 21, 6, 21, tzinfo=dt.UTC), Decimal("22.7"), Decimal("44.3"), 70, Decimal("1013.0"), Decimal("4.2"), 111, raining=False, line=2
        ),
        WeatherRecord(
            dt.datetime(2021, 9, 25, 21, 7, 21, tzinfo=dt.UTC), Decimal("22.0"), Decimal("40.0"), 68, Decimal("1012.2"), Decimal("16.1"), 0, raining=False, line=3
        ),
        WeatherRecord(
            dt.datetime(2021, 9, 25, 21, 8, 21, tzinfo=dt.UTC), Decimal("20.0"), Decimal("35.0"), 99, Decimal("1009.1"), Decimal("0.0"), 360, raining=True, line=4
        ),
    )  # fmt: skip


def test_what_was_converted_is_said():
    assert columns(alkamel_weather.parse(IMPERIAL).doubts) == ["AIR_TEMP", "PRESSURE", "WIND_SPEED"]
    assert "Grad Fahrenheit gemessen (Luft meist 71,6)" in alkamel_weather.parse(IMPERIAL).doubts[0].reason


def test_metric_figures_stay_as_they_are_with_decimal_commas_too():
    first, second = readings(METRIC)
    assert first == WeatherRecord(
        dt.datetime(2025, 9, 6, 18, 41, 18, tzinfo=dt.UTC), Decimal("29.8"), None, 57, Decimal("992.9"), Decimal("2.9"), 342, line=2
    )  # fmt: skip
    assert (second.air_c, second.wind_kmh, second.wind_degrees, second.raining) == (
        Decimal("29.8"),
        Decimal("0.0"),
        None,
        True,
    )


def test_a_track_without_a_sensor_has_no_temperature():
    assert columns(alkamel_weather.parse(METRIC).doubts) == ["TRACK_TEMP"]
    icy = sheet("1757184078;-2.5;0;90;1010;5;10;0")
    assert (readings(icy)[0].track_c, alkamel_weather.parse(icy).doubts) == (Decimal("0.0"), ())


@pytest.mark.parametrize(("air", "pressure", "celsius"), [
    ("45", "29.9", "7.2"),
    ("35", "29.9", "35.0"),
    ("45", "1013", "45.0"),
    ("66", "1013", "18.9"),
    ("66", "", "18.9"),
    ("31", "", "31.0"),
])  # fmt: skip
def test_the_figures_decide_the_unit(air, pressure, celsius):
    assert readings(sheet(f"1757184078;{air};;;{pressure};;;"))[0].air_c == Decimal(celsius)


@pytest.mark.parametrize(("line", "column"), [
    (";20;30;50;1000;1;1;0", "TIME_UTC_SECONDS"),
    ("gestern;20;30;50;1000;1;1;0", "TIME_UTC_SECONDS"),
    ("99999999999;20;30;50;1000;1;1;0", "TIME_UTC_SECONDS"),
    ("1757184078;NaN;30;50;1000;1;1;0", "AIR_TEMP"),
    ("1757184078;20;1e9;50;1000;1;1;0", "TRACK_TEMP"),
    ("1757184078;20;30;101;1000;1;1;0", "HUMIDITY"),
    ("1757184078;20;30;-1;1000;1;1;0", "HUMIDITY"),
    ("1757184078;20;30;50;5000;1;1;0", "PRESSURE"),
    ("1757184078;20;30;50;1000;-1;1;0", "WIND_SPEED"),
    ("1757184078;20;30;50;1000;1;361;0", "WIND_DIRECTION"),
    ("1757184078;20;30;50;1000;1;1;ja", "RAIN"),
    ("1757184078;20;30;50;1000;1;1", None),
    ("1757184078;20;30;50;1000;1;1;0;0", None),
])  # fmt: skip
def test_what_cannot_be_true_is_named_with_line_and_column(line, column):
    parsed = alkamel_weather.parse(sheet("1757184000;20;30;50;1000;1;1;0", line))
    assert [(problem.line, problem.column) for problem in parsed.rejected] == [(3, column)]


def test_two_readings_of_one_instant_are_one():
    parsed = alkamel_weather.parse(sheet("1757184078;20;;;;;;", "1757184078;21;;;;;;"))
    assert [record.air_c for record in parsed.sessions[0].weather] == [Decimal("20.0")]
    assert [problem.line for problem in parsed.doubts] == [3]


def test_a_header_that_lost_the_time_is_recognised_and_refused():
    data = IMPERIAL.replace(b"TIME_UTC_SECONDS,", b"", 1)
    assert sniff.sniff(data).FORMAT == "alkamel_weather"
    with pytest.raises(FileRefused, match="fehlt die Spalte TIME_UTC_SECONDS"):
        sniff.parse(data)


@pytest.mark.parametrize("line", HOSTILE)
def test_a_hostile_line_costs_nothing(line):
    began = time.perf_counter()
    with suppress(FileRefused):
        alkamel_weather.parse(IMPERIAL + b"\n".join([line] * 20))
    assert time.perf_counter() - began < 2


@pytest.mark.slow
def test_a_damaged_file_is_parsed_or_refused_and_nothing_else():
    survives(alkamel_weather, [IMPERIAL, METRIC])


@needs_shared
def test_every_real_reading_is_the_one_an_independent_reader_converts():
    read = 0
    for path in REAL:
        parsed = sniff.parse(path.read_bytes())
        assert (parsed.format, parsed.rejected) == ("alkamel_weather", ())
        assert columns(parsed.doubts) == ["AIR_TEMP", "PRESSURE", "WIND_SPEED"]
        rows = list(csv.DictReader(io.StringIO(path.read_bytes().decode("utf-8-sig"))))
        assert parsed.rows_read == len(rows) == len(parsed.sessions[0].weather)
        read += len(rows)
        for row, ours in zip(rows, parsed.sessions[0].weather, strict=True):
            assert ours.at.timestamp() == int(row["TIME_UTC_SECONDS"])
            assert float(ours.air_c) == pytest.approx((float(row["AIR_TEMP"]) - 32) / 1.8, abs=0.0501)
            assert float(ours.track_c) == pytest.approx((float(row["TRACK_TEMP"]) - 32) / 1.8, abs=0.0501)
            assert float(ours.pressure_hpa) == pytest.approx(float(row["PRESSURE"]) * 33.8639, abs=0.0501)
            assert float(ours.wind_kmh) == pytest.approx(float(row["WIND_SPEED"]) * 1.609344, abs=0.0501)
            assert (ours.humidity, ours.wind_degrees) == (round(float(row["HUMIDITY"])), int(row["WIND_DIRECTION"]))
            assert ours.raining == (row["RAIN"] == "1")
    assert (len(REAL), read) == (4, 1_022)
