"""What stands around a draft and is no part of it: text kept before it is saved, who holds the form, links to look at it.

Readers never see these tables, and no revision is made of them.
"""

import datetime as dt
from typing import Any, Self

from django.conf import settings
from django.db import models
from django.db.models import Exists, ExpressionWrapper, F, OuterRef, Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from articles.models.act import TakeDown
from articles.models.article import Article
from articles.models.publication import Publication, Withdrawal

LONGEST = dt.timedelta(hours=24)
SHA256 = r"^[0-9a-f]{64}$"


class AutosaveQuerySet(models.QuerySet["Autosave"]):
    def kept(self) -> Self:
        """Openings of a form whose text was kept and never saved, newest first."""
        return self.filter(fields__isnull=False, saved_at__isnull=True).order_by("-kept_at", "-pk")


class Autosave(models.Model):
    """One opening of an article's form by one person: what was typed and not saved yet, and whether it was saved.

    `key` stands in the form. It ties what a browser sends again, even eight times at once, to what was already done
    with it, and keeps two windows of one person apart. `fields` are the form's pairs of name and value.
    """

    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="autosaves", verbose_name=_("person")
    )
    key = models.UUIDField()
    # Empty until a new article is saved for the first time.
    article = models.ForeignKey(
        Article, on_delete=models.CASCADE, null=True, blank=True, related_name="autosaves", verbose_name=_("article")
    )
    fields: Any = models.JSONField(null=True)
    # The version of the article that the form began with.
    lock_version = models.PositiveIntegerField(default=0)
    kept_at = models.DateTimeField(_("kept"), null=True)
    saved_at = models.DateTimeField(_("saved"), null=True)
    opened_at = models.DateTimeField(_("opened"), db_default=Now())

    objects = AutosaveQuerySet.as_manager()

    class Meta:
        verbose_name = _("unsaved text")
        verbose_name_plural = _("unsaved texts")
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(fields=["person", "key"], name="autosave_one_per_opening"),
            models.CheckConstraint(
                condition=Q(saved_at__isnull=True) | Q(fields__isnull=True), name="autosave_saved_keeps_nothing"
            ),
        ]
        indexes = [
            # Clearing up what is older than a month.
            models.Index(fields=["opened_at"], name="autosave_opened"),
        ]

    def __str__(self) -> str:
        return str(self.key)


class EditLock(models.Model):
    """Who has an article's form open. Courtesy, not protection: what keeps text from being overwritten is `lock_version`."""

    article = models.OneToOneField(
        Article, on_delete=models.CASCADE, primary_key=True, related_name="edit_lock", verbose_name=_("article")
    )
    holder = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+", verbose_name=_("person")
    )
    # The opening of the form (see `Autosave`) that holds it.
    key = models.UUIDField()
    since = models.DateTimeField(_("since"), db_default=Now())
    beat_at = models.DateTimeField(db_default=Now())

    class Meta:
        verbose_name = _("open form")
        verbose_name_plural = _("open forms")
        default_permissions = ()

    def __str__(self) -> str:
        return f"{self.article} · {self.holder}"


class PreviewLinkQuerySet(models.QuerySet["PreviewLink"]):
    def alive(self) -> Self:
        """Links that still open by the database clock: not expired, not revoked, and since they were made the article
        was neither published nor did a version of it end (withdrawn, taken down), nor went it into the bin.
        """
        made = OuterRef("created_at")
        # An act of publishing since, or a window that opened or closed since: whatever act moved it.
        published = Publication.objects.filter(
            Q(published_at__gte=made)
            | Q(visible_from__gte=made, visible_from__lte=Now()) & ~Q(visible_until=F("visible_from"))
            | Q(visible_until__gte=made, visible_until__lte=Now()),
            article=OuterRef("article"),
        )
        # A version that was only scheduled leaves no window that closed, so the acts themselves are asked too.
        withdrawn = Withdrawal.objects.filter(article=OuterRef("article"), withdrawn_at__gte=made)
        taken_down = TakeDown.objects.filter(article=OuterRef("article"), taken_down_at__gte=made)
        return self.filter(
            ~Exists(published),
            ~Exists(withdrawn),
            ~Exists(taken_down),
            expires_at__gt=Now(),
            revoked_at__isnull=True,
            article__trashed_at__isnull=True,
            created_by__is_active=True,
        )


class PreviewLink(models.Model):
    """Leave to look at one article's draft without an account, for at most a day. The token itself is stored nowhere."""

    article = models.ForeignKey(
        Article, on_delete=models.CASCADE, related_name="preview_links", verbose_name=_("article")
    )
    token_sha256 = models.CharField(max_length=64, editable=False)
    purpose = models.CharField(_("for whom"), max_length=120, blank=True)
    created_at = models.DateTimeField(_("made"), db_default=Now())
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name=_("by")
    )
    expires_at = models.DateTimeField(_("valid until"))
    revoked_at = models.DateTimeField(_("revoked"), null=True)
    revoked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+", verbose_name=_("revoked by")
    )

    objects = PreviewLinkQuerySet.as_manager()

    class Meta:
        verbose_name = _("preview link")
        verbose_name_plural = _("preview links")
        ordering = ["-created_at", "-pk"]
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(fields=["token_sha256"], name="previewlink_token_unique"),
            models.CheckConstraint(condition=Q(token_sha256__regex=SHA256), name="previewlink_token_hashed"),
            models.CheckConstraint(
                condition=Q(
                    expires_at__lte=ExpressionWrapper(F("created_at") + LONGEST, output_field=models.DateTimeField())
                ),
                name="previewlink_at_most_a_day",
            ),
        ]

    def __str__(self) -> str:
        return self.purpose or str(self.article)
