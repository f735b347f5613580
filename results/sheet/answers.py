"""What the server tells the sheet in the browser, as JSON; every word in the person's language."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from django.db.models.functions import Now
from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext as _

from results.amending import next_state
from results.differences import CellChange, cell_in_words, column_label
from results.models import Classification, Session
from results.notation import format_lap_time
from results.sheet.columns import COLUMNS, keys, name_of
from results.sheet.judging import Judged
from results.sheet.lines import Finding
from results.sheet.merging import ORDER, ROW, Change
from results.sheet.opening import Opened
from results.sheet.saving import Overtaken, Preview

Json = dict[str, Any]


def columns_of(part_names: Sequence[str]) -> list[Json]:
    """Key, head and full name of every column, in order."""
    heads = {key: head for key, head, _name in COLUMNS}
    parts = len(part_names)
    return [
        {"key": key, "head": heads.get(key) or part_names[place - len(COLUMNS)], "name": name_of(key, part_names)}
        for place, key in enumerate(keys(parts))
    ]


def judged_as_json(judged: Judged) -> Json:
    """Findings, proposals and our notation, by row and column; rows count from 1."""
    fastest = judged.fastest
    return {
        "findings": [_finding(one) for one in judged.findings],
        "texts": [[row, column, text] for (row, column), text in judged.texts.items()],
        "proposals": [[row, column, text] for (row, column), text in judged.proposals.items()],
        "fastest": {"row": fastest.row, "words": _fastest(judged)} if fastest else None,
    }


def _finding(one: Finding) -> Json:
    return {
        "row": one.row, "column": one.column, "weight": one.weight, "reason": one.reason, "offers": one.offers,
        "known": one.is_known,
    }  # fmt: skip


def _fastest(judged: Judged) -> str:
    line = judged.fastest
    if line is None or line.best_lap_ms is None:
        return ""
    words = _("Best lap of the field: %(car)s with %(time)s") % {
        "car": line.name, "time": format_lap_time(line.best_lap_ms)
    }  # fmt: skip
    return words + (_(" in lap %(lap)s") % {"lap": line.best_lap_number} if line.best_lap_number else "")


def changes_as_json(changes: Iterable[CellChange]) -> list[Json]:
    """Every changed cell with what stood there and what will."""
    return [
        {
            "car": f"#{one.entry}" if one.entry else "",
            "column": column_label(one.column),
            "before": cell_in_words(one.column, one.before),
            "after": cell_in_words(one.column, one.after),
        }
        for one in changes
    ]


def preview_as_json(preview: Preview, *, release: bool) -> Json:
    return {
        "changes": changes_as_json(preview.changes),
        "lines": len(preview.rows),
        "is_first": preview.current is None,
        "needs_reason": preview.needs_reason(release=release),
        "readers": readers_see(preview.rows[0].classification.session, preview.current)
        if preview.rows and release
        else "",
        "errors": [_finding(one) for one in preview.judged.errors],
        "doubts": [_finding(one) for one in preview.judged.doubts],
        "seen": preview.seen,
    }


def readers_see(session: Session, current: Classification | None) -> str:
    """From when readers see a version that is released now."""
    now = Session.objects.filter(pk=session.pk).values_list(Now(), flat=True)[0]
    starts = [session.public_from, session.event.public_from]
    if None in starts:
        return _("Readers will not see it before event and session are public.")
    opens = max(one for one in (*starts, current.public_from if current else None) if one is not None)
    if opens > now:
        return _("Readers see it from %(instant)s.") % {"instant": instant(opens)}
    return _("Readers see it at once.")


def instant(value: Any) -> str:
    return date_format(localtime(value), "SHORT_DATETIME_FORMAT")


def conflict_as_json(overtaken: Overtaken) -> Json:
    """Both sheets: what each changed, the cells that both did, and one sheet with mine in them."""
    version, merged = overtaken.version, overtaken.merged
    part_names = list(version.part_names) if version else []
    return {
        "words": _overtaken_words(version),
        "base": version.version if version else None,
        "expected": overtaken.newest,
        "columns": [one["key"] for one in columns_of(part_names)],
        "lines": merged.lines,
        "clashes": [
            {
                "number": one.number, "column": one.column, "name": _named(one.column, part_names), "before": one.before,
                "mine": one.mine, "theirs": one.theirs,
            }
            for one in merged.clashes
        ],
        "mine": [_change(one, part_names) for one in merged.mine],
        "theirs": [_change(one, part_names) for one in merged.theirs],
        "their_lines": [dict(line) for line in overtaken.their_lines],
    }  # fmt: skip


def _overtaken_words(version: Classification | None) -> str:
    if version is None:
        return _("The version you began with no longer stands.")
    who = (
        version.created_by.get_full_name() or version.created_by.get_username()
        if version.created_by
        else _("An import")
    )
    return _("%(who)s has saved version %(version)s meanwhile (%(instant)s).") % {
        "who": who, "version": version.version, "instant": instant(version.created_at)
    }  # fmt: skip


def _change(one: Change, part_names: Sequence[str]) -> Json:
    return {
        "car": f"#{one.number}", "column": _named(one.column, part_names), "before": one.before, "after": one.after
    }  # fmt: skip


def _named(column: str, part_names: Sequence[str]) -> str:
    if column == ROW:
        return _("line of the result")
    return _("order of the lines") if column == ORDER else name_of(column, part_names)


def opened_as_json(opened: Opened, cars: dict[str, dict[str, str]], judged: Judged, *, person: int) -> Json:
    """Everything the sheet needs to be drawn and worked with."""
    base = opened.base
    return {
        "person": person,
        "session": opened.session.pk,
        "checkpoint": opened.checkpoint,
        "base": base.version if base else None,
        "expected": opened.newest,
        "columns": columns_of(opened.part_names),
        "cars": cars,
        "lines": opened.lines,
        "state": next_state(base)
        if base and base.released_at
        else base.state
        if base
        else Classification.State.PROVISIONAL,
        "complete": base.is_complete if base else True,
        "release": bool(base and base.released_at),
        "checked": judged_as_json(judged),
    }
