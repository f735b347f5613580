"""The article import at the desk: upload or paste, see every line with what it was taken for, correct it, confirm.

Between upload and confirmation only the original lies on the server, as a source document nobody refers to. Each page
reads it anew with all that the person has changed so far, so there is no other state to lose.
"""

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, QueryDict
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.decorators import method_decorator
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters

from articles.admin.import_forms import ArticleUploadForm, EventForm, LabelsForm, ReadingForm
from articles.admin.import_updates import (
    ImportDesk,
    allow,
    batch_address,
    kept,
    recent_batches,
    update_address,
    user_of,
)
from articles.importers import batches
from articles.importers.load import (
    CREATE_EVENTS,
    FORMAT,
    ArticleImported,
    Told,
    confirm_events,
    find_article,
    import_article,
)
from articles.importers.proposals import ConfirmedEvent, as_records
from articles.importers.records import ArticleRefused, Label, ParsedArticle
from articles.importers.text import Wishes, parse_bytes
from articles.importers.updates import Former, find_former
from articles.models import Article
from results.importers.load import plan
from results.importers.originals import forget_previews, keep_document
from results.importers.plan import ImportRefused, ImportTarget, Plan, Upload
from results.importers.tally import tally

REFUSED = 409
MOST_LISTED = 20
MOST_WINDOWS = 100


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


class ArticleImport(ImportDesk):
    """The pages beside the list of articles; mixed into the ModelAdmin of Article."""

    def get_urls(self) -> list[URLPattern]:
        pages: list[tuple[str, Any, str]] = [
            ("import/", self.import_view, "import"),
            ("import/batch/<int:batch>/", self.import_batch_view, "import_batch"),
            ("import/<slug:sha256>/", self.import_preview_view, "import_preview"),
            ("import/<slug:sha256>/<int:article>/", self.import_update_view, "import_update"),
        ]
        own = [
            path(route, self.admin_site.admin_view(view), name=f"articles_article_{name}")
            for route, view, name in pages
        ]
        urls: list[URLPattern] = super().get_urls()  # type: ignore[misc]
        return own + urls

    @method_decorator(sensitive_post_parameters("text"))
    def import_view(self, request: HttpRequest) -> HttpResponse:
        """Upload or paste. One text that can be read goes on to its preview, several become a batch."""
        allow(request)
        sent = request.method == "POST"
        form = ArticleUploadForm(request.POST, request.FILES) if sent else ArticleUploadForm()
        if form.is_valid():
            if len(form.uploads) > 1:
                return HttpResponseRedirect(batch_address(batches.open_batch(form.uploads, by=user_of(request))))
            forget_previews()
            document = keep_document(form.uploads[0], by=user_of(request), format_=FORMAT)
            return HttpResponseRedirect(_preview_address(document.sha256, form.cleaned_data["as_of"]))
        context: dict[str, Any] = {
            "form": form,
            "proposals": batches.open_proposals()[:MOST_LISTED],
            "batches": recent_batches(),
        }
        return self.import_page(request, "import_upload", _("Import a text"), **context)

    def import_preview_view(self, request: HttpRequest, sha256: str) -> HttpResponse:
        """Every line with its label, the article understood, the doubts; on POST with `commit` it becomes a draft.

        A text that is an article already leads there, unless its lines are asked for (`?lines`).
        """
        allow(request)
        upload = kept(sha256)
        known = find_article(upload)
        asked = request.GET
        if known and "lines" not in asked:
            return self._known(request, ArticleImported(known, is_new=False))
        sent = request.POST if request.method == "POST" else None
        try:
            reading = read(upload, sent if sent is not None else _remembered(known, upload, asked), sent)
        except ArticleRefused as refusal:
            messages.error(request, str(refusal))
            return HttpResponseRedirect(reverse("admin:articles_article_import"))
        former = Former(known, _("the same file")) if known else _former_of(reading.parsed, upload)
        error = ""
        if sent is not None and reading.is_clear:
            try:
                answer = self._act(request, sent, reading, upload, former=former, known=known)
                if answer is not None:
                    return answer
            except ImportRefused as refusal:
                error = " ".join([str(refusal), *(problem.reason for problem in refusal.plan.rejected)])
        context = {
            "upload": upload,
            "reading": reading,
            "may_create": request.user.has_perms(CREATE_EVENTS),
            "may_change": request.user.has_perm("articles.change_article"),
            "error": error,
            "former": former,
            "known": known,
        }
        status = REFUSED if error else 200
        return self.import_page(request, "import_preview", _("Import: check and confirm"), status=status, **context)

    def _act(
        self,
        request: HttpRequest,
        sent: QueryDict,
        reading: Reading,
        upload: Upload,
        *,
        former: Former | None,
        known: Article | None,
    ) -> HttpResponse | None:
        """What the button asked for: a draft, or the comparison with the article that is there."""
        by = user_of(request)
        events = reading.confirmed() if by.has_perms(CREATE_EVENTS) else []
        told = Told(reading.changed, reading.form.cleaned_data["as_of"])
        if "compare" in sent and former:
            if events:
                self._tell_events(request, confirm_events(former.article, upload, events, by=by))
            asked = {"changed": reading.changed_text, "as_of": told.as_of.isoformat() if told.as_of else ""}
            sha256 = hashlib.sha256(upload.content).hexdigest()
            return HttpResponseRedirect(update_address(sha256, former.article, **asked))
        if "commit" in sent and known is None:
            return self._known(request, import_article(reading.parsed, upload, by=by, events=events, told=told))
        return None

    def _known(self, request: HttpRequest, imported: ArticleImported) -> HttpResponse:
        """On to the article, with what became of the text."""
        if imported.is_new:
            messages.success(request, _("1 new: the draft “%(title)s”.") % {"title": imported.article.title})
        else:
            messages.info(
                request, _("0 new: this text is the article “%(title)s”.") % {"title": imported.article.title}
            )
        self._tell_events(request, imported.events)
        return HttpResponseRedirect(reverse("admin:articles_article_change", args=[imported.article.pk]))

    def _tell_events(self, request: HttpRequest, plans: Iterable[Plan]) -> None:
        for done in plans:
            messages.success(
                request,
                _("%(series)s · %(event)s: %(tally)s.")
                % {"series": done.series, "event": done.event, "tally": tally(done)},
            )


def read(upload: Upload, asked: QueryDict, posted: QueryDict | None) -> Reading:
    """The text as the person saw it, then as they want it: with the labels and years they have changed on the page."""
    form = ReadingForm(asked)
    window = 0
    wishes = Wishes(today=timezone.localdate())
    if form.is_valid():
        window = form.cleaned_data["window"] or 0
        wishes = replace(wishes, as_of=form.cleaned_data["as_of"], labels=form.cleaned_data["changed"])
    if posted is not None:
        seen = parse_bytes(upload.content, wishes)
        wishes = replace(wishes, labels={**wishes.labels, **LabelsForm(seen.lines, posted, window=window).changes()})
    parsed = parse_bytes(upload.content, wishes)
    # Other boxes than on the page sent: what was ticked there says nothing about these.
    sent = posted if form.is_valid() and form.cleaned_data["events"] == len(parsed.widgets) else None
    years = {event.number: event.chosen_year for event in event_forms(parsed, sent) if event.chosen_year}
    if years:
        parsed = parse_bytes(upload.content, replace(wishes, years=years))
    wanted = str(posted.get("show", "")) if posted is not None else ""
    shown = int(wanted) if wanted.isdecimal() else window
    return Reading(
        parsed,
        form,
        LabelsForm(parsed.lines, window=min(shown, MOST_WINDOWS)),
        event_forms(parsed, sent),
        wishes.labels,
    )


def event_forms(parsed: ParsedArticle, sent: QueryDict | None) -> list[EventForm]:
    return [EventForm(number, widget, sent) for number, widget in enumerate(parsed.widgets)]


def _former_of(parsed: ParsedArticle, upload: Upload) -> Former | None:
    return find_former(parsed, name=upload.name, pasted=batches.PASTED)


def _remembered(known: Article | None, upload: Upload, asked: QueryDict) -> QueryDict:
    """The labels a person gave this text when it was imported, unless the address brings its own."""
    imported = known and known.imports.filter(document__sha256=hashlib.sha256(upload.content).hexdigest()).first()
    if not imported or "changed" in asked:
        return asked
    remembered = asked.copy()
    remembered["changed"] = ",".join(f"{number}={label}" for number, label in imported.labels.items())
    remembered["as_of"] = imported.as_of.isoformat() if imported.as_of else ""
    return remembered


def _preview_address(sha256: str, as_of: Any) -> str:
    address = reverse("admin:articles_article_import_preview", args=[sha256])
    return f"{address}?{urlencode({'as_of': as_of.isoformat()})}" if as_of else address
