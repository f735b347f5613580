"""Where a file probably belongs that does not say so itself: an event and a session, with the reasons in words.

Evidence is of three kinds: the name, the day, the cars. One kind alone proposes, two that point at the same event and
leave no second one near decide. Whatever is doubtful is offered to a person and never chosen silently.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass, field

from django.db.models import Count, Q
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from results.importers.filenames import NameHints, hints
from results.importers.kinds import LETTERS
from results.importers.plan import ImportTarget
from results.importers.records import ParsedFile
from results.models import Entry, Event, Series, Session, SessionKind
from results.names import fold

NEAR = dt.timedelta(days=3)
CLOSE_BY = dt.timedelta(hours=3)  # between the stamp in a file's name and the start of its session
MOST_OFFERED = 5
ENOUGH_CARS, MANY_CARS = 0.5, 0.85  # share of the file's cars that are entered at an event
TWO_KINDS, AHEAD = 2, 2  # of evidence that decide, points before the second


@dataclass(frozen=True, slots=True)
class Candidate:
    """An event that the file may belong to; `kinds` are the kinds of evidence, `score` adds them up."""

    event: Event
    score: int
    kinds: int
    because: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Proposal:
    """`target` holds an event only where the evidence decides; what a new event would need is filled in as known."""

    target: ImportTarget
    certain: bool
    because: tuple[str, ...] = ()
    candidates: tuple[Candidate, ...] = ()


@dataclass(slots=True)
class _Tally:
    event: Event
    score: int = 0
    because: list[str] = field(default_factory=list)
    kinds: set[str] = field(default_factory=set)

    def add(self, kind: str, score: int, reason: str) -> None:
        self.score += score
        self.kinds.add(kind)
        self.because.append(reason)


def propose(parsed: ParsedFile, *, name: str) -> Proposal:
    """Looks at the file's records, its name and the stored events; a handful of queries, nothing written."""
    if parsed.series and parsed.event:
        return Proposal(ImportTarget(), certain=True, because=(_("The file says where it belongs."),))
    said = hints(name)
    candidates = _candidates(parsed, said)
    if candidates and _decided(candidates):
        event = candidates[0].event
        key, reasons = _session(event, parsed, said)
        return Proposal(
            ImportTarget(event=event, session=key),
            certain=bool(key) or all(record.key for record in parsed.sessions),
            because=(*candidates[0].because, *reasons),
            candidates=candidates,
        )
    reason = _("The evidence does not decide.") if candidates else _("No stored event fits.")
    return Proposal(_new(parsed, said), certain=False, because=(reason,), candidates=candidates)


def session_key(event: Event, parsed: ParsedFile, *, name: str) -> str:
    """The session of that event the file belongs to; empty where the file says it itself or several fit."""
    return _session(event, parsed, hints(name))[0]


def _decided(candidates: tuple[Candidate, ...]) -> bool:
    best, rest = candidates[0], candidates[1:]
    return best.kinds >= TWO_KINDS and all(best.score - other.score >= AHEAD for other in rest)


def _candidates(parsed: ParsedFile, said: NameHints) -> tuple[Candidate, ...]:
    days = _days(parsed, said)
    tallies = [_Tally(event) for event in _events(days, said)]
    for tally in tallies:
        _by_name(tally, parsed, said)
        _by_day(tally, days)
    _by_cars(tallies, parsed)
    found = [Candidate(one.event, one.score, len(one.kinds), tuple(one.because)) for one in tallies if one.score > 0]
    return tuple(sorted(found, key=lambda one: (-one.score, one.event.pk))[:MOST_OFFERED])


def _events(days: list[dt.date], said: NameHints) -> Iterable[Event]:
    events = Event.objects.select_related("season__series", "circuit")
    if days:
        return events.filter(starts_on__lte=max(days) + NEAR, ends_on__gte=min(days) - NEAR)
    if said.year:
        return events.filter(Q(starts_on__year=said.year) | Q(season__label__contains=str(said.year)))
    return events


def _days(parsed: ParsedFile, said: NameHints) -> list[dt.date]:
    days = [record.date for record in parsed.sessions if record.date]
    printed = [dt.date.fromisoformat(parsed.extra["day"])] if "day" in parsed.extra else []
    return days or ([said.date] if said.date else printed)


def _by_name(tally: _Tally, parsed: ParsedFile, said: NameHints) -> None:
    """The event's name, its circuit or its series in the file or in the file's name."""
    event = tally.event
    names = {fold(event.name), fold(event.slug), _without_numbers(event.name)}
    if fold(parsed.event or "") in names or (said.event and fold(said.event) in names):
        tally.add("name", 4, _("the name “%(name)s”") % {"name": event.name})
        return
    words = set(said.words) | set(
        fold(f"{parsed.event or ''} {parsed.circuit or ''} {parsed.extra.get('title', '')}").split()
    )
    known = set(fold(f"{event.name} {event.circuit.name if event.circuit else ''}").split())
    shared = {word for word in words & known if len(word) > 2}  # noqa: PLR2004 - "of", "am"
    if shared:
        tally.add("name", min(len(shared), 2) + 1, _("“%(words)s” in the name") % {"words": " ".join(sorted(shared))})
    series = event.season.series
    if set(fold(series.short_name or series.name).split()) <= words:
        tally.add("name", 1, _("the series %(name)s") % {"name": series.short_name or series.name})


def _without_numbers(name: str) -> str:
    """As a file's name gives it, where numbers may be anything."""
    return " ".join(word for word in fold(name).split() if not word.isdecimal())


def _by_day(tally: _Tally, days: list[dt.date]) -> None:
    first, last = tally.event.starts_on, tally.event.ends_on
    if not days or first is None or last is None:
        return
    day = date_format(days[0], "SHORT_DATE_FORMAT")
    if all(first <= one <= last for one in days):
        tally.add("day", 3, _("the day %(day)s") % {"day": day})
    else:
        tally.add("day", 1, _("the day %(day)s, near the event") % {"day": day})


def _by_cars(tallies: list[_Tally], parsed: ParsedFile) -> None:
    """Numbers shared with the entries: most of a field comes back for every round, so the share counts."""
    numbers = _numbers(parsed)
    if not numbers or not tallies:
        return
    entered = Entry.objects.filter(event__in=[one.event for one in tallies], number__in=numbers)
    counts = dict(entered.values_list("event").annotate(cars=Count("number", distinct=True)))
    for tally in tallies:
        cars = counts.get(tally.event.pk, 0)
        if cars < ENOUGH_CARS * len(numbers):
            continue
        score = 3 if cars >= MANY_CARS * len(numbers) else 1
        tally.add("cars", score, _("%(cars)s of %(all)s numbers are entered") % {"cars": cars, "all": len(numbers)})


def _numbers(parsed: ParsedFile) -> set[str]:
    rows = {row.number for one in parsed.sessions for row in (*(one.classification or ()), *one.entries)}
    return rows | {lap.number for one in parsed.sessions for lap in one.laps or ()}


def _session(event: Event, parsed: ParsedFile, said: NameHints) -> tuple[str, tuple[str, ...]]:
    """The key of the session, empty where several fit, with the reason in words."""
    if len(parsed.sessions) != 1 or parsed.sessions[0].key:
        return "", ()
    kind = parsed.sessions[0].kind or said.kind
    if said.kind and kind != said.kind:
        return "", (_("The name of the file says %(said)s, its content %(kind)s.") % _kinds(said.kind, kind),)
    fitting = [one for one in Session.objects.filter(event=event).order_by("sequence") if one.kind == kind]
    if len(fitting) > 1:
        fitting = [one for one in fitting if _is_at(one, said)] or [one for one in fitting if _is_numbered(one, said)]
    if len(fitting) != 1:
        return "", (_("Several sessions fit.") if fitting else _("The event has no such session yet."),)
    return fitting[0].key, (_("session %(name)s by its kind") % {"name": fitting[0].name},)


def _kinds(said: str, kind: str) -> dict[str, str]:
    return {"said": str(SessionKind(said).label), "kind": str(SessionKind(kind).label)}


def _is_at(session: Session, said: NameHints) -> bool:
    if said.date is None or said.time is None or session.starts_at is None:
        return False
    local = dt.datetime.combine(said.date, said.time, tzinfo=session.event.zone)
    return abs(local - session.starts_at) <= CLOSE_BY


def _is_numbered(session: Session, said: NameHints) -> bool:
    return said.number is not None and str(said.number) in f"{session.key} {session.name}"


def _new(parsed: ParsedFile, said: NameHints) -> ImportTarget:
    """What a new event would need, as far as file and name say it; creating it is left to the person."""
    days = _days(parsed, said)
    kind = (parsed.sessions[0].kind if len(parsed.sessions) == 1 else "") or said.kind
    unnamed = any(not record.key for record in parsed.sessions)
    key = f"{LETTERS[kind]}{said.number or ''}" if unnamed and kind in LETTERS else ""
    return ImportTarget(
        session=key,
        series="" if parsed.series else _series_in(said),
        season="" if parsed.season else str(said.year or ""),
        name="" if parsed.event else said.event,
        date=min(days) if days else None,
    )


def _series_in(said: NameHints) -> str:
    """A series that the file's name begins with: `NLS1` is the NLS."""
    for series in Series.objects.order_by("pk"):
        short = fold(series.short_name or series.name)
        if short and any(word == short or word.rstrip("0123456789") == short for word in said.words):
            return series.name
    return ""
