"""Source documents and imports at the desk; adding an import is the import desk."""

from __future__ import annotations

import hashlib
from dataclasses import replace
from typing import Any

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils.decorators import method_decorator
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters

from results.admin.frozen import Frozen
from results.admin.importing import ConsentForm, TargetForm, UploadForm
from results.admin.names import NameChoicesForm
from results.importers import sniff
from results.importers.load import commit, missing_labels, plan
from results.importers.originals import forget_previews, keep_document
from results.importers.plan import ImportRefused, ImportReport, ImportTarget, Plan, Upload
from results.importers.proposals import propose
from results.importers.records import FileRefused
from results.models import Classification, ImportRun, SourceDocument

MOST_LISTED = 200  # doubts, faults and changed cells on one page


@admin.register(SourceDocument)
class SourceDocumentAdmin(Frozen, admin.ModelAdmin[SourceDocument]):
    fields = ("name", "format", "size", "sha256", "received_at", "received_by")
    list_display = ("name", "format", "size", "received_at", "received_by")
    list_filter = ("format",)
    list_select_related = ("received_by",)
    search_fields = ("name", "sha256")

    def get_queryset(self, request: HttpRequest) -> QuerySet[SourceDocument]:
        return super().get_queryset(request).defer("content")


@admin.register(ImportRun)
class ImportRunAdmin(Frozen, admin.ModelAdmin[ImportRun]):
    change_form_template = "admin/results/importrun/change_form.html"
    fields = ("document", "started_at", "by", "created", "changed", "reason")
    list_display = ("document", "started_at", "by", "created", "changed", "reason")
    list_select_related = ("document", "by")
    search_fields = ("document__name", "reason")

    def get_queryset(self, request: HttpRequest) -> QuerySet[ImportRun]:
        return super().get_queryset(request).defer("document__content")

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return bool(request.user.has_perm("results.add_importrun"))

    def get_urls(self) -> list[URLPattern]:
        preview = path(
            "add/<slug:sha256>/", self.admin_site.admin_view(self.preview_view), name="results_importrun_preview"
        )
        return [preview, *super().get_urls()]

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        run = int(object_id) if object_id.isdecimal() else None
        versions = Classification.objects.filter(import_run_id=run).order_by("pk")
        versions = versions.select_related("session__event__season__series")
        return super().change_view(request, object_id, form_url, {**(extra_context or {}), "versions": versions})

    @method_decorator(sensitive_post_parameters("text"))
    def add_view(self, request: HttpRequest, form_url: str = "", extra_context: Any = None) -> HttpResponse:
        """Upload or paste; a file that can be read goes on to its preview."""
        if not self.has_add_permission(request):
            raise PermissionDenied
        form = UploadForm(request.POST, request.FILES) if request.method == "POST" else UploadForm()
        if form.is_bound and form.is_valid():
            forget_previews()
            document = keep_document(form.upload, by=_person(request), format_=form.parsed.format)
            return HttpResponseRedirect(reverse("admin:results_importrun_preview", args=[document.sha256]))
        return self._page(request, "upload", _("Import results"), form=form)

    def preview_view(self, request: HttpRequest, sha256: str) -> HttpResponse:
        """What the file would change; on POST with `commit` it does, if that is still what was shown."""
        if not self.has_add_permission(request):
            raise PermissionDenied
        upload = _kept(sha256)
        try:
            parsed = sniff.parse(upload.content, name=upload.name)
        except FileRefused as refusal:
            messages.error(request, str(refusal))
            return HttpResponseRedirect(reverse("admin:results_importrun_add"))
        sent = request.POST if request.method == "POST" else None
        form, consent = TargetForm(sent), ConsentForm(sent)
        chosen = sent is not None and form.is_valid() and consent.is_valid()
        target = replace(form.target(), same=NameChoicesForm(sent).same()) if chosen else ImportTarget()
        error = ""
        if sent is not None and chosen and "commit" in sent:
            try:
                report = commit(
                    parsed, upload, target=target, by=_person(request), expected=sent.get("expected") or "-",
                    **consent.cleaned_data,
                )  # fmt: skip
                return self._reported(request, report)
            except ImportRefused as refusal:
                planned, error = refusal.plan, str(refusal)
        else:
            planned = plan(parsed, target=target)
        names = NameChoicesForm(proposals=propose(planned))
        context = {
            "upload": upload,
            "form": form,
            "names": names,
            "consent": consent,
            "error": error,
            **_shown(planned),
        }
        return self._page(request, "preview", _("Import: check and confirm"), **context)

    def _reported(self, request: HttpRequest, report: ImportReport) -> HttpResponse:
        if report.run is None:
            messages.info(request, _("0 new: everything in this file is stored already."))
            return HttpResponseRedirect(reverse("admin:results_importrun_add"))
        messages.success(
            request,
            _("Imported: %(created)s new, %(changed)s changed.")
            % {"created": report.plan.rows_created, "changed": report.plan.rows_changed},
        )
        return HttpResponseRedirect(reverse("admin:results_importrun_change", args=[report.run.pk]))

    def _page(self, request: HttpRequest, name: str, title: str, **context: Any) -> HttpResponse:
        context |= {**self.admin_site.each_context(request), "title": title, "opts": self.opts}
        return TemplateResponse(request, f"admin/results/importrun/{name}.html", context)


def _person(request: HttpRequest) -> Any:
    return request.user


def _kept(sha256: str) -> Upload:
    """The uploaded file, its bytes checked against the address it is asked for."""
    document = SourceDocument.objects.filter(sha256=sha256).first()
    if document is None:
        raise Http404
    content = bytes(document.content)
    if hashlib.sha256(content).hexdigest() != sha256:
        raise Http404
    return Upload(document.name, content)


def _shown(planned: Plan) -> dict[str, Any]:
    """The plan as the page shows it, long lists cut."""
    return {
        "plan": planned,
        "missing": missing_labels(planned),
        "asks_for_place": bool(planned.missing) or planned.format != "exchange",
        "rejected": planned.rejected[:MOST_LISTED],
        "doubts": planned.doubts[:MOST_LISTED],
        "more_rejected": max(len(planned.rejected) - MOST_LISTED, 0),
        "more_doubts": max(len(planned.doubts) - MOST_LISTED, 0),
        "can_commit": not (planned.missing or planned.rejected),
    }
