"""Devices on which somebody has logged in before: strangers' wrong passwords do not lock their owner out there.

The cookie only says which count an attempt belongs to; it opens nothing. (The pattern is OWASP's "device cookies".)
"""

import datetime as dt
import secrets

from django.conf import settings
from django.core import signing
from django.http import HttpRequest, HttpResponse
from django.utils.crypto import salted_hmac

SALT = "racedesk.accounts.device"
LIFETIME = dt.timedelta(days=90)


def known_device(request: HttpRequest, username: str) -> str:
    """The number of this device if that account has used it before, else an empty string."""
    try:
        account, number = signing.loads(
            request.COOKIES.get(settings.DEVICE_COOKIE_NAME, ""), salt=SALT, max_age=LIFETIME
        )
    except (signing.BadSignature, ValueError, TypeError):
        return ""
    return str(number) if account == _account(username) else ""


def remember_device(response: HttpResponse, username: str) -> None:
    """Let the browser know itself again at the next login of that account."""
    response.set_cookie(
        settings.DEVICE_COOKIE_NAME,
        signing.dumps([_account(username), secrets.token_urlsafe(16)], salt=SALT),
        max_age=LIFETIME,
        secure=settings.HTTPS,
        httponly=True,
        samesite="Lax",
    )


def _account(username: str) -> str:
    return salted_hmac(SALT, username.lower(), algorithm="sha256").hexdigest()
