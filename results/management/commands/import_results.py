"""Imports timing and results files: `import_results FILE... [--event SLUG --session KEY | --create …]`.

The options are a contract (docs/formats.md): recognised by content, one transaction for all files of a call, errors in
German on standard error with exit status 1 and nothing written.
"""

from __future__ import annotations

import datetime as dt
import json
from argparse import ArgumentParser
from dataclasses import replace
from pathlib import Path
from typing import Any

from django.core.management.base import CommandError
from django.db import InterfaceError, OperationalError, transaction
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from results.importers import document
from results.importers.encoding import RESULTS_LIMIT, decode
from results.importers.load import commit, plan
from results.importers.mapping import Mapping
from results.importers.plan import ImportRefused, ImportTarget, Plan, Upload, plan_as_json, refusal_as_json
from results.importers.proposals import propose
from results.importers.records import FileRefused, ParsedFile, Problem
from results.importers.remembered import parse, remember_mapping
from results.importers.said_names import NobodyOfThatName, said_names
from results.importers.tally import created_in_words, tally
from results.management.options import ContractCommand
from results.models import Event, SessionKind

MOST_LISTED = 40  # doubts and faults shown as text; --json has them all


class _Unreadable(Exception):  # noqa: N818 - the file is
    """A file that cannot be read, with the German sentence why."""


class Command(ContractCommand):
    help = "Imports results and laps from timing files or the exchange format; the same file again changes nothing."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("files", nargs="*", metavar="FILE")
        parser.add_argument("--event", default="", metavar="SLUG", help="existing event: slug or series/season/slug")
        parser.add_argument("--session", default="", metavar="KEY", help="key of the session, such as Q or R")
        parser.add_argument("--create", action="store_true", help="create what is missing")
        parser.add_argument("--series", default="", metavar="S")
        parser.add_argument("--season", default="", metavar="L")
        parser.add_argument("--name", default="", metavar="N", help="name of the event")
        parser.add_argument("--date", default="", metavar="D", help="day at the venue, 2025-03-22")
        parser.add_argument("--zone", default="", metavar="Z", help="time zone of the venue, Europe/Berlin")
        parser.add_argument(
            "--kind", default="", metavar="K", help=f"kind of a new session: {', '.join(SessionKind.values)}"
        )
        parser.add_argument("--part", default="", metavar="YEAR", help="which year of a table that holds several")
        parser.add_argument(
            "--mapping", default="", metavar="FILE", help="JSON: what the columns of a plain table mean"
        )
        parser.add_argument("--source", default="", metavar="NAME", help="remember the mapping for, or take it from")
        parser.add_argument("--accept", action="store_true", help="change published results; needs --reason")
        parser.add_argument("--reason", default="", metavar="TEXT")
        parser.add_argument(
            "--same", action="append", default=[], metavar="NAME=SLUG",
            help='a new name of the file is this known driver or team: "Maxi Goetz=maximilian-goetz"; repeatable',
        )  # fmt: skip
        parser.add_argument("--dry-run", action="store_true", help="say what would happen, write nothing")
        parser.add_argument("--json", action="store_true", help="answer as JSON")

    def handle(self, *args: Any, files: list[str], **options: Any) -> None:
        try:
            self._import(files, options)
        except _Unreadable as error:
            if options["json"]:
                self._print_json([refusal_as_json(str(error))])
            raise CommandError(str(error)) from error
        except (OperationalError, InterfaceError) as error:
            raise CommandError(
                _("The database went away during the import. Nothing was written; please try again.")
            ) from error

    def _import(self, files: list[str], options: dict[str, Any]) -> None:
        if not files:
            raise CommandError(_("No file is named."))
        if options["accept"] and not options["reason"].strip():
            raise CommandError(_("--accept needs --reason with the reason of the change."))
        mapping = _mapping(Path(options["mapping"])) if options["mapping"] else None
        target = _target(options)
        uploads = [_read(Path(name)) for name in files]
        parsed = [_parse(upload, mapping, options) for upload in uploads]
        try:
            target = replace(target, same=said_names(options["same"], parsed))
        except NobodyOfThatName as error:
            raise CommandError(str(error)) from error
        plans: list[Plan] = []
        try:
            with transaction.atomic():
                for upload, records in zip(uploads, parsed, strict=True):
                    plans.append(self._import_one(upload, records, target, options))
                if mapping is not None and options["source"].strip() and not options["dry_run"]:
                    remember_mapping(mapping, source=options["source"], by=None)
        except ImportRefused as refusal:
            if options["json"]:
                self._print_json([plan_as_json(one) for one in (*plans, refusal.plan)], several=len(files) > 1)
            name = uploads[len(plans)].name
            raise CommandError(f"{name}: {_explain(refusal)}") from refusal
        self._answer(uploads, plans, options)

    def _import_one(self, upload: Upload, parsed: ParsedFile, target: ImportTarget, options: dict[str, Any]) -> Plan:
        if not options["dry_run"]:
            return commit(
                parsed, upload, target=target, by=None, accept=options["accept"], reason=options["reason"]
            ).plan
        planned = plan(parsed, target=target)
        if planned.missing or planned.rejected:
            raise ImportRefused(_("Nothing can be imported."), planned)
        return planned

    def _answer(self, uploads: list[Upload], plans: list[Plan], options: dict[str, Any]) -> None:
        if options["json"]:
            self._print_json([plan_as_json(one) for one in plans])
            return
        for upload, done in zip(uploads, plans, strict=True):
            for line in _in_words(upload.name, done, dry_run=options["dry_run"]):
                self.stdout.write(line)

    def _print_json(self, answers: list[dict[str, Any]], *, several: bool = False) -> None:
        answer = answers if several or len(answers) > 1 else answers[0]
        self.stdout.write(json.dumps(answer, ensure_ascii=False, indent=1))


def _target(options: dict[str, Any]) -> ImportTarget:
    if options["kind"] and options["kind"] not in SessionKind.values:
        raise CommandError(
            _("“%(kind)s” is no kind of session. There are: %(kinds)s.")
            % {"kind": options["kind"], "kinds": ", ".join(SessionKind.values)}
        )
    return ImportTarget(
        event=_event(options["event"]) if options["event"] else None,
        session=options["session"].strip(),
        kind=options["kind"],
        create=options["create"],
        series=options["series"].strip(),
        season=options["season"].strip(),
        name=options["name"].strip(),
        date=_date(options["date"]) if options["date"] else None,
        zone=options["zone"].strip(),
    )


def _event(address: str) -> Event:
    """The event of a slug, alone if it is the only one, else as series/season/slug."""
    *parents, slug = address.strip("/").split("/")
    events = Event.objects.select_related("season__series").filter(slug=slug)
    if len(parents) == 2:  # noqa: PLR2004 - series and season
        events = events.filter(season__series__slug=parents[0], season__slug=parents[1])
    elif parents:
        events = events.none()
    found = list(events[:10])
    if not found:
        raise CommandError(_("There is no event “%(address)s”.") % {"address": address})
    if len(found) > 1:
        known = ", ".join(f"{one.season.series.slug}/{one.season.slug}/{one.slug}" for one in found)
        raise CommandError(
            _("There are several events “%(address)s”: %(known)s.") % {"address": address, "known": known}
        )
    return found[0]


def _date(text: str) -> dt.date:
    try:
        return dt.date.fromisoformat(text.strip())
    except ValueError as error:
        raise CommandError(_("“%(text)s” is no day. Expected: 2025-03-22.") % {"text": text}) from error


def _read(path: Path) -> Upload:
    """The bytes of a file, its size looked at first."""
    try:
        if path.stat().st_size > RESULTS_LIMIT:
            raise _Unreadable(
                _("%(name)s is larger than %(limit)s MB.") % {"name": path.name, "limit": RESULTS_LIMIT // 2**20}
            )
        return Upload(path.name, path.read_bytes())
    except FileNotFoundError as error:
        raise _Unreadable(_("There is no file %(name)s.") % {"name": path}) from error
    except IsADirectoryError as error:
        raise _Unreadable(_("%(name)s is a folder, no file.") % {"name": path}) from error
    except OSError as error:
        raise _Unreadable(_("%(name)s may not be read.") % {"name": path}) from error


def _parse(upload: Upload, mapping: Mapping | None, options: dict[str, Any]) -> ParsedFile:
    try:
        return parse(upload.content, name=upload.name, mapping=mapping, part=options["part"], source=options["source"])
    except FileRefused as refusal:
        raise _Unreadable(f"{upload.name}: {refusal}") from refusal


def _mapping(path: Path) -> Mapping:
    """The meaning of columns from a file as `Mapping.to_json` writes it."""
    upload = _read(path)
    try:
        return Mapping.from_json(document.load(decode(upload.content).text))
    except FileRefused as refusal:
        raise _Unreadable(f"{upload.name}: {refusal}") from refusal


def _explain(refusal: ImportRefused) -> str:
    """The refusal with what to do about it."""
    refused = refusal.plan
    if refused.rejected:
        return "\n".join([_("Nothing was imported: the file has faults."), *_listed(refused.rejected)])
    if refused.missing:
        options = ", ".join(f"--{field}" for field in refused.missing)
        return _("The file does not say where it belongs. Missing: %(options)s (or --event with --session).") % {
            "options": options
        }
    if refused.changes_published:
        return _("%(refusal)s Take over with: --accept --reason TEXT") % {"refusal": refusal}
    return str(refusal)


def _listed(problems: tuple[Problem, ...]) -> list[str]:
    lines = [f"  {_where(problem)}{problem.reason}" for problem in problems[:MOST_LISTED]]
    rest = len(problems) - len(lines)
    return lines + ([ngettext("  and %(n)s more", "  and %(n)s more", rest) % {"n": rest}] if rest else [])


def _where(problem: Problem) -> str:
    """`Zeile 7, GAP: ` before a reason."""
    parts = [_("line %(line)s") % {"line": problem.line}] if problem.line is not None else []
    parts += [problem.column] if problem.column else []
    place = ", ".join(parts)
    return f"{place[:1].upper()}{place[1:]}: " if place else ""


def _in_words(name: str, done: Plan, *, dry_run: bool) -> list[str]:
    """The report of one file, line by line."""
    read = _("%(read)s lines read") % {"read": done.rows_read}
    said = ", ".join(part for part in (read, tally(done)) if part)
    head = f"{name} ({done.format}): {said}."
    lines = [_("Dry run, nothing is written. ") + head if dry_run else head]
    if done.event:
        lines.append(f"  {done.series} {done.season} · {done.event} ({done.event_slug})")
    if done.rows_created and done.created:  # else the first line says it
        lines.append(f"  {created_in_words(done)}")
    for session in done.sessions:
        lines += [f"  {session.key}: {change}" for change in session.changes]
    lines += [f"  {change.subject}, {change.column}: {change.before} → {change.after}" for change in done.changes]
    if dry_run and done.changes_published:
        lines.append(_("Published results would change: that needs --accept --reason TEXT."))
    if done.doubts:
        lines += [_("Please check:"), *_listed(done.doubts)]
    return lines + (_perhaps_known(done) if dry_run else [])


def _perhaps_known(done: Plan) -> list[str]:
    """The new names with whom they may mean and the option that says so."""
    likely = [(one.newcomer, one.candidates[0]) for one in propose(done) if one.candidates]
    lines = [
        f'  {new.name}: {best.name} ({", ".join(best.reasons)}) · --same "{new.name}={best.slug}"'
        for new, best in likely[:MOST_LISTED]
    ]
    return [_("Perhaps known already:"), *lines] if lines else []
