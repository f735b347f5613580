"""Public pages of the records of a series."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from results import exports, selectors
from results.records import shown_records


@require_safe
def series_records(request: HttpRequest, series: str) -> HttpResponse:
    found = selectors.get_series(series)
    records = shown_records(request.GET, found)
    context = {
        "series": found,
        "current_series": found.slug,
        "records": records,
        "canonical_path": records.address,
    }
    return render(request, "results/series_records.html", context)


@require_safe
def series_records_export(request: HttpRequest, series: str, form: str) -> HttpResponse:
    records = shown_records(request.GET, selectors.get_series(series))
    if not records.rows:
        raise Http404
    return exports.response_of(records.sheet(), form)
