"""The pages of charts: what is shown of a public session, and that nothing is shown of any other."""

import datetime as dt

import pytest
from django.db import connection
from django.template import Context, Template
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from results.importers.loading.summaries import write_summaries
from results.models import Classification, Entry, Event, LapSet, Session
from tests import factories

pytestmark = pytest.mark.django_db

PAGE = "/nls/2026/eifel/rennen/grafik/"
LATER = timezone.now() + dt.timedelta(hours=1)


def a_session(cars=4, **values):
    """A race at /nls/2026/eifel/rennen/ with a result in which car 1 is first, 2 second and so on."""
    event = factories.EventFactory(season__series__slug="nls", season__slug="2026", slug="eifel")
    session = factories.SessionFactory(event=event, slug="rennen", **values)
    rows = []
    for number in range(1, cars + 1):
        driver = factories.DriverFactory(last_name=f"Fahrer{number}")
        entry = factories.EntryFactory(event=event, number=str(number), team__name=f"Rennstall {number}", crew=[driver])
        car = factories.SessionEntryFactory(session=session, entry=entry)
        factories.drive(car, *[100_000 + number * 100] * 5, pits=(3,))
        rows.append({"position": number, "session_entry": car})
    factories.ClassificationFactory(session=session, rows=rows)
    write_summaries(session)
    return session


@pytest.fixture
def race():
    return a_session()


def words(answer):
    return answer.content.decode()


def drawn(answer):
    return [shape.number for shape in answer.context["chart"].shapes]


def test_the_page_begins_with_positions_their_words_and_every_car(client, race):
    answer = client.get(PAGE)

    assert answer.context["chart"].kind == "positionen"
    assert "#1 Rennstall 1 führte in 5 von 5 Runden." in words(answer)
    assert drawn(answer) == ["1", "2", "3", "4"]
    assert words(answer).count("<svg") > 4


@pytest.mark.parametrize("kind", ["positionen", "abstand", "rundenzeiten", "stints"])
def test_each_chart_has_an_address_a_table_and_a_file(client, race, kind):
    page, table, file = (
        client.get(PAGE, {"bild": kind}),
        client.get(PAGE, {"bild": kind, "tabelle": "1"}),
        client.get(f"{PAGE}{kind}.svg"),
    )

    assert [page.status_code, table.status_code, file.status_code] == [200, 200, 200]
    assert "<table" in words(table)
    assert 'class="chart ' not in words(table)
    assert 'href="?bild=' in words(page)
    assert (file["Content-Type"], file.context["chart"].kind) == ("image/svg+xml", kind)
    assert words(file).startswith("<svg")


def test_lap_times_begin_with_the_first_three_of_the_result(client, race):
    assert drawn(client.get(PAGE, {"bild": "rundenzeiten"})) == ["1", "2", "3"]


def test_chosen_cars_are_drawn_and_stay_chosen_in_every_link(client, race):
    answer = client.get(PAGE, {"bild": "rundenzeiten", "auto": ["4", "2"]})

    assert drawn(answer) == ["2", "4"]
    assert "?bild=rundenzeiten&amp;auto=4&amp;auto=2&amp;tabelle=1" in words(answer)
    assert 'value="4" checked' in words(answer)
    assert [shape.number for shape in client.get(f"{PAGE}rundenzeiten.svg?auto=4").context["chart"].shapes] == ["4"]


@pytest.mark.parametrize(
    "query", [{"bild": "torte"}, {"auto": "99"}, {"auto": ["1", "x" * 8000]}, {"tabelle": "2"}, {"bild": "\x00"}]
)
def test_a_choice_that_does_not_exist_is_refused(client, race, query):
    assert client.get(PAGE, query).status_code == 400


def test_a_picture_that_does_not_exist_is_not_found(client, race):
    assert client.get(f"{PAGE}torte.svg").status_code == 404


def test_qualifying_has_lap_times_and_stints_but_no_order_by_lap(client):
    a_session(kind="qualifying")

    answer = client.get(PAGE)
    assert (answer.context["chart"].kind, list(answer.context["kinds"])) == ("rundenzeiten", ["rundenzeiten", "stints"])
    assert client.get(PAGE, {"bild": "positionen"}).status_code == 400
    assert client.get(f"{PAGE}positionen.svg").status_code == 404


def test_without_a_result_the_cars_stand_in_the_order_of_the_last_lap(client, race):
    later = factories.SessionFactory(event=race.event, slug="rennen-2")
    for number, pace in (("21", 101_000), ("22", 99_000)):
        entry = factories.EntryFactory(event=race.event, number=number)
        factories.drive(factories.SessionEntryFactory(session=later, entry=entry), pace, pace)
    write_summaries(later)

    assert drawn(client.get(PAGE.replace("rennen", "rennen-2"))) == ["22", "21"]


def test_a_car_without_a_team_is_named_by_its_crew(client, race):
    Entry.objects.filter(number="2").update(team=None)

    assert "#2 Fahrer2" in words(client.get(PAGE))


def hide_the_laps(session):
    LapSet.objects.filter(session=session).update(public_from=LATER)


def keep_the_laps_at_the_desk(session):
    LapSet.objects.filter(session=session).update(public_from=None)


def hide_the_result(session):
    Classification.objects.filter(session=session).update(public_from=LATER)


def annul_the_result(session):
    factories.ClassificationFactory(session=session, version=2, state="annulled", is_current=False)
    Classification.objects.filter(session=session, version=1).update(
        public_until=timezone.now() - dt.timedelta(hours=1)
    )


def hide_the_session(session):
    Session.objects.filter(pk=session.pk).update(public_from=LATER)


def hide_the_event(session):
    Event.objects.filter(pk=session.event_id).update(public_from=None)


def drop_the_traces(session):
    for car in session.session_entries.all():
        car.trace.delete()


@pytest.mark.parametrize("path", [PAGE, f"{PAGE}positionen.svg", f"{PAGE}stints.svg"])
@pytest.mark.parametrize(
    "hide",
    [
        hide_the_laps,
        keep_the_laps_at_the_desk,
        hide_the_result,
        annul_the_result,
        hide_the_session,
        hide_the_event,
        drop_the_traces,
    ],
    ids=lambda hide: hide.__name__,
)
def test_charts_exist_only_where_readers_may_see_the_laps(client, race, hide, path):
    hide(race)

    assert client.get(path).status_code == 404
    assert "chart-preview" not in preview(race)


@pytest.mark.parametrize("query", ["", "?bild=stints", "?bild=abstand&tabelle=1"])
def test_a_page_costs_the_same_for_few_and_for_many_cars(client, query):
    a_session(cars=30)
    with CaptureQueriesContext(connection) as asked:
        client.get(PAGE + query)

    assert len(asked) <= 7


def preview(session):
    return Template("{% load results_tags %}{% position_chart session %}").render(Context({"session": session}))


def test_the_preview_of_a_session_page_marks_the_first_five_and_leads_to_all_charts(race, django_assert_num_queries):
    session = Session.objects.select_related("event__season__series").get()
    with django_assert_num_queries(1):
        shown = preview(session)

    assert f'href="{PAGE}"' in shown
    assert shown.count("car--strong") == 4
    assert "#1 Rennstall 1 führte in 5 von 5 Runden." in shown


def test_a_session_without_an_order_has_no_preview():
    assert "<svg" not in preview(a_session(kind="qualifying"))
