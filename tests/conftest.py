"""What every test gets: the embedded Postgres, an own media folder, no network but this machine's."""

import socket
from pathlib import Path

import pytest
from django.conf import settings
from django.db import connection

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


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup, django_db_blocker) -> None:
    """Tests roll back, so a vacuum that comes by notes full pages without a row, and every plan is a bad one by chance.

    That this costs an import nothing is what tests/results/test_planner.py asks, on purpose.
    """
    with django_db_blocker.unblock(), connection.cursor() as cursor:
        tables = connection.introspection.table_names(cursor)
        for table in tables:
            cursor.execute(f"ALTER TABLE {connection.ops.quote_name(table)} SET (autovacuum_enabled = false)")


@pytest.fixture(autouse=True)
def _media_of_its_own(settings, tmp_path: Path) -> None:
    settings.MEDIA_ROOT = tmp_path / "media"


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
