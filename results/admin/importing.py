"""The forms of the import desk: what is brought in, where it belongs, and the consent to change what is published."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import admin
from django.contrib.admin.widgets import AutocompleteSelect
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext_lazy as _

from results.admin.forms import zone_choices
from results.importers.encoding import RESULTS_LIMIT
from results.importers.plan import ImportTarget, Upload
from results.models import Entry, Event, Series, SessionKind

LONGEST_TEXT = 10 * 2**20  # characters pasted
MOST_FILES = 60
MOST_BYTES = 4 * RESULTS_LIMIT  # of all files together


class SeveralFilesInput(forms.ClearableFileInput):
    """A file field that takes several; browsers let people drop files onto it, too."""

    allow_multiple_selected = True


class SeveralFiles(forms.FileField):
    """Any number of files; cleaned to a list."""

    widget = SeveralFilesInput

    def clean(self, data: Any, initial: Any = None) -> list[UploadedFile[Any]]:
        sent = data if isinstance(data, list | tuple) else [data] if data else []
        return [super(SeveralFiles, self).clean(one, initial) for one in sent]


class UploadForm(forms.Form):
    """Files or pasted text; `uploads` holds their bytes once the form is valid."""

    file = SeveralFiles(
        label=_("Files"), required=False, allow_empty_file=True,
        help_text=_("One or several at once; results, laps, calendars in any known format."),
    )  # fmt: skip
    text = forms.CharField(
        label=_("Or their text"), required=False, strip=False, max_length=LONGEST_TEXT,
        widget=forms.Textarea(attrs={"rows": 8, "class": "vLargeTextField"}),
        help_text=_("A table copied from a page or a mail will do."),
    )  # fmt: skip

    uploads: list[Upload]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        files, text = cleaned.get("file") or [], cleaned.get("text") or ""
        if self.errors:
            return cleaned
        if bool(files) == bool(text):
            raise forms.ValidationError(_("Please choose files or paste a text, one of the two."))
        _refuse_too_much(files)
        self.uploads = [Upload(file.name or "", file.read()) for file in files]
        if text:
            self.uploads = [Upload(str(_("Pasted text")), text.encode("utf-8", "surrogatepass"))]
        return cleaned


def _refuse_too_much(files: list[UploadedFile[Any]]) -> None:
    """Raises ValidationError before a byte is read."""
    for file in files:
        if (file.size or 0) > RESULTS_LIMIT:
            raise forms.ValidationError(
                _("“%(name)s” is larger than %(limit)s MB."),
                params={"name": file.name, "limit": RESULTS_LIMIT // 2**20},
            )
    if len(files) > MOST_FILES or sum(file.size or 0 for file in files) > MOST_BYTES:
        raise forms.ValidationError(
            _("Please send at most %(files)s files of together %(limit)s MB at once."),
            params={"files": MOST_FILES, "limit": MOST_BYTES // 2**20},
        )


class TargetForm(forms.Form):
    """Where the file belongs, as far as it does not say so itself, and the consent to change what is published."""

    event = forms.ModelChoiceField(
        Event.objects.select_related("season__series"), label=_("Existing event"), required=False,
        widget=AutocompleteSelect(Entry._meta.get_field("event"), admin.site),
    )  # fmt: skip
    session = forms.CharField(label=_("Session key"), required=False, max_length=20, help_text=_("Such as Q, R or R1."))
    kind = forms.ChoiceField(
        label=_("Kind of a new session"), required=False, choices=[("", _("by its key")), *SessionKind.choices]
    )
    create = forms.BooleanField(label=_("Create what is missing"), required=False)
    series = forms.CharField(label=Series._meta.verbose_name, required=False, max_length=120)
    season = forms.CharField(label=_("Season"), required=False, max_length=20)
    name = forms.CharField(label=_("Name of the event"), required=False, max_length=160)
    date = forms.DateField(
        label=_("Date"), required=False, widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )
    zone = forms.ChoiceField(label=_("Time zone of the venue"), required=False, choices=zone_choices)
    share = forms.BooleanField(
        label=_("Use this event for the other files of the batch"), required=False,
        help_text=_("For those that nobody has placed yet."),
    )  # fmt: skip

    def target(self) -> ImportTarget:
        """The choices as the loader takes them."""
        return ImportTarget(**{name: value for name, value in self.cleaned_data.items() if name != "share"})


class ConsentForm(forms.Form):
    """Consent to change published results."""

    accept = forms.BooleanField(label=_("Change the published results"), required=False)
    reason = forms.CharField(
        label=_("Reason"), required=False, max_length=300,
        help_text=_("Goes with the new version, such as: time penalty, decision 12 of the stewards."),
    )  # fmt: skip


class ReasonForm(forms.Form):
    """Why something that readers may have seen is changed by hand."""

    reason = forms.CharField(label=_("Reason"), max_length=300, required=False)
