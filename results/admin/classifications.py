"""Results at the desk: every version with its rows, read only. Drafts are released here, former versions restored."""

from collections.abc import Callable
from typing import Any

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db.models import Count, QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from results.admin.deletion import Recoverable
from results.admin.frozen import Frozen
from results.admin.importing import ReasonForm
from results.admin.sheet import SheetDesk
from results.checking import crosscheck_of
from results.differences import CELLS, cell_in_words, column_label, compare_versions
from results.importers.waiting import warning_of
from results.models import Classification, LapSet, PrintedStanding, PrintedStandingRow
from results.release import ReleaseRefused, discard_draft, go_back, release_draft, take_up_draft


@admin.register(Classification)
class ClassificationAdmin(Frozen, SheetDesk):
    change_form_template = "admin/results/classification/change_form.html"
    fields = (
        "session", "checkpoint", "version", "state", "is_current", "is_complete", "reason", "document", "import_run",
        "created_at", "created_by", "released_at", "public_from", "public_until", "discarded_at", "discarded_by",
    )  # fmt: skip
    list_display = ("session", "checkpoint", "version", "state", "is_current", "row_count", "released_at", "reason")
    list_filter = ("is_current", "state", "session__event__season__series")
    list_select_related = ("session__event__season__series",)
    ordering = ("-pk",)
    search_fields = ("session__name", "session__event__name", "session__event__season__label")

    def get_queryset(self, request: HttpRequest) -> QuerySet[Classification]:
        return super().get_queryset(request).annotate(row_count_=Count("rows"))

    @admin.display(description=gettext_lazy("cars"))
    def row_count(self, classification: Classification) -> int:
        return classification.row_count_  # type: ignore[attr-defined, no-any-return]

    def get_urls(self) -> list[URLPattern]:
        return [
            path(
                "<int:pk>/release/",
                self.admin_site.admin_view(self.release_view),
                name="results_classification_release",
            ),
            path(
                "<int:pk>/go-back/",
                self.admin_site.admin_view(self.go_back_view),
                name="results_classification_go_back",
            ),
            path(
                "<int:pk>/discard/",
                self.admin_site.admin_view(self.discard_view),
                name="results_classification_discard",
            ),
            *super().get_urls(),
        ]

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        classification = self.get_object(request, object_id)
        context = dict(extra_context or {})
        if isinstance(classification, Classification):
            _warn(request, classification)
            may_act = request.user.has_perm("results.change_classification")
            is_draft = classification.released_at is None
            context |= {
                "heads": [_("car"), *(column_label(name) for name in CELLS)],
                "rows": _rows_in_words(classification),
                "check": crosscheck_of(classification),
                "may_type": may_act,
                "may_release": may_act and is_draft and classification.discarded_at is None,
                "may_discard": may_act and is_draft,
                "may_go_back": may_act and classification.released_at is not None and not classification.is_current,
            }
        return super().change_view(request, object_id, form_url, context)

    def release_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Release a draft."""
        return self._act(request, pk, release_draft, _("Release this draft"))

    def go_back_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Make a former version current again, as a new one."""
        return self._act(request, pk, go_back, _("Go back to this version"))

    def discard_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Lay a draft aside, or take it up again; asks first."""
        if not request.user.has_perm("results.change_classification"):
            raise PermissionDenied
        draft = (
            Classification.objects.select_related("session__event__season__series", "created_by").filter(pk=pk).first()
        )
        if draft is None or draft.released_at is not None:
            raise Http404
        address = reverse("admin:results_classification_change", args=[draft.pk])
        if request.method == "POST":
            try:
                if draft.discarded_at is None:
                    discard_draft(draft, by=request.user)  # type: ignore[arg-type]  # nobody without a login comes here
                    messages.success(request, _("The draft is discarded. It can be taken up again here."))
                else:
                    take_up_draft(draft)
                    messages.success(request, _("The draft is taken up again."))
            except ReleaseRefused as refusal:
                messages.error(request, str(refusal))
            return HttpResponseRedirect(address)
        title = _("Discard this draft") if draft.discarded_at is None else _("Take this draft up again")
        context = {
            **self.admin_site.each_context(request), "title": title, "subtitle": str(draft), "opts": self.opts,
            "original": draft, "address": address,
        }  # fmt: skip
        return TemplateResponse(request, "admin/results/classification/discard.html", context)

    def _act(self, request: HttpRequest, pk: int, act: Callable[..., Classification], title: str) -> HttpResponse:
        """Shows what readers would see change and asks for the reason; carries out on POST."""
        if not request.user.has_perm("results.change_classification"):
            raise PermissionDenied
        classification = Classification.objects.select_related("session__event__season__series").filter(pk=pk).first()
        if classification is None:
            raise Http404
        form = ReasonForm(request.POST) if request.method == "POST" else ReasonForm()
        if not form.is_bound:
            _warn(request, classification)
        if form.is_bound and form.is_valid():
            try:
                done = act(classification, by=request.user, reason=form.cleaned_data["reason"])
            except ReleaseRefused as refusal:
                form.add_error("reason", str(refusal))
            else:
                said = _("Version %(version)s is the current one now.") % {"version": done.version}
                messages.success(request, said)
                return HttpResponseRedirect(reverse("admin:results_classification_change", args=[done.pk]))
        chain = Classification.objects.filter(
            session=classification.session_id, checkpoint=classification.checkpoint, is_current=True
        )
        context = {
            **self.admin_site.each_context(request),
            "title": title,
            "subtitle": str(classification),
            "opts": self.opts,
            "original": classification,
            "form": form,
            "changes": compare_versions(chain.first(), classification),
        }
        return TemplateResponse(request, "admin/results/classification/act.html", context)


def _warn(request: HttpRequest, classification: Classification) -> None:
    """Team and class that wait are not released with the version: somebody has to know."""
    if warning := warning_of(classification.session):
        messages.warning(request, warning)


def _rows_in_words(classification: Classification) -> list[list[str]]:
    rows = classification.rows.select_related("session_entry__entry__team").order_by("display_order")
    return [
        [f"{row.session_entry.entry} {row.session_entry.entry.team or ''}".strip()]
        + [cell_in_words(name, getattr(row, name)) for name in CELLS]
        for row in rows
    ]


class PrintedStandingRowInline(admin.TabularInline[PrintedStandingRow, PrintedStanding]):
    model = PrintedStandingRow
    fields = ("display_order", "position", "entrant", "points")
    extra = 0


@admin.register(PrintedStanding)
class PrintedStandingAdmin(Recoverable, admin.ModelAdmin[PrintedStanding]):
    fields = ("season", "name", "class_name", "after", "after_event", "is_final", "public_from", "document")
    readonly_fields = ("document",)
    inlines = (PrintedStandingRowInline,)
    autocomplete_fields = ("season", "after_event")
    list_display = ("name", "class_name", "season", "after", "is_final")
    list_filter = ("season__series", "is_final")
    list_select_related = ("season__series",)
    search_fields = ("name", "season__label", "season__series__name", "after")


@admin.register(LapSet)
class LapSetAdmin(admin.ModelAdmin[LapSet]):
    """Which document the laps of a session come from and when readers may see them; the laps themselves are no forms."""

    fields = ("session", "count", "document", "import_run", "loaded_at", "public_from")
    readonly_fields = ("session", "count", "document", "import_run", "loaded_at")
    list_display = ("session", "count", "document", "loaded_at", "public_from")
    list_select_related = ("session__event__season__series", "document")
    search_fields = ("session__name", "session__event__name")

    def get_queryset(self, request: HttpRequest) -> QuerySet[LapSet]:
        return super().get_queryset(request).defer("document__content")

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False
