"""Rules that make more than a table can hold, or name what no row can, are refused in words, and at once."""

import time

import pytest

from results.points.packs import PackRefused, read_rules
from results.points.rule_text import RulesRefused, read_text

SCORES = {"scores": [{"table": [10]}]}


def refusal(said):
    with pytest.raises(PackRefused) as refused:
        read_rules(SCORES | said, key="x", subject="driver", place="Hier")
    str(refused.value).encode()  # a page can print it
    return str(refused.value)


@pytest.mark.parametrize(
    ("factor", "words"),
    [
        ("0.3333333333", "Faktor von 0 bis 10"),
        ("1/999", "Nenner"),
        ("0.123", "Nenner"),
        ("1e-1000000", "Faktor von 0 bis 10"),
        ("1e-3000000", "Faktor von 0 bis 10"),
        ("1/0", "Faktor von 0 bis 10"),
        ("٣", "Faktor von 0 bis 10"),
        (1e-9, "Faktor von 0 bis 10"),
        pytest.param(10**5000, "Faktor von 0 bis 10", id="a number of 5000 digits"),
    ],
)
def test_a_factor_that_no_row_can_hold_is_refused_at_once(factor, words):
    begun = time.perf_counter()

    assert words in refusal({"scores": [{"table": [10], "factor": factor}]})
    assert time.perf_counter() - begun < 0.5


@pytest.mark.parametrize("factor", ["1/2", "0.5", 2, 1.25, "5/4", "37/40", "0.875", "10"])
def test_a_factor_that_a_series_uses_is_read(factor):
    read_rules({"scores": [{"table": [10], "factor": factor}]}, key="x", subject="driver", place="Hier")


def test_the_longest_product_of_factors_fits_its_column():
    read = read_rules(
        {
            "scores": [{"table": [1], "factor": "9.99"}],
            "shares": {"1": "99/100"},
            "pairings": [{"ratings": ["gold"], "factor": "9.97"}],
        },
        key="x", subject="driver", place="Hier",
    )  # fmt: skip

    assert len(str(read.scores[0].factor * read.shares[0][1] * read.pairings[0].factor)) <= 20


@pytest.mark.parametrize(
    ("said", "words"),
    [
        ({"bonuses": [{"cause": "pole", "points": 100}] * 1100}, "zu lang"),
        ({"bonuses": [{"cause": "pole", "points": 1000}]}, "höchstens 100 Punkte"),
        ({"adjustments": [{"competitor": "a", "points": 1000}] * 1100}, "zu lang"),
        ({"scores": [{"table": [1000], "factor": 10}]}, "mehr als 2000 Punkte wert"),
        ({"scores": [{"table": [1000], "factor": 2}], "pairings": [{"ratings": ["gold"], "factor": 2}]}, "mehr als 2000"),
        ({"split_step": 1000}, "höchstens 10 Punkte"),
        ({"shares": {"1": "3/2"}}, "Faktor von 0 bis 1"),
    ],
)  # fmt: skip
def test_sums_that_no_table_can_hold_are_refused(said, words):
    assert words in refusal(said)


@pytest.mark.parametrize(
    ("said", "words"),
    [
        ({"shares": {"1" * 5000: 1}}, "keine Nummer eines Laufs"),
        ({"cup": "a\0"}, "nicht speichern"),
        ({"cup": "\ud800"}, "nicht speichern"),
        ({"a\0": 1}, "kein Wort"),
        ({"\ud800": 1}, "kein Wort"),
        ({"shares": {"\ud800": 1}}, "keine Nummer"),
        ({"scores": [{"table": ["\ud800"]}]}, "keine Zahl"),
        ({"scores": [{"table": [1], "\ud800": 1}]}, "kein Wort"),
        ({"ties": ["\ud800"]}, "nicht speichern"),
        ({"adjustments": [{"competitor": "", "points": 1}]}, "fehlt der Name"),
        ({"adjustments": [{"competitor": " ", "points": 1}]}, "fehlt der Name"),
        ({"exclusions": [{"competitor": "", "printed": "EX"}]}, "fehlt der Name"),
        ({"ineligible": {"1": [""]}}, "fehlt der Name"),
    ],
)
def test_what_no_row_and_no_page_can_hold_is_refused_in_words(said, words):
    assert words in refusal(said)


@pytest.mark.parametrize(
    "word", ['"\\ud800": 1, "\\ud800": 2', '"a\\u0000": 1', '"cup": "\\ud800"', '"rounds": ' + "1" * 5000]
)
def test_as_text_it_is_refused_too(word):
    with pytest.raises(RulesRefused) as refused:
        read_text('{"scores": [{"table": [1]}], ' + word + "}", key="x", subject="driver")

    assert all(fault.reason.encode() for fault in refused.value.faults)
