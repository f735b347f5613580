"""How far the newsroom vouches for its archive, at the desk."""

from django.contrib import admin

from results.admin.deletion import Recoverable
from results.models import ArchiveSpan


@admin.register(ArchiveSpan)
class ArchiveSpanAdmin(Recoverable, admin.ModelAdmin[ArchiveSpan]):
    fields = (
        "series",
        "first_season",
        "covers_history",
        "until",
        ("has_poles", "has_fastest_laps"),
        "source",
        "note",
    )
    autocomplete_fields = ("series", "first_season")
    list_display = ("series", "first_season", "until", "covers_history", "has_poles", "has_fastest_laps", "source")
    list_select_related = ("series", "first_season__series")
    search_fields = ("series__name", "series__short_name", "source")
