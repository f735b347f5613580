"""The public page of a title: how it stands, what is enough, and the game; all of it only from what readers see."""

import datetime as dt
import json

import pytest
from django.db.models.functions import Now
from django.test import Client

from results.models import Championship, Classification, Entry, Event, Session
from results.signals import classification_withdrawn
from results.standings.due import championships_are_due
from tests.factories import DriverKeyFactory, EventFactory, SessionFactory
from tests.results.standings.made import championship, drivers, hold, open_now, race, released, result, season

pytestmark = pytest.mark.django_db

PAGE = "/formel-1/2015/tabelle/driver/titel/"
GAME = f"{PAGE}spiel.json"


def finale(*, released_to_readers=True):
    """Ada has 50 points, Bea 36, Cleo 30; the third race is the last."""
    formula, (ada, bea, cleo, *others) = season(), drivers("Ada", "Bea", "Cleo", *"defghijkl")
    for key, driver in (("ada", ada), ("bea", bea), ("cleo", cleo)):
        DriverKeyFactory(driver=driver, key=key)
    result(race(formula, 1), [ada, bea, cleo, *others])
    second = result(race(formula, 2), [ada, bea, cleo, *reversed(others)])
    last = race(formula, 3, name="Rennen", slug="rennen")
    if released_to_readers:
        released(formula)
    return formula, second, last, (ada, bea, cleo, *others)


def page(path=PAGE, status=200):
    answer = Client().get(path)
    assert answer.status_code == status, path
    return " ".join(answer.content.decode().split())


def game(status=200, **fields):
    answer = Client().get(GAME, {f"rennen.{name}": value for name, value in fields.items()})
    assert answer.status_code == status
    return json.loads(answer.content)


def test_the_page_says_who_can_still_win_and_what_is_enough():
    finale()

    said = page()

    assert "Drei können noch Meister werden: Ada, Bea und Cleo." in said
    assert "Platz vier reicht Ada auf jeden Fall." in said
    assert "Gegen Bea: siegt der Gegner, reicht Platz vier;" in said
    assert "Frühestens nach" in said
    assert 'rel="canonical" href="http://testserver' in said or f'{PAGE}"' in said
    assert "noindex" not in said


def test_the_list_of_all_that_is_enough_has_a_table_for_each_contender():
    finale()

    said = page()

    assert said.count('class="results combinations"') == 3
    assert "Cleo wird Meister mit" in said


def test_a_title_without_public_table_has_no_page():
    finale(released_to_readers=False)

    page(status=404)
    assert Client().get(GAME).status_code == 404
    page("/formel-1/2015/tabelle/nichts/titel/", status=404)


def test_a_result_under_embargo_counts_from_its_hour_on_and_not_before():
    _formula, _second, last, (ada, bea, cleo, *others) = finale()
    version = result(last, [bea, cleo, ada, *others])
    hold(version)

    before = page()
    open_now(version)
    after = page()

    assert "Drei können noch Meister werden" in before
    assert "Ada ist Meister." in after
    assert "Entschieden" in after


def test_a_result_that_is_withdrawn_opens_the_title_again():
    _formula, _second, last, (ada, bea, cleo, *others) = finale()
    version = result(last, [bea, cleo, ada, *others])
    assert "Ada ist Meister." in page()

    Classification.objects.filter(pk=version.pk).update(is_current=False, public_until=Now())
    classification_withdrawn.send(sender=Classification, classification=version)

    assert "Drei können noch Meister werden" in page()


def test_a_race_that_readers_do_not_know_of_is_not_betrayed_and_nothing_is_called_enough_that_it_can_change():
    formula, *_rest = finale()
    hidden = race(formula, 20)
    Event.objects.filter(pk=hidden.event_id).update(public_from=None, name="Geheimrennen")

    said = page()

    assert "Geheim" not in said
    assert "auf jeden Fall" not in said
    assert "wird Meister mit" not in said
    assert "Ada führt, der Titel ist noch offen." in said
    assert Client().get(GAME).status_code == 404


def test_a_hidden_race_beside_a_public_one_takes_back_what_was_called_enough():
    _formula, _second, last, _drivers = finale()
    assert "Platz vier reicht Ada auf jeden Fall." in page()
    SessionFactory(event=last.event, kind="race", name="Geheimlauf", slug="geheim", public_from=None)
    championships_are_due(last.event.season_id)

    said = page()

    assert "auf jeden Fall" not in said
    assert "Geheim" not in said


def test_a_title_that_a_hidden_race_cannot_change_stays_decided_but_not_since_when():
    formula, path = season(), PAGE.replace("driver", "fahrer")
    ada, bea, cleo = drivers("Ada", "Bea", "Cleo")
    championship(formula)
    for day in (1, 2, 3, 4, 5):
        result(race(formula, day), [ada, bea, cleo] if day % 2 else [ada, cleo, bea])
    race(formula, 15)
    assert "Ada ist Meister. Entschieden ist es seit" in page(path)
    hidden = race(formula, 20)
    Event.objects.filter(pk=hidden.event_id).update(public_from=None)

    said = page(path)

    assert "Ada ist Meister." in said
    assert "Entschieden" not in said


def test_an_event_whose_race_is_hidden_is_still_a_race_to_come():
    _formula, _second, last, _drivers = finale()
    race_day = last.event
    Session.objects.filter(pk=last.pk).update(public_from=None)
    Session.objects.create(event=race_day, name="Training", slug="training", kind="practice", public_from=Now())

    assert "Drei können noch Meister werden" in page()


def test_a_session_shown_by_the_clock_changes_what_is_kept():
    formula, _second, _last, _drivers = finale()
    extra = race(formula, 20)
    Event.objects.filter(pk=extra.event_id).update(public_from=None)
    assert "Ada führt, der Titel ist noch offen." in page()

    Event.objects.filter(pk=extra.event_id).update(public_from=Now() - dt.timedelta(seconds=1))

    assert "Ada führt, der Titel ist noch offen." not in page()


def test_an_annulled_result_is_not_run_again():
    _formula, _second, last, (ada, bea, cleo, *others) = finale()
    result(last, [bea, cleo, ada, *others], state="annulled")

    assert "Ada ist Meister." in page()


def test_the_game_says_what_follows_from_a_finishing_order():
    finale()

    answer = game(bea=1, ada=5)

    assert answer["headline"] == "Bea wäre Meister."
    assert answer["rows"] == [
        {"place": 1, "name": "Bea", "points": "61", "gained": "+25"},
        {"place": 2, "name": "Ada", "points": "60", "gained": "+10"},
        {"place": 3, "name": "Cleo", "points": "30", "gained": "+0"},
    ]


def test_a_title_that_stays_open_says_so_and_what_is_needed_next():
    formula, (ada, bea) = season(), drivers("Ada", "Bea")
    DriverKeyFactory(driver=ada, key="ada")
    result(race(formula, 1), [ada, bea])
    race(formula, 2, name="Rennen", slug="rennen")
    race(formula, 3)
    released(formula)

    assert game(ada=1) == {
        "headline": "Ada wäre Meister.",
        "rows": [
            {"place": 1, "name": "Ada", "points": "50", "gained": "+25"},
            {"place": 2, "name": "Bea", "points": "18", "gained": "+0"},
        ],
        "sentences": [],
    }
    stays_open = game(ada=2)
    assert stays_open["headline"] == "Der Titel bliebe offen. Noch möglich: Ada und Bea."
    assert stays_open["sentences"][0] == "Platz zwei reicht Ada auf jeden Fall."


def test_the_game_calls_a_pole_that_comes_next_a_pole_and_no_win():
    formula, (ada, bea) = season(), drivers("Ada", "Bea")
    scores, pole = [{"table": ["10", "6", "3"]}], {"cause": "pole", "kinds": ["qualifying"], "points": "4"}
    championship(formula, rules={"scores": scores, "bonuses": [pole], "lists": "starters"})
    for day in (1, 2):
        result(race(formula, day), [ada, bea])
    race(formula, 3, name="Rennen", slug="rennen")
    SessionFactory(event=race(formula, 4, sequence=2).event, kind="qualifying", sequence=1)
    championships_are_due(formula.pk)

    path = "/formel-1/2015/tabelle/fahrer/titel/spiel.json"
    answer = Client().get(path, {f"rennen.{ada.slug}": 1, f"rennen.{bea.slug}": 2}).json()

    assert answer["sentences"] == ["Mit der Pole-Position ist Ada Meister."]


def test_with_points_for_the_pole_all_that_is_enough_is_told_for_each_pole():
    formula, (ada, bea) = season(), drivers("Ada", "Bea")
    scores, pole = [{"table": ["10", "6", "3"]}], {"cause": "pole", "kinds": ["qualifying"], "points": "2"}
    championship(formula, rules={"scores": scores, "bonuses": [pole], "lists": "starters"})
    for day in (1, 2):
        result(race(formula, day), [ada, bea])
    last = race(formula, 3, name="Rennen", slug="rennen", sequence=2)
    SessionFactory(event=last.event, kind="qualifying", sequence=1)
    championships_are_due(formula.pk)

    said = page("/formel-1/2015/tabelle/fahrer/titel/")

    # Twenty to twelve: with the pole ten of them, and Bea's win gives ten.
    assert said.count('class="results combinations"') == 6
    for whose in ("Ada", "Bea", "keiner von ihnen"):
        assert f"Pole-Position: {whose}<" in said


def test_without_script_the_page_plays_the_same_game():
    finale()

    said = page(f"{PAGE}?rennen.bea=1&rennen.ada=5")
    assert "Bea wäre Meister." in said
    assert '<meta name="robots" content="noindex">' in said


NONSENSE = (
    "rennen.ada=99",
    "rennen.ada=-1",
    "rennen.ada=eins",
    "rennen.ada=1&rennen.bea=1",
    "rennen.ada=%00",
    "rennen.niemand=1",
)


def test_nonsense_is_refused_in_german():
    finale()

    for query in NONSENSE:
        assert "game__errors" in page(f"{PAGE}?{query}", status=400), query
        answer = Client().get(f"{GAME}?{query}")
        assert answer.status_code == 400, query
        assert json.loads(answer.content)["errors"], query


def test_two_at_one_place_are_named():
    finale()

    assert game(400, ada=2, bea=2)["errors"] == ["Rennen: Auf Platz 2 kann nur einer ankommen."]


def test_a_link_to_a_round_that_is_over_plays_nothing():
    formula, _second, last, (ada, bea, cleo, *others) = finale()
    race(formula, 4, name="Rennen", slug="rennen")
    slug = last.event.slug
    result(last, [bea, cleo, *others, ada])

    said = page(f"{PAGE}?lauf={slug}&rennen.bea=1&rennen.ada=5")

    assert "Der Link gehört zu einer Runde, die vorbei ist." in said
    answer = Client().get(f"{GAME}?lauf={slug}&rennen.bea=1")
    assert answer.status_code == 400
    assert "vorbei" in json.loads(answer.content)["errors"][0]


def test_the_title_asks_as_much_for_few_races_as_for_many(django_assert_num_queries):
    formula, *_rest = finale()
    page()
    with django_assert_num_queries(12):
        page()
    for day in range(4, 12):
        race(formula, day)
    page()
    with django_assert_num_queries(12):
        page()


def test_a_championship_before_its_first_result_has_no_title_page():
    formula = season()
    race(formula, 1)
    Championship.objects.create(season=formula, key="driver", name="Fahrer", subject="driver", public_from=Now())

    page(status=404)


def test_nobody_is_called_champion_while_a_race_that_readers_do_not_know_of_can_change_it():
    formula, _second, last, (ada, bea, cleo, *others) = finale()
    result(last, [ada, cleo, bea, *others])
    assert "Ada ist Meister." in page()

    hidden = [race(formula, day) for day in (20, 21, 22, 23)]
    Event.objects.filter(sessions__in=hidden).update(public_from=None, name="Geheimrennen")

    said = page()
    assert "ist Meister" not in said
    assert "Ada führt, der Titel ist noch offen." in said
    assert "Geheim" not in said


def test_nothing_is_to_come_of_a_cancelled_event_whose_practice_was_run():
    _formula, _second, last, (ada, bea, cleo, *_others) = finale()
    practice = Session.objects.create(
        event=last.event, name="Training", slug="training", kind="practice", public_from=Now()
    )
    result(practice, [bea, ada, cleo])
    Event.objects.filter(pk=last.event_id).update(status="cancelled")

    assert "Ada ist Meister." in page()


def test_an_event_whose_sessions_nobody_knows_has_as_many_races_as_most():
    """Ada leads by 22 points with one event to come, which by the others is two races of ten points, not one."""
    formula, path = season(), PAGE.replace("driver", "fahrer")
    ada, bea, cleo = drivers("Ada", "Bea", "Cleo")
    championship(formula, rules={"scores": [{"table": ["10", "6", "3"]}]})
    for day in (1, 8):
        first = race(formula, day, name="Rennen 1", sequence=1)
        second = SessionFactory(event=first.event, kind="race", name="Rennen 2", sequence=2)
        result(first, [ada, bea, cleo])
        result(second, [ada, bea, cleo] if day == 1 else [ada, cleo, bea])
    assert "Ada ist Meister." in page(path)

    EventFactory(
        season=formula, starts_on=dt.date(2021, 11, 20), ends_on=dt.date(2021, 11, 20), name="Das Finale", slug="finale"
    )

    assert "Ada und Bea" in page(path)
    assert "rennen-2" in page(path)


def test_with_guests_who_let_others_move_up_the_page_says_which_places_are_meant():
    formula, path = season(), PAGE.replace("driver", "fahrer")
    ada, bea, guest = drivers("Ada", "Bea", "Gast")
    championship(formula, rules={"scores": [{"table": ["10", "6", "3"]}], "moves_up": True})
    first = race(formula, 1)
    result(first, [ada, guest, bea])
    race(formula, 15)
    assert "Gaststarter dazwischen" not in page(path)

    Entry.objects.filter(event=first.event, crew__driver=guest).update(is_guest=True)
    championships_are_due(formula.pk)

    assert "Gaststarter dazwischen zählen nicht mit." in page(path)
