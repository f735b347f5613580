"""What pages cost on an archive of ten million laps and a million result rows, beside one of the demo's size.

    python -m bench.archive [NAME] [--drop] [--explain]

Builds two databases on the configured server, NAME (default: bench_archive) and NAME_small, and keeps them for the
next run; --drop drops them. The pages come from the URLconf by name, so new ones join. Both databases are asked in turn in
one run; the same page has the same number of lines in both. --explain prints the plans of the slowest query of each page that
grows beyond the goal.
"""

import argparse
import logging
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from statistics import median

from django.conf import settings
from django.core.handlers.wsgi import WSGIHandler
from django.core.management import call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import URLPattern, URLResolver, get_resolver, reverse

from bench.archive_build import LARGE, SMALL, Shape, build, is_built
from bench.databases import create, drop
from bench.pages import ask
from results.importers.loading.summaries import write_summaries
from results.models import Session

GOAL = 1.5
LAP_GOAL_MB = 900
ROUNDS, REQUESTS = 5, 8
# What stands in an address, by the name of the parameter; `slug` by the first word of the page's name.
SAMPLE = {
    "series": "serie-1", "season": "2025", "event": "rennen-5", "session": "rennen", "driver": "fahrer-7",
    "team": "team-3", "circuit": "strecke-5", "manufacturer": "marke-4", "number": "7", "car": "7", "line": 1,
    "racing_class": "klasse-2", "other": "9", "first": "7", "second": "9",
    "form": "csv", "kind": "positionen",
}  # fmt: skip


@dataclass
class Page:
    """A page and its wall milliseconds in the small and in the large archive."""

    name: str
    address: str
    ms: dict[str, list[float]] = field(default_factory=dict)
    status: int = 0

    def ratio(self, small: str, large: str) -> float:
        return median(self.ms[large]) / median(self.ms[small])


def pages() -> list[Page]:
    """Every named page of the facts whose parameters the sample knows; the home page beside them."""
    found = [Page("home", "/")]
    for name, parameters in _patterns(get_resolver().url_patterns, ()):
        known = {parameter: _value(name, parameter) for parameter in parameters}
        if None in known.values():
            print(f"  {name}: no sample for {', '.join(key for key, value in known.items() if value is None)}")
            continue
        found.append(Page(name, reverse(f"results:{name}", kwargs=known)))
    return found


def _patterns(patterns: list[object], spaces: tuple[str, ...]) -> Iterator[tuple[str, list[str]]]:
    for pattern in patterns:
        if isinstance(pattern, URLResolver):
            inner = (*spaces, pattern.namespace) if pattern.namespace else spaces
            yield from _patterns(pattern.url_patterns, inner)
        elif isinstance(pattern, URLPattern) and pattern.name and spaces == ("results",):
            yield pattern.name, list(pattern.pattern.converters)


def _value(name: str, parameter: str) -> object:
    return SAMPLE.get(name.partition("-")[0] if parameter == "slug" else parameter)


def use(name: str) -> None:
    """All further queries go to that database."""
    connection.close()
    connection.settings_dict["NAME"] = name


def prepare(name: str, shape: Shape, maintenance: str) -> None:
    create(name, maintenance)
    call_command("migrate", verbosity=0)
    if not is_built(shape):
        call_command("flush", verbosity=0, interactive=False)
        build(shape)
    for session in Session.objects.filter(
        event__season__series__slug=SAMPLE["series"], event__season__slug=SAMPLE["season"], event__slug=SAMPLE["event"]
    ):
        write_summaries(session)  # what the pages of the sampled race draw; the archive around it has laps alone


def measure(found: list[Page], names: tuple[str, str]) -> None:
    settings.KEPT_ANSWERS_BYTES = 0  # every page is built
    handler = WSGIHandler()
    for _ in range(ROUNDS):  # in turn, so that a slow moment of the machine hits both
        for name in names:
            use(name)
            for page in found:
                page.status = ask(handler, page.address)[0]  # warm, and the connection is there
                best = float("inf")
                for _request in range(REQUESTS):
                    began = time.perf_counter()
                    ask(handler, page.address)
                    best = min(best, time.perf_counter() - began)
                page.ms.setdefault(name, []).append(best * 1000)


def explain(page: Page) -> None:
    """The plan of the slowest query of a page in the database in use."""
    connection.force_debug_cursor = True
    with CaptureQueriesContext(connection) as queries:
        ask(WSGIHandler(), page.address)
    slowest = max(queries.captured_queries, key=lambda query: float(query["time"]))
    print(f"\n{page.name}: {slowest['time']} s\n{slowest['sql'][:1500]}")
    with connection.cursor() as cursor:
        cursor.execute(f"EXPLAIN (ANALYZE, BUFFERS) {slowest['sql']}")
        print("\n".join(row[0] for row in cursor.fetchall()))


def sizes() -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT (SELECT count(*) FROM results_lap), pg_total_relation_size('results_lap'),"
            " (SELECT count(*) FROM results_classificationrow), pg_total_relation_size('results_classificationrow'),"
            " pg_database_size(current_database())"
        )
        laps, laps_size, rows, rows_size, whole = cursor.fetchone()
    said = "reached" if laps_size / 1e6 < LAP_GOAL_MB else "MISSED"
    print(
        f"{laps} laps with index {laps_size / 1e6:.0f} MB, {laps_size / laps:.0f} bytes a lap (goal {LAP_GOAL_MB} MB: {said})"
    )
    print(f"{rows} result rows with indexes {rows_size / 1e6:.0f} MB; database {whole / 1e6:.0f} MB")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("name", nargs="?", default="bench_archive")
    parser.add_argument("--drop", action="store_true")
    parser.add_argument("--explain", action="store_true")
    options = parser.parse_args()
    large, small = options.name, f"{options.name}_small"
    logging.disable(logging.CRITICAL)
    # Without collected files there is no manifest to look names up in.
    plain = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
    settings.STORAGES = {**settings.STORAGES, "staticfiles": plain}
    maintenance = connection.settings_dict["NAME"]
    if options.drop:
        drop(large)
        drop(small)
        return
    prepare(small, SMALL, maintenance)
    prepare(large, LARGE, maintenance)
    sizes()
    found = pages()
    measure(found, (small, large))
    print(f"{'page':24} {'small ms':>9} {'large ms':>9} {'ratio':>6}   goal {GOAL}")
    for page in found:
        ratio = page.ratio(small, large)
        marked = "" if ratio <= GOAL else "  grows"
        print(
            f"{page.name:24} {median(page.ms[small]):9.1f} {median(page.ms[large]):9.1f} {ratio:6.2f}   {page.status}{marked}"
        )
        if options.explain and ratio > GOAL:
            explain(page)


if __name__ == "__main__":
    main()
