"""The charts of a session: a page with one of them in words, as picture or table, and the picture as a file."""

from django.core.exceptions import BadRequest
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.http import urlencode
from django.views.decorators.http import require_safe

from results import charts, schedule, selectors
from results.filters import ChartForm
from results.models import Session
from results.traces import field_of
from results.views import event_context


@require_safe
def session_charts(request: HttpRequest, series: str, season: str, event: str, session: str) -> HttpResponse:
    found = selectors.get_event(series, season, event)
    sessions = schedule.sessions_of(found)
    current = selectors.get_session(session, sessions)
    kinds = charts.kinds_for(is_timed=current.is_timed)
    context = {
        **event_context(found, sessions),
        **chart_context(request, current, request.GET.get("bild") or next(iter(kinds))),
        "session": current,
        "kinds": kinds,
        "canonical_path": charts_path(current),
    }
    return render(request, "results/session_charts.html", context)


@require_safe
def session_chart_svg(
    request: HttpRequest, series: str, season: str, event: str, session: str, *, kind: str
) -> HttpResponse:
    found = selectors.get_event(series, season, event)
    current = selectors.get_session(session, schedule.sessions_of(found))
    if kind not in charts.kinds_for(is_timed=current.is_timed):
        raise Http404
    context = {**chart_context(request, current, kind), "name": "chart", "standalone": True}
    return render(request, "results/charts/chart.svg", context, content_type="image/svg+xml")


def chart_context(request: HttpRequest, session: Session, kind: str) -> dict[str, object]:
    """The chart asked for. Http404 where readers may not see laps, BadRequest for a choice that does not exist."""
    field = field_of(session, with_stints=kind == "stints")
    if not field:
        raise Http404
    form = ChartForm(
        request.GET, kinds=charts.kinds_for(is_timed=session.is_timed), numbers=[car.number for car in field]
    )
    if not form.is_valid():
        raise BadRequest("no such chart")
    chosen = form.cleaned_data["auto"]
    return {
        "chart": charts.draw(kind, field, chosen),
        "field": field,
        "chosen": chosen,
        "as_table": bool(form.cleaned_data["tabelle"]),
        "heading": f"{session.event.name}, {session.name}",
        "address": urlencode({"bild": kind, "auto": chosen}, doseq=True),
        "svg_path": f"{charts_path(session)}{kind}.svg",
    }


def charts_path(session: Session) -> str:
    season = session.event.season
    return reverse("results:session-charts", args=[season.series.slug, season.slug, session.event.slug, session.slug])
