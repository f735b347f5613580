"""Who can still take a title away: somebody who has not started yet, a further car, a better paired partner."""

from decimal import Decimal
from fractions import Fraction

from results.points.decide import title_of
from results.points.facts import Line, Scoring
from results.points.prospects import Coming
from results.points.rules import Championship, Pairing, ScoreRule, Selection, Table

TABLE = ScoreRule(Selection(), Table((Decimal(25), Decimal(18), Decimal(15))))


def rules(subject="driver", **values):
    return Championship(key="x", subject=subject, scores=(TABLE,), **values)


def race(number, *cars, **values):
    """A race in which these cars came in in that order; a car is the fields of its line."""
    lines = tuple(
        Line(car=(number, place), position=place, class_position=place, **{"racing_class": "gt", **car})
        for place, car in enumerate(cars, start=1)
    )
    return Scoring(number, number, "race", lines, **values)


def ahead(*numbers):
    return [Coming(number, number, cars=10) for number in numbers]


def driven(name, **values):
    return {"drivers": (name,), **values}


def champion(championship, scorings, coming):
    return title_of(championship, scorings, coming).champion


def test_who_is_alone_in_a_class_is_no_champion_while_a_newcomer_can_pass():
    only = rules(racing_class="gt", scope="class")
    raced = [race(1, driven("ada"))]

    assert champion(only, raced, ahead(2, 3)) is None
    assert [one.competitor for one in title_of(only, raced, ahead(2, 3)).contenders] == ["ada"]
    assert champion(only, [*raced, race(2, driven("ada"))], ahead(3)) == "ada"
    assert champion(only, raced, []) == "ada"


def test_the_only_crew_is_no_champion_while_another_can_come():
    crews = rules("crew")
    crew = {"drivers": ("ada", "bea")}

    assert champion(crews, [race(1, crew)], ahead(2, 3)) is None
    assert champion(crews, [race(1, crew), race(2, crew)], ahead(3)) is not None


def test_a_rival_may_find_a_partner_whose_rating_pays_more():
    plain = rules()
    paired = rules(pairings=(Pairing(("bronze",), Fraction(3, 2)),))
    raced = [race(1, driven("ada"), driven("x"), driven("bea")), race(2, driven("ada"), driven("z"), driven("y"))]

    # 50 to 18: the last race gives 25, or 37.5.
    assert champion(plain, raced, ahead(3)) == "ada"
    assert champion(paired, raced, ahead(3)) is None


def test_a_maker_with_one_car_may_bring_as_many_as_the_others():
    def car(maker):
        return {"manufacturer": maker}

    # P 80, R 46, Q 48 with one car at a time: two of Q's can win 43.
    raced = [
        race(1, car("p"), car("q"), car("r")),
        race(2, car("p"), car("q"), car("r")),
    ]
    both = [race(3, car("p"), car("p"), car("r"), car("r"))]

    assert champion(rules("manufacturer", cars=2), [*raced, *both], ahead(4)) == "p"
    assert (
        champion(
            rules("manufacturer", cars=2),
            [*raced, race(3, car("x"), car("x"), car("p"), car("r"), car("r"), car("p"))],
            ahead(4),
        )
        is None
    )


def test_what_is_enough_is_enough_with_the_least_that_the_own_car_may_pay():
    halved = rules(pairings=(Pairing(("gold", "gold"), Fraction(1, 2)),))
    raced = [race(1, driven("ada"), driven("bea")), race(2, driven("ada"), driven("bea"))]

    # Fourteen points ahead of who can win 25: third gives 15, or seven and a half.
    assert [one.alone for one in title_of(rules(), raced, ahead(3)).contenders] == [3, None]
    assert [one.alone for one in title_of(halved, raced, ahead(3)).contenders] == [1, None]
