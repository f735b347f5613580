"""Forms that change dates: one for each act, and what the plain forms of sessions and events ask besides."""

import datetime as dt
import zoneinfo
from typing import Any

from django import forms
from django.contrib import admin
from django.contrib.admin.widgets import AutocompleteSelect
from django.utils.translation import gettext_lazy as _

from results.admin.words import ReasonField, refuse_unfit
from results.models import Circuit, Event, ScheduleChange, Session
from results.wall_clock import FIRST, SECOND, Skipped, Twice, instant_at

LONGEST_REASON = ScheduleChange._meta.get_field("reason").max_length
LONGEST_NOTE = ScheduleChange._meta.get_field("note").max_length
WHICH = [("", "---------"), (FIRST, _("the first, before the clocks go back")), (SECOND, _("the second, after that"))]
REASON_HELP = _("Stays at the desk, in the history of the date.")
NOTE_HELP = _("Such as fog or rain: stands beside the former date.")
SLIP_LABEL = _("Correction of a typing error, not to be shown")
SLIP_HELP = _("The former date was wrong and never announced elsewhere: readers are not told of it.")


def day_field(label: Any, **options: Any) -> forms.DateField:
    widget = forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"})
    return forms.DateField(label=label, widget=widget, **options)


class WhyForm(forms.Form):
    """Why a date changes: for the desk, and for readers."""

    reason = ReasonField(label=_("Reason"), max_length=LONGEST_REASON, help_text=REASON_HELP)
    note = forms.CharField(
        label=_("Note for readers"),
        max_length=LONGEST_NOTE,
        required=False,
        help_text=NOTE_HELP,
        validators=[refuse_unfit],
    )

    def __init__(self, thing: Session | Event, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.thing = thing
        for name, field in self.fields.items():
            if field.help_text:
                field.widget.attrs["aria-describedby"] = f"id_{name}_helptext"

    @property
    def target(self) -> dict[str, Any]:
        """What the verb is told besides the reason."""
        return {}


class SlipForm(WhyForm):
    is_correction = forms.BooleanField(label=SLIP_LABEL, required=False, help_text=SLIP_HELP)


class MoveSessionForm(SlipForm):
    """A day and an hour on the clock of the venue; the hour may stay open."""

    field_order = ("day", "time", "which", "reason", "note", "is_correction")
    needs_day = True
    day = day_field(_("New day"))
    time = forms.TimeField(
        label=_("New start"), required=False, widget=forms.TimeInput(format="%H:%M", attrs={"type": "time"}),
        help_text=_("By the clock at the venue; empty while the hour is open."),
    )  # fmt: skip
    which = forms.ChoiceField(label=_("Which of the two?"), required=False, choices=WHICH)

    def __init__(self, thing: Session, *args: Any, **kwargs: Any) -> None:
        super().__init__(thing, *args, **kwargs)
        self.zone: zoneinfo.ZoneInfo = thing.event.zone
        self.fields["day"].required = self.needs_day
        if thing.starts_at is not None:
            local = thing.starts_at.astimezone(self.zone)
            self.initial.update(day=local.date(), time=local.time().replace(fold=0))
        elif thing.local_date is not None:
            self.initial["day"] = thing.local_date
        if not self.data.get("which") and not self._asks:
            del self.fields["which"]  # asked only for an hour that comes twice

    @property
    def _asks(self) -> bool:
        """Whether the clock shows what was sent twice; asked of the data as they came, before they are checked."""
        try:
            wall = dt.datetime.fromisoformat(f"{self.data.get('day', '')}T{self.data.get('time', '')}")
            instant_at(wall.replace(tzinfo=None), self.zone)
        except Twice:
            return True
        except ValueError:
            return False
        return False

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        day, time = cleaned.get("day"), cleaned.get("time")
        cleaned["starts_at"] = None
        if time is not None and day is None and not self.errors:
            self.add_error("day", _("Day and time belong together."))
        if day and time and not self.errors:
            try:
                cleaned["starts_at"] = instant_at(dt.datetime.combine(day, time), self.zone, cleaned.get("which", ""))
            except Skipped:
                self.add_error("time", _("This time does not exist: the clock goes forward that night."))
            except Twice:
                self.add_error("which", _("The clock shows this time twice that night. Which one is meant?"))
        return cleaned

    @property
    def target(self) -> dict[str, Any]:
        start, day = self.cleaned_data["starts_at"], self.cleaned_data.get("day")
        return {"starts_at": start, "day": day}


class ReinstateSessionForm(MoveSessionForm):
    needs_day = False

    def __init__(self, thing: Session, *args: Any, **kwargs: Any) -> None:
        super().__init__(thing, *args, **kwargs)
        del self.fields["is_correction"]
        self.fields["day"].help_text = _("Empty: at the time it had before.")


class MoveEventForm(SlipForm):
    """Another first day; the sessions go along."""

    field_order = ("starts_on", "circuit", "which", "reason", "note", "is_correction")
    needs_day = True
    starts_on = day_field(_("New first day"), help_text=_("The sessions go along by the same number of days."))
    circuit = forms.ModelChoiceField(Circuit.objects.all(), label=_("Other circuit"), required=False)
    which = forms.ChoiceField(
        label=_("Which of the two?"), required=False, choices=WHICH,
        help_text=_("Only for a start in the night in which the clocks go back."),
    )  # fmt: skip

    def __init__(self, thing: Event, *args: Any, **kwargs: Any) -> None:
        super().__init__(thing, *args, **kwargs)
        self.initial["starts_on"] = thing.starts_on
        self.fields["starts_on"].required = self.needs_day
        self.fields["circuit"].widget = AutocompleteSelect(Event._meta.get_field("circuit"), admin.site)
        self.fields["circuit"].widget.choices = self.fields["circuit"].choices  # type: ignore[attr-defined]
        self.fields["circuit"].help_text = _("Empty: it stays where it is. At another one the clocks there count.")

    @property
    def target(self) -> dict[str, Any]:
        return {name: self.cleaned_data[name] for name in ("starts_on", "circuit", "which")}


class ReinstateEventForm(MoveEventForm):
    needs_day = False

    def __init__(self, thing: Event, *args: Any, **kwargs: Any) -> None:
        super().__init__(thing, *args, **kwargs)
        del self.fields["is_correction"]
        self.fields["starts_on"].help_text = _("Empty: on the days it had before.")


class SaysWhy(forms.ModelForm[Any]):
    """Mixed into the plain form of a session or event: an edit there changes its date by the same rules."""

    change_reason = ReasonField(
        label=_("Reason of another date"), max_length=LONGEST_REASON, required=False, help_text=REASON_HELP
    )
    change_note = forms.CharField(
        label=_("Note on it for readers"), max_length=LONGEST_NOTE, required=False, help_text=NOTE_HELP,
        validators=[refuse_unfit],
    )  # fmt: skip
    change_is_slip = forms.BooleanField(label=SLIP_LABEL, required=False, help_text=SLIP_HELP)
