"""Public pages of the facts: load, decide, render. Nothing here that is not released."""

from collections.abc import Iterable
from typing import Any

from django.db.models import Exists, OuterRef, QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from results import careers, entered, exports, schedule, selectors, statistics, weekend
from results.history import history_of
from results.models import Championship, Event, PrintedStanding, Season, Series
from results.shown import shown_classification
from results.standings.summaries import SeasonStandings, standings_around, standings_of_season
from results.surroundings import surroundings_of

LEADING = 2  # tables on the page of a series


@require_safe
def series_detail(request: HttpRequest, series: str) -> HttpResponse:
    found = selectors.get_series(series)
    seasons = list(seasons_of(found))
    scored = next((season for season in seasons if season.has_standings), None)
    results = selectors.latest_results(found)
    ranked, championships = newest_standings(seasons)
    # What we compute comes before what the organiser prints, unless he is a season ahead.
    is_printed = scored is not None and (ranked is None or seasons.index(scored) < seasons.index(ranked))
    context = {
        "series": found,
        "current_series": found.slug,
        "seasons": seasons,
        "latest": results[0] if results else None,
        "results": results[1:],
        "scored": scored,
        "standings": careers.standings_of(scored)[:LEADING] if scored and is_printed else [],
        "ranked": ranked,
        "championships": [] if is_printed or championships is None else championships.tables[:LEADING],
        "has_records": hasattr(found, "archive_span"),
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
        "championships": standings_of_season(found),
        "canonical_path": found.get_absolute_url(),
    }
    return render(request, "results/season_detail.html", context)


@require_safe
def event_detail(request: HttpRequest, series: str, season: str, event: str) -> HttpResponse:
    found = selectors.get_event(series, season, event)
    sessions = schedule.sessions_of(found)
    results = selectors.results_of(schedule.with_result(sessions))
    summaries = weekend.summaries_of(results)
    summed_up = {summary.session.pk for summary in summaries}
    context = {
        **event_context(found, sessions),
        "results": [result for result in results if result.session.pk not in summed_up],
        "summaries": summaries,
        "has_entries": entered.exists(found),
        "championships": standings_around(found),
        "broadcasts": found.broadcasts.filter(session__isnull=True),
        "canonical_path": found.get_absolute_url(),
    }
    return render(request, "results/event_detail.html", context)


@require_safe
def entry_list(request: HttpRequest, series: str, season: str, event: str) -> HttpResponse:
    found = selectors.get_event(series, season, event)
    entries = entered.shown_entries(request.GET, found)
    context = {
        **event_context(found, schedule.sessions_of(found, broadcasts=False)),
        "entries": entries,
        "canonical_path": entries.address,
    }
    return render(request, "results/entry_list.html", context)


@require_safe
def entry_list_export(request: HttpRequest, series: str, season: str, event: str, form: str) -> HttpResponse:
    found = selectors.get_event(series, season, event)
    entries = entered.shown_entries(request.GET, found)
    if not entries.facets.lines:
        raise Http404
    return exports.response_of(entered.sheet_of(found, entries), form)


@require_safe
def session_detail(request: HttpRequest, series: str, season: str, event: str, session: str) -> HttpResponse:
    found = selectors.get_event(series, season, event)
    sessions = schedule.sessions_of(found, broadcasts=False)
    current = selectors.get_session(session, sessions)
    shown = shown_classification(request.GET, current, history_of(current))
    around = surroundings_of(current, named=shown.cars if shown else ())
    context = {
        **event_context(found, sessions),
        "session": current,
        "parts": [part for part in sessions if part.parent_id == current.pk],
        "around": around,
        "versions": shown.as_of.classifications if shown else [],
        "has_appeal": shown is not None and shown.version.is_public and around.has_appeal(shown.version.checkpoint),
        "shown": shown,
        "statistics": statistics.statistics_of(current, shown.classification)
        if shown and shown.version.is_public and not shown.is_annulled
        else None,
        "canonical_path": current.get_absolute_url(),
    }
    return render(request, "results/session_detail.html", context)


@require_safe
def session_export(
    request: HttpRequest, *, series: str, season: str, event: str, session: str, form: str
) -> HttpResponse:
    found = selectors.get_event(series, season, event)
    current = selectors.get_session(session, schedule.sessions_of(found, broadcasts=False))
    shown = shown_classification(request.GET, current, history_of(current))
    if shown is None or shown.is_annulled:
        raise Http404
    return exports.response_of(shown.sheet(), form)


def seasons_of(series: Series) -> QuerySet[Season, Any]:
    """The public seasons, newest first, with `has_standings` (printed ones) and `has_championships`."""
    printed = Exists(PrintedStanding.objects.public().filter(season=OuterRef("pk")))
    ours = Exists(Championship.objects.public().filter(season=OuterRef("pk")))
    seasons = Season.objects.public().filter(series=series).select_related("series")
    return seasons.annotate(has_standings=printed, has_championships=ours)


def newest_standings(seasons: Iterable[Any]) -> tuple[Season | None, SeasonStandings | None]:
    """The newest of these seasons with tables of ours; looks no further than the one before the newest with rules."""
    for season in [one for one in seasons if one.has_championships][:2]:
        found = standings_of_season(season)
        if found.tables:
            return season, found
    return None, None


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
