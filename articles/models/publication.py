"""What the public may see. Wherever a story appears it is read from here and from nothing else."""

import datetime as dt
from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import F, Min, OuterRef, Q, Subquery
from django.db.models.functions import Now
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from articles.models.article import Article
from articles.models.media import Image
from articles.models.people import Author, Tag
from articles.models.revision import Revision
from results.models import Event, Series


class PublicationQuerySet(models.QuerySet["Publication"]):
    def public(self, at: dt.datetime | None = None) -> Self:
        """Versions that readers may see now, by the database clock. The one place where this is decided.

        An act of several statements asks for one instant `at`, lest the clock passes a border between two of them.
        """
        now = at or Now()
        return self.filter(Q(visible_until__isnull=True) | Q(visible_until__gt=now), visible_from__lte=now)

    def seen(self) -> Self:
        """Versions that were visible at some moment, now or earlier."""
        return self.filter(
            Q(visible_until__isnull=True) | Q(visible_until__gt=F("visible_from")), visible_from__lte=Now()
        )

    def to_come(self, at: dt.datetime | None = None) -> Self:
        """Versions that are scheduled and not visible yet; replaced and withdrawn ones have an empty window."""
        return self.filter(
            Q(visible_until__isnull=True) | Q(visible_until__gt=F("visible_from")), visible_from__gt=at or Now()
        )

    def with_first_published(self) -> Self:
        """Adds `first_published_at`: when the first version of the story that readers saw went out."""
        first = (
            Publication.objects.seen()
            .filter(article=OuterRef("article"))
            .order_by()
            .values("article")
            .annotate(first=Min("visible_from"))
            .values("first")
        )
        return self.annotate(first_published_at=Subquery(first))

    def newest_first(self) -> Self:
        """Ordered by first publication, so that a correction does not lift an old story to the top."""
        return self.with_first_published().order_by("-first_published_at", "-pk")


class Publication(models.Model):
    """One published version of a story, frozen. Only the window of its visibility moves (trigger).

    `content` keeps what has no column: sidebar boxes with their references and what they showed, lead picture, bylines.
    A successor closes its predecessor's window with its own start; a withdrawal closes it now.
    """

    article = models.ForeignKey(
        Article, on_delete=models.PROTECT, related_name="publications", verbose_name=_("article")
    )
    version = models.PositiveIntegerField(_("version"))
    revision = models.ForeignKey(
        Revision, on_delete=models.PROTECT, related_name="publications", verbose_name=_("revision")
    )
    uid = models.UUIDField(_("id"))
    slug = models.SlugField(_("address"), max_length=80)
    title = models.CharField(_("title"), max_length=200)
    kicker = models.CharField(_("kicker"), max_length=80, blank=True)
    kind = models.CharField(_("kind"), max_length=12, choices=Article.Kind.choices)
    standfirst = models.TextField(_("standfirst"), blank=True)
    body_html = models.TextField(_("text"))
    body_text = models.TextField(_("plain text"))
    language = models.CharField(_("language"), max_length=2, choices=[("de", _("German")), ("en", _("English"))])
    dateline = models.CharField(_("place"), max_length=60, blank=True)
    agency = models.CharField(_("agency"), max_length=80, blank=True)
    content = models.JSONField(_("content"))
    correction_note = models.CharField(_("correction"), max_length=400, blank=True)
    visible_from = models.DateTimeField(_("visible from"))
    visible_until = models.DateTimeField(_("visible until"), null=True, blank=True)
    published_at = models.DateTimeField(_("released"), db_default=Now())
    published_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("by"),
    )
    lead_event = models.ForeignKey(
        Event,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="lead_publications",
        verbose_name=_("event"),
    )
    events = models.ManyToManyField(Event, blank=True, related_name="publications", verbose_name=_("events"))
    series = models.ManyToManyField(Series, blank=True, related_name="publications", verbose_name=_("series"))
    authors = models.ManyToManyField(Author, blank=True, related_name="publications", verbose_name=_("authors"))
    tags = models.ManyToManyField(Tag, blank=True, related_name="publications", verbose_name=_("tags"))
    images = models.ManyToManyField(Image, blank=True, related_name="publications", verbose_name=_("pictures"))

    objects = PublicationQuerySet.as_manager()

    class Meta:
        verbose_name = _("publication")
        verbose_name_plural = _("publications")
        ordering = ["article", "-version"]
        default_permissions = ("view",)
        constraints = [
            models.UniqueConstraint(fields=["article", "version"], name="publication_version_unique"),
            models.UniqueConstraint(
                fields=["article"], condition=Q(visible_until__isnull=True), name="publication_one_open_window"
            ),
            models.CheckConstraint(
                condition=Q(visible_until__isnull=True) | Q(visible_until__gte=F("visible_from")),
                name="publication_window_in_order",
            ),
        ]
        indexes = [
            # Home, feeds, series pages: what is visible, newest first.
            models.Index(fields=["-visible_from"], name="publication_visible_from"),
            # When something last ended: Last-Modified of the feeds.
            models.Index(
                fields=["-visible_until"],
                name="publication_visible_until",
                condition=Q(visible_until__isnull=False),
            ),
            # The page of corrections.
            models.Index(fields=["-visible_from"], name="publication_corrections", condition=~Q(correction_note="")),
            # The page of a story.
            models.Index(fields=["slug"], name="publication_slug"),
        ]

    def __str__(self) -> str:
        return f"{self.title} (v{self.version})"

    def get_absolute_url(self) -> str:
        return reverse("articles:article-detail", args=[self.slug])

    @property
    def waiting(self) -> str:
        """Which version waits for which instant, as the page of an act sends it back."""
        return f"{self.version}@{self.visible_from.isoformat()}"


class Address(models.Model):
    """A slug that a published version once had. It stays with its article for ever and leads to the current address."""

    slug = models.SlugField(_("address"), max_length=80)
    article = models.ForeignKey(Article, on_delete=models.PROTECT, related_name="addresses", verbose_name=_("article"))

    class Meta:
        verbose_name = _("address")
        verbose_name_plural = _("addresses")
        constraints = [models.UniqueConstraint(fields=["slug"], name="address_slug_unique")]

    def __str__(self) -> str:
        return self.slug


class Withdrawal(models.Model):
    """A story taken back: its address answers 410 with the note until a newer version is published."""

    article = models.ForeignKey(
        Article, on_delete=models.PROTECT, related_name="withdrawals", verbose_name=_("article")
    )
    note = models.CharField(_("public note"), max_length=400)
    withdrawn_at = models.DateTimeField(_("withdrawn"), db_default=Now())
    withdrawn_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("by"),
    )

    class Meta:
        verbose_name = _("withdrawal")
        verbose_name_plural = _("withdrawals")
        ordering = ["article", "-withdrawn_at"]
        constraints = [models.CheckConstraint(condition=~Q(note=""), name="withdrawal_has_a_note")]

    def __str__(self) -> str:
        return self.note
