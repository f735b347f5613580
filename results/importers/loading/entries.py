"""The cars of an event: those stored, those a file brings, and where the two disagree.

An entry belongs to the event, a file speaks of one session. So what a file says of a car's team, class or crew fills
gaps freely, but never overrules silently what readers already see. To tell a correction from a standing disagreement
(the qualifying sheet knew two drivers, the race sheet three), each import keeps what its file stated of every car:
only a statement that differs from the former one of the same session is a change.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from functools import partial
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from results.differences import CellChange
from results.importers.loading.bench import Bench, in_words, is_stored
from results.importers.match import Books, DriverBook, NameBook, full_name
from results.importers.records import RowRecord
from results.models import CarModel, CrewMember, Driver, Entry, Event, Session, SessionEntry
from results.names import fold

Statement = dict[str, str]  # column -> folded text

LABELS = {
    "team": gettext_lazy("team"),
    "entrant": gettext_lazy("entrant"),
    "car_model": gettext_lazy("car"),
    "racing_class": gettext_lazy("class"),
    "is_guest": gettext_lazy("guest"),
    "cups": gettext_lazy("cups"),
    "crew": gettext_lazy("crew"),
}


@dataclass(slots=True)
class View:
    """What one session's file says of its cars, beside what it said the time before.

    `guarded` are the cars of its released result: a new statement about them changes what readers see. A `draft` may
    change nothing of a car that readers see anywhere: team and crew stand at every result of the event.
    """

    released: bool = False
    draft: bool = False
    guarded: frozenset[str] = frozenset()
    before: dict[str, Statement] = field(default_factory=dict)
    now: dict[str, Statement] = field(default_factory=dict)
    changes: list[CellChange] = field(default_factory=list)

    def repeats(self, number: str, claim: Claim) -> bool:
        """Whether the last file of this session said the same."""
        return number in self.before and self.before[number].get(claim.column, "") == claim.text


@dataclass(frozen=True, slots=True)
class Claim:
    """One statement of a file about a car that is stored already."""

    column: str
    text: str  # folded; empty: the file says nothing
    known: str
    said: str
    agrees: bool
    fills: bool  # adds to what is known, contradicts nothing
    apply: Callable[[bool], None]  # asked whether the report shall name the change


class EntryList:
    """The entries of one event by number."""

    def __init__(self, bench: Bench, event: Event, rows: list[RowRecord]) -> None:
        self._bench, self._event = bench, event
        stored = _stored_entries(event)
        self._entries = {entry.number: entry for entry in stored}
        self._crews = {entry.number: {member.seat: member.driver for member in entry.crew.all()} for entry in stored}
        self._cups = {entry.number: {fold(cup.name): cup.name for cup in entry.cups.all()} for entry in stored}
        self._in_sessions: dict[tuple[int, str], SessionEntry] = {}
        self._shown: set[str] = set()  # cars whose result readers may see
        if is_stored(event):
            self._load_sessions(event)
        self._books = Books(bench, event.season.series, rows)
        self._drivers = DriverBook(bench, rows, stored)

    def _load_sessions(self, event: Event) -> None:
        for car in SessionEntry.objects.filter(session__event=event).select_related("entry"):
            self._in_sessions[car.session_id, car.entry.number] = car
        released = SessionEntry.objects.filter(session__event=event, rows__classification__is_current=True)
        self._shown = set(released.values_list("entry__number", flat=True))

    def take(self, row: RowRecord, session: Session, view: View) -> SessionEntry:
        """The car of that row in that session, entered where it is new."""
        entry = self._entries.get(row.number)
        if entry is None:
            self._entries[row.number] = entry = self._enter(row)
            view.now[row.number] = _statement(row)
        else:
            view.now[row.number] = _statement(row)
            self._compare(entry, row, view)
        if view.released:
            self._shown.add(row.number)
        return self.in_session(entry, session)

    def in_session(self, entry: Entry, session: Session) -> SessionEntry:
        key = (session.pk if is_stored(session) else -id(session), entry.number)
        if key not in self._in_sessions:
            self._in_sessions[key] = self._bench.add(SessionEntry(session=session, entry=entry))
        return self._in_sessions[key]

    def bare(self, number: str, session: Session) -> SessionEntry:
        """A car of which a lap file knows only the number."""
        entry = self._entries.get(number)
        if entry is None:
            self._bench.doubt(_("New: car #%(number)s, known by its number only.") % {"number": number})
            entry = self._entries[number] = self._bench.add(Entry(event=self._event, number=number))
            self._crews[number], self._cups[number] = {}, {}
        return self.in_session(entry, session)

    def _enter(self, row: RowRecord) -> Entry:
        entry = Entry(
            event=self._event,
            number=row.number,
            team=self._books.teams.get(_team(row), line=row.line),
            entrant=_entrant(row),
            car_model=self._car(row),
            racing_class=self._books.classes.get(row.class_name, line=row.line),
            is_guest=row.guest,
        )
        self._bench.add(entry, line=row.line)
        self._crews[row.number], self._cups[row.number] = {}, {}
        for name in row.cups:
            self._join_cup(entry, name, row)
        self._seat(entry, row, [*self._named(row, entry)])
        return entry

    def _car(self, row: RowRecord) -> CarModel | None:
        car = self._books.cars.get(row.car, line=row.line)
        if car is not None and car.manufacturer is None and row.manufacturer:
            self._bench.alter(car, manufacturer=self._books.manufacturers.get(row.manufacturer, line=row.line))
        return car

    def _join_cup(self, entry: Entry, name: str, row: RowRecord) -> None:
        cup = self._books.cups.get(name, line=row.line)
        if cup is not None and fold(name) not in self._cups[entry.number]:
            self._cups[entry.number][fold(name)] = cup.name
            self._bench.add(Entry.cups.through(entry=entry, cup=cup), line=row.line)

    # crew

    def _named(self, row: RowRecord, entry: Entry) -> Iterable[tuple[int, Driver | None, str]]:
        """Seat, driver where he is known, and printed name of everybody the row seats."""
        for place, record in enumerate(row.drivers, start=1):
            if self._drivers.is_nobody(record):
                continue
            found = self._drivers.find(record, number=row.number, team=entry.team, line=row.line)
            yield record.seat or place, found, full_name(record)

    def _seat(self, entry: Entry, row: RowRecord, named: list[tuple[int, Driver | None, str]]) -> None:
        """Seats everybody who does not sit there yet, in the printed seat where it is free."""
        crew = self._crews[row.number]
        records = {full_name(record): record for record in row.drivers}
        seen: set[str] = set()
        for seat, found, name in named:
            if fold(name) in seen:
                self._bench.doubt(
                    _("#%(number)s: “%(name)s” is listed twice.") % {"number": row.number, "name": name}, line=row.line
                )
                continue
            seen.add(fold(name))
            driver = found or self._drivers.new(records[name], line=row.line)
            if driver not in crew.values():
                free = seat if seat not in crew else max(crew) + 1
                crew[free] = driver
                self._bench.add(CrewMember(entry=entry, driver=driver, seat=free), line=row.line)

    # disagreement

    def _compare(self, entry: Entry, row: RowRecord, view: View) -> None:
        for claim in self._claims(entry, row):
            if not claim.text or claim.agrees:
                continue
            repeated = view.repeats(row.number, claim)
            if view.draft and row.number in self._shown:
                view.now[row.number].pop(claim.column)  # not taken, so that the released file may still say it
                self._contradicted(row, claim)
            elif not repeated and row.number in view.guarded:
                view.changes.append(CellChange(row.number, claim.column, claim.known, claim.said))
                claim.apply(False)  # noqa: FBT003 - the only argument, named in Claim
            elif not repeated and (claim.fills or row.number not in self._shown):
                claim.apply(True)  # noqa: FBT003
            else:
                self._contradicted(row, claim)

    def _contradicted(self, row: RowRecord, claim: Claim) -> None:
        said = {"column": LABELS[claim.column], "said": claim.said, "known": claim.known or "–"}
        self._bench.doubt(
            _("#%(number)s: %(column)s is “%(said)s” in the file, stored is “%(known)s”; it stays.")
            % {"number": row.number, **said},
            line=row.line,
            column=str(LABELS[claim.column]),
        )

    def _claims(self, entry: Entry, row: RowRecord) -> Iterable[Claim]:
        books, said = self._books, _statement(row)
        named = (
            ("team", _team(row), books.teams),
            ("car_model", row.car, books.cars),
            ("racing_class", row.class_name, books.classes),
        )
        for column, name, book in named:
            known = getattr(entry, column)
            yield Claim(
                column, said.get(column, ""), str(known or ""), (name or "").strip(),
                agrees=known is not None and book.find(name) == known,
                fills=known is None,
                apply=partial(self._set_named, entry, row, column, book),
            )  # fmt: skip
        for column, value in (("entrant", _entrant(row)), ("is_guest", row.guest)):
            known = getattr(entry, column)
            yield Claim(
                column, said.get(column, ""), in_words(known), in_words(value),
                agrees=fold(str(known)) == fold(str(value)),
                fills=not known,
                apply=partial(self._set, entry, row, column, value),
            )  # fmt: skip
        yield self._cups_claim(entry, row, said)
        yield self._crew_claim(entry, row, said)

    def _set_named(self, entry: Entry, row: RowRecord, column: str, book: NameBook[Any], note: bool) -> None:  # noqa: FBT001
        name = {"team": _team(row), "car_model": row.car, "racing_class": row.class_name}[column]
        self._set(entry, row, column, book.get(name, line=row.line), note)

    def _set(self, entry: Entry, row: RowRecord, column: str, value: Any, note: bool) -> None:  # noqa: FBT001
        self._bench.alter(entry, line=row.line, in_report=note, **{column: value})

    def _cups_claim(self, entry: Entry, row: RowRecord, said: Statement) -> Claim:
        known = self._cups[row.number]
        missing = [name for name in row.cups if fold(name) not in known]
        known_as, said_as = ", ".join(known.values()), ", ".join(row.cups)
        return Claim(
            "cups", said.get("cups", ""), known_as, said_as,
            agrees=not missing, fills=True, apply=partial(self._join_cups, entry, row, missing, known_as),
        )  # fmt: skip

    def _join_cups(self, entry: Entry, row: RowRecord, missing: list[str], known_as: str, note: bool) -> None:  # noqa: FBT001
        for name in missing:
            self._join_cup(entry, name, row)
        if note and is_stored(entry):
            self._bench.note(
                f"#{row.number}", str(LABELS["cups"]), known_as, ", ".join(self._cups[row.number].values())
            )

    def _crew_claim(self, entry: Entry, row: RowRecord, said: Statement) -> Claim:
        seated = list(self._crews[row.number].values())
        named = [*self._named(row, entry)]
        found = [driver for _seat, driver, _name in named]
        everybody = all(driver in found for driver in seated)
        known_as = "/".join(driver.full_name for driver in seated)
        said_as = "/".join(name for _seat, _driver, name in named)

        return Claim(
            "crew", said.get("crew", ""), known_as, said_as,
            agrees=everybody and all(driver in seated for driver in found), fills=everybody,
            apply=partial(self._change_crew, entry, row, named, known_as),
        )  # fmt: skip

    def _change_crew(
        self,
        entry: Entry,
        row: RowRecord,
        named: list[tuple[int, Driver | None, str]],
        known_as: str,
        note: bool,  # noqa: FBT001
    ) -> None:
        """Adds the new drivers; where somebody is gone the crew is seated anew."""
        found = [driver for _seat, driver, _name in named]
        if any(driver not in found for driver in self._crews[row.number].values()):
            self._bench.empty_crew(entry)
            self._crews[row.number] = {}
        self._seat(entry, row, named)
        if note and is_stored(entry):
            said_as = "/".join(driver.full_name for driver in self._crews[row.number].values())
            self._bench.note(f"#{row.number}", str(LABELS["crew"]), known_as, said_as)


def _stored_entries(event: Event) -> list[Entry]:
    if not is_stored(event):
        return []
    entries = Entry.objects.filter(event=event, line=1).with_car().prefetch_related("crew__driver", "cups")
    return list(entries)


def _team(row: RowRecord) -> str | None:
    """Many sheets print only the entrant."""
    return row.team or row.entrant


def _entrant(row: RowRecord) -> str:
    return row.entrant if row.team and row.entrant and fold(row.entrant) != fold(row.team) else ""


def _statement(row: RowRecord) -> Statement:
    """What the file says of a car, folded, so that an accent more is no change; nothing for what it leaves out."""
    said = {
        "team": fold(_team(row) or ""),
        "entrant": fold(_entrant(row)),
        "car_model": fold(row.car or ""),
        "racing_class": fold(row.class_name or ""),
        "is_guest": "true" if row.guest else "",
        "cups": "/".join(sorted(fold(cup) for cup in row.cups)),
        "crew": "/".join(sorted(fold(full_name(driver)) for driver in row.drivers)),
    }
    return {column: text for column, text in said.items() if text}
