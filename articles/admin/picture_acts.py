"""The acts of the picture desk as pages: bring in many pictures at once, block one, take one out of the bin."""

from dataclasses import dataclass
from typing import Any, ClassVar

from django import forms
from django.contrib import messages
from django.contrib.auth.models import User
from django.core.exceptions import PermissionDenied
from django.core.files.base import File
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from articles import pictures
from articles.models import Image

MOST_FILES = 50
ACCEPTED = "image/jpeg,image/png,image/webp,image/avif"


class SeveralFiles(forms.FileInput):
    allow_multiple_selected = True

    def value_from_datadict(self, data: Any, files: Any, name: str) -> Any:
        return files.getlist(name)


class FilesField(forms.FileField):
    """One file or many; the value is a list."""

    widget = SeveralFiles(attrs={"accept": ACCEPTED})

    def clean(self, data: Any, initial: Any = None) -> Any:
        if not data:
            raise forms.ValidationError(self.error_messages["required"], code="required")
        if len(data) > MOST_FILES:
            raise forms.ValidationError(gettext("At most %(most)s files at once.") % {"most": MOST_FILES})
        # A file that is empty or no picture is refused by name, see `arrive`, and not with all the others.
        return data


class PicturesForm(forms.Form):
    """Files with what all of them share. Empty words are taken from each file."""

    pictures = FilesField(
        label=_("Files"), help_text=_("JPEG, PNG, WebP or AVIF, each at most 20 MB and 40 megapixels.")
    )
    title = forms.CharField(
        label=_("Title"), max_length=160, required=False, help_text=_("Empty: from the file, or the file's name.")
    )
    credit = forms.CharField(
        label=_("Credit"), max_length=160, required=False, help_text=_("For all files; empty: what each file says.")
    )
    caption = forms.CharField(
        label=_("Caption"), max_length=300, required=False, help_text=_("For all files; empty: what each file says.")
    )


class BlockForm(forms.Form):
    reason = forms.CharField(label=_("Reason"), max_length=300, help_text=_("For the desk; readers do not see it."))


@dataclass(frozen=True, slots=True)
class Arrival:
    """What became of one file: `stored`, `known` (it is in the library already) or `refused`."""

    name: str
    state: str
    words: str
    address: str = ""
    thumbnail: str = ""

    def for_script(self) -> dict[str, str]:
        return {name: getattr(self, name) for name in ("name", "state", "words", "address", "thumbnail")}


def arrive(file: File[bytes], *, by: User, **texts: str) -> Arrival:
    """Store one file, or say why not; nothing is stored twice."""
    name = str(file.name)
    try:
        if same := pictures.find_same(file):
            words = (
                gettext("In the bin already: “%(title)s”.")
                if same.trashed_at
                else gettext("In the library already: “%(title)s”.")
            )
            return _arrival(name, "known", words % {"title": same.title}, same)
        image = pictures.store_upload(file, by=by, **texts)
    except pictures.PictureRefused as refusal:
        return Arrival(name, "refused", str(refusal))
    lacks = [words for given, words in ((image.alt, _("alternative text")), (image.credit, _("credit"))) if not given]
    words = gettext("Stored.")
    if lacks:
        words = gettext("Stored. Still missing: %(what)s.") % {"what": ", ".join(map(str, lacks))}
    return _arrival(name, "stored", words, image)


def _arrival(name: str, state: str, words: str, image: Image) -> Arrival:
    small = image.renditions.filter(name="w480-jpeg").first() or image.renditions.first()
    address = reverse("admin:articles_image_change", args=[image.pk])
    return Arrival(name, state, words, address, small.get_absolute_url() if small else "")


class PictureActs:
    """Pages beside list and form; mixed into the ModelAdmin of pictures."""

    admin_site: Any
    opts: Any
    get_object: Any
    log_addition: Any
    log_change: Any

    ACTS: ClassVar[dict[str, str]] = {
        "block": "articles.block_image",
        "unblock": "articles.block_image",
        "restore": "articles.delete_image",
    }

    def get_urls(self) -> list[URLPattern]:
        view = self.admin_site.admin_view
        own = [
            path("upload/", view(self.upload_view), name="articles_image_upload"),
            path("<int:object_id>/block/", view(self.block_view), name="articles_image_block"),
            path("<int:object_id>/unblock/", view(self.unblock_view), name="articles_image_unblock"),
            path("<int:object_id>/restore/", view(self.restore_view), name="articles_image_restore"),
        ]
        urls: list[URLPattern] = super().get_urls()  # type: ignore[misc]
        return own + urls

    def upload_view(self, request: HttpRequest) -> HttpResponse:
        """One or many pictures. A script sends them one by one and is answered in JSON."""
        person = _user(request)
        if not person.has_perm("articles.add_image"):
            raise PermissionDenied
        form = PicturesForm(request.POST or None, request.FILES or None)
        arrivals: list[Arrival] = []
        if request.method == "POST" and form.is_valid():
            texts = {name: form.cleaned_data[name] for name in ("title", "credit", "caption")}
            arrivals = [arrive(file, by=person, **texts) for file in form.cleaned_data["pictures"]]
        if request.method == "POST" and request.accepts("application/json") and not request.accepts("text/html"):
            problems = [str(problem) for errors in form.errors.values() for problem in errors]
            return JsonResponse({"arrivals": [one.for_script() for one in arrivals], "problems": problems})
        if len(arrivals) == 1 and arrivals[0].state == "stored":
            messages.success(request, gettext("The picture is stored. Look at what stands beside it."))
            return HttpResponseRedirect(arrivals[0].address)
        context = {
            **self.admin_site.each_context(request),
            "opts": self.opts,
            "title": gettext("Upload pictures"),
            "form": form if not arrivals else PicturesForm(),
            "arrivals": arrivals,
            "most": MOST_FILES,
        }
        return TemplateResponse(request, "admin/articles/image/upload.html", context)

    def block_view(self, request: HttpRequest, object_id: int) -> HttpResponse:
        image = self._image(request, object_id, "block")
        form = BlockForm(request.POST or None)
        if request.method == "POST" and form.is_valid():
            pictures.block(image, by=_user(request), reason=form.cleaned_data["reason"])
            self.log_change(request, image, gettext("Blocked: %(reason)s") % form.cleaned_data)
            messages.success(request, gettext("The picture is blocked. No page shows it any more."))
            return self._back(image)
        return self._page(request, image, gettext("Block the picture"), form=form, template="block")

    def unblock_view(self, request: HttpRequest, object_id: int) -> HttpResponse:
        image = self._image(request, object_id, "unblock")
        if request.method == "POST":
            if pictures.unblock(image, by=_user(request)):
                self.log_change(request, image, gettext("Released again."))
            messages.success(request, gettext("The picture is released again."))
            return self._back(image)
        return self._page(request, image, gettext("Release the picture again"), template="unblock")

    def restore_view(self, request: HttpRequest, object_id: int) -> HttpResponse:
        image = self._image(request, object_id, "restore")
        if request.method == "POST":
            pictures.restore(image, by=_user(request))
            self.log_change(request, image, gettext("Taken out of the bin."))
            messages.success(request, gettext("The picture is back."))
            return self._back(image)
        return self._page(request, image, gettext("Take the picture out of the bin"), template="restore")

    def _image(self, request: HttpRequest, object_id: int, act: str) -> Image:
        if not request.user.has_perm(self.ACTS[act]):
            raise PermissionDenied
        image = self.get_object(request, str(object_id))
        if not isinstance(image, Image):
            raise Http404
        return image

    def _page(
        self, request: HttpRequest, image: Image, title: str, *, template: str, form: forms.Form | None = None
    ) -> HttpResponse:
        context = {
            **self.admin_site.each_context(request),
            "opts": self.opts,
            "title": title,
            "image": image,
            "form": form,
            "users": pictures.users_of(image),
        }
        return TemplateResponse(request, f"admin/articles/image/{template}.html", context)

    def _back(self, image: Image) -> HttpResponseRedirect:
        return HttpResponseRedirect(reverse("admin:articles_image_change", args=[image.pk]))


def _user(request: HttpRequest) -> User:
    assert isinstance(request.user, User)  # noqa: S101 - the admin lets nobody else in
    return request.user
