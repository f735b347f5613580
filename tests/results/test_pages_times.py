"""Days, clocks and zones in words, at the venue and in Germany."""

import datetime as dt
from zoneinfo import ZoneInfo

import pytest

from results import venue_time

BERLIN = ZoneInfo("Europe/Berlin")


@pytest.mark.parametrize(
    ("first", "last", "words"),
    [
        ("2021-11-06", "2021-11-06", "6. November 2021"),
        ("2021-11-06", None, "6. November 2021"),
        ("2025-05-23", "2025-05-25", "23.–25. Mai 2025"),
        ("2021-10-30", "2021-11-01", "30. Oktober – 1. November 2021"),
        ("2021-12-31", "2022-01-01", "31. Dezember 2021 – 1. Januar 2022"),
        (None, None, ""),
    ],
)
def test_days_of_an_event(first, last, words):
    assert venue_time.days(first and dt.date.fromisoformat(first), last and dt.date.fromisoformat(last)) == words


@pytest.mark.parametrize(
    ("zone", "instant", "name"),
    [
        ("Europe/Berlin", "2026-03-29T00:59:59", "MEZ"),
        ("Europe/Berlin", "2026-03-29T01:00:00", "MESZ"),
        ("Europe/Rome", "2026-07-01T12:00:00", "MESZ"),
        ("Europe/London", "2026-07-01T12:00:00", "UTC+1"),
        ("Asia/Bahrain", "2026-11-05T13:10:00", "UTC+3"),
        ("Asia/Kolkata", "2026-11-05T13:10:00", "UTC+5:30"),
        ("America/Sao_Paulo", "2026-11-05T13:10:00", "UTC−3"),
        ("America/St_Johns", "2026-11-05T13:10:00", "UTC−3:30"),
    ],
)
def test_name_of_a_zone_at_an_instant(zone, instant, name):
    assert venue_time.zone_name(dt.datetime.fromisoformat(instant).replace(tzinfo=dt.UTC), ZoneInfo(zone)) == name


@pytest.mark.parametrize(
    ("zone", "instant", "words"),
    [
        ("Asia/Bahrain", "2021-11-05T13:10:00", "14:10 Uhr MEZ"),
        ("America/Sao_Paulo", "2026-07-12T23:30:00", "Mo. 01:30 Uhr MESZ"),
        ("Asia/Tokyo", "2026-05-23T20:00:00", "Sa. 22:00 Uhr MESZ"),
        ("Europe/Rome", "2026-05-23T20:00:00", ""),
    ],
)
def test_german_time_of_a_session_abroad(zone, instant, words):
    assert venue_time.in_germany(dt.datetime.fromisoformat(instant).replace(tzinfo=dt.UTC), ZoneInfo(zone)) == words


@pytest.mark.parametrize(
    ("instant", "words"),
    [
        ("2026-10-25T00:30:00", "25. Oktober 2026, 02:30 Uhr MESZ"),
        ("2026-10-25T01:30:00", "25. Oktober 2026, 02:30 Uhr MEZ"),
    ],
)
def test_a_moment_in_the_doubled_hour_says_which(instant, words):
    assert venue_time.moment(dt.datetime.fromisoformat(instant).replace(tzinfo=dt.UTC)) == words
