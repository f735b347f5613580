"""Public pages of the facts: load, decide, render. Nothing here that is not released."""

from django.core.exceptions import BadRequest
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from results import careers, schedule, selectors
from results.filters import ClassificationFilter, ScoringForm
from results.models import Classification, Event, Season, Session
from results.tables import ClassificationTable

RACE_ORDER = ("position", "number", "crew", "result", "car_class", "...")
TIMED_ORDER = ("position", "number", "crew", "best_lap", "result", "car_class", "...")


@require_safe
def series_detail(request: HttpRequest, series: str) -> HttpResponse:
    found = selectors.get_series(series)
    context = {
        "series": found,
        "current_series": found.slug,
        "seasons": Season.objects.public().filter(series=found).select_related("series"),
        "results": selectors.latest_results(found),
        "canonical_path": found.get_absolute_url(),
    }
    return render(request, "results/series_detail.html", context)


@require_safe
def season_detail(request: HttpRequest, series: str, season: str) -> HttpResponse:
    found = selectors.get_season(series, season)
    context = {
        "season": found,
        "series": found.series,
        "current_series": found.series.slug,
        "calendar": selectors.calendar_of(found),
        "standings": careers.standings_of(found),
        "canonical_path": found.get_absolute_url(),
    }
    return render(request, "results/season_detail.html", context)


@require_safe
def event_detail(request: HttpRequest, series: str, season: str, event: str) -> HttpResponse:
    found = selectors.get_event(series, season, event)
    sessions = schedule.sessions_of(found)
    context = {
        **event_context(found, sessions),
        "results": selectors.results_of(schedule.with_result(sessions)),
        "broadcasts": found.broadcasts.filter(session__isnull=True),
        "canonical_path": found.get_absolute_url(),
    }
    return render(request, "results/event_detail.html", context)


@require_safe
def session_detail(request: HttpRequest, series: str, season: str, event: str, session: str) -> HttpResponse:
    found = selectors.get_event(series, season, event)
    sessions = schedule.sessions_of(found)
    current = selectors.get_session(session, sessions)
    versions = selectors.classifications_of(current)
    context = {
        **event_context(found, sessions),
        "session": current,
        "versions": versions,
        **(classification_context(request, current, versions) if versions else {}),
        "canonical_path": current.get_absolute_url(),
    }
    return render(request, "results/session_detail.html", context)


def event_context(event: Event, sessions: list[schedule.ClockedSession]) -> dict[str, object]:
    """What every page of an event shows."""
    series = event.season.series
    return {
        "event": event,
        "season": event.season,
        "series": series,
        "current_series": series.slug,
        "sessions": sessions,
    }


def classification_context(request: HttpRequest, session: Session, versions: list[Classification]) -> dict[str, object]:
    """The version asked for and its table; BadRequest for a choice that does not exist."""
    scoring = ScoringForm(request.GET, versions=versions)
    if not scoring.is_valid():
        raise BadRequest("no such scoring")
    classification = scoring.version
    facets = selectors.facets_of(classification)
    rows = ClassificationFilter(
        request.GET, selectors.rows_of(classification), facets=facets, checkpoints=scoring.names
    )
    if not rows.is_valid():
        raise BadRequest("no such choice")
    table = ClassificationTable(
        rows.qs,
        caption=session.name,
        best_lap_ms=facets.best_lap_ms,
        chosen=rows.chosen,
        sequence=TIMED_ORDER if session.is_timed else RACE_ORDER,
    )
    return {"classification": classification, "facets": facets, "filter": rows, "table": table}
