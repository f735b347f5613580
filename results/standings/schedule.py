"""What counts: championships a pack gives a season, their scorings in the calendar, and the rounds of the season.

What nobody has touched comes and goes with pack and calendar; what a person has changed stays.
"""

from __future__ import annotations

import datetime as dt
import re
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import count

from django.db.models import Exists, OuterRef, Q

from results.models import (
    CalendarStatus,
    Championship,
    Classification,
    Event,
    RacingClass,
    ScoringEvent,
    Season,
    Session,
)
from results.names import fold
from results.points import rules
from results.points.packs import Pack, PackRefused
from results.standings.rulebook import pack_named, pack_of, rules_of, year_of

# Sessions that make an event a round of the season.
RACES = frozenset({"race", "sprint", "rally", "stage"})
_HOURS = re.compile(r"\b([0-9]{1,2})(?: |-)?(?:h|std|stunden|hours|heures|ore)\b")
_HOUR = dt.timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class Calendar:
    """The events of a season in order, cancelled ones left out, with their sessions; `rounds` by event."""

    events: Sequence[Event]
    sessions: Mapping[int, Session]
    rounds: Mapping[int, int]


def calendar_of(season: Season) -> Calendar:
    """The season's calendar, the desk's view. Two queries."""
    raced = Exists(Classification.objects.current().filter(session=OuterRef("pk")))
    sessions = {
        one.pk: one
        for one in Session.objects.filter(event__season=season)
        .annotate(is_raced=raced)
        .filter(Q(is_raced=True) | ~Q(status=CalendarStatus.CANCELLED))
        .order_by("event", "sequence", "starts_at", "pk")
    }
    by_event: dict[int, list[Session]] = defaultdict(list)
    for session in sessions.values():
        by_event[session.event_id].append(session)
    found = sorted(
        Event.objects.filter(season=season).select_related("circuit"),
        key=lambda one: (one.starts_on is None, one.starts_on or dt.date.min, one.pk),
    )
    events = [one for one in found if _is_held(one, by_event[one.pk])]
    numbered = [one for one in events if not by_event[one.pk] or any(each.kind in RACES for each in by_event[one.pk])]
    by_key = {one.pk: one for one in found}
    for session in sessions.values():
        session.event = by_key[session.event_id]
    held = {one.pk for one in events}
    return Calendar(
        numbered,
        {pk: one for pk, one in sessions.items() if one.event_id in held},
        {one.pk: number for number, one in enumerate(numbered, start=1)},
    )


def _is_held(event: Event, sessions: Iterable[Session]) -> bool:
    return event.status != CalendarStatus.CANCELLED or any(getattr(one, "is_raced", False) for one in sessions)


# ------------------------------------------------------------------ championships


def plan_championships(season: Season) -> list[Championship]:
    """Adds what the pack of the series has for the season, and lets untouched championships follow it; those that are new."""
    packed = _packed(season)
    stored = {one.key: one for one in Championship.objects.filter(season=season)} if packed else {}
    _keep_keys(packed, stored)
    new, changed = [], []
    for _base, wanted in packed:
        known = stored.get(wanted.key)
        if known is None:
            new.append(wanted)
        elif not known.is_by_hand and _followed(known, wanted):
            changed.append(known)
    Championship.objects.bulk_create(new)
    Championship.objects.bulk_update(changed, ["name", "subject", "rules", "pack", "sequence"])
    return new


def packed_rules(season: Season) -> list[Championship]:
    """The championships that the pack of the series has for the season, unsaved; under the keys of those stored."""
    packed = _packed(season)
    _keep_keys(packed, {one.key: one for one in Championship.objects.filter(season=season)} if packed else {})
    return [one for _base, one in packed]


def _packed(season: Season) -> list[tuple[str, Championship]]:
    """Championships with their key in the pack."""
    pack, year = pack_of(season.series), year_of(season)
    return list(_wanted(pack, year, season)) if pack is not None and year is not None else []


def _wanted(pack: Pack, year: int, season: Season) -> Iterable[tuple[str, Championship]]:
    classes: list[RacingClass] | None = None
    for order, key in enumerate(pack.keys_of(year), start=1):
        try:
            said = pack.said(key, year)
        except PackRefused:  # the pack holds no rule for so early a season
            continue
        entry = pack.championships[key]
        common = {"season": season, "subject": entry["subject"], "rules": said, "pack": pack.series, "sequence": order}
        if not entry.get("per_class"):
            yield key, Championship(key=key, name=entry["name"], **common)
            continue
        if classes is None:
            classes = list(RacingClass.objects.filter(entries__event__season=season).distinct())
        for one in classes:
            name = f"{entry['name']} {one.name}"
            yield key, Championship(key=f"{key}-{one.slug}"[:60], name=name, racing_class=one, **common)


def _keep_keys(found: Sequence[tuple[str, Championship]], stored: Mapping[str, Championship]) -> None:
    """A championship of a class keeps its key, which is its address, when the class gets another one.

    `found` are championships with their key in the pack. A key that is taken by another class gets a number.
    """
    of_classes = [(base, one) for base, one in found if one.racing_class_id is not None]
    bases = sorted({base for base, _one in of_classes}, key=len, reverse=True)
    of_class: dict[tuple[str, str, int | None], list[str]] = defaultdict(list)
    for known in sorted(stored.values(), key=lambda one: one.pk):
        base = next((each for each in bases if known.key.startswith(f"{each}-")), "")
        of_class[known.pack, base, known.racing_class_id].append(known.key)
    used = set[str]()
    others = []
    for base, one in of_classes:
        mine = of_class[one.pack, base, one.racing_class_id]
        if not mine:
            others.append(one)
            continue
        one.key = one.key if one.key in mine else mine[0]
        used.add(one.key)
    for one in others:
        known_by_key = stored.get(one.key)
        is_anothers = known_by_key is not None and known_by_key.pack == one.pack and not known_by_key.is_by_hand
        if one.key in used or is_anothers:
            numbered = (f"{one.key[:56]}-{number}" for number in count(2))
            one.key = next(free for free in numbered if free not in stored and free not in used)
        used.add(one.key)


def _followed(known: Championship, wanted: Championship) -> bool:
    """Takes over what the pack says; whether anything was different."""
    names = ("name", "subject", "rules", "pack", "sequence")
    before = [getattr(known, name) for name in names]
    for name in names:
        setattr(known, name, getattr(wanted, name))
    return before != [getattr(known, name) for name in names]


# ------------------------------------------------------------------ scorings


def plan_scorings(championships: Sequence[Championship], calendar: Calendar) -> list[ScoringEvent]:
    """Brings the scorings in line with rules and calendar; returns all there are. Raises PackRefused for bad rules."""
    stored: dict[int, dict[tuple[int, str], ScoringEvent]] = defaultdict(dict)
    for one in ScoringEvent.objects.filter(championship__in=championships):
        stored[one.championship_id][one.session_id, one.checkpoint] = one
    new: list[ScoringEvent] = []
    changed: list[ScoringEvent] = []
    gone: list[ScoringEvent] = []
    for championship in championships:
        wanted = _by_rules(championship, calendar)
        mine = stored[championship.pk]
        for key, tags in wanted.items():
            known = mine.get(key)
            if known is None:
                mine[key] = ScoringEvent(championship=championship, session_id=key[0], checkpoint=key[1], tags=tags)
                new.append(mine[key])
            elif not known.is_by_hand and known.tags != tags:
                known.tags = tags
                changed.append(known)
        gone += [mine.pop(key) for key, one in list(mine.items()) if key not in wanted and not one.is_by_hand]
    ScoringEvent.objects.bulk_create(new)
    ScoringEvent.objects.bulk_update(changed, ["tags"])
    if gone:
        ScoringEvent.objects.filter(pk__in=[one.pk for one in gone]).delete()
    return [one for mine in stored.values() for one in mine.values()]


def _by_rules(championship: Championship, calendar: Calendar) -> dict[tuple[int, str], list[str]]:
    read = rules_of(championship)
    pack = pack_named(championship.pack)
    selections = [*(one.where for one in read.scores), *(one.where for one in read.bonuses)]
    if "qualifying" in read.ties:  # it may give no points and decide who is ahead
        selections.append(rules.Selection(kinds=frozenset({"qualifying"})))
    found: dict[tuple[int, str], list[str]] = {}
    for session in calendar.sessions.values():
        number = calendar.rounds.get(session.event_id)
        if number is None or session.parent_id is not None:
            continue
        tags = tags_of(session.event, session, pack)
        for checkpoint in dict.fromkeys(one.checkpoint for one in selections):
            if any(_counts(one, session.kind, checkpoint, number, tags) for one in selections):
                found[session.pk, checkpoint] = tags
    return found


def _counts(where: rules.Selection, kind: str, checkpoint: str, number: int, tags: list[str]) -> bool:
    return where.holds(kind=kind, checkpoint=checkpoint, number=number, tags=tags)


def tags_of(event: Event, session: Session | None, pack: Pack | None) -> list[str]:
    """What kind of race a session is, by its planned length, and by names: `6h`, `lemans`. In the words of the pack."""
    circuit = event.circuit.name if event.circuit else ""
    said = fold(f"{event.name} {session.name if session else ''} {circuit}")
    tags = {f"{hours}h" for hours in _HOURS.findall(said)}
    if session is not None and session.starts_at and session.ends_at and not session.end_estimated:
        length = session.ends_at - session.starts_at
        if length % _HOUR == dt.timedelta(0) and session.kind in RACES:
            tags.add(f"{length // _HOUR}h")
    if pack is not None:
        tags |= {tag for tag, words in pack.tags.items() if any(f" {fold(word)} " in f" {said} " for word in words)}
    return sorted(tags)
