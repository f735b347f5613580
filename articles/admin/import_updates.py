"""Import pages that come later: how a batch is doing, and a changed source beside the draft, field by field."""

import hashlib
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.contrib.auth.models import User
from django.core.exceptions import PermissionDenied
from django.db.models import Count, Q, QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.translation import gettext as _

from articles import workflow
from articles.admin.import_forms import ReadingForm
from articles.importers import batches
from articles.importers.load import FORMAT, Told, update_article
from articles.importers.records import ArticleRefused
from articles.importers.text import Wishes, parse_bytes
from articles.importers.updates import DRAFT, MERGED, SOURCE, Comparison, Decision, compare, plain
from articles.models import Article, TextBatch, TextItem
from results.importers.plan import Upload
from results.models import SourceDocument

REFRESH_SECONDS = 2
STALE = 409
RECENT = 10


@dataclass(frozen=True, slots=True)
class Choice:
    """One answer to a decision, as a radio button."""

    value: str
    label: str
    text: str
    is_chosen: bool


class ImportDesk:
    """The part of the import pages that ArticleImport stands on."""

    admin_site: Any
    opts: Any

    def import_batch_view(self, request: HttpRequest, batch: int) -> HttpResponse:
        """One line a text, with what became of it; POST leaves drafts as they were."""
        allow(request)
        found = get_object_or_404(TextBatch.objects.select_related("by"), pk=batch)
        items = list(found.items.select_related("article", "document").defer("document__content"))
        if request.method == "POST":
            dropped = request.POST.get("drop", "")
            for item in items:
                if str(item.pk) == dropped and batches.drop(item, by=user_of(request)):
                    messages.success(request, _("The draft stays as it was."))
            return HttpResponseRedirect(batch_address(found))
        busy = sum(item.state == TextItem.State.WAITING for item in items)
        counted = [(state.label, sum(item.state == state for item in items)) for state in TextItem.State]
        context: dict[str, Any] = {
            "batch": found,
            "items": items,
            "busy": busy,
            "done": len(items) - busy,
            "counted": [(label, number) for label, number in counted if number],
            "refresh": REFRESH_SECONDS,
            "may_change": request.user.has_perm("articles.change_article"),
        }
        return self.import_page(request, "import_batch", _("Batch of texts"), **context)

    def import_update_view(self, request: HttpRequest, sha256: str, article: int) -> HttpResponse:
        """A new version of a source beside the draft; on POST it is taken over as chosen."""
        if not request.user.has_perm("articles.change_article"):
            raise PermissionDenied
        upload = kept(sha256)
        found = get_object_or_404(Article.objects.on_the_desk(), pk=article)
        sent = request.POST if request.method == "POST" else None
        form = ReadingForm(sent if sent is not None else request.GET)
        labels = form.cleaned_data["changed"] if form.is_valid() else {}
        as_of = form.cleaned_data["as_of"] if form.is_valid() else None
        try:
            parsed = parse_bytes(upload.content, Wishes(as_of=as_of, today=timezone.localdate(), labels=labels))
        except ArticleRefused as refusal:
            messages.error(request, str(refusal))
            return HttpResponseRedirect(reverse("admin:articles_article_import"))
        stale = False
        if sent is not None and form.is_valid() and sent.get("lock_version", "").isdecimal():
            choices = {
                name.removeprefix("take-"): str(value) for name, value in sent.items() if name.startswith("take-")
            }
            try:
                changed = update_article(
                    found, parsed, upload, by=user_of(request), choices=choices,
                    expected_lock_version=int(sent["lock_version"]), told=Told(labels, as_of),
                )  # fmt: skip
            except workflow.StaleSave as late:
                found, stale = late.current, True
            else:
                return self._updated(request, found, len(changed))
        comparison = compare(found, parsed)
        if comparison.is_empty and sent is None:
            messages.info(request, _("0 new: the draft has all that the text says."))
            return HttpResponseRedirect(reverse("admin:articles_article_change", args=[found.pk]))
        context = {
            "article": found,
            "upload": upload,
            "sha256": hashlib.sha256(upload.content).hexdigest(),
            "form": form,
            "stale": stale,
            "comparison": comparison,
            "decisions": _with_choices(comparison, request),
            "is_public": found.publications.public().exists(),
        }
        status = STALE if stale else 200
        return self.import_page(request, "import_update", _("Import: a source has changed"), status=status, **context)

    def _updated(self, request: HttpRequest, article: Article, changed: int) -> HttpResponse:
        if changed:
            messages.success(
                request, _("%(number)s fields of the draft “%(title)s” updated.")
                % {"number": changed, "title": article.title},
            )  # fmt: skip
        else:
            messages.info(request, _("The draft stays as it was."))
        return HttpResponseRedirect(reverse("admin:articles_article_change", args=[article.pk]))

    def import_page(
        self, request: HttpRequest, name: str, title: str, *, status: int = 200, **context: Any
    ) -> HttpResponse:
        context |= {**self.admin_site.each_context(request), "title": title, "opts": self.opts}
        return TemplateResponse(request, f"admin/articles/article/{name}.html", context, status=status)


def _with_choices(comparison: Comparison, request: HttpRequest) -> list[tuple[Decision, list[Choice]]]:
    """Every decision with its answers; after a late save those the person had chosen stay chosen."""
    named = {DRAFT: _("keep the draft"), SOURCE: _("take the new text"), MERGED: _("both together")}
    found = []
    for one in comparison.decisions:
        texts = {DRAFT: one.draft, SOURCE: one.source, MERGED: one.merged or ""}
        wanted = request.POST.get(one.key, one.default)
        wanted = wanted if wanted in one.options else one.default
        choices = [Choice(value, named[value], plain(one.name, texts[value]), value == wanted) for value in one.options]
        found.append((one, choices))
    return found


def recent_batches() -> QuerySet[TextBatch]:
    """Batches that people brought in, with how many of their texts still wait."""
    waiting = Count("items", filter=Q(items__state=TextItem.State.WAITING))
    brought = TextBatch.objects.filter(by__isnull=False).select_related("by")
    return brought.annotate(number=Count("items"), waiting=waiting).order_by("-pk")[:RECENT]


def allow(request: HttpRequest) -> None:
    if not request.user.has_perm("articles.add_article"):
        raise PermissionDenied


def kept(sha256: str) -> Upload:
    """The text that was uploaded; other documents have no preview here."""
    document = SourceDocument.objects.filter(sha256=sha256, format=FORMAT).first()
    if document is None:
        raise Http404
    return Upload(document.name, bytes(document.content))


def batch_address(batch: TextBatch) -> str:
    return reverse("admin:articles_article_import_batch", args=[batch.pk])


def update_address(sha256: str, article: Article, **asked: str) -> str:
    address = reverse("admin:articles_article_import_update", args=[sha256, article.pk])
    asked = {name: value for name, value in asked.items() if value}
    return f"{address}?{urlencode(asked)}" if asked else address


def user_of(request: HttpRequest) -> User:
    assert isinstance(request.user, User)  # noqa: S101 - the admin lets nobody else in
    return request.user
