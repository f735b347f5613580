"""What must never be false of ledger and tables, each promise of the database tried."""

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from results.models import (
    Championship,
    ChampionshipDecision,
    Competitor,
    PointsAward,
    Standing,
)
from tests.factories import DriverFactory, EventFactory, SeasonFactory, TeamFactory
from tests.results.standings.constraint_cases import award, championship, computed, somebody, standing
from tests.results.standings.made import drivers, race, result, season

pytestmark = pytest.mark.django_db


def refused(constraint, act):
    with pytest.raises(IntegrityError, match=constraint), transaction.atomic():
        act()


def test_the_sum_of_the_ledger_is_the_table_after_every_round_with_drops_decisions_and_annulments():
    formula, (ada, bea, cleo) = season(), drivers("Ada", "Bea", "Cleo")
    races = [race(formula, day) for day in (1, 2, 3)]
    cup = championship(
        season=formula, rules={"scores": [{"table": ["10", "6", "3"]}], "drops": [{"best": 2}]}, is_by_hand=True
    )
    for session, order in zip(races, ([ada, bea, cleo], [bea, ada, cleo], [cleo, bea, ada]), strict=True):
        result(session, order)
    said = {"championship": cup, "reason": "x"}
    ChampionshipDecision.objects.create(**said, kind="points", driver=bea, points=-5, event=races[1].event)
    ChampionshipDecision.objects.create(**said, kind="annulled", driver=ada, event=races[0].event, since=races[2].event)

    lines = Standing.objects.filter(competitor__computation__championship=cup).select_related("competitor")
    sums = {
        (line.round, *line.competitor.things): sum(
            award.points
            for award in line.competitor.awards.filter(round__lte=line.round)
            if line.round not in award.dropped_after and (award.void_since is None or line.round < award.void_since)
        )
        for line in lines
    }

    assert sums == {(line.round, *line.competitor.things): line.points for line in lines}
    assert sums == {
        (1, ada.pk): 10, (1, bea.pk): 6, (1, cleo.pk): 3, (2, ada.pk): 16, (2, bea.pk): 11, (2, cleo.pk): 6,
        (3, ada.pk): 9, (3, bea.pk): 11, (3, cleo.pk): 13,
    }  # fmt: skip


@pytest.mark.parametrize(("points", "gross", "dropped"), [(1, 1, 0), (0, 3, 3)])
def test_a_line_that_is_not_the_sum_of_the_ledger_is_refused(points, gross, dropped):
    refused("standing_is_the_sum", standing(somebody(), points=points, gross=gross, dropped=dropped).save)


def test_an_award_behind_its_table_is_refused():
    refused("ledger_comes_first", award(Competitor.objects.filter(computation=computed()).first(), sequence=9).save)


@pytest.mark.parametrize("model", [PointsAward, Standing])
def test_a_row_of_the_ledger_never_changes(model):
    computed()

    refused("never changed", lambda: model.objects.update(round=2))


@pytest.mark.parametrize(
    ("rules", "sentence"),
    [
        ({}, "Keine Regel sagt, was ein Platz wert ist"),
        ({"scores": [{"table": ["10"]}], "luck": 1}, "„luck“ ist kein Wort"),
        ({"scores": [{"table": ["5", "10"]}]}, "ein späterer Platz mehr wert"),
        ({"scores": 7}, "eine Liste in eckigen Klammern"),
        ({"scores": [{"table": ["10"]}], "drops": [{"best": 2}, {"best": 3}]}, "überschneiden sich"),
        ({"scores": [{"table": ["10"]}], "drops": [{"best": 2, "first": 5, "last": 3}]}, "endet mit Lauf 3"),
        ({"scores": [{"table": ["10"], "rounds": [2]}], "without_rounds": [2, 3]}, "gilt also nie"),
        ({"scores": [{"table": ["10"], "rounds": [17]}], "rounds": 16}, "die Saison hat 16 Läufe"),
        ({"scores": [{"table": ["10"]}], "ties": ["latest", "latest"]}, "„latest“ steht zweimal"),
        (
            {
                "scores": [{"table": ["10"]}],
                "shortened": [{"below": "3/4", "factor": "1/2"}, {"below": "0.75", "factor": 0}],
            },
            "zwei Faktoren",
        ),
        (
            {
                "scores": [{"table": ["10"]}],
                "pairings": [
                    {"ratings": ["gold", "silver"], "factor": 2},
                    {"ratings": ["silver", "gold"], "factor": 3},
                ],
            },
            "zwei Faktoren",
        ),
    ],
)
def test_rules_that_cannot_be_are_refused_with_words(rules, sentence):
    with pytest.raises(ValidationError, match=sentence):
        Championship(season=SeasonFactory(), key="neu", name="Neu", subject="driver", rules=rules).full_clean()


def test_a_decision_is_for_somebody_of_the_championships_kind_and_of_its_season():
    cup = championship()
    said = {"championship": cup, "kind": "points", "points": 1, "reason": "x"}

    with pytest.raises(ValidationError, match="Fahrer"):
        ChampionshipDecision(**said, team=TeamFactory()).full_clean()
    with pytest.raises(ValidationError, match="anderen Saison"):
        ChampionshipDecision(**said, driver=DriverFactory(), event=EventFactory()).full_clean()
