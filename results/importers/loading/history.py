"""Whole seasons of a series at once: from the records of an archive to rows, set-wise, one transaction a season.

The loader of single files asks for forty things a race, which is right for one file and a hundred seconds for the
eleven hundred races of Formula 1. Here each question is asked once a season. The rules are the same: what is there
already is not written again, a released result that differs is never changed but named, names make no two people one.
"""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import nullcontext
from dataclasses import dataclass

from django.contrib.auth.models import User
from django.db import connection, transaction
from django.db.models.functions import Now
from django.utils.translation import gettext as _

from results.importers.f1db import SERIES, SeasonRecord
from results.importers.load import IMPORT_LOCK
from results.importers.loading.bench import Bench, is_stored
from results.importers.loading.history_calendar import Calendar
from results.importers.loading.history_cars import Cars, KeyedDrivers
from results.importers.loading.history_keys import CarKeys
from results.importers.loading.history_results import Results
from results.importers.loading.history_tables import SeasonTables
from results.importers.loading.place import find_series
from results.importers.loading.planner import inform_planner
from results.importers.originals import keep_document
from results.importers.plan import Novelty, Upload
from results.models import Championship, Classification, Event, ImportRun, Season, Series, Session, SourceDocument
from results.schedule_record import recorded
from results.signals import classification_released
from results.standings.due import championships_are_due, gathering

FORMAT = "f1db"
MOST_DOUBTS_KEPT = 200

SOURCE = "F1DB (CC BY 4.0)"  # named with every result, as its licence asks


@dataclass(frozen=True, slots=True)
class SeasonReport:
    """What became of one season. Rows are lines of classifications and of printed tables."""

    year: int
    races: int
    read: int
    created: int
    differing: int  # stored otherwise, left alone
    novelties: tuple[Novelty, ...]
    doubts: tuple[str, ...]
    keys: int = 0  # of cars, by which the archive names constructors

    @property
    def is_empty(self) -> bool:
        """Whether everything is stored already."""
        return not self.created and not self.novelties and not self.keys


def import_season(season: SeasonRecord, files: Mapping[str, bytes], *, by: User | None) -> SeasonReport:
    """Writes what is not there yet of a season, all of it or nothing; `files` are the originals by name."""
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [IMPORT_LOCK])
        inform_planner()
        work = _SeasonImport(season)
        if not work.report.is_empty:
            documents = {
                name: keep_document(Upload(f"{SOURCE}: {name}", content), by=by, format_=FORMAT)
                for name, content in files.items()
            }
            with gathering():
                work.write(documents, by=by)
            work.release_championships()
        elif work.has_no_tables():
            work.compute_championships()
            work.release_championships()
        return work.report


class _SeasonImport:
    """One season on the workbench."""

    def __init__(self, record: SeasonRecord) -> None:
        self._bench = bench = Bench()
        series = find_series(bench, SERIES)
        self._season = season = _find_season(bench, series, str(record.year))
        calendar = Calendar(bench, season, record.weekends)
        self._results = Results(bench, season, calendar.sessions)
        rows = [row for session in self._results.missing for row in session.rows]
        self._drivers = KeyedDrivers(bench, rows, year=record.year)
        self._cars = Cars(bench, series, season, rows, self._drivers)
        self._results.build(self._cars)
        sessions = (session for weekend in record.weekends for session in weekend.sessions)
        self._keys = CarKeys(bench, (row for session in sessions for row in session.classification or ()))
        self._tables = SeasonTables(bench, season, record, calendar.events)
        bench.give_addresses()
        self.report = SeasonReport(
            year=record.year,
            races=len(record.weekends),
            read=record.rows,
            created=self._results.created + self._tables.created,
            differing=self._results.differing + self._tables.differing,
            novelties=bench.counts(),
            keys=len(self._keys.missing),
            doubts=(*self._drivers.doubts, *self._cars.doubts, *self._results.doubts, *self._tables.doubts),
        )

    def write(self, documents: Mapping[str, SourceDocument], *, by: User | None) -> None:
        """Carries it out; runs inside the transaction that locked."""
        run = ImportRun.objects.create(
            document=documents["results.csv"], by=by, created=self.report.created, report=self._kept(documents)
        )
        with recorded(by=by, run=run) if self._bench.alters(Session, Event) else nullcontext():
            self._bench.write()
        self._drivers.write()
        self._cars.write()
        self._keys.write()
        released = self._results.write(documents, import_run=run, by=by)
        self._tables.write(documents)
        for classification in released:
            _announce(classification)
        championships_are_due(self._season.pk)

    def has_no_tables(self) -> bool:
        """Whether its results were stored before championships were computed."""
        return is_stored(self._season) and not Championship.objects.filter(season=self._season).exists()

    def compute_championships(self) -> None:
        championships_are_due(self._season.pk)

    def release_championships(self) -> None:
        """An archive brings whole seasons: their tables are true, and readers may see them."""
        Championship.objects.filter(season=self._season, public_from__isnull=True, is_by_hand=False).update(
            public_from=Now()
        )

    def _kept(self, documents: Mapping[str, SourceDocument]) -> dict[str, object]:
        """What the run keeps, in the words of the other imports."""
        report = self.report
        return {
            "format": FORMAT,
            "event": None,
            "season": str(report.year),
            "sessions": [],
            "rows": {"read": report.read, "created": report.created, "changed": 0, "rejected": []},
            "doubts": [{"line": None, "column": None, "reason": doubt} for doubt in report.doubts[:MOST_DOUBTS_KEPT]],
            "facts": {"created": {novelty.model: novelty.number for novelty in report.novelties}, "changed": 0},
            "documents": {name: document.sha256 for name, document in documents.items()},
        }


def _announce(classification: Classification) -> None:
    classification_released.send(sender=Classification, classification=classification, previous=None, changes=())


def _find_season(bench: Bench, series: Series, label: str) -> Season:
    stored = Season.objects.filter(series=series, label=label).first() if is_stored(series) else None
    if stored is None:
        return bench.add(Season(series=series, label=label))
    stored.series = series
    return stored


def what_is_new(report: SeasonReport) -> str:
    """`7 Rennen, 412 Zeilen neu`, and what else came into being."""
    if report.is_empty:
        return _("%(races)s races, 0 new") % {"races": report.races}
    facts = ", ".join(f"{novelty.number} {novelty.label}" for novelty in report.novelties)
    said = {"races": report.races, "rows": report.created, "facts": facts or "–"}
    return _("%(races)s races, %(rows)s lines new (%(facts)s)") % said
