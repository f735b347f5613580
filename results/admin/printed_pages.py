"""“Read a printed table” at a championship: the file is looked at first, every bad row named, then stored beside ours."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.contrib.auth.models import User
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from results.admin.effect_page import points_in_words
from results.admin.printed_forms import PrintedForm, StoreForm
from results.models import Championship, Event, SourceDocument
from results.standings.printed import (
    PrintedRefused,
    PrintedTable,
    keep_printed,
    mark_of,
    read_printed,
    store_printed,
    stored_table,
)

RIGHT = "results.add_printedstanding"
MOST_LISTED = 200


class PrintedPages:
    """Mixed into the admin of championships."""

    admin_site: Any

    def printed_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """First look: the rows as they were read, or why not. Then the confirmed file, which lies on the server, is stored."""
        person, championship = self._asked(request, pk, RIGHT)  # type: ignore[attr-defined]
        if "sha256" in request.POST:
            return self._store(request, championship, person)
        posted = request.method == "POST"
        form = PrintedForm(championship, request.POST if posted else None, request.FILES if posted else None)
        more: dict[str, Any] = {}
        if form.is_bound and form.is_valid():
            try:
                table = read_printed(form.upload.content, racing_class=_class_of(championship))
            except PrintedRefused as refusal:
                form.add_error(None, str(refusal))
                more = {"problems": refusal.problems[:MOST_LISTED], "more": max(len(refusal.problems) - MOST_LISTED, 0)}
            else:
                document = keep_printed(form.upload, by=person)
                given = form.cleaned_data
                more = _looked_at(championship, table, document, given["event"], is_final=given["is_final"])
        return self._printed_page(request, championship, form, more)

    def _store(self, request: HttpRequest, championship: Championship, person: User) -> HttpResponse:
        form = StoreForm(championship, request.POST)
        given = form.cleaned_data if form.is_of_a_table else {}
        document = SourceDocument.objects.filter(sha256=given.get("sha256", "")).first()
        if document is None:
            gone = _("The file is not on the server any more. Please send it again.")
            return self._printed_page(request, championship, PrintedForm(championship), {"error": gone})
        try:
            table = read_printed(bytes(document.content), racing_class=_class_of(championship))
        except PrintedRefused as refusal:
            return self._printed_page(request, championship, PrintedForm(championship), {"error": str(refusal)})
        error = ""
        if form.is_valid():
            try:
                stored, run = store_printed(
                    championship, table, document, by=person, after_event=given["event"], is_final=given["is_final"],
                    seen=given["seen"], accept=given["accept"], reason=given["reason"],
                )  # fmt: skip
            except PrintedRefused as refusal:
                error = str(refusal)
            except ValidationError as invalid:
                error = " ".join(invalid.messages)
            else:
                said = _("The table is stored beside ours.") if run else _("The same table stands there already.")
                messages.success(request, said)
                return HttpResponseRedirect(reverse("admin:results_printedstanding_compare", args=[stored.pk]))
        more = _looked_at(championship, table, document, given["event"], is_final=given["is_final"], sent=form)
        return self._printed_page(request, championship, PrintedForm(championship), {"error": error, **more})

    def _printed_page(
        self, request: HttpRequest, championship: Championship, form: PrintedForm, more: dict[str, Any]
    ) -> HttpResponse:
        context = {
            **self.admin_site.each_context(request), "title": _("Read a printed table"), "subtitle": str(championship),
            "opts": Championship._meta, "original": championship, "form": form, **more,
        }  # fmt: skip
        return TemplateResponse(request, "admin/results/championship/printed.html", context)


def _class_of(championship: Championship) -> str:
    return championship.racing_class.name if championship.racing_class else ""


def _looked_at(
    championship: Championship,
    table: PrintedTable,
    document: SourceDocument,
    event: Event,
    *,
    is_final: bool,
    sent: StoreForm | None = None,
) -> dict[str, Any]:
    """The rows and the question whether to store them: of the table that stands there now, with what was typed."""
    replaces = stored_table(championship, event)
    asked = {"sha256": document.sha256, "event": event.pk, "is_final": is_final, "seen": mark_of(replaces)}
    store = StoreForm(championship, initial=asked)
    if sent is not None:
        typed = {name: sent.data.get(name, "") for name in ("accept", "reason")}
        store = StoreForm(championship, {**asked, **typed})
    is_public = replaces is not None and replaces.public_from is not None
    return {
        "document": document,
        "event": event,
        "replaces": replaces,
        "is_public": is_public,
        "store": store,
        **_shown(table),
    }


def _shown(table: PrintedTable) -> dict[str, Any]:
    rows = [(position, entrant, points_in_words(points)) for position, entrant, points in table.lines]
    return {"rows": rows, "doubts": table.doubts[:MOST_LISTED]}
