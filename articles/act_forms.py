"""Forms of the acts: when a story goes out, why it is returned, embargoed, taken back or put back."""

import datetime as dt
import zoneinfo
from typing import Any

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django_stubs_ext import StrOrPromise


def as_fields(instant: dt.datetime | None) -> dict[str, Any]:
    """An instant as day, time and, in the hour that comes twice, which of the two on the newsroom's clock."""
    if instant is None:
        return {}
    local = instant.astimezone(zoneinfo.ZoneInfo(settings.TIME_ZONE))
    other = local.replace(fold=1 - local.fold)
    twice = local.utcoffset() != other.utcoffset()
    which = ("second" if local.fold else "first") if twice else ""
    return {"day": local.date(), "time": local.time().replace(fold=0), "which": which}


class WhenForm(forms.Form):
    """A day and time on the newsroom's clock, as one instant in `cleaned_data["instant"]`; None where both are empty."""

    day = forms.DateField(
        label=_("Day"), required=False, widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"})
    )
    time = forms.TimeField(
        label=_("Time"), required=False, widget=forms.TimeInput(format="%H:%M", attrs={"type": "time"})
    )
    # Asked only for the hour that the clock shows twice.
    which = forms.ChoiceField(
        label=_("Which of the two?"),
        required=False,
        choices=[("", "---------"), ("first", _("summer time (CEST)")), ("second", _("winter time (CET)"))],
    )
    is_ambiguous = False
    is_required = False
    passed: StrOrPromise = _("This moment has passed. Leave day and time empty to publish now.")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.is_ambiguous = bool(self.initial.get("which"))

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        day, time = cleaned.get("day"), cleaned.get("time")
        if not self.errors and (day is None) != (time is None):
            self.add_error("time" if time is None else "day", _("Day and time belong together."))
        if not self.errors and self.is_required and day is None:
            self.add_error("day", _("Day and time are missing."))
        cleaned["instant"] = None
        if day and time and not self.errors:
            cleaned["instant"] = self._instant(dt.datetime.combine(day, time))
        return cleaned

    def _instant(self, wall: dt.datetime) -> dt.datetime | None:
        """The instant at which the newsroom's clock shows that; one that it never shows is refused, twice is asked."""
        zone = zoneinfo.ZoneInfo(settings.TIME_ZONE)
        first, second = wall.replace(tzinfo=zone, fold=0), wall.replace(tzinfo=zone, fold=1)
        chosen = first
        if first.utcoffset() != second.utcoffset():
            if first.astimezone(dt.UTC).astimezone(zone).replace(tzinfo=None) != wall:
                self.add_error("time", _("This time does not exist: the clock goes forward that night."))
                return None
            self.is_ambiguous = True
            if not self.cleaned_data["which"]:
                self.add_error("which", _("The clock shows this time twice that night. Which one is meant?"))
                return None
            chosen = second if self.cleaned_data["which"] == "second" else first
        if chosen <= timezone.now():
            self.add_error("day", self.passed)
        return chosen.astimezone(dt.UTC)


class AgainstData(forms.Form):
    """Why a story goes out although the data contradict it; the contradictions that were shown are sent along."""

    facts_because = forms.CharField(
        label=_("Why against the data?"),
        required=False,
        max_length=400,
        help_text=_("The reason stays in the audit log, with what was let out."),
        widget=forms.Textarea(attrs={"rows": 2}),
    )
    facts_seen = forms.CharField(widget=forms.HiddenInput, required=False)


class PublishForm(AgainstData, WhenForm):
    """When a story goes out: now, or at a day and time; what was corrected; why nobody else looked at it."""

    lock_version = forms.IntegerField(widget=forms.HiddenInput)
    known_version = forms.IntegerField(widget=forms.HiddenInput, required=False)
    correction_note = forms.CharField(
        label=_("Correction"),
        required=False,
        max_length=400,
        help_text=_("Stands below the story: what was wrong, and what is right."),
        widget=forms.Textarea(attrs={"rows": 2}),
    )
    alone_because = forms.CharField(
        label=_("Why without a second person?"),
        required=False,
        max_length=400,
        help_text=_("You wrote or changed this text yourself. The reason stays in the audit log."),
        widget=forms.Textarea(attrs={"rows": 2}),
    )


class RescheduleForm(AgainstData, WhenForm):
    """Another hour for what is scheduled; without one it goes out now. What was seen waiting is sent along."""

    known = forms.CharField(widget=forms.HiddenInput, required=False, max_length=60)


class ReasonForm(forms.Form):
    """Why, in words that stay inside."""

    reason = forms.CharField(
        label=_("Reason"),
        max_length=400,
        help_text=_("Stays inside, in the audit log."),
        widget=forms.Textarea(attrs={"rows": 3}),
    )


class AnswerForm(forms.Form):
    """Why a text is right although the data say something else."""

    reason = forms.CharField(
        label=_("Why is the text right?"),
        max_length=400,
        help_text=_("Stands here under your name, and in the audit log."),
        widget=forms.Textarea(attrs={"rows": 2}),
    )


class WordsForm(forms.Form):
    """What shall stand in the place of a claim's words."""

    words = forms.CharField(label=_("Right would be"), max_length=400)


class EmbargoForm(WhenForm):
    """Until when no reader may see the story."""

    is_required = True
    passed = _("This moment has passed.")
    reason = forms.CharField(
        label=_("Reason"),
        required=False,
        max_length=400,
        help_text=_("Stays inside, in the audit log."),
        widget=forms.Textarea(attrs={"rows": 2}),
    )


class ReadForm(forms.Form):
    """What was looked at: an act of review is about the text that stood on the page."""

    lock_version = forms.IntegerField(widget=forms.HiddenInput)


class SubmitForm(ReadForm):
    note = forms.CharField(
        label=_("Note to whoever reads it"),
        required=False,
        max_length=400,
        widget=forms.Textarea(attrs={"rows": 2}),
    )


class ReturnForm(ReadForm):
    reason = forms.CharField(
        label=_("What is to do"),
        max_length=400,
        help_text=_("Reaches the writer's start page."),
        widget=forms.Textarea(attrs={"rows": 3}),
    )


class WithdrawForm(forms.Form):
    """Why a story is taken back, in words for the readers."""

    note = forms.CharField(
        label=_("Note for the readers"),
        max_length=400,
        help_text=_("Stands at the address of the story in its place."),
        widget=forms.Textarea(attrs={"rows": 3}),
    )

    def clean_note(self) -> str:
        note: str = self.cleaned_data["note"].strip()
        if not note:
            raise ValidationError(gettext("A withdrawal needs a note for the readers."))
        return note
