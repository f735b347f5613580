"""What linters know, from the database: the register of names, the starters of an article's events, its pictures.

The register is kept in the process and is never stale: each time one statement asks the database for a fingerprint of all
names, computed from the names themselves. Whoever changed them and however (form, import in bulk, merge, another process),
the fingerprint differs, and the names are read anew. It sees what the transaction sees.
"""

from __future__ import annotations

import datetime as dt
import threading
from collections.abc import Iterable, Iterator

from django.db import connection
from django.db.models import Model, Q
from django.utils import timezone

from articles.body import picture_tokens, sanitise
from articles.body_figures import figures
from articles.factcheck.facts import Driver
from articles.factcheck.lint.piece import Crew, Piece, Shown, Starters, make_of
from articles.factcheck.lint.register import Register
from articles.factcheck.lint.remark import Remark
from articles.factcheck.lint.run import lint
from articles.models import Article, Image
from results.models import (
    Circuit,
    CircuitAlias,
    CrewMember,
    DriverAlias,
    Entry,
    Event,
    Manufacturer,
    SessionCrewMember,
    Team,
    TeamAlias,
)
from results.models import (
    Driver as DriverRow,
)

_MOST_ENTRIES = 600
_MOST_DAYS = 31
# Names and their number; a sum knows no order, and of two changed names no sum is the same by accident.
_NAMES: dict[type[Model], str] = {
    DriverRow: "concat(first_name, '|', last_name)",
    **dict.fromkeys((DriverAlias, Team, TeamAlias, Manufacturer, Circuit, CircuitAlias), "name"),
}
_FINGERPRINT = "SELECT " + ", ".join(  # noqa: S608 - tables and columns of our own, no word from outside
    f"(SELECT concat(count(*), ':', sum(hashtextextended({words}, 0))) FROM {model._meta.db_table})"  # noqa: S608
    for model, words in _NAMES.items()
)


class _Kept:
    """The register of this process and the fingerprint of the names it was made of."""

    lock = threading.Lock()
    fingerprint: tuple[str, ...] = ()
    register = Register()


def register() -> Register:
    """Every name of the database, whether readers may see it or not. One query; eight where a name has changed."""
    with connection.cursor() as cursor:
        cursor.execute(_FINGERPRINT)
        fingerprint = tuple(cursor.fetchone())
    with _Kept.lock:
        if _Kept.fingerprint == fingerprint:
            return _Kept.register
    fresh = _read().prepared()
    with _Kept.lock:
        _Kept.fingerprint, _Kept.register = fingerprint, fresh
    return fresh


def _read() -> Register:
    people = DriverRow.objects.order_by("pk").values_list("first_name", "last_name")
    aliases = (
        name
        for model in (DriverAlias, TeamAlias, CircuitAlias)
        for name in model.objects.values_list("name", flat=True)
    )
    return Register(
        drivers=tuple(dict.fromkeys(Driver(first, last) for first, last in people)),
        teams=tuple(Team.objects.values_list("name", flat=True)),
        makes=tuple(Manufacturer.objects.values_list("name", flat=True)),
        circuits=tuple(Circuit.objects.values_list("name", flat=True)),
        aliases=tuple(aliases),
    )


def starters_of(events: Iterable[Event]) -> Starters:
    """Who is entered at the events; where nobody is yet, who is in their seasons. At most four queries."""
    events = list(events)
    entries = _entries(event__in=[event.pk for event in events]) if events else []
    if not entries and events:
        entries = _entries(event__season__in=[event.season_id for event in events])
    return Starters(
        tuple(_crews(entries)) if entries else (), tuple(sorted({day for event in events for day in _days(event)}))
    )


def _entries(**which: object) -> list[Entry]:
    entries = Entry.objects.filter(**which).select_related("team", "car_model__manufacturer")
    return list(entries.order_by("-event__starts_on", "pk")[:_MOST_ENTRIES])


def _crews(entries: list[Entry]) -> Iterator[Crew]:
    """Everybody who was in a car, in any session."""
    keys = [entry.pk for entry in entries]
    people: dict[int, dict[Driver, None]] = {}
    for rows in (
        CrewMember.objects.filter(entry__in=keys).values_list("entry", "driver__first_name", "driver__last_name"),
        SessionCrewMember.objects.filter(session_entry__entry__in=keys).values_list(
            "session_entry__entry", "driver__first_name", "driver__last_name"
        ),
    ):
        for key, first, last in rows.order_by().distinct():
            people.setdefault(key, {})[Driver(first, last)] = None
    for entry in entries:
        yield Crew(tuple(people.get(entry.pk, ())), entry.team.name if entry.team else entry.entrant, _make(entry))


def _make(entry: Entry) -> str:
    model = entry.car_model
    if model is None:
        return ""
    return model.manufacturer.folded if model.manufacturer else make_of(model.name)


def _days(event: Event) -> list[dt.date]:
    if event.starts_on is None or event.ends_on is None:
        return []
    length = min((event.ends_on - event.starts_on).days + 1, _MOST_DAYS)
    return [event.starts_on + dt.timedelta(days=day) for day in range(length)]


def pictures_of(body: str, lead_image: int | None) -> tuple[Shown, ...]:
    """The lead picture and those in the text, with the caption that readers would see. One query, or none."""
    tokens = picture_tokens(body)
    if not tokens and not lead_image:
        return ()
    drawn = [figure for figure in figures(sanitise(body)) if figure.kind == "image"]
    images = list(Image.objects.filter(Q(token__in=tokens) | Q(pk=lead_image)))
    captions = {figure.reference: figure.caption for figure in drawn if figure.caption}
    images.sort(key=lambda image: (image.pk != lead_image, tokens.index(image.token) if image.token in tokens else 0))
    return tuple(
        Shown(
            image.token,
            image.title,
            captions.get(image.token) or image.caption,
            image.credit,
            image.alt,
            is_in_text=image.token in captions,
        )
        for image in images
    )


def remarks_on(
    text: str, *, body: str, events: Iterable[int], lead_image: int | None, written: dt.date | None
) -> list[Remark]:
    """The remarks on a text, saved or not, about those events, and on the pictures in its body and above it."""
    keys = list(events)
    about = Event.objects.in_bulk(keys) if keys else {}
    starters = starters_of(about[key] for key in keys if key in about)
    return lint(Piece(text, register(), starters, written, pictures_of(body, lead_image)))


def written_on(article: Article | None) -> dt.date | None:
    """The day of a text; of one that was imported nobody knows it, and one that was never saved is of today."""
    if article is None:
        return timezone.localdate()
    return None if article.source_id else timezone.localdate(article.created_at)
