"""From records to rows: `plan` says what an import would do, `commit` does it in one transaction or not at all.

Both run the same code on a workbench; only `commit` locks and writes. Imports run one after the other, for two of them
could otherwise create the same driver twice, and the sessions they touch are locked against the desk's own releases.
"""

from __future__ import annotations

import hashlib
from contextlib import nullcontext
from dataclasses import asdict, replace
from itertools import chain
from typing import Any

from django.contrib.auth.models import User
from django.db import connection, transaction
from django.utils.translation import gettext as _

from results.differences import summary
from results.importers.loading.bench import Bench, is_stored
from results.importers.loading.control import ControlRoom
from results.importers.loading.dates import Dates
from results.importers.loading.entries import LABELS, EntryList
from results.importers.loading.entry_lists import EntryListing
from results.importers.loading.laps import LapsOfSession
from results.importers.loading.newcomers import Newcomers
from results.importers.loading.place import Place
from results.importers.loading.planner import inform_planner
from results.importers.loading.sessions import Sessions
from results.importers.loading.sight import Sight
from results.importers.loading.standings import Tables
from results.importers.loading.summaries import seat_drivers, write_summaries
from results.importers.loading.trail import trail_of
from results.importers.loading.versions import Chain, Result, load_chains
from results.importers.originals import keep_document
from results.importers.plan import (
    ImportRefused,
    ImportReport,
    ImportTarget,
    Plan,
    SessionPlan,
    StandingPlan,
    StateChanged,
    Upload,
    plan_as_json,
)
from results.importers.records import MOST_CELLS, ParsedFile, Problem, SessionRecord, StandingRecord
from results.importers.tally import in_words
from results.models import CrewMember, Event, ImportRun, Session, SessionCrewMember, SourceDocument
from results.names import fold
from results.schedule_record import recorded
from results.standings.concerned import SHARED, seasons_sharing, seasons_with
from results.standings.due import championships_are_due, gathering

# One number for all imports: two of them at once would create the same new driver twice.
IMPORT_LOCK = 0x7261_6365
LONGEST_REASON = 300
LONG_FILE = 5_000  # rows


def plan(parsed: ParsedFile, *, target: ImportTarget) -> Plan:
    """What importing the file would do. Reads the database, writes nothing."""
    return _Work(parsed, target, lock=False).plan


def commit(
    parsed: ParsedFile,
    upload: Upload,
    *,
    target: ImportTarget,
    by: User | None,
    accept: bool = False,
    reason: str = "",
    expected: str = "",
) -> ImportReport:
    """Imports the file whole, or raises ImportRefused and writes nothing.

    `accept` with a `reason` allows what changes published results. `expected` is the fingerprint of the plan a person
    has seen: if the import would do something else by now, StateChanged carries the new plan. A file that holds
    nothing new leaves no trace.
    """
    with transaction.atomic(), gathering():
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [IMPORT_LOCK])
        inform_planner()
        work = _Work(parsed, target, lock=True)
        _refuse(work.plan, accept=accept, reason=reason, expected=expected)
        if work.plan.is_empty:
            return ImportReport(work.plan)
        document = keep_document(upload, by=by, format_=parsed.format)
        run = work.write(document, by=by, reason=reason.strip())
        inform_planner()
        return ImportReport(work.plan, run)


def _refuse(plan: Plan, *, accept: bool, reason: str, expected: str) -> None:
    """Raises when the plan may not be carried out."""
    if plan.rejected:
        raise ImportRefused(_("Nothing was imported: the file has faults."), plan)
    if plan.missing:
        raise ImportRefused(_("Missing: %(fields)s.") % {"fields": ", ".join(missing_labels(plan))}, plan)
    if expected and expected != plan.fingerprint:
        raise StateChanged(_("The stored results have changed since the preview. Please look again."), plan)
    if len(reason) > LONGEST_REASON:
        raise ImportRefused(_("The reason may have %(limit)s characters.") % {"limit": LONGEST_REASON}, plan)
    if plan.changes_published and not (accept and reason.strip()):
        raise ImportRefused(
            _("Published results would change, which needs consent and a reason. %(changes)s")
            % {"changes": published_changes(plan)},
            plan,
        )


def missing_labels(plan: Plan) -> list[str]:
    """What has to be given, in words."""
    labels = {
        "create": _("consent to create the event"),
        "series": _("series"),
        "season": _("season"),
        "name": _("name of the event"),
        "date": _("date"),
        "zone": _("time zone"),
        "session": _("session key"),
        "kind": _("kind of session"),
    }
    return [labels[field] for field in plan.missing]


def published_changes(plan: Plan) -> str:
    """What readers would see change, in one line for each session and table."""
    parts = []
    for session in plan.sessions:
        if session.changes_released:
            parts.append(
                f"{session.key} ({_('version')} {session.replaces} → {session.version}): {summary(session.changes)}"
            )
        if session.laps is not None and session.laps.verdict == "changed" and not session.laps.fills:
            laps = session.laps
            counts = {"created": laps.created, "changed": laps.changed, "removed": laps.removed}
            said = _("laps: %(created)s new, %(changed)s changed, %(removed)s gone") % counts
            parts.append(f"{session.key}, {said}")
    for table in plan.standings:
        parts += [f"{change.subject}, {change.column}: {change.before} → {change.after}" for change in table.changes]
    return " · ".join(parts)


class _Work:
    """One import on the workbench."""

    def __init__(self, parsed: ParsedFile, target: ImportTarget, *, lock: bool) -> None:
        self._parsed, self._target, self._lock = parsed, target, lock
        self._bench = Bench(Newcomers(target.same, parsed.key_source))
        for problem in parsed.doubts:
            self._bench.doubts.append(problem)
        for problem in parsed.rejected:
            self._bench.rejected.append(problem)
        self._place = Place(self._bench, parsed, target, lock=lock)
        self._results: list[Result] = []
        self._laps: list[LapsOfSession] = []
        self._listed: list[EntryListing] = []
        self._control: list[ControlRoom] = []
        self._tables: Tables | None = None
        self._entries: EntryList | None = None
        self._sight = Sight([], {})
        self._bases: list[object] = []  # what the fingerprint stands on
        self.plan = self._plan()

    # planning

    def _plan(self) -> Plan:
        sessions: tuple[SessionPlan, ...] = ()
        standings: tuple[StandingPlan, ...] = ()
        event = self._place.event
        records = self._records()
        if event is not None:
            named = self._stored_sessions(event) if self._parsed.standings else []
            taken = self._take_sessions(records)
            after = self._sessions_before_tables(event)
            chains = load_chains({*(session for session, _record in taken if is_stored(session)), *named, *after})
            self._sight = Sight(taken, chains)
            if not self._place.missing:
                sessions = self._plan_sessions(taken, chains)
                tables = self._released_tables(taken, named, after)
                self._tables = Tables(self._bench, event.season, tables, here=event)
                standings = self._tables.plan()
        if (event is not None or self._place.is_calendar) and not self._place.missing:
            Dates(self._bench, self._place, self._parsed, self._target, lock=self._lock).add(self._parsed.calendar)
            self._bench.give_addresses()
        bench = self._bench
        draft = Plan(
            format=self._parsed.format,
            series=event.season.series.name if event else self._parsed.series or self._target.series,
            season=event.season.label if event else self._parsed.season or self._target.season,
            event=event.name if event else self._parsed.event or "",
            event_slug=event.slug if event else "",
            event_is_new=event is not None and not is_stored(event),
            zone=event.time_zone if event else self._parsed.time_zone or "",
            sessions=sessions,
            standings=standings,
            created=bench.counts(),
            changes=tuple(bench.changes),
            rows_read=self._parsed.rows_read,
            doubts=_once(bench.doubts),
            rejected=tuple(dict.fromkeys(bench.rejected)),
            missing=tuple(dict.fromkeys(self._place.missing)),
            event_pk=event.pk if event else None,
            newcomers=bench.newcomers.names(),
            known_seats=bench.newcomers.seats(),
        )
        return replace(draft, fingerprint=_fingerprint(draft, self._bases))

    def _released_tables(
        self, taken: list[tuple[Session, SessionRecord]], named: list[Session], after: list[Session]
    ) -> tuple[StandingRecord, ...]:
        """The printed tables; they would tell a result that readers may not see yet, so they wait with it."""
        tables, sight = self._parsed.standings, self._sight
        drafts = any(not record.released for record in self._parsed.sessions)
        judged = [session for session, _record in taken]
        left_out = [session for session in named if session not in judged]
        waits = (
            drafts
            or sight.holds_any_of(taken)
            or any(sight.is_hidden(session) or sight.stored_waits(session) for session in left_out)
            or any(sight.holds_scoring(session) for session in after if session not in judged)
        )
        if not tables or not waits:
            return tables
        self._bench.doubt(_("The printed tables are taken over once the results that they count are released."))
        return ()

    def _stored_sessions(self, event: Event) -> list[Session]:
        """All sessions of the file that are stored, be another one chosen: its tables speak of all of them."""
        sessions = Sessions(self._bench, event, lock=False)
        authoritative = self._place.is_authority
        found = (sessions.known(one, one.key, authoritative=authoritative) for one in self._parsed.sessions)
        return [session for session in found if session is not None]

    def _sessions_before_tables(self, event: Event) -> list[Session]:
        """The stored sessions of the events after which the tables of the file stand."""
        names = {fold(table.after) for table in self._parsed.standings}
        if not names or not is_stored(event.season):
            return []
        events = [one for one in Event.objects.filter(season=event.season_id) if fold(one.name) in names]
        if is_stored(event) and not self._parsed.sessions:
            events.append(event)
        return list(Session.objects.filter(event__in=events))

    def _records(self) -> tuple[SessionRecord, ...]:
        """The sessions of the file under the keys they get; a chosen key names the only one or picks one of several."""
        records, chosen = self._parsed.sessions, self._target.session
        if not chosen:
            if any(not record.key for record in records):
                self._place.missing.append("session")
            return records
        picked = tuple(record for record in records if record.key.casefold() == chosen.casefold())
        if picked:
            return picked
        if len(records) == 1 and not self._place.is_authority:
            return (replace(records[0], key=chosen),)
        self._bench.reject(_no_such_session(chosen, self._parsed))
        return ()

    def _take_sessions(self, records: tuple[SessionRecord, ...]) -> list[tuple[Session, SessionRecord]]:
        event = self._place.event
        if event is None:
            return []
        sessions = Sessions(self._bench, event, lock=self._lock, default_date=self._target.date)
        taken = []
        for record in records:
            if not self._may_create(sessions, record.key):
                continue
            session = sessions.take(
                record, key=record.key, authoritative=self._place.is_authority, kind=self._target.kind
            )
            if session is None:
                self._place.missing.append("kind")
                continue
            taken.append((session, record))
        return taken

    def _may_create(self, sessions: Sessions, key: str) -> bool:
        """A file that does not name its event fills a session there is, or a person wants it created."""
        if sessions.get(key) is not None or self._place.names_itself or self._target.create:
            return True
        known = ", ".join(sessions.keys()) or "–"
        self._bench.reject(
            _("The event has no session “%(key)s”, only: %(known)s.") % {"key": key, "known": known}, column="session"
        )
        return False

    def _plan_sessions(
        self, taken: list[tuple[Session, SessionRecord]], chains: dict[tuple[int, str], list[Any]]
    ) -> tuple[SessionPlan, ...]:
        event = self._place.event
        if event is None or (self._parsed.rejected and self._parsed.rows_read > LONG_FILE):
            return ()  # nothing of it may be committed, and planning 100,000 cars would take minutes
        rows = [row for _session, record in taken for row in (*(record.classification or ()), *record.entries)]
        entries = EntryList(self._bench, event, rows, key_source=self._parsed.key_source)
        self._entries = entries
        plans: dict[int, SessionPlan] = {}
        # What readers will see goes first: then what is held back finds every car that it may not touch.
        for order in sorted(range(len(taken)), key=lambda order: self._sight.waits(*taken[order])):
            plans[order] = self._plan_session(*taken[order], entries, chains)
        entries.settle()
        self._warn_of_untold()
        return tuple(plans[order] for order in range(len(taken)))

    def _warn_of_untold(self) -> None:
        """What waits opens by the clock or by hand, and neither runs an import."""
        parts: list[Result | LapsOfSession] = [*self._results, *self._laps]
        for part in parts:
            if part.view.untold:
                columns = ", ".join(str(label) for column, label in LABELS.items() if column in part.view.untold)
                self._bench.doubt(
                    _(
                        "%(session)s is not public yet, and of cars that something else shows it tells nothing: "
                        "%(columns)s. Once it is public, please import this file once more."
                    )
                    % {"session": part.session.name, "columns": columns}
                )

    def _plan_session(
        self, session: Session, record: SessionRecord, entries: EntryList, chains: dict[tuple[int, str], list[Any]]
    ) -> SessionPlan:
        plan = SessionPlan(session.key, session.name, checkpoint=record.checkpoint, is_new=not is_stored(session))
        chain = Chain(chains.get((session.pk or 0, record.checkpoint), []))
        waits = self._sight.waits(session, record)
        if waits:
            self._plan_listing(session, record, entries)
        if record.classification:
            result = Result(self._bench, session, record, chain, self._sight)
            result.plan(entries)
            self._results.append(result)
            self._bases.append((session.pk, chain.newest and chain.newest.pk, chain.current and chain.current.pk))
            plan = result.summary(plan)
        elif chain.current is not None:
            plan = replace(plan, state=chain.current.state, version=chain.current.version, released=True)
        if record.laps:
            laps = LapsOfSession(self._bench, session, record, self._sight)
            self._laps.append(laps)
            plan = replace(plan, laps=laps.plan(entries))
        if not waits:
            self._plan_listing(session, record, entries)
        if record.deletions or record.messages or record.weather:
            self._control.append(control := ControlRoom(self._bench, session, record))
            plan = replace(plan, control=control.plan(entries))
        return plan

    def _plan_listing(self, session: Session, record: SessionRecord, entries: EntryList) -> None:
        """An entry list is for readers to see, so that of a session they may not know of waits for it."""
        if not (record.entries and record.is_entry_list):
            return
        if self._sight.is_hidden(session):
            self._bench.doubt(
                _("%(session)s is not public: its entry list is taken over once it is.") % {"session": session.name}
            )
            return
        self._listed.append(listed := EntryListing(session, record))
        listed.plan(entries)

    # writing

    def write(self, document: SourceDocument, *, by: User | None, reason: str) -> ImportRun:
        """Carries the plan out; runs inside the transaction that locked."""
        run = ImportRun.objects.create(
            document=document,
            by=by,
            created=self.plan.rows_created,
            changed=self.plan.rows_changed,
            reason=reason,
            report=self._report(),
        )
        with recorded(by=by, reason=reason, run=run) if self._bench.alters(Session, Event) else nullcontext():
            self._bench.write()
        for result in self._results:
            result.write(document=document, import_run=run, created_by=by, reason=reason)
        for laps in self._laps:
            laps.write(document=document, import_run=run)
        self._sum_up()
        if self._entries is not None:
            self._entries.unseen.write()
            run.report["held"] = self._entries.unseen.kept(self._entries.session_crews.held)
        if self._tables is not None:
            self._tables.write(document)
        written = [laps for laps in self._laps if laps.plan_ is not None and laps.plan_.verdict != "unchanged"]
        run.report |= trail_of(
            self._bench,
            laps_of=[laps.session.pk for laps in written],
            laps_over=[laps.session.pk for laps in written if laps.replaces],
            tables_of=self._tables.written if self._tables else (),
            tables_over=self._tables.replaced if self._tables else (),
        )
        run.save(update_fields=["report"])
        self._compute()
        return run

    def _compute(self) -> None:
        """Championships of every season of which anything was written: in bulk, so that no signal told of it."""
        altered = [instance for instance, _fields in self._bench.altered.values()]
        here = self._place.event
        seasons = {here.season_id} if here is not None else set()
        # Cars and crews are those of the event; a calendar dates events and sessions of other seasons too.
        dated = chain(self._bench.new[Event], self._bench.new[Session], altered)
        seasons |= seasons_with(one for one in dated if isinstance(one, Event | Session) and not _is_at(one, here))
        for shared in altered:
            if type(shared) in SHARED:
                seasons |= set(seasons_sharing(shared))
        for season in sorted(seasons):
            championships_are_due(season)

    def _sum_up(self) -> None:
        """What follows from laps follows deleted laps and other crews, too."""
        written = [laps.session for laps in self._laps if laps.plan_ is not None and laps.plan_.verdict != "unchanged"]
        for control in self._control:
            if control.touches_laps and control.session not in written:
                write_summaries(control.session)
        bench = self._bench
        if self._place.event is not None and (
            bench.new[CrewMember] or bench.new[SessionCrewMember] or bench.removed or bench.emptied_crews
        ):
            seat_drivers(self._place.event)

    def _report(self) -> dict[str, Any]:
        """What the run keeps: the answer given to the person, and what the file stated of each car."""
        parts: list[Result | LapsOfSession | EntryListing] = [*self._results, *self._laps, *self._listed]
        stated = {part.statement_key: part.statements for part in parts}
        changes = [
            f"{change.subject}, {change.column}: {change.before} → {change.after}" for change in self.plan.changes
        ]
        cells = [asdict(one) for one in self._parsed.cells[:MOST_CELLS]]
        said = {"changes": changes, "stated": stated, "in_words": in_words(self.plan), "cells": cells}
        return plan_as_json(self.plan) | said


def _no_such_session(chosen: str, parsed: ParsedFile) -> str:
    keys = ", ".join(record.key for record in parsed.sessions)
    if keys:
        return _("The file has no session “%(key)s”, only %(keys)s.") % {"key": chosen, "keys": keys}
    held = [
        *([_("tables of standings")] if parsed.standings else []),
        *([_("dates of a calendar")] if parsed.calendar else []),
    ]
    if not held:
        return _("The file holds no sessions. Please leave the session key empty.")
    return _("The file holds no sessions but %(what)s. Please leave the session key empty.") % {
        "what": _(" and ").join(held)
    }


def _once(problems: list[Problem]) -> tuple[Problem, ...]:
    """Each doubt once, where it came up first."""
    return tuple({problem.reason: problem for problem in reversed(problems)}.values())[::-1]


def _fingerprint(plan: Plan, bases: list[object]) -> str:
    return hashlib.sha256(repr((plan, bases)).encode("utf-8", "backslashreplace")).hexdigest()


def _is_at(dated: Event | Session, event: Event | None) -> bool:
    own = dated.pk if isinstance(dated, Event) else dated.event_id
    return event is not None and own == event.pk
