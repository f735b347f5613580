"""What the shipped rule files say of seasons, beside what was printed of them."""

from decimal import Decimal

import pytest

from results.points.award import awards_in
from results.points.facts import Line, Scoring
from results.points.packs import PackRefused, packs


def pack(series):
    return next(one for one in packs() if one.series == series)


def won(series, season, key="driver", *, cars=31, kind="race", checkpoint="", tags=(), **how):
    """What places give in a session of so many cars, first to last; `how` goes to every line."""
    lines = tuple(
        Line(car=place, drivers=(place,), position=place, class_position=place, team=place, manufacturer=place, **how)
        for place in range(1, cars + 1)
    )
    found = pack(series).championship(key, season)
    given = {}
    for award in awards_in(found, Scoring("x", 1, kind, lines, checkpoint, tags=frozenset(tags))):
        given[award.competitor] = given.get(award.competitor, Decimal(0)) + award.points
    return [f"{given.get(place, 0).normalize():f}" for place in range(1, cars + 1) if given.get(place)]


TEN = "25 18 15 12 10 8 6 4 2 1"
FIFTEEN = "25 20 16 13 11 10 9 8 7 6 5 4 3 2 1"


@pytest.mark.parametrize(
    ("series", "season", "how", "points"),
    [
        ("dtm", 2002, {}, "10 6 4 3 2 1"),
        ("dtm", 2002, {"kind": "sprint"}, "3 2 1"),
        ("dtm", 2003, {}, "10 8 6 5 4 3 2 1"),
        ("dtm", 2003, {"kind": "sprint"}, ""),
        ("dtm", 2003, {"key": "manufacturer"}, "10 8 6 5 4 3 2 1"),
        ("dtm", 2011, {}, "10 8 6 5 4 3 2 1"),
        ("dtm", 2012, {"key": "team"}, TEN),
        ("dtm", 2015, {"kind": "qualifying"}, ""),
        ("dtm", 2017, {"kind": "qualifying"}, "3 2 1"),
        ("dtm", 2018, {}, TEN),
        ("dtm", 2025, {}, FIFTEEN),
        ("dtm", 2025, {"kind": "qualifying"}, "3 2 1"),
        ("porsche-supercup", 2022, {}, "25 20 17 14 12 10 9 8 7 6 5 4 3 2 1"),
        ("gtwc-europe-sprint", 2013, {"kind": "sprint"}, "8 6 4 3 2 1"),
        ("gtwc-europe-sprint", 2020, {}, "16.5 12 9.5 7.5 6 4.5 3 2 1 0.5"),
        ("gtwc-europe-sprint", 2020, {"kind": "qualifying"}, "1"),
        ("gtwc-europe-sprint", 2018, {}, "16.5 12 9.5 7.5 6 4.5 3 2 1 0.5"),
        ("gtwc-europe-sprint", 2024, {"key": "overall", "kind": "qualifying"}, "1"),
        # Of the super season: surlalignededepart.com, after fiawec.com/en/points/70.
        (
            "wec",
            2018,
            {"key": "world", "racing_class": "LMP1", "tags": ("lemans",), "cars": 11},
            "38 27 23 18 15 12 9 6 3 2 1",
        ),
        (
            "wec",
            2018,
            {"key": "world", "racing_class": "LMP1", "tags": ("sebring",), "cars": 11},
            "32 23 19 15 13 10 8 5 3 2 1",
        ),
        ("gtwc-europe-endurance", 2012, {"tags": ("spa",), "checkpoint": "6h"}, "12 9 7 6 5 4 3 2 1"),
        ("gtwc-europe-endurance", 2020, {"tags": ("6h",)}, "33 24 19 15 12 9 6 4 2 1"),
        ("gtwc-europe-endurance", 2022, {}, TEN),
        ("gtwc-europe-endurance", 2024, {"key": "overall", "tags": ("6h",)}, "33 24 19 15 12 9 6 4 2 1"),
        ("gtwc-europe-endurance", 2024, {"key": "overall", "kind": "qualifying"}, "1"),
        ("imsa", 2024, {"key": "endurance", "tags": ("daytona",), "checkpoint": "18h", "cars": 5}, "5 4 3 2 2"),
        ("imsa", 2024, {"key": "endurance", "tags": ("indianapolis",), "cars": 5}, "5 4 3 2 2"),
        ("imsa", 2023, {"key": "endurance", "tags": ("indianapolis",), "cars": 5}, ""),
        ("imsa", 2024, {"key": "endurance", "cars": 5}, ""),
        ("imsa", 2024, {"key": "endurance", "kind": "qualifying", "tags": ("daytona",), "cars": 5}, ""),
    ],
)
def test_what_a_place_is_worth(series, season, how, points):
    assert " ".join(won(series, season, **how)) == points


def test_of_a_makers_cars_the_best_counts_and_those_behind_move_up():
    """ja.wikipedia.org, 2022: a maker first and second has the points of the win, the third car those of the second place."""
    lines = tuple(
        Line(car=place, position=place, class_position=place, racing_class="GTP", manufacturer=maker)
        for place, maker in enumerate(("a", "a", "b"), start=1)
    )
    found = pack("imsa").championship("endurance-makers-gtp", 2024)

    awards = awards_in(found, Scoring("x", 1, "race", lines, tags=frozenset({"glen"})))

    assert {one.competitor: one.points for one in awards} == {"a": 5, "b": 4}


def test_a_sprint_weekend_of_2016_gave_34_points_at_most():
    """racecar.com, 83145: before Barcelona 34 were to be had, for main race, qualifying race and pole."""
    best = [won("gtwc-europe-sprint", 2016, "overall", kind=kind)[0] for kind in ("race", "sprint", "qualifying")]

    assert sum(map(Decimal, best)) == 34


@pytest.mark.parametrize(("season", "best"), [(2013, 8), (2016, 8), (2017, 7), (2018, 7), (2019, 7), (2020, None)])
def test_how_many_results_count_in_the_vln(season, best):
    drops = pack("nls").championship("driver", season).drops
    assert [one.best for one in drops] == ([] if best is None else [best])


def test_seven_wins_in_a_class_of_seventeen_are_the_points_of_the_champions_of_2019():
    """sportauto.de: Fübrich and Griessner had 67.90 of seven wins, with 17 cars in the class on average."""
    win = Decimal(won("nls", 2019, cars=17, racing_class="Cup5")[0])

    assert abs(win * 7 - Decimal("67.90")) < Decimal("0.1")


@pytest.mark.parametrize(
    ("series", "season"),
    [
        ("dtm", 2000), ("dtm", 2026), ("gtwc-europe-endurance", 2016), ("gtwc-europe-sprint", 2015), ("porsche-supercup", 2019),
        ("prototype-cup-germany", 2022), ("imsa", 2020), ("wec", 2011), ("adac-gt-masters", 2010),
    ],
)  # fmt: skip
def test_a_season_that_nobody_has_proven_has_no_rules(series, season):
    with pytest.raises(PackRefused):
        pack(series).championship("driver", season)


def test_every_file_names_its_source():
    assert [one.series for one in packs() if len(one.source) < 40] == []
