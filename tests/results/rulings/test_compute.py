"""What a ruling does to a classification: replayed cases of the kinds that stewards decide."""

from dataclasses import replace

import pytest

from results.rulings import Line, Ruling, RulingRefused, compute, effects_of
from results.rulings.lines import COLUMNS

HOUR = 3_600_000


def race(*cars, laps=30):
    """Cars with their gap to the winner in ms, or as `-2` laps; all of class A unless they say `(gap, class)`."""
    lines, places = [], {}
    for place, said in enumerate(cars, start=1):
        gap, name = said if isinstance(said, tuple) else (said, "A")
        places[name] = places.get(name, 0) + 1
        in_laps = gap < 0
        lines.append(
            Line(
                car=place, line=1, label=f"#{place}", position=place, racing_class=name, class_position=places[name],
                laps=laps + (gap if in_laps else 0), total_ms=HOUR + (-gap * 1000 if in_laps else gap),
                gap_ms=None if in_laps or place == 1 else gap, gap_laps=-gap if in_laps else None,
            )
        )  # fmt: skip
    return lines


def places(outcome):
    return {line.car: line.position for line in outcome.lines if line.position}


def line_of(outcome, car):
    return next(line for line in outcome.lines if line.car == car)


def time(car, ms, **more):
    return Ruling(key=("time", car, ms), kind="time", car=car, amount=ms, **more)


def strike(car, **more):
    return Ruling(key=("dsq", car), kind="disqualified", car=car, **more)


def test_five_seconds_cost_two_places_and_every_gap_follows_the_new_winner():
    outcome = compute(race(0, 2_000, 4_000, 9_000), [time(1, 5_000)], timed=False)
    assert [line.car for line in outcome.lines] == [2, 3, 1, 4]
    assert [line.position for line in outcome.lines] == [1, 2, 3, 4]
    assert [line.gap_ms for line in outcome.lines] == [None, 2_000, 3_000, 7_000]
    punished = line_of(outcome, 1)
    assert (punished.total_ms, punished.penalty_ms) == (HOUR + 5_000, 5_000)
    assert outcome.doubts == ()


def test_a_winner_who_stays_ahead_loses_only_his_lead():
    outcome = compute(race(0, 8_000, 12_000), [time(1, 5_000)], timed=False)
    assert [line.gap_ms for line in outcome.lines] == [None, 3_000, 7_000]


def test_two_penalties_at_once():
    outcome = compute(race(0, 2_000, 4_000, 6_000), [time(1, 5_000), time(2, 1_000)], timed=False)
    assert places(outcome) == {2: 1, 3: 2, 1: 3, 4: 4}
    assert [line.gap_ms for line in outcome.lines] == [None, 1_000, 2_000, 3_000]


def test_a_position_swap():
    outcome = compute(race(0, 300, 900), [Ruling("s", "places", 1, 1)], timed=False)
    assert places(outcome) == {2: 1, 1: 2, 3: 3}


def test_a_disqualified_winner_and_everybody_moves_up():
    outcome = compute(race(0, (1_000, "B"), 3_000, (5_000, "B")), [strike(1)], timed=False)
    assert places(outcome) == {2: 1, 3: 2, 4: 3}
    assert [line.class_position for line in outcome.lines] == [1, 1, 2, None]
    out = line_of(outcome, 1)
    assert (out.status, out.position, out.gap_ms, out.laps, out.total_ms) == ("dsq", None, None, 30, HOUR)
    assert [line.gap_ms for line in outcome.lines[:3]] == [None, 2_000, 4_000]
    assert outcome.lines[-1].car == 1


def test_a_disqualified_winner_whose_place_stays_vacant():
    outcome = compute(race(0, 1_000, 3_000), [strike(1, leaves_vacant=True)], timed=False)
    assert places(outcome) == {2: 2, 3: 3}
    assert [line.class_position for line in outcome.lines] == [2, 3, None]


def test_a_vacant_place_counts_where_the_car_would_have_ended():
    """Struck and punished by time: the place left vacant is the one after the penalty."""
    outcome = compute(race(0, 1_000, 9_000), [strike(1, leaves_vacant=True), time(1, 5_000)], timed=False)
    assert places(outcome) == {2: 1, 3: 3}


def test_a_dead_heat_after_a_penalty_shares_the_place():
    outcome = compute(race(0, 5_000, 9_000), [time(1, 5_000)], timed=False)
    assert places(outcome) == {1: 1, 2: 1, 3: 3}
    assert "zeitgleich" in outcome.doubts[0]


def test_a_dead_heat_that_was_printed_stays_when_others_move():
    lines = race(0, 2_000, 2_000, 4_000)
    lines[2] = replace(lines[2], position=2, class_position=2)
    outcome = compute(lines, [time(1, 3_000)], timed=False)
    assert places(outcome) == {2: 1, 3: 1, 1: 3, 4: 4}
    outcome = compute(lines, [time(2, 1_000)], timed=False)
    assert places(outcome) == {1: 1, 3: 2, 2: 3, 4: 4}


def test_laps_plus_time():
    lines = race(0, 2_000, -1, -2)
    outcome = compute(lines, [Ruling("l", "laps", 1, 1), time(1, 155_306)], timed=False)
    assert places(outcome) == {2: 1, 3: 2, 1: 3, 4: 4}
    punished = line_of(outcome, 1)
    assert (punished.laps, punished.penalty_laps, punished.penalty_ms) == (29, 1, 155_306)
    assert (punished.gap_laps, punished.gap_ms) == (1, None)


def test_a_penalty_to_a_car_that_did_not_finish_moves_nobody():
    lines = [*race(0, 2_000), Line(car=3, line=1, label="#3", status="dnf", laps=12, total_ms=HOUR // 2)]
    outcome = compute(lines, [time(3, 5_000)], timed=False)
    assert places(outcome) == {1: 1, 2: 2}
    assert (line_of(outcome, 3).status, line_of(outcome, 3).penalty_ms) == ("dnf", 5_000)
    assert outcome.lines[:2] == tuple(lines[:2])


def test_a_reinstated_car_returns_to_the_place_its_time_gives():
    lines = race(0, 1_000, 3_000)
    struck = compute(lines, [strike(2)], timed=False)
    again = compute(struck.lines, [Ruling("r", "reinstated", 2)], timed=False)
    assert places(again) == {1: 1, 2: 2, 3: 3}
    assert [line.gap_ms for line in again.lines] == [None, 1_000, 3_000]


def test_a_reinstated_winner_takes_the_gaps_back():
    struck = compute(race(0, 1_000, 3_000), [strike(1)], timed=False)
    again = compute(struck.lines, [replace(strike(1), is_lifted=True)], timed=False)
    assert [(line.car, line.position, line.class_position, line.gap_ms) for line in again.lines] == [
        (1, 1, 1, None), (2, 2, 2, 1_000), (3, 3, 3, 3_000),
    ]  # fmt: skip


def test_a_struck_car_without_laps_and_time_cannot_be_ranked_again():
    lines = [*race(0, 1_000), Line(car=3, line=1, label="#3", status="dsq")]
    with pytest.raises(RulingRefused, match="#3: Runden und Zeit"):
        compute(lines, [Ruling("r", "reinstated", 3)], timed=False)
    former = {(3, 1): replace(race(0, 1_000, 500)[2], total_ms=HOUR + 500)}
    again = compute(lines, [Ruling("r", "reinstated", 3)], timed=False, former=former)
    assert places(again) == {1: 1, 3: 2, 2: 3}


def test_a_lapped_car_without_a_time_stays_and_is_doubted():
    lines = [replace(line, total_ms=None) if line.gap_laps else line for line in race(0, -1, -1)]
    outcome = compute(lines, [time(2, 5_000)], timed=False)
    assert places(outcome) == {1: 1, 2: 2, 3: 3}
    assert line_of(outcome, 2).penalty_ms == 5_000
    assert "#2: Ohne Gesamtzeit" in outcome.doubts[0]


def test_gaps_suffice_where_no_total_is_printed():
    lines = [replace(line, total_ms=None, laps=None) for line in race(0, 2_000, 4_000)]
    outcome = compute(lines, [time(1, 3_000)], timed=False)
    assert [(line.car, line.position, line.gap_ms) for line in outcome.lines] == [
        (2, 1, None),
        (1, 2, 1_000),
        (3, 3, 2_000),
    ]


def test_an_excerpt_keeps_its_holes():
    lines = [
        replace(line, position=place) for line, place in zip(race(0, 2_000, 9_000, 9_500), (1, 2, 15, 16), strict=True)
    ]
    outcome = compute(lines, [strike(3)], timed=False, is_complete=False)
    assert places(outcome) == {1: 1, 2: 2, 4: 15}
    assert "Auszug" in outcome.doubts[0]
    outcome = compute(lines, [time(1, 3_000)], timed=False, is_complete=False)
    assert places(outcome) == {2: 1, 1: 2, 3: 15, 4: 16}


def test_a_guest_without_a_class_place_stays_without_and_costs_nobody_one():
    lines = race(0, 1_000, 2_000)
    lines = [lines[0], replace(lines[1], class_position=None), replace(lines[2], class_position=2)]
    outcome = compute(lines, [time(1, 1_500)], timed=False)
    assert [(line.car, line.class_position) for line in outcome.lines] == [(2, None), (1, 1), (3, 2)]


def test_two_lines_of_one_car_move_together():
    lines = race(0, 1_000, 3_000)
    shared = [lines[0], replace(lines[0], line=2), *lines[1:]]
    outcome = compute(shared, [time(1, 2_000)], timed=False)
    assert [(line.car, line.line, line.position) for line in outcome.lines] == [
        (2, 1, 1),
        (1, 1, 2),
        (1, 2, 2),
        (3, 1, 3),
    ]


def qualifying(*times):
    return [
        Line(
            car=place, line=1, label=f"#{place}", position=place, racing_class="A", class_position=place, best_lap_ms=ms,
            gap_ms=ms - times[0] if place > 1 else None,
        )
        for place, ms in enumerate(times, start=1)
    ]  # fmt: skip


def test_a_deleted_lap_costs_the_pole():
    lines = qualifying(80_000, 80_200, 80_400)
    gone = Ruling("d", "lap_deleted", 1, deleted_ms=80_000, next_best_ms=80_300, next_best_lap=7)
    outcome = compute(lines, [gone], timed=True)
    assert [(line.car, line.position, line.gap_ms) for line in outcome.lines] == [
        (2, 1, None),
        (1, 2, 100),
        (3, 3, 200),
    ]
    assert line_of(outcome, 1).best_lap_number == 7


def test_a_car_whose_only_lap_is_deleted_is_last():
    gone = Ruling("d", "lap_deleted", 1, deleted_ms=80_000)
    outcome = compute(qualifying(80_000, 80_200), [gone], timed=True)
    assert [(line.car, line.position, line.best_lap_ms) for line in outcome.lines] == [(2, 1, 80_200), (1, 2, None)]


def test_a_slower_lap_that_is_deleted_changes_nothing():
    lines = qualifying(80_000, 80_200)
    gone = Ruling("d", "lap_deleted", 1, deleted_ms=81_000, next_best_ms=80_000)
    assert compute(lines, [gone], timed=True).lines == tuple(lines)


def test_a_time_deleted_in_the_last_part_keeps_the_car_in_that_part():
    lines = [
        replace(line, part_times_ms=parts)
        for line, parts in zip(
            qualifying(80_000, 80_200, 79_900),
            [(81_000, 80_000), (81_100, 80_200), (79_900, None)], strict=True,
        )
    ]  # fmt: skip
    gone = Ruling("d", "lap_deleted", 1, deleted_ms=80_000)
    outcome = compute(lines, [gone], timed=True)
    assert [(line.car, line.position) for line in outcome.lines] == [(2, 1), (1, 2), (3, 3)]
    assert line_of(outcome, 1).part_times_ms == (81_000, None)


def test_places_on_the_grid_fill_up_behind_those_sent_back():
    lines = [replace(line, best_lap_ms=None, gap_ms=None) for line in qualifying(*range(80_000, 80_006))]
    both = [Ruling("a", "grid", 1, 3), Ruling("b", "grid", 2, 3)]
    outcome = compute(lines, both, timed=True)
    assert [line.car for line in outcome.lines] == [3, 4, 5, 1, 2, 6]
    outcome = compute(lines, [Ruling("a", "grid", 2, 60), Ruling("b", "grid", 4, 10)], timed=True)
    assert [line.car for line in outcome.lines] == [1, 3, 5, 6, 4, 2]


def test_more_laps_than_it_has_are_refused_with_words():
    with pytest.raises(RulingRefused, match="#1 hat nur 30 Runden"):
        compute(race(0, 1_000), [Ruling("l", "laps", 1, 31)], timed=False)


def test_every_changed_column_is_laid_to_the_ruling_that_changed_it():
    lines = race(0, 2_000, 4_000, 60_000, 61_000)
    rulings = [time(1, 3_000), time(4, 5_000)]
    whole = compute(lines, rulings, timed=False)
    effects = effects_of(lines, rulings, whole, COLUMNS, timed=False)
    first, second = effects[rulings[0].key], effects[rulings[1].key]
    assert first[1, 1] == ("position", "class_position", "total_ms", "gap_ms", "penalty_ms")
    assert set(first) == {(1, 1), (2, 1), (3, 1), (4, 1), (5, 1)}  # all gaps are to the new winner
    assert second == {
        (4, 1): ("position", "class_position", "total_ms", "gap_ms", "penalty_ms"),
        (5, 1): ("position", "class_position"),
    }
