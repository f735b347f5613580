"""Acts on many articles of the list at once: one transaction, each article with its own rights and refusals."""

from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib import admin, messages
from django.contrib.admin.helpers import ActionForm
from django.contrib.auth.models import User
from django.db import transaction
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from articles import workflow
from articles.fact_desk import RIGHTS
from articles.fact_memory import still_open
from articles.models import Article

REFUSALS = (
    workflow.NothingToWithdraw,
    workflow.NotPublishable,
    workflow.NotNow,
    workflow.FourEyes,
    workflow.StaleSave,
)
# No article has it: whoever expects it comes too late.
NO_VERSION = -1
# So many refusals are named; the others are counted.
NAMED = 5


class ListForm(ActionForm):
    """The list's choice of an act, with the last change that the list shows."""

    seen = forms.CharField(required=False, label="", widget=forms.HiddenInput(attrs={"autocomplete": "off"}))


class MassActs:
    """What the list offers for the ticked articles; mixed into the ModelAdmin."""

    action_form: Any = ListForm
    actions: Any = ("submit_many", "approve_many", "trash_many")

    def changelist_view(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        response: HttpResponse = super().changelist_view(request, extra_context)  # type: ignore[misc]
        context = getattr(response, "context_data", None) or {}
        if context.get("action_form") and "cl" in context:
            last = max((article.changed_at for article in context["cl"].result_list), default=None)
            context["action_form"].fields["seen"].initial = last.isoformat() if last else ""
        return response

    def has_submit_permission(self, request: HttpRequest) -> bool:
        return request.user.has_perm("articles.submit_article")

    def has_review_permission(self, request: HttpRequest) -> bool:
        return request.user.has_perm("articles.review_article")

    def has_bin_permission(self, request: HttpRequest) -> bool:
        return request.user.has_perm("articles.delete_article")

    @admin.action(description=gettext_lazy("Submit for review"), permissions=["submit"])
    def submit_many(self, request: HttpRequest, articles: QuerySet[Article]) -> None:
        _each(request, articles, lambda article, by: workflow.submit(article, by=by))

    @admin.action(description=gettext_lazy("Approve"), permissions=["review"])
    def approve_many(self, request: HttpRequest, articles: QuerySet[Article]) -> None:
        """An approval is about a text that somebody looked at: one that changed since the list was made is none."""
        seen = parse_datetime(request.POST.get("seen", ""))
        versions = dict(articles.values_list("pk", "lock_version"))
        if seen is not None and timezone.is_aware(seen):
            changed = articles.filter(changed_at__gt=seen).values_list("pk", flat=True)
            versions |= dict.fromkeys(changed, NO_VERSION)
        done = _each(
            request,
            articles,
            lambda article, by: workflow.approve(article, by=by, expected_lock_version=versions[article.pk]),
        )
        _warn_of_contradictions(request, done)

    @admin.action(description=gettext_lazy("Put into the bin"), permissions=["bin"])
    def trash_many(self, request: HttpRequest, articles: QuerySet[Article]) -> None:
        _each(request, articles, lambda article, by: workflow.trash(article, by=by))


@transaction.atomic
def _each(request: HttpRequest, articles: QuerySet[Article], do: Callable[[Article, User], Any]) -> dict[int, str]:
    """What was done, by key and title. Locked in the order of their keys, so that two such acts at once never wait for each other in a circle."""
    assert isinstance(request.user, User)  # noqa: S101 - the admin lets nobody else in
    done: dict[int, str] = {}
    refusals = []
    for pk, title in list(articles.order_by("pk").values_list("pk", "title")):
        try:
            # Each act is a savepoint of its own; a second one here would undo its line in the audit log.
            do(Article(pk=pk, title=title), request.user)
        except REFUSALS as refusal:
            refusals.append(_("“%(title)s”: %(why)s") % {"title": title, "why": refusal})
        else:
            done[pk] = title
    if done:
        messages.success(request, ngettext("%(n)s article done.", "%(n)s articles done.", len(done)) % {"n": len(done)})
    for words in refusals[:NAMED]:
        messages.warning(request, words)
    if len(refusals) > NAMED:
        rest = len(refusals) - NAMED
        messages.warning(request, ngettext("%(n)s more not.", "%(n)s more not.", rest) % {"n": rest})
    return done


def _warn_of_contradictions(request: HttpRequest, done: dict[int, str]) -> None:
    """What the page of a single approval says in full; at publication it will be a stop."""
    if not request.user.has_perms(RIGHTS):
        return
    for pk, wrong in list(still_open(done).items())[:NAMED]:
        count = ngettext("%(n)s contradiction", "%(n)s contradictions", wrong) % {"n": wrong}
        messages.warning(
            request, _("“%(title)s”: %(why)s") % {"title": done[pk], "why": f"{_('Check the facts')}: {count}"}
        )
