"""Reading the organiser's table at the championship: a file or pasted text to a `PrintedStanding` beside ours, and back."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.contrib.auth.models import User
from django.db import transaction
from django.utils.translation import gettext as _

from results.importers import tabular
from results.importers.mapping import Mapping, propose
from results.importers.originals import keep_document
from results.importers.plan import Upload
from results.importers.records import FileRefused, Problem, StandingRecord
from results.models import Championship, Event, ImportRun, PrintedStanding, PrintedStandingRow, Season, SourceDocument
from results.names import fold
from results.recovery import keep_and_delete
from results.standings.comparison import note_differences

FORMAT = "printed_standing"
Line = tuple[int | None, str, Decimal]  # position, entrant, points


class PrintedRefused(Exception):  # noqa: N818 - reads as the sentence it stands for
    """The table cannot be taken; `problems` name rows and columns."""

    def __init__(self, reason: str, problems: Sequence[Problem] = ()) -> None:
        super().__init__(reason)
        self.problems = tuple(problems)


class StoredChanged(PrintedRefused):
    """The table that would be replaced is not the one that the person saw."""


@dataclass(frozen=True, slots=True)
class PrintedTable:
    """The lines of a printed table in the order of their places; `doubts` are for a person to look at."""

    lines: tuple[Line, ...]
    doubts: tuple[Problem, ...] = ()


def read_printed(content: bytes, *, racing_class: str = "") -> PrintedTable:
    """The lines of a CSV, TSV, XLSX or ODS table. Raises PrintedRefused with every bad row.

    Of a table of several classes those of `racing_class` are taken.
    """
    try:
        table = tabular.table_of(content)
        proposed = propose(table)
        # At the championship there is no question what kind of table it is.
        mapping = Mapping("standings", proposed.header, proposed.fields, certain=True)
        faults = mapping.faults()
        if faults:
            raise PrintedRefused(" ".join(faults))
        parsed = tabular.parse(content, mapping=mapping)
    except FileRefused as refusal:
        raise PrintedRefused(str(refusal)) from refusal
    if parsed.rejected:
        raise PrintedRefused(_("Nothing is taken over as long as rows cannot be read."), parsed.rejected)
    record = _of_class(parsed.standings, racing_class)
    lines = sorted(((row.position, row.entrant, row.points) for row in record.rows), key=_by_place)
    _refuse_twins(lines)
    return PrintedTable(tuple(lines), parsed.doubts)


def _of_class(records: Sequence[StandingRecord], racing_class: str) -> StandingRecord:
    if not records or not any(record.rows for record in records):
        raise PrintedRefused(_("The table has no rows."))
    if len(records) == 1:
        return records[0]
    found = [record for record in records if fold(record.class_name) == fold(racing_class)]
    if len(found) == 1:
        return found[0]
    named = ", ".join(record.class_name or "–" for record in records)
    raise PrintedRefused(
        _("The table holds several classes (%(classes)s). Please keep one of them.") % {"classes": named}
    )


def _by_place(line: Line) -> tuple[bool, int]:
    return line[0] is None, line[0] or 0


def _refuse_twins(lines: Sequence[Line]) -> None:
    seen: set[str] = set()
    for _position, entrant, _points in lines:
        if fold(entrant) in seen:
            raise PrintedRefused(_("“%(name)s” stands in the table twice.") % {"name": entrant})
        seen.add(fold(entrant))


@transaction.atomic
def store_printed(
    championship: Championship,
    table: PrintedTable,
    document: SourceDocument,
    *,
    by: User,
    after_event: Event,
    is_final: bool = False,
    seen: str = "",
    accept: bool = False,
    reason: str = "",
) -> tuple[PrintedStanding, ImportRun | None]:
    """The table beside ours, in place of one after the same event, and the import that can be undone.

    Readers do not see a new one. `seen` is the mark of the table that the person saw there, empty for none: StoredChanged
    where another stands there by now. One that readers see, or will see, is replaced with `accept` and a `reason` alone,
    else PrintedRefused. No import where the same lines stand there already.
    """
    _lock(championship.season_id)
    said = list(table.lines)
    stored = _stored(championship, after_event, lock=True)
    before = _kept(stored) if stored is not None else None
    is_same = before is not None and before == {
        "is_final": is_final, "document": before["document"], "championship": championship.pk,
        "championship_key": championship.key, "lines": _plain(said),
    }  # fmt: skip
    if stored is not None and is_same:
        return stored, None
    if seen != mark_of(stored):
        raise StoredChanged(_("The stored table has changed since you looked at it. Please look again."))
    if stored is None:
        stored = PrintedStanding(
            season=championship.season, championship=championship, name=championship.name, after=after_event.name,
            after_event=after_event, public_from=None,
        )  # fmt: skip
    elif stored.public_from is not None and not (accept and reason.strip()):
        raise PrintedRefused(_("Readers see this table: to replace it needs consent and a reason."))
    stored.championship, stored.after_event = championship, after_event
    stored.is_final, stored.document = is_final, document
    stored.full_clean(exclude=["season", "championship", "after_event", "document"])
    stored.save()
    _write(stored, said)
    run = ImportRun.objects.create(
        document=document, by=by, created=len(said) if before is None else 0, changed=0 if before is None else len(said),
        report={
            "printed": {
                "table": stored.pk, "before": before, "after": _plain(said), "name": str(stored),
                "public": stored.public_from is not None, "reason": reason.strip(),
            }
        },
    )  # fmt: skip
    note_differences([stored])
    return stored, run


def put_back_printed(trail: dict[str, Any], *, by: User) -> str:
    """The table as it stood before an import; what happened in words.

    One that was published since stays, and so does one that would go although somebody has explained how it differs. What
    goes lies in the bin.
    """
    stored = PrintedStanding.objects.filter(pk=trail["table"])
    for season in stored.values_list("season", flat=True):
        _lock(season)
    table = stored.select_for_update(of=("self",)).first()
    if table is None:
        return _("A table is gone already.")
    before = trail["before"]
    if table.public_from is not None and not trail.get("public"):
        return _("%(table)s stays as it is: it was published since.") % {"table": table}
    if before is None and table.settled_at is not None:
        return _("%(table)s stays as it is: how it differs was explained since.") % {"table": table}
    if _plain(_lines(table)) != trail["after"]:
        return _("%(table)s stays as it is: it was edited since.") % {"table": table}
    if before is None:
        keep_and_delete([table], by=by)
        return _("%(table)s: removed; it lies in the bin.") % {"table": trail["name"]}
    table.is_final, table.document_id = before["is_final"], before["document"]
    table.championship_id = _former_link(table, before)
    table.save()
    _write(table, [(position, entrant, Decimal(points)) for position, entrant, points in before["lines"]])
    note_differences([table])
    return _("%(table)s: again as it stood before.") % {"table": table}


def _former_link(table: PrintedStanding, before: dict[str, Any]) -> int | None:
    """The championship on which the table hung; where that is gone and none of its key came, the one of now.

    Trails from before November 2026 hold no key.
    """
    if before["championship"] is None:
        return None
    known = Championship.objects.filter(season=table.season_id)
    found = known.filter(pk=before["championship"]).first() or known.filter(key=before.get("championship_key")).first()
    return found.pk if found is not None else table.championship_id


def keep_printed(upload: Upload, *, by: User) -> SourceDocument:
    """The file as it came in, kept once."""
    return keep_document(upload, by=by, format_=FORMAT)


def _lock(season_id: int) -> None:
    """Our table does not change while it is compared; the season before the table, as the arithmetic does it."""
    Season.objects.select_for_update(no_key=True, of=("self",)).filter(pk=season_id).first()


def stored_table(championship: Championship, after_event: Event) -> PrintedStanding | None:
    """The table that another one would replace: of this championship after that event, else one of its very name."""
    return _stored(championship, after_event, lock=False)


def mark_of(table: PrintedStanding | None) -> str:
    """Equal for equal tables that readers see alike; empty for none."""
    if table is None:
        return ""
    said = (table.pk, table.public_from, _kept(table))
    return hashlib.sha256(repr(said).encode()).hexdigest()


def _stored(championship: Championship, after_event: Event, *, lock: bool) -> PrintedStanding | None:
    tables = PrintedStanding.objects.filter(season=championship.season)
    if lock:
        tables = tables.select_for_update(of=("self",))
    mine = tables.filter(championship=championship, after_event=after_event).first()
    return mine or tables.filter(name=championship.name, class_name="", after=after_event.name).first()


def _kept(table: PrintedStanding) -> dict[str, Any]:
    return {
        "is_final": table.is_final, "document": table.document_id, "championship": table.championship_id,
        "championship_key": table.championship.key if table.championship is not None else None,
        "lines": _plain(_lines(table)),
    }  # fmt: skip


def _plain(lines: Sequence[Line]) -> list[list[Any]]:
    """Lines as JSON."""
    return [[position, entrant, f"{points.normalize() + 0:f}"] for position, entrant, points in lines]


def _lines(table: PrintedStanding) -> list[Line]:
    return [(row.position, row.entrant, row.points) for row in table.rows.order_by("display_order")]


def _write(table: PrintedStanding, lines: Sequence[Line]) -> None:
    table.rows.all().delete()
    PrintedStandingRow.objects.bulk_create(
        PrintedStandingRow(
            standing=table, display_order=order, position=position, entrant=entrant, folded=fold(entrant), points=points
        )
        for order, (position, entrant, points) in enumerate(lines, start=1)
    )
