"""What a sheet opens with: the cars of the event, the lines of a version or of the entry list, and what it says of them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from results.chain_lines import rows_of_version
from results.models import Classification, ClassificationRow, CrewMember, Entry, Session, SessionCrewMember
from results.models.entrants import label_of
from results.release import working_version
from results.sheet.columns import CarNumber, Typed, keys, says_status, write_line
from results.sheet.judging import Judged, judge_sheet, marked_known
from results.sheet.lines import Car, Finding

# What a report of an import may call a column, and what the sheet does.
_REPORTED = {
    "status": "position", "total_ms": "total", "gap_ms": "gap", "gap_laps": "gap", "best_lap_ms": "best_lap",
    "penalty_ms": "penalty", "penalty_laps": "penalty",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Opened:
    """A sheet before somebody types: `base` is the version it goes on from, None for a first result.

    `newest` is the number of the newest version of the chain, whatever became of it: who saves later names it, and
    learns that somebody else was faster.
    """

    session: Session
    checkpoint: str
    base: Classification | None
    newest: int | None
    lines: list[dict[str, str]]

    @property
    def part_names(self) -> list[str]:
        return list(self.base.part_names) if self.base else []

    @property
    def columns(self) -> tuple[str, ...]:
        return keys(len(self.part_names))


def open_sheet(session: Session, checkpoint: str = "") -> Opened:
    """The sheet with the version the desk goes on with; without any, with the numbers of the entry list."""
    base = working_version(session, checkpoint)
    lines = lines_of_version(base) if base else lines_of_entry_list(session)
    return Opened(session, checkpoint, base, newest_version(session, checkpoint), lines)


def newest_version(session: Session, checkpoint: str = "") -> int | None:
    """The number of the newest version, drafts and discarded ones included."""
    chain = Classification.objects.filter(session=session, checkpoint=checkpoint)
    return chain.order_by("-version").values_list("version", flat=True).first()


def version_of(session: Session, checkpoint: str, number: int | None) -> Classification | None:
    """One version of a result by its number."""
    if number is None:
        return None
    chain = Classification.objects.filter(session=session, checkpoint=checkpoint, version=number)
    return chain.select_related("import_run", "created_by").first()


def number_of(row: ClassificationRow) -> CarNumber:
    return CarNumber(row.session_entry.entry.label, row.line)


def lines_of_version(version: Classification) -> list[dict[str, str]]:
    """The cells of a stored version, in printed order."""
    return lines_of_rows(rows_of_version(version), len(version.part_names))


def lines_of_rows(rows: Iterable[ClassificationRow], parts: int) -> list[dict[str, str]]:
    """The cells of rows with their entries at hand."""
    return [write_line(row, number_of(row), _word(row), row.part_times_ms or (), parts) for row in rows]


def _word(row: ClassificationRow) -> str:
    return row.printed_status if says_status(row.printed_status, row.status) else ""


def lines_of_entry_list(session: Session) -> list[dict[str, str]]:
    """A line with nothing but the number for each car entered, by class and number."""
    entries = Entry.objects.filter(event=session.event_id).values_list(
        "racing_class__sequence", "racing_class__folded", "number", "line"
    )
    ordered = sorted(entries, key=lambda one: (one[0] or 0, one[1] or "", _figure(one[2]), one[3]))
    return [{"number": label_of(number, line)} for _sequence, _name, number, line in ordered]


def _figure(number: str) -> tuple[int, str]:
    digits = re.sub(r"[^0-9]", "", number)
    return int(digits or 0), number


def cars_of(session: Session) -> dict[str, Car]:
    """The cars of the session's event by label; one query."""
    columns = ("pk", "number", "line", "racing_class__slug", "is_guest")
    found = Entry.objects.filter(event=session.event_id).values_list(*columns)
    return {
        label_of(number, line): Car(pk, label_of(number, line), name or "", is_guest=guest)
        for pk, number, line, name, guest in found
    }


def shown_cars(session: Session) -> dict[str, dict[str, str]]:
    """What the sheet shows of each car beside what is typed: class, team, crew; by number, shared drives by line."""
    entries = Entry.objects.filter(event=session.event_id).with_car().order_by("number", "line")
    crews = _crews(session)
    shared: dict[int, set[int]] = {}
    for entry_pk, line in crews:
        shared.setdefault(entry_pk, {1}).add(max(line, 1))
    shown = {}
    for entry in entries:
        team = entry.team.name if entry.team else entry.entrant
        name = entry.racing_class.name if entry.racing_class else ""
        for number in sorted(shared.get(entry.pk, {1})):
            crew = crews.get((entry.pk, number)) or crews.get((entry.pk, 0), "")
            shown[str(CarNumber(entry.label, number))] = {"class": name, "team": team, "crew": crew}
    return shown


def _crews(session: Session) -> dict[tuple[int, int], str]:
    """Surnames by entry and line; line 0 is the crew as entered."""
    found: dict[tuple[int, int], list[str]] = {}
    entered = CrewMember.objects.filter(entry__event=session.event_id).order_by("seat")
    for entry, name in entered.values_list("entry", "driver__last_name"):
        found.setdefault((entry, 0), []).append(name)
    drove = SessionCrewMember.objects.filter(session_entry__session=session).order_by("seat")
    for entry, line, name in drove.values_list("session_entry__entry", "line", "driver__last_name"):
        found.setdefault((entry, line), []).append(name)
    return {key: " / ".join(names) for key, names in found.items()}


# ------------------------------------------------------------------ judging


def judged(
    session: Session,
    typed: Sequence[Typed],
    *,
    cars: Mapping[str, Car],
    base: Classification | None,
    former: Sequence[Typed] | None = None,
    is_complete: bool = True,
    part_names: Sequence[str] = (),
) -> Judged:
    """The lines judged; doubts that the version they began with had too are marked, its doubtful cells are added.

    `former` are the lines of `base`, where the caller has them already.
    """
    parts = len(part_names)

    def judge(lines: Sequence[Typed], *, complete: bool) -> Judged:
        return judge_sheet(lines, cars, kind=session.kind, timed=session.is_timed, parts=parts, is_complete=complete)

    found = judge(typed, complete=is_complete)
    if base is None:
        return found
    former = lines_of_version(base) if former is None else former
    known = marked_known(found, judge(former, complete=base.is_complete))
    return replace(known, findings=[*known.findings, *_from_import(base, former, typed)])


def _from_import(base: Classification, former: Sequence[Typed], typed: Sequence[Typed]) -> list[Finding]:
    """Cells that the import was not sure of, as long as nobody has typed something else into them."""
    reported = base.import_run.report.get("cells", []) if base.import_run else []
    was = {line["number"]: line for line in former}
    rows = {line.get("number", ""): (row, line) for row, line in enumerate(typed, start=1)}
    findings = []
    for cell in reported:
        number, column = str(cell.get("number", "")), _REPORTED.get(str(cell.get("column")), str(cell.get("column")))
        row, line = rows.get(number, (0, {}))
        if row and number in was and line.get(column, "") == was[number].get(column, ""):
            findings.append(Finding(row, column, "doubt", str(cell.get("reason", ""))))
    return findings
