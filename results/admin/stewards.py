"""Race control at the desk: messages and weather to read, deleted laps to enter and to take back."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib import admin, messages
from django.http import HttpRequest
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from results.admin.frozen import Frozen
from results.deletions_desk import DeletionRefused, delete_lap, lap_of, restore_lap, why_not_deletable
from results.models import LapDeletion, RaceControlMessage, Session, SessionEntry, WeatherReading
from results.notation import NotationError, format_duration, format_lap_time, parse_clock, parse_lap_time

SEARCH = ("session__name", "session__event__name", "session__event__season__label")


class CarForm(forms.ModelForm[Any]):
    """Asks for a car by its number in the session, as the documents do."""

    car = forms.CharField(label=gettext_lazy("Car number"), max_length=8)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        session, number = cleaned.get("session"), (cleaned.get("car") or "").removeprefix("#")
        if isinstance(session, Session) and number:
            cars = list(SessionEntry.objects.filter(session=session, entry__number=number)[:2])
            if len(cars) != 1:
                said = (
                    _("Two cars of this session have the number %(number)s.")
                    if cars
                    else _("No car of this session has the number %(number)s.")
                )
                self.add_error("car", said % {"number": number})
            else:
                self.instance.session_entry = cars[0]
        return cleaned


class NotationField(forms.CharField):
    """A time as people write it; its value is in ms."""

    def __init__(self, *, read: Callable[[str], int | None], **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.read = read

    def clean(self, value: Any) -> Any:
        text = super().clean(value)
        try:
            return self.read(text) if text else None
        except NotationError as error:
            raise forms.ValidationError(str(error)) from error


class DeletionForm(CarForm):
    """Deletes a lap; of its number, its time and the time of day one is enough."""

    lap_time = NotationField(
        label=gettext_lazy("Lap time"), read=parse_lap_time, required=False, max_length=20,
        help_text=gettext_lazy("Such as 8:03,370."),
    )  # fmt: skip
    clock = NotationField(
        label=gettext_lazy("Time of day"), read=parse_clock, required=False, max_length=20,
        help_text=gettext_lazy("At the venue, such as 09:59:44; the lap that ran then is meant."),
    )  # fmt: skip

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        if not self.errors:
            fault = why_not_deletable(self.instance.session_entry, **self._clues())
            if fault:
                self.add_error(None, fault)
        return cleaned

    def delete(self, *, by: Any) -> LapDeletion:
        corner = self.cleaned_data["corner"]
        return delete_lap(self.instance.session_entry, by=by, corner=corner, **self._clues())

    def _clues(self) -> dict[str, Any]:
        values = self.cleaned_data
        return {
            "lap": values.get("lap"),
            "lap_ms": values.get("lap_time"),
            "day_ms": values.get("clock"),
            "text": values.get("text", ""),
        }

    class Meta:
        model = LapDeletion
        fields = ("session", "lap", "corner", "text")


class RestoreForm(forms.ModelForm[LapDeletion]):
    """Takes a deletion back; nothing else of it changes."""

    take_back = forms.BooleanField(
        label=gettext_lazy("Take the deletion back"), required=False,
        help_text=gettext_lazy("The lap counts again; the deletion stays here as a record."),
    )  # fmt: skip

    class Meta:
        model = LapDeletion
        fields = ()


@admin.register(LapDeletion)
class LapDeletionAdmin(admin.ModelAdmin[LapDeletion]):
    autocomplete_fields = ("session",)
    list_display = ("car", "session", "which", "corner", "source", "reversed_at")
    list_filter = ("source", ("reversed_at", admin.EmptyFieldListFilter), "session__event__season__series")
    list_select_related = ("session_entry__entry", "session__event__season__series")
    ordering = ("-pk",)
    search_fields = (*SEARCH, "session_entry__entry__number", "text")

    def get_form(self, request: HttpRequest, obj: Any = None, change: bool = False, **kwargs: Any) -> Any:  # noqa: FBT001, FBT002 - Django's signature
        kwargs["form"] = RestoreForm if obj else DeletionForm
        return super().get_form(request, obj, change, **kwargs)

    def get_fields(self, request: HttpRequest, obj: LapDeletion | None = None) -> Any:
        if obj is None:
            return ("session", "car", "lap", "lap_time", "clock", "corner", "text")
        act = ("take_back",) if obj.reversed_at is None and self.has_change_permission(request, obj) else ()
        return (*self.get_readonly_fields(request, obj), *act)

    def get_readonly_fields(self, request: HttpRequest, obj: LapDeletion | None = None) -> Any:
        if obj is None:
            return ()
        return ("session", "car", "which", "meant", "corner", "text", "source", "entered_by", "reversed_at", "reversed_by")  # fmt: skip

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False  # taken back, never gone

    def save_form(self, request: HttpRequest, form: Any, change: Any) -> Any:
        """The verbs write; what they refuse is said above the page that comes next."""
        person: Any = request.user
        if change:
            return _restored(request, form, by=person)
        deletion = form.delete(by=person)
        self._say_which(request, deletion)
        return deletion

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: Any) -> None:
        """Nothing is left to do: `save_form` has carried out the act."""

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: Any) -> None:
        """Nothing hangs on a deletion."""

    @staticmethod
    def _say_which(request: HttpRequest, deletion: LapDeletion) -> None:
        meant = lap_of(deletion)
        if meant.lap is None:
            messages.warning(request, _("No lap is deleted yet. %(why)s") % {"why": meant.why})
        else:
            messages.info(request, _("Lap %(lap)s no longer counts.") % {"lap": meant.lap})

    @admin.display(description=gettext_lazy("car"), ordering="session_entry__entry__number")
    def car(self, deletion: LapDeletion) -> str:
        return str(deletion.session_entry.entry)

    @admin.display(description=gettext_lazy("according to the source"))
    def which(self, deletion: LapDeletion) -> str:
        """`Runde 6 · 8:03,370 · 09:59:44`, as far as the source says."""
        parts = [
            _("lap %(lap)s") % {"lap": deletion.lap} if deletion.lap is not None else "",
            format_lap_time(deletion.lap_ms) if deletion.lap_ms is not None else "",
            format_duration(deletion.day_ms) if deletion.day_ms is not None else "",
        ]
        return " · ".join(part for part in parts if part) or "–"

    @admin.display(description=gettext_lazy("meant is"))
    def meant(self, deletion: LapDeletion) -> str:
        meant = lap_of(deletion)
        return meant.why if meant.lap is None else _("lap %(lap)s") % {"lap": meant.lap}


def _restored(request: HttpRequest, form: RestoreForm, *, by: Any) -> LapDeletion:
    if not form.cleaned_data.get("take_back"):
        return form.instance
    try:
        return restore_lap(form.instance, by=by)
    except DeletionRefused as refusal:
        messages.error(request, str(refusal))
        return form.instance


@admin.register(RaceControlMessage)
class RaceControlMessageAdmin(Frozen, admin.ModelAdmin[RaceControlMessage]):
    fields = ("session", "sequence", "at", "text", "import_run")
    list_display = ("at", "text", "session")
    list_filter = ("session__event__season__series",)
    list_select_related = ("session__event__season__series",)
    ordering = ("-pk",)
    search_fields = (*SEARCH, "text")


@admin.register(WeatherReading)
class WeatherReadingAdmin(Frozen, admin.ModelAdmin[WeatherReading]):
    fields = (
        "session", "at", "air_c", "track_c", "humidity", "pressure_hpa", "wind_kmh", "wind_degrees", "is_raining", "import_run",
    )  # fmt: skip
    list_display = ("at", "session", "air_c", "track_c", "humidity", "wind_kmh", "is_raining")
    list_filter = ("is_raining", "session__event__season__series")
    list_select_related = ("session__event__season__series",)
    ordering = ("-pk",)
    search_fields = SEARCH
