"""Tables and titles in a text, as a publication keeps them: on its page, in feeds, as plain text.

They stand as they stood at publication, and say so. One that readers could not see any more, for the championship or a
result was taken back, is left out.
"""

import datetime as dt
from collections.abc import Mapping
from typing import Any

from django.template.loader import render_to_string
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from articles.facts.reference import TITLE, Reference
from articles.sidebar.standings import BoxStanding, still_seen
from articles.sidebar.titles import BoxTitle
from results.venue_time import moment


def from_kept(reference: str, shown: Mapping[str, Any]) -> BoxStanding | BoxTitle:
    """What a publication kept for a reference."""
    parsed = Reference.parse(reference)
    if parsed is not None and parsed.kind == TITLE:
        return BoxTitle.from_shown(shown, now=None)
    return BoxStanding.from_shown(shown, now=None)


def taken_back(content: Mapping[str, Any]) -> frozenset[str]:
    """The references of tables and titles that a publication keeps and readers see no more. At most one query."""
    told = {kept["reference"]: at for kept in content.get("tables", ()) if (at := _told_at(kept)) is not None}
    seen = still_seen(told.values())
    return frozenset(reference for reference, at in told.items() if at not in seen)


def _told_at(kept: Mapping[str, Any]) -> tuple[int, str] | None:
    """Event and key of the championship; None for a title before the first event."""
    parsed, event = Reference.parse(kept["reference"]), kept["shown"].get("event_id")
    return (event, parsed.table[0]) if parsed is not None and event else None


def name_of(part: BoxStanding | BoxTitle) -> str:
    """`Formel 1 2021, Fahrerweltmeisterschaft`."""
    return f"{part.series_label} {part.season_label}, {part.championship}"


def source_of(part: BoxStanding | BoxTitle) -> str:
    """`Stand: nach Abu Dhabi, 12. Dezember 2021, 17:00 Uhr MEZ (vorläufig)`."""
    event = part.event if isinstance(part, BoxStanding) else part.after
    said = _("As of: after %(event)s") % {"event": event} if event else ""
    if isinstance(part, BoxStanding):
        said = f"{said}, {moment(_instant(part))}"
    return f"{said} ({_('provisional')})" if part.is_provisional else said


def _instant(part: BoxStanding) -> dt.datetime:
    return part.as_of


def lines_of(part: BoxStanding | BoxTitle) -> list[str]:
    """The rows of a table or the sentences of a title, one a line."""
    return [row.words for row in part.rows] if isinstance(part, BoxStanding) else list(part.sentences)


def page(part: BoxStanding | BoxTitle, caption: str) -> str:
    context = {"part": part, "name": caption or name_of(part), "source": source_of(part)}
    kind = "table" if isinstance(part, BoxStanding) else "title"
    return render_to_string(f"components/body/{kind}.html", context)


def feed(part: BoxStanding | BoxTitle, caption: str, base: str) -> SafeString:
    """Plain HTML with absolute addresses."""
    name, source = caption or name_of(part), source_of(part)
    more = format_html(' · <a href="{}">{}</a>', f"{base}{part.address}", _("Whole table")) if part.address else ""
    if isinstance(part, BoxTitle):
        more = format_html(' · <a href="{}">{}</a>', f"{base}{part.address}", _("The title race"))
        said = format_html_join("", "<p>{}</p>", ((sentence,) for sentence in part.sentences))
        return format_html("<p><strong>{}</strong></p>{}<p>{}{}</p>", name, said, source, more)
    rows = format_html_join(
        "", "<tr><td>{}</td><td>{}</td><td>{}</td></tr>", ((row.place, row.name, row.points) for row in part.rows)
    )
    return format_html(
        "<table><caption>{}</caption><thead><tr><th>{}</th><th>{}</th><th>{}</th></tr></thead>"
        "<tbody>{}</tbody></table><p>{}{}</p>",
        name, _("Pos."), _("Name"), _("Points"), rows, source, more,
    )  # fmt: skip
