"""Who works on results of an event waits for whoever does: by its sessions, in one order."""

from django.db.models import QuerySet

from results.models import Session


def lock_sessions(sessions: QuerySet[Session]) -> None:
    """Decisions of a session, its versions and its deleted laps come one after the other; always in one order."""
    list(sessions.order_by("pk").select_for_update(no_key=True, of=("self",)).values_list("pk"))
