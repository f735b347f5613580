"""What a public page costs without any cache: CPU milliseconds a request, beside a bare Django view in the same run.

Run on the demo's data after `make demo`:  python -m bench.pages
"""

import logging
import os
import time
from collections.abc import Callable
from statistics import median

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "racedesk.settings")

import django

django.setup()

from django.conf import settings  # noqa: E402
from django.core.handlers.wsgi import WSGIHandler  # noqa: E402
from django.db import connection  # noqa: E402
from django.db.models import Count  # noqa: E402
from django.http import HttpRequest, HttpResponse  # noqa: E402
from django.test import RequestFactory  # noqa: E402
from django.test.utils import CaptureQueriesContext  # noqa: E402
from django.urls import path  # noqa: E402

from articles.models import Publication  # noqa: E402
from racedesk import urls  # noqa: E402
from results.models import Classification  # noqa: E402

ROUNDS, REQUESTS = 7, 40


def bare(request: HttpRequest) -> HttpResponse:
    return HttpResponse(b"ok")


def quiet() -> None:
    """The request log would measure the terminal, and a kept page nothing at all."""
    logging.disable(logging.CRITICAL)
    settings.KEPT_ANSWERS_BYTES = 0


def ask(handler: WSGIHandler, address: str) -> tuple[int, int]:
    """Status and bytes of one request through the whole middleware stack."""
    environ = RequestFactory().get(address, HTTP_HOST="127.0.0.1").environ
    seen: list[int] = []
    body = handler(environ, lambda status, headers: seen.append(int(status[:3])))
    return seen[0], sum(len(part) for part in body)


def cpu_ms(handler: WSGIHandler, address: str) -> float:
    start = time.process_time()
    for _ in range(REQUESTS):
        ask(handler, address)
    return (time.process_time() - start) * 1000 / REQUESTS


def pages() -> dict[str, str]:
    story = Publication.objects.public().order_by("pk").first()
    largest = Classification.objects.public().annotate(cars=Count("rows")).order_by("-cars").first()
    if story is None or largest is None:
        raise SystemExit("No public story or classification: run `make demo` first.")
    session = largest.session
    return {
        "bare view": "/bench-bare/",
        "article": story.get_absolute_url(),
        f"session ({largest.cars} rows)": session.get_absolute_url(),
        "event": session.event.get_absolute_url(),
        "series": session.event.season.series.get_absolute_url(),
        "home": "/",
        "rss feed": "/feeds/rss.xml",
    }


def measure(handler: WSGIHandler, addresses: dict[str, str], clock: Callable[[WSGIHandler, str], float]) -> None:
    figures: dict[str, list[float]] = {name: [] for name in addresses}
    for _ in range(ROUNDS):  # in turn, so that a slow moment of the machine hits all of them
        for name, address in addresses.items():
            figures[name].append(clock(handler, address))
    base = median(figures["bare view"])
    print(f"{'page':24} {'CPU ms':>8} {'x bare':>7} {'queries':>8} {'kB':>7}")
    for name, address in addresses.items():
        with CaptureQueriesContext(connection) as queries:
            status, size = ask(handler, address)
        cost = median(figures[name])
        print(f"{name:24} {cost:8.2f} {cost / base:7.1f} {len(queries):8} {size / 1000:7.1f}  {status}")


def main() -> None:
    quiet()
    urls.urlpatterns.insert(0, path("bench-bare/", bare))
    handler = WSGIHandler()
    addresses = pages()
    for address in addresses.values():
        ask(handler, address)
    measure(handler, addresses, cpu_ms)


if __name__ == "__main__":
    main()
