"""The cars of an event: those stored, those a file brings, and where the two disagree.

An entry belongs to the event, a file speaks of one session. So what a file says of a car's team, class or crew fills
gaps freely, but never overrules silently what readers already see. To tell a correction from a standing disagreement
(the qualifying sheet knew two drivers, the race sheet three), each import keeps what its file stated of every car:
only a statement that differs from the former one of the same session is a change.

What readers will not see yet (`Sight`) never reaches a car that anything else may show: the crew stays with the
session, everything else waits for a file that may say it.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import partial
from typing import Any

from django.db.models import Exists, OuterRef
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from results.differences import CellChange
from results.importers.loading.bench import Bench, in_words, is_stored
from results.importers.loading.crews import Crew, Seats, SessionCrews, names, seated, session_key, who
from results.importers.loading.people import People
from results.importers.loading.statements import Claim, Statement, View
from results.importers.loading.unseen import UNSAID, CupOfEntry, Unseen
from results.importers.match import Books, DriverBook, NameBook, full_name
from results.importers.records import DriverRecord, RowRecord
from results.models import (
    CarModel,
    Classification,
    ClassificationRow,
    CrewMember,
    Driver,
    Entry,
    Event,
    LapSet,
    Session,
    SessionEntry,
)
from results.models.entrants import label_of
from results.names import fold
from results.release import database_now

LABELS = {
    "team": gettext_lazy("team"),
    "entrant": gettext_lazy("entrant"),
    "car_model": gettext_lazy("car"),
    "racing_class": gettext_lazy("class"),
    "is_guest": gettext_lazy("guest"),
    "cups": gettext_lazy("cups"),
    "crew": gettext_lazy("crew"),
}


class EntryList:
    """The entries of one event by number; a second car of a number by `7·2`."""

    def __init__(self, bench: Bench, event: Event, rows: list[RowRecord], *, key_source: str = "") -> None:
        self._bench, self._event = bench, event
        stored = _stored_entries(event)
        self._entries = {entry.label: entry for entry in stored}
        self._crews = {entry.label: Crew(entry, seated(entry)) for entry in stored}
        self._cups = {entry.label: {fold(cup.name): cup.name for cup in entry.cups.all()} for entry in stored}
        self._in_sessions: dict[tuple[int, str], SessionEntry] = {}
        # Cars by session: those of its released result, be it hidden, and those that readers see there now.
        self._released: set[tuple[int, str]] = set()
        self._seen: set[tuple[int, str]] = set()
        self._parts: dict[tuple[int, str], set[str]] = {}  # the checkpoints at which a car stands in a session
        self._shown: set[str] = {label for label, entry in self._entries.items() if entry.public_from}
        if is_stored(event):
            self._load_sessions(event)
        self._books = Books(bench, event.season.series, rows)
        self.session_crews = SessionCrews(bench, event)
        self._drivers = DriverBook(bench, rows, stored, self.session_crews.drivers())
        self.unseen = Unseen(event)
        self._people = People(bench, event.season, key_source)
        self._now = database_now() if any(row.status == "" for row in rows) else None

    def _load_sessions(self, event: Event) -> None:
        cars: dict[int, tuple[int, str]] = {}
        for car in SessionEntry.objects.filter(session__event=event).select_related("entry", "session"):
            self._in_sessions[car.session_id, car.entry.label] = car
            cars[car.pk] = car.session_id, car.entry.label
        of_event = Classification.objects.filter(session__event=event)
        told = of_event.values_list("pk", "checkpoint", "is_current")
        versions = {pk: (checkpoint, is_current) for pk, checkpoint, is_current in told}
        due = set(Classification.objects.due().filter(session__event=event).values_list("pk", flat=True))
        # By the versions' keys and without a join: while tables grow Postgres knows little of them and joins badly.
        rows = ClassificationRow.objects.filter(classification__in=list(versions)).order_by()
        for version, key in rows.values_list("classification_id", "session_entry_id"):
            car_there = cars.get(key)
            if car_there is None:  # no constraint keeps a line from naming the car of another event
                continue
            checkpoint, is_current = versions[version]
            if is_current:
                self._released.add(car_there)
            if version in due:
                self._seen.add(car_there)
            self._parts.setdefault(car_there, set()).add(checkpoint)
        with_laps = SessionEntry.objects.filter(session__event=event, trace__isnull=False).annotate(
            is_seen=Exists(LapSet.objects.due().filter(session=OuterRef("session")))
        )
        for session, number, line, is_seen in with_laps.values_list(
            "session", "entry__number", "entry__line", "is_seen"
        ):
            self._parts.setdefault((session, label_of(number, line)), set()).add("")
            if is_seen:
                self._seen.add((session, label_of(number, line)))
        self._shown |= {label for _session, label in self._seen}

    def take(self, row: RowRecord, session: Session, view: View) -> SessionEntry:
        """The car of that row in that session, entered where it is new."""
        label = row_label(row)
        entry = self._entries.get(label)
        car = None
        if entry is None:
            self._entries[label] = entry = self._enter(row, held=view.held)
            view.now[label] = _statement(row)
        elif row.share == 1:
            car = self.in_session(entry, session)
            view.now[label] = _statement(row)
            self._show(entry, row, car, view)
            self._compare(entry, row, car, view)
        elif not view.held:
            self._seat(entry, row, [*self._named(row, entry)])
        car = car or self.in_session(entry, session)
        if view.says_crew and label not in view.kept and not self._is_told(car, view):
            self.session_crews.say(car, row.share, self._seats_said(row, car, view), held=view.held)
        elif view.partial and not view.held and row.drivers:
            self.session_crews.hear(car)
        if view.held:
            self.unseen.note_statements(view.now)
            self._hold_crew(row, entry, view)
        else:
            self._meet(row, entry)
        self._remember(car, view)
        return car

    def _remember(self, car: SessionEntry, view: View) -> None:
        """What this file shows counts for the parts of it that are still to come."""
        key = (session_key(car.session), car.entry.label)
        self._parts.setdefault(key, set()).add(view.checkpoint)
        if view.released:
            self._released.add(key)
        if not view.held:
            self._seen.add(key)
            self._shown.add(car.entry.label)

    def _show(self, entry: Entry, row: RowRecord | None, car: SessionEntry | None, view: View) -> None:
        """Before anything else shows a car, what only held parts wrote and this one does not say leaves it (`Unseen`).

        A held part counts, too, where it is not the one that wrote: it may be opened first.
        """
        if car is not None and view.held and self._is_in_other_part(car, view):
            self._share_crew(row, car)
        label = entry.label
        if label in self._shown or (view.held and not self._stands_elsewhere(label, car, view)):
            return
        claims = self._claims(entry, row, car, view) if row is not None else ()
        agreed = {claim.column for claim in claims if claim.text and claim.agrees}
        for column in UNSAID.keys() - agreed:
            known, former = getattr(entry, column), self.unseen.former(entry, column)
            if known != former:
                self._take_back(entry, column, in_words(known))
                self._bench.alter(entry, **{column: former})
        said = {fold(name) for name in row.cups} if row is not None else set()
        going = (self.unseen.cups(entry) & self._cups[label].keys()) - said
        if going:
            self._leave_cups(entry, going)

    def _leave_cups(self, entry: Entry, going: set[str]) -> None:
        known = self._cups[entry.label]
        self._take_back(entry, "cups", ", ".join(known[name] for name in sorted(going)))
        unwritten = self.unseen.leave_cups(entry, going)
        new = self._bench.new[CupOfEntry]
        self._bench.new[CupOfEntry] = [row for row in new if not any(row is one for one in unwritten)]
        if is_stored(entry):
            self._bench.remove(*CupOfEntry.objects.filter(entry=entry, cup__folded__in=going))
        self._cups[entry.label] = {name: cup for name, cup in known.items() if name not in going}

    def _share_crew(self, row: RowRecord | None, car: SessionEntry) -> None:
        """Of a crew that only another part of the session named, those stay whom this one names: it may open first."""
        if (session_key(car.session), car.entry.label) in self._seen:
            return
        own = self.session_crews.of(car)
        written = self.session_crews.held_seats(car)
        if written is None:
            written = self.unseen.crew(car) if is_stored(car) else set()
        named = [driver for _seat, driver, _record in self._named(row, car.entry)] if row is not None else []
        kept = {seat: driver for seat, driver in own.items() if driver in named or seat not in written}
        if kept != own:
            self._take_back(car.entry, "crew", names(own), session=car.session.key)
            self.session_crews.say(car, 1, kept, held=True)

    def _take_back(self, entry: Entry, column: str, known: str, *, session: str = "") -> None:
        self.unseen.take_back(entry, column, session=session)
        self._bench.doubt(
            _(
                "#%(number)s, %(column)s: “%(known)s” is known only from what is not public yet, and waits for that. Once it is "
                "public, please import its file once more."
            )
            % {"number": entry.label, "column": LABELS[column], "known": known},
            column=str(LABELS[column]),
        )

    def _is_told(self, car: SessionEntry, view: View) -> bool:
        """Whether readers see, or will see before this file's word, who drove that car in that session."""
        key = (session_key(car.session), car.entry.label)
        told = key in self._seen or (view.outlives and key in self._released) or self._is_in_other_part(car, view)
        return view.held and told

    def _hold_crew(self, row: RowRecord, entry: Entry, view: View) -> None:
        """Remembers whose names the entry still waits for."""
        label = row_label(row)
        if not self._crews[label].knows(found for _seat, found, _record in self._named(row, entry)):
            view.hold(label, "crew")

    def enter_only(self, row: RowRecord, view: View) -> None:
        """A car of an entry list, which readers see from now on; in which session it drives nobody says."""
        label = row_label(row)
        entry = self._entries.get(label)
        if entry is None:
            self._entries[label] = entry = self._enter(row)
            view.now[label] = _statement(row)
        else:
            view.now[label] = _statement(row)
            self._show(entry, row, None, view)
            self._compare(entry, row, None, view)
        self._meet(row, entry)
        self._shown.add(label)
        if entry.public_from is None:
            self._bench.alter(entry, public_from=self._now, in_report=False)

    def settle(self) -> None:
        """To be called once, when every session of the file has been planned."""
        self.session_crews.settle(self._crews)
        self._people.settle()

    def seats_of(self, row: RowRecord, car: SessionEntry) -> dict[int, int | None]:
        """Where the seats of a sheet are in the stored crew: its seat -> ours, None for nobody's."""
        ours = self.session_crews.of(car) or self._crews[row_label(row)].seats
        places = {who(driver): seat for seat, driver in ours.items()}
        named = self._named(row, car.entry)
        return {seat: places.get(who(driver)) if driver is not None else None for seat, driver, _record in named}

    def planned_seats(self, row: RowRecord, car: SessionEntry) -> Iterable[tuple[int, str]]:
        """The seats that people of the row would only get with this import."""
        stored = self.session_crews.stored(car) or (seated(car.entry) if is_stored(car.entry) else {})
        planned = self.session_crews.of(car) or self._crews[row_label(row)].seats
        named = [driver for _seat, driver, _record in self._named(row, car.entry)]
        for seat, driver in planned.items():
            if driver in named and stored.get(seat) != driver:
                yield seat, driver.full_name

    def in_session(self, entry: Entry, session: Session) -> SessionEntry:
        key = (session_key(session), entry.label)
        if key not in self._in_sessions:
            self._in_sessions[key] = self._bench.add(SessionEntry(session=session, entry=entry))
        return self._in_sessions[key]

    def _meet(self, row: RowRecord, entry: Entry) -> None:
        for _seat, driver, record in self._named(row, entry):
            if driver is not None:
                self._people.meet(driver, record, row.line)

    def _seats_said(self, row: RowRecord, car: SessionEntry, view: View) -> Seats:
        """Whom the sheet names, in the seats they have; a list of laps names them beside those who sit there."""
        known = self.session_crews.of(car, row.share) or self._crews[row_label(row)].seats
        places = {who(driver): seat for seat, driver in known.items()}
        said: Seats = dict(known) if view.partial else {}
        for seat, found, record in self._named(row, car.entry):
            driver = found or self._drivers.new(record, line=row.line)
            if driver not in said.values():
                place = places.get(who(driver), seat)
                said[place if place not in said else max(said) + 1] = driver
        return dict(sorted(said.items()))

    def bare(self, number: str, session: Session, view: View | None = None) -> SessionEntry:
        """A car of which a lap file knows only the number."""
        entry = self._entries.get(number)
        if entry is None:
            self._bench.doubt(_("New: car #%(number)s, known by its number only.") % {"number": number})
            entry = self._entries[number] = self._bench.add(Entry(event=self._event, number=number))
            self._crews[number], self._cups[number] = Crew(entry), {}
        car = self.in_session(entry, session)
        if view is not None:
            self._show(entry, None, car, view)
        return car

    def _enter(self, row: RowRecord, *, held: bool = False) -> Entry:
        entry = Entry(
            event=self._event,
            number=row.number,
            line=row.entry_line,
            team=self._books.teams.get(_team(row), line=row.line),
            entrant=_entrant(row),
            car_model=self._car(row, held=held),
            racing_class=self._books.classes.get(row.class_name, line=row.line),
            is_guest=row.guest,
        )
        self._bench.add(entry, line=row.line)
        label = row_label(row)
        self._crews[label], self._cups[label] = Crew(entry), {}
        for name in row.cups:
            self._join_cup(entry, name, row, held=held)
        if held:
            for column, empty in UNSAID.items():
                self.unseen.note(entry, column, empty)
        else:
            self._seat(entry, row, [*self._named(row, entry)])
        return entry

    def _car(self, row: RowRecord, *, held: bool) -> CarModel | None:
        car = self._books.cars.get(row.car, line=row.line)
        may_say = car is not None and not (held and is_stored(car))
        if car is not None and may_say and car.manufacturer is None and row.manufacturer:
            self._bench.alter(car, manufacturer=self._books.manufacturers.get(row.manufacturer, line=row.line))
        return car

    def _join_cup(self, entry: Entry, name: str, row: RowRecord, *, held: bool) -> None:
        cup = self._books.cups.get(name, line=row.line)
        cups = self._cups[row_label(row)]
        if cup is not None and fold(name) not in cups:
            cups[fold(name)] = cup.name
            joined = self._bench.add(CupOfEntry(entry=entry, cup=cup), line=row.line)
            if held:
                self.unseen.note_cups([joined])

    # crew

    def _named(self, row: RowRecord, entry: Entry) -> Iterable[Named]:
        """Seat, driver where he is known, and record of everybody the row seats."""
        said = _team(row)  # the sheet's own word counts, though the stored car may keep another team
        team = self._books.teams.find(said) if said else entry.team
        for place, record in enumerate(row.drivers, start=1):
            if self._drivers.is_nobody(record):
                continue
            found = self._drivers.find(record, number=row.number, team=team, line=row.line)
            yield record.seat or place, found, record

    def _seat(self, entry: Entry, row: RowRecord, named: list[Named]) -> None:
        """Seats everybody who does not sit there yet, in the printed seat where it is free."""
        crew = self._crews[row_label(row)]
        seen: set[str] = set()
        for seat, found, record in named:
            name = full_name(record)
            if fold(name) in seen:
                self._bench.doubt(
                    _("#%(number)s: “%(name)s” is listed twice.") % {"number": row.number, "name": name}, line=row.line
                )
                continue
            seen.add(fold(name))
            driver = found or self._drivers.new(record, line=row.line)
            if not crew.knows([driver]):
                crew.join(driver, seat if seat not in crew.seats else max(crew.seats) + 1)
                self._bench.add(CrewMember(entry=entry, driver=driver, seat=crew.seat_of(driver)), line=row.line)

    # disagreement

    def _compare(self, entry: Entry, row: RowRecord, car: SessionEntry | None, view: View) -> None:
        label = row_label(row)
        for claim in self._claims(entry, row, car, view):
            if not claim.text or claim.agrees:
                continue
            if self._waits(claim, label, car, view):
                self._hold(row, claim, view)
                continue
            waited = view.has_waited(label, claim.column)
            repeated = view.repeats(label, claim) and (view.held or not waited)
            if not repeated and label in view.guarded and not (waited and claim.fills):
                view.changes.append(CellChange(label, claim.column, claim.known, claim.said))
                self._apply(claim, entry, view, note=False)
            elif not repeated and (claim.fills or label not in self._shown) and not self._is_apart(claim, label, view):
                self._apply(claim, entry, view, note=True)
            elif not repeated and claim.column == "crew" and car is not None:
                self._another_crew(row, claim)
            else:
                view.kept |= {label} if claim.column == "crew" else set()
                self._contradicted(row, claim)

    def _apply(self, claim: Claim, entry: Entry, view: View, *, note: bool) -> None:
        before = getattr(entry, claim.column) if claim.column in UNSAID else None
        claim.apply(note)
        if view.held and claim.column in UNSAID:
            self.unseen.note(entry, claim.column, before)

    def _waits(self, claim: Claim, label: str, car: SessionEntry | None, view: View) -> bool:
        """Whether the car may not be told: something else shows it, now or before this session is seen."""
        if not view.held or car is None:
            return False
        if claim.column == "crew":
            return self._is_told(car, view)
        return label in self._shown or self._stands_elsewhere(label, car, view)

    def _is_apart(self, claim: Claim, label: str, view: View) -> bool:
        """Whether readers of the car know another crew than the session will have."""
        return view.held and claim.column == "crew" and label in self._shown

    def _hold(self, row: RowRecord, claim: Claim, view: View) -> None:
        label = row_label(row)
        view.now[label].pop(claim.column)  # not taken: what is said then is said for the first time
        view.hold(label, claim.column)
        view.untold.add(claim.column)
        self._contradicted(row, claim)

    def _another_crew(self, row: RowRecord, claim: Claim) -> None:
        """In this session other people drove: it gets a crew of its own."""
        self._bench.doubt(
            _("#%(number)s: in this session “%(said)s” drove, entered is “%(known)s”.")
            % {"number": row.number, "said": claim.said, "known": claim.known or "–"},
            line=row.line,
            column=str(LABELS["crew"]),
        )

    def _contradicted(self, row: RowRecord, claim: Claim) -> None:
        said = {"column": LABELS[claim.column], "said": claim.said, "known": claim.known or "–"}
        self._bench.doubt(
            _("#%(number)s: %(column)s is “%(said)s” in the file, stored is “%(known)s”; it stays.")
            % {"number": row.number, **said},
            line=row.line,
            column=str(LABELS[claim.column]),
        )

    def _claims(self, entry: Entry, row: RowRecord, car: SessionEntry | None, view: View) -> Iterable[Claim]:
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
        yield self._cups_claim(entry, row, said, view)
        yield self._crew_claim(entry, row, car, view)

    def _set_named(self, entry: Entry, row: RowRecord, column: str, book: NameBook[Any], note: bool) -> None:  # noqa: FBT001
        name = {"team": _team(row), "car_model": row.car, "racing_class": row.class_name}[column]
        self._set(entry, row, column, book.get(name, line=row.line), note)

    def _set(self, entry: Entry, row: RowRecord, column: str, value: Any, note: bool) -> None:  # noqa: FBT001
        self._bench.alter(entry, line=row.line, in_report=note, **{column: value})

    def _cups_claim(self, entry: Entry, row: RowRecord, said: Statement, view: View) -> Claim:
        known = self._cups[row_label(row)]
        missing = [name for name in row.cups if fold(name) not in known]
        known_as, said_as = ", ".join(known.values()), ", ".join(row.cups)
        return Claim(
            "cups", said.get("cups", ""), known_as, said_as,
            agrees=not missing, fills=True,
            apply=partial(self._join_cups, entry, row, missing, known_as, held=view.held),
        )  # fmt: skip

    def _join_cups(
        self,
        entry: Entry,
        row: RowRecord,
        missing: list[str],
        known_as: str,
        note: bool,  # noqa: FBT001
        *,
        held: bool,
    ) -> None:
        for name in missing:
            self._join_cup(entry, name, row, held=held)
        if note and is_stored(entry):
            self._bench.note(
                f"#{row.number}", str(LABELS["cups"]), known_as, ", ".join(self._cups[row_label(row)].values())
            )

    def _crew_claim(self, entry: Entry, row: RowRecord, car: SessionEntry | None, view: View) -> Claim:
        own = self.session_crews.of(car) if car is not None else {}
        label = row_label(row)
        known = Crew(entry, own) if own else self._crews[label]
        named = [*self._named(row, entry)]
        found = [driver for _seat, driver, _record in named]
        everybody = view.partial or all(driver in found for driver in known.seats.values())
        if own and self._may_join(label, known, found, view):
            known, own = self._crews[label], {}
        return Claim(
            "crew", _statement(row).get("crew", ""), names(known.seats),
            "/".join(full_name(record) for _seat, _driver, record in named),
            agrees=everybody and known.knows(found), fills=everybody,
            apply=partial(self._change_crew, row, car, named, has_own=bool(own) or view.held, adds=view.partial),
        )  # fmt: skip

    def _may_join(self, label: str, own: Crew, found: list[Driver | None], view: View) -> bool:
        """Whether the entry may now be told of the crew that only the session was: nobody of either is missing."""
        entered = self._crews[label].seats.values()
        waited = view.has_waited(label, "crew") and not view.held
        return waited and own.knows(found) and (view.partial or all(driver in found for driver in entered))

    def _change_crew(
        self,
        row: RowRecord,
        car: SessionEntry | None,
        named: list[Named],
        note: bool,  # noqa: FBT001
        *,
        has_own: bool,
        adds: bool,
    ) -> None:
        """Adds the new drivers to the entry; where somebody is gone from its only session it is seated anew.

        A session with a crew of its own, or beside others of that car, says of itself only (`SessionCrews`).
        """
        label = row_label(row)
        crew = self._crews[label]
        entry, known_as = crew.entry, names(crew.seats)
        found = [driver for _seat, driver, _record in named]
        gone = not adds and any(driver not in found for driver in crew.seats.values())
        if has_own or (gone and car is not None and self._drives_elsewhere(label, car)):
            return
        if gone:
            self._bench.empty_crew(entry)
            crew.seats = {}
        elif crew.before is None:
            crew.before = dict(crew.seats)
        self._seat(entry, row, named)
        if note and is_stored(entry):
            self._bench.note(f"#{row.number}", str(LABELS["crew"]), known_as, names(crew.seats))

    def _stands_elsewhere(self, label: str, car: SessionEntry | None, view: View) -> bool:
        """Whether another session, or another scoring of this one, has the car, and may be opened first."""
        return self._drives_elsewhere(label, car) or (car is not None and self._is_in_other_part(car, view))

    def _is_in_other_part(self, car: SessionEntry, view: View) -> bool:
        """Whether the car stands in a scoring of that session at another checkpoint; laps belong to the finish."""
        parts = self._parts.get((session_key(car.session), car.entry.label), set())
        return bool(parts - {view.checkpoint})

    def _drives_elsewhere(self, label: str, car: SessionEntry | None) -> bool:
        return any(other is not car for (_session, name), other in self._in_sessions.items() if name == label)


Named = tuple[int, Driver | None, DriverRecord]  # seat, driver where he is known


def row_label(row: RowRecord) -> str:
    return label_of(row.number, row.entry_line)


def _stored_entries(event: Event) -> list[Entry]:
    if not is_stored(event):
        return []
    entries = Entry.objects.filter(event=event).with_car().prefetch_related("crew__driver", "cups")
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
