"""Error pages: German, without stack, cookie or query, so that they stand when the database is down."""

import sys

from django.conf import settings
from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse
from django.template import loader


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    return page(400)


def permission_denied(request: HttpRequest, exception: Exception) -> HttpResponse:
    return page(403)


def page_not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    """The same bytes for what never was and for what must not be seen."""
    return page(404)


def server_error(request: HttpRequest) -> HttpResponse:
    """500; 503 with Retry-After while the database does not answer, for that heals by itself."""
    if isinstance(sys.exc_info()[1], (OperationalError, InterfaceError)):
        response = page(503)
        response["Retry-After"] = "1"
        return response
    return page(500)


def page(status: int) -> HttpResponse:
    """The page of that status; rendered without the request, so that no context processor can ask anything."""
    html = loader.get_template(f"{status}.html").render(
        {"site_name": settings.SITE_NAME, "site_url": settings.SITE_URL}
    )
    return HttpResponse(html, status=status)
