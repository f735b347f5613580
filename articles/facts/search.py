"""What the desk can refer to: the facts of some events, found by words, each with the reference that would be inserted."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

from django.db.models import Q
from django.utils.translation import gettext as _

from articles.facts.current import (
    car_texts,
    entries,
    kind_words,
    result_rows,
    row_fact,
    session_path,
    session_texts,
    sessions,
    table_key,
    table_rows,
    table_texts,
)
from articles.facts.reference import OF_A_ROW, Reference
from results.models import Classification, Event, RacingClass
from results.names import fold
from results.notation import Language

MOST = 40
LONGEST_REFERENCE = 400

Record = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Hit:
    """A fact that may be inserted: its reference, what would stand in the text, what machines read, and what it is."""

    reference: str
    text: str
    value: str
    about: str
    is_public: bool

    def as_json(self) -> dict[str, Any]:
        return {name: getattr(self, name) for name in self.__slots__}


@dataclass(frozen=True, slots=True)
class _Offer:
    """A hit not made yet, with the words by which it is found."""

    words: str
    make: Callable[[], Hit | None]


def _made(hit: Hit) -> Hit:
    return hit


def find_facts(events: Sequence[Event], query: str, *, language: Language = "de", limit: int = MOST) -> list[Hit]:
    """Facts of the events that answer to every word of the query, embargoed ones too: the desk alone may ask.

    Each word must begin one of the fact's words; a number must be one (`7` finds car 7 and neither 17 nor 77).
    """
    wanted = fold(query).split()
    found: list[Hit] = []
    for offer in _offers(events, language):
        if not _answers(wanted, offer.words.split()):
            continue
        hit = offer.make()
        if hit and len(hit.reference) <= LONGEST_REFERENCE:
            found.append(hit)
        if len(found) == limit:
            break
    return found


def _answers(wanted: Iterable[str], words: list[str]) -> bool:
    return all(any(word == one if one.isdecimal() else word.startswith(one) for word in words) for one in wanted)


def _offers(events: Sequence[Event], language: Language) -> Iterator[_Offer]:
    """Winners and leaders first, for those are what most sentences are about."""
    keys = [event.pk for event in events]
    cars = list(entries(Q(event__in=keys), for_desk=True).order_by("event", "number", "line"))
    in_events = Q(classification__session__event__in=keys)
    for row in result_rows(in_events, for_desk=True).order_by(
        "display_order", "-classification__session__sequence", "classification"
    ):
        yield from _of_row(row, language)
    yield from _of_cars(cars)
    for session in sessions(Q(event__in=keys), for_desk=True).order_by("event", "sequence"):
        yield from _of_session(session, language)
    seasons = {event.season_id for event in events}
    for line in table_rows(Q(standing__season__in=seasons), for_desk=True):
        yield from _of_table(line, language)


def _of_row(row: Record, language: Language) -> Iterator[_Offer]:
    who = [f"{seat['first']} {seat['last']}" for seat in row["crew"]]
    base = [row["number"], *who, row["team"], row["car"], row["class_name"], row["session_name"], row["session_key"]]
    base += [row["event_name"], row["checkpoint"]]
    words = fold(" ".join(filter(None, base)))
    for kind in OF_A_ROW:
        yield _Offer(f"{words} {fold(kind_words(kind))}", partial(_row_hit, row, kind, language))


def _row_hit(row: Record, kind: str, language: Language) -> Hit | None:
    fact = row_fact(row, kind, language)
    if fact is None:
        return None
    reference = Reference(
        kind,
        session_path(row),
        checkpoint=row["checkpoint"],
        number=row["number"],
        line=row["number_line"],
        row_line=row["line"],
    )
    crew = ", ".join(seat["last"] for seat in row["crew"])
    about = " · ".join(filter(None, (fact.about, crew, row["team"])))
    return Hit(str(reference), fact.text, fact.value, about, fact.is_public)


def _of_cars(cars: Sequence[Any]) -> Iterator[_Offer]:
    for entry in cars:
        season = entry.event.season
        path = (season.series.slug, season.slug, entry.event.slug)
        texts = car_texts(entry)
        words = fold(" ".join(texts.values()))
        for kind, text in texts.items():
            if text:
                reference = Reference(kind, path, number=entry.number, line=entry.line)
                value = entry.number if kind == "number" else ""
                about = f"#{entry.label} · {kind_words(kind)} · {entry.event.name}"
                hit = Hit(str(reference), text, value, about, entry.is_public)
                also = fold(_("motor car, racer")) if kind == "car" else ""  # what else the desk calls it
                yield _Offer(f"{words} {fold(kind_words(kind))} {also}", partial(_made, hit))
        yield from _of_drivers(entry, words)


def _of_drivers(entry: Any, words: str) -> Iterator[_Offer]:
    for seat in entry.crew.all():
        for kind, text in (("driver", seat.driver.full_name), ("surname", seat.driver.last_name)):
            reference = Reference(kind, (seat.driver.slug,))
            about = f"#{entry.label} · {kind_words(kind)}"
            hit = Hit(str(reference), text, "", about, entry.is_public)
            named = f"{entry.number} {fold(seat.driver.full_name)} {fold(entry.team.name if entry.team else '')}"
            yield _Offer(f"{named} {fold(kind_words(kind))}" if words else "", partial(_made, hit))


def _of_session(session: Any, language: Language) -> Iterator[_Offer]:
    season = session.event.season
    path = (season.series.slug, season.slug, session.event.slug, session.key)
    words = fold(f"{session.name} {session.key} {session.event.name}")
    for kind, (text, value) in session_texts(session, language).items():
        about = f"{session.name} · {kind_words(kind)} · {session.event.name}"
        hit = Hit(str(Reference(kind, path)), text, value, about, session.is_public)
        yield _Offer(f"{words} {fold(kind_words(kind))}", partial(_made, hit))


def _of_table(row: Any, language: Language) -> Iterator[_Offer]:
    season = row.standing.season
    words = fold(f"{row.entrant} {row.standing.name} {row.standing.class_name} {row.standing.after}")
    for kind, (text, value) in table_texts(row, language).items():
        if text:
            reference = Reference(kind, (season.series.slug, season.slug), table=table_key(row))
            about = " · ".join(filter(None, (row.entrant, kind_words(kind), row.standing.name, row.standing.after)))
            hit = Hit(str(reference), text, value, about, row.is_public)
            yield _Offer(f"{words} {fold(kind_words(kind))}", partial(_made, hit))


def find_extracts(events: Sequence[Event]) -> list[dict[str, Any]]:
    """The classifications of the events an extract can be taken from: path as reference, name, classes, public or not."""
    those = (
        Classification.objects.current()
        .exclude(state=Classification.State.ANNULLED)
        .filter(session__event__in=[event.pk for event in events])
        .select_related("session__event__season__series")
        .order_by("session__event", "-session__sequence", "checkpoint")
        .defer("document")
    )
    public = set(Classification.objects.public().filter(pk__in=those.values("pk")).values_list("pk", flat=True))
    return [_extract(one, is_public=one.pk in public) for one in those]


def _extract(one: Classification, *, is_public: bool) -> dict[str, Any]:
    session = one.session
    season = session.event.season
    reference = Reference("result", (season.series.slug, season.slug, session.event.slug, session.key), one.checkpoint)
    rows = one.rows.values("session_entry__entry__racing_class")
    classes = RacingClass.objects.filter(pk__in=rows).order_by("sequence", "folded")
    after = f" ({_('after %(checkpoint)s') % {'checkpoint': one.checkpoint}})" if one.checkpoint else ""
    return {
        "reference": str(reference),
        "name": f"{session.event.name}: {session.name}{after}",
        "classes": [racing_class.name for racing_class in classes],
        "is_public": is_public,
    }
