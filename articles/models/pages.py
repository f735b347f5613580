"""Pages that the law asks for, with versions and a window as stories have."""

from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now
from django.urls import reverse
from django.utils.translation import gettext_lazy as _


class Page(models.Model):
    """One of the site's own pages. What it says stands in its versions."""

    class Name(models.TextChoices):
        IMPRINT = "impressum", _("Legal notice")
        PRIVACY = "datenschutz", _("Privacy")
        ACCESSIBILITY = "barrierefreiheit", _("Accessibility")

    name = models.CharField(_("page"), max_length=20, choices=Name.choices, editable=False)

    class Meta:
        verbose_name = _("page")
        verbose_name_plural = _("pages")
        ordering = ["pk"]
        default_permissions = ("change", "view")
        constraints = [
            models.UniqueConstraint(fields=["name"], name="page_name_unique"),
            models.CheckConstraint(
                condition=Q(name__in=["impressum", "datenschutz", "barrierefreiheit"]), name="page_name_known"
            ),
        ]

    def __str__(self) -> str:
        return self.get_name_display()

    def get_absolute_url(self) -> str:
        return reverse(f"articles:{self.name}")


class PageVersionQuerySet(models.QuerySet["PageVersion"]):
    def public(self) -> Self:
        """The versions that readers may see now, at most one a page."""
        return self.filter(Q(visible_until__isnull=True) | Q(visible_until__gt=Now()), visible_from__lte=Now())


class PageVersion(models.Model):
    """What a page said from one instant to another, frozen; only the window moves (trigger)."""

    page = models.ForeignKey(Page, on_delete=models.PROTECT, related_name="versions", verbose_name=_("page"))
    number = models.PositiveIntegerField(_("version"))
    title = models.CharField(_("title"), max_length=120)
    body_html = models.TextField(_("text"))
    is_placeholder = models.BooleanField(_("to be filled in"), default=False)
    visible_from = models.DateTimeField(_("visible from"))
    visible_until = models.DateTimeField(_("visible until"), null=True, blank=True)
    written_at = models.DateTimeField(_("written"), db_default=Now())
    written_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("by"),
    )

    objects = PageVersionQuerySet.as_manager()

    class Meta:
        verbose_name = _("version of a page")
        verbose_name_plural = _("versions of pages")
        ordering = ["page", "-number"]
        default_permissions = ("view",)
        constraints = [
            models.UniqueConstraint(fields=["page", "number"], name="pageversion_number_unique"),
            models.UniqueConstraint(
                fields=["page"], condition=Q(visible_until__isnull=True), name="pageversion_one_open_window"
            ),
            models.CheckConstraint(
                condition=Q(visible_until__isnull=True) | Q(visible_until__gte=F("visible_from")),
                name="pageversion_window_in_order",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.title} (v{self.number})"
