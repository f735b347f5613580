"""Background jobs, run for real: a worker process reads and imports, dies, comes back, and nothing is done twice."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from django.conf import settings
from django.db import connection, transaction

from racedesk import jobs
from results.importers import batches
from results.importers.plan import ImportTarget, Upload
from results.models import Event, ImportItem, ImportRun, Lap, LapSet, Session, SourceDocument
from tests.factories import UserFactory
from tests.results.made import SATURDAY

PROJECT = Path(__file__).parents[2]
pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow]
State = ImportItem.State
LAPS = 10_000


@pytest.fixture(autouse=True)
def _no_jobs_of_others():
    with connection.cursor() as cursor:
        cursor.execute("TRUNCATE procrastinate_jobs, procrastinate_workers, procrastinate_periodic_defers CASCADE")


@pytest.fixture
def person():
    return UserFactory(username="ergebnisse", role="results")


def lap_file(laps):
    """A lap list of 100 cars in wige's columns, large enough for a job."""
    head = "STNR;FAHRER1_NAME;FAHRER1_VORNAME;FAHRZEUG;BEWERBER;KLASSE;RUNDE;RUNDENZEIT;RUNDENZEIT_SEKUNDEN;TAGESZEIT;DRIVERID"
    lines = [head]
    for car in range(1, 101):
        clock = 12 * 3600
        for lap in range(1, laps // 100 + 1):
            clock += 100
            day = f"{clock // 3600:02d}:{clock // 60 % 60:02d}:{clock % 60:02d}.000"
            lines.append(f"{car};Fahrer{car};Ada;Porsche 911;Team {car};SP9;{lap};1:40.000;100,000;{day};1")
    return "\n".join(lines).encode()


def environment():
    """The environment of a process that works in the database of this test."""
    name = connection.settings_dict["NAME"]
    values = {**os.environ, "RACEDESK_DB_NAME": name}
    if settings.DATABASE_URL:
        values["DATABASE_URL"] = urlsplit(settings.DATABASE_URL)._replace(path=f"/{name}").geturl()
    return values


def start_worker(*options):
    return subprocess.Popen(
        [sys.executable, "manage.py", "work", *options],
        cwd=PROJECT,
        env=environment(),
        stderr=subprocess.PIPE,
        text=True,
    )


def work_off():
    worker = start_worker("--once")
    _out, errors = worker.communicate(timeout=60)
    assert (worker.returncode, errors) == (0, "")


def jobs_by_status():
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT status::text, count(*) FROM procrastinate_jobs WHERE task_name = 'work_on_file' GROUP BY 1"
        )
        return dict(cursor.fetchall())


def wait_until(answer, *, seconds=30):
    deadline = time.monotonic() + seconds
    while not (found := answer()):
        assert time.monotonic() < deadline, "nothing happened"
        time.sleep(0.05)
    return found


def brought_in(person, content, name="2026-05-16_Ring_RENNEN_LAPS.CSV"):
    return batches.open_batch([Upload(name, content)], by=person).items.get()


def decided(person, item, event="Ring"):
    """A person has placed the file and confirmed what it would do."""
    target = ImportTarget(
        create=True, series="Cup", season="2026", name=event, date=SATURDAY, zone="Europe/Berlin", session="R"
    )
    batches.place(item, target)
    planned = batches.plan(batches.parse(item), target=target)
    batches.decide(item, by=person, target=target, expected=planned.fingerprint)


def stored():
    return Session.objects.count(), Lap.objects.count(), LapSet.objects.count(), ImportRun.objects.count()


def test_a_large_file_is_read_and_imported_by_the_worker(person):
    item = brought_in(person, lap_file(LAPS))
    assert (item.state, jobs_by_status()) == (State.WAITING, {"todo": 1})

    work_off()
    item.refresh_from_db()
    assert (item.state, item.report["rows"]["read"], jobs_by_status()) == (State.READY, LAPS, {})

    decided(person, item)
    assert stored() == (0, 0, 0, 0)
    work_off()

    item.refresh_from_db()
    assert (item.state, item.run.by, item.report["rows"]["created"]) == (State.DONE, person, LAPS)
    assert stored() == (1, LAPS, 1, 1)


def test_a_job_that_runs_twice_imports_once(person):
    item = brought_in(person, lap_file(LAPS))
    batches.work(item.pk)
    item.refresh_from_db()
    decided(person, item)

    for _again in range(3):
        batches.work(item.pk)
    work_off()

    assert stored() == (1, LAPS, 1, 1)


@pytest.mark.parametrize("later", [0, 0.1, 0.25])
def test_a_worker_killed_in_the_middle_leaves_all_or_nothing_and_the_next_one_finishes(person, later):
    item = brought_in(person, lap_file(LAPS))
    batches.work(item.pk)
    item.refresh_from_db()
    decided(person, item)
    victim = start_worker()
    wait_until(lambda: ImportItem.objects.filter(pk=item.pk, state=State.WORKING).exists())
    time.sleep(later)
    victim.send_signal(signal.SIGKILL)
    victim.communicate(timeout=10)
    wait_until(_only_we_are_connected)
    half = ImportItem.objects.get(pk=item.pk).state == State.WORKING
    assert stored() == ((0, 0, 0, 0) if half else (1, LAPS, 1, 1))

    work_off()

    item.refresh_from_db()
    assert (item.state, stored()) == (State.DONE, (1, LAPS, 1, 1))
    assert SourceDocument.objects.count() == 1


def _only_we_are_connected():
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()"
            " AND backend_type = 'client backend'"
        )
        return cursor.fetchone()[0] == 0


def test_a_worker_leaves_the_jobs_of_a_living_one_alone(person):
    brought_in(person, lap_file(LAPS))
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_lock_shared(%s)", [jobs.ALIVE])  # another worker lives
        cursor.execute(  # nobody's job would be taken up, and rightly
            "UPDATE procrastinate_jobs SET status = 'doing', worker_id = (SELECT procrastinate_register_worker_v1())"
            " WHERE task_name = 'work_on_file'"
        )
    try:
        work_off()
    finally:
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_unlock_shared(%s)", [jobs.ALIVE])

    assert jobs_by_status() == {"doing": 1}


def test_a_living_worker_takes_up_a_job_whose_end_it_could_not_write(person):
    """The database was gone when the job ended; the worker outlived it."""
    worker = start_worker()
    try:
        wait_until(_workers)
        item = brought_in(person, lap_file(1000))  # waits half a minute, so nobody takes it yet
        with connection.cursor() as cursor:
            cursor.execute(
                "UPDATE procrastinate_jobs SET status = 'doing', scheduled_at = NULL, worker_id = %s"
                " WHERE task_name = 'work_on_file'",
                [_workers()[0]],
            )
        wait_until(lambda: ImportItem.objects.filter(pk=item.pk, state=State.READY).exists())
    finally:
        worker.terminate()
        worker.communicate(timeout=30)
    assert jobs_by_status() == {}


def _workers():
    with connection.cursor() as cursor:
        cursor.execute("SELECT id FROM procrastinate_workers")
        return [key for (key,) in cursor.fetchall()]


def test_a_refusal_at_the_last_moment_goes_back_to_the_person(person):
    item = brought_in(person, lap_file(LAPS))
    batches.work(item.pk)
    item.refresh_from_db()
    decided(person, item)
    ImportItem.objects.update(expected="0" * 64)

    work_off()

    item.refresh_from_db()
    assert item.state == State.READY
    assert "Seit der Vorschau hat sich der gespeicherte Stand geändert" in item.report["error"]
    assert stored() == (0, 0, 0, 0)


def test_a_small_file_waits_for_its_request_before_a_job_takes_it_up(person):
    item = brought_in(person, lap_file(1000))
    work_off()
    assert ImportItem.objects.get(pk=item.pk).state == State.WAITING

    with connection.cursor() as cursor:  # the request died, half a minute has passed
        cursor.execute("UPDATE procrastinate_jobs SET scheduled_at = now() - interval '1 second'")
    work_off()

    assert ImportItem.objects.get(pk=item.pk).state == State.READY


def test_the_job_is_written_with_the_act_or_not_at_all(person):
    with transaction.atomic():
        brought_in(person, lap_file(LAPS))
        transaction.set_rollback(True)

    assert jobs_by_status() == {}
    assert not Event.objects.exists()


def test_health_tells_how_long_jobs_have_been_waiting(client, person):
    assert client.get("/healthz").json()["jobs"] == {"oldest_waiting_seconds": None, "worker_heard_seconds_ago": None}
    brought_in(person, lap_file(LAPS))
    with connection.cursor() as cursor:
        cursor.execute("UPDATE procrastinate_events SET at = now() - interval '90 seconds'")

    assert client.get("/healthz").json()["jobs"]["oldest_waiting_seconds"] in range(90, 100)
    work_off()
    assert client.get("/healthz").json()["jobs"]["oldest_waiting_seconds"] is None
