"""The list of all that is enough, and the game, against every single way in which a last race can end."""

from dataclasses import replace
from decimal import Decimal
from itertools import product

from hypothesis import given, settings

from results.points.combinations import combinations_by_pole, combinations_of
from results.points.decide import race_of
from results.points.game import Game, Imagined
from results.points.prospects import NOWHERE, Coming
from results.points.rank import table_of
from results.points.rules import Bonus, Selection
from tests.results.points.test_decide import PLACES, race, seasons


def endings(cars, *, bonus):
    """Places by car (None for not classified) and who has the fastest lap, every way there is."""
    for taken in product([None, *range(1, PLACES + 1)], repeat=len(cars)):
        places = [place for place in taken if place]
        if len(set(places)) == len(places):
            for lap in [None, *(range(len(cars)) if bonus else ())]:
                yield dict(zip(cars, taken, strict=True)), lap


def keeps(limit, places, lap, order):
    """Whether a rival stays within his limit."""
    best = limit.place if lap is None else limit.own_lap
    if lap is not None and order[lap] == limit.rival:
        best = limit.with_lap
    elif lap is not None and order[lap] != limit.champion:
        best = limit.place
    its = places[limit.rival]
    return best is not None and (its is None or (best != NOWHERE and its >= best))


def says_champion(rows, unpaid, own, ending, order):
    """Whether the list calls somebody champion with this finish."""
    places, lap = ending
    place = places[own] or NOWHERE
    if unpaid is not None and place >= unpaid:
        return None  # not told apart from no finish at all
    for row in rows:
        if place == row.first == NOWHERE or (place and row.first <= place <= row.last):
            return all(keeps(_With(own, one), places, lap, order) for one in row.limits)
    return False


class _With:
    """A limit with the name of him whose list it stands in."""

    def __init__(self, champion, limit):
        self.champion, self.rival = champion, limit.rival
        self.with_lap, self.place, self.own_lap = limit.with_lap, limit.place, limit.own_lap


@settings(max_examples=60, deadline=None)
@given(seasons(most=1))
def test_the_list_names_the_champion_of_every_ending_and_of_no_other(season):
    championship, scorings, coming, bonus = season
    state = race_of(championship, scorings, coming)
    champion, order = state.outcome()
    game = Game(championship, state, order)
    found = combinations_of(championship, state, game.cars)
    if champion is not None or not found:
        return
    names = [car[0] for car in game.cars]
    unpaid = state.unpaid(coming[0])
    for places, lap in endings(names, bonus=bonus):
        others = {one: None for one in ("ada", "bea", "cleo") if one not in places}
        last = race(coming[0].round, places | others, names[lap] if lap is not None else None)
        first = [
            one.competitor
            for one in table_of(replace(championship, lists="starters"), [*scorings, last])
            if one.position == 1
        ]
        alone = first[0] if len(first) == 1 else None
        for own in names:
            said = says_champion(found[own], unpaid, own, (places, lap), names)
            assert said is None or said == (alone == own), (own, places, lap, found[own])


@settings(max_examples=60, deadline=None)
@given(seasons(most=1))
def test_the_game_gives_the_table_of_every_ending(season):
    championship, scorings, coming, bonus = season
    state = race_of(championship, scorings, coming)
    champion, order = state.outcome()
    game = Game(championship, state, order)
    if champion is not None or not game.is_open:
        return
    names = [car[0] for car in game.cars]
    for places, lap in endings(names, bonus=bonus):
        played = game.play([Imagined([[places[one] or NOWHERE] for one in names], lap)])
        others = {one: None for one in ("ada", "bea", "cleo") if one not in places}
        last = race(coming[0].round, places | others, names[lap] if lap is not None else None)
        table = {one.competitor: one for one in table_of(replace(championship, lists="starters"), [*scorings, last])}
        first = [one for one in table if table[one].position == 1]
        assert played.title.champion == (first[0] if len(first) == 1 else None)
        points = {who: one.points for one in played.table for who in one.competitors}
        assert points == {one: table[one].points if one in table else 0 for one in points}


POLE = Bonus("pole", Decimal(1), Selection(kinds=frozenset({"qualifying"})))


@settings(max_examples=40, deadline=None)
@given(seasons(most=1))
def test_with_a_pole_before_the_last_race_the_list_of_each_pole_names_the_champion_of_every_ending(season):
    championship, scorings, coming, bonus = season
    championship = replace(championship, bonuses=(*championship.bonuses, POLE))
    qualifying = Coming("qualifying", coming[0].round, "qualifying", cars=PLACES)
    state = race_of(championship, scorings, [qualifying, *coming])
    champion, order = state.outcome()
    game = Game(championship, state, order)
    cases = combinations_by_pole(championship, state, game.cars)
    if champion is not None or not cases:
        return
    names = [car[0] for car in game.cars]
    assert list(cases) == [*names, None]
    unpaid = state.unpaid(coming[0])
    for pole, found in cases.items():
        first_in_it = race(coming[0].round, {one: 1 if one == pole else None for one in names})
        session = replace(first_in_it, key="qualifying", kind="qualifying")
        for places, lap in endings(names, bonus=bonus):
            others = {one: None for one in ("ada", "bea", "cleo") if one not in places}
            last = race(coming[0].round, places | others, names[lap] if lap is not None else None)
            first = [
                one.competitor
                for one in table_of(replace(championship, lists="starters"), [*scorings, session, last])
                if one.position == 1
            ]
            alone = first[0] if len(first) == 1 else None
            for own in names:
                said = says_champion(found[own], unpaid, own, (places, lap), names)
                assert said is None or said == (alone == own), (pole, own, places, lap, found[own])
