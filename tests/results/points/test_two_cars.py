"""Titles of drivers who drive two cars in one race, also in two classes: beside every ending there is."""

from collections import Counter
from decimal import Decimal
from itertools import product

from hypothesis import given, settings
from hypothesis import strategies as st

from results.points.combinations import combinations_of
from results.points.decide import race_of, title_of
from results.points.facts import Line, Scoring
from results.points.game import Game
from results.points.prospects import Coming
from results.points.rank import table_of
from results.points.rules import Championship, Drop, ScoreRule, Selection, Table

DRIVERS = ("ada", "bea", "cleo")
PLACES = 3
NEXT = 9


def rules(table, scope, drops=(), cars=None):
    rule = ScoreRule(Selection(), Table(tuple(map(Decimal, table))))
    return Championship(key="driver", subject="driver", scores=(rule,), scope=scope, drops=drops, cars=cars)


def race(number, finishes, mates=()):
    """A race of (driver, class, place) each in a car of its own, place None for not at all; `mates` sat in the first car."""
    lines = tuple(
        Line(
            car=(number, at), drivers=(driver, *(mates if at == 0 else ())), position=place, class_position=place,
            racing_class=name, status="classified" if place else "dnf",
        )
        for at, (driver, name, place) in enumerate(finishes)
    )  # fmt: skip
    return Scoring(number, number, "race", lines)


def fits(finishes, scope):
    """Whether no two cars have one place; in classes each has its own."""
    taken = [(name if scope == "class" else "", place) for _driver, name, place in finishes if place]
    return len(set(taken)) == len(taken)


def brought(scorings):
    """How many cars each may bring and in which classes, by what the season has shown."""
    most, classes = Counter(), {}
    for scoring in scorings:
        seen = Counter(line.drivers[0] for line in scoring.lines)
        most |= seen
        for line in scoring.lines:
            own = classes.setdefault(line.drivers[0], [])
            classes[line.drivers[0]] = [*(one for one in own if one != line.racing_class), line.racing_class]
    counts = Counter(most.values())
    usual = max(counts, key=lambda count: (counts[count], count))
    found = {one: max(count, usual) for one, count in most.items()}
    return found, {one: own if found[one] > 1 else own[-1:] for one, own in classes.items()}


def endings(championship, scorings):
    found, classes = brought(scorings)
    entries = [one for one in DRIVERS if one in found for _car in range(found[one])]
    ways = [[(name, place) for name in classes[one] for place in (None, *range(1, PLACES + 1))] for one in entries]
    for chosen in product(*ways):
        finishes = [(one, name, place) for one, (name, place) in zip(entries, chosen, strict=True)]
        if fits(finishes, championship.scope):
            yield finishes


@st.composite
def seasons(draw):
    scope = draw(st.sampled_from(["overall", "class"]))
    names = ("x", "y") if scope == "class" else ("x",)
    run = draw(st.integers(1, 3))
    table = sorted(draw(st.lists(st.integers(1, 9), min_size=2, max_size=PLACES)), reverse=True)
    drops = draw(st.sampled_from([(), (Drop(run),)]))
    scorings = []
    for number in range(1, run + 1):
        entered = ["ada", *(["ada"] if draw(st.booleans()) else []), "bea", *(["cleo"] if draw(st.booleans()) else [])]
        finishes = []
        for driver in entered:
            name = draw(st.sampled_from(names)) if driver == "ada" else {"bea": names[0], "cleo": names[-1]}[driver]
            free = [place for place in (None, *range(1, PLACES + 1)) if fits([*finishes, (driver, name, place)], scope)]
            finishes.append((driver, name, draw(st.sampled_from(free))))
        scorings.append(race(number, finishes))
    return rules(table, scope, drops, draw(st.sampled_from([None, 1]))), scorings


def leaders(championship, scorings, finishes, mates=()):
    table = table_of(championship, [*scorings, race(NEXT, finishes, mates)])
    return {one.competitor for one in table if one.position == 1}


@settings(max_examples=40, deadline=None)
@given(seasons())
def test_champion_contenders_and_what_is_enough_are_those_of_every_ending(season):
    championship, scorings = season
    title = title_of(championship, scorings, [Coming(NEXT, NEXT, cars=PLACES)])
    ends = [(finishes, leaders(championship, scorings, finishes)) for finishes in endings(championship, scorings)]
    first = set().union(*(who for _finishes, who in ends))
    always = set.intersection(*(who if len(who) == 1 else set() for _finishes, who in ends))

    # A newcomer may come beside the three, so the arithmetic may say less than they do, never more.
    assert title.champion is None or {title.champion} == always
    if title.champion is None and not always and title.contenders:
        assert {one.competitor for one in title.contenders} == first
    for one in title.contenders:
        for place in range(1, (one.alone or 0) + 1):
            with_it = [who for finishes, who in ends if (one.competitor, place) in {(f[0], f[2]) for f in finishes}]
            assert all(who == {one.competitor} for who in with_it), (one, place)


def joined(championship, scorings, finishes):
    """The same ending with somebody new in the best places that are left, in a class of his own where there are classes."""
    found, _classes = brought(scorings)
    name = "" if championship.scope == "class" else "x"
    taken = {place for _driver, own, place in finishes if championship.scope == "overall" or own == name}
    free = [place for place in range(1, 2 * PLACES + 3) if place not in taken]
    return [*finishes, *(("new", name, place) for place in free[: max(found.values())])]


@settings(max_examples=40, deadline=None)
@given(seasons())
def test_the_next_place_is_not_enough(season):
    championship, scorings = season
    title = title_of(championship, scorings, [Coming(NEXT, NEXT, cars=PLACES)])
    for one in title.contenders:
        place = (one.alone or 0) + 1
        with_it = [
            leaders(championship, scorings, finishes)
            for ending in endings(championship, scorings)
            if (one.competitor, place) in {(f[0], f[2]) for f in ending}
            for finishes in (ending, joined(championship, scorings, ending))
        ]
        alone = bool(with_it) and all(who == {one.competitor} for who in with_it)
        assert not alone or place > PLACES


@settings(max_examples=40, deadline=None)
@given(seasons())
def test_what_is_called_sure_is_sure_whoever_sits_in_the_first_car(season):
    """A partner in one of two cars may stay or go; what is said holds with both."""
    championship, scorings = season
    mated = [
        Scoring(one.key, one.round, one.kind, race(one.round, finishes_of(one), ("dora",)).lines) for one in scorings
    ]
    title = title_of(championship, mated, [Coming(NEXT, NEXT, cars=PLACES)])
    for finishes in endings(championship, scorings):
        for mates in ((), ("dora",)):
            who = leaders(championship, mated, finishes, mates)
            named = set(title.crews.get(title.champion, (title.champion,)))
            # Who shared every car is one contender, and taken to share the next one.
            assert title.champion is None or who <= named or (len(named) > 1 and not mates)


def finishes_of(scoring):
    return [(line.drivers[0], line.racing_class, line.class_position) for line in scoring.lines]


def test_who_drives_two_cars_can_win_with_one_and_be_second_with_the_other():
    championship = rules((25, 18, 15), "overall")
    double = race(1, [("ada", "x", 1), ("bea", "x", 2), ("bea", "x", 3), ("cleo", "x", None)])
    raced = [double, race(2, [("ada", "x", 1), ("bea", "x", None), ("cleo", "x", 2)])]
    coming = [Coming(NEXT, NEXT, cars=20)]

    # Ada has 50, Bea 33: one car can bring 25, two 43.
    title = title_of(championship, raced, coming)

    assert [one.competitor for one in title.contenders] == ["ada", "bea"]
    assert title.contenders[0].alone == 1  # 75 to 33 + 18 + 15; with place two it would be 68 to 73
    assert title.contenders[0].against == {}
    margin = title.contenders[0].margins["bea"]
    assert (margin.lead, margin.its) == (Decimal(17), Decimal(43))
    state = race_of(championship, raced, coming)
    game = Game(championship, state, state.outcome()[1])
    assert not game.is_open
    assert combinations_of(championship, state, game.cars) == {}


def test_of_two_cars_only_one_counts_where_the_rules_say_so():
    championship = rules((25, 18, 15), "overall", cars=1)
    double = race(1, [("ada", "x", 1), ("bea", "x", 2), ("bea", "x", 3), ("cleo", "x", None)])
    raced = [double, race(2, [("ada", "x", 1), ("bea", "x", None), ("cleo", "x", None)])]

    assert title_of(championship, raced, [Coming(NEXT, NEXT, cars=20)]).champion == "ada"  # 50 to 18 + 25


def test_who_drives_in_two_classes_can_win_both():
    championship = rules((10, 6), "class")
    raced = [race(1, [("ada", "x", 1), ("bea", "x", 2), ("bea", "y", 2)]), race(2, [("ada", "x", 1), ("bea", "y", 1)])]

    # Twenty to 22 and twice ten.
    assert [one.alone for one in title_of(championship, raced, [Coming(NEXT, NEXT, cars=20)]).contenders] == [
        None,
        None,
    ]
