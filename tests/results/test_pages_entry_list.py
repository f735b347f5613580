"""The entry list of an event: who is entered, by class, and nobody whom only a draft names."""

import datetime as dt

import pytest
from django.utils import timezone

from tests.factories import (
    LONG_AGO,
    CarModelFactory,
    ClassificationFactory,
    CupFactory,
    DriverFactory,
    DriverGradeFactory,
    EntryFactory,
    EventFactory,
    ManufacturerFactory,
    RacingClassFactory,
    SessionFactory,
    TeamFactory,
)
from tests.results.pages import tables, words

pytestmark = pytest.mark.django_db


def address_of(event):
    return f"{event.get_absolute_url()}starterliste/"


def entered(event, number, **values):
    return EntryFactory(event=event, number=number, public_from=LONG_AGO, **values)


def test_entry_list_shows_cars_by_class_with_crew_nation_rating_and_guest(client):
    event = EventFactory()
    series = event.season.series
    gt3 = RacingClassFactory(series=series, name="GT3", sequence=0)
    gt4 = RacingClassFactory(series=series, name="GT4", sequence=1)
    ada = DriverFactory(first_name="Ada", last_name="Eins", nationality="SWZ")
    bea = DriverFactory(first_name="Bea", last_name="Zwei")
    DriverGradeFactory(driver=ada, season=event.season, grade="gold")
    DriverGradeFactory(driver=bea, grade="bronze")  # of another season
    car = {"team": TeamFactory(name="Stall"), "car_model": CarModelFactory(name="911 GT3 R")}
    entered(event, "22", racing_class=gt4, is_guest=True, **car)
    entered(event, "100", racing_class=gt3, cups=[CupFactory(series=series, name="Junior")], **car)
    entered(event, "7", racing_class=gt3, crew=[ada, bea], **car)

    response = client.get(address_of(event))

    assert tables(response) == [
        [
            ["7", "Stall 911 GT3 R", "Ada Eins SUI Gold Bea Zwei", ""],
            ["100", "Stall 911 GT3 R", "–", "Junior"],
        ],
        [["22", "Stall 911 GT3 R · Gaststarter", "–"]],
    ]
    assert 'title="Schweiz"' in response.content.decode()


def test_entry_list_names_no_car_of_a_draft(client):
    session = SessionFactory()
    ClassificationFactory(session=session, hidden=True, rows=[
        {"position": 1, "entry__number": "999", "entry__team": TeamFactory(name="Nadel")}
    ])  # fmt: skip
    EntryFactory(event=session.event, number="998", public_from=timezone.now() + dt.timedelta(hours=1))

    response = client.get(address_of(session.event))

    assert response.status_code == 200
    assert "Die Starterliste liegt noch nicht vor." in words(response)
    assert "999" not in words(response)
    assert "Nadel" not in response.content.decode()


def test_entry_list_shows_cars_of_a_released_result(client):
    session = SessionFactory()
    ClassificationFactory(session=session, rows=[{"position": 1, "entry__number": "8"}])

    assert tables(client.get(address_of(session.event)))[0][0][0] == "8"


def test_entry_list_filters_by_class_team_make_and_driver(client):
    event = EventFactory()
    series = event.season.series
    one, two = (RacingClassFactory(series=series, name=name, slug=name) for name in ("a", "b"))
    porsche, audi = (ManufacturerFactory(name=name, slug=name.lower()) for name in ("Porsche", "Audi"))
    ada = DriverFactory(slug="ada")
    entered(event, "1", racing_class=one, team=TeamFactory(slug="x"), car_model=CarModelFactory(manufacturer=porsche))
    entered(event, "2", racing_class=two, team=TeamFactory(slug="y"), car_model=CarModelFactory(manufacturer=audi))
    entered(event, "3", racing_class=two, crew=[ada], car_model=CarModelFactory(manufacturer=audi))

    def numbers(**query):
        return [row[0] for table in tables(client.get(address_of(event), query)) for row in table]

    assert numbers(klasse="b") == ["2", "3"]
    assert numbers(team="x") == ["1"]
    assert numbers(hersteller="audi") == ["2", "3"]
    assert numbers(fahrer="ada") == ["3"]
    assert client.get(address_of(event), {"klasse": "c"}).status_code == 400


def test_entry_list_answers_for_a_hidden_event_as_for_none(client):
    never = client.get("/nie/2021/gewesen/starterliste/")
    response = client.get(address_of(EventFactory(public_from=None)))

    assert (response.status_code, response.content) == (404, never.content)


@pytest.mark.parametrize("cars", [1, 60])
def test_entry_list_takes_five_queries_whatever_the_field(client, django_assert_num_queries, cars):
    event = EventFactory()
    for number in range(cars):
        driver = DriverFactory()
        DriverGradeFactory(driver=driver, season=event.season)
        entered(event, str(number), crew=[driver], cups=[CupFactory()])
        SessionFactory(event=event)

    with django_assert_num_queries(5):
        response = client.get(address_of(event))

    assert sum(len(table) for table in tables(response)) == cars
