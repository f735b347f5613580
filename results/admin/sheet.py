"""The sheet at the desk: a result is typed into one table, judged while somebody types, and saved as the next version."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib import admin
from django.contrib.auth.models import User
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from results.admin.sheet_csv import SheetAsCsv
from results.admin.sheet_doors import the_checkpoint, the_session
from results.admin.sheet_forms import LinesForm, NewEntryForm, PasteForm, WishForm
from results.admin.sheet_words import words_of_the_sheet
from results.models import Classification, RacingClass, Session
from results.release import ReleaseRefused
from results.sheet.answers import conflict_as_json, instant, judged_as_json, opened_as_json, preview_as_json
from results.sheet.columns import part_key
from results.sheet.opening import Opened, cars_of, judged, open_sheet, shown_cars, version_of
from results.sheet.pasted import PasteRefused, pasted_cells
from results.sheet.saving import NotConfirmed, Overtaken, enter_car, preview_of, save_sheet, saved_before

CONFLICT, UNFIT, BAD = 409, 422, 400
Answer = Callable[[HttpRequest, Session, str, Any], HttpResponse]


class SheetDesk(SheetAsCsv, admin.ModelAdmin[Classification]):
    """The pages below `raster/`; the right to change results opens them all."""

    def get_urls(self) -> list[URLPattern]:
        pages: tuple[tuple[str, Any, str], ...] = (
            ("", require_GET(self.sheet_view), "sheet"),
            ("pruefen/", require_POST(self.check_view), "sheet_check"),
            ("einfuegen/", require_POST(self.paste_view), "sheet_paste"),
            ("nennung/", require_POST(self.entry_view), "sheet_entry"),
            ("speichern/", require_POST(self.save_view), "sheet_save"),
            ("csv/", self.csv_view, "sheet_csv"),
        )
        own = [
            path(
                f"raster/<int:session_pk>/{route}",
                self.admin_site.admin_view(view),
                name=f"results_classification_{name}",
            )
            for route, view, name in pages
        ]
        return [*own, *super().get_urls()]

    def sheet_view(self, request: HttpRequest, session_pk: int) -> HttpResponse:
        """The table; without script a hint, and the way over CSV."""
        person, session, checkpoint = self.typing_person(request), the_session(session_pk), the_checkpoint(request)
        opened = open_sheet(session, checkpoint)
        found = judged(
            session, opened.lines, cars=cars_of(session), base=opened.base, part_names=opened.part_names,
            is_complete=opened.base.is_complete if opened.base else True,
        )  # fmt: skip
        context = {
            **self.sheet_context(request, session, checkpoint, opened),
            "sheet": opened_as_json(opened, shown_cars(session), found, person=person.pk)
            | {"addresses": self._addresses(session, checkpoint)},
            "words": words_of_the_sheet(),
            "states": Classification.State.choices,
            "classes": RacingClass.objects.filter(series=session.event.season.series_id),
            "may_enter": request.user.has_perm("results.add_entry"),
        }
        return TemplateResponse(request, "admin/results/classification/sheet.html", context)

    def check_view(self, request: HttpRequest, session_pk: int) -> HttpResponse:
        """Judges the lines as they stand."""
        return self._answer(request, session_pk, LinesForm, _check)

    def paste_view(self, request: HttpRequest, session_pk: int) -> HttpResponse:
        """Reads a pasted text as cells."""
        return self._answer(request, session_pk, PasteForm, _paste)

    def entry_view(self, request: HttpRequest, session_pk: int) -> HttpResponse:
        """Enters a car that a person has confirmed to be there."""
        self.typing_person(request)
        if not request.user.has_perm("results.add_entry"):
            raise PermissionDenied
        session = the_session(session_pk)
        return self._answer(request, session_pk, lambda data: NewEntryForm(session, data), _enter)

    def save_view(self, request: HttpRequest, session_pk: int) -> HttpResponse:
        """Shows what would change, or stores it as the next version."""
        return self._answer(request, session_pk, WishForm, _save)

    def typing_person(self, request: HttpRequest) -> User:
        """Who asks; PermissionDenied for whoever may not change results."""
        if not (request.user.has_perm("results.change_classification") and isinstance(request.user, User)):
            raise PermissionDenied
        return request.user

    def sheet_context(self, request: HttpRequest, session: Session, checkpoint: str, opened: Opened) -> dict[str, Any]:
        """What every page of the sheet shows of its result."""
        base = opened.base
        return {
            **self.admin_site.each_context(request),
            "title": _("Change the result") if base else _("Enter the result"),
            "subtitle": f"{session}{f' · {checkpoint}' if checkpoint else ''}",
            "opts": self.opts,
            "session": session,
            "checkpoint": checkpoint,
            "base": base,
            "is_draft": base is not None and base.released_at is None,
            "is_mine": base is not None and base.created_by_id == request.user.pk,
            "csv": self._addresses(session, checkpoint)["csv"],
        }

    def _answer(
        self, request: HttpRequest, session_pk: int, form_of: Callable[[Any], forms.Form], answer: Answer
    ) -> HttpResponse:
        """Reads the JSON into its form and answers; a page that another person left open is no page of this one."""
        person, session, checkpoint = self.typing_person(request), the_session(session_pk), the_checkpoint(request)
        try:
            data = json.loads(request.body)
        except (ValueError, RecursionError):
            data = None
        if not isinstance(data, dict):
            return JsonResponse({"error": _("The lines of the sheet cannot be read.")}, status=BAD)
        if data.get("person") != person.pk:
            return JsonResponse({"error": "person"}, status=CONFLICT)
        form = form_of(data)
        if not form.is_valid():
            return JsonResponse({"error": str(next(iter(form.errors.values()))[0])}, status=UNFIT)
        return answer(request, session, checkpoint, form)

    def _addresses(self, session: Session, checkpoint: str) -> dict[str, str]:
        query = {"checkpoint": checkpoint} if checkpoint else None
        names = {"sheet": "sheet", "check": "sheet_check", "paste": "sheet_paste", "entry": "sheet_entry",
                 "save": "sheet_save", "csv": "sheet_csv"}  # fmt: skip
        return {
            key: reverse(f"admin:results_classification_{name}", args=[session.pk], query=query)
            for key, name in names.items()
        } | {"login": reverse("admin:login")}


def _check(_request: HttpRequest, session: Session, checkpoint: str, form: LinesForm) -> HttpResponse:
    said = form.cleaned_data
    base = version_of(session, checkpoint, said["base"])
    found = judged(
        session, said["lines"], cars=cars_of(session), base=base, is_complete=said["complete"],
        part_names=base.part_names if base else (),
    )  # fmt: skip
    return JsonResponse(judged_as_json(found))


def _paste(_request: HttpRequest, session: Session, checkpoint: str, form: PasteForm) -> HttpResponse:
    base = open_sheet(session, checkpoint).base
    try:
        pasted = pasted_cells(form.cleaned_data["text"], part_names=base.part_names if base else ())
    except PasteRefused as refusal:
        return JsonResponse({"error": str(refusal)}, status=UNFIT)
    known = {part_key(place) for place in range(len(base.part_names) if base else 0)}
    fields = [key for key in pasted.fields if not key.startswith("part-") or key in known]
    return JsonResponse({"fields": fields, "rows": pasted.rows, "left_out": pasted.left_out})


def _enter(_request: HttpRequest, session: Session, _checkpoint: str, form: NewEntryForm) -> HttpResponse:
    said = form.cleaned_data
    entry = enter_car(session, said["number"], racing_class=said["racing_class"])
    return JsonResponse({"entry": entry.label, "cars": shown_cars(session)})


def _save(request: HttpRequest, session: Session, checkpoint: str, form: WishForm) -> HttpResponse:
    wish, said = form.wish(), form.cleaned_data
    person: Any = request.user
    try:
        if said["act"] == "preview":
            if (stored := saved_before(session, checkpoint, wish, by=person)) is not None:
                return _saved(stored)
            return JsonResponse(
                {"preview": preview_as_json(preview_of(session, checkpoint, wish), release=wish.release)}
            )
        return _saved(
            save_sheet(session, checkpoint, wish=wish, by=person, seen=said["seen"], is_confirmed=said["confirmed"])
        )
    except Overtaken as overtaken:
        return JsonResponse({"conflict": conflict_as_json(overtaken)}, status=CONFLICT)
    except NotConfirmed as not_yet:
        shown = preview_as_json(not_yet.preview, release=wish.release)
        return JsonResponse({"error": str(not_yet), "preview": shown}, status=UNFIT)
    except ReleaseRefused as refusal:
        return JsonResponse({"error": str(refusal)}, status=UNFIT)


def _saved(version: Classification) -> HttpResponse:
    words = _("Saved as version %(version)s (%(instant)s): %(who)s.") % {
        "version": version.version,
        "instant": instant(version.created_at),
        "who": _("readers see it") if version.released_at else _("a draft of the desk"),
    }
    address = reverse("admin:results_classification_change", args=[version.pk])
    return JsonResponse({"saved": version.version, "words": words, "address": address})
