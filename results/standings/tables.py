"""The tables of championships on pages: who stands where, and the points of everybody round by round."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from results.standings.matrix import Cell, Matrix, MatrixLine
from results.standings.reading import in_german
from results.standings.shown import ShownChampionship, ShownLine
from results.tables import LeanColumn, LeanTable


class StandingTable(LeanTable):
    """A table of a championship; the points of everybody lead to the rows they are made of."""

    position = LeanColumn(verbose_name=gettext_lazy("Pos."), css="pos")
    competitor = LeanColumn(verbose_name=gettext_lazy("Name"), css="crew")
    points = LeanColumn(verbose_name=gettext_lazy("Points"), css="r")
    gap = LeanColumn(verbose_name=gettext_lazy("To the first"), css="r")
    ahead = LeanColumn(verbose_name=gettext_lazy("To the next"), css="r")
    wins = LeanColumn(verbose_name=gettext_lazy("Wins"), css="r")
    dropped = LeanColumn(verbose_name=gettext_lazy("Dropped"), css="r")

    def __init__(self, lines: Sequence[ShownLine], *, shown: ShownChampionship, query: str, caption: str) -> None:
        super().__init__(lines, caption=caption)
        self._shown, self._query = shown, query
        if not any(line.standing.dropped for line in lines):
            self.columns.hide("dropped")
        if not any(line.standing.wins for line in lines):
            self.columns.hide("wins")

    def row_class(self, record: ShownLine) -> str:  # type: ignore[override]
        if record.standing.position is None:
            return "out"
        return "win" if record.standing.position == 1 else ""

    def render_position(self, record: ShownLine) -> str:
        return place_of(record.standing.position, record.standing.printed, is_tied=record.standing.is_tied)

    def render_competitor(self, record: ShownLine) -> SafeString:
        return format_html("<strong>{}</strong>", record.competitor.linked)

    def render_points(self, record: ShownLine) -> SafeString:
        address = self._shown.ledger_address(record.competitor) + self._query
        hidden = _("points of %(name)s, row by row") % {"name": record.competitor.name}
        return format_html(
            '<a href="{}"><strong>{}</strong><span class="hidden"> {}</span></a>',
            address,
            in_german(record.standing.points),
            hidden,
        )

    def render_gap(self, record: ShownLine) -> str:
        return _missing(record.gap)

    def render_ahead(self, record: ShownLine) -> str:
        return _missing(record.ahead)

    def render_wins(self, record: ShownLine) -> str:
        return str(record.standing.wins or "")

    def render_dropped(self, record: ShownLine) -> str:
        return in_german(record.standing.dropped) if record.standing.dropped else ""


def place_of(position: int | None, printed: str, *, is_tied: bool) -> str:
    """`3.`, marked where the place is shared; what the organiser prints for who is out of the table."""
    if position is None:
        return printed
    if not is_tied:
        return f"{position}."
    return format_html('{}.<abbr title="{}">=</abbr>', position, _("shared place, level by every rule"))


def _missing(points: Decimal | None) -> str:
    return "" if points is None else in_german(points)


class RoundColumn(LeanColumn):
    """The points of one round; its head leads to the event."""

    def __init__(self, index: int, label: SafeString) -> None:
        super().__init__(css="r", verbose_name=label)
        self.index = index

    def lean_render(self, record: MatrixLine) -> SafeString | str:
        cell = record.cells[self.index]
        return _drawn(cell) if cell is not None else ""


class MatrixTable(LeanTable):
    """The points of everybody in every round."""

    position = LeanColumn(verbose_name=gettext_lazy("Pos."), css="pos")
    competitor = LeanColumn(verbose_name=gettext_lazy("Name"), css="crew")
    decisions = LeanColumn(verbose_name=gettext_lazy("Decisions"), css="r")
    points = LeanColumn(verbose_name=gettext_lazy("Points"), css="r")

    def __init__(self, matrix: Matrix, *, shown: ShownChampionship, query: str, caption: str) -> None:
        rounds = [
            (f"round_{one.number}", RoundColumn(index, _head(one.number, one.event.name, one.event.get_absolute_url())))
            for index, one in enumerate(matrix.rounds)
        ]
        names = ["position", "competitor", "points", *(name for name, _column in rounds), "decisions"]
        super().__init__(matrix.lines, caption=caption, extra_columns=rounds, sequence=names)
        self._shown, self._query = shown, query
        if not any(line.decided for line in matrix.lines):
            self.columns.hide("decisions")

    def row_class(self, record: MatrixLine) -> str:  # type: ignore[override]
        return "out" if record.line.standing.position is None else ""

    def render_position(self, record: MatrixLine) -> str:
        standing = record.line.standing
        return place_of(standing.position, standing.printed, is_tied=standing.is_tied)

    def render_competitor(self, record: MatrixLine) -> SafeString:
        return format_html("<strong>{}</strong>", record.line.competitor.linked)

    def render_decisions(self, record: MatrixLine) -> str:
        return in_german(record.decided) if record.decided else ""

    def render_points(self, record: MatrixLine) -> SafeString:
        address = self._shown.ledger_address(record.line.competitor) + self._query
        return format_html('<a href="{}"><strong>{}</strong></a>', address, in_german(record.line.standing.points))


def _head(number: int, event: str, address: str) -> SafeString:
    return format_html(
        '<a href="{}" id="lauf-{}" title="{}">{}<span class="hidden"> {}</span></a>',
        address,
        number,
        event,
        number,
        event,
    )


def _drawn(cell: Cell) -> SafeString | str:
    """The points; those that do not count struck, with the word for who does not see the line."""
    if cell.counts:
        return in_german(cell.points)
    word = _("annulled") if cell.is_void else _("dropped")
    return format_html('<s>{}</s><span class="hidden"> {}</span>', in_german(cell.points), word)
