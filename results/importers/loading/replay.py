"""Former facts put back from their originals: the laps of a session, a printed table.

The original is read again exactly as it was imported; nothing but what is asked for is taken from it.
"""

from __future__ import annotations

from dataclasses import replace

from django.db import connection
from django.db.models import Model
from django.utils.translation import gettext as _

from results.importers.loading.bench import ADDRESS_SCOPE, Bench
from results.importers.loading.entries import EntryList
from results.importers.loading.laps import DELETE, LapsOfSession
from results.importers.loading.sight import Sight
from results.importers.loading.standings import Tables
from results.importers.loading.versions import load_chains
from results.importers.originals import read_again
from results.importers.records import FileRefused, ParsedFile, SessionRecord
from results.models import (
    CarTrace,
    DriverShare,
    Entry,
    ImportRun,
    LapSet,
    PrintedStanding,
    Session,
    SessionEntry,
    Stint,
)

# Laps have a composite key: no cascade of Django's reaches them.


class LapsGone(Exception):  # noqa: N818 - reads as the sentence it stands for
    """The original does not yield the laps any more; the message is one German sentence."""


def remove_laps(session: Session) -> None:
    """All laps of the session and what was computed from them."""
    with connection.cursor() as cursor:
        for statement in DELETE:
            cursor.execute(statement, [session.pk])
    for model in (CarTrace, Stint, DriverShare):
        model._default_manager.filter(session_entry__session=session).delete()
    LapSet.objects.filter(session=session).delete()


def replay_laps(run: ImportRun, session: Session) -> None:
    """Writes the laps that this import brought for the session, once more.

    Who sat where is not its business: crews have come back before. LapsGone where the original has no laps, names
    somebody who is stored under another name by now, or has laps of somebody who does not sit in that car any more.
    """
    record = _record_of(_parsed(run), session)
    bench = Bench()
    entries = EntryList(bench, session.event, [*record.entries])
    laps = LapsOfSession(bench, session, record, Sight([], load_chains([session])))
    laps.plan(entries)
    strangers = [str(row) for model in ADDRESS_SCOPE for row in bench.new[model]]
    if strangers:  # renamed or merged since: they would come into being a second time
        raise LapsGone(
            _("The former laps of “%(session)s” name what is not stored under that name any more: %(names)s.")
            % {"session": session.name, "names": ", ".join(strangers)}
        )
    if unseated := laps.unseated(entries):
        raise LapsGone(
            _("The former laps of “%(session)s” were driven by people who do not sit in their car any more: %(names)s.")
            % {"session": session.name, "names": ", ".join(unseated)}
        )
    wanted: tuple[type[Model], ...] = (Entry, SessionEntry)  # cars that are gone since; of others nothing is wanted
    for model in wanted:
        model._default_manager.bulk_create(bench.new[model])
    laps.write(document=run.document, import_run=run)


def replay_table(run: ImportRun, table: PrintedStanding) -> bool:
    """Writes the printed table as this import brought it; False where its original does not hold it."""
    try:
        parsed = read_again(run)
    except FileRefused:
        return False
    key = (table.name, table.class_name, table.after)
    records = tuple(one for one in parsed.standings if (one.name, one.class_name, one.after) == key)
    tables = Tables(Bench(), table.season, records)
    tables.plan()
    tables.write(run.document)
    return bool(records)


def _parsed(run: ImportRun) -> ParsedFile:
    try:
        return read_again(run)
    except FileRefused as refusal:
        raise LapsGone(
            _("The former laps cannot be read again from “%(name)s”: %(reason)s")
            % {"name": run.document.name, "reason": refusal}
        ) from refusal


def _record_of(parsed: ParsedFile, session: Session) -> SessionRecord:
    """The session's record: by key, or the only one with laps of a file that names none."""
    with_laps = [record for record in parsed.sessions if record.laps]
    named = [record for record in with_laps if record.key.casefold() == session.key.casefold()]
    found = named or (with_laps if len(with_laps) == 1 else [])
    if not found:
        raise LapsGone(_("“%(name)s” holds no laps of this session any more.") % {"name": session.name})
    return replace(found[0], key=session.key)
