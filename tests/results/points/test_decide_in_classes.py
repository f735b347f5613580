"""Titles over several classes whose points depend on the starters, with guests and crews that change: beside every ending."""

from dataclasses import replace
from decimal import Decimal
from itertools import product

from hypothesis import given, settings
from hypothesis import strategies as st

from results.points.decide import title_of
from results.points.facts import Line, Scoring
from results.points.packs import read_rules
from results.points.prospects import Coming
from results.points.rank import table_of
from results.points.rules import ByStarters, Championship, ScoreRule, Selection, Table

CARS = {"a": "V4", "b": "V4", "c": "SP9", "gast": "V4"}  # three that score and a guest, with their class
CREWS = {"a": ("a1", "a2"), "b": ("b",), "c": ("c",), "gast": ("gast",)}
MOST = 3  # cars that may start in a class


def rules(how):
    table = Table(tuple(map(Decimal, (9, 5, 2))), rest=Decimal(1)) if how != "proportional" else Table(())
    by_starters = None if how == "plain" else ByStarters(how, full=Decimal(10))
    rule = ScoreRule(Selection(), table, by_starters=by_starters)
    return Championship(key="driver", subject="driver", scores=(rule,), scope="class", ties=("countback",))


def race(number, places, sizes, crews):
    """A race of the cars at these places of their class, None for not at all; so many started in each class."""
    lines = [
        Line(
            car=(number, car), drivers=crews[car], position=None, class_position=places[car], racing_class=CARS[car],
            status="classified" if places[car] else "dnf", is_guest=car == "gast",
        )
        for car in CARS
        if car in places
    ]  # fmt: skip
    return Scoring(number, number, "race", tuple(lines), starters=sizes)


def ends(crews, starters):
    """Every way the last race can end: any class size that is possible, any place of the three, no place twice in a class."""
    ways = [range(1, MOST + 1) if not starters else [starters[name]] for name in ("V4", "SP9")]
    for v4, sp9 in product(*ways):
        sizes = {"V4": v4, "SP9": sp9}
        own = [[None, *range(1, sizes[CARS[car]] + 1)] for car in ("a", "b", "c")]
        for a, b, c in product(*own):
            if a is None or a != b:
                yield race(9, {"a": a, "b": b, "c": c}, sizes, crews)


@st.composite
def seasons(draw):
    run = []
    count = draw(st.integers(1, 3))
    for number in range(1, count + 1):
        sizes = {"V4": draw(st.integers(3, MOST)), "SP9": draw(st.integers(1, MOST))}
        v4 = draw(st.permutations([1, 2, 3]))
        alone = draw(st.booleans()) and number < count  # one of the crew stays away, but not to the end
        mates = {**CREWS, "a": ("a1",) if alone else CREWS["a"]}
        places = {
            "a": v4[0],
            "b": v4[1],
            "gast": v4[2],
            "c": draw(st.sampled_from([None, *range(1, sizes["SP9"] + 1)])),
        }
        run.append(race(number, places, sizes, mates))
    starters = draw(st.sampled_from([{}, {"V4": 3, "SP9": 1}, {"V4": 2, "SP9": 3}]))
    return rules(draw(st.sampled_from(["shift", "proportional", "plain"]))), run, starters


def slow(championship, run, starters):
    first, always = set(), None
    for end in ends(CREWS, starters):
        table = table_of(championship, [*run, end])
        leaders = frozenset(one.competitor for one in table if one.position == 1)
        first |= leaders
        always = leaders if always is None else always & leaders
        if len(leaders) > 1 and leaders != set(CREWS["a"]):
            always = frozenset()
    return first, always


@settings(max_examples=40, deadline=None)
@given(seasons())
def test_champion_and_contenders_are_those_of_every_ending(season):
    championship, run, starters = season
    title = title_of(championship, run, [Coming(9, 9, cars=MOST, starters=starters)])
    first, always = slow(championship, run, starters)

    def named(one):
        return set(title.crews.get(one, (one,)))

    if title.champion is not None:
        assert named(title.champion) <= always
    else:
        assert not always
        contenders = set().union(*(named(one.competitor) for one in title.contenders)) if title.contenders else set()
        assert contenders == first


@settings(max_examples=25, deadline=None)
@given(seasons())
def test_the_place_that_is_enough_is_enough(season):
    """Whatever the others do and however many start; and the next place is not, as far as there are so many."""
    championship, run, starters = season
    title = title_of(championship, run, [Coming(9, 9, cars=MOST, starters=starters)])
    for one in title.contenders:
        car = next(car for car, drivers in CREWS.items() if one.competitor in drivers)
        named = {frozenset({who}) for who in CREWS[car]} | {frozenset(CREWS[car])}
        enough = []
        for place in range(1, starters.get(CARS[car], MOST) + 1):
            ways = [
                end
                for end in ends(CREWS, starters)
                if (car, place) in {(x.car[1], x.class_position) for x in end.lines}
            ]
            tables = (table_of(championship, [*run, end]) for end in ways)
            leaders = [frozenset(row.competitor for row in table if row.position == 1) for table in tables]
            if not all(found in named and one.competitor in found for found in leaders):
                break
            enough.append(place)
        assert min(one.alone or 0, starters.get(CARS[car], MOST)) == max(enough, default=0)


def test_where_classes_count_together_a_rival_of_the_other_class_has_a_pole_of_his_own():
    """Level before the last qualifying, the rival ahead by his win: with both on pole he stays ahead."""
    pole = {"cause": "pole", "kinds": ["qualifying"], "points": 1}
    together = read_rules(
        {"scores": [{"table": [3, 2, 1]}], "classes": ["lmp1", "lmp2"], "bonuses": [pole]},
        key="x",
        subject="driver",
        place="x",
    )
    lmp1, lmp2 = (Line(name, (name,), None, None, name) for name in ("lmp1", "lmp2"))
    season = [
        Scoring(1, 1, "race", (replace(lmp2, position=1), replace(lmp1, position=3))),
        Scoring(2, 2, "race", (replace(lmp1, position=2), replace(lmp2, status="dnf"))),
    ]

    title = title_of(together, season, [Coming("q", 3, "qualifying", cars=4)])

    assert {one.competitor: one.alone for one in title.contenders} == {"lmp1": None, "lmp2": 1}


def test_where_classes_count_together_a_maker_in_both_may_take_both_poles():
    """Two points behind before the last qualifying: a pole in each class is a draw, and he has the win."""
    pole = {"cause": "pole", "kinds": ["qualifying"], "points": 1}
    together = read_rules(
        {"scores": [{"table": [4, 2]}], "classes": ["lmp1", "lmp2"], "bonuses": [pole]},
        key="x",
        subject="manufacturer",
        place="x",
    )

    def car(maker, number, racing_class, place):
        return Line((maker, number), (), place, None, racing_class, manufacturer=maker)

    def season(*finishes):
        races = [(car("both", 1, "lmp1", 1), car("one", 1, "lmp1", 2), car("both", 2, "lmp2", 3)), *finishes]
        return [Scoring(number, number, "race", lines) for number, lines in enumerate(races, start=1)]

    last = [Coming("q", 9, "qualifying", cars=4)]
    two_behind = season((car("one", 1, "lmp1", 2),), (car("one", 1, "lmp1", 2),))
    four_behind = season(*[(car("one", 1, "lmp1", 2),)] * 3)

    assert {line.competitor: line.points for line in table_of(together, two_behind)} == {"one": 6, "both": 4}
    assert title_of(together, two_behind, last).champion is None
    assert title_of(together, four_behind, last).champion == "one"
