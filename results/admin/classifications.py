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

from results import states
from results.admin.frozen import Frozen
from results.admin.releasing import AnnulForm, GoBackForm, ReleaseForm, StateForm
from results.admin.sheet import SheetDesk
from results.checking import crosscheck_of
from results.differences import CELLS, cell_in_words, column_label, compare_versions
from results.history import desk_history_of
from results.importers.waiting import warning_of
from results.models import Classification, LapSet
from results.release import ReleaseRefused, annul, discard_draft, go_back, release_draft, restate, take_up_draft
from results.version_diff import diff_of


@admin.register(Classification)
class ClassificationAdmin(Frozen, SheetDesk):
    change_form_template = "admin/results/classification/change_form.html"
    fields = (
        "session", "checkpoint", "version", "state", "is_current", "is_complete", "reason", "document", "import_run",
        "created_at", "created_by", "released_at", "released_by", "public_from", "public_until", "discarded_at",
        "discarded_by",
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
                "<int:pk>/annul/",
                self.admin_site.admin_view(self.annul_view),
                name="results_classification_annul",
            ),
            path(
                "<int:pk>/state/",
                self.admin_site.admin_view(self.state_view),
                name="results_classification_state",
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
            context |= _beside_others(request, classification)
            is_draft = classification.released_at is None
            context |= {
                "heads": [_("car"), *(column_label(name) for name in CELLS)],
                "rows": _rows_in_words(classification),
                "check": crosscheck_of(classification),
                "may_type": may_act,
                "may_release": may_act and is_draft and classification.discarded_at is None,
                "may_discard": may_act and is_draft,
                "may_go_back": may_act and classification.released_at is not None and not classification.is_current,
                "may_change_state": may_act and classification.is_current,
                "may_annul": may_act and classification.is_current and classification.state != states.ANNULLED,
            }
        return super().change_view(request, object_id, form_url, context)

    def release_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Release a draft."""
        return self._act(request, pk, ReleaseForm, release_draft, _("Release this draft"))

    def go_back_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Make a former version current again, as a new one."""
        return self._act(request, pk, GoBackForm, go_back, _("Go back to this version"))

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

    def annul_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Annul a result."""
        return self._act(request, pk, AnnulForm, _on_current(annul), _("Annul this result"))

    def state_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Give a result another state with the same lines."""
        return self._act(request, pk, StateForm, _on_current(restate), _("Change the state"))

    def _act(
        self, request: HttpRequest, pk: int, kind: type[ReleaseForm], act: Callable[..., Classification], title: str
    ) -> HttpResponse:
        """Shows what readers would see change and asks for the rest; carries out on POST."""
        if not request.user.has_perm("results.change_classification"):
            raise PermissionDenied
        classification = Classification.objects.select_related("session__event__season__series").filter(pk=pk).first()
        if classification is None:
            raise Http404
        current = Classification.objects.filter(
            session=classification.session_id, checkpoint=classification.checkpoint, is_current=True
        ).first()
        form = kind(request.POST or None, version=classification, current=current)
        if not form.is_bound:
            _warn(request, classification)
        if form.is_bound and form.is_valid():
            try:
                done = act(classification, by=request.user, **form.cleaned_data)
            except ReleaseRefused as refusal:
                form.add_error(None, str(refusal))
            else:
                said = _("Version %(version)s is the current one now.") % {"version": done.version}
                messages.success(request, said)
                return HttpResponseRedirect(reverse("admin:results_classification_change", args=[done.pk]))
        context = {
            **self.admin_site.each_context(request),
            "title": title,
            "subtitle": str(classification),
            "opts": self.opts,
            "original": classification,
            "form": form,
            "changes": compare_versions(current, classification),
        }
        return TemplateResponse(request, "admin/results/classification/act.html", context)


def _on_current(act: Callable[..., Classification]) -> Callable[..., Classification]:
    """A verb about a whole result, refused on the page of a version that is no longer the current one."""

    def carry_out(version: Classification, **said: Any) -> Classification:
        return act(version.session, version.checkpoint, **(said | {"expected": version.version}))

    return carry_out


def _beside_others(request: HttpRequest, version: Classification) -> dict[str, Any]:
    """Who made the version and what stands in it, and how it differs from another one, in the words of readers."""
    chain = desk_history_of(version.session, version.checkpoint)
    mine = next(one for one in chain if one.classification.pk == version.pk)
    asked = request.GET.get("mit", "")
    former = next((one for one in chain if one.number < mine.number), None)
    other = next((one for one in chain if str(one.number) == asked and one is not mine), former)
    found: dict[str, Any] = {"mine": mine, "others": [one for one in chain if one is not mine], "other": other}
    if other is not None:
        pair = (other, mine) if other.number < mine.number else (mine, other)
        found["diff"] = diff = diff_of(*pair)
        found["diff_rows"] = rows = diff.rows
        found["columns"] = columns = diff.columns(rows)
        found["diff_cells"] = [(row, row.in_order(name for name, _head in columns)) for row in rows]
    return found


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
