"""Prototype Cup Germany: the points of 2023 and 2024 follow from standings that were printed; guests are invisible.

2023: T Tunjo/Apothéloz, H Hauser/Pommer, C Catalano/Rogalski. 2024: K Kratz/Soufi, P Pommer/Catalano. What places were worth
was nowhere printed; every total below needs the values that the pack has.
"""

from results.points.facts import Line, Scoring
from results.points.rank import table_of
from tests.results.points.test_packs import pack


def points(season, *races, key="driver"):
    """Totals after races, each as the places of crews: `T1 H2`; `G4` is a guest."""
    scorings = []
    for number, said in enumerate(races, start=1):
        lines = [
            Line(one, (one[0],), int(one[1:]), team=one[0], is_guest=one[0] == "G")
            for one in sorted(said.split(), key=lambda one: int(one[1:]))
        ]
        scorings.append(Scoring(number, number, "race", tuple(lines)))
    championship = pack("prototype-cup-germany").championship(key, season)
    return {line.competitor: line.points for line in table_of(championship, scorings)}


HOCKENHEIM = ("T1 H2 C6", "H1 C2 T3")
OSCHERSLEBEN = ("T1 H2 C3", "C1 T2 H3")
ZANDVOORT = ("H5", "H4 T4")
NORISRING = ("H1 T3", "H3")
ASSEN = ("H1 T2", "H2")


def test_after_four_races_of_2023_five_and_ten_points_were_between_the_first_three():
    """speedweek.com, 209853: Hauser/Pommer five behind, Rogalski/Catalano ten more."""
    found = points(2023, *HOCKENHEIM, *OSCHERSLEBEN)

    assert (found["T"] - found["H"], found["H"] - found["C"]) == (5, 10)


def test_after_ten_races_of_2023_the_second_had_135_and_the_best_team_191():
    """motorsport-xl.de, 30.08. and 12.10.2023: a lead of 31 before Assen, then 135 and, for the champions' team, 191.

    Of Zandvoort the champions have 24 points without having been on the podium: fourth and fifth.
    """
    season = [*HOCKENHEIM, *OSCHERSLEBEN, "H5", "H4 T40", *NORISRING[:1], "H3 T4", *ASSEN]

    before = points(2023, *season[:8])
    found, teams = points(2023, *season), points(2023, *season, key="team")

    assert before["H"] - before["T"] == 31
    assert (found["T"], teams["H"]) == (135, 191)


def test_after_three_races_of_2024_it_was_70_to_61():
    """speedweek.com, 222951."""
    found = points(2024, "P1 K2", "K1 P3", "K1 P2")

    assert (found["K"], found["P"]) == (70, 61)


def test_at_the_finale_of_2024_eight_points_behind_became_four_and_nine_ahead():
    """de.motorsport.com, 06.09., 08.09. and 12.09.2024. Fourth on Saturday was a guest, who was ahead on Sunday, too."""
    saturday = points(2024, "P1 G4 K5")
    both = points(2024, "P1 G4 K5", "P3 G5 K6")

    assert (saturday["P"] - saturday["K"] - 8, both["P"] - both["K"] - 8) == (4, 9)
