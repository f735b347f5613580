"""Acts of the front page: pin a story to a slot until an instant, and take it down again."""

import datetime as dt

from django.contrib.auth.models import User
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models.functions import Now
from django.utils.translation import gettext as _

from articles.models import Article, FrontPin
from results.release import database_now


@transaction.atomic
def pin(*, article: Article, slot: str, until: dt.datetime, by: User) -> FrontPin:
    """Put the story into the slot; what was pinned there before ends now. ValueError for an end that has passed."""
    if not by.has_perm("articles.add_frontpin"):
        raise PermissionDenied
    # Two pins of one slot at once: the second waits, and ends the first.
    running = FrontPin.objects.select_for_update().filter(slot=slot, until__gt=Now())
    if until <= database_now():
        raise ValueError(_("The end lies in the past."))
    for former in running:
        FrontPin.objects.filter(pk=former.pk).update(until=Now())
    return FrontPin.objects.create(article=article, slot=slot, until=until, pinned_by=by)


@transaction.atomic
def unpin(found: FrontPin, *, by: User) -> None:
    """End a pin now; the rule fills its slot."""
    if not by.has_perm("articles.delete_frontpin"):
        raise PermissionDenied
    FrontPin.objects.filter(pk=found.pk, until__gt=Now()).update(until=Now())
