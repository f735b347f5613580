"""Cups and classes that count together: places among their own cars, and drivers whose rating does not count."""

from decimal import Decimal

import pytest

from results.points.award import awards_in
from results.points.facts import Line, Scoring
from results.points.packs import PackRefused, read_rules
from results.points.rule_words import in_words
from tests.results.points.test_packs import pack

JUNIOR = frozenset({"Junior"})


def rules(**said):
    return read_rules({"scores": [{"table": [25, 20, 16]}]} | said, key="x", subject="driver", place="Hier")


def given(championship, lines, kind="race"):
    return {one.competitor: one.points for one in awards_in(championship, Scoring("x", 1, kind, tuple(lines)))}


def test_a_cup_has_places_of_its_own():
    lines = [
        Line(place, (place,), place, cups=JUNIOR if place in {4, 9} else frozenset(), is_guest=place == 2)
        for place in range(1, 10)
    ]

    assert given(rules(cup="Junior"), lines) == {4: 25, 9: 20}


def test_who_shares_a_place_shares_it_in_the_cup_too():
    lines = [
        Line(car, (car,), place, cups=cup)
        for car, place, cup in (("a", 1, frozenset()), ("b", 2, JUNIOR), ("c", 2, JUNIOR), ("d", 4, JUNIOR))
    ]

    assert given(rules(cup="Junior"), lines) == {"b": 25, "c": 25, "d": 16}


def test_in_a_cup_with_places_in_class_only_cars_of_the_own_class_are_left_out():
    lines = [
        Line(car, (car,), class_position=place, racing_class=name, cups=cup)
        for car, name, place, cup in (("a", "gt", 1, frozenset()), ("b", "gt", 2, JUNIOR), ("c", "cup", 1, JUNIOR))
    ]

    assert given(rules(cup="Junior", scope="class"), lines) == {"b": 25, "c": 25}


def test_two_classes_count_together_by_their_order_over_all():
    lines = [Line(car, (car,), place, 1, car[:2]) for place, car in enumerate(("p1", "g1", "p2", "g2", "a1"), start=1)]

    assert given(rules(classes=["g1", "g2", "a1"]), lines) == {"g1": 25, "g2": 20, "a1": 16}


def test_juniors_of_the_gt_masters_have_37_and_a_half_for_a_win_of_two_silver_drivers():
    """Green and Krütten, 2022; beside a professional the junior alone scores, and once (motorsport.com, 17.10.2022)."""
    lines = [
        Line("pro", ("a", "b"), 1, ratings=("platinum", "gold")),
        Line("20", ("green", "krütten"), 2, cups=JUNIOR, ratings=("silver", "silver")),
        Line("28", ("schramm", "haase"), 3, cups=JUNIOR, ratings=("silver", "platinum")),
    ]

    found = given(pack("adac-gt-masters").championship("junior", 2022), lines)

    assert found == {"green": Decimal("37.5"), "krütten": Decimal("37.5"), "schramm": 20}


def test_in_the_trophy_of_the_gt_masters_only_bronze_scores_by_the_partners_rating():
    """From 2014: two of Bronze double, beside Silver 1.5, beside Gold once (gt-eins.at, 8938)."""
    trophy = frozenset({"Trophy"})
    lines = [
        Line(car, (f"{car}-am", f"{car}-pro"), place, cups=trophy, ratings=("bronze", rating))
        for place, (car, rating) in enumerate((("a", "gold"), ("b", "silver"), ("c", "bronze")), start=8)
    ]

    others = [Line(place, (place,), place) for place in range(1, 8)]

    found = given(pack("adac-gt-masters").championship("trophy", 2014), [*others, *lines])

    assert found == {"a-am": 25, "b-am": 27, "c-am": 30, "c-pro": 30}


def test_a_driver_whose_rating_nobody_knows_scores():
    lines = [Line("a", ("ada", "bea"), 1, ratings=("", "gold")), Line("b", ("cleo",), 2)]

    assert given(rules(graded=["bronze"]), lines) == {"ada": 25, "cleo": 20}


def test_a_rating_that_does_not_exist_is_refused():
    with pytest.raises(PackRefused, match="graded: „blech“ ist unbekannt"):
        rules(graded=["blech"])


def test_the_explanation_says_among_whom_places_count_and_who_scores():
    said = " ".join(
        sentence
        for part in in_words(rules(classes=["LMP1", "LMP2"], cup="Hersteller", graded=["bronze"]))
        for sentence in part.sentences
    )

    assert "Nur Autos dieser Klassen zählen: LMP1, LMP2." in said
    assert "Nur Autos, die für die Wertung Hersteller genannt sind, zählen." in said
    assert "Es gilt der Platz unter diesen Autos" in said
    assert "Nur Fahrer der Einstufung Bronze punkten" in said


def test_only_entrants_are_counted_by_car():
    with pytest.raises(PackRefused, match="by_car: Autos einzeln zählt nur eine Wertung der Bewerber"):
        rules(by_car=True)
