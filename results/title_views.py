"""The public page of a title: who can still win it, by what, and the game. Nothing here that is not released."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from results.models import Championship
from results.standings.shown import Places
from results.standings.title_race import TitleRace, title_race
from results.title_game import GameForm, outcome_of
from results.title_page import TitlePage

BAD_REQUEST = 400


@require_safe
def title(request: HttpRequest, series: str, season: str, key: str) -> HttpResponse:
    race = get_title_race(series, season, key)
    form = GameForm(request.GET, race=race) if race.survey.can_be_played else None
    is_refused = form is not None and not form.is_valid()
    context = {
        **_context(race),
        "page": TitlePage(race),
        "form": form,
        "outcome": outcome_of(form) if form and not is_refused else None,
        "game_path": reverse("results:title-game", args=[series, season, key]),
        "canonical_path": reverse("results:title", args=[series, season, key]),
        "is_indexed": not request.GET,
    }
    return render(request, "results/title.html", context, status=BAD_REQUEST if is_refused else None)


@require_safe
def title_game(request: HttpRequest, series: str, season: str, key: str) -> HttpResponse:
    """What follows from a move, as data: `headline`, `rows`, `sentences`; 400 with `errors` for one that cannot be."""
    race = get_title_race(series, season, key)
    if not race.survey.can_be_played:
        raise Http404
    form = GameForm(request.GET, race=race)
    if not form.is_valid() or form.is_former:
        errors = [str(error) for found in form.errors.values() for error in found] or [form.former_words]
        response = JsonResponse({"errors": errors}, status=BAD_REQUEST)
    else:
        response = JsonResponse(outcome_of(form).as_data(), json_dumps_params={"ensure_ascii": False})
    response["X-Robots-Tag"] = "noindex"
    return response


def get_title_race(series: str, season: str, key: str) -> TitleRace:
    """The title of a public championship. Http404 where readers see no table of it."""
    found = (
        Championship.objects.public()
        .filter(season__series__slug=series, season__slug=season, key=key)
        .select_related("season__series", "racing_class")
        .first()
    )
    race = title_race(found) if found else None
    if race is None:
        raise Http404
    return race


def _context(race: TitleRace) -> dict[str, Any]:
    season = race.championship.season
    return {
        "championship": race.championship,
        "shown": Places(race.championship),
        "season": season,
        "series": season.series,
        "current_series": season.series.slug,
        "race": race,
    }
