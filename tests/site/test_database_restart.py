"""A Postgres that goes away in the middle of an import: a clear error, nothing half done, recovery without hands."""

import os
import re
import secrets
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import IO
from urllib.parse import quote

import psycopg
import pytest

from racedesk import localdb
from tests.site.test_jobs import lap_file

PROJECT = Path(__file__).parents[2]
pytestmark = pytest.mark.slow
LAPS = 30_000
PLACE = ["--create", "--series", "NLS", "--season", "2026", "--name", "Ring", "--date", "2026-05-16", "--zone",
         "Europe/Berlin", "--session", "R"]  # fmt: skip
QUEUE = """
from django.contrib.auth.models import User
from results.importers import batches
from results.importers.plan import ImportTarget, Upload
import datetime, pathlib
by = User.objects.create_user("e", password="x")
item = batches.open_batch([Upload("laps.csv", pathlib.Path({path!r}).read_bytes())], by=by).items.get()
batches.work(item.pk); item.refresh_from_db()
target = ImportTarget(create=True, series="NLS", season="2026", name="Ring", date=datetime.date(2026, 5, 16), zone="Europe/Berlin", session="R")
batches.place(item, target)
batches.decide(item, by=by, target=target, expected=batches.plan(batches.parse(item), target=target).fingerprint)
"""

DECIDE = """
from tests.results.stewards_made import HOUR, decide, result
session = result(("1", HOUR), *((str(car), car * 1_000) for car in range(2, {cars} + 1)))
for car in range(1, {cars} + 1):
    decide(session, str(car), "time", 500 * car)
"""
APPLY = """
from django.contrib.auth.models import User
from results.amending import apply_decisions
from results.models import Session
from results.proposal import pending
session, by = Session.objects.get(), User.objects.first() or User.objects.create_user("e", password="x")
for one in pending(session):
    apply_decisions(session, decisions=[one], by=by)
"""
CARS = 40


class Server:
    """A cluster of this test's own, and commands that work in it."""

    def __init__(self, tmp_path: Path) -> None:
        name = f"racedesk-{secrets.token_hex(6)}"
        shelf = localdb.ROOT_SHELF if os.geteuid() == 0 else localdb.SHARED_SHELF
        home = shelf / name if os.geteuid() == 0 else tmp_path / name
        self.cluster = localdb.Cluster(name, home, home / "run" if os.geteuid() == 0 else shelf / name)
        self.log = tmp_path

    def up(self) -> None:
        self.cluster.ensure_running()

    def connect(self, dbname: str = "racedesk") -> psycopg.Connection:
        return psycopg.connect(host=str(self.cluster.sockets), user=localdb.OWNER, dbname=dbname, autocommit=True)

    def start(self, *command: str, stderr: int | IO = subprocess.PIPE) -> subprocess.Popen:
        url = f"postgres://{localdb.OWNER}@{quote(str(self.cluster.sockets), safe='')}/racedesk"
        environment = {**os.environ, "DATABASE_URL": url, "RACEDESK_SECRET_KEY": "x" * 60}
        return subprocess.Popen(
            [sys.executable, "manage.py", *command], cwd=PROJECT, env=environment, stdout=subprocess.DEVNULL,
            stderr=stderr, text=True,
        )  # fmt: skip

    def start_worker(self) -> subprocess.Popen:
        """Its words go to a file: a pipe that nobody reads would stop it once it is full."""
        with (self.log / "worker.log").open("a") as log:
            return self.start("work", stderr=log)

    def run(self, *command: str) -> None:
        process = self.start(*command)
        _out, errors = process.communicate(timeout=120)
        assert process.returncode == 0, errors

    def laps(self) -> int:
        with self.connect() as connection:
            return connection.execute("SELECT count(*) FROM results_lap").fetchone()[0]

    def has_laps(self) -> bool:
        """A server that has just been killed may still turn callers away once."""
        try:
            return self.laps() > 0
        except psycopg.OperationalError:
            return False

    def words(self) -> str:
        """What the worker said last, and what the database knows of jobs and workers."""
        with self.connect() as connection:
            jobs = connection.execute("SELECT id, task_name, status, attempts, worker_id FROM procrastinate_jobs")
            known = connection.execute("SELECT id, now() - last_heartbeat FROM procrastinate_workers")
            items = connection.execute("SELECT state, report->>'error' FROM results_importitem")
            facts = [cursor.fetchall() for cursor in (jobs, known, items)]
        return f"{(self.log / 'worker.log').read_text()[-4000:]}\n{facts}"

    def wait_for_import(self) -> None:
        """Until somebody holds the lock of all imports."""
        deadline = time.monotonic() + 60
        with self.connect() as connection:
            while not connection.execute(
                "SELECT 1 FROM pg_locks WHERE locktype = 'advisory' AND objid = %s AND mode = 'ExclusiveLock'",
                [0x72616365],
            ).fetchone():
                assert time.monotonic() < deadline, "no import began"
                time.sleep(0.01)

    def go_down(self, how: str) -> None:
        if how == "restarted":
            self.cluster.stop(seconds=10)
        else:
            os.kill(self.cluster.postmaster(), signal.SIGKILL)
            # A signal is not a death: who asks at once is told that the server runs, and starts none.
            deadline = time.monotonic() + 10
            while self.cluster.postmaster() is not None:
                assert time.monotonic() < deadline, "the server outlived its kill"
                time.sleep(0.01)


@pytest.fixture(scope="module")
def migrated(tmp_path_factory):
    """A server that nothing but these tests uses, with a migrated database to copy."""
    made = Server(tmp_path_factory.mktemp("server"))
    made.up()
    with made.connect("postgres") as connection:
        connection.execute("CREATE DATABASE racedesk")
        made.run("migrate", "-v0")
        connection.execute("ALTER DATABASE racedesk RENAME TO migrated")
    yield made
    made.cluster.stop(seconds=10)
    for folder in (made.cluster.sockets, made.cluster.home):
        shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture
def server(migrated):
    """The server with an empty site in it. What a test left connected is turned out."""
    migrated.up()
    (migrated.log / "worker.log").unlink(missing_ok=True)
    with migrated.connect("postgres") as connection:
        connection.execute("DROP DATABASE IF EXISTS racedesk WITH (FORCE)")
        connection.execute("CREATE DATABASE racedesk TEMPLATE migrated")
    return migrated


@pytest.mark.parametrize("how", ["restarted", "killed"])
def test_a_database_that_goes_away_costs_an_import_nothing_but_time(server, tmp_path, how):
    path = tmp_path / "laps.csv"
    path.write_bytes(lap_file(LAPS))
    command = server.start("import_results", str(path), *PLACE)
    server.wait_for_import()
    server.go_down(how)
    _out, errors = command.communicate(timeout=60)
    assert command.returncode == 1
    assert re.search("Die Datenbank ist während des Imports weggefallen. Geschrieben ist nichts", errors), errors
    assert "Traceback" not in errors

    server.up()
    assert server.laps() == 0

    server.run("shell", "-c", QUEUE.format(path=str(path)))
    worker = server.start_worker()
    server.wait_for_import()
    server.go_down(how)
    began = time.monotonic()
    server.up()
    while not server.has_laps():
        if worker.poll() is not None:  # its master would start another
            worker = server.start_worker()
        assert time.monotonic() - began < 170, f"nobody took the import up:\n{server.words()}"
        time.sleep(0.2)
    worker.terminate()
    worker.wait(timeout=30)
    assert server.laps() == LAPS
    with server.connect() as connection:
        assert connection.execute("SELECT state FROM results_importitem").fetchall() == [("done",)]


@pytest.mark.parametrize("how", ["restarted", "killed"])
def test_a_database_that_goes_away_while_decisions_are_applied_leaves_whole_versions(server, how):
    """Fault C6: a version is there with all its lines and decisions, or it is not there at all."""
    server.run("shell", "-c", DECIDE.format(cars=CARS))
    command = server.start("shell", "-c", APPLY)
    _wait_for_versions(server, 3)
    server.go_down(how)
    _out, errors = command.communicate(timeout=60)
    assert command.returncode != 0
    assert "OperationalError" in errors or "AdminShutdown" in errors

    server.up()
    made = _whole_versions(server)
    assert 3 <= made <= CARS

    server.run("shell", "-c", APPLY)
    assert _whole_versions(server) == CARS + 1


def _wait_for_versions(server, number):
    deadline = time.monotonic() + 60
    with server.connect() as connection:
        while connection.execute("SELECT count(*) FROM results_classification").fetchone()[0] < number:
            assert time.monotonic() < deadline, "nothing was applied"
            time.sleep(0.01)


def _whole_versions(server):
    """How many versions there are; each whole, the last one current, their windows without a gap."""
    with server.connect() as connection:
        versions = connection.execute(
            "SELECT version, is_current, public_from, public_until,"
            " (SELECT count(*) FROM results_classificationrow r WHERE r.classification_id = c.id),"
            " (SELECT count(*) FROM results_applieddecision a WHERE a.classification_id = c.id)"
            " FROM results_classification c ORDER BY version"
        ).fetchall()
    assert [(number, rows, applied) for number, _now, _from, _until, rows, applied in versions] == [
        (number, CARS, number - 1) for number in range(1, len(versions) + 1)
    ]
    assert [now for _number, now, *_rest in versions] == [False] * (len(versions) - 1) + [True]
    assert [one[3] for one in versions] == [*(one[2] for one in versions[1:]), None]
    return len(versions)
