"""When tables are computed, and who sees them when."""

import threading
from decimal import Decimal

import pytest
from django.db import connection, transaction
from django.utils import timezone

from results.identity.merging import merge
from results.models import (
    Championship,
    ChampionshipDecision,
    Classification,
    Computation,
    Entry,
    PointsAward,
    ScoringEvent,
    Session,
    Standing,
)
from results.release import go_back, release_draft
from results.standings.compute import compute_season
from results.standings.due import gathering, stands_no_more
from tests.factories import UserFactory
from tests.results.standings.made import desk, drivers, hold, open_now, public, race, released, result, season

pytestmark = pytest.mark.django_db


def test_a_released_result_gives_points_at_once_and_the_desk_decides_when_readers_see_them():
    formula, (ada, bea) = season(), drivers("Ada", "Bea")

    result(race(formula, 1), [ada, bea])

    assert desk() == {"Ada": "25", "Bea": "18"}
    assert public() is None
    released(formula)
    assert public() == {"Ada": "25", "Bea": "18"}


def test_a_draft_gives_nothing():
    formula, (ada, bea) = season(), drivers("Ada", "Bea")
    first = race(formula, 1)
    result(first, [ada, bea])
    result(race(formula, 2), [bea, ada], release=False)

    assert desk() == {"Ada": "25", "Bea": "18"}


def test_a_result_under_embargo_is_in_the_table_of_the_desk_alone_until_its_hour():
    formula, (ada, bea) = season(), drivers("Ada", "Bea")
    result(race(formula, 1), [ada, bea])
    second = result(race(formula, 2), [bea, ada])
    released(formula)

    hold(second)

    assert desk() == {"Ada": "43", "Bea": "43"}
    assert public() == {"Ada": "25", "Bea": "18"}
    open_now(second)
    assert public() == {"Ada": "43", "Bea": "43"}


def test_a_correction_under_embargo_leaves_readers_the_former_table():
    formula, (ada, bea) = season(), drivers("Ada", "Bea")
    session = race(formula, 1)
    first = result(session, [ada, bea])
    released(formula)
    second = result(session, [bea, ada])
    later = timezone.now() + timezone.timedelta(days=1)
    Classification.objects.filter(pk=first.pk).update(public_until=later)

    Classification.objects.filter(pk=second.pk).update(public_from=later)
    compute_season(formula.pk)

    assert (desk(), public()) == ({"Bea": "25", "Ada": "18"}, {"Ada": "25", "Bea": "18"})


@pytest.mark.parametrize("hidden", ["session", "event"])
def test_a_hidden_session_or_event_gives_readers_nothing(hidden):
    formula, (ada, bea) = season(), drivers("Ada", "Bea")
    session = race(formula, 1)
    result(session, [ada, bea])
    released(formula)
    thing = session if hidden == "session" else session.event

    thing.public_from = None
    thing.save()

    assert desk() == {"Ada": "25", "Bea": "18"}
    assert not public()


def test_what_is_hidden_by_sql_alone_is_not_shown_either():
    formula, (ada, bea) = season(), drivers("Ada", "Bea")
    session = race(formula, 1)
    result(session, [ada, bea])
    released(formula)

    Session.objects.filter(pk=session.pk).update(public_from=None)

    assert public() is None


def test_a_second_version_and_the_way_back_move_the_table():
    formula, (ada, bea) = season(), drivers("Ada", "Bea")
    session = race(formula, 1)
    first = result(session, [ada, bea])

    result(session, [bea, ada])
    assert desk() == {"Bea": "25", "Ada": "18"}

    go_back(first, by=UserFactory(), reason="Berufung")
    assert desk() == {"Ada": "25", "Bea": "18"}


def test_rules_that_nobody_can_read_hold_no_result_up():
    formula, (ada, bea) = season(), drivers("Ada", "Bea")
    result(race(formula, 1), [ada, bea])
    Championship.objects.update(rules={"scores": [{"table": ["25"]}], "lists": "nobody"}, is_by_hand=True)

    result(race(formula, 2), [bea, ada])

    assert not Computation.objects.exists()
    assert Classification.objects.current().count() == 2


def test_many_versions_in_one_act_are_one_computation():
    formula, (ada, bea) = season(), drivers("Ada", "Bea")
    sessions = [race(formula, day) for day in range(1, 4)]
    heard = []

    with transaction.atomic(), gathering():
        for session in sessions:
            result(session, [ada, bea])
            heard.append(Computation.objects.count())

    assert heard == [0, 0, 0]
    assert desk() == {"Ada": "75", "Bea": "54"}


def test_a_gathering_that_fails_computes_nothing():
    formula, (ada, bea) = season(), drivers("Ada", "Bea")
    session = race(formula, 1)

    @transaction.atomic
    def fail():
        with gathering():
            result(session, [ada, bea])
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        fail()

    assert not Computation.objects.exists()
    result(session, [ada, bea])
    assert desk() == {"Ada": "25", "Bea": "18"}


def test_a_withdrawn_result_takes_its_points_and_what_came_by_itself():
    formula, (ada, bea) = season(), drivers("Ada", "Bea")
    result(race(formula, 1), [ada, bea])
    second = result(race(formula, 2), [bea, ada])

    Classification.objects.filter(pk=second.pk).update(is_current=False, public_until=second.public_from)
    stands_no_more(formula.pk)

    assert desk() == {"Ada": "25", "Bea": "18"}


def test_a_guest_by_hand_is_invisible_in_points_at_once():
    formula, (ada, bea) = season(), drivers("Ada", "Bea")
    Championship.objects.create(
        season=formula, key="cup", name="Cup", subject="driver", is_by_hand=True,
        rules={"scores": [{"table": ["10", "5"]}]},
    )  # fmt: skip
    result(race(formula, 1), [ada, bea])

    car = Entry.objects.get(crew__driver=ada)
    car.is_guest = True
    car.save()

    assert desk(key="cup") == {"Bea": "10"}


def test_two_drivers_who_are_one_have_their_points_together():
    formula, (ada, bea, again) = season(), drivers("Ada", "Bea", "Ada Ada")
    result(race(formula, 1), [ada, bea])
    result(race(formula, 2), [again, bea])

    merge(ada, again, by=UserFactory())

    assert desk() == {"Ada": "50", "Bea": "36"}


def test_a_round_that_comes_late_moves_the_numbers_of_those_behind():
    formula, (ada, bea) = season(), drivers("Ada", "Bea")
    first, third = race(formula, 1), race(formula, 20)
    result(first, [ada, bea])
    result(third, [bea, ada])
    assert desk(after=2) == {"Ada": "43", "Bea": "43"}

    result(race(formula, 10), [ada, bea])

    assert desk(after=2) == {"Ada": "50", "Bea": "36"}
    assert desk(after=3) == {"Ada": "68", "Bea": "61"}


def test_a_cancelled_round_has_no_number():
    formula, (ada, bea) = season(), drivers("Ada", "Bea")
    off = race(formula, 2)
    result(race(formula, 1), [ada, bea])
    result(race(formula, 3), [ada, bea])
    assert set(Standing.objects.values_list("round", flat=True)) == {1, 3}

    off.event.status = "cancelled"
    off.event.save()

    assert set(Standing.objects.values_list("round", flat=True)) == {1, 2}


def test_an_annulled_result_counts_nothing():
    formula, (ada, bea) = season(), drivers("Ada", "Bea")
    result(race(formula, 1), [ada, bea])
    result(race(formula, 2), [bea, ada], state="annulled")

    assert desk() == {"Ada": "25", "Bea": "18"}


def test_a_table_is_provisional_as_long_as_one_of_its_results_is():
    formula, (ada, bea) = season(), drivers("Ada", "Bea")
    first = race(formula, 1)
    result(first, [ada, bea], state="provisional")
    result(race(formula, 2), [bea, ada])
    assert set(Standing.objects.values_list("is_provisional", flat=True)) == {True}

    result(first, [ada, bea], state="final")

    assert set(Standing.objects.values_list("is_provisional", flat=True)) == {False}


def test_the_desk_decides_what_counts():
    formula, (ada, bea) = season(), drivers("Ada", "Bea")
    session = race(formula, 1)
    result(session, [ada, bea])
    counted = ScoringEvent.objects.get(championship__key="driver")

    counted.is_by_hand, counted.factor_numerator, counted.factor_denominator = True, 1, 2
    counted.save()
    assert desk() == {"Ada": "12.5", "Bea": "9"}

    counted.table, counted.factor_numerator = [10, 6], None
    counted.save()
    assert desk() == {"Ada": "10", "Bea": "6"}

    counted.counts = False
    counted.save()
    result(race(formula, 2), [bea, ada])
    assert desk() == {"Bea": "25", "Ada": "18"}


def decide(formula, **values):
    return ChampionshipDecision.objects.create(
        championship=Championship.objects.get(season=formula, key="driver"), reason="Sportgericht", **values
    )


def test_points_that_are_taken_are_a_row_of_the_ledger_with_their_decision():
    formula, (ada, bea) = season(), drivers("Ada", "Bea")
    first = race(formula, 1)
    result(first, [ada, bea])
    result(race(formula, 2), [ada, bea])

    decision = decide(formula, kind="points", driver=bea, points="-7.5", event=first.event)

    assert desk(after=1) == {"Ada": "25", "Bea": "10.5"}
    assert desk() == {"Ada": "50", "Bea": "28.5"}
    row = PointsAward.objects.get(decision=decision)
    assert (row.points, row.round, row.origin, row.reason) == (Decimal("-7.5"), 1, "by_hand", "Sportgericht")
    decision.origin = "printed"
    decision.save()
    assert PointsAward.objects.get(decision=decision).origin == "printed"
    decision.delete()
    assert desk() == {"Ada": "50", "Bea": "36"}


def test_who_is_excluded_has_a_word_for_a_place_and_no_points():
    formula, (ada, bea) = season(), drivers("Ada", "Bea")
    result(race(formula, 1), [ada, bea])

    decide(formula, kind="excluded", driver=ada, printed="EX")

    lines = Standing.objects.filter(competitor__computation__championship__key="driver")
    assert list(lines.values_list("position", "printed", "points", "gross", "dropped")) == [
        (1, "", 18, 18, 0),
        (None, "EX", 0, 25, 25),
    ]


def test_annulled_points_vanish_from_the_table_after_the_event_of_the_ruling():
    formula, (ada, bea) = season(), drivers("Ada", "Bea")
    first, second = race(formula, 1), race(formula, 2)
    result(first, [ada, bea])
    result(second, [ada, bea])

    decide(formula, kind="annulled", driver=ada, event=first.event, since=second.event)

    assert desk(after=1) == {"Ada": "25", "Bea": "18"}
    assert desk() == {"Bea": "36", "Ada": "25"}


def test_who_scores_nothing_at_an_event_scores_nothing_there_alone():
    formula, (ada, bea) = season(), drivers("Ada", "Bea")
    first = race(formula, 1)
    result(first, [ada, bea])
    result(race(formula, 2), [ada, bea])

    decide(formula, kind="without", driver=ada, event=first.event)

    assert desk() == {"Bea": "36", "Ada": "25"}


@pytest.mark.django_db(transaction=True)
def test_two_results_released_at_the_same_moment_are_both_in_the_table():
    formula, (ada, bea) = season(), drivers("Ada", "Bea")
    result(race(formula, 1), [ada, bea])
    drafts = [result(race(formula, day), [bea, ada], release=False) for day in (2, 3)]
    start = threading.Barrier(2)

    def release(draft):
        start.wait()
        try:
            release_draft(draft, by=None)
        finally:
            connection.close()

    threads = [threading.Thread(target=release, args=[draft]) for draft in drafts]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert desk() == {"Bea": "68", "Ada": "61"}
