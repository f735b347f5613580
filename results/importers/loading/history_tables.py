"""The printed championship tables of a season that an archive brings, beside those there are."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from decimal import Decimal

from django.utils.translation import gettext as _

from results.importers.f1db import SeasonRecord
from results.importers.loading.bench import Bench, is_stored
from results.importers.loading.copying import copy_in
from results.importers.records import StandingRecord
from results.models import Event, PrintedStanding, PrintedStandingRow, Season, SourceDocument
from results.names import fold
from results.standings.linking import link_tables

TableKey = tuple[str, str]  # championship, after
Line = tuple[int | None, str, Decimal]


class SeasonTables:
    """Tables after every round and at the season's end; a stored one that differs is named and stays."""

    def __init__(self, bench: Bench, season: Season, record: SeasonRecord, events: Mapping[int, Event]) -> None:
        self._bench, self._season = bench, season
        self._stored = _stored_tables(season)
        self._new: list[tuple[PrintedStanding, list[PrintedStandingRow]]] = []
        self.created = self.differing = 0
        self.doubts: list[str] = []
        for weekend in record.weekends:
            for table in weekend.standings:
                self._take(table, events[weekend.round])
        last = events[record.weekends[-1].round] if record.weekends else None
        for table in record.standings:
            self._take(table, last)

    def write(self, documents: Mapping[str, SourceDocument]) -> None:
        for standing, _rows in self._new:
            name = "season_standings.csv" if standing.is_final else "standings_after_round.csv"
            standing.document = documents[name]
        PrintedStanding.objects.bulk_create(standing for standing, _rows in self._new)
        copy_in(PrintedStandingRow, [row for _standing, rows in self._new for row in rows])
        link_tables(standing for standing, _rows in self._new)

    def _take(self, record: StandingRecord, event: Event | None) -> None:
        said = [(row.position, row.entrant, row.points) for row in record.rows]
        before = self._stored.get((record.name, record.after))
        if before is None:
            self._new.append(self._table(record, event, said))
            self.created += len(said)
        elif before != said:
            lines = sum(one != other for one, other in zip(said, before, strict=False)) + abs(len(said) - len(before))
            self.differing += lines
            where = {"name": record.name, "after": record.after or _("end of the season"), "lines": lines}
            self.doubts.append(_("%(name)s (%(after)s): %(lines)s lines are stored otherwise; they stay.") % where)

    def _table(
        self, record: StandingRecord, event: Event | None, lines: Iterable[Line]
    ) -> tuple[PrintedStanding, list[PrintedStandingRow]]:
        standing = PrintedStanding(
            season=self._season, name=record.name, after=record.after, after_event=event, is_final=record.final
        )
        rows = [
            PrintedStandingRow(
                standing=standing, display_order=order, position=position, entrant=entrant, folded=fold(entrant),
                points=points,
            )
            for order, (position, entrant, points) in enumerate(lines, start=1)
        ]  # fmt: skip
        return standing, rows


def _stored_tables(season: Season) -> dict[TableKey, list[Line]]:
    stored: dict[TableKey, list[Line]] = {}
    if is_stored(season):
        rows = PrintedStandingRow.objects.filter(standing__season=season, standing__class_name="")
        columns = ("standing__name", "standing__after", "position", "entrant", "points")
        for name, after, *line in rows.order_by("standing", "display_order").values_list(*columns):
            stored.setdefault((name, after), []).append(tuple(line))
    return stored
