"""Public pages of the laps. They exist only where readers may see the laps of a session."""

from django.core.exceptions import BadRequest
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from results import laps, schedule, selectors, versus
from results.filters import ClassForm
from results.lap_tables import DriverBestTable, LapCarTable
from results.models import Session
from results.one_car import shown_car


@require_safe
def session_laps(request: HttpRequest, series: str, season: str, event: str, session: str) -> HttpResponse:
    lap_set = laps.get_lap_set(series, season, event, session)
    cars = list(laps.cars_with_laps(lap_set.session))
    bests = list(laps.driver_bests(lap_set.session))
    form = ClassForm(request.GET, cars=cars)
    if not form.is_valid():
        raise BadRequest("no such class")
    context = {
        **session_context(lap_set.session),
        "lap_set": lap_set,
        "form": form,
        "has_pair": len(cars) > 1,
        "class_bests": laps.best_of_each_class(bests),
        "cars": LapCarTable(form.within(cars), session=lap_set.session, caption=_("Cars")),
        "drivers": DriverBestTable(form.within(bests), session=lap_set.session, caption=_("Best laps of the drivers")),
        "canonical_path": reverse("results:session-laps", args=[series, season, event, session]),
    }
    return render(request, "results/session_laps.html", context)


@require_safe
def car_laps(request: HttpRequest, *, series: str, season: str, event: str, session: str, car: str) -> HttpResponse:
    lap_set = laps.get_lap_set(series, season, event, session)
    context = {
        **session_context(lap_set.session),
        "lap_set": lap_set,
        "shown": shown_car(lap_set.session, car),
        "canonical_path": reverse("results:car-laps", args=[series, season, event, session, car]),
    }
    return render(request, "results/car_laps.html", context)


@require_safe
def head_to_head(request: HttpRequest, series: str, season: str, event: str, session: str) -> HttpResponse:
    found = selectors.get_event(series, season, event)
    current = selectors.get_session(session, schedule.sessions_of(found, broadcasts=False))
    cars = versus.cars_of(current)
    if not cars.can_be_compared:
        raise Http404
    form = versus.DuelForm(versus.asked_or_first(request.GET, cars), cars=cars)
    if not form.is_valid():
        raise BadRequest("no such pair")
    context = {
        **session_context(current),
        "form": form,
        "has_laps": cars.has_laps,
        "versus": versus.compare(cars, form.cleaned_data["a"], form.cleaned_data["b"]),
        "canonical_path": reverse("results:head-to-head", args=[series, season, event, session]),
    }
    return render(request, "results/head_to_head.html", context)


def session_context(session: Session) -> dict[str, object]:
    """What every page below a session shows."""
    event = session.event
    series = event.season.series
    return {
        "session": session,
        "event": event,
        "season": event.season,
        "series": series,
        "current_series": series.slug,
    }
