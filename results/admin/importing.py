"""The import desk: upload, see what was understood and what would change, confirm, report.

Between preview and confirmation the file lies on the server as a source document nobody refers to. What is confirmed
is the SHA-256 of its bytes and the fingerprint of the plan the person saw: if either the choices or the stored results
have changed since, the new plan is shown instead of anything being written.
"""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import admin
from django.contrib.admin.widgets import AutocompleteSelect
from django.utils.translation import gettext_lazy as _

from results.admin.forms import zone_choices
from results.importers import sniff
from results.importers.encoding import RESULTS_LIMIT
from results.importers.plan import ImportTarget, Upload
from results.importers.records import FileRefused, ParsedFile
from results.models import Entry, Event, Series, SessionKind

LONGEST_TEXT = 10 * 2**20  # characters pasted


class UploadForm(forms.Form):
    """A file or pasted text; `parsed` and `upload` hold what came of it."""

    file = forms.FileField(label=_("File"), required=False, help_text=_("Exchange format (JSON) or wige CSV."))
    text = forms.CharField(
        label=_("Or its text"), required=False, strip=False, max_length=LONGEST_TEXT,
        widget=forms.Textarea(attrs={"rows": 8, "class": "vLargeTextField"}),
    )  # fmt: skip

    parsed: ParsedFile
    upload: Upload

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        file, text = cleaned.get("file"), cleaned.get("text") or ""
        if self.errors:
            return cleaned
        if bool(file) == bool(text):
            raise forms.ValidationError(_("Please choose a file or paste its text, one of the two."))
        if file and file.size > RESULTS_LIMIT:
            raise forms.ValidationError(
                _("The file is larger than %(limit)s MB."), params={"limit": RESULTS_LIMIT // 2**20}
            )
        name = file.name if file else str(_("Pasted text"))
        content = file.read() if file else text.encode("utf-8", "surrogatepass")
        self.upload = Upload(name, content)
        try:
            self.parsed = sniff.parse(content, name=name)
        except FileRefused as refusal:
            raise forms.ValidationError(str(refusal)) from refusal
        return cleaned


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

    def target(self) -> ImportTarget:
        """The choices as the loader takes them."""
        cleaned = dict(self.cleaned_data)
        return ImportTarget(**cleaned)


class ConsentForm(forms.Form):
    """Consent to change published results."""

    accept = forms.BooleanField(label=_("Change the published results"), required=False)
    reason = forms.CharField(
        label=_("Reason"), required=False, max_length=300,
        help_text=_("Goes with the new version, such as: time penalty, decision 12 of the stewards."),
    )  # fmt: skip
