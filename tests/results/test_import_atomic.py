"""An import is whole or not at all: against others at the same time, and against being killed."""

import os
import random
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from django.conf import settings
from django.db import connection, transaction

from bench.wige import lap_file
from results.importers.plan import ImportRefused
from results.models import Classification, Driver, Entry, ImportRun, Lap, LapSet, Session, SourceDocument
from tests.results.made import changed, load, parsed, row, session, two_cars

pytestmark = pytest.mark.django_db(transaction=True)

LAPS = 10_000
ROUNDS = 6


def in_thread(act):
    """Runs the act beside this thread; `outcome` holds what it gave or raised once the thread has ended."""

    def run():
        try:
            thread.outcome = act()
        except ImportRefused as refusal:
            thread.outcome = refusal
        finally:
            connection.close()

    thread = threading.Thread(target=run)
    thread.start()
    return thread


def test_two_imports_of_one_session_at_once_wait_for_each_other():
    file = parsed(session(rows=two_cars()))
    with transaction.atomic():
        load(file)
        second = in_thread(lambda: load(file, content=b"the same, by somebody else"))
        second.join(0.5)
        assert second.is_alive()
    second.join(10)

    assert second.outcome.plan.is_empty
    assert Classification.objects.count() == 1


def test_the_later_of_two_differing_imports_sees_what_the_first_has_written():
    file = parsed(session(rows=two_cars()))
    with transaction.atomic():
        load(file)
        second = in_thread(lambda: load(changed(file, "8", best_lap_ms=106_600), content=b"corrected"))
        second.join(0.5)
        assert second.is_alive()
    second.join(10)

    assert isinstance(second.outcome, ImportRefused)
    assert "1:46,540 → 1:46,600" in str(second.outcome)
    assert Classification.objects.count() == 1


def test_imports_of_two_events_at_once_create_their_driver_once():
    def file(event):
        return parsed(session(rows=(row("7", 1),)), event=event)

    with transaction.atomic():
        load(file("Monza"))
        second = in_thread(lambda: load(file("Spa"), content=b"spa"))
        second.join(0.3)
    second.join(10)

    assert Driver.objects.count() == 1
    assert Entry.objects.count() == 2


def own_environment():
    """The environment of a process that works in the database of this test."""
    name = connection.settings_dict["NAME"]
    environment = {**os.environ, "RACEDESK_DB_NAME": name}
    if settings.DATABASE_URL:
        environment["DATABASE_URL"] = urlsplit(settings.DATABASE_URL)._replace(path=f"/{name}").geturl()
    return environment


def start_import(path, event):
    place = ["--create", "--series", "NLS", "--season", "2026", "--name", event, "--date", "2026-05-16"]
    command = [
        sys.executable,
        "manage.py",
        "import_results",
        str(path),
        *place,
        "--zone",
        "Europe/Berlin",
        "--session",
        "R",
    ]
    return subprocess.Popen(
        command, cwd=Path(settings.BASE_DIR), env=own_environment(), stdout=subprocess.DEVNULL, stderr=subprocess.PIPE
    )


def stored(event):
    """What there is of an event: its sessions, cars, laps and whether the laps know their origin."""
    return (
        Session.objects.filter(event__name=event).count(),
        Entry.objects.filter(event__name=event).count(),
        Lap.objects.filter(session_entry__session__event__name=event).count(),
        LapSet.objects.filter(session__event__name=event).count(),
    )


@pytest.mark.slow
def test_an_import_killed_at_any_moment_leaves_all_or_nothing(tmp_path):
    path = tmp_path / "laps.csv"
    path.write_bytes(lap_file(LAPS))
    began = time.monotonic()
    whole = start_import(path, "Unversehrt")
    _out, errors = whole.communicate(timeout=60)
    took = time.monotonic() - began
    assert (whole.returncode, errors) == (0, b"")
    assert stored("Unversehrt") == (1, 130, LAPS, 1)

    dice = random.Random(20260516)
    outcomes = []
    for number in range(ROUNDS):
        event = f"Abgebrochen {number}"
        victim = start_import(path, event)
        time.sleep(dice.uniform(0.4, 1.0) * took)
        victim.send_signal(signal.SIGKILL)
        victim.communicate(timeout=60)
        wait_until_quiet()
        outcomes.append(stored(event))

    assert set(outcomes) <= {(0, 0, 0, 0), (1, 130, LAPS, 1)}
    assert ImportRun.objects.count() == 1 + outcomes.count((1, 130, LAPS, 1))
    assert SourceDocument.objects.count() == 1
    start_import(path, "Danach").communicate(timeout=60)
    assert stored("Danach") == (1, 130, LAPS, 1)


def wait_until_quiet():
    """Until the server has noticed that the killed process is gone."""
    deadline = time.monotonic() + 30
    while time.monotonic() < deadline:
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()"
                " AND backend_type = 'client backend'"
            )
            (others,) = cursor.fetchone()
        if not others:
            return
        time.sleep(0.05)
    raise AssertionError("the server still holds the connection of the killed import")
