"""Where the evidence of a finding can be looked up: the page readers know, or the desk's own while it is not public."""

from collections import Counter
from dataclasses import dataclass, field
from urllib.parse import urlencode

from django.db.models import Exists, OuterRef
from django.urls import reverse
from django.utils.translation import gettext as _

from articles.factcheck.database import checkpoint_name
from articles.factcheck.verdict import Evidence
from results.models import Classification, Event, PrintedStanding, Session


@dataclass(frozen=True, slots=True)
class Link:
    """An address and what it is called."""

    address: str
    words: str


@dataclass(frozen=True, slots=True)
class Links:
    """The pages of an event by what a sheet calls their facts."""

    entry_list: Link
    calendar: Link
    by_source: dict[str, Link] = field(default_factory=dict)

    def of(self, evidence: Evidence) -> Link | None:
        if not (evidence.source or evidence.column):
            return None
        if evidence.source in self.by_source:
            return self.by_source[evidence.source]
        if evidence.source == "Kalender" or evidence.column in {"Datum", "Beginn"}:
            return self.calendar
        return self.entry_list if evidence.column in {"Startnummer", "Fahrer", "Team und Auto", "Klasse"} else None


def links_of(event: Event) -> Links:
    """Four queries, whatever the event holds."""
    season = event.season
    path = [season.series.slug, season.slug, event.slug]
    is_public = Event.objects.public().filter(pk=event.pk).exists()
    desk = reverse("admin:results_event_change", args=[event.pk])
    entry_list = reverse("results:entry-list", args=path) if is_public else desk
    calendar = reverse("results:season-detail", args=path[:2]) if is_public else desk
    names = {**_tables(event), **_checkpoints(event, path), **_sessions(event, path)}
    return Links(Link(entry_list, _("Entry list")), Link(calendar, _("Calendar")), names)


def _sessions(event: Event, path: list[str]) -> dict[str, Link]:
    """A name that two sessions bear leads to the event, where both stand."""
    results = Classification.objects.filter(session=OuterRef("pk"), checkpoint="")
    sessions = list(
        Session.objects.filter(event=event).annotate(
            is_out=Exists(Classification.objects.public().filter(session=OuterRef("pk"), checkpoint="")),
            result=results.current().values("pk")[:1],
        )
    )
    names = Counter(session.name for session in sessions)
    found = {}
    for session in sessions:
        is_out, result = session.is_out, session.result  # type: ignore[attr-defined]
        if names[session.name] > 1:
            address = reverse("admin:results_event_change", args=[event.pk])
        elif is_out:
            address = reverse("results:session-detail", args=[*path, session.slug])
        elif result:
            address = reverse("admin:results_classification_change", args=[result])
        else:
            address = reverse("admin:results_session_change", args=[session.pk])
        found[session.name] = Link(address, session.name)
    return found


def _checkpoints(event: Event, path: list[str]) -> dict[str, Link]:
    """The states of its races after some hours, as the sheet calls them."""
    public = Classification.objects.public().filter(pk=OuterRef("pk"))
    found = {}
    for one in (
        Classification.objects.current()
        .filter(session__event=event)
        .exclude(checkpoint="")
        .select_related("session")
        .annotate(is_out=Exists(public))
    ):
        name = checkpoint_name(one.session.name, one.checkpoint)
        page = reverse("results:session-detail", args=[*path, one.session.slug])
        desk = reverse("admin:results_classification_change", args=[one.pk])
        address = f"{page}?{urlencode({'wertung': one.checkpoint})}" if one.is_out else desk  # type: ignore[attr-defined]
        found[name] = Link(address, name)
    return found


def _tables(event: Event) -> dict[str, Link]:
    """Of several tables of a name that after the event."""
    found: dict[str, Link] = {}
    tables = PrintedStanding.objects.filter(season=event.season_id).values_list(
        "pk", "name", "class_name", "after_event"
    )
    for pk, name, class_name, _after in sorted(tables, key=lambda table: table[3] != event.pk):
        shown = name if class_name in name else f"{name} {class_name}"
        found.setdefault(shown, Link(reverse("admin:results_printedstanding_change", args=[pk]), shown))
    return found
