"""What a poll costs: an answer in full beside its 304, and sitemaps and freshness with 1,000 and 100,000 sessions.

Run on the demo's data after `make demo`:  python -m bench.feeds      Nothing that it writes stays.
"""

import datetime as dt
import time
from statistics import median

from bench.pages import quiet  # sets Django up

from django.core.handlers.wsgi import WSGIHandler  # isort: skip
from django.db import connection, transaction  # isort: skip
from django.test import RequestFactory  # isort: skip

from articles import sitemaps  # isort: skip
from articles.models import Publication  # isort: skip
from racedesk import freshness  # isort: skip
from results.models import Classification, Event, Session  # isort: skip

ROUNDS, REQUESTS = 3, 10
DAY = dt.date(2020, 1, 1)


def ask(handler: WSGIHandler, address: str, etag: str = "") -> tuple[int, str, int]:
    """Status, tag and bytes of one request through the whole middleware stack."""
    extra = {"HTTP_IF_NONE_MATCH": etag} if etag else {}
    environ = RequestFactory().get(address, HTTP_HOST="127.0.0.1", HTTP_ACCEPT_ENCODING="gzip", **extra).environ
    seen: list[tuple[int, dict[str, str]]] = []
    body = handler(environ, lambda status, headers: seen.append((int(status[:3]), dict(headers))))
    return seen[0][0], seen[0][1].get("ETag", ""), sum(len(part) for part in body)


def milliseconds(handler: WSGIHandler, address: str, etag: str = "") -> tuple[float, float]:
    """Processor time here and time on the wall, a request, medians."""
    cpu, wall = [], []
    for _ in range(ROUNDS):
        cpu_start, wall_start = time.process_time(), time.perf_counter()
        for _ in range(REQUESTS):
            ask(handler, address, etag)
        cpu.append((time.process_time() - cpu_start) * 1000 / REQUESTS)
        wall.append((time.perf_counter() - wall_start) * 1000 / REQUESTS)
    return median(cpu), median(wall)


def polls(handler: WSGIHandler) -> None:
    story = Publication.objects.public().order_by("pk").first()
    session = Classification.objects.public().select_related("session__event__season__series").first()
    addresses = ["/", "/feeds/atom.xml", "/feeds/rss.xml", "/kalender/", "/kalender.ics", "/sitemap.xml"]
    addresses += [story.get_absolute_url()] if story else []
    addresses += [session.session.get_absolute_url()] if session else []
    print(f"{'address':58} {'bytes':>7} {'200 cpu':>8} {'wall':>7} {'304 cpu':>8} {'wall':>7}  (ms)")
    for address in addresses:
        status, etag, size = ask(handler, address)
        assert (status, ask(handler, address, etag)[0]) == (200, 304), address
        full, none = milliseconds(handler, address), milliseconds(handler, address, etag)
        print(f"{address[:58]:58} {size:7} {full[0]:8.2f} {full[1]:7.2f} {none[0]:8.2f} {none[1]:7.2f}")


def fill(number: int) -> None:
    """That many more sessions with a released result, a hundred in an event."""
    season = Event.objects.public().select_related("season").first().season
    events = Event.objects.bulk_create(
        Event(season=season, name=f"Messung {n}", slug=f"messung-{number}-{n}", time_zone="Europe/Berlin",
              starts_on=DAY, ends_on=DAY) for n in range(number // 100)
    )  # fmt: skip
    start = dt.datetime(2020, 1, 1, 12, tzinfo=dt.UTC)
    sessions = Session.objects.bulk_create(
        (Session(event=event, key=f"R{n}", slug=f"r{n}", name="Rennen", kind="race", local_date=DAY,
                 starts_at=start, ends_at=start + dt.timedelta(hours=1)) for event in events for n in range(100)),
        batch_size=2_000,
    )  # fmt: skip
    then = {"released_at": start, "public_from": start, "is_current": True, "state": "final"}
    Classification.objects.bulk_create(
        (Classification(session=one, version=1, **then) for one in sessions), batch_size=2_000
    )
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE results_event, results_session, results_classification")


def archive() -> None:
    for number in (1_000, 100_000):
        with transaction.atomic():
            fill(number)
            # The views themselves: the handler would close a connection that it finds inside a transaction.
            request = RequestFactory().get("/")
            index = wall(lambda request=request: sitemaps.sitemap(request))
            last = Session.objects.latest("pk").pk // sitemaps.PART + 1
            part = wall(lambda request=request, last=last: sitemaps.sitemap_part(request, f"ergebnisse-{last}"))
            cold = wall(_cold)
            warm = wall(freshness.state)
            print(
                f"{number:7} sessions more: index {index:.0f} ms, a part {part:.0f} ms, "
                f"state after a write {cold:.1f} ms, state {warm:.2f} ms"
            )
            transaction.set_rollback(True)


def _cold() -> None:
    with connection.cursor() as cursor:
        cursor.execute("UPDATE results_series SET description = description WHERE false")  # fires the trigger
    freshness.state()


def wall(act: object) -> float:
    times = []
    for _ in range(5):
        start = time.perf_counter()
        act()  # type: ignore[operator]
        times.append((time.perf_counter() - start) * 1000)
    return median(times)


if __name__ == "__main__":
    quiet()
    asked = WSGIHandler()
    polls(asked)
    archive()
