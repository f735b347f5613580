"""What falls leaves no trace: reinstatements, appeals and laps that count again, on lines that hold the ruling already."""

from dataclasses import replace

import pytest

from results.rulings import Line, Outcome, Ruling, Verdict, compute, overturned
from tests.results.rulings.test_compute import HOUR, line_of, places, qualifying, race


def lifted(kind, car, amount=None, **more):
    return Ruling((kind, car), kind, car, amount, is_lifted=True, **more)


def test_a_car_comes_back_into_the_place_that_was_left_vacant_and_shifts_nobody():
    lines = race(0, 1_000, 2_000, 3_000)
    struck = replace(lines[1], status="dsq", position=None, class_position=None, gap_ms=None)
    held = [lines[0], lines[2], lines[3], struck]

    again = compute(held, [lifted("disqualified", 2, leaves_vacant=True)], timed=False)

    assert places(again) == {1: 1, 2: 2, 3: 3, 4: 4}
    assert [line.class_position for line in again.lines] == [1, 2, 3, 4]


def test_a_penalty_that_the_former_line_held_comes_back_with_the_time_it_is_part_of():
    lines = race(0, 4_000)
    former = {(2, 1): replace(lines[1], total_ms=HOUR + 9_000, penalty_ms=5_000)}
    held = [lines[0], Line(car=2, line=1, label="#2", status="dsq")]

    back = line_of(compute(held, [lifted("disqualified", 2)], timed=False, former=former), 2)

    assert (back.total_ms, back.penalty_ms, back.gap_ms) == (HOUR + 9_000, 5_000, 9_000)


def test_a_winner_whose_time_only_the_former_line_knows_wins_again():
    lines = race(0, 1_000, 2_000)
    moved_up = compute(lines, [Ruling("s", "disqualified", 1)], timed=False).lines
    held = [replace(line, total_ms=None) if line.car == 1 else line for line in moved_up]

    again = compute(held, [lifted("disqualified", 1)], timed=False, former={(1, 1): lines[0]})

    assert (places(again), again.doubts) == ({1: 1, 2: 2, 3: 3}, ())


@pytest.mark.parametrize("status", ["dnf", "nc", "dns"])
def test_a_car_that_comes_back_unclassified_has_no_gap(status):
    lines = race(0, 1_000, 2_000)
    out = Line(car=9, line=1, label="#9", status=status, laps=12, total_ms=HOUR // 2)
    held = [*lines, replace(out, status="dsq")]

    again = compute(held, [lifted("disqualified", 9)], timed=False, former={(9, 1): out})

    assert again == Outcome((*lines, out))


def test_a_car_that_comes_back_unclassified_has_no_gap_to_a_new_leader_either():
    lines = race(0, 1_000, 2_000)
    out = Line(car=9, line=1, label="#9", status="dnf", laps=12)
    held = [*lines, replace(out, status="dsq")]

    again = compute(held, [Ruling("t", "time", 1, 1_500), lifted("disqualified", 9)], timed=False, former={(9, 1): out})

    assert [(line.car, line.gap_ms, line.gap_laps) for line in again.lines] == [
        (2, None, None), (1, 500, None), (3, 1_000, None), (9, None, None),
    ]  # fmt: skip


def test_the_polesitter_of_a_qualifying_in_parts_comes_back_with_his_parts():
    lines = [replace(line, part_times_ms=(81_000, line.best_lap_ms)) for line in qualifying(80_000, 80_200, 80_400)]
    moved_up = compute(lines, [Ruling("s", "disqualified", 1)], timed=True).lines
    held = [*moved_up[:2], Line(car=1, line=1, label="#1", status="dsq")]

    again = compute(held, [lifted("disqualified", 1)], timed=True, former={(1, 1): lines[0]})

    assert places(again) == {1: 1, 2: 2, 3: 3}


def test_of_a_lap_deleted_in_one_part_the_next_best_of_another_part_takes_not_its_place():
    """The laps know no parts: the best lap of the session may have been driven in another one."""
    line = replace(qualifying(78_000)[0], part_times_ms=(80_000, 79_000, 78_000))
    first = Ruling("d", "lap_deleted", 1, deleted_ms=80_000, next_best_ms=78_000, next_best_lap=9)
    last = Ruling("d", "lap_deleted", 1, deleted_ms=78_000, next_best_ms=79_000, next_best_lap=5)

    assert compute([line], [first], timed=True).lines[0].part_times_ms == (None, 79_000, 78_000)
    after = compute([line], [last], timed=True).lines[0]
    assert (after.part_times_ms, after.best_lap_ms) == ((80_000, 79_000, None), 79_000)


def test_a_deleted_lap_that_is_not_the_best_one_leaves_the_best_time_though_nobody_told_its_own():
    lines = [replace(line, best_lap_number=12) for line in qualifying(80_000, 80_200)]

    outcome = compute(lines, [Ruling("d", "lap_deleted", 1, deleted_lap=6)], timed=True)

    assert outcome.lines == tuple(lines)


def test_a_reinstatement_takes_back_what_came_before_it_and_nothing_after():
    listed = [
        Verdict(1, "disqualified", 7, order=(1.0, 1)),
        Verdict(2, "reinstated", 7, order=(2.0, 2)),
        Verdict(3, "disqualified", 7, order=(3.0, 3)),
    ]
    assert overturned(listed) == overturned(listed[::-1]) == {1}


def test_a_reinstatement_that_was_taken_back_takes_nothing_back():
    listed = [
        Verdict(1, "disqualified", 7, order=(1.0, 1)),
        Verdict(2, "reinstated", 7, overturns=1, order=(2.0, 2)),
        Verdict(3, "reinstated", 7, overturns=2, order=(3.0, 3)),
    ]
    assert overturned(listed) == {2}
