"""Who sat in which car: the crew of an entry, and that of a session where another one drove.

An entry's crew belongs to the event. A session gets a crew of its own where its sheet names other people than the
entry, or lists two of one car apart; the sessions there were before keep theirs when a later sheet adds a driver.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext as _

from results.importers.loading.bench import Bench, is_stored
from results.models import (
    ClassificationRow,
    CrewMember,
    Driver,
    Entry,
    Event,
    LapSet,
    Session,
    SessionCrewMember,
    SessionEntry,
)

Seats = dict[int, Driver]
SessionKey = tuple[int, str]  # session, car; a negative number stands for a session that is not stored yet


@dataclass(slots=True)
class Crew:
    """The people of one entry by seat, and who they were before this import added somebody."""

    entry: Entry
    seats: Seats = field(default_factory=dict)
    before: Seats | None = None

    def join(self, driver: Driver, seat: int) -> None:
        self.seats[seat] = driver

    def seat_of(self, driver: Driver) -> int:
        return next(seat for seat, one in self.seats.items() if one == driver)

    def knows(self, drivers: Iterable[Driver | None]) -> bool:
        return all(driver in self.seats.values() for driver in drivers)


@dataclass(slots=True)
class Said:
    """Who one line of a session's sheet says drove."""

    car: SessionEntry
    line: int
    seats: Seats
    held: bool  # readers do not see that sheet yet


class SessionCrews:
    """The crews of single sessions: those stored, and what this import makes of them."""

    def __init__(self, bench: Bench, event: Event) -> None:
        self._bench = bench
        self._stored: dict[tuple[int, int], dict[int, SessionCrewMember]] = {}  # car in a session, line
        self._heard: set[int] = set()  # cars in sessions of which a public list of laps says who drove
        self.held: list[SessionCrewMember] = []  # what held sheets of this import say
        self._said: dict[tuple[int, int], Said] = {}  # by id of the car in a session, and line
        if is_stored(event):
            members = SessionCrewMember.objects.filter(session_entry__session__event=event).select_related(
                "driver", "session_entry__entry"
            )
            for member in members:
                self._stored.setdefault((member.session_entry_id, member.line), {})[member.seat] = member

    def drivers(self) -> Iterable[tuple[str, int]]:
        """Car number and driver of everybody who is stored with a session."""
        for members in self._stored.values():
            for member in members.values():
                yield member.session_entry.entry.number, member.driver_id

    def of(self, car: SessionEntry, line: int = 1) -> Seats:
        """The session's own crew, empty where the entry's drove."""
        said = self._said.get((id(car), line))
        if said is not None:
            return said.seats
        return self.stored(car, line)

    def stored(self, car: SessionEntry, line: int = 1) -> Seats:
        """The session's own crew as it was before this import."""
        return {seat: member.driver for seat, member in self._stored.get((car.pk or 0, line), {}).items()}

    def say(self, car: SessionEntry, line: int, seats: Seats, *, held: bool) -> None:
        """This session's sheet names these people."""
        self._said[id(car), line] = Said(car, line, seats, held)

    def hear(self, car: SessionEntry) -> None:
        """This session's laps name people who drove in it: it has no former crew to keep."""
        if is_stored(car):
            self._heard.add(car.pk)

    def held_seats(self, car: SessionEntry) -> set[int] | None:
        """The seats that a held sheet of this import gave; None where no sheet of it says anything."""
        said = self._said.get((id(car), 1))
        return None if said is None else set(said.seats) if said.held else set()

    def settle(self, crews: Mapping[str, Crew]) -> None:
        """Once all sheets are read: gives each session a crew of its own where it needs one."""
        apart = {id(said.car) for said in self._said.values() if said.line > 1}
        for said in self._said.values():
            crew = crews[said.car.entry.label]
            same = people(said.seats) == people(crew.seats) and id(said.car) not in apart
            if not same or (said.car.pk or 0, said.line) in self._stored:
                self._write(said)
        for label, crew in crews.items():
            if crew.before and is_stored(crew.entry):
                self._pin(label, crew.entry, crew.before)

    def _write(self, said: Said) -> None:
        stored = self._stored.get((said.car.pk or 0, said.line), {})
        if {seat: member.driver for seat, member in stored.items()} == said.seats:
            return
        if people({seat: member.driver for seat, member in stored.items()}) == people(said.seats):
            return  # another order is no other crew
        self._bench.remove(*stored.values())
        for seat, driver in said.seats.items():
            member = SessionCrewMember(session_entry=said.car, line=said.line, seat=seat, driver=driver)
            self._bench.add(member)
            self.held += [member] if said.held else []
        if is_stored(said.car):
            session = said.car.session
            self._bench.note(
                f"{said.car.entry} ({session.key})", _("crew"),
                names({seat: member.driver for seat, member in stored.items()}), names(said.seats),
            )  # fmt: skip

    def _pin(self, label: str, entry: Entry, before: Seats) -> None:
        """The sessions this import says nothing of keep the crew they had."""
        told = self._heard | {said.car.pk for said in self._said.values() if said.car.entry.label == label}
        for car in _driven(entry):
            if car.pk not in told and (car.pk, 1) not in self._stored:
                for seat, driver in before.items():
                    self._bench.add(SessionCrewMember(session_entry=car, line=1, seat=seat, driver=driver))


def _driven(entry: Entry) -> list[SessionEntry]:
    """The sessions in which that car has a line of a result, or laps."""
    rows = ClassificationRow.objects.filter(session_entry=OuterRef("pk"))
    laps = LapSet.objects.filter(session=OuterRef("session"))
    return list(SessionEntry.objects.filter(Q(Exists(rows)) | Q(Exists(laps)), entry=entry).select_related("entry"))


def names(seats: Seats) -> str:
    return "/".join(driver.full_name for driver in seats.values())


def who(driver: Driver) -> int:
    """A driver as a key: new ones have none in the database yet."""
    return driver.pk or -id(driver)


def people(seats: Seats) -> set[int]:
    return {who(driver) for driver in seats.values()}


def session_key(session: Session) -> int:
    return session.pk if is_stored(session) else -id(session)


def seated(entry: Entry) -> Seats:
    """The stored crew of an entry, with drivers prefetched."""
    members: Iterable[CrewMember] = entry.crew.all()
    return {member.seat: member.driver for member in members}
