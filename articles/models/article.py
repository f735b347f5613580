"""The workbench: what the desk edits. Readers never see these tables, only `Publication`."""

import uuid
from typing import Any, Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from articles.body import sanitise
from articles.models.media import Image
from articles.models.people import Author, Tag
from results.models import Event, Season, Series, Session, SourceDocument


class ArticleQuerySet(models.QuerySet["Article"]):
    def on_the_desk(self) -> Self:
        """Articles that are not in the bin."""
        return self.filter(trashed_at__isnull=True)


class Article(models.Model):
    """A story in the making, and the draft of its next version once it is live. Drafts may be incomplete."""

    class Stage(models.TextChoices):
        DRAFT = "draft", _("draft")
        REVIEW = "review", _("in review")
        RETURNED = "returned", _("returned")
        APPROVED = "approved", _("approved")

    class Kind(models.TextChoices):
        REPORT = "report", _("report")
        PREVIEW = "preview", _("preview")
        NEWS = "news", _("news item")
        INTERVIEW = "interview", _("interview")

    uid = models.UUIDField(default=uuid.uuid4, editable=False)
    title = models.CharField(_("title"), max_length=200)
    slug = models.SlugField(_("address"), max_length=80, blank=True)
    kind = models.CharField(_("kind"), max_length=12, choices=Kind.choices, default=Kind.REPORT)
    kicker = models.CharField(_("kicker"), max_length=80, blank=True, help_text=_("Short line above the title."))
    standfirst = models.TextField(_("standfirst"), max_length=600, blank=True)
    body = models.TextField(_("text"), blank=True)
    language = models.CharField(
        _("language"), max_length=2, choices=[("de", _("German")), ("en", _("English"))], default="de"
    )
    dateline = models.CharField(_("place"), max_length=60, blank=True)
    agency = models.CharField(_("agency"), max_length=80, blank=True)
    authors = models.ManyToManyField(Author, through="Byline", related_name="articles", verbose_name=_("authors"))
    lead_event = models.ForeignKey(
        Event, on_delete=models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("event")
    )
    further_events = models.ManyToManyField(Event, blank=True, related_name="+", verbose_name=_("further events"))
    tags = models.ManyToManyField(Tag, blank=True, related_name="+", verbose_name=_("tags"))
    lead_image = models.ForeignKey(
        Image, on_delete=models.PROTECT, null=True, blank=True, related_name="lead_of", verbose_name=_("lead picture")
    )
    notes = models.TextField(_("notes to the desk"), blank=True, help_text=_("Never published."))
    stage = models.CharField(_("stage"), max_length=8, choices=Stage.choices, default=Stage.DRAFT)
    # What the acts of review leave behind, see `articles.acts.review`: why it was returned or what the writer asks,
    # since when it stands at its stage, who handed it in, and which revision somebody else approved.
    stage_note = models.CharField(max_length=400, blank=True, db_default="", editable=False)
    stage_at = models.DateTimeField(null=True, blank=True, editable=False)
    submitted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        editable=False,
        db_index=False,
    )
    approved_revision = models.ForeignKey(
        "articles.Revision",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        editable=False,
        db_index=False,
    )
    approved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        editable=False,
        db_index=False,
    )
    edited_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        editable=False,
        db_index=False,
    )
    # No version of the story may be visible before that instant (trigger).
    embargo_until = models.DateTimeField(_("embargo until"), null=True, blank=True, editable=False)
    lock_version = models.PositiveIntegerField(default=0, editable=False)
    source = models.ForeignKey(
        SourceDocument,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="articles",
        verbose_name=_("source document"),
    )
    created_at = models.DateTimeField(_("created"), db_default=Now())
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("by"),
    )
    changed_at = models.DateTimeField(_("changed"), db_default=Now())
    trashed_at = models.DateTimeField(_("in the bin since"), null=True, blank=True, editable=False)

    objects = ArticleQuerySet.as_manager()

    class Meta:
        verbose_name = _("article")
        verbose_name_plural = _("articles")
        ordering = ["-changed_at"]
        permissions = [
            ("publish_article", _("Can publish articles")),
            ("withdraw_article", _("Can withdraw articles")),
            ("submit_article", _("Can submit articles for review")),
            ("review_article", _("Can approve and return articles")),
            ("correct_article", _("Can publish corrections of public articles")),
            ("embargo_article", _("Can set and prolong an embargo")),
            ("liftembargo_article", _("Can shorten and lift an embargo")),
            ("takedown_article", _("Can take articles down without a note")),
            ("publishalone_article", _("Can publish without a second person")),
            ("publishquietly_article", _("Can change public articles without a notice")),
            ("liftfacts_article", _("Can publish against the data")),
        ]
        constraints = [
            models.UniqueConstraint(fields=["uid"], name="article_uid_unique"),
            models.UniqueConstraint(fields=["slug"], name="article_slug_unique", condition=~Q(slug="")),
            models.UniqueConstraint(fields=["source"], name="article_source_unique"),
            models.CheckConstraint(
                condition=Q(stage__in=["draft", "review", "returned", "approved"]), name="article_stage_known"
            ),
        ]
        indexes = [
            # The desk's list, newest change first.
            models.Index(fields=["-changed_at"], name="article_changed"),
            # The start page: what waits for a review or for its writer; few among many.
            models.Index(fields=["stage", "stage_at"], name="article_stage", condition=~Q(stage="draft")),
            # The start page: my work.
            models.Index(fields=["created_by", "-changed_at"], name="article_created_by"),
            models.Index(fields=["edited_by", "-changed_at"], name="article_edited_by"),
        ]

    def __str__(self) -> str:
        return self.title

    def save(self, *args: Any, **kwargs: Any) -> None:
        # The editor sanitises in its form only; whoever else writes comes through here.
        self.body = sanitise(self.body)
        super().save(*args, **kwargs)


class Byline(models.Model):
    """An author of an article, in order."""

    article = models.ForeignKey(Article, on_delete=models.CASCADE, related_name="bylines", verbose_name=_("article"))
    author = models.ForeignKey(Author, on_delete=models.PROTECT, related_name="bylines", verbose_name=_("author"))
    position = models.PositiveSmallIntegerField(_("order"), default=0)

    class Meta:
        verbose_name = _("byline")
        verbose_name_plural = _("bylines")
        ordering = ["article", "position", "pk"]
        constraints = [models.UniqueConstraint(fields=["article", "author"], name="byline_unique")]

    def __str__(self) -> str:
        return str(self.author)


class SidebarItem(models.Model):
    """A box beside the text. It refers to facts, it does not copy them."""

    class Kind(models.TextChoices):
        CLASSIFICATION = "classification", _("classification of a session")
        LAP_TIMES = "lap_times", _("lap times of chosen cars")
        NEXT_EVENT = "next_event", _("next event of a series")
        SCHEDULE = "schedule", _("schedule of an event")
        STANDING = "standing", _("championship table")
        TITLE = "title", _("title calculator")
        FREE = "free", _("free box")

    class Told(models.TextChoices):
        NOW = "", _("as it stands when somebody reads")
        PUBLISHED = "published", _("as it stood when the story was published")

    article = models.ForeignKey(Article, on_delete=models.CASCADE, related_name="sidebar", verbose_name=_("article"))
    position = models.PositiveSmallIntegerField(_("order"), default=0)
    kind = models.CharField(_("kind"), max_length=16, choices=Kind.choices)
    heading = models.CharField(_("heading"), max_length=120, blank=True)
    session = models.ForeignKey(
        Session, on_delete=models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("session")
    )
    event = models.ForeignKey(
        Event, on_delete=models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("event")
    )
    series = models.ForeignKey(
        Series, on_delete=models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("series")
    )
    # A championship is named by season and key: its row may come anew with the calendar.
    season = models.ForeignKey(
        Season, on_delete=models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("season")
    )
    table = models.CharField(
        _("championship"), max_length=60, blank=True, default="", db_default="", help_text=_("Its key, such as driver.")
    )
    competitor = models.CharField(
        _("rows around"), max_length=120, blank=True, default="", db_default="",
        help_text=_("A driver, team or maker of the table; empty: the first rows."),
    )  # fmt: skip
    told = models.CharField(_("state"), max_length=9, blank=True, default="", db_default="", choices=Told)
    checkpoint = models.CharField(_("scored after"), max_length=12, blank=True)
    class_name = models.CharField(_("only class"), max_length=60, blank=True)
    cars = models.CharField(
        _("car numbers"), max_length=200, blank=True, help_text=_("Separated by commas, such as 7, 8, 007.")
    )
    limit = models.PositiveSmallIntegerField(_("rows"), default=10)
    text = models.TextField(_("text"), blank=True)

    class Meta:
        verbose_name = _("sidebar box")
        verbose_name_plural = _("sidebar")
        ordering = ["article", "position", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(
                    kind__in=["classification", "lap_times", "next_event", "schedule", "standing", "title", "free"]
                ),
                name="sidebar_kind_known",
            ),
            models.CheckConstraint(condition=Q(told__in=["", "published"]), name="sidebar_told_known"),
        ]

    def __str__(self) -> str:
        return self.heading or self.get_kind_display()
