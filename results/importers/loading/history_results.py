"""The classifications of a season that an archive brings, beside those there are."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from django.contrib.auth.models import User
from django.utils.translation import gettext as _

from results.importers.loading.bench import Bench, is_stored
from results.importers.loading.copying import copy_in
from results.importers.loading.history_calendar import DatedSession
from results.importers.loading.history_cars import Cars
from results.importers.loading.sight import Sight
from results.importers.records import RowRecord
from results.models import Classification, ClassificationRow, ImportRun, Season, SourceDocument
from results.release import database_now

CELLS = (
    "position", "status", "printed_status", "laps", "total_ms", "gap_ms", "gap_laps", "best_lap_ms", "best_lap_number",
    "grid", "penalty_ms", "penalty_laps", "part_times_ms",
)  # fmt: skip
Line = tuple[object, ...]


class Results:
    """What is new of a season's results. A session with a released result is compared and never written.

    Neither is a session that is not public: an archive fills the cars of its event, which readers see.
    """

    def __init__(self, bench: Bench, season: Season, sessions: Iterable[DatedSession]) -> None:
        self._bench = bench
        self._versions = _newest_versions(season)
        stored, sight = _stored_lines(season), Sight([], {})
        self.missing: list[DatedSession] = []
        self.doubts: list[str] = []
        self.created = self.differing = 0
        self._new: list[tuple[DatedSession, Classification, list[ClassificationRow]]] = []
        for dated in sessions:
            before = stored.get(dated.session.pk) if is_stored(dated.session) else None
            if dated.rows and before is None and sight.is_hidden(dated.session):
                where = {"event": dated.weekend.name, "session": dated.session.name}
                self.doubts.append(
                    _("%(event)s, %(session)s: the session is not public; it is left to the desk.") % where
                )
            elif dated.rows and before is None:
                self.missing.append(dated)
            elif dated.rows and before is not None:
                self._compare(dated, before)

    def build(self, cars: Cars) -> None:
        """Puts versions and rows together; the workbench gets what they refer to."""
        for dated in self.missing:
            version = Classification(
                session=dated.session,
                version=self._versions.get(dated.session.pk or 0, 0) + 1,
                state=dated.record.state,
                part_names=list(dated.record.part_names),
            )
            rows = [_line(version, row, order, cars, dated) for order, row in enumerate(dated.rows, start=1)]
            self._new.append((dated, version, rows))
            self.created += len(rows)
        cars.seat()

    def write(
        self, documents: Mapping[str, SourceDocument], *, import_run: ImportRun, by: User | None
    ) -> list[Classification]:
        """Stores versions as drafts, then their rows, then releases all: rows of a released version are frozen."""
        versions = [version for _dated, version, _rows in self._new]
        for dated, version, _rows in self._new:
            version.document = documents["qualifying.csv" if dated.record.kind == "qualifying" else "results.csv"]
            version.import_run, version.created_by = import_run, by
        Classification.objects.bulk_create(versions)
        copy_in(ClassificationRow, [row for _dated, _version, rows in self._new for row in rows])
        now = database_now()
        window = {"released_at": now, "released_by": by, "public_from": now, "is_current": True}
        Classification.objects.filter(pk__in=[version.pk for version in versions]).update(**window)
        for version in versions:
            version.released_at, version.public_from, version.is_current = now, now, True
        return versions

    def _compare(self, dated: DatedSession, before: list[Line]) -> None:
        said = [_cells(row) for row in dated.rows]
        differing = sum(one != other for one, other in zip(said, before, strict=False)) + abs(len(said) - len(before))
        if differing:
            self.differing += differing
            where = {"event": dated.weekend.name, "session": dated.session.name, "lines": differing}
            self.doubts.append(
                _("%(event)s, %(session)s: %(lines)s lines are stored otherwise; they stay as they are.") % where
            )


def _line(version: Classification, row: RowRecord, order: int, cars: Cars, dated: DatedSession) -> ClassificationRow:
    return ClassificationRow(
        classification=version,
        session_entry=cars.take(dated, row),
        line=row.share,
        display_order=order,
        position=row.position, status=row.status, printed_status=row.printed_status, laps=row.laps,
        total_ms=row.total_ms, gap_ms=row.gap_ms, gap_laps=row.gap_laps, best_lap_ms=row.best_lap_ms,
        best_lap_number=row.best_lap_number, grid=row.grid, penalty_ms=row.penalty_ms, penalty_laps=row.penalty_laps,
        part_times_ms=list(row.part_times_ms) if row.part_times_ms is not None else None,
    )  # fmt: skip


def _cells(row: RowRecord) -> Line:
    parts = list(row.part_times_ms) if row.part_times_ms is not None else None
    return (row.number, row.entry_line, row.share, *(getattr(row, name) for name in CELLS[:-1]), parts)


def _stored_lines(season: Season) -> dict[int, list[Line]]:
    """The lines of the current result at the finish of each session, in their order."""
    stored: dict[int, list[Line]] = {}
    if is_stored(season):
        rows = ClassificationRow.objects.filter(
            classification__is_current=True,
            classification__checkpoint="",
            classification__session__event__season=season,
        ).order_by("classification", "display_order")
        columns = ("session_entry__entry__number", "session_entry__entry__line", "line", *CELLS)
        for session, *cells in rows.values_list("classification__session", *columns):
            stored.setdefault(session, []).append(tuple(cells))
    return stored


def _newest_versions(season: Season) -> dict[int, int]:
    if not is_stored(season):
        return {}
    versions = Classification.objects.filter(session__event__season=season, checkpoint="").order_by("version")
    return dict(versions.values_list("session", "version"))
