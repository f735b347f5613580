"""A decision that readers learn of at an hour deletes its laps at that hour: nobody saves it a second time."""

import datetime as dt
import time

import pytest
from django.db import connection

from results.deletions import Clue
from results.importers.loading.summaries import write_summaries
from results.models import CarTrace, Decision, DriverShare, Session
from results.release_clock import database_now
from results.stewards_desk import record
from tests.factories import LONG_AGO, UserFactory, drive
from tests.results.stewards_made import car_of, result
from tests.site.test_jobs import work_off

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow]
LATER = dt.timedelta(hours=1)


@pytest.fixture
def car():
    with connection.cursor() as cursor:
        cursor.execute("TRUNCATE procrastinate_jobs, procrastinate_workers, procrastinate_periodic_defers CASCADE")
    session = result(("7", 90_000), timed=True)
    drive(car_of(session, "7"), 95_000, 90_000, 90_500)
    write_summaries(session)
    return car_of(session, "7")


def delete_second_lap(car, *, public_from, person):
    decision = Decision(
        session=car.session, session_entry=car, kind="lap_deleted", number="27", public_from=public_from
    )
    said = record(decision, by=person, laps=[Clue(lap=2)])
    return decision, said


def counted(car):
    """The best lap of the driver and the laps that do not count, as they are stored for readers."""
    return DriverShare.objects.get(session_entry=car).best_lap_ms, CarTrace.objects.get(session_entry=car).deleted_laps


def due():
    with connection.cursor() as cursor:
        cursor.execute("SELECT scheduled_at FROM procrastinate_jobs WHERE task_name = 'catch_up_laps' ORDER BY id")
        return [at for (at,) in cursor.fetchall()]


def test_laps_cease_to_count_when_the_hour_of_their_decision_comes(car):
    opens = database_now() + dt.timedelta(seconds=2)
    _decision, said = delete_second_lap(car, public_from=opens, person=UserFactory())
    before, waits = counted(car), due()
    while database_now() < opens:
        time.sleep(0.1)

    work_off()

    assert said == ["Die Runden zählen für Leser, bis die Entscheidung öffentlich ist."]
    assert (before, waits) == ((90_000, []), [opens])
    assert (counted(car), due()) == ((90_500, [2]), [])


def test_a_worker_that_comes_too_soon_changes_nothing_and_one_at_a_later_hour_is_asked_for(car):
    person = UserFactory()
    opens = database_now() + LATER
    decision, _said = delete_second_lap(car, public_from=opens, person=person)

    work_off()
    decision.public_from = opens + LATER
    record(decision, by=person)

    assert counted(car) == (90_000, [])
    assert due() == [opens, opens + LATER]


def test_nobody_is_asked_for_where_no_hour_is_set_and_the_laps_go_when_it_is(car):
    person = UserFactory()
    decision, _said = delete_second_lap(car, public_from=None, person=person)
    before = counted(car)

    decision.public_from = LONG_AGO
    record(decision, by=person)

    assert (before, counted(car), due()) == ((90_000, []), (90_500, [2]), [])


def test_a_job_for_a_session_that_is_gone_does_nothing(car):
    session = Session.objects.get(pk=car.session_id)
    opens = database_now() + LATER
    delete_second_lap(car, public_from=opens, person=UserFactory())
    with connection.cursor() as cursor:
        cursor.execute("UPDATE procrastinate_jobs SET scheduled_at = now(), args = %s", ['{"session": 0}'])

    work_off()

    assert (due(), Session.objects.get(), counted(car)) == ([], session, (90_000, []))
