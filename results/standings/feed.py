"""From stored results to what the arithmetic reads: the lines of every version that a season's championships count."""

from __future__ import annotations

import datetime as dt
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from fractions import Fraction
from typing import Any

from django.db.models import Q
from django.db.models.functions import Greatest, Now

from results.importers.status import CLASSIFIED, STATUSES
from results.models import (
    CalendarStatus,
    CarTrace,
    Championship,
    Classification,
    ClassificationRow,
    CrewMember,
    DriverGrade,
    DriverShare,
    Entry,
    ScoringEvent,
    Season,
    Session,
    SessionCrewMember,
)
from results.names import fold
from results.points.facts import Key, Line, Scoring
from results.points.prospects import Coming
from results.standings.schedule import Calendar, tags_of

PROVISIONAL = frozenset({Classification.State.PROVISIONAL, Classification.State.REVISED})
Place = tuple[int, str]  # session and checkpoint
SECOND = 1000  # ms


@dataclass(frozen=True, slots=True)
class Version:
    """A released version of a result and the window in which readers see it: `opens` None is never."""

    pk: int
    at: Place
    state: str
    is_current: bool
    opens: dt.datetime | None
    closes: dt.datetime | None

    def is_seen(self, moment: dt.datetime) -> bool:
        """Whether readers see it then."""
        return self.opens is not None and self.opens <= moment and (self.closes is None or self.closes > moment)


@dataclass(frozen=True, slots=True)
class Sheet:
    """The lines of a version and which of them had the fastest lap."""

    lines: tuple[Line, ...]
    fastest: tuple[int, ...]


def versions_of(season: Season, *, now: dt.datetime) -> list[Version]:
    """The versions that the desk works on, and those that readers see now or will see."""
    alive = Q(is_current=True) | Q(public_until__isnull=True) | Q(public_until__gt=now)
    rows = Classification.objects.filter(alive, session__event__season=season, released_at__isnull=False).values_list(
        "pk", "session", "checkpoint", "state", "is_current", "public_from", "public_until", "session__public_from",
        "session__event__public_from",
    )  # fmt: skip
    return [
        Version(pk, (session, checkpoint), state, current, _latest(opens, *above), closes)
        for pk, session, checkpoint, state, current, opens, closes, *above in rows.order_by("pk")
    ]


def _latest(*instants: dt.datetime | None) -> dt.datetime | None:
    known = [one for one in instants if one is not None]
    return max(known) if len(known) == len(instants) else None


def sets_of(versions: Sequence[Version], counted: Iterable[Place], *, now: dt.datetime) -> set[tuple[int, ...]]:
    """The sets of counted versions that are shown to somebody: to the desk, to readers now and after each opening."""
    places = set(counted)
    mine = [one for one in versions if one.at in places]
    borders = {one.opens for one in mine} | {one.closes for one in mine}
    moments = [now, *(border for border in borders if border is not None and border > now)]
    sets = {tuple(one.pk for one in mine if one.is_seen(moment)) for moment in moments}
    return sets | {tuple(one.pk for one in mine if one.is_current)}


# ------------------------------------------------------------------ lines


def sheets_of(season: Season, versions: Iterable[int]) -> dict[int, Sheet]:
    """The lines of these versions with crews, classes and cups, by version; the same number of queries for any number."""
    rows = _rows(list(versions))
    cars = _Cars(season, rows)
    by_version: dict[int, list[_Row]] = defaultdict(list)
    for row in rows:
        by_version[row.version].append(row)
    return {version: _sheet(found, cars) for version, found in by_version.items()}


def sheet_of(season: Season, lines: Sequence[ClassificationRow]) -> Sheet:
    """The lines of a result that nobody has stored, such as one with a decision of the stewards."""
    rows = [
        _Row(
            0, one.session_entry.session_id, one.session_entry_id, one.session_entry.entry_id, one.line, one.position, one.class_position, one.status,
            one.laps, one.grid, one.best_lap_ms,
        )
        for one in lines
    ]  # fmt: skip
    return _sheet(rows, _Cars(season, rows))


@dataclass(frozen=True, slots=True)
class _Row:
    """A stored line."""

    version: int
    session: int
    car: int  # in the session
    entry: int
    line: int
    position: int | None
    class_position: int | None
    status: str
    laps: int | None
    grid: int | None
    best_lap_ms: int | None


def _rows(versions: list[int]) -> list[_Row]:
    columns = (
        "classification", "session_entry__session", "session_entry", "session_entry__entry", "line", "position", "class_position", "status", "laps",
        "grid", "best_lap_ms",
    )  # fmt: skip
    rows = ClassificationRow.objects.filter(classification__in=versions).order_by("classification", "display_order")
    return [_Row(*cells) for cells in rows.values_list(*columns)]


class _Cars:
    """What is known of the cars of a season: whose they are and who drove."""

    def __init__(self, season: Season, rows: Sequence[_Row]) -> None:
        # By session and event, not by car: a season has two dozen of those, and a list of 1,500 keys takes its time.
        sessions = {row.session for row in rows}
        events = Session.objects.filter(pk__in=sessions).values("event")
        entries, crews = Entry.objects.filter(event__in=events), CrewMember.objects.filter(entry__event__in=events)
        in_sessions = {"session_entry__session__in": sessions}
        self._facts: dict[int, list[Any]] = {
            pk: facts
            for pk, *facts in entries.values_list(
                "pk", "team", "team__name", "entrant", "car_model", "car_model__manufacturer", "racing_class__name", "is_guest", "number",
            )
        }  # fmt: skip
        self._cups: dict[int, set[str]] = defaultdict(set)
        for entry, cup in Entry.cups.through.objects.filter(entry__event__in=events).values_list("entry", "cup__name"):
            self._cups[entry].add(fold(cup))
        self._led = _led(season, {row.car: self._facts[row.entry][5] for row in rows})
        self._crews = _seated(crews.values_list("entry", "seat", "driver"))
        self._own_lines = _seated_by_line(SessionCrewMember.objects.filter(**in_sessions))
        self._own = {car for car, _line in self._own_lines}
        shares = DriverShare.objects.filter(**in_sessions)
        self._driven: dict[tuple[int, int], int] = {}
        self._seconds: dict[tuple[int, int], int] = {}
        told, untold = set[int](), set[int]()
        for car, driver, ms, laps in shares.values_list("session_entry", "driver", "drive_ms", "laps"):
            if not driver:  # laps of a seat that nobody is named for
                untold.add(car)
                continue
            told.add(car)
            self._driven[car, driver] = laps
            if ms is not None:
                self._seconds[car, driver] = ms // SECOND
        self._told = told - untold  # of all laps of these cars somebody is named: who is not drove none
        self._grades = dict(DriverGrade.objects.filter(season=season).values_list("driver", "grade"))
        self._with_laps = _with_laps(rows) if self._driven or self._led else frozenset()

    def line(self, row: _Row, class_position: int | None) -> Line:
        team, team_name, entrant, car, maker, racing_class, is_guest, number = self._facts[row.entry]
        seated = (
            self._own_lines.get((row.car, row.line), []) if row.car in self._own else self._crews.get(row.entry, [])
        )
        drivers = [driver for _seat, driver in seated]
        timed = drivers if row.version in self._with_laps else ()
        named = entrant or team_name
        return Line(
            car=row.entry,
            drivers=tuple(("driver", driver) for driver in drivers),
            position=row.position,
            class_position=class_position,
            racing_class=fold(racing_class or ""),
            status=row.status,
            has_started=STATUSES[row.status].started,
            share=row.line,
            laps=row.laps,
            grid=row.grid,
            best_ms=row.best_lap_ms,
            number=number,
            team=_key("team", team),
            entrant=_key("entrant", named),
            manufacturer=_key("manufacturer", maker),
            constructor=_key("constructor", car),
            cups=frozenset(self._cups.get(row.entry, ())),
            is_guest=is_guest,
            seconds=tuple(
                0 if self._stayed_out(row.car, driver) else self._seconds.get((row.car, driver)) for driver in timed
            ),
            driven=tuple(
                0 if self._stayed_out(row.car, driver) else self._driven.get((row.car, driver)) for driver in timed
            ),
            seats=tuple(seat for seat, _driver in seated),
            led=self._led.get(row.car, (0, 0)) if timed else (0, 0),
            ratings=tuple(self._grades.get(driver, "") for driver in drivers),
        )

    def _stayed_out(self, car: int, driver: int) -> bool:
        return car in self._told and (car, driver) not in self._driven


def _key(kind: str, thing: object) -> Key:
    return (kind, thing) if thing else None


def _with_laps(rows: Sequence[_Row]) -> frozenset[int]:
    """The versions for which it counts who drove how long and who led: at the finish, for until then nobody has summed them up,
    and not before readers may see the laps. What no reader sees counts all that the desk knows.

    Lines that nobody has stored (version 0) stand for the result that the desk works on.
    """
    versions = {row.version for row in rows}
    found = Classification.objects.filter(checkpoint="")
    opens = Greatest("public_from", "session__public_from", "session__event__public_from", Now())
    is_open = Q(session__lap_set__isnull=True) | Q(session__lap_set__public_from__lte=opens)
    is_hidden = Q(public_from=None) | Q(session__public_from=None) | Q(session__event__public_from=None)
    if versions == {0}:
        sessions = {row.session for row in rows}
        is_counted = found.filter(is_open | is_hidden, session__in=sessions, is_current=True).exists()
        return frozenset(versions if is_counted else ())
    return frozenset(found.filter(is_open | is_hidden, pk__in=versions).values_list("pk", flat=True))


def _led(season: Season, classes: Mapping[int, str | None]) -> dict[int, tuple[int, int]]:
    """By car of a session how many laps it led, of all and of its class; asked for only where rules pay for it.

    `classes` are those of the cars.
    """
    pays = Q(rules__bonuses__contains=[{"cause": "laps_led"}]) | Q(rules__bonuses__contains=[{"cause": "most_led"}])
    if not Championship.objects.filter(pays, season=season).exists():
        return {}
    traces = CarTrace.objects.filter(session_entry__in=classes).order_by()
    leaders: dict[tuple[int, str | None, int], tuple[int, int]] = {}
    led: dict[int, list[int]] = defaultdict(lambda: [0, 0])
    for car, session, positions in traces.values_list("session_entry", "session_entry__session", "positions"):
        for lap, position in enumerate(positions):
            if position is None:
                continue
            led[car][0] += position == 1
            ahead = leaders.setdefault((session, classes[car], lap), (position, car))
            leaders[session, classes[car], lap] = min(ahead, (position, car))
    for _position, car in leaders.values():
        led[car][1] += 1
    return {car: (overall, of_class) for car, (overall, of_class) in led.items()}


def _seated(seats: Iterable[tuple[int, int, int]]) -> dict[int, list[tuple[int, int]]]:
    """By car, seats and who sits there, in order."""
    crews: dict[int, list[tuple[int, int]]] = defaultdict(list)
    for entry, seat, driver in sorted(seats):
        crews[entry].append((seat, driver))
    return crews


def _seated_by_line(members: Iterable[SessionCrewMember]) -> dict[tuple[int, int], list[tuple[int, int]]]:
    crews: dict[tuple[int, int], list[tuple[int, int]]] = defaultdict(list)
    for member in sorted(members, key=lambda one: (one.session_entry_id, one.line, one.seat)):
        crews[member.session_entry_id, member.line].append((member.seat, member.driver_id))
    return crews


def _sheet(rows: Sequence[_Row], cars: _Cars) -> Sheet:
    lines = [cars.line(row, row.class_position) for row in rows]
    if all(line.class_position is None for line in lines):
        lines = in_class(lines)
    times = [row.best_lap_ms for row in rows if row.best_lap_ms is not None]
    best = min(times, default=None)
    return Sheet(tuple(lines), tuple(at for at, row in enumerate(rows) if best is not None and row.best_lap_ms == best))


def in_class(lines: Sequence[Line]) -> list[Line]:
    """The lines with places in class worked out from those over all; who shares a place there shares one here."""
    ahead: dict[str, list[int]] = defaultdict(list)
    for line in lines:
        if line.position is not None and line.status == CLASSIFIED:
            ahead[line.racing_class].append(line.position)
    return [
        replace(line, class_position=1 + sum(place < line.position for place in ahead[line.racing_class]))
        if line.position is not None
        else line
        for line in lines
    ]


# ------------------------------------------------------------------ scorings


def scorings_of(
    counted: Iterable[ScoringEvent],
    versions: Iterable[Version],
    sheets: Mapping[int, Sheet],
    calendar: Calendar,
) -> list[Scoring]:
    """What a championship counts of these versions, in the order of the season; an annulled result counts nothing."""
    by_place = {one.at: one for one in versions if one.state != Classification.State.ANNULLED}
    found = []
    for one in counted:
        version = by_place.get((one.session_id, one.checkpoint))
        number = _round(one, calendar)
        if version is None or number is None:
            continue
        sheet = sheets.get(version.pk, Sheet((), ()))
        found.append(
            Scoring(
                key=(one.session_id, one.checkpoint), round=number, kind=calendar.sessions[one.session_id].kind,
                lines=sheet.lines, checkpoint=one.checkpoint, share=one.share, fastest=sheet.fastest,
                tags=frozenset(one.tags), is_provisional=version.state in PROVISIONAL, table=_table(one), factor=_factor(one),
            )
        )  # fmt: skip
    return sorted(found, key=lambda scoring: _order(scoring, calendar))


def coming_of(
    counted: Iterable[ScoringEvent], scored: Iterable[Scoring], calendar: Calendar, *, cars: int
) -> list[Coming]:
    """What lies ahead: every counted session without a result. An event whose sessions nobody knows has those of most.

    Of a cancelled event whose practice was run nothing is to come.
    """
    scored = list(scored)
    done = {scoring.key for scoring in scored}
    counted = [one for one in counted if _round(one, calendar) is not None and not _is_off(one, calendar)]
    ahead = [
        Coming(
            key=(one.session_id, one.checkpoint), round=calendar.rounds[calendar.sessions[one.session_id].event_id],
            kind=calendar.sessions[one.session_id].kind, checkpoint=one.checkpoint, tags=frozenset(one.tags), cars=cars,
            table=_table(one), factor=_factor(one),
        )
        for one in counted
        if (one.session_id, one.checkpoint) not in done
    ]  # fmt: skip
    with_sessions = {session.event_id for session in calendar.sessions.values()}
    for event in calendar.events:
        if event.pk not in with_sessions and event.status != CalendarStatus.CANCELLED:
            tags = frozenset(tags_of(event, None, None))
            for place, (kind, checkpoint) in enumerate(_usual(scored)):
                key = ("event", event.pk, place) if place else ("event", event.pk)
                ahead.append(Coming(key, calendar.rounds[event.pk], kind, checkpoint, tags=tags, cars=cars))
    return sorted(ahead, key=lambda one: _order(one, calendar))


def _usual(scored: Iterable[Scoring]) -> tuple[tuple[str, str], ...]:
    """Kind and checkpoint of what most rounds so far had that counts, of as many the fuller ones; a race before the first."""
    by_round: dict[int, list[tuple[str, str]]] = defaultdict(list)
    for one in scored:
        by_round[one.round].append((one.kind, one.checkpoint))
    known = Counter(map(tuple, by_round.values()))
    return max(known, key=lambda round_: (known[round_], len(round_)), default=(("race", ""),))


def _order(one: Scoring | Coming, calendar: Calendar) -> tuple[int, int, bool, str]:
    """By round and session; a checkpoint before the finish of its race."""
    session = calendar.sessions.get(one.key[0]) if isinstance(one.key, tuple) else None
    return one.round, session.sequence if session else 0, not one.checkpoint, one.checkpoint.rjust(12)


def _round(one: ScoringEvent, calendar: Calendar) -> int | None:
    session = calendar.sessions.get(one.session_id)
    return calendar.rounds.get(session.event_id) if session is not None and one.counts else None


def _is_off(one: ScoringEvent, calendar: Calendar) -> bool:
    return calendar.sessions[one.session_id].event.status == CalendarStatus.CANCELLED


def _table(one: ScoringEvent) -> tuple[Decimal, ...] | None:
    return tuple(one.table) if one.table else None


def _factor(one: ScoringEvent) -> Fraction | None:
    return Fraction(one.factor_numerator, one.factor_denominator) if one.factor_numerator is not None else None
