"""What imports were not allowed to tell a car, and nobody tells it by itself: a person has to import the file again.

What opens by the clock runs no import. Results and crews of sessions show then, team and class do not.
"""

from __future__ import annotations

from django.utils.translation import gettext as _

from results.importers.loading.entries import LABELS
from results.importers.loading.statements import waiting_in
from results.models import ImportRun, Session, SessionCrewMember

MOST_CARS = 8


def warning_of(session: Session) -> str:
    """One sentence for the desk that names cars, columns and files; empty where nothing waits."""
    cars: dict[str, set[str]] = {}
    files: dict[str, None] = {}
    for run, statements in _newest(session):
        for label, columns in waiting_in(statements).items():
            cars.setdefault(label, set()).update(columns)
            files[run.document.name] = None
    crews = SessionCrewMember.objects.filter(session_entry__session=session).select_related("session_entry__entry")
    for label in {member.session_entry.entry.label for member in crews}:
        cars.get(label, set()).discard("crew")  # the session shows its own
    named = [
        f"#{label} ({', '.join(str(LABELS[column]) for column in LABELS if column in columns)})"
        for label, columns in cars.items()
        if columns
    ]
    if not named:
        return ""
    more = len(named) - MOST_CARS
    listed = ", ".join(named[:MOST_CARS]) + (_(" and %(number)s more") % {"number": more} if more > 0 else "")
    return _(
        "%(session)s: what the file says of %(cars)s was not taken over, for readers could not see it yet. It does not "
        "come by itself: once it is public, please import %(files)s once more."
    ) % {
        "session": session.name,
        "cars": listed,
        "files": ", ".join(_("“%(name)s”") % {"name": name} for name in files),
    }


def _newest(session: Session) -> list[tuple[ImportRun, dict[str, dict[str, str]]]]:
    """The last word of the files on each part of the session: its scorings and its laps."""
    runs = ImportRun.objects.filter(report__held__event=session.event_id, undone_at__isnull=True)
    found: dict[str, tuple[ImportRun, dict[str, dict[str, str]]]] = {}
    for run in runs.select_related("document").defer("document__content").order_by("-pk"):
        for key, statements in run.report.get("stated", {}).items():
            if key == f"{session.key}:laps" or key.startswith(f"{session.key}@"):
                found.setdefault(key, (run, statements))
    return list(found.values())
