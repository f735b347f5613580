"""The cross-check of a result and the laps of the same session: what agrees is silent, what does not is named."""

import pytest
from django.template.loader import render_to_string

from results.checking import crosscheck_of
from results.crosscheck import CarLaps, CarResult, Disagreement, DrivenLap, crosscheck, of_laps, of_rows
from results.importers import sniff
from results.models import Classification
from tests.results.made import laps, load, parsed, race, row
from tests.shared import SHARED, needs_shared


def car(number="7", *times, first=1, deleted=(), seats=(), crew=()):
    driven = tuple(
        DrivenLap(lap, time, seats[order] if seats else None, valid=lap not in deleted)
        for order, (lap, time) in enumerate(enumerate(times, start=first))
    )
    return CarLaps(number, driven, crew)


def result(number="7", position=1, **cells):
    return CarResult(number, cells.pop("status", "classified"), position, **cells)


def check(rows, driven, kind="race"):
    return crosscheck(rows, driven, kind=kind).disagreements


def test_a_result_that_follows_from_the_laps_agrees():
    rows = [
        result("7", 1, laps=2, total_ms=200_000, best_lap_ms=99_000, best_lap_number=2),
        result("8", 2, laps=2, total_ms=201_000, best_lap_ms=100_000, best_lap_number=1),
    ]
    outcome = crosscheck(rows, [car("7", 101_000, 99_000), car("8", 100_000, 101_000)], kind="race")

    assert outcome.agrees
    assert (outcome.cars, outcome.compared) == (
        2,
        {"best_lap": 2, "best_lap_number": 2, "laps": 2, "total": 2, "order": 2},
    )


@pytest.mark.parametrize(
    ("cells", "said"),
    [
        ({"best_lap_ms": 98_000}, ("best_lap", "1:38,000", "1:39,000", False)),
        ({"best_lap_ms": None, "best_lap_number": None}, ("best_lap", "–", "1:39,000", False)),
        ({"best_lap_number": 1}, ("best_lap_number", "1", "2", False)),
        ({"laps": 3, "total_ms": None}, ("laps", "3", "2", False)),
        ({"total_ms": 230_000}, ("total", "3:50,000", "3:20,000", True)),
        ({"total_ms": 200_001}, ("total", "3:20,001", "3:20,000", False)),
        ({"total_ms": 170_000}, ("total", "2:50,000", "3:20,000", False)),
    ],
)
def test_each_cell_that_does_not_follow_is_named(cells, said):
    whole = {"laps": 2, "total_ms": 200_000, "best_lap_ms": 99_000, "best_lap_number": 2}

    (found,) = check([result(**{**whole, **cells})], [car("7", 101_000, 99_000)])

    assert (found.check, found.result, found.laps, found.penalty) == said


def test_a_known_penalty_is_part_of_the_total_and_of_the_laps():
    rows = [result(laps=1, total_ms=230_000, penalty_ms=30_000, penalty_laps=1, best_lap_ms=99_000)]

    assert check(rows, [car("7", 101_000, 99_000)]) == ()


def test_a_deleted_lap_was_driven_and_is_no_best_lap():
    rows = [result(laps=2, total_ms=200_000, best_lap_ms=101_000)]

    assert check(rows, [car("7", 101_000, 99_000, deleted={2})]) == ()


def test_a_start_from_the_pits_leaves_the_first_lap_untimed():
    rows = [result(laps=2, total_ms=260_000, best_lap_ms=99_000, best_lap_number=2)]

    assert check(rows, [car("7", 101_000, 99_000, first=2)]) == ()


def test_whoever_is_disqualified_may_have_lost_laps_and_time_in_print():
    rows = [result(position=None, status="dsq", laps=0)]

    assert check(rows, [car("7", 101_000, 99_000)]) == ()


def test_a_car_of_one_file_only_is_named():
    rows = [
        result("7", 1, laps=2, best_lap_ms=99_000),
        result("9", 2, laps=1),
        result("10", None, status="dns", laps=0),
    ]

    assert check(rows, [car("7", 101_000, 99_000), car("8", 90_000)]) == (
        Disagreement("9", "car", "1", "–"),
        Disagreement("8", "car", "–", "1"),
    )


def test_crews_are_compared_by_name_or_where_there_is_none_by_seat():
    named = result(crew=("ada eins", "bea zwei"))

    assert check([named], [car("7", 99_000, crew=("bea zwei", "ada eins"))])[1:] == ()
    (by_name,) = [one for one in check([named], [car("7", 99_000, crew=("ada eins",))]) if one.check == "crew"]
    assert (by_name.result, by_name.laps) == ("ada eins, bea zwei", "ada eins")
    (by_seat,) = [one for one in check([named], [car("7", 99_000, 98_000, seats=(1, 3))]) if one.check == "crew"]
    assert (by_seat.result, by_seat.laps) == ("2", "3")


def test_of_cars_in_another_order_only_those_that_have_to_move_are_named():
    rows = [result(number, place, laps=1) for place, number in enumerate(("1", "5", "2", "3", "4"), start=1)]
    driven = [car(number, 90_000 + int(number)) for number in ("1", "2", "3", "4", "5")]

    moved = [one for one in check(rows, driven) if one.check == "order"]

    assert moved == [Disagreement("5", "order", "2", "5")]


def test_in_qualifying_places_follow_from_the_best_lap():
    rows = [result("7", 1, best_lap_ms=99_000), result("8", 2, best_lap_ms=98_000)]

    moved = check(rows, [car("7", 99_000), car("8", 120_000, 98_000)], "qualifying")

    assert [one.check for one in moved] == ["order"]


@pytest.mark.django_db
def test_a_stored_result_is_checked_against_the_stored_laps():
    rows = (row("7", 1, laps=2, total_ms=212_550, best_lap_ms=106_250), row("8", 2, laps=2, best_lap_ms=106_500))
    driven = (*laps(106_250, 106_300), *laps(106_540, 106_600, number="8"))
    load(parsed(race(rows=rows, laps=driven)))

    outcome = crosscheck_of(Classification.objects.get())

    assert outcome.disagreements == (Disagreement("8", "best_lap", "1:46,500", "1:46,540"),)


@pytest.mark.django_db
def test_without_laps_there_is_nothing_to_check():
    load(parsed(race(rows=(row("7", 1),))))

    assert crosscheck_of(Classification.objects.get()) is None


NLS = {
    "NLS1__NLS1_ZEITTRAINING_TRAINING": [],
    "NLS7__ZEITTRAINING": [],
    "NLS1__RENNEN": [],
    # A penalty of 37 s that no column names; two best laps that the organiser did not count.
    "NLS2__RENNEN": [("34", "total"), ("77", "best_lap"), ("505", "best_lap")],
    # A lap of 100 minutes with the mechanics, and one of 7.760 s across the line in the pits.
    "NLS3__RENNEN": [("347", "best_lap")],
    "NLS7__RENNEN": [("605", "best_lap")],
}


@needs_shared
@pytest.mark.parametrize("name", NLS)
def test_results_and_laps_of_the_nls_agree_but_for_five_cars(name):
    folder = SHARED / "data" / "nls_wige"
    (rows,) = sniff.parse((folder / f"{name}_RESULT.CSV").read_bytes()).sessions
    (driven,) = sniff.parse((folder / f"{name}_LAPS.CSV").read_bytes()).sessions

    outcome = crosscheck(of_rows(rows), of_laps(driven), kind=rows.kind)

    assert outcome.cars > 110
    assert [(one.number, one.check) for one in outcome.disagreements] == NLS[name]


def shown(outcome):
    return " ".join(render_to_string("admin/results/importrun/crosscheck.html", {"check": outcome}).split())


def test_what_was_not_compared_of_the_crews_is_said():
    row_ = [result(crew=("ada eins", "bea zwei"), laps=1)]
    none, seats, named = (
        crosscheck(row_, [one], kind="race")
        for one in (car("7", 99_000), car("7", 99_000, seats=(1,)), car("7", 99_000, crew=("ada eins", "bea zwei")))
    )
    assert "Die Besatzung wurde nicht verglichen." in shown(none)
    assert "Von der Besatzung wurde nur die Zahl der Sitze verglichen." in shown(seats)
    assert "Besatzung" not in shown(named)
