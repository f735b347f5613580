"""Words of the desk's screens for results."""

from django import template

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
