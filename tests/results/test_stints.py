"""What follows from laps: stints, stops, shares, best laps, and the order by lap against a slow obvious version."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from results.stints import (
    DrivenLap,
    DrivenStint,
    PitStop,
    Share,
    Trace,
    best_laps,
    best_of,
    shares_of,
    stints_of,
    stops_of,
    traces_of,
)


def lap(number, time_ms=100, **values):
    return DrivenLap(number, **{"seat": 1, "time_ms": time_ms, **values})


def driven(*times, start=0, **values):
    """Laps one after the other, with the clock at the end of each."""
    clock, laps = start, []
    for number, time in enumerate(times, start=1):
        clock += time
        laps.append(lap(number, time, day_ms=clock, **values))
    return laps


def bounds(laps, deleted=()):
    return [(stint.first_lap, stint.last_lap) for stint in stints_of(laps, deleted)]


# --- stints ----------------------------------------------------------------------------------------------------------


def test_a_stint_ends_with_the_in_lap_and_the_stop_stands_on_the_next_row():
    laps = [lap(1, 100), lap(2, 130, in_pit=True), lap(3, 170, pit_ms=60), lap(4, 99)]

    assert stints_of(laps) == (
        DrivenStint(1, 1, 2, 2, 230, laps[0], ends_in_pit=True, pit_ms=60),
        DrivenStint(1, 3, 4, 2, 269, laps[3], ends_in_pit=False, pit_ms=None),
    )


def test_a_stint_ends_where_the_seat_changes():
    assert bounds([lap(1), lap(2), lap(3, seat=2), lap(4, seat=None)]) == [(1, 2), (3, 3), (4, 4)]


def test_a_stop_on_the_next_row_ends_the_stint_without_a_mark_on_the_in_lap():
    first, second = stints_of([lap(1), lap(2, pit_ms=60)])

    assert (first.ends_in_pit, first.pit_ms, second.ends_in_pit) == (True, 60, False)


def test_a_race_that_ends_in_the_pits_ends_with_a_stop_of_unknown_length():
    assert stops_of(stints_of([lap(1), lap(2, in_pit=True)])) == (PitStop(2, None),)


def test_a_stint_with_a_missing_lap_has_no_sum():
    assert [(stint.laps, stint.drive_ms) for stint in stints_of([lap(1), lap(3)])] == [(2, None)]


def test_a_stop_belongs_to_no_stint_where_the_lap_between_is_missing():
    first, _second = stints_of([lap(1), lap(3, pit_ms=60)])

    assert first.pit_ms is None


def test_no_laps_make_no_stints():
    assert stints_of([]) == ()


@given(
    st.lists(
        st.tuples(
            st.sampled_from([1, 2, None]),
            st.integers(1, 500) | st.none(),
            st.booleans(),
            st.none() | st.integers(1, 90),
        ),
        max_size=12,
    )
)
def test_every_lap_is_in_exactly_one_stint_and_one_share(rows):
    laps = [
        DrivenLap(number, seat, time, None, in_pit, True, pit_ms)
        for number, (seat, time, in_pit, pit_ms) in enumerate(rows, start=1)
    ]
    stints = stints_of(laps)

    covered = [number for stint in stints for number in range(stint.first_lap, stint.last_lap + 1)]
    assert covered == [one.number for one in laps]
    for stint in stints:
        inside = [one for one in laps if stint.first_lap <= one.number <= stint.last_lap]
        assert {one.seat for one in inside} == {stint.seat}
        assert not any(one.in_pit for one in inside[:-1])
    assert sum(share.laps for share in shares_of(stints)) == len(laps)


def test_a_share_sums_the_stints_of_a_seat_and_unknown_drivers_come_last():
    laps = [lap(1, 100, seat=None), lap(2, 90, seat=2), lap(3, 95, seat=1), lap(4, 80, seat=2)]

    assert shares_of(stints_of(laps)) == (
        Share(1, 1, 95, laps[2]),
        Share(2, 2, 170, laps[3]),
        Share(None, 1, 100, laps[0]),
    )


def test_a_share_without_one_of_its_times_has_no_sum():
    assert shares_of(stints_of([lap(1, None), lap(2, 90)]))[0].drive_ms is None


# --- best laps -------------------------------------------------------------------------------------------------------


def test_the_best_lap_is_the_fastest_that_counts_and_of_equal_ones_the_first():
    laps = [lap(1, 95, valid=False), lap(2, 96), lap(3, 99), lap(4, 99), lap(5, None)]

    assert best_of(laps, deleted={2}) == laps[2]


def test_nobody_has_a_best_lap_where_none_counts():
    assert best_of([lap(1, 95), lap(2, None)], deleted={1}) is None


def test_of_equal_times_in_a_class_the_one_driven_first_counts():
    cars = {"7": [lap(1, 90, day_ms=500)], "8": [lap(1, 90, day_ms=400), lap(2, 89, day_ms=600)], "9": [lap(1, 88)]}
    classes = {"7": "GT3", "8": "GT3", "9": "GT4"}

    bests = best_laps(cars, {"8": {2}}, group=lambda car, _lap: classes[car])

    assert {name: (best.car, best.lap.number) for name, best in bests.items()} == {"GT3": ("8", 1), "GT4": ("9", 1)}


# --- the order by lap ------------------------------------------------------------------------------------------------


def test_the_order_at_the_end_of_a_lap_is_that_of_the_clock_among_those_who_completed_it():
    cars = {"7": driven(100, 100, 120), "8": driven(105, 90, 90), "9": driven(110, 100)}
    traces = traces_of(cars)

    assert {car: trace.positions for car, trace in traces.items()} == {"7": (1, 2, 2), "8": (2, 1, 1), "9": (3, 3)}
    assert {car: trace.gaps_ms for car, trace in traces.items()} == {"7": (0, 5, 35), "8": (5, 0, 0), "9": (10, 15)}


def test_cars_at_the_same_moment_share_a_place():
    traces = traces_of({"7": driven(100), "8": driven(100), "9": driven(101)})

    assert [traces[car].positions for car in "789"] == [(1,), (1,), (3,)]


def test_without_any_clock_the_sums_of_the_times_stand_in_as_far_as_they_are_complete():
    cars = {"7": [lap(1, 100), lap(2, 100)], "8": [lap(1, 90), lap(2, 120), lap(3, None), lap(4, 100)]}
    traces = traces_of(cars)

    assert (traces["7"].positions, traces["7"].gaps_ms) == ((2, 1), (10, 0))
    assert (traces["8"].positions, traces["8"].gaps_ms) == ((1, 2, None, None), (0, 10, None, None))


def test_a_missing_clock_is_worked_out_from_its_neighbour_and_the_lap_time():
    cars = {"7": driven(100, 100), "8": [lap(1, 110), lap(2, 105, day_ms=215)]}

    assert traces_of(cars)["8"].positions == (2, 2)


def test_a_car_of_unknown_moment_leaves_open_only_the_places_it_could_take():
    unknown = [lap(1, 105, day_ms=105), lap(2, None), lap(3, None, day_ms=330)]
    cars = {"7": driven(100, 100, 100), "8": unknown, "9": driven(110, 210, 100), "6": driven(60, 30, 30)}
    traces = traces_of(cars)

    assert traces["6"].positions == (1, 1, 1)
    assert traces["7"].positions == (2, None, 2)
    assert traces["8"].positions == (3, None, 3)
    assert traces["9"].positions == (4, None, 4)
    assert traces["7"].gaps_ms == (40, 110, 180)


def test_nobody_leads_while_the_leader_may_be_a_car_of_unknown_moment():
    cars = {"7": driven(100, 100), "8": [lap(1, None), lap(2, None, day_ms=190)]}

    assert traces_of(cars)["7"] == Trace((None, 2), (None, 10), (100, 100), ())


def test_a_car_that_its_source_counts_a_lap_ahead_is_counted_like_the_others():
    # NLS: the loop in the pits counted the car before the start; its first lap has the number 2.
    ahead = [lap(2, 110, day_ms=110), lap(3, 100, day_ms=210, in_pit=True)]
    traces = traces_of({"7": driven(100, 101), "15": ahead}, {"15": {3}})

    assert (traces["15"].positions, traces["15"].gaps_ms) == ((2, 2), (10, 9))
    assert (traces["15"].pit_laps, traces["15"].deleted_laps) == ((2,), (2,))


def test_a_car_whose_first_lap_is_missing_keeps_its_count():
    late = [lap(2, 100, day_ms=205)]

    assert traces_of({"7": driven(100, 100), "8": late})["8"].positions == (2, 2)


def test_outside_of_races_there_is_no_order_by_lap():
    trace = traces_of({"7": driven(100, 90)}, race=False)["7"]

    assert (trace.positions, trace.gaps_ms, trace.times_ms) == ((None, None), (None, None), (100, 90))


def test_a_lap_before_the_first_one_and_missing_laps_take_no_place_in_the_arrays():
    trace = traces_of({"7": [lap(0, 50), lap(1, 100, day_ms=100), lap(3, 90, day_ms=300)]})["7"]

    assert trace.times_ms == (100, None, 90)


def slow_order(cars):
    """The same said plainly: of each lap, who had completed it before whom."""
    positions, gaps = {}, {}
    for car, laps in cars.items():
        for one in laps:
            others = [other.day_ms for of_other in cars.values() for other in of_other if other.number == one.number]
            positions[car, one.number] = 1 + sum(other < one.day_ms for other in others)
            gaps[car, one.number] = one.day_ms - min(others)
    return positions, gaps


@settings(max_examples=200)
@given(st.dictionaries(st.integers(1, 9), st.lists(st.integers(1, 6), max_size=6), max_size=6))
def test_the_fast_order_is_that_of_a_slow_obvious_version(times):
    cars = {car: driven(*of_car) for car, of_car in times.items()}
    positions, gaps = slow_order(cars)

    traces = traces_of(cars)

    assert {
        (car, number): place for car, trace in traces.items() for number, place in enumerate(trace.positions, 1)
    } == positions
    assert {(car, number): gap for car, trace in traces.items() for number, gap in enumerate(trace.gaps_ms, 1)} == gaps


@settings(max_examples=200)
@given(
    st.dictionaries(st.integers(1, 5), st.lists(st.integers(1, 6), min_size=1, max_size=5), min_size=1, max_size=5),
    st.sets(st.tuples(st.integers(1, 5), st.integers(1, 5)), max_size=6),
)
def test_what_is_said_of_the_order_stays_true_however_the_unknown_clocks_were(times, hidden):
    """Clocks and times are hidden; every place and gap that is still named must be the true one."""
    cars = {car: driven(*of_car) for car, of_car in times.items()}
    positions, gaps = slow_order(cars)
    half_known = {
        car: [one._replace(day_ms=None, time_ms=None) if (car, one.number) in hidden else one for one in laps]
        for car, laps in cars.items()
    }
    if all(one.day_ms is None for laps in half_known.values() for one in laps):
        return  # then the times alone count, and none is left
    for car, trace in traces_of(half_known).items():
        for number, (place, gap) in enumerate(zip(trace.positions, trace.gaps_ms, strict=True), start=1):
            assert place in {None, positions[car, number]}
            assert gap in {None, gaps[car, number]}


@pytest.mark.parametrize("cars", [{}, {"7": []}])
def test_nothing_is_no_order(cars):
    assert all(trace.positions == () for trace in traces_of(cars).values())
