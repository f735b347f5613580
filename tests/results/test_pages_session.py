"""The page of a session: its classification, filtered and sorted by address, and nothing that is not released."""

import datetime as dt
import re

import pytest
from django.utils import timezone

from results.models import Classification
from tests.factories import (
    CarModelFactory,
    ClassificationFactory,
    CupFactory,
    DriverFactory,
    EventFactory,
    RacingClassFactory,
    SeriesFactory,
    SessionFactory,
    TeamFactory,
)

pytestmark = pytest.mark.django_db

TAGS = re.compile(r"<[^>]+>")


def table_of(response):
    """The body of the results table as lists of words, a list a row."""
    body = response.content.decode().partition("<tbody>")[2].partition("</tbody>")[0]
    rows = [line for line in body.split("</tr>") if "<td" in line]
    return [[" ".join(TAGS.sub(" ", cell).split()) for cell in row.split("</td>")[:-1]] for row in rows]


def heads_of(response):
    head = response.content.decode().partition("<thead>")[2].partition("</thead>")[0]
    return [" ".join(TAGS.sub(" ", cell).split()) for cell in head.split("</th>")[:-1]]


def pole_position():
    """Two classes in a qualifying: 7 before 8, 22 third and best of its class."""
    session = SessionFactory(kind="qualifying", name="Qualifying")
    series = session.event.season.series
    top = RacingClassFactory(series=series, name="Hypercar", slug="hypercar", sequence=0)
    second = RacingClassFactory(series=series, name="LMP2", slug="lmp2", sequence=1)
    toyota = {
        "entry__team": TeamFactory(name="Toyota Gazoo Racing"),
        "entry__car_model": CarModelFactory(name="GR010"),
        "entry__racing_class": top,
    }
    conway = DriverFactory(first_name="Mike", last_name="Conway")
    lopez = DriverFactory(first_name="José María", last_name="López")
    ClassificationFactory(
        session=session,
        rows=[
            {
                "position": 1,
                "class_position": 1,
                "best_lap_ms": 106_250,
                "entry__number": "007",
                "entry__crew": [conway, lopez],
                **toyota,
            },
            {"position": 2, "class_position": 2, "best_lap_ms": 106_540, "gap_ms": 290, "entry__number": "8", **toyota},
            {
                "position": 3,
                "class_position": 1,
                "best_lap_ms": 109_525,
                "gap_ms": 3_275,
                "entry__number": "22",
                "entry__team": TeamFactory(name="United"),
                "entry__car_model": CarModelFactory(name="Oreca"),
                "entry__racing_class": second,
            },
        ],
    )
    return session


def test_session_detail_shows_the_classification_in_german_notation(client):
    response = client.get(pole_position().get_absolute_url())

    assert heads_of(response) == [
        *("Pos.", "Nr.", "Fahrer, Team, Auto", "Beste Runde", "Zeit/Abstand", "Zum Vordermann", "Klasse")
    ]
    assert table_of(response) == [
        [
            "1.",
            "007",
            "Mike Conway / José María López Toyota Gazoo Racing · GR010",
            "1:46,250 schnellste Runde",
            "",
            "",
            "Hypercar 1. ★ Bestzeit in der Klasse",
        ],
        ["2.", "8", "Toyota Gazoo Racing · GR010", "1:46,540", "+0,290", "+0,290", "Hypercar 2."],
        ["3.", "22", "United · Oreca", "1:49,525", "+3,275", "+2,985", "LMP2 1. ★ Bestzeit in der Klasse"],
    ]


def test_session_detail_of_a_race_shows_total_gap_laps_grid_and_penalty(client):
    session = SessionFactory()
    ClassificationFactory(
        session=session,
        rows=[
            {"position": 1, "total_ms": 21_689_500, "laps": 28, "grid": 2, "entry__number": "1"},
            {"position": 2, "gap_laps": 1, "laps": 27, "grid": 1, "penalty_ms": 30_000, "entry__number": "2"},
        ],
    )

    response = client.get(session.get_absolute_url())

    assert heads_of(response) == ["Pos.", "Nr.", "Fahrer, Team, Auto", "Zeit/Abstand", "Runden", "Start", "Strafe"]
    assert [row[3:] for row in table_of(response)] == [["6:01:29,500", "28", "2", ""], ["+1 Rd.", "27", "1", "+30,000"]]


def test_session_detail_names_state_time_and_source(client):
    session = SessionFactory()
    ClassificationFactory(
        session=session,
        state="provisional",
        released_at=dt.datetime(2021, 11, 6, 18, 30, tzinfo=dt.UTC),
        document__name="RENNEN_RESULT.CSV",
        rows=[{"position": 1}],
    )

    page = client.get(session.get_absolute_url()).content.decode()

    assert "Vorläufiges Ergebnis" in page
    assert "6. November 2021, 19:30 Uhr MEZ" in page
    assert "RENNEN_RESULT.CSV" in page


def test_session_detail_prints_a_status_instead_of_a_place(client):
    session = SessionFactory()
    ClassificationFactory(session=session, rows=[{"position": None, "status": "dsq"}])

    response = client.get(session.get_absolute_url())

    assert table_of(response)[0][0] == "DSQ"
    assert 'title="disqualifiziert"' in response.content.decode()


def test_session_detail_leaves_a_vacant_first_place_empty(client):
    session = SessionFactory()
    ClassificationFactory(session=session, rows=[{"position": 2}, {"position": None, "status": "dsq"}])

    assert [row[0] for row in table_of(client.get(session.get_absolute_url()))] == ["2.", "DSQ"]


def test_session_detail_shows_cups_and_guests(client):
    session = SessionFactory()
    cup = CupFactory(series=session.event.season.series, name="Junior")
    row = {"position": 1, "entry__is_guest": True, "entry__cups": [cup]}
    ClassificationFactory(session=session, rows=[row])

    [line] = table_of(client.get(session.get_absolute_url()))

    assert line[2].endswith("· Gaststarter")
    assert line[3] == "Junior"


def test_session_detail_filters_by_class(client):
    response = client.get(pole_position().get_absolute_url(), {"klasse": "lmp2"})

    assert [row[1] for row in table_of(response)] == ["22"]


def test_session_detail_keeps_the_fastest_lap_of_all_under_a_filter(client):
    response = client.get(pole_position().get_absolute_url(), {"klasse": "lmp2"})

    assert "schnellste Runde" not in response.content.decode()


def test_session_detail_filters_by_status(client):
    session = SessionFactory()
    rows = [{"position": 1, "entry__number": "1"}, {"status": "dnf", "entry__number": "2"}]
    ClassificationFactory(session=session, rows=rows)

    response = client.get(session.get_absolute_url(), {"status": "dnf"})

    assert [row[1] for row in table_of(response)] == ["2"]


@pytest.mark.parametrize(
    ("order", "numbers"),
    [
        ("position", ["007", "8", "22"]),
        ("-position", ["22", "8", "007"]),
        ("-best_lap", ["22", "8", "007"]),
        ("car_class", ["007", "8", "22"]),
        ("-car_class", ["22", "8", "007"]),
    ],
)
def test_session_detail_sorts_by_address(client, order, numbers):
    response = client.get(pole_position().get_absolute_url(), {"sortierung": order})

    assert [row[1] for row in table_of(response)] == numbers


@pytest.mark.parametrize(
    ("order", "numbers"),
    [("number", ["1", "007", "7", "22", "A25", "100"]), ("-number", ["100", "A25", "22", "7", "007", "1"])],
)
def test_session_detail_sorts_numbers_of_cars_as_numbers(client, order, numbers):
    session = SessionFactory()
    cars = ["100", "A25", "7", "007", "22", "1"]
    rows = [{"position": place, "entry__number": number} for place, number in enumerate(cars, start=1)]
    ClassificationFactory(session=session, rows=rows)

    response = client.get(session.get_absolute_url(), {"sortierung": order})

    assert [row[1] for row in table_of(response)] == numbers


def test_session_detail_keeps_the_cars_of_a_class_together(client):
    session = SessionFactory()
    one, two = (RacingClassFactory(series=session.event.season.series, name=name, sequence=0) for name in ("V4", "SP9"))
    rows = [
        {"position": 1, "class_position": 1, "entry__number": "1", "entry__racing_class": one},
        {"position": 2, "class_position": 1, "entry__number": "2", "entry__racing_class": two},
        {"position": 3, "class_position": 2, "entry__number": "3", "entry__racing_class": one},
    ]
    ClassificationFactory(session=session, rows=rows)

    response = client.get(session.get_absolute_url(), {"sortierung": "car_class"})

    assert [row[1] for row in table_of(response)] == ["2", "1", "3"]


@pytest.mark.parametrize("order", ["best_lap", "-best_lap"])
def test_session_detail_sorts_missing_values_last_both_ways(client, order):
    session = SessionFactory()
    rows = [{"position": 1, "entry__number": "1"}, {"position": 2, "entry__number": "2", "best_lap_ms": 480_000}]
    ClassificationFactory(session=session, rows=rows)

    response = client.get(session.get_absolute_url(), {"sortierung": order})

    assert [row[1] for row in table_of(response)] == ["2", "1"]


def test_session_detail_buttons_of_the_head_keep_the_filter_and_turn_the_order(client):
    page = client.get(pole_position().get_absolute_url(), {"klasse": "lmp2", "sortierung": "position"}).content.decode()

    assert 'aria-sort="ascending"' in page
    table = page[page.index('<form method="get"><input') :]
    assert table.startswith('<form method="get"><input type="hidden" name="klasse" value="lmp2">\n')
    assert '<button type="submit" name="sortierung" value="-position">' in table
    assert '<button type="submit" name="sortierung" value="best_lap">' in table


def test_session_detail_leads_a_machine_that_follows_links_to_no_other_order(client):
    page = client.get(pole_position().get_absolute_url()).content.decode()

    assert "?sortierung=" not in page


def test_session_detail_form_keeps_the_order(client):
    page = client.get(pole_position().get_absolute_url(), {"sortierung": "-position"}).content.decode()

    assert '<input type="hidden" name="sortierung" value="-position"' in page


@pytest.mark.parametrize(
    "query",
    [
        {"klasse": "gibt-es-nicht"},
        {"klasse": "x" * 8192},
        {"status": "dnf"},  # nobody retired
        {"status": "\x00"},
        {"sortierung": "crew"},
        {"sortierung": "pk"},
        {"sortierung": ",".join(["position"] * 200)},
        {"wertung": "6h"},
    ],
)
def test_session_detail_refuses_a_choice_that_does_not_exist_without_repeating_it(client, query):
    response = client.get(pole_position().get_absolute_url(), query)

    assert response.status_code == 400
    assert "Diese Anfrage ergibt keinen Sinn" in response.content.decode()
    assert "gibt-es-nicht" not in response.content.decode()


@pytest.mark.parametrize("query", [{"page": "100000"}, {"limit": "1000000"}])
def test_session_detail_ignores_unknown_parameters(client, query):
    address = pole_position().get_absolute_url()

    assert client.get(address, query).content == client.get(address).content


def test_session_detail_offers_each_scoring_and_shows_the_finish_first(client):
    session = SessionFactory()
    ClassificationFactory(session=session, checkpoint="6h", rows=[{"position": 1, "entry__number": "6"}])
    ClassificationFactory(session=session, checkpoint="12h", rows=[{"position": 1, "entry__number": "12"}])
    ClassificationFactory(session=session, rows=[{"position": 1, "entry__number": "24"}])
    address = session.get_absolute_url()

    assert [row[1] for row in table_of(client.get(address))] == ["24"]
    assert [row[1] for row in table_of(client.get(address, {"wertung": "6h"}))] == ["6"]
    page = client.get(address).content.decode()
    assert [page.index(label) for label in (">Ziel<", ">6h<", ">12h<")] == sorted(
        page.index(label) for label in (">Ziel<", ">6h<", ">12h<")
    )


def test_session_detail_shows_the_latest_checkpoint_while_the_race_runs(client):
    session = SessionFactory()
    ClassificationFactory(session=session, checkpoint="6h", rows=[{"position": 1, "entry__number": "6"}])
    ClassificationFactory(session=session, checkpoint="12h", rows=[{"position": 1, "entry__number": "12"}])

    assert [row[1] for row in table_of(client.get(session.get_absolute_url()))] == ["12"]


def test_session_detail_without_result_says_so_and_shows_when(client):
    session = SessionFactory(starts_at=timezone.now() + dt.timedelta(days=3))

    page = client.get(session.get_absolute_url()).content.decode()

    assert "Das Ergebnis steht hier, sobald die Session beendet ist." in page
    assert session.starts_at.astimezone(session.event.zone).strftime("%H:%M Uhr") in page


def test_session_detail_shows_nothing_of_an_unreleased_classification(client):
    session = SessionFactory()
    rows = [{"position": 1, "entry__team": TeamFactory(name="Nadelteam")}]
    ClassificationFactory(session=session, hidden=True, rows=rows)

    page = client.get(session.get_absolute_url()).content.decode()

    assert "Nadelteam" not in page
    assert "Das Ergebnis liegt noch nicht vor." in page


def test_session_detail_shows_an_embargoed_version_only_from_its_hour(client):
    session = SessionFactory()
    now = timezone.now()
    first = ClassificationFactory(session=session, is_current=False, rows=[{"position": 1, "entry__number": "7"}])
    second = ClassificationFactory(
        session=session,
        version=2,
        state="amended",
        public_from=now + dt.timedelta(hours=1),
        rows=[{"position": 1, "entry__number": "8"}],
    )
    Classification.objects.filter(pk=first.pk).update(public_until=second.public_from)
    before = table_of(client.get(session.get_absolute_url()))
    # The hour comes: both windows move, as nothing but the database clock decides.
    Classification.objects.filter(pk=first.pk).update(public_until=now)
    Classification.objects.filter(pk=second.pk).update(public_from=now)

    after = client.get(session.get_absolute_url())

    assert [row[1] for row in before] == ["7"]
    assert [row[1] for row in table_of(after)] == ["8"]
    assert "Endergebnis, nachträglich geändert" in after.content.decode()


def test_session_detail_shows_no_table_of_an_annulled_result(client):
    session = SessionFactory()
    ClassificationFactory(session=session, state="annulled", rows=[{"position": 1}])

    response = client.get(session.get_absolute_url())

    assert table_of(response) == []
    assert "Dieses Ergebnis zählt nicht mehr." in response.content.decode()


def hidden_addresses():
    later = timezone.now() + dt.timedelta(days=1)
    return [
        SessionFactory(public_from=None).get_absolute_url(),
        SessionFactory(public_from=later).get_absolute_url(),
        SessionFactory(event__public_from=None).get_absolute_url(),
        SessionFactory(event__public_from=later).get_absolute_url(),
    ]


def test_session_detail_answers_for_hidden_ones_as_for_none(client):
    never = client.get("/nie/2021/da/gewesen/")

    for address in hidden_addresses():
        response = client.get(address)
        assert (response.status_code, response.content) == (404, never.content)
        assert response.headers == never.headers


def test_session_detail_is_not_found_below_another_event(client):
    session = SessionFactory()
    other = EventFactory(season=session.event.season)

    assert client.get(f"{other.get_absolute_url()}{session.slug}/").status_code == 404


def test_session_detail_redirects_a_missing_slash_and_knows_no_upper_case(client):
    address = pole_position().get_absolute_url()

    missing = client.get(address.rstrip("/"))

    assert (missing.status_code, missing["Location"]) == (301, address)
    assert client.get(address.upper()).status_code == 404


def test_session_detail_names_its_canonical_address_from_the_settings(client, settings):
    settings.SITE_URL = "https://rennen.example"
    address = pole_position().get_absolute_url()

    page = client.get(address, {"klasse": "lmp2"}, headers={"host": "localhost"}).content.decode()

    assert f'<link rel="canonical" href="https://rennen.example{address}">' in page
    assert "localhost" not in page


def test_session_detail_sets_no_cookie_and_may_be_cached(client):
    response = client.get(pole_position().get_absolute_url())

    assert not response.cookies
    assert response["Cache-Control"].startswith("public, max-age=10")


def test_session_detail_escapes_what_files_brought_in(client):
    session = SessionFactory(event__season__series=SeriesFactory(name="<script>alert(1)</script>"))
    nasty = "<img src=x onerror=alert(1)>"
    ClassificationFactory(
        session=session,
        document__name=nasty,
        rows=[
            {
                "position": 1,
                "entry__number": "<b>1",
                "entry__team": TeamFactory(name=nasty),
                "entry__crew": [DriverFactory(first_name=nasty, last_name=nasty)],
                "entry__racing_class": RacingClassFactory(series=session.event.season.series, name=nasty, slug="x"),
            }
        ],
    )

    page = client.get(session.get_absolute_url()).content.decode()

    assert "<img" not in page
    assert "<script>" not in page
    assert "<b>1<" not in page


@pytest.mark.parametrize("cars", [1, 10, 30, 150])
def test_session_detail_takes_nine_queries_whatever_the_field(client, django_assert_num_queries, cars):
    session = SessionFactory()
    series = session.event.season.series
    classes = [RacingClassFactory(series=series) for _ in range(min(cars, 8))]
    SessionFactory.create_batch(min(cars, 8), event=session.event)
    ClassificationFactory(
        session=session,
        rows=[
            {
                "position": place,
                "best_lap_ms": 480_000 + place,
                "entry__racing_class": classes[place % len(classes)],
                "entry__crew": [DriverFactory()],
                "entry__cups": [CupFactory(series=series)],
            }
            for place in range(1, cars + 1)
        ],
    )

    with django_assert_num_queries(9):
        response = client.get(session.get_absolute_url(), {"sortierung": "-best_lap"})

    assert len(table_of(response)) == cars
