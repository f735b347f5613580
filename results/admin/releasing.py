"""The forms of the acts on a version: why, in which state, by which document."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import admin
from django.contrib.admin.widgets import AutocompleteSelect
from django.utils.translation import gettext_lazy as _

from results import states
from results.admin.words import ReasonField
from results.models import Classification, SourceDocument
from results.release import label_of, state_of_next


class ReleaseForm(forms.Form):
    """Releases a draft: readers are told why and in which state. `current` is what they see now, if anything."""

    expected = forms.IntegerField(required=False, min_value=0, widget=forms.HiddenInput)
    state = forms.ChoiceField(label=_("State"), required=False)
    reason = ReasonField(label=_("Reason"), required=False)

    def __init__(self, *args: Any, version: Classification, current: Classification | None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.initial["expected"] = current.version if current else 0
        self.initial["reason"] = version.reason if version.released_at is None else ""
        if "state" in self.fields:
            before = current.state if current else None
            allowed = [one for one in states.states_after(before) if one in self.offered(before)]
            self.fields["state"].choices = [(one, label_of(one)) for one in allowed]  # type: ignore[attr-defined]
            self.initial["state"] = state_of_next(current, version.state)

    def offered(self, before: str | None) -> tuple[str, ...]:
        return tuple(one for one in states.STATES if one != states.ANNULLED)


class GoBackForm(ReleaseForm):
    """Makes a former version current again."""


class StateForm(ReleaseForm):
    """Gives the result another state; the lines stay."""

    state = forms.ChoiceField(label=_("State"))

    def offered(self, before: str | None) -> tuple[str, ...]:
        return tuple(one for one in super().offered(before) if one != before)


class AnnulForm(ReleaseForm):
    """Annuls the result."""

    state = None  # type: ignore[assignment]  # how Django takes a field of the parent away
    reason = ReasonField(
        label=_("Reason"), required=False,
        help_text=_("Instead of the lines readers are told that the result is annulled, and why."),
    )  # fmt: skip
    document = forms.ModelChoiceField(
        SourceDocument.objects.defer("content"), label=_("Source document"), required=False,
        widget=AutocompleteSelect(Classification._meta.get_field("document"), admin.site),
        help_text=_("The decision that annuls it, if the desk has its file."),
    )  # fmt: skip
