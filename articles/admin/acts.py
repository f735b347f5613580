"""The acts of the desk as pages: each shows what will happen and does it by a POST, through a verb of the workflow."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Any

from django.contrib import messages
from django.contrib.auth.models import User
from django.core.exceptions import PermissionDenied
from django.forms import Form
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect, QueryDict
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django_stubs_ext import StrOrPromise

from articles import workflow
from articles.act_forms import (
    EmbargoForm,
    PublishForm,
    ReadForm,
    ReasonForm,
    RescheduleForm,
    ReturnForm,
    SubmitForm,
    WithdrawForm,
    as_fields,
)
from articles.acts.facts import Checked, seen_of
from articles.acts.journal import refused
from articles.acts.review import needs_second_person
from articles.comparison import compare
from articles.content import remember
from articles.fact_desk import Report, check, words_of
from articles.gate import free_slug, warnings_before_publishing
from articles.models import Act, Article, Publication, Revision
from articles.state import state_of
from results.venue_time import moment

CONFLICT = 409


@dataclass(frozen=True, slots=True)
class Deed:
    """A verb of the workflow with the page that asks before it.

    `explain` says what will happen; `template` stands in `admin/articles/article/`; `initial` fills the form.
    """

    title: StrOrPromise
    done: StrOrPromise
    permission: str
    do: Callable[[Article, User, Any], object]
    form: type[Form] | None = None
    explain: StrOrPromise = ""
    template: str = "act_form.html"
    initial: Callable[[Article], dict[str, Any]] = lambda _article: {}
    verb: str = Act.Verb.OPEN


def _version(article: Article) -> dict[str, Any]:
    return {"lock_version": article.lock_version}


def _waiting(article: Article) -> dict[str, Any]:
    scheduled = article.publications.to_come().first()
    return {"known": scheduled.waiting} if scheduled else {}


def _last_version(article: Article) -> int:
    return article.publications.order_by("-version").values_list("version", flat=True).first() or 0


DEEDS = {
    "submit": Deed(
        _("Submit for review"),
        _("The article waits for a review."),
        "articles.submit_article",
        lambda article, by, form: workflow.submit(
            article, by=by, note=form["note"], expected_lock_version=form["lock_version"]
        ),
        SubmitForm,
        _("Somebody else reads it, approves it or returns it with a reason. You can go on writing meanwhile."),
        initial=_version,
        verb=Act.Verb.SUBMIT,
    ),
    "return": Deed(
        _("Return to the writer"),
        _("The article is returned."),
        "articles.review_article",
        lambda article, by, form: workflow.return_to_writer(
            article, by=by, reason=form["reason"], expected_lock_version=form["lock_version"]
        ),
        ReturnForm,
        _("The writer finds the article with your reason on the start page and submits it again."),
        initial=_version,
        verb=Act.Verb.RETURN,
    ),
    "approve": Deed(
        _("Approve"),
        _("The article is approved and can be published."),
        "articles.review_article",
        lambda article, by, form: workflow.approve(article, by=by, expected_lock_version=form["lock_version"]),
        ReadForm,
        _("You approve exactly this text. Every later change takes the approval back."),
        template="approve.html",
        initial=_version,
        verb=Act.Verb.APPROVE,
    ),
    "reschedule": Deed(
        _("Move to another hour"),
        _("The hour is moved."),
        "articles.publish_article",
        lambda article, by, form: workflow.reschedule(
            article,
            by=by,
            visible_from=form["instant"],
            known=form["known"],
            facts_because=form["facts_because"],
            facts_seen=form["facts_seen"],
        ),
        RescheduleForm,
        _("The version that waits goes out at another hour, as it was frozen. Without day and time it goes out now."),
        template="reschedule.html",
        initial=lambda article: as_fields(getattr(article, "scheduled_for", None)) | _waiting(article),
        verb=Act.Verb.RESCHEDULE,
    ),
    "unschedule": Deed(
        _("Take back the schedule"),
        _("The schedule is taken back."),
        "articles.publish_article",
        lambda article, by, _form: workflow.unschedule(article, by=by),
        template="unschedule.html",
        verb=Act.Verb.UNSCHEDULE,
    ),
    "embargo": Deed(
        _("Set the embargo"),
        _("The embargo is set."),
        "articles.embargo_article",
        lambda article, by, form: workflow.embargo(article, by=by, until=form["instant"], reason=form["reason"]),
        EmbargoForm,
        template="embargo.html",
        initial=lambda article: as_fields(getattr(article, "embargo", None)),
        verb=Act.Verb.EMBARGO,
    ),
    "lift-embargo": Deed(
        _("Lift the embargo"),
        _(
            "The embargo is lifted. What is scheduled keeps its hour: “Move to another hour” without day and time shows it"
            " now."
        ),
        "articles.liftembargo_article",
        lambda article, by, form: workflow.lift_embargo(article, by=by, reason=form["reason"]),
        ReasonForm,
        _("Nothing goes out by it: what is scheduled keeps its hour until you move it."),
        verb=Act.Verb.LIFT,
    ),
    "withdraw": Deed(
        _("Withdraw"),
        _("The story is withdrawn."),
        "articles.withdraw_article",
        lambda article, by, form: workflow.withdraw(article, by=by, note=form["note"]),
        WithdrawForm,
        template="withdraw.html",
        verb=Act.Verb.WITHDRAW,
    ),
    "take-down": Deed(
        _("Take down"),
        _("The story is taken down."),
        "articles.takedown_article",
        lambda article, by, form: workflow.take_down(article, by=by, reason=form["reason"]),
        ReasonForm,
        _(
            "For what must not even be spoken of: the story disappears at once, its address answers as if it had never"
            " been there, and a note of withdrawal goes too. A scheduled version does not go out."
        ),
        verb=Act.Verb.TAKE_DOWN,
    ),
    "reinstate": Deed(
        _("Put back online"),
        _("The story is back."),
        "articles.withdraw_article",
        lambda article, by, form: workflow.reinstate(article, by=by, reason=form["reason"]),
        ReasonForm,
        _("Readers see again what they saw last, word for word. What the draft holds by now does not go out."),
        verb=Act.Verb.REINSTATE,
    ),
    "trash": Deed(
        _("Put into the bin"),
        _("The article is in the bin."),
        "articles.delete_article",
        lambda article, by, _form: workflow.trash(article, by=by),
        template="trash.html",
        verb=Act.Verb.TRASH,
    ),
    "restore": Deed(
        _("Take out of the bin"),
        _("The article is back."),
        "articles.delete_article",
        lambda article, by, _form: workflow.restore(article, by=by),
        template="restore.html",
        verb=Act.Verb.RESTORE,
    ),
}
REFUSALS = (workflow.NothingToWithdraw, workflow.NotPublishable, workflow.NotNow, workflow.FourEyes)


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
            **{name: partial(self.act_view, name=name) for name in DEEDS},
        }
        own = [
            path(f"<int:object_id>/{name}/", self.admin_site.admin_view(view), name=f"articles_article_{name}")
            for name, view in pages.items()
        ]
        urls: list[URLPattern] = super().get_urls()  # type: ignore[misc]
        return own + urls

    def rights(self, request: HttpRequest) -> dict[str, bool]:
        """What the person may do, for buttons; the verbs ask again."""
        verbs = ("publish", "withdraw", "delete", "change", "submit")
        return {f"may_{verb}": request.user.has_perm(f"articles.{verb}_article") for verb in verbs}

    def publish_view(self, request: HttpRequest, object_id: int) -> HttpResponse:
        permission = "articles.publish_article"
        article = self._article(request, object_id, permission, Act.Verb.PUBLISH)
        initial = {
            "lock_version": article.lock_version,
            "known_version": _last_version(article),
            **as_fields(state_of(article).embargo_until),
        }
        form = PublishForm(request.POST or None, initial=initial)
        if request.method != "POST" or not form.is_valid():
            return self._publish_page(request, article, form)
        try:
            return self._publish(request, article, form)
        except REFUSALS as refusal:
            return self._publish_page(request, article, form, refusal=str(refusal), status=CONFLICT)
        except workflow.StaleSave as stale:
            data = request.POST.copy()
            fresh = self._article(request, object_id, permission, Act.Verb.PUBLISH)
            data["lock_version"] = str(stale.current.lock_version)
            data["known_version"] = str(_last_version(fresh))
            return self._publish_page(request, fresh, PublishForm(data), is_stale=True, status=CONFLICT)

    def _publish_page(
        self,
        request: HttpRequest,
        article: Article,
        form: PublishForm,
        *,
        is_stale: bool = False,
        refusal: str = "",
        status: int = 200,
    ) -> HttpResponse:
        """What is missing, what would change for readers, and when it shall go out."""
        out = article.publications.to_come().first() or article.publications.public().first()
        reasons = workflow.reasons_not_to_publish(article)
        facts = self._facts_at_the_gate(request, check(words_of(article), article))
        context = {
            **facts,
            "title": gettext("Publish"),
            "form": form,
            "reasons": reasons,
            "refusal": "" if reasons else refusal,
            "warnings": warnings_before_publishing(article),
            "needs_second": needs_second_person(article, _user(request)),
            "may_publish_alone": request.user.has_perm("articles.publishalone_article"),
            "changes": compare(out.revision.content, remember(article)) if out else [],
            "was_seen": article.publications.seen().exists(),
            "is_stale": is_stale,
            "address": article.slug or free_slug(article),
        }
        return self._act_page(request, article, "publish.html", context, status=status)

    def _publish(self, request: HttpRequest, article: Article, form: PublishForm) -> HttpResponse:
        before = _last_version(article)
        publication = workflow.publish(
            article,
            by=_user(request),
            visible_from=form.cleaned_data["instant"],
            correction_note=form.cleaned_data["correction_note"],
            alone_because=form.cleaned_data["alone_because"],
            facts_because=form.cleaned_data["facts_because"],
            facts_seen=form.cleaned_data["facts_seen"],
            expected_lock_version=form.cleaned_data["lock_version"],
            known_version=form.cleaned_data["known_version"],
        )
        if publication.version != before:
            self.log_change(
                request, article, gettext("Published as version %(version)s.") % {"version": publication.version}
            )
        messages.success(request, _announcement(publication))
        return self._back(article)

    def act_view(self, request: HttpRequest, object_id: int, name: str) -> HttpResponse:
        """Ask, then act. What the workflow refuses stands on the page."""
        deed = DEEDS[name]
        article = self._article(request, object_id, deed.permission, deed.verb)
        form = deed.form(request.POST or None, initial=deed.initial(article)) if deed.form else None
        context: dict[str, Any] = {"form": form, "title": deed.title, "explain": deed.explain}
        context |= self._beside_the_act(request, article, name)
        if request.method != "POST" or (form is not None and not form.is_valid()):
            return self._act_page(request, article, deed.template, context)
        try:
            deed.do(article, _user(request), form.cleaned_data if form else {})
        except (*REFUSALS, workflow.StaleSave) as refusal:
            # What was typed stays; what the page had seen is what it shows now.
            fresh = self._article(request, object_id, deed.permission, deed.verb)
            context |= {"form": _again(deed, fresh, request.POST), "refusal": str(refusal)}
            context |= self._beside_the_act(request, fresh, name)
            return self._act_page(request, fresh, deed.template, context, status=CONFLICT)
        self.log_change(request, article, str(deed.done))
        messages.success(request, deed.done)
        return self._back(article)

    def _beside_the_act(self, request: HttpRequest, article: Article, name: str) -> dict[str, Any]:
        """What an act shows beside its form."""
        if name == "approve":
            return self._what_is_approved(article)
        if name == "reschedule":
            checked = Checked.of_waiting(article)
            return self._facts_at_the_gate(request, checked.report) if checked else {}
        return {}

    def _facts_at_the_gate(self, request: HttpRequest, facts: Report) -> dict[str, Any]:
        """What the data contradict in what goes out, and who may let it out all the same."""
        may_lift = request.user.has_perm("articles.liftfacts_article")
        return {
            "facts": facts,
            "facts_seen": seen_of(facts.open),
            "may_lift_facts": may_lift,
            "is_stopped": bool(facts.open) and not may_lift,
        }

    def _what_is_approved(self, article: Article) -> dict[str, Any]:
        """What the draft would change for readers, or all of it where none has been passed yet, and what it lacks."""
        passed = article.publications.order_by("-version").select_related("revision").first()
        changes = compare(passed.revision.content if passed else {}, remember(article))
        reasons = workflow.reasons_not_to_publish(article)
        facts = check(words_of(article), article)
        return {"changes": changes, "was_passed": passed, "reasons": reasons, "facts": facts}

    def revisions_view(self, request: HttpRequest, object_id: int) -> HttpResponse:
        """All saves of an article; one of them as it was (`?after=3`), or what lies between two (`?before=1&after=3`)."""
        article = self._article(request, object_id, "articles.view_revision", Act.Verb.OPEN)
        revisions = article.revisions.select_related("created_by").prefetch_related("publications").defer("content")
        before, after = (self._revision(article, request.GET.get(name)) for name in ("before", "after"))
        context = {
            "revisions": revisions,
            "before": before,
            "after": after,
            "changes": compare(before.content if before else {}, after.content) if after else [],
            "title": gettext("Revisions"),
        }
        return self._act_page(request, article, "revisions.html", context)

    def revert_view(self, request: HttpRequest, object_id: int) -> HttpResponse:
        """Show what would change in the draft, then do it; what somebody saved meanwhile is shown before it goes."""
        article = self._article(request, object_id, "articles.change_article", Act.Verb.REVERT)
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
            fresh = self._article(request, object_id, "articles.change_article", Act.Verb.REVERT)
            return self._revert_page(request, fresh, revision, refusal=str(stale), status=CONFLICT)
        self.log_change(request, article, written.comment)
        messages.success(
            request, gettext("The draft holds again what revision %(number)s held.") % {"number": revision.number}
        )
        address = {"slug": written.content["slug"]}  # stays as it is, see the verb
        if lost := compare(revision.content | address, written.content):
            missing = ", ".join(change.label for change in lost)
            messages.warning(
                request,
                gettext("Not all of it: something it named is not there any more (%(parts)s).") % {"parts": missing},
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
        return self._act_page(request, article, "revert.html", context, status=status)

    def _revision(self, article: Article, number: str | None) -> Revision | None:
        if not number or not number.isdecimal() or len(number) > 9:  # noqa: PLR2004 - no longer than an integer
            return None
        return article.revisions.filter(number=int(number)).first()

    def _article(self, request: HttpRequest, object_id: int, permission: str, verb: str) -> Article:
        """The article for a page of an act; a door that is closed is an attempt the audit log keeps."""
        if not request.user.has_perm(permission):
            refused(verb, Article.objects.filter(pk=object_id).first(), by=_user(request), reason=request.path)
            raise PermissionDenied
        article: Article | None = self.get_object(request, str(object_id))
        if article is None or not self.has_view_permission(request, article):
            raise Http404
        return article

    def _act_page(
        self, request: HttpRequest, article: Article, name: str, context: dict[str, Any], *, status: int = 200
    ) -> HttpResponse:
        state = state_of(article)
        everywhere = {
            **self.admin_site.each_context(request),
            **self.rights(request),
            "opts": self.opts,
            "article": article,
            "state": state,
            "subtitle": article.title,
        }
        return TemplateResponse(request, f"admin/articles/article/{name}", everywhere | context, status=status)

    def _back(self, article: Article) -> HttpResponse:
        return HttpResponseRedirect(reverse("admin:articles_article_change", args=[article.pk]))


def _again(deed: Deed, article: Article, sent: QueryDict) -> Form | None:
    """The form of a refused act with what was typed into it, and with the hidden marks of what the page shows now."""
    if deed.form is None:
        return None
    data, marks = sent.copy(), deed.initial(article)
    for field in deed.form().hidden_fields():
        if field.name in marks:
            data[field.name] = str(marks[field.name])
    return deed.form(data)


def _announcement(publication: Publication) -> str:
    """What happened to the story, for the person who published it."""
    if publication.visible_from <= timezone.now():
        return gettext("“%(title)s” is published.") % {"title": publication.title}
    at = moment(publication.visible_from)
    return gettext("“%(title)s” goes out on %(at)s.") % {"title": publication.title, "at": at}


def _user(request: HttpRequest) -> User:
    assert isinstance(request.user, User)  # noqa: S101 - the admin lets nobody else in
    return request.user
