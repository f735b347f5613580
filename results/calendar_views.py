"""The calendar over all series as a page, and the calendars that programs subscribe to."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from results import calendars, selectors
from results.yearly import ShownCalendar


@require_safe
def calendar(request: HttpRequest) -> HttpResponse:
    """All events by month, of one series or of all, of a year or from now on."""
    shown = ShownCalendar(request.GET)
    address = reverse("results:calendar")
    query = urlencode({name: shown.chosen[name] for name in ("serie", "jahr") if name in shown.chosen})
    context = {
        "shown": shown,
        "page_title": _("Race calendar"),
        "canonical_path": f"{address}?{query}" if query else address,
    }
    return render(request, "results/calendar.html", context)


@require_safe
def calendar_ics(request: HttpRequest, series: str | None = None) -> HttpResponse:
    """The calendar as a file, of a series or of all."""
    found = selectors.get_series(series) if series else None
    address = reverse("results:series-calendar-ics", args=[series]) if series else reverse("results:calendar-ics")
    name = found.slug if found else "kalender"
    answer = HttpResponse(calendars.write(found, address=address), content_type="text/calendar; charset=utf-8")
    answer["Content-Disposition"] = f'inline; filename="{name}.ics"'
    return answer
