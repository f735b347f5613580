"""Nations as files print them, read as countries with German names."""

import pytest

from results.countries import german_name, is_unknown, iso_code, short_code


@pytest.mark.parametrize(
    ("printed", "code"),
    [
        ("DE", "DE"), ("DEU", "DE"), ("GER", "DE"), ("German", "DE"), ("Germany", "DE"), ("Deutschland", "DE"), ("BRD", "DE"),
        ("SUI", "CH"), ("CHE", "CH"), ("SWZ", "CH"), ("Swi", "CH"), ("UAE", "AE"), ("ARE", "AE"), ("RSA", "ZA"), ("NED", "NL"),
        ("NLD", "NL"), ("DEN", "DK"), ("DNK", "DK"), ("MON", "MC"), ("POR", "PT"), ("GBR", "GB"), ("SCO", "GB"), ("United States", "US"),
        ("Dutch", "NL"), ("New Zealander", "NZ"), ("Österreich", "AT"), ("CSHH", "CZ"),
    ],
)  # fmt: skip
def test_every_way_to_print_a_nation_leads_to_its_code(printed, code):
    assert iso_code(printed) == code


@pytest.mark.parametrize("printed", ["", "?", "-", "Unknown"])
def test_a_placeholder_is_no_nation_and_nothing_to_report(printed):
    assert (iso_code(printed), german_name(printed), is_unknown(printed)) == ("", "", False)


def test_an_unknown_code_stays_as_printed_and_is_reported():
    assert (german_name("LUD"), short_code("LUD"), is_unknown("LUD")) == ("LUD", "LUD", True)


def test_names_are_german_and_short_codes_those_of_racing():
    assert [german_name(one) for one in ("GER", "NED", "CZE")] == ["Deutschland", "Niederlande", "Tschechien"]
    assert [short_code(one) for one in ("DE", "Dutch", "CHE", "AE")] == ["GER", "NED", "SUI", "UAE"]
