"""Championship tables as the source prints them: stored as they stand, one for each name, class and round."""

from __future__ import annotations

from decimal import Decimal

from django.utils.translation import gettext as _

from results.importers.loading.bench import Bench, is_stored
from results.importers.plan import FactChange, StandingPlan
from results.importers.records import StandingRecord
from results.models import Event, PrintedStanding, PrintedStandingRow, Season, SourceDocument
from results.names import fold
from results.standings.linking import link_tables

Line = tuple[int | None, str, Decimal]  # position, entrant, points


class Tables:
    """What becomes of the printed tables of one file."""

    def __init__(
        self, bench: Bench, season: Season, records: tuple[StandingRecord, ...], *, here: Event | None = None
    ) -> None:
        """`here` is the event of the file, which may be a new one."""
        self._bench, self._season, self._records, self._here = bench, season, records, here
        self._writing: list[tuple[PrintedStanding, list[PrintedStandingRow]]] = []
        self.written: list[int] = []  # keys of the tables that were written
        self.replaced: list[int] = []  # those of them that stood there before

    def plan(self) -> tuple[StandingPlan, ...]:
        """Compares each table with the stored one; fills the workbench, writes nothing."""
        if not self._records:
            return ()
        stored = self._stored()
        events = self._events()
        plans: list[StandingPlan] = []
        seen: set[tuple[str, str, str]] = set()
        for record in self._records:
            key = (record.name, record.class_name, record.after)
            if key in seen:
                self._bench.reject(_("The table “%(name)s” is listed twice.") % {"name": record.name})
                continue
            seen.add(key)
            plans.append(self._plan_one(record, stored.get(key), events.get(fold(record.after))))
        return tuple(plans)

    def write(self, document: SourceDocument) -> None:
        for standing, rows in self._writing:
            if is_stored(standing):
                self.replaced.append(standing.pk)
            standing.document = document
            standing.save()
            standing.rows.all().delete()
            PrintedStandingRow.objects.bulk_create(rows)
            self.written.append(standing.pk)
        link_tables(standing for standing, _rows in self._writing if standing.pk not in self.replaced)

    def _stored(self) -> dict[tuple[str, str, str], PrintedStanding]:
        if not is_stored(self._season):
            return {}
        tables = PrintedStanding.objects.filter(season=self._season).prefetch_related("rows")
        return {(table.name, table.class_name, table.after): table for table in tables}

    def _events(self) -> dict[str, Event]:
        """Events of the season by what a table may call them."""
        stored = Event.objects.filter(season=self._season) if is_stored(self._season) else ()
        known = {fold(event.name): event for event in stored}
        return ({fold(self._here.name): self._here} if self._here is not None else {}) | known

    def _plan_one(self, record: StandingRecord, stored: PrintedStanding | None, after: Event | None) -> StandingPlan:
        said = sorted(((row.position, row.entrant, row.points) for row in record.rows), key=_by_place)
        if stored is None:
            self._write(
                PrintedStanding(
                    season=self._season, name=record.name, class_name=record.class_name, after=record.after,
                    after_event=after, is_final=record.final,
                ),
                said,
            )  # fmt: skip
            return StandingPlan(record.name, "new", created=len(said))
        known = [(row.position, row.entrant, row.points) for row in stored.rows.all()]
        changes = _differences(record.name, known, said)
        if record.final != stored.is_final:
            changes.append(FactChange(record.name, _("final"), _yes(stored.is_final), _yes(record.final)))
        if not changes:
            return StandingPlan(record.name, "unchanged")
        stored.is_final = record.final
        self._write(stored, said)
        created = max(len(said) - len(known), 0)
        return StandingPlan(
            record.name, "changed", created=created, changed=len(changes) - created, changes=tuple(changes)
        )

    def _write(self, standing: PrintedStanding, said: list[Line]) -> None:
        self._bench.check(standing, line=None)
        rows = []
        for order, (position, entrant, points) in enumerate(said, start=1):
            row = PrintedStandingRow(
                standing=standing, display_order=order, position=position, entrant=entrant, folded=fold(entrant),
                points=points,
            )  # fmt: skip
            self._bench.check(row, line=None)
            rows.append(row)
        self._writing.append((standing, rows))


def _differences(name: str, known: list[Line], said: list[Line]) -> list[FactChange]:
    """The lines that differ, each in words."""
    changes = []
    known, said = sorted(known, key=_by_place_and_name), sorted(said, key=_by_place_and_name)
    for order in range(max(len(known), len(said))):
        old = known[order] if order < len(known) else None
        new = said[order] if order < len(said) else None
        if old != new:
            label = _("line %(order)s") % {"order": order + 1}
            changes.append(FactChange(name, label, _in_words(old), _in_words(new)))
    return changes


def _by_place(line: Line) -> tuple[bool, int]:
    return line[0] is None, line[0] or 0


def _by_place_and_name(line: Line) -> tuple[bool, int, str]:
    """The order of shared places in the file is no difference."""
    return (*_by_place(line), line[1])


def _in_words(line: Line | None) -> str:
    if line is None:
        return "–"
    position, entrant, points = line
    return f"{position or '–'} {entrant} {points.normalize():f}"


def _yes(value: bool) -> str:  # noqa: FBT001
    return _("yes") if value else _("no")
