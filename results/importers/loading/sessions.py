"""The sessions of an event and who broadcasts them.

Local times become instants in the venue's zone: a time the clocks skip is rejected, one that comes twice is taken as
the first, with a doubt.
"""

from __future__ import annotations

import datetime as dt
import zoneinfo
from typing import Any

from django.utils.translation import gettext as _

from results.former import former_times_of
from results.importers.kinds import kind_of_key, kind_of_name
from results.importers.loading.bench import Bench, is_stored
from results.importers.records import BroadcastRecord, SessionRecord, key_from_name
from results.models import Broadcast, CalendarStatus, Event, Session, SessionKind
from results.names import fold

UNDATED: dict[str, Any] = {"starts_at": None, "ends_at": None, "end_estimated": False, "local_date": None}


class Sessions:
    """The sessions of one event, found by key."""

    def __init__(self, bench: Bench, event: Event, *, lock: bool, default_date: dt.date | None = None) -> None:
        self._bench, self._event, self._default_date = bench, event, default_date
        stored = Session.objects.filter(event=event) if is_stored(event) else Session.objects.none()
        if lock:
            stored = stored.select_for_update(no_key=True)
        self._by_key: dict[str, Session] = {}
        self._taken: list[Session] = []
        for session in stored.order_by("pk"):
            session.event = event
            self._by_key[session.key.casefold()] = session
        self._sequence = max((session.sequence for session in self._by_key.values()), default=0)

    def get(self, key: str) -> Session | None:
        return self._by_key.get(key.casefold())

    def keys(self) -> list[str]:
        """The keys of all sessions, in the order of the programme."""
        return [session.key for session in sorted(self._by_key.values(), key=lambda session: session.sequence)]

    def take(self, record: SessionRecord, *, key: str, authoritative: bool, kind: str = "") -> Session | None:
        """The session of that key as the record describes it; None where its kind is known to nobody.

        Only an authoritative file changes name, kind and date of a stored session.
        """
        session = self.get(key) or (self._announced(record, key) if authoritative else None)
        was = session.status if session is not None else ""
        if session is None:
            session = self._new(record, key, kind)
            if session is None:
                return None
        elif authoritative:
            self._bench.alter(session, **self._stated(record, session))
        elif record.kind and record.kind != session.kind:
            self._bench.doubt(
                _("The file holds a %(said)s, the session %(key)s is a %(known)s.")
                % {"said": SessionKind(record.kind).label, "key": session.key, "known": session.get_kind_display()}
            )
        self._taken.append(session)
        if not self._is_left_open(session, record, was):
            self._set_time(session, record)
            self._set_end(session, record)
        self._set_parent(session, record)
        Broadcasts(self._bench, session).take(record.broadcasts)
        return session

    def known(self, record: SessionRecord, key: str, *, authoritative: bool) -> Session | None:
        """The stored session that `take` would find; nothing is changed."""
        return self.get(key) or (self._named(record, key) if authoritative else None)

    def _named(self, record: SessionRecord, key: str) -> Session | None:
        """A session of this name that one of the two sources had no key for: a calendar prints names only."""
        name = fold(record.name or "")
        named = [one for one in self._by_key.values() if name and fold(one.name) == name and one not in self._taken]
        if len(named) != 1 or record.kind not in {None, named[0].kind}:
            return None
        session = named[0]
        made = _is_made(session.key, session.name) or _is_made(key, record.name or "")
        return session if made else None

    def _announced(self, record: SessionRecord, key: str) -> Session | None:
        """The session of this name; it gets the key that its calendar did not know."""
        session = self._named(record, key)
        if session is not None and _is_made(session.key, session.name) and not _is_made(key, session.name):
            del self._by_key[session.key.casefold()]
            self._by_key[key.casefold()] = session
            self._bench.alter(session, in_report=False, key=key)
        return session

    def _new(self, record: SessionRecord, key: str, kind: str) -> Session | None:
        kind = kind or record.kind or kind_of_key(key) or kind_of_name(record.name or "")
        if kind not in SessionKind.values:
            return None
        self._sequence += 1
        session = Session(
            event=self._event,
            key=key,
            name=record.name or str(SessionKind(kind).label).capitalize(),
            kind=kind,
            sequence=self._sequence,
            status=_status(record) or CalendarStatus.SCHEDULED,
            starters=record.starters,
            finishers=record.finishers,
        )
        self._by_key[key.casefold()] = session
        return self._bench.add(session)

    def _stated(self, record: SessionRecord, session: Session) -> dict[str, Any]:
        stated = {
            "name": record.name,
            "kind": record.kind,
            "status": _status(record),
            "starters": record.starters,
            "finishers": record.finishers,
        }
        return {field: value for field, value in stated.items() if value is not None}

    def _is_left_open(self, session: Session, record: SessionRecord, was: str) -> bool:
        """Whether the session is postponed and the file knows no new date: it prints the one that was given up.

        A file without a word of its state schedules it by another date than readers were told, or by a result.
        """
        if not is_stored(session) or session.status != CalendarStatus.POSTPONED:
            return False
        if record.status is not None:
            if was != CalendarStatus.POSTPONED:
                self._bench.alter(session, **UNDATED)
            return True
        if not (record.classification or record.laps) and _day_of(record, self._event.zone) in {
            None,
            *self._told(session),
        }:
            return True
        self._bench.alter(session, status=CalendarStatus.SCHEDULED.value)
        return False

    def _told(self, session: Session) -> set[dt.date]:
        """The days on which it should have been."""
        return {one.on for one in former_times_of(session)} | ({session.local_date} if session.local_date else set())

    def postpone(self) -> None:
        """The date of the whole event is open, and with it those of its stored sessions."""
        for session in self._by_key.values():
            if is_stored(session) and session.status == CalendarStatus.SCHEDULED:
                self._bench.alter(session, status=CalendarStatus.POSTPONED.value, **UNDATED)

    def _set_time(self, session: Session, record: SessionRecord) -> None:
        if record.starts_at is not None:
            self._move(
                session, record.starts_at.astimezone(dt.UTC), record.starts_at.astimezone(self._event.zone).date()
            )
            return
        day = record.date or (None if session.local_date else self._default_date)
        if day is None:
            return
        if record.time is None:
            if session.starts_at is None or session.local_date != day:
                self._move(session, None, day)
            return
        start = to_instant(self._bench, dt.datetime.combine(day, record.time), self._event.zone, session.name)
        if start is not None:
            self._move(session, start, day)

    def _set_end(self, session: Session, record: SessionRecord) -> None:
        """The end that the file states; without one it is estimated from the kind."""
        if record.ends is None or session.starts_at is None:
            return
        ends: dt.datetime | None = record.ends
        if record.ends.tzinfo is None:
            ends = to_instant(self._bench, record.ends, self._event.zone, session.name)
        if ends is None:
            return
        if ends <= session.starts_at:
            self._bench.doubt(_("%(what)s: the end is not after the start; it is estimated.") % {"what": session.name})
        elif session.ends_at != ends or session.end_estimated:
            self._bench.alter(session, ends_at=ends.astimezone(dt.UTC), end_estimated=False)

    def _move(self, session: Session, start: dt.datetime | None, day: dt.date) -> None:
        """Sets the start and lets the model derive what follows from it: bulk writing skips `save()`."""
        before = {name: getattr(session, name) for name in ("starts_at", "ends_at", "end_estimated", "local_date")}
        if before["starts_at"] == start and before["local_date"] == day:
            return
        length = before["ends_at"] - before["starts_at"] if before["starts_at"] and before["ends_at"] else None
        session.starts_at, session.local_date = start, day
        if start is not None and length is not None and not session.end_estimated:
            session.ends_at = start + length
        session.complete_times()
        after = {name: getattr(session, name) for name in before}
        for name, value in before.items():
            setattr(session, name, value)
        self._bench.alter(session, **after)

    def _set_parent(self, session: Session, record: SessionRecord) -> None:
        if not record.parent:
            return
        parent = self.get(record.parent)
        if parent is None or parent is session:
            self._bench.reject(
                _("Session %(key)s is part of “%(parent)s”, which is not there.")
                % {"key": session.key, "parent": record.parent},
                column="parent",
            )
        elif session.parent != parent:
            self._bench.alter(session, parent=parent)


def _is_made(key: str, name: str) -> bool:
    """Whether a key is but the beginning of the name, made for a session that had none."""
    return key.casefold() == key_from_name(name).casefold()


def _day_of(record: SessionRecord, zone: zoneinfo.ZoneInfo) -> dt.date | None:
    return record.starts_at.astimezone(zone).date() if record.starts_at is not None else record.date


def _status(record: SessionRecord) -> str | None:
    """That a session is finished follows from clock and result; the calendar does not store it."""
    return CalendarStatus.SCHEDULED.value if record.status == "finished" else record.status


def to_instant(
    bench: Bench, local: dt.datetime, zone: zoneinfo.ZoneInfo, what: str, *, line: int | None = None
) -> dt.datetime | None:
    """A local time of the venue as an instant in UTC; None and a rejection for one that the clocks skip."""
    first, second = local.replace(tzinfo=zone, fold=0), local.replace(tzinfo=zone, fold=1)
    instant = first.astimezone(dt.UTC)
    if instant.astimezone(zone).replace(tzinfo=None) != local:
        bench.reject(
            _("%(what)s: %(time)s does not exist in %(zone)s: the clocks go forward then.")
            % {"what": what, "time": f"{local:%d.%m.%Y %H:%M}", "zone": zone.key},
            line=line,
            column="date",
        )
        return None
    if first.utcoffset() != second.utcoffset():
        bench.doubt(
            _("%(what)s: %(time)s comes twice in %(zone)s: the clocks go back then. Taken is the first.")
            % {"what": what, "time": f"{local:%d.%m.%Y %H:%M}", "zone": zone.key},
            line=line,
            column="date",
        )
    return instant


class Broadcasts:
    """Who shows a session. A single broadcast of a channel that moves is the same one, not a second."""

    def __init__(self, bench: Bench, session: Session) -> None:
        self._bench, self._session = bench, session

    def take(self, records: tuple[BroadcastRecord, ...]) -> None:
        if not records:
            return
        stored = list(self._session.broadcasts.all()) if is_stored(self._session) else []
        for record in records:
            self._take(record, stored, alone=sum(_same_channel(record.channel, one.channel) for one in records) == 1)

    def _take(self, record: BroadcastRecord, stored: list[Broadcast], *, alone: bool) -> None:
        zone = self._session.event.zone
        start = to_instant(self._bench, record.starts_at, zone, record.channel) if record.starts_at else None
        of_channel = [broadcast for broadcast in stored if _same_channel(broadcast.channel, record.channel)]
        same = [broadcast for broadcast in of_channel if broadcast.starts_at == start]
        if not same and alone and len(of_channel) == 1:
            same = of_channel
        values: dict[str, Any] = {"kind": record.kind, "starts_at": start, "url": record.url, "note": record.note}
        if same:
            self._bench.alter(same[0], **values)
            return
        broadcast = Broadcast(event=self._session.event, session=self._session, channel=record.channel, **values)
        stored.append(self._bench.add(broadcast))


def _same_channel(one: str, other: str) -> bool:
    return fold(one) == fold(other)
