"""Nations as sheets print them, in German words."""

import pytest

from results.nations import nation


@pytest.mark.parametrize(
    ("printed", "code", "name"),
    [
        ("GER", "GER", "Deutschland"),
        ("DEU", "GER", "Deutschland"),
        ("de", "GER", "Deutschland"),
        ("SUI", "SUI", "Schweiz"),
        ("SWZ", "SUI", "Schweiz"),
        ("SWI", "SUI", "Schweiz"),
        ("UAE", "UAE", "Vereinigte Arabische Emirate"),
        ("United States", "USA", "Vereinigte Staaten von Amerika"),
        ("Germany", "GER", "Deutschland"),
        ("XQZ", "XQZ", "XQZ"),
        ("Lummerland", "Lummerland", "Lummerland"),
    ],
)
def test_a_nation_is_named_in_german_and_what_nobody_knows_stays_as_printed(printed, code, name):
    found = nation(printed)

    assert (found.code, found.name) == (code, name)


@pytest.mark.parametrize("printed", ["", "?", "-", " "])
def test_a_sign_without_letters_is_no_nation(printed):
    assert nation(printed) is None
