"""`--same "Printed Name=slug"`: whom a person at the command line says the new names of a file mean."""

from __future__ import annotations

from collections.abc import Iterable

from django.utils.translation import gettext as _

from results.importers.match import full_name
from results.importers.records import ParsedFile, RowRecord
from results.models import Driver, Team
from results.names import fold


class NobodyOfThatName(Exception):  # noqa: N818 - reads as the sentence it stands for
    """The file has no such name or the database no such address; the message is one German sentence."""


def said_names(options: Iterable[str], files: Iterable[ParsedFile]) -> dict[str, int]:
    """The options as `ImportTarget.same`; raises NobodyOfThatName for the first that fits nothing."""
    options = list(options)
    if not options:
        return {}
    rows = [
        row
        for file in files
        for session in file.sessions
        for row in (*(session.classification or ()), *session.entries)
    ]
    drivers, teams = _drivers_of(rows), _teams_of(rows)
    same: dict[str, int] = {}
    for option in options:
        name, equals, slug = option.rpartition("=")
        if not equals or not fold(name):
            raise NobodyOfThatName(_("--same expects NAME=ADDRESS, not “%(option)s”.") % {"option": option})
        same |= _meant(name.strip(), slug.strip(), drivers, teams)
    return same


def _meant(name: str, slug: str, drivers: set[str], teams: set[str]) -> dict[str, int]:
    folded = fold(name)
    if folded not in drivers | teams:
        raise NobodyOfThatName(_("No file names “%(name)s”.") % {"name": name})
    models: list[tuple[str, type[Driver | Team], set[str]]] = [("driver", Driver, drivers), ("team", Team, teams)]
    for kind, model, names in models:
        pk = model._default_manager.filter(slug=slug).values_list("pk", flat=True).first()
        if folded in names and pk is not None:
            return {f"{kind}:{folded}": pk}
    raise NobodyOfThatName(_("Nobody has the address “%(slug)s”.") % {"slug": slug})


def _drivers_of(rows: list[RowRecord]) -> set[str]:
    return {fold(full_name(driver)) for row in rows for driver in row.drivers}


def _teams_of(rows: list[RowRecord]) -> set[str]:
    return {fold(row.team or row.entrant or "") for row in rows}
