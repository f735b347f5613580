"""Weekdays, clock times and day ranges as announcements print them, and the year they leave out."""

import datetime as dt

import pytest

from articles.importers.timetable import DayRange, Reference, read_range, read_rows
from articles.importers.years import settle

SATURDAY, SUNDAY = 5, 6


@pytest.mark.parametrize(
    ("text", "first", "last"),
    [
        ("23. - 25. Mai", (5, 23), (5, 25)),
        ("23.-25. Mai", (5, 23), (5, 25)),
        ("9. – 11. Mai", (5, 9), (5, 11)),
        ("23. bis 25. Mai", (5, 23), (5, 25)),
        ("30. Mai - 1. Juni", (5, 30), (6, 1)),
        ("30. - 1. Juni", (5, 30), (6, 1)),
        ("31. Dezember - 2. Januar", (12, 31), (1, 2)),
        ("29. Feb. – 1. März", (2, 29), (3, 1)),
        ("18 – 20 July", (7, 18), (7, 20)),
        ("18th - 20th July", (7, 18), (7, 20)),
        ("July 18-20", (7, 18), (7, 20)),
        ("May 30 - June 1", (5, 30), (6, 1)),
        ("Fr. 23. - So. 25. Mai", (5, 23), (5, 25)),
        ("Fr., 23. Mai - So., 25. Mai", (5, 23), (5, 25)),
        ("4./5. Oktober", (10, 4), (10, 5)),
        ("4. und 5. Oktober", (10, 4), (10, 5)),
        ("23., 24. und 25. Mai", (5, 23), (5, 25)),
        ("19.06.-22.06.", (6, 19), (6, 22)),
        ("19. - 22.06.", (6, 19), (6, 22)),
        ("(1. - 3. August)", (8, 1), (8, 3)),
        ("24. Mai", (5, 24), (5, 24)),
        ("Samstag, 24. Mai", (5, 24), (5, 24)),
        ("Saturday 24 May", (5, 24), (5, 24)),
    ],
)
def test_a_range_of_days_is_read_in_every_printed_form(text, first, last):
    found = read_range(text)

    assert (found.first, found.last, found.first_year, found.last_year) == (first, last, None, None)


@pytest.mark.parametrize(
    ("text", "first", "last"),
    [
        ("19.06.-22.06.2014", "2014-06-19", "2014-06-22"),
        ("23. - 25. Mai 2025", "2025-05-23", "2025-05-25"),
        ("July 18-20, 2025", "2025-07-18", "2025-07-20"),
        ("31. Dezember 2025 - 2. Januar 2026", "2025-12-31", "2026-01-02"),
        ("31. Dezember - 2. Januar 2026", "2025-12-31", "2026-01-02"),
        ("2025-07-18 - 2025-07-20", "2025-07-18", "2025-07-20"),
    ],
)
def test_a_printed_year_decides(text, first, last):
    dated = settle(read_range(text), [], None, None)

    assert (dated.start.isoformat(), dated.end.isoformat(), dated.doubtful) == (first, last, False)


@pytest.mark.parametrize(
    "text",
    ["Lausitzring", "24", "23. - 45. Mai", "31. Juni", "1. Januar - 31. Dezember", "Platz 3 - 5", "", "Mai", "9:35"],
)
def test_what_is_no_range_is_none(text):
    assert read_range(text) is None


@pytest.mark.parametrize(
    ("text", "name", "weekday", "time"),
    [
        ("Qualifying 1 Sa. 09:35 Uhr", "Qualifying 1", 5, "09:35"),
        ("Rennen 2 So. 15:10 Uhr", "Rennen 2", 6, "15:10"),
        ("Free Practice Fri 13:40", "Free Practice", 4, "13:40"),
        ("Samstag, 15.00 Uhr", "", 5, "15:00"),
        ("Samstag, 15.00 Uhr: Rennen 1", "Rennen 1", 5, "15:00"),
        ("Rennen Samstag 15 Uhr", "Rennen", 5, "15:00"),
        ("Rennen: So., ab 12.45 Uhr", "Rennen", 6, "12:45"),
        ("Race 1 Sat 8:15 pm", "Race 1", 5, "20:15"),
        ("Race 2 Sun 8pm", "Race 2", 6, "20:00"),
        ("Qualifying Sat 12:05 a.m.", "Qualifying", 5, "00:05"),
        ("Lunch race Sun 12:05 pm", "Lunch race", 6, "12:05"),
        ("Race Sunday 2:30 p.m. BST", "Race", 6, "14:30"),
        ("Qualifying Sa 9:35 - 10:05 Uhr", "Qualifying", 5, "09:35"),
        ("Sa. 09:35 Uhr Qualifying 1", "Qualifying 1", 5, "09:35"),
        ("Qualifying | Sa. | 09:35 Uhr", "Qualifying", 5, "09:35"),
        ("Rennen 1 Sa. 24. Mai 15:00 Uhr", "Rennen 1", 5, "15:00"),
        ("Rennen 15:00 Uhr", "Rennen", None, "15:00"),
        ("Rennen So. 15:00 Uhr (MESZ)", "Rennen", 6, "15:00"),
    ],
)
def test_a_row_gives_name_weekday_and_time(text, name, weekday, time):
    (row,) = read_rows(text)

    assert (row.name, row.when.weekday, row.when.time.isoformat("minutes")) == (name, weekday, time)


def test_rows_glued_to_one_line_come_apart():
    rows = read_rows("Qualifying 1 Sa. 09:35 Uhr Rennen 1 Sa. 15:00 Uhr Rennen 2 So. 15:10 Uhr")

    assert [(row.name, row.when.weekday, row.when.time.hour) for row in rows] == [
        ("Qualifying 1", 5, 9),
        ("Rennen 1", 5, 15),
        ("Rennen 2", 6, 15),
    ]


def test_midnight_at_the_end_of_a_day_belongs_to_the_next():
    (row,) = read_rows("Rennen Sa. 24:00 Uhr")

    assert (row.when.time, row.when.next_day) == (dt.time(0), True)


@pytest.mark.parametrize(
    "text", ["Platz 8.30", "1:46.540 Minuten", "0,290 Sekunden", "8.31,192 min.", "25:10 Uhr", "9:75"]
)
def test_lap_times_and_nonsense_are_no_clock_times(text):
    assert read_rows(text) == []


def test_the_nearest_year_with_fitting_weekdays_wins():
    days = DayRange((5, 23), (5, 25))

    dated = settle(days, [SATURDAY, SUNDAY], Reference.of("2013-09"), None)

    assert (dated.start, dated.end) == (dt.date(2014, 5, 23), dt.date(2014, 5, 25))
    assert dated.doubtful is False  # 2014-05-23 is less than twelve months from September 2013


def test_a_year_more_than_twelve_months_away_is_a_doubt():
    days = DayRange((5, 23), (5, 25))

    dated = settle(days, [4, SATURDAY, SUNDAY], Reference.of("2022-01-15"), None)

    assert (dated.start.year, dated.doubtful) == (2025, True)


def test_an_event_exactly_twelve_months_ahead_is_no_doubt():
    dated = settle(DayRange((5, 24), (5, 24)), [SATURDAY], Reference.of("2024-05-24"), None)

    assert (dated.start, dated.doubtful) == (dt.date(2025, 5, 24), False)


def test_without_any_date_today_only_proposes():
    proposed = settle(DayRange((5, 23), (5, 25)), [SATURDAY], None, dt.date(2025, 5, 1))
    unknown = settle(DayRange((5, 23), (5, 25)), [SATURDAY], None, None)

    assert (proposed.start, proposed.doubtful) == (dt.date(2025, 5, 23), True)
    assert (unknown.start, unknown.end, unknown.doubtful) == (None, None, True)


def test_of_two_equally_near_years_the_later_is_taken():
    dated = settle(DayRange((7, 1), (7, 1)), [], Reference(dt.date(2024, 12, 30), dt.date(2024, 12, 30)), None)

    assert dated.start == dt.date(2024, 7, 1)  # 182 days back, 183 ahead
    assert settle(DayRange((7, 1), (7, 1)), [], Reference.of("2024-12-30"), None).years[:2] == (2024, 2025)


def test_weekdays_that_fit_no_year_are_a_doubt_and_keep_the_nearest_year():
    dated = settle(DayRange((5, 24), (5, 25)), [4, SATURDAY, SUNDAY], Reference.of("2025-05-01"), None)

    assert (dated.start, dated.doubtful) == (dt.date(2025, 5, 24), True)


def test_a_leap_day_finds_its_year():
    dated = settle(DayRange((2, 29), (3, 1)), [], Reference.of("2023-08-01"), None)

    assert dated.start == dt.date(2024, 2, 29)


def test_a_printed_year_that_contradicts_the_weekday_is_a_doubt():
    dated = settle(read_range("Samstag, 24. Mai 2024"), [], None, None)

    assert (dated.start, dated.doubtful) == (dt.date(2024, 5, 24), True)
