"""What was deleted at the desk: whole rows, kept for thirty days, to be put back as they were."""

from django.conf import settings
from django.db import models
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _


class DeletedFacts(models.Model):
    """One deletion with all that went along. `rows` is Django's own serialisation, keys included."""

    name = models.CharField(_("what"), max_length=300)
    kind = models.CharField(_("kind"), max_length=100)
    rows = models.JSONField(_("rows"))
    deleted_at = models.DateTimeField(_("deleted"), db_default=Now())
    deleted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name=_("by")
    )
    restored_at = models.DateTimeField(_("put back"), null=True, blank=True)

    class Meta:
        verbose_name = _("deleted fact")
        verbose_name_plural = _("bin")
        ordering = ["-deleted_at"]

    def __str__(self) -> str:
        return f"{self.kind}: {self.name}"
