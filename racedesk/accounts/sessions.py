"""How long a login lasts: eight hours without a request to the desk, seven days in all. The SESSION_ENGINE of racedesk."""

import time
from collections.abc import Callable
from typing import Any

from django.contrib.auth import SESSION_KEY
from django.contrib.auth.models import User
from django.contrib.sessions.backends import db
from django.http import HttpRequest, HttpResponse

LONGEST_SECONDS = 7 * 24 * 60 * 60
REFRESH_SECONDS = 60  # an active person costs one write a minute
LOGGED_IN_AT = "logged_in_at"
SEEN_AT = "seen_at"


class SessionStore(db.SessionStore):
    """Sessions in the database; a login past its longest time is deleted when it is next shown."""

    def load(self) -> dict[str, Any]:
        data: dict[str, Any] = super().load()
        if SESSION_KEY in data and time.time() - data.get(LOGGED_IN_AT, 0) > LONGEST_SECONDS:
            self.delete(self.session_key)
            self._session_key = None
            return {}
        return data


def stamp_login(sender: type[User], request: HttpRequest, user: User, **_signal: Any) -> None:
    """Receiver of `user_logged_in`: from here on the longest time runs, under a number that nobody knew before."""
    if LOGGED_IN_AT in request.session:  # Django keeps the number of somebody who logs in a second time
        request.session.cycle_key()
    request.session[LOGGED_IN_AT] = request.session[SEEN_AT] = int(time.time())


class IdleSessionMiddleware:
    """Moves the end of a session on while somebody works. Pages that did not ask who is there stay public."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        session = request.session
        if getattr(response, "is_no_activity", False):  # a heartbeat of a page that stands open
            return response
        if session.accessed and SESSION_KEY in session and time.time() - session.get(SEEN_AT, 0) > REFRESH_SECONDS:
            session[SEEN_AT] = int(time.time())  # saved by Django's middleware, with a new end and a new cookie
        return response
