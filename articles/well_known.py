"""What robots and finders of holes look for at fixed places."""

import datetime as dt

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.views.decorators.http import require_safe

MONTHS_AHEAD = 3


@require_safe
def robots(request: HttpRequest) -> HttpResponse:
    """https://www.rfc-editor.org/rfc/rfc9309: the newsroom is no matter for crawlers."""
    lines = [
        "User-agent: *",
        "Disallow: /admin/",
        "Disallow: /vorschau/",
        "",
        f"Sitemap: {settings.SITE_URL}/sitemap.xml",
        f"Sitemap: {settings.SITE_URL}/news-sitemap.xml",
    ]
    return HttpResponse("\n".join(lines) + "\n", content_type="text/plain; charset=utf-8")


@require_safe
def security(request: HttpRequest) -> HttpResponse:
    """RFC 9116. `Expires` moves on with the first of each month, so the file is never stale and mostly the same."""
    contacts = settings.SECURITY_CONTACTS or [settings.DEFAULT_FROM_EMAIL]
    lines = [
        *(f"Contact: {contact if ':' in contact else f'mailto:{contact}'}" for contact in contacts),
        f"Expires: {expires(timezone.now()):%Y-%m-%dT%H:%M:%SZ}",
        "Preferred-Languages: de, en",
        f"Canonical: {settings.SITE_URL}/.well-known/security.txt",
    ]
    return HttpResponse("\n".join(lines) + "\n", content_type="text/plain; charset=utf-8")


def expires(now: dt.datetime) -> dt.datetime:
    """The first of the month, three months ahead."""
    month = now.month - 1 + MONTHS_AHEAD
    return dt.datetime(now.year + month // 12, month % 12 + 1, 1, tzinfo=dt.UTC)
