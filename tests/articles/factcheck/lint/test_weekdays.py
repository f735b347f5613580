"""Weekday against date. The event of these tests is on Saturday and Sunday, 1 and 2 November 2014."""

import datetime as dt

import pytest

from articles.factcheck.lint.linters.weekdays import lint
from articles.factcheck.lint.piece import Starters
from tests.articles.factcheck.lint.desk import piece, said


@pytest.mark.parametrize(
    "text",
    [
        "am Sonntag, 2. November 2014", "am Sonntag, den 2. November", "am Sonntag (2. November)", "So., 02.11.", "So. 2.11.2014",
        "So 2.11.14", "Sonnabend, 1. November", "Samstagabend, 1. November", "Saturday, 1 November", "Saturday 1st November 2014",
        "Saturday, November 1, 2014", "Sunday, Nov. 2", "Sunday the 2nd of November", "Sunday 2014-11-02", "2. November (Sonntag)",
        "1. und 2. November (Sonntag)", "Samstag und Sonntag, 1. und 2. November", "Samstag/Sonntag, 1./2. November",
        "vom Freitag, 31. Oktober, bis Sonntag, 2. November", "Samstag, 1., bis Sonntag, 2. November 2014",
        "Sat–Sun 1–2 November", "Am Sonntag, 1. Mai 1994,", "Im Mai 1994, am Samstag, 30. April, starb er.",
        "Mittwoch, 7. Januar", "So. 13.05 Uhr", "So. 9.10. Uhr", "29. Februar 2024", "Am 31. Dezember", "im Jahr 2014", "Nr. 31. 11.",
        "Sonntag war es, 3. wurde November.", "einst am Montag, 2. November,",
    ],
)  # fmt: skip
def test_right_days_in_all_writings(text):
    assert said(text, lint) == []


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("am Sonntag, 3. November 2014", "Sonntag"), ("am Samstag, den 2. November", "Samstag"), ("So., 01.11.", "So."),
        ("Mo. 2.11.2014", "Mo."), ("Fr 2.11.14", "Fr"), ("Samstagabend, 2. November", "Samstagabend"), ("Sunday, 1 November", "Sunday"),
        ("Saturday, November 2, 2014", "Saturday"), ("Fri., Nov. 2", "Fri."), ("Sunday 2014-11-01", "Sunday"),
        ("2. November 2014 (Samstag)", "Samstag"), ("Montag und Sonntag, 1. und 2. November", "Montag"),
        ("Freitag, 1., bis Sonntag, 2. November", "Freitag"), ("Saturday (11 July 2021)", "Saturday"),
    ],
)  # fmt: skip
def test_wrong_weekdays_in_all_writings(text, words):
    assert [found for found, _proposal in said(text, lint)] == [words]


@pytest.mark.parametrize(
    "text", ["31. November", "30. Februar", "29. Februar 2023", "31 June 2021", "September 31", "31.04.2021"]
)
def test_days_that_no_calendar_has(text):
    assert said(text, lint) == [(text, None)]


def test_the_weekday_is_proposed_where_only_it_can_be_wrong():
    assert said("am Mittwoch, 2. November", lint) == [("Mittwoch", "Sonntag")]
    assert said("am Mittwochabend, 2. November", lint) == [("Mittwochabend", "Sonntagabend")]
    assert said("Wed., 2 November", lint) == [("Wed.", "Sun.")]
    assert said("am Montagmorgen, 2. November", lint) == [("Montagmorgen", "Sonntagmorgen")]
    assert said("Mon., 2 November", lint) == [("Mon.", "Sun.")]
    one = piece("am Sonntag, 1. November")  # the Sunday of the event is the second: either may be wrong
    assert [(remark.suggestion, remark.why) for remark in lint(one)] == [
        (None, "Der 1. November 2014 ist ein Samstag; der Sonntag der Veranstaltung ist der 2. November.")
    ]


def test_without_any_year_nothing_is_said_and_the_day_of_the_text_gives_one():
    nobody = Starters()
    assert said("am Sonntag, 1. November", lint, starters=nobody) == []
    assert said("am Sonntag, 1. November", lint, starters=nobody, written=dt.date(2014, 10, 30)) == [("Sonntag", None)]
    # A text of December about January, and one of January about December.
    assert said("am Samstag, 24. Januar", lint, starters=nobody, written=dt.date(2025, 12, 20)) == []
    assert said("am Samstag, 20. Dezember", lint, starters=nobody, written=dt.date(2026, 1, 3)) == []


MONTHS = ["Januar", "Februar", "März", "April", "Mai", "Juni", "Juli", "August", "September", "Oktober", "November", "Dezember"]  # fmt: skip
ENGLISH_MONTHS = ["January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November", "December"]  # fmt: skip
WRITINGS = [
    "{g}, {d}. {m} {y}", "{g} ({d}. {m} {y})", "{g}, den {d}. {m} {y}", "{s}., {d:02}.{n:02}.{y}", "{s} {d}.{n}.{y}", "{d}. {m} {y} ({g})",
    "am {g}abend, {d}. {m} {y},", "{e}, {d} {em} {y}", "{e}, {em} {d}, {y}", "{es} {d} {em} {y}", "{e} {y}-{n:02}-{d:02}",
    "{d} {em} {y} ({e})", "{e} the {d}th of {em} {y}", "{g}, {d}.{n}.{yy:02}", "{g} {d}. {m} {y} um 15 Uhr",
]  # fmt: skip


def written(writing, day, weekday):
    german = ("Montag", "Dienstag", "Mittwoch", "Donnerstag", "Freitag", "Samstag", "Sonntag")[weekday]
    english = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")[weekday]
    return writing.format(
        g=german, s=german[:2], e=english, es=english[:3], d=day.day, n=day.month, y=day.year, yy=day.year % 100,
        m=MONTHS[day.month - 1], em=ENGLISH_MONTHS[day.month - 1],
    )  # fmt: skip


@pytest.mark.parametrize("writing", WRITINGS)
def test_every_day_of_ten_years_by_computed_truth(writing):
    for step in range(0, 3650, 29):
        day = dt.date(2012, 1, 1) + dt.timedelta(days=step)
        assert said(written(writing, day, day.weekday()), lint) == []
        for off in (1, 3, 6):
            assert len(said(written(writing, day, (day.weekday() + off) % 7), lint)) == 1
