"""Pictures. What is stored is re-encoded; who may see a file is asked at every request."""

import secrets

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

RANDOM_NAME = r"^[A-Za-z0-9_-]{22}$"


def new_token() -> str:
    """128 random bits as 22 characters; part of every file's address."""
    return secrets.token_urlsafe(16)


def original_path(image: "Image", filename: str) -> str:
    return f"originals/{image.token[:2]}/{image.token}.{filename.rsplit('.', 1)[-1].lower()}"


def rendition_path(rendition: "Rendition", filename: str) -> str:
    token = rendition.image.token
    return f"renditions/{token[:2]}/{token}/{rendition.name}.{filename.rsplit('.', 1)[-1].lower()}"


class Image(models.Model):
    """A picture of the library, re-encoded at upload, with what must stand beside it when published.

    Readers get a file if and only if a currently public Publication refers to the picture.
    """

    token = models.CharField(max_length=22, default=new_token, editable=False)
    original = models.ImageField(_("picture"), upload_to=original_path, width_field="width", height_field="height")
    width = models.PositiveIntegerField(_("width"), editable=False)
    height = models.PositiveIntegerField(_("height"), editable=False)
    sha256 = models.CharField(
        _("SHA-256 of the upload"), max_length=64, editable=False, db_index=True
    )  # same picture twice
    title = models.CharField(_("title"), max_length=160, help_text=_("For finding it again; never published."))
    alt = models.CharField(
        _("alternative text"),
        max_length=300,
        blank=True,
        help_text=_("What is to be seen, for those who do not see it."),
    )
    caption = models.CharField(_("caption"), max_length=300, blank=True)
    credit = models.CharField(_("credit"), max_length=160, blank=True)
    uploaded_at = models.DateTimeField(_("uploaded"), db_default=Now())
    uploaded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("by"),
    )

    class Meta:
        verbose_name = _("picture")
        verbose_name_plural = _("pictures")
        ordering = ["-uploaded_at"]
        constraints = [
            models.UniqueConstraint(fields=["token"], name="image_token_unique"),
            models.CheckConstraint(condition=Q(token__regex=RANDOM_NAME), name="image_token_is_128_bits"),
        ]

    def __str__(self) -> str:
        return self.title


class Rendition(models.Model):
    """A picture in one of the fixed sizes, made at upload."""

    image = models.ForeignKey(Image, on_delete=models.CASCADE, related_name="renditions", verbose_name=_("picture"))
    name = models.CharField(_("size"), max_length=12)
    file = models.FileField(upload_to=rendition_path)
    media_type = models.CharField(max_length=20)
    width = models.PositiveIntegerField(_("width"))
    height = models.PositiveIntegerField(_("height"))

    class Meta:
        verbose_name = _("rendition")
        verbose_name_plural = _("renditions")
        ordering = ["image", "width"]
        constraints = [models.UniqueConstraint(fields=["image", "name"], name="rendition_unique")]

    def __str__(self) -> str:
        return f"{self.image} {self.name}"

    def get_absolute_url(self) -> str:
        return reverse("articles:media", args=[self.image.token, self.name])
