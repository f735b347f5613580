"""Error pages: German, without stack, cookie or query, so that they stand when the database is down."""

import sys
from collections.abc import Sequence

from django.conf import settings
from django.core.exceptions import BadRequest
from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse
from django.template import loader

from articles.body import to_plain_text
from articles.comparison import PARTS, label

# Forms that hold somebody's work; what is sent to the others, such as a password, is never shown again.
DESKS = ("/admin/articles/", "/admin/results/")
NO_WORDS = frozenset({"csrfmiddlewaretoken", "form_key", "saved_key", "kind", "language", "slug"})


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    return page(400)


def permission_denied(request: HttpRequest, exception: Exception) -> HttpResponse:
    return page(403, texts=texts_sent(request))


def page_not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    """The same bytes for what never was and for what must not be seen."""
    return page(404)


def server_error(request: HttpRequest) -> HttpResponse:
    """500; 503 with Retry-After while the database does not answer, for that heals by itself."""
    if isinstance(sys.exc_info()[1], (OperationalError, InterfaceError)):
        response = page(503, texts=texts_sent(request))
        response["Retry-After"] = "1"
        return response
    return page(500, texts=texts_sent(request))


def texts_sent(request: HttpRequest) -> list[tuple[str, str]]:
    """The words of a form of the desk that was refused, by field: whoever wrote them shall be able to copy them."""
    if request.method != "POST" or not request.path.startswith(DESKS):
        return []
    try:
        sent = {name: str(value).strip() for name, value in request.POST.items() if name not in NO_WORDS}
    except (OSError, ValueError, UnicodeError, BadRequest):  # what cannot be read cannot be given back
        return []
    return [
        (str(label(name)) if name in PARTS else name, to_plain_text(value) if name == "body" else value)
        for name, value in sent.items()
        if value and ((name in PARTS and not value.isdecimal()) or any(map(str.isspace, value)))
    ]


def page(status: int, *, texts: Sequence[tuple[str, str]] = ()) -> HttpResponse:
    """The page of that status; rendered without the request, so that no context processor can ask anything."""
    html = loader.get_template(f"{status}.html").render(
        {"site_name": settings.SITE_NAME, "site_url": settings.SITE_URL, "texts": texts}
    )
    return HttpResponse(html, status=status)
