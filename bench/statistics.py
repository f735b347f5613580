"""Statistics against F1DB's whole history, and what they cost beside 10 and 100 times as much.

    python -m bench.statistics [FOLDER]          every driver and constructor of 1950 to today against the files
    python -m bench.statistics --speed [NAME]    the pages' statistics in the archives of bench.archive (see there)

The first imports the history into a database of its own (`bench_statistics`), kept for the next run; --drop drops it.
"""

import argparse
import io
import logging
import time
from collections import Counter
from pathlib import Path

from django.core.management import call_command
from django.db import connection

from bench.archive_build import Shape, build, is_built
from bench.databases import drop, own_database
from results.importers.f1db_names import constructor_name
from results.models import (
    ArchiveSpan,
    Circuit,
    Classification,
    Driver,
    DriverKey,
    Manufacturer,
    Season,
    Series,
    Session,
    Team,
)
from results.names import fold
from results.statistics import Feat, Scope, SubjectKind, career_of, ranking_of, rankings_at, statistics_of, subject_of
from tests.results.f1db_counted import count

FOLDER = Path(__file__).resolve().parent.parent.parent / "shared" / "data" / "f1db"
NAME = "bench_statistics"
YEARS = range(1950, 2101)
FEATS = {
    Feat.START: "starts", Feat.WIN: "wins", Feat.POLE: "poles", Feat.PODIUM: "podium_races",
    Feat.FASTEST_LAP: "fastest_laps", Feat.FINISH: "finishes",
}  # fmt: skip
ARCHIVES = {
    "small": Shape(series=1, seasons=2),
    "10x": Shape(series=2, seasons=10),
    "100x": Shape(series=10, seasons=20),
}
ROUNDS = 7


def import_history(folder: Path) -> None:
    call_command("migrate", verbosity=0)
    if not Season.objects.exists():
        call_command("import_f1db", str(folder), stdout=io.StringIO(), stderr=io.StringIO())


def compare(folder: Path) -> None:
    """Every driver, every constructor: counts, streaks, first and last of each feat."""
    addresses = _races()
    by_key = dict(DriverKey.objects.values_list("key", "driver_id"))
    subjects = {
        "drivers": (count(folder, YEARS), lambda key: Driver.objects.get(pk=by_key[key])),
        "constructors": (count(folder, YEARS, "constructorId"), _team_of(folder)),
    }
    for what, ((counted, _all), found) in subjects.items():
        equal, unlike, checked = Counter(), [], Counter()
        for key, one in sorted(counted.items()):
            career = career_of(subject_of(found(key)))
            runs = career.records[0].runs if career.records else {}
            for feat, name in FEATS.items():
                said = _said(one, getattr(one, name))
                run = runs.get(feat)
                ours = (
                    (run.count, run.longest, run.current, _race(addresses, run.first), _race(addresses, run.last))
                    if run else (0, 0, 0, None, None)
                )  # fmt: skip
                checked[name] += 1
                equal[name] += said == ours
                if said != ours:
                    unlike.append((key, name, said, ours))
            podiums = len(one.podium_cars) if what == "constructors" else len(one.podium_races)
            checked["podiums"] += 1
            equal["podiums"] += career.total.podiums == podiums
            if career.total.podiums != podiums:
                unlike.append((key, "podiums", podiums, career.total.podiums))
        print(f"{len(counted)} {what}")
        for name in checked:
            print(f"  {name:14} {equal[name]:5} equal, {checked[name] - equal[name]} not")
        for line in unlike[:40]:
            print("   ", *line)


def _said(one, feat):
    having = sorted(feat)
    return (
        len(feat),
        one.longest(feat),
        one.current(feat),
        having[0] if having else None,
        having[-1] if having else None,
    )


def _races():
    """Year and round of a race by the parts of its address."""
    numbers, found = Counter(), {}
    races = Session.objects.filter(kind="race").order_by("local_date", "pk").select_related("event__season__series")
    for race in races:
        season = race.event.season
        numbers[season.label] += 1
        key = (season.series.slug, season.slug, race.event.slug, race.slug)
        found[key] = (int(season.label), numbers[season.label])
    return found


def _race(addresses, race):
    return addresses[race.address] if race else None


def _team_of(folder):
    return lambda key: Team.objects.get(folded=fold(constructor_name(key)))


# ------------------------------------------------------------------ speed


def speed(name: str) -> None:
    """The statistics of each page in three archives, asked in turn."""
    found: dict[str, dict[str, list[float]]] = {}
    for size, shape in ARCHIVES.items():
        with own_database(f"{name}_{size}", keep=True):
            call_command("migrate", verbosity=0)
            if not is_built(shape):
                call_command("flush", verbosity=0, interactive=False)
                build(shape)
            for series in Series.objects.all():
                first = series.seasons.order_by("label").first()
                ArchiveSpan.objects.get_or_create(
                    series=series, defaults={"first_season": first, "has_poles": True, "has_fastest_laps": True,
                                             "covers_history": True},
                )  # fmt: skip
            with connection.cursor() as cursor:
                cursor.execute("ANALYZE")
            for page, ask in _pages().items():
                ask()
                took = []
                for _ in range(ROUNDS):
                    began = time.perf_counter()
                    ask()
                    took.append((time.perf_counter() - began) * 1000)
                found.setdefault(page, {})[size] = took
    print(f"{'statistics of':16}" + "".join(f"{size:>10}" for size in ARCHIVES) + "   ms, best of 7; ratio")
    for page, sizes in found.items():
        best = [min(sizes[size]) for size in ARCHIVES]
        print(
            f"{page:16}" + "".join(f"{ms:10.1f}" for ms in best) + f"   {best[1] / best[0]:.2f} {best[2] / best[0]:.2f}"
        )


def _pages():
    series = Series.objects.get(slug="serie-1")
    race = Session.objects.select_related("event__season__series__archive_span").get(
        event__season__series=series, event__season__label="2025", event__slug="rennen-5", slug="rennen"
    )
    result = Classification.objects.public().get(session=race, checkpoint="")
    subjects = {
        "driver": Driver.objects.get(slug="fahrer-7"), "team": Team.objects.get(slug="team-3"),
        "manufacturer": Manufacturer.objects.get(slug="marke-4"),
    }  # fmt: skip
    circuit = Circuit.objects.get(slug="strecke-5")
    return {
        **{name: (lambda thing=thing: career_of(subject_of(thing))) for name, thing in subjects.items()},
        "circuit": lambda: [rankings_at(circuit, kind) for kind in SubjectKind],
        "race": lambda: statistics_of(race, result),
        "records": lambda: ranking_of(series, SubjectKind.DRIVER, Scope()),
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", nargs="?", default=str(FOLDER))
    parser.add_argument("--speed", action="store_true")
    parser.add_argument("--drop", action="store_true")
    options = parser.parse_args()
    logging.disable(logging.CRITICAL)
    if options.drop:
        for name in (NAME, *(f"{NAME}_{size}" for size in ARCHIVES)):
            drop(name)
    elif options.speed:
        speed(NAME)
    else:
        with own_database(NAME, keep=True):
            import_history(Path(options.folder))
            began = time.perf_counter()
            compare(Path(options.folder))
            print(f"compared in {time.perf_counter() - began:.0f} s")


if __name__ == "__main__":
    main()
