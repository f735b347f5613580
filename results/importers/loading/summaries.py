"""What follows from the laps of a session, written beside them: traces, stints and shares, all of a session at once."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable

from django.db import connection, transaction
from django.db.models import Func, TextField
from django.db.models.functions import Cast

from results.deletions import Clue, deleted_of
from results.importers.loading.planner import inform_planner
from results.models import (
    CarTrace,
    CrewMember,
    DriverShare,
    Event,
    LapDeletion,
    Session,
    SessionCrewMember,
    SessionEntry,
    Stint,
)
from results.signals import summaries_wait
from results.standings.due import championships_are_due
from results.stints import DrivenLap, DrivenStint, Share, Trace, shares_of, stints_of, traces_of

Seats = dict[int | None, int]  # driver by seat

# Plain SQL, for models would take as long over 20,000 laps and their arrays as all the arithmetic does.
LAPS = """
    SELECT session_entry_id, number, seat, time_ms, day_ms, in_pit, is_valid, pit_ms FROM results_lap
    WHERE session_entry_id = ANY(ARRAY(SELECT id FROM results_sessionentry WHERE session_id = %s))
    ORDER BY session_entry_id, number
"""
COPY = "COPY results_cartrace (session_entry_id, positions, gaps_ms, times_ms, pit_laps, deleted_laps) FROM STDIN"


@transaction.atomic
def write_summaries(session: Session) -> None:
    """Computes the summaries of a session anew and replaces the stored ones.

    To be called inside the transaction that changed its laps, their deletions or a crew. Locks the session, so that
    two of them cannot write at once. A decision that readers may not know of yet deletes its laps by the clock: that
    hour is told to whoever runs jobs (`summaries_wait`). Other minutes at the wheel send championships to be computed.
    """
    Session.objects.select_for_update(no_key=True).only("pk").get(pk=session.pk)
    inform_planner()  # of the laps that were just written
    driven_before = _minutes_of(session), _leads_of(session)
    for model in (CarTrace, Stint, DriverShare):
        model._default_manager.filter(session_entry__session=session).delete()
    laps, clues = _laps_by_car(session), _clues_by_car(session)
    deleted = {car: deleted_of(clues[car], driven) for car, driven in laps.items()}
    stints = {car: stints_of(driven, deleted[car]) for car, driven in laps.items()}
    shares = {car: shares_of(of_car) for car, of_car in stints.items()}
    seats = _seats_by_car(session)
    traces = traces_of(laps, deleted, race=not session.is_timed)
    with connection.cursor() as cursor, cursor.copy(COPY) as copy:
        copy.write("".join(_copy_line(car, trace) for car, trace in traces.items()))
    Stint.objects.bulk_create(
        _stint(car, sequence, stint, seats[car])
        for car, of_car in stints.items()
        for sequence, stint in enumerate(of_car, start=1)
    )
    DriverShare.objects.bulk_create(
        _share(car, share, seats[car]) for car, of_car in shares.items() for share in of_car
    )
    if (_minutes_of(session), _leads_of(session)) != driven_before:
        championships_are_due(session.event.season_id)
    at = LapDeletion.objects.filter(session=session).next_to_stand()
    if at is not None:
        summaries_wait.send(sender=Session, session=session.pk, at=at)


def catch_up(session: int) -> None:
    """Works the summaries of a session out anew once laps of it ceased to count by the clock, or readers see them; nothing
    without it.
    """
    found = Session.objects.filter(pk=session).select_related("event").first()
    if found is not None:
        write_summaries(found)
        championships_are_due(found.event.season_id)


def seat_drivers(event: Event) -> None:
    """Names the drivers of stored stints and shares anew after a crew of the event has changed.

    Championships that count minutes at the wheel are computed then.
    Six plain queries by key: correlated updates take minutes while Postgres knows little of freshly filled tables.
    """
    cars = dict(SessionEntry.objects.filter(session__event=event).values_list("pk", "entry"))
    members = CrewMember.objects.filter(entry__in=set(cars.values())).order_by()
    entered = _by_car(members.values_list("entry", "seat", "driver"))
    in_session = SessionCrewMember.objects.filter(session_entry__in=list(cars), line=1).order_by()
    own = _by_car(in_session.values_list("session_entry", "seat", "driver"))
    for model in (Stint, DriverShare):
        rows = model._default_manager.filter(session_entry__in=list(cars)).order_by()
        wrong: dict[int | None, list[int]] = defaultdict(list)
        for key, car, seat, driver in rows.values_list("pk", "session_entry", "seat", "driver"):
            said = (own.get(car) or entered.get(cars[car], {})).get(seat)
            if said != driver:
                wrong[said].append(key)
        for said, keys in wrong.items():
            model._default_manager.filter(pk__in=keys).update(driver=said)
        if wrong and model is DriverShare:  # written without a signal
            championships_are_due(event.season_id)


def _minutes_of(session: Session) -> set[tuple[int, int, int | None, int]]:
    """What championships count of the shares: car, driver, time at the wheel and laps."""
    shares = DriverShare.objects.filter(session_entry__session=session, driver__isnull=False).order_by()
    return set(shares.values_list("session_entry", "driver", "drive_ms", "laps"))


def _leads_of(session: Session) -> set[tuple[int, str]]:
    """By car a digest of its positions, lap by lap: other ones are other laps led."""
    digest = Func(Cast("positions", TextField()), function="md5", output_field=TextField())
    traces = CarTrace.objects.filter(session_entry__session=session).order_by()
    return set(traces.annotate(digest=digest).values_list("session_entry", "digest"))


def _laps_by_car(session: Session) -> dict[int, list[DrivenLap]]:
    laps: dict[int, list[DrivenLap]] = defaultdict(list)
    with connection.cursor() as cursor:
        cursor.execute(LAPS, [session.pk])
        for car, *cells in cursor.fetchall():
            laps[car].append(DrivenLap._make(cells))
    return laps


def _clues_by_car(session: Session) -> dict[int, list[Clue]]:
    standing = LapDeletion.objects.standing().filter(session=session)
    clues: dict[int, list[Clue]] = defaultdict(list)
    for car, *values in standing.values_list("session_entry_id", "lap", "lap_ms", "day_ms"):
        clues[car].append(Clue(*values))
    return clues


def _seats_by_car(session: Session) -> dict[int, Seats]:
    """Who sat where: the crew of the session where it has one of its own, else that of the entry."""
    entry_crew = CrewMember.objects.filter(entry__session_entries__session=session)
    session_crew = SessionCrewMember.objects.filter(session_entry__session=session, line=1)
    seats = _by_car(entry_crew.values_list("entry__session_entries", "seat", "driver"))
    own = _by_car(session_crew.values_list("session_entry", "seat", "driver"))
    return defaultdict(dict, seats | own)


def _by_car(crew: Iterable[tuple[int, int, int]]) -> dict[int, Seats]:
    seats: dict[int, Seats] = defaultdict(dict)
    for car, seat, driver in crew:
        seats[car][seat] = driver
    return seats


def _copy_line(car: int, trace: Trace) -> str:
    """Whole numbers only, so nothing needs escaping."""
    arrays = (trace.positions, trace.gaps_ms, trace.times_ms, trace.pit_laps, trace.deleted_laps)
    return "\t".join([str(car), *map(_array, arrays)]) + "\n"


def _array(values: Iterable[int | None]) -> str:
    return "{" + ",".join("NULL" if value is None else str(value) for value in values) + "}"


def _stint(car: int, sequence: int, stint: DrivenStint, seats: Seats) -> Stint:
    return Stint(
        session_entry_id=car,
        sequence=sequence,
        seat=stint.seat,
        driver_id=seats.get(stint.seat),
        first_lap=stint.first_lap,
        last_lap=stint.last_lap,
        laps=stint.laps,
        drive_ms=stint.drive_ms,
        best_lap_ms=stint.best.time_ms if stint.best else None,
        best_lap_number=stint.best.number if stint.best else None,
        pit_ms=stint.pit_ms,
        ends_in_pit=stint.ends_in_pit,
    )


def _share(car: int, share: Share, seats: Seats) -> DriverShare:
    return DriverShare(
        session_entry_id=car,
        seat=share.seat,
        driver_id=seats.get(share.seat),
        laps=share.laps,
        drive_ms=share.drive_ms,
        best_lap_ms=share.best.time_ms if share.best else None,
        best_lap_number=share.best.number if share.best else None,
    )
