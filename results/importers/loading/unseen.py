"""What imports wrote of a car that readers have not seen yet: once something else shows the car, it is taken back.

A draft or a hidden session may bring a car first, and its row has nobody else to say team and class. When a public
result comes that does not say them, they would be seen with it, before their time.

Each import keeps what its held parts wrote (`held` in its report), by key and value: what the desk has entered or edited
is never taken for theirs, and no name has to be compared that somebody may have changed since.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import cached_property
from typing import Any, NamedTuple

from django.db import models
from django.db.models import Q

from results.importers.loading.bench import is_stored
from results.importers.loading.statements import hold
from results.importers.loading.trail import plain
from results.models import Entry, Event, IdentityChange, ImportRun, SessionCrewMember, SessionEntry
from results.names import fold

UNSAID: dict[str, Any] = {"team": None, "entrant": "", "car_model": None, "racing_class": None, "is_guest": False}
CupOfEntry = Entry.cups.through


class Written(NamedTuple):
    """One column that a held part of an import wrote, in plain values; the entry by its key."""

    entry: int
    column: str
    before: Any
    after: Any


class Unseen:
    """What held parts wrote to the cars of an event: former imports, and this one so far."""

    def __init__(self, event: Event) -> None:
        self._event = event
        self._touched: dict[int, ImportRun] = {}
        self._mine: list[tuple[Entry, str, Any, Any]] = []
        self._my_cups: list[models.Model] = []
        self._my_statements: list[dict[str, dict[str, str]]] = []

    # this import

    def note(self, entry: Entry, column: str, before: Any) -> None:
        """A held part of this import has just written the column."""
        after = getattr(entry, column)
        if after != before:
            self._mine.append((entry, column, before, after))

    def note_cups(self, rows: Iterable[models.Model]) -> None:
        self._my_cups += rows

    def note_statements(self, statements: dict[str, dict[str, str]]) -> None:
        """What a held part of this import states: a later part may still take it back."""
        if not any(statements is known for known in self._my_statements):
            self._my_statements.append(statements)

    def kept(self, crews: Iterable[models.Model]) -> dict[str, Any]:
        """What the report keeps of it, once all is written; `crews` are those of sessions that held parts named."""
        return {
            "event": self._event.pk,
            "columns": [[entry.pk, column, plain(before), plain(after)] for entry, column, before, after in self._mine],
            "cups": [row.pk for row in self._my_cups],
            "crews": [member.pk for member in crews],
        }

    # taking back

    def former(self, entry: Entry, column: str) -> Any:
        """What stood there before held imports wrote it; the value itself where the desk or a public part did."""
        value = getattr(entry, column)
        for one, name, before, after in reversed(self._mine):
            if one is entry and name == column and after == value:
                value = before
        key = plain(value)
        for written in reversed(self._writes):
            if (written.entry, written.column) == (entry.pk, column):
                if written.after != key and not (column == "team" and key in self._kin(written.after)):
                    break  # somebody else wrote behind it
                key = written.before
        return value if key == plain(value) else self._row(column, key)

    def cups(self, entry: Entry) -> set[str]:
        """The folded names of the cups that held parts put it into."""
        mine = {row.cup.folded for row in self._my_cups if row.entry is entry}  # type: ignore[attr-defined]
        if not is_stored(entry):
            return mine
        stored = CupOfEntry.objects.filter(entry=entry.pk, pk__in=self._keys("cups", CupOfEntry))
        return mine | set(stored.values_list("cup__folded", flat=True))

    def leave_cups(self, entry: Entry, folded: set[str]) -> list[models.Model]:
        """Forgets these cups; returns the rows of this import that must not be written."""
        going = [row for row in self._my_cups if row.entry is entry and row.cup.folded in folded]  # type: ignore[attr-defined]
        self._my_cups = [row for row in self._my_cups if not any(row is one for one in going)]
        return going

    def crew(self, car: SessionEntry) -> set[int]:
        """The seats in that session which held parts gave."""
        members = SessionCrewMember.objects.filter(
            session_entry=car.pk, line=1, pk__in=self._keys("crews", SessionCrewMember)
        )
        return set(members.values_list("seat", flat=True))

    def take_back(self, entry: Entry, column: str, *, session: str = "") -> None:
        """Notes with those imports that the entry does not hold it any more, so that their files may say it again.

        A crew is taken back from one session only.
        """
        for run, key, said in self._of(entry):
            if column in said and (not session or key.startswith((f"{session}@", f"{session}:"))):
                hold(said, column)
                self._touched[run.pk] = run
        for statements in self._my_statements:
            if column in statements.get(entry.label, {}):
                hold(statements[entry.label], column)
        self._mine = [one for one in self._mine if one[0] is not entry or one[1] != column]

    def write(self) -> None:
        """Stores the notes; to be called in the transaction of the import."""
        for run in self._touched.values():
            run.save(update_fields=["report"])

    def _of(self, entry: Entry) -> list[tuple[ImportRun, str, dict[str, str]]]:
        return [
            (run, key, statements[entry.label])
            for run in self._runs
            if run.undone_at is None
            for key, statements in run.report.get("stated", {}).items()
            if entry.label in statements
        ]

    def _row(self, column: str, key: Any) -> Any:
        field = Entry._meta.get_field(column)
        if key is None or not isinstance(field, models.ForeignKey):
            return key
        keys = self._kin(key) if column == "team" else {key}
        return field.related_model._default_manager.filter(pk__in=keys).order_by("pk").first()

    def _kin(self, team: Any) -> set[Any]:
        """The team and all that it was merged with or split from since: the desk then moved its cars for it."""
        kin, before = {team}, 0
        while len(kin) > before:
            before = len(kin)
            kin |= {key for pair in self._merged for key in pair if kin & {*pair}}
        return kin

    @cached_property
    def _merged(self) -> list[tuple[int, int]]:
        changes = IdentityChange.objects.filter(model="team", undone_at__isnull=True)
        return list(changes.order_by("pk").values_list("kept", "other"))

    def _keys(self, what: str, model: type[models.Model]) -> set[int]:
        keys: set[int] = set()
        for run in self._runs:
            old = run.report.get("made", {}).get(model._meta.label_lower, ())
            keys |= set(run.report["held"][what] if "held" in run.report else old)
        return keys

    @cached_property
    def _writes(self) -> list[Written]:
        """Oldest first. Undoing has put back what an import altered, but a car that it made may have stayed."""
        writes = []
        for run in self._runs:
            made = set(run.report.get("made", {}).get(Entry._meta.label_lower, ()))
            columns = run.report["held"]["columns"] if "held" in run.report else self._written_of_old(run, made)
            writes += [one for one in map(Written._make, columns) if run.undone_at is None or one.entry in made]
        return writes

    def _written_of_old(self, run: ImportRun, made: set[int]) -> Iterable[tuple[int, str, Any, Any]]:
        """Of an import from before they kept it: what its lists and statements tell together."""
        for entry in Entry.objects.filter(pk__in=made, event=self._event).with_car():
            texts = [said.get(entry.label, {}) for said in run.report.get("stated", {}).values()]
            for column, empty in UNSAID.items():
                value = getattr(entry, column)
                if value and fold(str(value)) in {said.get(column) for said in texts}:
                    yield entry.pk, column, empty, plain(value)
        for label, key, column, before, after in run.report.get("altered", ()):
            if label == Entry._meta.label_lower and column in UNSAID:
                yield key, column, before, after

    @cached_property
    def _runs(self) -> list[ImportRun]:
        """The imports of the event, also those that no result points to any more."""
        if not is_stored(self._event):
            return []
        old = Q(report__event=self._event.slug) & ~Q(report__has_key="held")
        return list(ImportRun.objects.filter(Q(report__held__event=self._event.pk) | old).order_by("pk"))
