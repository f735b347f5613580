"""Who keeps asking for pictures that are not there tells us by it: twenty times in a minute is one line of alarm.

Somebody who waits for an embargoed picture polls. Counted per asker over all processes of this machine in one small
file of times, not in the database: an anonymous request that finds nothing must cost next to nothing.
"""

import contextlib
import fcntl
import hashlib
import os
import struct
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import structlog
from django.conf import settings
from django.http import HttpRequest, HttpResponse

from racedesk.accounts.client import client_network

log = structlog.get_logger("racedesk.media")

POLLS = 20
WINDOW_SECONDS = 60.0
# Askers share a place when their addresses hash to the same one: an alarm too early, never one too few.
PLACES = 512
_PLACE = struct.Struct(f"={POLLS}dd")  # the latest times and when the last alarm was raised


class MediaWatchMiddleware:
    """Counts the pictures that were asked for and are not there."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if response.status_code == 404 and request.path.startswith(settings.MEDIA_URL):  # noqa: PLR2004
            asker = client_network(request)
            if note(asker):
                asked = {"client": asker, "path": request.path}
                log.warning("absent media polled", alarm="media", polls=POLLS, seconds=int(WINDOW_SECONDS), **asked)
        return response


def note(asker: str, *, now: float | None = None) -> bool:
    """Count one request of an asker; whether it is the twentieth within a minute and no alarm was raised in that time."""
    moment = time.time() if now is None else now
    # A disk that is full or read only must not turn a 404 into an error.
    with contextlib.suppress(OSError), _place_of(asker) as (handle, offset):
        stored = os.pread(handle, _PLACE.size, offset).ljust(_PLACE.size, b"\0")
        *times, alarmed = _PLACE.unpack(stored)
        times = [*times[1:], moment]
        is_alarm: bool = moment - times[0] <= WINDOW_SECONDS < moment - alarmed
        os.pwrite(handle, _PLACE.pack(*times, moment if is_alarm else alarmed), offset)
        return is_alarm
    return False


@contextlib.contextmanager
def _place_of(asker: str) -> Iterator[tuple[int, int]]:
    """The file, locked, and where in it this asker's times stand."""
    secret = f"{settings.SECRET_KEY}{asker}".encode()
    place = int.from_bytes(hashlib.sha256(secret).digest()[:8]) % PLACES
    handle = os.open(_path(), os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW | os.O_CLOEXEC, 0o600)
    try:
        if os.fstat(handle).st_uid != os.getuid():
            raise PermissionError
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield handle, place * _PLACE.size
    finally:
        os.close(handle)


def _path() -> Path:
    """One file a media folder and user, all processes of a site share it."""
    site = hashlib.sha256(f"{settings.MEDIA_ROOT}".encode()).hexdigest()[:16]
    return Path(tempfile.gettempdir()) / f"racedesk-media-{os.getuid()}-{site}"
