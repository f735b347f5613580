"""Printed tables that come with a file find the championship of ours that they are of, or none."""

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from results.importers.records import ParsedFile
from results.importers.undo import undo
from results.models import Championship, Event, PrintedStanding, Season, Series
from results.standings.acts import set_up
from results.standings.compute import compute_season
from results.standings.linking import named_by
from tests import factories
from tests.results.made import load, parsed, race, row, standing
from tests.results.standings.made import championship, drivers, result, season
from tests.results.standings.made import race as race_of

pytestmark = pytest.mark.django_db

RING = "6 Stunden am Ring"
RULES = {"scores": [{"table": [25, 18]}]}


def of_formula_1(*tables, **values):
    """A file of a new race of Formula 1: one car, and the tables after it."""
    rows = (row("7", 1),)
    file = {"series": "Formel 1", "season": "2015", "event": RING}
    return parsed(race(rows=rows), standings=tables, **{**file, **values})


def linked():
    """By name, class and event of each printed table, the key of our championship."""
    columns = ("name", "class_name", "after_event__name", "championship__key")
    return list(PrintedStanding.objects.order_by("pk").values_list(*columns))


def test_the_tables_of_the_first_file_of_a_season_find_event_and_championship_and_are_compared():
    """The season, its event and its championships come into being with the tables."""
    table = standing((1, "Ada Sieben", 25), name="Fahrer-Weltmeisterschaft", after=RING)

    load(of_formula_1(table, standing((1, "Porsche", 25), name="Pokal der Marken", after=RING)))

    assert linked() == [("Fahrer-Weltmeisterschaft", "", RING, "driver"), ("Pokal der Marken", "", RING, None)]
    assert PrintedStanding.objects.first().differences is not None


def test_a_table_of_the_second_file_goes_where_a_person_put_that_of_the_first():
    formula = season()
    result(race_of(formula, 1), drivers("Ada"))
    load(of_formula_1(standing((1, "Ada", 25), name="Drivers' Title", after=RING)))
    PrintedStanding.objects.update(championship=Championship.objects.get(key="driver"))

    load(of_formula_1(standing((1, "Ada", 50), name="Drivers' title", after="Monza")), content=b"second")

    assert linked()[1] == ("Drivers' title", "", None, "driver")


def test_a_championship_set_up_later_finds_the_tables_that_wait_for_it():
    load(parsed(race(rows=(row("7", 1),)), standings=(standing((1, "Ada", 25), after=RING),)))
    cup = Championship(season=Season.objects.get(), key="fahrer", name="Fahrer", subject="driver", rules=RULES)

    set_up(cup, by=factories.UserFactory(role="results"))

    assert linked() == [("Fahrer", "", RING, "fahrer")]
    assert PrintedStanding.objects.get().differences is not None


@pytest.mark.parametrize(
    ("name", "class_name", "key"),
    [
        ("Fahrer", "GT3", "gt3"),
        ("Fahrer GT3", "", "gt3"),
        ("Fahrer GT3", "GT3", "gt3"),
        ("Fahrer", "GT4", "gt4"),
        ("Fahrer", "", None),
        ("Fahrer GT3", "GT4", None),
        ("Fahrerinnen", "GT3", None),
    ],
)
def test_a_table_of_a_class_is_of_no_other(name, class_name, key):
    year = season()
    both = [
        Championship(key=one.lower(), name=f"Fahrer {one}" if one == "GT3" else "Fahrer", season=year,
                     racing_class=factories.RacingClassFactory(series=year.series, name=one))
        for one in ("GT3", "GT4")
    ]  # fmt: skip

    found = named_by(PrintedStanding(season=year, name=name, class_name=class_name), both)

    assert (found and found.key) == key


def test_of_two_championships_of_one_name_none_is_sure():
    year = season()
    both = [Championship(key=key, name="Fahrer", season=year) for key in ("a", "b")]

    assert named_by(PrintedStanding(season=year, name="Fahrer"), both) is None


def test_a_file_whose_tables_are_linked_is_undone_without_a_trace():
    table = standing((1, "Ada Sieben", 25), name="Fahrerweltmeisterschaft", after=RING)
    told = {"format": "exchange", "series": "Formel 1", "season": "2015", "event": RING, "time_zone": "Europe/Berlin"}
    run = load(ParsedFile(sessions=(race(),), standings=(table,), **told)).run
    assert linked() == [("Fahrerweltmeisterschaft", "", RING, "driver")]

    undone = undo(run, by=factories.UserFactory(role="results"), reason="Falsch")

    assert undone.stays == ()
    assert not PrintedStanding.objects.exists()
    assert not Series.objects.exists()


def test_a_table_that_a_person_linked_keeps_its_championship_when_results_go():
    formula = season()
    (first,) = [race_of(formula, 1)]
    result(first, drivers("Ada"))
    table = PrintedStanding.objects.create(
        season=formula, name="Wertung A", championship=Championship.objects.get(key="driver")
    )
    run = load(of_formula_1(event="Monza")).run

    undo(run, by=factories.UserFactory(role="results"), reason="Falsch")

    table.refresh_from_db()
    assert table.championship.key == "driver"


def test_the_desk_links_what_no_import_could():
    cup = championship(season(), name="Fahrer")
    table = PrintedStanding.objects.create(season=cup.season, name="Fahrer")
    other = PrintedStanding.objects.create(season=cup.season, name="Teams")
    client = Client()
    client.force_login(factories.UserFactory(role="results"))
    sent = {"action": "link_by_name", "_selected_action": [table.pk, other.pk]}

    page = client.post("/admin/results/printedstanding/", sent, follow=True)

    assert "1 zugeordnet, 1 ohne eine Meisterschaft" in page.content.decode()
    assert linked() == [("Fahrer", "", None, "fahrer"), ("Teams", "", None, None)]


def test_a_season_with_many_printed_tables_asks_as_much_as_one_with_few():
    formula, people = season(), drivers("Ada", "Bea")
    for day in range(1, 7):
        result(race_of(formula, day), people)
    cup = Championship.objects.get(key="driver")

    def asked(events):
        for event in events:
            table = PrintedStanding.objects.create(
                season=formula, name=cup.name, after=event.name, after_event=event, championship=cup
            )
            factories.PrintedStandingRowFactory(standing=table, display_order=1, position=1, entrant="Ada", points=1)
        compute_season(formula.pk)  # the first time the differences are noted
        with CaptureQueriesContext(connection) as queries:
            compute_season(formula.pk)
        return len(queries)

    events = list(Event.objects.filter(season=formula).order_by("starts_on"))
    assert asked(events[:2]) == asked(events[2:])
