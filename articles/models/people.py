"""Who signs a story, and under which topics it is filed."""

from typing import Any, Self

from django.apps import apps
from django.conf import settings
from django.db import models
from django.db.models import Exists, OuterRef
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from articles.models.media import Image
from results.names import slugify_german


def _named_by_a_public_story(link: str) -> Exists:
    return Exists(apps.get_model("articles", "Publication")._default_manager.public().filter(**{link: OuterRef("pk")}))


class FormerSlug(models.Model):
    """An address that an author or a topic once had; it leads on to the present one."""

    kind = models.CharField(max_length=8, choices=[("author", _("author")), ("tag", _("tag"))])
    slug = models.SlugField(max_length=80)
    object_id = models.BigIntegerField()

    class Meta:
        default_permissions = ()
        constraints = [models.UniqueConstraint(fields=["kind", "slug"], name="formerslug_unique")]

    def __str__(self) -> str:
        return f"{self.kind}/{self.slug}"


class Addressed(models.Model):
    """Something with a name and an address made of it; a former address is remembered when it changes.

    One that stands in no published version is not: nothing leads there, and a redirect would tell how the thing was
    called while only the desk knew it.
    """

    name: Any
    slug: Any
    # The relation of a publication to such things.
    link: str

    class Meta:
        abstract = True

    def save(self, *args: Any, **kwargs: Any) -> None:
        self.slug = self.slug or slugify_german(self.name)
        model = type(self)
        before: Any = model._default_manager.filter(pk=self.pk)
        former = before.values_list("slug", flat=True).first() if self.pk else None
        super().save(*args, **kwargs)
        if former and former != self.slug and self._stands_in_a_version():
            values = {"kind": model._meta.model_name, "slug": former}
            FormerSlug.objects.update_or_create(**values, defaults={"object_id": self.pk})

    def _stands_in_a_version(self) -> bool:
        """One that waits for its hour counts: it keeps the address with which it was frozen."""
        versions = apps.get_model("articles", "Publication")._default_manager
        return bool(versions.filter(**{self.link: self.pk}).exists())


class AuthorQuerySet(models.QuerySet["Author"]):
    def public(self) -> Self:
        """Authors who signed a story that readers may see now."""
        return self.filter(_named_by_a_public_story("authors"))


class Author(Addressed):
    """A byline. Agencies sign too, so an author need not have a login."""

    name = models.CharField(_("name"), max_length=120)
    slug = models.SlugField(_("address"), max_length=80, blank=True)
    user = models.OneToOneField(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="author",
        verbose_name=_("login"),
    )
    short_name = models.CharField(_("initials"), max_length=10, blank=True)
    biography = models.TextField(
        _("biography"),
        max_length=600,
        blank=True,
        db_default="",
        help_text=_("Two or three sentences on the author's own page."),
    )
    portrait = models.ForeignKey(
        Image,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="portrait_of",
        verbose_name=_("portrait"),
        help_text=_("Readers see it as long as a story of the author is public."),
    )

    objects = AuthorQuerySet.as_manager()
    link = "authors"

    class Meta:
        verbose_name = _("author")
        verbose_name_plural = _("authors")
        ordering = ["name"]
        constraints = [
            models.UniqueConstraint(fields=["slug"], name="author_slug_unique"),
            models.UniqueConstraint(fields=["name"], name="author_name_unique"),
        ]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("articles:author", args=[self.slug])


class TagQuerySet(models.QuerySet["Tag"]):
    def public(self) -> Self:
        """Topics of a story that readers may see now."""
        return self.filter(_named_by_a_public_story("tags"))


class Tag(Addressed):
    """A topic."""

    name = models.CharField(_("name"), max_length=80)
    slug = models.SlugField(_("address"), max_length=80, blank=True)

    objects = TagQuerySet.as_manager()
    link = "tags"

    class Meta:
        verbose_name = _("tag")
        verbose_name_plural = _("tags")
        ordering = ["name"]
        constraints = [
            models.UniqueConstraint(fields=["slug"], name="tag_slug_unique"),
            models.UniqueConstraint(fields=["name"], name="tag_name_unique"),
        ]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("articles:tag", args=[self.slug])
