"""Tables and titles of championships in a text: `table:formel-1/2015!driver!EVENT!AROUND?rows=5`, `title:formel-1/2015!driver`.

Event and competitor may be empty: the newest table, its first rows. What readers may see of them, a few queries for any number.
"""

from collections.abc import Iterable, Sequence
from typing import Any

from django.db.models import Q
from django.utils.translation import gettext as _

from articles.facts.reference import TABLE, TITLE, Reference
from articles.models import SidebarItem
from articles.sidebar.spec import BoxSpec
from articles.sidebar.standings import BoxStanding, standings_of
from articles.sidebar.titles import BoxTitle, titles_of
from results.models import Championship, Event, Season

KINDS = {TABLE: SidebarItem.Kind.STANDING, TITLE: SidebarItem.Kind.TITLE}


def tables_of(texts: Iterable[str]) -> dict[str, BoxStanding | BoxTitle]:
    """By reference, as it is written in a text, what readers see of that table or title; one without any is missing."""
    asked = {text: ref for text in texts if (ref := Reference.parse(text)) and ref.kind in KINDS}
    if not asked:
        return {}
    specs = _specs(asked)
    found: dict[BoxSpec, BoxStanding | BoxTitle] = {}
    found |= standings_of([spec for spec in specs.values() if spec.kind == SidebarItem.Kind.STANDING])
    found |= titles_of([spec for spec in specs.values() if spec.kind == SidebarItem.Kind.TITLE])
    return {text: found[spec] for text, spec in specs.items() if spec in found}


def _specs(asked: dict[str, Reference]) -> dict[str, BoxSpec]:
    """What each reference asks for; one to a season or an event that is not there is missing."""
    which, events = Q(), Q()
    for reference in asked.values():
        which |= Q(series__slug=reference.path[0], slug=reference.path[1])
        if len(reference.table) > 1 and reference.table[1]:
            path = {"season__series__slug": reference.path[0], "season__slug": reference.path[1]}
            events |= Q(**path, slug=reference.table[1])
    seasons = {
        (series, slug): pk
        for pk, series, slug in Season.objects.filter(which).values_list("pk", "series__slug", "slug")
    }
    known = Event.objects.public().filter(events).values_list("season", "slug", "pk") if events else ()
    by_name = {(season, slug): pk for season, slug, pk in known}
    found = {}
    for text, reference in asked.items():
        key, event, competitor = (*reference.table, "", "")[:3]
        season = seasons.get((reference.path[0], reference.path[1]))
        after = by_name.get((season or 0, event)) if event else None
        if season is not None and (after is not None or not event):
            found[text] = _spec(reference, season, key, after, competitor)
    return found


def _spec(reference: Reference, season: int, key: str, event: int | None, competitor: str) -> BoxSpec:
    return BoxSpec(
        kind=KINDS[reference.kind], heading="", session_id=None, event_id=event, series_id=None, checkpoint="",
        class_name="", cars=(), limit=reference.rows, text_html="", season_id=season, table=key, competitor=competitor,
    )  # fmt: skip


def find_tables(events: Sequence[Event]) -> list[dict[str, Any]]:
    """What the desk can take from the seasons of events: each championship's newest table, that after each event, its title."""
    seasons = {one.season_id: one.season for one in events}
    championships = Championship.objects.filter(season__in=seasons).order_by("season", "sequence", "key")
    public = set(Championship.objects.public().filter(season__in=seasons).values_list("pk", flat=True))
    found = []
    for one in championships:
        season = seasons[one.season_id]
        path = (season.series.slug, season.slug)
        entries = [(TABLE, (one.key, "", ""), _("table")), (TITLE, (one.key,), _("title race"))]
        for event in events:
            if event.season_id == one.season_id:
                after = _("table after %(event)s") % {"event": event.name}
                entries.insert(-1, (TABLE, (one.key, event.slug, ""), after))
        found += [
            {
                "reference": str(Reference(kind, path, table=table)),
                "name": f"{one.name}: {what}",
                "classes": [],
                "is_public": one.pk in public,
                "kind": kind,
            }
            for kind, table, what in entries
        ]
    return found
