"""Fields of cars to type in, and what a browser sends of them."""

import json

from results.models import Classification, SessionEntry
from tests import factories

ADDRESS = "/admin/results/classification/raster/"


def a_field(count=4, *, session=None, classes=("GT3", "GT4")):
    """A race with that many cars entered, numbers from 1 on, in the classes by turns; without a result."""
    session = session or factories.SessionFactory()
    series = session.event.season.series
    made = [factories.RacingClassFactory(series=series, name=name, slug=name.lower()) for name in classes]
    for number in range(1, count + 1):
        factories.EntryFactory(
            event=session.event, number=str(number), racing_class=made[(number - 1) % len(made)] if made else None
        )
    return session


def a_line(place, **cells):
    """Car and place are one; each car is a second behind the one before it."""
    minutes, seconds = divmod(place - 1, 60)
    return {
        "position": str(place), "number": str(place), "laps": "30", "total": f"1:{minutes:02d}:{seconds:02d},000",
        "best_lap": "1:46,250", **cells,
    }  # fmt: skip


def a_result(session, count=4, **values):
    """A released result of the first cars of the field, as `a_line` types it."""
    entries = {entry.number: entry for entry in session.event.entries.all()}
    rows = [
        {
            "position": place, "laps": 30, "total_ms": 3_600_000 + (place - 1) * 1_000, "best_lap_ms": 106_250,
            "gap_ms": (place - 1) * 1_000 or None, "session_entry": in_session(session, entries[str(place)]),
        }
        for place in range(1, count + 1)
    ]  # fmt: skip
    return factories.ClassificationFactory(session=session, rows=rows, **values)


def in_session(session, entry):
    return SessionEntry.objects.get_or_create(session=session, entry=entry)[0]


def post(client, session, page, person, *, query="", **body):
    """What the sheet sends; the answer's status and JSON."""
    answer = client.post(
        f"{ADDRESS}{session.pk}/{page}/{query}",
        json.dumps({"person": person.pk, **body}),
        content_type="application/json",
    )
    return answer.status_code, answer.json()


def wish(lines, **values):
    """A wish to save a draft over nothing."""
    return {
        "lines": lines, "base": None, "expected": None, "state": "provisional", "reason": "", "release": False,
        "complete": True, "act": "preview", "seen": "", "confirmed": False, **values,
    }  # fmt: skip


def save(client, session, person, lines, **values):
    """Looks at what would change and saves exactly that."""
    _status, shown = post(client, session, "speichern", person, **wish(lines, **values))
    seen = shown.get("preview", {}).get("seen", "")
    return post(client, session, "speichern", person, **wish(lines, **values, act="save", seen=seen))


def versions(session):
    """Number, state and whether it is released, of every version."""
    found = Classification.objects.filter(session=session).order_by("checkpoint", "version")
    return [(one.version, one.state, one.released_at is not None) for one in found]
