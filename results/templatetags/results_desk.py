"""Words of the desk's screens for results."""

from django import template
from django.utils.translation import gettext as _

from results import differences

register = template.Library()


@register.simple_tag
def column_label(column: str) -> str:
    """`beste Runde` for `best_lap_ms`."""
    return differences.column_label(column)


@register.simple_tag
def cell(column: str, value: differences.Cell) -> str:
    """A cell of a classification as a person reads it."""
    return differences.cell_in_words(column, value)


@register.simple_tag
def check_label(check: str) -> str:
    """What a cross-check of result and laps compares."""
    return {
        "car": _("car, with laps"),
        "best_lap": _("best lap"),
        "best_lap_number": _("best lap in lap"),
        "laps": _("laps"),
        "crew": _("crew"),
        "order": _("place by the laps"),
        "total": _("total time"),
    }[check]
