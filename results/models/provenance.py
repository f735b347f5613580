"""Where facts come from: the original document, kept, and the import that read it."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.db.models.fields.json import KeyTransform
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
    undone_at = models.DateTimeField(_("undone"), null=True, blank=True)
    undone_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+",
        verbose_name=_("undone by"),
    )  # fmt: skip

    class Meta:
        verbose_name = _("import")
        verbose_name_plural = _("imports")
        ordering = ["-started_at"]
        indexes = [  # asked at every plan and on the page of every session
            models.Index(KeyTransform("event", "report"), name="importrun_event"),
            models.Index(KeyTransform("event", KeyTransform("held", "report")), name="importrun_held_event"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(undone_at__isnull=False) | Q(undone_by__isnull=True), name="importrun_undone_at_a_time"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.document} · {date_format(localtime(self.started_at), 'SHORT_DATETIME_FORMAT')}"


class ImportBatch(models.Model):
    """Several files that one person brought in together; the work goes on without his browser."""

    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name=_("by"))
    started_at = models.DateTimeField(_("started"), db_default=Now())

    class Meta:
        verbose_name = _("batch of files")
        verbose_name_plural = _("batches of files")
        ordering = ["-started_at"]

    def __str__(self) -> str:
        return date_format(localtime(self.started_at), "SHORT_DATETIME_FORMAT")


class ImportItem(models.Model):
    """One file of a batch and how far it has come.

    `target` is where the person says it belongs (the fields of ImportTarget), `report` what reading or importing it
    said. A file that is `ready` waits for a person, `queued` for the worker.
    """

    class State(models.TextChoices):
        WAITING = "waiting", _("waits to be read")
        READY = "ready", _("waits for your decision")
        QUEUED = "queued", _("waits to be imported")
        WORKING = "working", _("is being imported")
        DONE = "done", _("imported")
        UNCHANGED = "unchanged", _("nothing new")
        REFUSED = "refused", _("refused")
        DROPPED = "dropped", _("left out")

    batch = models.ForeignKey(ImportBatch, on_delete=models.CASCADE, related_name="items", verbose_name=_("batch"))
    sequence = models.PositiveSmallIntegerField(_("order"))
    name = models.CharField(_("file name"), max_length=200)
    document = models.ForeignKey(
        SourceDocument, on_delete=models.PROTECT, null=True, blank=True, related_name="items",
        verbose_name=_("source document"),
    )  # fmt: skip
    state = models.CharField(_("state"), max_length=10, choices=State, default=State.WAITING)
    target = models.JSONField(_("belongs to"), default=dict)
    accept_reason = models.CharField(_("reason"), max_length=300, blank=True)
    expected = models.CharField(_("fingerprint seen"), max_length=64, blank=True)
    report = models.JSONField(_("report"), default=dict)
    run = models.ForeignKey(
        ImportRun, on_delete=models.PROTECT, null=True, blank=True, related_name="items", verbose_name=_("import")
    )
    changed_at = models.DateTimeField(_("changed"), db_default=Now())

    class Meta:
        verbose_name = _("file of a batch")
        verbose_name_plural = _("files of batches")
        ordering = ["batch", "sequence"]
        constraints = [
            models.UniqueConstraint(fields=["batch", "sequence"], name="importitem_order_unique"),
            models.CheckConstraint(
                condition=Q(
                    state__in=["waiting", "ready", "queued", "working", "done", "unchanged", "refused", "dropped"]
                ),
                name="importitem_state_known",
            ),
        ]

    def __str__(self) -> str:
        return self.name


class ColumnMapping(models.Model):
    """What the columns of a table mean, as a person confirmed it for one source.

    `header` is the folded header row that recognises the source's next file, `columns` maps each printed column to one
    of our fields (or to nothing).
    """

    source = models.CharField(_("source"), max_length=120, help_text=_("Such as the name of the timing service."))
    header = models.TextField(_("header row"))
    columns = models.JSONField(_("columns"))
    kind = models.CharField(_("kind of table"), max_length=20)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("by"),
    )
    confirmed_at = models.DateTimeField(_("confirmed"), db_default=Now())

    class Meta:
        verbose_name = _("meaning of columns")
        verbose_name_plural = _("meanings of columns")
        ordering = ["source"]
        constraints = [
            models.UniqueConstraint(fields=["source", "header"], name="columnmapping_unique"),
            models.CheckConstraint(condition=~Q(header=""), name="columnmapping_has_a_header"),
        ]

    def __str__(self) -> str:
        return self.source
