"""The article import at the desk: upload or paste, see every line with what it was taken for, correct it, confirm.

Between upload and confirmation only the original lies on the server, as a source document nobody refers to. Each page
reads it anew with all that the person has changed so far, so there is no other state to lose.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from django.contrib import messages
from django.contrib.auth.models import User
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect, QueryDict
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.decorators import method_decorator
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters

from articles.admin.import_forms import ArticleUploadForm, EventForm, LabelsForm, ReadingForm
from articles.importers.load import CREATE_EVENTS, FORMAT, ArticleImported, find_article, import_article
from articles.importers.proposals import ConfirmedEvent, as_records
from articles.importers.records import ArticleRefused, Label, ParsedArticle
from articles.importers.text import Wishes, parse_bytes
from results.importers.load import plan
from results.importers.originals import forget_previews, keep_document
from results.importers.plan import ImportRefused, ImportTarget, Plan, Upload
from results.models import SourceDocument

REFUSED = 409


@dataclass(slots=True)
class Reading:
    """The text as it is read now, with the forms that change how."""

    parsed: ParsedArticle
    form: ReadingForm
    labels: LabelsForm
    events: list[EventForm]
    changed: Mapping[int, Label]

    @property
    def is_clear(self) -> bool:
        """Whether everything sent is understood."""
        return self.form.is_valid() and all(event.is_valid() for event in self.events)

    @property
    def changed_text(self) -> str:
        """The changed labels as the next page sends them back."""
        return ",".join(f"{number}={label}" for number, label in sorted(self.changed.items()))

    def confirmed(self) -> list[ConfirmedEvent]:
        return [event for form in self.events if (event := form.confirmed())]

    def plans(self) -> list[tuple[EventForm, Plan]]:
        """What the calendar would get from each confirmed event."""
        found = [(form, form.confirmed()) for form in self.events if form.is_bound and form.is_valid()]
        return [(form, plan(as_records(event), target=ImportTarget(create=True))) for form, event in found if event]


class ArticleImport:
    """Two pages beside the list of articles; mixed into the ModelAdmin of Article."""

    admin_site: Any
    opts: Any

    def get_urls(self) -> list[URLPattern]:
        own = [
            path("import/", self.admin_site.admin_view(self.import_view), name="articles_article_import"),
            path(
                "import/<slug:sha256>/",
                self.admin_site.admin_view(self.import_preview_view),
                name="articles_article_import_preview",
            ),
        ]
        urls: list[URLPattern] = super().get_urls()  # type: ignore[misc]
        return own + urls

    @method_decorator(sensitive_post_parameters("text"))
    def import_view(self, request: HttpRequest) -> HttpResponse:
        """Upload or paste; a text that can be read goes on to its preview."""
        _allow(request)
        sent = request.method == "POST"
        form = ArticleUploadForm(request.POST, request.FILES) if sent else ArticleUploadForm()
        if form.is_valid():
            forget_previews()
            document = keep_document(form.upload, by=_user(request), format_=FORMAT)
            return HttpResponseRedirect(_preview_address(document.sha256, form.cleaned_data["as_of"]))
        return self._page(request, "import_upload", _("Import a text"), form=form)

    def import_preview_view(self, request: HttpRequest, sha256: str) -> HttpResponse:
        """Every line with its label, the article understood, the doubts; on POST with `commit` it becomes a draft."""
        _allow(request)
        upload = _kept(sha256)
        known = find_article(upload)
        if known:
            return self._known(request, ArticleImported(known, is_new=False))
        sent = request.POST if request.method == "POST" else None
        try:
            reading = read(upload, sent if sent is not None else request.GET, sent)
        except ArticleRefused as refusal:
            messages.error(request, str(refusal))
            return HttpResponseRedirect(reverse("admin:articles_article_import"))
        may_create = request.user.has_perms(CREATE_EVENTS)
        error = ""
        if sent is not None and "commit" in sent and reading.is_clear:
            try:
                wanted = reading.confirmed() if may_create else []
                return self._known(request, import_article(reading.parsed, upload, by=_user(request), events=wanted))
            except ImportRefused as refusal:
                error = " ".join([str(refusal), *(problem.reason for problem in refusal.plan.rejected)])
        context = {"upload": upload, "reading": reading, "may_create": may_create, "error": error}
        status = REFUSED if error else 200
        return self._page(request, "import_preview", _("Import: check and confirm"), status=status, **context)

    def _known(self, request: HttpRequest, imported: ArticleImported) -> HttpResponse:
        """On to the article, with what became of the text."""
        if imported.is_new:
            messages.success(request, _("1 new: the draft “%(title)s”.") % {"title": imported.article.title})
        else:
            messages.info(
                request, _("0 new: this text is the article “%(title)s”.") % {"title": imported.article.title}
            )
        for done in imported.events:
            messages.success(
                request,
                _("%(series)s · %(event)s: %(created)s new, %(changed)s changed.")
                % {
                    "series": done.series,
                    "event": done.event,
                    "created": done.rows_created,
                    "changed": done.rows_changed,
                },
            )
        return HttpResponseRedirect(reverse("admin:articles_article_change", args=[imported.article.pk]))

    def _page(self, request: HttpRequest, name: str, title: str, *, status: int = 200, **context: Any) -> HttpResponse:
        context |= {**self.admin_site.each_context(request), "title": title, "opts": self.opts}
        return TemplateResponse(request, f"admin/articles/article/{name}.html", context, status=status)


def read(upload: Upload, asked: QueryDict, posted: QueryDict | None) -> Reading:
    """The text as the person saw it, then as they want it: with the labels and years they have changed on the page."""
    form = ReadingForm(asked)
    wishes = Wishes(today=timezone.localdate())
    if form.is_valid():
        wishes = replace(wishes, as_of=form.cleaned_data["as_of"], labels=form.cleaned_data["changed"])
    if posted is not None:
        seen = parse_bytes(upload.content, wishes)
        wishes = replace(wishes, labels={**wishes.labels, **LabelsForm(seen.lines, posted).changes()})
    parsed = parse_bytes(upload.content, wishes)
    # Other boxes than on the page sent: what was ticked there says nothing about these.
    sent = posted if form.is_valid() and form.cleaned_data["events"] == len(parsed.widgets) else None
    years = {event.number: event.chosen_year for event in event_forms(parsed, sent) if event.chosen_year}
    if years:
        parsed = parse_bytes(upload.content, replace(wishes, years=years))
    return Reading(parsed, form, LabelsForm(parsed.lines), event_forms(parsed, sent), wishes.labels)


def event_forms(parsed: ParsedArticle, sent: QueryDict | None) -> list[EventForm]:
    return [EventForm(number, widget, sent) for number, widget in enumerate(parsed.widgets)]


def _allow(request: HttpRequest) -> None:
    if not request.user.has_perm("articles.add_article"):
        raise PermissionDenied


def _kept(sha256: str) -> Upload:
    """The text that was uploaded; other documents have no preview here."""
    document = SourceDocument.objects.filter(sha256=sha256, format=FORMAT).first()
    if document is None:
        raise Http404
    return Upload(document.name, bytes(document.content))


def _preview_address(sha256: str, as_of: Any) -> str:
    address = reverse("admin:articles_article_import_preview", args=[sha256])
    return f"{address}?{urlencode({'as_of': as_of.isoformat()})}" if as_of else address


def _user(request: HttpRequest) -> User:
    assert isinstance(request.user, User)  # noqa: S101 - the admin lets nobody else in
    return request.user
