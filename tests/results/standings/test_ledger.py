"""What must never be false of ledger and tables, each promise of the database tried."""

from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from results.models import (
    CarKey,
    Championship,
    ChampionshipDecision,
    Competitor,
    Computation,
    PointsAward,
    ScoringEvent,
    Session,
    Standing,
)
from tests.factories import CarModelFactory, DriverFactory, EventFactory, SeasonFactory, SessionFactory, TeamFactory
from tests.results.standings.made import drivers, race, result, season

pytestmark = pytest.mark.django_db


def computed():
    """The ledger of one race: Ada 25, Bea 18."""
    formula, (ada, bea) = season(), drivers("Ada", "Bea")
    result(race(formula, 1), [ada, bea])
    return Computation.objects.get(championship__key="driver")


def refused(constraint, act):
    with pytest.raises(IntegrityError, match=constraint), transaction.atomic():
        act()


def standing(competitor, **values):
    event = competitor.computation.championship.season.events.get()
    return Standing(
        **{"competitor": competitor, "round": 9, "event": event, "display_order": 1, "position": 1, "points": 0, "gross": 0,
           "dropped": 0, "gap": 0} | values
    )  # fmt: skip


def award(competitor, **values):
    session = Session.objects.get(event__season=competitor.computation.championship.season)
    return PointsAward(
        **{"competitor": competitor, "sequence": 1, "round": 1, "session": session, "cause": "place", "place": 1,
           "base": 25, "points": 25} | values
    )  # fmt: skip


def test_the_sum_of_the_ledger_is_the_table():
    lines = Standing.objects.filter(competitor__computation=computed()).select_related("competitor")

    for line in lines:
        awards = line.competitor.awards.filter(round__lte=line.round)
        assert sum(one.points for one in awards if line.round not in one.dropped_after) == line.points


@pytest.mark.parametrize(("points", "gross", "dropped"), [(1, 1, 0), (0, 3, 3)])
def test_a_line_that_is_not_the_sum_of_the_ledger_is_refused(points, gross, dropped):
    somebody = Competitor.objects.create(computation=computed(), things=[0])

    refused("standing_is_the_sum", standing(somebody, points=points, gross=gross, dropped=dropped).save)


def test_an_award_behind_its_table_is_refused():
    refused("ledger_comes_first", award(Competitor.objects.filter(computation=computed()).first(), sequence=9).save)


@pytest.mark.parametrize("model", [PointsAward, Standing])
def test_a_row_of_the_ledger_never_changes(model):
    computed()

    refused("never changed", lambda: model.objects.update(round=2))


@pytest.mark.parametrize(
    ("constraint", "make"),
    [
        ("standing_adds_up", lambda one: standing(one, points=1)),
        ("standing_has_a_place_or_a_word", lambda one: standing(one, position=None)),
        ("standing_has_a_place_or_a_word", lambda one: standing(one, printed="EX")),
        ("award_cause_known", lambda one: award(one, cause="luck")),
        ("award_stands_on_a_session", lambda one: award(one, session=None)),
        ("award_place_of_a_finish", lambda one: award(one, place=None)),
        ("award_place_of_a_finish", lambda one: award(one, cause="pole")),
        ("competitor_once", lambda one: Competitor(computation=one.computation, things=one.things)),
        ("competitor_is_somebody", lambda one: Competitor(computation=one.computation, things=[])),
        ("computation_once", lambda one: Computation(championship=one.computation.championship, versions=one.computation.versions)),
    ],
)  # fmt: skip
def test_impossible_rows_are_refused(constraint, make):
    somebody = Competitor.objects.create(computation=computed(), things=[0])

    refused(constraint, make(somebody).save)


def test_a_line_and_an_award_have_their_place_once():
    somebody = Competitor.objects.create(computation=computed(), things=[0])
    award(somebody, points=0).save()
    refused("award_order_unique", award(somebody, points=0).save)
    standing(somebody).save()
    refused("standing_once_a_round", standing(somebody).save)


def championship(**values):
    return Championship.objects.create(
        **{"season": SeasonFactory(), "key": "cup", "name": "Cup", "subject": "driver",
           "rules": {"scores": [{"table": ["10"]}]}} | values
    )  # fmt: skip


def test_a_championship_and_what_it_counts_are_there_once():
    cup = championship()
    refused("championship_key_unique", lambda: championship(season=cup.season))
    refused("championship_subject_known", lambda: championship(season=cup.season, key="x", subject="horse"))
    session = SessionFactory(event__season=cup.season)
    assert ScoringEvent.objects.get(championship=cup).session == session
    again = {"championship": cup, "session": session, "is_by_hand": True}
    refused("scoring_once", lambda: ScoringEvent.objects.create(**again))
    refused(
        "scoring_factor_is_a_number",
        lambda: ScoringEvent.objects.create(**again, checkpoint="6h", factor_denominator=0),
    )
    refused(
        "scoring_share_is_a_part", lambda: ScoringEvent.objects.create(**again, checkpoint="6h", share=Decimal("1.1"))
    )


@pytest.mark.parametrize(
    ("constraint", "values"),
    [
        ("championshipdecision_has_a_reason", {"reason": ""}),
        ("championshipdecision_points_where_meant", {"points": None}),
        ("championshipdecision_points_where_meant", {"kind": "excluded", "printed": "EX"}),
        ("championshipdecision_printed_where_excluded", {"kind": "excluded", "points": None}),
        ("championshipdecision_event_where_needed", {"kind": "without", "points": None}),
        ("championshipdecision_names_one", {"driver": None}),
        ("championshipdecision_names_one", {"team": TeamFactory}),
    ],
)
def test_a_decision_that_makes_no_sense_is_refused(constraint, values):
    values = {name: value() if callable(value) else value for name, value in values.items()}
    said = {"championship": championship(), "kind": "points", "points": 1, "driver": DriverFactory(), "reason": "x"}

    refused(constraint, lambda: ChampionshipDecision.objects.create(**said | values))


def test_a_key_of_a_car_is_given_once():
    CarKey.objects.create(car_model=CarModelFactory(), source="f1db", key="cooper+climax")

    refused(
        "carkey_unique", lambda: CarKey.objects.create(car_model=CarModelFactory(), source="f1db", key="cooper+climax")
    )
    refused("carkey_given", lambda: CarKey.objects.create(car_model=CarModelFactory(), source="f1db", key=""))


@pytest.mark.parametrize(
    ("rules", "sentence"),
    [
        ({}, "Keine Regel sagt, was ein Platz wert ist"),
        ({"scores": [{"table": ["10"]}], "luck": 1}, "„luck“ ist kein Wort"),
        ({"scores": [{"table": ["5", "10"]}]}, "ein späterer Platz mehr wert"),
        ({"scores": 7}, "falsche Form"),
        ({"scores": [{"table": ["10"]}], "drops": [{"best": 2}, {"best": 3}]}, "überschneiden sich"),
    ],
)
def test_rules_that_cannot_be_are_refused_with_words(rules, sentence):
    with pytest.raises(ValidationError, match=sentence):
        championship(rules={"scores": [{"table": ["1"]}]}).__class__(
            season=SeasonFactory(), key="neu", name="Neu", subject="driver", rules=rules
        ).full_clean()


def test_a_decision_is_for_somebody_of_the_championships_kind_and_of_its_season():
    cup = championship()
    said = {"championship": cup, "kind": "points", "points": 1, "reason": "x"}

    with pytest.raises(ValidationError, match="Fahrer"):
        ChampionshipDecision(**said, team=TeamFactory()).full_clean()
    with pytest.raises(ValidationError, match="anderen Saison"):
        ChampionshipDecision(**said, driver=DriverFactory(), event=EventFactory()).full_clean()
