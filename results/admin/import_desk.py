"""The import desk's pages: bring files in, see the batch, look at one file, confirm.

Files lie on the server from the upload on, so a closed browser, an expired login or a restart loses nothing. What a
person confirms is the fingerprint of the plan that was shown: if the choices or the stored results have changed since,
the new plan is shown instead of anything being written.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from django.contrib import admin, messages
from django.contrib.auth.models import User
from django.core.exceptions import PermissionDenied
from django.db.models import Prefetch
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils.decorators import method_decorator
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.debug import sensitive_post_parameters

from results.admin.columns import columns_form
from results.admin.doubtful import doubtful_rows
from results.admin.importing import ConsentForm, TargetForm, UploadForm
from results.admin.names import NameChoicesForm
from results.checking import crosschecks_of_item
from results.importers import batches, proposing
from results.importers.load import missing_labels, plan, published_changes
from results.importers.plan import ImportTarget, Plan
from results.importers.proposals import propose
from results.importers.records import FileRefused, ParsedFile
from results.importers.tally import lines_in_words
from results.models import Event, ImportBatch, ImportItem, ImportRun

MOST_LISTED = 200  # doubts, faults and changed cells on one page
BATCHES_LISTED = 12
REFRESH_SECONDS = 3
State = ImportItem.State


class ImportDesk(admin.ModelAdmin[ImportRun]):
    """The pages below `importrun/`; the right to import opens them all."""

    def get_urls(self) -> list[URLPattern]:
        pages = (
            ("add/<slug:sha256>/", self.preview_view, "preview"),
            ("batch/<int:batch>/", self.batch_view, "batch"),
            ("batch/<int:batch>/<int:place>/", self.item_view, "item"),
        )
        own = [
            path(route, self.admin_site.admin_view(view), name=f"results_importrun_{name}")
            for route, view, name in pages
        ]
        return [*own, *super().get_urls()]

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return bool(request.user.has_perm("results.add_importrun"))

    @method_decorator(sensitive_post_parameters("text"))
    def add_view(self, request: HttpRequest, form_url: str = "", extra_context: Any = None) -> HttpResponse:
        """Upload or paste. One small file that can be read goes on to its page, several go to theirs."""
        person = self.importing_person(request)
        form = UploadForm(request.POST, request.FILES) if request.method == "POST" else UploadForm()
        if form.is_bound and form.is_valid():
            batch = batches.open_batch(form.uploads, by=person)
            batches.work_at_once(batch.items.select_related("document"))
            only = batch.items.first() if len(form.uploads) == 1 else None
            if only is None or only.state == State.WAITING:
                return HttpResponseRedirect(_address(batch))
            if only.state != State.REFUSED:
                return HttpResponseRedirect(_address(batch, only))
            form.add_error(None, only.report["error"])
            _forget(batch)
        return self._page(request, "upload", _("Import results"), form=form, batches=_recent_batches())

    def preview_view(self, request: HttpRequest, sha256: str) -> HttpResponse:
        """Where a file once uploaded is looked at now."""
        self.importing_person(request)
        item = ImportItem.objects.filter(document__sha256=sha256).select_related("batch").order_by("-pk").first()
        if item is None:
            raise Http404
        return HttpResponseRedirect(_address(item.batch, item))

    def batch_view(self, request: HttpRequest, batch: int) -> HttpResponse:
        """One line a file; POST imports those chosen, or all that hold no question."""
        person = self.importing_person(request)
        found = ImportBatch.objects.filter(pk=batch).select_related("by").first()
        if found is None:
            raise Http404
        items = list(found.items.select_related("run", "document").defer("document__content"))
        if request.method == "POST":
            self._take(request, items, by=person)
            return HttpResponseRedirect(_address(found))
        context = {
            "batch": found,
            "lines": [(item, batches.may_import_unseen(item)) for item in items],
            "ready": sum(batches.may_import_unseen(item) for item in items),
            "busy": sum(item.state in batches.BUSY for item in items),
            "refresh": REFRESH_SECONDS,
        }
        return self._page(request, "batch", _("Batch of files"), **context)

    def _take(self, request: HttpRequest, items: list[ImportItem], *, by: User) -> None:
        chosen = (
            items
            if "all" in request.POST
            else [one for one in items if str(one.sequence) in request.POST.getlist("file")]
        )
        if "drop" in request.POST:
            for item in chosen:
                batches.drop(item)
            return
        taken = batches.decide_all(chosen, by=by)
        batches.work_at_once(taken)
        said = ngettext("%(n)s file is taken over.", "%(n)s files are taken over.", len(taken)) % {"n": len(taken)}
        messages.success(request, said) if taken else messages.warning(
            request, _("None of these files can be imported from the list: open those with questions.")
        )

    def item_view(self, request: HttpRequest, batch: int, place: int) -> HttpResponse:
        """What one file would change; POST with `commit` confirms that, otherwise it says where the file belongs."""
        person = self.importing_person(request)
        item = _item(batch, place)
        if item.state == State.DONE and item.run_id is not None:
            return HttpResponseRedirect(reverse("admin:results_importrun_change", args=[item.run_id]))
        if item.state in batches.BUSY:
            return HttpResponseRedirect(_address(item.batch))
        try:
            parsed = batches.parse(item)
        except FileRefused as refusal:
            messages.error(request, str(refusal))
            return HttpResponseRedirect(reverse("admin:results_importrun_add"))
        return self._confirm(request, item, parsed, person)

    def _confirm(self, request: HttpRequest, item: ImportItem, parsed: ParsedFile, person: User) -> HttpResponse:
        columns = columns_form(item, parsed, batches.upload_of(item).content, request.POST or None)
        if columns is not None and columns.is_bound and columns.is_valid():
            said = columns.cleaned_data
            batches.understand(item, columns.mapping, source=said["source"], part=said.get("part", ""))
            return HttpResponseRedirect(_address(item.batch, item))
        sent = _sent(request, item, parsed)
        kept = batches.target_from_json(item.target)
        form, consent = TargetForm(sent, initial=_initial(kept)), ConsentForm(sent)
        chosen = sent is not None and form.is_valid() and consent.is_valid()
        target = replace(form.target(), same=NameChoicesForm(sent).same()) if chosen else kept
        planned, error = plan(parsed, target=target), item.report.get("error", "") if sent is None else ""
        if sent is not None and chosen:
            error = self._act(request, item, form, consent, planned, target=target, by=person)
            item = _item(item.batch_id, item.sequence)
            if not error and item.state in {State.DONE, State.UNCHANGED}:
                return self._reported(request, item)
            if not error and "commit" in sent:
                return HttpResponseRedirect(_address(item.batch))
            planned = plan(parsed, target=target)
        context = {
            "item": item, "batch": item.batch, "form": form, "consent": consent, "error": error,
            "proposal": item.report.get("proposal", {}), "several": item.batch.items.count() > 1,
            "names": NameChoicesForm(proposals=propose(planned)),
            "columns": columns, "cells": doubtful_rows(parsed), "checks": crosschecks_of_item(item, parsed, target), **_shown(planned),
        }  # fmt: skip
        return self._page(request, "preview", _("Import: check and confirm"), **context)

    def _act(
        self,
        request: HttpRequest,
        item: ImportItem,
        form: TargetForm,
        consent: ConsentForm,
        planned: Plan,
        *,
        target: ImportTarget,
        by: User,
    ) -> str:
        """Places or imports the file; an error in words, empty where all went well."""
        if "commit" not in request.POST:
            batches.place(item, target)
            if form.cleaned_data["share"]:
                batches.share_place(item, target)
            return ""
        error = _why_not(planned, request.POST.get("expected", ""), consent)
        if error:
            return error
        reason = consent.cleaned_data["reason"].strip() if consent.cleaned_data["accept"] else ""
        batches.decide(item, by=by, target=target, expected=planned.fingerprint, reason=reason)
        batches.work_at_once([item])
        return str(_item(item.batch_id, item.sequence).report.get("error", ""))

    def _reported(self, request: HttpRequest, item: ImportItem) -> HttpResponse:
        if item.run is None:
            messages.info(request, _("0 new: everything in this file is stored already."))
        else:
            messages.success(request, _("Imported: %(tally)s.") % {"tally": item.report["in_words"]["tally"]})
        if item.batch.items.exclude(state__in=[State.DONE, State.UNCHANGED]).exists():
            return HttpResponseRedirect(_address(item.batch))
        if item.run is None:
            return HttpResponseRedirect(reverse("admin:results_importrun_add"))
        return HttpResponseRedirect(reverse("admin:results_importrun_change", args=[item.run.pk]))

    def importing_person(self, request: HttpRequest) -> User:
        """Who asks; PermissionDenied for whoever may not import."""
        if not (self.has_add_permission(request) and isinstance(request.user, User)):
            raise PermissionDenied
        return request.user

    def _page(self, request: HttpRequest, name: str, title: str, **context: Any) -> HttpResponse:
        context |= {**self.admin_site.each_context(request), "title": title, "opts": self.opts}
        return TemplateResponse(request, f"admin/results/importrun/{name}.html", context)


def _item(batch: int, place: int) -> ImportItem:
    item = (
        ImportItem.objects.filter(batch=batch, sequence=place)
        .select_related("batch__by", "run", "document")
        .defer("document__content")
        .first()
    )
    if item is None:
        raise Http404
    return item


def _address(batch: ImportBatch, item: ImportItem | None = None) -> str:
    if item is None:
        return reverse("admin:results_importrun_batch", args=[batch.pk])
    return reverse("admin:results_importrun_item", args=[batch.pk, item.sequence])


def _recent_batches() -> list[ImportBatch]:
    items = ImportItem.objects.only("batch", "name", "state", "sequence")
    recent = ImportBatch.objects.select_related("by").prefetch_related(Prefetch("items", items))
    return list(recent[:BATCHES_LISTED])


def _forget(batch: ImportBatch) -> None:
    """A single file that cannot be read leaves no trace: the form says why."""
    documents = [item.document for item in batch.items.all() if item.document is not None]
    batch.delete()
    for document in documents:
        if not document.runs.exists() and not document.items.exists():
            document.delete()


def _sent(request: HttpRequest, item: ImportItem, parsed: ParsedFile) -> Any:
    """The form as it was sent; a proposal that was taken brings its session along."""
    if request.method != "POST" or "columns" in request.POST:
        return None
    if "take" not in request.POST:
        return request.POST
    sent, taken = request.POST.copy(), request.POST["take"]
    event = Event.objects.select_related("season__series").filter(pk=taken).first() if taken.isdecimal() else None
    if event is not None:
        sent["event"] = str(event.pk)
        sent["session"] = proposing.session_key(event, parsed, name=item.name)
    return sent


def _initial(target: ImportTarget) -> dict[str, Any]:
    return {name: getattr(target, name) for name in ImportTarget.__dataclass_fields__}


def _why_not(planned: Plan, expected: str, consent: ConsentForm) -> str:
    """Why the plan may not be carried out, in one sentence; the worker asks the same once more under the lock."""
    if planned.rejected:
        return _("Nothing was imported: the file has faults.")
    if planned.missing:
        return _("Missing: %(fields)s.") % {"fields": ", ".join(missing_labels(planned))}
    if expected != planned.fingerprint:
        return _("The stored results have changed since the preview. Please look again.")
    given = consent.cleaned_data
    if planned.changes_published and not (given["accept"] and given["reason"].strip()):
        return _("Published results would change, which needs consent and a reason. %(changes)s") % {
            "changes": published_changes(planned)
        }
    return ""


def _shown(planned: Plan) -> dict[str, Any]:
    """The plan as the page shows it, long lists cut."""
    return {
        "plan": planned,
        "lines": lines_in_words(planned),
        "missing": missing_labels(planned),
        "asks_for_place": bool(planned.missing) or planned.format != "exchange",
        "rejected": planned.rejected[:MOST_LISTED],
        "doubts": planned.doubts[:MOST_LISTED],
        "more_rejected": max(len(planned.rejected) - MOST_LISTED, 0),
        "more_doubts": max(len(planned.doubts) - MOST_LISTED, 0),
        "can_commit": not (planned.missing or planned.rejected),
    }
