"""The many small parts of a chart. A template's loop would take three quarters of the time of the whole picture."""

from django import template
from django.utils.html import format_html_join
from django.utils.safestring import SafeString

from results.charts.drawing import Shape

register = template.Library()

BAR = '<rect class="bar tone-{}" x="{}" y="{}" width="{}" height="{}"><title>{}</title></rect>'
LONE_BAR = (
    '<rect x="{}" y="{}" width="{}" height="{}" fill="{}" stroke="#fff" stroke-width="2"'
    ' vector-effect="non-scaling-stroke"><title>{}</title></rect>'
)
TEXT = '<text class="{}" x="{}" y="{}" text-anchor="{}">{}</text>'
LONE_TEXT = '<text x="{}" y="{}" text-anchor="{}" fill="{}" font-size="{}">{}</text>'


@register.simple_tag
def chart_bars(shape: Shape, standalone: object = "") -> SafeString:
    """The segments of a car; with their own colours where the picture stands alone."""
    if standalone:
        return format_html_join(
            "", LONE_BAR, ((bar.x, bar.y, bar.width, bar.height, bar.stroke.colour, bar.name) for bar in shape.bars)
        )
    return format_html_join(
        "", BAR, ((bar.stroke.tone, bar.x, bar.y, bar.width, bar.height, bar.name) for bar in shape.bars)
    )


@register.simple_tag
def chart_texts(shape: Shape, standalone: object = "") -> SafeString:
    """The labels of a car."""
    if not standalone:
        return format_html_join("", TEXT, ((text.kind, text.x, text.y, text.anchor, text.text) for text in shape.texts))
    return format_html_join(
        "",
        LONE_TEXT,
        (
            (
                text.x,
                text.y,
                text.anchor,
                "#fff" if text.kind == "on-bar" else shape.stroke.colour,
                22 if text.kind == "cross" else 12,
                text.text,
            )
            for text in shape.texts
        ),
    )
