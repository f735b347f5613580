"""The picture library: upload, texts, rights, where a picture is used. A stored picture is never replaced by another."""

from dataclasses import dataclass
from typing import Any, ClassVar

from django import forms
from django.contrib import admin, messages
from django.contrib.auth.models import User
from django.core.exceptions import ValidationError
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from articles import picture_search, pictures, renditions
from articles.admin.picture_acts import ACCEPTED, PictureActs
from articles.models import Article, Image, ImageBlock, Publication, Rendition
from articles.usage import TOKENS_OF_BODY, stories_with_picture

THUMBNAILS = ("w480-jpeg", "w480")
UPLOAD_TEXTS = ("title", "alt", "caption", "credit")
WRITTEN = ("title", "alt", "caption", "credit", "rights_holder", "licence", "usable_until", "focal_x", "focal_y")


class UploadForm(forms.ModelForm[Image]):
    """A new picture. The file is stored while the form is checked, so that a refusal stands beside the field."""

    file = forms.FileField(
        label=_("File"),
        help_text=_("JPEG, PNG, WebP or AVIF, at most 20 MB and 40 megapixels."),
        widget=forms.FileInput(attrs={"accept": ACCEPTED}),
    )
    person: User

    class Meta:
        model = Image
        fields: ClassVar[list[str]] = list(UPLOAD_TEXTS)
        help_texts: ClassVar[dict[str, Any]] = {
            "caption": _("Empty: taken from the file, if it says."),
            "credit": _("Empty: taken from the file, if it says."),
        }

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if self.errors:
            return cleaned
        texts = {name: cleaned[name] for name in UPLOAD_TEXTS}
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
        fields: ClassVar[list[str]] = list(WRITTEN)
        widgets: ClassVar[dict[str, Any]] = {
            "focal_x": forms.NumberInput(attrs={"min": 0, "max": 100}),
            "focal_y": forms.NumberInput(attrs={"min": 0, "max": 100}),
        }

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        for name in ("focal_x", "focal_y"):
            if cleaned.get(name, 0) > 100:  # noqa: PLR2004 - percent
                self.add_error(name, gettext("From 0 to 100."))
        return cleaned


class LibraryFilter(admin.SimpleListFilter):
    """What somebody has to do something about; without a choice all but the bin."""

    title = _("state")
    parameter_name = "state"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [
            ("no-alt", _("without alternative text")),
            ("no-credit", _("without credit")),
            ("unused", _("unused")),
            ("expired", _("rights expired")),
            ("blocked", _("blocked")),
            ("bin", _("in the bin")),
        ]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Image]) -> QuerySet[Image]:
        if request.resolver_match and request.resolver_match.url_name != "articles_image_changelist":
            return queryset
        chosen = self.value()
        if chosen == "bin":
            return queryset.filter(trashed_at__isnull=False)
        kept = queryset.filter(trashed_at__isnull=True)
        return kept.filter(_condition(chosen)) if chosen else kept


class UploaderFilter(admin.RelatedOnlyFieldListFilter):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.title = gettext("person")

    @property
    def include_empty_choice(self) -> bool:
        return False

    def field_choices(self, field: Any, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        """By their names; whoever looks for a picture knows no logins."""
        found = super().field_choices(field, request, model_admin)
        people = User.objects.in_bulk([int(pk) for pk, _login in found])
        return [(pk, people[int(pk)].get_full_name() or login) for pk, login in found]


def _condition(state: str) -> Q:
    published = Publication.images.through.objects.filter(image=OuterRef("pk"))
    led = Article.objects.filter(lead_image=OuterRef("pk"))
    drawn: Any = Article.objects.annotate(tokens=TOKENS_OF_BODY)
    conditions: dict[str, Q] = {
        "no-alt": Q(alt=""),
        "no-credit": Q(credit=""),
        "unused": Q(
            ~Exists(published),
            ~Exists(led),
            ~Exists(drawn.filter(tokens__contains=[OuterRef("token")])),
            portrait_of__isnull=True,
        ),
        "expired": Q(pk__in=Image.objects.expired().values("pk")),
        "blocked": Q(Exists(ImageBlock.objects.open().filter(image=OuterRef("pk")))),
    }
    return conditions.get(state, Q())


@dataclass(frozen=True, slots=True)
class Badge:
    """A word about a picture, in the colour of its kind: `bad`, `open` or `quiet`."""

    kind: str
    words: str


def badges_of(image: Image) -> list[Badge]:
    """What is to be known of a picture at a glance; `is_blocked` is annotated by the list and the form."""
    made, all_sizes = renditions.progress(image)
    found = [
        (image.trashed_at is not None, "quiet", gettext("in the bin")),
        (getattr(image, "is_blocked", False), "bad", gettext("blocked")),
        (image.has_expired, "bad", gettext("rights expired")),
        (not image.alt.strip(), "open", gettext("no alternative text")),
        (not image.credit.strip(), "open", gettext("no credit")),
        (made < all_sizes, "quiet", gettext("%(made)s of %(all)s sizes") % {"made": made, "all": all_sizes}),
    ]
    return [Badge(kind, words) for holds, kind, words in found if holds]


def thumbnail_of(image: Image) -> Rendition | None:
    by_name = {rendition.name: rendition for rendition in image.renditions.all()}
    return next((by_name[name] for name in THUMBNAILS if name in by_name), None)


@admin.register(Image)
class ImageAdmin(PictureActs, admin.ModelAdmin[Image]):
    list_display = ("title", "credit", "size", "uploaded_at", "uploaded_by")
    list_filter = (
        LibraryFilter,
        ("uploaded_at", admin.DateFieldListFilter),
        ("uploaded_by", UploaderFilter),
    )
    list_select_related = ("uploaded_by",)
    list_per_page = 48
    list_max_show_all = 48
    show_full_result_count = False
    search_fields = ("title",)  # the search itself is `articles.picture_search`
    search_help_text = _("Words of title, alternative text, caption, credit or file name; a day; a person.")
    actions = None
    readonly_fields = ("preview", "size", "used_in", "uploaded_at", "uploaded_by", "file_name")
    change_list_template = "admin/articles/image/change_list.html"
    change_form_template = "admin/articles/image/change_form.html"
    delete_confirmation_template = "admin/articles/image/delete_confirmation.html"

    def get_queryset(self, request: HttpRequest) -> QuerySet[Image]:
        blocked = Exists(ImageBlock.objects.open().filter(image=OuterRef("pk")))
        return super().get_queryset(request).annotate(is_blocked=blocked).prefetch_related("renditions__image")

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Image], search_term: str
    ) -> tuple[QuerySet[Image], bool]:
        """The article form's search box offers what can be published; the list itself shows all."""
        if request.resolver_match and request.resolver_match.url_name == "autocomplete":
            queryset = queryset.filter(trashed_at__isnull=True).exclude(pk__in=Image.objects.blocked().values("pk"))
        return (picture_search.search(queryset, search_term) if search_term else queryset), False

    def changelist_view(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        response: Any = super().changelist_view(request, {"title": gettext("Picture library"), **(extra_context or {})})
        if hasattr(response, "context_data") and "cl" in response.context_data:
            response.context_data["cards"] = [
                {"image": image, "thumbnail": thumbnail_of(image), "badges": badges_of(image)}
                for image in response.context_data["cl"].result_list
            ]
        shown: HttpResponse = response
        return shown

    def get_form(self, request: HttpRequest, obj: Any = None, change: bool = False, **kwargs: Any) -> Any:  # noqa: FBT001, FBT002 - Django's signature
        kwargs["form"] = TextsForm if obj else UploadForm
        form = super().get_form(request, obj, change=change, **kwargs)
        form.person = request.user  # type: ignore[attr-defined]
        return form

    def get_fieldsets(self, request: HttpRequest, obj: Image | None = None) -> Any:
        if obj is None:
            return ((None, {"fields": ("file", *UPLOAD_TEXTS)}),)
        return (
            (None, {"fields": ("title", "alt", "caption", "credit")}),
            (_("Focal point"), {"fields": (("focal_x", "focal_y"),), "classes": ("focal-fields",)}),
            (_("Rights"), {"fields": ("rights_holder", "licence", "usable_until")}),
            (_("Origin"), {"fields": ("file_name", "size", "uploaded_at", "uploaded_by"), "classes": ("origin",)}),
        )

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        if isinstance(obj, Image) and obj.trashed_at:
            return False
        return super().has_change_permission(request, obj)

    def save_model(self, request: HttpRequest, obj: Image, form: Any, change: bool) -> None:  # noqa: FBT001
        """A new picture is stored by its form already."""
        if change:
            assert isinstance(request.user, User)  # noqa: S101 - the admin lets nobody else in
            texts = {name: form.cleaned_data[name] for name in form.changed_data}
            pictures.change(obj, by=request.user, **texts)

    def render_change_form(  # noqa: PLR0917 - Django's signature
        self,
        request: HttpRequest,
        context: dict[str, Any],
        add: bool = False,  # noqa: FBT001, FBT002 - Django's signature
        change: bool = False,  # noqa: FBT001, FBT002
        form_url: str = "",
        obj: Image | None = None,
    ) -> HttpResponse:
        if obj:
            made, all_sizes = renditions.progress(obj)
            context |= {
                "show_save_and_add_another": False,
                "image": obj,
                "badges": badges_of(obj),
                "progress": {"made": made, "all": all_sizes, "percent": 100 * made // all_sizes},
                "stories": stories_with_picture(obj),
                "blocks": obj.blocks.select_related("blocked_by", "lifted_by"),
                "may_block": request.user.has_perm("articles.block_image"),
                "may_restore": request.user.has_perm("articles.delete_image"),
                "cuts": [
                    {"shape": shape, "label": f"{ratio[0]}:{ratio[1]}", "width": ratio[0], "height": ratio[1]}
                    for shape, ratio in renditions.SHAPES.items()
                    if ratio
                ],
            }
        return super().render_change_form(request, context, add, change, form_url, obj)

    def get_deleted_objects(self, objs: Any, request: HttpRequest) -> Any:
        """Stories that ever used a picture protect it; the confirmation names them."""
        users = [user for image in objs for user in pictures.users_of(image)]
        return [str(image) for image in objs], {str(self.opts.verbose_name_plural): len(objs)}, set(), users

    def delete_view(
        self, request: HttpRequest, object_id: str, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        try:
            return super().delete_view(request, object_id, extra_context)
        except pictures.PictureInUse as refusal:
            messages.error(request, str(refusal))
            return HttpResponseRedirect(reverse("admin:articles_image_change", args=[object_id]))

    def delete_model(self, request: HttpRequest, obj: Image) -> None:
        """Into the bin, for 30 days."""
        assert isinstance(request.user, User)  # noqa: S101 - the admin lets nobody else in
        pictures.trash(obj, by=request.user)

    def response_delete(self, request: HttpRequest, obj_display: str, obj_id: int) -> HttpResponse:
        messages.success(
            request,
            gettext("“%(title)s” is in the bin and can be taken out for %(days)s days.")
            % {"title": obj_display, "days": pictures.DAYS_IN_BIN},
        )
        return HttpResponseRedirect(reverse("admin:articles_image_changelist"))

    @admin.display(description=_("picture"))
    def preview(self, image: Image) -> str:
        small = thumbnail_of(image)
        if small is None:
            return ""
        shape = (small.get_absolute_url(), small.width, small.height, image.alt)
        return format_html('<img class="thumbnail" src="{}" width="{}" height="{}" alt="{}">', *shape)

    @admin.display(description=_("size"))
    def size(self, image: Image) -> str:
        return f"{image.width} × {image.height}"

    @admin.display(description=_("used in"))
    def used_in(self, image: Image) -> str:
        return ", ".join(pictures.users_of(image)) or "–"

    class Media:
        css: ClassVar[dict[str, list[str]]] = {"all": ["racedesk/library.css"]}
