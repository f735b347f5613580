"""Two stored versions of a result compared: sentences for readers, every changed cell as a table and as a file."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.utils.translation import gettext as _

from results import exports, selectors
from results.differences import cell_in_words, column_label
from results.diffs.lines import CELLS, DiffLine, Ground, LineKey, Sentence, changed_cells, place_of
from results.diffs.words import sentences
from results.exports import Column, Sheet
from results.history import StandingDecision, Version
from results.models import DecisionEffect, Session
from results.notation import Penalty, format_duration, format_penalty
from results.release import label_of

MOST_SENTENCES = 40  # beyond, the table says it better
# Cells that have a column of their own on the page; the others share that of what they belong to.
SHOWN = {
    "position": ("position", "status"),
    "class_position": ("class_position",),
    "laps": ("laps",),
    "total_ms": ("total_ms",),
    "gap": ("gap_ms", "gap_laps"),
    "best_lap_ms": ("best_lap_ms",),
    "best_lap_number": ("best_lap_number",),
    "grid": ("grid",),
    "penalty": ("penalty_ms", "penalty_laps"),
    "part_times_ms": ("part_times_ms",),
}


@dataclass(frozen=True, slots=True)
class DiffRow:
    """A line that changed: its cells by column of the page as (before, after), empty strings for what holds nothing."""

    line: DiffLine
    cells: Mapping[str, tuple[str, str]]
    decisions: tuple[StandingDecision, ...]

    def in_order(self, columns: Iterable[str]) -> list[tuple[str, str] | None]:
        return [self.cells.get(name) for name in columns]


@dataclass(frozen=True, slots=True)
class VersionDiff:
    """What changed from one version of a chain to another."""

    before: Version
    after: Version
    lines: tuple[Sequence[DiffLine], Sequence[DiffLine]]
    decisions: Mapping[int, StandingDecision]
    effects: Mapping[LineKey, tuple[int, ...]]
    all_sentences: Sequence[Sentence]

    @property
    def sentences(self) -> list[tuple[str, list[StandingDecision], bool]]:
        """What is said, the decisions it follows from, and whether it names them; not more than a reader reads."""
        return [
            (one.text, [self.decisions[key] for key in one.decisions if key in self.decisions], one.names_them)
            for one in self.all_sentences[:MOST_SENTENCES]
        ]

    @property
    def unsaid(self) -> int:
        return max(0, len(self.all_sentences) - MOST_SENTENCES)

    @property
    def heads(self) -> list[str]:
        """What differs in the versions as a whole."""
        old, new = self.before, self.after
        said = []
        if new.is_annulled and not old.is_annulled:
            return [_("The result is annulled: none of its lines counts any more")]
        if old.is_annulled and not new.is_annulled:
            said.append(_("The result counts again"))
        if old.state != new.state:
            said.append(_("State: %(old)s → %(new)s") % {"old": label_of(old.state), "new": label_of(new.state)})
        if old.classification.is_complete != new.classification.is_complete:
            whole = new.classification.is_complete
            said.append(_("Now the whole field instead of an excerpt") if whole else _("Now an excerpt only"))
        return said

    @property
    def is_empty(self) -> bool:
        return not (self.heads or self.all_sentences)

    @property
    def rows(self) -> list[DiffRow]:
        """The lines that changed, in their new order, those that have gone last."""
        was, now = ({line.key: line for line in listed} for listed in self.lines)
        found = []
        for key in (*now, *(key for key in was if key not in now)):
            old, new = was.get(key), now.get(key)
            changed = changed_cells(old, new)
            if changed:
                cells = {
                    name: (_shown(name, old), _shown(name, new)) for name, own in SHOWN.items() if changed & set(own)
                }
                moved_by = tuple(self.decisions[one] for one in self.effects.get(key, ()) if one in self.decisions)
                found.append(DiffRow(now.get(key) or was[key], cells, moved_by))
        return found

    def columns(self, rows: Iterable[DiffRow]) -> list[tuple[str, str]]:
        """The columns in which anything changed: name and head."""
        changed = {name for row in rows for name in row.cells}
        heads = {"gap": _("Gap"), "penalty": _("Penalty")}
        return [(name, heads.get(name) or column_label(name)) for name in SHOWN if name in changed]


def diff_of(before: Version, after: Version) -> VersionDiff:
    """Both versions line by line; three queries. Of an annulled version no line is told."""
    if before.is_annulled or after.is_annulled:
        return VersionDiff(before, after, ((), ()), {}, {}, [])
    lines = _lines(before), _lines(after)
    grounds, decisions = _between(before, after)
    effects = _effects(before, after, decisions)
    whole = before.classification.is_complete and after.classification.is_complete
    said = sentences(*lines, grounds=grounds, effects=effects, whole=whole)
    by_line: dict[LineKey, tuple[int, ...]] = {}
    for key in {line.key for listed in lines for line in listed}:
        mine = (ground.key for ground in grounds if ground.car == key[0])
        by_line[key] = tuple(dict.fromkeys((*mine, *effects.get(key, ()))))
    return VersionDiff(before, after, lines, decisions, by_line, said)


def _lines(version: Version) -> list[DiffLine]:
    return [_line(row) for row in selectors.rows_of(version.classification)]


def _line(row: Mapping[str, Any]) -> DiffLine:
    parts = row["part_times_ms"]
    return DiffLine(
        key=(row["session_entry"], row["line"]),
        number=row["number"],
        crew=tuple(one["last"] for one in row["crew"]),
        team=row["team"] or row["entrant"] or row["car"] or "",
        class_name=row["class_name"] or "",
        part_times_ms=tuple(parts) if parts is not None else None,
        **{name: row[name] for name in CELLS if name != "part_times_ms"},
    )


def _between(before: Version, after: Version) -> tuple[list[Ground], dict[int, StandingDecision]]:
    """The public decisions that came to stand between the versions, and those that fell; by car."""
    was, now = ({one.key: one for one in version.decisions} for version in (before, after))
    changed = {key: one for key, one in {**was, **now}.items() if (key in was) != (key in now)}
    grounds = [
        Ground(key, one.car, one.what, one.number, falls=key not in now)
        for key, one in changed.items()
        if one.car is not None
    ]
    return grounds, changed


def _effects(
    before: Version, after: Version, changed: Mapping[int, StandingDecision]
) -> dict[LineKey, tuple[int, ...]]:
    """By line: the decisions that moved it, as any version from the one to the other says."""
    if not changed:
        return {}
    known = DecisionEffect.objects.filter(
        decision__in=list(changed),
        classification__session=before.classification.session_id,
        classification__checkpoint=before.checkpoint,
        classification__version__range=sorted((before.number, after.number)),
        classification__released_at__isnull=False,
    ).values_list("session_entry", "line", "decision")
    found: dict[LineKey, list[int]] = {}
    for car, line, decision in known:
        found.setdefault((car, line), []).append(decision)
    return {key: tuple(dict.fromkeys(decisions)) for key, decisions in found.items()}


def _shown(name: str, line: DiffLine | None) -> str:
    """A cell of the page as a person reads it; empty for nothing."""
    if line is None:
        return ""
    if name == "position":
        return place_of(line)
    if name == "total_ms":
        return format_duration(line.total_ms) if line.total_ms else ""
    if name == "penalty":
        return format_penalty(Penalty(line.penalty_ms, line.penalty_laps))
    held = [(own, getattr(line, own)) for own in SHOWN[name]]
    return " / ".join(
        cell_in_words(own, list(value) if isinstance(value, tuple) else value) for own, value in held if value
    )


# --- as a file ---------------------------------------------------------------------------------------------------------


def sheet_of(session: Session, diff: VersionDiff) -> Sheet:
    """Every changed cell as a line of its own."""
    event = session.event
    season = event.season
    slugs = f"{season.series.slug}-{season.slug}-{event.slug}-{session.slug}"
    checkpoint = diff.after.checkpoint
    scored = {"wertung": checkpoint} if checkpoint else {}
    query = f"?{urlencode({'von': diff.before.number, 'bis': diff.after.number, **scored})}"
    return Sheet(
        name=f"{slugs}-verlauf-v{diff.before.number}-v{diff.after.number}",
        title=session.name,
        about=exports.about(
            path=f"{session.get_absolute_url()}verlauf/{query}",
            series=season.name_of_series,
            season=season.label,
            event=event.name,
            session=session.name,
            checkpoint=checkpoint,
            before=record_of(diff.before),
            after=record_of(diff.after),
            in_words=[*diff.heads, *(one.text for one in diff.all_sentences)],
        ),
        rows=list(_cells(diff)),
        columns=[
            Column(_("No."), lambda row: row["line"].number),
            Column(_("Drivers"), lambda row: " / ".join(row["line"].crew) or row["line"].team),
            Column(_("Column"), lambda row: column_label(row["column"])),
            Column(_("Before"), lambda row: _cell(row, row["before"])),
            Column(_("After"), lambda row: _cell(row, row["after"])),
            Column(_("Decisions"), lambda row: ", ".join(one.number or one.what for one in row["decisions"])),
        ],
        record=lambda row: {
            "number": row["line"].number,
            "line": row["line"].key[1],
            **{name: row[name] for name in ("column", "before", "after")},
            "decisions": [one.as_record() for one in row["decisions"]],
        },
    )


def _cell(row: Mapping[str, Any], value: Any) -> str:
    if not value:
        return ""
    if row["column"] == "total_ms":
        return format_duration(value)
    return cell_in_words(row["column"], list(value) if isinstance(value, tuple) else value)


def _cells(diff: VersionDiff) -> Iterator[dict[str, Any]]:
    was, now = ({line.key: line for line in listed} for listed in diff.lines)
    for key in (*now, *(key for key in was if key not in now)):
        old, new = was.get(key), now.get(key)
        for name in sorted(changed_cells(old, new), key=CELLS.index):
            yield {
                "line": now.get(key) or was[key],
                "column": name,
                "before": getattr(old, name, None),
                "after": getattr(new, name, None),
                "decisions": [diff.decisions[one] for one in diff.effects.get(key, ()) if one in diff.decisions],
            }


def record_of(version: Version) -> dict[str, Any]:
    """A version for machines."""
    return {
        "version": version.number,
        "checkpoint": version.checkpoint or None,
        "state": version.state,
        "as_of": version.opened.isoformat(),
        "until": version.closed.isoformat() if version.closed else None,
        "is_current": version.is_public,
        "reason": version.reason or None,
        "source": version.source or None,
        "decisions": [one.as_record() for one in version.decisions],
    }
