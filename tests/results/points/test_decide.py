"""The title calculator against a slow version that plays through every way in which a small season can end."""

from decimal import Decimal
from itertools import product

from hypothesis import given, settings
from hypothesis import strategies as st

from results.points.decide import title_of
from results.points.facts import Line, Scoring
from results.points.prospects import Coming
from results.points.rank import table_of
from results.points.rules import Bonus, Championship, Drop, ScoreRule, Selection, Table

DRIVERS = ("ada", "bea", "cleo")
PLACES = 3
RACE = Selection()


def rules(table, *, bonus, drops, ties, cup=""):
    fastest = Bonus("fastest_lap", Decimal(1), RACE, within=2)
    return Championship(
        key="driver", subject="driver", scores=(ScoreRule(RACE, Table(tuple(map(Decimal, table)))),),
        bonuses=(fastest,) if bonus else (), drops=drops, ties=ties, cup=cup,
    )  # fmt: skip


def race(number, places, fastest=None):
    """A race in which the drivers finished at these places, None for not at all; others may stand between them."""
    drivers = sorted(places, key=lambda one: (places[one] is None, places[one] or 0))
    lines = tuple(
        Line(
            car=one,
            drivers=(one,),
            position=places[one],
            cups=frozenset({"junior"}),
            status="classified" if places[one] else "dnf",
        )
        for one in drivers
    )
    return Scoring(number, number, "race", lines, fastest=(drivers.index(fastest),) if fastest else ())


def ways_to_end():
    """Every way a race can end for the three: places among the first three and somebody else, or none."""
    for taken in product([None, *range(1, PLACES + 1)], repeat=len(DRIVERS)):
        given_places = [place for place in taken if place]
        if len(set(given_places)) == len(given_places):
            yield dict(zip(DRIVERS, taken, strict=True))


ENDS = list(ways_to_end())


def endings(number, *, bonus):
    for places in ENDS:
        for fastest in [None, *(one for one in DRIVERS if bonus and places[one])]:
            yield race(number, places, fastest)


def slow(championship, scorings, coming, *, bonus):
    """Who is first in some completion, and who alone in all of them."""
    first, always = set(), set(DRIVERS)
    for further in product(*(list(endings(one.round, bonus=bonus)) for one in coming)):
        table = table_of(championship, [*scorings, *further])
        leaders = {one.competitor for one in table if one.position == 1}
        first |= leaders
        always &= leaders if len(leaders) == 1 else set()
    return first, always


@st.composite
def seasons(draw, *, most):
    bonus = draw(st.booleans())
    table = sorted(draw(st.lists(st.integers(1, 9), min_size=2, max_size=PLACES)), reverse=True)
    run, ahead = draw(st.integers(1, 4)), draw(st.integers(1, most))
    drops = draw(st.sampled_from([(), (Drop(run + ahead - 1),), (Drop(2, 1, 2), Drop(2, 3, None))]))
    ties = draw(st.sampled_from([("countback",), ("countback_scoring",), ("countback", "earliest"), ()]))
    scorings = [draw(st.sampled_from(list(endings(number, bonus=bonus)))) for number in range(1, run + 1)]
    coming = [Coming(number, number, cars=PLACES) for number in range(run + 1, run + ahead + 1)]
    cup = draw(st.sampled_from(["", "junior"]))
    return rules(table, bonus=bonus, drops=drops, ties=ties, cup=cup), scorings, coming, bonus


def check(season):
    championship, scorings, coming, bonus = season
    title = title_of(championship, scorings, coming, details=False)
    first, always = slow(championship, scorings, coming, bonus=bonus)
    assert {title.champion} - {None} == always
    if not always and title.contenders:
        assert {one.competitor for one in title.contenders} == first


@settings(max_examples=150, deadline=None)
@given(seasons(most=1))
def test_with_one_race_to_go_champion_and_contenders_are_those_of_every_ending(season):
    check(season)


@settings(max_examples=12, deadline=None)
@given(seasons(most=2))
def test_with_two_races_to_go_too(season):
    check(season)


@settings(max_examples=80, deadline=None)
@given(seasons(most=1))
def test_the_place_that_is_enough_is_enough_and_the_next_one_is_not(season):
    championship, scorings, coming, bonus = season
    for contender in title_of(championship, scorings, coming).contenders:
        enough = [
            place
            for place in range(1, PLACES + 1)
            if all(
                [one.competitor for one in table_of(championship, [*scorings, ending]) if one.position == 1]
                == [contender.competitor]
                for ending in endings(coming[0].round, bonus=bonus)
                if any(line.drivers == (contender.competitor,) and line.position == place for line in ending.lines)
            )
        ]
        run = [place for place in enough if set(range(1, place + 1)) <= set(enough)]
        assert contender.alone == max(run, default=None)
