"""The list of all that is enough, and the game, where each class has its own places: beside every ending."""

from dataclasses import replace
from decimal import Decimal

from hypothesis import given, settings

from results.points.combinations import combinations_of
from results.points.decide import race_of, title_of
from results.points.game import Game, Imagined
from results.points.prospects import NOWHERE, Coming
from results.points.rank import table_of
from results.points.rules import Championship, Drop, ScoreRule, Selection, Table
from tests.results.points import test_decide_in_classes as classes
from tests.results.points.test_combinations import says_champion
from tests.results.points.test_title_edges import driven, race


def known(championship, starters):
    """Whether everybody can know what a place gives: points do not depend on the starters, or they are known."""
    return championship.scores[0].by_starters is None or bool(starters)


def played_out(season):
    """The race of a season, its game, and every ending as (places by first name of the car, scoring)."""
    championship, run, starters = season
    state = race_of(championship, run, [Coming(9, 9, cars=classes.MOST, starters=starters)])
    champion, order = state.outcome()
    game = Game(championship, state, order)
    names = {car[0]: next(at for at, crew in classes.CREWS.items() if car[0] in crew) for car in game.cars}
    ends = [
        ({name: next(x.class_position for x in end.lines if x.car[1] == at) for name, at in names.items()}, end)
        for end in classes.ends(classes.CREWS, starters)
    ]
    return championship, run, state, champion, game, ends


def first_of(championship, scorings):
    table = table_of(replace(championship, lists="starters"), scorings)
    return table, {one.competitor for one in table if one.position == 1}


@settings(max_examples=40, deadline=None)
@given(classes.seasons())
def test_the_list_names_the_champion_of_every_ending_and_of_no_other(season):
    championship, run, state, champion, game, ends = played_out(season)
    found = combinations_of(championship, state, game.cars)
    if not known(championship, season[2]):
        assert found == {}
    if champion is not None or not found:
        return
    names = [car[0] for car in game.cars]
    crews = {car[0]: set(car) for car in game.cars}
    for places, end in ends:
        _table, first = first_of(championship, [*run, end])
        for own in names:
            if (places[own] or 0) > season[2].get(classes.CARS[own[0]], classes.MOST):
                continue
            said = says_champion(found[own], state.unpaid(state.coming[0]), own, (places, None), names)
            assert said is None or said == (first <= crews[own]), (own, places, found[own])


@settings(max_examples=40, deadline=None)
@given(classes.seasons())
def test_the_game_gives_the_table_of_every_ending(season):
    championship, run, _state, champion, game, ends = played_out(season)
    if not known(championship, season[2]):
        assert not game.is_open
    if champion is not None or not game.is_open:
        return
    names = [car[0] for car in game.cars]
    for places, end in ends:
        if any(x.class_position and x.drivers[0] not in names for x in end.lines if not x.is_guest):
            continue  # who is no contender any more takes no place in the game
        played = game.play([Imagined([[places[one] or NOWHERE] for one in names])])
        table, first = first_of(championship, [*run, end])
        points = {one.competitor: one.points for one in table}
        assert {who: one.points for one in played.table for who in one.competitors} == {
            who: points.get(who, 0) for one in played.table for who in one.competitors
        }
        assert played.title.champion is None or first <= {who for car in game.cars for who in car}


def rules(*points, **values):
    rule = ScoreRule(Selection(), Table(tuple(map(Decimal, points))))
    return Championship(key="x", subject="driver", scores=(rule,), **values)


def test_nothing_is_called_sure_where_starting_can_cost_points():
    """Three rounds started and all three count; a fourth start, and only the best two do."""
    strange = rules(10, 8, 6, drops=(Drop(2, if_started=4),))
    run = [race(number, driven("ada"), driven("bea")) for number in (1, 2)] + [race(3, driven("cleo"), driven("ada"))]
    coming = [Coming(4, 4, cars=10)]

    # Ada has 28 to 16, but with a fourth start 20, and Bea wins to 26 with three.
    title = title_of(strange, run, coming)

    assert title.champion is None
    assert {one.competitor for one in title.contenders} == {"ada", "bea", "cleo"}
    assert {(one.alone, one.is_known) for one in title.contenders} == {(None, False)}
    assert title_of(rules(10, 8, 6, drops=(Drop(3, if_started=4),)), run, coming).champion == "ada"
    assert title_of(strange, run, []).champion == "ada"


def test_nothing_is_called_sure_where_a_better_place_gives_less():
    run = [race(1, driven("ada"), driven("bea"))]

    assert title_of(rules(5, 3), run, [Coming(2, 2, cars=10)]).contenders[0].is_known
    for table in ((3, 5), (5, -3)):
        title = title_of(rules(*table), run, [Coming(2, 2, cars=10)])
        assert title.champion is None
        assert not any(one.is_known for one in title.contenders)
