"""What lists, archive and search read of a publication: its window, its first appearance, its words. Kept by triggers."""

import datetime as dt
from typing import Self

from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVectorField
from django.db import models
from django.db.models import F, Func, Q
from django.db.models.functions import Now

from articles.models.publication import Publication


class ListingQuerySet(models.QuerySet["Listing"]):
    def public(self) -> Self:
        """Rows of the versions that readers may see now; the same window as `Publication.objects.public()`."""
        return self.filter(Q(visible_until__isnull=True) | Q(visible_until__gt=Now()), visible_from__lte=Now())

    def newest_first(self) -> Self:
        """By the story's first appearance, so that a correction does not lift an old story to the top."""
        return self.order_by("-published_at", "-publication")

    def appeared_between(self, start: dt.datetime, end: dt.datetime) -> Self:
        return self.filter(published_at__gte=start, published_at__lt=end)


class Listing(models.Model):
    """One narrow row a publication, so that ten thousand of them are read as fast as a page is made.

    Nobody writes it but the triggers on `Publication` (migration 0005): a row appears and its window moves in the very
    statement that publishes, schedules or withdraws. `words` lies outside the row; it holds what the story itself says,
    folded (`articles_search_fold`), and the names of events that readers knew when it was published.
    """

    publication = models.OneToOneField(
        Publication, primary_key=True, on_delete=models.CASCADE, related_name="listing", editable=False
    )
    published_at = models.DateTimeField(editable=False)
    visible_from = models.DateTimeField(editable=False)
    visible_until = models.DateTimeField(null=True, editable=False)
    words = SearchVectorField(editable=False)

    objects = ListingQuerySet.as_manager()

    class Meta:
        default_permissions = ()
        indexes = [
            # Archive, pages of authors and topics: newest first.
            models.Index(fields=["-published_at", "-publication"], name="listing_newest"),
            # The search.
            GinIndex(
                F("words"),
                Func(F("words"), function="articles_heading"),
                Func(F("published_at"), function="articles_quarter"),
                name="listing_search",
                fastupdate=False,  # a list of what is new would be read through by every question
            ),
        ]

    def __str__(self) -> str:
        return str(self.publication_id)
