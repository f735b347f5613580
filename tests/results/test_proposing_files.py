"""Files that call series, event and session by their source's own words: a start, and no contradiction to anybody."""

import json
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import call_command

from results.importers.load import plan
from results.importers.plan import ImportTarget
from results.models import Classification, ClassificationRow, Event, Lap, Session
from tests.results import made

pytestmark = pytest.mark.django_db

DATA = Path(__file__).parent.parent / "data"
CHOSEN = {"create": True, "series": "GT-Cup", "season": "2026", "name": "24 Stunden am Ring"}


def as_json(path, **options):
    out = StringIO()
    call_command("import_results", str(DATA / path), json=True, stdout=out, **options)
    return json.loads(out.getvalue())


def proposal(**values):
    file = made.parsed(made.session("SP3", made.two_cars(), name="Superpole 3"), proposes=True)
    return made.replace(file, **values)


def test_without_a_word_from_a_person_the_proposed_names_are_taken():
    made.load(proposal())
    event = Event.objects.get()
    assert (event.season.series.name, event.name, event.sessions.get().key) == (
        "Langstrecken-Cup",
        "6 Stunden am Ring",
        "SP3",
    )


def test_other_names_are_no_contradiction():
    made.load(proposal(), target=ImportTarget(**CHOSEN, session="Q3"))
    event = Event.objects.get()
    assert (event.season.series.name, event.name, event.sessions.get().key) == ("GT-Cup", "24 Stunden am Ring", "Q3")


def test_another_season_is_one():
    planned = plan(proposal(), target=ImportTarget(**{**CHOSEN, "season": "2025"}))
    assert [problem.column for problem in planned.rejected] == ["season"]


def test_a_season_over_two_years_holds_both():
    for year, name in (("2025", "Dubai"), ("2026", "Sepang")):
        target = ImportTarget(**{**CHOSEN, "season": "2025-26", "name": name})
        assert plan(proposal(season=year), target=target).rejected == ()
    made.load(made.parsed(made.session("Q3", None), series="GT-Cup", season="2025-26"))
    chosen = ImportTarget(event=Event.objects.get(), session="Q3")
    assert plan(proposal(season="2026"), target=chosen).rejected == ()
    assert len(plan(proposal(season="2024"), target=chosen).rejected) == 1


def test_an_event_of_another_name_is_filled_and_its_session_keeps_its_own():
    made.load(made.parsed(made.session("Q3", None, name="Drittes Qualifying"), series="GT-Cup", event="24 Stunden"))
    made.load(proposal(), target=ImportTarget(event=Event.objects.get(), session="Q3"))
    assert [(one.key, one.name) for one in Session.objects.all()] == [("Q3", "Drittes Qualifying")]
    assert Classification.objects.get().session.key == "Q3"


def test_a_file_that_names_itself_still_contradicts():
    planned = plan(made.replace(proposal(), proposes=False), target=ImportTarget(**CHOSEN))
    assert {problem.column for problem in planned.rejected} == {"series", "name"}


@pytest.mark.parametrize(
    ("path", "options", "rows", "laps"),
    [
        ("swiss/session.json", {}, 3, 5),
        (
            "swiss/result_practice.xml",
            {**CHOSEN, "zone": "Europe/Berlin", "date": "2026-04-10", "session": "FP1"},
            4,
            0,
        ),
        ("ergast/results.json", {}, 4, 0),
        ("ergast/qualifying.json", {}, 4, 0),
        ("ergast/import_race.json", {**CHOSEN, "season": "2023", "zone": "Europe/Vienna", "date": "2023-07-02"}, 4, 3),
        ("motorsportstats/classifications.json", {"zone": "Europe/Berlin"}, 6, 0),
    ],
)
def test_a_file_goes_in_whole_and_the_second_time_changes_nothing(path, options, rows, laps):
    as_json(path, **options)
    assert (ClassificationRow.objects.count(), Lap.objects.count()) == (rows, laps)
    again = as_json(path, **options)
    assert (again["rows"]["created"], again["rows"]["changed"], again["facts"]) == (0, 0, {"created": {}, "changed": 0})


def test_the_laps_of_a_screen_are_stored_with_seats():
    as_json("swiss/session.json")
    assert list(Lap.objects.order_by("pk").values_list("number", "seat", "is_valid")) == [
        (1, 1, False), (2, 1, True), (4, 2, True), (2, 1, True), (3, None, True),
    ]  # fmt: skip
    assert Classification.objects.get().state == "provisional"
