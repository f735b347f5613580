"""The starting grid made from a qualifying and the penalties for it."""

import datetime as dt

import pytest
from django.utils import timezone

from results.amending import apply_decisions, current_version
from results.grid_forming import form_grid, grid_of, penalties_for, race_of, seen_of
from results.models import Classification, Decision, Session
from results.refusal import ReleaseRefused
from tests import factories as make
from tests.results.stewards_made import HOUR, car_of, commit, decide, entry_of, person, result, table

pytestmark = pytest.mark.django_db


@pytest.fixture
def weekend():
    """A qualifying with a result and its race without one."""
    event = make.EventFactory()
    qualifying = make.SessionFactory(event=event, kind="qualifying", name="Qualifying", sequence=1)
    race = make.SessionFactory(event=event, kind="race", sequence=2)
    gt3 = make.RacingClassFactory()
    cars = [("1", 90_000), ("2", 90_100), ("3", 90_200), ("4", 90_300)]
    rows = [
        (number, best, {"racing_class": gt3, "class_position": place}) for place, (number, best) in enumerate(cars, 1)
    ]
    result(*rows, ("9", None, {"status": "nc"}), session=qualifying, timed=True)
    return qualifying, race


def form(weekend):
    qualifying, race = weekend
    return form_grid(qualifying, race=race, by=person())


def test_the_grid_is_the_qualifying_with_the_penalties_wherever_they_were_entered(weekend):
    qualifying, race = weekend
    make.SessionEntryFactory(session=race, entry=entry_of(race, "2"))
    first = decide(qualifying, "1", "grid", 2)
    second = decide(race, "2", "grid", 5)

    formed = form(weekend)

    grid = grid_of(race)
    assert (grid.name, grid.kind, grid.local_date) == ("Startaufstellung", "grid", race.local_date)
    assert table(grid, "class_position", "status") == [
        ("3", 1, 1, "classified"), ("4", 2, 2, "classified"), ("1", 3, 3, "classified"), ("2", 4, 4, "classified"),
    ]  # fmt: skip
    assert set(formed.penalties) == {first, second}
    assert set(Decision.objects.filter(session=grid)) == {first, second}
    assert {one.decision_id for one in formed.version.applied.all()} == {first.pk, second.pk}
    assert formed.doubts == (
        "#9 hat im Qualifying keinen Platz und steht nicht in der Startaufstellung. Bitte von Hand ergänzen.",
    )
    assert (formed.version.state, formed.version.is_complete) == ("provisional", False)
    assert [one.kind for one in Session.objects.order_by("sequence")] == ["qualifying", "grid", "race"]


def test_a_penalty_that_falls_gives_the_grid_without_it_even_for_a_car_that_was_sent_beyond_the_end(weekend):
    qualifying, _race = weekend
    penalty = decide(qualifying, "3", "grid", 10)
    form(weekend)
    Decision.objects.filter(pk=penalty.pk).update(appeal="won")
    grid = grid_of(qualifying)
    with pytest.raises(ReleaseRefused, match="neu bilden"):
        apply_decisions(grid, by=person())

    form(weekend)

    assert [number for number, _place in table(grid)] == ["1", "2", "3", "4"]
    assert (current_version(grid).version, current_version(grid).state) == (2, "revised")
    assert not current_version(grid).applied.exists()


def test_the_grid_that_was_formed_follows_the_qualifying(weekend):
    qualifying, _race = weekend
    decide(qualifying, "1", "grid", 1)
    form(weekend)

    commit(qualifying, decide(qualifying, "3", "disqualified"))
    assert [number for number, _place in table(grid_of(qualifying))] == ["2", "1", "3", "4"]  # another field: by hand

    form(weekend)
    assert [number for number, _place in table(grid_of(qualifying))] == ["2", "1", "4"]


def test_a_penalty_for_a_car_without_a_place_is_told_and_stays_where_it_was(weekend):
    qualifying, _race = weekend
    penalty = decide(qualifying, "9", "grid", 3)

    formed = form(weekend)

    assert any("nichts wurde eingerechnet" in doubt for doubt in formed.doubts)
    penalty.refresh_from_db()
    assert penalty.session == qualifying


def test_a_race_that_was_run_keeps_its_grid(weekend):
    result(("1", HOUR), ("2", 1_000), session=weekend[1])

    with pytest.raises(ReleaseRefused, match="schon ein Ergebnis"):
        form(weekend)


def test_without_a_result_of_the_qualifying_there_is_no_grid():
    event = make.EventFactory()
    qualifying, race = (make.SessionFactory(event=event, kind=kind) for kind in ("qualifying", "race"))

    with pytest.raises(ReleaseRefused):
        form((qualifying, race))
    assert not Session.objects.filter(kind="grid").exists()


def test_the_grid_of_an_embargoed_qualifying_opens_with_it_and_no_sooner(weekend):
    qualifying, race = weekend
    later = timezone.now() + dt.timedelta(days=2)
    form(weekend)
    Classification.objects.filter(session=qualifying).update(public_from=later)
    decide(qualifying, "1", "grid", 2)

    second = form(weekend).version

    assert second.public_from == later
    assert Classification.objects.public().get(session=grid_of(race)).version == 1


def test_a_grid_that_follows_an_embargoed_qualifying_opens_with_it(weekend):
    qualifying, _race = weekend
    form(weekend)
    later = timezone.now() + dt.timedelta(days=2)
    Classification.objects.filter(session=qualifying).update(public_from=later)

    commit(qualifying, decide(qualifying, "1", "places", 1))

    newest = current_version(grid_of(qualifying))
    assert (newest.version, newest.public_from) == (2, later)


def test_the_new_session_of_a_hidden_qualifying_is_hidden(weekend):
    qualifying, race = weekend
    Session.objects.filter(pk=qualifying.pk).update(public_from=None)
    qualifying.refresh_from_db()

    form((qualifying, race))

    assert grid_of(race).public_from is None


def test_each_race_of_a_weekend_has_its_own_grid():
    event = make.EventFactory()
    first, grid, race, second, last = (
        make.SessionFactory(event=event, kind=kind, sequence=place)
        for place, kind in enumerate(["qualifying", "grid", "sprint", "qualifying", "race"], start=1)
    )

    assert [grid_of(one) for one in (first, race, grid)] == [grid] * 3
    assert (grid_of(second), grid_of(last)) == (None, None)
    assert (race_of(first), race_of(second)) == (race, last)


def test_a_car_of_the_grid_is_the_car_of_the_event(weekend):
    form(weekend)

    assert car_of(grid_of(weekend[1]), "1").entry == car_of(weekend[0], "1").entry


def test_a_grid_is_formed_from_what_a_person_looked_at_and_nothing_else(weekend):
    qualifying, race = weekend
    seen = seen_of(qualifying, race)
    decide(qualifying, "1", "grid", 2)

    with pytest.raises(ReleaseRefused, match="hat sich geändert"):
        form_grid(qualifying, race=race, by=person(), seen=seen)

    assert grid_of(race) is None
    assert form_grid(qualifying, race=race, by=person(), seen=seen_of(qualifying, race)).version.version == 1


def test_a_penalty_that_is_not_public_is_told_before_a_grid_tells_of_it(weekend):
    qualifying, race = weekend
    hidden = decide(qualifying, "1", "grid", 2)
    Decision.objects.filter(pk=hidden.pk).update(public_from=None)

    _penalties, untold = penalties_for(qualifying, race)

    assert [one for one in untold if "noch nicht öffentlich" in one]
