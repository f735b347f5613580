import json
import time

import pytest

from results.importers.race_control import Message, deletions_in, speaks_of_lap_times
from results.notation import DAY, HOUR, MINUTE, SECOND
from tests.shared import SHARED, needs_shared


def found(text, day_ms=None):
    return [(one.number, one.lap, one.lap_ms, one.day_ms, one.corner) for one in deletions_in(Message(text, day_ms))]


def clock(hour, minute, second):
    return hour * HOUR + minute * MINUTE + second * SECOND


@pytest.mark.parametrize(
    ("text", "deletions"),
    [
        ("CAR 177 CANCELLATION OF CURRENT LAP TIME TRACK LIMIT T4 AT 09:59:44", [("177", None, None, clock(9, 59, 44), "T4")]),
        ("CAR 58 (MARCIELLO) LAP TIME DELETED - TRACK LIMITS T4 - 14:32:11", [("58", None, None, clock(14, 32, 11), "T4")]),
        ("CAR 44 (HAM) TIME 1:23.456 DELETED - TRACK LIMITS AT TURN 4 LAP 12 14:32:11", [("44", 12, 83_456, clock(14, 32, 11), "T4")]),
        ("CAR 4 (NOR) LAP DELETED - TRACK LIMITS AT TURN 9 LAP 34 15:55:11", [("4", 34, None, clock(15, 55, 11), "T9")]),
        ("Car #007 lap time deleted: not respecting track limits turn 10-11", [("007", None, None, None, "T10-11")]),
        ("CARS 58 AND 7 LAP TIMES DELETED", [("58", None, None, None, ""), ("7", None, None, None, "")]),
        ("CARS 20-6, 21A LAP TIMES CANCELLED T1", [("20", None, None, None, "T1"), ("6", None, None, None, "T1"), ("21A", None, None, None, "T1")]),
        ("LAP TIME OF CAR 12 DISALLOWED (LAP 7)", [("12", 7, None, None, "")]),
        ("CAR 8 CURRENT LAP TIME INVALID T3", [("8", None, None, None, "T3")]),
        ("RUNDENZEIT VON AUTO 911 GESTRICHEN KURVE 5", [("911", None, None, None, "T5")]),
        ("CAR 5 LAP TIME DELETION UNDER INVESTIGATION", []),
        ("CAR 5 LAP TIME REINSTATED", []),
        ("CAR 5 LAP TIME NOT DELETED", []),
        ("LAP TIMES WILL BE DELETED FOR TRACK LIMITS AT T4", []),
        ("CAR 3 STOP AND GO PENALTY 10min TRACK LIMITS", []),
        ("CAR 9 DRIVE TIME DELETED FROM SCREEN", []),
        ("CAR 25 FINAL WARNING", []),
        ("PIT EXIT IS CLOSED", []),
        ("", []),
    ],
)  # fmt: skip
def test_a_deletion_is_found_with_car_lap_time_clock_and_corner(text, deletions):
    assert found(text) == deletions


def test_the_clock_in_the_text_counts_on_past_midnight_as_the_message_does():
    text = "CAR 1 LAP TIME DELETED T1 {}"
    assert found(text.format("00:10:00"), DAY + clock(0, 11, 0)) == [("1", None, None, DAY + clock(0, 10, 0), "T1")]
    assert found(text.format("23:59:50"), DAY + clock(0, 0, 40)) == [("1", None, None, clock(23, 59, 50), "T1")]
    assert found(text.format("23:59:50"), clock(23, 59, 59)) == [("1", None, None, clock(23, 59, 50), "T1")]


def test_a_record_keeps_the_whole_message_and_its_line():
    record = deletions_in(Message("CAR 1  LAP TIME DELETED", line=7))[0]
    assert (record.text, record.line, record.source) == ("CAR 1 LAP TIME DELETED", 7, "message")


def test_what_speaks_of_lap_times_without_deleting_one_is_for_a_person():
    assert speaks_of_lap_times("CAR 5 LAP TIME REINSTATED")
    assert speaks_of_lap_times("CAR 5 LAP TIME DELETION UNDER INVESTIGATION")
    assert not speaks_of_lap_times("CAR 5 PITLANE SPEED UNDER INVESTIGATION")


@pytest.mark.parametrize("scrap", ["LAP ", "CAR 1,", "(", "CAR 1 (", "T1-", "1:", " ", "1 AND ", "DELETED "])
def test_a_hostile_message_costs_nothing(scrap):
    began = time.process_time()
    text = f"CAR {scrap * 20_000} LAP DELETED"
    deletions_in(Message(text))
    speaks_of_lap_times(text)
    assert time.process_time() - began < 0.2


@needs_shared
def test_every_real_cancellation_is_read_and_nothing_else():
    texts = [
        message["text"]
        for path in sorted((SHARED / "data" / "gtwc_sro").glob("*.json"))
        for message in json.loads(path.read_bytes())["vm"]["announcements"]
    ]
    cancelled = [text for text in texts if "CANCELLATION OF CURRENT LAP TIME" in text]
    assert (len(texts), len(cancelled)) == (200, 84)
    read = [deletions_in(Message(text)) for text in texts]
    assert [len(one) for one in read] == [int("CANCELLATION" in text) for text in texts]
    assert all(one[0].corner and one[0].day_ms for one in read if one)
