"""Tables and titles beside a story: what readers may see of them, now or as it stood, and what the desk asks for."""

import datetime as dt
import json
from decimal import Decimal

import pytest
from bs4 import BeautifulSoup
from django.db.models.functions import Now
from django.test import Client
from django.utils import timezone

from articles.gate import what_is_missing
from articles.models import SidebarItem
from articles.sidebar import BoxSpec, boxes, freeze_all, load
from results.models import Championship, ChampionshipDecision, Classification, Event, Session
from results.release import release_draft
from results.signals import classification_withdrawn
from results.standings.due import championships_are_due
from tests.factories import (
    ArticleFactory,
    ClassificationFactory,
    SessionFactory,
    SidebarItemFactory,
    UserFactory,
    publish,
)
from tests.results.standings.made import championship, drivers, hold, open_now, race, released, result, season

pytestmark = pytest.mark.django_db

Kind = SidebarItem.Kind


def two_races():
    """Ada 25 and Bea 18 points after the first race, 43 each after the second; the third is to come."""
    formula, (ada, bea, cleo) = season(), drivers("Ada", "Bea", "Cleo")
    first = result(race(formula, 1), [ada, bea, cleo])
    second = result(race(formula, 2), [bea, ada, cleo])
    race(formula, 3, name="Rennen", slug="rennen")
    released(formula)
    return formula, first, second, (ada, bea, cleo)


def box_of(of, kind=Kind.STANDING, **asked):
    item = SidebarItemFactory.build(article=None, kind=kind, season=of, **({"table": "driver"} | asked))
    return next(iter(load([BoxSpec.from_item(item)])), None)


def rows(box):
    return [(row.place, row.name, row.points) for row in box.standing.rows]


def told(of, kind=Kind.STANDING, **asked):
    """A published story with a table as it stood."""
    article = ArticleFactory()
    SidebarItem.objects.create(article=article, kind=kind, season=of, table="driver", **asked)
    return publish(article)


def withdraw(version):
    Classification.objects.filter(pk=version.pk).update(is_current=False, public_until=Now())
    classification_withdrawn.send(sender=Classification, classification=version)


def test_a_table_shows_the_newest_that_readers_see():
    formula, *_rest = two_races()

    assert rows(box_of(formula)) == [("1", "Ada", "43"), ("1", "Bea", "43"), ("3", "Cleo", "30")]


def test_a_table_after_an_event_and_around_somebody():
    formula, first, _second, _drivers = two_races()

    box = box_of(formula, event=first.session.event, competitor="cleo", limit=2)

    assert rows(box) == [("2", "Bea", "18"), ("3", "Cleo", "15")]
    assert [row.is_meant for row in box.standing.rows] == [False, True]


def test_a_result_under_embargo_shows_through_no_box():
    formula, _first, second, _drivers = two_races()
    hold(second)

    before = rows(box_of(formula))
    assert box_of(formula, event=second.session.event) is None
    open_now(second)

    assert before == [("1", "Ada", "25"), ("2", "Bea", "18"), ("3", "Cleo", "15")]
    assert rows(box_of(formula))[0] == ("1", "Ada", "43")


def test_a_championship_of_the_desk_shows_in_no_box():
    formula, *_rest = two_races()
    Championship.objects.filter(season=formula).update(public_from=None)

    assert box_of(formula) is None
    assert box_of(formula, Kind.TITLE) is None


def test_an_entrant_whom_only_a_decision_names_stands_in_no_box():
    formula = season()
    cup = championship(formula, "teams", subject="entrant")
    lines = [{"position": 1, "entry__entrant": "Rheinfalke Racing"}]
    release_draft(ClassificationFactory(session=race(formula, 1), hidden=True, rows=lines), by=None)
    ChampionshipDecision.objects.create(
        championship=cup, kind="points", entrant="GEHEIM Racing", points=Decimal(3), reason="Beschluss"
    )
    championships_are_due(formula.pk)
    item = SidebarItemFactory.build(article=None, kind=Kind.STANDING, season=formula, table="teams")

    assert rows(box_of(formula, table="teams")) == [("1", "Rheinfalke Racing", "10")]
    assert "GEHEIM" not in json.dumps(freeze_all([item]))


def test_a_former_table_is_of_the_day_when_readers_saw_the_last_result_in_it():
    formula, first, second, _drivers = two_races()
    days = [timezone.now() - dt.timedelta(days=ago) for ago in (9, 8, 7, 2)]
    Classification.objects.filter(pk=first.pk).update(public_from=days[0])
    Session.objects.filter(pk=first.session_id).update(public_from=days[1])
    Event.objects.filter(pk=first.session.event_id).update(public_from=days[2])
    Classification.objects.filter(pk=second.pk).update(public_from=days[3])
    for model, pk in ((Session, second.session_id), (Event, second.session.event_id)):
        model.objects.filter(pk=pk).update(public_from=days[0])

    assert box_of(formula, event=first.session.event).standing.as_of == days[2]
    assert box_of(formula).standing.as_of == days[3]


def test_points_in_qualifying_make_a_round_for_pages_and_boxes_while_the_race_is_hidden():
    formula = season()
    ada, bea = drivers("Ada", "Bea")
    championship(formula)
    result(race(formula, 1), [ada, bea])
    hidden = race(formula, 2)
    Session.objects.filter(pk=hidden.pk).update(public_from=None)
    result(SessionFactory(event=hidden.event, kind="qualifying"), [bea, ada])
    Event.objects.filter(pk=hidden.event_id).update(name="Das Zweite")

    page = BeautifulSoup(Client().get("/formel-1/2015/tabelle/fahrer/").content, "html.parser")

    assert box_of(formula, table="fahrer").standing.event == "Das Zweite"
    assert "Stand nach Lauf 2: Das Zweite" in page.main.get_text(" ", strip=True)


def test_a_table_as_told_stays_when_the_next_race_is_out_and_says_of_no_correction():
    formula, _first, second, (_ada, _bea, _cleo) = two_races()
    hold(second)
    publication = told(formula, told="published")

    open_now(second)

    (box,) = boxes(publication)
    assert rows(box) == [("1", "Ada", "25"), ("2", "Bea", "18"), ("3", "Cleo", "15")]
    assert not box.standing.is_overtaken


def test_a_table_as_told_says_that_it_was_corrected_since():
    formula, _first, second, (ada, bea, cleo) = two_races()
    publication = told(formula, told="published")

    result(second.session, [cleo, bea, ada])

    (box,) = boxes(publication)
    assert rows(box)[0] == ("1", "Ada", "43")
    assert box.standing.is_overtaken
    assert "Seitdem berichtigt" in Client().get(publication.get_absolute_url()).content.decode()


@pytest.mark.parametrize("kind", [Kind.STANDING, Kind.TITLE])
def test_what_was_told_goes_when_the_championship_is_taken_back(kind):
    formula, *_rest = two_races()
    publication = told(formula, kind, told="published")
    before = len(boxes(publication))

    Championship.objects.filter(season=formula).update(public_from=None)

    assert (before, boxes(publication)) == (1, [])


@pytest.mark.parametrize("kind", [Kind.STANDING, Kind.TITLE])
def test_what_was_told_goes_when_the_result_it_stood_after_is_withdrawn(kind):
    formula, _first, second, _drivers = two_races()
    publication = told(formula, kind, told="published")
    before = len(boxes(publication))

    withdraw(second)

    assert (before, boxes(publication)) == (1, [])


def test_a_title_as_told_stays_when_the_next_race_is_out():
    formula, _first, second, _drivers = two_races()
    hold(second)
    publication = told(formula, Kind.TITLE, told="published")
    (before,) = boxes(publication)

    open_now(second)

    (box,) = boxes(publication)
    assert (box.title.after, box.title.sentences) == (before.title.after, before.title.sentences)
    assert not box.title.is_overtaken


def test_a_table_of_now_follows_a_correction():
    formula, _first, second, (ada, bea, cleo) = two_races()
    publication = told(formula)

    result(second.session, [cleo, bea, ada])

    (box,) = boxes(publication)
    assert rows(box) == [("1", "Ada", "40"), ("1", "Cleo", "40"), ("3", "Bea", "36")]


def test_a_title_box_says_who_can_win_and_leads_to_the_game():
    formula, *_rest = two_races()

    box = box_of(formula, Kind.TITLE)

    assert box.title.sentences[0] == "Drei können noch Meister werden: Ada, Bea und Cleo."
    assert box.title.can_play
    publication = publish(
        SidebarItemFactory(article=ArticleFactory(), kind=Kind.TITLE, season=formula, table="driver").article
    )
    assert (
        'href="/formel-1/2015/tabelle/driver/titel/#spiel"'
        in Client().get(publication.get_absolute_url()).content.decode()
    )


def before_the_last(*sessions):
    """The cup of a season before the last event, of which these sessions count; Ada leads by 20 to 12 points."""
    formula, (ada, bea) = season(), drivers("Ada", "Bea")
    scores = [{"kinds": ["race", "sprint"], "table": ["10", "6", "3"]}]
    bonuses = [{"cause": "pole", "kinds": ["qualifying"], "points": "4"}]
    championship(formula, rules={"scores": scores, "bonuses": bonuses, "lists": "starters"})
    for day in (1, 2):
        result(race(formula, day), [ada, bea])
    event = race(formula, 3, sequence=9, **sessions[-1]).event
    for number, values in enumerate(sessions[:-1], start=1):
        SessionFactory(event=event, sequence=number, **values)
    championships_are_due(formula.pk)
    return formula


RACE = {"kind": "race", "name": "Rennen", "slug": "rennen"}


@pytest.mark.parametrize(
    ("sessions", "said"),
    [
        ([RACE], "Platz zwei reicht Ada auf jeden Fall."),
        ([{"kind": "sprint", "name": "Sprint"}, RACE], "Sprint: Ada ist mit einem Sieg auf jeden Fall Meister."),
        ([{"kind": "race", "name": "Rennen 1"}, {"kind": "race", "name": "Rennen 2"}],
         "Rennen 1: Ada ist mit einem Sieg auf jeden Fall Meister."),
        ([{"kind": "qualifying", "name": "Zeittraining"}, RACE], "Mit der Pole-Position ist Ada Meister."),
    ],
)  # fmt: skip
def test_a_title_box_says_of_which_scoring_a_place_is_enough(sessions, said):
    box = box_of(before_the_last(*sessions), Kind.TITLE, table="fahrer")

    assert [one for one in box.title.sentences if "auf jeden Fall" in one or "Pole" in one] == [said]


def test_a_box_from_before_there_were_tables_is_still_read():
    kept = BoxSpec.from_item(SidebarItemFactory.build(article=None)).as_kept()

    assert not {"season_id", "table", "competitor", "told"} & kept.keys()
    assert BoxSpec.from_kept(kept) == BoxSpec.from_item(SidebarItemFactory.build(article=None))


@pytest.mark.parametrize("kind", [Kind.STANDING, Kind.TITLE])
def test_a_box_without_season_or_championship_is_not_complete(kind):
    item = SidebarItemFactory.build(article=None, kind=kind)

    assert what_is_missing(item) == "die Saison fehlt, die Meisterschaft fehlt"


@pytest.mark.parametrize("number", [1, 3])
def test_any_number_of_tables_costs_the_same_few_queries(django_assert_num_queries, number):
    formula, _first, *_rest = two_races()
    items = [
        SidebarItemFactory.build(article=None, kind=Kind.STANDING, season=formula, table=key, limit=limit + 1)
        for limit in range(number)
        for key in ("driver", "constructor")
    ]

    with django_assert_num_queries(9):
        kept = freeze_all(items)

    assert all(box["shown"] for box in kept)


def test_the_desk_is_offered_the_championships_of_a_season():
    formula, *_rest = two_races()
    client = Client()
    client.force_login(UserFactory(role="editor"))

    answer = client.get(f"/admin/articles/article/box-choices/?season={formula.pk}")

    assert [table["key"] for table in json.loads(answer.content)["tables"]] == ["driver", "constructor"]
