"""Laps from two files, deleted laps, messages of race control, weather, entry lists and moved sessions."""

import datetime as dt
from dataclasses import replace
from decimal import Decimal

import pytest
from django.utils import timezone

from results.importers.plan import ImportRefused
from results.importers.records import DeletionRecord, LapRecord, MessageRecord, WeatherRecord
from results.models import (
    Entry,
    Event,
    Lap,
    LapDeletion,
    LapSectors,
    LapSet,
    RaceControlMessage,
    Session,
    WeatherReading,
)
from tests.results.made import load, parsed, race, row, session

pytestmark = pytest.mark.django_db
FREE = {"accept": True, "reason": "Nachtrag"}
NOON = dt.datetime(2026, 5, 16, 10, 0, tzinfo=dt.UTC)


def plain(**values):
    return tuple(LapRecord(number="7", lap=number, time_ms=100_000 + number, **values) for number in (1, 2, 3))


def with_sectors():
    first, second, third = plain(sectors_ms=(30_000, None, 40_000))
    return first, replace(second, in_pit=True), replace(third, pit_ms=61_000)


def laps():
    return list(Lap.objects.order_by("number").values_list("number", "time_ms", "in_pit", "pit_ms"))


FULL = [(1, 100_001, False, None), (2, 100_002, True, None), (3, 100_003, False, 61_000)]


@pytest.mark.parametrize("order", [(plain(), with_sectors()), (with_sectors(), plain())])
def test_two_lap_files_of_one_session_complete_each_other_in_either_order(order):
    for file in order:
        load(parsed(race(laps=file)))

    assert laps() == FULL
    assert [row.sectors_ms for row in LapSectors.objects.order_by("number")] == [[30_000, None, 40_000]] * 3
    for file in order:
        assert load(parsed(race(laps=file))).plan.is_empty


def test_another_lap_time_needs_consent_though_sectors_come_with_it():
    load(parsed(race(laps=plain())))
    slower = (replace(with_sectors()[0], time_ms=111_111), *with_sectors()[1:])

    with pytest.raises(ImportRefused, match="Veröffentlichte Ergebnisse"):
        load(parsed(race(laps=slower)))
    load(parsed(race(laps=slower)), **FREE)

    assert laps()[0][1] == 111_111


def test_changed_sectors_of_known_laps_need_consent():
    load(parsed(race(laps=with_sectors())))
    other = tuple(replace(one, sectors_ms=(30_001, None, 40_000)) for one in with_sectors())

    with pytest.raises(ImportRefused, match="Veröffentlichte Ergebnisse"):
        load(parsed(race(laps=other)))


def test_laps_are_public_when_they_are_loaded_unless_a_result_is_awaited():
    load(parsed(race(laps=plain())))
    assert LapSet.objects.public().count() == 1

    load(parsed(race(rows=(row("7", 1, laps=3),), released=False)))
    assert LapSet.objects.public().count() == 0

    load(parsed(race(rows=(row("7", 1, laps=3),))), **FREE)
    assert LapSet.objects.public().count() == 1


# race control


def deletion(**values):
    return DeletionRecord(number="7", **{"lap": 2, "source": "flag", "text": "", **values})


def test_deleted_laps_are_kept_once_and_taken_back_when_the_source_does():
    file = parsed(race(laps=plain(), deletions=(deletion(), deletion(lap=3))))
    load(file)
    assert load(file).plan.is_empty

    load(parsed(race(laps=plain(), deletions=(deletion(lap=3),))))

    assert [(one.lap, one.reversed_at is None) for one in LapDeletion.objects.order_by("lap")] == [
        (2, False),
        (3, True),
    ]
    load(file)
    assert not LapDeletion.objects.filter(reversed_at__isnull=False).exists()


def test_a_deletion_of_another_source_takes_none_back():
    load(parsed(race(laps=plain(), deletions=(deletion(),))))

    load(
        parsed(race(deletions=(deletion(lap=None, day_ms=43_200_000, corner="T4", source="message", text="DELETED"),)))
    )

    assert [(one.source, one.lap, one.corner) for one in LapDeletion.objects.order_by("pk")] == [
        ("flag", 2, ""), ("message", None, "T4"),
    ]  # fmt: skip
    assert not LapDeletion.objects.filter(reversed_at__isnull=False).exists()


def test_messages_keep_their_order_and_a_longer_file_adds_the_new_ones():
    first = (MessageRecord("GREEN", at=NOON), MessageRecord("SAFETY CAR", day_ms=13 * 3_600_000))
    load(parsed(race(messages=first)))

    report = load(parsed(race(messages=(*first, MessageRecord("CHEQUERED", at=NOON + dt.timedelta(hours=6))))))

    assert report.plan.rows_created == 1
    said = RaceControlMessage.objects.values_list("sequence", "text", "at")
    assert list(said) == [
        (1, "GREEN", NOON),
        (2, "SAFETY CAR", NOON + dt.timedelta(hours=1)),
        (3, "CHEQUERED", NOON + dt.timedelta(hours=6)),
    ]


def test_weather_is_stored_once():
    file = parsed(race(weather=(WeatherRecord(at=NOON, air_c=Decimal("18.7"), humidity=76, raining=True),)))

    assert load(file).plan.rows_created == 1
    assert load(file).plan.is_empty
    assert [(one.air_c, one.humidity, one.is_raining) for one in WeatherReading.objects.all()] == [
        (Decimal("18.7"), 76, True)
    ]


def test_weather_that_cannot_be_is_rejected_with_its_line():
    with pytest.raises(ImportRefused) as refused:
        load(parsed(race(weather=(WeatherRecord(at=NOON, air_c=Decimal("10000.5"), line=3),))))
    assert [problem.line for problem in refused.value.plan.rejected] == [3]


# entry lists


def entered(*rows):
    return parsed(session(entries=rows, is_entry_list=True))


def test_an_entry_list_shows_its_cars_and_invents_no_result():
    load(entered(row("7", status=""), row("8", status="", crew=("Bea Zwei",), guest=True)))

    assert [str(entry) for entry in Entry.objects.public().order_by("number")] == ["#7", "#8"]
    assert not Session.objects.get().classifications.exists()
    assert load(entered(row("7", status=""), row("8", status="", crew=("Bea Zwei",), guest=True))).plan.is_empty


def test_a_car_that_only_a_draft_names_is_not_public():
    load(entered(row("7", status="")))
    load(parsed(race(rows=(row("7", 1), row("99", 2)), released=False)))

    assert [str(entry) for entry in Entry.objects.public()] == ["#7"]


# moved sessions


def test_a_start_that_was_announced_and_moves_is_remembered():
    today = timezone.now().date()
    day = today + dt.timedelta(days=30)
    load(parsed(session(rows=(), date=day)))
    announced = Session.objects.get().starts_at

    load(parsed(session(rows=(), date=day, time=dt.time(19, 30))))
    moved = Session.objects.get()
    assert (moved.moved_from, moved.starts_at - announced) == (announced, dt.timedelta(minutes=90))

    load(parsed(session(rows=(), date=day)))
    assert Session.objects.get().moved_from is None


@pytest.mark.parametrize("hidden", [Session, Event], ids=["session", "event"])
@pytest.mark.parametrize("public_from", [None, timezone.now() + dt.timedelta(days=1)], ids=["desk", "embargo"])
def test_a_start_that_readers_were_never_told_leaves_no_trace(hidden, public_from):
    day = timezone.now().date() + dt.timedelta(days=30)
    load(parsed(session(rows=(), date=day)))
    hidden.objects.update(public_from=public_from)
    before = Session.objects.get().starts_at

    load(parsed(session(rows=(), date=day, time=dt.time(19, 30))))

    moved = Session.objects.get()
    assert (moved.starts_at > before, moved.moved_from) == (True, None)


def test_a_corrected_start_of_long_ago_is_no_move():
    load(parsed(session(rows=(), date=dt.date(2020, 5, 16))))
    load(parsed(session(rows=(), date=dt.date(2020, 5, 16), time=dt.time(19, 30))))

    assert Session.objects.get().moved_from is None
