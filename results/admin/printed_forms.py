"""Forms around the organiser's table: reading one, storing it beside ours, saying why it differs."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from results.admin.championship_forms import event_name
from results.importers.encoding import RESULTS_LIMIT
from results.importers.plan import Upload
from results.models import Championship, Event


class PrintedForm(forms.Form):
    """The organiser's table as a file or pasted, and after which event it stands."""

    event = forms.ModelChoiceField(Event.objects.none(), label=gettext_lazy("Stands after"))
    is_final = forms.BooleanField(label=gettext_lazy("Final standing of the season"), required=False)
    file = forms.FileField(
        label=gettext_lazy("File"), required=False, help_text=gettext_lazy("CSV, XLSX or ODS with a header row."),
    )  # fmt: skip
    text = forms.CharField(
        label=gettext_lazy("Pasted table"), required=False, strip=False, max_length=200_000,
        widget=forms.Textarea(attrs={"rows": 10, "class": "vLargeTextField", "spellcheck": "false"}),
        help_text=gettext_lazy("With a header row, such as Platz; Fahrer; Punkte."),
    )  # fmt: skip

    upload: Upload

    def __init__(self, championship: Championship, data: Any = None, files: Any = None) -> None:
        super().__init__(data, files)
        events = Event.objects.filter(season=championship.season_id).order_by("starts_on", "pk")
        self.fields["event"].queryset = events  # type: ignore[attr-defined]
        self.fields["event"].label_from_instance = event_name  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        file, text = cleaned.get("file"), cleaned.get("text") or ""
        if bool(file) == bool(text.strip()):
            raise forms.ValidationError(_("Please choose a file or paste a table, one of the two."))
        if file is not None and (file.size or 0) > RESULTS_LIMIT:
            raise forms.ValidationError(_("The file is larger than %(limit)s MB.") % {"limit": RESULTS_LIMIT // 2**20})
        self.upload = (
            Upload(file.name or "", file.read())
            if file is not None
            else Upload(str(_("Pasted text")), text.encode("utf-8", "surrogatepass"))
        )
        return cleaned


class StoreForm(forms.Form):
    """The table that was looked at, which lies on the server, and the consent to replace one that readers see."""

    sha256 = forms.RegexField("^[0-9a-f]{64}$", widget=forms.HiddenInput)
    event = forms.ModelChoiceField(Event.objects.none(), widget=forms.HiddenInput)
    is_final = forms.BooleanField(required=False, widget=forms.HiddenInput)
    seen = forms.CharField(required=False, max_length=64, widget=forms.HiddenInput)
    accept = forms.BooleanField(label=gettext_lazy("Replace the table that readers see"), required=False)
    reason = forms.CharField(
        label=gettext_lazy("Reason"), required=False, max_length=300, widget=forms.TextInput(attrs={"class": "vTextField"}),
        help_text=gettext_lazy("Stays with the import, such as: corrected table of the organiser."),
    )  # fmt: skip

    def __init__(self, championship: Championship, *args: Any, **more: Any) -> None:
        super().__init__(*args, **more)
        events = Event.objects.filter(season=championship.season_id)
        self.fields["event"].queryset = events  # type: ignore[attr-defined]

    @property
    def is_of_a_table(self) -> bool:
        """Whether the hidden fields, which no person types, can be what the page sent."""
        return self.is_valid() or not {"sha256", "event", "seen"} & set(self.errors)


class ExplainForm(forms.Form):
    """Why our table differs from the organiser's."""

    reason = forms.CharField(
        label=gettext_lazy("Reason"), max_length=300, widget=forms.TextInput(attrs={"class": "vTextField"})
    )
    mark = forms.CharField(required=False, max_length=64, widget=forms.HiddenInput)
