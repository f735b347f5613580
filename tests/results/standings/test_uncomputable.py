"""A championship that cannot be computed never holds a result back: refused before saving, left without a table after."""

from decimal import Decimal

import pytest
from django.db import OperationalError, connection, transaction
from django.test import Client

from results.models import Championship, ChampionshipDecision, Classification, ScoringEvent, Standing
from results.release import release_draft
from results.standings import acts
from results.standings.compute import compute_season
from results.standings.effect import effect_of
from tests import factories
from tests.articles.desk_forms import text_of
from tests.results.standings.made import championship, desk, drivers, race, result, season

pytestmark = pytest.mark.django_db


def fill(cup, points="999999"):
    """Points by hand that alone fit a row, and together with a finish do not fit a table."""
    driver = factories.DriverFactory._meta.model.objects.order_by("pk").first()
    event = cup.season.events.order_by("starts_on").first()
    return ChampionshipDecision(
        championship=cup, kind="points", driver=driver, points=points, event=event, reason="Schiedsspruch"
    )


def entered(session, team, order=1):
    """A released result with one car of that team."""
    entry = factories.EntryFactory(event=session.event, team=factories.TeamFactory(name=team))
    car = factories.SessionEntryFactory(session=session, entry=entry)
    return release_draft(
        factories.ClassificationFactory(
            session=session, hidden=True, rows=[{"session_entry": car, "position": order}]
        ),
        by=None, reason="",
    )  # fmt: skip


def test_a_result_is_released_past_a_championship_that_cannot_be_computed(caplog):
    year, (ada, bea) = season(), drivers("Ada", "Bea")
    first = race(year, 1)
    broken, whole = championship(year, "kaputt"), championship(year, "ganz")
    fill(broken).save()
    result(first, [ada, bea])

    second = result(race(year, 8), [bea, ada])

    assert Classification.objects.public().filter(pk=second.pk).exists()
    assert desk(key=whole.key) == {"Ada": "16", "Bea": "16"}
    assert not Standing.objects.filter(competitor__computation__championship=broken).exists()
    assert "championship_not_computed" in caplog.text
    client = Client()
    client.force_login(factories.UserFactory(role="results"))
    assert "nicht berechenbar" in text_of(client.get("/admin/results/championship/"))
    page = text_of(client.get(f"/admin/results/championship/{broken.pk}/change/"))
    assert "Die Tabelle lässt sich nicht berechnen" in page
    other = text_of(client.get(f"/admin/results/championship/{whole.pk}/change/"))
    assert "lässt sich nicht berechnen" not in other


def test_what_could_not_be_stored_is_refused_by_the_preview_and_mended_through_it():
    year, (ada, bea) = season(), drivers("Ada", "Bea")
    result(race(year, 1), [ada, bea])
    cup, person = championship(year), factories.UserFactory()

    with pytest.raises(acts.ActRefused, match="Damit lässt sich die Tabelle nicht berechnen"):
        effect_of(cup, lambda: acts.decide(fill(cup), by=person))

    assert desk(key=cup.key) == {"Ada": "10", "Bea": "6"}
    bad = fill(cup)
    bad.save()
    assert effect_of(cup, lambda: acts.take_decision_back(bad, by=person, reason="Irrtum")).scorings[1] == 1


def test_a_points_table_of_the_desk_that_no_row_can_hold_is_refused_by_the_preview():
    year, (ada, bea) = season(), drivers("Ada", "Bea")
    result(race(year, 1), [ada, bea])
    cup, person = championship(year), factories.UserFactory()
    scoring = ScoringEvent.objects.get(championship=cup)
    scoring.table, scoring.factor_numerator = [Decimal(999_999)], 30

    with pytest.raises(acts.ActRefused, match="Damit lässt sich die Tabelle nicht berechnen"):
        effect_of(cup, lambda: acts.set_scoring(scoring, by=person, reason="so"))


def ruled(cup, **said):
    return acts.change_rules(
        cup,
        by=factories.UserFactory(),
        reason="so",
        rules=cup.rules | said,
        name=cup.name,
        racing_class=None,
        sequence=0,
    )


@pytest.mark.parametrize("subject", ["entrant", "team"])
@pytest.mark.parametrize("name", ["Team X", "team x"])
def test_rules_mean_a_competitor_of_the_season_by_his_name(subject, name):
    year = season()
    entered(race(year, 1), "Team X")
    cup = championship(year, subject=subject)

    ruled(cup, adjustments=[{"competitor": name, "points": -5}])

    assert desk(key=cup.key) == {"Team X": "5"}


@pytest.mark.parametrize("subject", ["entrant", "team", "driver", "manufacturer", "constructor", "crew"])
def test_rules_that_name_nobody_of_the_season_are_refused(subject):
    year = season()
    entered(race(year, 1), "Team X")
    cup = championship(year, subject=subject)

    with pytest.raises(acts.ActRefused, match=r"in dieser Saison nicht genannt|wird als Entscheidung eingetragen"):
        ruled(cup, adjustments=[{"competitor": "Team Y", "points": -5}])


def test_a_name_that_two_drivers_have_is_refused():
    year, both = season(), [factories.DriverFactory(first_name="", last_name="Ada") for _ in range(2)]
    result(race(year, 1), both)

    with pytest.raises(acts.ActRefused, match="mehrere"):
        ruled(championship(year), exclusions=[{"competitor": "Ada", "printed": "EX"}])


def test_whom_the_shipped_file_names_may_not_have_come_in_yet():
    year, (ada,) = season("1997"), drivers("Ada")
    result(race(year, 1), [ada])

    assert desk(key="driver") == {"Ada": "10"}


def test_two_annulments_of_one_driver_are_stored_as_they_count():
    year, (ada, bea) = season(), drivers("Ada", "Bea")
    cup = championship(
        year, rules={"scores": [{"table": ["10", "6"]}], "drops": [{"best": 2}]}, subject="driver"
    )  # fmt: skip
    races = [race(year, day) for day in (1, 8, 15, 22)]
    for session in races:
        result(session, [ada, bea])
    for last, since in ((0, 1), (2, 3)):
        ChampionshipDecision.objects.create(
            championship=cup, kind="annulled", driver=ada, event=races[last].event, since=races[since].event, reason="x"
        )

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
    assert [sums[number, ada.pk] for number in (1, 2, 3, 4)] == [10, 10, 20, 10]


@pytest.mark.django_db(transaction=True)
def test_a_lock_that_somebody_else_holds_is_no_fault_of_the_championship():
    year, (ada,) = season(), drivers("Ada")
    result(race(year, 1), [ada])
    championship(year)
    other = connection.copy()
    try:
        with transaction.atomic(using=None), other.cursor() as cursor:
            cursor.execute("BEGIN")
            cursor.execute("LOCK TABLE results_pointsaward IN SHARE MODE")
            with connection.cursor() as mine:
                mine.execute("SET LOCAL lock_timeout = '100ms'")
            with pytest.raises(OperationalError):
                compute_season(year.pk)
            transaction.set_rollback(True)
    finally:
        other.close()
    assert Championship.objects.filter(season=year).exists()
