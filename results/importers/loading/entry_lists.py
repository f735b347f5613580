"""An entry list: the cars of an event as the organiser announces them."""

from __future__ import annotations

from results.importers.loading.bench import is_stored
from results.importers.loading.entries import EntryList
from results.importers.loading.statements import View
from results.importers.records import SessionRecord
from results.models import ImportRun, Session


class EntryListing:
    """What becomes of one published entry list. It speaks of the event, even where it names a session."""

    def __init__(self, session: Session, record: SessionRecord) -> None:
        self.session, self.record = session, record
        self.view = View(before=_stated_before(session))

    @property
    def statement_key(self) -> str:
        return ENTRIES

    @property
    def statements(self) -> dict[str, dict[str, str]]:
        return self.view.now

    def plan(self, entries: EntryList) -> None:
        """Enters the cars; fills the workbench, writes nothing."""
        for row in self.record.entries:
            entries.enter_only(row, self.view)


ENTRIES = "entry list"


def _stated_before(session: Session) -> dict[str, dict[str, str]]:
    """What the last entry list of this event said of each car."""
    if not is_stored(session.event):
        return {}
    runs = ImportRun.objects.filter(
        report__event=session.event.slug, report__stated__has_key=ENTRIES, undone_at__isnull=True
    )
    last = runs.order_by("-pk").first()
    return last.report["stated"][ENTRIES] if last is not None else {}
