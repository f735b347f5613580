"""The boxes beside a story. They refer to facts and show what of them is public at the moment of reading."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
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
from articles.sidebar.standings import BoxStanding, standings_of, still_seen
from articles.sidebar.titles import BoxTitle, titles_of
from results.schedule import Upcoming

__all__ = ["Box", "BoxResult", "BoxSpec", "BoxStanding", "BoxTitle", "boxes", "freeze", "freeze_all", "load"]

FROM_RESULTS = frozenset({SidebarItem.Kind.CLASSIFICATION, SidebarItem.Kind.LAP_TIMES})
OF_TABLES = frozenset({SidebarItem.Kind.STANDING, SidebarItem.Kind.TITLE})


@dataclass(frozen=True, slots=True)
class Box:
    """A box with what it shows: rows of a result, an event with its sessions, a table, a title, or text. Never empty."""

    spec: BoxSpec
    result: BoxResult | None = None
    upcoming: Upcoming | None = None
    standing: BoxStanding | None = None
    title: BoxTitle | None = None

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
        if self.standing:
            return self.standing.championship
        if self.title:
            return _("Title race: %(championship)s") % {"championship": self.title.championship}
        names = {SidebarItem.Kind.NEXT_EVENT: _("Next event"), SidebarItem.Kind.SCHEDULE: _("Schedule")}
        return names.get(SidebarItem.Kind(self.spec.kind), _("Background"))

    @property
    def text(self) -> SafeString:
        return format_html("{}", render_page(self.spec.text_html))

    @property
    def template(self) -> str:
        return f"components/sidebar/{self.spec.kind}.html"

    def shown(self) -> dict[str, Any]:
        for part in (self.result, self.standing, self.title):
            if part is not None:
                return part.shown()
        return programme.shown(self.upcoming) if self.upcoming is not None else {}


def boxes(publication: Publication) -> list[Box]:
    """The boxes of a published story as readers see them now, in order; those with nothing public are left out."""
    kept = publication.content.get("sidebar", ())
    specs = [BoxSpec.from_kept(one) for one in kept]
    asked = [_of_now(spec, one["shown"]) for spec, one in zip(specs, kept, strict=True)]
    now = {box.spec: box for box in load(asked)}
    seen = still_seen(at for spec, one in zip(specs, kept, strict=True) if (at := _told_at(spec, one["shown"])))
    told = (
        _as_told(spec, one["shown"], now.get(of_now), seen)
        for spec, one, of_now in zip(specs, kept, asked, strict=True)
    )
    return [box for box in told if box is not None]


def _told_at(spec: BoxSpec, shown: dict[str, Any]) -> tuple[int, str] | None:
    """Event and championship of what is told as it stood; None for what is not, or stood before the first event."""
    is_told = spec.told == SidebarItem.Told.PUBLISHED and spec.kind in OF_TABLES and shown
    return (shown["event_id"], spec.table) if is_told and shown.get("event_id") else None


def _of_now(spec: BoxSpec, shown: dict[str, Any]) -> BoxSpec:
    """What to compare with a table as it stood: the one after the same event, however many came since."""
    is_told = spec.told == SidebarItem.Told.PUBLISHED and spec.kind == SidebarItem.Kind.STANDING and shown
    return replace(spec, event_id=shown["event_id"]) if is_told else spec


def _as_told(spec: BoxSpec, shown: dict[str, Any], now: Box | None, seen: set[tuple[int, str]]) -> Box | None:
    """The box of now, or as it stood at publication where that was asked for and something stood there.

    Nothing where readers see no such table any more: a championship or a result was taken back.
    """
    if spec.told != SidebarItem.Told.PUBLISHED or not shown:
        return now
    at = _told_at(spec, shown)
    if spec.kind in OF_TABLES and (now is None or (at is not None and at not in seen)):
        return None
    if spec.kind == SidebarItem.Kind.STANDING:
        return Box(spec, standing=BoxStanding.from_shown(shown, now=now.standing if now else None))
    if spec.kind == SidebarItem.Kind.TITLE:
        return Box(spec, title=BoxTitle.from_shown(shown, now=now.title if now else None))
    return now


def load(specs: Sequence[BoxSpec]) -> list[Box]:
    """Boxes filled from public facts: one query for all results, at most two for programmes, a few for all tables."""
    results = results_of([spec for spec in specs if spec.kind in FROM_RESULTS])
    programmes = programmes_of(specs)
    tables = standings_of([spec for spec in specs if spec.kind == SidebarItem.Kind.STANDING])
    titles = titles_of([spec for spec in specs if spec.kind == SidebarItem.Kind.TITLE])
    filled = (Box(spec, results.get(spec), programmes.get(spec), tables.get(spec), titles.get(spec)) for spec in specs)
    return [box for box in filled if box.result or box.upcoming or box.standing or box.title or box.spec.text_html]


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
