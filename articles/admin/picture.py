"""The picture library: upload, texts, where a picture is used. A stored picture is never replaced by another."""

from typing import Any, ClassVar

from django import forms
from django.contrib import admin
from django.contrib.auth.models import User
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _

from articles import pictures
from articles.models import Image

SMALLEST = pictures.SIZES[0].name


class UploadForm(forms.ModelForm[Image]):
    """A new picture. The file is stored while the form is checked, so that a refusal stands beside the field."""

    file = forms.FileField(
        label=_("File"),
        help_text=_("JPEG, PNG, WebP or AVIF, at most 20 MB and 40 megapixels."),
        widget=forms.FileInput(attrs={"accept": "image/jpeg,image/png,image/webp,image/avif"}),
    )
    person: User

    class Meta:
        model = Image
        fields: ClassVar[list[str]] = ["title", "alt", "caption", "credit"]
        help_texts: ClassVar[dict[str, Any]] = {
            "caption": _("Empty: taken from the file, if it says."),
            "credit": _("Empty: taken from the file, if it says."),
        }

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if self.errors:
            return cleaned
        texts = {name: cleaned[name] for name in ("title", "alt", "caption", "credit")}
        try:
            if same := pictures.find_same(cleaned["file"]):
                raise ValidationError(
                    {"file": _("This picture is in the library already: “%(title)s”.") % {"title": same.title}}
                )
            self.instance = pictures.store_upload(cleaned["file"], by=self.person, **texts)
        except pictures.PictureRefused as refusal:
            raise ValidationError({"file": str(refusal)}) from refusal
        cleaned |= {name: getattr(self.instance, name) for name in texts}
        return cleaned


class TextsForm(forms.ModelForm[Image]):
    """What stands beside a picture. Published stories keep what they were published with."""

    class Meta:
        model = Image
        fields: ClassVar[list[str]] = ["title", "alt", "caption", "credit"]


@admin.register(Image)
class ImageAdmin(admin.ModelAdmin[Image]):
    list_display = ("thumbnail", "title", "credit", "size", "uploaded_at", "uploaded_by")
    list_display_links = ("thumbnail", "title")
    list_select_related = ("uploaded_by",)
    list_per_page = 50
    show_full_result_count = False
    search_fields = ("title", "caption", "credit", "alt")
    actions = None
    readonly_fields = ("preview", "size", "used_in", "uploaded_at", "uploaded_by")

    def get_queryset(self, request: HttpRequest) -> QuerySet[Image]:
        return super().get_queryset(request).prefetch_related("renditions")

    def get_form(self, request: HttpRequest, obj: Any = None, change: bool = False, **kwargs: Any) -> Any:  # noqa: FBT001, FBT002 - Django's signature
        kwargs["form"] = TextsForm if obj else UploadForm
        form = super().get_form(request, obj, change=change, **kwargs)
        form.person = request.user  # type: ignore[attr-defined]
        return form

    def get_fields(self, request: HttpRequest, obj: Image | None = None) -> Any:
        if obj is None:
            return ("file", "title", "alt", "caption", "credit")
        return ("preview", "title", "alt", "caption", "credit", "size", "used_in", "uploaded_at", "uploaded_by")

    def save_model(self, request: HttpRequest, obj: Image, form: Any, change: bool) -> None:  # noqa: FBT001
        """A new picture is stored by its form already."""
        if change:
            Image.objects.filter(pk=obj.pk).update(**{name: form.cleaned_data[name] for name in form.changed_data})

    def get_deleted_objects(self, objs: Any, request: HttpRequest) -> Any:
        """Stories that ever used a picture protect it; the confirmation names them."""
        listed, counts, lacking, protected = super().get_deleted_objects(objs, request)
        if users := [user for image in objs for user in pictures.users_of(image)]:
            return listed, counts, set(), users
        return listed, counts, lacking, protected

    def delete_model(self, request: HttpRequest, obj: Image) -> None:
        assert isinstance(request.user, User)  # noqa: S101 - the admin lets nobody else in
        pictures.delete(obj, by=request.user)

    @admin.display(description=_("picture"))
    def thumbnail(self, image: Image) -> str:
        small = next((rendition for rendition in image.renditions.all() if rendition.name == SMALLEST), None)
        if small is None:
            return ""
        shape = (small.get_absolute_url(), small.width, small.height, image.alt)
        return format_html('<img class="thumbnail" src="{}" width="{}" height="{}" alt="{}" loading="lazy">', *shape)

    @admin.display(description=_("picture"))
    def preview(self, image: Image) -> str:
        return self.thumbnail(image)

    @admin.display(description=_("size"))
    def size(self, image: Image) -> str:
        return f"{image.width} × {image.height}"

    @admin.display(description=_("used in"))
    def used_in(self, image: Image) -> str:
        return ", ".join(pictures.users_of(image)) or "–"

    class Media:
        css: ClassVar[dict[str, list[str]]] = {"all": ["racedesk/library.css"]}
