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

from results.admin.championship_forms import PrintedForm
from results.admin.effect_page import points_in_words
from results.models import Championship, Event, PrintedStanding, SourceDocument
from results.standings.printed import PrintedRefused, PrintedTable, keep_printed, read_printed, store_printed

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
                more = {"document": document, "event": form.cleaned_data["event"], **_shown(table)}
                more["is_final"] = form.cleaned_data["is_final"]
                more["replaces"] = PrintedStanding.objects.filter(
                    championship=championship, after_event=form.cleaned_data["event"]
                ).first()
        return self._printed_page(request, championship, form, more)

    def _store(self, request: HttpRequest, championship: Championship, person: User) -> HttpResponse:
        sent = request.POST
        document = SourceDocument.objects.filter(sha256=sent["sha256"]).first()
        event_key = sent.get("event", "")
        event = Event.objects.filter(
            season=championship.season_id, pk=int(event_key) if event_key.isascii() and event_key.isdigit() else 0
        ).first()
        form = PrintedForm(championship)
        error = ""
        if document is None or event is None:
            error = _("The file is not on the server any more. Please send it again.")
        else:
            try:
                table = read_printed(bytes(document.content), racing_class=_class_of(championship))
                stored, run = store_printed(
                    championship, table, document, by=person, after_event=event, is_final=sent.get("is_final") == "1"
                )
            except PrintedRefused as refusal:
                error = str(refusal)
            except ValidationError as invalid:
                error = " ".join(invalid.messages)
            else:
                said = _("The table is stored beside ours.") if run else _("The same table stands there already.")
                messages.success(request, said)
                return HttpResponseRedirect(reverse("admin:results_printedstanding_compare", args=[stored.pk]))
        return self._printed_page(request, championship, form, {"error": error})

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


def _shown(table: PrintedTable) -> dict[str, Any]:
    rows = [(position, entrant, points_in_words(points)) for position, entrant, points in table.lines]
    return {"rows": rows, "doubts": table.doubts[:MOST_LISTED]}
