"""One classification of a file beside the stored versions of that session: what differs, what a new version holds."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import replace
from typing import Any

from django.utils.translation import gettext as _

from results import states
from results.differences import CELLS, CellChange, LineKey, compare_heads, compare_lines, lines_of
from results.importers.loading.bench import Bench, is_stored
from results.importers.loading.decided import Decided, decided_of
from results.importers.loading.entries import EntryList, row_label
from results.importers.loading.sight import Sight
from results.importers.loading.statements import View, waiting_in
from results.importers.plan import SessionPlan
from results.importers.records import RowRecord, SessionRecord
from results.importers.status import CLASSIFIED, STATUSES
from results.models import AppliedDecision, Classification, ClassificationRow, Session
from results.proposal import in_words
from results.release import label_of, publish_version

_STATUS_ORDER = {code: order for order, code in enumerate(STATUSES)}
MOST_ROWS = 32_767  # what the order of a line can count


class Chain:
    """The stored versions of one session and checkpoint."""

    def __init__(self, versions: Iterable[Classification]) -> None:
        listed = sorted(versions, key=lambda version: version.version)
        self._versions = listed
        self.newest = listed[-1] if listed else None
        self.current = next((version for version in listed if version.is_current), None)

    def spoken(self, version: Classification | None) -> Classification | None:
        """The version, or the newest before it, that came from a file; decisions and hands state nothing of cars."""
        told = [one for one in self._versions if version is not None and one.version <= version.version]
        return next((one for one in reversed(told) if one.import_run_id is not None), None)

    def base(self, *, released: bool) -> Classification | None:
        """What a file is compared with: the released version, or for a draft whatever is newest and not laid aside."""
        if released:
            return self.current
        return next((one for one in reversed(self._versions) if one.discarded_at is None), None)


def load_chains(sessions: Iterable[Session]) -> dict[tuple[int, str], list[Classification]]:
    """All versions of these sessions, with the import they came from; one query."""
    keys = [session.pk for session in sessions if is_stored(session)]
    chains: dict[tuple[int, str], list[Classification]] = {}
    if keys:
        versions = Classification.objects.filter(session__in=keys).select_related(
            "import_run", "document", "session", "base"
        )
        for version in versions:
            chains.setdefault((version.session_id, version.checkpoint), []).append(version)
    return chains


class Result:
    """What becomes of one classification."""

    def __init__(self, bench: Bench, session: Session, record: SessionRecord, chain: Chain, sight: Sight) -> None:
        self._bench, self.session, self.record = bench, session, record
        self.chain, self.base = chain, chain.base(released=record.released)
        self._before = lines_of(self.base)
        self.view = View(
            released=record.released,
            checkpoint=record.checkpoint,
            held=sight.result_waits(session, record),
            outlives=not record.released,
            says_crew=True,
            guarded=frozenset(number for number, _line in self._before) if self._is_public(self.base) else frozenset(),
            before=stated_before(chain.spoken(self.base), self.statement_key),
            waited=waiting_in(stated_before(chain.spoken(chain.newest), self.statement_key)),
        )
        self.version: Classification | None = None
        self.changes: list[CellChange] = []
        self._after: dict[LineKey, ClassificationRow] = {}
        self._decided = Decided()

    @property
    def statement_key(self) -> str:
        """Where an import keeps what its file stated of the cars of this classification."""
        return f"{self.session.key}@{self.record.checkpoint}"

    @property
    def statements(self) -> dict[str, dict[str, str]]:
        """What is known to have been stated; cars an excerpt leaves out keep their former statement."""
        kept = {} if self.record.complete else self.view.before
        return {**kept, **self.view.now}

    def plan(self, entries: EntryList) -> None:
        """Builds the rows and compares them; fills the workbench, writes nothing."""
        version = Classification(
            session=self.session,
            checkpoint=self.record.checkpoint,
            version=self.chain.newest.version + 1 if self.chain.newest else 1,
            state=self.record.state,
            is_complete=self.record.complete,
            part_names=list(self.record.part_names),
        )
        for row in self.record.classification or ():
            self._take(row, entries, version)
        if self.base is not None and not self.record.complete:
            self._keep_missing(version)
        self._put_in_order()
        self._bench.check(version, line=None)
        heads = compare_heads(self.base, version) if self.base is not None else []
        self._doubt_older_state()
        self.changes = [*heads, *self.view.changes, *compare_lines(self._before, self._after)]
        if self.base is None or self.changes:
            self.version = version
        if self.base is not None and self.version is not None:
            self._ask_of_decisions(self.base, version)

    def _ask_of_decisions(self, base: Classification, version: Classification) -> None:
        """What the stewards decided is not worked in twice, and not forgotten."""
        self._decided = decided_of(base, self._after.values(), is_complete=version.is_complete)
        for one in self._decided.arrived:
            self._bench.note(in_words(one), _("in the result"), _("no"), _("yes"))
        for one in self._decided.missing:
            self._bench.doubt(
                _("%(decision)s stands in the result, and the new lines do not hold it: it will be open again.")
                % {"decision": in_words(one)}
            )

    def _doubt_older_state(self) -> None:
        """A file that has been lying about: what it calls provisional is settled by now."""
        base = self.base
        if base is not None and self.record.state and states.is_older(base.state, self.record.state):
            self._bench.doubt(
                _("%(session)s is “%(stored)s” already, and this file says “%(said)s”: is it an older one?")
                % {"session": self.session.name, "stored": label_of(base.state), "said": label_of(self.record.state)}
            )

    def summary(self, plan: SessionPlan) -> SessionPlan:
        """The plan of the session with what becomes of its classification."""
        shown = self.version or self.base
        touched = {change.entry for change in self.changes if change.entry}
        before, after = {key[0] for key in self._before}, {key[0] for key in self._after}
        changed = len(touched & before & after)
        if self.changes and not touched and self.version is not None:
            changed = len(self._after)  # only the state: it is printed with every line
        return replace(
            plan,
            verdict=("new" if self.base is None else "changed") if self.version is not None else "unchanged",
            state=shown.state if shown else None,
            version=shown.version if shown else None,
            released=self.record.released,
            replaces=self.base.version if self.base else None,
            created=len(after - before),
            changed=changed,
            removed=len(before - after),
            changes=tuple(self.changes) if self.base is not None else (),
            changes_released=self.version is not None and self.record.released and self._is_public(self.base),
        )

    def write(self, **provenance: Any) -> None:
        """Stores the new version and releases it; `provenance` are document, import_run, created_by and reason."""
        version = self.version
        if version is None:
            return
        for name, value in provenance.items():
            setattr(version, name, value)
        version.session = self.session
        version.save()
        ClassificationRow.objects.bulk_create(self._after.values())
        AppliedDecision.objects.bulk_create(
            AppliedDecision(classification=version, decision=one, is_computed=False) for one in self._decided.held
        )
        if self.record.released:
            publish_version(version, changes=tuple(self.changes) if self.base is not None else ())

    @staticmethod
    def _is_public(version: Classification | None) -> bool:
        return version is not None and version.released_at is not None

    def _take(self, row: RowRecord, entries: EntryList, version: Classification) -> None:
        key = (row_label(row), row.share)
        if key in self._after:
            self._bench.reject(
                _("Number %(number)s is listed twice.") % {"number": row.number}, line=row.line, column="number"
            )
            return
        car = entries.take(row, self.session, self.view)
        line = ClassificationRow(
            classification=version,
            session_entry=car,
            line=row.share,
            display_order=0,
            printed_status=row.printed_status,
            **{name: getattr(row, name) for name in CELLS if name != "part_times_ms"},
            part_times_ms=list(row.part_times_ms) if row.part_times_ms is not None else None,
        )
        for fault in _faults(row):
            self._bench.reject(f"#{row.number}: {fault}", line=row.line)
        self._bench.check(line, line=row.line)
        self._after[key] = line

    def _keep_missing(self, version: Classification) -> None:
        """An excerpt says nothing of the cars it leaves out: they stay. A whole result stays whole."""
        for key, row in self._before.items():
            if key not in self._after:
                kept = {name: getattr(row, name) for name in (*CELLS, "printed_status", "line")}
                self._after[key] = ClassificationRow(classification=version, session_entry=row.session_entry, **kept)
        version.is_complete = bool(self.base and self.base.is_complete)
        places = Counter(row.position for row in self._after.values() if row.position is not None)
        shared = sorted(place for place, cars in places.items() if cars > 1)
        if shared:
            self._bench.doubt(
                _("Together with the stored cars these places are taken twice: %(places)s.")
                % {"places": ", ".join(str(place) for place in shared)}
            )

    def _put_in_order(self) -> None:
        """By position; whoever has none behind, by status and distance."""
        ordered = sorted(
            self._after.values(),
            key=lambda row: (
                row.position is None,
                row.position or 0,
                _STATUS_ORDER.get(row.status, 0),
                -(row.laps or 0),
            ),
        )
        if len(ordered) > MOST_ROWS:
            self._bench.reject(
                _("A classification of more than %(number)s lines is not stored.") % {"number": MOST_ROWS}
            )
            return
        for order, row in enumerate(ordered, start=1):
            row.display_order = order


def stated_before(version: Any, key: str) -> dict[str, dict[str, str]]:
    """What the import of this version (or lap set) kept of its file's statements."""
    run = version.import_run if version is not None else None
    stated = run.report.get("stated", {}) if run is not None else {}
    return stated.get(key, {})  # type: ignore[no-any-return]


def _faults(row: RowRecord) -> Iterable[str]:
    """What the table refuses; the parsers have said it better, this is the last door."""
    if row.status != CLASSIFIED and (row.position is not None or row.class_position is not None):
        yield _("only a classified car has a position.")
    if row.gap_ms is not None and row.gap_laps is not None:
        yield _("the gap is in time or in laps, not in both.")
    if any(place is not None and place < 1 for place in (row.position, row.class_position)):
        yield _("positions begin with 1.")
    if any(time is not None and time < 1 for time in (row.best_lap_ms, row.total_ms)):
        yield _("a time is longer than nothing.")
