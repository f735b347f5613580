"""What importing NLS laps costs, beside a bare split of the same lines and COPY of the same rows.

    python -m bench.import_nls

Writes into the configured database and takes everything back: each run is one transaction that is rolled back.
"""

import datetime as dt
import logging
import os
import time
from collections.abc import Callable

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "racedesk.settings")

import django

django.setup()

from django.db import connection, transaction  # noqa: E402

from bench.wige import lap_file  # noqa: E402
from results.importers import sniff  # noqa: E402
from results.importers.load import commit  # noqa: E402
from results.importers.plan import ImportTarget, Upload  # noqa: E402

COUNTS = (2_500, 20_000)
RUNS = 3
TABLE = (
    "CREATE TEMPORARY TABLE bench_lap "
    "(car int, number smallint, seat smallint, time_ms int, day_ms int, in_pit bool, is_valid bool)"
)


def bare(data: bytes) -> None:
    """The least one could do: split the lines, read two times by hand, COPY into a table without keys."""
    head, *lines = data.decode("cp1252").split("\n")
    places = [head.split(";").index(name) for name in ("STNR", "RUNDE", "DRIVERID", "RUNDENZEIT_SEKUNDEN")]
    rows = []
    for line in lines:
        fields = line.split(";")
        car, lap, seat, seconds = (fields[place] for place in places)
        rows.append(f"{car}\t{lap}\t{seat}\t{seconds.replace(',', '')}\t\\N\tf\tt\n")
    with connection.cursor() as cursor:
        cursor.execute(TABLE)
        with cursor.copy("COPY bench_lap FROM STDIN") as copy:
            copy.write("".join(rows))


def whole(data: bytes) -> None:
    """The import as a person runs it: recognise, parse, match, plan, write, keep the original."""
    target = ImportTarget(
        create=True, series="Bench", season="2026", name="Bench", zone="Europe/Berlin", session="R",
        date=dt.date(2026, 5, 16),
    )  # fmt: skip
    commit(sniff.parse(data), Upload("laps.csv", data), target=target, by=None)


def wall_ms(act: Callable[[bytes], None], data: bytes, before: Callable[[bytes], None] | None = None) -> float:
    """The best of a few runs, in milliseconds; `before` runs in the same transaction and is not counted."""
    best = float("inf")
    for _ in range(RUNS):
        with transaction.atomic():
            if before is not None:
                before(data)
            began = time.perf_counter()
            act(data)
            best = min(best, time.perf_counter() - began)
            transaction.set_rollback(True)
    return best * 1_000


def main() -> None:
    logging.disable(logging.CRITICAL)
    connection.ensure_connection()
    for count in COUNTS:
        data = lap_file(count)
        least, first, second = wall_ms(bare, data), wall_ms(whole, data), wall_ms(whole, data, before=whole)
        print(f"{count} laps, {len(data) / 1e6:.1f} MB")
        print(f"  split and COPY    {least:8.1f} ms   1.0")
        print(f"  whole import      {first:8.1f} ms   {first / least:.1f}")
        print(f"  the same again    {second:8.1f} ms   {second / least:.1f}")


if __name__ == "__main__":
    main()
