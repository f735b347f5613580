"""System checks of our own settings: what would be dangerous or plainly wrong on a public site."""

from collections.abc import Sequence
from typing import Any
from urllib.parse import urlsplit

from django.apps import AppConfig
from django.conf import settings
from django.core import checks
from django.core.checks import CheckMessage, Error, Info, Tags, register


@register(Tags.urls)
def site_url_is_an_address(*, app_configs: Sequence[AppConfig] | None, **_kwargs: Any) -> list[CheckMessage]:
    """E001: feeds, mails and canonical links are built from SITE_URL, so it must be scheme and host, no more."""
    parts = urlsplit(settings.SITE_URL)
    if parts.scheme in {"http", "https"} and parts.hostname and not (parts.path or parts.query or parts.fragment):
        return []
    return [
        Error(
            f"RACEDESK_SITE_URL is {settings.SITE_URL!r}, which is not the address of a site.",
            hint="Name scheme and host and nothing behind, for example https://www.example.org",
            id="racedesk.E001",
        )
    ]


@register(Tags.security, deploy=True)
def public_site_is_encrypted(*, app_configs: Sequence[AppConfig] | None, **_kwargs: Any) -> list[CheckMessage]:
    """E002 and W003: without HTTPS everybody on the way reads the newsroom's passwords."""
    encrypted = urlsplit(settings.SITE_URL).scheme == "https"
    if not settings.HTTPS:
        return [
            checks.Warning(
                "RACEDESK_HTTPS is not set.", hint="Set RACEDESK_HTTPS=1 for a public site.", id="racedesk.W003"
            )
        ]
    if not encrypted:
        return [
            Error(
                f"RACEDESK_HTTPS is set, but RACEDESK_SITE_URL is {settings.SITE_URL!r}.",
                hint="Links in feeds and mails would lead to an unencrypted address. Begin it with https://",
                id="racedesk.E002",
            )
        ]
    return []


@register(Tags.security, deploy=True)
def site_answers_to_its_own_name(*, app_configs: Sequence[AppConfig] | None, **_kwargs: Any) -> list[CheckMessage]:
    """E004 and E005: a site whose own host is refused answers 400 to every reader."""
    host = urlsplit(settings.SITE_URL).hostname or ""
    names = [name.strip("[]").lower() for name in settings.ALLOWED_HOSTS]
    if "*" in names:
        return [
            Error(
                "RACEDESK_ALLOWED_HOSTS admits every host.",
                hint="Name the hosts that readers use, separated by commas.",
                id="racedesk.E005",
            )
        ]
    if host in names or any(name.startswith(".") and f".{host}".endswith(name) for name in names):
        return []
    return [
        Error(
            f"The host of RACEDESK_SITE_URL, {host!r}, is missing in RACEDESK_ALLOWED_HOSTS.",
            hint=f"Set RACEDESK_ALLOWED_HOSTS={host}",
            id="racedesk.E004",
        )
    ]


@register(Tags.database, deploy=True)
def database_is_a_server_of_your_own(*, app_configs: Sequence[AppConfig] | None, **_kwargs: Any) -> list[CheckMessage]:
    """I006: the embedded Postgres trusts every process of its user, and nobody backs it up."""
    if not settings.EMBEDDED_DATABASE:
        return []
    return [
        Info(
            "The embedded Postgres is in use; it is meant for demo, development and tests.",
            hint="Name a PostgreSQL server in DATABASE_URL (postgres://user:password@host/name).",
            id="racedesk.I006",
        )
    ]


@register(Tags.security, deploy=True)
def forgotten_passwords_find_a_way(*, app_configs: Sequence[AppConfig] | None, **_kwargs: Any) -> list[CheckMessage]:
    """I007 and W008: links to new passwords have to reach people, and nobody else."""
    scheme = urlsplit(settings.EMAIL_URL).scheme
    if scheme == "console":
        return [
            checks.Warning(
                "RACEDESK_EMAIL_URL is console: links that set a new password go to the terminal or a log.",
                hint="Name a mail server, for example smtp+tls://user:password@mail.example.org:587",
                id="racedesk.W008",
            )
        ]
    if scheme == "none":
        return [
            Info(
                "RACEDESK_EMAIL_URL is not set: no mail leaves, so a forgotten password is set by an administrator.",
                hint="Name a mail server, for example smtp+tls://user:password@mail.example.org:587",
                id="racedesk.I007",
            )
        ]
    return []
