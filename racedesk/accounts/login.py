"""The login form of the desk: as Django's, but it listens only so often."""

from http import HTTPStatus
from typing import Any

from django import forms
from django.contrib.admin.forms import AdminAuthenticationForm
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from racedesk.accounts import throttle
from racedesk.accounts.client import client_network
from racedesk.accounts.devices import known_device, remember_device

PER_ACCOUNT = throttle.Limit("login-account", 10)
PER_ADDRESS = throttle.Limit("login-address", 50)
PER_DEVICE = throttle.Limit("login-device", 10)
PASSWORD_LENGTH = 1024  # signs; hashing megabytes of a stranger's would be work for nothing


class LoginForm(AdminAuthenticationForm):
    """Known and unknown accounts are counted and answered alike, and a refused attempt is not looked at.

    The same work either way: Django hashes a password for accounts that do not exist, too.
    """

    password = forms.CharField(
        label=_("Password"),
        strip=False,
        max_length=PASSWORD_LENGTH,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
    )
    retry_after = 0

    def clean(self) -> dict[str, Any]:
        username, password = self.cleaned_data.get("username"), self.cleaned_data.get("password")
        if not (username and password and self.request):
            return super().clean()
        try:
            attempt = throttle.spend(*tallies(self.request, username))
        except throttle.TooManyAttemptsError as error:
            self.retry_after = error.seconds
            raise ValidationError(too_many(error.seconds), code="throttled") from error
        cleaned: dict[str, Any] = super().clean()
        throttle.refund(attempt)
        return cleaned


def tallies(request: HttpRequest, username: str) -> tuple[throttle.Tally, throttle.Tally]:
    """What an attempt counts on: the address, and the account or the device that the account has used before."""
    device = known_device(request, username)
    account = PER_DEVICE.of(device) if device else PER_ACCOUNT.of(username.lower())
    return account, PER_ADDRESS.of(client_network(request))


def too_many(seconds: int) -> str:
    """What somebody reads who has tried too often."""
    minutes = max(1, -(-seconds // 60))
    return ngettext(
        "Too many attempts. Please try again in %(minutes)s minute.",
        "Too many attempts. Please try again in %(minutes)s minutes.",
        minutes,
    ) % {"minutes": minutes}


def after_attempt(request: HttpRequest, response: HttpResponse) -> HttpResponse:
    """Finish the answer to a sent login form: 429 for too many attempts, a known device after a right password."""
    form = (getattr(response, "context_data", None) or {}).get("form")
    if response.status_code == HTTPStatus.FOUND and request.user.is_authenticated:
        remember_device(response, request.user.get_username())
    elif isinstance(form, LoginForm) and form.retry_after:
        refuse(response, form.retry_after)
    return response


def refuse(response: HttpResponse, seconds: int) -> None:
    response.status_code = HTTPStatus.TOO_MANY_REQUESTS
    response["Retry-After"] = str(seconds)
