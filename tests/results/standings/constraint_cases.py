"""By name of a constraint of the championships, an act that breaks it; `test_constraints.py` tries each."""

from decimal import Decimal

from results.models import (
    CarKey,
    Championship,
    ChampionshipChange,
    ChampionshipDecision,
    Competitor,
    Computation,
    PointsAward,
    ScoringEvent,
    Session,
    Standing,
)
from tests.factories import CarModelFactory, DriverFactory, SeasonFactory, SessionFactory, TeamFactory
from tests.results.standings.made import drivers, race, result, season


def computed():
    """The computation of one race: Ada 25, Bea 18."""
    formula, (ada, bea) = season(), drivers("Ada", "Bea")
    result(race(formula, 1), [ada, bea])
    return Computation.objects.get(championship__key="driver")


def somebody():
    """A competitor beside them, without points yet."""
    return Competitor.objects.create(computation=computed(), things=[0])


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


def championship(**values):
    return Championship.objects.create(
        **{"season": SeasonFactory(), "key": "cup", "name": "Cup", "subject": "driver",
           "rules": {"scores": [{"table": ["10"]}]}} | values
    )  # fmt: skip


def scoring(**values):
    """One more scoring of a championship that counts its session already."""
    cup = championship()
    session = SessionFactory(event__season=cup.season)
    return ScoringEvent.objects.create(**{"championship": cup, "session": session, "is_by_hand": True} | values)


def decision(**values):
    said = {"championship": championship(), "kind": "points", "points": 1, "driver": DriverFactory(), "reason": "x"}
    return ChampionshipDecision.objects.create(**said | values)


def key(**values):
    return CarKey.objects.create(**{"car_model": CarModelFactory(), "source": "f1db", "key": "cooper+climax"} | values)


def twice(act):
    act()
    act()


def award_twice():
    one = somebody()
    twice(lambda: award(one, points=0).save())


def standing_twice():
    one = somebody()
    twice(lambda: standing(one).save())


def competitor_twice():
    one = somebody()
    Competitor.objects.create(computation=one.computation, things=one.things)


def computation_twice():
    one = computed()
    Computation.objects.create(championship=one.championship, versions=one.versions)


def championship_twice():
    one = championship()
    championship(season=one.season)


CASES = {
    "award_cause_known": lambda: award(somebody(), cause="luck").save(),
    "award_order_unique": award_twice,
    "award_place_of_a_finish": lambda: award(somebody(), place=None).save(),
    "award_stands_on_a_session": lambda: award(somebody(), session=None).save(),
    "carkey_given": lambda: key(key=""),
    "carkey_unique": lambda: twice(key),
    "championship_key_unique": championship_twice,
    "championshipchange_act_known": lambda: ChampionshipChange.objects.create(championship=championship(), act="lost"),
    "championship_subject_known": lambda: championship(subject="horse"),
    "championshipdecision_event_where_needed": lambda: decision(kind="without", points=None),
    "championshipdecision_has_a_reason": lambda: decision(reason=""),
    "championshipdecision_names_one": lambda: decision(team=TeamFactory()),
    "championshipdecision_points_where_meant": lambda: decision(points=None),
    "championshipdecision_printed_where_excluded": lambda: decision(kind="excluded", points=None),
    "competitor_is_somebody": lambda: Competitor.objects.create(computation=computed(), things=[]),
    "competitor_once": competitor_twice,
    "computation_once": computation_twice,
    "scoring_factor_is_a_number": lambda: scoring(checkpoint="6h", factor_denominator=0),
    "scoring_once": scoring,
    "scoring_share_is_a_part": lambda: scoring(checkpoint="6h", share=Decimal("1.1")),
    "standing_adds_up": lambda: standing(somebody(), gross=1).save(),
    "standing_has_a_place_or_a_word": lambda: standing(somebody(), position=None).save(),
    "standing_once_a_round": standing_twice,
}
