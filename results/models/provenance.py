"""Where facts come from: the original document, kept, and the import that read it."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext_lazy as _


class SourceDocumentQuerySet(models.QuerySet["SourceDocument"]):
    def without_content(self) -> "SourceDocumentQuerySet":
        """Documents as rows of a list: the bytes stay in the database."""
        return self.defer("content")


class SourceDocument(models.Model):
    """A file or pasted text exactly as it came in, identified by the SHA-256 of its bytes."""

    sha256 = models.CharField(_("SHA-256"), max_length=64)
    name = models.CharField(_("file name"), max_length=200)
    size = models.PositiveIntegerField(_("bytes"))
    content = models.BinaryField()
    format = models.CharField(_("format"), max_length=40, blank=True)
    received_at = models.DateTimeField(_("received"), db_default=Now())
    received_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("by"),
    )

    objects = SourceDocumentQuerySet.as_manager()

    class Meta:
        verbose_name = _("source document")
        verbose_name_plural = _("source documents")
        ordering = ["-received_at"]
        constraints = [
            models.UniqueConstraint(fields=["sha256"], name="sourcedocument_content_unique"),
            models.CheckConstraint(condition=Q(sha256__regex=r"^[0-9a-f]{64}$"), name="sourcedocument_sha256_is_hex"),
        ]

    def __str__(self) -> str:
        return self.name


class ImportRun(models.Model):
    """One committed import: who, when, from which document, and what changed. Never edited."""

    document = models.ForeignKey(
        SourceDocument, on_delete=models.PROTECT, related_name="runs", verbose_name=_("source document")
    )
    started_at = models.DateTimeField(_("started"), db_default=Now())
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("by"),
    )
    created = models.PositiveIntegerField(_("new"), default=0)
    changed = models.PositiveIntegerField(_("changed"), default=0)
    reason = models.CharField(_("reason"), max_length=300, blank=True)
    report = models.JSONField(_("report"), default=dict)

    class Meta:
        verbose_name = _("import")
        verbose_name_plural = _("imports")
        ordering = ["-started_at"]

    def __str__(self) -> str:
        return f"{self.document} · {date_format(localtime(self.started_at), 'SHORT_DATETIME_FORMAT')}"
