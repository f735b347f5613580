"""What holds for every answer: a line in the log, safe headers, cache rules, a limit to what may be asked."""

import re
import time
from collections.abc import Callable

import structlog
from django.conf import settings
from django.http import HttpRequest, HttpResponse

from racedesk import errors

log = structlog.get_logger("racedesk.request")

GetResponse = Callable[[HttpRequest], HttpResponse]

# Constant on purpose: a lifetime that shrinks towards the hour of publication would betray an embargo.
PUBLIC_CACHE_CONTROL = "public, max-age=10, s-maxage=30, stale-while-revalidate=20"
PRIVATE_CACHE_CONTROL = "private, no-store"


# Nothing of ours needs a sensor or a payment; a script that got in gets none either.
PERMISSIONS_POLICY = ", ".join(
    f"{feature}=()"
    for feature in (
        "accelerometer",
        "browsing-topics",
        "camera",
        "display-capture",
        "geolocation",
        "gyroscope",
        "magnetometer",
        "microphone",
        "midi",
        "payment",
        "publickey-credentials-get",
        "screen-wake-lock",
        "usb",
        "xr-spatial-tracking",
    )
)
# More than any page of ours asks for; beyond it somebody looks for a page that costs much.
QUERY_BYTES = 4096
QUERY_FIELDS = 100


# The token of a preview link opens the draft to everybody who reads it in a log.
_SECRET = re.compile(r"(?<=/vorschau/)[^/]+")


def _without_secrets(path: str) -> str:
    return _SECRET.sub("…", path)


class RequestLogMiddleware:
    """One line a request; values are JSON strings, so a newline in a path stays inside its line."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        started = time.perf_counter()
        response = self.get_response(request)
        log.info(
            "request",
            method=request.method,
            path=_without_secrets(request.path),
            status=response.status_code,
            ms=round((time.perf_counter() - started) * 1000, 1),
        )
        return response


OURS_ALONE = ("/admin/", "/vorschau/")


class HeadersMiddleware:
    """Safe headers for pages, files, redirects and refusals alike, also for those of other middleware."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response
        self.headers = {
            "X-Content-Type-Options": "nosniff",
            "Referrer-Policy": settings.SECURE_REFERRER_POLICY,
            "Cross-Origin-Opener-Policy": settings.SECURE_CROSS_ORIGIN_OPENER_POLICY,
            "Permissions-Policy": PERMISSIONS_POLICY,
            "Server": "racedesk",  # else the web server names itself
        }

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        for name, value in self.headers.items():
            response.headers.setdefault(name, value)
        if not getattr(response, "xframe_options_exempt", False):
            response.headers.setdefault("X-Frame-Options", settings.X_FRAME_OPTIONS)
        # Pictures, feeds and calendars are made for other sites; pages and what the desk alone sees are not.
        if request.path.startswith(OURS_ALONE) or response.headers.get("Content-Type", "").startswith("text/html"):
            response.headers.setdefault("Cross-Origin-Resource-Policy", "same-origin")
        return response


class QueryLimitMiddleware:
    """Refuses addresses with absurdly long or many parameters before anything is computed for them."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        query = request.META.get("QUERY_STRING", "")
        if len(query) > QUERY_BYTES or query.count("&") >= QUERY_FIELDS:
            return errors.page(400)
        return self.get_response(request)


class PublicCacheMiddleware:
    """Answers that carry a cookie, a session or a form token are never stored; all others get one constant lifetime."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if response.has_header("Cache-Control"):
            return response
        personal = bool(response.cookies) or "Cookie" in response.get("Vary", "") or "authorization" in request.headers
        cacheable = request.method in {"GET", "HEAD"} and response.status_code in {200, 301, 304, 404, 410}
        response["Cache-Control"] = PUBLIC_CACHE_CONTROL if cacheable and not personal else PRIVATE_CACHE_CONTROL
        return response
