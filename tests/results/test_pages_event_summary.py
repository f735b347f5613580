"""What the page of an event sums up: winner, pole and fastest lap of a race, over all and by class."""

import datetime as dt

import pytest
from django.utils import timezone

from results.models import Entry
from tests.factories import (
    ClassificationFactory,
    DriverFactory,
    EntryFactory,
    EventFactory,
    RacingClassFactory,
    SessionFactory,
    told_before,
)
from tests.results.pages import links, tables, words

pytestmark = pytest.mark.django_db


class Weekend:
    """A race and a qualifying of two classes; cars are drivers called like their numbers."""

    def __init__(self):
        self.event = EventFactory()
        series = self.event.season.series
        self.classes = [
            RacingClassFactory(series=series, name=name, sequence=n) for n, name in enumerate(("GT3", "GT4"))
        ]

    def row(self, number, group, **values):
        driver = DriverFactory(first_name="", last_name=f"Fahrer {number}")
        entry = Entry.objects.filter(event=self.event, number=number).first() or EntryFactory(
            event=self.event, number=number, crew=[driver], racing_class=self.classes[group], car_model=None
        )
        return {"entry": entry, **values}

    def result(self, kind, *rows, hour, **values):
        session = SessionFactory(
            event=self.event, kind=kind, name=kind, starts_at=dt.datetime(2021, 11, 6, hour, tzinfo=dt.UTC)
        )
        ClassificationFactory(session=session, rows=rows, **values)
        return session


def test_event_detail_sums_a_race_up_by_class(client):
    weekend = Weekend()
    weekend.result(
        "qualifying",
        weekend.row("1", 0, position=1, class_position=1, best_lap_ms=100_000),
        weekend.row("2", 0, position=2, class_position=2, best_lap_ms=101_000),
        weekend.row("3", 1, position=3, class_position=1, best_lap_ms=110_000),
        hour=9,
    )
    race = weekend.result(
        "race",
        weekend.row("2", 0, position=1, class_position=1, best_lap_ms=103_000),
        weekend.row("1", 0, position=2, class_position=2, best_lap_ms=102_000),
        weekend.row("3", 1, position=3, class_position=1, best_lap_ms=112_000),
        hour=12,
    )

    response = client.get(weekend.event.get_absolute_url())

    assert tables(response)[0] == [
        ["Gesamt", "Fahrer 2 #2", "1:40,000 Fahrer 1 #1", "1:42,000 Fahrer 1 #1"],
        ["GT3", "Fahrer 2 #2", "1:40,000 Fahrer 1 #1", "1:42,000 Fahrer 1 #1"],
        ["GT4", "Fahrer 3 #3", "1:50,000 Fahrer 3 #3", "1:52,000 Fahrer 3 #3"],
    ]
    assert race.get_absolute_url() in links(response)
    assert "Weitere Ergebnisse qualifying" in words(response)


def test_event_detail_takes_the_pole_from_the_grid_where_the_race_prints_it(client):
    """A penalty moved the fastest back; the time stands only beside the car that set it."""
    weekend = Weekend()
    weekend.result("qualifying", weekend.row("1", 0, position=1, class_position=1, best_lap_ms=100_000), hour=9)
    weekend.result("race", weekend.row("1", 0, position=1, grid=4), weekend.row("2", 0, position=2, grid=1), hour=12)

    assert tables(client.get(weekend.event.get_absolute_url()))[0] == [["Gesamt", "Fahrer 1 #1", "Fahrer 2 #2"]]


def test_event_detail_does_not_count_the_fastest_lap_of_a_struck_car(client):
    weekend = Weekend()
    weekend.result(
        "race",
        weekend.row("1", 0, position=1, best_lap_ms=102_000),
        weekend.row("2", 0, status="dsq", best_lap_ms=100_000),
        hour=12,
    )

    assert tables(client.get(weekend.event.get_absolute_url()))[0] == [
        ["Gesamt", "Fahrer 1 #1", "1:42,000 Fahrer 1 #1"]
    ]


def test_event_detail_says_that_a_first_place_is_vacant(client):
    weekend = Weekend()
    weekend.result("race", weekend.row("2", 0, position=2, best_lap_ms=100_000), hour=12)

    assert tables(client.get(weekend.event.get_absolute_url()))[0][0][1] == "nicht vergeben"


def test_event_detail_sums_nothing_up_that_is_under_embargo(client):
    weekend = Weekend()
    later = timezone.now() + dt.timedelta(hours=1)
    weekend.result("race", weekend.row("1", 0, position=1, best_lap_ms=100_000), hour=12, public_from=later)

    assert tables(client.get(weekend.event.get_absolute_url())) == []


def test_event_detail_takes_no_pole_from_a_qualifying_after_the_race(client):
    weekend = Weekend()
    weekend.result("race", weekend.row("1", 0, position=1, best_lap_ms=100_000), hour=9)
    weekend.result("qualifying", weekend.row("2", 0, position=1, best_lap_ms=99_000), hour=12)

    assert tables(client.get(weekend.event.get_absolute_url()))[0] == [
        ["Gesamt", "Fahrer 1 #1", "1:40,000 Fahrer 1 #1"]
    ]


def test_event_detail_says_from_when_it_was_moved_and_roughly_when_it_is(client):
    moved = EventFactory(**told_before(on=dt.date(2021, 10, 1)))
    vague = EventFactory(starts_on=None, ends_on=None, around="2026-10")

    assert "Verschoben von 1. Oktober 2021." in words(client.get(moved.get_absolute_url()))
    assert "Oktober 2026" in words(client.get(vague.get_absolute_url()))


def test_event_detail_leads_to_the_entry_list_once_there_is_one(client):
    session = SessionFactory()
    address = f"{session.event.get_absolute_url()}starterliste/"
    assert address not in links(client.get(session.event.get_absolute_url()))

    ClassificationFactory(session=session, rows=[{"position": 1}])

    assert address in links(client.get(session.event.get_absolute_url()))
