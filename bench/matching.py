"""What proposals for 60 new names cost against 1,000, 10,000 and 100,000 stored drivers, and how many they find.

    python -m bench.matching

Writes into the configured database and takes everything back: the run is one transaction that is rolled back.
"""

import os
import random
import time

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "racedesk.settings")

import django

django.setup()

from django.db import connection, transaction  # noqa: E402

from results.importers.plan import Newcomer, Plan  # noqa: E402
from results.importers.proposals import propose  # noqa: E402
from results.models import Driver  # noqa: E402
from results.names import fold, sort_key  # noqa: E402

COUNTS = (1_000, 10_000, 100_000)
NEW = 60
RUNS = 5
GIVEN = (  # noqa: SIM905
    "Michael Thomas Andreas Stefan Christian Markus Martin Peter Daniel Alexander Maximilian Sebastian Patrick Marco David "
    "Florian Tim Jan Philipp Nico Robert Oliver Marcel Dennis Dirk Jörg Jürgen Frank Christopher Tobias Felix Lucas Luca "
    "Kévin Nicolas Mathieu Romain Julien Laurens Dries Matteo Alessandro Andrea Davide Antonio James Oliver Harry Sam Ben"
).split()
HEADS = (  # noqa: SIM905
    "Schm Kirch Hülk Buch Wald Stein Berg Gött Kell Mühl Har Lang Brau Fisch Zimm Hof Krä Vog Lind Roth Nie Som Win Feld Bau "
    "Vant Ver Cat Van Bor Fer Ros Mar Ghi Lop San Per Gar Mor Cap Ber Col Dum Gui Hamil Wils Tay Robin Tand Camp"
).split()
TAILS = (  # noqa: SIM905
    "idt höfer enberg holz mann er bach haus ke ler ing stein ner auer hardt wald lein sen feld meister gart dorf linger ich "
    "oor stappen burg ini ari etti ez os elli ani ier eaux ont son ton ley kins well ford wick by ham field worth"
).split()


def invented(count: int, chance: random.Random) -> list[Driver]:
    drivers = []
    for number in range(count):
        first = chance.choice(GIVEN)
        last = chance.choice(HEADS) + chance.choice(TAILS) + (chance.choice(TAILS) if number % 3 else "")
        name = f"{first} {last}"
        drivers.append(
            Driver(first_name=first, last_name=last, slug=f"bench-{number}", folded=fold(name),
                   sort_key=sort_key(f"{last} {first}"))
        )  # fmt: skip
    return drivers


def misspelled(driver: Driver, number: int, chance: random.Random) -> tuple[str, str]:
    """The driver as another source may print him."""
    first, last = driver.first_name, driver.last_name
    place = chance.randrange(1, len(last) - 1)
    return (
        (f"{first[0]}.", last),
        (
            first,
            last.replace("ü", "ue").replace("ö", "oe").replace("ä", "ae") + ("" if set(last) & set("üöä") else "e"),
        ),
        (last, first),
        (first, last[:place] + last[place + 1 :]),
        (first, last[:place] + chance.choice("aeinrst") + last[place + 1 :]),
        (first, last.upper() + "X"),
    )[number % 6]


def measure(count: int) -> None:
    chance = random.Random(7)
    drivers = Driver.objects.bulk_create(invented(count, chance), batch_size=10_000)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE results_driver")
    known = {driver.folded for driver in drivers}
    sought, newcomers = [], []
    while len(newcomers) < NEW:
        driver = chance.choice(drivers)
        first, last = misspelled(driver, len(newcomers), chance)
        name = f"{first} {last}"
        if fold(name) not in known:
            sought.append(driver.pk)
            newcomers.append(
                Newcomer(f"driver:{len(newcomers)}", "driver", name, first_name=first, last_name=last, number="7")
            )
    plan = Plan(format="bench", newcomers=tuple(newcomers))
    times = []
    for _run in range(RUNS):
        started = time.perf_counter()
        proposals = propose(plan)
        times.append((time.perf_counter() - started) * 1000)
    hit = sum(pk in {one.pk for one in found.candidates} for pk, found in zip(sought, proposals, strict=True))
    print(f"{count:>7} stored, {NEW} new: {min(times):6.1f} ms, the right one among the proposals: {hit} of {NEW}")


if __name__ == "__main__":
    for count in COUNTS:
        with transaction.atomic():
            measure(count)
            transaction.set_rollback(True)
