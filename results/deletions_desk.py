"""Deleting lap times by hand and taking deletions back; what follows from the laps is worked out anew at once."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.contrib.auth.models import User
from django.db import transaction
from django.utils.translation import gettext as _

from results.deletions import Clue, Meant, lap_meant
from results.importers.loading.summaries import write_summaries
from results.models import Decision, Lap, LapDeletion, Session, SessionEntry
from results.release import database_now
from results.stints import DrivenLap


class DeletionRefused(Exception):  # noqa: N818 - reads as the sentence it stands for
    """The message is one German sentence for a person."""


@transaction.atomic
def delete_lap(
    session_entry: SessionEntry,
    *,
    by: User,
    lap: int | None = None,
    lap_ms: int | None = None,
    day_ms: int | None = None,
    corner: str = "",
    text: str = "",
    decision: Decision | None = None,
) -> LapDeletion:
    """Deletes a lap of a car by number, time (ms) or time of day (ms since midnight of the session's first day).

    With a decision of the stewards it is theirs, else it was done by hand. One that was taken back holds again. Which lap is meant may stay open (see `lap_of`): laps can come later. Raises
    DeletionRefused without any clue, and for a deletion that is there already.
    """
    _lock(session_entry)
    fault = why_not_deletable(session_entry, lap=lap, lap_ms=lap_ms, day_ms=day_ms, text=text)
    if fault:
        raise DeletionRefused(fault)
    clues = {"lap": lap, "lap_ms": lap_ms, "day_ms": day_ms, "text": text.strip()}
    deletion = LapDeletion.objects.filter(session_entry=session_entry, **_as_lookup(clues)).first()
    if deletion is None:
        source = LapDeletion.Source.DESK if decision is None else LapDeletion.Source.DECISION
        deletion = LapDeletion(session_entry=session_entry, source=source, corner=corner, **clues)
        deletion.session_id = session_entry.session_id
    deletion.decision = decision if decision is not None else deletion.decision
    deletion.entered_by, deletion.reversed_at, deletion.reversed_by = by, None, None
    deletion.save()
    write_summaries(session_entry.session)
    return deletion


def why_not_deletable(session_entry: SessionEntry, **clues: int | str | None) -> str:
    """Why these clues (lap, lap_ms, day_ms, text) delete nothing, as a sentence; empty where they do."""
    if all(clue is None or not str(clue).strip() for clue in clues.values()):
        return _("Which lap? Its number, its time, the time of day or the message is needed.")
    standing = LapDeletion.objects.filter(session_entry=session_entry, reversed_at__isnull=True, **_as_lookup(clues))
    return _("This lap is deleted already.") if standing.exists() else ""


@transaction.atomic
def restore_lap(deletion: LapDeletion, *, by: User) -> LapDeletion:
    """Takes a deletion back; it stays as a record. Raises DeletionRefused where that has happened already."""
    _lock(deletion.session_entry)
    current = LapDeletion.objects.select_related("session").get(pk=deletion.pk)
    if current.reversed_at is not None:
        raise DeletionRefused(_("This deletion has been taken back already."))
    current.reversed_at, current.reversed_by = database_now(), by
    current.save(update_fields=["reversed_at", "reversed_by"])
    write_summaries(current.session)
    return current


def lap_of(deletion: LapDeletion) -> Meant:
    """Which lap of the stored ones a deletion means, or why none."""
    cells = ("number", "seat", "time_ms", "day_ms", "in_pit", "is_valid", "pit_ms")
    laps: Any = Lap.objects.filter(session_entry=deletion.session_entry_id).order_by("number").values_list(*cells)
    clue = Clue(deletion.lap, deletion.lap_ms, deletion.day_ms)
    return lap_meant(clue, [DrivenLap._make(lap) for lap in laps])


def _as_lookup(clues: Mapping[str, int | str | None]) -> dict[str, Any]:
    """Equality that also finds what is unknown on both sides."""
    text = str(clues.get("text") or "").strip()
    unknown = {f"{name}__isnull": True for name, clue in clues.items() if clue is None}
    known = {name: clue for name, clue in clues.items() if clue is not None and name != "text"}
    return {**unknown, **known, "text": text}


def _lock(car: SessionEntry) -> None:
    """Two deletions of one session, or a deletion and an import, come one after the other."""
    Session.objects.select_for_update(no_key=True).only("pk").get(pk=car.session_id)
