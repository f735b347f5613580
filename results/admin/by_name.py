"""Columns that name people as colleagues know them, not by their login."""

from collections.abc import Callable
from typing import Any

from django.contrib import admin
from django.utils.translation import gettext_lazy as _


def by_name(field: str) -> Callable[[Any], str]:
    """A column of a list: the person that `field` refers to."""

    @admin.display(description=_("by"), ordering=field)
    def column(row: Any) -> str:
        person = getattr(row, field)
        return (person.get_full_name() or person.get_username()) if person else "–"

    return column
