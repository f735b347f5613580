"""The cars and drivers of a season that an archive brings, its drivers known by the source's own keys."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from typing import Any

from django.db.models import Max, Min
from django.utils.translation import gettext as _

from results.importers.f1db import KEY_SOURCE
from results.importers.loading.bench import Bench, in_words, is_stored
from results.importers.loading.history_calendar import DatedSession
from results.importers.loading.unseen import UNSAID, CupOfEntry, Unseen
from results.importers.match import Books, full_name
from results.importers.records import DriverRecord, RowRecord
from results.models import (
    CarModel,
    CrewMember,
    Driver,
    DriverAlias,
    DriverKey,
    Entry,
    Season,
    Series,
    Session,
    SessionCrewMember,
    SessionEntry,
    Team,
)
from results.names import fold

# Nobody races for longer; a driver of that name from another age is somebody else (Peter Collins of 1958).
LONGEST_CAREER = 45
YOUNGEST, OLDEST = 14, 70

CarKey = tuple[Session, Entry]


class KeyedDrivers:
    """Drivers by the archive's key. Where it is new, a driver known once by that name and of that age is the one."""

    def __init__(self, bench: Bench, rows: Iterable[RowRecord], *, year: int) -> None:
        self._bench, self._year = bench, year
        self.doubts: list[str] = []
        self._new_keys: list[DriverKey] = []
        records = {record.key: record for row in rows for record in row.drivers}
        keys = DriverKey.objects.filter(source=KEY_SOURCE, key__in=records.keys()).select_related("driver")
        self._drivers = {key.key: key.driver for key in keys}
        strangers = [record for key, record in records.items() if key not in self._drivers]
        self._candidates = _namesakes(strangers)
        self._times = _years_of({driver.pk for drivers in self._candidates.values() for driver in drivers})

    def get(self, record: DriverRecord) -> Driver:
        driver = self._drivers.get(record.key)
        if driver is None:
            driver = self._drivers[record.key] = self._known(record) or self._make(record)
            self._new_keys.append(DriverKey(driver=driver, source=KEY_SOURCE, key=record.key))
        return driver

    def write(self) -> None:
        DriverKey.objects.bulk_create(self._new_keys)

    def _known(self, record: DriverRecord) -> Driver | None:
        namesakes = self._candidates.get(fold(full_name(record)), [])
        fitting = [driver for driver in namesakes if self._may_be(driver)]
        said = {"name": full_name(record), "key": record.key}
        if len(fitting) == 1 and len(namesakes) == 1:
            # Whoever is taken is spoken for: a second key of that name is a second person.
            namesakes.remove(fitting[0])
            self.doubts.append(_("“%(name)s” (%(key)s) is taken for the driver already stored.") % said)
            return fitting[0]
        if namesakes:
            self.doubts.append(_("“%(name)s” (%(key)s) is new, a namesake of one already stored.") % said)
        return None

    def _make(self, record: DriverRecord) -> Driver:
        return self._bench.add(Driver(first_name=record.first_name, last_name=record.last_name))

    def _may_be(self, driver: Driver) -> bool:
        """Whether his age and the years in which he is known to have raced do not speak against it."""
        if driver.birth_date and not YOUNGEST <= self._year - int(driver.birth_date[:4]) <= OLDEST:
            return False
        first, last = self._times.get(driver.pk, (self._year, self._year))
        return last - self._year <= LONGEST_CAREER and self._year - first <= LONGEST_CAREER


class Cars:
    """Entries of a season's events and the cars of its sessions, with who sat in them."""

    def __init__(
        self, bench: Bench, series: Series, season: Season, rows: list[RowRecord], drivers: KeyedDrivers
    ) -> None:
        self._bench, self._drivers = bench, drivers
        self._books = Books(bench, series, rows)
        self._entries: dict[tuple[int, str, int], Entry] = {}
        self._in_sessions: dict[tuple[int, int], SessionEntry] = {}
        self._stored_crews: dict[int, set[int | None]] = defaultdict(set)
        self._seats: dict[int, tuple[Entry, dict[tuple[int, int], tuple[SessionEntry, Driver]]]] = {}
        self._session_crew: list[SessionCrewMember] = []
        self._unseen: dict[int, Unseen] = {}  # by event
        self._waiting: set[int] = set()  # stored entries that readers have not seen yet
        self.doubts: list[str] = []
        if is_stored(season) and rows:
            self._load(season)

    def take(self, dated: DatedSession, row: RowRecord) -> SessionEntry:
        """The car of that row in that session, with its driver seated."""
        event = dated.session.event
        key = (event.pk if is_stored(event) else -id(event), row.number, row.entry_line)
        entry = self._entries.get(key)
        if entry is None:
            entry = self._entries[key] = self._enter(dated, row)
        elif is_stored(entry) and entry.pk in self._waiting:
            self._show(entry, dated, row)
        car = self._in_session(dated.session, entry)
        seats = self._seats.setdefault(id(entry), (entry, {}))[1]
        seats[id(car), row.share] = (car, self._drivers.get(row.drivers[0]))
        return car

    def seat(self) -> None:
        """Crews of the entries; of single sessions only where not simply the one driver of the entry drove."""
        for entry, seats in self._seats.values():
            drivers = list({id(driver): driver for _car, driver in seats.values()}.values())
            known = self._stored_crews[entry.pk] if is_stored(entry) else set()
            if not is_stored(entry):
                for seat, driver in enumerate(drivers, start=1):
                    self._bench.add(CrewMember(entry=entry, driver=driver, seat=seat))
            if len(drivers) > 1 or (is_stored(entry) and known != {drivers[0].pk}) or len(seats) > _sessions_of(seats):
                self._session_crew += [
                    SessionCrewMember(session_entry=car, line=share, driver=driver, seat=1)
                    for (_id, share), (car, driver) in seats.items()
                ]

    def write(self) -> None:
        """Behind the workbench, which has written cars and drivers. Who is seated already in a stored car stays."""
        SessionCrewMember.objects.bulk_create(self._session_crew, ignore_conflicts=True)
        for unseen in self._unseen.values():
            unseen.write()

    def _show(self, entry: Entry, dated: DatedSession, row: RowRecord) -> None:
        """Before readers see a car first, what only held imports wrote leaves it; the archive says team and car."""
        self._waiting.discard(entry.pk)
        unseen = self._unseen.setdefault(entry.event_id, Unseen(dated.session.event))
        for column, empty in UNSAID.items():
            known, former = getattr(entry, column), unseen.former(entry, column)
            value: Any = former or self._said(column, row) or empty
            if known not in (former, value):
                unseen.take_back(entry, column)
                self._doubt(entry, dated, in_words(known))
            self._bench.alter(entry, **{column: value})
        cups = CupOfEntry.objects.filter(entry=entry, cup__folded__in=unseen.cups(entry)).select_related("cup")
        if cups:
            unseen.take_back(entry, "cups")
            self._doubt(entry, dated, ", ".join(one.cup.name for one in cups))
            self._bench.remove(*cups)

    def _said(self, column: str, row: RowRecord) -> Team | CarModel | None:
        """The archive knows no more of a car."""
        if column == "team":
            return self._books.teams.get(row.team)
        return self._car(row) if column == "car_model" else None

    def _doubt(self, entry: Entry, dated: DatedSession, known: str) -> None:
        self.doubts.append(
            _("%(event)s, #%(number)s: “%(known)s” is known only from what is not public yet, and waits for that.")
            % {"event": dated.weekend.name, "number": entry.label, "known": known}
        )

    def _load(self, season: Season) -> None:
        entries = Entry.objects.filter(event__season=season)
        for entry in entries.with_car():
            self._entries[entry.event_id, entry.number, entry.line] = entry
        self._waiting = set(entries.exclude(pk__in=entries.shown().values("pk")).values_list("pk", flat=True))
        for car in SessionEntry.objects.filter(session__event__season=season):
            self._in_sessions[car.session_id, car.entry_id] = car
        seats = CrewMember.objects.filter(entry__event__season=season).values_list("entry", "driver")
        for entry_id, driver_id in seats:
            self._stored_crews[entry_id].add(driver_id)

    def _enter(self, dated: DatedSession, row: RowRecord) -> Entry:
        entry = Entry(
            event=dated.session.event, number=row.number, line=row.entry_line, team=self._books.teams.get(row.team),
            car_model=self._car(row),
        )  # fmt: skip
        return self._bench.add(entry, line=row.line)

    def _car(self, row: RowRecord) -> CarModel | None:
        car = self._books.cars.get(row.car)
        if car is not None and car.manufacturer is None and row.manufacturer:
            self._bench.alter(car, manufacturer=self._books.manufacturers.get(row.manufacturer))
        return car

    def _in_session(self, session: Session, entry: Entry) -> SessionEntry:
        stored = is_stored(session) and is_stored(entry)
        key = (session.pk, entry.pk) if stored else (-id(session), -id(entry))
        if key not in self._in_sessions:
            self._in_sessions[key] = self._bench.add(SessionEntry(session=session, entry=entry))
        return self._in_sessions[key]


def _sessions_of(seats: dict[tuple[int, int], tuple[SessionEntry, Driver]]) -> int:
    return len({car for car, _share in seats})


def _namesakes(records: Iterable[DriverRecord]) -> dict[str, list[Driver]]:
    """Stored drivers under the folded names of these, but for those whom the archive knows by a key of their own."""
    folded = {fold(full_name(record)) for record in records}
    found: dict[str, dict[int, Driver]] = defaultdict(dict)
    if folded:
        free = Driver.objects.exclude(keys__source=KEY_SOURCE)
        for driver in free.filter(folded__in=folded):
            found[driver.folded][driver.pk] = driver
        aliases = DriverAlias.objects.filter(folded__in=folded).exclude(driver__keys__source=KEY_SOURCE)
        for alias in aliases.select_related("driver"):
            found[alias.folded].setdefault(alias.driver_id, alias.driver)
    return {name: list(drivers.values()) for name, drivers in found.items()}


def _years_of(drivers: set[int]) -> dict[int, tuple[int, int]]:
    """First and last year in which each is known to have raced."""
    if not drivers:
        return {}
    seats = CrewMember.objects.filter(driver__in=drivers, entry__event__starts_on__isnull=False).order_by()
    spans = seats.values("driver").annotate(first=Min("entry__event__starts_on"), last=Max("entry__event__starts_on"))
    return {span["driver"]: (span["first"].year, span["last"].year) for span in spans}
