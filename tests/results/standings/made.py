"""Small seasons of Formula 1 in the database: three drivers in their cars, a race an event, released by the verb."""

import datetime as dt

from django.db.models import F
from django.db.models.functions import Now

from results.models import Championship, Classification, Computation, SessionEntry
from results.release import release_draft
from results.standings.compute import compute_season
from results.standings.due import championships_are_due, gathering
from results.standings.reading import plain, table
from tests.factories import (
    ClassificationFactory,
    DriverFactory,
    EntryFactory,
    EventFactory,
    SeasonFactory,
    SeriesFactory,
    SessionFactory,
)

AHEAD = dt.timedelta(days=1)


def season(label="2015", **series):
    return SeasonFactory(series=SeriesFactory(**({"name": "Formel 1", "slug": "formel-1"} | series)), label=label)


def drivers(*names):
    return [DriverFactory(first_name="", last_name=name) for name in names]


def race(of, day, kind="race", **session):
    """A race of the season on that day of November 2021."""
    event = EventFactory(season=of, starts_on=dt.date(2021, 11, day), ends_on=dt.date(2021, 11, day))
    return SessionFactory(event=event, kind=kind, **session)


def result(session, order, *, release=True, **version):
    """A result in which these drivers finished in that order; `release` is what readers may see it from, if not now."""
    with gathering():  # every car and every seat makes the championships due; here they are computed once
        rows = [{"session_entry": _car(session, one), "position": place} for place, one in enumerate(order, start=1)]
    number = session.classifications.count() + 1
    made = ClassificationFactory(session=session, hidden=True, version=number, rows=rows, **version)
    if release:
        made = release_draft(made, by=None, reason="neu" if number > 1 else "")
    return made


def _car(session, driver):
    entry = session.event.entries.filter(crew__driver=driver).first() or EntryFactory(
        event=session.event, crew=[driver]
    )
    return SessionEntry.objects.get_or_create(session=session, entry=entry)[0]


def championship(of, key="fahrer", **values):
    """A public championship of the season in which everybody in a race is listed, computed at once."""
    rules = {"scores": [{"kinds": ["race", "qualifying"], "table": ["10", "6", "3"]}], "lists": "starters"}
    told = {"name": f"Wertung {key}", "subject": "driver", "rules": rules, "public_from": Now() - AHEAD}
    made = Championship.objects.create(season=of, key=key, is_by_hand=True, **(told | values))
    championships_are_due(of.pk)
    return made


def released(of):
    """Lets readers see the tables of the season."""
    Championship.objects.filter(season=of).update(public_from=Now() - AHEAD)


def hold(version, until=AHEAD):
    """Moves the window of a released version, as an embargo would, and computes like the verb that did so."""
    Classification.objects.filter(pk=version.pk).update(public_from=Now() + until)
    championships_are_due(version.session.event.season_id)


def open_now(version):
    """The hour of the embargo has come: nothing else happens, for nothing may depend on a job."""
    Classification.objects.filter(pk=version.pk).update(public_from=F("released_at"))


def points(computations, key="driver", after=None):
    """`{name: points}` of the one computation that is seen; None where there is none."""
    found = computations.filter(championship__key=key).select_related("championship").first()
    return None if found is None else {line.name: plain(line.points) for line in table(found, after=after)}


def desk(**options):
    return points(Computation.objects.current(), **options)


def public(**options):
    return points(Computation.objects.public(), **options)


def stored(of):
    """All that is stored of a season's championships, as values: by championship and versions, ledger and tables."""
    return {
        (one.championship.key, tuple(one.versions)): (
            sorted(_ledger(one), key=str), sorted(_tables(one), key=str),
        )
        for one in Computation.objects.filter(championship__season=of).select_related("championship")
    }  # fmt: skip


def _ledger(computation):
    columns = ("round", "session", "checkpoint", "entry", "cause", "place", "base", "factor", "points", "dropped_after",
               "void_since", "origin", "decision", "reason")  # fmt: skip
    for competitor in computation.competitors.all():
        for award in competitor.awards.values_list(*columns):
            yield tuple(competitor.things), competitor.entrant, award


def _tables(computation):
    columns = ("round", "event", "display_order", "position", "printed", "is_tied", "points", "gross", "dropped", "gap",
               "wins", "is_provisional")  # fmt: skip
    for competitor in computation.competitors.all():
        for line in competitor.standings.values_list(*columns):
            yield tuple(competitor.things), competitor.entrant, line


def stands(of):
    """What is stored, once it is sure that computing everything anew gives the same.

    Tables that readers saw until an hour ago may linger until the next act: nobody is shown them any more.
    """
    before = stored(of)
    compute_season(of.pk)
    anew = stored(of)
    assert {key: before.get(key) for key in anew} == anew
    return anew
