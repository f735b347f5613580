"""Around the article form while somebody writes: a preview of what is not saved, text kept, who holds the form.

Each address answers one question of the form's scripts; without script the form works without them.
"""

import datetime as dt
import re
from typing import Any

from csp.constants import SELF
from csp.decorators import csp_replace, csp_update
from django.contrib.admin.widgets import AutocompleteSelect, AutocompleteSelectMultiple
from django.contrib.auth.models import User
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.forms import BaseInlineFormSet, ModelForm
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse, QueryDict
from django.template.loader import render_to_string
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.decorators import method_decorator
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from articles import drafting, holding, previews
from articles.admin.conflict import Conflict, conflict_of
from articles.admin.editor_policy import EDITOR_POLICY
from articles.body import to_plain_text
from articles.box_choices import choices_of
from articles.models import Article, Autosave, Publication, SidebarItem
from articles.stories import Story

BUSY = 429
TOO_LARGE = 413
# Of this one answer: the form's own page may frame it.
PREVIEW_POLICY = {"frame-ancestors": [SELF]}
ACTS = {"open": holding.open_form, "beat": holding.beat, "take": holding.take_over, "release": holding.release}


class KnownKeys:
    """A search box that asks the database for keys alone: words sent in their place are no choice and no error 500."""

    def optgroups(self, name: str, value: Any, attrs: Any = None) -> Any:
        keys = [key for key in value if not key or re.fullmatch(r"[0-9]{1,18}", str(key))]
        return super().optgroups(name, keys, attrs)  # type: ignore[misc]


class SearchBox(KnownKeys, AutocompleteSelect):
    pass


class SearchBoxes(KnownKeys, AutocompleteSelectMultiple):
    pass


class SafeSearch:
    """Mixed into an admin whose search boxes may be shown again with whatever was sent."""

    def formfield_for_foreignkey(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        self._search_with(SearchBox, db_field, request, kwargs)
        return super().formfield_for_foreignkey(db_field, request, **kwargs)  # type: ignore[misc]

    def formfield_for_manytomany(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        self._search_with(SearchBoxes, db_field, request, kwargs)
        return super().formfield_for_manytomany(db_field, request, **kwargs)  # type: ignore[misc]

    def _search_with(self, widget: Any, db_field: Any, request: HttpRequest, kwargs: dict[str, Any]) -> None:
        admin: Any = self
        if "widget" not in kwargs and db_field.name in admin.get_autocomplete_fields(request):
            kwargs["widget"] = widget(db_field, admin.admin_site, using=kwargs.get("using"))


class FormWork:
    """Pages and answers around the form; mixed into the ModelAdmin of articles."""

    admin_site: Any
    opts: Any
    get_object: Any
    get_form: Any
    get_inline_formsets: Any
    has_add_permission: Any
    has_change_permission: Any
    has_view_permission: Any
    _create_formsets: Any

    def get_urls(self) -> list[URLPattern]:
        doors = {"preview": self.preview_view, "keep": self.keep_view, "kept": self.kept_view, "hold": self.hold_view}
        own = [path("box-choices/", self.admin_site.admin_view(self.choices_view), name="articles_article_box_choices")]
        for name, view in doors.items():
            door = self.admin_site.admin_view(require_POST(view))
            own.append(path(f"<int:object_id>/{name}/", door, name=f"articles_article_{name}"))
            if name != "hold":  # nobody else can open an article that does not exist yet
                own.append(path(f"add/{name}/", door, name=f"articles_article_{name}_new"))
        urls: list[URLPattern] = super().get_urls()  # type: ignore[misc]
        return own + urls

    # --- saving ---

    def changeform_view(
        self,
        request: HttpRequest,
        object_id: str | None = None,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        """A new article sent several times at once becomes one: the first saves, the others are led to it."""
        key = drafting.key_of(request.POST.get("form_key"))
        admin: Any = super()
        if request.method != "POST" or object_id is not None or key is None or not self.has_add_permission(request):
            answer: HttpResponse = admin.changeform_view(request, object_id, form_url, extra_context)
            return answer
        with transaction.atomic():
            opening = drafting.begin_save(by=_user(request), key=key, article=None)
            if opening.saved_at and opening.article:
                return self._after_save(request, opening.article)
            saved: HttpResponse = admin.changeform_view(request, object_id, form_url, extra_context)
            return saved

    def save_related(self, request: HttpRequest, form: ModelForm[Article], formsets: Any, change: bool) -> None:  # noqa: FBT001
        super().save_related(request, form, formsets, change)  # type: ignore[misc]
        if key := drafting.key_of(request.POST.get("form_key")):
            drafting.end_save(by=_user(request), key=key, article=form.instance)

    def _after_save(self, request: HttpRequest, article: Article) -> HttpResponse:
        raise NotImplementedError

    # --- showing the form ---

    def form_context(self, request: HttpRequest, article: Article | None) -> dict[str, Any]:
        """What the form needs to keep text, show who holds it, and offer what was kept."""
        base = "admin:articles_article"
        may_write = self.has_change_permission(request, article) if article else self.has_add_permission(request)
        kept_already = request.method == "POST"
        args = [article.pk] if article else []
        tail = "" if article else "_new"
        return {
            "may_write": may_write,
            "form_key": drafting.key_of(request.POST.get("form_key")) or drafting.new_key(),
            "kept_texts": self._offers(request, article) if may_write and not kept_already else [],
            "kept_url": reverse(f"{base}_kept{tail}", args=args),
            "keep_url": reverse(f"{base}_keep{tail}", args=args),
            "preview_url": reverse(f"{base}_preview{tail}", args=args),
            "hold_url": reverse(f"{base}_hold", args=args) if article and may_write else "",
            "hold": holding.holder_of(article, by=_user(request)) if article and may_write else holding.NOBODY,
            "box_kinds": SidebarItem.Kind.choices,
            "choices_url": reverse(f"{base}_box_choices"),
            "beat_seconds": holding.BEAT_SECONDS,
        }

    def _offers(self, request: HttpRequest, article: Article | None) -> list[dict[str, Any]]:
        """Kept texts that hold something which is not stored, each with what differs."""
        kept = drafting.kept_texts(by=_user(request), article=article)
        if article is None:
            return [{"opening": one, "parts": _opening_words(drafting.form_of(one))} for one in kept]
        offers = [{"opening": one, "differences": _conflict(article, one).differences} for one in kept]
        return [offer for offer in offers if offer["differences"]]

    # --- doors ---

    @method_decorator(csp_replace(PREVIEW_POLICY))
    def preview_view(self, request: HttpRequest, object_id: int | None = None) -> HttpResponse:
        """The story as the form holds it, for the frame beside the form: framed by this site alone, kept by nobody."""
        article = self._to_write(request, object_id)
        form_class = self.get_form(request, article, change=article is not None)
        form = form_class(request.POST, request.FILES, instance=article)
        formsets, inlines = self._create_formsets(request, form.instance, change=article is not None)
        _refuse_foreign(request.POST, form, formsets, [self._may_edit(request, one, article) for one in inlines])

        def show(story: Story, notes: list[str]) -> HttpResponse:
            context = {"story": story, "notes": notes, "series": story.series}
            return HttpResponse(render_to_string("articles/preview.html", context, request))

        response = previews.unsaved(form, formsets, show)
        response["Cache-Control"] = "private, no-store"
        response["X-Robots-Tag"] = "noindex, nofollow"
        response["X-Frame-Options"] = "SAMEORIGIN"
        return response

    def _may_edit(self, request: HttpRequest, inline: Any, article: Article | None) -> bool:
        return bool(inline.has_change_permission(request, article) or inline.has_add_permission(request, article))

    def keep_view(self, request: HttpRequest, object_id: int | None = None) -> HttpResponse:
        """Keep the form's text for its writer; says whether somebody saved the article meanwhile."""
        article = self._to_write(request, object_id)
        key = drafting.key_of(request.POST.get("form_key"))
        if key is None:
            return JsonResponse({"error": "key"}, status=400)
        try:
            opening = drafting.keep(by=_user(request), key=key, article=article, sent=request.POST)
        except drafting.TooSoon:
            return JsonResponse({"error": "too soon"}, status=BUSY, headers={"Retry-After": "1"})
        except drafting.TooMuch:
            return JsonResponse({"error": "too much"}, status=TOO_LARGE)
        answer = {"saved": opening.saved_at is not None, "kept_at": _clock(opening.kept_at)}
        return _private(JsonResponse(answer | _stored(article)))

    @method_decorator(csp_update(EDITOR_POLICY))
    def kept_view(self, request: HttpRequest, object_id: int | None = None) -> HttpResponse:
        """Put a kept text into the form again, or throw it away. Nothing is saved by it."""
        article = self._to_write(request, object_id)
        key = drafting.key_of(request.POST.get("kept"))
        form_page = reverse(
            f"admin:articles_article_{'change' if article else 'add'}", args=[article.pk] if article else []
        )
        if "_drop" in request.POST:
            drafting.drop(by=_user(request), key=key, article=article)
            return HttpResponseRedirect(form_page)
        opening = drafting.kept_text(by=_user(request), key=key, article=article)
        if opening is None:
            return HttpResponseRedirect(form_page)
        restored = _conflict(article, opening) if article else Conflict(None, [], drafting.form_of(opening))
        restored.data["form_key"] = str(opening.key)
        request.conflict = restored  # type: ignore[attr-defined]  # shown and not saved, see `get_form`
        request.is_restoring = True  # type: ignore[attr-defined]
        request.POST = restored.data  # type: ignore[assignment]
        page: Any = super()
        context = {"restored": restored, "restored_at": opening.kept_at}
        answer: HttpResponse = page.changeform_view(request, str(article.pk) if article else None, form_page, context)
        return answer

    def hold_view(self, request: HttpRequest, object_id: int) -> HttpResponse:
        """Open, keep open, take over or close the form; says who holds it and which version is stored."""
        article = self._to_write(request, object_id)
        key, act = drafting.key_of(request.POST.get("form_key")), ACTS.get(request.POST.get("act", ""))
        if article is None or key is None or act is None:
            return JsonResponse({"error": "act"}, status=400)
        hold = act(article, by=_user(request), key=key)
        answer = {"mine": hold.is_mine, "own": hold.is_own, "holder": hold.holder, "since": _clock(hold.since)}
        response = _private(JsonResponse(answer | _stored(article)))
        # A form that stands open overnight must not keep its login alive.
        response.is_no_activity = True  # type: ignore[attr-defined]
        return response

    def choices_view(self, request: HttpRequest) -> HttpResponse:
        """Classes, cars and checkpoints of a session, for the box that shows it."""
        if not request.user.has_perm("results.view_session"):
            raise PermissionDenied
        number = request.GET.get("session", "")
        if not re.fullmatch(r"[0-9]{1,18}", number):
            return JsonResponse({"classes": [], "cars": [], "checkpoints": []})
        return _private(JsonResponse(choices_of(int(number))))

    def _to_write(self, request: HttpRequest, object_id: int | None) -> Article | None:
        """The article a person may change, or None for a new one that he may add."""
        if object_id is None:
            if not self.has_add_permission(request):
                raise PermissionDenied
            return None
        article: Article | None = self.get_object(request, str(object_id))
        if article is None:
            raise Http404
        if not self.has_change_permission(request, article):
            raise PermissionDenied
        return article


def _refuse_foreign(
    sent: QueryDict, form: ModelForm[Article], formsets: list[BaseInlineFormSet[Any, Any, Any]], may_edit: list[bool]
) -> None:
    """403 for a form that holds what the person may not edit, or a row of another article."""
    offered = {name for name, field in form.fields.items() if not field.disabled}
    columns = {field.name for model in (Article, Publication) for field in model._meta.get_fields()}
    prefixes = {formset.prefix for formset in formsets}
    if any(name in columns and name not in offered and name not in prefixes for name in sent):
        raise PermissionDenied
    for formset, allowed in zip(formsets, may_edit, strict=True):
        rows = [name for name in sent if name.startswith(f"{formset.prefix}-")]
        ids = {str(sent[name]) for name in rows if re.fullmatch(rf"{formset.prefix}-\d+-id", name)}
        parents = {sent[name] for name in rows if re.fullmatch(rf"{formset.prefix}-\d+-article", name)} - {""}
        if _has_foreign(formset, ids) or parents - {str(formset.instance.pk)} or (rows and not allowed):
            raise PermissionDenied


def _has_foreign(formset: BaseInlineFormSet[Any, Any, Any], ids: set[str]) -> bool:
    """Whether a row of another article is among them; one that somebody deleted meanwhile is nobody's."""
    keys = [key for key in ids if re.fullmatch(r"[0-9]{1,18}", key)]
    return (
        bool(keys)
        and type(formset.empty_form.instance)
        ._default_manager.filter(pk__in=keys)
        .exclude(article=formset.instance.pk)
        .exists()
    )


def _conflict(article: Article, opening: Autosave) -> Conflict:
    return conflict_of(article, drafting.form_of(opening), opening.lock_version)


def _opening_words(form: QueryDict) -> list[str]:
    """The beginning of a text that was never saved, so that its writer knows it again."""
    words = [form.get("title", ""), form.get("standfirst", ""), to_plain_text(form.get("body", ""))[:300]]
    return [text.strip() for text in words if text.strip()] or [_("Without words yet.")]


def _stored(article: Article | None) -> dict[str, Any]:
    """Which version is stored and who saved it, for a form that began with an older one."""
    if article is None:
        return {"version": 0}
    last = article.revisions.select_related("created_by").first()
    return {"version": article.lock_version, "saved_by": last.saved_by if last else ""}


def _clock(instant: dt.datetime | None) -> str:
    return timezone.localtime(instant).strftime("%H:%M") if instant else ""


def _private(response: HttpResponse) -> HttpResponse:
    response["Cache-Control"] = "private, no-store"
    return response


def _user(request: HttpRequest) -> User:
    assert isinstance(request.user, User)  # noqa: S101 - the admin lets nobody else in
    return request.user
