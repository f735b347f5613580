"""“Fakten prüfen”: the claims of a text by verdict beside the form, and what a person does about a contradicted one.

The check of what is in the form writes nothing. Answering, correcting and binding go through verbs of the workflow; while
the form is open its script writes corrections into the editor instead, and they are saved with the rest.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.contrib.auth.models import User
from django.core.exceptions import PermissionDenied
from django.forms import Form
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.loader import render_to_string
from django.urls import URLPattern, path, reverse
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST
from django_stubs_ext import StrOrPromise

from articles import workflow
from articles.act_forms import AnswerForm, WordsForm
from articles.admin.acts import CONFLICT, REFUSALS
from articles.admin.facts_proposal import form_proposal
from articles.fact_desk import BOUND, RIGHTS, Item, Report, check, words_of, words_sent
from articles.factcheck.verdict import Judgement
from articles.models import Act, Article

LONGEST_TYPED = 400
# In the order of the work.
GROUPS: dict[str, StrOrPromise] = {
    Judgement.CONTRADICTED: _("contradicted"),
    Judgement.UNCHECKABLE: _("not checkable"),
    Judgement.CONFIRMED: _("confirmed"),
    BOUND: _("bound"),
}


@dataclass(frozen=True, slots=True)
class Group:
    """The claims of one verdict."""

    code: str
    title: StrOrPromise
    items: list[Item]
    count: int


@dataclass(frozen=True, slots=True)
class Typed:
    """What somebody wrote beside a claim and could not be done: it stands there again."""

    handle: str
    words: str
    reason: str
    is_lost: bool  # the claim is not there any more


@dataclass(frozen=True, slots=True)
class Panel:
    """What the panel shows. `in_form`: beside the editor, where a script acts on what is written there."""

    report: Report
    article: Article | None
    may_write: bool
    in_form: bool
    typed: Typed | None = None

    @property
    def groups(self) -> list[Group]:
        report = self.report
        return [
            Group(code, title, items, report.counts.get(code, len(items)))
            for code, title in GROUPS.items()
            if (items := report.of(code))
        ]

    @property
    def check_url(self) -> str:
        name = "admin:articles_article_check"
        return reverse(name, args=[self.article.pk]) if self.article else reverse(f"{name}_new")

    @property
    def claims_url(self) -> str:
        return reverse("admin:articles_article_claims", args=[self.article.pk]) if self.article else ""

    @property
    def summary(self) -> str:
        """How many of each kind, in one line; the open contradictions first."""
        report = self.report
        if report.failed:
            return gettext("The check failed. It keeps nobody from publishing.")
        if not report.has_data:
            return gettext("No event is chosen: there is nothing to check against.")
        if not report.items:
            return gettext("Nothing in the text can be checked.")
        still_open = len(report.open)
        first = ngettext("%(n)s contradiction", "%(n)s contradictions", still_open) % {"n": still_open}
        counts = [f"{group.count} {group.title}" for group in self.groups if group.code != Judgement.CONTRADICTED]
        waived = [gettext("%(n)s answered for") % {"n": len(report.waived)}] if report.waived else []
        return " · ".join([first, *waived, *counts])


class FactDesk:
    """The panel of the article form and the page that does the same without script; mixed into the ModelAdmin."""

    admin_site: Any
    has_change_permission: Any
    _to_write: Any
    _article: Any
    _act_page: Any
    log_change: Any

    def get_urls(self) -> list[URLPattern]:
        checking = self.admin_site.admin_view(require_POST(self.check_view))
        claims = self.admin_site.admin_view(self.claims_view)
        own = [
            path("<int:object_id>/check/", checking, name="articles_article_check"),
            path("add/check/", checking, name="articles_article_check_new"),
            path("<int:object_id>/claims/", claims, name="articles_article_claims"),
        ]
        urls: list[URLPattern] = super().get_urls()  # type: ignore[misc]
        return own + urls

    def facts_context(self, request: HttpRequest, article: Article | None) -> dict[str, Any]:
        """The panel beside the form, of what the form shows, and what the stored text proposes.

        Nothing of it for whoever may not see results.
        """
        if not _may_see(request):
            return {"facts": None, "offers_proposals": False}
        may_write = bool(self.has_change_permission(request, article)) if article else True
        is_sent = request.method == "POST"
        words = words_of(article) if article and not is_sent else words_sent(request.POST if is_sent else request.GET)
        report = check(words, article)
        own = next((one.sheet for one in report.read if article and one.event.pk == article.lead_event_id), None)
        return {
            "facts": Panel(report, article, may_write, in_form=True),
            "offers_proposals": may_write,
            "facts_proposal": form_proposal(article, _user(request), sheet=own) if may_write and not is_sent else None,
        }

    def check_view(self, request: HttpRequest, object_id: int | None = None) -> HttpResponse:
        """The panel anew, of what the form holds. Nothing is written."""
        article = self._to_write(request, object_id)
        if not _may_see(request):
            raise PermissionDenied
        return self._lists(request, check(words_sent(request.POST), article), article)

    def claims_view(self, request: HttpRequest, object_id: int) -> HttpResponse:
        """All claims of the stored text; a POST does something about one, of the form's text where the form sends it."""
        article = self._article(request, object_id, "articles.change_article", Act.Verb.SAVE)
        if not _may_see(request):
            raise PermissionDenied
        in_form = "in_form" in request.POST
        report = check(words_sent(request.POST) if in_form else words_of(article), article)
        name = next((name for name in DEEDS if name in request.POST), "") if request.method == "POST" else ""
        if not name:
            return self._claims_page(request, article, report)
        if in_form and name not in ANSWERS:
            raise Http404
        try:
            done = DEEDS[name](request, article, report, _meant(request, report, name))
        except (*REFUSALS, workflow.StaleSave) as refusal:
            if in_form:
                return self._lists(request, report, article, refusal=str(refusal), status=CONFLICT)
            fresh = self._article(request, object_id, "articles.change_article", Act.Verb.SAVE)
            stored = check(words_of(fresh), fresh)
            return self._claims_page(request, fresh, stored, refusal=str(refusal), status=CONFLICT)
        if in_form:
            return self._lists(request, check(report.words, article), article)
        self.log_change(request, article, done)
        messages.success(request, done)
        return HttpResponseRedirect(reverse("admin:articles_article_claims", args=[article.pk]))

    def _lists(
        self, request: HttpRequest, report: Report, article: Article | None, *, refusal: str = "", status: int = 200
    ) -> HttpResponse:
        panel = Panel(report, article, may_write=True, in_form=True)
        context = {"facts": panel, "refusal": refusal}
        response = HttpResponse(render_to_string("admin/articles/article/facts.html", context, request), status=status)
        response["Cache-Control"] = "private, no-store"
        return response

    def _claims_page(
        self, request: HttpRequest, article: Article, report: Report, *, refusal: str = "", status: int = 200
    ) -> HttpResponse:
        may_write = bool(self.has_change_permission(request, article))
        context = {
            "title": gettext("Check the facts"),
            "facts": Panel(report, article, may_write, in_form=False, typed=_typed(request, report)),
            "refusal": refusal,
            "lock_version": article.lock_version,
        }
        page: HttpResponse = self._act_page(request, article, "facts_page.html", context, status=status)
        return page


def _may_see(request: HttpRequest) -> bool:
    """What a check tells are results, also those that are not public yet."""
    return request.user.has_perms(RIGHTS)


def _meant(request: HttpRequest, report: Report, name: str) -> Item:
    """The claim that a deed is about; a form that another person opened has nobody answer under a new login."""
    if request.POST.get("form_person", "") not in {"", str(_user(request).pk)}:
        raise workflow.NotNow(gettext("Somebody else has logged in in this browser: nobody answers for another."))
    item = report.item(request.POST[name])
    if item is None:
        raise workflow.NotNow(gettext("This claim is not in the text any more."))
    return item


def _typed(request: HttpRequest, report: Report) -> Typed | None:
    """What the refused form held."""
    handle = next((request.POST[name] for name in DEEDS if name in request.POST), "")
    words, reason = (request.POST.get(f"{handle}-{name}", "")[:LONGEST_TYPED] for name in ("words", "reason"))
    return Typed(handle, words, reason, is_lost=report.item(handle) is None) if words or reason else None


# ------------------------------------------------------------------ what is done about a claim


def _waive(request: HttpRequest, article: Article, _report: Report, item: Item) -> str:
    reason = _said(AnswerForm(request.POST, prefix=item.handle), "reason")
    workflow.waive(article, by=_user(request), item=item, reason=reason)
    return gettext("You answer for “%(words)s”.") % {"words": item.words}


def _unwaive(request: HttpRequest, article: Article, _report: Report, item: Item) -> str:
    if item.waiver is None:
        raise workflow.NotNow(gettext("Nobody answers for this claim (any more)."))
    workflow.unwaive(article, by=_user(request), waiver=item.waiver)
    return gettext("Nobody answers for “%(words)s” any more.") % {"words": item.words}


def _correct(request: HttpRequest, article: Article, report: Report, item: Item) -> str:
    words = _said(WordsForm(request.POST, prefix=item.handle), "words")
    revision = workflow.correct(
        article, by=_user(request), report=report, item=item, words=words, expected_lock_version=_version(request)
    )
    return revision.comment


def _bind(request: HttpRequest, article: Article, report: Report, item: Item) -> str:
    revision = workflow.bind(
        article, by=_user(request), report=report, item=item, expected_lock_version=_version(request)
    )
    return revision.comment


ANSWERS: dict[str, Callable[[HttpRequest, Article, Report, Item], str]] = {"waive": _waive, "unwaive": _unwaive}
DEEDS = ANSWERS | {"correct": _correct, "bind": _bind}


def _said(form: Form, name: str) -> str:
    """What was typed; a form without it is refused with the form's own words."""
    if not form.is_valid():
        wrong = "; ".join(
            f"{form.fields[field].label}: {' '.join(map(str, errors))}" for field, errors in form.errors.items()
        )
        raise workflow.NotNow(wrong)
    words: str = form.cleaned_data[name]
    return words


def _version(request: HttpRequest) -> int:
    sent = request.POST.get("lock_version", "")
    return int(sent) if sent.isascii() and sent.isdecimal() and len(sent) < 10 else -1  # noqa: PLR2004 - an integer


def _user(request: HttpRequest) -> User:
    assert isinstance(request.user, User)  # noqa: S101 - the admin lets nobody else in
    return request.user
