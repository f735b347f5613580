"""The way from a text to the events of our own register: candidates by series, circuit, name and days, in seven queries.

The desk looks for the event of a draft, so it sees the register as the desk does; nothing here reaches a public page.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django.db.models import Case, F, FloatField, Q, QuerySet, Value, When
from django.db.models.functions import Abs, Extract

from articles.factcheck.days import SaidDay
from articles.factcheck.events import Dated, EventFacts, EventGuess, rank, weigh
from articles.factcheck.grammar.words import words as listed
from articles.factcheck.naming import GENERIC_EVENT, GENERIC_PLACE, Named, Wording, find_place, find_series, keys_of
from results.models import Circuit, CircuitAlias, CrewMember, Event, Season, Series, SeriesAlias

MOST_CANDIDATES = 80
_MOST_WITH_PEOPLE = 10
_LONGEST_TEXT = 60_000  # a story names its event long before
_HEAD_WORDS = 60
_MOST_DAYS = 12
_SHORTEST_NAME = 4
_AROUND = dt.timedelta(days=21)
_DAY = dt.timedelta(days=1)
_SECONDS = 86_400

Names = dict[int, list[str]]


def likely_events(text: str, *, written: dt.date | None) -> list[EventGuess]:
    """Events the text may be about, the most likely first. `written`: when, as far as anybody knows. Seven queries."""
    wording = Wording(text[:_LONGEST_TEXT])
    if not wording.words:
        return []
    dated = Dated.of(wording.text, written)
    places, series = _places(), _series()
    found = _candidates(
        wording,
        dated,
        circuits=[pk for pk, names in places.items() if any(find_place(wording, name) for name in names)],
        series=[pk for pk, names in series.items() if any(find_series(wording, name) for name in names)],
    )
    facts = [_facts(event, places, series) for event in found]
    guesses = weigh(wording, dated, facts)
    return rank(guesses, _people(wording, [guess.facts.key for guess in guesses[:_MOST_WITH_PEOPLE]]))


def _places() -> Names:
    """What each circuit goes by: its name, its town, other spellings."""
    found: Names = {}
    for pk, name, town in Circuit.objects.values_list("pk", "name", "town"):
        found[pk] = [name, *([town] if town else [])]
    return _with_aliases(found, CircuitAlias.objects.values_list("circuit_id", "name"))


def _series() -> Names:
    """What each series goes by: its names of all times, its short name, other spellings."""
    found: Names = {}
    for pk, name, short in Series.objects.values_list("pk", "name", "short_name"):
        found[pk] = [name, *([short] if short else [])]
    former = Season.objects.exclude(series_name="").values_list("series_id", "series_name").distinct()
    return _with_aliases(_with_aliases(found, former), SeriesAlias.objects.values_list("series_id", "name"))


def _with_aliases(found: Names, rows: Iterable[tuple[int, str]]) -> Names:
    for pk, name in rows:
        if pk in found:
            found[pk].append(name)
    return found


def _candidates(wording: Wording, dated: Dated, *, circuits: Sequence[int], series: Sequence[int]) -> QuerySet[Event]:
    """Events that fit in one way at least; those that fit in most ways and lie nearest first."""
    traits = {"circuit": Q(circuit__in=circuits), "series": Q(season__series__in=series), "name": _by_name(wording)}
    days = _by_day(dated)
    any_of = traits["circuit"] | traits["series"] | traits["name"] | days
    fits: Any = Value(0.0, FloatField())
    for trait in (*traits.values(), days, days):
        fits += Case(When(trait, then=Value(1.0)), default=Value(0.0), output_field=FloatField()) if trait else 0.0
    near = _reference(dated)
    away: Any = Abs(Extract(F("starts_on"), "epoch") - _epoch(near)) if near else -Extract(F("starts_on"), "epoch")
    chosen = Event.objects.filter(any_of).annotate(fits=fits, away=away).select_related("season__series", "circuit")
    return chosen.order_by("-fits", F("away").asc(nulls_last=True), "pk")[:MOST_CANDIDATES]


def _by_name(wording: Wording) -> Q:
    """Events whose name has a telling word of the first lines: there a story says where it plays."""
    keys = dict.fromkeys(
        word.text
        for word in wording.words[:_HEAD_WORDS]
        if len(word.text) >= _SHORTEST_NAME
        and word.text[0].isupper()
        and word.text.isalpha()
        and word.key not in GENERIC_EVENT | GENERIC_PLACE | listed("common_words") | listed("known_makes")
    )
    return Q(name__iregex=rf"\m({'|'.join(map(re.escape, keys))})") if keys else Q(pk__in=())


def _by_day(dated: Dated) -> Q:
    """Events on a day the text says, and those in the weeks around the day it was written."""
    spans = [span for said in dated.days if (span := _span(said, dated.written))][:_MOST_DAYS]
    if dated.written:
        spans.append((dated.written - _AROUND, dated.written + _AROUND))
    found = Q(pk__in=())
    for first, last in spans:
        found |= Q(starts_on__lte=last, ends_on__gte=first)
    return found


def _span(said: SaidDay, written: dt.date | None) -> tuple[dt.date, dt.date] | None:
    year = said.year or (written.year if written else None)
    if year is None or said.month is None:
        return None
    days = said.days_in(year)
    if days:
        return days[0] - _DAY, days[1] + _DAY
    first = dt.date(year, said.month, 1)
    return first, first + 31 * _DAY


def _reference(dated: Dated) -> dt.date | None:
    """The day around which events are looked for: the first one the text says, else the one it was written on."""
    spans = (_span(said, dated.written) for said in dated.days)
    said = next((span[0] for span in spans if span), None)
    year = next((said.year for said in dated.days if said.year), None)
    return said or (dt.date(year, 7, 1) if year else None) or dated.written


def _epoch(day: dt.date) -> float:
    return float((day - dt.date(1970, 1, 1)).days * _SECONDS)


def _facts(event: Event, places: Names, series: Names) -> EventFacts:
    then = [event.season.series_name] if event.season.series_name else []
    return EventFacts(
        key=event.pk,
        name=event.name,
        series=(*then, *series.get(event.season.series_id, ())),
        places=tuple(places.get(event.circuit_id or 0, ())),
        season=event.season.label,
        starts_on=event.starts_on,
        ends_on=event.ends_on,
    )


def _people(wording: Wording, events: Sequence[int]) -> Mapping[int, list[Named]]:
    """Who of each event's crews the text names, by last name; namesakes count once."""
    found: dict[int, dict[tuple[str, ...], Named]] = {}
    seats = CrewMember.objects.filter(entry__event__in=events) if events else CrewMember.objects.none()
    for event, last in seats.values_list("entry__event", "driver__last_name").distinct():
        keys = keys_of(last)
        if not keys or sum(map(len, keys)) < _SHORTEST_NAME or keys[0] in listed("common_words"):
            continue
        named = wording.named(wording.phrase(keys), is_whole=True)
        if named:
            found.setdefault(event, {})[keys] = named
    return {event: list(named.values()) for event, named in found.items()}
