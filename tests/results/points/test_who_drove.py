"""Points that depend on who drove and led: part of the distance, seats, laps led; and ties that a qualifying decides."""

from decimal import Decimal
from fractions import Fraction
from itertools import permutations, product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from results.points.award import awards_in
from results.points.combinations import combinations_of
from results.points.decide import race_of, title_of
from results.points.facts import Line, Scoring
from results.points.game import Game
from results.points.packs import PackRefused, read_rules
from results.points.prospects import Coming
from results.points.rank import table_of
from tests.results.points.test_decide import DRIVERS, ENDS, race


def rules(**said):
    return read_rules(
        {"scores": [{"table": [10, 6]}]} | said, key="x", subject=said.pop("subject", "driver"), place="Hier"
    )


def points(championship, *lines):
    found = {}
    for award in awards_in(championship, Scoring(1, 1, "race", lines)):
        found[award.competitor] = found.get(award.competitor, Decimal(0)) + award.points
    return found


@pytest.mark.parametrize(
    ("driven", "scorers"),
    [((75, 25), {"a", "b"}), ((76, 24), {"a"}), ((100, None), {"a", "b"}), ((), {"a", "b"}), ((100, 0), {"a"})],
)
def test_who_drove_too_small_a_part_of_his_cars_laps_scores_nothing_as_far_as_that_is_known(driven, scorers):
    line = Line("car", ("a", "b"), 1, laps=100, driven=driven)

    assert set(points(rules(least_part="1/4"), line)) == scorers
    assert set(points(rules(), line)) == {"a", "b"}


def test_only_the_seats_that_count_are_in_the_table():
    cars = [Line("one", ("a", "b", "c"), 1, seats=(1, 2, 3)), Line("two", ("d", "e"), 2, seats=(2, 3))]

    assert points(rules(seats=[1, 3]), *cars) == {"a": 10, "c": 10, "e": 6}
    listed = table_of(rules(seats=[1, 3], lists="starters"), [Scoring(1, 1, "race", tuple(cars))])
    assert [one.competitor for one in listed] == ["a", "c", "e"]


LED = (
    Line("one", ("a",), 1, 1, "pro", led=(0, 20)),
    Line("two", ("b",), 2, 2, "pro", led=(20, 20)),
    Line("three", ("c",), 3, 1, "am", led=(30, 40)),
    Line("four", ("d",), 4, 2, "am", led=(0, 10)),
)


@pytest.mark.parametrize(
    ("cause", "more", "paid"),
    [
        ("laps_led", {}, {"b", "c"}),
        ("most_led", {}, {"c"}),
        ("laps_led", {"scope": "class"}, {"a", "b", "c", "d"}),
        ("most_led", {"scope": "class"}, {"a", "b", "c"}),
        ("most_led", {"class": "am"}, {"c"}),
    ],
)
def test_laps_led_are_paid_among_those_of_whom_places_are_counted(cause, more, paid):
    bonus = {"cause": cause, "kinds": ["race"], "points": 1}

    awards = awards_in(rules(bonuses=[bonus], **more), Scoring(1, 1, "race", LED))

    assert {award.competitor for award in awards if award.cause == cause} == paid


def test_whoever_led_most_laps_level_shares_where_the_rules_say_so():
    bonus = {"cause": "most_led", "points": 1, "split": True}
    lines = [Line(one, (one,), place, led=(20, 20)) for place, one in enumerate("ab", start=1)]

    assert points(rules(bonuses=[bonus]), *lines) == {"a": Decimal("10.5"), "b": Decimal("6.5")}


def test_a_title_is_open_while_points_for_laps_led_can_turn_it():
    told = rules(
        scores=[{"table": [2, 1]}], bonuses=[{"cause": "laps_led", "points": 1}, {"cause": "most_led", "points": 1}]
    )
    run = [race(number, {"ada": 1, "bea": None, "cleo": None}) for number in (1, 2)]  # 4 points

    last = title_of(told, run, [Coming(3, 3)])  # 2 for the win, and 2 for the laps: level, one win against two
    two = title_of(told, run[:1], [Coming(2, 2)])

    assert last.champion == "ada"
    assert two.champion is None


@pytest.mark.parametrize(
    ("more", "ahead", "is_open"),
    [
        ({}, [Coming(2, 2)], True),
        ({"bonuses": [{"cause": "laps_led", "points": 1}]}, [Coming(2, 2)], False),
        ({"bonuses": [{"cause": "most_led", "points": 1, "kinds": ["sprint"]}]}, [Coming(2, 2)], True),
        ({"ties": ["qualifying"]}, [Coming(2, 2)], True),
        ({"ties": ["qualifying"]}, [Coming((2, "q"), 2, "qualifying"), Coming(2, 2)], False),
    ],
)
def test_there_is_no_game_where_more_counts_than_it_asks_for(more, ahead, is_open):
    told, run = rules(**more), [race(1, {"ada": 1, "bea": 2, "cleo": None})]
    played = race_of(told, run, ahead)

    assert Game(told, played, played.outcome()[1]).is_open == is_open
    assert bool(combinations_of(told, played, Game(told, played, played.outcome()[1]).cars)) == (is_open)


# ------------------------------------------------------------------ ties


def qualifying(number, order):
    return Scoring((number, "q"), number, "qualifying", tuple(Line(one, (one,), at) for at, one in enumerate(order, 1)))


@pytest.mark.parametrize("order", list(permutations(DRIVERS)))
def test_the_better_qualifyings_decide_where_the_results_are_level(order):
    told = rules(ties=["countback", "qualifying"], lists="starters")
    season = [
        qualifying(1, order),
        race(1, {"ada": 1, "bea": 2, "cleo": None}),
        race(2, {"ada": 2, "bea": 1, "cleo": None}),
    ]

    table = table_of(told, season)

    ahead = [one for one in order if one != "cleo"]
    assert [(one.competitor, one.position) for one in table] == [(ahead[0], 1), (ahead[1], 2), ("cleo", 3)]
    assert [one.position for one in table_of(rules(lists="starters"), season)] == [1, 1, 3]


@st.composite
def tight(draw):
    """One round is run and one to come, each a qualifying that gives no points and a race."""
    table = sorted(draw(st.lists(st.integers(1, 3), min_size=2, max_size=3)), reverse=True)
    told = rules(scores=[{"table": table}], ties=draw(st.sampled_from([["qualifying"], ["countback", "qualifying"]])))
    run = [qualifying(1, draw(st.permutations(DRIVERS))), race(1, draw(st.sampled_from(ENDS)))]
    return told, run


@settings(max_examples=60, deadline=None)
@given(tight())
def test_champion_and_contenders_are_those_of_every_ending_of_qualifying_and_race(season):
    told, run = season
    first, always = set(), set(DRIVERS)
    for order, places in product(permutations(DRIVERS), ENDS):
        leaders = {
            one.competitor for one in table_of(told, [*run, qualifying(2, order), race(2, places)]) if one.position == 1
        }
        first |= leaders
        always &= leaders if len(leaders) == 1 else set()

    title = title_of(told, run, [Coming((2, "q"), 2, "qualifying", cars=3), Coming(2, 2, cars=3)])

    assert {title.champion} - {None} == always
    if not always:
        assert {one.competitor for one in title.contenders} == first


@pytest.mark.parametrize(
    "said",
    [{"least_part": "5/4"}, {"least_part": "viel"}, {"seats": [0]}, {"seats": 1}, {"seats": ["eins"]},
     {"ties": ["quali"]}, {"bonuses": [{"cause": "led", "points": 1}]}],
)  # fmt: skip
def test_what_cannot_be_is_refused_with_words(said):
    with pytest.raises(PackRefused, match=r"^Hier: "):
        rules(**said)


def test_a_part_is_an_exact_fraction():
    assert rules(least_part="1/3").least_part == Fraction(1, 3)
