"""Formula 1 from 1950 to now, reproduced from results and rules alone."""

from functools import cache

import pytest

from results.points.decide import decided_after
from results.points.packs import load_pack, packs
from results.points.rank import tables_of
from tests.results.points import seasons

pytestmark = pytest.mark.skipif(not seasons.FOLDER.is_dir(), reason="the files of F1DB are not on this machine")

# Titles that F1DB lays to another round, and why.
OTHERWISE = {
    (1953, "driver"): "with four results that count nobody could reach Ascari after round 7; F1DB says 8",
    (1960, "driver"): "McLaren could still win at Monza by the rules; his team stayed away, so F1DB says 8",
    (1961, "driver"): "von Trips could still win by the rules; he died in round 7",
    (1968, "constructor"): "Matra could still draw level, but not with as many second places; F1DB says 12",
    (1978, "driver"): "Peterson could still win by the rules; he died after round 14",
    (1978, "constructor"): "Brabham could still draw level, but not with as many wins; F1DB says 13",
}
# Rows of all after-round tables, those that are equal in position and points, and of the others those that only put
# drivers level on points in another order: F1DB orders some of them, leaves others level, and changes its mind between rounds.
ROWS, EQUAL, LEVEL = 27_120, 27_041, 62
# What else differs, each row with its reason.
SLIPS = {
    (1956, "driver", 6): ({"luigi-villoresi"}, "27 printed for 17, among four others who are 17th"),
    (1964, "driver", 9): ({"mike-spence", "trevor-taylor"}, "28 printed for 18, beside two others who are 18th"),
    (1974, "constructor", 13): ({"mclaren+ford"}, "61 points, two more than Ferrari, and printed as second"),
    (1977, "constructor", 12): ({"wolf+ford"}, "38 points alone, printed as fourth where no third is"),
    (1978, "constructor", 3): ({"tyrrell+ford"}, "12 points, where 5 stood before and the best car won 6"),
    (1982, "driver", 10): ({"eliseo-salazar", "marc-surer"}, "29 printed for 19"),
    (1982, "driver", 11): ({"marc-surer"}, "29 printed for 19"),
    (2007, "constructor", 6): (
        {"ferrari+ferrari", "bmw-sauber+bmw", "renault+renault", "williams+toyota", "toyota+toyota",
         "super-aguri+honda", "spyker+ferrari"},
        "McLaren, excluded later, still takes the first place from all behind in this one table",
    ),
    (2026, "driver", 1): ({"lance-stroll"}, "he started and has no line"),
}  # fmt: skip


@cache
def tables(year, name):
    return tables_of(pack().championship(name, year), seasons.scorings(year))


@cache
def pack():
    return next(one for one in packs() if one.series == "formula-1")


def test_every_shipped_pack_loads_for_every_season_it_is_good_for():
    assert {one.series for one in packs()} == {
        "adac-gt-masters", "dtm", "formula-1", "gtwc-europe-endurance", "gtwc-europe-sprint", "imsa", "nls",
        "porsche-supercup", "prototype-cup-germany", "wec",
    }  # fmt: skip


def test_every_table_after_every_round_is_reproduced_and_every_row_that_differs_has_its_reason():
    rows = equal = level = 0
    slips = {}
    for (year, name, number), printed in seasons.tables().items():
        mine = {
            one.competitor: (str(one.position) if one.position else one.printed, one.points)
            for one in tables(year, name)[number]
        }
        for competitor in printed.keys() | mine.keys():
            rows += 1
            ours, theirs = mine.get(competitor), printed.get(competitor)
            if ours == theirs:
                equal += 1
            elif is_among_level(ours, theirs, mine.values()):
                level += 1
            else:
                slips.setdefault((year, name, number), set()).add(competitor)
    assert slips == {table: competitors for table, (competitors, _why) in SLIPS.items()}
    assert (rows, equal, level) == (ROWS, EQUAL, LEVEL)


def is_among_level(ours, theirs, table):
    """Whether a printed place is one of those that the competitors have who are level on these points."""
    if ours is None or theirs is None or ours[1] != theirs[1]:
        return False
    places = [int(place) for place, points in table if points == ours[1] and place.isdigit()]
    return len(places) > 1 and int(theirs[0]) in range(min(places), min(places) + len(places))


def test_every_title_falls_in_the_round_that_decided_it():
    otherwise = set()
    for (year, name), number in seasons.deciders().items():
        found = decided_after(pack().championship(name, year), seasons.scorings(year))
        if found is None or found[1] != number:
            otherwise.add((year, name))
    assert otherwise == set(OTHERWISE)


def test_a_pack_with_an_unknown_word_is_refused(tmp_path):
    path = tmp_path / "neu.toml"
    path.write_text('series = "x"\nname = "X"\nsource = "y"\nbest = 3\n', encoding="utf-8")
    with pytest.raises(Exception, match="„best“ ist kein Wort"):
        load_pack(path)
