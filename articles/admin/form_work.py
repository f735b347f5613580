"""Around the article form while somebody writes: a preview of what is not saved, text kept, who holds the form.

Each address answers one question of the form's scripts; without script the form works without them.
"""

import datetime as dt
import re
from contextlib import suppress
from dataclasses import replace
from typing import Any

from csp.constants import SELF
from csp.decorators import csp_replace, csp_update
from django.contrib.admin.widgets import AutocompleteSelect, AutocompleteSelectMultiple
from django.contrib.auth.models import User
from django.core.exceptions import PermissionDenied
from django.db import DatabaseError, connection, transaction
from django.forms import BaseInlineFormSet, ModelForm
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse, QueryDict
from django.template.loader import render_to_string
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.decorators import method_decorator
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from articles import drafting, holding, previews, workflow
from articles.acts.journal import name_of
from articles.admin.conflict import Conflict, conflict_of
from articles.admin.editor_policy import EDITOR_POLICY
from articles.admin.facts_proposal import with_chosen
from articles.body import to_plain_text
from articles.box_choices import choices_of, tables_of
from articles.models import Article, Autosave, Publication, SidebarItem
from articles.stories import Story

BUSY = 429
CONFLICT = 409
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
        """A new article sent several times becomes one: the first saves, the others are led to it.

        What was written on in a form that was saved already, by somebody who never saw the answer, is no second article
        and nothing that may be called saved: it is shown beside what is stored.
        """
        key = drafting.key_of(request.POST.get("form_key"))
        admin: Any = super()
        if request.method != "POST" or object_id is not None or key is None or not self.has_add_permission(request):
            answer: HttpResponse = admin.changeform_view(request, object_id, form_url, extra_context)
            return answer
        with transaction.atomic():
            before = self._saved_before(request, None)
            if before and before.article:
                # The article before the opening, as whoever keeps or saves: in another order two would wait for each other.
                workflow.claim(before.article)
            opening = drafting.begin_save(by=_user(request), key=key, article=None)
            before = opening if opening.saved_at else before
            article = before.article if before else None
            if article and self.has_change_permission(request, article):
                return self._saved_already(request, article)
            saved: HttpResponse = admin.changeform_view(request, object_id, form_url, extra_context)
            return saved

    def _saved_before(self, request: HttpRequest, article: Article | None) -> Autosave | None:
        """What was saved of this form already: under its key, or under the one it had before, see `keep_view`."""
        keys = [drafting.key_of(request.POST.get(name)) for name in ("form_key", "saved_key")]
        return drafting.saved_opening(by=_user(request), keys=keys, article=article)

    def version_saved(self, request: HttpRequest, article: Article) -> int | None:
        """The version that an earlier save of this form made: whoever writes on in it began with that."""
        saved = self._saved_before(request, article)
        return saved.lock_version if saved else None

    def _saved_already(self, request: HttpRequest, article: Article) -> HttpResponse:
        current = workflow.claim(article)
        conflict = conflict_of(current, request.POST, self.version_saved(request, article))
        if conflict.is_empty:
            return self._after_save(request, current)
        address = reverse("admin:articles_article_change", args=[current.pk])
        return self.not_saved(request, current, conflict, {"conflict": conflict}, address)

    def ask_whose_text(self, request: HttpRequest, object_id: str | None, form_url: str) -> HttpResponse | None:
        """The form again where another person opened it and typed into it: nobody signs a text by a login in another tab."""
        writer = request.POST.get("form_person", "")
        if writer in {"", str(request.user.pk)}:
            return None
        article = self.get_object(request, object_id) if object_id else None
        may = self.has_change_permission(request, article) if article else self.has_add_permission(request)
        if not may or (object_id and not article):
            return None  # refused as ever
        data = request.POST.copy()
        data["form_key"] = str(drafting.new_key())
        name = _name_of(writer)
        because = _("Nothing was saved: the text was written by another person.")
        return self.not_saved(request, article, Conflict(None, [], data, because), {"written_by": name}, form_url)

    @method_decorator(csp_update(EDITOR_POLICY))
    def not_saved(
        self, request: HttpRequest, article: Article | None, conflict: Conflict, context: dict[str, Any], form_url: str
    ) -> HttpResponse:
        """The form with what was sent, and with words why it was not saved."""
        request.conflict = conflict  # type: ignore[attr-defined]  # see `get_form`
        request.POST = conflict.data  # type: ignore[assignment]
        admin: Any = super()
        answer: HttpResponse = admin.changeform_view(request, str(article.pk) if article else None, form_url, context)
        answer.status_code = CONFLICT
        return answer

    def keep_unsaved(self, request: HttpRequest, object_id: str | None) -> None:
        """A save failed by a fault of ours: what was sent is kept for its writer, as far as that can be done now."""
        key = drafting.key_of(request.POST.get("form_key"))
        if key is None or (connection.in_atomic_block and connection.needs_rollback):
            return
        with suppress(DatabaseError, PermissionDenied, Http404, drafting.TooMuch):
            article = self._to_write(request, object_id)
            drafting.keep(by=_user(request), key=key, article=article, sent=request.POST, is_last=True)

    def end_opening(self, request: HttpRequest, article: Article) -> None:
        """The last step of a save."""
        if key := drafting.key_of(request.POST.get("form_key")):
            drafting.end_save(by=_user(request), key=key, article=article)

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
            "form_key": drafting.unsaved_key(by=_user(request), key=drafting.key_of(request.POST.get("form_key"))),
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
        """Keep the form's text for its writer; says whether somebody saved the article meanwhile.

        A form that was saved already keeps nothing under its key: a text on its way may be older than what was saved. A
        browser that is still there goes on under the new key it is told.
        """
        article = self._to_write(request, object_id)
        key = drafting.key_of(request.POST.get("form_key"))
        if key is None:
            return JsonResponse({"error": "key"}, status=400)
        if request.POST.get("form_person", "") not in {"", str(request.user.pk)}:
            return JsonResponse({"error": "person"}, status=CONFLICT)
        sent: QueryDict = with_chosen(request.POST)
        before = drafting.key_of(sent.get("saved_key"))
        saved = drafting.saved_opening(by=_user(request), keys=[before], article=article)
        if saved and saved.article:
            article = self._to_write(request, saved.article.pk)
            sent = _began_with(sent, saved.lock_version)
        try:
            opening = drafting.keep(by=_user(request), key=key, article=article, sent=sent)
        except drafting.TooSoon:
            return JsonResponse({"error": "too soon"}, status=BUSY, headers={"Retry-After": "1"})
        except drafting.TooMuch:
            return JsonResponse({"error": "too much"}, status=TOO_LARGE)
        answer = {"saved": opening.saved_at is not None, "kept_at": _clock(opening.kept_at)}
        if opening.saved_at is not None:
            answer["new_key"] = str(drafting.new_key())
        elif saved and article and not _conflict(article, opening).differences:
            answer["is_stored"] = True
            drafting.drop(by=_user(request), key=key, article=article)
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
        because = _("Nothing is saved yet: your text is in the form again.")
        restored = _conflict(article, opening) if article else Conflict(None, [], drafting.form_of(opening))
        restored = replace(restored, because=because)
        restored.data["form_key"] = str(opening.key)
        request.conflict = restored  # type: ignore[attr-defined]  # shown and not saved, see `get_form`
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
        """Classes, cars and checkpoints of a session, or the championships of a season, for the box that shows it."""
        if not request.user.has_perm("results.view_session"):
            raise PermissionDenied
        season = request.GET.get("season", "")
        if re.fullmatch(r"[0-9]{1,18}", season):
            return _private(JsonResponse(tables_of(int(season))))
        number = request.GET.get("session", "")
        if not re.fullmatch(r"[0-9]{1,18}", number):
            return JsonResponse({"classes": [], "cars": [], "checkpoints": []})
        return _private(JsonResponse(choices_of(int(number))))

    def _to_write(self, request: HttpRequest, object_id: int | str | None) -> Article | None:
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


def _began_with(sent: QueryDict, version: int) -> QueryDict:
    data = sent.copy()
    data["lock_version"] = str(version)
    return data


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


def _name_of(key: str) -> str:
    person = User.objects.filter(pk=int(key), is_staff=True).first() if re.fullmatch(r"[0-9]{1,9}", key) else None
    return name_of(person) or _("somebody else")


def _user(request: HttpRequest) -> User:
    assert isinstance(request.user, User)  # noqa: S101 - the admin lets nobody else in
    return request.user
