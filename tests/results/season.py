"""A small archive for tests of statistics: races in order, each a list of who stands where."""

import datetime as dt

from results.models import Classification, Driver, Session
from tests.factories import (
    UTC,
    ArchiveSpanFactory,
    ClassificationFactory,
    DriverFactory,
    EntryFactory,
    EventFactory,
    SeasonFactory,
    SessionEntryFactory,
    SessionFactory,
)

FIRST_DAY = dt.date(2020, 3, 1)


class Archive:
    """A series with races a week apart; `span` options describe the ArchiveSpan, `span=None` leaves it out."""

    def __init__(self, span=(), label="2020"):
        self.season = SeasonFactory(label=label)
        self.series = self.season.series
        self.drivers = {}
        self.races = []
        self.span = None if span is None else ArchiveSpanFactory(first_season=self.season, **dict(span))

    def driver(self, name) -> Driver:
        if name not in self.drivers:
            self.drivers[name] = DriverFactory(first_name="", last_name=name)
        return self.drivers[name]

    def new_season(self, label):
        self.season = SeasonFactory(series=self.series, label=label)

    def event(self, **values):
        day = FIRST_DAY + dt.timedelta(weeks=len(self.races))
        values = {"starts_on": day, "ends_on": day, **values}
        return EventFactory(season=self.season, name=f"Lauf {len(self.races) + 1}", **values)

    def race(self, *lines, event=None, kind="race", session=None, **version) -> Session:
        """A race with a released result: each line a dict with `who` (names by blanks) and columns of its row."""
        event = event or self.event()
        day = event.starts_on
        if session is None:
            start = dt.datetime.combine(day, dt.time(12), UTC) + dt.timedelta(hours=event.sessions.count())
            session = SessionFactory(
                event=event, kind=kind, starts_at=start, sequence=event.sessions.count(), name="Rennen"
            )
        if kind == "race":
            self.races.append(session)
        self.result(session, *lines, **version)
        return session

    def result(self, session, *lines, **version) -> Classification:
        rows = []
        for line in lines:
            values = dict(line)
            crew = [self.driver(name) for name in values.pop("who").split()]
            car = values.pop("car", {})
            entry = self._entry(session.event, crew, car)
            one = session.session_entries.filter(entry=entry).first()
            one = one or SessionEntryFactory(session=session, entry=entry)
            rows.append({"status": "classified" if values.get("position") else "dnf", **values, "session_entry": one})
        return ClassificationFactory(session=session, rows=rows, **version)

    def _entry(self, event, crew, car):
        for entry in event.entries.all():
            if [seat.driver for seat in entry.crew.all()] == crew:
                return entry
        return EntryFactory(event=event, crew=crew, **car)


def placed(*names, **first):
    """Lines in that order; keyword arguments belong to the first one."""
    return [
        {"who": who, "position": place, **(first if place == 1 else {})} for place, who in enumerate(names, start=1)
    ]
