"""Conditional requests: 304 before anything is built, compression, and a tag of its own for each of both forms.

The tag of an answer is `"<content>.<state>"`: what the body is, and at which state of the site it was made. Whoever comes
back with the state of now gets 304 after one small statement, from any process. If something has changed since, the
answer is built, and Django compares its content: an unchanged page is 304 all the same, and this process remembers that
this content stands at the new state, too. Compressed bodies end in `-gz`.

By the same state whole pages are kept (`racedesk.kept`): many readers of one page cost as much as many who have it.
"""

import gzip
import hashlib
import re
from collections import OrderedDict
from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseNotModified
from django.urls import Resolver404, resolve
from django.utils.cache import patch_vary_headers, set_response_etag
from django.utils.http import parse_etags

from racedesk import freshness
from racedesk.kept import Kept, KeptAnswers

GetResponse = Callable[[HttpRequest], HttpResponse]

# Never public: nothing to be asked of the database.
PRIVATE = ("/admin/", "/vorschau/", "/healthz")
TAG = re.compile(r'^(?P<weak>W/)?"(?P<content>[^"]+)\.(?P<state>[0-9a-f]{16})(?P<gz>-gz)?"$')
COMPRESSED = re.compile(r"^(?:text/|application/(?:[\w.+-]*\+)?(?:json|xml)\b|image/svg\+xml)")
WORTH_COMPRESSING = 500  # bytes; below, the head costs more than it saves
REMEMBERED = 4096
LONGEST_ADDRESS = 500  # of a page that is kept


class FreshnessMiddleware:
    """Stands outside of Django's ConditionalGetMiddleware, which gives every body its content tag and compares it."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response
        self.remembered: OrderedDict[str, str] = OrderedDict()
        self.kept = KeptAnswers(settings.KEPT_ANSWERS_BYTES)

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.method not in {"GET", "HEAD"} or request.path.startswith(PRIVATE) or settings.DEBUG:
            return self.get_response(request)
        # Asked before the page is built: a page may be newer than its tag says, never older.
        state = freshness.state() if _leads_somewhere(request.path_info) else None
        if state is None:
            return self.get_response(request)
        # The address is part of it: a tag is good for the page that it was given for.
        here = hashlib.sha256(f"{state}\0{_address(request)}".encode()).hexdigest()[:16]
        tags = self._tags(request)
        key = _key(request, tags)
        kept = self.kept.get(state, key) if key else None
        if (had := self._had(request, here, tags, kept)) is not None:
            return self._not_modified(had)
        return kept.answer() if kept else self._built(request, state, key, here, tags)

    def _had(self, request: HttpRequest, here: str, tags: list[re.Match[str]], kept: Kept | None) -> str | None:
        """The asker's tag for what stands there now, if he has one; somebody who is logged in is given the page."""
        if settings.SESSION_COOKIE_NAME in request.COOKIES:
            return None
        now = {self.remembered.get(here), kept.content_tag if kept else None}
        return next((tag[0] for tag in tags if tag["state"] == here or tag["content"] in now), None)

    def _built(
        self, request: HttpRequest, state: str, key: bytes | None, here: str, tags: list[re.Match[str]]
    ) -> HttpResponse:
        """The page built anew, and kept if it is one for everybody."""
        if tags:
            request.META["HTTP_IF_NONE_MATCH"] = ", ".join(f'{tag["weak"] or ""}"{tag["content"]}"' for tag in tags)
        response = self._finish(request, self.get_response(request), here, tags)
        given = TAG.match(response.get("ETag", ""))
        if key and given and _is_for_everybody(request, response):
            self.kept.put(state, key, response, given["content"])
        return response

    def _tags(self, request: HttpRequest) -> list[re.Match[str]]:
        """The tags of ours that the asker has, for the form of the answer that he would get now."""
        given = parse_etags(request.headers.get("If-None-Match", ""))
        matches = (TAG.match(tag) for tag in given)
        return [tag for tag in matches if tag and (not tag["gz"] or _accepts_gzip(request))]

    def _not_modified(self, tag: str) -> HttpResponse:
        answer = HttpResponseNotModified()
        answer["ETag"] = tag
        patch_vary_headers(answer, ["Accept-Encoding"])
        return answer

    def _finish(
        self, request: HttpRequest, response: HttpResponse, here: str, tags: list[re.Match[str]]
    ) -> HttpResponse:
        if not _is_public(request, response):
            return response
        if request.method == "HEAD" and response.status_code == 200 and not response.streaming:  # noqa: PLR2004
            set_response_etag(response)  # Django's middleware looks at GET alone
        content = response.get("ETag", "").removeprefix("W/").strip('"')
        if response.status_code == 304:  # noqa: PLR2004
            self._remember(here, content)
            # The name under which the asker keeps it: a new one would match nothing he has.
            kept = [tag[0] for tag in tags if tag["content"] == content]
            response["ETag"] = kept[0] if kept else f'"{content}.{here}"'
            patch_vary_headers(response, ["Accept-Encoding"])
            return response
        compressed = _compress(request, response)
        if content and response.status_code == 200:  # noqa: PLR2004
            weak = "W/" if response["ETag"].startswith("W/") else ""
            response["ETag"] = f'{weak}"{content}.{here}{"-gz" if compressed else ""}"'
        return response

    def _remember(self, here: str, content: str) -> None:
        self.remembered[here] = content
        while len(self.remembered) > REMEMBERED:
            self.remembered.popitem(last=False)


def _leads_somewhere(path: str) -> bool:
    """Addresses that cannot exist, which only scanners ask for, cost the database nothing."""
    try:
        resolve(path)
    except Resolver404:
        return False
    return True


def _address(request: HttpRequest) -> str:
    """Path and query as they came, byte by byte: two that only look alike when they are decoded are two."""
    return f"{request.META.get('PATH_INFO', '')}?{request.META.get('QUERY_STRING', '')}"


def _key(request: HttpRequest, tags: list[re.Match[str]]) -> bytes | None:
    """What makes two requests at one state the same; None for one whose answer is nobody else's, or no whole page.

    A digest, and none of what nobody would ask twice: a stranger chooses his address and his name for us at will.
    """
    names = {name.lower() for name in request.headers}
    conditions = {name for name in names if name.startswith("if-")} - ({"if-none-match"} if tags else set())
    if request.method != "GET" or request.COOKIES or conditions or {"authorization", "range"} & names:
        return None
    if len(_address(request)) > LONGEST_ADDRESS:
        return None
    words = (_address(request), request.headers.get("Host"), request.is_secure(), _accepts_gzip(request))
    return hashlib.sha256(repr(words).encode()).digest()


def _is_for_everybody(request: HttpRequest, response: HttpResponse) -> bool:
    """Whether a finished answer may be given to the next one who asks, as bytes and headers alone."""
    noted = vars(response).keys()  # for the middleware outside, which a copy would not tell
    return (
        response.status_code == 200  # noqa: PLR2004
        and not response.streaming
        and _is_public(request, response)
        and not any(name.startswith(("_csp_", "xframe_options_")) or name == "is_settling" for name in noted)
    )


def _accepts_gzip(request: HttpRequest) -> bool:
    """Whether the asker takes gzip; `gzip;q=0` says no."""
    for coding in request.headers.get("Accept-Encoding", "").lower().split(","):
        name, _semicolon, quality = coding.partition(";")
        if name.strip() == "gzip":
            return not re.fullmatch(r"\s*q=0(\.0*)?\s*", quality)
    return False


def _is_public(request: HttpRequest, response: HttpResponse) -> bool:
    """What `PublicCacheMiddleware` will let others store; nothing else is tagged or compressed."""
    personal = bool(response.cookies) or "Cookie" in response.get("Vary", "") or "authorization" in request.headers
    rule = response.get("Cache-Control", "")
    return not personal and "no-store" not in rule and "private" not in rule


def _compress(request: HttpRequest, response: HttpResponse) -> bool:
    """Compress a text; a public one holds no secret that its length could betray."""
    if response.streaming or response.has_header("Content-Encoding"):
        return False
    if not COMPRESSED.match(response.get("Content-Type", "")):
        return False
    patch_vary_headers(response, ["Accept-Encoding"])
    if not _accepts_gzip(request) or len(response.content) < WORTH_COMPRESSING:
        return False
    response.content = gzip.compress(response.content, compresslevel=6, mtime=0)
    response["Content-Encoding"] = "gzip"
    response["Content-Length"] = str(len(response.content))
    return True
