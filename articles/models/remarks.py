"""Remarks of the linters that somebody does not want to see again for this state of the text."""

from django.conf import settings
from django.db import models
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from articles.models.revision import Revision


class HiddenRemark(models.Model):
    """A remark hidden for one revision, for everybody; the next save asks again."""

    revision = models.ForeignKey(
        Revision, on_delete=models.CASCADE, related_name="hidden_remarks", verbose_name=_("revision")
    )
    # Of kind, words and proposal: the remark itself is computed and nowhere stored.
    digest = models.CharField(max_length=32)
    hidden_at = models.DateTimeField(_("hidden"), db_default=Now())
    hidden_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name=_("by"), db_index=False
    )

    class Meta:
        verbose_name = _("hidden remark")
        verbose_name_plural = _("hidden remarks")
        constraints = [
            models.UniqueConstraint(fields=["revision", "digest"], name="hiddenremark_unique"),
            models.CheckConstraint(condition=models.Q(digest__regex=r"^[0-9a-f]{32}$"), name="hiddenremark_digest"),
        ]

    def __str__(self) -> str:
        return self.digest
