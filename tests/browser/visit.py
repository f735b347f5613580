"""One person's browser: goes to pages, takes their pictures, asks axe about them, and notes all that went wrong."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import BrowserContext, ConsoleMessage, Page, Request, Response

from racedesk.demo.accounts import ACCOUNTS

PASSWORDS = {account.role: account.password for account in ACCOUNTS}
ARTEFACTS = Path(__file__).resolve().parents[2] / "artefacts" / "browser"
PICTURE = 60_000  # ms; a long page on a busy machine takes its time to be painted, and no reader waits for it
WINDOW = {"width": 1280, "height": 900}
LOOKS = [(width, scheme) for width in (360, 1280) for scheme in ("light", "dark")]
# What WCAG 2.2 AA asks for, as far as a machine can tell.
WCAG = {
    "preload": False,
    "runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"],
    "resultTypes": ["violations"],
}
# Said of every answer from 400 on; `_answered` judges those by their status.
ECHO_OF_A_STATUS = "Failed to load resource: the server responded with a status of"


class Visit:
    """A browser context with one page. `close` gives the complaints of the whole visit, an empty list if all went well.

    A reader (`has_cookies=False`) must leave without a single cookie.
    """

    def __init__(self, context: BrowserContext, address: str, *, has_cookies: bool) -> None:
        self.context, self.address, self.has_cookies = context, address, has_cookies
        self.complaints: list[str] = []
        self.expected_status: int | None = None
        self.is_measuring = self.is_closed = False
        context.on("request", self._asked)
        context.on("requestfailed", self._failed)
        context.on("response", self._answered)
        context.on("console", self._console)
        context.on("weberror", lambda error: self.complain(f"script error: {error.error}"))
        self.page: Page = context.new_page()
        self.page.set_viewport_size(WINDOW)

    def complain(self, what: str) -> None:
        self.complaints.append(f"{self.page.url if hasattr(self, 'page') else 'start'}: {what}")

    def _asked(self, request: Request) -> None:
        if not request.url.startswith((self.address, "data:", "blob:")):
            self.complain(f"asked a stranger: {request.url}")

    def _failed(self, request: Request) -> None:
        # A page that is left drops what it was still waiting for.
        if request.failure != "net::ERR_ABORTED":
            self.complain(f"request failed: {request.url} {request.failure}")

    def _answered(self, response: Response) -> None:
        if response.status >= 400 and response.status != self.expected_status:
            self.complain(f"status {response.status}: {response.url}")

    def _console(self, message: ConsoleMessage) -> None:
        # Violations of the content security policy arrive here too.
        if self.is_measuring:
            return
        if message.type in {"error", "warning"} and not message.text.startswith(ECHO_OF_A_STATUS):
            self.complain(f"console {message.type}: {message.text}")

    def close(self) -> list[str]:
        if self.is_closed:
            return self.complaints
        self.is_closed = True
        cookies = self.context.cookies()
        if cookies and not self.has_cookies:
            self.complain(f"cookies for a reader: {sorted(cookie['name'] for cookie in cookies)}")
        self.context.close()
        return self.complaints

    @contextmanager
    def expecting(self, status: int) -> Iterator[None]:
        """Answers with this status are no complaint in here."""
        self.expected_status = status
        yield
        self.expected_status = None

    def go(self, path: str) -> Response:
        response = self.page.goto(path)
        assert response is not None
        return response

    @property
    def text(self) -> str:
        """What stands in the page's own part, white space folded."""
        return " ".join(self.page.locator("main").inner_text().split())

    def press(self, name: str) -> None:
        """Click the button or link of that name and wait for the page it leads to."""
        target = self.page.get_by_role("button", name=name, exact=True)
        target = target.or_(self.page.get_by_role("link", name=name, exact=True))
        with self.page.expect_navigation():
            target.first.click()

    def wait_until(self, condition: str) -> None:
        """Until the script says true; ten seconds at most.

        Playwright's own `wait_for_function` asks again from within the page, where the policy forbids `eval`.
        """
        deadline = time.monotonic() + 10
        while not self.page.evaluate(condition):
            assert time.monotonic() < deadline, f"never came true: {condition}"
            time.sleep(0.02)

    def look(self, name: str) -> None:
        """Pictures of the whole page at 360 and 1280 px, light and dark, in artefacts/.

        What axe finds against WCAG 2.2 AA and a page wider than its window are complaints.
        """
        # The tools put styles of their own into the page, which its policy refuses; that is not the page's doing.
        self.is_measuring = True
        for width, scheme in LOOKS:
            seen = f"{name}-{width}-{scheme}"
            self.page.emulate_media(color_scheme=scheme)
            self._show_all(width)
            self.page.screenshot(path=ARTEFACTS / f"{seen}.png", animations="disabled", timeout=PICTURE)
            overhang = self.page.evaluate("document.documentElement.scrollWidth - window.innerWidth")
            if overhang > 0:
                self.complain(f"{seen}: the page is {overhang} px wider than the window")
            self.complaints += [f"{seen}: {violation}" for violation in violations(self.page)]
        self.is_measuring = False
        self.page.emulate_media(color_scheme="light")
        self.page.set_viewport_size(WINDOW)

    def _show_all(self, width: int) -> None:
        """A window as high as the page, so that bars that stick to its edges cover nothing, with every picture loaded."""
        self.page.set_viewport_size({"width": width, "height": 740})
        height = self.page.evaluate("document.documentElement.scrollHeight")
        self.page.set_viewport_size({"width": width, "height": height})
        self.page.evaluate(
            "Promise.all([...document.images].map(one => { one.loading = 'eager'; return one.decode().catch(() => 0) }))"
        )


def violations(page: Page) -> list[str]:
    """What axe finds against WCAG 2.2 AA: rule, elements, reason."""
    found = Axe().run(page, options=WCAG).response["violations"]
    return [
        " ".join(f"{rule['id']}: {node['target']}: {node['failureSummary']}".split())
        for rule in found
        for node in rule["nodes"]
    ]


def take_over(page: Page) -> None:
    """Begin to write in a form that somebody else has open."""
    page.get_by_role("button", name="Übernehmen").click()
    page.locator("#article_form:not(.read-first)").wait_for()


def choose(page: Page, field: str, words: str) -> None:
    """Type into one of the admin's search boxes, by the id of its field, and take the first hit."""
    page.locator(f"#{field} + .select2").click()
    page.locator(".select2-search__field:focus").type(words)
    page.locator(".select2-results__option--highlighted", has_text=words).click()
