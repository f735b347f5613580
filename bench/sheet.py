"""How fast the sheet of a result is with 150 cars, in Chromium before the real server: python -m bench.sheet

Makes its own database (bench_sheet). Measured in the page: from the start of the navigation until it can be typed into,
150 pasted lines until they are judged, "Speichern …" until every change is shown, "Fassung speichern" until it is
confirmed. Limits of issue 6: opened and saved in under 500 ms each. As root Chromium runs without its sandbox.
"""

import os
import signal
import statistics
import subprocess
import sys
import time
from pathlib import Path

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "racedesk.settings")
os.environ["RACEDESK_REQUIRE_MFA"] = "0"
os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"

import django

django.setup()

from django.conf import settings  # noqa: E402
from django.contrib.auth.models import User  # noqa: E402
from django.core.management import call_command  # noqa: E402
from django.db import connection  # noqa: E402
from django.test import Client  # noqa: E402
from playwright.sync_api import Page, sync_playwright  # noqa: E402

from bench.databases import own_database  # noqa: E402
from racedesk.roles import group_of  # noqa: E402
from results.models import Classification, Session  # noqa: E402
from tests.browser.conftest import find_chromium  # noqa: E402
from tests.results.sheet.fields import ADDRESS, a_field, a_result  # noqa: E402

CARS, ROUNDS, PORT = 150, 15, 8767
NAME = "bench_sheet"
ROOT = Path(__file__).resolve().parent.parent
# Milliseconds from an act until a condition holds, looked at with every frame.
TIMED = """async ([act, done]) => {
  const begun = performance.now();
  new Function(act)();
  const isDone = new Function(`return ${done}`);
  await new Promise((ready) => { const look = () => (isDone() ? ready() : requestAnimationFrame(look)); look(); });
  return performance.now() - begun;
}"""


def the_session() -> Session:
    """A fresh race with a released result."""
    session = a_field(CARS, classes=("GT3", "GT4", "Cup", "TCR"))
    a_result(session, CARS)
    return session


def a_person() -> User:
    person, _made = User.objects.get_or_create(username="bench", defaults={"is_staff": True})
    person.groups.add(group_of("results"))
    return person


def opened(page: Page, address: str) -> float:
    page.goto(address)
    page.wait_for_function("performance.getEntriesByName('sheet-ready').length")
    return float(page.evaluate("performance.getEntriesByName('sheet-ready')[0].startTime"))


def timed(page: Page, act: str, done: str) -> float:
    return float(page.evaluate(TIMED, [act, done]))


def one_round(page: Page, address: str, number: int) -> dict[str, float]:
    """Opens, changes one column of all cars by pasting, looks at the changes and saves them."""
    found = {"open": opened(page, address)}
    column = "\\n".join(str((number + car) % CARS + 1) for car in range(CARS))
    paste = f"""const data = new DataTransfer(); data.setData('text/plain', "{column}");
        document.querySelector('td.column-grid').focus();
        document.activeElement.dispatchEvent(new ClipboardEvent('paste', {{clipboardData: data, bubbles: true, cancelable: true}}));
        document.querySelector('[data-sheet=tally]').textContent = '';"""
    found["paste and judge"] = timed(page, paste, "document.querySelector('[data-sheet=tally]').textContent !== ''")
    found["show changes"] = timed(
        page, "document.querySelector('.sheet-end [data-act=save]').click()",
        "!document.querySelector('[data-part=store]').disabled && document.getElementById('sheet-save').open",
    )  # fmt: skip
    confirm = "const box = document.querySelector('[name=confirmed]'); if (box) box.checked = true;"
    act = f"document.getElementById('sheet-reason').value = 'Runde {number}'; {confirm} document.querySelector('[data-part=store]').click()"
    found["save"] = timed(page, act, "!document.querySelector('[data-sheet=saved]').hidden")
    return found


def main() -> None:
    with own_database(NAME, keep=False):
        call_command("migrate", verbosity=0)
        call_command("collectstatic", interactive=False, verbosity=0)
        session, client = the_session(), Client()
        client.force_login(a_person())
        connection.close()
        server = subprocess.Popen(
            [sys.executable, "manage.py", "serve", "--port", str(PORT)], cwd=ROOT, start_new_session=True,
            env={**os.environ, "RACEDESK_DB_NAME": NAME}, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
        )  # fmt: skip
        try:
            measure(session, client.cookies[settings.SESSION_COOKIE_NAME].value)
        finally:
            os.killpg(server.pid, signal.SIGINT)
            server.wait(timeout=60)
        print(f"versions: {Classification.objects.filter(session=session).count()}")


def measure(session: Session, login: str) -> None:
    base = f"http://127.0.0.1:{PORT}"
    with sync_playwright() as playwright:
        sandbox = ["--no-sandbox"] if os.geteuid() == 0 else []
        browser = playwright.chromium.launch(executable_path=find_chromium(), args=sandbox)
        # The page's policy allows no code from text, which the clock here is made of.
        context = browser.new_context(bypass_csp=True)
        context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": login, "url": base}])
        page = context.new_page()
        for _attempt in range(300):
            try:
                page.goto(f"{base}/healthz")
                break
            except Exception:  # noqa: BLE001 - whatever a server that is not there yet answers
                time.sleep(0.2)
        rounds = [one_round(page, f"{base}{ADDRESS}{session.pk}/", number) for number in range(ROUNDS)]
        browser.close()
    for name in rounds[0]:
        times = sorted(one[name] for one in rounds[1:])  # the first warms the server
        print(f"{name:16} median {statistics.median(times):5.0f} ms, worst {times[-1]:5.0f} ms")


if __name__ == "__main__":
    main()
