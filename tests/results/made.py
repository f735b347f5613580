"""Records of a small file made by hand, as a parser would yield them; a test names only what matters to it."""

import datetime as dt
from dataclasses import replace
from decimal import Decimal

from results.importers.load import commit
from results.importers.plan import ImportTarget, Upload
from results.importers.records import (
    CalendarRecord,
    DriverRecord,
    LapRecord,
    ParsedFile,
    RowRecord,
    SessionRecord,
    StandingRecord,
    StandingRowRecord,
)

SATURDAY = dt.date(2026, 5, 16)


def driver(name, nationality=""):
    first, _, last = name.rpartition(" ")
    return DriverRecord(first_name=first, last_name=last, nationality=nationality)


def row(number, position=None, *, crew=("Ada Eins",), status="classified", **cells):
    """A line of a classification; `crew` are names, or records where more of a driver matters."""
    drivers = tuple(one if isinstance(one, DriverRecord) else driver(one) for one in crew)
    defaults = {"team": f"Team {number}", "car": "Porsche 911 GT3 R", "class_name": "SP9"}
    return RowRecord(number=number, status=status, position=position, drivers=drivers, **{**defaults, **cells})


def two_cars():
    return (
        row("7", 1, best_lap_ms=106_250, crew=("Ada Eins", "Bea Zwei")),
        row("8", 2, best_lap_ms=106_540, gap_ms=290, crew=("Cleo Drei",)),
    )


def session(key="Q", rows=None, **values):
    defaults = {"name": "Qualifying", "kind": "qualifying", "date": SATURDAY, "time": dt.time(18, 0)}
    return SessionRecord(key=key, classification=rows, **{**defaults, **values})


def race(key="R", rows=None, **values):
    return session(key, rows, **{"name": "Rennen", "kind": "race", "time": dt.time(12, 0), **values})


def parsed(*sessions, **values):
    """A file that names itself: the 6 hours of a made-up series at the Nürburgring."""
    defaults = {
        "format": "exchange", "series": "Langstrecken-Cup", "season": "2026", "event": "6 Stunden am Ring",
        "circuit": "Nürburgring", "time_zone": "Europe/Berlin",
        "rows_read": sum(len(one.classification or ()) + len(one.laps or ()) for one in sessions),
    }  # fmt: skip
    return ParsedFile(sessions=sessions, **{**defaults, **values})


def nameless(*sessions, **values):
    """A file that does not say where it belongs, as those of the timekeepers."""
    return parsed(*sessions, **{"format": "wige", "series": None, "season": None, "event": None, "circuit": None,
                                "time_zone": None, **values})  # fmt: skip


def laps(*times, number="7"):
    return tuple(LapRecord(number=number, lap=lap, time_ms=time) for lap, time in enumerate(times, start=1))


def standing(*rows, **values):
    lines = tuple(StandingRowRecord(position, entrant, Decimal(points)) for position, entrant, points in rows)
    return StandingRecord(key="F", rows=lines, **{"name": "Fahrer", "after": "Monza", **values})


def calendar(event, start, end, **values):
    return CalendarRecord(event=event, circuit=None, start=start, end=end, **values)


def changed(file, number, **cells):
    """The file with other cells in the line of that car, in every session that has it."""
    sessions = []
    for one in file.sessions:
        rows = one.classification and tuple(
            replace(line, **cells) if line.number == number else line for line in one.classification
        )
        sessions.append(replace(one, classification=rows))
    return replace(file, sessions=tuple(sessions))


def load(file, *, content=b"file", name="ergebnis.json", **options):
    """Commits the records as if they came from that file."""
    return commit(file, Upload(name, content), **{"target": ImportTarget(), "by": None, **options})
