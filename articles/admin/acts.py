"""The acts of the desk as pages: each shows what will happen and does it by a POST, through a verb of the workflow."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Any

from django.contrib import messages
from django.contrib.auth.models import User
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.forms import Form
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django_stubs_ext import StrOrPromise

from articles import workflow
from articles.comparison import compare
from articles.content import remember
from articles.forms import PublishForm, WithdrawForm
from articles.gate import free_slug, warnings_before_publishing
from articles.models import Article, Publication, Revision
from articles.state import state_of
from results.venue_time import moment

CONFLICT = 409


@dataclass(frozen=True, slots=True)
class Act:
    """A verb of the workflow with the page that asks before it: `admin/articles/article/<name>.html`."""

    title: StrOrPromise
    done: StrOrPromise
    permission: str
    do: Callable[[Article, User, Any], object]
    form: type[Form] | None = None


ACTS = {
    "unschedule": Act(
        _("Take back the schedule"),
        _("The schedule is taken back."),
        "articles.publish_article",
        lambda article, by, _form: workflow.unschedule(article, by=by),
    ),
    "withdraw": Act(
        _("Withdraw"),
        _("The story is withdrawn."),
        "articles.withdraw_article",
        lambda article, by, form: workflow.withdraw(article, by=by, note=form.cleaned_data["note"]),
        WithdrawForm,
    ),
    "trash": Act(
        _("Put into the bin"),
        _("The article is in the bin."),
        "articles.delete_article",
        lambda article, by, _form: workflow.trash(article, by=by),
    ),
    "restore": Act(
        _("Take out of the bin"),
        _("The article is back."),
        "articles.delete_article",
        lambda article, by, _form: workflow.restore(article, by=by),
    ),
}


class StoryActs:
    """Pages of one article beside its form; mixed into its ModelAdmin."""

    admin_site: Any
    opts: Any
    get_object: Any
    has_view_permission: Any
    log_change: Any

    def get_urls(self) -> list[URLPattern]:
        pages: dict[str, Callable[..., HttpResponse]] = {
            "publish": self.publish_view,
            "revisions": self.revisions_view,
            "revert": self.revert_view,
            **{name: partial(self.act_view, name=name) for name in ACTS},
        }
        own = [
            path(f"<int:object_id>/{name}/", self.admin_site.admin_view(view), name=f"articles_article_{name}")
            for name, view in pages.items()
        ]
        urls: list[URLPattern] = super().get_urls()  # type: ignore[misc]
        return own + urls

    def rights(self, request: HttpRequest) -> dict[str, bool]:
        """What the person may do, for buttons; the verbs ask again."""
        verbs = ("publish", "withdraw", "delete", "change")
        return {f"may_{verb}": request.user.has_perm(f"articles.{verb}_article") for verb in verbs}

    def publish_view(self, request: HttpRequest, object_id: int) -> HttpResponse:
        permission = "articles.publish_article"
        article = self._article(request, object_id, permission)
        form = PublishForm(request.POST or None, initial={"lock_version": article.lock_version})
        if request.method != "POST" or not form.is_valid():
            return self._publish_page(request, article, form)
        try:
            return self._publish(request, article, form)
        except workflow.NotPublishable:
            return self._publish_page(request, article, form, status=CONFLICT)
        except workflow.StaleSave as stale:
            data = request.POST.copy()
            data["lock_version"] = str(stale.current.lock_version)
            fresh = self._article(request, object_id, permission)
            return self._publish_page(request, fresh, PublishForm(data), is_stale=True, status=CONFLICT)

    def _publish_page(
        self, request: HttpRequest, article: Article, form: PublishForm, *, is_stale: bool = False, status: int = 200
    ) -> HttpResponse:
        """What is missing, what would change for readers, and when it shall go out."""
        out = article.publications.to_come().first() or article.publications.public().first()
        context = {
            "title": gettext("Publish"),
            "form": form,
            "reasons": workflow.reasons_not_to_publish(article),
            "warnings": warnings_before_publishing(article),
            "changes": compare(out.revision.content, remember(article)) if out else [],
            "was_seen": article.publications.seen().exists(),
            "is_stale": is_stale,
            "address": article.slug or free_slug(article),
        }
        return self._act_page(request, article, "publish", context, status=status)

    def _publish(self, request: HttpRequest, article: Article, form: PublishForm) -> HttpResponse:
        with transaction.atomic():
            if not self._is_out_unchanged(article):
                workflow.claim(article, expected_lock_version=form.cleaned_data["lock_version"])
            publication = workflow.publish(
                article,
                by=_user(request),
                visible_from=form.cleaned_data["visible_from"],
                correction_note=form.cleaned_data["correction_note"],
            )
        self.log_change(
            request, article, gettext("Published as version %(version)s.") % {"version": publication.version}
        )
        messages.success(request, _announcement(publication))
        return self._back(article)

    def _is_out_unchanged(self, article: Article) -> bool:
        """Whether a second click asks for what the first one did; a first publication gives the article its address."""
        current = workflow.claim(article)
        out = current.publications.filter(visible_until__isnull=True).first()
        return out is not None and out.revision_id == getattr(current.revisions.first(), "pk", None)

    def act_view(self, request: HttpRequest, object_id: int, name: str) -> HttpResponse:
        """Ask, then act. What the workflow refuses stands on the page."""
        act = ACTS[name]
        article = self._article(request, object_id, act.permission)
        form = act.form(request.POST or None) if act.form else None
        context: dict[str, Any] = {"form": form, "title": act.title}
        if request.method != "POST" or (form is not None and not form.is_valid()):
            return self._act_page(request, article, name, context)
        try:
            act.do(article, _user(request), form)
        except (workflow.NothingToWithdraw, workflow.NotPublishable) as refusal:
            return self._act_page(request, article, name, context | {"refusal": str(refusal)}, status=CONFLICT)
        self.log_change(request, article, str(act.done))
        messages.success(request, act.done)
        return self._back(article)

    def revisions_view(self, request: HttpRequest, object_id: int) -> HttpResponse:
        """All saves of an article; one of them as it was (`?after=3`), or what lies between two (`?before=1&after=3`)."""
        article = self._article(request, object_id, "articles.view_revision")
        revisions = article.revisions.select_related("created_by").prefetch_related("publications").defer("content")
        before, after = (self._revision(article, request.GET.get(name)) for name in ("before", "after"))
        context = {
            "revisions": revisions,
            "before": before,
            "after": after,
            "changes": compare(before.content if before else {}, after.content) if after else [],
            "title": gettext("Revisions"),
        }
        return self._act_page(request, article, "revisions", context)

    def revert_view(self, request: HttpRequest, object_id: int) -> HttpResponse:
        """Show what would change in the draft, then do it; what somebody saved meanwhile is shown before it goes."""
        article = self._article(request, object_id, "articles.change_article")
        revision = self._revision(article, request.POST.get("revision") or request.GET.get("revision"))
        if revision is None or article.trashed_at:
            raise Http404
        if request.method != "POST":
            return self._revert_page(request, article, revision)
        sent = request.POST.get("lock_version", "")
        expected = int(sent) if sent.isdecimal() else -1
        try:
            written = workflow.revert(article, by=_user(request), revision=revision, expected_lock_version=expected)
        except workflow.StaleSave as stale:
            fresh = self._article(request, object_id, "articles.change_article")
            return self._revert_page(request, fresh, revision, refusal=str(stale), status=CONFLICT)
        self.log_change(request, article, written.comment)
        messages.success(
            request, gettext("The draft holds again what revision %(number)s held.") % {"number": revision.number}
        )
        return self._back(article)

    def _revert_page(
        self, request: HttpRequest, article: Article, revision: Revision, *, refusal: str = "", status: int = 200
    ) -> HttpResponse:
        context = {
            "revision": revision,
            "lock_version": article.lock_version,
            "changes": compare(remember(article), revision.content),
            "title": gettext("Back to revision %(number)s") % {"number": revision.number},
            "refusal": refusal,
        }
        return self._act_page(request, article, "revert", context, status=status)

    def _revision(self, article: Article, number: str | None) -> Revision | None:
        if not number or not number.isdecimal() or len(number) > 9:  # noqa: PLR2004 - no longer than an integer
            return None
        return article.revisions.filter(number=int(number)).first()

    def _article(self, request: HttpRequest, object_id: int, permission: str) -> Article:
        if not request.user.has_perm(permission):
            raise PermissionDenied
        article: Article | None = self.get_object(request, str(object_id))
        if article is None or not self.has_view_permission(request, article):
            raise Http404
        return article

    def _act_page(
        self, request: HttpRequest, article: Article, name: str, context: dict[str, Any], *, status: int = 200
    ) -> HttpResponse:
        everywhere = {
            **self.admin_site.each_context(request),
            **self.rights(request),
            "opts": self.opts,
            "article": article,
            "state": state_of(article),
            "subtitle": article.title,
        }
        return TemplateResponse(request, f"admin/articles/article/{name}.html", everywhere | context, status=status)

    def _back(self, article: Article) -> HttpResponse:
        return HttpResponseRedirect(reverse("admin:articles_article_change", args=[article.pk]))


def _announcement(publication: Publication) -> str:
    """What happened to the story, for the person who published it."""
    if publication.visible_from <= timezone.now():
        return gettext("“%(title)s” is published.") % {"title": publication.title}
    at = moment(publication.visible_from)
    return gettext("“%(title)s” goes out on %(at)s.") % {"title": publication.title, "at": at}


def _user(request: HttpRequest) -> User:
    assert isinstance(request.user, User)  # noqa: S101 - the admin lets nobody else in
    return request.user
