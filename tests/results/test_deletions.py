"""Which lap a deletion means, rule by rule."""

import pytest

from results.deletions import Clue, Meant, deleted_of, lap_meant
from results.stints import DrivenLap

NOON = 12 * 3_600_000
SECOND = 1_000

# Lap 2 ends at 12:03:30,500, lap 4 begins at 12:10:00 after a stop in the pits and lap 5 has no clock.
LAPS = [
    DrivenLap(1, 1, 100_000, NOON + 100_000),
    DrivenLap(2, 1, 110_500, NOON + 210_500),
    DrivenLap(3, 1, 100_000, NOON + 310_500, in_pit=True),
    DrivenLap(4, 1, 100_000, NOON + 700_000),
    DrivenLap(5, 1, 99_000, None),
]


def meant(**clue):
    return lap_meant(Clue(**clue), LAPS).lap


def why(**clue):
    return lap_meant(Clue(**clue), LAPS).why


def test_a_lap_number_means_that_lap():
    assert lap_meant(Clue(lap=3), LAPS) == Meant(3)


def test_a_lap_number_that_does_not_exist_means_none():
    assert (meant(lap=9), why(lap=9)) == (None, "Eine Runde 9 hat dieses Auto nicht.")


def test_a_time_means_the_only_lap_of_that_time():
    assert meant(lap_ms=110_500) == 2


def test_a_time_of_several_laps_means_none():
    assert (meant(lap_ms=100_000), why(lap_ms=100_000)) == (
        None, "Die Zeit 1:40,000 fuhr dieses Auto in den Runden 1, 3 oder 4.",
    )  # fmt: skip


def test_of_several_laps_of_a_time_the_hour_decides():
    assert meant(lap_ms=100_000, day_ms=NOON + 250_000) == 3
    assert meant(lap_ms=100_000, day_ms=NOON + 150_000) is None  # lap 2 ran then, which had another time


def test_a_time_that_nobody_drove_means_none():
    assert why(lap_ms=1_000) == "Eine Runde in 1,000 hat dieses Auto nicht."


@pytest.mark.parametrize(
    ("seconds", "lap"),
    [
        (1, 1),
        (99, 1),
        (101, 2),  # whole seconds: 12:01:41,000 to 12:01:41,999
        (209, 2),
        (211, 3),
        (650, 4),
    ],
)
def test_an_hour_means_the_lap_that_ran_then(seconds, lap):
    assert meant(day_ms=NOON + seconds * SECOND) == lap


def test_the_second_in_which_the_car_crossed_the_line_means_none():
    assert (meant(day_ms=NOON + 210_000), why(day_ms=NOON + 210_000)) == (
        None, "Um 12:03:30 Uhr fuhr das Auto über die Linie: gemeint sein kann Runde 2 oder 3.",
    )  # fmt: skip


def test_an_hour_with_thousandths_tells_the_two_laps_at_the_line_apart():
    assert (meant(day_ms=NOON + 210_499), meant(day_ms=NOON + 210_501)) == (2, 3)


def test_within_a_minute_of_coming_in_the_lap_that_just_ended_is_meant():
    assert meant(day_ms=NOON + 340_000) == 3


def test_later_than_a_minute_after_the_last_lap_nothing_is_meant():
    assert (meant(day_ms=NOON + 400_000), why(day_ms=NOON + 400_000)) == (
        None, "Um 12:06:40 Uhr fuhr dieses Auto keine Runde, deren Uhrzeit bekannt ist.",
    )  # fmt: skip


def test_a_message_without_any_clue_means_none():
    assert why() == "Welche Runde gemeint ist, sagt die Meldung nicht."


def test_a_lap_without_a_time_began_where_the_one_before_ended():
    laps = [DrivenLap(1, 1, None, NOON), DrivenLap(2, 1, None, NOON + 100_000)]

    assert lap_meant(Clue(day_ms=NOON + 50_000), laps).lap == 2


def test_after_midnight_the_clock_of_the_first_day_goes_on():
    laps = [DrivenLap(1, 1, 100_000, 24 * 3_600_000 + 50_000)]

    assert lap_meant(Clue(day_ms=24 * 3_600_000 + 1_000), laps).lap == 1


def test_marks_of_the_file_and_deletions_add_up_and_what_is_unclear_deletes_nothing():
    laps = [*LAPS[:4], LAPS[4]._replace(valid=False)]

    assert deleted_of([Clue(lap=1), Clue(lap_ms=100_000)], laps) == {1, 5}
