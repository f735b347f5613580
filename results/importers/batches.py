"""Files brought in together: each is read, waits for a person, is imported; one transaction a file.

`work` does what a file waits for. Requests and jobs call the same function, as often as they like: a file that is done
is not imported again, one whose worker was killed is taken up where it was.
"""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import asdict
from typing import Any

from django.contrib.auth.models import User
from django.db import connection, transaction
from django.db.models.functions import Now
from django.utils.translation import gettext as _

from results.importers import remembered
from results.importers.load import IMPORT_LOCK, commit, missing_labels, plan
from results.importers.mapping import Mapping
from results.importers.originals import forget_previews, keep_document
from results.importers.plan import ImportRefused, ImportReport, ImportTarget, Plan, StateChanged, Upload
from results.importers.proposing import Proposal, propose
from results.importers.records import MOST_CELLS, FileRefused, ParsedFile
from results.importers.tally import in_words
from results.models import Event, ImportBatch, ImportItem, SourceDocument
from results.signals import file_waits

State = ImportItem.State
# What takes less than a second is done in the request: about 4,000 laps.
AT_ONCE = 256 * 2**10  # bytes
BUSY = (State.WAITING, State.QUEUED, State.WORKING)
PLACE = ("event", "session", "series", "season", "name")  # of a target: what a person chooses
MOST_KEPT = 20  # problems in a report; the page of the file lists them all


@transaction.atomic
def open_batch(uploads: Iterable[Upload], *, by: User) -> ImportBatch:
    """Keeps the files in their order; each waits to be read. Small ones are read by the caller with `work_at_once`."""
    forget_previews()
    batch = ImportBatch.objects.create(by=by)
    for order, upload in enumerate(uploads, start=1):
        item = ImportItem(batch=batch, sequence=order, name=upload.name[-200:])
        if upload.content:
            item.document = keep_document(upload, by=by)
        else:
            item.state, item.report = State.REFUSED, {"error": _("The file is empty.")}
        item.save()
        if item.state == State.WAITING:
            _ask(item, size=len(upload.content))
    return batch


def work_at_once(items: Iterable[ImportItem]) -> None:
    """Does in this request what is small enough; the rest is a job's."""
    for item in items:
        if item.document is not None and item.document.size <= AT_ONCE:
            work(item.pk)


def work(pk: int) -> None:
    """Reads or imports the file, whatever it waits for; nothing where it waits for nothing."""
    item = ImportItem.objects.filter(pk=pk).first()
    if item is None:
        return
    if item.state == State.WAITING:
        _read(item)
    elif item.state in {State.QUEUED, State.WORKING}:
        _import(item)


@transaction.atomic
def decide(item: ImportItem, *, by: User, target: ImportTarget, expected: str, reason: str = "") -> None:
    """A person has seen what the import would do and wants it: the file waits for its import."""
    if _advance(item, State.READY, State.QUEUED, target=_beside(item) | target_as_json(target), expected=expected,
                accept_reason=reason, report=item.report | {"by": by.pk}):  # fmt: skip
        _ask(item)


@transaction.atomic
def decide_all(items: Iterable[ImportItem], *, by: User) -> list[ImportItem]:
    """Queues those of the files that hold no question; returns them. What would change published results is none."""
    taken = []
    for item in items:
        report = item.report
        if may_import_unseen(item) and _advance(
            item, State.READY, State.QUEUED, expected=report["gist"], report=report | {"by": by.pk}
        ):
            taken.append(item)
            _ask(item)
    return taken


def may_import_unseen(item: ImportItem) -> bool:
    """Whether the list of the batch is enough to confirm: nothing missing, rejected, doubtful or published changes."""
    report = item.report
    asks = (
        report.get("missing")
        or report.get("rejected")
        or report.get("changes_published")
        or report.get("error")
        or report.get("unsure")
    )
    return item.state == State.READY and bool(report.get("gist")) and not asks


@transaction.atomic
def drop(item: ImportItem) -> None:
    """Leaves the file out."""
    _advance(item, State.READY, State.DROPPED)


@transaction.atomic
def understand(item: ImportItem, mapping: Mapping, *, source: str, part: str) -> None:
    """Keeps what a person says the columns mean and reads the table that way; remembered once it is imported."""
    item.target |= {"mapping": mapping.to_json(), "source": source.strip(), "part": part}
    place(item, target_from_json(item.target))


@transaction.atomic
def place(item: ImportItem, target: ImportTarget) -> None:
    """Keeps where a person says the file belongs, and what the import would do there."""
    try:
        parsed = parse(item)
    except FileRefused as refusal:
        _advance(item, State.READY, State.REFUSED, report={"error": str(refusal)})
        return
    proposal, chosen = _stored_proposal(item), target_as_json(target)
    proposed = proposal.get("target", {})
    stands = all(chosen.get(name) == proposed.get(name) for name in PLACE)
    report = _report(parsed, plan(parsed, target=target), proposal | {"decided": True, "stands": stands})
    _advance(item, State.READY, State.READY, target=_beside(item) | chosen, report=report)


def share_place(item: ImportItem, target: ImportTarget) -> int:
    """Takes the event of one file for the others of its batch that nobody has placed yet; says how many."""
    others = ImportItem.objects.filter(batch=item.batch_id, state=State.READY).exclude(pk=item.pk)
    shared = 0
    for other in others:
        if other.report.get("proposal", {}).get("decided"):
            continue
        own = target_from_json(other.target)
        place(other, ImportTarget(**(_fields(target) | {"session": own.session, "kind": own.kind})))
        shared += 1
    return shared


def parse(item: ImportItem) -> ParsedFile:
    """The records of the kept original; FileRefused where it cannot be read."""
    upload, said = upload_of(item), item.target.get("mapping")
    mapping = Mapping.from_json(said) if said else None
    return remembered.parse(upload.content, name=upload.name, mapping=mapping, part=item.target.get("part", ""))


def upload_of(item: ImportItem) -> Upload:
    if item.document is None:
        raise FileRefused(_("The file is empty."))
    return Upload(item.name, bytes(item.document.content))


def gist(planned: Plan) -> str:
    """A fingerprint of what readers would see, blind to what another file of the batch may have created meanwhile."""
    sessions = [
        (one.key, one.checkpoint, one.verdict, one.replaces, one.created, one.changed, one.removed, one.changes,
         one.laps)
        for one in planned.sessions
    ]  # fmt: skip
    said = (planned.series, planned.season, planned.event, sessions, planned.standings, planned.changes_published)
    return hashlib.sha256(repr(said).encode("utf-8", "backslashreplace")).hexdigest()


def target_as_json(target: ImportTarget) -> dict[str, Any]:
    kept = {name: value for name, value in _fields(target).items() if value}
    if target.event is not None:
        kept["event"] = target.event.pk
    if target.date is not None:
        kept["date"] = target.date.isoformat()
    return kept


def target_from_json(kept: dict[str, Any]) -> ImportTarget:
    """The target as it was kept; an event that is gone by now is no target."""
    values = {name: value for name, value in kept.items() if name in ImportTarget.__dataclass_fields__}
    if "event" in values:
        values["event"] = Event.objects.filter(pk=values["event"]).first()
    if "date" in values:
        values["date"] = dt.date.fromisoformat(values["date"])
    return ImportTarget(**values)


def _beside(item: ImportItem) -> dict[str, Any]:
    """What is kept beside the place, such as the meaning of columns."""
    return {name: value for name, value in item.target.items() if name not in ImportTarget.__dataclass_fields__}


def _fields(target: ImportTarget) -> dict[str, Any]:
    return {name: getattr(target, name) for name in ImportTarget.__dataclass_fields__}


def _read(item: ImportItem) -> None:
    try:
        parsed = parse(item)
    except FileRefused as refusal:
        _advance(item, State.WAITING, State.REFUSED, report={"error": str(refusal)})
        return
    SourceDocument.objects.filter(items=item.pk, format="").update(format=parsed.format)
    proposal = propose(parsed, name=item.name)
    planned = plan(parsed, target=proposal.target)
    report = _report(parsed, planned, _proposal_as_json(proposal))
    _advance(item, State.WAITING, State.READY, target=target_as_json(proposal.target), report=report)


def _report(parsed: ParsedFile, planned: Plan, proposal: dict[str, Any]) -> dict[str, Any]:
    """What the list of the batch shows of a file."""
    unchanged = planned.is_empty and not planned.missing and not planned.rejected
    return {
        "format": planned.format,
        "place": " · ".join(part for part in (f"{planned.series} {planned.season}".strip(), planned.event) if part),
        "sessions": [one.name or one.key for one in planned.sessions],
        "rows": _rows(planned),
        "in_words": in_words(planned),
        "doubts": len(planned.doubts),
        "rejected": len(planned.rejected),
        "problems": [asdict(one) for one in (*planned.rejected, *planned.doubts)[:MOST_KEPT]],
        "cells": [asdict(one) for one in parsed.cells[:MOST_CELLS]],
        "unsure": bool(parsed.cells) and any(not one.released for one in parsed.sessions),
        "missing": missing_labels(planned),
        "changes_published": planned.changes_published,
        "unchanged": unchanged,
        "gist": gist(planned),
        "has": sorted({what for one in parsed.sessions for what in ("classification", "laps") if getattr(one, what)}),
        "proposal": proposal,
    }


def _proposal_as_json(proposal: Proposal) -> dict[str, Any]:
    return {
        "certain": proposal.certain,
        "decided": proposal.certain,
        "stands": True,  # until a person chooses another place
        "target": target_as_json(proposal.target),
        "because": list(proposal.because),
        "candidates": [
            {"event": one.event.pk, "name": str(one.event), "because": list(one.because)} for one in proposal.candidates
        ],
    }


def _stored_proposal(item: ImportItem) -> dict[str, Any]:
    return dict(item.report.get("proposal", {}))


def _import(item: ImportItem) -> None:
    """Imports the file and says so of the item in one transaction: a kill leaves both or neither."""
    ImportItem.objects.filter(pk=item.pk, state=State.QUEUED).update(state=State.WORKING, changed_at=Now())
    try:
        with transaction.atomic():
            locked = ImportItem.objects.select_for_update().select_related("batch__by").get(pk=item.pk)
            if locked.state != State.WORKING:
                return  # another worker was faster
            report = _commit(locked)
            locked.state = State.UNCHANGED if report.run is None else State.DONE
            locked.run = report.run
            locked.report = locked.report | {"rows": _rows(report.plan), "in_words": in_words(report.plan)}
            locked.changed_at = Now()
            locked.save(update_fields=["state", "run", "report", "changed_at"])
    except ImportRefused as refusal:
        proposal = _stored_proposal(item)
        with suppress(FileRefused):
            kept = _report(parse(item), refusal.plan, proposal) | {"error": str(refusal)}
            _advance(item, State.WORKING, State.READY, report=kept, expected="", accept_reason="")
    except FileRefused as refusal:
        _advance(item, State.WORKING, State.REFUSED, report=item.report | {"error": str(refusal)})


def _commit(item: ImportItem) -> ImportReport:
    with connection.cursor() as cursor:  # the lock of all imports, taken before the plan is looked at
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [IMPORT_LOCK])
    parsed, target = parse(item), target_from_json(item.target)
    planned = plan(parsed, target=target)
    if item.expected not in {planned.fingerprint, gist(planned)}:
        raise StateChanged(_("The stored results have changed since the preview. Please look again."), planned)
    by = User.objects.filter(pk=item.report.get("by")).first() or item.batch.by
    reason, said = item.accept_reason, item.target.get("mapping")
    if said and item.target.get("source"):
        remembered.remember_mapping(Mapping.from_json(said), source=item.target["source"], by=by)
    return commit(
        parsed, upload_of(item), target=target, by=by, accept=bool(reason), reason=reason,
        expected=planned.fingerprint,
    )  # fmt: skip


def _rows(planned: Plan) -> dict[str, int]:
    return {"read": planned.rows_read, "created": planned.rows_created, "changed": planned.rows_changed}


def _advance(item: ImportItem, before: str, after: str, **values: Any) -> bool:
    """Moves the file on if it still is where the caller saw it; says whether."""
    values |= {"state": after}
    if not ImportItem.objects.filter(pk=item.pk, state=before).update(changed_at=Now(), **values):
        return False
    for name, value in values.items():
        setattr(item, name, value)
    return True


def _ask(item: ImportItem, *, size: int | None = None) -> None:
    """Has a job look after the file. What a request does at once waits a while, in case that request dies."""
    if size is None:
        size = SourceDocument.objects.filter(items=item.pk).values_list("size", flat=True).first() or 0
    file_waits.send(sender=ImportItem, item=item.pk, later=size <= AT_ONCE)
