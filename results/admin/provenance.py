"""Source documents and imports at the desk; adding an import is the import desk (`results.admin.import_desk`)."""

from __future__ import annotations

from typing import Any

from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import URLPattern, path, reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from results.admin.by_name import by_name
from results.admin.frozen import Frozen
from results.admin.import_desk import ImportDesk
from results.admin.importing import ReasonForm
from results.importers.undo import UndoRefused, plan_undo, undo
from results.models import Classification, ImportRun, SourceDocument


@admin.register(SourceDocument)
class SourceDocumentAdmin(Frozen, admin.ModelAdmin[SourceDocument]):
    fields = ("name", "format", "size", "sha256", "received_at", "received_by")
    list_display = ("name", "format", "size", "received_at", by_name("received_by"))
    list_filter = ("format",)
    list_select_related = ("received_by",)
    search_fields = ("name", "sha256")

    def get_queryset(self, request: HttpRequest) -> QuerySet[SourceDocument]:
        return super().get_queryset(request).defer("content")


@admin.register(ImportRun)
class ImportRunAdmin(ImportDesk, Frozen, admin.ModelAdmin[ImportRun]):
    change_form_template = "admin/results/importrun/change_form.html"
    fields = ("document", "started_at", "by", "outcome", "reason", "undone_at", "undone_by")
    readonly_fields = ("outcome",)
    list_display = ("document", "started_at", by_name("by"), "created", "changed", "reason", "undone_at")
    list_select_related = ("document", "by")
    search_fields = ("document__name", "reason")

    def get_queryset(self, request: HttpRequest) -> QuerySet[ImportRun]:
        return super().get_queryset(request).defer("document__content")

    def get_urls(self) -> list[URLPattern]:
        undo_page = path("<int:pk>/undo/", self.admin_site.admin_view(self.undo_view), name="results_importrun_undo")
        return [undo_page, *super().get_urls()]

    @admin.display(description=gettext_lazy("outcome"))
    def outcome(self, run: ImportRun) -> str:
        """Lines and things that came into being, in words; imports of earlier days kept only the numbers of lines."""
        said = run.report.get("in_words")
        if said is None:
            return _("%(created)s new, %(changed)s changed") % {"created": run.created, "changed": run.changed}
        return " · ".join(part for part in (said["lines"], said["created"]) if part)

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        run = int(object_id) if object_id.isdecimal() else None
        versions = Classification.objects.filter(import_run_id=run).order_by("pk")
        versions = versions.select_related("session__event__season__series")
        context = {"versions": versions, "may_undo": self.has_add_permission(request)}
        return super().change_view(request, object_id, form_url, {**(extra_context or {}), **context})

    def undo_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Lists exactly what undoing would do; does it on POST with a reason."""
        person = self.importing_person(request)
        run = ImportRun.objects.select_related("document").defer("document__content").filter(pk=pk).first()
        if run is None:
            raise Http404
        form = ReasonForm(request.POST) if request.method == "POST" else ReasonForm()
        if form.is_bound and form.is_valid():
            try:
                undo(run, by=person, reason=form.cleaned_data["reason"])
            except UndoRefused as refusal:
                form.add_error("reason", str(refusal))
            else:
                messages.success(request, _("The import is undone."))
                return HttpResponseRedirect(reverse("admin:results_importrun_change", args=[run.pk]))
        planned, error = None, ""
        try:
            planned = plan_undo(run, by=person)
        except UndoRefused as refusal:
            error = str(refusal)
        context = {"original": run, "form": form, "planned": planned, "error": error, "subtitle": str(run)}
        return self._page(request, "undo", _("Undo this import"), **context)
