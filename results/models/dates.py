"""A column for dates of any precision."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q

from results import partial_dates


class PartialDateFormField(forms.CharField):
    """Takes German and ISO forms alike."""

    def clean(self, value: Any) -> str:
        text = super().clean(value)
        if not text:
            return ""
        try:
            return partial_dates.parse(text)
        except partial_dates.NoDate as error:
            raise ValidationError(str(error)) from error


class PartialDateField(models.CharField[str, str]):
    """`1957`, `1957-06`, `1957-06-16` or empty, see `results.partial_dates`; pair it with `partial_date_check`."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **{"max_length": partial_dates.LENGTH, "blank": True, **kwargs})

    def deconstruct(self) -> Any:
        name, path, args, kwargs = super().deconstruct()
        return name, path, args, {**kwargs, "max_length": partial_dates.LENGTH, "blank": self.blank}

    def validate(self, value: Any, model_instance: models.Model | None) -> None:
        super().validate(value, model_instance)
        if value and not partial_dates.is_partial_date(value):
            raise ValidationError(str(partial_dates.NoDate(value)))

    def formfield(self, **kwargs: Any) -> Any:
        return super().formfield(**{"form_class": PartialDateFormField, **kwargs})


def partial_date_check(field: str, *, name: str) -> models.CheckConstraint:
    """The database's own look at the form."""
    return models.CheckConstraint(
        condition=Q(**{field: ""}) | Q(**{f"{field}__regex": partial_dates.PATTERN}), name=name
    )
