"""Source documents and imports at the desk; adding an import is the import desk (`results.admin.import_desk`)."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse

from results.admin.frozen import Frozen
from results.admin.import_desk import ImportDesk
from results.models import Classification, ImportRun, SourceDocument


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
class ImportRunAdmin(ImportDesk, Frozen, admin.ModelAdmin[ImportRun]):
    change_form_template = "admin/results/importrun/change_form.html"
    fields = ("document", "started_at", "by", "created", "changed", "reason", "undone_at", "undone_by")
    list_display = ("document", "started_at", "by", "created", "changed", "reason", "undone_at")
    list_select_related = ("document", "by")
    search_fields = ("document__name", "reason")

    def get_queryset(self, request: HttpRequest) -> QuerySet[ImportRun]:
        return super().get_queryset(request).defer("document__content")

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        run = int(object_id) if object_id.isdecimal() else None
        versions = Classification.objects.filter(import_run_id=run).order_by("pk")
        versions = versions.select_related("session__event__season__series")
        return super().change_view(request, object_id, form_url, {**(extra_context or {}), "versions": versions})
