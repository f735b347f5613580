"""What speaks against the lines of a sheet, and what is proposed for cells that are empty."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from results.sheet.judging import judge_sheet, marked_known
from results.sheet.lines import Car
from tests.results.sheet.fields import a_line

CARS = {str(number): Car(number, str(number), "gt3" if number % 2 else "gt4") for number in range(1, 13)}
PLACES = (1, 2, 3, 4)


def judge(lines, *, kind="race", timed=False, **values):
    return judge_sheet(lines, CARS, kind=kind, timed=timed, **values)


def said(judged):
    return [(one.row, one.column, one.weight, one.reason) for one in judged.findings]


def field(**changed):
    """Four sound lines; `_3={"gap": "x"}` changes the third."""
    return [a_line(place, **changed.get(f"_{place}", {})) for place in PLACES]


def test_a_sound_sheet_has_neither_error_nor_doubt():
    judged = judge(field())
    assert said(judged) == []
    assert (judged.fastest.row, judged.fastest.best_lap_ms) == (1, 106_250)


def test_gaps_and_class_places_follow_from_times_laps_and_order():
    lines = field(_4={"laps": "28"})
    assert judge(lines).proposals == {
        (1, "class_position"): "1", (2, "class_position"): "1", (3, "class_position"): "2", (4, "class_position"): "2",
        (2, "gap"): "+1,000", (3, "gap"): "+2,000", (4, "gap"): "+2 Rd.",
    }  # fmt: skip


def test_the_time_of_a_car_on_the_lead_lap_follows_from_its_gap():
    assert judge(field(_2={"total": "", "gap": "+0,290"})).proposals[2, "total"] == "1:00:00,290"


def test_a_measured_car_without_a_place_is_proposed_the_one_behind_the_car_above():
    judged = judge(field(_3={"position": ""}))
    assert judged.proposals[3, "position"] == "3"
    assert said(judged) == [(3, "position", "error", "Platz oder Status fehlt.")]


@pytest.mark.parametrize(
    ("changed", "finding"),
    [
        ({"_2": {"gap": "+9"}}, (2, "gap", "doubt", "Abstand passt nicht zur Gesamtzeit: erwartet +1,000.")),
        ({"_4": {"gap": "1 Rd.", "laps": "28"}}, (4, "gap", "doubt", "Abstand passt nicht zur Rundenzahl: erwartet +2 Rd.")),
        ({"_1": {"gap": "+1"}}, (1, "gap", "doubt", "Der Erste hat keinen Abstand.")),
        ({"_4": {"position": "6"}}, (4, "position", "doubt", "Vor Platz 6 fehlen die Plätze 4 bis 5.")),
        ({"_3": {"position": "2"}, "_4": {"position": "4"}}, (3, "position", "doubt", "Platz 2 ist auch an #2 vergeben.")),
        ({"_4": {"number": "3"}}, (4, "number", "error", "Startnummer 3 steht schon in Zeile 3. Teilten sich Fahrer das Auto, heißt die zweite Zeile 3/2.")),
        ({"_4": {"number": ""}}, (4, "number", "error", "Die Startnummer fehlt.")),
        ({"_4": {"position": "DNF", "class_position": "2"}}, (4, "class_position", "error", "Das Auto ist ausgefallen und hat keinen Platz in der Klasse.")),
        ({"_4": {"total": "59:00"}}, (4, "total", "doubt", "#4 war schneller als #3 davor.")),
        ({"_4": {"best_lap": "3:00"}}, (4, "total", "doubt", "30 Runden in der besten Rundenzeit wären 1:30:00,000: Die Gesamtzeit ist zu kurz.")),
        ({"_4": {"best_lap_number": "31"}}, (4, "best_lap_number", "doubt", "Die beste Runde war Runde 31, gefahren sind 30.")),
        ({"_3": {"grid": "2"}, "_4": {"grid": "2"}}, (4, "grid", "doubt", "Startplatz 2 hat auch #3.")),
        ({"_4": {"laps": "31"}}, (4, "laps", "doubt", "Startnummer 4 hat mit 31 Runden mehr als der Sieger (30).")),
        ({"_3": {"class_position": "3"}}, (3, "class_position", "doubt", "Startnummer 3 steht in der Klasse gt3 auf Platz 3, nach den Plätzen davor wäre es 2.")),
    ],
)  # fmt: skip
def test_what_contradicts_itself_is_named_with_row_and_reason(changed, finding):
    assert finding in said(judge(field(**changed)))


def test_an_excerpt_may_have_holes_and_a_shared_place_may_leave_the_next_one_free():
    assert said(judge([a_line(2), a_line(5)], is_complete=False)) == []
    lines = field(_3={"position": "2", "total": "1:00:01"}, _4={"position": "4"})
    assert [one[3] for one in said(judge(lines))] == ["Platz 2 ist auch an #2 vergeben."]


def test_a_shared_drive_is_two_lines_of_one_car_on_one_place():
    lines = [a_line(1), {**a_line(1), "number": "1/2"}, a_line(2)]
    assert [one for one in said(judge(lines)) if "vergeben" in one[3] or "steht schon" in one[3]] == []


def test_a_source_that_prints_lapped_cars_in_time_is_believed():
    assert said(judge(field(_4={"laps": "28", "gap": "+3,000"}))) == []


def test_a_qualifying_is_ranked_by_its_best_laps():
    lines = [{"position": str(place), "number": str(place), "best_lap": f"1:4{place},000"} for place in PLACES]
    judged = judge(lines, kind="qualifying", timed=True)
    assert judged.proposals[3, "gap"] == "+2,000"
    lines[3]["best_lap"] = "1:40"
    assert (4, "best_lap", "doubt", "#4 war schneller als #3 davor.") in said(
        judge(lines, kind="qualifying", timed=True)
    )


def test_a_part_that_a_car_did_not_reach_counts_before_its_time():
    lines = [
        {"position": "1", "number": "1", "part-0": "1:50", "part-1": "1:49"},
        {"position": "2", "number": "2", "part-0": "1:40"},
    ]
    assert said(judge(lines, kind="qualifying", timed=True, parts=2)) == []


def test_a_doubt_that_the_version_before_had_is_not_asked_again():
    former = judge(field(_2={"gap": "+9"}))
    again = marked_known(judge(field(_2={"gap": "+9"}, _3={"gap": "+9"})), former)
    assert [(one.row, one.is_known) for one in again.findings] == [(2, True), (3, False)]
    assert [one.row for one in again.doubts] == [3]


def test_a_blank_line_is_no_line_and_one_with_a_number_alone_lacks_its_place():
    assert said(judge([a_line(1), {}, {"number": " "}, {"number": "2"}])) == [
        (4, "position", "error", "Platz oder Status fehlt.")
    ]


CELL = st.sampled_from(["", "1", "2", "30", "DNF", "DSQ", "+1,0", "1 Rd.", "1:00:00", "x", "\u202e", "=1", "7/2", "-"])
LINE = st.dictionaries(st.sampled_from(["position", "number", "class_position", "laps", "total", "gap", "best_lap", "best_lap_number", "grid", "penalty", "part-0"]), CELL)  # fmt: skip


@given(st.lists(LINE, max_size=12), st.sampled_from(["race", "qualifying", "grid", "practice"]), st.booleans())
def test_whatever_is_typed_is_judged_and_taken_proposals_are_no_new_errors(lines, kind, is_complete):
    timed = kind in {"qualifying", "practice"}
    judged = judge(lines, kind=kind, timed=timed, parts=1, is_complete=is_complete)
    assert all(one.reason and one.row <= len(lines) for one in judged.findings)
    taken = [dict(line) for line in lines]
    for (row, column), text in judged.proposals.items():
        assert not taken[row - 1].get(column, "").strip()
        taken[row - 1][column] = text
    again = judge(taken, kind=kind, timed=timed, parts=1, is_complete=is_complete)
    errors = {(one.row, one.column) for one in judged.errors}
    assert {(one.row, one.column) for one in again.errors} <= errors


@given(st.permutations(PLACES))
def test_the_order_of_the_lines_changes_no_proposal_of_a_placed_car(order):
    lines = field()
    straight = judge(lines).proposals
    mixed = judge([lines[place - 1] for place in order]).proposals
    assert {(order[row - 1], column): text for (row, column), text in mixed.items()} == straight


def test_guests_are_counted_in_their_class():
    cars = {number: replace(car, is_guest=number == "1") for number, car in CARS.items()}
    judged = judge_sheet([a_line(1), a_line(3, position="2")], cars, kind="race", timed=False)
    assert judged.proposals[2, "class_position"] == "2"
