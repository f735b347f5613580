"""Request log and cache headers of public answers."""

import time
from collections.abc import Callable

import structlog
from django.http import HttpRequest, HttpResponse

log = structlog.get_logger("racedesk.request")

GetResponse = Callable[[HttpRequest], HttpResponse]

# Constant on purpose: a lifetime that shrinks towards the hour of publication would betray an embargo.
PUBLIC_CACHE_CONTROL = "public, max-age=10, s-maxage=30, stale-while-revalidate=20"
PRIVATE_CACHE_CONTROL = "private, no-store"


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
            path=request.path,
            status=response.status_code,
            ms=round((time.perf_counter() - started) * 1000, 1),
        )
        return response


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
