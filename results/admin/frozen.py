"""Rows the desk may look at and never edits by hand."""

from typing import Any

from django.http import HttpRequest


class Frozen:
    """A ModelAdmin without adding, changing and deleting."""

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False
