"""Cells of the sheet: every notation in, German out, and whatever else somebody types is refused with a reason."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from results.importers.status import STATUSES, print_status
from results.notation import MAX_LAPS, MAX_MS, Gap, Penalty, format_gap, format_lap_time, format_penalty
from results.sheet import columns
from results.sheet.columns import CarNumber, CellRefused, Fate

TIMES = st.integers(1, MAX_MS)
LAPS = st.integers(1, MAX_LAPS)
LANGUAGES = st.sampled_from(["de", "en"])


@given(TIMES, LANGUAGES)
def test_every_time_in_both_languages_comes_back(ms, language):
    assert columns.read_time(format_lap_time(ms, language)) == ms
    assert columns.write_time(ms) == format_lap_time(ms)


@given(st.builds(Gap, ms=st.integers(0, MAX_MS)) | st.builds(Gap, laps=LAPS), LANGUAGES)
def test_every_gap_in_both_languages_comes_back(gap, language):
    assert columns.read_gap(format_gap(gap, language)) == gap
    assert columns.read_gap(columns.write_gap(gap.ms, gap.laps)) == gap


@given(st.integers(0, MAX_MS), st.integers(0, MAX_LAPS), LANGUAGES)
def test_every_penalty_comes_back(ms, laps, language):
    penalty = Penalty(ms, laps)
    assert columns.read_penalty(format_penalty(penalty, language)) == penalty


def refusal(read, text):
    """Why a text is no such cell; empty if it is one."""
    try:
        read(columns.checked(text))
    except CellRefused as refused:
        return str(refused)
    return ""


@given(st.text(max_size=300))
def test_any_text_is_read_or_refused_with_a_sentence(text):
    for read in (
        columns.read_time, columns.read_gap, columns.read_penalty, columns.read_fate, columns.read_number,
        columns.read_count,
    ):  # fmt: skip
        said = refusal(read, text)
        assert said.isprintable()
        assert not said or said.endswith(".")


@pytest.mark.parametrize(
    ("typed", "ms"),
    [
        ("1:46.540", 106_540), ("1:46,250 Minuten", 106_250), ("1.47,049 Minuten", 107_049), ("8.31,192 min.", 511_192),
        ("53.276", 53_276), ("6:01:29,5 Stunden", 21_689_500), ("1'58.056", 118_056), ("5:44'41.101", 20_681_101),
        ("32.47,209", 1_967_209), ("2h57m", 10_620_000), ("127s", 127_000), ("24:00:18.099‡", 86_418_099),
        ("00.000", None), ("-", None), ("", None),
    ],
)  # fmt: skip
def test_notations_of_timing_files_and_articles(typed, ms):
    assert columns.read_time(typed) == ms


@pytest.mark.parametrize(
    ("typed", "fate"),
    [
        ("3", Fate(3)), ("3.", Fate(3)), ("P3", Fate(3)), ("DNF", Fate(None, "dnf")), ("dnf", Fate(None, "dnf", "dnf")),
        ("Ausfall", Fate(None, "dnf", "Ausfall")), ("DNPQ", Fate(None, "dnq", "DNPQ")), ("CLA", Fate(None, "classified")),
        ("", None), ("–", None),
    ],
)  # fmt: skip
def test_places_and_printed_statuses(typed, fate):
    assert columns.read_fate(typed) == fate


@pytest.mark.parametrize("status", STATUSES)
def test_every_status_is_written_and_read(status):
    assert columns.read_fate(columns.write_fate(None, status)) == Fate(None, status)
    assert columns.write_fate(None, status, "Getriebe") == print_status(status)


@pytest.mark.parametrize(
    ("typed", "number"),
    [
        ("7", CarNumber("7")), ("#007", CarNumber("007")), ("21B", CarNumber("21B")), ("7·2", CarNumber("7·2")),
        ("7*2", CarNumber("7·2")), ("7/2", CarNumber("7", 2)), ("7·2/3", CarNumber("7·2", 3)), ("", None),
    ],
)  # fmt: skip
def test_car_numbers(typed, number):
    assert columns.read_number(typed) == number


@pytest.mark.parametrize("typed", ["=1+1", "7 8", "７", "123456789", "7/0", "7·0", "<b>"])
def test_what_is_no_car_number(typed):
    with pytest.raises(CellRefused, match="ist keine Startnummer"):
        columns.read_number(typed)


def test_a_dot_alone_asks_which_is_meant():
    with pytest.raises(CellRefused, match="gemeint sein kann 1:47,000 oder 1,470"):
        columns.read_time("1.47")
