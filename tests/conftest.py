"""What every test gets: the embedded Postgres, an own media folder, no network but this machine's."""

import gc
import itertools
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.conf import settings
from django.db import connection

from tests import demo_database, emptying, made_database
from tests.demo_database import Demo

LOCAL_ADDRESSES = {"127.0.0.1", "::1", "localhost"}


def pytest_configure() -> None:
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]  # a login a test, not a second a test
    settings.STORAGES = {
        **settings.STORAGES,
        # Tests run without collectstatic, so there is no manifest to look names up in.
        "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
    }
    settings.STATIC_ROOT = settings.STATICFILES_DIRS[0]  # and no folder of collected files, of which WhiteNoise warns
    options = settings.DATABASES["default"].setdefault("OPTIONS", {})
    # A test database may lose its last commits in a power cut.
    options["options"] = f"{options.get('options', '')} -c synchronous_commit=off".strip()


# --- before the first test ---------------------------------------------------------------------------------------------


def pytest_sessionstart(session: pytest.Session) -> None:
    """Before several workers collect, a process of its own begins to migrate for them all."""
    config = session.config
    if config.getoption("numprocesses", None) and not hasattr(config, "workerinput") and not config.option.collectonly:
        command = [sys.executable, "-m", "tests.made_database"]
        maker = subprocess.Popen(command, cwd=config.rootpath, stdin=subprocess.DEVNULL)
        config.add_cleanup(maker.wait)  # what it says of a fault; a worker makes it anew and fails with the same


@pytest.fixture(scope="session")
def django_db_modify_db_settings(
    django_db_modify_db_settings, django_db_keepdb, django_db_use_migrations, django_db_blocker
) -> None:
    """The test database is a copy of the migrated one, and `migrate` finds that nothing is missing."""
    if django_db_use_migrations and not django_db_keepdb:
        with django_db_blocker.unblock():
            connection.settings_dict["TEST"]["TEMPLATE"] = made_database.make()


def pytest_collection_finish() -> None:
    """Django and thousands of tests stay until the end: nobody needs to look through them again and again for garbage.

    What a test leaves open is closed with its last reference, and complains then; what hangs in a circle is found a little
    later, by some test after it, and by the last one of a worker at the latest.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(20_000, 20, 20)


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_teardown(nextitem: pytest.Item | None) -> None:
    if nextitem is None:
        gc.collect()


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup, django_db_blocker) -> None:
    """No vacuum comes by in the midst of a test, and what a test commits is taken away afterwards."""
    with django_db_blocker.unblock():
        demo_database.leave_unvacuumed()
        emptying.take_over()


@pytest.fixture(scope="session")
def demo_made(django_db_setup, django_db_blocker, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Demo]:
    """The demo that tests are given copies of."""
    with django_db_blocker.unblock(), demo_database.loaded(tmp_path_factory.mktemp("pictures")) as demo:
        yield demo


# --- around every test -------------------------------------------------------------------------------------------------


@pytest.fixture(scope="session")
def _media_folders(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """Names of folders that whoever writes makes; a test of a parser needs none."""
    base = tmp_path_factory.mktemp("media")
    return (base / str(number) for number in itertools.count())


@pytest.fixture(autouse=True)
def _media_of_its_own(settings, _media_folders: Iterator[Path]) -> None:
    settings.MEDIA_ROOT = next(_media_folders)


@pytest.fixture(autouse=True)
def _no_network(monkeypatch: pytest.MonkeyPatch) -> None:
    """A test that asks another machine fails at once, with the address."""
    connect, connect_ex = socket.socket.connect, socket.socket.connect_ex

    def refuse_strangers(sock: socket.socket, address: object) -> None:
        if sock.family in {socket.AF_INET, socket.AF_INET6} and address[0] not in LOCAL_ADDRESSES:
            raise AssertionError(f"a test tried to reach {address}")

    def guarded_connect(sock, address):
        refuse_strangers(sock, address)
        return connect(sock, address)

    def guarded_connect_ex(sock, address):
        refuse_strangers(sock, address)
        return connect_ex(sock, address)

    monkeypatch.setattr(socket.socket, "connect", guarded_connect)
    monkeypatch.setattr(socket.socket, "connect_ex", guarded_connect_ex)


def pytest_terminal_summary(terminalreporter) -> None:
    """Say loudly that nobody looked at the pages in a browser; a skip among hundreds of dots is overlooked."""
    skipped = [report for report in terminalreporter.stats.get("skipped", []) if "tests/browser/" in report.nodeid]
    if skipped:
        terminalreporter.write_sep("!", f"{len(skipped)} BROWSER TESTS DID NOT RUN", red=True, bold=True)
        terminalreporter.write_line(
            "They need Chromium (Debian: apt-get install chromium). The reasons are listed above."
        )
