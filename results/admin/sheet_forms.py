"""What the sheet of a result sends: its lines, the wish to save them, a pasted text, a new entry, a CSV file."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from results.admin.words import ReasonField
from results.importers.encoding import decode
from results.importers.records import FileRefused
from results.importers.table import is_car_number
from results.models import Classification, RacingClass, Session
from results.sheet.pasted import LONGEST, MOST_LINES
from results.sheet.saving import Wish

LONGEST_NAME = 30  # characters of a column's key
LONGEST_SENT = 5_000  # characters of a cell; the sheet itself says what is too long for it


class LinesField(forms.Field):
    """A list of lines, each a mapping of column to text, as JSON brings it."""

    def clean(self, value: Any) -> list[dict[str, str]]:
        if not isinstance(value, list) or not all(_is_line(line) for line in value):
            raise forms.ValidationError(_("The lines of the sheet cannot be read."))
        if len(value) > MOST_LINES:
            raise forms.ValidationError(
                _("These are %(count)s lines. A sheet has %(most)s at most."),
                params={"count": len(value), "most": MOST_LINES},
            )
        return value


def _is_line(line: Any) -> bool:
    return isinstance(line, dict) and all(
        len(key) <= LONGEST_NAME and isinstance(text, str) and len(text) <= LONGEST_SENT for key, text in line.items()
    )


class LinesForm(forms.Form):
    """The lines to be judged, and the version they began with."""

    lines = LinesField()
    base = forms.IntegerField(required=False, min_value=1)
    complete = forms.BooleanField(required=False)


class WishForm(LinesForm):
    """The wish to save; `act` is `preview` or `save`."""

    act = forms.ChoiceField(choices=[("preview", "preview"), ("save", "save")])
    expected = forms.IntegerField(required=False, min_value=1)
    state = forms.ChoiceField(choices=Classification.State.choices)
    reason = ReasonField(required=False)
    release = forms.BooleanField(required=False)
    seen = forms.CharField(required=False, max_length=64)
    confirmed = forms.BooleanField(required=False)

    def wish(self) -> Wish:
        said = self.cleaned_data
        return Wish(
            lines=said["lines"], base=said["base"], expected=said["expected"], state=said["state"],
            reason=said["reason"], release=said["release"], is_complete=said["complete"],
        )  # fmt: skip


class PasteForm(forms.Form):
    """A text from a spreadsheet, a page or a PDF."""

    text = forms.CharField(
        strip=False, max_length=LONGEST,
        error_messages={"max_length": _("The pasted text is too long. One megabyte is allowed.")},
    )  # fmt: skip


class NewEntryForm(forms.Form):
    """A car that is not entered at the event yet."""

    number = forms.CharField(max_length=8)
    racing_class = forms.ModelChoiceField(RacingClass.objects.none(), required=False)

    def __init__(self, session: Session, data: Any) -> None:
        super().__init__(data)
        self.fields["racing_class"].queryset = RacingClass.objects.filter(  # type: ignore[attr-defined]
            series=session.event.season.series_id
        )

    def clean_number(self) -> str:
        number: str = self.cleaned_data["number"]
        if not is_car_number(number):
            raise forms.ValidationError(_("This is no car number."))
        return number


class CsvForm(forms.Form):
    """A sheet that was exported as CSV and edited elsewhere; `text` carries it from the check to the saving."""

    file = forms.FileField(label=_("CSV file"), required=False)
    text = forms.CharField(required=False, strip=False, max_length=LONGEST, widget=forms.HiddenInput)

    content: str

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if self.errors:
            return cleaned
        upload = cleaned.get("file")
        if upload is None and not cleaned.get("text"):
            raise forms.ValidationError(_("Please choose a file."))
        try:
            self.content = decode(upload.read(), limit=LONGEST).text if upload else cleaned["text"]
        except FileRefused as refusal:
            raise forms.ValidationError(str(refusal)) from refusal
        return cleaned


class CsvSaveForm(forms.Form):
    """How a sheet that came as CSV is saved."""

    state = forms.ChoiceField(label=_("State"), choices=Classification.State.choices)
    complete = forms.BooleanField(label=_("The whole field, no excerpt"), required=False)
    release = forms.ChoiceField(
        label=_("Who sees it"), choices=[("", _("the desk only (draft)")), ("yes", _("readers (released)"))], required=False
    )  # fmt: skip
    reason = ReasonField(label=_("Reason"), required=False)
    confirmed = forms.BooleanField(label=_("I have looked at the doubts: it is right as it stands."), required=False)
    base = forms.IntegerField(required=False, widget=forms.HiddenInput)
    expected = forms.IntegerField(required=False, widget=forms.HiddenInput)
    seen = forms.CharField(required=False, widget=forms.HiddenInput)
