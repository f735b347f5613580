"""A real Chromium before a real server with the embedded Postgres; every page is watched while it is open.

Without Chromium these tests are skipped, and the run says so loudly at its end (`tests/conftest.py`).
"""

import os
import shutil
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from urllib.parse import urljoin

import pytest
from django.contrib.auth.models import User
from django.db import connection
from playwright.sync_api import Browser, sync_playwright

from racedesk.demo.accounts import create_accounts
from tests import demo_database
from tests.browser.visit import PASSWORDS, Visit

NAMES = ("chromium", "chromium-browser", "google-chrome")
HERE = Path(__file__).parent


def find_chromium() -> str | None:
    """The browser named by CHROME_PATH, else the first of the usual names on PATH."""
    named = os.environ.get("CHROME_PATH")
    return named or next(filter(None, map(shutil.which, NAMES)), None)


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--bilder", action="store_true", help="write the pictures of README and handbook into docs/bilder")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if HERE in item.path.parents:
            item.add_marker(pytest.mark.browser)


@pytest.fixture(scope="package")
def chromium() -> Iterator[Browser]:
    path = find_chromium()
    if path is None:
        pytest.skip(f"no Chromium: none of {', '.join(NAMES)} on PATH, and CHROME_PATH is not set")
    sandbox = ["--no-sandbox"] if os.geteuid() == 0 else []
    # Playwright runs an event loop in this thread, which Django would take for asynchronous code.
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
    with sync_playwright() as playwright:
        # German buttons on file fields, the same glyphs everywhere.
        language = {**os.environ, "LANGUAGE": "de", "LANG": "de_DE.UTF-8"}
        arguments = [*sandbox, "--lang=de-DE", "--font-render-hinting=none", "--disable-lcd-text"]
        browser = playwright.chromium.launch(executable_path=path, args=arguments, env=language)
        yield browser
        browser.close()
    del os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"]


@pytest.fixture
def address(live_server, settings) -> str:
    """Where the server of this test listens; feeds and canonical links name it too."""
    settings.SITE_URL = live_server.url
    return live_server.url


def wait_for_last_requests() -> None:
    """A form that closes says so: its request would meet the emptying of the tables, and one of both be cut off."""
    busy = (
        "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()"
        " AND state IN ('active', 'idle in transaction')"
    )
    calm, deadline = 0, time.monotonic() + 10
    while calm < 5 and time.monotonic() < deadline:
        with connection.cursor() as cursor:
            cursor.execute(busy)
            calm = 0 if cursor.fetchone()[0] else calm + 1
        time.sleep(0.05)


@pytest.fixture
def visit(chromium, address) -> Iterator[Callable[..., Visit]]:
    """`visit()` opens a browser of its own (own cookies) and watches all that happens in it until the test ends."""
    visits: list[Visit] = []

    def open_browser(*, has_cookies: bool = False, **options) -> Visit:
        context = chromium.new_context(
            base_url=address, locale="de-DE", timezone_id="Europe/Berlin", reduced_motion="reduce", **options
        )
        context.set_default_timeout(10_000)
        visits.append(Visit(context, address, has_cookies=has_cookies))
        return visits[-1]

    yield open_browser
    complaints = [complaint for one in visits for complaint in one.close()]
    wait_for_last_requests()
    assert not complaints, "\n".join(complaints)


@pytest.fixture
def people(transactional_db):
    """The people of the desk by role, with the passwords of the demo."""
    return create_accounts()


@pytest.fixture
def log_in(visit, people) -> Callable[..., Visit]:
    """`log_in("chief")` opens a browser of that person's own and logs in through the form."""

    def at_the_desk(role: str, **options) -> Visit:
        desk = visit(has_cookies=True, **options)
        desk.go("/admin/")
        desk.page.get_by_label("Benutzername").fill(role)
        desk.page.get_by_label("Passwort").fill(PASSWORDS[role])
        desk.page.get_by_role("button", name="Anmelden").click()
        desk.page.wait_for_url(urljoin(desk.address, "/admin/"))
        return desk

    return at_the_desk


@pytest.fixture
def demo(transactional_db, demo_made, settings) -> Iterator[None]:
    """The demo season: pages with everything on them that a page can hold. To be asked for before `people`."""
    assert not User.objects.exists()
    shutil.copytree(demo_made.pictures, settings.MEDIA_ROOT)
    with demo_database.copied(demo_made):
        yield
