"""What decisions of the stewards cost: a season of 24 rounds x 60 cars with two decisions each: python -m bench.rulings

Once as bare arithmetic, once through the database: the next version of every round written, with each decision's effects
linked and everything that hears of it. Then with ten times the rounds, and with ten times the cars. Seconds, the best of
several runs for the arithmetic and of one for the database, which writes into the configured database and takes everything
back: the run is one transaction that is rolled back.
"""

import datetime as dt
import os
import random
import time

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "racedesk.settings")

import django

django.setup()

from django.contrib.auth.models import User  # noqa: E402
from django.db import connection, transaction  # noqa: E402
from django.utils import translation  # noqa: E402

from results.amending import apply_decisions  # noqa: E402
from results.models import (  # noqa: E402
    Classification,
    ClassificationRow,
    Decision,
    Entry,
    Event,
    Season,
    Series,
    Session,
    SessionEntry,
)
from results.proposal import what_if  # noqa: E402
from results.rulings import COLUMNS, Line, Ruling, compute, effects_of  # noqa: E402

ROUNDS, CARS, RUNS = 24, 60, 3
HOUR = 3_600_000


def lines_of(cars: int) -> list[Line]:
    """A field with a gap of a second and a half from car to car."""
    return [
        Line(
            car=car, line=1, label=f"#{car}", position=car, racing_class=str(car % 3), class_position=(car + 2) // 3,
            laps=30, total_ms=HOUR + car * 1_500, gap_ms=(car - 1) * 1_500 or None, best_lap_ms=90_000 + car,
        )
        for car in range(1, cars + 1)
    ]  # fmt: skip


def arithmetic(rounds: int, cars: int) -> float:
    """Seconds for the lines and the effects of two decisions a round."""
    dice = random.Random(24)
    lines = lines_of(cars)
    begun = time.perf_counter()
    for _round in range(rounds):
        rulings = [
            Ruling("a", "time", dice.randint(1, cars // 2), 5_000), Ruling("b", "disqualified", dice.randint(cars // 2 + 1, cars)),
        ]  # fmt: skip
        effects_of(lines, rulings, compute(lines, rulings, timed=False), COLUMNS, timed=False)
    return time.perf_counter() - begun


def season_of(rounds: int, cars: int) -> list[Session]:
    """Released results of a season, each with two decisions entered."""
    series = Series.objects.create(name=f"Bank {rounds} {cars}", slug=f"bank-{rounds}-{cars}")
    season = Season.objects.create(series=series, label="2026", slug="2026")
    now = dt.datetime.now(dt.UTC) - dt.timedelta(days=1)
    sessions = []
    for place in range(rounds):
        event = Event.objects.create(
            season=season, name=f"Lauf {place}", slug=f"lauf-{place}", time_zone="Europe/Berlin"
        )
        session = Session.objects.create(event=event, key="R", name="Rennen", slug="rennen", kind="race")
        entries = Entry.objects.bulk_create(Entry(event=event, number=str(car)) for car in range(1, cars + 1))
        seats = SessionEntry.objects.bulk_create(SessionEntry(session=session, entry=entry) for entry in entries)
        version = Classification.objects.create(session=session, version=1, state="provisional")
        cells = ("position", "laps", "total_ms", "gap_ms", "best_lap_ms")
        ClassificationRow.objects.bulk_create(
            ClassificationRow(
                classification=version, session_entry=seat, display_order=line.position, status="classified",
                **{name: getattr(line, name) for name in cells},
            )
            for seat, line in zip(seats, lines_of(cars), strict=True)
        )  # fmt: skip
        Classification.objects.filter(pk=version.pk).update(released_at=now, public_from=now, is_current=True)
        for number, kind, amount in ((3, "time", 5_000), (cars // 2 + 3, "disqualified", None)):
            Decision.objects.create(
                session=session, session_entry=seats[number], kind=kind, amount=amount, number=str(number)
            )
        sessions.append(session)
    return sessions


def through_the_database(rounds: int, cars: int) -> tuple[float, float, float]:
    """Seconds for the next version of every round, those of them this process worked, and for one "what if" of five lines on one of them."""
    sessions = season_of(rounds, cars)
    by = User.objects.create_user(f"bank{rounds}{cars}")
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    begun, busy = time.perf_counter(), time.process_time()
    for session in sessions:
        apply_decisions(session, by=by)
    took, worked = time.perf_counter() - begun, time.process_time() - busy
    seats = SessionEntry.objects.filter(session=sessions[0]).order_by("pk")[:5]
    begun = time.perf_counter()
    what_if(sessions[0], rulings=[Ruling(f"if{seat.pk}", "time", seat.pk, 30_000) for seat in seats])
    return took, worked, time.perf_counter() - begun


def main() -> None:
    translation.activate("de")
    print(f"{'rounds':>7} {'cars':>5} {'arithmetic':>11} {'database':>9} {'of it CPU':>10} {'what if':>8}")
    for rounds, cars in ((ROUNDS, CARS), (10 * ROUNDS, CARS), (ROUNDS, 10 * CARS)):
        bare = min(arithmetic(rounds, cars) for _run in range(RUNS))
        with transaction.atomic():
            stored, worked, asked = through_the_database(rounds, cars)
            transaction.set_rollback(True)
        print(f"{rounds:>7} {cars:>5} {bare:>10.2f}s {stored:>8.2f}s {worked:>9.2f}s {asked * 1_000:>6.0f}ms")


if __name__ == "__main__":
    main()
