"""What stands on a session's page beside the bare table: choices, places among the chosen, stewards, weather, links."""

import datetime as dt
from decimal import Decimal

import pytest
from django.utils import timezone

from tests.factories import (
    CarModelFactory,
    ClassificationFactory,
    CupFactory,
    DecisionFactory,
    DriverFactory,
    EntryFactory,
    LapDeletionFactory,
    LapFactory,
    LapSetFactory,
    ManufacturerFactory,
    RacingClassFactory,
    SessionCrewMemberFactory,
    SessionEntryFactory,
    SessionFactory,
    TeamFactory,
    WeatherReadingFactory,
    told_before,
)
from tests.results.pages import heads, links, tables, words

pytestmark = pytest.mark.django_db

UTC = dt.UTC


def race_of_two_classes():
    """Places 1, 2, 3, 4: GT3, GT4, GT3, GT4; the second and the fourth race for the Junior cup."""
    session = SessionFactory(slug="rennen")
    series = session.event.season.series
    gt3, gt4 = (RacingClassFactory(series=series, name=name, slug=name.lower(), sequence=n)
                for n, name in enumerate(("GT3", "GT4")))  # fmt: skip
    junior = CupFactory(series=series, name="Junior", slug="junior")
    cars = [
        {"total_ms": 3_600_000, "laps": 40},
        {"gap_ms": 5_000, "laps": 40, "entry__cups": [junior]},
        {"gap_ms": 12_500, "laps": 40},
        {"gap_laps": 1, "laps": 39, "entry__cups": [junior]},
    ]
    rows = [
        {
            "position": n + 1,
            "class_position": n // 2 + 1,
            "entry__number": str(n + 1),
            "entry__racing_class": (gt3, gt4)[n % 2],
            **car,
        }
        for n, car in enumerate(cars)
    ]
    ClassificationFactory(session=session, rows=rows)
    return session


def column(response, head):
    place = heads(response)[0].index(head)
    return [row[place] for row in tables(response)[0]]


def test_session_detail_tells_the_gap_to_the_car_ahead(client):
    response = client.get(race_of_two_classes().get_absolute_url())

    assert column(response, "Zum Vordermann") == ["", "+5,000", "+7,500", "+1 Rd."]


def test_session_detail_of_a_class_shows_the_places_in_the_class_and_over_all(client):
    response = client.get(race_of_two_classes().get_absolute_url(), {"klasse": "gt3"})

    assert column(response, "Pos.") == ["1.", "2."]
    assert column(response, "Gesamt") == ["1.", "3."]


def test_session_detail_of_a_cup_counts_its_places(client):
    response = client.get(race_of_two_classes().get_absolute_url(), {"cup": "junior"})

    assert column(response, "Nr.") == ["2", "4"]
    assert column(response, "Pos.") == ["1.", "2."]
    assert column(response, "Gesamt") == ["2.", "4."]


def test_session_detail_counts_the_places_of_a_cup_over_the_whole_cup(client):
    """A further choice hides cars, it does not promote the ones left."""
    session = race_of_two_classes()
    last = session.event.entries.get(number="4").team.slug

    response = client.get(session.get_absolute_url(), {"cup": "junior", "team": last})

    assert column(response, "Nr.") == ["4"]
    assert column(response, "Pos.") == ["2."]


def test_session_detail_filters_by_team_make_and_driver(client):
    session = SessionFactory()
    porsche, audi = (ManufacturerFactory(name=name, slug=name.lower()) for name in ("Porsche", "Audi"))
    ada, bea = (DriverFactory(first_name="", last_name=name, slug=name.lower()) for name in ("Ada", "Bea"))
    rows = [
        {
            "position": n,
            "entry__number": str(n),
            "entry__team": TeamFactory(slug=f"stall-{n}"),
            "entry__car_model": CarModelFactory(manufacturer=maker),
            "entry__crew": crew,
        }
        for n, (maker, crew) in enumerate([(porsche, [ada]), (audi, [bea]), (audi, [ada, bea])], start=1)
    ]
    ClassificationFactory(session=session, rows=rows)
    address = session.get_absolute_url()

    def numbers(**query):
        return column(client.get(address, query), "Nr.")

    assert numbers(team="stall-2") == ["2"]
    assert numbers(hersteller="audi") == ["2", "3"]
    assert numbers(fahrer="ada") == ["1", "3"]
    assert numbers(fahrer="ada", hersteller="audi") == ["3"]
    for wrong in ({"team": "x"}, {"hersteller": "x"}, {"fahrer": "x"}, {"cup": "x"}):
        assert client.get(address, wrong).status_code == 400


def test_session_detail_offers_only_what_there_is_to_choose(client):
    page = client.get(race_of_two_classes().get_absolute_url()).content.decode()

    assert '<select name="klasse"' in page
    assert '<select name="cup"' not in page  # one cup is no choice
    assert '<select name="status"' not in page
    assert '<select name="hersteller"' not in page


def test_session_detail_names_the_crew_of_the_session_where_a_source_does(client):
    entered, driving = DriverFactory(last_name="Genannt"), DriverFactory(last_name="Gefahren")
    session = SessionFactory()
    car = SessionEntryFactory(session=session, entry=EntryFactory(event=session.event, crew=[entered]))
    other = SessionEntryFactory(session=session, entry=EntryFactory(event=session.event, crew=[entered]))
    SessionCrewMemberFactory(session_entry=car, driver=driving)
    rows = [{"position": 1, "session_entry": car}, {"position": 2, "session_entry": other}]
    ClassificationFactory(session=session, rows=rows)

    crews = column(client.get(session.get_absolute_url()), "Fahrer, Team, Auto")

    assert ["Gefahren" in crew for crew in crews] == [True, False]
    assert ["Genannt" in crew for crew in crews] == [False, True]


def test_session_detail_lists_two_who_shared_a_car_apart(client):
    """Formula 1 to 1958: one car, two lines."""
    session = SessionFactory()
    car = SessionEntryFactory(session=session)
    for line, name in enumerate(("Fangio", "Moss"), start=1):
        driver = DriverFactory(first_name="", last_name=name)
        SessionCrewMemberFactory(session_entry=car, line=line, driver=driver)
    ClassificationFactory(session=session, rows=[
        {"position": 2, "session_entry": car, "line": 1}, {"position": 2, "session_entry": car, "line": 2},
    ])  # fmt: skip

    crews = column(client.get(session.get_absolute_url()), "Fahrer, Team, Auto")

    assert [crew.split()[0] for crew in crews] == ["Fangio", "Moss"]


def test_session_detail_of_a_qualifying_shows_the_times_of_its_parts(client):
    session = SessionFactory(kind="qualifying", name="Qualifying")
    rows = [
        {"position": 1, "best_lap_ms": 80_000, "part_times_ms": [82_000, 81_000, 80_000]},
        {"position": 2, "best_lap_ms": 81_500, "part_times_ms": [82_500, None, 81_500]},
        {"position": 3, "best_lap_ms": 83_000, "part_times_ms": [83_000]},
    ]
    ClassificationFactory(session=session, part_names=["Q1", "Q2", "Superpole"], rows=rows)

    response = client.get(session.get_absolute_url())

    assert heads(response)[0][3:6] == ["Q1", "Q2", "Superpole"]
    assert [row[3:6] for row in tables(response)[0]] == [
        ["1:22,000", "1:21,000", "1:20,000"], ["1:22,500", "", "1:21,500"], ["1:23,000", "", ""],
    ]  # fmt: skip


def test_session_detail_leads_to_the_parts_with_a_page_of_their_own(client):
    session = SessionFactory(kind="qualifying", name="Qualifying")
    part = SessionFactory(event=session.event, parent=session, name="Superpole", kind="qualifying")
    hidden = SessionFactory(event=session.event, parent=session, name="Geheim", public_from=None)

    response = client.get(session.get_absolute_url())

    assert "Abschnitte dieser Session" in response.content.decode()
    assert part.get_absolute_url() in links(response)
    assert hidden.get_absolute_url() not in links(response)


def test_session_detail_lists_the_decisions_of_the_stewards(client):
    session = SessionFactory()
    car = SessionEntryFactory(session=session, entry__number="12")
    decided = dt.datetime(2021, 11, 6, 13, 2, tzinfo=UTC)
    DecisionFactory(session=session, session_entry=car, number="27", text="Zu schnell.", decided_at=decided)
    DecisionFactory(
        session=session, session_entry=car, decided_at=None, kind="grid", amount=1, appeal="pending", text="", number=""
    )
    DecisionFactory(session=session, session_entry=None, kind="warning", amount=None, text="An alle.", number="")

    page = words(client.get(session.get_absolute_url()))

    assert "#12 Zeitstrafe: 5 Sekunden Zu schnell. Dokument 27 · 6. November 2021, 14:02 Uhr MEZ" in page
    assert "#12 1 Platz zurück in der Startaufstellung Einspruch: läuft" in page
    assert "alle Verwarnung An alle." in page


@pytest.mark.parametrize("days", [None, 1])
def test_session_detail_keeps_back_a_decision_that_is_not_public(client, days):
    session = SessionFactory()
    public_from = timezone.now() + dt.timedelta(days=days) if days else None
    DecisionFactory(session=session, text="Nadel", public_from=public_from)

    assert "Nadel" not in words(client.get(session.get_absolute_url()))
    assert "Sportkommissare" not in words(client.get(session.get_absolute_url()))


def test_session_detail_lists_deleted_laps_beside_the_result_that_names_the_car(client):
    session = SessionFactory()
    car = SessionEntryFactory(session=session, entry__number="12")
    ClassificationFactory(session=session, rows=[{"position": 1, "session_entry": car}])
    LapDeletionFactory(session_entry=car, lap=4, lap_ms=106_250, corner="T13", text="Streckenbegrenzung")
    LapDeletionFactory(session_entry=car, lap=5, reversed_at=timezone.now())
    LapDeletionFactory(session_entry=SessionEntryFactory(session=session, entry__number="999"), lap=6)

    page = words(client.get(session.get_absolute_url()))

    assert "Gestrichene Runden 1 #12 Runde 4 1:46,250 T13 Streckenbegrenzung" in page
    assert "Runde 5" not in page
    assert "999" not in page


def test_session_detail_shows_no_deleted_lap_before_result_or_laps_are_public(client):
    session = SessionFactory()
    LapDeletionFactory(session_entry=SessionEntryFactory(session=session), text="Nadel")

    assert "Nadel" not in words(client.get(session.get_absolute_url()))


def test_session_detail_shows_deleted_laps_with_released_laps(client):
    session = SessionFactory()
    lap = LapFactory(session_entry=SessionEntryFactory(session=session), number=3)
    LapSetFactory(session=session)
    LapDeletionFactory(session_entry=lap.session_entry, lap=3, text="Zu weit")

    assert "Runde 3 Zu weit" in words(client.get(session.get_absolute_url()))


@pytest.mark.parametrize(
    ("wet", "said"), [([False, False], "trocken"), ([True, False], "zeitweise Regen"), ([True, True], "Regen")]
)
def test_session_detail_sums_the_weather_up(client, wet, said):
    session = SessionFactory()
    for air, is_raining in zip(("12.4", "15.6"), wet, strict=True):
        WeatherReadingFactory(session=session, air_c=Decimal(air), track_c=Decimal("20.1"), is_raining=is_raining)

    assert f"Wetter Luft 12 bis 16 °C Strecke 20 °C {said}" in words(client.get(session.get_absolute_url()))


def test_session_detail_says_from_when_it_was_moved(client):
    session = SessionFactory(**told_before(dt.datetime(2021, 11, 5, 9, 0, tzinfo=UTC)))

    assert "Verschoben von Freitag, 5. November 2021, 10:00 Uhr." in words(client.get(session.get_absolute_url()))


@pytest.mark.parametrize(
    ("status", "sentence"),
    [("cancelled", "Diese Session findet nicht statt."), ("postponed", "Ein neuer Termin steht noch nicht fest.")],
)
def test_session_detail_says_that_it_does_not_take_place(client, status, sentence):
    assert sentence in words(client.get(SessionFactory(status=status).get_absolute_url()))


def test_session_detail_leads_to_laps_pair_entry_list_and_files(client):
    session = race_of_two_classes()
    LapSetFactory(session=session)
    address = session.get_absolute_url()

    found = links(client.get(address, {"klasse": "gt3"}))

    assert f"{address}runden/" in found
    assert f"{address}vergleich/" in found
    assert f"{session.event.get_absolute_url()}starterliste/" in found
    assert [f"{address}ergebnis.{form}?klasse=gt3" in found for form in ("csv", "xlsx", "json")] == [True] * 3


def test_session_detail_leads_nowhere_where_nothing_is(client):
    session = SessionFactory()
    LapSetFactory(session=session, public_from=None)

    found = links(client.get(session.get_absolute_url()))

    assert [link for link in found if "runden" in link or "vergleich" in link or "starterliste" in link] == []


@pytest.mark.parametrize("cars", [10, 150])
def test_session_detail_takes_nine_queries_with_everything_around_it(client, django_assert_num_queries, cars):
    session = SessionFactory(kind="qualifying")
    series = session.event.season.series
    makers = ManufacturerFactory.create_batch(3)
    cups = CupFactory.create_batch(3, series=series)
    classes = RacingClassFactory.create_batch(3, series=series)
    rows = [
        {
            "position": n,
            "best_lap_ms": 80_000 + n,
            "gap_ms": n,
            "part_times_ms": [80_000 + n, 80_000 + n],
            "entry__racing_class": classes[n % 3],
            "entry__car_model": CarModelFactory(manufacturer=makers[n % 3]),
            "entry__crew": DriverFactory.create_batch(2),
            "entry__cups": [cups[n % 3]],
        }
        for n in range(1, cars + 1)
    ]
    result = ClassificationFactory(session=session, part_names=["Q1", "Q2"], rows=rows)
    LapSetFactory(session=session)
    for row in result.rows.all():
        DecisionFactory(session=session, session_entry=row.session_entry)
        LapDeletionFactory(session_entry=row.session_entry)
        WeatherReadingFactory(session=session, air_c=Decimal(20))
        SessionCrewMemberFactory(session_entry=row.session_entry)
    SessionFactory.create_batch(3, event=session.event, parent=session)

    with django_assert_num_queries(9):
        response = client.get(session.get_absolute_url(), {"klasse": classes[0].slug})

    assert len(tables(response)[0]) == cars // 3
