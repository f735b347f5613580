"""Views of the site itself: health and refusals."""

from contextlib import closing

from django.db import Error, connection
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from racedesk import jobs

PROBE_SECONDS = 2  # the shortest time that libpq can wait for a connection


@require_safe
def healthz(_request: HttpRequest) -> HttpResponse:
    """200 when the site can answer readers; 503 with Retry-After when the database has not answered in time.

    `jobs` tells whoever watches that the worker is away; readers do not notice, so the status stays "ok".
    """
    if (waiting := _ask_database()) is not None:
        return JsonResponse({"status": "ok", "database": "ok", "jobs": waiting}, headers={"Cache-Control": "no-store"})
    return JsonResponse(
        {"status": "unavailable", "database": "unavailable"},
        status=503,
        headers={"Cache-Control": "no-store", "Retry-After": str(PROBE_SECONDS)},
    )


def _ask_database() -> dict[str, int | None] | None:
    """How long jobs have been waiting; None when the database does not answer in time."""
    # A connection of its own: one that a page has opened waits without limit for a server that hangs.
    probe = connection.copy()
    options = probe.settings_dict.get("OPTIONS", {})
    limit = f"{options.get('options', '')} -c statement_timeout={PROBE_SECONDS}s"
    probe.settings_dict["OPTIONS"] = {**options, "connect_timeout": PROBE_SECONDS, "options": limit}
    try:
        with closing(probe), probe.cursor() as cursor:
            return jobs.waiting(cursor)
    except Error:
        return None


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """A form without a valid token: say what to do, reveal nothing."""
    return render(request, "403_csrf.html", status=403)
