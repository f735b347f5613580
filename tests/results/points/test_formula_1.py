"""Formula 1 from 1950 to now, reproduced from results and rules alone."""

from collections import Counter
from functools import cache

import pytest

from results.points.decide import decided_after
from results.points.packs import load_pack, packs
from results.points.rank import tables_of
from tests.results.points import seasons
from tests.results.points.formula_1_oddities import ODDITIES, POINTS_OF_ONE_TABLE

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
# Tables printed by F1DB, and their rows.
TABLES, ROWS = 1_895, 27_120


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


def test_every_table_after_every_round_is_reproduced():
    rows = 0
    differing = Counter()
    wrong_points = set()
    for (year, name, number), printed in seasons.tables().items():
        mine = {
            one.competitor: (str(one.position) if one.position else one.printed, one.points)
            for one in tables(year, name)[number]
        }
        for competitor in printed.keys() | mine.keys():
            rows += 1
            if mine.get(competitor) != printed.get(competitor):
                differing[year, name, number] += 1
            if (mine.get(competitor) or (0, 0))[1] != (printed.get(competitor) or (0, 0))[1]:
                wrong_points.add((year, name, number))
    assert (len(seasons.tables()), rows) == (TABLES, ROWS)
    assert differing == ODDITIES
    assert wrong_points == set(POINTS_OF_ONE_TABLE)


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
