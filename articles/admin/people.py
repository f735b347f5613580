"""Authors and topics, found by name from the article form."""

from typing import Any

from django import forms
from django.contrib import admin
from django.core.exceptions import ValidationError
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from articles import pictures
from articles.models import Author, Image, Tag
from articles.usage import stories_on


class KeptWhileUsed:
    """No author and no topic is deleted under a story; the page names the stories. Mixed into a ModelAdmin."""

    model: Any

    def get_deleted_objects(self, objs: Any, request: HttpRequest) -> Any:
        listed, counts, lacking, protected = super().get_deleted_objects(objs, request)  # type: ignore[misc]
        return listed, counts, lacking, [*protected, *stories_on(objs, self.model)]


class AuthorForm(forms.ModelForm[Author]):
    """A portrait goes out with its alternative text and its credit, as every picture does."""

    def clean_portrait(self) -> Image | None:
        image: Image | None = self.cleaned_data["portrait"]
        if image and not (image.alt.strip() and image.credit.strip()):
            raise ValidationError(_("The picture needs an alternative text and a credit first."))
        if image and (reasons := pictures.reasons_not_to_publish(image)):
            raise ValidationError(reasons)
        return image


@admin.register(Author)
class AuthorAdmin(KeptWhileUsed, admin.ModelAdmin[Author]):
    list_display = ("name", "short_name", "user")
    list_select_related = ("user",)
    search_fields = ("name", "short_name")
    form = AuthorForm
    autocomplete_fields = ("user", "portrait")
    fields = ("name", "short_name", "slug", "biography", "portrait", "user")


@admin.register(Tag)
class TagAdmin(KeptWhileUsed, admin.ModelAdmin[Tag]):
    list_display = ("name", "slug")
    search_fields = ("name",)
    fields = ("name", "slug")
