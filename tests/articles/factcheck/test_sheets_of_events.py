"""Sheets from the database: entry lists, other names, grids, laps, tables before and after, and few queries however much."""

import datetime as dt
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from articles.factcheck.database import event_sheet, sheet_of
from articles.factcheck.run import check_text
from results.models import (
    CarTrace,
    Decision,
    DriverAlias,
    Event,
    LapDeletion,
    PrintedStanding,
    PrintedStandingRow,
    TeamAlias,
)
from tests import factories

pytestmark = pytest.mark.django_db
UTC = dt.UTC


@pytest.fixture
def event():
    season = factories.SeasonFactory(series__name="GT", series__slug="gt")
    return factories.EventFactory(season=season, name="Sechs Stunden", slug="sechs-stunden")


def a_car(event, number, *names, **fields):
    crew = [factories.DriverFactory(first_name=first, last_name=last) for first, last in names]
    return factories.EntryFactory(event=event, number=number, crew=crew, **fields)


def a_result(event, key, kind, *rows, **session):
    held = factories.SessionFactory(event=event, key=key, name=session.pop("name", "Rennen"), kind=kind, **session)
    lines = []
    for entry, values in rows:
        seat = factories.SessionEntryFactory(session=held, entry=entry)
        lines.append({"session_entry": seat, "status": "classified", **values})
    factories.ClassificationFactory(session=held, rows=lines)
    return held


def verdicts(text, event, kind=None):
    return [
        (finding.claim.text, str(finding.verdict.judgement))
        for finding in check_text(text, sheet_of(event))
        if kind in (None, finding.claim.type)
    ]


def test_cars_that_only_the_entry_list_knows_are_cars(event):
    a_car(event, "7", ("Anna", "Adler"), ("Bruno", "Bussard"))
    a_car(event, "8", ("Carla", "Condor"), ("Dirk", "Dohle"))

    assert verdicts("Adler/Condor starten in der #7.", event, "crew") == [("Adler/Condor", "contradicted")]
    assert verdicts("Adler/Bussard starten in der #7.", event) == [("Adler/Bussard", "confirmed"), ("#7", "confirmed")]


def test_who_drove_one_session_alone_is_of_the_crew_before_there_is_a_result(event):
    car = a_car(event, "7", ("Anna", "Adler"), ("Bruno", "Bussard"))
    a_car(event, "8", ("Carla", "Condor"), ("Dirk", "Dohle"))
    practice = factories.SessionFactory(event=event, key="FP1", name="Training", kind="practice")
    seat = factories.SessionEntryFactory(session=practice, entry=car)
    for place, (first, last) in enumerate((("Anna", "Adler"), ("Gerd", "Gast")), start=1):
        driver = car.drivers.filter(last_name=last).first() or factories.DriverFactory(first_name=first, last_name=last)
        factories.SessionCrewMemberFactory(session_entry=seat, driver=driver, seat=place)

    crew = [driver.name for driver in sheet_of(event).cars["7"].drivers]

    assert crew == ["Anna Adler", "Bruno Bussard", "Gerd Gast"]
    assert verdicts("Adler/Gast starten in der #7.", event, "crew") == [("Adler/Gast", "confirmed")]


def test_other_spellings_of_drivers_and_teams_are_theirs(event):
    team = factories.TeamFactory(name="Falke Racing")
    car = a_car(event, "7", ("Nyck", "de Vries"), ("Bruno", "Bussard"), team=team)
    DriverAlias.objects.create(driver=car.drivers.get(last_name="de Vries"), name="Nick Devries")
    TeamAlias.objects.create(team=team, name="Falcon Motorsport")

    assert verdicts("Nick Devries und Bruno Bussard fahren die #7.", event, "crew") == [
        ("Nick Devries und Bruno Bussard", "confirmed")
    ]
    assert "contradicted" not in dict(verdicts("Bussard fährt die #7 von Falcon Motorsport.", event)).values()


def test_a_grid_printed_with_the_race_counts_before_the_qualifying(event):
    one, two = a_car(event, "7", ("Anna", "Adler")), a_car(event, "8", ("Carla", "Condor"))
    a_result(event, "Q", "qualifying", (one, {"position": 1}), (two, {"position": 2}), name="Qualifying")
    a_result(event, "R", "race", (two, {"position": 1, "grid": 1}), (one, {"position": 2, "grid": 2}))

    assert verdicts("Die #7 ging im Rennen von Startplatz 2 los.", event, "grid_position") == [
        ("Startplatz 2", "confirmed")
    ]


def test_after_a_grid_penalty_without_a_printed_grid_nobody_is_measured_by_the_qualifying(event):
    one, two = a_car(event, "7", ("Anna", "Adler")), a_car(event, "8", ("Carla", "Condor"))
    a_result(event, "Q", "qualifying", (one, {"position": 1}), (two, {"position": 2}), name="Qualifying")
    race = a_result(event, "R", "race", (two, {"position": 1}), (one, {"position": 2}))
    text = "Die #7 ging im Rennen von Startplatz 4 los."
    assert verdicts(text, event, "grid_position") == [("Startplatz 4", "contradicted")]

    Decision.objects.create(session=race, kind=Decision.Kind.GRID, amount=3, public_from=None)

    assert verdicts(text, event, "grid_position") == [("Startplatz 4", "uncheckable")]


@pytest.mark.parametrize("where", ["part", "lap", "deleted"])
def test_a_lap_that_was_not_the_best_is_no_error(event, where):
    car = a_car(event, "7", ("Anna", "Adler"))
    values = {"position": 1, "best_lap_ms": 95_000} | ({"part_times_ms": [95_461, 95_000]} if where == "part" else {})
    session = a_result(event, "Q", "qualifying", (car, values), name="Qualifying")
    seat = session.session_entries.get()
    if where == "lap":
        CarTrace.objects.create(session_entry=seat, positions=[1], gaps_ms=[0], times_ms=[95_461], pit_laps=[])
    if where == "deleted":
        LapDeletion.objects.create(session=session, session_entry=seat, lap_ms=95_461, source="desk")

    assert verdicts("Im Qualifying fuhr die #7 eine Runde in 1:35,461 Minuten.", event, "lap_time") == [
        ("1:35,461 Minuten", "confirmed")
    ]


def test_tables_before_and_after_are_both_known_and_the_one_after_is_the_right_value(event):
    car = a_car(event, "7", ("Anna", "Adler"))
    a_result(event, "R", "race", (car, {"position": 1}))
    before = factories.EventFactory(
        season=event.season, starts_on=dt.date(2021, 9, 4), ends_on=dt.date(2021, 9, 5), name="Davor"
    )
    for number, (after, points) in enumerate([(before, 110), (event, 135)]):
        table = PrintedStanding.objects.create(
            season=event.season, name="Fahrerwertung", after=str(number), after_event=after
        )
        PrintedStandingRow.objects.create(
            standing=table, display_order=1, position=1, entrant="Anna Adler", points=Decimal(points)
        )

    def said(points):
        return verdicts(f"Anna Adler hat in der Fahrerwertung {points} Punkte.", event, "points")

    assert (said(110), said(135)) == ([("110 Punkte", "confirmed")], [("135 Punkte", "confirmed")])
    (wrong,) = [
        finding
        for finding in check_text("Anna Adler hat in der Fahrerwertung 153 Punkte.", sheet_of(event))
        if finding.claim.type == "points"
    ]
    assert wrong.verdict.right == "135 Punkte"


def test_a_start_overseas_is_right_on_the_clocks_of_the_venue_and_on_german_ones(event):
    event.time_zone = "America/New_York"
    event.save()
    factories.SessionFactory(
        event=event, key="R", name="Rennen", kind="race", starts_at=dt.datetime(2021, 11, 6, 17, 40, tzinfo=UTC)
    )

    def said(clock):
        return verdicts(f"Das Rennen startet am Samstag um {clock} Uhr.", event, "session_time")

    assert said("13:40") == [("13:40 Uhr", "confirmed")]
    assert said("18:40") == [("18:40 Uhr", "confirmed")]
    assert said("15:40") == [("15:40 Uhr", "contradicted")]


def test_two_cars_of_one_number_are_none_a_text_can_name(event):
    one, two = a_car(event, "7", ("Anna", "Adler")), a_car(event, "7", ("Carla", "Condor"), line=2)
    a_result(event, "R", "race", (one, {"position": 1}), (two, {"position": 2}))

    assert {"7·1", "7·2"} <= set(sheet_of(event).cars)
    assert "7" not in sheet_of(event).cars
    assert "contradicted" not in dict(verdicts("Die #7 wurde im Rennen Dritte.", event)).values()


def test_an_annulled_result_is_no_result(event):
    car = a_car(event, "7", ("Anna", "Adler"))
    session = a_result(event, "R", "race", (car, {"position": 1}))
    session.classifications.update(is_current=False)
    factories.ClassificationFactory(session=session, version=2, state="annulled", rows=[])

    assert sheet_of(event).run == ()


def test_the_same_data_make_the_same_fingerprint(event):
    car = a_car(event, "7", ("Anna", "Adler"))
    first = event_sheet(event).fingerprint
    assert event_sheet(event).fingerprint == first
    DriverAlias.objects.create(driver=car.drivers.get(), name="A. Adler")

    assert event_sheet(event).fingerprint != first


def _archive(event, cars):
    """An event with a race and a qualifying of so many cars, and as many events in the season before and after it."""
    entries = [
        a_car(event, str(number), ("A", f"Fahrer{number}"), ("B", f"Beifahrer{number}")) for number in range(cars)
    ]
    for key, kind in (("Q", "qualifying"), ("R", "race")):
        a_result(event, key, kind, *[(entry, {"position": place}) for place, entry in enumerate(entries, start=1)])
    for number in range(cars):
        day = dt.date(2021, 11, 20) + dt.timedelta(days=number)
        other = factories.EventFactory(season=event.season, starts_on=day, ends_on=day)
        factories.SessionFactory(event=other, key="R", starts_at=dt.datetime.combine(day, dt.time(12), UTC))
        table = PrintedStanding.objects.create(
            season=event.season, name="Wertung", after=str(number), after_event=event, class_name=str(number)
        )
        PrintedStandingRow.objects.create(standing=table, display_order=1, entrant=f"Fahrer{number}", points=1)


def _queries(event):
    with CaptureQueriesContext(
        connection,
    ) as queries:
        event_sheet(event)
    return len(queries)


def test_the_number_of_queries_is_that_of_one_car_with_ten_and_with_a_hundred_times_as_many():
    events = [
        factories.EventFactory(
            season=factories.SeasonFactory(), starts_on=dt.date(2021, 11, 5), ends_on=dt.date(2021, 11, 6)
        )
        for _size in range(3)
    ]
    counts = []
    for event, cars in zip(events, (1, 10, 100), strict=True):
        _archive(event, cars)
        counts.append(_queries(Event.objects.select_related("season__series", "circuit").get(pk=event.pk)))

    assert counts == [counts[0]] * 3
    assert counts[0] <= 16
