"""The way back in with a forgotten password: a link by mail, valid once and for an hour."""

import datetime as dt
from typing import Any

from django.conf import settings
from django.contrib import admin
from django.contrib.auth.forms import PasswordResetForm
from django.contrib.auth.models import User
from django.contrib.auth.tokens import PasswordResetTokenGenerator
from django.contrib.auth.views import (
    PasswordResetCompleteView,
    PasswordResetConfirmView,
    PasswordResetDoneView,
    PasswordResetView,
)
from django.core.exceptions import ValidationError
from django.core.mail import EmailMessage
from django.http import HttpRequest, HttpResponse
from django.urls import URLPattern, path, reverse, reverse_lazy
from django.utils.encoding import force_bytes
from django.utils.http import urlsafe_base64_encode
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache

from racedesk.accounts import throttle
from racedesk.accounts.client import client_network
from racedesk.accounts.login import PER_ACCOUNT, refuse, too_many
from racedesk.accounts.post import deliver

PER_RECIPIENT = throttle.Limit("reset-recipient", 5)
PER_ADDRESS = throttle.Limit("reset-address", 20)


class LinkTokens(PasswordResetTokenGenerator):
    """Django's, which counts in the newsroom's time: in the night the clocks go back a link would live two hours."""

    def _now(self) -> dt.datetime:
        return dt.datetime.now(dt.UTC).replace(tzinfo=None)


LINKS = LinkTokens()


class ResetForm(PasswordResetForm):
    """Asks for the address of an account. What follows looks and lasts the same whether or not there is one."""

    retry_after = 0

    def __init__(self, *args: Any, request: HttpRequest, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.request = request

    def clean_email(self) -> str:
        email: str = self.cleaned_data["email"]
        try:
            throttle.spend(PER_RECIPIENT.of(email.lower()), PER_ADDRESS.of(client_network(self.request)))
        except throttle.TooManyAttemptsError as error:
            self.retry_after = error.seconds
            raise ValidationError(too_many(error.seconds), code="throttled") from error
        return email

    def save(self, *_args: Any, **_options: Any) -> None:
        """Write a letter to every account with that address; without one, write it all the same and throw it away."""
        people = list(self.get_users(self.cleaned_data["email"]))
        letters = [letter(person) for person in people or [_nobody()]]
        for message in letters if people else []:
            deliver(message)


def letter(person: User) -> EmailMessage:
    """The mail with the link, whose host is the one of the settings and never what a request claims."""
    link = reverse(
        "admin:password_reset_confirm",
        kwargs={
            "uidb64": urlsafe_base64_encode(force_bytes(person.pk)),
            "token": LINKS.make_token(person),
        },
    )
    words = {"name": person.get_username(), "site_name": settings.SITE_NAME}
    paragraphs = (
        _(
            "Somebody has asked for a new password for the account “%(name)s” at %(site_name)s. If it was you, set one here:"
        )
        % words,
        settings.SITE_URL + link,
        _("The link works once, within 60 minutes. If it was not you, do nothing: your password stays as it is."),
    )
    subject = _("New password for %(site_name)s") % words
    return EmailMessage(" ".join(subject.split()), "\n\n".join(paragraphs) + "\n", to=[person.email])


def _nobody() -> User:
    return User(pk=0, username="niemand", email="niemand@invalid", password="!")  # noqa: S106 - no password


class DeskPage:
    """What the desk's frame needs around a page that is open to everybody."""

    request: HttpRequest

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context: dict[str, Any] = super().get_context_data(**kwargs)  # type: ignore[misc]
        return {**admin.site.each_context(self.request), **context, "has_permission": False}


class ResetRequest(DeskPage, PasswordResetView):
    form_class = ResetForm
    success_url = reverse_lazy("admin:password_reset_done")
    title = gettext_lazy("Forgotten password")

    def get_form_kwargs(self) -> dict[str, Any]:
        return {**super().get_form_kwargs(), "request": self.request}

    def form_valid(self, form: Any) -> HttpResponse:
        form.save()
        return HttpResponse(status=302, headers={"Location": str(self.success_url)})

    def form_invalid(self, form: Any) -> HttpResponse:
        response = super().form_invalid(form)
        if form.retry_after:
            refuse(response, form.retry_after)
        return response


class ResetRequested(DeskPage, PasswordResetDoneView):
    title = gettext_lazy("Look into your mail")


class ResetConfirm(DeskPage, PasswordResetConfirmView):
    success_url = reverse_lazy("admin:password_reset_complete")
    title = gettext_lazy("Set a new password")
    token_generator = LINKS

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context_data(**kwargs)
        return context if self.validlink else {**context, "title": _("This link does not work any more")}

    def form_valid(self, form: Any) -> HttpResponse:
        response = super().form_valid(form)
        # The mailbox has proved who this is: wrong passwords of others no longer stand in the way.
        throttle.forget(PER_ACCOUNT.of(form.user.get_username().lower()))
        return response


class ResetComplete(DeskPage, PasswordResetCompleteView):
    title = gettext_lazy("The new password is set")


def reset_urls() -> list[URLPattern]:
    """Addresses below `/admin/`, open to everybody, never stored."""
    return [
        path("password_reset/", never_cache(ResetRequest.as_view()), name="password_reset"),
        path("password_reset/done/", never_cache(ResetRequested.as_view()), name="password_reset_done"),
        path("reset/<uidb64>/<token>/", never_cache(ResetConfirm.as_view()), name="password_reset_confirm"),
        path("reset/done/", never_cache(ResetComplete.as_view()), name="password_reset_complete"),
    ]
