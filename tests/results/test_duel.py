"""Two cars lap by lap, from laps with and without clocks, with holes and stops."""

import pytest

from results.duel import Driven, Round, duel


def driven(*times, clock=None):
    """Laps from the first on; `clock` is the time of day at the start."""
    laps = []
    for number, time in enumerate(times, start=1):
        clock = clock + time if clock is not None and time is not None else None
        laps.append(Driven(number, time, clock))
    return laps


def test_the_gap_is_the_difference_of_the_clocks():
    fought = duel(driven(100, 102, clock=1_000), driven(101, 100, clock=1_002))

    assert [(one.number, one.difference_ms, one.gap_ms) for one in fought.rounds] == [(1, -1, -3), (2, 2, -1)]
    assert (fought.faster, fought.ahead) == ((1, 1), (2, 0))


def test_without_clocks_the_gap_adds_up_from_the_start():
    fought = duel(driven(100, 102), driven(101, 100))

    assert [one.gap_ms for one in fought.rounds] == [-1, 1]


def test_a_lap_without_a_time_ends_the_sums_but_not_the_comparison():
    fought = duel(driven(100, None, 100), driven(101, 100, 103))

    assert [(one.difference_ms, one.gap_ms) for one in fought.rounds] == [(-1, -1), (None, None), (-3, None)]


def test_a_car_that_retired_leaves_the_other_alone():
    fought = duel(driven(100), driven(101, 103))

    assert fought.rounds[1] == Round(2, None, Driven(2, 103), None, None)


def test_laps_into_the_pits_make_nobody_faster():
    stopping = [Driven(1, 100), Driven(2, 190, in_pit=True)]

    assert duel(stopping, driven(101, 100)).faster == (1, 0)


@pytest.mark.parametrize("laps", [[], [Driven(0, None)]])
def test_no_laps_are_no_duel_but_no_fault_either(laps):
    assert duel(laps, []).faster == (0, 0)
