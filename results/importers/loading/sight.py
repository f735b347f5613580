"""What readers will not see yet once a file is in: a draft, a hidden session, an embargo. It fills no car they see."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from functools import cached_property

from results.importers.loading.bench import is_stored
from results.importers.records import SessionRecord
from results.models import CalendarStatus, Classification, LapSet, Session, SessionKind
from results.release import database_now

Chains = Mapping[tuple[int, str], list[Classification]]  # the versions of a session and checkpoint

SCORES_NOTHING = frozenset({SessionKind.PRACTICE, SessionKind.WARMUP, SessionKind.GRID})


class Sight:
    """Which parts of a file wait, by the database clock at the import. What opens later needs no import then."""

    def __init__(self, taken: Iterable[tuple[Session, SessionRecord]], chains: Chains) -> None:
        self._chains = chains
        self._finishes = {
            id(session): record for session, record in taken if record.classification and not record.checkpoint
        }

    def is_hidden(self, session: Session) -> bool:
        """Whether the session itself is not public. When its event is does not matter: it may be opened first."""
        return is_stored(session) and not self._has_come(session.public_from)

    def waits(self, session: Session, record: SessionRecord) -> bool:
        """Whether any part of what the record says does; laps that the desk holds back are asked for by themselves."""
        result = bool(record.classification) and self.result_waits(session, record)
        return result or self.is_hidden(session) or (bool(record.laps) and self.laps_wait(session, None))

    def holds_any_of(self, taken: Iterable[tuple[Session, SessionRecord]]) -> bool:
        """Whether readers will miss a session or a result of the file, or one stored that the file says more of."""
        return any(
            self.is_hidden(session)
            or self.result_waits(session, record)
            or self.stored_waits(session, but=record.checkpoint if record.classification else None)
            for session, record in taken
        )

    def holds_scoring(self, session: Session) -> bool:
        """Whether readers miss what a table after that event counts in."""
        if session.kind in SCORES_NOTHING or session.status == CalendarStatus.CANCELLED:
            return False
        return self.is_hidden(session) or self.stored_waits(session)

    def stored_waits(self, session: Session, *, but: str | None = None) -> bool:
        """Whether a stored result is but a draft, or under embargo; `but` the one that the file brings itself.

        A result at the finish that readers see, or will with this file, outweighs scorings on the way.
        """
        finish = self._current(session, "")
        if but == "" or (but is None and finish is not None and self._has_come(finish.public_from)):
            return False
        for (key, checkpoint), versions in self._chains.items():
            if key != session.pk or checkpoint == but:
                continue
            current = self._current(session, checkpoint)
            if current is None and any(version.released_at is None for version in versions):
                return True
            if current is not None and not self._has_come(current.public_from):
                return True
        return False

    def result_waits(self, session: Session, record: SessionRecord) -> bool:
        """Drafts, hidden sessions, and corrections of a version under embargo, which they inherit."""
        current = self._current(session, record.checkpoint)
        embargo = current is not None and not self._has_come(current.public_from)
        return not record.released or self.is_hidden(session) or embargo

    def laps_wait(self, session: Session, stored: LapSet | None) -> bool:
        """Laps wait for the result at the finish where there is one, this file's included (`LapSet.objects.public`)."""
        if self.is_hidden(session) or self.holds_laps_back(stored):
            return True
        annulled, record, current = Classification.State.ANNULLED, self._finish_of(session), self._current(session, "")
        if record is not None and record.released:
            return record.state == annulled or self.result_waits(session, record)
        if current is not None:
            return current.state == annulled or not self._has_come(current.public_from)
        return record is not None or bool(self._chains.get((session.pk or 0, "")))

    def holds_laps_back(self, stored: LapSet | None) -> bool:
        """Whether the desk keeps the stored laps back whatever becomes of the result."""
        return stored is not None and not self._has_come(stored.public_from)

    def _finish_of(self, session: Session) -> SessionRecord | None:
        return self._finishes.get(id(session))

    def _current(self, session: Session, checkpoint: str) -> Classification | None:
        versions = self._chains.get((session.pk or 0, checkpoint), [])
        return next((version for version in versions if version.is_current), None)

    def _has_come(self, instant: dt.datetime | None) -> bool:
        return instant is not None and instant <= self._now

    @cached_property
    def _now(self) -> dt.datetime:
        return database_now()
