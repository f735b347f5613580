"""The commands `standings` and `title`, on races of our own and on Formula 1 of the fifties, sixties and two later seasons."""

import json
from decimal import Decimal
from io import StringIO

import pytest
from django.core.management import CommandError, ManagementUtility, call_command

from results.models import ScoringEvent
from results.points.decide import decided_after
from results.points.packs import packs
from results.points.rank import tables_of
from tests.factories import DriverKeyFactory, EntryFactory, RacingClassFactory
from tests.results.points import seasons
from tests.results.standings.made import drivers, hold, race, result, season
from tests.shared import needs_shared

pytestmark = pytest.mark.django_db


def asked(command, *words, **options):
    out = StringIO()
    call_command(command, *words, json=True, stdout=out, **options)
    return json.loads(out.getvalue())


def two_races():
    """Ada won twice before Bea and ten others, one race is to come."""
    formula, (ada, bea, *others) = season(), drivers("Ada", "Bea", *"cdefghijkl")
    DriverKeyFactory(driver=ada, key="ada")
    result(race(formula, 1), [ada, bea, *others])
    held = result(race(formula, 2), [ada, bea, *reversed(others)])
    race(formula, 3)
    return formula, held, bea


def test_standings_are_printed_with_keys_and_exact_points():
    _formula, _held, bea = two_races()

    assert asked("standings", "formel-1", "2015", championship="driver", after=1)[:2] == [
        {"championship": "driver", "position": 1, "tied": False, "competitor": "Ada", "key": "ada", "points": "25",
         "gross": "25", "dropped": "0"},
        {"championship": "driver", "position": 2, "tied": False, "competitor": "Bea", "key": bea.slug, "points": "18",
         "gross": "18", "dropped": "0"},
    ]  # fmt: skip


def test_the_desk_sees_what_is_under_embargo():
    _formula, held, _bea = two_races()
    hold(held)

    assert [line["points"] for line in asked("standings", "formel-1", "2015", championship="driver")][:2] == [
        "50",
        "36",
    ]


def test_a_title_that_is_open_says_what_is_enough():
    _formula, _held, bea = two_races()

    driver, _constructor = asked("title", "formel-1", "2015")

    assert {name: value for name, value in driver.items() if name != "contenders"} == {
        "championship": "driver", "decided": False, "champion": None, "decided_after_round": None,
    }  # fmt: skip
    assert [(one["key"], one["alone"]) for one in driver["contenders"]] == [("ada", 4), (bea.slug, None)]
    of_ada = (
        "Gegen Bea: siegt der Gegner, reicht Platz vier; wird der Gegner Zweiter, reicht Platz acht; wird der Gegner "
        "Dritter, reicht Platz zehn; ab Platz vier des Gegners ist jedes Ergebnis genug."
    )
    of_bea = (
        "Gegen Ada: bei Platz eins bis vier des Gegners reicht kein eigener Platz; bei Platz fünf bis acht des Gegners "
        "hilft nur der Sieg; bei Platz neun bis zehn des Gegners reicht Platz zwei; bleibt der Gegner ohne Punkte, "
        "reicht Platz drei."
    )
    assert [one["against"] for one in driver["contenders"]] == [[of_ada], [of_bea]]


def test_before_the_last_race_the_points_between_two_are_said():
    _formula, _held, _bea = two_races()

    driver, _constructor = asked("title", "formel-1", "2015", after=1)

    ada, bea, *_others = [one["against"] for one in driver["contenders"]]
    assert ada[:2] == [
        "Gegen Bea: 7 Punkte Vorsprung; der Gegner kann noch höchstens 50 holen.",
        "Gegen c: 10 Punkte Vorsprung; der Gegner kann noch höchstens 50 holen.",
    ]
    assert bea[0] == "Gegen Ada: 7 Punkte Rückstand; zu holen sind noch höchstens 50 Punkte."


def test_without_results_nobody_is_champion_and_nothing_is_printed():
    formula = season()
    race(formula, 1)

    assert asked("standings", "formel-1", "2015") == []
    assert [(one["decided"], one["contenders"]) for one in asked("title", "formel-1", "2015")] == [(False, [])] * 2


# Words and options of a call, and the sentence that refuses it.
WRONG_CALLS = [
    (["dtm", "2015"], {}, "Eine Serie „dtm“ gibt es nicht."),
    (["formel-1", "2014"], {}, "Formel 1 hat keine Saison „2014“."),
    (
        ["formel-1", "2015"],
        {"championship": "team"},
        "Formel 1 2015 hat keine Wertung „team“, nur: driver, constructor.",
    ),
    (["formel-1", "2015"], {"after": 4}, "Formel 1 2015 hat die Runden 1 bis 3, keine Runde 4."),
    (["formel-1", "2015"], {"after": 0}, "Formel 1 2015 hat die Runden 1 bis 3, keine Runde 0."),
    (["formel-1", "2015"], {"after": -1}, "Formel 1 2015 hat die Runden 1 bis 3, keine Runde -1."),
    (["formel-1", "2015"], {"after": 10**30}, f"Formel 1 2015 hat die Runden 1 bis 3, keine Runde {10**30}."),
    (["formel-1", "2015"], {"after": "drei"}, "„drei“ ist keine Runde: Gebraucht wird eine Zahl wie 3."),
    (["formel-1", "2015"], {"after": "1,5"}, "„1,5“ ist keine Runde: Gebraucht wird eine Zahl wie 3."),
    (["", "2015"], {}, "Eine Serie „“ gibt es nicht."),
    (["formel-1", ""], {}, "Formel 1 hat keine Saison „“."),
    (["formel-1", "2015' OR 1=1 --"], {}, "Formel 1 hat keine Saison „2015' OR 1=1 --“."),
    (
        ["formel-1", "2015"],
        {"championship": "Driver"},
        "Formel 1 2015 hat keine Wertung „Driver“, nur: driver, constructor.",
    ),
]


@pytest.mark.parametrize("command", ["standings", "title"])
def test_a_wrong_call_is_refused_in_german(command):
    two_races()

    assert [refusal_of(command, *words, **options) for words, options, _sentence in WRONG_CALLS] == [
        sentence for _words, _options, sentence in WRONG_CALLS
    ]


def refusal_of(command, *words, **options):
    with pytest.raises(CommandError) as refusal:
        asked(command, *words, **options)
    return str(refusal.value)


def test_a_refusal_leaves_standard_output_empty_and_ends_with_one(capsys):
    two_races()

    with pytest.raises(SystemExit) as end:
        ManagementUtility(["manage.py", "standings", "formel-1", "2014", "--json", "--skip-checks"]).execute()

    assert (end.value.code, *capsys.readouterr()) == (1, "", "CommandError: Formel 1 hat keine Saison „2014“.\n")


@pytest.mark.parametrize("name", ["formel-1", "Formel 1", "FORMEL 1", "formula-1", "F1"])
def test_a_series_is_known_by_every_name_of_its(name):
    two_races()

    assert len(asked("standings", name, "2015", championship="driver", after="2")) == 12


def test_a_round_still_to_come_shows_the_table_as_it_stands():
    two_races()

    assert asked("standings", "formel-1", "2015", after=3) == asked("standings", "formel-1", "2015")
    assert asked("title", "formel-1", "2015", after=3) == asked("title", "formel-1", "2015")


def test_a_series_without_rules_has_no_table():
    season(name="Seifenkisten", slug="seifenkisten")

    with pytest.raises(CommandError, match="Für Seifenkisten 2015 gibt es keine Punkteregeln"):
        asked("standings", "seifenkisten", "2015")


@pytest.mark.parametrize("command", ["standings", "title"])
def test_a_season_whose_rules_nobody_has_proven_is_refused_with_words(command):
    result(race(season("2022", name="Prototype Cup Germany", slug="prototype-cup"), 1), drivers("Ada", "Bea"))

    with pytest.raises(CommandError) as refusal:
        asked(command, "prototype-cup", "2022")

    assert str(refusal.value) == (
        "Die Punkteregeln von Prototype Cup Germany 2022 sind nicht belegt: Es wird nichts gerechnet, bis die Redaktion sie "
        "einträgt."
    )


def test_a_long_race_is_scored_at_its_marks_too():
    """The Michelin Endurance Cup of 2024 from a calendar: Daytona after six, twelve, eighteen hours and at the end."""
    imsa = season("2024", name="IMSA", slug="imsa")
    session = race(imsa, 1)
    session.event.name = "Rolex 24 At Daytona"
    session.event.save()
    ada, bea = drivers("Ada", "Bea")
    gtp = RacingClassFactory(name="GTP", slug="gtp")
    for one in (ada, bea):
        EntryFactory(event=session.event, crew=[one], racing_class=gtp)

    result(session, [bea, ada], checkpoint="6h")
    result(session, [ada, bea])

    lines = asked("standings", "imsa", "2024", championship="endurance-gtp")
    assert sorted((one["competitor"], one["points"], one["tied"]) for one in lines) == [
        ("Ada", "9", True), ("Bea", "9", True),
    ]  # fmt: skip
    counted = ScoringEvent.objects.filter(championship__key="endurance-gtp").order_by("checkpoint")
    assert list(counted.values_list("checkpoint", flat=True)) == ["", "12h", "18h", "6h"]
    assert asked("title", "imsa", "2024", championship="endurance-gtp")[0]["decided"] is False


@needs_shared
@pytest.mark.slow
@pytest.mark.parametrize("years", [range(1954, 1962), range(1997, 1999), range(2021, 2022)])
def test_tables_and_titles_from_the_database_are_those_of_the_bare_results(years):
    """Shared drives, Indianapolis, dropped scores, a struck driver, half points and sprints; `bench.championships` has all."""
    span = f"{years[0]}-{years[-1]}"
    call_command("import_f1db", str(seasons.FOLDER), seasons=span, stdout=StringIO(), stderr=StringIO())
    pack = next(one for one in packs() if one.series == "formula-1")

    for year in years:
        scorings = seasons.scorings(year)
        last = max(one.round for one in scorings)
        for title in asked("title", "formel-1", str(year)):
            key = title["championship"]
            rules = pack.championship(key, year)
            assert (title["champion"], title["decided_after_round"]) == decided_after(rules, scorings)
            tables = tables_of(rules, scorings)
            for number in (1, last // 2, last):
                lines = asked("standings", "formel-1", str(year), championship=key, after=number)
                assert [
                    (one["key"], one["position"], Decimal(one["points"]), Decimal(one["gross"])) for one in lines
                ] == [(one.competitor, one.position or one.printed, one.points, one.gross) for one in tables[number]]
