"""Figures that can be bound: gaps in a class and from car to car, grid places, states of a race; and what they then say."""
# ruff: noqa: F401, F811 - fixtures are imported

import pytest

from articles import workflow
from articles.factcheck.binding import says
from articles.factcheck.verdict import Evidence
from articles.facts.current import facts_of
from articles.facts.distance import between
from articles.facts.reference import Reference
from articles.models import Article
from results.models import Classification
from tests import factories
from tests.articles.test_fact_desk import a_story, checked, chief, editor, event, reporter

pytestmark = pytest.mark.django_db
PATH = "gt/2024/sechs-stunden"
RACE = {"session_kind": "race", "laps": None, "total_ms": None, "gap_ms": None, "best_lap_ms": None, "position": None}


def bindings(article):
    """What could be bound: words, and reference and text of what would stand there."""
    return {
        item.binding.place.words: (item.binding.reference, item.binding.text.replace("\xa0", " "))
        for item in checked(article).items
        if item.binding
    }


@pytest.mark.parametrize(
    ("text", "words", "reference"),
    [
        ("Im Qualifying lag die #51 nur 0,181 Sekunden hinter der #92.", "0,181 Sekunden", "distance:{}/Q#51?cars=92"),
        ("Im Qualifying lag die #36 nur 0,047 Sekunden hinter der #7.", "0,047 Sekunden", "distance:{}/Q#36?cars=7"),
        ("Im Qualifying lag die #7 nur 0,147 Sekunden hinter der #8.", "0,147 Sekunden", "gap:{}/Q#7"),
        ("Die #8 ging im Rennen von Startplatz 3 los.", "3", "position:{}/G#8"),
        ("Die #92 kam im Rennen auf Platz 2 der GT3.", "2", "class-position:{}/R#92"),
    ],
)
def test_a_figure_is_bound_to_the_fact_it_states(event, reporter, text, words, reference):
    article = a_story(event, reporter, title="-", body=f"<p>{text}</p>")

    assert bindings(article)[words] == (reference.format(PATH), words)


def test_a_wrong_class_gap_becomes_what_the_data_say_and_stays_with_them(event, reporter, editor):
    article = a_story(event, reporter, body="<p>Im Qualifying lag die #51 nur 0,118 Sekunden hinter der #92.</p>")
    report = checked(article)
    (item,) = report.open

    workflow.bind(article, by=reporter, report=report, item=item, expected_lock_version=article.lock_version)

    node = f'<data value="181" data-ref="distance:{PATH}/Q#51?cars=92">0,181&nbsp;Sekunden</data>'
    assert node in Article.objects.get().body
    assert [(one.type, one.words) for one in checked(article).of("bound")] == [("same", "0,181\xa0Sekunden")]
    article.refresh_from_db()
    publication = workflow.publish(article, by=editor)
    assert "0,181&nbsp;Sekunden" in publication.body_html


@pytest.mark.parametrize("written", ["1m46.119s", "1:46,119min"])
def test_half_a_word_is_never_bound(event, reporter, written):
    article = a_story(event, reporter, title="-", body=f"<p>Im Qualifying fuhr die #92 eine {written}.</p>")

    assert not [words for words in bindings(article) if "46" in words]


def test_a_grid_printed_with_the_race_can_be_bound(event, reporter):
    Classification.objects.filter(session__key="G").update(is_current=False)
    event.sessions.filter(key="G").update(kind="practice")
    race = event.sessions.get(key="R")
    before = race.classifications.get(is_current=True)
    Classification.objects.filter(pk=before.pk).update(is_current=False)
    seats = {seat.entry.number: seat for seat in race.session_entries.select_related("entry")}
    rows = [
        {"session_entry": seats[number], "status": "classified", "position": place, "grid": grid}
        for place, (number, grid) in enumerate([("7", 2), ("8", 1)], start=1)
    ]
    factories.ClassificationFactory(session=race, version=before.version + 1, rows=rows)
    reference = f"grid:{PATH}/R#8"
    text = "<p>Die #8 ging im Rennen von Startplatz 1 los.</p>"

    assert bindings(a_story(event, reporter, title="-", body=text))["1"] == (reference, "1")
    (fact,) = facts_of([reference], for_desk=True).values()

    assert (fact.text, fact.value, fact.about) == ("1", "1", "Rennen · #8 · Startplatz")


def test_the_state_after_some_hours_is_bound_to_that_state(event, reporter):
    race = event.sessions.get(key="R")
    seats = {seat.entry.number: seat for seat in race.session_entries.select_related("entry")}
    rows = [
        {"session_entry": seats["8"], "status": "classified", "position": 1, "laps": 99, "total_ms": 10_800_000},
        {"session_entry": seats["7"], "status": "classified", "position": 2, "laps": 99, "total_ms": 10_805_500, "gap_ms": 5_500},
    ]  # fmt: skip
    factories.ClassificationFactory(session=race, checkpoint="3h", rows=rows)
    text = "<p>Nach drei Stunden lag die #7 im Rennen 5,500 Sekunden hinter der #8.</p>"

    assert bindings(a_story(event, reporter, title="-", body=text)) == {
        "5,500 Sekunden": (f"gap:{PATH}/R@3h#7", "5,500 Sekunden")
    }


def test_a_class_with_a_number_in_its_name_says_its_place_alone():
    assert says("2", Evidence("Rennen", "#7", "Klassenrang", "Klassenrang 2 in SP 9"))
    assert not says("9", Evidence("Rennen", "#7", "Klassenrang", "Klassenrang 2 in SP 9"))


def test_a_gap_to_another_car_is_told_to_readers_when_they_know_the_result(event):
    reference = f"distance:{PATH}/Q#51?cars=92"
    fact = facts_of([reference])[reference]
    assert (fact.text, fact.value, fact.is_public) == ("0,181\xa0Sekunden", "181", True)
    assert fact.about == "Qualifying · #51–#92 · Abstand zu einem anderen Auto"

    event.sessions.update(public_from=None)

    assert facts_of([reference]) == {}
    assert not facts_of([reference], for_desk=True)[reference].is_public


@pytest.mark.parametrize(
    ("text", "is_one"),
    [
        ("distance:wec/2021/bahrain/R#51?cars=92", True),
        ("distance:wec/2021/bahrain/R@6h#51;1;2?cars=92", True),
        ("distance:wec/2021/bahrain/R#51", False),
        ("distance:wec/2021/bahrain/R?cars=92", False),
        ("distance:wec/2021/bahrain/R#51?cars=92,91", False),
        ("distance:wec/2021/bahrain/R#51?cars=92;rows=3", False),
        ("distance:wec/2021/bahrain/R#51?class=GT3;cars=92", False),
        ("gap:wec/2021/bahrain/R#51?cars=92", False),
        ("grid:wec/2021/bahrain/R#51", True),
    ],
)
def test_a_reference_is_written_as_it_is_read(text, is_one):
    found = Reference.parse(text)

    assert (str(found) if found else None) == (text if is_one else None)


@pytest.mark.parametrize(
    ("one", "other", "apart"),
    [
        ({"total_ms": 1_011_489}, {"total_ms": 1_000_000}, ("11,489\xa0Sekunden", "11489")),
        ({"total_ms": 1_011_489, "laps": 9}, {"total_ms": 1_000_000, "laps": 11}, ("2\xa0Runden", "2L")),
        ({"total_ms": 1_011_489, "laps": 9}, {"total_ms": 1_000_000}, ("", "")),
        ({"gap_ms": 14_221}, {"position": 1}, ("14,221\xa0Sekunden", "14221")),
        ({"gap_ms": 14_221}, {"gap_ms": 90_221}, ("1:16,000\xa0Minuten", "76000")),
        ({"gap_ms": 14_221}, {"position": 3}, ("", "")),
        ({"session_kind": "qualifying", "best_lap_ms": 95_461, "laps": 3}, {"best_lap_ms": 95_000, "laps": 9}, ("0,461\xa0Sekunden", "461")),
        ({"session_kind": "qualifying", "total_ms": 95_461}, {"total_ms": 95_000}, ("", "")),
    ],
)  # fmt: skip
def test_two_lines_are_as_far_apart_as_they_say(one, other, apart):
    kind = one.get("session_kind", "race")

    assert between(RACE | one, RACE | other | {"session_kind": kind}, "de") == apart


def test_of_two_cars_with_one_number_the_right_one_is_bound(event, reporter):
    twins = factories.EventFactory(season=event.season, name="Zwei Stunden", slug="zwei-stunden")
    race = factories.SessionFactory(event=twins, key="R", name="Rennen", kind="race")
    rows = []
    for place, (line, first, last) in enumerate([(1, "Anna", "Adler"), (2, "Carla", "Condor")], start=1):
        crew = [factories.DriverFactory(first_name=first, last_name=last)]
        entry = factories.EntryFactory(event=twins, number="7", line=line, crew=crew)
        seat = factories.SessionEntryFactory(session=race, entry=entry)
        rows.append({"session_entry": seat, "status": "classified", "position": place, "laps": 20 - place})
    factories.ClassificationFactory(session=race, rows=rows)
    text = "<p>Carla Condor kam im Rennen auf Platz 2 und fuhr 18 Runden.</p>"

    found = bindings(a_story(twins, reporter, title="-", body=text))

    assert found == {"2": ("position:gt/2024/zwei-stunden/R#7;2", "2"), "18": ("laps:gt/2024/zwei-stunden/R#7;2", "18")}
