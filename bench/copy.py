"""What a million laps cost by COPY, and 20,000 laps from the bytes of a file to the commit, beside the least possible.

    python -m bench.copy

Works in a database of its own on the configured server (`bench_copy`), which it makes anew and drops at the end; every
figure holds the commit and what is checked at it.
"""

import datetime as dt
import logging
import os
import time
from collections.abc import Callable
from pathlib import Path

from django.core.management import call_command
from django.db import connection, transaction

from bench.databases import own_database
from bench.wige import lap_file
from results.importers import sniff
from results.importers.load import commit
from results.importers.plan import ImportTarget, Upload
from results.models import Entry, SessionEntry
from tests.factories import SessionFactory

MILLION, GOAL_SECONDS = 1_000_000, 3.0
CARS, FILE_LAPS = 250, 20_000
RUNS = 3
COPY = "COPY {} (session_entry_id, number, seat, time_ms, day_ms, in_pit, is_valid) FROM STDIN"


def lap_lines(cars: list[int], laps: int) -> str:
    """The text of COPY: whole numbers and truth values."""
    return "".join(
        f"{car}\t{lap}\t1\t{480_000 + lap}\t{50_400_000 + lap * 1_000}\tf\tt\n"
        for car in cars
        for lap in range(1, laps + 1)
    )


def cars_of_a_race() -> list[int]:
    """Cars in a session, to hang laps on."""
    session = SessionFactory()
    entries = Entry.objects.bulk_create(Entry(event=session.event, number=str(number)) for number in range(CARS))
    cars = SessionEntry.objects.bulk_create(SessionEntry(session=session, entry=entry) for entry in entries)
    return [car.pk for car in cars]


def server_seconds() -> float:
    """Processor seconds of this connection's server process so far, 0 where it runs elsewhere: a busy machine has no share in them."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        (pid,) = cursor.fetchone()
    try:
        fields = Path(f"/proc/{pid}/stat").read_text("ascii").rpartition(")")[2].split()
    except OSError:
        return 0.0
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def copied(table: str, text: str) -> float:
    """Seconds of COPY and commit; the laps are gone afterwards."""
    with connection.cursor() as cursor:
        began = time.perf_counter()
        with transaction.atomic(), cursor.copy(COPY.format(table)) as copy:
            copy.write(text)
        took = time.perf_counter() - began
        cursor.execute(f"TRUNCATE {table} CASCADE")
    return took


def best(act: Callable[[], float]) -> float:
    return min(act() for _ in range(RUNS))


def bare(data: bytes) -> float:
    """Seconds to split the lines, read two columns by hand, COPY into a table without keys, and commit."""
    began = time.perf_counter()
    head, *lines = data.decode("cp1252").split("\n")
    places = [head.split(";").index(name) for name in ("STNR", "RUNDE", "DRIVERID", "RUNDENZEIT_SEKUNDEN")]
    rows = []
    for line in lines:
        fields = line.split(";")
        car, lap, seat, seconds = (fields[place] for place in places)
        rows.append(f"{car}\t{lap}\t{seat}\t{seconds.replace(',', '')}\t\\N\tf\tt\n")
    with transaction.atomic(), connection.cursor() as cursor, cursor.copy(COPY.format("bare_lap")) as copy:
        copy.write("".join(rows))
    return time.perf_counter() - began


def whole(data: bytes, name: str) -> float:
    """Seconds of the import as a person runs it: recognise, parse, match, plan, write, keep the original, commit."""
    target = ImportTarget(
        create=True, series="Bench", season="2026", name=name, zone="Europe/Berlin", session="R",
        date=dt.date(2026, 5, 16),
    )  # fmt: skip
    began = time.perf_counter()
    commit(sniff.parse(data), Upload("laps.csv", data), target=target, by=None)
    return time.perf_counter() - began


def main() -> None:
    logging.disable(logging.CRITICAL)
    with own_database("bench_copy", keep=False):
        call_command("migrate", verbosity=0)
        with connection.cursor() as cursor:
            cursor.execute("CREATE TABLE bare_lap AS SELECT * FROM results_lap WITH NO DATA")
        text = lap_lines(cars_of_a_race(), MILLION // CARS)
        least = best(lambda: copied("bare_lap", text))
        cpu = server_seconds()
        laps = best(lambda: copied("results_lap", text))
        cpu = (server_seconds() - cpu) / RUNS
        reached = "reached" if laps < GOAL_SECONDS else "MISSED"
        print(f"{MILLION} laps by COPY, commit included")
        print(f"  table without keys   {least:7.2f} s   1.0")
        print(
            f"  our table            {laps:7.2f} s   {laps / least:.1f}   (goal {GOAL_SECONDS:.0f} s: {reached}; {cpu:.1f} s of server CPU)"
        )
        data = lap_file(FILE_LAPS)
        numbers = iter(range(RUNS))
        least, import_ = best(lambda: bare(data)), best(lambda: whole(data, f"Bench {next(numbers)}"))
        print(f"{FILE_LAPS} laps from {len(data) / 1e6:.1f} MB to the commit")
        print(f"  split and COPY       {least:7.2f} s   1.0")
        print(f"  whole import         {import_:7.2f} s   {import_ / least:.1f}")


if __name__ == "__main__":
    main()
