"""Stored rows and laps, and files of one batch, as the views that `results.crosscheck` compares."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from results.crosscheck import CarLaps, CarResult, CrossCheck, DrivenLap, crosscheck, of_laps, of_rows
from results.importers import batches
from results.importers.plan import ImportTarget
from results.importers.records import FileRefused, ParsedFile, SessionRecord
from results.models import Classification, Event, ImportItem, Lap, LapSet, Session
from results.names import fold
from results.selectors import crew_of_entry
from results.shown import names_of


@dataclass(frozen=True, slots=True)
class Checked:
    """A cross-check with the session it is of and, in words, what was compared with what."""

    session: str
    result: str
    laps: str
    check: CrossCheck


def crosscheck_of(classification: Classification) -> CrossCheck | None:
    """A stored version against the stored laps of its session; None without laps or for a scoring before the finish."""
    if classification.checkpoint or not LapSet.objects.filter(session=classification.session_id).exists():
        return None
    session = classification.session
    return crosscheck(stored_rows(classification), stored_laps(session), kind=session.kind)


def stored_rows(classification: Classification) -> list[CarResult]:
    """The rows of a version; one query."""
    rows = (
        classification.rows.filter(line=1, session_entry__entry__line=1)
        .select_related("session_entry__entry")
        .annotate(crew=crew_of_entry())
        .order_by("display_order")
    )
    return [
        CarResult(
            row.session_entry.entry.number, row.status, row.position, row.laps, row.total_ms, row.penalty_ms,
            row.penalty_laps, row.best_lap_ms, row.best_lap_number, _folded(row.crew),
        )
        for row in rows
    ]  # fmt: skip


def stored_laps(session: Session) -> list[CarLaps]:
    """All laps of a session by car; one query."""
    by_car: dict[str, list[DrivenLap]] = defaultdict(list)
    laps = Lap.objects.filter(session_entry__session=session, session_entry__entry__line=1).order_by(
        "session_entry", "number"
    )
    values = laps.values_list("session_entry__entry__number", "number", "time_ms", "seat", "is_valid")
    for number, lap, time, seat, valid in values.iterator(chunk_size=10_000):
        by_car[number].append(DrivenLap(lap, time, seat, valid))
    return [CarLaps(number, tuple(driven)) for number, driven in by_car.items()]


def crosschecks_of_item(item: ImportItem, parsed: ParsedFile, target: ImportTarget) -> list[Checked]:
    """The file against what is stored of its sessions, else against another file of the batch for the same session."""
    found = []
    for record in parsed.sessions:
        key = record.key or target.session
        if not key or record.checkpoint or not (record.classification or record.laps):
            continue
        checked = _checked(item, record, key, _event_of(parsed, target))
        if checked is not None:
            found.append(checked)
    return found


def _checked(item: ImportItem, record: SessionRecord, key: str, event: Event | None) -> Checked | None:
    session = Session.objects.filter(event=event, key__iexact=key).select_related("event").first() if event else None
    rows, rows_from = (of_rows(record), item.name) if record.classification else _other_rows(item, session, key)
    laps, laps_from = (of_laps(record), item.name) if record.laps else _other_laps(item, session, key)
    if not rows or not laps:
        return None
    kind = (session.kind if session else record.kind) or "race"
    return Checked(session.name if session else key, rows_from, laps_from, crosscheck(rows, laps, kind=kind))


def _other_rows(item: ImportItem, session: Session | None, key: str) -> tuple[list[CarResult], str]:
    if (beside := _sibling(item, key, "classification")) is not None:
        return of_rows(beside[1]), beside[0]
    current = None if session is None else session.classifications.filter(is_current=True, checkpoint="").first()
    return (stored_rows(current), str(current)) if current else ([], "")


def _other_laps(item: ImportItem, session: Session | None, key: str) -> tuple[list[CarLaps], str]:
    if (beside := _sibling(item, key, "laps")) is not None:
        return of_laps(beside[1]), beside[0]
    stored = None if session is None else LapSet.objects.filter(session=session).select_related("document").first()
    return (stored_laps(stored.session), stored.document.name) if stored and session else ([], "")


def _sibling(item: ImportItem, key: str, what: str) -> tuple[str, SessionRecord] | None:
    """Another file of the batch, not imported yet, that holds the other half of this session."""
    waiting = ImportItem.objects.filter(batch=item.batch_id, state=ImportItem.State.READY, report__has__contains=[what])
    for other in waiting.exclude(pk=item.pk).order_by("sequence"):
        if not _same_place(item, other):
            continue
        try:
            parsed = batches.parse(other)
        except FileRefused:
            continue
        for record in parsed.sessions:
            if (record.key or other.target.get("session", "")).casefold() == key.casefold() and getattr(record, what):
                return other.name, record
    return None


def _same_place(item: ImportItem, other: ImportItem) -> bool:
    """Whether both files go to one event, whether it is there already or still to be made."""
    named = ("event", "series", "season", "name")
    if item.report.get("place") and item.report.get("place") == other.report.get("place"):
        return True
    return all(item.target.get(name) == other.target.get(name) for name in named)


def _event_of(parsed: ParsedFile, target: ImportTarget) -> Event | None:
    if target.event is not None:
        return target.event
    name, season = parsed.event or target.name, parsed.season or target.season
    if not name or not season:
        return None
    events = Event.objects.filter(season__label__iexact=season).select_related("season__series")
    return next((event for event in events if fold(event.name) == fold(name)), None)


def _folded(crew: Iterable[Mapping[str, str]]) -> tuple[str, ...]:
    return tuple(fold(name) for name in names_of(crew))
