"""A released result made by hand and decisions about its cars; a test names only what matters to it."""

import datetime as dt

from results.amending import apply_decisions, current_version
from results.models import Classification, ClassificationRow, Decision, Session, SessionEntry, SessionKind
from results.release import publish_version
from tests import factories as make

DECIDED = dt.datetime(2021, 11, 6, 19, 0, tzinfo=dt.UTC)
HOUR = 3_600_000


def person():
    return make.UserFactory(role="results")


def result(*cars, session=None, checkpoint="", state="provisional", timed=False, complete=True, **head):
    """A result as it came with the flag. A car is `(number, total or gap in ms, cells)`.

    The first has its total time, the others their gap to it; in a timed session every figure is the best lap. Further
    cells of a row may be given as a dict; a car with a status of its own has no place.
    """
    session = session or make.SessionFactory(kind="qualifying" if timed else "race")
    version = make.ClassificationFactory(
        session=session, checkpoint=checkpoint, state=state, hidden=True, is_complete=complete,
        version=Classification.objects.filter(session=session, checkpoint=checkpoint).count() + 1, **head,
    )  # fmt: skip
    place, leader = 0, None
    for order, (number, figure, *more) in enumerate(cars, start=1):
        cells = dict(more[0]) if more else {}
        entry = cells.pop("entry", None) or entry_of(session, number, racing_class=cells.pop("racing_class", None))
        car, _created = SessionEntry.objects.get_or_create(session=session, entry=entry)
        is_ranked = cells.get("status", "classified") == "classified"
        place += is_ranked
        if timed:
            cells = {"best_lap_ms": figure, "gap_ms": figure - leader if leader and figure else None, **cells}
            leader = leader or figure
        elif figure is not None:
            leader = figure if leader is None else leader
            total = figure if order == 1 else leader + figure
            cells = {"total_ms": total, "laps": 30, "gap_ms": figure if order > 1 and is_ranked else None, **cells}
        placed = {"position": place} if is_ranked else {}
        make.ClassificationRowFactory(
            classification=version, session_entry=car, display_order=order, entry=entry, **{**placed, **cells}
        )
    publish_version(version, changes=())
    return session


def entry_of(session, number, *, racing_class=None):
    """The car of the event with this number, made where it is not there yet."""
    found = session.event.entries.filter(number=number).first()
    return found or make.EntryFactory(event=session.event, number=number, racing_class=racing_class)


def car_of(session, number):
    return SessionEntry.objects.get(session=session, entry__number=number)


def decide(session, car, kind, amount=None, **fields):
    """A decision of the stewards about a car, public at once."""
    of_car = car_of(session, car) if car else None
    return make.DecisionFactory(
        session=session, session_entry=of_car, kind=kind, amount=amount, **{"decided_at": DECIDED, **fields}
    )


def commit(session, *decisions, checkpoint="", **how):
    """Applies these decisions, or all that are entered."""
    return apply_decisions(session, checkpoint, decisions=decisions or None, by=how.pop("by", None) or person(), **how)


def table(session, *cells, checkpoint=""):
    """The current lines in order: number and place, and the cells that are asked for."""
    rows = current_version(session, checkpoint).rows.order_by("display_order").select_related("session_entry__entry")
    return [(row.session_entry.entry.number, row.position, *(getattr(row, cell) for cell in cells)) for row in rows]


def places(session, checkpoint=""):
    return {number: place for number, place in table(session, checkpoint=checkpoint) if place}


def chain(session, checkpoint=""):
    """Version, state and reason of each version, oldest first."""
    versions = Classification.objects.filter(session=session, checkpoint=checkpoint).order_by("version")
    return list(versions.values_list("version", "state", "reason"))


__all__ = [
    "DECIDED", "HOUR", "ClassificationRow", "Decision", "Session", "SessionKind", "car_of", "chain", "commit", "decide",
    "entry_of", "person", "places", "result", "table",
]  # fmt: skip
