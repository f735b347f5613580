"""The sheet as a CSV file and back, for whoever has no script or prefers a spreadsheet: checked, shown, then saved."""

from __future__ import annotations

import csv
import io
from typing import Any

from django.contrib import messages
from django.contrib.auth.models import User
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from results.admin.sheet_doors import the_checkpoint, the_session
from results.admin.sheet_forms import CsvForm, CsvSaveForm
from results.amending import next_state
from results.cells import neutralise
from results.models import Classification, Session
from results.release import ReleaseRefused
from results.sheet.answers import columns_of
from results.sheet.opening import Opened, open_sheet, shown_cars
from results.sheet.pasted import STAND, PasteRefused, pasted_cells
from results.sheet.saving import NotConfirmed, Overtaken, Wish, preview_of, save_sheet

CONFLICT = 409


class SheetAsCsv:
    """Mixed in where the sheet is; `typing_person` and `sheet_context` are its own."""

    typing_person: Any
    sheet_context: Any

    def csv_view(self, request: HttpRequest, session_pk: int) -> HttpResponse:
        """GET is the file; POST shows what an edited one would change, and saves it with `commit`."""
        person = self.typing_person(request)
        session, checkpoint = the_session(session_pk), the_checkpoint(request)
        opened = open_sheet(session, checkpoint)
        if request.method != "POST":
            return _file(session, opened)
        form = CsvForm(request.POST, request.FILES)
        context = self.sheet_context(request, session, checkpoint, opened)
        if form.is_valid():
            found = self._read(request, form, opened, person, context)
            if found is not None:
                return found
        status = CONFLICT if context.get("conflict") else 200
        page = "admin/results/classification/sheet_csv.html"
        return TemplateResponse(request, page, {**context, "form": form}, status=status)

    def _read(
        self, request: HttpRequest, form: CsvForm, opened: Opened, person: User, context: dict[str, Any]
    ) -> HttpResponse | None:
        """Fills the page with what the file would change; a redirect once it is saved."""
        try:
            pasted = pasted_cells(form.content, part_names=opened.part_names)
        except PasteRefused as refusal:
            form.add_error("file", str(refusal))
            return None
        if not pasted.fields:
            form.add_error("file", _("The first line has to name the columns."))
            return None
        made_from = _versions_in(pasted.stand)
        if made_from is None and opened.newest is not None:
            form.add_error(
                "file", _("The file does not say which version it was made from. Please download the lines anew.")
            )
            return None
        save = CsvSaveForm(request.POST if "state" in request.POST else None, initial=_initial(opened))
        bound = save.is_bound and save.is_valid()
        wish = _wish(pasted.lines(), opened, save.cleaned_data if bound else None, made_from or (None, None))
        try:
            if bound and "commit" in request.POST:
                said = save.cleaned_data
                version = save_sheet(
                    opened.session, opened.checkpoint, wish=wish, by=person, seen=said["seen"],
                    is_confirmed=said["confirmed"],
                )  # fmt: skip
                messages.success(request, _("Saved as version %(version)s.") % {"version": version.version})
                return HttpResponseRedirect(reverse("admin:results_classification_change", args=[version.pk]))
            preview = preview_of(opened.session, opened.checkpoint, wish)
        except Overtaken as overtaken:
            context |= {"conflict": overtaken}
            return None
        except (NotConfirmed, ReleaseRefused) as refusal:
            save.add_error(None, str(refusal))
            preview = preview_of(opened.session, opened.checkpoint, wish)
        kept = {"text": form.content, "seen": preview.seen, "base": wish.base, "expected": wish.expected}
        context |= {
            "preview": preview, "save": save, "kept": kept, "changes": preview.changes, "left_out": pasted.left_out
        }  # fmt: skip
        return None


def _initial(opened: Opened) -> dict[str, Any]:
    base = opened.base
    state = next_state(base) if base and base.released_at else base.state if base else Classification.State.PROVISIONAL
    return {"state": state, "complete": base.is_complete if base else True}


def _versions_in(stand: str) -> tuple[int | None, int | None] | None:
    """`3/4`: the version that the lines of a file were, and the newest there was; None for anything else."""
    parts = stand.split("/")
    if len(parts) != 2 or not all(part.isascii() and part.isdigit() and len(part) < 6 for part in parts):  # noqa: PLR2004
        return None
    base, newest = (int(part) or None for part in parts)
    return base, newest


def _wish(
    lines: list[dict[str, str]],
    opened: Opened,
    said: dict[str, Any] | None,
    made_from: tuple[int | None, int | None],
) -> Wish:
    """Before anybody has said how: a draft in the usual next state, over what the file was made from."""
    first = _initial(opened)
    if said is None:
        return Wish(lines, *made_from, first["state"], is_complete=first["complete"])
    return Wish(
        lines, said["base"], said["expected"], said["state"], said["reason"], release=bool(said["release"]),
        is_complete=said["complete"],
    )  # fmt: skip


def _file(session: Session, opened: Opened) -> HttpResponse:
    """UTF-8 with BOM and semicolons, which a German Excel opens without asking; no cell becomes a formula."""
    columns, cars = columns_of(opened.part_names), shown_cars(session)
    file = io.StringIO()
    writer = csv.writer(file, delimiter=";", lineterminator="\r\n")
    shown = {"class": "Klasse", "team": "Team", "crew": "Fahrer"}
    stand = f"{opened.base.version if opened.base else 0}/{opened.newest or 0}"
    writer.writerow([neutralise(column["head"]) for column in columns] + [*shown.values(), STAND])
    for line in opened.lines:
        car = cars.get(line["number"], {})
        cells = [line.get(column["key"], "") for column in columns] + [car.get(key, "") for key in shown]
        writer.writerow([*(neutralise(cell) for cell in cells), stand])
    answer = HttpResponse(file.getvalue().encode("utf-8-sig"), content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="raster-{session.pk}.csv"'
    return answer
