"""Random decisions through verbs and database: in any order, with some falling in between, they end where all at once end."""

import random

import pytest

from results.amending import apply_decisions, current_version
from results.models import Classification, Decision, Session
from results.proposal import open_of, propose
from results.refusal import ReleaseRefused
from tests import factories as make
from tests.results.stewards_made import HOUR, car_of, person, result

pytestmark = pytest.mark.django_db

CARS = [str(number) for number in range(1, 10)]
CELLS = (
    "session_entry__entry__number", "position", "class_position", "status", "laps", "total_ms", "gap_ms", "gap_laps",
    "best_lap_ms", "penalty_ms", "penalty_laps", "display_order",
)  # fmt: skip


def race_of(chance):
    """A race with lapped cars, a retirement and classes, and the same one once more."""
    classes = [make.RacingClassFactory() for _class in range(2)]
    gaps = sorted(chance.sample(range(500, 60_000), len(CARS) - 3))
    in_class = {}
    rows = []
    for place, number in enumerate(CARS):
        racing_class = chance.choice(classes)
        in_class[racing_class] = in_class.get(racing_class, 0) + 1
        cells = {"racing_class": racing_class, "class_position": in_class[racing_class]}
        if place == len(CARS) - 1:
            rows.append(
                (number, None, {"racing_class": racing_class, "status": "dnf", "laps": 11, "total_ms": HOUR // 3})
            )
        elif place == len(CARS) - 2:
            rows.append((number, 70_000, {**cells, "laps": 29, "gap_ms": None, "gap_laps": 1}))
        else:
            rows.append((number, gaps[place - 1] if place else HOUR, cells))
    twins = make.SessionFactory(), make.SessionFactory()
    for session in twins:
        result(*[(number, figure, dict(cells)) for number, figure, cells in rows], session=session)
    return twins


def decisions_for(chance):
    """What the stewards decide, in words for both races."""
    said = []
    for number in range(chance.randint(2, 7)):
        kind = chance.choice(["time", "time", "time", "laps", "disqualified", "places", "excluded"])
        amount = {"time": chance.randint(1, 40) * 500, "laps": 1, "places": chance.randint(1, 3)}.get(kind)
        vacant = kind == "disqualified" and chance.random() < 0.3
        said.append((f"D{number}", chance.choice(CARS), kind, amount, vacant))
    return said


def enter(session, said):
    return [
        make.DecisionFactory(
            session=session, session_entry=car_of(session, car), number=number, kind=kind, amount=amount, leaves_vacant=vacant
        )
        for number, car, kind, amount, vacant in said
    ]  # fmt: skip


def rows_of(session):
    return list(current_version(session).rows.order_by("display_order").values_list(*CELLS))


@pytest.mark.parametrize("seed", range(16))
def test_any_order_with_falls_in_between_ends_where_all_at_once_ends(seed):
    chance = random.Random(seed)
    one_by_one, at_once = race_of(chance)
    said = decisions_for(chance)
    entered, all_of_them = enter(one_by_one, said), enter(at_once, said)
    by = person()
    fallen = set()
    for decision in chance.sample(entered, len(entered)):
        if decision.number not in fallen:
            apply_decisions(one_by_one, decisions=[decision], by=by)
        if chance.random() < 0.4:
            falls = chance.choice(entered)
            Decision.objects.filter(pk=falls.pk).update(appeal="won")
            fallen.add(falls.number)
            if not propose(one_by_one, decisions=()).is_empty and chance.random() < 0.7:
                apply_decisions(one_by_one, decisions=[], by=by)
    if chance.random() < 0.5 and fallen:
        stands_again = chance.choice(sorted(fallen))
        Decision.objects.filter(session=one_by_one, number=stands_again).update(appeal="lost")
        fallen.discard(stands_again)
    _settle(one_by_one, by)
    Decision.objects.filter(session=at_once, number__in=fallen).update(appeal="won")
    _settle(at_once, by)

    assert rows_of(one_by_one) == rows_of(at_once)
    assert Classification.objects.filter(session=at_once).count() <= 2
    for session, listed in ((one_by_one, entered), (at_once, all_of_them)):
        inside = set(current_version(session).applied.values_list("decision__number", flat=True))
        assert inside == {one.number for one in listed} - fallen
        assert open_of(list(Decision.objects.filter(session=Session(pk=session.pk))), {
            one.decision_id for one in current_version(session).applied.all()
        }) == []  # fmt: skip


def _settle(session, by):
    """Applies what is open; where nothing is, that is refused."""
    if propose(session).is_empty:
        with pytest.raises(ReleaseRefused):
            apply_decisions(session, by=by)
    else:
        apply_decisions(session, by=by)
