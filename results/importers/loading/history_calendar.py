"""The weekends of a season: circuits, layouts, events and sessions, those stored and those an archive brings."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from results.importers.f1db import LayoutRecord, WeekendRecord
from results.importers.f1db_names import CircuitRecord
from results.importers.loading.bench import Bench, is_stored
from results.importers.records import RowRecord, SessionRecord
from results.models import Circuit, CircuitAlias, Event, Layout, Season, Session
from results.names import fold, slugify_german


@dataclass(slots=True)
class DatedSession:
    """A session of the archive beside its row."""

    weekend: WeekendRecord
    record: SessionRecord
    session: Session

    @property
    def rows(self) -> tuple[RowRecord, ...]:
        return self.record.classification or ()


class Calendar:
    """Events and sessions of a season; new ones wait on the workbench."""

    def __init__(self, bench: Bench, season: Season, weekends: Iterable[WeekendRecord]) -> None:
        self._bench, self._season = bench, season
        weekends = tuple(weekends)
        self._circuits = _stored_circuits(weekend.circuit for weekend in weekends)
        self._layouts = _stored_layouts(self._circuits.values())
        stored = list(Event.objects.filter(season=season).order_by("pk")) if is_stored(season) else []
        self._by_slug = {event.slug: event for event in stored}
        self._by_name = {fold(event.name): event for event in stored}
        self._stored_sessions = _stored_sessions(season)
        self.events: dict[int, Event] = {}  # by round
        self.sessions: list[DatedSession] = []
        for weekend in weekends:
            self.events[weekend.round] = event = self._event(weekend)
            self._sessions(weekend, event)

    def _event(self, weekend: WeekendRecord) -> Event:
        circuit = self._circuit(weekend.circuit)
        event = self._by_slug.get(weekend.slug) or self._by_name.get(fold(weekend.name))
        if event is None:
            return self._bench.add(
                Event(
                    season=self._season, name=weekend.name, slug=weekend.slug, circuit=circuit,
                    layout=self._layout(circuit, weekend.layout), starts_on=weekend.start, ends_on=weekend.end,
                    time_zone=weekend.circuit.zone.key,
                )
            )  # fmt: skip
        event.season = self._season
        if event.circuit_id is None:
            self._bench.alter(event, circuit=circuit)
        if event.layout_id is None and event.circuit_id == circuit.pk:
            self._bench.alter(event, layout=self._layout(circuit, weekend.layout))
        return event

    def _circuit(self, record: CircuitRecord) -> Circuit:
        names = [fold(name) for name in (record.name, *record.also)]
        stored = next((self._circuits[name] for name in names if name in self._circuits), None)
        facts = {"town": record.town, "country": record.country, "time_zone": record.zone.key}
        if stored is None:
            stored = self._circuits[names[0]] = self._bench.add(Circuit(name=record.name, **facts))
        else:
            gaps: dict[str, Any] = {field: value for field, value in facts.items() if not getattr(stored, field)}
            self._bench.alter(stored, **gaps)
        return stored

    def _layout(self, circuit: Circuit, record: LayoutRecord) -> Layout:
        key = (_identity(circuit), fold(record.name))
        if key not in self._layouts:
            layout = Layout(circuit=circuit, name=record.name, length_m=record.length_m, turns=record.turns)
            self._layouts[key] = self._bench.add(layout)
        return self._layouts[key]

    def _sessions(self, weekend: WeekendRecord, event: Event) -> None:
        stored = self._stored_sessions.get(event.pk, []) if is_stored(event) else []
        taken: list[Session] = []
        behind = max((session.sequence for session in stored), default=0)
        for order, record in enumerate(weekend.sessions, start=1):
            session = _known(stored, record, taken)
            if session is None:
                session = self._bench.add(_new_session(event, record, behind + order))
            else:
                session.event = event
                self._fill(session, record)
            taken.append(session)
            self.sessions.append(DatedSession(weekend, record, session))

    def _fill(self, session: Session, record: SessionRecord) -> None:
        """The day of a session that had none."""
        if session.local_date is None and record.date is not None:
            self._bench.alter(session, local_date=record.date)


def _known(stored: list[Session], record: SessionRecord, taken: list[Session]) -> Session | None:
    """The stored session of that key, else the only one of that kind."""
    named = [one for one in stored if one.key.casefold() == record.key.casefold()]
    if named:
        return named[0]
    same = [one for one in stored if one.kind == record.kind and one not in taken]
    return same[0] if len(same) == 1 and record.kind in {"race", "sprint"} else None


def _new_session(event: Event, record: SessionRecord, sequence: int) -> Session:
    name = record.name or record.key
    session = Session(
        event=event, key=record.key, name=name, kind=record.kind or "", sequence=sequence, local_date=record.date,
        slug="" if is_stored(event) else slugify_german(name),
    )  # fmt: skip
    if record.date is not None and record.time is not None:
        local = dt.datetime.combine(record.date, record.time, event.zone)
        session.starts_at = local.astimezone(dt.UTC)
    session.complete_times()  # bulk writing skips save()
    return session


def _stored_circuits(records: Iterable[CircuitRecord]) -> dict[str, Circuit]:
    """Circuits by every folded name or alias under which the archive may know them."""
    folded = {fold(name) for record in records for name in (record.name, *record.also)}
    named = {circuit.folded: circuit for circuit in Circuit.objects.filter(folded__in=folded)}
    aliases = CircuitAlias.objects.filter(folded__in=folded).select_related("circuit")
    return {alias.folded: alias.circuit for alias in aliases} | named


def _stored_layouts(circuits: Iterable[Circuit]) -> dict[tuple[int, str], Layout]:
    layouts = Layout.objects.filter(circuit__in={circuit.pk for circuit in circuits}).order_by("-pk")
    return {(layout.circuit_id, fold(layout.name)): layout for layout in layouts}


def _identity(circuit: Circuit) -> int:
    """What tells circuits apart while some have no key yet."""
    return circuit.pk if is_stored(circuit) else -id(circuit)


def _stored_sessions(season: Season) -> dict[int, list[Session]]:
    stored: dict[int, list[Session]] = {}
    if is_stored(season):
        sessions = Session.objects.filter(event__season=season).select_for_update(of=("self",), no_key=True)
        for session in sessions.order_by("sequence", "pk"):
            stored.setdefault(session.event_id, []).append(session)
    return stored
