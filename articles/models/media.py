"""Pictures. What is stored is re-encoded; who may see a file is asked at every request."""

import datetime as dt
import secrets
from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import Exists, F, OuterRef, Q
from django.db.models.functions import Now
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

RANDOM_NAME = r"^[A-Za-z0-9_-]{22}$"


def new_token() -> str:
    """128 random bits as 22 characters; part of every file's address."""
    return secrets.token_urlsafe(16)


def original_path(image: "Image", filename: str) -> str:
    return f"originals/{image.token[:2]}/{image.token}.{filename.rsplit('.', 1)[-1].lower()}"


def rendition_path(rendition: "Rendition", filename: str) -> str:
    """A crop carries the point it was cut around: a file's bytes never change under its name."""
    token, focus = rendition.image.token, f".{rendition.focus}" if rendition.focus else ""
    return f"renditions/{token[:2]}/{token}/{rendition.name}{focus}.{filename.rsplit('.', 1)[-1].lower()}"


class ImageQuerySet(models.QuerySet["Image"]):
    def kept(self) -> Self:
        """Pictures that are not in the bin."""
        return self.filter(trashed_at__isnull=True)

    def in_bin(self) -> Self:
        return self.filter(trashed_at__isnull=False)

    def blocked(self) -> Self:
        """Pictures that nobody but the desk may see at present, whatever was published with them."""
        return self.filter(Exists(ImageBlock.objects.open().filter(image=OuterRef("pk"))))

    def expired(self, today: dt.date | None = None) -> Self:
        """Pictures whose last day of use has passed."""
        return self.filter(usable_until__lt=today or timezone.localdate())


class Image(models.Model):
    """A picture of the library, re-encoded at upload, with what must stand beside it when published.

    Readers get a file if and only if a currently public Publication refers to the picture and nobody has blocked it.
    """

    token = models.CharField(max_length=22, default=new_token, editable=False)
    original = models.ImageField(_("picture"), upload_to=original_path, width_field="width", height_field="height")
    width = models.PositiveIntegerField(_("width"), editable=False)
    height = models.PositiveIntegerField(_("height"), editable=False)
    sha256 = models.CharField(
        _("SHA-256 of the upload"), max_length=64, editable=False, db_index=True
    )  # same picture twice
    file_name = models.CharField(_("file name"), max_length=160, blank=True, editable=False, default="", db_default="")
    title = models.CharField(_("title"), max_length=160, help_text=_("For finding it again; never published."))
    alt = models.CharField(
        _("alternative text"),
        max_length=300,
        blank=True,
        help_text=_("What is to be seen, for those who do not see it."),
    )
    caption = models.CharField(_("caption"), max_length=300, blank=True)
    credit = models.CharField(_("credit"), max_length=160, blank=True)
    rights_holder = models.CharField(
        _("copyright notice"),
        max_length=160,
        blank=True,
        default="",
        db_default="",
        help_text=_("As the file says it."),
    )
    licence = models.CharField(
        _("licence"),
        max_length=300,
        blank=True,
        default="",
        db_default="",
        help_text=_("What was agreed: agency, contract, “press use only” …; never published."),
    )
    usable_until = models.DateField(
        _("usable until"),
        null=True,
        blank=True,
        help_text=_("The last day on which it may be published. Empty: without limit."),
    )
    # What must not be cut off, in percent from the left and from the top.
    focal_x = models.PositiveSmallIntegerField(_("focal point, from the left"), default=50, db_default=50)
    focal_y = models.PositiveSmallIntegerField(_("focal point, from the top"), default=50, db_default=50)
    uploaded_at = models.DateTimeField(_("uploaded"), db_default=Now())
    uploaded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("by"),
    )
    trashed_at = models.DateTimeField(_("put into the bin"), null=True, blank=True, editable=False)

    objects = ImageQuerySet.as_manager()

    class Meta:
        verbose_name = _("picture")
        verbose_name_plural = _("pictures")
        ordering = ["-uploaded_at", "-pk"]
        permissions = [("block_image", "Can block pictures")]
        constraints = [
            models.UniqueConstraint(fields=["token"], name="image_token_unique"),
            models.CheckConstraint(condition=Q(token__regex=RANDOM_NAME), name="image_token_is_128_bits"),
            models.CheckConstraint(
                condition=Q(focal_x__lte=100, focal_y__lte=100), name="image_focal_point_in_the_picture"
            ),
        ]
        indexes = [
            # The library, newest first.
            models.Index(F("uploaded_at").desc(), F("id").desc(), name="image_newest"),
            # The night's emptying of the bin.
            models.Index(fields=["trashed_at"], name="image_in_bin", condition=Q(trashed_at__isnull=False)),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def focus(self) -> str:
        """The focal point as crops remember it."""
        return f"{self.focal_x}-{self.focal_y}"

    @property
    def has_expired(self) -> bool:
        return self.is_expired_at(timezone.now())

    def is_expired_at(self, instant: dt.datetime) -> bool:
        """Whether its last day of use will have passed by then, on the newsroom's calendar."""
        return self.usable_until is not None and self.usable_until < timezone.localdate(instant)


class Rendition(models.Model):
    """A picture in one of the fixed sizes of `articles.renditions`."""

    image = models.ForeignKey(Image, on_delete=models.CASCADE, related_name="renditions", verbose_name=_("picture"))
    name = models.CharField(_("size"), max_length=20)
    file = models.FileField(upload_to=rendition_path)
    media_type = models.CharField(max_length=20)
    width = models.PositiveIntegerField(_("width"))
    height = models.PositiveIntegerField(_("height"))
    # The focal point a crop was cut around; empty for the whole picture.
    focus = models.CharField(max_length=7, blank=True, default="", db_default="")

    class Meta:
        verbose_name = _("rendition")
        verbose_name_plural = _("renditions")
        ordering = ["image", "width"]
        constraints = [models.UniqueConstraint(fields=["image", "name"], name="rendition_unique")]

    def __str__(self) -> str:
        return f"{self.image} {self.name}"

    def get_absolute_url(self) -> str:
        return reverse("articles:media", args=[self.image.token, self.name])


class ImageBlockQuerySet(models.QuerySet["ImageBlock"]):
    def open(self) -> Self:
        """Blocks that nobody has lifted."""
        return self.filter(lifted_at__isnull=True)


class ImageBlock(models.Model):
    """Who took a picture out of every public page, when and why; the publications themselves stay as they were."""

    image = models.ForeignKey(Image, on_delete=models.CASCADE, related_name="blocks", verbose_name=_("picture"))
    reason = models.CharField(_("reason"), max_length=300)
    blocked_at = models.DateTimeField(_("blocked"), db_default=Now())
    blocked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+", verbose_name=_("by")
    )
    lifted_at = models.DateTimeField(_("released again"), null=True, blank=True)
    lifted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("released by"),
    )

    objects = ImageBlockQuerySet.as_manager()

    class Meta:
        verbose_name = _("block of a picture")
        verbose_name_plural = _("blocks of pictures")
        ordering = ["image", "-blocked_at"]
        default_permissions = ()
        constraints = [
            models.CheckConstraint(condition=~Q(reason=""), name="image_block_has_a_reason"),
            models.UniqueConstraint(
                fields=["image"], condition=Q(lifted_at__isnull=True), name="image_blocked_once_at_a_time"
            ),
        ]

    def __str__(self) -> str:
        return self.reason
