"""What importing the whole history of Formula 1 costs, beside reading the same CSV and COPY of the same rows.

    python -m bench.f1db [FOLDER]

Works in a database of its own on the configured server (`bench_f1db`), which it makes anew and drops at the end. Says
also whether rows by season, wins and poles are those that the files themselves count.
"""

import csv
import io
import logging
import resource
import sys
import time
from collections import Counter
from pathlib import Path

from django.core.management import call_command
from django.db import connection

from bench.databases import own_database

FOLDER = Path(__file__).resolve().parent.parent.parent / "shared" / "data" / "f1db"
NAME = "bench_f1db"
# Who drove each first line: the session's own crew where there is one.
FIRST = """
SELECT key.key, count(*) FROM results_classificationrow line
JOIN results_classification version ON version.id = line.classification_id AND version.is_current
JOIN results_session session ON session.id = version.session_id AND session.kind = %s
JOIN results_sessionentry car ON car.id = line.session_entry_id
JOIN LATERAL (
  SELECT driver_id FROM results_sessioncrewmember own WHERE own.session_entry_id = car.id AND own.line = line.line
  UNION ALL
  SELECT driver_id FROM results_crewmember crew WHERE crew.entry_id = car.entry_id
    AND NOT EXISTS (SELECT 1 FROM results_sessioncrewmember own WHERE own.session_entry_id = car.id)
) seat ON true
JOIN results_driverkey key ON key.driver_id = seat.driver_id AND key.source = 'f1db'
WHERE line.position = 1 GROUP BY 1
"""
BY_SEASON = """
SELECT season.label, count(*) FROM results_classificationrow line
JOIN results_classification version ON version.id = line.classification_id
JOIN results_session session ON session.id = version.session_id
JOIN results_event event ON event.id = session.event_id
JOIN results_season season ON season.id = event.season_id GROUP BY 1
"""


def bare(folder: Path) -> float:
    """Seconds to read every file with the csv module and COPY its rows as text into a table without keys."""
    began = time.perf_counter()
    with connection.cursor() as cursor:
        for path in sorted(folder.glob("*.csv")):
            head, *rows = csv.reader(io.StringIO(path.read_text("utf-8"), newline=""))
            columns = ", ".join(f'"{name}" text' for name in head)
            cursor.execute(f"CREATE TEMPORARY TABLE bare_{path.stem} ({columns})")
            with cursor.copy(f"COPY bare_{path.stem} FROM STDIN") as copy:
                for row in rows:
                    copy.write_row(row)
    return time.perf_counter() - began


def whole(folder: Path) -> float:
    """Seconds of the command."""
    began = time.perf_counter()
    call_command("import_f1db", str(folder), stdout=io.StringIO(), stderr=io.StringIO())
    return time.perf_counter() - began


def compare(folder: Path) -> None:
    """Our tables beside the files."""

    def lines(name: str) -> list[dict[str, str]]:
        return list(csv.DictReader(io.StringIO((folder / name).read_text("utf-8"), newline="")))

    results, qualifying = lines("results.csv"), lines("qualifying.csv")
    said = {
        "rows by season": Counter(row["year"] for row in (*results, *qualifying)),
        "wins": Counter(row["driverId"] for row in results if (row["session"], row["position"]) == ("race", "1")),
        "poles": Counter(row["driverId"] for row in qualifying if row["position"] == "1"),
    }
    queries = {"rows by season": (BY_SEASON, []), "wins": (FIRST, ["race"]), "poles": (FIRST, ["qualifying"])}
    with connection.cursor() as cursor:
        for what, (query, parameters) in queries.items():
            cursor.execute(query, parameters)
            stored = dict(cursor.fetchall())
            print(f"  {what:16} {'equal' if stored == said[what] else 'DIFFERENT'} ({len(stored)})")


def main() -> None:
    folder = Path(sys.argv[1]) if len(sys.argv) > 1 else FOLDER
    with own_database(NAME, keep=False):
        logging.disable(logging.CRITICAL)
        call_command("migrate", verbosity=0)
        least = bare(folder)
        before = resource.getrusage(resource.RUSAGE_SELF)
        cpu = time.process_time()
        first = whole(folder)
        cpu = time.process_time() - cpu
        grown = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before.ru_maxrss
        second = whole(folder)
        print(f"csv and COPY     {least:7.1f} s   1.0")
        print(f"whole import     {first:7.1f} s   {first / least:.1f}   ({cpu:.1f} s of it CPU of ours)")
        print(f"the same again   {second:7.1f} s   {second / least:.1f}")
        print(f"memory grew by   {grown / 1024:7.0f} MB")
        compare(folder)


if __name__ == "__main__":
    main()
