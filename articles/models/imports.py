"""Where stories come from: what a source last said of an article, and files brought in together."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext_lazy as _

from articles.models.article import Article
from results.models import SourceDocument


class ImportedText(models.Model):
    """One version of a source as it was read for an article. The newest is what the next version is compared with.

    `content` holds the fields as the source alone would fill them, whatever the draft holds; `labels` are what a person
    called lines of it. Never edited.
    """

    article = models.ForeignKey(Article, on_delete=models.CASCADE, related_name="imports", verbose_name=_("article"))
    document = models.ForeignKey(
        SourceDocument, on_delete=models.PROTECT, related_name="+", verbose_name=_("source document")
    )
    content = models.JSONField(_("as read"))
    labels = models.JSONField(_("changed labels"), default=dict)
    as_of = models.DateField(_("date of reference"), null=True, blank=True)
    address = models.CharField(_("address of the page"), max_length=1000, blank=True)
    imported_at = models.DateTimeField(_("imported"), db_default=Now())
    imported_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("by"),
    )

    class Meta:
        verbose_name = _("imported text")
        verbose_name_plural = _("imported texts")
        ordering = ["-pk"]
        indexes = [
            # Is this page, at this address, an article already? Asked for every page that comes in.
            models.Index(fields=["address"], name="importedtext_address", condition=~Q(address="")),
        ]

    def __str__(self) -> str:
        return str(self.document)


class TextBatch(models.Model):
    """Files that came in together, from a person or (`by` is null) a command on the machine."""

    by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("by"),
    )
    started_at = models.DateTimeField(_("started"), db_default=Now())

    class Meta:
        verbose_name = _("batch of texts")
        verbose_name_plural = _("batches of texts")
        ordering = ["-started_at"]

    def __str__(self) -> str:
        return date_format(localtime(self.started_at), "SHORT_DATETIME_FORMAT")


class TextItem(models.Model):
    """One file of a batch and what became of it."""

    class State(models.TextChoices):
        WAITING = "waiting", _("waits to be read")
        DONE = "done", _("new draft")
        UNCHANGED = "unchanged", _("nothing new")
        PROPOSED = "proposed", _("update proposed")
        TAKEN = "taken", _("update taken over")
        DROPPED = "dropped", _("left as it was")
        REFUSED = "refused", _("refused")

    batch = models.ForeignKey(TextBatch, on_delete=models.CASCADE, related_name="items", verbose_name=_("batch"))
    sequence = models.PositiveSmallIntegerField(_("order"))
    name = models.CharField(_("file name"), max_length=200)
    document = models.ForeignKey(
        SourceDocument, on_delete=models.PROTECT, null=True, blank=True, related_name="+",
        verbose_name=_("source document"),
    )  # fmt: skip
    state = models.CharField(_("state"), max_length=10, choices=State, default=State.WAITING)
    article = models.ForeignKey(
        Article, on_delete=models.CASCADE, null=True, blank=True, related_name="+", verbose_name=_("article")
    )
    report = models.JSONField(_("report"), default=dict)
    changed_at = models.DateTimeField(_("changed"), db_default=Now())

    class Meta:
        verbose_name = _("text of a batch")
        verbose_name_plural = _("texts of batches")
        ordering = ["batch", "sequence"]
        constraints = [
            models.UniqueConstraint(fields=["batch", "sequence"], name="textitem_order_unique"),
            models.CheckConstraint(
                condition=Q(state__in=["waiting", "done", "unchanged", "proposed", "taken", "dropped", "refused"]),
                name="textitem_state_known",
            ),
        ]
        indexes = [
            # The import page lists what still asks for a decision.
            models.Index(fields=["article"], name="textitem_proposed", condition=Q(state="proposed")),
        ]

    def __str__(self) -> str:
        return self.name
