"""The titles of the WEC, worked out from results and held against tables that were printed.

Works cars alone count for a maker; customers and extra cars are invisible. Until 2013 and from 2022 to 2024 his best car
scored, from 2014 to 2017 and since 2025 two (autosport.com, 30.09.2013; gpkingdom.it, 60865; speedweek.com, 229621).
"""

import csv
from decimal import Decimal
from functools import cache
from pathlib import Path

import pytest

from results.points.facts import Line, Scoring
from results.points.rank import table_of
from tests.results.points.test_packs import pack

FOLDER = Path(__file__).parents[4] / "shared" / "data" / "wec_alkamel"
WORKS = frozenset({"Hersteller"})
CUSTOMERS = {"AF Corse", "Hertz Team JOTA", "Proton Competition"}


def points(key, year, scorings):
    table = table_of(pack("wec").championship(key, year), scorings)
    return {line.competitor: line.points for line in table}


def hypercar(number, order, *, kind="race", tags=()):
    """A session of works cars in this order of their makers; an empty name is a customer's car."""
    lines = tuple(
        Line(place, position=place, class_position=place, racing_class="Hypercar", manufacturer=maker or "Ferrari",
             cups=WORKS if maker else frozenset())
        for place, maker in enumerate(order, start=1)
    )  # fmt: skip
    return Scoring((number, kind), number, kind, lines, tags=frozenset(tags))


@cache
def flag(name, racing_class="HYPERCAR"):
    """The cars of a class in the order of the flag: (team, maker, number) by laps and time."""
    with (FOLDER / f"23_Analysis_{name}.csv").open(encoding="utf-8-sig", newline="") as file:
        rows = [{key.strip(): cell for key, cell in row.items() if key} for row in csv.DictReader(file, delimiter=";")]
    last = {row["NUMBER"]: row for row in rows if row["CLASS"] == racing_class}
    order = sorted(last.values(), key=lambda row: (-int(row["LAP_NUMBER"]), seconds(row["ELAPSED"])))
    return [(row["TEAM"], row["MANUFACTURER"], row["NUMBER"]) for row in order]


def seconds(elapsed):
    total = 0.0
    for part in elapsed.split(":"):
        total = total * 60 + float(part)
    return total


def race(number, name):
    return hypercar(number, ["" if team in CUSTOMERS else maker for team, maker, _number in flag(name)])


needs_files = pytest.mark.skipif(not FOLDER.is_dir(), reason="the files of Al Kamel are not on this machine")


@needs_files
def test_of_2025_two_works_cars_score_and_customers_are_invisible():
    """After Spa: Ferrari 136, Toyota 71, BMW 64 (onmotorsport.substack.com, Double Trouble)."""
    qatar = ["Ferrari", "", "Ferrari", "BMW", "Toyota", "Toyota", "BMW"]
    poles = [hypercar(number, ["Ferrari"], kind="qualifying") for number in (1, 2, 3)]
    season = [
        poles[0],
        hypercar(1, qatar, tags=("10h",)),
        poles[1],
        race(2, "2025_imola_6h"),
        poles[2],
        race(3, "2025_spa_6h"),
    ]

    found = points("makers-hypercar", 2025, season)

    assert (found["Ferrari"], found["Toyota"], found["BMW"]) == (136, 71, 64)


@needs_files
def test_of_2024_the_best_works_car_scores_and_the_others_keep_their_places():
    """Before Fuji 147, 136, 128, 37, 31, 22 (pledgetimes.com, 02.09.2024), at the end 190, 188, 137, 70, 64, 57."""
    before = {"Toyota": 147, "Porsche": 136, "Ferrari": 128, "Alpine": 37, "BMW": 31, "Peugeot": 22}
    bahrain = ["Toyota", "Porsche", "Peugeot", "Alpine", "BMW", "BMW", "Alpine", "Porsche", "Ferrari"]
    pole = hypercar(8, ["Toyota"], kind="qualifying")

    won = points("makers-hypercar", 2024, [race(7, "2024_fuji_6h"), pole, hypercar(8, bahrain, tags=("8h",))])

    assert {maker: had + won[maker] for maker, had in before.items()} == {
        "Toyota": 190, "Porsche": 188, "Ferrari": 137, "Alpine": 70, "BMW": 64, "Peugeot": 57,
    }  # fmt: skip


@needs_files
def test_teams_of_lmgt3_score_by_car_as_its_crew_does():
    """Spa 2025: the Ferrari 21 has 25 points for the win, as team and as crew (gpkingdom.it, 60865); its sister car has 15."""
    cars = flag("2025_spa_6h", "LMGT3")
    lines = tuple(
        Line(number, (f"crew {number}",), place, place, "LMGT3", entrant=("entrant", team), number=number)
        for place, (team, _maker, number) in enumerate(cars, start=1)
    )
    spa = [Scoring(3, 3, "race", lines)]

    teams = points("teams-lmgt3", 2025, spa)

    assert teams["entrant", "Vista AF Corse #21"] == points("driver", 2025, spa)["crew 21"] == 25
    assert teams["entrant", "Vista AF Corse #54"] == 15


def test_of_2014_two_cars_of_each_maker_score_and_an_extra_car_or_a_private_one_is_invisible():
    """After six races: Toyota 226, Audi 197, Porsche 133 (journalauto.com, 11/2014)."""
    audi, porsche, toyota, other = "Audi", "Porsche", "Toyota", ""
    season = [
        lmp1(1, [toyota, toyota, porsche], pole=toyota),
        lmp1(2, [toyota, audi, toyota, porsche, audi, other, other, porsche], pole=porsche),
        lmp1(3, [audi, audi, toyota, other, porsche], pole=toyota, tags=("lemans",)),
        lmp1(4, [audi, audi, toyota, porsche, porsche, toyota], pole=toyota),
        lmp1(5, [toyota, toyota, porsche, porsche, audi, audi], pole=toyota),
        lmp1(6, [toyota, toyota, porsche, audi, audi, porsche], pole=porsche),
    ]

    found = points("makers-lmp1", 2014, [one for two in season for one in two])

    assert found == {"Toyota": 226, "Audi": 197, "Porsche": 133}


def lmp1(number, order, *, pole, tags=()):
    lines = tuple(
        Line(place, position=place, racing_class="LMP1", manufacturer=maker or "Rebellion",
             cups=WORKS if maker else frozenset())
        for place, maker in enumerate(order, start=1)
    )  # fmt: skip
    first = Line("pole", position=1, racing_class="LMP1", manufacturer=pole, cups=WORKS)
    yield Scoring((number, "qualifying"), number, "qualifying", (first,))
    yield Scoring((number, "race"), number, "race", lines, tags=frozenset(tags))


def test_to_2020_prototypes_of_both_classes_count_together_for_the_world_title():
    """Porsche of Webber, third at Silverstone and twelfth at Spa in 2014: 15.5 (sidepodcast.com, 06/2014)."""
    porsche = Line("20", ("webber",), 3, 3, "LMP1")
    rest = [Line(place, (place,), place, 1, "LMP1" if place < 5 else "LMP2") for place in range(1, 12)]
    gt = Line("gt", ("gt",), 12, 1, "LMGTE Pro")
    silverstone = Scoring(1, 1, "race", (*rest[:2], porsche))
    spa = Scoring(2, 2, "race", (*rest, gt, Line("20", ("webber",), 13, 7, "LMP1")))

    found = points("world", 2014, [silverstone, spa])

    assert (found["webber"], "gt" in found) == (Decimal("15.5"), False)


def test_classes_that_count_together_keep_a_pole_each():
    lines = [Line(place, (place,), place, 1, name) for place, name in enumerate(("LMP1", "LMP2", "LMP2"), start=1)]

    assert points("world", 2014, [Scoring(1, 1, "qualifying", tuple(lines))]) == {1: 1, 2: 1}


def test_before_2021_no_class_has_a_table_of_drivers_that_was_no_title():
    wec = pack("wec")

    assert [wec.keys_of(year) for year in (2012, 2016, 2019, 2021, 2025)] == [
        ["world"],
        ["world", "gt", "lmp2", "gte-am", "makers-lmp1", "teams-lmp2", "teams-gte-pro", "teams-gte-am"],
        ["world", "gt", "lmp2", "gte-am", "teams-lmp2", "teams-gte-am"],
        ["driver", "teams-lmp2", "teams-gte-am"],
        ["driver", "makers-hypercar", "teams-lmgt3", "teams-hypercar"],
    ]
