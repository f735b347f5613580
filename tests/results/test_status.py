import pytest

from results.importers.status import _BY_PRINTED, STATUSES, UnknownStatus, _fold, print_status, read_status


@pytest.mark.parametrize(
    ("printed", "code"),
    [
        ("classified", "classified"), ("Classified", "classified"), ("FIN", "classified"),
        ("NC", "nc"), ("DNC", "nc"), ("no time", "nc"), ("n.gew.", "nc"), ("N. Gew.", "nc"), ("nicht gewertet", "nc"),
        ("DNF", "dnf"), (" dnf ", "dnf"), ("Ausfall", "dnf"), ("Retired", "dnf"), ("RET", "dnf"),
        ("DNS", "dns"), ("nicht gestartet", "dns"), ("Not started", "dns"), ("DNP", "dns"), ("RES", "dns"),
        ("DNQ", "dnq"), ("DNPQ", "dnq"), ("nicht qualifiziert", "dnq"),
        ("DSQ", "dsq"), ("DQ", "dsq"), ("disqualifiziert", "dsq"),
        ("EX", "excluded"), ("ausgeschlossen", "excluded"),
        ("WD", "withdrawn"), ("zurückgezogen", "withdrawn"), ("ZURUECKGEZOGEN", "withdrawn"), ("W/D", "withdrawn"),
    ],
)  # fmt: skip
def test_a_printed_status_is_one_of_ours(printed, code):
    assert read_status(printed) == code


@pytest.mark.parametrize("code", STATUSES)
def test_what_we_print_is_read_back(code):
    assert read_status(print_status(code)) == code


def test_no_printed_form_means_two_things():
    forms = [
        (_fold(form), status.code)
        for status in STATUSES.values()
        for form in {status.code, status.abbreviation, status.english, status.german, *status.also}
    ]
    assert len({form for form, _ in forms}) == len(set(forms)) == len(_BY_PRINTED)


@pytest.mark.parametrize("printed", ["", "  ", "geplatzt", "DNFX", "1", "x" * 100_000])
def test_an_unknown_status_is_named_in_german(printed):
    with pytest.raises(UnknownStatus, match="ist unbekannt") as caught:
        read_status(printed)
    assert caught.value.printed == printed
    assert len(str(caught.value)) < 250
