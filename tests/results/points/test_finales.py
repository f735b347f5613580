"""Finales that newspapers worked out, beside what the packs and the arithmetic say of them."""

from decimal import Decimal

from results.points import title_words
from results.points.decide import title_of
from results.points.facts import Line, Scoring
from results.points.packs import packs
from results.points.prospects import Coming
from results.points.rules import Adjustment


def rules(series, season, key="driver", **points):
    """The rules of a pack; `points` bring somebody to his total, for what the rest of the season gave him."""
    pack = next(one for one in packs() if one.series == series)
    found = pack.championship(key, season)
    given = tuple(Adjustment(who, Decimal(value), 1, key=who) for who, value in points.items())
    return type(found)(**{name: getattr(found, name) for name in found.__slots__} | {"adjustments": given})


def race(number, **places):
    """A race in which these came in at those places; who shares a car is named with a blank between."""
    lines = [
        Line(
            car=who, drivers=tuple(who.split("_")), position=place or None, class_position=place or None,
            status="classified" if place else "dnf",
        )
        for who, place in sorted(places.items(), key=lambda one: one[1] or 99)
    ]  # fmt: skip
    return Scoring(number, number, "race", tuple(lines))


def needs(title):
    """By contender what is enough alone, and against whom what."""
    return {
        one.competitor: (one.alone, {rival: dict(places) for rival, places in one.against.items()})
        for one in title.contenders
    }


def test_dtm_2008_is_decided_by_places_where_both_are_level():
    """newscode.de, 25 October 2008: 65 to 63, two wins and four second places each."""
    run = [
        race(1, scheider=1, diresta=2), race(2, scheider=1, diresta=2), race(3, diresta=1, scheider=2),
        race(4, diresta=1, scheider=2), race(5, scheider=2, diresta=3), race(6, scheider=2, diresta=4),
        race(7, diresta=2, scheider=3), race(8, diresta=2, scheider=3), race(9, scheider=8, diresta=0),
        race(10, scheider=0, diresta=0),
    ]  # fmt: skip

    scheider = needs(title_of(rules("dtm", 2008), run, [Coming(11, 11, cars=19)]))["scheider"]

    # In front of di Resta he is champion; behind a di Resta on place four the sixth is enough, for he has more third places.
    assert scheider == (1, {"diresta": {1: None, 2: 1, 3: 4, 4: 6, 5: 7, 6: 8, 7: 0}})


def test_dtm_2020_the_fifth_place_is_enough_for_rast():
    """speedweek.com, 8 November 2020: 16 points ahead; six wins each, 4 to 3 second places, 2 to 3 third places."""
    places = [*[(1, 0)] * 6, *[(0, 1)] * 6, *[(2, 0)] * 4, *[(0, 2)] * 3, *[(3, 0)] * 2, *[(0, 3)] * 3]
    run = [race(number, rast=rast, mueller=mueller) for number, (rast, mueller) in enumerate(places, start=1)]
    whole = rules("dtm", 2020, rast=328 - 252, mueller=312 - 249)

    title = title_of(whole, run, [Coming(99, 99, cars=16)])

    rast = next(one for one in title.contenders if one.competitor == "rast")
    assert needs(title)["rast"] == (5, {"mueller": {1: 5, 2: 8, 3: 0}})
    assert title_words.alone(rast, str.capitalize) == "Platz fünf reicht Rast auf jeden Fall."


def test_dtm_2021_the_sixth_place_is_enough_for_lawson():
    """ran.de, 10 October 2021: 227 to 208 to 205 after the last qualifying; three, four and two wins."""
    places = [*[(1, 0, 0)] * 3, *[(0, 1, 0)] * 4, *[(0, 0, 1)] * 2]
    run = [race(number, lawson=a, vanderlinde=b, goetz=c) for number, (a, b, c) in enumerate(places, start=1)]
    whole = rules("dtm", 2021, lawson=227 - 75, vanderlinde=208 - 100, goetz=205 - 50)

    found = needs(title_of(whole, run, [Coming(99, 99, cars=23)]))

    assert found["lawson"][0] == 6
    assert (found["vanderlinde"][0], found["goetz"][0]) == (None, None)


def test_wec_2021_the_third_place_is_enough_for_the_seven():
    """The first seed: 16 points ahead after the pole, eight hours to go; the crew is one contender."""
    run = [race(1, conway_kobayashi_lopez=0, buemi_nakajima_hartley=0)]
    points = dict.fromkeys(("conway", "kobayashi", "lopez"), 120) | dict.fromkeys(("buemi", "nakajima", "hartley"), 104)

    title = title_of(rules("wec", 2021, **points), run, [Coming("bahrain", 6, tags=frozenset({"8h"}), cars=4)])

    assert title.crews == {"conway": ("conway", "kobayashi", "lopez"), "buemi": ("buemi", "nakajima", "hartley")}
    assert needs(title) == {
        "conway": (3, {"buemi": {1: 3, 2: 4, 3: 4, 4: 3}}),
        "buemi": (None, {"conway": {1: None, 2: None, 3: None, 4: 1}}),
    }


def test_blancpain_endurance_2013_four_crews_before_the_thousand_kilometres():
    """The second seed: 50, 48, 48 and 47 points; 33 for the win, so each has the title in his own hands."""
    run = [race(1, ramos_rigon_zampieri=0, stippler_mies=0, buhk=0, leinders_martin_buurman=0)]
    points = {
        who: value
        for crew, value in (("ramos_rigon_zampieri", 50), ("stippler_mies", 48), ("buhk", 48), ("leinders_martin_buurman", 47))
        for who in crew.split("_")
    }  # fmt: skip
    coming = [Coming("nürburgring", 5, tags=frozenset({"1000km"}), cars=20)]

    title = title_of(rules("gtwc-europe-endurance", 2013, **points), run, coming)

    assert [(one.competitor, one.alone) for one in title.contenders] == [
        ("ramos", 1), ("stippler", 1), ("buhk", 1), ("leinders", 1),
    ]  # fmt: skip
    # Against a Stippler who wins nothing helps, against a second one only the win, against a third one the second place.
    assert [needs(title)["ramos"][1]["stippler"][its] for its in (1, 2, 3)] == [None, 1, 2]


def test_the_ledger_of_points_that_nobody_lost_says_who_is_level():
    """GTE Pro in the first seed: the pole makes both crews level, so the better one at Bahrain is champion."""
    run = [race(1, estre_jani=0, calado_guidi=0)]
    points = {"estre": 100, "jani": 100, "calado": 100, "guidi": 100}

    title = title_of(rules("wec", 2021, **points), run, [Coming("bahrain", 6, tags=frozenset({"8h"}), cars=4)])

    assert {one.competitor: one.alone for one in title.contenders} == {"estre": 1, "calado": 1}


def test_nobody_of_another_class_and_no_guest_can_have_the_title():
    """With all to come anybody could, by points: yet who drives elsewhere scores elsewhere, and a guest nowhere."""
    lines = tuple(
        Line(car=who, drivers=(who,), position=place, class_position=in_class, racing_class=racing_class, is_guest=guest)
        for who, place, in_class, racing_class, guest in (
            ("conway", 1, 1, "hypercar", False), ("gast", 2, 2, "hypercar", True), ("hanson", 3, 1, "lmp2", False),
            ("buemi", 4, 3, "hypercar", False),
        )
    )  # fmt: skip
    found = rules("wec", 2021)
    hypercar = type(found)(**{name: getattr(found, name) for name in found.__slots__} | {"racing_class": "hypercar"})

    title = title_of(hypercar, [Scoring(1, 1, "race", lines)], [Coming(2, 2, tags=frozenset({"lemans"}), cars=5)])

    assert [one.competitor for one in title.contenders] == ["conway", "buemi"]
