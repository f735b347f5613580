"""The whole history of Formula 1 through the database: tables and titles beside the arithmetic on the bare files, and
beside what F1DB prints.

    python -m bench.championships [DATABASE]

Imports into a database of its own (`bench_championships`), or reads one that holds the history already.
"""

import io
import json
import logging
import sys
import time
from collections import Counter
from decimal import Decimal

from django.core.management import call_command

from bench.databases import own_database
from results.points.decide import decided_after
from results.points.packs import packs
from results.points.rank import tables_of
from tests.results.points import seasons

# Answers that are not in the folder.
WITHHELD = (1954, 1959, 1966, 1972, 1979, 1985, 1990, 1997, 2009, 2014, 2021, 2024)


def asked(command: str, year: int, **options: object) -> list[dict[str, object]]:
    out = io.StringIO()
    call_command(command, "formel-1", str(year), json=True, stdout=out, **options)
    return json.loads(out.getvalue())


Table = dict[str, tuple[str, Decimal]]


def tables(year: int, number: int) -> dict[str, Table]:
    """What the command prints after a round, by championship."""
    found: dict[str, Table] = {"driver": {}, "constructor": {}}
    for line in asked("standings", year, after=number):
        found[line["championship"]][line["key"]] = str(line["position"]), Decimal(line["points"])
    return found


PACK = next(one for one in packs() if one.series == "formula-1")


def compare_tables(year: int, counts: Counter[str]) -> None:
    """Every table of a season after every round."""
    scorings, printed = seasons.scorings(year), seasons.tables()
    pure = {key: tables_of(PACK.championship(key, year), scorings) for key in PACK.keys_of(year)}
    for number in sorted({one.round for one in scorings}):
        mine = tables(year, number)
        for key, by_round in pure.items():
            said = {
                one.competitor: (str(one.position) if one.position else one.printed, one.points)
                for one in by_round[number]
            }
            counts["tables"] += 1
            counts["tables equal to the bare arithmetic"] += said == mine[key]
            compare_rows(mine[key], printed.get((year, key, number)), counts)


def compare_rows(mine: Table, theirs: Table | None, counts: Counter[str]) -> None:
    """A table beside the printed one, where there is one."""
    if theirs is None:
        return
    rows = theirs.keys() | mine.keys()
    counts["tables printed"] += 1
    counts["tables equal to the printed one"] += theirs == mine
    counts["rows printed"] += len(rows)
    counts["rows equal to the printed one"] += sum(theirs.get(one) == mine.get(one) for one in rows)


def compare_titles(year: int, counts: Counter[str]) -> None:
    """The titles of a season; those of the running one are open for us and decided by what was run for the bare files."""
    deciders = seasons.deciders()
    for title in asked("title", year):
        key = title["championship"]
        ours = (title["champion"], title["decided_after_round"])
        if year in WITHHELD:
            print(f"  {year} {key:12} {ours}")
        if year in WITHHELD or (year, key) in deciders:
            counts["titles"] += 1
            counts["titles equal to the bare arithmetic"] += ours == decided_after(
                PACK.championship(key, year), seasons.scorings(year)
            )
        if (year, key) in deciders:
            counts["titles printed"] += 1
            counts["titles equal to the printed one"] += ours[1] == deciders[year, key]


def compare() -> None:
    counts: Counter[str] = Counter()
    for year in sorted({int(row["year"]) for row in seasons._rows("results")}):
        compare_tables(year, counts)
        compare_titles(year, counts)
    for what, number in counts.items():
        print(f"{what:40} {number:6}")


def main() -> None:
    logging.disable(logging.CRITICAL)
    given = sys.argv[1] if len(sys.argv) > 1 else ""
    with own_database(given or "bench_championships", keep=bool(given)):
        if not given:
            call_command("migrate", verbosity=0)
            call_command("import_f1db", str(seasons.FOLDER), stdout=io.StringIO(), stderr=io.StringIO())
        began = time.perf_counter()
        compare()
        print(f"{time.perf_counter() - began:.0f} s")


if __name__ == "__main__":
    main()
