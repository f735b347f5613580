"""What race control and the weather station say of a session: messages, deleted laps, readings.

Readings and messages only ever come to what is there: an instant, or a text at an instant, is known once. A deletion
that the same kind of source no longer shows is taken back, for a lap may be reinstated.
"""

from __future__ import annotations

import datetime as dt

from django.db import models
from django.utils.translation import gettext as _

from results.importers.loading.bench import Bench, is_stored
from results.importers.loading.entries import EntryList
from results.importers.plan import ControlPlan
from results.importers.records import DeletionRecord, MessageRecord, SessionRecord, WeatherRecord
from results.models import LapDeletion, RaceControlMessage, Session, SessionEntry, WeatherReading
from results.release import database_now

LONGEST_TEXT = 500
DeletionKey = tuple[str, int | None, int | None, int | None, str]  # car, lap, time of day, lap time, text


class ControlRoom:
    """What becomes of the messages, deletions and readings of one session."""

    def __init__(self, bench: Bench, session: Session, record: SessionRecord) -> None:
        self._bench, self.session, self.record = bench, session, record
        self._created = self._changed = 0
        self.touches_laps = False

    def plan(self, entries: EntryList) -> ControlPlan:
        """Compares with what is stored; fills the workbench, writes nothing."""
        self._readings()
        self._messages()
        self._deletions(entries)
        verdict = "unchanged" if not (self._created or self._changed) else "changed" if self._changed else "new"
        return ControlPlan(self._created, self._changed, verdict=verdict)  # type: ignore[arg-type]

    def _add(self, instance: models.Model, line: int | None) -> None:
        self._bench.add(instance, line=line)
        self._created += 1

    def _readings(self) -> None:
        known = (
            set(_stored(WeatherReading, self.session).values_list("at", flat=True)) if self.record.weather else set()
        )
        for record in self.record.weather:
            if record.at not in known:
                known.add(record.at)
                self._add(_reading(self.session, record), record.line)

    def _messages(self) -> None:
        if not self.record.messages:
            return
        stored = list(_stored(RaceControlMessage, self.session).values_list("at", "text", "sequence"))
        known = {(at, text) for at, text, _sequence in stored}
        last = max((sequence for _at, _text, sequence in stored), default=0)
        for record in self.record.messages:
            at, text = self._instant(record), record.text[:LONGEST_TEXT]
            if (at, text) not in known:
                known.add((at, text))
                last += 1
                self._add(RaceControlMessage(session=self.session, sequence=last, at=at, text=text), record.line)

    def _instant(self, record: MessageRecord) -> dt.datetime | None:
        """A time of day alone is one of the session's first day at the venue."""
        if record.at is not None or record.day_ms is None or self.session.local_date is None:
            return record.at
        midnight = dt.datetime.combine(self.session.local_date, dt.time(), self.session.event.zone)
        return (midnight + dt.timedelta(milliseconds=record.day_ms)).astimezone(dt.UTC)

    def _deletions(self, entries: EntryList) -> None:
        sources = {record.source for record in self.record.deletions}
        stored = {_key_of(one): one for one in _stored_deletions(self.session) if one.source in sources}
        said = set()
        for record in self.record.deletions:
            key = _key(record)
            said.add(key)
            known = stored.get(key)
            if known is None:
                car = entries.bare(record.number, self.session)
                stored[key] = _deletion(self.session, car, record)
                self._add(stored[key], record.line)
                self.touches_laps = True
            elif known.reversed_by_id is not None:
                self._bench.doubt(
                    _("#%(number)s: the deletion in the file was taken back by the desk; that stays.")
                    % {"number": record.number},
                    line=record.line,
                )
            elif known.reversed_at is not None and is_stored(known):
                self._reverse(known, None)
        for key, one in stored.items():
            if key not in said and one.reversed_at is None:
                self._reverse(one, database_now())

    def _reverse(self, deletion: LapDeletion, at: dt.datetime | None) -> None:
        self._bench.alter(deletion, in_report=False, reversed_at=at)
        self._changed += 1
        self.touches_laps = True
        word = _("deleted lap taken back") if at else _("deleted lap")
        self._bench.note(str(deletion.session_entry.entry), word, "", deletion.lap or deletion.text)


def _stored(model: type[models.Model], session: Session) -> models.QuerySet[models.Model]:
    found = model._default_manager.all()
    return found.filter(session=session) if is_stored(session) else found.none()


def _stored_deletions(session: Session) -> list[LapDeletion]:
    if not is_stored(session):
        return []
    return list(LapDeletion.objects.filter(session=session).select_related("session_entry__entry"))


def _key(record: DeletionRecord) -> DeletionKey:
    return record.number, record.lap, record.day_ms, record.lap_ms, record.text[:LONGEST_TEXT]


def _key_of(deletion: LapDeletion) -> DeletionKey:
    number = deletion.session_entry.entry.number
    return number, deletion.lap, deletion.day_ms, deletion.lap_ms, deletion.text


def _deletion(session: Session, car: SessionEntry, record: DeletionRecord) -> LapDeletion:
    return LapDeletion(
        session=session, session_entry=car, lap=record.lap, lap_ms=record.lap_ms, day_ms=record.day_ms,
        corner=record.corner, source=record.source, text=record.text[:LONGEST_TEXT],
    )  # fmt: skip


def _reading(session: Session, record: WeatherRecord) -> WeatherReading:
    return WeatherReading(
        session=session, at=record.at, air_c=record.air_c, track_c=record.track_c, humidity=record.humidity,
        pressure_hpa=record.pressure_hpa, wind_kmh=record.wind_kmh, wind_degrees=record.wind_degrees,
        is_raining=record.raining,
    )  # fmt: skip
