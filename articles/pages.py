"""The act of a page of the site: a new version replaces the former one, now or from an instant on."""

import datetime as dt

from django.contrib.auth.models import User
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext as _

from articles.body import sanitise
from articles.models import Page, PageVersion
from results.release import database_now


class StalePage(Exception):  # noqa: N818  # the desk's word for it
    """Somebody wrote a version between opening and saving."""


@transaction.atomic
def write_page(
    page: Page, *, title: str, body: str, by: User, expected: int, visible_from: dt.datetime | None = None
) -> PageVersion:
    """Add a version; what was still to come is replaced. The same text again adds none and returns the latest.

    `expected` is the number of the version that the writer started from. Raises `StalePage`.
    """
    if not by.has_perm("articles.change_page"):
        raise PermissionDenied
    Page.objects.select_for_update().get(pk=page.pk)
    latest = page.versions.first()
    if expected != (latest.number if latest else 0):
        raise StalePage(_("Nothing was saved: the page was changed in the meantime."))
    moment = database_now()
    start = max(visible_from, moment) if visible_from else moment
    body = sanitise(body)
    if latest and visible_from is None and _is_same(latest, title, body, moment):
        return latest
    page.versions.filter(visible_from__gt=moment).update(visible_until=F("visible_from"))
    page.versions.public().filter(page=page).update(visible_until=start)
    return PageVersion.objects.create(
        page=page, number=expected + 1, title=title, body_html=body, visible_from=start, written_by=by
    )


def _is_same(latest: PageVersion, title: str, body: str, moment: dt.datetime) -> bool:
    return (latest.title, latest.body_html) == (title, body) and latest.visible_from <= moment
