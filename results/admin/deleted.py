"""The bin of the results desk: what was deleted in thirty days, and the button that puts it back."""

from __future__ import annotations

from typing import Any

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseNotAllowed, HttpResponseRedirect
from django.urls import URLPattern, path, reverse
from django.utils.translation import gettext as _

from results.admin.frozen import Frozen
from results.models import DeletedFacts
from results.recovery import RestoreRefused, put_back


@admin.register(DeletedFacts)
class DeletedFactsAdmin(Frozen, admin.ModelAdmin[DeletedFacts]):
    change_form_template = "admin/results/deletedfacts/change_form.html"
    fields = ("name", "kind", "deleted_at", "deleted_by", "restored_at")
    list_display = ("name", "kind", "deleted_at", "deleted_by", "restored_at")
    list_select_related = ("deleted_by",)
    search_fields = ("name",)

    def get_queryset(self, request: HttpRequest) -> QuerySet[DeletedFacts]:
        return super().get_queryset(request).defer("rows")

    def get_urls(self) -> list[URLPattern]:
        restore = path(
            "<int:pk>/restore/", self.admin_site.admin_view(self.restore_view), name="results_deletedfacts_restore"
        )
        return [restore, *super().get_urls()]

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        context = {"may_restore": request.user.has_perm("results.add_deletedfacts")}
        return super().change_view(request, object_id, form_url, {**(extra_context or {}), **context})

    def restore_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Puts the rows back."""
        if not request.user.has_perm("results.add_deletedfacts"):
            raise PermissionDenied
        if request.method != "POST":
            return HttpResponseNotAllowed(["POST"])
        deleted = DeletedFacts.objects.filter(pk=pk).first()
        if deleted is None:
            raise Http404
        try:
            put_back(deleted)
        except RestoreRefused as refusal:
            messages.error(request, str(refusal))
        else:
            messages.success(request, _("“%(what)s” is put back.") % {"what": deleted.name})
        return HttpResponseRedirect(reverse("admin:results_deletedfacts_change", args=[pk]))
