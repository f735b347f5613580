"""Dates of any precision: read in German and ISO forms, never more precise than said."""

import datetime as dt

import pytest

from results import partial_dates


@pytest.mark.parametrize(
    ("text", "stored"),
    [
        ("1957", "1957"),
        ("1957-06", "1957-06"),
        ("1957-06-16", "1957-06-16"),
        ("06.1957", "1957-06"),
        ("6.1957", "1957-06"),
        ("16.06.1957", "1957-06-16"),
        (" 16. 6. 1957 ", "1957-06-16"),
    ],
)
def test_a_date_is_read_as_precisely_as_it_is_written(text, stored):
    assert partial_dates.parse(text) == stored


@pytest.mark.parametrize(
    "text", ["", "57", "1957-13", "1957-02-30", "30.02.1957", "Juni 1957", "1957-6", "19577", "1957-06-16x"]
)
def test_what_is_no_date_is_refused_in_words(text):
    with pytest.raises(partial_dates.NoDate, match="ist kein Datum"):
        partial_dates.parse(text)


@pytest.mark.parametrize(
    ("stored", "first", "last", "german"),
    [
        ("1957", (1957, 1, 1), (1957, 12, 31), "1957"),
        ("1956-02", (1956, 2, 1), (1956, 2, 29), "Februar 1956"),
        ("1957-12", (1957, 12, 1), (1957, 12, 31), "Dezember 1957"),
        ("1957-06-16", (1957, 6, 16), (1957, 6, 16), "16. Juni 1957"),
    ],
)
def test_a_date_spans_the_days_it_can_mean(stored, first, last, german):
    assert partial_dates.first_day(stored) == dt.date(*first)
    assert partial_dates.last_day(stored) == dt.date(*last)
    assert partial_dates.in_german(stored) == german


def test_nothing_is_nothing_in_german_too():
    assert partial_dates.in_german("") == ""
