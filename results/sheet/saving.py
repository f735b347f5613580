"""Saving a sheet: what would change, whether somebody else was faster, and the next version of the result."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.contrib.auth.models import User
from django.db import transaction
from django.utils.translation import gettext as _

from results.amending import enter_rows
from results.chain_lines import rows_of_version
from results.differences import CellChange, compare_heads, compare_lines
from results.models import Classification, ClassificationRow, Entry, RacingClass, Session, SessionEntry
from results.release import working_version
from results.sheet.columns import Typed, says_status
from results.sheet.judging import Judged
from results.sheet.lines import SheetLine
from results.sheet.merging import Merged, merge
from results.sheet.opening import cars_of, judged, lines_of_rows, lines_of_version, newest_version, version_of


@dataclass(frozen=True, slots=True)
class Wish:
    """What a person wants to save: the lines as typed, the version they began with (`base`), and the newest version
    there was then (`expected`); both None where there was no result.
    """

    lines: Sequence[Typed]
    base: int | None
    expected: int | None
    state: str
    reason: str = ""
    release: bool = False
    is_complete: bool = True


@dataclass(frozen=True, slots=True)
class Preview:
    """What saving would do: `changes` against what readers see (a draft: against what the desk goes on with).

    `seen` is a word for exactly this; `current` the version readers see.
    """

    judged: Judged
    rows: list[ClassificationRow]
    changes: tuple[CellChange, ...]
    current: Classification | None
    seen: str

    def needs_reason(self, *, release: bool) -> bool:
        return release and self.current is not None


class Overtaken(Exception):  # noqa: N818 - reads as the sentence it stands for
    """Somebody else has saved meanwhile: `version` is the one to go on with, `merged` both sheets in one."""

    def __init__(
        self,
        version: Classification | None,
        newest: int | None,
        merged: Merged,
        their_lines: Sequence[Typed],
    ) -> None:
        self.version, self.newest, self.merged, self.their_lines = version, newest, merged, their_lines
        super().__init__(_("Somebody else has saved another version meanwhile."))


class NotConfirmed(Exception):  # noqa: N818 - reads as the sentence it stands for
    """Errors are left, doubts are not confirmed, or it is not what the person saw; `preview` says what there is now."""

    def __init__(self, preview: Preview, reason: str) -> None:
        self.preview = preview
        super().__init__(reason)


def preview_of(session: Session, checkpoint: str, wish: Wish) -> Preview:
    """What saving would do; nothing is stored. Raises Overtaken."""
    if newest_version(session, checkpoint) != wish.expected:
        raise _overtaken(session, checkpoint, wish)
    return _preview(session, checkpoint, wish)


@transaction.atomic
def save_sheet(
    session: Session, checkpoint: str, *, wish: Wish, by: User, seen: str, is_confirmed: bool
) -> Classification:
    """Stores the lines as the next version and gives it back; sent again by the same person, the one stored before.

    Raises Overtaken, NotConfirmed, and ReleaseRefused as `enter_rows` does.
    """
    Session.objects.select_for_update(no_key=True).only("pk").get(pk=session.pk)
    if (stored := saved_before(session, checkpoint, wish, by=by)) is not None:
        return stored
    preview = preview_of(session, checkpoint, wish)
    if preview.judged.errors:
        raise NotConfirmed(preview, _("There are still errors in the sheet."))
    if preview.seen != seen:
        raise NotConfirmed(preview, _("The result has changed since you looked at it. Please look again."))
    if preview.judged.doubts and not is_confirmed:
        raise NotConfirmed(preview, _("Please confirm the doubts first."))
    base = version_of(session, checkpoint, wish.base)
    return enter_rows(
        session, checkpoint, rows=_in_session(session, preview.rows), by=by, reason=wish.reason, state=wish.state,
        expected=wish.expected, release=wish.release, is_complete=wish.is_complete,
        part_names=base.part_names if base else (),
    )  # fmt: skip


def saved_before(session: Session, checkpoint: str, wish: Wish, *, by: User) -> Classification | None:
    """The version that holds exactly this and was stored by the same person right after the one expected.

    A double click, or a second try because the answer to the first was lost.
    """
    following = version_of(session, checkpoint, (wish.expected or 0) + 1)
    if following is None or following.created_by_id != by.pk or following.discarded_at is not None:
        return None
    head = (following.state, following.is_complete, following.reason, following.released_at is not None)
    if head != (wish.state, wish.is_complete, wish.reason.strip(), wish.release):
        return None
    stored = rows_of_version(following)
    mine = _preview(session, checkpoint, wish).rows
    if [_key(row) for row in stored] != [_key(row) for row in mine]:
        return None
    return None if compare_lines(_labelled(stored), _labelled(mine)) else following


def enter_car(session: Session, number: str, *, racing_class: RacingClass | None) -> Entry:
    """Enters a car at the session's event, or gives the one that is entered already. Readers see it once a released
    result names it.
    """
    entry, _made = Entry.objects.get_or_create(
        event=session.event, number=number, line=1, defaults={"racing_class": racing_class}
    )
    return entry


def _preview(session: Session, checkpoint: str, wish: Wish) -> Preview:
    base = version_of(session, checkpoint, wish.base)
    former = rows_of_version(base) if base else []
    part_names = list(base.part_names) if base else []
    found = judged(
        session, wish.lines, cars=cars_of(session), base=base, former=lines_of_rows(former, len(part_names)),
        is_complete=wish.is_complete, part_names=part_names,
    )  # fmt: skip
    head = Classification(
        session=session, checkpoint=checkpoint, state=wish.state, is_complete=wish.is_complete, part_names=part_names
    )
    rows = _rows(session, found.lines, head, _labelled(former))
    current = Classification.objects.current().filter(session=session, checkpoint=checkpoint).first()
    before = current if wish.release else working_version(session, checkpoint)
    changes: tuple[CellChange, ...] = ()
    if before is not None:
        was = former if before == base else rows_of_version(before)
        changes = (*compare_heads(before, head), *compare_lines(_labelled(was), _labelled(rows)))
    return Preview(found, rows, changes, current, _word_for(wish, found, rows, changes))


def _word_for(wish: Wish, found: Judged, rows: Sequence[ClassificationRow], changes: Sequence[CellChange]) -> str:
    """The same facts give the same word; the reason may still be written when they have been seen."""
    facts = (
        wish.expected, wish.state, wish.release, wish.is_complete, [_key(row) for row in rows],
        [str(change) for change in changes], [(one.row, one.column, one.reason) for one in found.doubts],
    )  # fmt: skip
    return hashlib.sha256(repr(facts).encode()).hexdigest()[:32]


def _overtaken(session: Session, checkpoint: str, wish: Wish) -> Overtaken:
    base, theirs = version_of(session, checkpoint, wish.base), working_version(session, checkpoint)
    mine = [dict(line) for line in wish.lines]
    found = judged(session, mine, cars=cars_of(session), base=None, part_names=base.part_names if base else [])
    for (row, column), text in found.texts.items():
        mine[row - 1][column] = text  # the same value in another notation is no conflict
    before = lines_of_version(base) if base else []
    their_lines = lines_of_version(theirs) if theirs else []
    return Overtaken(theirs, newest_version(session, checkpoint), merge(before, mine, their_lines), their_lines)


# ------------------------------------------------------------------ rows


def _rows(
    session: Session,
    lines: Sequence[SheetLine],
    head: Classification,
    former: Mapping[tuple[str, int], ClassificationRow],
) -> list[ClassificationRow]:
    """Unsaved rows of the lines whose car is known; what the sheet does not show is that of the former row."""
    entries = {entry.pk: entry for entry in Entry.objects.filter(event=session.event_id)}
    rows = []
    for order, line in enumerate((line for line in lines if line.car and line.number), start=1):
        if line.car is None or line.number is None:
            continue
        was = former.get((line.number.label, line.number.line))
        rows.append(
            ClassificationRow(
                classification=head,
                session_entry=SessionEntry(session=session, entry=entries[line.car.entry]),
                line=line.number.line,
                display_order=order,
                position=line.position,
                class_position=line.class_position if line.status == "classified" else None,
                status=line.status,
                printed_status=_printed(line, was),
                laps=line.laps,
                total_ms=line.total_ms,
                gap_ms=line.gap_ms,
                gap_laps=line.gap_laps,
                best_lap_ms=line.best_lap_ms,
                best_lap_number=line.best_lap_number,
                grid=line.grid,
                penalty_ms=line.penalty_ms,
                penalty_laps=line.penalty_laps,
                part_times_ms=_parts(line, was),
            )
        )
    return rows


def _printed(line: SheetLine, was: ClassificationRow | None) -> str:
    """The word as typed; a reason that the source printed beside the same status stays."""
    if line.printed or was is None or was.status != line.status:
        return line.printed
    return "" if says_status(was.printed_status, was.status) else was.printed_status


def _parts(line: SheetLine, was: ClassificationRow | None) -> list[int | None] | None:
    """Times by part; a car without any has what it had, an empty list or none."""
    if was is not None and was.part_times_ms is not None and tuple(_filled(was, line)) == line.parts_ms:
        return was.part_times_ms
    if any(line.parts_ms):
        return list(line.parts_ms)
    return None


def _filled(was: ClassificationRow, line: SheetLine) -> list[int | None]:
    count = len(line.parts_ms)
    return [*(time or None for time in was.part_times_ms or ()), *[None] * count][:count]


def _in_session(session: Session, rows: list[ClassificationRow]) -> list[ClassificationRow]:
    """The rows with stored cars of the session; a car that was not in it yet comes in."""
    wanted = [row.session_entry.entry for row in rows]
    SessionEntry.objects.bulk_create(
        (SessionEntry(session=session, entry=entry) for entry in {entry.pk: entry for entry in wanted}.values()),
        ignore_conflicts=True,
    )
    stored = {one.entry_id: one for one in SessionEntry.objects.filter(session=session)}
    for row, entry in zip(rows, wanted, strict=True):
        row.session_entry = stored[entry.pk]
        row.session_entry.entry = entry
    return rows


def _key(row: ClassificationRow) -> tuple[str, int]:
    return row.session_entry.entry.label, row.line


def _labelled(rows: Sequence[ClassificationRow]) -> dict[tuple[str, int], ClassificationRow]:
    return {_key(row): row for row in rows}
