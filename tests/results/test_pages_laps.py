"""The pages of the laps: bests, cars, one car lap by lap, two cars; and nothing while the laps are not released."""

import datetime as dt
import time

import pytest
from django.utils import timezone

from results.models import CarTrace, Lap, LapSectors
from tests.factories import (
    CarModelFactory,
    ClassificationFactory,
    DriverFactory,
    DriverShareFactory,
    EntryFactory,
    LapDeletionFactory,
    LapFactory,
    LapSetFactory,
    RacingClassFactory,
    SessionEntryFactory,
    SessionFactory,
    StintFactory,
    TeamFactory,
)
from tests.results.pages import heads, links, tables, words

pytestmark = pytest.mark.django_db


def released(session=None, **values):
    """A session whose laps readers may see."""
    return LapSetFactory(session=session or SessionFactory(), **values).session


def car_in(session, number, **values):
    entry = EntryFactory(event=session.event, number=number, **values)
    return SessionEntryFactory(session=session, entry=entry)


def drive(car, *times, start=None, seat=1, **values):
    """Laps from the first on; `start` is the time of day in ms at which the first began."""
    for number, ms in enumerate(times, start=1):
        start = start + ms if start is not None else None
        LapFactory(session_entry=car, number=number, time_ms=ms, day_ms=start, seat=seat, **values)


def laps_address(session, car=""):
    return f"{session.get_absolute_url()}runden/{car and f'{car}/'}"


def two_cars():
    """Car 7 with two drivers and a stop, car 8 of another class; the laps are public."""
    session = released(SessionFactory(slug="rennen"))
    series = session.event.season.series
    gt3, gt4 = (
        RacingClassFactory(series=series, name=name, slug=name.lower(), sequence=n)
        for n, name in enumerate(("GT3", "GT4"))
    )
    seven = car_in(
        session, "7", racing_class=gt3, team=TeamFactory(name="Stall"), car_model=CarModelFactory(name="911")
    )
    eight = car_in(
        session, "8", racing_class=gt4, team=TeamFactory(name="Scheune"), car_model=CarModelFactory(name="M4")
    )
    drive(seven, 106_000, 105_000, 107_000)
    drive(eight, 110_000, 111_000)
    ada = DriverFactory(first_name="Ada", last_name="Eins")
    bea = DriverFactory(first_name="Bea", last_name="Zwei")
    DriverShareFactory(
        session_entry=seven, driver=ada, seat=1, laps=2, drive_ms=211_000, best_lap_ms=105_000, best_lap_number=2
    )
    DriverShareFactory(
        session_entry=seven, driver=bea, seat=2, laps=1, drive_ms=107_000, best_lap_ms=107_000, best_lap_number=3
    )
    DriverShareFactory(session_entry=eight, driver=None, seat=None, laps=2, best_lap_ms=110_000, best_lap_number=1)
    StintFactory(session_entry=seven, sequence=1, driver=ada, seat=1, first_lap=1, last_lap=2, ends_in_pit=True,
                 drive_ms=211_000, best_lap_ms=105_000, pit_ms=63_500)  # fmt: skip
    StintFactory(session_entry=seven, sequence=2, driver=bea, seat=2, first_lap=3, last_lap=3)
    return session


def test_session_laps_lists_cars_with_stops_and_drivers_by_their_best_lap(client):
    session = two_cars()

    response = client.get(laps_address(session))

    cars, drivers = tables(response)
    assert cars == [
        ["7", "Stall 911", "GT3", "3", "1:45,000", "1", "1:03,500"],
        ["8", "Scheune M4", "GT4", "2", "1:50,000", "0", ""],
    ]
    assert drivers == [
        ["1.", "Ada Eins", "1:45,000", "2", "7", "GT3", "2", "3:31"],
        ["2.", "Bea Zwei", "1:47,000", "3", "7", "GT3", "1", "1:47"],
        ["3.", "unbekannt", "1:50,000", "1", "8", "GT4", "2", ""],
    ]
    assert "Schnellste Runden GT3 1:45,000 Ada Eins #7 · Runde 2 GT4 1:50,000 #8 · Runde 1" in words(response)
    assert laps_address(session, "7") in links(response)


def test_session_laps_filters_by_class(client):
    session = two_cars()

    response = client.get(laps_address(session), {"klasse": "gt4"})

    assert [[row[0] for row in table] for table in tables(response)] == [["8"], ["1."]]
    assert client.get(laps_address(session), {"klasse": "x"}).status_code == 400


def test_session_laps_names_source_and_time(client):
    session = released(
        document__name="RENNEN_LAPS.CSV", count=2, loaded_at=dt.datetime(2021, 11, 6, 18, 30, tzinfo=dt.UTC)
    )

    page = words(client.get(laps_address(session)))

    assert "Stand: 6. November 2021, 19:30 Uhr MEZ Quelle: RENNEN_LAPS.CSV 2 Runden" in page


def test_car_laps_shows_every_lap_under_its_stint(client):
    session = two_cars()

    response = client.get(laps_address(session, "7"))

    shares, first, second = tables(response)
    assert shares == [
        ["Ada Eins", "2", "67 %", "3:31", "1:45,000", "2"],
        ["Bea Zwei", "1", "33 %", "1:47", "1:47,000", "3"],
    ]
    assert first == [["1", "1:46,000"], ["2", "1:45,000 beste Runde"]]
    assert second == [["3", "1:47,000"]]
    page = words(response)
    assert "Runden 1 bis 2: Ada Eins 3:31 am Steuer beste Runde 1:45,000 Stopp 1:03,500" in page
    assert "Runde 3: Bea Zwei" in page


def test_car_laps_shows_only_the_columns_the_data_have(client):
    session = released()
    car = car_in(session, "7")
    LapFactory(session_entry=car, number=1, time_ms=106_250, day_ms=86_400_000 + 3_723_000, in_pit=True)
    LapFactory(session_entry=car, number=2, time_ms=None, day_ms=None, pit_ms=61_000)
    LapSectors.objects.create(session_entry=car, number=1, sectors_ms=[30_000, None, 40_000])
    CarTrace.objects.create(
        session_entry=car, positions=[3, None], gaps_ms=[None] * 2, times_ms=[None] * 2, pit_laps=[1]
    )

    response = client.get(laps_address(session, "7"))

    assert heads(response) == [["Runde", "Zeit", "S1", "S2", "S3", "Pos.", "Uhrzeit", "Bemerkung"]]
    assert tables(response) == [[
        ["1", "1:46,250 beste Runde", "30,000", "", "40,000", "3.", "01:02:03", "Box"],
        ["2", "–", "", "", "", "", "", "Stopp 1:01,000"],
    ]]  # fmt: skip


def test_car_laps_marks_deleted_laps_and_does_not_count_them_as_best(client):
    session = released()
    car = car_in(session, "7")
    drive(car, 100_000, 101_000, 102_000, 103_000)
    LapDeletionFactory(session_entry=car, lap=1)
    LapDeletionFactory(session_entry=car, lap=3, reversed_at=timezone.now())
    Lap.objects.filter(session_entry=car, number=2).update(is_valid=False)

    response = client.get(laps_address(session, "7"))

    assert tables(response) == [[
        ["1", "1:40,000", "gestrichen"],
        ["2", "1:41,000", "gestrichen"],
        ["3", "1:42,000 beste Runde", ""],
        ["4", "1:43,000", ""],
    ]]  # fmt: skip


def test_car_laps_names_the_driver_of_each_lap_where_nobody_computed_stints(client):
    session = released()
    car = car_in(session, "7")
    DriverShareFactory(session_entry=car, seat=1, driver=DriverFactory(first_name="Ada", last_name="Eins"))
    for number, seat in ((1, 1), (2, 2)):
        LapFactory(session_entry=car, number=number, seat=seat)

    response = client.get(laps_address(session, "7"))

    assert [row[2] for row in tables(response)[1]] == ["Ada Eins", "Fahrer 2"]


def test_car_laps_knows_numbers_as_text_and_a_second_car_of_one_number(client):
    session = released()
    for number, line, ms in (("007", 1, 100_000), ("7", 1, 101_000), ("7", 2, 102_000), ("A 1/2", 1, 103_000)):
        drive(car_in(session, number, line=line), ms)

    found = [link for link in links(client.get(laps_address(session))) if "/runden/" in link and "?" not in link]
    times = [tables(client.get(link))[-1][0][1].split()[0] for link in found if not link.endswith("/runden/")][:4]

    assert sorted(times) == ["1:40,000", "1:41,000", "1:42,000", "1:43,000"]
    assert client.get(laps_address(session, "07")).status_code == 404


def test_car_laps_of_a_car_without_laps_is_not_found(client):
    session = two_cars()
    car_in(session, "9")

    assert client.get(laps_address(session, "9")).status_code == 404


def pages_of(session):
    return [laps_address(session), laps_address(session, "7")]


def hidden_laps():
    later = timezone.now() + dt.timedelta(hours=1)
    unreleased, embargoed = SessionFactory(), SessionFactory()
    ClassificationFactory(session=unreleased, hidden=True)
    ClassificationFactory(session=embargoed, public_from=later)
    annulled = SessionFactory()
    ClassificationFactory(session=annulled, state="annulled")
    yield from (released(session) for session in (unreleased, embargoed, annulled))
    yield released(public_from=None)
    yield released(public_from=later)
    yield released(SessionFactory(public_from=None))
    yield released(SessionFactory(event__public_from=None))


def test_pages_of_laps_answer_for_hidden_laps_as_for_none(client):
    never = client.get("/nie/2021/da/gewesen/runden/")

    for session in hidden_laps():
        drive(car_in(session, "7"), 100_000)
        for address in pages_of(session):
            response = client.get(address)
            assert (response.status_code, response.content) == (404, never.content)


@pytest.mark.parametrize("number", [1, 30])
def test_pages_of_laps_take_the_same_queries_whatever_the_field(client, django_assert_num_queries, number):
    session = released()
    for n in range(number):
        car = car_in(session, str(n))
        drive(car, *[100_000] * number)
        DriverShareFactory(session_entry=car)
        for lap in range(number):
            StintFactory(
                session_entry=car, sequence=lap + 1, first_lap=lap + 1, last_lap=lap + 1, driver=DriverFactory()
            )

    with django_assert_num_queries(4):
        client.get(laps_address(session))
    with django_assert_num_queries(7):
        client.get(laps_address(session, "0"))


@pytest.mark.slow
def test_car_laps_of_twenty_four_hours_fold_their_stints_and_come_fast(client):
    """800 laps in 30 stints; the limit is ten times what it takes, for the machine may be busy."""
    session = released()
    car = car_in(session, "7")
    Lap.objects.bulk_create(
        Lap(session_entry=car, number=n, time_ms=100_000 + n, day_ms=n * 100_000, seat=1) for n in range(1, 801)
    )
    for n in range(30):
        StintFactory(session_entry=car, sequence=n + 1, first_lap=27 * n + 1, last_lap=27 * n + 27)
    client.get(laps_address(session, "7"))

    start = time.process_time()
    response = client.get(laps_address(session, "7"))

    assert time.process_time() - start < 0.5
    assert sum(len(table) for table in tables(response)) == 800
    assert response.content.count(b"<details") == 30
    assert response.content.count(b" open>") == 1


# --- two cars -------------------------------------------------------------------------------------------------------


def rivals(**values):
    """A public result with cars 7, 8, 9; laps of 7 and 8 beside it."""
    session = SessionFactory(slug="rennen")
    rows = [
        {"position": n, "laps": 2, "best_lap_ms": 100_000 + n, "entry__number": number, "entry__crew": [
            DriverFactory(first_name="", last_name=f"Fahrer{number}")], **({"gap_ms": 1_000} if n == 2 else {})}
        for n, number in enumerate(("7", "8", "9"), start=1)
    ]  # fmt: skip
    result = ClassificationFactory(session=session, rows=rows)
    cars = {
        row.session_entry.entry.number: row.session_entry for row in result.rows.select_related("session_entry__entry")
    }
    drive(cars["7"], 100_000, 102_000, start=50_000_000)
    drive(cars["8"], 101_000, 101_500, start=50_000_000)
    LapSetFactory(session=session, **values)
    return session


def duel_address(session):
    return f"{session.get_absolute_url()}vergleich/"


def test_head_to_head_shows_two_results_and_every_lap(client):
    session = rivals()

    response = client.get(duel_address(session), {"a": "7", "b": "8"})

    facts, laps = tables(response)
    assert facts == [
        ["Platz", "1.", "2."],
        ["Runden", "2", "2"],
        ["Zeit/Abstand", "", "+1,000"],
        ["Beste Runde", "1:40,001", "1:40,002"],
        ["Schneller in Runden", "1", "1"],
        ["Vorn auf der Linie", "2", "0"],
    ]
    assert laps == [
        ["1", "1:40,000", "1:41,000", "−1,000", "−1,000"],
        ["2", "1:42,000", "1:41,500", "+0,500", "−0,500"],
    ]
    assert heads(response)[1] == ["Runde", "#7", "#8", "Differenz", "Abstand"]
    assert "Endergebnis" in words(response)


def test_head_to_head_without_a_choice_shows_the_first_two(client):
    session = rivals()

    assert client.get(duel_address(session)).content == client.get(duel_address(session), {"a": "7", "b": "8"}).content
    assert "#8 – #7" in words(client.get(duel_address(session), {"a": "8"}))


@pytest.mark.parametrize("query", [{"a": "7", "b": "7"}, {"a": "99", "b": "7"}, {"a": "\x00", "b": "7"}])
def test_head_to_head_refuses_a_pair_that_does_not_exist(client, query):
    assert client.get(duel_address(rivals()), query).status_code == 400


def test_head_to_head_without_released_laps_compares_the_results_only(client):
    response = client.get(duel_address(rivals(public_from=None)), {"a": "7", "b": "8"})

    assert len(tables(response)) == 1
    assert "Runde für Runde" not in words(response)


def test_head_to_head_without_a_result_compares_the_laps(client):
    session = released()
    drive(car_in(session, "7"), 100_000)
    drive(car_in(session, "8"), 101_000)

    response = client.get(duel_address(session))

    assert tables(response)[-1] == [["1", "1:40,000", "1:41,000", "−1,000", "−1,000"]]


def test_head_to_head_of_nothing_public_is_not_found(client):
    hidden = SessionFactory()
    ClassificationFactory(session=hidden, hidden=True, rows=[{"position": 1}, {"position": 2}])
    released(hidden)
    alone = SessionFactory()
    ClassificationFactory(session=alone, rows=[{"position": 1}])
    never = client.get("/nie/2021/da/gewesen/vergleich/")

    for session in (hidden, alone, SessionFactory(), SessionFactory(public_from=None)):
        response = client.get(duel_address(session))
        assert (response.status_code, response.content) == (404, never.content)


def test_head_to_head_folds_a_long_race_into_blocks(client):
    session = released()
    for number in ("7", "8"):
        drive(car_in(session, number), *[100_000] * 120)

    response = client.get(duel_address(session))

    assert [len(table) for table in tables(response)[1:]] == [50, 50, 20]


def test_head_to_head_takes_eight_queries(client, django_assert_num_queries):
    session = rivals()

    with django_assert_num_queries(8):
        client.get(duel_address(session), {"a": "7", "b": "8"})
