"""Several people at one result at the same moment, and a database that is killed: real connections, no order given."""

import random
import threading
from itertools import pairwise

import pytest
from django.db import connection

from results.amending import apply_decisions, current_version, enter_rows, note_as_contained
from results.chain_lines import rows_of_version
from results.importers.undo import UndoRefused, undo
from results.models import Classification, Decision, ImportRun, Session
from results.proposal import decisions_of, fallen_of, pending
from results.refusal import ReleaseRefused
from results.release import go_back, release_draft
from results.stewards_desk import record
from tests import factories as make
from tests.results.made import load, parsed, race, row
from tests.results.stewards_made import HOUR, car_of

pytestmark = pytest.mark.django_db(transaction=True)

REFUSED = (ReleaseRefused, UndoRefused)


def at_once(*acts):
    """Runs the acts at the same moment; gives what each gave or was refused with. Anything else is raised here."""
    gate = threading.Barrier(len(acts))
    outcomes = [None] * len(acts)

    def run(place, act):
        try:
            gate.wait(10)
            outcomes[place] = act()
        except Exception as error:  # noqa: BLE001 - judged below
            outcomes[place] = error
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=numbered) for numbered in enumerate(acts)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert not any(thread.is_alive() for thread in threads), "they wait for each other"
    strange = [one for one in outcomes if isinstance(one, Exception) and not isinstance(one, REFUSED)]
    assert strange == []
    return outcomes


@pytest.fixture
def session():
    cars = [row(str(number), number, laps=30, total_ms=HOUR + number * 2_000) for number in range(1, 7)]
    load(parsed(race(rows=tuple(cars), state="provisional")))
    return Session.objects.get()


def decide(session, car, kind="time", amount=5_000, **fields):
    return make.DecisionFactory(session=session, session_entry=car_of(session, car), kind=kind, amount=amount, **fields)


def check(session):
    """What must hold of a chain, whoever came first."""
    versions = list(Classification.objects.filter(session=session).order_by("version"))
    current = [one for one in versions if one.is_current]
    assert len(current) <= 1
    released = [one for one in versions if one.released_at is not None]
    for before, after in pairwise(released):
        assert before.public_until is not None
        assert before.public_from <= before.public_until <= after.public_from
    assert len({one.version for one in versions}) == len(versions)
    entered = decisions_of(session)
    fallen = fallen_of(entered)
    if current:
        inside = {one.decision_id for one in current[0].applied.all()}
        waiting = {one.pk for one in pending(session)}
        for one in entered:
            assert (one.pk in inside) + (one.pk in waiting) + (one.pk in fallen) >= 1, "a decision is lost"
            assert not (one.pk in inside and one.pk in waiting)
    return current[0] if current else None


def typed(session, by):
    """A person types over the newest version he finds."""
    newest = Classification.objects.filter(session=session).order_by("-version").first()
    rows = rows_of_version(newest)
    for one in rows:
        one.best_lap_ms = random.randint(90_000, 99_000)
    return enter_rows(
        session, rows=rows, by=by, reason="Nachgetragen", state="revised", expected=newest.version, release=True
    )


def back(session, by):
    earlier = Classification.objects.filter(session=session, is_current=False, released_at__isnull=False).first()
    if earlier is None:
        raise ReleaseRefused("Nichts davor")
    return go_back(earlier, by=by, reason="Irrtum")


def test_two_who_apply_different_decisions_at_once_leave_both_standing_and_no_lost_one(session):
    by = make.UserFactory(role="results")
    decisions = [decide(session, str(car)) for car in (1, 2, 3, 4)]

    at_once(*[lambda one=one: apply_decisions(session, decisions=[one], by=by) for one in decisions])

    current = check(session)
    assert current.version == 5
    assert current.applied.count() == 4
    order = [row.session_entry.entry.number for row in rows_of_version(current)]
    assert order == ["1", "2", "5", "3", "6", "4"]  # 7, 9, 10, 11, 12 and 13 seconds after the hour


def test_eight_clicks_at_once_make_one_version(session):
    by = make.UserFactory(role="results")
    decide(session, "1")

    outcomes = at_once(*[lambda: apply_decisions(session, by=by) for _click in range(8)])

    assert sum(isinstance(one, Classification) for one in outcomes) == 1
    assert check(session).version == 2


@pytest.mark.parametrize("round_", range(6))
def test_release_edit_and_withdrawal_at_once_leave_what_some_order_leaves(session, round_):
    by = make.UserFactory(role="results")
    first, second = decide(session, "1"), decide(session, "2", "disqualified", None)
    if round_ % 2:
        apply_decisions(session, decisions=[first], by=by)
    draft = apply_decisions(session, decisions=[second], by=by, release=False) if round_ % 3 == 0 else None
    run = ImportRun.objects.get()

    def wins():
        mine = Decision.objects.get(pk=first.pk)
        mine.appeal = "won"
        return record(mine, by=by)

    acts = [
        lambda: apply_decisions(session, by=by),
        lambda: typed(session, by),
        lambda: back(session, by),
        lambda: undo(run, by=by, reason="Falsche Datei"),
        wins,
        lambda: note_as_contained(current_version(session) or draft, second),
    ]
    if draft is not None:
        acts.append(lambda: release_draft(draft, by=by, reason="Entscheidung"))
    random.Random(round_).shuffle(acts)

    at_once(*acts)

    check(session)
    assert Decision.objects.count() == 2


def test_an_edit_of_a_decision_and_its_application_at_once_agree_in_the_end(session):
    """Either the edit came first and counts, or the result came first and the edit is refused by the database."""
    by = make.UserFactory(role="results")
    decision = decide(session, "1")

    def edit():
        mine = Decision.objects.get(pk=decision.pk)
        mine.amount = 9_000
        try:
            record(mine, by=by)
        except Exception as error:
            if "stands in a result" not in str(error):
                raise
            return "refused"
        return "stored"

    outcomes = at_once(edit, lambda: apply_decisions(session, by=by))

    decision.refresh_from_db()
    line = check(session).rows.get(session_entry__entry__number="1")
    assert line.penalty_ms == decision.amount == (9_000 if outcomes[0] == "stored" else 5_000)
