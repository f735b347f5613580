"""Views of the site itself: health and refusals."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """A form without a valid token: say what to do, reveal nothing."""
    return render(request, "403_csrf.html", status=403)
