"""What a reader of the title arithmetic found wrong: crews that do not score alike, further cars, places that others leave."""

from decimal import Decimal

import pytest

from results.points.award import awards_in
from results.points.combinations import combinations_of
from results.points.decide import race_of, title_of
from results.points.facts import Line, Scoring
from results.points.packs import PackRefused, read_rules
from results.points.prospects import Coming
from results.points.rank import table_of


def rules(table=(10, 6, 3), *, subject="driver", **said):
    return read_rules({"scores": [{"table": list(table)}]} | said, key="x", subject=subject, place="Hier")


def car(number, drivers, place, **said):
    return Line(number, tuple(drivers), place, place, **said)


def race(number, *lines):
    return Scoring(number, number, "race", lines)


def test_a_partner_who_does_not_score_is_no_champion():
    pro = {"drivers": "sb", "ratings": ("silver", "bronze")}
    season = [race(1, car(1, place=1, **pro), car(2, "x", 2, ratings=("bronze",)))]

    title = title_of(rules(graded=["bronze"]), season, [])

    assert (title.champion, title.crews) == ("b", {})
    assert [line.competitor for line in table_of(rules(graded=["bronze"]), season)] == ["b", "x"]


def test_who_was_too_short_at_the_wheel_once_is_no_longer_one_with_his_partner():
    season = [race(1, car(1, "ab", 1, seconds=(3000, 3000))), race(2, car(1, "ab", 1, seconds=(3000, 60)))]

    title = title_of(rules(least_minutes=25), season, [])

    assert (title.champion, title.crews) == ("a", {})


def test_a_partner_may_score_where_the_leader_does_not_drive_long_enough():
    """Four points ahead of his partner before the last race: ten are still to be won by the partner alone."""
    season = [
        race(1, car(1, "a", 1, seconds=(3000,)), car(2, "b", 2, seconds=(3000,))),
        race(2, car(1, "ab", 1, seconds=(3000, 3000))),
    ]
    last = [Coming(3, 3, cars=9)]

    assert title_of(rules(), season, last).champion == "a"
    assert title_of(rules(least_minutes=25), season, last).champion is None


def test_places_are_not_told_where_the_second_car_of_a_third_one_lets_others_move_up():
    def team(name, number, place):
        return Line((name, number), (), place, place, team=name)

    season = [race(1, team("a", 1, 1), team("b", 1, 2), team("c", 1, 3), team("c", 2, 4))]
    moving = rules(subject="team", cars=1, cars_move_up=True)
    last = [Coming(2, 2, cars=9)]

    title = title_of(moving, season, last)
    assert [one.against for one in title.contenders] == [{}] * len(title.contenders)
    assert combinations_of(moving, race_of(moving, season, last), [("a",), ("b",)]) == {}


def test_the_ratings_of_a_pair_make_the_factor_ahead_and_keep_nobody_out():
    said = {"graded": ["bronze"], "pairings": [{"ratings": ["gold", "bronze"], "factor": "3/2"}]}
    season = [
        race(1, car(1, "gb", 1, ratings=("gold", "bronze")), car(2, "hx", 2, ratings=("gold", "bronze"))),
    ]

    title = title_of(rules(**said), season, [Coming(2, 2, cars=9)])

    assert title.champion is None
    assert [one.competitor for one in title.contenders] == ["b", "x"]


def test_further_cars_lead_laps_though_only_the_best_place_counts():
    """Four points behind before the last race: a win gives three, and each of two cars may lead a lap."""
    led = [{"cause": "laps_led", "points": 1}]
    counted = rules((3, 2, 1), subject="team", cars=1, bonuses=led)

    def team(name, number, place):
        return Line((name, number), (), place, place, team=name)

    season = [race(1, team("a", 1, 1), team("a", 2, 2), team("b", 1, 3), team("b", 2, 5))]
    season += [Scoring(2, 2, "race", (team("a", 1, 2), team("a", 2, 4), team("b", 1, 5), team("b", 2, 6)))]

    assert {line.competitor: line.points for line in table_of(counted, season)} == {"a": 5, "b": 1}
    assert title_of(counted, season, [Coming(3, 3, cars=9)]).champion is None


def test_laps_led_give_nothing_to_who_is_struck_or_scores_for_nobody():
    counted = rules(bonuses=[{"cause": "most_led", "points": 2}], moves_up=True, ineligible={"1": ["out"]})
    lines = (
        car(1, ["struck"], None, status="dsq", led=(9, 9)),
        car(2, ["guest"], 1, is_guest=True, led=(8, 8)),
        car("out", ["mine"], 2, led=(7, 7)),
        car(4, ["own"], 3, led=(2, 2)),
    )

    bonus = [one for one in awards_in(counted, race(1, *lines)) if one.cause == "most_led"]

    assert [(one.competitor, one.points) for one in bonus] == [("own", Decimal(2))]


def test_points_by_the_starters_of_a_class_need_places_of_the_class():
    shifted = {"scores": [{"table": [10, 6], "by_starters": "shift"}], "classes": ["a", "b"]}

    with pytest.raises(PackRefused, match="Startern einer Klasse"):
        rules(**shifted)
    assert rules(**shifted, scope="class").classes == ("a", "b")
