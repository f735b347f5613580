"""Announced events on their way to the calendar: what a box proposes, and what of it a person confirmed.

The loader of the results does the writing; here a box becomes the records it takes. Nothing is created without a person.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.db.models import Q

from articles.importers.records import ProposedSession, Widget
from results.importers.kinds import LETTERS
from results.importers.records import ParsedFile, SessionRecord
from results.models import Event, Session
from results.names import fold

_NUMBER = re.compile(r"\d{1,2}$|(?<=\s)\d{1,2}(?=\s)|^\d{1,2}(?=\.)")


@dataclass(frozen=True, slots=True)
class ConfirmedEvent:
    """A box as a person confirmed it. `sessions` pairs each wanted session with its kind."""

    series: str
    season: str
    name: str
    zone: str
    widget: Widget
    sessions: tuple[tuple[ProposedSession, str], ...]
    event: Event | None = None  # one that is there already and only gets what it lacks


def find_event(widget: Widget) -> Event | None:
    """The event the calendar has for this box: same series, days that meet; of several the one at the same venue."""
    if not widget.series or widget.start is None or widget.end is None:
        return None
    folded = fold(widget.series)
    series = (
        Q(season__series__folded=folded)
        | Q(season__series__aliases__folded=folded)
        | Q(season__series__short_name__iexact=widget.series)
    )
    found = list(
        Event.objects.filter(series, starts_on__lte=widget.end, ends_on__gte=widget.start)
        .select_related("season__series", "circuit")
        .distinct()
        .order_by("pk")[:10]
    )
    at_venue = [event for event in found if event.circuit and fold(event.circuit.name) == fold(widget.venue or "")]
    return next(iter(at_venue or found), None)


def as_records(confirmed: ConfirmedEvent) -> ParsedFile:
    """The box for the loader of the results. A stored event keeps its name, days, zone and venue."""
    event, widget = confirmed.event, confirmed.widget
    stored = list(event.sessions.all()) if event else []
    return ParsedFile(
        format="article",
        series=event.season.series.name if event else confirmed.series,
        season=event.season.label if event else confirmed.season,
        event=event.name if event else confirmed.name,
        circuit=None if event and event.circuit else widget.venue,
        time_zone=event.time_zone if event else confirmed.zone,
        start=None if event else widget.start,
        end=None if event else widget.end,
        sessions=tuple(_session_records(confirmed.sessions, stored)),
        rows_read=len(confirmed.sessions),
    )


def _session_records(
    wanted: Sequence[tuple[ProposedSession, str]], stored: Sequence[Session]
) -> Iterable[SessionRecord]:
    """One record for each session; one that is stored under this name keeps its key, name and kind."""
    taken = {session.key.casefold() for session in stored}
    for proposed, kind in wanted:
        same = next((session for session in stored if fold(session.name) == fold(proposed.name)), None)
        if same:
            yield SessionRecord(key=same.key, date=proposed.day, time=proposed.time)
            continue
        key = _free_key(proposed.name, kind, taken)
        taken.add(key.casefold())
        yield SessionRecord(key=key, name=proposed.name, kind=kind, date=proposed.day, time=proposed.time)


def _free_key(name: str, kind: str, taken: set[str]) -> str:
    """`Q1` for Qualifying 1, `R` for the race; a key that is taken gets the next number."""
    letter = LETTERS.get(kind, "S")
    number = _NUMBER.search(name)
    key = letter + (number[0].lstrip("0") if number else "")
    counter = 2
    while key.casefold() in taken:
        key, counter = f"{letter}{counter}", counter + 1
    return key
