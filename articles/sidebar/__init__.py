"""The boxes beside a story. They refer to facts and show what of them is public at the moment of reading."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from articles.body import render_page
from articles.models import Publication, SidebarItem
from articles.sidebar import programme
from articles.sidebar.programme import programmes_of
from articles.sidebar.results import BoxResult, results_of
from articles.sidebar.spec import BoxSpec
from results.schedule import Upcoming

__all__ = ["Box", "BoxResult", "BoxSpec", "boxes", "freeze", "freeze_all", "load"]

FROM_RESULTS = frozenset({SidebarItem.Kind.CLASSIFICATION, SidebarItem.Kind.LAP_TIMES})


@dataclass(frozen=True, slots=True)
class Box:
    """A box with what it shows: rows of a result, an event with its sessions, or text. Never empty."""

    spec: BoxSpec
    result: BoxResult | None = None
    upcoming: Upcoming | None = None

    @property
    def heading(self) -> str:
        return self.spec.heading

    @property
    def name(self) -> str:
        """What to call the box where it needs a name: its heading, else what it shows."""
        if self.heading:
            return self.heading
        if self.spec.kind == SidebarItem.Kind.LAP_TIMES and self.result:
            return _("Lap times: %(session)s") % {"session": self.result.session_name}
        if self.result:
            return self.result.session_name
        names = {SidebarItem.Kind.NEXT_EVENT: _("Next event"), SidebarItem.Kind.SCHEDULE: _("Schedule")}
        return names.get(SidebarItem.Kind(self.spec.kind), _("Background"))

    @property
    def text(self) -> SafeString:
        return format_html("{}", render_page(self.spec.text_html))

    @property
    def template(self) -> str:
        return f"components/sidebar/{self.spec.kind}.html"

    def shown(self) -> dict[str, Any]:
        if self.result is not None:
            return self.result.shown()
        return programme.shown(self.upcoming) if self.upcoming is not None else {}


def boxes(publication: Publication) -> list[Box]:
    """The boxes of a published story as readers see them now, in order; those with nothing public are left out."""
    return load([BoxSpec.from_kept(kept) for kept in publication.content.get("sidebar", ())])


def load(specs: Sequence[BoxSpec]) -> list[Box]:
    """Boxes filled from public facts: one query for all results, at most two for all programmes."""
    results = results_of([spec for spec in specs if spec.kind in FROM_RESULTS])
    programmes = programmes_of(specs)
    filled = (Box(spec, results.get(spec), programmes.get(spec)) for spec in specs)
    return [box for box in filled if box.result or box.upcoming or box.spec.text_html]


def freeze(item: SidebarItem) -> dict[str, Any]:
    """What a publication keeps of a box: its question (keys of `BoxSpec`) and under `shown` what readers would see now.

    `shown` of a result: session, event, version, state, as_of (ISO), source and rows (number, crew, team, car, class,
    position, class_position, status, laps, total, gap, best_lap printed in German, `…_ms` beside them, fastest laps).
    Of a programme: event, days, time zone and sessions with ISO instants. Empty where nothing is public.
    """
    return freeze_all([item])[0]


def freeze_all(items: Iterable[SidebarItem]) -> list[dict[str, Any]]:
    """`freeze` for all boxes of an article, in as many queries as for one."""
    specs = [BoxSpec.from_item(item) for item in items]
    shown = {box.spec: box.shown() for box in load(specs)}
    return [spec.as_kept() | {"shown": shown.get(spec, {})} for spec in specs]
