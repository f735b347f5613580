"""Tables, matrices and accounts of championships ready to be exported as CSV, XLSX and JSON."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import Any, cast

from django.utils.translation import gettext as _

from results import exports
from results.exports import Cell, Column, Row, Sheet
from results.standings import serial
from results.standings.account import Account, AccountRow, dropped_in_words
from results.standings.matrix import Matrix, MatrixLine
from results.standings.partway import Partway, provisional_partway
from results.standings.reading import plain
from results.standings.rounds import Round
from results.standings.shown import ShownChampionship, ShownLine


def table_sheet(
    shown: ShownChampionship, after: Round, *, lines: Sequence[ShownLine], part: Partway | None, path: str
) -> Sheet:
    """The table after a round, or after a part of it."""
    until = {"after_session": part.name, "after_part": part.number} if part else {}
    columns = [
        Column(_("Pos."), lambda row: _place(_line(row))),
        Column(_("Name"), lambda row: _line(row).competitor.name),
        Column(_("Points"), lambda row: figure(_line(row).standing.points)),
        Column(_("To the first"), lambda row: _figure_or_empty(_line(row).gap)),
        Column(_("To the next"), lambda row: _figure_or_empty(_line(row).ahead)),
        Column(_("Wins"), lambda row: _line(row).standing.wins),
        Column(_("Dropped"), lambda row: figure(_line(row).standing.dropped)),
        Column(_("Shared"), lambda row: _("yes") if _line(row).standing.is_tied else ""),
    ]
    rows = [{"line": one} for one in lines]
    return _sheet(
        shown,
        after,
        "tabelle",
        rows=rows,
        columns=columns,
        path=path,
        record=lambda row: serial.line(shown, _line(row)),
        part=part,
        **until,
    )


def matrix_sheet(shown: ShownChampionship, after: Round, matrix: Matrix, *, path: str) -> Sheet:
    """The matrix after a round: a column for each, what does not count in brackets."""
    columns = [
        Column(_("Pos."), lambda row: _place(_matrix(row).line)),
        Column(_("Name"), lambda row: _matrix(row).line.competitor.name),
        *(_round_column(index, one) for index, one in enumerate(matrix.rounds)),
        Column(_("Decisions"), lambda row: figure(_matrix(row).decided) if _matrix(row).decided else ""),
        Column(_("Points"), lambda row: figure(_matrix(row).line.standing.points)),
    ]
    rows = [{"line": one} for one in matrix.lines]
    return _sheet(
        shown, after, "matrix", rows=rows, columns=columns, path=path,
        record=lambda row: serial.matrix_line(shown, _matrix(row)), rounds=[serial.round_of(one) for one in matrix.rounds],
    )  # fmt: skip


def account_sheet(account: Account, *, path: str) -> Sheet:
    """The rows of one competitor's account."""
    columns = [
        Column(_("Event"), lambda row: _row(row).event.name if _row(row).event else ""),  # type: ignore[union-attr]
        Column(_("Session"), lambda row: _row(row).session.name if _row(row).session else ""),  # type: ignore[union-attr]
        Column(_("Scored after"), lambda row: _row(row).award.checkpoint),
        Column(_("No."), lambda row: _row(row).car),
        Column(_("What for"), lambda row: _row(row).cause),
        Column(_("By the table"), lambda row: figure(_row(row).award.base)),
        Column(_("Factor"), lambda row: _row(row).factor),
        Column(_("Points"), lambda row: figure(_row(row).award.points)),
        Column(_("Counts"), lambda row: _("yes") if _row(row).counts else _("no")),
        Column(_("Dropped"), lambda row: dropped_in_words(_row(row))),
        Column(_("Origin"), lambda row: _row(row).origin),
        Column(_("Reason"), lambda row: _row(row).award.reason),
        Column(_("Total"), lambda row: figure(_row(row).total)),
    ]
    return _sheet(
        account.shown, account.after, "punkte", rows=[{"line": one} for one in account.rows], columns=columns, path=path,
        record=lambda row: serial.account_row(_row(row)), competitor=account.competitor.name,
    )  # fmt: skip


def _sheet(
    shown: ShownChampionship, after: Round, kind: str, *, rows: list[dict[str, Any]], columns: list[Column], path: str,
    record: Any, part: Partway | None = None, **said: Any,
) -> Sheet:  # fmt: skip
    season, one = shown.season, shown.championship
    is_provisional = bool(provisional_partway(part) if part else shown.provisional(after))
    number = part.wish if part else str(after.number)
    return Sheet(
        name="-".join([season.series.slug, season.slug, one.key, kind, number.replace(".", "-")]),
        title=one.name,
        about=exports.about(
            path=path,
            series=season.name_of_series,
            season=season.label,
            championship=one.name,
            key=one.key,
            subject=one.subject,
            after_round=after.number,
            after_event=after.event.name,
            provisional=is_provisional or None,
            **said,
        ),
        rows=rows,
        columns=columns,
        record=record,
        stamp={_("After round"): part.wish if part else after.number, _("State"): _("provisional") if is_provisional else ""},
    )  # fmt: skip


def figure(points: Decimal) -> Cell:
    """A whole number as one, a fraction as text the way a German spreadsheet prints it."""
    said = plain(points)
    return said.replace(".", ",") if "." in said else int(said)


def _figure_or_empty(points: Decimal | None) -> Cell:
    return "" if points is None else figure(points)


def _place(line: ShownLine) -> Cell:
    return line.standing.printed if line.standing.position is None else line.standing.position


def _round_column(index: int, one: Round) -> Column:
    def cell(row: Row) -> Cell:
        found = _matrix(row).cells[index]
        if found is None:
            return ""
        return figure(found.points) if found.counts else f"({figure(found.points)})"

    return Column(f"{one.number} {one.event.name}", cell)


def _line(row: Row) -> ShownLine:
    return cast("ShownLine", row["line"])


def _matrix(row: Row) -> MatrixLine:
    return cast("MatrixLine", row["line"])


def _row(row: Row) -> AccountRow:
    return cast("AccountRow", row["line"])
