"""Imports the history of Formula 1 from a folder of F1DB's CSV files: `import_f1db FOLDER [--seasons 1950-1960]`.

One transaction a season: whatever stops it, whole seasons stand, and the next run goes on. Progress is written to
standard error, the answer to standard output, errors in German to standard error with exit status 1.
"""

from __future__ import annotations

import json
import re
import time
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import DatabaseError, connection, transaction
from django.utils.translation import gettext as _
from psycopg import sql

from results.importers.encoding import RESULTS_LIMIT
from results.importers.f1db import ALL_YEARS, Archive, SeasonRecord, parse
from results.importers.f1db_sheets import COLUMNS, Fault
from results.importers.loading.history import SeasonReport, import_season, what_is_new
from results.importers.loading.vouching import vouch_for
from results.importers.records import FileRefused
from results.models import (
    Classification,
    ClassificationRow,
    CrewMember,
    Driver,
    DriverKey,
    Entry,
    Event,
    PrintedStandingRow,
    Session,
    SessionCrewMember,
    SessionEntry,
)

MOST_LISTED = 40  # faults and doubts shown as text; --json has them all
_SEASONS = re.compile(r"([0-9]{4})(?:-([0-9]{4}))?")
MINUTE = 60
ANALYSED = (
    Event, Session, Driver, DriverKey, Entry, CrewMember, SessionEntry, SessionCrewMember, Classification,
    ClassificationRow, PrintedStandingRow,
)  # fmt: skip


class Command(BaseCommand):
    help = "Imports all seasons of Formula 1 from a folder of F1DB CSV files; running it again adds what is missing."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("folder", type=Path, metavar="FOLDER")
        parser.add_argument("--seasons", default="", metavar="1950-1960", help="only this season or these")
        parser.add_argument("--dry-run", action="store_true", help="say what would happen, write nothing")
        parser.add_argument("--json", action="store_true", help="answer as JSON")

    def handle(self, *args: Any, folder: Path, **options: Any) -> None:
        files = _read(folder)
        archive = self._parse(files, _years(options["seasons"]), as_json=options["json"])
        with transaction.atomic():  # a dry run does it all and takes it back
            reports = self._import(archive, files, dry_run=True) if options["dry_run"] else []
            transaction.set_rollback(options["dry_run"])
        if not options["dry_run"]:
            reports = self._import(archive, files, dry_run=False)
        self._answer(archive, reports, as_json=options["json"], dry_run=options["dry_run"])

    def _parse(self, files: dict[str, bytes], years: range, *, as_json: bool) -> Archive:
        try:
            archive = parse(files, years=years)
        except FileRefused as refusal:
            raise CommandError(str(refusal)) from refusal
        if archive.rejected:
            if as_json:
                self._print_json(_as_json(archive, []))
            raise CommandError(_("Nothing was imported: the files have faults.") + _listed(archive.rejected))
        if not archive.seasons:
            raise CommandError(_("The files hold none of these seasons."))
        return archive

    def _import(self, archive: Archive, files: dict[str, bytes], *, dry_run: bool) -> list[SeasonReport]:
        reports: list[SeasonReport] = []
        progress = _Progress(archive.seasons)
        for season in archive.seasons:
            try:
                reports.append(import_season(season, files, by=None))
            except DatabaseError as error:
                kept = _("Nothing of this season was stored; those before it stand.")
                raise CommandError(
                    _("Season %(year)s: %(error)s") % {"year": season.year, "error": str(error).partition("\n")[0]}
                    + f" {kept}"
                ) from error
            self.stderr.write(progress.line(season, reports[-1], dry_run=dry_run), style_func=str)
            self.stderr.flush()
        vouch_for(archive.seasons)
        if any(report.created for report in reports):
            analyse()
        return reports

    def _answer(self, archive: Archive, reports: list[SeasonReport], *, as_json: bool, dry_run: bool) -> None:
        if as_json:
            self._print_json(_as_json(archive, reports))
            return
        doubts = [
            *map(str, archive.doubts),
            *(f"{report.year}: {doubt}" for report in reports for doubt in report.doubts),
        ]
        for doubt in doubts[:MOST_LISTED]:
            self.stdout.write(doubt)
        if len(doubts) > MOST_LISTED:
            self.stdout.write(_("… and %(number)s more (--json has them all).") % {"number": len(doubts) - MOST_LISTED})
        said = {
            "seasons": len(reports), "races": sum(report.races for report in reports),
            "created": sum(report.created for report in reports), "read": sum(report.read for report in reports),
        }  # fmt: skip
        template = (
            _("%(seasons)s seasons, %(races)s races: %(read)s lines, %(created)s would be new.")
            if dry_run
            else _("%(seasons)s seasons, %(races)s races: %(read)s lines, %(created)s new.")
        )
        self.stdout.write(template % said)

    def _print_json(self, answer: dict[str, Any]) -> None:
        self.stdout.write(json.dumps(answer, ensure_ascii=False, indent=1))


def analyse() -> None:
    """Fresh statistics: after so many rows at once the planner would take the tables for empty and walk them whole."""
    with connection.cursor() as cursor:
        for model in ANALYSED:
            cursor.execute(sql.SQL("ANALYZE {}").format(sql.Identifier(model._meta.db_table)))


class _Progress:
    """How far the import has come, by the lines of the seasons, which grow from 400 to 2,000."""

    def __init__(self, seasons: tuple[SeasonRecord, ...]) -> None:
        self._began = time.monotonic()
        self._whole, self._done = sum(season.rows for season in seasons) or 1, 0

    def line(self, season: SeasonRecord, report: SeasonReport, *, dry_run: bool) -> str:
        self._done += season.rows
        left = (time.monotonic() - self._began) * (self._whole - self._done) / max(self._done, 1)
        said = {
            "year": report.year,
            "what": what_is_new(report),
            "percent": 100 * self._done // self._whole,
            "left": f"{int(left) // MINUTE}:{int(left) % MINUTE:02d}",
        }
        if dry_run:
            return _("%(year)s (dry run): %(what)s · %(percent)s %% · %(left)s min left") % said
        return _("%(year)s: %(what)s · %(percent)s %% · %(left)s min left") % said


def _read(folder: Path) -> dict[str, bytes]:
    """The files of the archive, none larger than a results file may be."""
    if not folder.is_dir():
        raise CommandError(_("There is no folder %(name)s.") % {"name": folder})
    files: dict[str, bytes] = {}
    for name in COLUMNS:
        path = folder / name
        try:
            if path.stat().st_size > RESULTS_LIMIT:
                raise CommandError(_("%(name)s is too large.") % {"name": path})
            files[name] = path.read_bytes()
        except FileNotFoundError:
            continue  # the parser names all that are missing at once
        except OSError as error:
            raise CommandError(
                _("%(name)s cannot be read: %(error)s") % {"name": path, "error": error.strerror}
            ) from error
    return files


def _years(seasons: str) -> range:
    """`1950` or `1950-1960`; everything for nothing."""
    if not seasons:
        return ALL_YEARS
    match = _SEASONS.fullmatch(seasons.strip())
    if match is None or int(match[2] or match[1]) < int(match[1]):
        raise CommandError(_("“%(seasons)s” are no seasons. Expected 1950 or 1950-1960.") % {"seasons": seasons})
    return range(int(match[1]), int(match[2] or match[1]) + 1)


def _listed(faults: tuple[Fault, ...]) -> str:
    lines = [f"\n{fault}" for fault in faults[:MOST_LISTED]]
    if len(faults) > MOST_LISTED:
        lines.append("\n" + _("… and %(number)s more (--json has them all).") % {"number": len(faults) - MOST_LISTED})
    return "".join(lines)


def _as_json(archive: Archive, reports: list[SeasonReport]) -> dict[str, Any]:
    """The keys are those of `import_results --json`; the seasons stand beside them."""
    return {
        "format": "f1db",
        "seasons": [
            {
                "season": str(report.year), "races": report.races, "read": report.read, "created": report.created,
                "differing": report.differing, "doubts": list(report.doubts),
                "facts": {novelty.model: novelty.number for novelty in report.novelties},
            }
            for report in reports
        ],
        "rows": {
            "read": sum(report.read for report in reports),
            "created": sum(report.created for report in reports),
            "changed": 0,
            "rejected": [_fault(fault) for fault in archive.rejected],
        },
        "doubts": [_fault(fault) for fault in archive.doubts],
    }  # fmt: skip


def _fault(fault: Fault) -> dict[str, Any]:
    return {"file": fault.file, "line": fault.line, "column": fault.column, "reason": fault.reason}
