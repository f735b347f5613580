"""Printed tables that come with a file find the championship of ours that they are of, or none."""

import re

import pytest
from django.contrib import admin
from django.contrib.admin.models import LogEntry
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from results.admin.printed_standings import PrintedStandingAdmin
from results.importers.records import ParsedFile
from results.importers.undo import undo
from results.models import Championship, DeletedFacts, Event, PrintedStanding, Season, Series
from results.recovery import put_back
from results.standings.acts import set_up
from results.standings.compute import compute_season
from results.standings.linking import link_tables, named_by
from tests import factories
from tests.articles.desk_forms import text_of
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
        ("Fahrer GT 3", "GT3", "gt3"),
        ("GT4-Fahrer", "GT4", "gt4"),
        ("GT4-Fahrer", "", "gt4"),
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


@pytest.mark.parametrize(
    ("name", "class_name", "ours", "rules", "is_linked"),
    [
        ("Teams", "", "Teams", {"class": "Am"}, False),  # "te-am-s" holds no class
        ("Teams", "Am", "Teams Am", {"class": "Am"}, True),
        ("Teams Am", "", "Teams", {"class": "Am"}, True),
        ("Teams", "Am", "Teams", {}, False),
        ("LMP2-Fahrer", "LMP2", "LMP2-Fahrer", {"classes": ["LMP2"]}, True),
        ("Fahrer", "LMP2", "LMP2-Fahrer", {"classes": ["LMP2"]}, True),
        ("Fahrer", "", "LMP2-Fahrer", {"classes": ["LMP2"]}, False),
        ("Fahrer", "LMP1", "Fahrer", {"classes": ["LMP1", "Hypercar"]}, False),
        ("Fahrer", "", "Fahrer", {"classes": ["LMP1", "Hypercar"]}, True),
        ("Fahrer-WM", "", "Fahrer WM", {}, True),
        ("", "", "Am", {"class": "Am"}, False),
    ],
)
def test_a_class_is_a_whole_word_of_a_name_and_may_be_the_only_one_that_counts(
    name, class_name, ours, rules, is_linked
):
    year = season()
    cup = Championship(key="cup", name=ours, season=year, rules=rules)

    found = named_by(PrintedStanding(season=year, name=name, class_name=class_name), [cup])

    assert (found is cup) == is_linked


def test_of_two_championships_of_one_name_none_is_sure():
    year = season()
    both = [Championship(key=key, name="Fahrer", season=year) for key in ("a", "b")]

    assert named_by(PrintedStanding(season=year, name="Fahrer"), both) is None


def test_a_second_championship_of_a_name_does_not_take_the_tables_that_the_first_may_mean():
    first = championship(season(), name="Fahrer")
    PrintedStanding.objects.create(season=first.season, name="Fahrer")
    again = Championship(season=first.season, key="nochmal", name="Fahrer", subject="driver", rules=RULES)

    set_up(again, by=factories.UserFactory(role="results"))

    assert linked() == [("Fahrer", "", None, None)]


@pytest.mark.parametrize(("others", "key"), [(("b",), "b"), (("a", "b"), None)])
def test_where_a_person_has_put_the_earlier_tables_goes_before_the_name(others, key):
    """Those that hang on several say nothing for sure."""
    year = season()
    both = {"a": championship(year, key="a", name="Fahrer"), "b": championship(year, key="b", name="Andere")}
    for one in others:
        PrintedStanding.objects.create(season=year, name="Fahrer", after=one, championship=both[one])
    late = PrintedStanding.objects.create(season=year, name="Fahrer", after="Monza")

    link_tables([late])

    late.refresh_from_db()
    assert (late.championship and late.championship.key) == key


@pytest.mark.parametrize("is_only_one", [True, False])
def test_a_link_that_a_person_took_away_does_not_come_back_when_results_go(is_only_one):
    formula = season()
    result(race_of(formula, 1), drivers("Ada"))
    cup = Championship.objects.get(key="driver")
    loose = PrintedStanding.objects.create(season=formula, name=cup.name)
    if not is_only_one:
        PrintedStanding.objects.create(season=formula, name=cup.name, after="Monza", championship=cup)
    run = load(of_formula_1(event="Monza")).run

    undo(run, by=factories.UserFactory(role="results"), reason="Falsch")

    loose.refresh_from_db()
    assert loose.championship is None
    assert Championship.objects.filter(pk=cup.pk).exists()


def test_a_table_from_the_bin_finds_the_championship_that_came_anew_meanwhile():
    formula = season()
    result(race_of(formula, 1), drivers("Ada"))
    run = load(of_formula_1(standing((1, "Ada Sieben", 25), name="Fahrer-Weltmeisterschaft", after=RING))).run
    (before,) = PrintedStanding.objects.values_list("championship", flat=True)
    undo(run, by=factories.UserFactory(role="results"), reason="Falsch")
    assert not Championship.objects.filter(pk=before).exists()

    put_back(DeletedFacts.objects.get())

    assert [one[3] for one in linked()] == ["driver"]


def test_a_table_without_a_championship_differs_from_none():
    """Whatever was counted when it still had one."""
    stale = PrintedStanding.objects.create(season=season(), name="Fahrer", differences=2, mark="alt")

    assert not PrintedStanding.objects.differing().exists()
    assert PrintedStandingAdmin(PrintedStanding, admin.site).beside_ours(stale) is None


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

    assert "1 zugeordnet, 1 ohne eine Meisterschaft, die sicher die ihre ist: Formel 1 2015 · Teams." in text_of(page)
    assert linked() == [("Fahrer", "", None, "fahrer"), ("Teams", "", None, None)]
    noted = LogEntry.objects.get()
    assert noted.object_id == str(table.pk)
    assert cup.name in noted.get_change_message()


def test_linking_all_that_is_chosen_locks_a_season_at_a_time_and_only_where_a_table_is_loose():
    first = championship(season("2015"))
    others = [championship(factories.SeasonFactory(series=first.season.series, label=one)) for one in ("2016", "2017")]
    done = PrintedStanding.objects.create(season=first.season, name=first.name, championship=first)
    loose = [PrintedStanding.objects.create(season=one.season, name=one.name) for one in others]
    client = Client()
    client.force_login(factories.UserFactory(role="results"))
    sent = {"action": "link_by_name", "_selected_action": [one.pk for one in (done, *loose)]}

    with CaptureQueriesContext(connection) as queries:
        client.post("/admin/results/printedstanding/", sent)

    locks = [one["sql"] for one in queries if "FOR NO KEY UPDATE" in one["sql"] and "results_season" in one["sql"]]
    seasons = [re.findall(r'"results_season"."id" = (\d+)', sql) for sql in locks]
    assert seasons == [[str(one.season_id)] for one in others]
    assert set(LogEntry.objects.values_list("object_id", flat=True)) == {str(one.pk) for one in loose}


def test_of_many_loose_tables_the_first_are_named():
    year = season()
    tables = [PrintedStanding.objects.create(season=year, name=f"Tabelle {one}", class_name="Am") for one in "ABCDEFG"]
    client = Client()
    client.force_login(factories.UserFactory(role="results"))
    sent = {"action": "link_by_name", "_selected_action": [one.pk for one in tables]}

    said = text_of(client.post("/admin/results/printedstanding/", sent, follow=True))

    assert "0 zugeordnet, 7 ohne" in said
    assert "Tabelle E (Am) und 2 weitere." in said


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
