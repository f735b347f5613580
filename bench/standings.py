"""What a season's championships cost: 24 rounds x 60 cars x 3 drivers, computed anew as every released result does.

    python -m bench.standings

Works in a database of its own (`bench_standings`). Says also how many queries one computation asks, with 24 rounds and
with 12: the number must not grow with the season. And what the stewards' desk waits for to see the effect of a struck
winner on all championships, after the last race and half-way.
"""

import datetime as dt
import logging
import statistics
import time

from django.core.management import call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext

from bench.databases import own_database
from results.models import (
    Championship,
    Classification,
    ClassificationRow,
    CrewMember,
    Driver,
    Entry,
    Event,
    PointsAward,
    Season,
    Series,
    Session,
    SessionEntry,
    Standing,
    Team,
)
from results.proposal import what_if
from results.rulings import Ruling
from results.standings.acts import change_rules
from results.standings.compute import compute_season
from results.standings.effect import effect_of
from results.standings.what_if import effect_on_championships

CARS, SEATS, TIMES = 60, 3, 9
LONG_AGO = dt.datetime(2020, 1, 1, tzinfo=dt.UTC)


def made(rounds: int, label: str, *, run: int | None = None) -> Season:
    """A season of GT Masters' kind: every driver scores fully, teams by their best car, three championships and more.

    Of its rounds `run` have a result, without it all.
    """
    series = Series.objects.get_or_create(name="ADAC GT Masters", slug="gt-masters")[0]
    season = Season.objects.create(series=series, label=label, slug=label)
    drivers = list(Driver.objects.order_by("pk")[: CARS * SEATS])
    teams = list(Team.objects.order_by("pk"))
    for number in range(rounds):
        day = dt.date(2018, 1, 1) + dt.timedelta(days=14 * number)
        event = Event.objects.create(
            season=season, name=f"Lauf {number + 1}", slug=f"lauf-{number + 1}", starts_on=day, ends_on=day,
            time_zone="Europe/Berlin", public_from=LONG_AGO,
        )  # fmt: skip
        session = Session.objects.create(
            event=event, key="R", name="Rennen", slug="r", kind="race", public_from=LONG_AGO
        )
        if run is not None and number >= run:
            continue
        entries = Entry.objects.bulk_create(
            Entry(event=event, number=str(car + 1), team=teams[car // 2]) for car in range(CARS)
        )
        CrewMember.objects.bulk_create(
            CrewMember(entry=entry, driver=drivers[car * SEATS + seat], seat=seat + 1)
            for car, entry in enumerate(entries)
            for seat in range(SEATS)
        )
        cars = SessionEntry.objects.bulk_create(SessionEntry(session=session, entry=entry) for entry in entries)
        version = Classification.objects.create(session=session, version=1, state="final")
        ClassificationRow.objects.bulk_create(
            ClassificationRow(
                classification=version, session_entry=cars[(place * 7 + number * 11) % CARS], display_order=place + 1,
                position=place + 1, class_position=place + 1, status="classified", laps=40,
            )
            for place in range(CARS)
        )  # fmt: skip
        Classification.objects.filter(pk=version.pk).update(released_at=LONG_AGO, public_from=LONG_AGO, is_current=True)
    return season


def cost(season: Season) -> list[float]:
    """Seconds of each of several computations."""
    times = []
    for _time in range(TIMES):
        began = time.perf_counter()
        compute_season(season.pk)
        times.append(time.perf_counter() - began)
    return times


def foreseen(season: Season) -> list[float]:
    """Seconds of each of several looks at what the winner's disqualification in the newest race would change."""
    newest = Classification.objects.filter(session__event__season=season).latest("pk")
    winner = newest.rows.get(position=1).session_entry_id
    proposal = what_if(newest.session, rulings=[Ruling(key="neu", kind="disqualified", car=winner)])
    times = []
    for _time in range(TIMES):
        began = time.perf_counter()
        assert effect_on_championships(proposal) is not None
        times.append(time.perf_counter() - began)
    return times


def looks(season: Season) -> list[float]:
    """Seconds of each of several looks at what changed rules would do, both tables computed."""
    championship = Championship.objects.filter(season=season).select_related("season__series").order_by("sequence")[0]
    rules = {**championship.rules, "ties": ["latest"]}

    def change() -> None:
        change_rules(championship, by=None, reason="–", rules=rules, name="x", racing_class=None, sequence=1)

    times = []
    for _time in range(TIMES):
        began = time.perf_counter()
        effect_of(championship, change)
        times.append(time.perf_counter() - began)
    return times


def queries(season: Season) -> int:
    with CaptureQueriesContext(
        connection,
    ) as context:
        compute_season(season.pk)
    return len(context)


def main() -> None:
    logging.disable(logging.CRITICAL)
    with own_database("bench_standings", keep=False):
        call_command("migrate", verbosity=0)
        Driver.objects.bulk_create(
            Driver(last_name=f"Fahrer {number}", slug=f"fahrer-{number}") for number in range(CARS * SEATS)
        )
        Team.objects.bulk_create(
            Team(name=f"Team {number}", slug=f"team-{number}", folded=f"team {number}") for number in range(CARS // 2)
        )
        season, half = made(24, "2018"), made(12, "2017")
        compute_season(half.pk)  # so that both have something to replace
        times = cost(season)
        print(f"a season of 24 x {CARS}   {statistics.median(times):6.3f} s (worst {max(times):.3f} of {TIMES})")
        half_way = made(24, "2016", run=12)
        compute_season(half_way.pk)
        for name, one in (("last race", season), ("half-way", half_way)):
            times = foreseen(one)
            print(f"what if, {name:9}  {statistics.median(times):6.3f} s (worst {max(times):.3f} of {TIMES})")
        seen = looks(season)
        print(f"effect of a change  {statistics.median(seen):6.3f} s (worst {max(seen):.3f} of {TIMES})")
        print(f"queries             {queries(season)}, with 12 rounds {queries(half)}")
        print(f"rows                {PointsAward.objects.count()} of the ledger, {Standing.objects.count()} of tables")


if __name__ == "__main__":
    main()
