"""Undoing an import: what it brought goes, what stood there before comes back, in one transaction or not at all.

Released versions are history and stay in their chain; so does whatever they refer to. An undone import is imported
again by importing its file again.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.apps import apps
from django.contrib.auth.models import User
from django.core import serializers
from django.db import IntegrityError, connection, transaction
from django.db.models import Model, Q
from django.db.models.functions import Now
from django.utils.translation import gettext as _

from results.importers.load import IMPORT_LOCK
from results.importers.loading.bench import in_words, subject_of
from results.importers.loading.planner import inform_planner
from results.importers.loading.replay import LapsGone, remove_laps, replay_laps, replay_table
from results.importers.loading.residue import remove_residue
from results.importers.loading.summaries import seat_drivers, write_summaries
from results.importers.loading.trail import plain
from results.models import (
    Classification,
    CrewMember,
    Entry,
    Event,
    ImportRun,
    LapDeletion,
    LapSet,
    PrintedStanding,
    Session,
    SessionEntry,
)
from results.recovery import keep_and_delete
from results.release import ReleaseRefused, database_now, go_back
from results.schedule_record import recorded
from results.signals import classification_withdrawn
from results.standings.due import gathering, stands_no_more
from results.standings.printed import put_back_printed

# Columns that say one thing together.
DATES = {
    Session._meta.label_lower: frozenset({"starts_at", "ends_at", "end_estimated", "local_date", "status"}),
    Event._meta.label_lower: frozenset({"starts_on", "ends_on", "around", "circuit", "time_zone", "status"}),
}


class UndoRefused(Exception):  # noqa: N818 - reads as the sentence it stands for
    """Nothing was undone; the message is one German sentence."""


@dataclass(frozen=True, slots=True)
class Undone:
    """What undoing does or did, in words for a person: one line each."""

    results: tuple[str, ...] = ()
    laps: tuple[str, ...] = ()
    tables: tuple[str, ...] = ()
    facts: tuple[str, ...] = ()
    removed: tuple[str, ...] = ()
    stays: tuple[str, ...] = ()


def plan_undo(run: ImportRun, *, by: User) -> Undone:
    """What undoing would do, found out by doing it and taking it back. Raises UndoRefused like `undo`."""
    with transaction.atomic(), gathering(compute=False):
        undone = _undo(run, by=by, reason="–")
        transaction.set_rollback(True)
    return undone


def undo(run: ImportRun, *, by: User, reason: str) -> Undone:
    """Takes the import back. Raises UndoRefused without a reason, a second time, or where later work stands on it."""
    if not reason.strip():
        raise UndoRefused(_("A reason is needed to undo an import."))
    with recorded(by=by, reason=reason, run=run), gathering():
        return _undo(run, by=by, reason=reason.strip())


def _undo(run: ImportRun, *, by: User, reason: str) -> Undone:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [IMPORT_LOCK])
    inform_planner()
    # Not the key: whoever holds the session and goes back to a version of this import must not wait for us.
    run = ImportRun.objects.select_for_update(of=("self",), no_key=True).select_related("document").get(pk=run.pk)
    if run.undone_at is not None:
        raise UndoRefused(_("This import has been undone already."))
    if "article" in run.report:
        raise UndoRefused(_("This file became a text: its draft goes into the bin by its own page."))
    versions = list(Classification.objects.filter(import_run=run).select_related("session__event__season__series"))
    trail = run.report
    sessions = {version.session_id for version in versions} | set(trail.get("laps_of", ()))
    list(Session.objects.select_for_update(no_key=True).filter(pk__in=sessions).order_by("pk"))
    _refuse_later(run, versions, trail)
    seasons = _seasons(versions, trail)
    for season in seasons:
        stands_no_more(season)
    results = tuple(_restore_result(run, chain, by=by, reason=reason) for chain in _chains(versions))
    gone = [_take_laps(run, session) for session in trail.get("laps_of", ())]
    tables = tuple(_restore_table(run, table, by=by) for table in trail.get("tables_of", ()))
    for season in seasons if tables else ():
        stands_no_more(season)  # once more: a championship goes only when no table hangs on it
    if "printed" in trail:
        tables += (put_back_printed(trail["printed"], by=by),)
    confirmed = _confirmed_since(run)
    # Before it goes: the new team of an old car.
    facts = tuple(_restore_facts(trail.get("altered", ()), confirmed=confirmed))
    touched = _sessions_of_deletions(trail)
    removed, stays = remove_residue(trail.get("made", {}), confirmed=confirmed)
    facts += tuple(_reseat(trail.get("emptied", ())))  # after the new crew has left
    facts += tuple(_bring_back(trail.get("removed", ())))
    laps = tuple(_restore_laps(taken) for taken in gone)  # into the seats of the former crew
    _sum_up(run, touched)
    kept = () if "made" in trail else tuple(_without_trail(run))
    undone = Undone(results, laps, tables, facts, removed, (*stays, *kept))
    report = run.report | {"undo": {"reason": reason, "stays": list(undone.stays)}}
    ImportRun.objects.filter(pk=run.pk).update(undone_at=Now(), undone_by=by, report=report)
    return undone


def _seasons(versions: list[Classification], trail: dict[str, Any]) -> list[int]:
    """The seasons of which the import brought anything."""
    made: dict[str, list[int]] = trail.get("made", {})
    events = Q(sessions__classifications__in=versions) | Q(pk__in=made.get("results.event", ()))
    events |= Q(sessions__in=made.get("results.session", ())) | Q(entries__in=made.get("results.entry", ()))
    events |= Q(sessions__in=trail.get("laps_of", ()))  # with laps go the times at the wheel
    altered: dict[str, list[int]] = {}
    for label, key, *_change in trail.get("altered", ()):
        altered.setdefault(label, []).append(key)
    events |= Q(pk__in=altered.get("results.event", ())) | Q(sessions__in=altered.get("results.session", ()))
    entries = [*altered.get("results.entry", ()), *(entry for entry, *_seat in trail.get("emptied", ()))]
    events |= Q(entries__in=entries) | Q(entries__car_model__in=altered.get("results.carmodel", ()))
    return sorted(set(Event.objects.filter(events).values_list("season", flat=True)))


def _without_trail(run: ImportRun) -> Iterable[str]:
    """What an import left that was made before imports kept lists."""
    yield _("Drivers, teams and entries of this import: it kept no list of them.")
    for laps in LapSet.objects.filter(import_run=run).select_related("session").order_by("pk"):
        yield _("%(session)s: its laps, for what stood there before was not noted.") % {"session": laps.session.name}
    if PrintedStanding.objects.filter(document=run.document_id).exists():
        yield _("Tables of this import: it kept no list of them.")


def _refuse_later(run: ImportRun, versions: list[Classification], trail: dict[str, Any]) -> None:
    """Work that came later and stands on this import is named instead of being broken."""
    for chain in _chains(versions):
        newest = _siblings(chain[0]).order_by("-version").first()
        if newest is not None and newest.import_run_id != run.pk:
            raise UndoRefused(_("A later version stands on this import: %(version)s.") % {"version": newest})
    later = ImportRun.objects.filter(pk__gt=run.pk, undone_at__isnull=True).select_related("document").order_by("pk")
    for session in trail.get("laps_of", ()):
        if (found := later.filter(report__laps_of__contains=[session]).first()) is not None:
            raise UndoRefused(_("Laps of a later import stand on this one: %(run)s.") % {"run": found})
    printed = trail.get("printed", {}).get("table")
    if printed is not None and (found := later.filter(report__printed__table=printed).first()) is not None:
        raise UndoRefused(_("A table of a later import stands on this one: %(run)s.") % {"run": found})
    for table in trail.get("tables_of", ()):
        if (found := later.filter(report__tables_of__contains=[table]).first()) is not None:
            raise UndoRefused(_("A table of a later import stands on this one: %(run)s.") % {"run": found})


def _chains(versions: list[Classification]) -> Iterable[list[Classification]]:
    """The versions of the import by session and checkpoint, oldest first."""
    chains: dict[tuple[int, str], list[Classification]] = {}
    for version in sorted(versions, key=lambda one: one.version):
        chains.setdefault((version.session_id, version.checkpoint), []).append(version)
    return chains.values()


def _siblings(version: Classification) -> Any:
    return Classification.objects.filter(session=version.session_id, checkpoint=version.checkpoint)


def _restore_result(run: ImportRun, chain: list[Classification], *, by: User, reason: str) -> str:
    """Makes the version before the import current again, as a new one; without any, closes the window."""
    name = chain[-1].session.name
    drafts = [version for version in chain if version.released_at is None]
    for draft in drafts:
        draft.delete()
    if not Classification.objects.filter(session=chain[-1].session_id, checkpoint="").exists():
        # The draft alone kept the laps back: without it they would be public at once.
        LapSet.objects.filter(session=chain[-1].session_id).update(public_from=None)
    if len(drafts) == len(chain):
        return _("%(session)s: the draft is deleted.") % {"session": name}
    former = _former(run, chain[-1])
    if former is None:
        return _close(next(version for version in reversed(chain) if version.released_at is not None), name)
    try:
        again = go_back(former, by=by, reason=reason, state=former.state)
    except ReleaseRefused as refusal:
        raise UndoRefused(str(refusal)) from refusal
    return _("%(session)s: version %(old)s counts again, as version %(new)s.") % {
        "session": name, "old": former.version, "new": again.version,
    }  # fmt: skip


def _former(run: ImportRun, version: Classification) -> Classification | None:
    """The newest released version that neither this import nor an undone one brought."""
    released = _siblings(version).filter(released_at__isnull=False).exclude(import_run=run.pk)
    released = released.exclude(import_run__undone_at__isnull=False)
    former: Classification | None = released.select_related("session").order_by("-version").first()
    return former


def _close(version: Classification, name: str) -> str:
    """Takes the first version of a chain out of readers' sight; it stays as history."""
    until = max(database_now(), version.public_from or database_now())
    _siblings(version).filter(pk=version.pk).update(is_current=False, public_until=until)
    classification_withdrawn.send(sender=Classification, classification=version)
    return _("%(session)s: no result any more; version %(version)s stays as history.") % {
        "session": name, "version": version.version,
    }  # fmt: skip


@dataclass(frozen=True, slots=True)
class _TakenLaps:
    """A session without the laps of the import, and where those before it came from."""

    session: Session
    former: list[ImportRun]
    public_from: dt.datetime | None


def _take_laps(run: ImportRun, key: int) -> _TakenLaps:
    """Removes the laps first, for as long as they are there nobody and nothing that drove them can go."""
    session = Session.objects.select_related("event__season__series").get(pk=key)
    former = list(_former_runs(run).filter(report__laps_of__contains=[key]))
    _refuse_unknown_laps(former[0] if former else run, session)
    window = LapSet.objects.filter(session=session).values_list("public_from", flat=True).first()
    remove_laps(session)
    return _TakenLaps(session, former, window)


def _restore_laps(taken: _TakenLaps) -> str:
    """The laps that former imports brought, read again from their originals; none where there were none."""
    session = taken.session
    if not taken.former:
        return _("%(session)s: the laps are removed.") % {"session": session.name}
    try:
        for one in taken.former:
            replay_laps(one, session)
    except LapsGone as gone:
        raise UndoRefused(str(gone)) from gone
    LapSet.objects.filter(session=session).update(public_from=taken.public_from)  # what the desk held back stays back
    count = LapSet.objects.values_list("count", flat=True).get(session=session)
    return _("%(session)s: the %(count)s laps of “%(document)s” again.") % {
        "session": session.name, "count": count, "document": taken.former[-1].document.name,
    }  # fmt: skip


def _refuse_unknown_laps(first: ImportRun, session: Session) -> None:
    """`first` is the oldest import known to have brought these laps. What stood there before it, nobody noted."""
    over = first.report.get("laps_over")
    if over is None:  # made before imports noted it
        unknown = _untrailed(first, "laps_of").filter(
            Q(report__event=session.event.slug, report__sessions__contains=[{"key": session.key}])
            | ~Q(report__has_key="sessions")
        )
        replaced = unknown.exists()
    else:
        replaced = session.pk in over
    if replaced:
        raise UndoRefused(
            _(
                "%(session)s had laps before this import, and from which file was not noted then. Please import that "
                "file once more instead."
            )
            % {"session": session.name}
        )


def _untrailed(run: ImportRun, key: str) -> Any:
    """Earlier imports that kept no list of what they wrote."""
    return _former_runs(run).exclude(report__has_key=key)


def _stood_before(run: ImportRun, table: PrintedStanding) -> bool:
    """Whether the first import known to have written the table found one there, or may have."""
    over = run.report.get("tables_over")
    if over is not None:
        return table.pk in over
    events = list(Event.objects.filter(season=table.season).values_list("slug", flat=True))
    unknown = Q(report__event__in=events) | Q(report__season=table.season.label) | ~Q(report__has_key="event")
    return bool(_untrailed(run, "tables_of").filter(unknown).exists())


def _restore_table(run: ImportRun, key: int, *, by: User) -> str:
    table = PrintedStanding.objects.filter(pk=key).select_related("season__series").first()
    if table is None:
        return _("A table is gone already.")
    former = _former_runs(run).filter(report__tables_of__contains=[key]).last()
    if former is None:
        made_by_hand = table.document_id != run.document_id
        if made_by_hand:
            return _("%(table)s stays as it is: it was edited since.") % {"table": table}
        if _stood_before(run, table):
            return _("%(table)s stays as it is: what stood there before was not noted.") % {"table": table}
        return _remove_table(table, by=by)
    if not replay_table(former, table):
        return _("%(table)s stays as it is: the former source does not hold it any more.") % {"table": table}
    return _("%(table)s: again as in “%(document)s”.") % {"table": table, "document": former.document.name}


def _remove_table(table: PrintedStanding, *, by: User) -> str:
    """A table goes into the bin, unless somebody has explained how it differs from ours."""
    if table.settled_at is not None:
        return _("%(table)s stays as it is: how it differs was explained since.") % {"table": table}
    said = str(table)
    keep_and_delete([table], by=by)
    return _("%(table)s: removed; it lies in the bin.") % {"table": said}


def _former_runs(run: ImportRun) -> Any:
    earlier = ImportRun.objects.filter(pk__lt=run.pk, undone_at__isnull=True)
    return earlier.select_related("document").order_by("pk")


def _sessions_of_deletions(trail: dict[str, Any]) -> list[Session]:
    """The sessions whose deleted laps the import added or took back; asked before they go."""
    label = LapDeletion._meta.label_lower
    keys = {
        *trail.get("made", {}).get(label, ()),
        *(key for name, key, *_rest in trail.get("altered", ()) if name == label),
    }
    return list(Session.objects.filter(lap_deletions__in=keys).distinct().select_related("event"))


def _bring_back(rows: Iterable[dict[str, Any]]) -> Iterable[str]:
    """Rows that the import had taken away, such as the crew of one session, unless their place is taken."""
    for one in serializers.deserialize("python", list(rows)):
        try:
            with transaction.atomic():
                one.save()
                connection.check_constraints([one.object._meta.db_table])
        except IntegrityError:
            yield _("%(what)s: the former value cannot come back.") % {"what": one.object}
        else:
            yield _("%(what)s: again.") % {"what": one.object}


def _sum_up(run: ImportRun, sessions: Iterable[Session]) -> None:
    """What follows from deleted laps and crews follows them back."""
    for session in sessions:
        write_summaries(session)
    for event in Event.objects.filter(slug=run.report.get("event", ""), sessions__lap_set__isnull=False).distinct():
        seat_drivers(event)


def _reseat(seats: Iterable[list[int]]) -> Iterable[str]:
    """Who sat in a crew before the import seated it anew."""
    crews: dict[int, list[tuple[int, int]]] = {}
    for car, driver, seat in seats:
        crews.setdefault(car, []).append((driver, seat))
    for entry in Entry.objects.filter(pk__in=crews).order_by("pk"):
        taken = set(entry.crew.values_list("seat", flat=True))
        if taken & {seat for _driver, seat in crews[entry.pk]}:
            yield _("%(entry)s: the crew stays as it is, it was changed since.") % {"entry": entry}
            continue
        members = [CrewMember(entry=entry, driver_id=driver, seat=seat) for driver, seat in crews[entry.pk]]
        try:
            with transaction.atomic():
                CrewMember.objects.bulk_create(members)
                connection.check_constraints()
        except IntegrityError:
            yield _("%(what)s: the former value cannot come back.") % {"what": entry}
            continue
        yield _("%(entry)s: the former crew again.") % {"entry": entry}


def _confirmed_since(run: ImportRun) -> frozenset[int]:
    """The entries that a later import, not undone, has a current result or laps of: it said the same of them."""
    later = ImportRun.objects.filter(pk__gt=run.pk, undone_at__isnull=True)
    cars = SessionEntry.objects.filter(
        Q(rows__classification__is_current=True, rows__classification__import_run__in=later)
        | Q(session__lap_set__import_run__in=later, trace__isnull=False)
    )
    return frozenset(cars.values_list("entry_id", flat=True))


def _restore_facts(altered: Iterable[list[Any]], *, confirmed: frozenset[int] = frozenset()) -> Iterable[str]:
    """Altered columns get their former value back, unless somebody has changed them or named them again since."""
    dates: dict[tuple[str, int], dict[str, tuple[Any, Any]]] = {}
    for label, key, name, before, after in altered:
        if name in DATES.get(label, ()):
            dates.setdefault((label, key), {})[name] = before, after
            continue
        if label in DATES and name == "moved_from":
            continue  # follows from the dates; imports noted it once
        model: type[Model] = apps.get_model(label)
        row = model._default_manager.filter(pk=key).first()
        if row is None or before == after:
            continue
        field: Any = model._meta.get_field(name)
        what = {"what": subject_of(row), "column": str(getattr(field, "verbose_name", name))}
        if plain(getattr(row, field.attname)) != after or (isinstance(row, Entry) and key in confirmed):
            yield _("%(what)s, %(column)s: stays, it was changed since.") % what
            continue
        try:
            with transaction.atomic():
                model._default_manager.filter(pk=key).update(**{field.attname: field.to_python(before)})
                connection.check_constraints()
        except IntegrityError:
            yield _("%(what)s, %(column)s: the former value cannot come back.") % what
            continue
        row = model._default_manager.get(pk=key)
        value = in_words(getattr(row, name))
        yield _("%(what)s, %(column)s: %(value)s again.") % {**what, "value": value}
    for (label, key), columns in dates.items():
        yield from _restore_date(apps.get_model(label), key, columns)


def _restore_date(model: type[Model], key: int, columns: dict[str, tuple[Any, Any]]) -> Iterable[str]:
    """A session or event stands at its former date again, in one change: a start without its end would be another date."""
    row = model._default_manager.filter(pk=key).first()
    if row is None:
        return
    fields: dict[str, Any] = {name: model._meta.get_field(name) for name in columns}
    what = {"what": subject_of(row)}
    if any(plain(getattr(row, fields[name].attname)) != after for name, (_before, after) in columns.items()):
        yield _("%(what)s: the date stays, it was changed since.") % what
        return
    values = {fields[name].attname: fields[name].to_python(before) for name, (before, _after) in columns.items()}
    try:
        with transaction.atomic():
            model._default_manager.filter(pk=key).update(**values)
            connection.check_constraints()
    except IntegrityError:
        yield _("%(what)s: the former date cannot come back.") % what
        return
    row = model._default_manager.get(pk=key)
    said = [
        f"{fields[name].verbose_name}: {in_words(getattr(row, name))}" for name in columns if name != "end_estimated"
    ]
    yield _("%(what)s: the former date again (%(values)s).") % {**what, "values": ", ".join(said)}
