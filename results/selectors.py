"""What the public pages read: only released facts, few queries, nothing computed in a template."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import BooleanField, Case, Exists, F, Func, OuterRef, Q, QuerySet, When
from django.db.models.expressions import Combinable
from django.db.models.functions import JSONObject
from django.http import Http404
from django.shortcuts import get_object_or_404

from results.models import (
    Classification,
    ClassificationRow,
    CrewMember,
    Cup,
    Event,
    Season,
    Series,
    Session,
    SessionCrewMember,
    SessionKind,
)
from results.schedule import ClockedSession, has_result, venue_today

# Sessions whose result is news; the others only prepare them.
RACES = (SessionKind.RACE, SessionKind.SPRINT, SessionKind.STAGE, SessionKind.RALLY)
NEWSWORTHY = (*RACES, SessionKind.QUALIFYING)

Row = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Result:
    """A session with the rows that lead it, over all or in a class."""

    session: Session
    leaders: list[Row]

    @property
    def overall(self) -> list[Row]:
        """The winner; nobody where the first place is vacant, several where it is shared."""
        return [row for row in self.leaders if row["position"] == 1]

    @property
    def by_class(self) -> list[Row]:
        """The winners of the other classes, where there is more than one class."""
        winners = [row for row in self.leaders if row["class_position"] == 1 and row["class_name"]]
        several = len({row["class_name"] for row in winners}) > 1
        return [row for row in winners if row["position"] != 1] if several else []


@dataclass(frozen=True, slots=True)
class CalendarEntry:
    """An event of a season with the results of its races."""

    event: Event
    results: list[Result]


class IsAnyOf(Func):
    """`column = ANY(array)`, which is evaluated first and looked up by index.

    `column IN (subquery)` is a join, and Postgres reorders eight tables at most: behind more it comes last, after every
    row of the archive has been read.
    """

    template = "%(expressions)s)"
    arg_joiner = " = ANY("
    output_field = BooleanField()


def crew_of_entry(*, line: Combinable | None = None, **further: str) -> Case:
    """Who drove, by seat, as `{"first", "last"}`, for rows that know their session entry and their line.

    The crew of the session where a source names one, else that of the entry. Rows without a line of their own say
    which is meant. `further` adds columns, such as `slug="driver__slug"`.
    """
    names = JSONObject(first="driver__first_name", last="driver__last_name", **further)
    here = SessionCrewMember.objects.filter(session_entry=OuterRef("session_entry"), line=line or OuterRef("line"))
    entered = CrewMember.objects.filter(entry=OuterRef("session_entry__entry"))
    return Case(
        When(Exists(here), then=ArraySubquery(here.order_by("seat").values(json=names))),
        default=ArraySubquery(entered.order_by("seat").values(json=names)),
    )


def crew_entered(**columns: Any) -> Case:
    """Who is entered with a car, by seat, for rows of entries; `columns` say what of each member is wanted.

    A car that only sessions under lock were told of has no crew on its entry: those sessions' crews stand in for it as
    soon as readers see them there.
    """
    entered = CrewMember.objects.filter(entry=OuterRef("pk"))
    of_car = SessionCrewMember.objects.public().filter(session_entry__entry=OuterRef(OuterRef("pk")))
    each_once = of_car.order_by("driver_id", "seat").distinct("driver_id").values("pk")
    drove = SessionCrewMember.objects.filter(pk__in=each_once)
    return Case(
        When(Exists(entered), then=ArraySubquery(entered.order_by("seat").values(json=JSONObject(**columns)))),
        default=ArraySubquery(drove.order_by("seat", "pk").values(json=JSONObject(**columns))),
    )


def get_series(slug: str) -> Series:
    return get_object_or_404(Series.objects.public().select_related("archive_span"), slug=slug)


def get_season(series: str, slug: str) -> Season:
    return get_object_or_404(Season.objects.public().select_related("series"), slug=slug, series__slug=series)


def get_event(series: str, season: str, slug: str) -> Event:
    events = Event.objects.public().select_related("season__series__archive_span", "circuit", "layout")
    return get_object_or_404(events, slug=slug, season__slug=season, season__series__slug=series)


def get_session(slug: str, sessions: list[ClockedSession]) -> ClockedSession:
    """The session of that address among the public ones of its event."""
    for session in sessions:
        if session.slug == slug:
            return session
    raise Http404


def classifications_of(session: Session) -> list[Classification]:
    """The versions readers see now: at the finish first, then each checkpoint; without the bytes of the source."""
    versions = Classification.objects.public().filter(session=session).annotate(document_name=F("document__name"))
    return sorted(versions, key=lambda version: (len(version.checkpoint), version.checkpoint))  # "" "6h" "12h"


def rows_of(classification: Classification) -> QuerySet[ClassificationRow, Any]:
    """The rows with car, crew and cups as dictionaries, in printed order: one query whatever their number."""
    cups = Cup.objects.filter(entries=OuterRef("session_entry__entry")).order_by("folded")
    return (
        ClassificationRow.objects.filter(classification=classification)
        .order_by("display_order")
        .values(
            "pk",
            "session_entry",
            "line",
            "position",
            "class_position",
            "status",
            "printed_status",
            "laps",
            "total_ms",
            "gap_ms",
            "gap_laps",
            "best_lap_ms",
            "best_lap_number",
            "grid",
            "penalty_ms",
            "penalty_laps",
            "part_times_ms",
            number=F("session_entry__entry__number"),
            number_line=F("session_entry__entry__line"),
            team=F("session_entry__entry__team__name"),
            team_slug=F("session_entry__entry__team__slug"),
            entrant=F("session_entry__entry__entrant"),
            car=F("session_entry__entry__car_model__name"),
            maker=F("session_entry__entry__car_model__manufacturer__name"),
            is_guest=F("session_entry__entry__is_guest"),
            class_name=F("session_entry__entry__racing_class__name"),
            class_slug=F("session_entry__entry__racing_class__slug"),
            class_sequence=F("session_entry__entry__racing_class__sequence"),
            crew=crew_of_entry(slug="driver__slug"),
            cups=ArraySubquery(cups.values("name")),
        )
    )


def winners_of(sessions: Iterable[Session]) -> dict[int, list[Row]]:
    """By session: who leads over all and in each class at the finish, as readers see it now; one query."""
    standing = Classification.objects.public().filter(session__in=sessions, checkpoint="")
    standing = standing.exclude(state=Classification.State.ANNULLED)
    rows = (
        ClassificationRow.objects.filter(
            Q(position=1) | Q(class_position=1), IsAnyOf(F("classification_id"), ArraySubquery(standing.values("pk")))
        )
        .order_by("session_entry__entry__racing_class__sequence", "display_order")
        .values(
            "position",
            "class_position",
            "total_ms",
            "best_lap_ms",
            session=F("classification__session"),
            number=F("session_entry__entry__number"),
            team=F("session_entry__entry__team__name"),
            entrant=F("session_entry__entry__entrant"),
            car=F("session_entry__entry__car_model__name"),
            class_name=F("session_entry__entry__racing_class__name"),
            class_sequence=F("session_entry__entry__racing_class__sequence"),
            crew=crew_of_entry(slug="driver__slug"),
        )
    )
    winners: dict[int, list[Row]] = {}
    for row in rows:
        winners.setdefault(row["session"], []).append(row)
    return winners


def results_of(sessions: Iterable[Session]) -> list[Result]:
    """The sessions, all with a released result, and their winners; in the order given, one query."""
    listed = list(sessions)
    winners = winners_of(listed)
    return [Result(session, winners.get(session.pk, [])) for session in listed]


def scored(kinds: tuple[SessionKind, ...]) -> QuerySet[Session]:
    """Public sessions of these kinds with a released result."""
    return Session.objects.public().filter(has_result(), kind__in=kinds)


def latest_results(series: Series | None = None, *, limit: int = 5) -> list[Result]:
    """The latest races and qualifyings with their winners, newest first; of one series or of all. Two queries."""
    found = scored(NEWSWORTHY)
    if series is not None:
        found = found.filter(event__season__series=series)
    newest = found.order_by(F("local_date").desc(nulls_last=True), F("starts_at").desc(nulls_last=True), "-pk")
    return results_of(newest.select_related("event__season__series", "event__circuit")[:limit])


def calendar_of(season: Season) -> list[CalendarEntry]:
    """The events of a season in order of their days, undated ones last, with race winners; three queries."""
    today = venue_today("time_zone")
    events = (
        Event.objects.public()
        .filter(season=season)
        .select_related("season__series", "circuit")
        .annotate(is_over=Q(ends_on__lt=today), is_now=Q(starts_on__lte=today, ends_on__gte=today))
        .order_by(F("starts_on").asc(nulls_last=True), "pk")
    )
    finished = scored(RACES).filter(event__season=season).select_related("event__season__series")
    results = results_of(finished.order_by("local_date", "starts_at", "sequence", "pk"))
    return [
        CalendarEntry(event, [result for result in results if result.session.event_id == event.pk]) for event in events
    ]
