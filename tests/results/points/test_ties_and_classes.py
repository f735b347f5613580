"""Ties decided by the last race, annulments that overlap, and bonuses in a championship of one class."""

from decimal import Decimal

from results.points.award import awards_in
from results.points.facts import Line, Scoring
from results.points.packs import read_rules
from results.points.rank import table_of
from results.points.rule_words import in_words


def rules(**said):
    return read_rules({"scores": [{"table": [5, 5, 5]}]} | said, key="x", subject="driver", place="Hier")


def race(number, order, *, key=None, out=()):
    lines = [Line(one, (one,), place, place) for place, one in enumerate(order, start=1) if one]
    return Scoring(key or number, number, "race", (*lines, *(Line(one, (one,), status="dnf") for one in out)))


def order(table):
    return [line.competitor for line in table]


def test_the_last_race_decides_before_an_earlier_win_of_who_retired_in_it():
    season = [race(1, ["b", "x"], out=["a"]), race(2, ["x", "y", "a"], out=["b"])]

    table = table_of(rules(ties=["latest"]), season)

    assert [(line.competitor, line.points) for line in table if line.competitor in "ab"] == [("a", 5), ("b", 5)]


def test_of_two_races_at_one_event_the_second_decides():
    season = [race(1, ["b", "x"], key="one", out=["a"]), race(1, ["x", "y", "a"], key="two", out=["b"])]

    table = table_of(rules(ties=["latest"]), season)

    assert [one for one in order(table) if one in "ab"] == ["a", "b"]


def test_who_has_one_race_less_behind_equal_ones_is_behind():
    season = [race(1, ["x", "a", "y"], out=["b"]), race(2, ["x", "", ""], out=["a", "b"])]
    even = [*season, race(3, ["x", "y", "z"])]

    table = table_of(rules(scores=[{"table": [5]}], ties=["latest"], lists="starters"), even)

    assert [one for one in order(table) if one in "ab"] == ["a", "b"]


def test_of_two_annulments_the_one_that_reaches_further_counts():
    season = [race(number, ["a"]) for number in range(1, 6)]
    gone = [{"competitor": "a", "until": 1, "since": 2}, {"competitor": "a", "until": 3, "since": 4}]

    points = [sum(line.points for line in table_of(rules(exclusions=gone), season[:last])) for last in range(1, 6)]

    assert points == [5, 5, 10, 5, 10]
    turned = rules(exclusions=gone[::-1])
    assert [sum(line.points for line in table_of(turned, season[:last])) for last in range(1, 6)] == points


def gt(**said):
    return rules(**{"class": "gt", "scope": "class"} | said)


LAP = [{"cause": "fastest_lap", "points": 1}]


def mixed(*times, fastest=(), guest=""):
    """Two prototypes, then GT cars, with their best laps in ms."""
    names = ("p1", "p2", "g1", "g2", "g3")
    lines = [
        Line(
            name, (name,), place, place if place < 3 else place - 2, racing_class="lmp" if place < 3 else "gt",
            best_ms=best, is_guest=name == guest,
        )
        for place, (name, best) in enumerate(zip(names, times or (None,) * 5, strict=True), start=1)
    ]  # fmt: skip
    return Scoring(1, 1, "race", tuple(lines), fastest=fastest)


def bonuses(read, scoring):
    return {award.competitor: award.points for award in awards_in(read, scoring) if award.cause == "fastest_lap"}


def test_the_fastest_lap_of_a_class_is_that_of_its_own_cars():
    assert bonuses(gt(bonuses=LAP), mixed(90, 91, 101, 100, 102, fastest=(0,))) == {"g2": Decimal(1)}


def test_without_times_nobody_of_another_class_gets_it():
    assert bonuses(gt(bonuses=LAP), mixed(fastest=(0,))) == {}
    assert bonuses(gt(bonuses=LAP), mixed(fastest=(3,))) == {"g2": Decimal(1)}


def test_a_guests_fastest_lap_goes_to_the_next_where_guests_are_invisible():
    scoring = mixed(90, 91, 101, 100, 102, fastest=(0,), guest="g2")

    assert bonuses(gt(bonuses=LAP), scoring) == {"g1": Decimal(1)}
    assert bonuses(gt(bonuses=LAP, moves_up=False), scoring) == {}


def test_the_place_that_a_bonus_asks_for_is_that_after_guests_are_gone():
    scoring = mixed(90, 91, 101, 102, 100, fastest=(0,), guest="g1")

    assert bonuses(gt(bonuses=[{**LAP[0], "within": 2}]), scoring) == {"g3": Decimal(1)}
    assert bonuses(gt(bonuses=[{**LAP[0], "within": 1}]), scoring) == {}


def said_of(**said):
    subject = said.pop("subject", "driver")
    read = read_rules({"scores": [{"table": [5]}]} | said, key="x", subject=subject, place="Hier")
    return " ".join(sentence for part in in_words(read) for sentence in part.sentences)


def test_the_words_say_what_the_arithmetic_does():
    assert "25 Minuten" in said_of(least_minutes=25)
    assert "25 Minuten" not in said_of(least_minutes=25, subject="crew")
    assert "bleiben ganz" in said_of(shortened=[{"below": "3/4", "factor": "1/2"}])
    assert "bleiben ganz" not in said_of()
    assert "bessere beste Ergebnis" in said_of(ties=["earliest"])
    assert "Grundwert" not in said_of(scores=[{"table": [5], "by_starters": "shift", "full": 20}])


def test_who_is_in_two_cars_keeps_his_own_time_at_the_wheel_in_the_better_one():
    first = Line("1", ("a",), 1, 1, seconds=(3000,))
    second = Line("2", ("a", "b"), 2, 2, seconds=(60, 3000))

    ledger = awards_in(rules(cars=1, least_minutes=25), Scoring(1, 1, "race", (first, second)))

    assert [(one.competitor, one.points) for one in ledger] == [("a", 5), ("b", 5)]
