"""Words that people type at the desk and readers see later: no halves of signs, none that turn the direction of a text."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from results.importers.encoding import unfit


def refuse_unfit(text: str) -> None:
    """A validator of texts of any number of lines; raises ValidationError with a German sentence."""
    for line in text.splitlines():
        if fault := unfit(line.replace("\t", " ")):
            raise ValidationError(_("The text cannot be stored: it %(fault)s."), params={"fault": fault})


class ReasonField(forms.CharField):
    """Why a result or a date changes, in one line of up to 300 characters."""

    def __init__(self, *, max_length: int | None = 300, **options: Any) -> None:
        super().__init__(max_length=max_length, **options)

    def run_validators(self, value: Any) -> None:
        super().run_validators(value)
        if fault := unfit(value):
            raise ValidationError(_("The reason cannot be stored: it %(fault)s."), params={"fault": fault})
